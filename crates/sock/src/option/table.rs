//! The macro that turns the rows of one level into its table and its functions.
//!
//! A row is a doc comment (what the option does), the name as identifier and as text (rustdoc's aliases take no macro),
//! the kind, and in braces: `get` and `set` functions, `since`, `man`, then where they apply `needs` (the capabilities of
//! which one will do, for which values, in which user namespace, and that in words), `also` (other names), `values` (names of values), `room` (bytes to read), `config` (the kernel's build option).

use super::Access;

/// Names the type that a kind's getter returns.
macro_rules! output {
    (Bool) => { bool };
    (Int) => { i32 };
    (Unsigned) => { u32 };
    (Byte) => { u8 };
    (Long) => { u64 };
    (Seconds) => { std::time::Duration };
    (Milliseconds) => { std::time::Duration };
    (Microseconds) => { std::time::Duration };
    (Timeval) => { Option<std::time::Duration> };
    (Linger) => { Option<std::time::Duration> };
    (Text) => { String };
    (Interface) => { u32 };
    (InterfaceBe) => { u32 };
    (Ipv4Interface) => { std::net::Ipv4Addr };
    (Words) => { Vec<u32> };
    (Address) => { crate::Address };
    (Family) => { crate::Family };
    (SocketType) => { crate::Type };
    (Protocol) => { crate::Protocol };
    (Error) => { Option<crate::Errno> };
    (Bytes) => { Vec<u8> };
    (Program) => { Vec<crate::option::Instruction> };
    (NewDescriptor) => { Option<sys::Fd> };
    ($other:ident) => { crate::option::$other };
}

/// Names the type that a kind's setter takes.
macro_rules! input {
    (Text) => { &str };
    (Bytes) => { &[u8] };
    (Program) => { &[crate::option::Instruction] };
    (Descriptor) => { std::os::fd::BorrowedFd<'_> };
    (LinkMembership) => { &crate::option::LinkMembership };
    ($other:ident) => { output!($other) };
}

/// Names a capability for the documentation, as text that `concat!` takes.
macro_rules! capability_name {
    (NetAdmin) => {
        "CAP_NET_ADMIN"
    };
    (NetRaw) => {
        "CAP_NET_RAW"
    };
}

/// Makes the function that reads an option, if it has one.
macro_rules! getter {
    ([] $($row:tt)*) => {};
    ([$get:ident] Query $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Asks `", $alias, "`.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $get(socket: &crate::Socket, question: &[u8]) -> crate::Result<Vec<u8>> {
            crate::option::kind::ask(socket, at! $at, question)
        }
    };
    ([$get:ident] IntQuery $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Asks `", $alias, "`.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $get(socket: &crate::Socket, question: i32) -> crate::Result<i32> {
            crate::option::kind::ask_int(socket, at! $at, question)
        }
    };
    ([$get:ident] $kind:ident $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Reads `", $alias, "`.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $get(socket: &crate::Socket) -> crate::Result<output!($kind)> {
            <crate::option::kind::$kind as crate::option::kind::Get>::get(socket, at! $at)
        }
    };
}

/// Makes the function that writes an option, if it has one.
macro_rules! setter {
    ([] $($row:tt)*) => {};
    ([$set:ident] Nothing $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Sets `", $alias, "`, which has no value.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $set(socket: &crate::Socket) -> crate::Result<()> {
            <crate::option::kind::Nothing as crate::option::kind::Set>::set(socket, at! $at, ())
        }
    };
    ([$set:ident] Query $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Sets `", $alias, "` and returns the value as the kernel left it.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $set(socket: &crate::Socket, value: &[u8]) -> crate::Result<Vec<u8>> {
            crate::option::kind::exchange(socket, at! $at, value)
        }
    };
    ([$set:ident] $kind:ident $doc:tt $at:tt $alias:literal $($other:literal)*) => {
        #[doc = concat!("Sets `", $alias, "`.", paragraphs! $doc)]
        #[doc(alias = $alias)]
        $(#[doc(alias = $other)])*
        pub fn $set(socket: &crate::Socket, value: input!($kind)) -> crate::Result<()> {
            <crate::option::kind::$kind as crate::option::kind::Set>::set(socket, at! $at, value)
        }
    };
}

/// Writes what the documentation of both functions says, as text that `concat!` takes.
macro_rules! paragraphs {
    ($call:literal $manual:literal $since:literal [$($about:literal)+] [$($capability:ident $(| $or:ident)* $when:literal)?]) => {
        concat!(
            $($about),+, "\n\nOne call: ", $call, "(2). Source: ", $manual, "; Linux ", $since, ".\n\n# Errors\n",
            "`ENOPROTOOPT` or `EOPNOTSUPP` where the kernel or this type of socket has no such option, ",
            "`EINVAL` for a value or a moment that it does not take",
            $("; `EPERM` without `", capability_name!($capability), "` ", $("or `", capability_name!($or), "` ",)* $when,)?
            "."
        )
    };
}

/// Says where an option is.
macro_rules! at {
    ($level:ident $name:ident $($room:literal)?) => {
        crate::option::kind::At { level: c::$level, number: c::option::$name, room: 0 $(+ $room)? }
    };
}

macro_rules! options {
    (level $level:ident; $(
        $(#[doc = $about:literal])+
        $name:ident $alias:literal: $kind:ident {
            $(get $get:ident,)? $(set $set:ident,)? since $since:literal, man $manual:literal
            $(, needs $($capability:ident)|+ $takes:ident $namespace:ident $when:literal)?
            $(, also [$($other:literal),+])?
            $(, values [$($value:ident),+])?
            $(, room $room:literal)?
            $(, config $config:literal)?
        }
    )+) => {
        $(
            getter! {
                [$($get)?] $kind ("getsockopt" $manual $since [$($about)+] [])
                ($level $name $($room)?) $alias $($($other)+)?
            }
            setter! {
                [$($set)?] $kind ("setsockopt" $manual $since [$($about)+] [$($($capability)|+ $when)?])
                ($level $name $($room)?) $alias $($($other)+)?
            }
        )+

        /// The rows of this level.
        pub static TABLE: &[Opt] = &[$(Opt {
            name: $alias,
            aliases: &[$($($other),+)?],
            level: c::$level,
            number: c::option::$name,
            kind: Kind::$kind,
            access: crate::option::table::access(&[$(stringify!($get))?], &[$(stringify!($set))?]),
            privilege: crate::option::table::first(&[$(Privilege {
                capabilities: &[$(Capability::$capability),+],
                takes: crate::option::Takes::$takes,
                namespace: crate::option::Namespace::$namespace,
                when: $when,
            })?]),
            since: $since,
            config: crate::option::table::first(&[$($config)?]),
            about: concat!($($about),+).trim_ascii(),
            manual: $manual,
            values: &[$($((stringify!($value), c::option::$value)),+)?],
            room: 0 $(+ $room)?,
        }),+];
    };
}

/// Says what a row's functions allow: none or one to read, none or one to write.
pub(crate) const fn access(get: &[&str], set: &[&str]) -> Access {
    match (get, set) {
        (_, []) => Access::Get,
        ([], _) => Access::Set,
        _ => Access::Both,
    }
}

/// Returns what an optional part of a row said.
pub(crate) const fn first<T: Copy>(said: &[T]) -> Option<T> {
    match said {
        [it, ..] => Some(*it),
        [] => None,
    }
}
