//! `jack explain`: a chapter of the manual, or what a command would do.
//!
//! The plan of a command is no description kept beside the code: the job itself runs, with the door to the kernel in dry
//! mode, and what comes to the door is the plan.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::error::ErrorKind;
use jackfield::manual::{self, Entry, Mention, REFERENCES, TOPICS, Topic};
use jackfield::sock::privilege::{self, Privilege};
use jackfield::sock::trace::{self, Record, Shown, Side};
use jackfield::sock::{self, Op};
use serde_json::json;

use crate::args::{self, Given};
use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;
use crate::flags::FLAGS;
use crate::render::{self, out, page};
use crate::{dialect, perform};

/// No buffer is left in a plan to be shown.
const BYTES_SHOWN: usize = 0;

/// Runs the job.
pub(crate) fn run(given: &Given) -> Outcome {
    let command = given.all("command");
    let words: Vec<_> = given.all("topic").iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let outcome = match (words.is_empty(), command.is_empty()) {
        (true, true) => list(given),
        (false, true) => answer(given, &words.join(" ")),
        (true, false) => plan(given, &command),
        (false, false) => Err(Failure::usage("explain either a topic or, after --, a command")),
    };
    out::finished(outcome)
}

/// Lists the topics.
fn list(given: &Given) -> Outcome {
    if given.switch("json") {
        out::line(&json!({ "schema": 1, "job": "explain" }))?;
        for topic in manual::all() {
            out::line(&json!({ "event": "topic", "name": topic.name, "title": topic.title }))?;
        }
        return Ok(Exit::Done);
    }
    let width = manual::all().map(|topic| topic.name.len()).max().unwrap_or(0);
    let rows = |topics: &[Topic]| {
        let row = |topic: &Topic| format!("{:width$}  {}\n", topic.name, topic.title);
        topics.iter().map(row).collect::<String>()
    };
    out::words(&rows(TOPICS))?;
    out::words(&format!("\n{}", rows(REFERENCES)))?;
    out::words(
        "\njack explain TOPIC shows one; calls, socket options, errnos and long flags are found too.\n\
         jack explain -- COMMAND says what a command would do.\n",
    )?;
    Ok(Exit::Done)
}

/// Says what there is on a word or a phrase.
fn answer(given: &Given, words: &str) -> Outcome {
    let mut answer = manual::look_up(words);
    if answer.topic.is_none_or(|topic| topic.name != words) {
        answer.entries.extend(flag(words));
    }
    if answer.is_empty() {
        return Err(unknown(words));
    }
    if given.switch("json") {
        out::line(&json!({ "schema": 1, "job": "explain" }))?;
        for Entry { kind, name, text, man } in &answer.entries {
            out::line(&json!({ "event": "entry", "kind": kind, "name": name, "text": text, "man": man }))?;
        }
        if let Some(Topic { name, title, text, .. }) = answer.topic {
            out::line(&json!({ "event": "topic", "name": name, "title": title, "text": text }))?;
        }
        for Mention { topic, line } in &answer.mentions {
            let Topic { name, title, .. } = topic;
            out::line(&json!({ "event": "mention", "name": name, "title": title, "line": line }))?;
        }
        return Ok(Exit::Done);
    }
    let bold = Style::new().bold();
    for Entry { name, text, man, .. } in &answer.entries {
        let man = if man.is_empty() { String::new() } else { format!(" {man}") };
        out::words(&format!("{bold}{name}{bold:#}\n{}\n", page::wrapped(&format!("{text}{man}"), "    ")))?;
    }
    if let Some(topic) = answer.topic {
        out::words(&page::for_people(topic.text))?;
    }
    if !answer.mentions.is_empty() {
        out::words(&match answer.entries.is_empty() {
            true => format!("No topic is called '{}'; these speak of it:\n", render::error::line(words)),
            false => "These topics speak of it:\n".to_owned(),
        })?;
        let width = answer.mentions.iter().map(|mention| mention.topic.name.len()).max().unwrap_or(0);
        for Mention { topic, line } in &answer.mentions {
            let line = page::cut(line, page::WIDTH.saturating_sub(width + 4));
            out::words(&format!("  {bold}{:width$}{bold:#}  {line}\n", topic.name))?;
        }
    }
    Ok(Exit::Done)
}

/// Finds the long flag of that name, and who has it.
fn flag(words: &str) -> Option<Entry> {
    let word = words.trim().trim_start_matches("--").replace([' ', '_'], "-").to_ascii_lowercase();
    let rows = || FLAGS.iter().filter(|flag| flag.long == Some(&word));
    let flag = rows().next()?;
    let jobs = Face::ALL.iter().filter(|face| face.is_job());
    let jobs: Vec<_> =
        jobs.filter(|face| rows().any(|row| row.faces.contains(face))).map(|face| face.name()).collect();
    let short = flag.short.map(|letter| format!(", -{letter}")).unwrap_or_default();
    let more = if flag.more.is_empty() { String::new() } else { format!(" {}", flag.more) };
    Some(Entry {
        kind: "flag",
        name: format!("--{word}{short}"),
        text: format!("{}.{more} A flag of jack {}.", flag.help, jobs.join(" and of jack ")),
        man: String::new(),
    })
}

/// Nothing is known by that name: what is like it.
fn unknown(words: &str) -> Failure {
    let near: Vec<_> = manual::suggest(words).iter().map(|topic| topic.name).collect();
    let near = if near.is_empty() { ";".to_owned() } else { format!("; did you mean {}?", near.join(", ")) };
    let words: String = words.chars().take(60).flat_map(char::escape_debug).collect();
    Failure {
        exit: Exit::No,
        error: anyhow::anyhow!("nothing is known of '{words}'{near} jack explain lists the topics"),
    }
}

/// Says what a command would do.
fn plan(given: &Given, command: &[OsString]) -> Outcome {
    let (outcome, records) = trace::collect(|| sock::rehearse(|| rehearse(command)));
    match outcome {
        // A server is interrupted in the end, and that is its normal end.
        Ok(_) | Err(Failure { exit: Exit::Interrupted, .. }) => {}
        Err(failure) => return Err(failure),
    }
    let steps = steps(records);
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    let allowed = steps.iter().all(|step| privilege::may(&step.privilege).allowed);
    if given.switch("json") {
        tell_json(&steps, &program)?;
    } else {
        tell_words(command, &steps, &program)?;
    }
    Ok(if allowed { Exit::Done } else { Exit::No })
}

/// Runs the command as itself, whatever tool's it is. The door must be in dry mode.
fn rehearse(command: &[OsString]) -> Outcome {
    let mut words = command.iter().cloned();
    let Some(mut tool) = words.next() else { return Err(Failure::usage("expected a command after --")) };
    if Path::new(&tool).file_name().is_some_and(|name| name == "jack") {
        tool = words.next().ok_or_else(|| Failure::usage("expected a command after jack"))?;
    }
    let name = Path::new(&tool).file_name().unwrap_or(&tool).to_string_lossy().into_owned();
    if let Some(face) = Face::dialect(&name) {
        return dialect::rehearse(face, &name, words.collect());
    }
    let jobs = [Face::Connect, Face::Listen, Face::Relay, Face::Resolve];
    let Some(face) = jobs.into_iter().find(|face| face.name() == name) else {
        return Err(Failure::usage(format!(
            "cannot explain '{}': this version explains jack connect, listen, relay and resolve, and nc",
            name.escape_debug()
        )));
    };
    let matches =
        args::command(face).try_get_matches_from(std::iter::once(tool).chain(words)).map_err(|error| {
            let words = match error.kind() {
                ErrorKind::DisplayHelp => "--help opens nothing: there is nothing to explain".to_owned(),
                _ => format!("jack {name}: {}", render::error::mistake(&error)),
            };
            Failure::usage(words)
        })?;
    perform(face, &Given::new(matches))
}

/// Each thing that would be done, once: waiting and moving bytes go round and round.
fn steps(records: Vec<Record>) -> Vec<Record> {
    let mut seen = HashSet::new();
    records
        .into_iter()
        .filter(|record| seen.insert(key(record)))
        .map(|record| Record { result: Ok(Shown::Null), args: as_planned(record.args), ..record })
        .collect()
}

/// What makes a step the same as another: the call and what it is about, not how often or with how much.
pub(crate) fn key(record: &Record) -> String {
    let about = |name: &str| record.args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| value);
    let subject = match record.op {
        Op::Socket => vec![about("family"), about("type")],
        Op::Bind | Op::Connect | Op::Sendto => vec![about("address")],
        Op::Setsockopt | Op::Getsockopt => vec![about("level"), about("name")],
        Op::Open => vec![about("path")],
        _ if record.side == Side::User => record.args.iter().map(|(_, value)| Some(value)).collect(),
        _ => vec![about("fd")],
    };
    format!("{} {subject:?}", record.call)
}

/// Arguments as a plan shows them: descriptors as small as a person expects them, `…` for what only a real run knows.
fn as_planned(args: Vec<(&'static str, Shown)>) -> Vec<(&'static str, Shown)> {
    args.into_iter()
        .map(|(name, value)| match value {
            Shown::Bytes { .. } => (name, Shown::Word("…".to_owned())),
            Shown::Word(word) if word == "unspecified" => (name, Shown::Word("…".to_owned())),
            value if name.contains("fd") || name == "pair" || name == "ends" => (name, small(value)),
            value => (name, value),
        })
        .collect()
}

fn small(value: Shown) -> Shown {
    match value {
        Shown::Number(n) if n >= i64::from(sock::FIRST_REHEARSED_FD) => {
            Shown::Number(n - i64::from(sock::FIRST_REHEARSED_FD) + 3)
        }
        Shown::List(values) => Shown::List(values.into_iter().map(small).collect()),
        Shown::Fields(fields) => Shown::Fields(as_planned(fields)),
        value => value,
    }
}

fn tell_words(command: &[OsString], steps: &[Record], program: &Path) -> Result<(), Failure> {
    let line: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    out::words(&format!("{} would do this, and has done none of it:\n", line.join(" ").escape_debug()))?;
    let dim = Style::new().dimmed();
    let mut explained = HashSet::new();
    for step in steps {
        let (side, colour) = render::trace::side(step.side);
        let indent = "  ".repeat(step.depth);
        out::words(&format!("{colour}{side:<6}{colour:#} {indent}{}\n", step.call_text(BYTES_SHOWN)))?;
        let row = trace::row(step.op);
        if explained.insert(step.op) {
            let man = if row.man.is_empty() { String::new() } else { format!("  {}", row.man) };
            out::words(&format!("       {indent}{dim}{}{man}{dim:#}\n", row.why))?;
        }
        if step.privilege != Privilege::None {
            tell_privilege(step, program)?;
        }
    }
    let kernel = steps.iter().filter(|step| step.side == Side::Kernel).count();
    let needed: HashSet<_> =
        steps.iter().map(|step| step.privilege.name()).filter(|name| *name != "none").collect();
    let mut needed: Vec<_> = needed.into_iter().collect();
    needed.sort_unstable();
    let needed = if needed.is_empty() { "none".to_owned() } else { needed.join(", ") };
    let user = steps.len() - kernel;
    out::words(&format!(
        "\n{user} steps in user space, {kernel} kinds of system call; privilege needed: {needed}\n"
    ))
}

fn tell_privilege(step: &Record, program: &Path) -> Result<(), Failure> {
    let answer = privilege::may(&step.privilege);
    let name = step.privilege.name();
    if answer.allowed {
        return out::words(&format!("       needs {name}; this process may: {}\n", answer.how));
    }
    let red = AnsiColor::Red.on_default();
    out::words(&format!("       needs {name}; {red}this process may not{red:#}: {}\n", answer.how))?;
    match privilege::remedy(&step.privilege, program) {
        Some(remedy) => out::words(&format!("       fix: {}\n", remedy.fix)),
        None => Ok(()),
    }
}

fn tell_json(steps: &[Record], program: &Path) -> Result<(), Failure> {
    out::line(&json!({ "schema": 1, "job": "explain" }))?;
    for step in steps {
        let row = trace::row(step.op);
        let answer = privilege::may(&step.privilege);
        let fix = if answer.allowed { None } else { privilege::remedy(&step.privilege, program) };
        // The same object as in a trace, and beside it what a plan knows more.
        let mut object = serde_json::from_str(&step.to_json()).unwrap_or(json!({}));
        let more = json!({
            "event": "step", "text": step.call_text(BYTES_SHOWN), "allowed": answer.allowed, "how": answer.how,
            "fix": fix.map(|remedy| remedy.fix), "why": row.why, "man": row.man,
        });
        if let (Some(object), Some(more)) = (object.as_object_mut(), more.as_object()) {
            object.extend(more.clone());
        }
        out::line(&object)?;
    }
    Ok(())
}
