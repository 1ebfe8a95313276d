//! `--trace`: each call as a line, marked user space or kernel, on standard error or in a file.
//!
//! ```text
//!   0.83ms KERNEL connect(4, 127.0.0.1:5401) = -1 EINPROGRESS
//!                 · asked after the call: state ESTABLISHED · rtt 38 µs
//! ```
//!
//! On a terminal a line keeps to its width; in a pipe or a file nothing is shortened but buffers.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use jackfield::sock::privilege::Privilege;
use jackfield::sock::trace::{Follow, Line, Note, Origin, Record, Side, Sink, Tracer, Watch, start as watch};
use jackfield::sock::{self, Errno};

use crate::args::Given;
use crate::exit::Failure;
use crate::render::error::Unopened;

/// How many bytes of a buffer a line of text shows.
const BYTES_SHOWN: usize = 48;
/// The columns of a terminal that does not know its width.
const USUAL_WIDTH: usize = 80;
/// What stands before a call: the time, the side and their blanks.
const CALL_COLUMN: usize = 16;
/// A call gets at least this much, however narrow the terminal or deep the nesting.
const LEAST_WIDTH: usize = 24;

/// Names a side of the kernel's border, and its colour.
pub(crate) const fn side(side: Side) -> (&'static str, Style) {
    match side {
        Side::User => ("user", AnsiColor::Cyan.on_default()),
        Side::Kernel => ("KERNEL", AnsiColor::Yellow.on_default()),
    }
}

thread_local! {
    static RUNNING: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// Stands for a trace that runs until [`end`], beyond the job: what a failure is explained by is asked of the kernel, and
/// that is to be seen too.
#[derive(Debug)]
pub(crate) struct Running;

/// Ends the trace, if there is one.
pub(crate) fn end() {
    RUNNING.with_borrow_mut(Option::take);
}

/// Starts the trace that the user asked for; it goes on until [`end`].
pub(crate) fn start(given: &Given) -> Result<Running, Failure> {
    let form = given.choice("trace");
    let file = given.text("trace-file");
    if form.is_none() && file.is_none() || sock::rehearsing() {
        return Ok(Running);
    }
    // A file is for programs unless said otherwise, a terminal for people.
    let as_json = form.map_or_else(|| file.is_some(), |form| form == "json");
    let sink: Box<Sink> = match file {
        Some(path) => to_file(path, as_json)?,
        None if as_json => Box::new(|line| {
            if !line.opening {
                say(&(line.to_json() + "\n"));
            }
        }),
        None => {
            let painter = Painter::new(terminal_width());
            let colour = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
            Box::new(move |line| {
                if let Some(words) = painter.paint(line) {
                    say(&if colour { words } else { plain(&words) });
                }
            })
        }
    };
    RUNNING.set(Some(watch(Tracer::new(sink).following(Follow::new()))));
    Ok(Running)
}

/// Writes to standard error in one piece, so that lines of several threads stay whole.
fn say(words: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = io::stderr().write_all((super::out::start_of_line().to_owned() + words).as_bytes());
}

fn plain(words: &str) -> String {
    anstream::adapter::strip_str(words).to_string()
}

/// Returns how wide lines may be: `None` where standard error is no terminal.
fn terminal_width() -> Option<usize> {
    if !io::stderr().is_terminal() {
        return None;
    }
    match sock::terminal::columns(sock::stderr()) {
        Ok(columns) if columns > 0 => Some(columns.into()),
        _ => Some(USUAL_WIDTH),
    }
}

fn to_file(path: &OsStr, as_json: bool) -> Result<Box<Sink>, Failure> {
    let file = Mutex::new(Some(create(path)?));
    let painter = Painter::new(None);
    let shown = path.to_string_lossy().into_owned();
    Ok(Box::new(move |line| {
        let words = match as_json {
            true if line.opening => return,
            true => line.to_json() + "\n",
            false => match painter.paint(line) {
                Some(words) => plain(&words),
                None => return,
            },
        };
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = &mut *file
            && let Err(error) = open.write_all(words.as_bytes())
        {
            // A traced run ends as an untraced one: a full disk is told once, and the file ends early.
            *file = None;
            let why =
                error.raw_os_error().map_or_else(|| error.to_string(), |errno| Errno(errno).to_string());
            say(&format!("jack: the trace file {} ends early: {why}\n", shown.escape_debug()));
        }
    }))
}

/// Opens the file: made 0600, a link is not followed.
fn create(path: &OsStr) -> Result<File, Failure> {
    let opened = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(sock::c::O_NOFOLLOW)
        .open(path);
    opened.map_err(|error| match error.raw_os_error() {
        Some(errno) => Failure::failed(Unopened {
            doing: "opening the trace file",
            path: path.to_owned(),
            errno: Errno(errno),
        }),
        None => Failure::failed(error),
    })
}

/// Makes lines for people.
struct Painter {
    /// How many columns there are; `None` for as many as it takes.
    width: Option<usize>,
    threads: Mutex<Threads>,
}

/// The threads seen lately: the first one of all is the job's own and is not named.
#[derive(Default)]
struct Threads {
    first: Option<i32>,
    /// With their names, the one heard last at the end.
    others: Vec<(i32, usize)>,
    /// How many have been named.
    named: usize,
}

impl Threads {
    /// How many names are remembered: a relay has a thread for each of its clients, for as long as it runs.
    const MOST: usize = 256;

    /// Returns the number of a thread that is not the first one.
    fn number(&mut self, thread: i32) -> Option<usize> {
        if *self.first.get_or_insert(thread) == thread {
            return None;
        }
        let known = self.others.iter().rposition(|(known, _)| *known == thread);
        let entry = match known {
            Some(at) => self.others.remove(at),
            None => {
                if self.others.len() == Self::MOST {
                    self.others.remove(0);
                }
                self.named += 1;
                (thread, self.named + 1)
            }
        };
        self.others.push(entry);
        Some(entry.1)
    }
}

impl Painter {
    fn new(width: Option<usize>) -> Self {
        Self { width, threads: Mutex::default() }
    }

    /// Writes one line: time, side, call, and what it took; below it, what the kernel says of the connection.
    ///
    /// `None` for what the trace itself asked: its answers stand in that note.
    fn paint(&self, line: &Line) -> Option<String> {
        let record = &line.record;
        if record.origin == Origin::Trace {
            return None;
        }
        let dim = Style::new().dimmed();
        let (side, colour) = side(record.side);
        let call_style = match (record.result.is_err(), record.side) {
            (true, _) => AnsiColor::Red.on_default(),
            (false, Side::User) => colour,
            (false, Side::Kernel) => Style::new(),
        };
        let indent = self.thread(record.thread) + &"  ".repeat(record.depth);
        let column = CALL_COLUMN + indent.chars().count();
        let room = self.width.map_or(usize::MAX, |width| width.saturating_sub(column).max(LEAST_WIDTH));

        // A composite stands twice: where it begins, and with its result where it ends.
        let composite = record.side == Side::User && !record.took.is_zero() && !line.opening;
        let at = Duration::from_secs_f64(record.t) + if composite { record.took } else { Duration::ZERO };
        let call = |room| match (line.opening, composite) {
            (true, _) => record.call_text_within(room - 2, BYTES_SHOWN) + " …",
            (false, true) => record.end_text_within(room, BYTES_SHOWN),
            (false, false) => record.call_text_within(room, BYTES_SHOWN),
        };
        let mut words = format!("{dim}{}{dim:#} {colour}{side:<6}{colour:#} {indent}{call_style}", time(at));
        let remarks = if line.opening { Vec::new() } else { remarks(line) };
        let behind: String = remarks.iter().map(|(words, _)| format!("  {words}")).collect();
        let whole = call(room);
        if whole.chars().count() + behind.chars().count() <= room {
            words.push_str(&format!("{whole}{call_style:#}"));
            for (words_behind, style) in &remarks {
                words.push_str(&format!("  {style}{words_behind}{style:#}"));
            }
        } else {
            words.push_str(&format!("{whole}{call_style:#}"));
            for (words_below, style) in &remarks {
                words.push_str(&format!("\n{:column$}{style}· {words_below}{style:#}", ""));
            }
        }
        if let Some(note) = &line.note {
            for words_below in wrapped(&told(record, note), room) {
                words.push_str(&format!("\n{:column$}{dim}· {words_below}{dim:#}", ""));
            }
        }
        words.push('\n');
        Some(words)
    }

    /// Names a thread that is not the job's first one.
    fn thread(&self, thread: i32) -> String {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.number(thread).map_or_else(String::new, |number| format!("t{number} "))
    }
}

/// What is worth saying beside a call: how long it took, which privilege it takes.
fn remarks(line: &Line) -> Vec<(String, Style)> {
    let record = &line.record;
    let mut remarks = Vec::new();
    if record.took >= Duration::from_millis(1) {
        remarks.push((format!("took {:.1?}", record.took), Style::new().dimmed()));
    }
    if record.privilege != Privilege::None {
        let style = AnsiColor::Magenta.on_default();
        remarks.push((format!("needs {}", record.privilege.name()), style));
    }
    remarks
}

/// Eight columns, to ten microseconds as long as that fits: `  0.83ms`, `1.23456s`, `12.3457s`.
fn time(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        ..999.995 => format!("{ms:>6.2}ms"),
        ..9_999.995 => format!("{:.5}s", ms / 1000.0),
        ..99_999.95 => format!("{:.4}s", ms / 1000.0),
        _ => format!("{:.3}s", ms / 1000.0),
    }
}

/// A note in words. It was read after the call, which matters where the call's result is older than that: over the
/// loopback a connect that says EINPROGRESS has its handshake behind it when it returns.
fn told(record: &Record, note: &Note) -> String {
    let words = note.to_string();
    match words.strip_prefix("state ") {
        Some(state) if record.errno() == Some(Errno::EINPROGRESS) => {
            format!("asked after the call: state {state}")
        }
        _ => words,
    }
}

/// Breaks a note between its parts, so that each line has room.
fn wrapped(note: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in note.split(" · ") {
        match lines.last_mut() {
            // Two columns are for the dot before the line.
            Some(line) if line.chars().count() + part.chars().count() + 5 <= room => {
                line.push_str(" · ");
                line.push_str(part);
            }
            _ => lines.push(part.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use jackfield::sock::trace::collect;
    use jackfield::sock::{Deadline, Family, Mode, Protocol, Shutdown, Socket, Type, name, wait_any};

    use super::*;

    fn line(record: &Record) -> Line {
        Line { record: record.clone(), note: None, opening: false }
    }

    fn painted(painter: &Painter, line: &Line) -> String {
        plain(&painter.paint(line).unwrap())
    }

    /// What a conversation does, with a lookup before it.
    fn records() -> Vec<Record> {
        let ((), records) = collect(|| {
            let hints = name::Hints { kind: Type::STREAM, ..name::Hints::default() };
            name::Resolver::system().getaddrinfo(Some(b"localhost"), Some(b"80"), &hints).unwrap();
            let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
            server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
            server.listen(1).unwrap();
            let address = server.getsockname().unwrap();
            let client =
                Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::NonBlocking).unwrap();
            if client.connect(&address).is_err() {
                client.finish_connect(Deadline::after(Duration::from_secs(10))).unwrap();
            }
            let (peer, _) = server.accept_with(Mode::NonBlocking).unwrap();
            client.sendall(&[b'x'; 1000], 0).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            let fds = [&server, &client, &peer].map(|socket| {
                sock::PollFd::new(std::os::fd::AsFd::as_fd(socket), sock::c::POLLIN | sock::c::POLLRDHUP)
            });
            wait_any(&mut fds.to_vec(), Deadline::NEVER).unwrap();
            peer.recv(2000, 0).unwrap();
            let refused = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
            refused.connect(&"127.0.0.1:1".parse().unwrap()).unwrap_err();
        });
        records
    }

    #[test]
    fn a_line_keeps_to_the_terminal() {
        for width in [80, 60, 200] {
            let painter = Painter::new(Some(width));
            for record in records() {
                let words = painted(&painter, &line(&record));
                for row in words.lines() {
                    assert!(row.chars().count() <= width, "{width}: {row}");
                }
                assert!(words.lines().next().unwrap().contains(record.call), "{words}");
            }
        }
    }

    #[test]
    fn without_a_terminal_nothing_but_buffers_is_cut() {
        let painter = Painter::new(None);
        for record in records() {
            let words = painted(&painter, &line(&record));
            assert_eq!(words.lines().count(), 1, "{words}");
            let composite = record.side == Side::User;
            assert!(composite || words.contains(&record.call_text(BYTES_SHOWN)), "{words}");
        }
    }

    #[test]
    fn the_sides_are_told_apart_and_calls_stand_in_one_column() {
        let painter = Painter::new(Some(80));
        for record in records() {
            let words = painted(&painter, &line(&record));
            let side = words.get(8..CALL_COLUMN).unwrap();
            match record.side {
                Side::User => assert_eq!(side, " user   ", "{words}"),
                Side::Kernel => assert_eq!(side, " KERNEL ", "{words}"),
            }
            let indent = 2 * record.depth;
            assert!(words[CALL_COLUMN + indent..].starts_with(&format!("{}(", record.call)), "{words}");
        }
    }

    #[test]
    fn what_does_not_fit_beside_a_call_stands_below_it() {
        let ((), records) = collect(|| drop(Socket::open(Family::INET, Type::RAW, Protocol::ICMP)));
        let slow = Record { took: Duration::from_millis(300), ..records[0].clone() };
        assert_eq!(painted(&Painter::new(Some(200)), &line(&slow)).lines().count(), 1);
        let narrow = painted(&Painter::new(Some(80)), &line(&slow));
        let below: Vec<_> = narrow.lines().skip(1).collect();
        assert_eq!(
            below,
            ["                · took 300.0ms", "                · needs CAP_NET_RAW"],
            "{narrow}"
        );
    }

    /// "EINPROGRESS" and "ESTABLISHED" on one line make no sense without the order in which they were learnt.
    #[test]
    fn a_note_that_is_newer_than_the_result_says_so() {
        let connects = records().into_iter().filter(|record| record.call == "connect").map(|record| {
            let note = Note { state: 1, ..Note::default() };
            (
                record.errno(),
                Painter::new(None).paint(&Line { record, note: Some(note), opening: false }).unwrap(),
            )
        });
        for (errno, words) in connects {
            let late = errno == Some(Errno::EINPROGRESS);
            assert_eq!(words.contains("asked after the call: state ESTABLISHED"), late, "{words}");
        }
    }

    #[test]
    fn a_note_is_broken_between_its_parts() {
        let note = Note {
            state: 1,
            rtt: Duration::from_micros(38),
            retransmits: 2,
            segments_in_flight: 3,
            unacknowledged: 4000,
            unread: 5,
            time_wait: false,
        };
        assert_eq!(wrapped(&note.to_string(), 1000), [note.to_string()]);
        let lines = wrapped(&note.to_string(), 64);
        assert_eq!(lines.join(" · "), note.to_string());
        assert!(lines.len() == 2 && lines.iter().all(|line| line.chars().count() <= 62), "{lines:?}");
    }

    #[test]
    fn other_threads_are_numbered() {
        let painter = Painter::new(Some(80));
        let ((), records) = collect(|| drop(Socket::open(Family::UNIX, Type::DGRAM, Protocol::DEFAULT)));
        let of = |thread| painted(&painter, &line(&Record { thread, ..records[1].clone() }));
        assert!(of(70).contains("KERNEL close("));
        assert!(of(71).contains("KERNEL t2 close("));
        assert!(of(72).contains("KERNEL t3 close("));
        assert!(of(70).contains("KERNEL close("));
    }

    #[test]
    fn threads_that_are_gone_are_forgotten() {
        let mut threads = Threads::default();
        assert_eq!(threads.number(1), None);
        for thread in 2..10_000 {
            assert_eq!(threads.number(thread), Some(usize::try_from(thread).unwrap()));
            assert!(threads.others.len() <= Threads::MOST);
        }
        assert_eq!((threads.number(1), threads.number(9_999)), (None, Some(9_999)));
    }

    #[test]
    fn a_composite_begins_with_its_arguments_and_ends_with_its_result() {
        let painter = Painter::new(Some(80));
        let records = records();
        let lookup = records.iter().find(|record| record.call == "getaddrinfo").unwrap();
        let begun = painted(&painter, &Line { opening: true, ..line(lookup) });
        assert!(begun.contains("getaddrinfo(\"localhost\", \"80\", AF_UNSPEC, ") && begun.ends_with(" …\n"));
        assert!(painted(&painter, &line(lookup)).contains("getaddrinfo(…) = ["));
    }

    #[test]
    fn times_take_eight_columns() {
        for (duration, shown) in [
            (Duration::from_micros(70), "  0.07ms"),
            (Duration::from_micros(999_990), "999.99ms"),
            (Duration::from_micros(999_996), "1.00000s"),
            (Duration::from_micros(1_234_567), "1.23457s"),
            (Duration::from_micros(12_345_678), "12.3457s"),
            (Duration::from_secs(359), "359.000s"),
        ] {
            assert_eq!(time(duration), shown);
        }
    }
}
