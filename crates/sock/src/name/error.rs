//! What a failed lookup says: which name, the `EAI_…` code with its words, who was asked and what came of it.
//!
//! The codes and words are an interface: scripts match "Name or service not known". Source: `gai_strerror(3)`, netdb.h.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use sys::door::Value;
use sys::{Errno, Op};

use crate::error::{Cause, Error};
use crate::family::{Family, Protocol, Type};
use crate::text::escaped;

macro_rules! codes {
    ($($variant:ident = $number:literal $name:literal $words:literal;)*) => {
        /// The kinds of failure that getaddrinfo(3) knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Eai {
            $(#[doc = concat!("`", $name, "`: ", $words, ".")] $variant,)*
        }

        impl Eai {
            /// Returns the C library's number, which is negative.
            #[must_use]
            pub const fn code(self) -> i32 {
                match self { $(Self::$variant => $number,)* }
            }

            /// Returns the name, such as `"EAI_NONAME"`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the words of `gai_strerror(3)`, such as `"Name or service not known"`.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $words,)* }
            }
        }
    };
}

codes! {
    BadFlags = -1 "EAI_BADFLAGS" "Bad value for ai_flags";
    NoName = -2 "EAI_NONAME" "Name or service not known";
    Again = -3 "EAI_AGAIN" "Temporary failure in name resolution";
    Fail = -4 "EAI_FAIL" "Non-recoverable failure in name resolution";
    NoData = -5 "EAI_NODATA" "No address associated with hostname";
    Family = -6 "EAI_FAMILY" "ai_family not supported";
    SockType = -7 "EAI_SOCKTYPE" "ai_socktype not supported";
    Service = -8 "EAI_SERVICE" "Servname not supported for ai_socktype";
    AddrFamily = -9 "EAI_ADDRFAMILY" "Address family for hostname not supported";
    System = -11 "EAI_SYSTEM" "System error";
}

/// Why a lookup failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A server said that there is no such name: NXDOMAIN.
    NoSuchName(SocketAddr),
    /// No name under `.invalid` ever exists, so nobody was asked. Source: RFC 6761 section 6.4.
    NeverExists,
    /// A server said that the name exists, but not with what was asked for.
    NoData(SocketAddr),
    /// No server gave an answer that counts; what came of each.
    NoAnswer(Vec<Trouble>),
    /// The aliases that a server gave have no end.
    EndlessAliases(SocketAddr),
    /// The name's length in bytes: a domain name has at most 253. Source: RFC 1035 section 2.3.4.
    TooLong(usize),
    /// The length in bytes of one part between dots: at most 63. Source: RFC 1035 section 2.3.4.
    LabelTooLong(usize),
    /// Two dots in a row, or one at the start.
    EmptyLabel,
    /// A byte that no host name has, and where.
    BadByte {
        /// The byte.
        byte: u8,
        /// Its offset.
        at: usize,
    },
    /// It ends in a number as only IPv4 addresses do, and is none: RFC 1123 section 2.1.
    BrokenAddress(BrokenV4),
    /// `AI_NUMERICHOST` was given, and this is no address.
    NotNumeric,
    /// The address is one of another family than the one wanted.
    OtherFamily(Family),
    /// `AI_ADDRCONFIG` was given, and this machine has no address of the family.
    NotConfigured(Family),
    /// There is no interface of that name to be the scope.
    NoSuchScope,
    /// The service is not in the table for the protocol.
    UnknownService(&'static str),
    /// `AI_NUMERICSERV` was given, and this is no number.
    ServiceNotNumeric,
    /// The service is a number above 65535.
    PortTooLarge,
    /// Raw sockets have no services.
    NoServiceOfRaw,
    /// No such family has host names.
    BadFamily(Family),
    /// No such type or protocol, or not together.
    BadType(Type, Protocol),
    /// The flags that nobody knows, or that need a host.
    BadFlags(i32),
    /// Neither a host nor a service was given.
    NothingAsked,
    /// A call failed, or a caught signal arrived.
    Call(Error),
}

/// What is wrong with what was meant as an IPv4 address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokenV4 {
    /// So many numbers, more than four.
    Numbers(usize),
    /// Two dots in a row, or one at the start.
    Empty,
    /// A dot at the end.
    LastDot,
    /// A part that is no number, or none in its base: `08` is octal.
    NoNumber(String),
    /// A number that is too large, and the most that it may be.
    TooLarge(String, u32),
}

/// What came of asking one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The server.
    pub server: SocketAddr,
    /// Where it was named: a file, or what the caller said.
    pub named: String,
    /// What it did.
    pub what: Silence,
}

/// How a server gave no answer that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Silence {
    /// Nothing came in time.
    Timeout {
        /// How long was waited.
        waited: Duration,
        /// How many datagrams came that did not answer the question and were dropped.
        dropped: usize,
    },
    /// A call failed: the server cannot be reached.
    Unreachable(Error),
    /// It answered with a code that says that it cannot answer. Source: RFC 1035 section 4.1.1.
    Code(u8),
    /// It answered with what cannot be read: where and what.
    Malformed {
        /// The offset in the message.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// It closed the TCP connection before the answer was whole.
    Closed,
}

impl Silence {
    /// Tells whether asking again may help.
    pub(crate) const fn is_temporary(&self) -> bool {
        !matches!(self, Self::Code(FORMERR | NOTIMP) | Self::Malformed { .. })
    }

    /// Tells whether the server is there and answers, though not this.
    pub(crate) const fn is_from_server(&self) -> bool {
        matches!(self, Self::Code(_) | Self::Malformed { .. })
    }
}

const FORMERR: u8 = 1;
const NOTIMP: u8 = 4;

/// A failed lookup: the operation, the name, the `EAI_…` code, the reason.
///
/// - `EAI_NONAME`: the name does not exist or cannot exist ([`Reason::NoSuchName`], too long, an empty part …);
/// - `EAI_NODATA`: it exists, without an address of the family ([`Reason::NoData`]);
/// - `EAI_AGAIN`: no server answered, or said that it cannot now ([`Reason::NoAnswer`]);
/// - `EAI_FAIL`: servers answered what makes no sense;
/// - `EAI_SERVICE`, `EAI_FAMILY`, `EAI_ADDRFAMILY`, `EAI_SOCKTYPE`, `EAI_BADFLAGS`: the question makes no sense;
/// - `EAI_SYSTEM`: a call failed, or a caught signal ended the lookup ([`Reason::Call`]).
#[derive(Clone, PartialEq, Eq)]
pub struct NameError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    op: Op,
    eai: Eai,
    reason: Reason,
    asked: String,
}

/// Why, before it is known who asked for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why(pub(crate) Eai, pub(crate) Reason);

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        Self(Eai::System, Reason::Call(error))
    }
}

impl NameError {
    pub(crate) fn new(op: Op, asked: &[u8], why: Why) -> Self {
        let Why(eai, reason) = why;
        Self(Box::new(Inner { op, eai, reason, asked: escaped(asked) }))
    }

    /// Names the operation that failed.
    #[must_use]
    pub const fn op(&self) -> Op {
        self.0.op
    }

    /// Returns the kind of failure.
    #[must_use]
    pub const fn kind(&self) -> Eai {
        self.0.eai
    }

    /// Returns the C library's number, such as -2.
    #[must_use]
    pub const fn eai(&self) -> i32 {
        self.0.eai.code()
    }

    /// Returns the code's name, such as `"EAI_NONAME"`.
    #[must_use]
    pub const fn eai_name(&self) -> &'static str {
        self.0.eai.name()
    }

    /// Returns the words of `gai_strerror(3)`, such as `"Name or service not known"`.
    #[must_use]
    pub const fn message(&self) -> &'static str {
        self.0.eai.message()
    }

    /// Returns the name that was asked for, escaped and cut to a length that a line can hold.
    #[must_use]
    pub fn asked(&self) -> &str {
        &self.0.asked
    }

    /// Says why.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// Returns the errno with `EAI_SYSTEM`, as the C library leaves it there.
    #[must_use]
    pub const fn errno(&self) -> Option<Errno> {
        match &self.0.reason {
            Reason::Call(error) => error.errno(),
            _ => None,
        }
    }

    /// Returns the number of the caught signal that ended the lookup, if one did.
    #[must_use]
    pub const fn interrupted(&self) -> Option<i32> {
        match &self.0.reason {
            Reason::Call(error) => match error.cause() {
                Cause::Interrupted(signal) => Some(*signal),
                _ => None,
            },
            _ => None,
        }
    }

    /// Tells whether the time was up before any server had answered.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match &self.0.reason {
            Reason::NoAnswer(troubles) => {
                troubles.iter().all(|trouble| matches!(trouble.what, Silence::Timeout { .. }))
            }
            _ => false,
        }
    }

    /// Says what to do about it, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        let words = match &self.0.reason {
            Reason::NoSuchName(_) => "check the spelling; a dot at the end keeps the search domains out",
            Reason::NeverExists => "give another name: .invalid is kept for names that must not exist",
            Reason::NoData(_) => "the name exists: ask for the other address family, or for any",
            Reason::NoAnswer(troubles) => return Some(hint_of(troubles).into()),
            Reason::BrokenAddress(_) => "an IPv4 address is four numbers from 0 to 255, such as 127.0.0.1",
            Reason::EndlessAliases(_) => "the domain's CNAME records point in a circle: tell its owner",
            Reason::TooLong(_) | Reason::LabelTooLong(_) | Reason::EmptyLabel => {
                "a name is at most 253 bytes in all and 1 to 63 between dots"
            }
            Reason::BadByte { byte: 0x80.., .. } => {
                "write the name in its ASCII form, which begins with xn--"
            }
            Reason::BadByte { .. } => "give the name alone: letters, digits, hyphens and dots",
            Reason::NotNumeric => "give an address, or allow names to be looked up",
            Reason::OtherFamily(_) => "give an address of the family wanted, or allow any family",
            Reason::NotConfigured(_) => "drop AI_ADDRCONFIG, or give an interface an address of that family",
            Reason::NoSuchScope => "after the % comes an interface's name or index",
            Reason::UnknownService(_) | Reason::ServiceNotNumeric => "give the port as a number",
            Reason::PortTooLarge => "a port is 0 to 65535",
            Reason::NoServiceOfRaw => "raw sockets have no ports: leave the service out",
            Reason::BadFamily(_) => "use AF_INET, AF_INET6 or AF_UNSPEC",
            Reason::BadType(..) => "use SOCK_STREAM with TCP or SOCK_DGRAM with UDP, or leave both open",
            Reason::BadFlags(_) => "use the AI_ flags of getaddrinfo(3)",
            Reason::NothingAsked => "give a host, a service or both",
            Reason::Call(_) => return None,
        };
        Some(words.into())
    }

    /// What the operation's event says: the C function returns a code, and sets errno only with `EAI_SYSTEM`.
    pub(crate) fn told(&self) -> Result<Value, Errno> {
        match self.errno() {
            Some(errno) => Err(errno),
            None => Ok(Value::Word(self.eai_name().to_owned())),
        }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { op, eai, reason, asked } = &*self.0;
        write!(f, "{} \"{asked}\": {} ({}): {reason}", op.name(), eai.message(), eai.name())
    }
}

impl fmt::Debug for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { op, eai, reason, asked } = &*self.0;
        f.debug_struct("NameError")
            .field("op", op)
            .field("eai", &eai.name())
            .field("asked", asked)
            .field("reason", reason)
            .finish()
    }
}

impl std::error::Error for NameError {}

impl From<NameError> for std::io::Error {
    fn from(error: NameError) -> Self {
        let kind = match (error.kind(), error.errno()) {
            (_, Some(Errno::EINTR)) => std::io::ErrorKind::Interrupted,
            (_, Some(errno)) => Self::from_raw_os_error(errno.0).kind(),
            (Eai::NoName | Eai::NoData, _) => std::io::ErrorKind::NotFound,
            (Eai::Again, _) if error.is_timeout() => std::io::ErrorKind::TimedOut,
            (Eai::Again | Eai::Fail, _) => std::io::ErrorKind::Other,
            _ => std::io::ErrorKind::InvalidInput,
        };
        Self::new(kind, error)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchName(server) => write!(f, "{server} says that there is no such name (NXDOMAIN)"),
            Self::NeverExists => f.write_str("names under .invalid never exist, so nobody was asked"),
            Self::NoData(server) => write!(f, "{server} has the name, but no such record of it"),
            Self::NoAnswer(troubles) => {
                if troubles.is_empty() {
                    return f.write_str("the time was up before a server could be asked");
                }
                for (at, trouble) in troubles.iter().enumerate() {
                    write!(f, "{}{trouble}", if at == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            Self::EndlessAliases(server) => write!(f, "the aliases (CNAME) that {server} gave have no end"),
            Self::TooLong(len) => write!(f, "the name has {len} bytes, at most 253 are possible"),
            Self::LabelTooLong(len) => {
                write!(f, "one part of the name has {len} bytes, at most 63 are possible")
            }
            Self::EmptyLabel => f.write_str("a part of the name is empty"),
            Self::BadByte { byte: 0, at } => write!(f, "there is a NUL in the name, at byte {at}"),
            Self::BadByte { byte, at } => {
                write!(f, "'{}' at byte {at} cannot be in a host name", std::ascii::escape_default(*byte))
            }
            Self::BrokenAddress(broken) => {
                write!(f, "it ends in a number, so it can only be an IPv4 address, and {broken}")
            }
            Self::NotNumeric => f.write_str("it is no address, and names are not to be looked up"),
            Self::OtherFamily(wanted) => write!(f, "it is no address of {wanted:?}"),
            Self::NotConfigured(wanted) => write!(f, "this machine has no address of {wanted:?}"),
            Self::NoSuchScope => f.write_str("there is no such interface"),
            Self::UnknownService("") => f.write_str("no service has this name"),
            Self::UnknownService(protocol) => write!(f, "no service of {protocol} has this name"),
            Self::ServiceNotNumeric => f.write_str("it is no number, and services are not to be looked up"),
            Self::PortTooLarge => f.write_str("a port is at most 65535"),
            Self::NoServiceOfRaw => f.write_str("a raw socket has no services"),
            Self::BadFamily(family) => write!(f, "{family:?} has no host names"),
            Self::BadType(kind, protocol) => write!(f, "no socket is of {kind:?} and {protocol:?}"),
            Self::BadFlags(flags) => write!(f, "flags {flags:#x}"),
            Self::NothingAsked => f.write_str("neither a host nor a service was given"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

/// Says which servers to look at, and where another can be named.
fn hint_of(troubles: &[Trouble]) -> String {
    let mut named: Vec<(&str, Vec<String>)> = Vec::new();
    for Trouble { server, named: place, .. } in troubles {
        match named.iter_mut().find(|(known, _)| known == place) {
            Some((_, servers)) => servers.push(server.to_string()),
            None => named.push((place, vec![server.to_string()])),
        }
    }
    if named.is_empty() {
        return "allow more time, or give an address instead of the name".to_owned();
    }
    let servers: Vec<_> = named
        .iter()
        .map(|(place, servers)| {
            let list = servers.join(" and ");
            format!("{list} ({} named by {place})", if servers.len() == 1 { "was" } else { "were" })
        })
        .collect();
    format!(
        "look whether a name server runs at {} and can be reached, name another, or give an address instead of the name",
        servers.join(" and ")
    )
}

impl fmt::Display for BrokenV4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(count) => write!(f, "it has {count} numbers, of at most 4"),
            Self::Empty => f.write_str("a number between its dots is missing"),
            Self::LastDot => f.write_str("an address has no dot at its end"),
            Self::NoNumber(part) => write!(f, "'{part}' is no number"),
            Self::TooLarge(part, most) => write!(f, "{part} is more than {most}"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.server.fmt(f)?;
        match &self.what {
            Silence::Timeout { waited, dropped } => {
                write!(f, " gave no answer within {waited:?}")?;
                match dropped {
                    0 => Ok(()),
                    1 => f.write_str(" (1 datagram was no answer to the question and was dropped)"),
                    n => write!(f, " ({n} datagrams were no answers to the question and were dropped)"),
                }
            }
            Silence::Unreachable(error) => match error.errno() {
                Some(errno) => write!(f, " cannot be reached: {}: {errno}", error.op().name()),
                None => write!(f, " cannot be reached: {error}"),
            },
            Silence::Code(code) => match code {
                1 => f.write_str(" does not understand the question (FORMERR)"),
                2 => f.write_str(" failed to find out (SERVFAIL)"),
                4 => f.write_str(" does not answer such questions (NOTIMP)"),
                5 => f.write_str(" refuses to answer (REFUSED)"),
                other => write!(f, " answered with code {other}"),
            },
            Silence::Malformed { at, what } => {
                write!(f, " gave an answer that cannot be read: {what} at byte {at}")
            }
            Silence::Closed => f.write_str(" closed the connection before it had answered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_that_scripts_match() {
        let server = "10.0.0.1:53".parse().unwrap();
        let error =
            NameError::new(Op::Getaddrinfo, b"no.example", Why(Eai::NoName, Reason::NoSuchName(server)));
        assert_eq!(
            error.to_string(),
            "getaddrinfo \"no.example\": Name or service not known (EAI_NONAME): \
             10.0.0.1:53 says that there is no such name (NXDOMAIN)"
        );
        assert_eq!((error.eai(), error.eai_name()), (-2, "EAI_NONAME"));
        assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::NotFound);
    }

    #[test]
    fn a_name_of_a_megabyte_does_not_flood_the_terminal() {
        let name = vec![0x1b; 1 << 20];
        let error = NameError::new(Op::Gethostbyname, &name, Why(Eai::NoName, Reason::TooLong(name.len())));
        let line = error.to_string();
        assert!(line.len() < 512, "{}", line.len());
        assert!(line.contains("(1048576 bytes)") && line.chars().all(|c| !c.is_control()), "{line}");
    }

    fn trouble(server: &str, what: Silence) -> Trouble {
        Trouble { server: server.parse().unwrap(), named: "/etc/resolv.conf".to_owned(), what }
    }

    #[test]
    fn a_hint_names_the_servers_and_who_named_them() {
        let silent = || Silence::Code(2);
        let mut troubles = vec![trouble("10.0.0.1:53", silent()), trouble("10.0.0.2:53", silent())];
        assert!(hint_of(&troubles).contains("10.0.0.1:53 and 10.0.0.2:53 (were named by /etc/resolv.conf)"));
        troubles.truncate(1);
        troubles[0].named = "--dns-server".to_owned();
        let hint = hint_of(&troubles);
        assert!(hint.contains("runs at 10.0.0.1:53 (was named by --dns-server)"), "{hint}");
        assert!(!hint.contains("resolv.conf"), "{hint}");
        assert!(hint_of(&[]).contains("more time"));
    }

    #[test]
    fn every_server_is_named_with_what_it_did() {
        let timeout = Silence::Timeout { waited: Duration::from_secs(5), dropped: 2 };
        let reason = Reason::NoAnswer(vec![
            trouble("10.0.0.1:53", timeout),
            trouble("[::1]:53", Silence::Code(2)),
            trouble("10.0.0.3:53", Silence::Unreachable(Error::new(Op::Connect, Errno::ENETUNREACH))),
        ]);
        assert_eq!(
            reason.to_string(),
            "10.0.0.1:53 gave no answer within 5s (2 datagrams were no answers to the question and were dropped); \
             [::1]:53 failed to find out (SERVFAIL); \
             10.0.0.3:53 cannot be reached: connect: Network is unreachable (ENETUNREACH)"
        );
    }
}
