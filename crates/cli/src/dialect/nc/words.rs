//! What nc says: its messages, word for word, and which of them it keeps to itself.

use core::net::SocketAddr;
use std::ffi::OsStr;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use jackfield::sock::name::{self, Eai, Hints};
use jackfield::sock::option::SetError;
use jackfield::sock::{self, Address, Type, UnixAddress, c};
use jackfield::talk::{self, Event, Name, Net, Transport, Why};

use super::{FAILED, Refusal, values};
use crate::args::Given;
use crate::render::error::line;

/// Options that nc has and this version has no job for.
const REFUSED: &[(char, &str)] = &[
    ('F', "passing a descriptor"),
    ('P', "a proxy's user name"),
    ('S', "TCP MD5 signatures"),
    ('t', "telnet negotiation"),
    ('V', "routing tables"),
    ('X', "proxies"),
    ('x', "proxies"),
    ('Z', "DCCP"),
];

/// Says what happens as nc -v does.
pub(super) struct Teller<'a> {
    name: &'a str,
    given: &'a Given,
    verbose: bool,
    /// The conversation stands: what breaks now is no failure.
    stands: AtomicBool,
    /// We listen on an IPv6 socket, which sees an IPv4 client as `::ffff:127.0.0.1`.
    is_ipv6: AtomicBool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(name: &'a str, given: &'a Given) -> Self {
        Self {
            name,
            given,
            verbose: given.count("verbose") > 0,
            stands: AtomicBool::new(false),
            is_ipv6: AtomicBool::new(false),
        }
    }

    pub(super) fn tell(&self, event: &Event<'_>, net: &Net) {
        if matches!(event, Event::Connected { .. } | Event::Accepted { .. }) {
            self.stands.store(true, Ordering::Relaxed);
        }
        if !self.verbose || sock::rehearsing() {
            return;
        }
        match event {
            Event::Listening { local, transport, .. } => {
                self.is_ipv6.store(local.family() == c::AF_INET6, Ordering::Relaxed);
                let place = self.place(local);
                if !transport.is_connected() || matches!(local, Address::Unix(_)) {
                    say(&format!("Bound on {place}"));
                }
                if transport.is_connected() {
                    say(&format!("Listening on {place}"));
                }
            }
            // A server that takes datagrams from everybody has no connections to tell of.
            Event::Accepted { transport, .. }
                if !transport.is_connected() && self.given.switch("keep-open") => {}
            Event::Accepted { peer, local, .. } => {
                let from = if peer.ip().is_none() { local } else { peer };
                say(&format!("Connection received on {}", self.place(&self.as_the_socket_sees(from))));
            }
            Event::Connected { local, transport: Transport::UnixDatagram, .. } => {
                say(&format!("Bound on {local}"));
            }
            Event::Connected { peer, host, transport, .. } => self.succeeded(peer, host, *transport),
            // What -u asks with is no connect, and its refusal is not told.
            Event::Failed { peer, error } if error.op().name() == "connect" => self.failed(peer, error, net),
            _ => {}
        }
    }

    /// Judges an end as nc does: a connection that breaks is one that ends.
    pub(super) fn outcome(&self, outcome: Result<Why, talk::Error>, net: &Net) -> Result<Why, Refusal> {
        match outcome {
            Ok(why) => Ok(why),
            Err(talk::Error::Socket { error, .. })
                if self.stands.load(Ordering::Relaxed) && error.op().name() != "write" =>
            {
                Ok(Why::Reset)
            }
            Err(error) => Err(self.failure(&error, net)),
        }
    }

    /// Says a failure in nc's words; nothing for what -v has told already.
    fn failure(&self, error: &talk::Error, net: &Net) -> Refusal {
        match error {
            talk::Error::Name(error) => Some(match &net.name {
                Name::Host { host, port } if !self.given.switch("listen") && !self.is_own(error) => {
                    format!("getaddrinfo for host \"{host}\" port {port}: {}", error.message())
                }
                _ => format!("getaddrinfo: {}", error.message()),
            }),
            talk::Error::Socket { error, .. } => {
                let message = message(error);
                match (error.op().name(), &net.name) {
                    ("connect", Name::Unix(UnixAddress::Path(path))) => {
                        Some(format!("{}: {message}", String::from_utf8_lossy(path)))
                    }
                    ("connect", Name::Unix(UnixAddress::Abstract(path))) => {
                        Some(format!("@{}: {message}", String::from_utf8_lossy(path)))
                    }
                    ("bind", _) if !self.given.switch("listen") => Some(format!("bind failed: {message}")),
                    ("connect" | "send", Name::Host { .. }) => None,
                    _ => Some(message),
                }
            }
            talk::Error::TimedOut { .. } => {
                self.timed_out(net);
                None
            }
            talk::Error::Interrupted(_) => None,
            talk::Error::Option(SetError::Refused { option, error, .. }) => {
                Some(values::refusal(option, &message(error)))
            }
            error => Some(error.to_string()),
        }
    }

    /// Tells a failed lookup of our own address from one of the peer's.
    fn is_own(&self, error: &name::NameError) -> bool {
        let own = |id| self.given.text(id).is_some_and(|text: &OsStr| text == error.asked());
        own("source") || (own("port") && error.kind() == Eai::Service)
    }

    fn succeeded(&self, peer: &Address, host: &str, transport: Transport) {
        let Some(ip) = peer.ip() else { return };
        let protocol = transport.word();
        let service = name::getservbyport(ip.port(), Some(protocol)).filter(|_| !self.is_numeric());
        let service = service.unwrap_or_else(|| "*".to_owned());
        let host = with_address(host, &ip.ip().to_string());
        say(&format!("Connection to {host} {} port [{protocol}/{service}] succeeded!", ip.port()));
    }

    fn failed(&self, peer: &Address, error: &sock::Error, net: &Net) {
        let Some(ip) = peer.ip() else { return };
        let host = with_address(host_of(net), &ip.ip().to_string());
        let (name, protocol, port) = (self.name, net.transport.word(), ip.port());
        say(&format!("{name}: connect to {host} port {port} ({protocol}) failed: {}", message(error)));
    }

    fn timed_out(&self, net: &Net) {
        let Name::Host { host, port } = &net.name else { return };
        if !self.verbose {
            return;
        }
        let hints = Hints { kind: Type::STREAM, ..Hints::default() };
        let found = name::getaddrinfo(Some(host.as_bytes()), Some(port.as_bytes()), &hints);
        for address in found.unwrap_or_default().into_iter().filter_map(|info| info.address.ip()) {
            let host = with_address(host, &address.ip().to_string());
            let (name, protocol) = (self.name, net.transport.word());
            // The errno of a connect that has only begun: nc reports it as it found it.
            say(&format!(
                "{name}: connect to {host} port {port} ({protocol}) timed out: {}",
                sock::Errno::EINPROGRESS.message()
            ));
        }
    }

    fn is_numeric(&self) -> bool {
        self.given.switch("no-resolve")
    }

    /// Writes an IPv4 client of an IPv6 socket as the kernel does: RFC 4291 section 2.5.5.2.
    fn as_the_socket_sees(&self, peer: &Address) -> Address {
        match peer.ip() {
            Some(SocketAddr::V4(ip)) if self.is_ipv6.load(Ordering::Relaxed) => {
                SocketAddr::from((ip.ip().to_ipv6_mapped(), ip.port())).into()
            }
            _ => peer.clone(),
        }
    }

    /// An address as nc prints it: a name if there is one, a space, the port as a number.
    fn place(&self, address: &Address) -> String {
        let Some(ip) = address.ip() else { return address.to_string() };
        let flags = name::NI_NUMERICSERV | if self.is_numeric() { name::NI_NUMERICHOST } else { 0 };
        // The hosts file has no IPv4 address in IPv6 clothes, and nc prints the number.
        let is_mapped = matches!(ip, SocketAddr::V6(ip) if ip.ip().to_ipv4_mapped().is_some());
        let host =
            if is_mapped || ip.ip().is_unspecified() { None } else { name::getnameinfo(address, flags).ok() };
        let host = host.map_or_else(|| ip.ip().to_string(), |(host, _)| host);
        format!("{host} {}", ip.port())
    }
}

fn message(error: &sock::Error) -> String {
    error.errno().map_or_else(|| error.to_string(), |errno| errno.message().to_owned())
}

fn host_of(net: &Net) -> &str {
    match &net.name {
        Name::Host { host, .. } => host,
        _ => "",
    }
}

/// A host as typed, with its address where that is another word.
fn with_address(host: &str, address: &str) -> String {
    if host == address { address.to_owned() } else { format!("{host} ({address})") }
}

/// Tells whether a word is a port number or the name of a service.
pub(super) fn number_or_service(port: &OsStr) -> bool {
    let is_number = port.to_str().is_some_and(|text| text.parse::<u16>().is_ok());
    is_number || name::getservbyname(port.as_encoded_bytes(), None).is_some()
}

pub(super) fn unknown_service() -> String {
    format!("getaddrinfo: {}", Eai::Service.message())
}

pub(super) fn unknown_host(host: &str, port: &str) -> String {
    format!("getaddrinfo for host \"{host}\" port {port}: {}", Eai::NoName.message())
}

/// Refuses flags in getopt's words.
pub(super) fn refuse(name: &str, error: &clap::Error) -> u8 {
    let word = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => word.clone(),
        _ => String::new(),
    };
    // nc has no long options: to it the second dash of one is a letter.
    let letter = word.strip_prefix('-').and_then(|word| word.chars().next()).unwrap_or('?');
    match error.kind() {
        ErrorKind::UnknownArgument => match REFUSED.iter().find(|(refused, _)| *refused == letter) {
            Some((_, what)) => {
                say(&format!("{name}: -{letter} ({what}) is not part of this version of jack"));
            }
            None if letter == 'h' => {
                say(&usage());
                return 0;
            }
            None => say(&format!("{name}: invalid option -- '{letter}'\n{}", usage())),
        },
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::TooFewValues => {
            say(&format!("{name}: option requires an argument -- '{letter}'\n{}", usage()));
        }
        _ => say(&format!("{name}: {error}")),
    }
    FAILED
}

pub(super) fn usage() -> String {
    "usage: nc [-46bCDdhklNnruUvz] [-I length] [-i interval] [-M ttl] [-m minttl]\n\
     \t  [-O length] [-p source_port] [-q seconds] [-s sourceaddr] [-T keyword]\n\
     \t  [-W recvlimit] [-w timeout] [destination] [port]"
        .to_owned()
}

pub(super) fn say(words: &str) {
    if sock::rehearsing() {
        return;
    }
    let mut text = String::new();
    for words in words.lines() {
        text.push_str(&line(words));
        text.push('\n');
    }
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
