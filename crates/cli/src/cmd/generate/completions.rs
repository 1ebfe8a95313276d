//! Completions: what clap_complete makes, and what it leaves out.
//!
//! It does not know that a value may have to be joined by `=` (`--trace=json`; `--trace json` is another thing), and in
//! fish it knows no operands. References: bash(1) Programmable Completion, zshcompsys(1), fish's complete(1).

use std::fmt::Write as _;

use clap::{Arg, Command};
use clap_complete::Shell;

use crate::args;

/// Makes the script of a shell.
pub(crate) fn script(shell: Shell) -> String {
    let mut jack = args::jack();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut jack, "jack", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        Shell::Bash => bash(script, &jack),
        Shell::Zsh => zsh(script, &jack),
        Shell::Fish => fish(&script, &jack),
        _ => script,
    }
}

/// bash cuts `--trace=js` into three words, `--trace`, `=` and `js`: a function before clap's puts them together, and
/// lets a value of a joined flag follow nothing but the `=`. Behind `explain --` it completes the command that stands
/// there.
fn bash(mut script: String, jack: &Command) -> String {
    let joined: Vec<_> = joined(jack).iter().map(|long| format!("--{long}")).collect();
    script.push_str(&BASH.replace("JOINED", &joined.join("|")));
    script
}

const BASH: &str = r#"
_jack_words() {
    local cur="$2" prev="$3" i
    if [[ "${COMP_WORDS[1]}" == explain ]]; then
        for ((i = 2; i < COMP_CWORD; i++)); do
            if [[ "${COMP_WORDS[i]}" == -- ]]; then
                [[ "${COMP_WORDS[i+1]}" == jack ]] && ((i + 1 < COMP_CWORD)) && ((i++))
                COMP_WORDS=("$1" "${COMP_WORDS[@]:i+1}")
                ((COMP_CWORD -= i))
                prev="${COMP_WORDS[COMP_CWORD-1]}"
                break
            fi
        done
    fi
    if [[ "${COMP_WORDS[COMP_CWORD]}" == = ]]; then
        cur="" prev="${COMP_WORDS[COMP_CWORD-1]}"
    elif [[ "${prev}" == = ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
    else
        case "${prev}" in
            JOINED) prev="" ;;
        esac
    fi
    _jack "$1" "${cur}" "${prev}"
}
complete -F _jack_words -o nosort -o bashdefault -o default jack 2>/dev/null ||
    complete -F _jack_words -o bashdefault -o default jack
"#;

/// `--trace=-[` takes its value in the same word alone: zshcompsys(1), _arguments.
fn zsh(script: String, jack: &Command) -> String {
    joined(jack)
        .iter()
        .fold(script, |script, long| script.replace(&format!("'--{long}=["), &format!("'--{long}=-[")))
}

/// Without `-r` fish offers a value after `=` alone; operands get lines of their own.
fn fish(script: &str, jack: &Command) -> String {
    let joined = joined(jack);
    let mut out = String::new();
    for line in script.lines() {
        let is_joined =
            line.starts_with("complete ") && joined.iter().any(|long| line.contains(&format!(" -l {long} ")));
        let line = if is_joined { line.replace(" -r -f -a ", " -f -a ") } else { line.to_owned() };
        out.push_str(&line);
        out.push('\n');
    }
    // clap's own condition fails while a value is missing, so the flags before a job get a simpler one.
    let jobs: Vec<_> = jack.get_subcommands().map(Command::get_name).collect();
    let jobs = jobs.join(" ");
    for flag in jack.get_opts() {
        for value in flag.get_value_parser().possible_values().into_iter().flatten() {
            let (long, value) = (flag.get_long().unwrap_or_default(), value.get_name());
            let seen = format!("not __fish_seen_subcommand_from {jobs}");
            let _ = writeln!(out, "complete -c jack -n \"{seen}\" -l {long} -r -f -a {value}");
        }
    }
    for job in jack.get_subcommands() {
        let seen = format!("__fish_jack_using_subcommand {}", job.get_name());
        operands(&mut out, &seen, job);
        for part in job.get_subcommands() {
            operands(&mut out, &format!("{seen}; and __fish_seen_subcommand_from {}", part.get_name()), part);
        }
    }
    out
}

fn operands(out: &mut String, seen: &str, command: &Command) {
    for operand in command.get_positionals() {
        for value in operand.get_value_parser().possible_values().into_iter().flatten() {
            let help =
                value.get_help().map(|help| help.to_string().replace(['\\', '\''], "")).unwrap_or_default();
            let _ = writeln!(out, "complete -c jack -n \"{seen}\" -f -a {} -d '{help}'", value.get_name());
        }
    }
}

/// Lists the long flags whose value is joined by `=`.
fn joined(jack: &Command) -> Vec<String> {
    let flags = jack.get_subcommands().flat_map(Command::get_arguments);
    let mut names: Vec<_> = flags
        .filter(|arg| arg.is_require_equals_set())
        .filter_map(Arg::get_long)
        .map(str::to_owned)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
