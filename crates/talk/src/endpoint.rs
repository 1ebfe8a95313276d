//! Endpoints: one word for "where", in all the forms that fingers know.
//!
//! `host:port`, `[v6]:port`, `tcp://`, `udp://`, `unix:`, `unix-dgram:`, `unix-seqpacket:`, `vsock:`, `/dev/tcp/…`,
//! `/dev/udp/…` as bash has them, `file:`, `-`, and `listen:` before any of the network forms. Options follow after
//! commas. The list is in the README and in `jack connect --help`.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::OsStrExt;

use sock::UnixAddress;

/// One end of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `-`: standard input and standard output.
    Stdio,
    /// `file:PATH`: read as a source, appended to as a sink.
    File(OsString),
    /// A peer to connect to.
    Connect(Net),
    /// `listen:…`: a place to wait at.
    Listen(Net),
}

/// An endpoint on the network or in the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// How bytes travel.
    pub transport: Transport,
    /// The peer's name, or our own when listening.
    pub name: Name,
    /// What stood after the commas: a name and a value.
    pub options: EndpointOptions,
}

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

/// The name of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// A host, empty for any or loopback, and a port or service, as typed.
    Host {
        /// The host.
        host: String,
        /// The port or service.
        port: String,
    },
    /// A Unix socket's name.
    Unix(UnixAddress),
    /// A vsock address.
    Vsock {
        /// The context id.
        cid: u32,
        /// The port.
        port: u32,
    },
}

/// Why a word is no endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    /// The word, made safe to print and cut.
    pub word: String,
    /// What is wrong with it, and what was expected.
    pub problem: String,
}

impl Transport {
    /// Tells whether boundaries are kept, so that each send is one message.
    #[must_use]
    pub const fn keeps_boundaries(self) -> bool {
        matches!(self, Self::Udp | Self::UnixDatagram | Self::UnixSeqpacket)
    }

    /// Tells whether there are connections: an end can be seen, a server can accept.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        !matches!(self, Self::Udp | Self::UnixDatagram)
    }

    /// Returns the word of the endpoint grammar.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::UnixStream => "unix",
            Self::UnixDatagram => "unix-dgram",
            Self::UnixSeqpacket => "unix-seqpacket",
            Self::Vsock => "vsock",
        }
    }
}

impl Endpoint {
    /// Reads one word.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right; endpoints that exist elsewhere but not here are refused by name.
    pub fn parse(word: &OsStr) -> Result<Self, EndpointError> {
        let bad = |problem: String| EndpointError::new(word, problem);
        if word == "-" {
            return Ok(Self::Stdio);
        }
        if let Some(path) = word.as_bytes().strip_prefix(b"file:") {
            return match path {
                [] => Err(bad("expected a path after file:".into())),
                path => Ok(Self::File(OsStr::from_bytes(path).to_owned())),
            };
        }
        if let Some(rest) = word.as_bytes().strip_prefix(b"listen:") {
            if let Some(port) = lone_port(rest) {
                return Err(bad(format!("the port stands alone: did you mean listen:tcp://:{port}?")));
            }
            return match Self::parse(OsStr::from_bytes(rest))? {
                Self::Connect(net) => Ok(Self::Listen(net)),
                _ => Err(bad("expected a network endpoint after listen:, such as listen:tcp://:8080".into())),
            };
        }
        if let Some(port) = lone_port(word.as_bytes()) {
            return Err(bad(format!("the port stands alone: did you mean localhost:{port}?")));
        }
        Net::parse(word).map(Self::Connect).map_err(bad)
    }
}

/// Finds the number of a port without a host: which end it is of is for the person to say.
fn lone_port(word: &[u8]) -> Option<u16> {
    let is_number = !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(word).ok()?.parse().ok()).flatten()
}

impl Net {
    /// Makes the endpoint of a host and a port.
    ///
    /// # Errors
    /// A port that is no number up to 65535 and no word.
    pub fn host(transport: Transport, host: &OsStr, port: &OsStr) -> Result<Self, EndpointError> {
        let text = |word: &OsStr, what: &str| {
            word.to_str()
                .map(str::to_owned)
                .ok_or_else(|| EndpointError::new(word, format!("a {what} is text, and this is not UTF-8")))
        };
        let (host, service) = (text(host, "host name")?, text(port, "port")?);
        check_port(&service).map_err(|problem| EndpointError::new(port, problem))?;
        Ok(Self { transport, name: Name::Host { host, port: service }, options: Vec::new() })
    }

    /// Makes the endpoint of a Unix socket: a path, or `@name` in the abstract namespace.
    #[must_use]
    pub fn unix(transport: Transport, name: &OsStr) -> Self {
        Self { transport, name: Name::Unix(unix_name(name.as_bytes())), options: Vec::new() }
    }

    fn parse(word: &OsStr) -> Result<Self, String> {
        let (place, options) = split_options(word.as_bytes())?;
        let (scheme, rest) = split_scheme(place);
        let unix = |transport| match rest {
            [] => Err("expected a path or @name".to_owned()),
            name => Ok((transport, Name::Unix(unix_name(name)))),
        };
        let (transport, name) = match scheme {
            "tcp" => (Transport::Tcp, host_and_port(rest)?),
            "udp" => (Transport::Udp, host_and_port(rest)?),
            "unix" => unix(Transport::UnixStream)?,
            "unix-dgram" => unix(Transport::UnixDatagram)?,
            "unix-seqpacket" => unix(Transport::UnixSeqpacket)?,
            "vsock" => (Transport::Vsock, vsock(rest)?),
            "/dev/tcp/" => (Transport::Tcp, slashed(rest)?),
            "/dev/udp/" => (Transport::Udp, slashed(rest)?),
            "tls" | "ws" | "wss" | "exec" => {
                return Err(format!("{scheme} endpoints are not part of this version yet"));
            }
            _ => (Transport::Tcp, host_and_port(place)?),
        };
        Ok(Self { transport, name, options })
    }

    /// Returns the value of an option after the commas.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_deref().unwrap_or_default())
    }
}

/// The options after the commas: names and values.
pub type EndpointOptions = Vec<(String, Option<String>)>;

/// Cuts the word at its first comma; a comma that belongs to a path is written `\,`.
fn split_options(word: &[u8]) -> Result<(&[u8], EndpointOptions), String> {
    let comma = word.iter().enumerate().position(|(at, byte)| {
        *byte == b',' && at.checked_sub(1).and_then(|before| word.get(before)) != Some(&b'\\')
    });
    let Some(comma) = comma else { return Ok((word, Vec::new())) };
    let (place, options) = word.split_at(comma);
    let options =
        std::str::from_utf8(options).map_err(|_| "options after a comma are text, and these are not")?;
    let options = options.trim_start_matches(',').split(',').filter(|option| !option.is_empty());
    let options = options
        .map(|option| match option.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (option.to_owned(), None),
        })
        .collect();
    Ok((place, options))
}

/// Finds the scheme: the word before `://` or `:`, or a `/dev/…/` prefix; empty when there is none.
fn split_scheme(place: &[u8]) -> (&str, &[u8]) {
    for prefix in ["/dev/tcp/", "/dev/udp/"] {
        if let Some(rest) = place.strip_prefix(prefix.as_bytes()) {
            return (prefix, rest);
        }
    }
    for scheme in ["tcp", "udp", "tls", "ws", "wss"] {
        let rest = place.strip_prefix(scheme.as_bytes()).and_then(|rest| rest.strip_prefix(b"://"));
        if let Some(rest) = rest {
            return (scheme, rest);
        }
    }
    for scheme in ["unix", "unix-dgram", "unix-seqpacket", "vsock", "exec"] {
        let rest = place.strip_prefix(scheme.as_bytes()).and_then(|rest| rest.strip_prefix(b":"));
        if let Some(rest) = rest {
            return (scheme, rest);
        }
    }
    ("", place)
}

fn host_and_port(place: &[u8]) -> Result<Name, String> {
    let place = std::str::from_utf8(place).map_err(|_| "a host name is text, and this is not UTF-8")?;
    if let Some((scheme, _)) = place.split_once("://") {
        return Err(format!("no endpoint begins with {scheme}://"));
    }
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or("expected ] after the IPv6 address")?;
            (host, port.strip_prefix(':').ok_or("expected :PORT after ]")?)
        }
        None => place.rsplit_once(':').ok_or(
            "the port is missing: expected HOST PORT, host:port, [v6]:port, tcp://, udp://, unix:, unix-dgram:, unix-seqpacket:, vsock:, file: or -",
        )?,
    };
    if host.contains(':') && !place.starts_with('[') {
        return Err("an IPv6 address with a port is written [address]:port".to_owned());
    }
    check_port(port)?;
    Ok(Name::Host { host: host.to_owned(), port: port.to_owned() })
}

fn slashed(rest: &[u8]) -> Result<Name, String> {
    let rest = std::str::from_utf8(rest).map_err(|_| "a host name is text, and this is not UTF-8")?;
    let (host, port) = rest.split_once('/').ok_or("expected /dev/tcp/HOST/PORT")?;
    check_port(port)?;
    Ok(Name::Host { host: host.to_owned(), port: port.to_owned() })
}

fn vsock(rest: &[u8]) -> Result<Name, String> {
    let expected = "expected vsock:CID:PORT, two numbers";
    let text = std::str::from_utf8(rest).map_err(|_| expected)?;
    let (cid, port) = text.split_once(':').ok_or(expected)?;
    // An empty context id is any, VMADDR_CID_ANY of vsock(7).
    let cid = if cid.is_empty() { u32::MAX } else { cid.parse().map_err(|_| expected)? };
    Ok(Name::Vsock { cid, port: port.parse().map_err(|_| expected)? })
}

/// A port is a number up to 65535 or the name of a service, which is looked up later.
fn check_port(port: &str) -> Result<(), String> {
    if port.is_empty() {
        return Err("expected a port: a number from 0 to 65535 or a service such as http".to_owned());
    }
    let looks_like_a_number = port.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-' || byte == b'+');
    if looks_like_a_number && (port.parse::<u16>().is_err() || port.starts_with('+')) {
        return Err("a port is a number from 0 to 65535".to_owned());
    }
    Ok(())
}

fn unix_name(name: &[u8]) -> UnixAddress {
    match name {
        [b'@', name @ ..] => UnixAddress::Abstract(name.to_vec()),
        path => UnixAddress::Path(path.to_vec()),
    }
}

impl EndpointError {
    fn new(word: &OsStr, problem: String) -> Self {
        let bytes = word.as_bytes();
        let mut word = bytes.get(..60).unwrap_or(bytes).escape_ascii().to_string();
        if bytes.len() > 60 {
            word.push('…');
        }
        Self { word, problem }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no endpoint: {}", self.word, self.problem)
    }
}

impl std::error::Error for EndpointError {}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdio => f.write_str("-"),
            Self::File(path) => write!(f, "file:{}", path.as_bytes().escape_ascii()),
            Self::Connect(net) => net.fmt(f),
            Self::Listen(net) => write!(f, "listen:{net}"),
        }
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.transport.word();
        match &self.name {
            Name::Host { host, port } if host.contains(':') => write!(f, "{word}://[{host}]:{port}"),
            Name::Host { host, port } => write!(f, "{word}://{}:{port}", host.as_bytes().escape_ascii()),
            Name::Unix(name) => write!(f, "{word}:{name}"),
            Name::Vsock { cid, port } => write!(f, "{word}:{cid}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(word: &str) -> String {
        match Endpoint::parse(OsStr::new(word)) {
            Ok(endpoint) => endpoint.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn every_form_is_read() {
        for (word, read) in [
            ("-", "-"),
            ("localhost:80", "tcp://localhost:80"),
            ("[::1]:http", "tcp://[::1]:http"),
            ("tcp://:8080", "tcp://:8080"),
            ("udp://127.0.0.1:53", "udp://127.0.0.1:53"),
            ("/dev/tcp/localhost/80", "tcp://localhost:80"),
            ("/dev/udp/::1/53", "udp://[::1]:53"),
            ("unix:/run/a:b", "unix:/run/a:b"),
            ("unix:@name", "unix:@name"),
            ("unix-dgram:/run/d", "unix-dgram:/run/d"),
            ("unix-seqpacket:/run/s", "unix-seqpacket:/run/s"),
            ("vsock:1:1234", "vsock:1:1234"),
            ("file:/tmp/x", "file:/tmp/x"),
            ("listen:tcp://:8080", "listen:tcp://:8080"),
            ("listen::8080", "listen:tcp://:8080"),
        ] {
            assert_eq!(parse(word), read);
        }
    }

    #[test]
    fn options_follow_after_commas() {
        let word = OsStr::new("tcp://h:80,bind=127.0.0.1:0,reuseport");
        let Ok(Endpoint::Connect(net)) = Endpoint::parse(word) else { panic!("an endpoint") };
        assert_eq!(
            (net.option("bind"), net.option("reuseport"), net.option("x")),
            (Some("127.0.0.1:0"), Some(""), None)
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (word, part) in [
            ("localhost", "the port is missing"),
            ("http://localhost:80/", "no endpoint begins with http://"),
            ("h:65536", "0 to 65535"),
            ("h:-1", "0 to 65535"),
            ("h:", "expected a port"),
            ("::1:80", "[address]:port"),
            ("[::1", "expected ]"),
            ("tls://h:443", "tls endpoints are not part of this version"),
            ("exec:cat", "exec endpoints are not part"),
            ("gopher://h:70", "gopher://"),
            ("listen:-", "network endpoint after listen:"),
            ("listen:7014", "did you mean listen:tcp://:7014?"),
            ("7014", "did you mean localhost:7014?"),
            ("listen:99999", "the port is missing"),
            ("vsock:x:1", "two numbers"),
        ] {
            let error = parse(word);
            assert!(error.starts_with("error: ") && error.contains(part), "{word}: {error}");
        }
        let long = parse(&"x".repeat(100_000));
        assert!(long.len() < 300, "a long word is cut: {}", long.len());
    }
}
