//! `jack connect`: talk to a peer, or ask whether a port is open.

use std::ffi::{OsStr, OsString};

use jackfield::talk::{self, Endpoint, Name, Net, Options, Role};

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;
use crate::modes::{self, Mode};
use crate::render::events::Teller;
use crate::render::trace;

/// Runs the job.
pub(crate) fn run(given: &Given) -> Outcome {
    let words = given.all("where");
    let targets = targets(given, &words)?;
    mode(given, &targets).check(given)?;
    let has_ports = targets.iter().all(|net| matches!(net.name, Name::Host { .. }));
    if given.text("port").is_some() && !has_ports {
        return Err(Failure::usage("this end has no port: -U and -p exclude each other"));
    }
    let mut options = common::options(given)?;
    options.source = common::source(given)?;
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
        [path] if given.switch("unix") => Ok(vec![Net::unix(transport, path)]),
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
