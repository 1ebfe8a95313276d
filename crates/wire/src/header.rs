//! `header!`: from the table of a header to its typed view and its rows.
//!
//! A row is `/// Title: what it means.` and `name: type = from..to, kind, "wireshark.name", rule;` with the bits as the
//! RFC's figure counts them. The view reads with constant places, so that a getter is a load and a shift; the rows
//! ([`Field`](crate::Field)) are what everything generic reads.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::bits;

/// An Ethernet address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mac(pub [u8; 6]);

/// A number whose low byte is sent first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Little<T>(pub T);

/// What a getter returns.
pub(crate) trait FromBits: Sized {
    /// Reads bits `from..to` of a header.
    fn from_bits(header: &[u8], from: usize, to: usize) -> Self;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl FromBits for $number {
            #[inline(always)]
            #[expect(clippy::cast_possible_truncation, reason = "the width of the row fits its type: `header!` asserts it")]
            fn from_bits(header: &[u8], from: usize, to: usize) -> Self {
                bits::read(header, from, to) as Self
            }
        }
    )*};
}

numbers!(u8, u16, u32);

impl FromBits for u64 {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, to: usize) -> Self {
        bits::read(header, from, to)
    }
}

impl FromBits for Little<u32> {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, to: usize) -> Self {
        Self(u32::from_bits(header, from, to).swap_bytes())
    }
}

impl FromBits for Little<u64> {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, to: usize) -> Self {
        Self(u64::from_bits(header, from, to).swap_bytes())
    }
}

impl FromBits for bool {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, to: usize) -> Self {
        bits::read(header, from, to) != 0
    }
}

/// Takes as many bytes as an array has; zeros where they are not there.
#[inline(always)]
fn array<const N: usize>(header: &[u8], from: usize) -> [u8; N] {
    header.get(from / 8..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

impl FromBits for Ipv4Addr {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, _to: usize) -> Self {
        array::<4>(header, from).into()
    }
}

impl FromBits for Ipv6Addr {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, _to: usize) -> Self {
        array::<16>(header, from).into()
    }
}

impl FromBits for Mac {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, _to: usize) -> Self {
        Self(array(header, from))
    }
}

impl<const N: usize> FromBits for [u8; N] {
    #[inline(always)]
    fn from_bits(header: &[u8], from: usize, _to: usize) -> Self {
        array(header, from)
    }
}

/// Makes the typed view and the rows of a header; the head of this file says how a row is written.
macro_rules! header {
    (
        $(#[$about:meta])*
        pub struct $View:ident: $len:literal bytes;
        $(
            $(#[doc = $doc:literal])+
            $name:ident: $type:ty = $from:literal..$to:literal, $kind:expr, $path:literal $(also $also:literal)*, $rule:ident $(($default:expr))?;
        )*
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $View<'a>(&'a [u8; $len]);

        #[allow(clippy::len_without_is_empty, reason = "a field that is called len is no container's")]
        impl<'a> $View<'a> {
            /// How many bytes the fixed part has.
            pub const LEN: usize = $len;

            /// The rows of the table, in the order of the wire.
            pub const FIELDS: &'static [$crate::Field] = &[
                $($crate::Field {
                    name: $crate::header::plain(stringify!($name)),
                    path: $path,
                    also: &[$($also),*],
                    from: $from,
                    to: $to,
                    kind: { #[allow(unused_imports, reason = "not every table has every kind")] use $crate::Kind::*; $kind },
                    rule: $crate::header::header!(@rule $rule $(($default))?),
                    doc: $crate::header::first_line(concat!($($doc),+)),
                },)*
            ];

            /// Looks at the fixed part; `None` when there are too few bytes.
            #[inline(always)]
            #[must_use]
            pub fn new(bytes: &'a [u8]) -> Option<Self> {
                bytes.first_chunk().map(Self)
            }

            $(
                $(#[doc = $doc])+
                #[inline(always)]
                #[must_use]
                pub fn $name(&self) -> $type {
                    <$type as $crate::header::FromBits>::from_bits(self.0, $from, $to)
                }
            )*
        }

        // Each row lies within the header.
        const _: () = { $(assert!($from < $to && $to <= $len * 8);)* };
    };
    (@rule default($value:expr)) => { $crate::Rule::Default($value) };
    (@rule computed($how:expr)) => {
        $crate::Rule::Computed({ #[allow(unused_imports, reason = "some are paths already")] use $crate::Computed::*; $how })
    };
    (@rule part) => { $crate::Rule::Part };
}
pub(crate) use header;

/// Returns a name without the mark of one that is a word of the language.
pub(crate) const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Returns documentation without the blank that a comment begins with.
pub(crate) const fn first_line(doc: &'static str) -> &'static str {
    doc.trim_ascii()
}
