//! `jack relay`: join two endpoints both ways.

use jackfield::sock;
use jackfield::talk::{self, Endpoint, Serve};

use super::common;
use crate::args::Given;
use crate::exit::{Failure, Outcome};
use crate::face::Face;
use crate::modes;
use crate::render::events::Teller;
use crate::render::trace;

/// How many conversations there are at once if nothing else is said: each is a thread and two descriptors.
const AT_ONCE: usize = 1024;

/// Runs the job.
pub(crate) fn run(given: &Given) -> Outcome {
    let words = given.all("ends");
    let [left, right] = &words[..] else {
        return Err(Failure::usage(
            "expected two endpoints, such as: jack relay listen:tcp://:8080 localhost:80",
        ));
    };
    modes::RELAY.check(given)?;
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
