//! `jack gen`: the manual page and shell completions, from the same table as everything else.

mod completions;
mod man;

use std::io::Write;

use clap_complete::Shell;

use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;

/// Runs the job.
pub(crate) fn run(given: &Given) -> Outcome {
    let text = match given.part() {
        Some(("man", part)) => {
            let job = part.choice("job").and_then(|name| Face::ALL.iter().find(|face| face.name() == name));
            match job {
                Some(face) => man::of_job(*face),
                None => man::whole(),
            }
            .map_err(Failure::failed)?
        }
        Some(("completions", part)) => match part.value::<Shell>("shell") {
            Some(shell) => completions::script(shell),
            None => return Err(Failure::usage("expected the name of a shell")),
        },
        _ => return Err(Failure::usage("expected man or completions")),
    };
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::failed(error)),
        _ => Ok(Exit::Done),
    }
}
