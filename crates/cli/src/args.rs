//! From the table of flags to clap's commands, and from what was typed to values.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use clap::builder::{OsStringValueParser, PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::face::Face;
use crate::flags::{self, Flag, Kind, Takes};
use crate::units;

/// Makes the command `jack` with all its jobs.
pub(crate) fn jack() -> Command {
    let mut jack = Command::new("jack")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The socket tool: talk, listen and relay, with every socket call visible")
        .after_help("jack tour shows it in a minute. jack COMMAND --help has the examples.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(Arg::new("dialect").long("dialect").value_name("TOOL").help(
            "Speak another tool's flags, messages and exit codes: nc (a link by that name does the same)",
        ));
    for face in Face::ALL.iter().filter(|face| face.is_job()) {
        jack = jack.subcommand(command(*face));
    }
    jack
}

/// Makes the command of one face.
pub(crate) fn command(face: Face) -> Command {
    let mut command = Command::new(face.name()).about(face.about()).after_long_help(examples(face));
    for flag in flags::of(face) {
        command = command.arg(arg(flag, face));
    }
    if face.is_job() { command } else { command.disable_help_flag(true).disable_version_flag(true) }
}

fn examples(face: Face) -> String {
    let mut text = String::from("Examples:\n");
    for (line, what) in face.examples() {
        text.push_str(&format!("  {line}\n      {what}\n"));
    }
    text
}

fn arg(flag: &'static Flag, face: Face) -> Arg {
    let mut arg = Arg::new(flag.id).help(flag.help);
    if !flag.more.is_empty() {
        arg = arg.long_help(format!("{}. {}", flag.help, flag.more));
    }
    if let Some(long) = flag.long.filter(|_| face.is_job()) {
        arg = arg.long(long);
    }
    if let Some(short) = flag.short {
        arg = arg.short(short);
    }
    // getopt takes whatever follows as the value; so do we for another tool's flags.
    let other_tool = !face.is_job();
    match flag.takes {
        Takes::Switch => arg.action(ArgAction::SetTrue).overrides_with(flag.id),
        Takes::Count => arg.action(ArgAction::Count),
        Takes::One(kind) => value(arg, kind, other_tool).action(ArgAction::Set).overrides_with(flag.id),
        Takes::Many(kind) => value(arg, kind, other_tool).action(ArgAction::Append),
        Takes::Maybe(kind, missing) => value(arg, kind, other_tool)
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value(missing),
        Takes::Operands(least, most) => arg
            .value_name(flag.id.to_uppercase())
            .value_parser(OsStringValueParser::new())
            .action(ArgAction::Append)
            .num_args(least.max(1)..=most)
            .required(least > 0),
        Takes::Rest => arg
            .value_name("COMMAND")
            .value_parser(OsStringValueParser::new())
            .action(ArgAction::Append)
            .num_args(1..)
            .last(true),
    }
}

fn value(arg: Arg, kind: Kind, any: bool) -> Arg {
    // So that -3 is told to be no duration, and not to be no flag.
    let is_quantity = matches!(kind, Kind::Duration | Kind::Size | Kind::Number | Kind::Text("DURATION"));
    let arg = arg.allow_hyphen_values(any || is_quantity);
    if any {
        // Another tool's values are judged by its dialect, in its words.
        return arg.value_parser(OsStringValueParser::new());
    }
    match kind {
        Kind::Duration => arg.value_name("DURATION").value_parser(units::duration),
        Kind::Size => arg.value_name("BYTES").value_parser(units::size),
        Kind::Number => arg.value_name("N").value_parser(units::number),
        Kind::Text(name) => arg.value_name(name).value_parser(OsStringValueParser::new()),
        Kind::Path => arg
            .value_name("FILE")
            .value_hint(clap::ValueHint::FilePath)
            .value_parser(OsStringValueParser::new()),
        Kind::Choice(choices) => {
            arg.value_name("FORM").value_parser(ValueParser::new(PossibleValuesParser::new(choices)))
        }
    }
}

/// What was typed for one face.
#[derive(Debug)]
pub(crate) struct Given {
    matches: ArgMatches,
}

impl Given {
    pub(crate) const fn new(matches: ArgMatches) -> Self {
        Self { matches }
    }

    /// Tells whether the face has the flag and it was typed.
    pub(crate) fn switch(&self, id: &str) -> bool {
        self.matches.try_get_one::<bool>(id).ok().flatten().copied().unwrap_or(false)
    }

    pub(crate) fn count(&self, id: &str) -> u8 {
        self.matches.try_get_one::<u8>(id).ok().flatten().copied().unwrap_or(0)
    }

    pub(crate) fn duration(&self, id: &str) -> Option<Duration> {
        self.matches.try_get_one::<Duration>(id).ok().flatten().copied()
    }

    pub(crate) fn size(&self, id: &str) -> Option<u64> {
        self.matches.try_get_one::<u64>(id).ok().flatten().copied()
    }

    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.matches.try_get_one::<u32>(id).ok().flatten().copied()
    }

    pub(crate) fn text(&self, id: &str) -> Option<&OsStr> {
        self.matches.try_get_one::<OsString>(id).ok().flatten().map(OsString::as_os_str)
    }

    pub(crate) fn choice(&self, id: &str) -> Option<&str> {
        self.matches.try_get_one::<String>(id).ok().flatten().map(String::as_str)
    }

    pub(crate) fn all(&self, id: &str) -> Vec<OsString> {
        self.matches.try_get_many::<OsString>(id).ok().flatten().into_iter().flatten().cloned().collect()
    }
}
