//! `jack listen`: wait for a peer, or for many, and talk.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use jackfield::talk::{self, Endpoint, Net, Reply, Role, Serve, Why};

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Face, Job, Kind, Record};
use crate::modes::{self, Mode};
use crate::render::events::Teller;
use crate::render::trace;

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "listen",
    about: "Wait for a peer, or for many, and talk",
    usage: &["jack listen [OPTIONS] [HOST] PORT", "jack listen [OPTIONS] ENDPOINT"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack listen 7000", "wait for one peer and talk"),
            ("echo 'I got your message' | jack listen -l -p 54321", "as fingers know it from nc"),
            ("jack listen -k --reply echo 7000", "give each of many clients its first words back"),
            ("jack listen -u 2222", "datagrams, from any number of peers"),
            ("jack listen --trace 80", "see why ports below 1024 are refused, and the fix"),
        ],
        references: &["endpoint", "data", "exit"],
    }),
};

/// Runs the job.
pub(super) fn run(given: &Given) -> Outcome {
    let net = place(given, &given.all("where"))?;
    mode(given, &net).check(given)?;
    let mut options = common::options(given)?;
    let serve = serve(given)?;
    if given.duration("timeout").is_some() && (serve.keep_open || !net.transport.is_connected()) {
        return Err(Failure::usage(
            "--timeout is the time until one conversation stands; a server of many ends by --idle-timeout",
        ));
    }
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let mut console = common::console(given)?;
    if serve.reply.is_some()
        && given.count("verbose") > 0
        && given.text("output").is_none()
        && std::io::stdout().is_terminal()
    {
        // -v tells each message with its sender; a person need not read it twice.
        console = console.quiet();
    }
    let teller = Teller::new(Face::Listen, given);
    options.audience = teller.audience();
    let endpoint = Endpoint::Listen(net);
    common::lower_privileges([&endpoint])?;
    let why = talk::listen(&endpoint, &options, &serve, console, &|event| teller.tell(event))?;
    // Ctrl-C is the normal end of a server; of one conversation it is an interruption.
    let is_server =
        serve.keep_open || matches!(&endpoint, Endpoint::Listen(net) if !net.transport.is_connected());
    match why {
        Why::Interrupted if !is_server => Ok(Exit::Interrupted),
        why => Ok(common::exit_of(why)),
    }
}

/// Says in which way the job runs.
fn mode(given: &Given, net: &Net) -> &'static Mode {
    match (net.transport.is_connected(), given.switch("keep-open"), given.text("reply").is_some()) {
        (false, ..) => &modes::LISTEN_TO_DATAGRAMS,
        (true, true, _) => &modes::LISTEN_TO_ALL,
        (true, false, true) => &modes::LISTEN_AND_REPLY,
        (true, false, false) => &modes::LISTEN,
    }
}

/// Reads the operands: PORT, HOST PORT, `-p PORT` with or without HOST, PATH with -U, or one ENDPOINT.
fn place(given: &Given, words: &[OsString]) -> Result<Net, Failure> {
    let transport = common::transport(given);
    let own = given.text("source").unwrap_or_default();
    let host_and_port = |host: &OsStr, port: &OsStr| Ok(Net::host(transport, host, port)?);
    let port_alone = matches!((words, given.text("port")), ([], Some(_)))
        || matches!(words, [word] if given.text("port").is_none() && is_port(word));
    if given.text("source").is_some() && (given.switch("unix") || !port_alone && !words.is_empty()) {
        return Err(Failure::usage(
            "-s (--source) is the address to listen at, and the operand has one already: leave one of them out",
        ));
    }
    match (words, given.text("port")) {
        ([path], None) if given.switch("unix") => common::unix_place(given, path, Role::Listen),
        (_, Some(_)) if given.switch("unix") => {
            Err(Failure::usage("a Unix socket has no port: -U and -p exclude each other"))
        }
        ([], Some(port)) => host_and_port(own, port),
        ([host], Some(port)) => host_and_port(host, port),
        ([], None) => {
            Err(Failure::usage("expected a PORT to listen at, or an endpoint such as unix:/tmp/socket"))
        }
        ([word], None) if is_port(word) => host_and_port(own, word),
        ([word], None) => common::endpoint(given, word, Role::Listen),
        ([host, port], None) if !given.switch("unix") => host_and_port(host, port),
        _ => Err(Failure::usage("too many operands: expected PORT, HOST PORT, or one endpoint")),
    }
}

/// Tells a port or service from an endpoint.
fn is_port(word: &OsStr) -> bool {
    let bytes = word.as_encoded_bytes();
    word != "-" && !bytes.contains(&b':') && !bytes.starts_with(b"/")
}

fn serve(given: &Given) -> Result<Serve, Failure> {
    let reply = match given.text("reply") {
        None => None,
        Some(word) if word == "echo" => Some(Reply::Echo),
        Some(word) => Some(Reply::Bytes(common::bytes_of("--reply", &[word.to_owned()])?.into())),
    };
    if reply.is_some() && !given.all("data").is_empty() {
        return Err(Failure::usage(
            "--data and --reply exclude each other: --data is said at once, --reply after the first data",
        ));
    }
    let at_once = common::at_once(given)?.unwrap_or(usize::MAX);
    let backlog = common::backlog(given);
    Ok(Serve { keep_open: given.switch("keep-open"), at_once, reply, backlog, ..Serve::default() })
}
