//! From the table of flags to clap's commands, and from what was typed to values.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use clap::builder::{
    OsStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser,
};
use clap::parser::{MatchesError, ValueSource};
use clap::{Arg, ArgAction, ArgMatches, Command};

use jackfield::manual;

use crate::dialect;
use crate::face::{Face, Job};
use crate::flags::{self, Flag, Group, Kind, Takes};
use crate::units;

/// Makes the command `jack` with all its jobs.
pub(crate) fn jack() -> Command {
    let tools = dialect::names();
    let speak = format!("Speak another tool's flags, messages and exit codes: {}", tools.join(", "));
    let mut jack = Command::new("jack")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The socket tool: talk, listen and relay, with every socket call visible")
        .override_usage("jack COMMAND [OPTIONS] …")
        .after_help("jack tour shows it in a minute.\njack COMMAND --help has every flag, and examples.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .max_term_width(WIDEST)
        .arg(
            Arg::new("dialect")
                .long("dialect")
                .value_name("TOOL")
                .long_help(format!("{speak}. A link by that name does the same."))
                .help(speak)
                .value_parser(PossibleValuesParser::new(tools))
                .hide_possible_values(true),
        );
    for face in Face::jobs() {
        jack = jack.subcommand(command(face));
    }
    jack
}

/// Lines of help are no longer than this, however wide the terminal is.
const WIDEST: usize = 100;

/// Makes the command of one face.
pub(crate) fn command(face: Face) -> Command {
    let mut command = Command::new(face.name()).about(face.record().about);
    for flag in flags::of(face) {
        command = command.arg(arg(flag, face));
    }
    let Some(job) = face.as_job() else {
        return command.disable_help_flag(true).disable_version_flag(true);
    };
    let has_groups = flags::of(face).any(|flag| flag.group.is_some());
    if flags::of(face).any(|flag| flag.rare) {
        command = command.after_help(format!("More flags, and examples: jack {} --help", face.name()));
    }
    if face == Face::Gen {
        command = generators(command);
    }
    command
        .override_usage(face.record().usage.join("\n       "))
        .after_long_help(examples(job))
        .disable_help_flag(true)
        .max_term_width(WIDEST)
        .arg(help().help_heading(has_groups.then_some(Group::Output.heading())))
}

fn help() -> Arg {
    let words = "Print help; --help is longer and has examples";
    Arg::new("help").short('h').long("help").action(ArgAction::Help).help(words)
}

/// What `jack gen` makes, each with a command of its own.
fn generators(command: Command) -> Command {
    let jobs = Face::jobs().map(Face::name);
    let one = |name: &'static str, about: &'static str, usage: &'static str, what: Arg| {
        let help = help().help("Print help");
        Command::new(name).about(about).override_usage(usage).max_term_width(WIDEST).arg(what).arg(help)
    };
    command
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .subcommand(one(
            "man",
            "The manual page, in roff: the whole, or that of one job",
            "jack gen man [JOB]",
            Arg::new("job")
                .value_name("JOB")
                .help("Only this job, as jack-JOB(1) [default: all of them, as jack(1)]")
                .hide_possible_values(true)
                .value_parser(PossibleValuesParser::new(jobs)),
        ))
        .subcommand(one(
            "completions",
            "A script that completes the commands, flags and values of jack in a shell",
            "jack gen completions SHELL",
            Arg::new("shell")
                .value_name("SHELL")
                .help("bash, zsh, fish, elvish or powershell")
                .hide_possible_values(true)
                .required(true)
                .value_parser(clap::value_parser!(clap_complete::Shell)),
        ))
}

fn examples(job: &Job) -> String {
    let mut text = String::from("Examples:\n");
    for (line, what) in job.examples {
        text.push_str(&format!("  {line}\n      {what}\n"));
    }
    text
}

fn arg(flag: &'static Flag, face: Face) -> Arg {
    let mut arg = Arg::new(flag.id).help(flag.help);
    if face.is_job() {
        arg = arg.help_heading(flag.group.map(Group::heading)).hide_short_help(flag.rare);
    }
    if !flag.more.is_empty() {
        arg = arg.long_help(format!("{}. {}", flag.help, flag.more));
    } else if flag.rare {
        // What has no place in the short help has only a long one: the manual page asks for that.
        arg = arg.long_help(flag.help);
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
        Takes::Operands(0, 1) => arg
            .value_name(operand(flag.id))
            .value_hint(clap::ValueHint::FilePath)
            .value_parser(OsStringValueParser::new()),
        // A file, or a value, which may be below 0.
        Takes::Operands(0, usize::MAX) if flag.id == "files" => arg
            .value_name("FILE")
            .value_hint(clap::ValueHint::FilePath)
            .value_parser(OsStringValueParser::new())
            .allow_negative_numbers(true)
            .action(ArgAction::Append)
            .num_args(0..),
        Takes::Operands(least, most) => arg
            .value_name(operand(flag.id))
            .value_parser(OsStringValueParser::new())
            .action(ArgAction::Append)
            .num_args(least.max(1)..=most)
            .required(least > 0),
        Takes::Topic => arg
            .value_name("TOPIC")
            .value_parser(TopicParser)
            .hide_possible_values(true)
            .action(ArgAction::Append)
            .num_args(0..),
        Takes::Rest => arg
            .value_name("COMMAND")
            .value_parser(OsStringValueParser::new())
            .action(ArgAction::Append)
            .num_args(1..)
            .last(true),
    }
}

/// Names an operand in help.
fn operand(id: &str) -> &'static str {
    match id {
        "where" => "HOST PORT",
        "ends" => "ENDPOINT",
        "file" | "files" | "captures" => "FILE",
        _ => "NAME",
    }
}

fn value(arg: Arg, kind: Kind, any: bool) -> Arg {
    // So that -3 is told to be no duration, and not to be no flag.
    let is_quantity =
        matches!(kind, Kind::Duration | Kind::Size | Kind::Signed | Kind::Number | Kind::Text("TIME"));
    let arg = arg.allow_hyphen_values(any || is_quantity);
    if any {
        // Another tool's values are judged by its dialect, in its words.
        return arg.value_parser(OsStringValueParser::new());
    }
    match kind {
        Kind::Duration => {
            arg.value_name("TIME").value_hint(clap::ValueHint::Other).value_parser(units::duration)
        }
        Kind::Size => arg.value_name("BYTES").value_hint(clap::ValueHint::Other).value_parser(units::size),
        Kind::Signed => {
            arg.value_name("[-]BYTES").value_hint(clap::ValueHint::Other).value_parser(units::signed)
        }
        Kind::Number => arg.value_name("N").value_hint(clap::ValueHint::Other).value_parser(units::number),
        Kind::Text(name) => {
            let hint = if name == "ADDRESS" { clap::ValueHint::Hostname } else { clap::ValueHint::Other };
            arg.value_name(name).value_hint(hint).value_parser(OsStringValueParser::new())
        }
        Kind::Path => arg
            .value_name("FILE")
            .value_hint(clap::ValueHint::FilePath)
            .value_parser(OsStringValueParser::new()),
        Kind::Choice(name, choices) => {
            // The help of the flag names them, and the error of a wrong one does.
            let arg = arg.value_name(name).hide_possible_values(true);
            arg.value_parser(ValueParser::new(PossibleValuesParser::new(choices)))
        }
    }
}

/// Takes any word, and tells the completions which are topics.
#[derive(Clone, Debug)]
struct TopicParser;

impl TypedValueParser for TopicParser {
    type Value = OsString;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<OsString, clap::Error> {
        Ok(value.to_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        // zsh's script has the words in double quotes.
        let value = |topic: &manual::Topic| PossibleValue::new(topic.name).help(topic.title.replace('"', ""));
        Some(Box::new(manual::all().map(value)))
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
        self.one::<bool>(id).copied().unwrap_or(false)
    }

    /// Returns the command within the command, with what was typed for it.
    pub(crate) fn part(&self) -> Option<(&str, Self)> {
        self.matches.subcommand().map(|(name, matches)| (name, Self::new(matches.clone())))
    }

    /// Returns the value of an argument that is read into a type of its own.
    pub(crate) fn value<T: Clone + Send + Sync + 'static>(&self, id: &str) -> Option<T> {
        self.one::<T>(id).cloned()
    }

    pub(crate) fn count(&self, id: &str) -> u8 {
        self.one::<u8>(id).copied().unwrap_or(0)
    }

    pub(crate) fn duration(&self, id: &str) -> Option<Duration> {
        self.one::<Duration>(id).copied()
    }

    pub(crate) fn size(&self, id: &str) -> Option<u64> {
        self.one::<u64>(id).copied()
    }

    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.one::<u32>(id).copied()
    }

    pub(crate) fn text(&self, id: &str) -> Option<&OsStr> {
        self.one::<OsString>(id).map(OsString::as_os_str)
    }

    pub(crate) fn choice(&self, id: &str) -> Option<&str> {
        self.one::<String>(id).map(String::as_str)
    }

    pub(crate) fn all(&self, id: &str) -> Vec<OsString> {
        let values = checked(id, self.matches.try_get_many::<OsString>(id)).flatten();
        values.into_iter().flatten().cloned().collect()
    }

    /// Tells whether the face has the flag and it was typed, whatever it takes.
    pub(crate) fn is_typed(&self, id: &str) -> bool {
        debug_assert!(is_known(id), "no flag is called '{id}'");
        self.matches.ids().any(|other| other == id)
            && self.matches.value_source(id) == Some(ValueSource::CommandLine)
    }

    fn one<T: Clone + Send + Sync + 'static>(&self, id: &str) -> Option<&T> {
        checked(id, self.matches.try_get_one::<T>(id)).flatten()
    }
}

/// A flag that this face does not have was not typed. One that no face has, or that takes something else, is a mistake
/// of ours, which a build with assertions tells.
fn checked<T>(id: &str, value: Result<T, MatchesError>) -> Option<T> {
    let is_ours = !matches!(value, Err(MatchesError::UnknownArgument { .. }));
    debug_assert!(is_ours || is_known(id), "no flag is called '{id}'");
    debug_assert!(!matches!(value, Err(MatchesError::Downcast { .. })), "'{id}' takes something else");
    value.ok()
}

fn is_known(id: &str) -> bool {
    flags::all().any(|flag| flag.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Given {
        Given::new(command(Face::Connect).try_get_matches_from(words).unwrap())
    }

    #[test]
    fn a_flag_of_another_face_was_not_typed() {
        let given = given(&["connect", "-u", "localhost", "80"]);
        assert!(given.switch("udp") && !given.switch("keep-open"));
        assert!(given.is_typed("udp") && !given.is_typed("crlf") && !given.is_typed("keep-open"));
        assert!(given.is_typed("where"));
    }

    #[test]
    #[should_panic(expected = "no flag is called 'upd'")]
    fn an_unknown_flag_is_a_mistake_of_ours() {
        given(&["connect"]).switch("upd");
    }

    #[test]
    #[should_panic(expected = "takes something else")]
    fn a_flag_read_as_another_kind_is_one_too() {
        given(&["connect", "--timeout", "5s"]).text("timeout");
    }
}
