//! `jack relay`: join two endpoints both ways.

use jackfield::sock;
use jackfield::talk::{self, Endpoint, Serve};

use super::common;
use crate::args::Given;
use crate::exit::{Failure, Outcome};
use crate::face::{Face, Job, Kind, Record};
use crate::modes;
use crate::render::events::Teller;
use crate::render::trace;

/// How many conversations there are at once if nothing else is said: each is a thread and two descriptors.
const AT_ONCE: usize = 1024;

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "relay",
    about: "Join two endpoints both ways",
    usage: &["jack relay [OPTIONS] ENDPOINT ENDPOINT"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack relay -k listen:tcp://:8080 localhost:80", "a port on this machine for one elsewhere"),
            ("jack relay listen:unix:/tmp/db.sock tcp://localhost:5432", "a Unix socket for a TCP server"),
            ("jack relay - udp://127.0.0.1:53", "the same as connect, spelled out"),
        ],
        references: &["endpoint", "exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let words = given.all("ends");
    let [left, right] = &words[..] else {
        return Err(Failure::usage(
            "expected two endpoints, such as: jack relay listen:tcp://:8080 localhost:80",
        ));
    };
    let mode = if given.switch("keep-open") { &modes::RELAY_FOR_ALL } else { &modes::RELAY };
    mode.check(given)?;
    let (left, right) = (Endpoint::parse(left)?, Endpoint::parse(right)?);
    let mut options = common::options(given)?;
    let backlog = common::backlog(given);
    let at_once = common::at_once(given)?.unwrap_or(AT_ONCE);
    let serve = Serve { keep_open: given.switch("keep-open"), at_once, backlog, ..Serve::default() };
    let has_this_side = [&left, &right].into_iter().any(|end| *end == Endpoint::Stdio);
    if given.choice("show").is_some() && !has_this_side {
        return Err(Failure::usage("--show goes with an end -: it is how standard output shows what comes"));
    }
    if serve.keep_open && !sock::rehearsing() {
        sock::share_one_heap();
    }
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let console = if has_this_side { Some(common::console(given)?) } else { None };
    let teller = Teller::new(Face::Relay, given);
    options.audience = teller.audience();
    common::lower_privileges([&left, &right])?;
    let why = talk::relay(&left, &right, &options, &serve, console, &|event| teller.tell(event))?;
    Ok(common::exit_of(why))
}
