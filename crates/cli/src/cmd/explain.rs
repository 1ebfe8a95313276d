//! `jack explain`: a chapter of the manual, what the tables say of a word, or what a command would do.

mod plan;

use std::ffi::OsString;

use anstyle::Style;
use jackfield::manual::{self, Entry, Mention, REFERENCES, TOPICS, Topic};
use serde_json::json;

use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Face, Job, Kind, Record};
use crate::flags::{self, Flag};
use crate::render::{self, out, page};

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "explain",
    about: "Explain a call, an error, an idea, or a command before it runs",
    usage: &["jack explain [--json] [TOPIC]", "jack explain [--json] -- COMMAND…"],
    kind: Kind::Job(Job {
        run,
        plans: false,
        examples: &[
            ("jack explain", "the list of topics"),
            ("jack explain time wait", "one screen about it"),
            ("jack explain ECONNREFUSED", "what an error means and what to do"),
            ("jack explain SO_LINGER", "a socket option, and the chapter on it"),
            ("jack explain json", "what --json writes; also endpoint, data, exit"),
            ("jack explain -- listen 80", "what this would do, and whether this process may"),
            ("jack explain -- nc -l -p 2222", "the same for a command of another tool"),
        ],
        references: &["exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let command = given.all("command");
    let topic = given.all("topic");
    let outcome = match (&topic[..], &command[..]) {
        ([], []) => list(given),
        (words, []) => answer(given, &joined(words)),
        // No command begins so, but for jack's own --dialect.
        ([], words @ [flag, ..]) if is_dashed(flag) && !is_dialect(flag) => answer(given, &joined(words)),
        ([], command) => plan::tell(given, command),
        _ => Err(Failure::usage("explain either a topic or, after --, a command")),
    };
    out::finished(outcome)
}

/// Puts flags that are asked about, and what is typed with them, behind `--`, where they are words: `jack explain --stay`.
/// What is a flag of `jack explain` itself, or of no job, stays what it is, and so does everything before a command.
pub(crate) fn with_flags_as_words(words: &[OsString]) -> Vec<OsString> {
    let own = |word: &OsString| {
        word == "-h" || word == "--help" || flags::of(Face::Explain).any(|flag| is_spelled(flag, word))
    };
    let asked = |word: &OsString| is_dashed(word) && !own(word) && !flag(&word.to_string_lossy()).is_empty();
    match words.split_first() {
        Some((job, rest))
            if job == Face::Explain.name()
                && rest.iter().any(asked)
                && rest.iter().all(|word| word != "--") =>
        {
            let (flags, others): (Vec<_>, Vec<_>) = rest.iter().cloned().partition(asked);
            let (dashed, others): (Vec<_>, Vec<_>) = others.into_iter().partition(is_dashed);
            [vec![job.clone()], dashed, vec!["--".into()], flags, others].concat()
        }
        _ => words.to_vec(),
    }
}

fn is_dashed(word: &OsString) -> bool {
    word.len() > 1 && word.as_encoded_bytes().starts_with(b"-")
}

fn is_dialect(word: &OsString) -> bool {
    let word = word.to_string_lossy();
    word == "--dialect" || word.starts_with("--dialect=")
}

/// Tells whether a word with dashes is this flag.
fn is_spelled(flag: &Flag, word: &OsString) -> bool {
    let word = word.to_string_lossy();
    match word.strip_prefix("--") {
        Some(long) => flag.long == Some(long),
        None => flag.short.is_some_and(|letter| word == format!("-{letter}")),
    }
}

fn joined(words: &[OsString]) -> String {
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
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

/// Finds the flags of that name, and who has them: a long one with or without its dashes, a short one with its dash.
fn flag(words: &str) -> Vec<Entry> {
    let words = words.trim();
    let word = words.trim_start_matches("--").replace([' ', '_'], "-").to_ascii_lowercase();
    let letter = words.strip_prefix('-').and_then(|letter| letter.parse::<char>().ok());
    let is_meant = |flag: &&Flag| match letter {
        Some(letter) => flag.short == Some(letter),
        None => flag.long == Some(&word),
    };
    let mut names: Vec<_> = flags::all().filter(is_meant).filter_map(|flag| flag.long).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter_map(of_name).collect()
}

/// Says what a long flag does, if a job has it.
fn of_name(long: &str) -> Option<Entry> {
    let rows = || flags::of_jobs().filter(|flag| flag.long == Some(long));
    let flag = rows().next()?;
    let has = |face: &Face| rows().any(|row| row.faces.contains(face));
    let jobs: Vec<_> = Face::jobs().filter(has).map(Face::name).collect();
    let short = flag.short.map(|letter| format!(", -{letter}")).unwrap_or_default();
    let more = if flag.more.is_empty() { String::new() } else { format!(" {}", flag.more) };
    Some(Entry {
        kind: "flag",
        name: format!("--{long}{short}"),
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
