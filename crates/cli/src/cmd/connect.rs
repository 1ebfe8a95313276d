//! `jack connect`: talk to a peer, or ask whether a port is open.

use std::ffi::{OsStr, OsString};

use jackfield::talk::{self, Endpoint, Name, Net, Options, Role};

use super::{common, listen};
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Face, Job, Kind, Record};
use crate::modes::{self, Mode};
use crate::render::events::Teller;
use crate::render::trace;

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "connect",
    about: "Connect and talk: standard input to the peer, its answer back",
    usage: &["jack connect [OPTIONS] HOST PORT", "jack connect [OPTIONS] ENDPOINT"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("echo hello | jack connect localhost 7000", "send a line, print the answer"),
            ("jack connect --trace localhost 7000", "the same, with every socket call shown"),
            ("jack connect -z localhost 20-30", "which of these ports are open?"),
            (
                "jack connect udp://127.0.0.1:53 --data hex:00ff --show hex",
                "a datagram, its answer as a dump",
            ),
            ("jack connect unix:/run/app.sock", "a Unix stream socket"),
            ("jack connect --retry 20 --interval 500ms localhost 5432", "wait until a server is there"),
        ],
        references: &["endpoint", "data", "exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    if given.switch("listen") {
        return listen::run(given);
    }
    let words = given.all("where");
    let targets = targets(given, &words)?;
    mode(given, &targets).check(given)?;
    let has_ports = targets.iter().all(|net| matches!(net.name, Name::Host { .. }));
    if given.text("port").is_some() && !has_ports {
        return Err(Failure::usage("this end has no port: -U and -p exclude each other"));
    }
    let mut options = common::options(given)?;
    options.source = common::source(given)?;
    if options.source.is_some() && targets.iter().any(|net| net.options.bind.is_some()) {
        return Err(Failure::usage("-s and -p are our own address, and so is bind=: leave one of them out"));
    }
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let teller = Teller::new(Face::Connect, given);
    options.audience = teller.audience();
    if given.switch("zero") {
        let ends: Vec<_> = targets.into_iter().map(Endpoint::Connect).collect();
        common::lower_privileges(&ends)?;
        return ask(&ends, &options, &teller);
    }
    let [net] = &targets[..] else {
        return Err(Failure::usage("a range of ports goes with -z: only one can be talked to"));
    };
    let console = common::console(given)?;
    let endpoint = Endpoint::Connect(net.clone());
    common::lower_privileges([&endpoint])?;
    let why = talk::connect(&endpoint, &options, console, &|event| teller.tell(event))?;
    Ok(common::exit_of(why))
}

/// Says in which way the job runs.
fn mode(given: &Given, targets: &[Net]) -> &'static Mode {
    let connected = targets.iter().all(|net| net.transport.is_connected());
    match (given.switch("zero"), connected) {
        (true, true) => &modes::ASK,
        (true, false) => &modes::ASK_DATAGRAMS,
        (false, true) => &modes::CONNECT,
        (false, false) => &modes::CONNECT_DATAGRAMS,
    }
}

/// Reads the operands: HOST PORT, HOST RANGE, PATH with -U, or one ENDPOINT.
fn targets(given: &Given, words: &[OsString]) -> Result<Vec<Net>, Failure> {
    let transport = common::transport(given);
    match words {
        [] => Err(Failure::usage("expected HOST PORT, or an endpoint such as tcp://localhost:80")),
        [path] if given.switch("unix") => Ok(vec![common::unix_place(given, path, Role::Connect)?]),
        [_, _] if given.switch("unix") => Err(Failure::usage("-U takes one operand, the path of the socket")),
        [word] => Ok(vec![common::endpoint(given, word, Role::Connect)?]),
        [host, _, ..] if host.is_empty() => {
            Err(Failure::usage("the host is empty: write localhost for this machine"))
        }
        [host, ports, ..] => {
            let ports = port_range(ports).unwrap_or_else(|| vec![ports.clone()]);
            ports.iter().map(|port| Ok(Net::host(transport, host, port)?)).collect()
        }
    }
}

/// Reads `20-30`, either way round; `None` for anything that is no range.
pub(crate) fn port_range(word: &OsStr) -> Option<Vec<OsString>> {
    let (first, last) = word.to_str()?.split_once('-')?;
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    let ports = first.min(last)..=first.max(last);
    Some(ports.map(|port| port.to_string().into()).collect())
}

/// Asks each port; the answer is yes if one is open.
fn ask(ends: &[Endpoint], options: &Options, teller: &Teller) -> Outcome {
    match talk::probe_all(ends, options, &|event| teller.tell(event)) {
        Ok(true) | Err(talk::Error::OutputClosed) => Ok(Exit::Done),
        Ok(false) => Ok(Exit::No),
        Err(error) => Err(error.into()),
    }
}
