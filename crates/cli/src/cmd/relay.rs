//! `jack relay`: join two endpoints both ways.

use jackfield::talk::{self, Endpoint, Serve};

use super::common;
use crate::args::Given;
use crate::exit::{Failure, Outcome};
use crate::face::Face;
use crate::modes;
use crate::render::events::Teller;
use crate::render::trace;

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
    let serve = Serve { keep_open: given.switch("keep-open"), backlog, ..Serve::default() };
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let teller = Teller::new(Face::Relay, given);
    options.audience = teller.audience();
    common::lower_privileges([&left, &right])?;
    let why = talk::relay(&left, &right, &options, &serve, &|event| teller.tell(event))?;
    Ok(common::exit_of(why))
}
