//! The dialect of OpenBSD's nc as Debian has it (1.219): its flags, defaults, messages and exit codes.
//!
//! Where nc differs from our own rules, so does this: no FIN at the end of input without `-N`; a client stays while
//! standard input is open; `-w` is connect and idle timeout and no failure; a connection that breaks is no failure
//! either; `-q N` stays N seconds after both sides have ended; `-k` serves one client after another; `-l` waits on IPv4
//! alone unless told, and with `-6` takes IPv4 clients too; a datagram server speaks with its first peer; a Unix socket's
//! file stays, and gives way to the next. Source: nc(1), and runs of the tool, with which
//! `tests/dialect_nc.rs` compares this. What differs on purpose stands at the end of that file.

mod values;
mod words;

use std::collections::hash_map::RandomState;
use std::ffi::{OsStr, OsString};
use std::hash::BuildHasher;
use std::time::Duration;

use jackfield::sock::name::{self, Hints, Resolver};
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{self, Deadline, Family, Type};
use jackfield::talk::{self, Console, Endpoint, Net, Options, Serve, Transport, Why};

use self::values::SocketOptions;
use self::words::{Teller, say};
use crate::args::{self, Given};
use crate::cmd::connect::port_range;
use crate::face::{Dialect, Face, Kind, Record};

/// Every failure of nc is a 1.
const FAILED: u8 = 1;

/// Why nc fails: its words, or none where it keeps the reason to itself.
type Refusal = Option<String>;

/// What is known of the dialect; the other names are those that Debian gives it.
pub(crate) const DIALECT: Record = Record {
    name: "nc",
    about: "OpenBSD's nc: arbitrary TCP and UDP connections and listens",
    usage: &["nc [OPTIONS] [destination] [port]"],
    kind: Kind::Dialect(Dialect { aliases: &["netcat", "nc.openbsd"], run, rehearse }),
};

/// Runs the dialect; returns the exit code.
fn run(called: &OsStr, words: Vec<OsString>) -> u8 {
    let name = &super::base(called);
    let command = args::command(Face::Nc);
    let given = match command.try_get_matches_from(std::iter::once("nc".into()).chain(words)) {
        Ok(matches) => Given::new(matches),
        Err(error) => return words::refuse(name, &error),
    };
    match perform(name, &given) {
        Ok(code) => code,
        Err(words) => {
            if let Some(words) = words {
                let is_usage = words == words::usage();
                say(&if is_usage { words } else { format!("{name}: {words}") });
            }
            FAILED
        }
    }
}

/// Runs the dialect with the door in dry mode: what it would say is not said.
fn rehearse(called: &OsStr, words: Vec<OsString>) -> Result<(), String> {
    let name = &super::base(called);
    let command = args::command(Face::Nc);
    let matches = command
        .try_get_matches_from(std::iter::once("nc".into()).chain(words))
        .map_err(|error| error.to_string().trim_start_matches("error: ").trim_end().to_owned())?;
    match perform(name, &Given::new(matches)) {
        // nc keeps some failures to itself, and so ends a rehearsal that was interrupted.
        Ok(_) | Err(None) => Ok(()),
        Err(Some(words)) => Err(words),
    }
}

/// One command line, read.
struct Call<'a> {
    given: &'a Given,
    host: OsString,
    ports: Vec<OsString>,
    socket: SocketOptions,
    quit: Option<Duration>,
    teller: Teller<'a>,
}

// No signal is caught: as with nc, Ctrl-C ends the process.
fn perform(name: &str, given: &Given) -> Result<u8, Refusal> {
    // What options() reads is judged first, as nc does while it reads its options.
    options(given)?;
    let socket = SocketOptions::read(given)?;
    check_combinations(given)?;
    let (host, ports) = place(given, &given.all("where"))?;
    let quit = values::quit(given)?;
    let teller = Teller::new(name, given);
    let call = Call { given, host, ports, socket, quit, teller };
    let keep = if given.switch("unix") { Keep::NetworkAndFiles } else { Keep::Network };
    privilege::lower(keep).map_err(|error| Some(error.to_string()))?;
    if given.switch("listen") { call.listen() } else { call.connect_to_all() }
}

fn check_combinations(given: &Given) -> Result<(), Refusal> {
    let refuse = |words: &str| Err(Some(words.to_owned()));
    if given.switch("listen") && given.switch("zero") {
        return refuse("cannot use -z and -l");
    }
    if given.switch("keep-open") && !given.switch("listen") {
        return refuse("must use -l with -k");
    }
    Ok(())
}

/// Reads the operands as nc does: a path with -U; a port, or a host and a port, with -l; else a host and ports.
fn place(given: &Given, operands: &[OsString]) -> Result<(OsString, Vec<OsString>), Refusal> {
    let listens = given.switch("listen");
    if given.switch("unix") {
        return match operands {
            [] if listens => Err(Some("missing socket pathname".to_owned())),
            [] => Err(Some(words::usage())),
            [path] => Ok((path.clone(), vec![OsString::new()])),
            _ => Err(Some("cannot use port with -U".to_owned())),
        };
    }
    let own = given.text("source").map(OsStr::to_owned);
    let (host, ports) = match (operands, given.text("port")) {
        ([], Some(port)) if listens => (own.unwrap_or_default(), vec![port.to_owned()]),
        ([], None) if listens => return Err(Some("missing port number".to_owned())),
        ([port], None) if listens && own.is_none() => (OsString::new(), vec![port.clone()]),
        ([host, port], None) if listens && own.is_none() => (host.clone(), vec![port.clone()]),
        _ if listens => return Err(Some(words::usage())),
        ([], _) => return Err(Some(words::usage())),
        ([_], _) => return Err(Some("missing port number".to_owned())),
        ([host, ports @ ..], _) => (host.clone(), ports.to_vec()),
    };
    if listens {
        let known = ports.iter().all(|port| words::number_or_service(port));
        return if known { Ok((host, ports)) } else { Err(Some(words::unknown_service())) };
    }
    let mut all = Vec::new();
    for port in &ports {
        all.extend(destination_ports(port)?);
    }
    if given.switch("random") {
        // A hash with a key of the day is random enough to mix ports.
        let keys = RandomState::new();
        all.sort_by_cached_key(|port| keys.hash_one(port));
    }
    Ok((host, all))
}

/// Reads a port, a service or a range of ports to connect to.
fn destination_ports(port: &OsStr) -> Result<Vec<OsString>, Refusal> {
    let text = port.to_string_lossy();
    if let Some(service) = name::getservbyname(port.as_encoded_bytes(), None) {
        return Ok(vec![service.to_string().into()]);
    }
    // A range begins with a digit: "-5" is a number that is too small.
    let parts = text.split_once('-').filter(|(first, _)| !first.is_empty());
    let (first, last) = parts.unwrap_or((&text, &text));
    for part in [first, last] {
        values::number(part, "port number", 1, 65535)?;
    }
    Ok(port_range(port).unwrap_or_else(|| vec![first.trim_ascii_start().trim_start_matches('+').into()]))
}

/// Makes the options of the conversation, but for those of the socket.
fn options(given: &Given) -> Result<Options, Refusal> {
    let family = match (given.switch("ipv4"), given.switch("ipv6")) {
        (_, true) => Family::INET6,
        (true, false) => Family::INET,
        (false, false) => Family::UNSPEC,
    };
    let (listens, udp) = (given.switch("listen"), given.switch("udp"));
    let wait = values::wait(given)?;
    let delay = values::interval(given)?;
    let quit = values::quit(given)?;
    let max_count = values::max_count(given)?;
    let text = |id| given.text(id).map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    let has_source = !listens && (given.text("source").is_some() || given.text("port").is_some());
    let serves_datagrams = listens && udp && given.switch("keep-open");
    Ok(Options {
        family,
        numeric: given.switch("no-resolve"),
        resolver: Resolver::system(),
        timeout: wait.filter(|_| !listens),
        // A server of datagrams waits for ever.
        idle_timeout: wait.filter(|_| !serves_datagrams),
        idle_is_failure: false,
        // Datagrams have no end to wait for; a connection is waited for, and then N seconds more.
        quit_after_input: quit.filter(|quit| udp || listens && !quit.is_zero()),
        half_close: given.switch("shutdown") || quit.is_some(),
        leave_with_peer: listens || given.switch("recv-only"),
        pause_after_peer: Duration::ZERO,
        silence: None,
        source: has_source.then(|| (text("source"), text("port"))),
        recv_only: given.switch("recv-only") || serves_datagrams,
        crlf: given.switch("crlf"),
        delay,
        max_count,
        probe_datagrams: given.count("verbose") > 0,
        patient: true,
        ..Options::default()
    })
}

impl Call<'_> {
    fn options(&self, family: Family) -> Result<Options, Refusal> {
        let mut options = options(self.given)?;
        if !self.given.switch("unix") {
            options.settings = self.socket.settings(family)?;
        }
        if self.socket.depend_on_family() {
            options.family = family;
        }
        Ok(options)
    }

    /// Lists the families to try: one, unless a socket option has another name in each.
    fn families(&self, port: &OsStr) -> Result<Vec<Family>, Refusal> {
        let options = options(self.given)?;
        if options.family != Family::UNSPEC || !self.socket.depend_on_family() || self.given.switch("unix") {
            return Ok(vec![options.family]);
        }
        let hints = Hints {
            kind: Type::STREAM,
            flags: if options.numeric { name::AI_NUMERICHOST } else { 0 },
            ..Hints::default()
        };
        let host = self.host.as_encoded_bytes();
        let found = options.resolver.getaddrinfo(
            Some(host).filter(|host| !host.is_empty()),
            Some(port.as_encoded_bytes()),
            &hints,
        );
        let mut families = Vec::new();
        // A name that leads nowhere is told by who connects.
        for family in found.unwrap_or_default().into_iter().map(|info| info.family) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
        if families.is_empty() || self.given.switch("listen") {
            families.insert(0, Family::INET);
        }
        Ok(families)
    }

    fn net(&self, port: &OsStr) -> Result<Net, Refusal> {
        let transport = match (self.given.switch("unix"), self.given.switch("udp")) {
            (true, true) => Transport::UnixDatagram,
            (true, false) => Transport::UnixStream,
            (false, true) => Transport::Udp,
            (false, false) => Transport::Tcp,
        };
        if self.given.switch("unix") {
            return Ok(Net::unix(transport, &self.host));
        }
        Net::host(transport, &self.host, port).map_err(|error| Some(error.to_string()))
    }

    fn listen(&self) -> Result<u8, Refusal> {
        let port = self.ports.first().cloned().unwrap_or_default();
        let net = self.net(&port)?;
        let family = self.families(&port)?.first().copied().unwrap_or(Family::INET);
        let keep_open = self.given.switch("keep-open");
        let serve = Serve {
            keep_open,
            in_turn: true,
            first_peer_only: !keep_open,
            both_families: false,
            replace_file: true,
            backlog: 5,
            ..Serve::default()
        };
        let endpoint = Endpoint::Listen(net.clone());
        let options = self.options(family)?;
        let tell = |event: &talk::Event<'_>| self.teller.tell(event, &net);
        let outcome = talk::listen(&endpoint, &options, &serve, Console::standard(), &tell);
        // The quit timer of a server has run while it talked.
        self.teller.outcome(outcome, &net).map(|_| 0)
    }

    /// Connects to each port; the answer is yes if one could be connected to.
    fn connect_to_all(&self) -> Result<u8, Refusal> {
        if !self.given.switch("unix") && self.host.is_empty() {
            let port = self.ports.first().map(|port| port.to_string_lossy()).unwrap_or_default();
            return Err(Some(words::unknown_host("", &port)));
        }
        let mut code = FAILED;
        let mut console = Some(Console::standard());
        for port in &self.ports {
            match self.connect_to(port, &mut console) {
                Ok(()) => code = 0,
                Err(None) => {}
                Err(words) => return Err(words),
            }
        }
        Ok(code)
    }

    fn connect_to(&self, port: &OsStr, console: &mut Option<Console>) -> Result<(), Refusal> {
        let net = self.net(port)?;
        let endpoint = Endpoint::Connect(net.clone());
        let asks = self.given.switch("zero");
        let tell = |event: &talk::Event<'_>| self.teller.tell(event, &net);
        let mut outcome = Err(None);
        for family in self.families(port)? {
            let mut options = self.options(family)?;
            let console = if asks {
                options.send_only = true;
                Console::standard().silent().quiet()
            } else {
                // A range without -z talks to each port in turn; input is there for the first.
                console.take().unwrap_or_else(|| Console::standard().silent())
            };
            options.probe_datagrams &= net.transport == Transport::Udp;
            outcome = self.teller.outcome(talk::connect(&endpoint, &options, console, &tell), &net);
            if !matches!(outcome, Err(None)) {
                break;
            }
        }
        let why = outcome?;
        if let Some(quit) = self.quit.filter(|_| net.transport.is_connected() && !asks)
            && !matches!(why, Why::Idle(_) | Why::Enough(_))
        {
            pause(quit);
        }
        Ok(())
    }
}

fn pause(time: Duration) {
    // No signal is caught, so nothing but time ends it.
    let _ = sock::wait_any(&mut Vec::new(), Deadline::after(time));
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use proptest::prelude::*;

    use super::*;

    /// Reads a command line as far as no call is made.
    fn read(words: Vec<Vec<u8>>) {
        let words = words.into_iter().map(OsString::from_vec);
        let command = args::command(Face::Nc);
        let Ok(matches) = command.try_get_matches_from(std::iter::once("nc".into()).chain(words)) else {
            return;
        };
        let given = Given::new(matches);
        let _ = (options(&given).is_ok(), SocketOptions::read(&given).is_ok(), check_combinations(&given));
        let _ = (values::quit(&given).is_ok(), place(&given, &given.all("where")));
    }

    proptest! {
        #[test]
        fn no_words_are_a_panic(words in prop::collection::vec(any::<Vec<u8>>(), 0..5)) {
            read(words);
        }

        #[test]
        fn no_flags_are_a_panic(
            words in prop::collection::vec("-[a-zA-Z0-9]{1,3}|[0-9:,-]{0,12}|[a-z.]{0,8}|-[ipqswIMmTVX]\\PC{0,9}", 0..6),
        ) {
            read(words.into_iter().map(String::into_bytes).collect());
        }
    }
}
