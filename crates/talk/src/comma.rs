//! What stands after the commas of an endpoint: `tcp://h:80,bind=127.0.0.1,reuseport`.
//!
//! Which options an end has depends on what it does: one that connects may be bound to an address of ours, one that
//! listens has a queue. Everything else is a socket option, by the names of `--sockopt`. A comma that belongs to a path or
//! a value is written `\,`; any other backslash stands for itself.

use sock::option::Setting;

use crate::transport::{Names, Transport};

/// What an end does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It connects to a peer.
    Connect,
    /// It waits for peers.
    Listen,
}

/// What stood after the commas of an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointOptions {
    /// `bind=`: our own address, as `ADDRESS:PORT`, `ADDRESS`, `:PORT`, or the name of a Unix socket.
    pub bind: Option<String>,
    /// `backlog=`: how many connections may wait to be accepted.
    pub backlog: Option<i32>,
    /// Socket options, in their order.
    pub settings: Vec<Setting>,
}

/// An option that is not the socket's.
struct Own {
    name: &'static str,
    role: Role,
    /// Which transports have it.
    has: fn(Transport) -> bool,
    /// What to do where there is none.
    elsewhere: &'static str,
    /// Takes the value; `None` when it is none.
    take: fn(&mut EndpointOptions, &str) -> Option<()>,
    expected: &'static str,
}

const OWN: &[Own] = &[
    Own {
        name: "bind",
        role: Role::Connect,
        has: |transport| !matches!(transport.names(), Names::Vsock),
        elsewhere: "belongs to an end that connects over IP or a Unix socket; one that listens has its address in its \
                    name, such as tcp://127.0.0.1:8080",
        take: |options, value| {
            options.bind = Some(value.to_owned()).filter(|value| !value.is_empty());
            options.bind.is_some().then_some(())
        },
        expected: "an address, a port after a colon, or both",
    },
    Own {
        name: "backlog",
        role: Role::Listen,
        has: Transport::is_connected,
        elsewhere: "belongs to an end that listens for connections",
        take: |options, value| {
            let backlog: u32 = value.parse().ok()?;
            options.backlog = Some(i32::try_from(backlog).unwrap_or(i32::MAX));
            Some(())
        },
        expected: "a number",
    },
];

/// Cuts a word into the place and what follows each comma.
pub(crate) fn split(word: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = vec![Vec::new()];
    let mut bytes = word.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'\\' => bytes.next_if_eq(&b',').unwrap_or(byte),
            b',' => {
                parts.push(Vec::new());
                continue;
            }
            other => other,
        };
        if let Some(part) = parts.last_mut() {
            part.push(byte);
        }
    }
    parts
}

/// Reads options and judges them for an end that does this, over this.
pub(crate) fn judge(parts: &[Vec<u8>], role: Role, transport: Transport) -> Result<EndpointOptions, String> {
    let mut options = EndpointOptions::default();
    let mut seen = Vec::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let text =
            std::str::from_utf8(part).map_err(|_| "options after a comma are text, and these are not")?;
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let Some(own) = OWN.iter().find(|own| own.name == name) else {
            options.settings.push(text.parse().map_err(|error| format!("{error}"))?);
            continue;
        };
        if own.role != role || !(own.has)(transport) {
            return Err(format!("{name}= {}", own.elsewhere));
        }
        if seen.contains(&name) {
            return Err(format!("{name}= is there twice"));
        }
        seen.push(name);
        (own.take)(&mut options, value).ok_or_else(|| format!("{name}= takes {}", own.expected))?;
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(text: &str, role: Role, transport: Transport) -> Result<EndpointOptions, String> {
        let parts = split(text.as_bytes());
        judge(&parts, role, transport)
    }

    #[test]
    fn an_end_has_the_options_of_what_it_does() {
        let connecting = judged("bind=127.0.0.1:0,SO_REUSEPORT", Role::Connect, Transport::Tcp).unwrap();
        assert_eq!(connecting.bind.as_deref(), Some("127.0.0.1:0"));
        assert_eq!(connecting.settings.len(), 1);
        let listening = judged("backlog=99999999999", Role::Listen, Transport::Tcp);
        assert_eq!(listening, Err("backlog= takes a number".to_owned()));
        let listening = judged("backlog=4294967295,", Role::Listen, Transport::UnixSeqpacket).unwrap();
        assert_eq!(listening.backlog, Some(i32::MAX));
        for (text, role, transport) in [
            ("bind=127.0.0.1", Role::Listen, Transport::Tcp),
            ("bind=x", Role::Connect, Transport::Vsock),
            ("bind", Role::Connect, Transport::Tcp),
            ("bind=a,bind=b", Role::Connect, Transport::Tcp),
            ("backlog=5", Role::Connect, Transport::Tcp),
            ("backlog=5", Role::Listen, Transport::Udp),
            ("backlog=-1", Role::Listen, Transport::Tcp),
            ("SO_NOTHING=1", Role::Connect, Transport::Tcp),
            ("SO_RCVBUF=many", Role::Connect, Transport::Tcp),
        ] {
            judged(text, role, transport).unwrap_err();
        }
    }

    #[test]
    fn a_backslash_makes_a_comma_one_of_the_text() {
        for (word, parts) in [
            (r"a", &[r"a"][..]),
            (r"a\,b", &[r"a,b"]),
            (r"a\\,b", &[r"a\,b"]),
            (r"a\b\", &[r"a\b\"]),
            (r"a\,b,bind=c\,d,,e", &[r"a,b", r"bind=c,d", r"", r"e"]),
            (r",", &[r"", r""]),
        ] {
            let want: Vec<_> = parts.iter().map(|part| part.as_bytes().to_vec()).collect();
            assert_eq!(split(word.as_bytes()), want, "{word}");
        }
    }

    proptest! {
        #[test]
        fn what_is_escaped_comes_back(parts in prop::collection::vec("[a-c,]{0,8}", 1..5)) {
            let word = parts.iter().map(|part| part.replace(',', r"\,")).collect::<Vec<_>>().join(",");
            let want: Vec<_> = parts.iter().map(|part| part.as_bytes().to_vec()).collect();
            prop_assert_eq!(split(word.as_bytes()), want);
        }
    }
}
