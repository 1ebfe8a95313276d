//! `jack gen`: the manual page and shell completions, from the same table as everything else.

use std::io::Write;

use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::{self, Given};
use crate::exit::{Exit, Failure, Outcome};

/// Runs the job.
pub(crate) fn run(given: &Given) -> Outcome {
    let words = given.all("what");
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let mut page = Vec::new();
    match &words[..] {
        ["man"] => Man::new(args::jack()).render(&mut page).map_err(Failure::failed)?,
        ["man", name] => {
            let jack = args::jack();
            let Some(command) = jack.find_subcommand(name) else {
                return Err(Failure::usage(format!("jack has no command '{}'", name.escape_debug())));
            };
            let command = command.clone().name(format!("jack-{name}")).bin_name(format!("jack {name}"));
            Man::new(command).render(&mut page).map_err(Failure::failed)?;
        }
        ["completions", shell] => {
            let shell: Shell = shell.parse().map_err(|_| {
                Failure::usage("completions are made for bash, zsh, fish, elvish and powershell")
            })?;
            clap_complete::generate(shell, &mut args::jack(), "jack", &mut page);
        }
        _ => return Err(Failure::usage("expected: man, man COMMAND, or completions SHELL")),
    }
    match std::io::stdout().write_all(&page) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::failed(error)),
        _ => Ok(Exit::Done),
    }
}
