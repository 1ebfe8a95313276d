//! The dialect of OpenBSD's nc as Debian has it (1.219): its flags, defaults, messages and exit codes.
//!
//! Where nc differs from our own rules, so does this: no FIN at the end of input without `-N`, it stays while standard
//! input is open, `-w` is connect and idle timeout and no failure, `-k` serves one client after another, `-l` waits on
//! IPv4 alone unless told, a datagram server speaks with its first peer. Source: nc(1), and runs of the tool.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use jackfield::sock;
use jackfield::sock::name::{self, Resolver};
use jackfield::sock::{Address, Errno, Family, UnixAddress, signal};
use jackfield::talk::{self, Console, Endpoint, Event, Name, Net, Options, PortState, Serve, Transport};

use crate::args::{self, Given};
use crate::cmd::connect::port_range;
use crate::face::Face;

/// Every failure of nc is a 1.
const FAILED: u8 = 1;

/// Options that nc has and this version has no job for.
const REFUSED: &[(char, &str)] = &[
    ('b', "broadcast"),
    ('D', "socket debugging"),
    ('F', "passing a descriptor"),
    ('I', "the size of the receive buffer"),
    ('M', "the time to live"),
    ('m', "the least time to live"),
    ('O', "the size of the send buffer"),
    ('P', "a proxy's user name"),
    ('r', "ports in random order"),
    ('S', "TCP MD5 signatures"),
    ('T', "the type of service"),
    ('t', "telnet negotiation"),
    ('V', "routing tables"),
    ('W', "a limit on packets received"),
    ('X', "proxies"),
    ('x', "proxies"),
    ('Z', "DCCP"),
];

/// Runs the dialect; returns the exit code.
pub(crate) fn run(name: &str, words: Vec<OsString>) -> u8 {
    let command = args::command(Face::Nc);
    let given = match command.try_get_matches_from(std::iter::once("nc".into()).chain(words)) {
        Ok(matches) => Given::new(matches),
        Err(error) => return refuse(name, &error),
    };
    match perform(name, &given) {
        Ok(code) => code,
        Err(words) => {
            // nc keeps a refused connection to itself unless -v is given.
            if !words.is_empty() {
                say(&format!("{name}: {words}"));
            }
            FAILED
        }
    }
}

/// Runs the dialect with the door in dry mode: what it would say is not said.
pub(crate) fn rehearse(name: &str, words: Vec<OsString>) -> Result<(), String> {
    let command = args::command(Face::Nc);
    let matches = command
        .try_get_matches_from(std::iter::once("nc".into()).chain(words))
        .map_err(|error| error.to_string().trim_start_matches("error: ").trim_end().to_owned())?;
    match perform(name, &Given::new(matches)) {
        // nc keeps some failures to itself, and so ends a rehearsal that was interrupted.
        Err(words) if !words.is_empty() => Err(words),
        _ => Ok(()),
    }
}

fn perform(name: &str, given: &Given) -> Result<u8, String> {
    let operands = given.all("where");
    let (host, ports) = place(given, &operands)?;
    let options = options(given)?;
    if !sock::rehearsing() {
        signal::catch_interrupts().map_err(|errno| errno.message().to_owned())?;
    }
    let teller = Teller { name, verbose: given.count("verbose") > 0, numeric: given.switch("no-resolve") };
    let console = Console::standard();
    if given.switch("listen") {
        let net = net(given, &host, ports.first())?;
        return listen(given, &net, &options, console, &teller);
    }
    let mut code = FAILED;
    let mut console = Some(console);
    for (at, port) in ports.iter().enumerate() {
        if at > 0
            && let Some(delay) = options.delay
        {
            let pause = sock::Deadline::after(delay);
            sock::wait_any(&mut Vec::new(), pause).map_err(|error| error.to_string())?;
        }
        let net = net(given, &host, Some(port))?;
        let outcome = if given.switch("zero") {
            ask(&net, &options, &teller)
        } else {
            // A range without -z talks to each port in turn; input is there for the first.
            let console = console.take().unwrap_or_else(|| Console::standard().sending(Vec::new()));
            connect(&net, &options, console, &teller)
        };
        match outcome {
            Ok(answer) => code = code.min(answer),
            Err(words) if !words.is_empty() => return Err(words),
            Err(_) => {}
        }
    }
    Ok(code)
}

/// Reads the operands as nc does: a path with -U; a port, or a host and a port, with -l; else a host and ports.
fn place(given: &Given, operands: &[OsString]) -> Result<(OsString, Vec<OsString>), String> {
    if given.switch("unix") {
        return match operands {
            [] => Err("missing socket pathname".to_owned()),
            [path, ..] => Ok((path.clone(), vec![OsString::new()])),
        };
    }
    let (host, port) = match (operands, given.text("port"), given.switch("listen")) {
        ([], Some(port), true) => (OsString::new(), port.to_owned()),
        ([host], Some(port), true) => (host.clone(), port.to_owned()),
        ([port], None, true) => (given.text("source").unwrap_or_default().to_owned(), port.clone()),
        ([host, port, ..], _, _) => (host.clone(), port.clone()),
        ([], _, _) => return Err(usage()),
        ([_], _, false) => return Err("missing port number".to_owned()),
    };
    let ports = port_range(&port).unwrap_or_else(|| vec![port]);
    for port in &ports {
        check_port(port)?;
    }
    Ok((host, ports))
}

/// Judges a port in nc's words.
fn check_port(port: &OsStr) -> Result<(), String> {
    let text = port.to_string_lossy();
    match text.parse::<i64>() {
        Ok(number) if number < 1 && number != 0 => Err(format!("port number too small: {text}")),
        Ok(number) if number > 65535 => Err(format!("port number too large: {text}")),
        Ok(_) => Ok(()),
        Err(_) if name::getservbyname(port.as_encoded_bytes(), None).is_some() => Ok(()),
        Err(_) => Err(format!("port number invalid: {text}")),
    }
}

fn net(given: &Given, host: &OsStr, port: Option<&OsString>) -> Result<Net, String> {
    let transport = match (given.switch("unix"), given.switch("udp")) {
        (true, true) => Transport::UnixDatagram,
        (true, false) => Transport::UnixStream,
        (false, true) => Transport::Udp,
        (false, false) => Transport::Tcp,
    };
    if given.switch("unix") {
        return Ok(Net::unix(transport, host));
    }
    let port = port.map(OsString::as_os_str).unwrap_or_default();
    Net::host(transport, host, port).map_err(|error| error.to_string())
}

fn options(given: &Given) -> Result<Options, String> {
    let seconds = |id, what: &str| match given.text(id) {
        None => Ok(None),
        Some(text) => seconds(&text.to_string_lossy(), what),
    };
    let family = match (given.switch("ipv4"), given.switch("ipv6")) {
        (_, true) => Family::INET6,
        (true, false) => Family::INET,
        (false, false) => Family::UNSPEC,
    };
    let wait = seconds("wait", "timeout")?;
    let text =
        |id| given.text(id).map(|text: &OsStr| text.to_string_lossy().into_owned()).unwrap_or_default();
    let has_source =
        !given.switch("listen") && (given.text("source").is_some() || given.text("port").is_some());
    Ok(Options {
        family,
        numeric: given.switch("no-resolve"),
        resolver: Resolver::system(),
        timeout: wait.filter(|_| !given.switch("listen")),
        idle_timeout: wait,
        idle_is_failure: false,
        quit_after_input: quit_after(given)?,
        // -q N shuts the sending side down too.
        half_close: given.switch("shutdown") || quit_after(given)?.is_some(),
        leave_with_peer: false,
        silence: None,
        source: has_source.then(|| (text("source"), text("port"))),
        recv_only: given.switch("recv-only"),
        crlf: given.switch("crlf"),
        delay: seconds("delay", "interval")?,
        probe_datagrams: given.switch("udp") && given.count("verbose") > 0,
        ..Options::default()
    })
}

fn seconds(text: &str, what: &str) -> Result<Option<Duration>, String> {
    match text.parse::<i64>() {
        Ok(seconds) if seconds < 0 => Err(format!("{what} too small: {text}")),
        Ok(seconds) if seconds > i64::from(i32::MAX) => Err(format!("{what} too large: {text}")),
        Ok(seconds) => Ok(Some(Duration::from_secs(seconds.unsigned_abs()))),
        Err(_) => Err(format!("{what} invalid: {text}")),
    }
}

/// `-q`: a negative number waits for ever, which is the default.
fn quit_after(given: &Given) -> Result<Option<Duration>, String> {
    match given.text("quit").map(OsStr::to_string_lossy) {
        None => Ok(None),
        Some(text) if text.starts_with('-') && text.parse::<i64>().is_ok() => Ok(None),
        Some(text) => seconds(&text, "quit timer"),
    }
}

fn listen(
    given: &Given,
    net: &Net,
    options: &Options,
    console: Console,
    teller: &Teller<'_>,
) -> Result<u8, String> {
    let serve = Serve {
        keep_open: given.switch("keep-open"),
        at_once: 1,
        first_peer_only: !given.switch("keep-open"),
        both_families: false,
        backlog: 5,
        ..Serve::default()
    };
    // -w has no effect on waiting for a peer.
    let endpoint = Endpoint::Listen(net.clone());
    match talk::listen(&endpoint, options, &serve, console, &|event| teller.tell(event, net)) {
        Ok(_) => Ok(0),
        Err(error) => Err(failure(&error, net)),
    }
}

fn connect(net: &Net, options: &Options, console: Console, teller: &Teller<'_>) -> Result<u8, String> {
    let endpoint = Endpoint::Connect(net.clone());
    match talk::connect(&endpoint, options, console, &|event| teller.tell(event, net)) {
        Ok(_) => Ok(0),
        Err(error) => Err(failure(&error, net)),
    }
}

fn ask(net: &Net, options: &Options, teller: &Teller<'_>) -> Result<u8, String> {
    let endpoint = Endpoint::Connect(net.clone());
    match talk::probe(&endpoint, options, &|event| teller.tell(event, net)) {
        // To nc a UDP port that does not refuse is one that works.
        Ok(PortState::Silent) if net.transport == Transport::Udp => Ok(0),
        Ok(PortState::Open) => Ok(0),
        Ok(_) => Ok(FAILED),
        Err(error) => Err(failure(&error, net)),
    }
}

/// Says a failure in nc's words; nothing for what -v has told already.
fn failure(error: &talk::Error, net: &Net) -> String {
    match error {
        talk::Error::Name(error) => {
            let Name::Host { host, port } = &net.name else { return error.to_string() };
            format!("getaddrinfo for host \"{host}\" port {port}: {}", error.message())
        }
        talk::Error::Socket { error, .. } => {
            let message = error.errno().map_or_else(|| error.to_string(), |errno| errno.message().to_owned());
            match (error.op().name(), &net.name) {
                ("connect", Name::Unix(UnixAddress::Path(path))) => {
                    format!("{}: {message}", path.escape_ascii())
                }
                ("bind", _) if error.errno() == Some(Errno::EADDRNOTAVAIL) => {
                    format!("bind failed: {message}")
                }
                ("connect", _) => String::new(),
                _ => message,
            }
        }
        talk::Error::TimedOut { .. } | talk::Error::Interrupted(_) => String::new(),
        error => error.to_string(),
    }
}

/// Says what happens as nc -v does.
struct Teller<'a> {
    name: &'a str,
    verbose: bool,
    numeric: bool,
}

impl Teller<'_> {
    fn tell(&self, event: &Event<'_>, net: &Net) {
        if !self.verbose || sock::rehearsing() {
            return;
        }
        match event {
            Event::Listening { local, transport } => {
                let place = self.place(local);
                if !transport.is_connected() || matches!(local, Address::Unix(_)) {
                    say(&format!("Bound on {place}"));
                }
                if transport.is_connected() {
                    say(&format!("Listening on {place}"));
                }
            }
            Event::Accepted { peer, local, .. } => {
                let from = if matches!(peer, Address::Unix(_)) { local } else { peer };
                say(&format!("Connection received on {}", self.place(from)));
            }
            Event::Connected { peer, host, transport, .. } => self.succeeded(peer, host, *transport),
            Event::Port { peer, host, transport, state: PortState::Open, .. } => {
                self.succeeded(peer, host, *transport);
            }
            Event::Port { peer, host, transport: Transport::Udp, state: PortState::Silent, .. } => {
                self.succeeded(peer, host, Transport::Udp);
            }
            Event::Port { peer, error: Some(error), .. } => self.failed(peer, error, net),
            Event::Failed { peer, error } => self.failed(peer, error, net),
            _ => {}
        }
    }

    fn succeeded(&self, peer: &Address, host: &str, transport: Transport) {
        let Some(ip) = peer.ip() else { return };
        let protocol = transport.word();
        let service = if self.numeric { None } else { name::getservbyport(ip.port(), Some(protocol)) };
        let service = service.unwrap_or_else(|| "*".to_owned());
        let shown = ip.ip().to_string();
        let host = if host == shown { shown } else { format!("{host} ({shown})") };
        say(&format!("Connection to {host} {} port [{protocol}/{service}] succeeded!", ip.port()));
    }

    fn failed(&self, peer: &Address, error: &sock::Error, net: &Net) {
        let Some(ip) = peer.ip() else { return };
        let message = error.errno().map_or_else(|| error.to_string(), |errno| errno.message().to_owned());
        let shown = ip.ip().to_string();
        let host = match &net.name {
            Name::Host { host, .. } if *host != shown => format!("{host} ({shown})"),
            _ => shown,
        };
        let protocol = net.transport.word();
        say(&format!("{}: connect to {host} port {} ({protocol}) failed: {message}", self.name, ip.port()));
    }

    /// An address as nc prints it: a name if there is one, a space, the port as a number.
    fn place(&self, address: &Address) -> String {
        let Some(ip) = address.ip() else { return address.to_string() };
        let flags = name::NI_NUMERICSERV | if self.numeric { name::NI_NUMERICHOST } else { 0 };
        let host = if ip.ip().is_unspecified() { None } else { name::getnameinfo(address, flags).ok() };
        let host = host.map_or_else(|| ip.ip().to_string(), |(host, _)| host);
        format!("{host} {}", ip.port())
    }
}

/// Refuses flags in getopt's words.
fn refuse(name: &str, error: &clap::Error) -> u8 {
    let word = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => word.clone(),
        _ => String::new(),
    };
    let letter = word.trim_start_matches('-').chars().next().unwrap_or('?');
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

fn usage() -> String {
    "usage: nc [-46CdklNnUuvz] [-i interval] [-p source_port] [-q seconds]\n\
     \t  [-s sourceaddr] [-w timeout] [destination] [port]"
        .to_owned()
}

fn say(words: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{words}");
}
