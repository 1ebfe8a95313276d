//! Endpoints: one word for "where", in all the forms that fingers know.
//!
//! `host:port`, `[v6]:port`, `tcp://`, `udp://`, `unix:`, `unix-dgram:`, `unix-seqpacket:`, `vsock:`, `/dev/tcp/…`,
//! `/dev/udp/…` as bash has them, `file:`, `-`, and `listen:` before any of the network forms, or before a port alone.
//! Options follow after commas. The list is in the README and in `jack connect --help`.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use sock::UnixAddress;

use crate::comma::{EndpointOptions, Role, judge, split};
use crate::transport::{Form, Names, Transport};

/// One end of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `-`: standard input and standard output.
    Stdio,
    /// `file:PATH`: read as a source, appended to as a sink. It has no options; a comma of the path is written `\,`.
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
    /// What stood after the commas.
    pub options: EndpointOptions,
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
    /// What the end was to do, if that is the matter.
    pub role: Option<Role>,
    /// What is wrong with it, and what was expected.
    pub problem: String,
}

impl Endpoint {
    /// Reads one word: a bare place is connected to, `listen:` waits.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right; endpoints that exist elsewhere but not here are refused by name.
    pub fn parse(word: &OsStr) -> Result<Self, EndpointError> {
        if word == "-" {
            return Ok(Self::Stdio);
        }
        let bytes = word.as_bytes();
        if let Some(path) = bytes.strip_prefix(FILE) {
            let bad = |problem: &str| Err(EndpointError::new(word, problem.to_owned()));
            let mut parts = split(path);
            let options = parts.split_off(1);
            return match parts.pop() {
                None => bad("expected a path after file:"),
                Some(path) if path.is_empty() => bad("expected a path after file:"),
                Some(_) if !options.is_empty() => {
                    bad("file: has no options after a comma; a comma of the path is written \\,")
                }
                Some(path) => Ok(Self::File(OsString::from_vec(path))),
            };
        }
        if bytes.starts_with(LISTEN) {
            return Net::read(word, Role::Listen, Transport::Tcp, AFTER_LISTEN).map(Self::Listen);
        }
        Net::read(word, Role::Connect, Transport::Tcp, RELAYED).map(Self::Connect)
    }
}

const FILE: &[u8] = b"file:";
const LISTEN: &[u8] = b"listen:";

/// What else may stand where one word is an end: before the forms on the network, and after them.
type OtherForms = (&'static str, &'static str);
const RELAYED: OtherForms = ("", ", file: or -");
const AFTER_LISTEN: OtherForms = ("", "");
const ON_THE_NETWORK: OtherForms = ("HOST PORT, ", "");

impl Net {
    /// Reads one word as a place that is connected to or listened at; it travels by `unnamed` where it names no transport.
    /// To listen, `listen:` may stand before it, and a port may stand alone.
    ///
    /// # Errors
    /// What is wrong, where, and what would be right: also a place that waits where one connects, and options that such
    /// an end does not have.
    pub fn parse(word: &OsStr, role: Role, unnamed: Transport) -> Result<Self, EndpointError> {
        Self::read(word, role, unnamed, ON_THE_NETWORK)
    }

    fn read(word: &OsStr, role: Role, unnamed: Transport, others: OtherForms) -> Result<Self, EndpointError> {
        let bad = |problem: String| EndpointError::new(word, problem);
        let unfit = |problem: String| EndpointError { role: Some(role), ..bad(problem) };
        let bytes = word.as_bytes();
        if word == "-" || bytes.starts_with(FILE) {
            return Err(unfit("expected HOST PORT or a place on the network".into()));
        }
        let (waits, place) = bytes.strip_prefix(LISTEN).map_or((false, bytes), |place| (true, place));
        if waits && role == Role::Connect {
            let place = EndpointError::new(OsStr::from_bytes(place), String::new()).word;
            return Err(unfit(format!("listen: waits, as jack listen {place} does")));
        }
        if waits && (place == b"-" || [FILE, LISTEN].iter().any(|start| place.starts_with(start))) {
            return Err(bad("expected a network endpoint after listen:, such as listen:tcp://:8080".into()));
        }
        let mut parts = split(place);
        let options = parts.split_off(1);
        let place = parts.pop().unwrap_or_default();
        let (transport, name) = match lone_port(&place) {
            Some(port) if role == Role::Listen => {
                check_port(port).map_err(bad)?;
                (unnamed, Name::Host { host: String::new(), port: port.to_owned() })
            }
            Some(port) => {
                return Err(bad(format!("the port stands alone: did you mean localhost:{port}?")));
            }
            None => read_place(&place, unnamed, others).map_err(bad)?,
        };
        let options = judge(&options, role, transport).map_err(unfit)?;
        Ok(Self { transport, name, options })
    }

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
        Ok(Self { transport, name: Name::Host { host, port: service }, options: EndpointOptions::default() })
    }

    /// Makes the endpoint of a Unix socket: a path, or `@name` in the abstract namespace.
    #[must_use]
    pub fn unix(transport: Transport, name: &OsStr) -> Self {
        Self { transport, name: Name::Unix(unix_name(name.as_bytes())), options: EndpointOptions::default() }
    }
}

/// Finds the number of a port without a host.
fn lone_port(place: &[u8]) -> Option<&str> {
    let is_number = !place.is_empty() && place.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(place).ok()).flatten()
}

/// Endpoints that other tools have and this version does not.
const NOT_YET: &[&str] = &["tls", "ws", "wss", "exec"];

/// Reads the transport and the name.
fn read_place(place: &[u8], unnamed: Transport, others: OtherForms) -> Result<(Transport, Name), String> {
    let found = Transport::ALL.into_iter().find_map(|transport| Some((transport, transport.strip(place)?)));
    let Some((transport, (form, rest))) = found else {
        // With slashes or without: a host of such a name is written tcp://tls:80.
        for word in NOT_YET {
            if place.strip_prefix(word.as_bytes()).is_some_and(|rest| rest.starts_with(b":")) {
                return Err(format!("{word} endpoints are not part of this version yet"));
            }
        }
        return Ok((unnamed, host_and_port(place, others)?));
    };
    let name = match (transport.names(), form) {
        (Names::Host, Form::Plain) => host_and_port(rest, others)?,
        (Names::Host, Form::Slashed) => slashed(rest)?,
        (Names::Unix, _) if rest.is_empty() => return Err("expected a path or @name".to_owned()),
        (Names::Unix, _) => Name::Unix(unix_name(rest)),
        (Names::Vsock, _) => vsock(rest)?,
    };
    Ok((transport, name))
}

fn host_and_port(place: &[u8], (before, after): OtherForms) -> Result<Name, String> {
    let place = std::str::from_utf8(place).map_err(|_| "a host name is text, and this is not UTF-8")?;
    if let Some((scheme, _)) = place.split_once("://") {
        return Err(format!("no endpoint begins with {scheme}://"));
    }
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or("expected ] after the IPv6 address")?;
            (host, port.strip_prefix(':').ok_or("expected :PORT after ]")?)
        }
        None => place.rsplit_once(':').ok_or_else(|| {
            let prefixes = Transport::ALL.map(|transport| transport.prefix().to_string()).join(", ");
            format!("the port is missing: expected {before}host:port, [v6]:port, {prefixes}{after}")
        })?,
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
        Self { word, role: None, problem }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let purpose = match self.role {
            None => "",
            Some(Role::Connect) => " to connect to",
            Some(Role::Listen) => " to listen at",
        };
        write!(f, "'{}' is no endpoint{purpose}: {}", self.word, self.problem)
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
        let prefix = self.transport.prefix();
        match &self.name {
            Name::Host { host, port } if host.contains(':') => write!(f, "{prefix}[{host}]:{port}"),
            Name::Host { host, port } => write!(f, "{prefix}{}:{port}", host.as_bytes().escape_ascii()),
            Name::Unix(name) => write!(f, "{prefix}{name}"),
            Name::Vsock { cid, port } => write!(f, "{prefix}{cid}:{port}"),
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
            ("listen:8080", "listen:tcp://:8080"),
        ] {
            assert_eq!(parse(word), read);
        }
    }

    #[test]
    fn options_follow_after_commas() {
        let word = OsStr::new(r"unix:/run/a\,b,bind=/run/c,SO_SNDBUF=4096");
        let Ok(Endpoint::Connect(net)) = Endpoint::parse(word) else { panic!("an endpoint") };
        assert_eq!(net.to_string(), "unix:/run/a,b");
        assert_eq!((net.options.bind.as_deref(), net.options.settings.len()), (Some("/run/c"), 1));
        let word = OsStr::new("listen:8080,backlog=7");
        let Ok(Endpoint::Listen(net)) = Endpoint::parse(word) else { panic!("an endpoint") };
        assert_eq!((net.to_string().as_str(), net.options.backlog), ("tcp://:8080", Some(7)));
        assert_eq!(parse(r"file:a\,b"), "file:a,b");
        assert_eq!(parse(r"file:a\b\,\,"), r"file:a\\b,,");
        // A host may be called as what is not there yet.
        assert_eq!(parse("tcp://tls:80"), "tcp://tls:80");
        assert_eq!(parse("tlsx:80"), "tcp://tlsx:80");
    }

    #[test]
    fn what_names_no_transport_travels_as_asked() {
        let read = |word: &str, role| match Net::parse(OsStr::new(word), role, Transport::Udp) {
            Ok(net) => net.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(read("h:53", Role::Connect), "udp://h:53");
        assert_eq!(read("53", Role::Listen), "udp://:53");
        assert_eq!(read("listen:53", Role::Listen), "udp://:53");
        assert_eq!(read("/dev/tcp/h/53", Role::Connect), "tcp://h:53");
        for (word, role, part) in [
            (
                "listen:tcp://h:53",
                Role::Connect,
                "to connect to: listen: waits, as jack listen tcp://h:53 does",
            ),
            ("53,backlog=5", Role::Listen, "to listen at: backlog= belongs to"),
            ("-", Role::Connect, "expected HOST PORT"),
            ("file:x", Role::Listen, "expected HOST PORT"),
        ] {
            let error = read(word, role);
            assert!(error.contains(part), "{word}: {error}");
        }
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
            ("tls:localhost:1", "tls endpoints are not part of this version"),
            ("tls:localhost", "tls endpoints are not part of this version"),
            ("tls:443", "tls endpoints are not part of this version"),
            ("ws:x", "ws endpoints are not part of this version"),
            ("wss:x", "wss endpoints are not part of this version"),
            ("wss://x", "wss endpoints are not part of this version"),
            ("listen:tls:localhost:1", "tls endpoints are not part of this version"),
            ("exec:x", "exec endpoints are not part"),
            ("exec://x", "exec endpoints are not part"),
            ("exec:cat", "exec endpoints are not part"),
            ("file:", "expected a path after file:"),
            ("file:,a", "expected a path after file:"),
            ("file:a,b", r"file: has no options after a comma; a comma of the path is written \,"),
            ("gopher://h:70", "gopher://"),
            ("listen:-", "network endpoint after listen:"),
            ("listen:listen:8080", "network endpoint after listen:"),
            ("listen:", "the port is missing"),
            ("listen:70000", "0 to 65535"),
            ("7014", "did you mean localhost:7014?"),
            ("h:80,reuseprt", "reuseprt"),
            ("unix:", "expected a path"),
            ("vsock:x:1", "two numbers"),
        ] {
            let error = parse(word);
            assert!(error.starts_with("error: ") && error.contains(part), "{word}: {error}");
        }
        // Only forms that the end takes are offered.
        let offered = |error: EndpointError| error.problem;
        let relayed = offered(Endpoint::parse(OsStr::new("h")).unwrap_err());
        assert!(relayed.ends_with(", file: or -") && !relayed.contains("HOST PORT"), "{relayed}");
        for role in [Role::Connect, Role::Listen] {
            let alone = offered(Net::parse(OsStr::new("h"), role, Transport::Tcp).unwrap_err());
            assert!(alone.contains("HOST PORT") && !alone.contains("file:"), "{alone}");
        }
        let long = parse(&"x".repeat(100_000));
        assert!(long.len() < 300, "a long word is cut: {}", long.len());
    }
}
