//! `jack gen`: the manual page and shell completions, from the same table as everything else.

mod completions;
mod man;

use std::io::Write;

use clap_complete::Shell;

use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Face, Job, Kind, Record};

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "gen",
    about: "Print the manual page or shell completions",
    usage: &["jack gen man [JOB]", "jack gen completions SHELL"],
    kind: Kind::Job(Job {
        run,
        plans: false,
        examples: &[
            ("jack gen man > jack.1", "the manual page, all jobs in one"),
            ("jack gen man connect | man -l -", "the page of one job, at once"),
            ("source <(jack gen completions bash)", "completions, in this shell"),
            ("jack gen completions fish > ~/.config/fish/completions/jack.fish", "completions, to stay"),
        ],
        references: &["exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let text = match given.part() {
        Some(("man", part)) => {
            let job = part.choice("job").and_then(Face::job);
            match job {
                Some(face) => man::of_job(face),
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
