//! The plan of a command: the job itself runs, with the door to the kernel in dry mode, and what comes to the door is the
//! plan. It is no description kept beside the code.
//!
//! A rehearsal goes on with bytes, peers and addresses that it makes up. None of them may be taken for a fact: they are
//! shown in `<>`, and the JSON lists them.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::error::ErrorKind;
use jackfield::sock::privilege::{self, Privilege};
use jackfield::sock::trace::{self, Record, Shown, Side};
use jackfield::sock::{self, Op};
use serde_json::json;

use crate::args::{self, Given};
use crate::cmd::hex;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::Face;
use crate::render::{self, out, page};
use crate::{asked_dialect, dialect};

/// How many bytes of what is to be sent a plan shows.
const BYTES_SHOWN: usize = 32;

/// Says what a command would do.
pub(crate) fn tell(given: &Given, command: &[OsString]) -> Outcome {
    let (outcome, records) = trace::collect(|| sock::rehearse(|| rehearse(command)));
    match outcome {
        // A server is interrupted in the end, and that is its normal end.
        Ok(_) | Err(Failure { exit: Exit::Interrupted, .. }) => {}
        Err(failure) => return Err(failure),
    }
    let steps = steps(records, command);
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    let allowed = steps.iter().all(|step| privilege::may(&step.record.privilege).allowed);
    if given.switch("json") {
        tell_json(&steps, &program)?;
    } else {
        tell_words(command, &steps, &program)?;
    }
    Ok(if allowed { Exit::Done } else { Exit::No })
}

/// Runs the command as itself, whatever tool's it is. The door must be in dry mode.
fn rehearse(command: &[OsString]) -> Outcome {
    let mut words = command.to_vec();
    let is_ours = words.first().is_some_and(|word| base(word) == "jack");
    if is_ours {
        words.remove(0);
    }
    let (dialect, words) = asked_dialect(words).map_err(Failure::usage)?;
    if let Some((face, name)) = dialect {
        return dialect::rehearse(face, OsStr::new(&name), words);
    }
    let mut words = words.into_iter();
    let Some(called) = words.next() else { return Err(Failure::usage("expected a command after --")) };
    let name = base(&called);
    // base64 is a tool and a job: which, says the word before it.
    if let Some(face) = Face::dialect(&name).filter(|_| !is_ours) {
        return dialect::rehearse(face, &called, words.collect());
    }
    let planned =
        || Face::jobs().filter_map(|face| face.as_job().filter(|job| job.plans).map(|job| (face, job)));
    let Some((face, job)) = planned().find(|(face, _)| face.name() == name) else {
        let jobs: Vec<_> = planned().map(|(face, _)| face.name()).collect();
        return Err(Failure::usage(format!(
            "cannot explain '{}': this version explains jack {}, and the dialects {}",
            name.escape_debug(),
            jobs.join(", "),
            dialect::names().join(", "),
        )));
    };
    let line: Vec<_> = std::iter::once(OsString::from(&name)).chain(words).collect();
    let line = hex::spelled(&line);
    let matches = args::command(face).try_get_matches_from(line).map_err(|error| {
        let words = match error.kind() {
            ErrorKind::DisplayHelp => "--help opens nothing: there is nothing to explain".to_owned(),
            _ => format!("jack {name}: {}", render::error::mistake(&error)),
        };
        Failure::usage(words)
    })?;
    (job.run)(&Given::new(matches))
}

/// The name of a program, without its folder.
fn base(program: &OsStr) -> String {
    Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned()
}

/// A step of a plan.
struct Step {
    record: Record,
    /// Which arguments hold what the rehearsal made up, by name; `result` for the result.
    made_up: Vec<&'static str>,
    /// How often it is done; `None` for as often as there is something to wait for or to move.
    times: Option<u32>,
}

/// Each thing that would be done, once: waiting and moving bytes go round and round.
fn steps(records: Vec<Record>, command: &[OsString]) -> Vec<Step> {
    let mut times: HashMap<String, u32> = HashMap::new();
    for record in &records {
        *times.entry(key(record)).or_default() += 1;
    }
    let typed: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    let typed = typed.join(" ");
    let (mut seen, mut numbers, mut steps) = (HashSet::new(), Numbers::default(), Vec::new());
    for record in records {
        let key = key(&record);
        let times = times.get(&key).copied().unwrap_or(1);
        // A number is given and given back also by what is not shown again.
        let step = as_planned(record, times, &typed, &mut numbers);
        if seen.insert(key) {
            steps.push(step);
        }
    }
    steps
}

/// The numbers that descriptors would have: of those that the rehearsal makes up, and of the few files that it opens in
/// truth. Each open takes the lowest number that is free, open(2), as if the standard streams alone were there.
#[derive(Default)]
struct Numbers {
    shown: HashMap<i64, i64>,
}

impl Numbers {
    fn of(&mut self, recorded: i64) -> i64 {
        if let Some(shown) = self.shown.get(&recorded) {
            return *shown;
        }
        let taken: HashSet<_> = self.shown.values().copied().collect();
        let free = (3..).find(|number| !taken.contains(number)).unwrap_or(recorded);
        self.shown.insert(recorded, free);
        free
    }

    /// Gives every descriptor in an argument its number; tells whether there were any.
    fn rename(&mut self, name: &str, value: &mut Shown) -> bool {
        match value {
            Shown::Number(n) if is_rehearsed(*n) || name == "fd" && self.shown.contains_key(n) => {
                *n = self.of(*n);
                true
            }
            // Not any(), which would stop at the first.
            Shown::List(values) => {
                values.iter_mut().filter_map(|value| self.rename(name, value).then_some(())).count() > 0
            }
            Shown::Fields(fields) => {
                let mut found = false;
                for (name, value) in fields {
                    if *name == "revents" {
                        *value = Shown::Null;
                    }
                    found |= self.rename(name, value);
                }
                found
            }
            _ => false,
        }
    }
}

fn is_rehearsed(number: i64) -> bool {
    number >= i64::from(sock::FIRST_REHEARSED_FD)
}

/// What makes a step the same as another: the call and what it is about, not how often or with how much.
fn key(record: &Record) -> String {
    let about = |name: &str| record.args.iter().find(|(arg, _)| *arg == name).map(|(_, value)| value);
    let subject = match record.op {
        // Each socket is a step of its own: what follows is done with it.
        Op::Socket => return format!("{} {:?}", record.call, record.result),
        Op::Poll => return format!("{} {:?}", record.call, about("fds").map(descriptors)),
        Op::Bind | Op::Connect | Op::Sendto => vec![about("fd"), about("address")],
        Op::Setsockopt | Op::Getsockopt => vec![about("fd"), about("level"), about("name")],
        Op::Open => vec![about("path")],
        _ if record.side == Side::User => record.args.iter().map(|(_, value)| Some(value)).collect(),
        _ => vec![about("fd")],
    };
    format!("{} {subject:?}", record.call)
}

/// The descriptors of a poll, without what is waited for.
fn descriptors(fds: &Shown) -> Vec<&Shown> {
    let Shown::List(entries) = fds else { return Vec::new() };
    entries.iter().filter_map(descriptor).collect()
}

fn descriptor(entry: &Shown) -> Option<&Shown> {
    let Shown::Fields(fields) = entry else { return None };
    fields.iter().find(|(name, _)| *name == "fd").map(|(_, fd)| fd)
}

/// A record as a plan shows it: descriptors as small as a person expects them, and a word in `<>` for what only a real
/// run knows.
fn as_planned(mut record: Record, times: u32, typed: &str, numbers: &mut Numbers) -> Step {
    let mut made_up = Vec::new();
    let op = record.op;
    let closed = match record.args.first() {
        Some(("fd", Shown::Number(fd))) if op == Op::Close => Some(*fd),
        _ => None,
    };
    // What is written to standard output or a file came from a peer, and there is none.
    let writes = matches!(op, Op::Write | Op::Writev | Op::Splice);
    let sends = writes || matches!(op, Op::Send | Op::Sendto | Op::Sendmsg);
    let made_of = |(_, value): &(_, Shown)| is_made_up(value);
    let invented = record.rehearsed && (writes || sends && record.args.iter().any(made_of));
    let (depth, rehearsed) = (record.depth, record.rehearsed);
    for (name, value) in &mut record.args {
        let word = match (&*value, *name) {
            (Shown::Bytes { kept, .. }, _) if sends && depth == 0 && !invented && !kept.is_empty() => {
                continue;
            }
            (Shown::Bytes { .. }, _) => Some("…"),
            _ if !rehearsed => None,
            (_, "length") if invented => Some("<n>"),
            (_, "mode") if op == Op::Fstat => Some("<mode>"),
            (_, "value") if op == Op::Getsockopt => Some("<value>"),
            (_, "address") if op == Op::Getsockname => Some("<local>"),
            (_, "address") if matches!(op, Op::Accept | Op::Recvfrom | Op::Recvmsg | Op::Getpeername) => {
                Some("<peer>")
            }
            (Shown::Word(word), "address") if word == "unspecified" => Some("<peer>"),
            _ => None,
        };
        if let Some(word) = word {
            *value = Shown::Word(word.to_owned());
            made_up.push(*name);
        } else if let Some(address) = looked_up(value, typed) {
            *value = Shown::Word(address);
            made_up.push(*name);
        } else if numbers.rename(name, value) {
            made_up.push(*name);
        }
    }
    if let Some(fd) = closed {
        numbers.shown.remove(&fd);
    }
    record.result = Ok(match record.result {
        Ok(Shown::Number(fd)) if makes_descriptor(op) => {
            made_up.push("result");
            Shown::Number(numbers.of(fd))
        }
        _ => Shown::Null,
    });
    let times = if invented || times > 1 && goes_round(op) { None } else { Some(times) };
    Step { record, made_up, times }
}

/// Tells whether an operation waits or moves bytes, so that how often it is done is not the job's to say.
const fn goes_round(op: Op) -> bool {
    let waits = matches!(op, Op::Poll | Op::Select | Op::EpollWait | Op::Accept);
    let takes = matches!(op, Op::Read | Op::Readv | Op::Recv | Op::Recvfrom | Op::Recvmsg | Op::Splice);
    waits
        || takes
        || matches!(op, Op::Write | Op::Writev | Op::Send | Op::Sendto | Op::Sendmsg | Op::Sendfile)
}

/// Tells whether bytes to be sent are those of the rehearsal's own reads: that many zeros.
fn is_made_up(value: &Shown) -> bool {
    match value {
        Shown::Bytes { kept, len } => *len == MADE_UP_LEN && kept.iter().all(|byte| *byte == 0),
        Shown::List(values) => values.iter().any(is_made_up),
        _ => false,
    }
}

/// How many bytes a rehearsed read brings.
const MADE_UP_LEN: usize = 6;

const fn makes_descriptor(op: Op) -> bool {
    matches!(op, Op::Socket | Op::Accept | Op::Open | Op::Dup | Op::EpollCreate | Op::Eventfd)
}

/// Rewrites an address that no name server gave: a rehearsal asks none and goes on with one of the documentation's.
fn looked_up(value: &Shown, typed: &str) -> Option<String> {
    let Shown::Word(word) = value else { return None };
    let known = ["192.0.2.1", "[2001:db8::1]"];
    let example = known.into_iter().find(|example| word.starts_with(&format!("{example}:")))?;
    let bare = example.trim_matches(['[', ']']);
    (!typed.contains(bare)).then(|| word.replacen(example, "<address>", 1))
}

fn tell_words(command: &[OsString], steps: &[Step], program: &Path) -> Result<(), Failure> {
    let line: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    out::words(&format!("{} would do this, and has done none of it.\n", line.join(" ").escape_debug()))?;
    let dim = Style::new().dimmed();
    out::words(&format!(
        "{dim}In <…> stands what only a run knows. Descriptor numbers are examples. [again]:\n\
         as often as there is something to wait for or to move.{dim:#}\n"
    ))?;
    let mut explained = HashSet::new();
    for Step { record, times, .. } in steps {
        let (side, colour) = render::trace::side(record.side);
        let indent = "  ".repeat(record.depth);
        let often = match times {
            None => " [again]".to_owned(),
            Some(1) => String::new(),
            Some(times) => format!(" [{times} times]"),
        };
        let room = page::WIDTH.saturating_sub("KERNEL ".len() + indent.len() + often.len());
        let text = record.call_text_within(room, BYTES_SHOWN);
        out::words(&format!("{colour}{side:<6}{colour:#} {indent}{text}{dim}{often}{dim:#}\n"))?;
        let row = trace::row(record.op);
        if explained.insert(record.op) {
            let man = if row.man.is_empty() { String::new() } else { format!(" {}", row.man) };
            let margin = format!("       {indent}");
            let why = page::wrapped(&format!("{}{man}", row.why), &margin);
            out::words(&format!("{dim}{why}{dim:#}"))?;
        }
        if record.privilege != Privilege::None {
            tell_privilege(record, program)?;
        }
    }
    let Sum { user, kernel, privileges, makes_a_name } = Sum::of(steps);
    let needed = if privileges.is_empty() { "none".to_owned() } else { privileges.join(", ") };
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    out::words(&format!(
        "\n{} in user space, {}; privilege needed: {needed}\n{}",
        count(user, "step"),
        count(kernel, "system call"),
        if makes_a_name { "and the permission to write in the folder of the path\n" } else { "" },
    ))
}

/// What a plan comes to in all.
struct Sum {
    user: usize,
    kernel: usize,
    privileges: Vec<&'static str>,
    makes_a_name: bool,
}

impl Sum {
    fn of(steps: &[Step]) -> Self {
        let kernel = steps.iter().filter(|step| step.record.side == Side::Kernel).count();
        let needed: HashSet<_> =
            steps.iter().map(|step| step.record.privilege.name()).filter(|name| *name != "none").collect();
        let mut privileges: Vec<_> = needed.into_iter().collect();
        privileges.sort_unstable();
        Self { user: steps.len() - kernel, kernel, privileges, makes_a_name: makes_a_name(steps) }
    }
}

/// Tells whether a name in the file system would be made: of a Unix socket that is bound, or of a file.
fn makes_a_name(steps: &[Step]) -> bool {
    let argument = |record: &Record, wanted: &str| {
        let found = record.args.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone())
    };
    let is_word = |value: Option<Shown>, meant: &dyn Fn(&str) -> bool| match value {
        Some(Shown::Word(word)) => meant(&word),
        _ => false,
    };
    let is_unix = |fd: &Option<Shown>| {
        steps.iter().map(|step| &step.record).any(|record| {
            record.op == Op::Socket
                && record.result.as_ref().ok() == fd.as_ref()
                && is_word(argument(record, "family"), &|family| family == "AF_UNIX")
        })
    };
    steps.iter().map(|step| &step.record).any(|record| match record.op {
        // An abstract name is in no folder.
        Op::Bind => {
            is_unix(&argument(record, "fd"))
                && !is_word(argument(record, "address"), &|address| address.starts_with('@'))
        }
        Op::Open => is_word(argument(record, "flags"), &|flags| flags.contains("O_CREAT")),
        _ => false,
    })
}

fn tell_privilege(record: &Record, program: &Path) -> Result<(), Failure> {
    let answer = privilege::may(&record.privilege);
    let name = record.privilege.name();
    if answer.allowed {
        return out::words(&format!("       needs {name}; this process may: {}\n", answer.how));
    }
    let red = AnsiColor::Red.on_default();
    out::words(&format!("       needs {name}; {red}this process may not{red:#}: {}\n", answer.how))?;
    match privilege::remedy(&record.privilege, program) {
        Some(remedy) => out::words(&format!("       → {}\n", remedy.fix)),
        None => Ok(()),
    }
}

fn tell_json(steps: &[Step], program: &Path) -> Result<(), Failure> {
    out::line(&json!({ "schema": 1, "job": "explain" }))?;
    for Step { record, made_up, times } in steps {
        let row = trace::row(record.op);
        let answer = privilege::may(&record.privilege);
        let fix = if answer.allowed { None } else { privilege::remedy(&record.privilege, program) };
        // The same object as in a trace, and beside it what a plan knows more.
        let mut object = serde_json::from_str(&record.to_json()).unwrap_or(json!({}));
        let more = json!({
            "event": "step", "text": record.call_text(BYTES_SHOWN), "made_up": made_up, "times": times, "allowed": answer.allowed, "how": answer.how,
            "fix": fix.map(|remedy| remedy.fix), "why": row.why, "man": row.man,
        });
        if let (Some(object), Some(more)) = (object.as_object_mut(), more.as_object()) {
            object.extend(more.clone());
        }
        out::line(&object)?;
    }
    let Sum { user, kernel, privileges, makes_a_name } = Sum::of(steps);
    out::line(&json!({
        "event": "sum", "user": user, "kernel": kernel, "privileges": privileges, "makes_a_name": makes_a_name,
    }))
}
