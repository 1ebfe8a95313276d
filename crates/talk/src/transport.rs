//! How bytes travel: one row for each transport, from which come the grammar of endpoints, the sockets that are opened,
//! and the rules of a conversation.

use std::fmt;

use sock::Type;

/// How bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// A stream over IP.
    Tcp,
    /// Datagrams over IP.
    Udp,
    /// A stream within the machine.
    UnixStream,
    /// Datagrams within the machine.
    UnixDatagram,
    /// Packets within the machine: reliable and with boundaries.
    UnixSeqpacket,
    /// A stream between a virtual machine and its host.
    Vsock,
}

/// What there is to know about a transport.
struct Row {
    /// Its word in an endpoint.
    word: &'static str,
    /// What stands between the word and the name.
    separator: &'static str,
    names: Names,
    kind: Type,
    /// Whether an end can be seen and a server can accept.
    is_connected: bool,
    /// Whether each send is one message.
    keeps_boundaries: bool,
}

/// What the ends of a transport are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// A host and a port.
    Host,
    /// A path, or a name in the abstract namespace: unix(7).
    Unix,
    /// A context id and a port: vsock(7).
    Vsock,
}

impl Transport {
    /// Lists all of them.
    pub const ALL: [Self; 6] =
        [Self::Tcp, Self::Udp, Self::UnixStream, Self::UnixDatagram, Self::UnixSeqpacket, Self::Vsock];

    const fn row(self) -> Row {
        use Names::{Host, Unix, Vsock};
        match self {
            Self::Tcp => Row::new("tcp", "://", Host, Type::STREAM, true, false),
            Self::Udp => Row::new("udp", "://", Host, Type::DGRAM, false, true),
            Self::UnixStream => Row::new("unix", ":", Unix, Type::STREAM, true, false),
            Self::UnixDatagram => Row::new("unix-dgram", ":", Unix, Type::DGRAM, false, true),
            Self::UnixSeqpacket => Row::new("unix-seqpacket", ":", Unix, Type::SEQPACKET, true, true),
            Self::Vsock => Row::new("vsock", ":", Vsock, Type::STREAM, true, false),
        }
    }

    /// Tells whether boundaries are kept, so that each send is one message.
    #[must_use]
    pub const fn keeps_boundaries(self) -> bool {
        self.row().keeps_boundaries
    }

    /// Tells whether there are connections: an end can be seen, a server can accept.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        self.row().is_connected
    }

    /// Returns the word of the endpoint grammar.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.row().word
    }

    /// Returns what an endpoint begins with: `tcp://`, `unix:`.
    #[must_use]
    pub const fn prefix(self) -> Prefix {
        Prefix(self)
    }

    /// Returns the type of its sockets.
    pub(crate) const fn kind(self) -> Type {
        self.row().kind
    }

    pub(crate) const fn names(self) -> Names {
        self.row().names
    }

    /// Cuts off what an endpoint of this transport begins with: its prefix, or `/dev/tcp/` as bash has it.
    pub(crate) fn strip(self, place: &[u8]) -> Option<(Form, &[u8])> {
        let Row { word, separator, names, .. } = self.row();
        let after = |start: &str| place.strip_prefix(start.as_bytes());
        let plain =
            place.strip_prefix(word.as_bytes()).and_then(|rest| rest.strip_prefix(separator.as_bytes()));
        let slashed = || after("/dev/")?.strip_prefix(word.as_bytes())?.strip_prefix(b"/");
        match plain {
            Some(rest) => Some((Form::Plain, rest)),
            None if names == Names::Host => slashed().map(|rest| (Form::Slashed, rest)),
            None => None,
        }
    }
}

/// How host and port are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `HOST:PORT`.
    Plain,
    /// `HOST/PORT`, after `/dev/tcp/`.
    Slashed,
}

/// What an endpoint of a transport begins with.
#[derive(Clone, Copy, Debug)]
pub struct Prefix(Transport);

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { word, separator, .. } = self.0.row();
        write!(f, "{word}{separator}")
    }
}

impl Row {
    const fn new(
        word: &'static str,
        separator: &'static str,
        names: Names,
        kind: Type,
        is_connected: bool,
        keeps_boundaries: bool,
    ) -> Self {
        Self { word, separator, names, kind, is_connected, keeps_boundaries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leads_to_one_transport() {
        for transport in Transport::ALL {
            let word = format!("{}rest", transport.prefix());
            let found: Vec<_> =
                Transport::ALL.into_iter().filter(|other| other.strip(word.as_bytes()).is_some()).collect();
            assert_eq!(found, [transport]);
        }
        assert_eq!(Transport::Udp.strip(b"/dev/udp/h/1"), Some((Form::Slashed, &b"h/1"[..])));
        assert_eq!(Transport::UnixStream.strip(b"/dev/unix/h/1"), None);
    }

    #[test]
    fn what_a_transport_can_is_what_its_sockets_can() {
        for transport in Transport::ALL {
            assert_eq!(transport.is_connected(), transport.kind() != Type::DGRAM);
            assert_eq!(transport.keeps_boundaries(), transport.kind() != Type::STREAM);
        }
    }
}
