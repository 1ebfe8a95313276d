//! One traced operation as a line for people, in the manner of strace(1).
//!
//! Whatever bytes a peer or a user sent, it is one line without control or formatting characters: nothing in it can move
//! a terminal's cursor. Where a line must be short, what a reader misses least goes first.

use std::fmt::Write as _;

use sys::Op;
use sys::door::Kind;

use super::names;
use super::record::{Record, Shown, errno_name};

impl Record {
    /// Writes the call on one line: `send(3, b"hello\n", 6, MSG_NOSIGNAL) = 6`,
    /// `connect(3, 127.0.0.1:80) = -1 ECONNREFUSED (Connection refused)`,
    /// `poll([0, 3: POLLIN], 250ms) = 1 [3: POLLIN|POLLHUP]`.
    ///
    /// Of each buffer at most `limit` bytes are shown; `…` follows one that is cut. What returns nothing, and a composite
    /// that has only begun, has no `=`.
    #[must_use]
    pub fn call_text(&self, limit: usize) -> String {
        let brevity = Brevity { limit, ..Brevity::NONE };
        self.head(brevity) + &self.tail(brevity)
    }

    /// Writes the call as [`Record::call_text`] does, in at most `width` characters where that is possible.
    ///
    /// What does not fit is left out in this order: what flags have in common (`SOCK_STREAM|CLOEXEC`), bytes of buffers,
    /// an error's words, the last arguments. The call's name and its result always stay.
    ///
    /// ```
    /// use jackfield_sock::{Family, Protocol, Socket, Type, trace};
    ///
    /// let (_, records) = trace::collect(|| Socket::open(Family::UNIX, Type::STREAM, Protocol::DEFAULT).map(drop));
    /// assert!(records[0].call_text_within(80, 48).starts_with("socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = "));
    /// assert!(records[0].call_text_within(46, 48).starts_with("socket(AF_UNIX, SOCK_STREAM|CLOEXEC, 0) = "));
    /// ```
    #[must_use]
    pub fn call_text_within(&self, width: usize, limit: usize) -> String {
        let mut text = String::new();
        for brevity in Brevity::steps(limit) {
            let (head, tail) = (self.head(brevity), self.tail(brevity));
            if length(&head) + length(&tail) <= width {
                return head + &tail;
            }
            text = cut(&head, width.saturating_sub(length(&tail)), self.call) + &tail;
        }
        text
    }

    /// Writes how a composite ended, of which the beginning stands on an earlier line: `getaddrinfo(…) = [127.0.0.1:80]`,
    /// in at most `width` characters where that is possible.
    #[must_use]
    pub fn end_text_within(&self, width: usize, limit: usize) -> String {
        let room = width.saturating_sub(self.call.len() + 3);
        let mut tail = String::new();
        for brevity in Brevity::steps(limit) {
            tail = self.tail(brevity);
            if length(&tail) <= room {
                break;
            }
        }
        if length(&tail) > room.max(LEAST) {
            tail = tail.chars().take(room.max(LEAST) - 1).collect::<String>() + "…";
        }
        format!("{}(…){tail}", self.call)
    }

    /// The call with its arguments.
    fn head(&self, brevity: Brevity) -> String {
        let mut out = format!("{}(", self.call);
        for (at, (name, value)) in self.args.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { ", " });
            match value {
                Shown::List(fds) if self.op == Op::Poll => put_polled(&mut out, fds, "events", brevity),
                value if waits(self.op) && *name == "timeout" => put_timeout(&mut out, value),
                value => put(&mut out, value, brevity),
            }
        }
        out.push(')');
        out
    }

    /// What stands behind the call: its result.
    fn tail(&self, brevity: Brevity) -> String {
        let mut out = String::new();
        match &self.result {
            Ok(Shown::Null) => {}
            Ok(Shown::Number(0)) if waits(self.op) => out.push_str(" = 0 (timeout)"),
            Ok(result) => {
                out.push_str(" = ");
                put(&mut out, result, brevity);
                if let Some(names) = self.result_in_names() {
                    let _ = write!(out, " ({names})");
                }
                if let (Op::Poll, Some((_, Shown::List(fds)))) = (self.op, self.args.first()) {
                    out.push(' ');
                    put_polled(&mut out, fds, "revents", brevity);
                }
            }
            Err(errno) if brevity.no_message => {
                let _ = write!(out, " = -1 {}", errno_name(*errno));
            }
            Err(errno) => {
                let _ = write!(out, " = -1 {} ({})", errno_name(*errno), errno.message());
            }
        }
        out
    }

    /// Names the flags that fcntl(2) returned: its result is a number of which the command tells the meaning.
    fn result_in_names(&self) -> Option<String> {
        let (Ok(Shown::Number(number)), Some((_, Shown::Word(command)))) = (&self.result, self.args.get(1))
        else {
            return None;
        };
        match (self.op, command.as_str()) {
            (Op::Fcntl, "F_GETFL") => Some(names::name(Kind::OpenFlags, *number)),
            (Op::Fcntl, "F_GETFD") if *number != 0 => Some(names::close_on_exec(*number)),
            _ => None,
        }
    }
}

/// What is left out so that a line is short.
#[derive(Clone, Copy)]
struct Brevity {
    /// How many bytes of a buffer are shown.
    limit: usize,
    /// Of flags the common beginning stands once.
    short_flags: bool,
    /// An errno has no words.
    no_message: bool,
}

impl Brevity {
    const NONE: Self = Self { limit: usize::MAX, short_flags: false, no_message: false };

    /// Lists what to try, the longest first.
    fn steps(limit: usize) -> impl Iterator<Item = Self> {
        let whole = Self { limit, ..Self::NONE };
        let short_flags = Self { short_flags: true, ..whole };
        let buffers = [32, 24, 16, 12, 8].into_iter().filter(move |fewer| *fewer < limit);
        let fewer = buffers.map(move |limit| Self { limit, ..short_flags });
        let least = Self { limit: limit.min(8), short_flags: true, no_message: true };
        [whole, short_flags].into_iter().chain(fewer).chain([least])
    }
}

/// Of a call at least this much stays, whatever the width.
const LEAST: usize = 16;

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Cuts a call's last arguments off.
fn cut(head: &str, width: usize, call: &str) -> String {
    let width = width.max(LEAST).max(call.len() + "(…)".len());
    if length(head) <= width {
        return head.to_owned();
    }
    head.chars().take(width - "…)".chars().count()).collect::<String>() + "…)"
}

const fn waits(op: Op) -> bool {
    matches!(op, Op::Poll | Op::Select | Op::EpollWait)
}

/// Writes how long a call waits at most: a reader wants to know the order of it, and what NULL means.
fn put_timeout(out: &mut String, timeout: &Shown) {
    match timeout {
        Shown::Null => out.push_str("no timeout"),
        Shown::Word(duration) => out.push_str(&rounded(duration)),
        other => put(out, other, Brevity::NONE),
    }
}

/// Rounds a duration such as `249.987792ms` to three digits.
fn rounded(duration: &str) -> String {
    let unit = duration.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(duration.len());
    let (number, unit) = duration.split_at(unit);
    let (value, unit) = match (number.parse::<f64>(), unit) {
        (Ok(value), "ms") if value >= 999.5 => (value / 1000.0, "s"),
        (Ok(value), unit) => (value, unit),
        (Err(_), _) => return duration.to_owned(),
    };
    let digits = if value >= 99.95 { 0 } else { 1 + usize::from(value < 9.995) };
    let number = format!("{value:.digits$}");
    let number =
        if digits > 0 { number.trim_end_matches('0').trim_end_matches('.') } else { number.as_str() };
    format!("{number}{unit}")
}

/// Writes the descriptors of a poll(2), those with the same events together: `[0, 4: POLLIN, 5: POLLOUT]`. Of what
/// happened (`revents`), nothing is left out.
fn put_polled(out: &mut String, fds: &[Shown], which: &str, brevity: Brevity) {
    let parts: Vec<_> = fds
        .iter()
        .filter_map(|fd| {
            let Shown::Fields(fields) = fd else { return None };
            let field = |name| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
            Some((field("fd")?, field(which)?))
        })
        .filter(|(_, events)| which != "revents" || **events != Shown::Number(0))
        .collect();
    out.push('[');
    for (at, (fd, events)) in parts.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        put(out, fd, brevity);
        if parts.get(at + 1).is_none_or(|(_, next)| next != events) {
            out.push_str(": ");
            put(out, events, brevity);
        }
    }
    out.push(']');
}

fn put(out: &mut String, value: &Shown, brevity: Brevity) {
    match value {
        Shown::Null => out.push_str("NULL"),
        Shown::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Shown::Word(word) if brevity.short_flags => out.push_str(&short_flags(word)),
        Shown::Word(word) => out.push_str(word),
        Shown::Text(text) => {
            let _ = write!(out, "{text:?}");
        }
        Shown::Bytes { kept, len } => put_bytes(out, kept, *len, brevity.limit),
        Shown::List(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                put(out, value, brevity);
            }
            out.push(']');
        }
        Shown::Fields(fields) => {
            out.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                let _ = write!(out, "{}{name}=", if at == 0 { "" } else { ", " });
                put(out, value, brevity);
            }
            out.push('}');
        }
    }
}

/// Writes the common beginning of flags once: `SOCK_STREAM|SOCK_CLOEXEC` is `SOCK_STREAM|CLOEXEC`.
fn short_flags(word: &str) -> String {
    const BEGINNINGS: &[&str] = &["SOCK_", "MSG_", "EPOLL", "POLL", "SPLICE_F_", "O_", "AI_", "NI_", "CAP_"];
    let mut parts = word.split('|');
    let first = parts.next().unwrap_or_default();
    let Some(beginning) = BEGINNINGS.iter().find(|beginning| first.starts_with(**beginning)) else {
        return word.to_owned();
    };
    parts.fold(first.to_owned(), |short, part| {
        format!("{short}|{}", part.strip_prefix(beginning).unwrap_or(part))
    })
}

/// Writes bytes as a literal of Rust and Python: `b"hello\n"`.
fn put_bytes(out: &mut String, kept: &[u8], len: usize, limit: usize) {
    out.push_str("b\"");
    for byte in kept.iter().take(limit) {
        match byte {
            b'\'' => out.push('\''),
            _ => {
                let _ = write!(out, "{}", byte.escape_ascii());
            }
        }
    }
    out.push('"');
    if kept.len().min(limit) < len {
        out.push('…');
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;
    use sys::door::{Arg, Event, Origin, Value};
    use sys::{Address, Errno, UnixAddress, c};

    use super::*;

    fn record(op: Op, args: Vec<Arg>, result: Result<Value, Errno>) -> Record {
        let event = Event {
            id: 7,
            thread: 42,
            parent: None,
            depth: 0,
            op,
            syscall: Some("x"),
            args,
            result,
            origin: Origin::Job,
            began: Instant::now(),
            took: Duration::from_nanos(1500),
            rehearsed: false,
        };
        Record::new(&event, event.began)
    }

    fn text(op: Op, args: Vec<Arg>, result: Result<Value, Errno>) -> String {
        record(op, args, result).call_text(8)
    }

    fn ip(text: &str) -> Value {
        Value::Address(text.parse().unwrap())
    }

    fn send(bytes: &[u8], result: Result<Value, Errno>) -> Record {
        let flags = Value::Number(Kind::MessageFlags, 0x4000);
        let args = vec![
            ("fd", Value::Fd(3)),
            ("buffer", Value::bytes(bytes)),
            ("length", Value::len(bytes.len())),
            ("flags", flags),
        ];
        record(Op::Send, args, result)
    }

    fn poll(fds: &[(i32, i64, i64)], timeout: Option<&str>, result: Result<Value, Errno>) -> Record {
        let fds = fds.iter().map(|(fd, events, revents)| {
            Value::Fields(vec![
                ("fd", Value::Fd(*fd)),
                ("events", Value::Number(Kind::PollEvents, *events)),
                ("revents", Value::Number(Kind::PollEvents, *revents)),
            ])
        });
        let timeout = timeout.map_or(Value::Null, |timeout| Value::Word(timeout.into()));
        record(Op::Poll, vec![("fds", Value::List(fds.collect())), ("timeout", timeout)], result)
    }

    #[test]
    fn calls_read_as_strace_writes_them() {
        let refused = vec![("fd", Value::Fd(3)), ("address", ip("127.0.0.1:80"))];
        assert_eq!(
            text(Op::Connect, refused, Err(Errno::ECONNREFUSED)),
            "connect(3, 127.0.0.1:80) = -1 ECONNREFUSED (Connection refused)"
        );
        assert_eq!(
            send(b"hello\n", Ok(Value::Int(6))).call_text(8),
            "send(3, b\"hello\\n\", 6, MSG_NOSIGNAL) = 6"
        );
        assert_eq!(
            send(b"it's\x1b\\\"too long", Ok(Value::Int(6))).call_text(8),
            "send(3, b\"it's\\x1b\\\\\\\"t\"…, 15, MSG_NOSIGNAL) = 6"
        );
        let composite = vec![("fd", Value::Fd(3)), ("timeout", Value::Null)];
        assert_eq!(text(Op::Sendall, composite, Ok(Value::Null)), "sendall(3, NULL)");
        assert_eq!(text(Op::Close, vec![], Err(Errno(4242))), "close() = -1 4242 (Unknown error)");
    }

    #[test]
    fn what_is_polled_is_told_once() {
        let [input, output, hangup] = [1, 4, 16];
        let ready = poll(
            &[(0, input, input | hangup), (4, input, 0), (5, output, output), (3, input, 0)],
            None,
            Ok(Value::Int(2)),
        );
        assert_eq!(
            ready.call_text(8),
            "poll([0, 4: POLLIN, 5: POLLOUT, 3: POLLIN], no timeout) = 2 [0: POLLIN|POLLHUP, 5: POLLOUT]"
        );
        let nothing = poll(&[(3, input, 0)], Some("249.987792ms"), Ok(Value::Int(0)));
        assert_eq!(nothing.call_text(8), "poll([3: POLLIN], 250ms) = 0 (timeout)");
        let interrupted = poll(&[(3, input, 0)], None, Err(Errno::EINTR));
        assert_eq!(
            interrupted.call_text(8),
            "poll([3: POLLIN], no timeout) = -1 EINTR (Interrupted system call)"
        );
        assert_eq!(poll(&[], Some("1s"), Ok(Value::Int(0))).call_text(8), "poll([], 1s) = 0 (timeout)");
    }

    #[test]
    fn durations_have_three_digits() {
        for (exact, short) in [
            ("249.987792ms", "250ms"),
            ("1.5s", "1.5s"),
            ("999.9864ms", "1s"),
            ("9.999999s", "10s"),
            ("12.34567s", "12.3s"),
            ("1.000001ms", "1ms"),
            ("86400s", "86400s"),
            ("99.96µs", "100µs"),
            ("0ns", "0ns"),
            ("soon", "soon"),
        ] {
            assert_eq!(rounded(exact), short);
        }
    }

    #[test]
    fn what_a_number_means_may_depend_on_the_call() {
        let fcntl = |command: i32, argument: i64| {
            let command = Value::Number(Kind::FcntlCommand, command.into());
            vec![("fd", Value::Fd(3)), ("command", command), ("argument", Value::Int(argument))]
        };
        assert_eq!(
            text(Op::Fcntl, fcntl(c::F_GETFL, 0), Ok(Value::Int(2))),
            "fcntl(3, F_GETFL, 0) = 2 (O_RDWR)"
        );
        assert_eq!(
            text(Op::Fcntl, fcntl(c::F_SETFL, 0o4002), Ok(Value::Int(0))),
            "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0"
        );
        assert_eq!(
            text(Op::Fcntl, fcntl(c::F_SETFD, 1), Ok(Value::Int(0))),
            "fcntl(3, F_SETFD, FD_CLOEXEC) = 0"
        );
        let option = |number: i32, value: i64| {
            let level = Value::Number(Kind::Level, c::SOL_SOCKET.into());
            let name = Value::Number(Kind::OptionName(c::SOL_SOCKET), number.into());
            vec![("fd", Value::Fd(3)), ("level", level), ("name", name), ("value", Value::Int(value))]
        };
        for (number, value, expected) in [
            (c::SO_ERROR, 111, "SO_ERROR, ECONNREFUSED"),
            (c::SO_ERROR, 0, "SO_ERROR, 0"),
            (c::SO_TYPE, 1, "SO_TYPE, SOCK_STREAM"),
            (c::SO_DOMAIN, 10, "SO_DOMAIN, AF_INET6"),
            (c::SO_PROTOCOL, 17, "SO_PROTOCOL, IPPROTO_UDP"),
            (c::SO_SNDBUF, 111, "SO_SNDBUF, 111"),
        ] {
            let expected = format!("getsockopt(3, SOL_SOCKET, {expected}) = 0");
            assert_eq!(text(Op::Getsockopt, option(number, value), Ok(Value::Int(0))), expected);
        }
        let ends = Value::List(vec![Value::Fd(3), Value::Fd(4)]);
        let flags = Value::Number(Kind::OpenFlags, 0);
        assert_eq!(
            text(Op::Pipe, vec![("ends", ends), ("flags", flags)], Ok(Value::Int(0))),
            "pipe([3, 4], 0) = 0"
        );
        // A lookup is no system call, so its constants come as text.
        let lookup = vec![
            ("host", Value::Text("h".into())),
            ("family", Value::Word("AF_UNSPEC".into())),
            ("protocol", Value::Word("0".into())),
            ("flags", Value::Word("AI_PASSIVE".into())),
        ];
        assert_eq!(
            text(Op::Getaddrinfo, lookup, Ok(Value::Null)),
            "getaddrinfo(\"h\", AF_UNSPEC, 0, AI_PASSIVE)"
        );
    }

    #[test]
    fn a_short_line_loses_what_is_missed_least() {
        let socket = |family: i32| {
            let args = vec![
                ("family", Value::Number(Kind::Family, family.into())),
                ("type", Value::Number(Kind::SocketType, 0o2_004_001)),
                ("protocol", Value::Number(Kind::Protocol(family), 6)),
            ];
            record(Op::Socket, args, Ok(Value::Fd(4)))
        };
        assert_eq!(
            socket(c::AF_INET).call_text_within(80, 48),
            "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 4"
        );
        // What an 80-column terminal has beside time and side.
        assert_eq!(
            socket(c::AF_INET6).call_text_within(64, 48),
            "socket(AF_INET6, SOCK_STREAM|CLOEXEC|NONBLOCK, IPPROTO_TCP) = 4"
        );
        assert_eq!(socket(c::AF_INET).call_text_within(30, 48), "socket(AF_INET, SOCK_STR…) = 4");
        assert_eq!(socket(c::AF_INET).call_text_within(0, 48), "socket(AF_INET…) = 4");

        let long = send(&[b'x'; 100], Err(Errno::ECONNRESET));
        assert_eq!(
            long.call_text_within(100, 48),
            format!(
                "send(3, b\"{}\"…, 100, MSG_NOSIGNAL) = -1 ECONNRESET (Connection reset by peer)",
                "x".repeat(24)
            )
        );
        assert_eq!(
            long.call_text_within(64, 48),
            "send(3, b\"xxxxxxxx\"…, 100, MSG_NOSIGNAL) = -1 ECONNRESET"
        );

        let ended =
            record(Op::Getaddrinfo, vec![], Ok(Value::List(vec![ip("[::1]:80"), ip("127.0.0.1:80")])));
        assert_eq!(ended.end_text_within(64, 48), "getaddrinfo(…) = [[::1]:80, 127.0.0.1:80]");
        assert_eq!(ended.end_text_within(31, 48), "getaddrinfo(…) = [[::1]:80, 12…");
    }

    #[test]
    fn text_from_outside_is_quoted_and_harmless() {
        let path = vec![("path", Value::Text("a\u{202e}\u{1b}[2J\n\u{85}".into()))];
        let record = record(Op::Open, path, Err(Errno::ENOENT));
        assert_eq!(
            record.call_text(99),
            "open(\"a\\u{202e}\\u{1b}[2J\\n\\u{85}\") = -1 ENOENT (No such file or directory)"
        );
        assert!(record.to_json().bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        let address = Address::Unix(UnixAddress::Abstract(b"a\x1b\0".to_vec()));
        let shown = text(Op::Bind, vec![("address", Value::Address(address))], Ok(Value::Int(0)));
        assert_eq!(shown, "bind(@a\\x1b\\x00) = 0");
    }

    proptest! {
        #[test]
        fn a_line_keeps_to_its_width(
            bytes in proptest::collection::vec(any::<u8>(), 0..100), path: String, errno: i32, width in 60usize..200,
        ) {
            for record in [
                send(&bytes, Ok(Value::Int(1))),
                send(&bytes, Err(Errno(errno))),
                record(Op::Open, vec![("path", Value::Text(path))], Err(Errno::ENOENT)),
            ] {
                let text = record.call_text_within(width, 48);
                prop_assert!(text.chars().count() <= width, "{}", text);
                prop_assert!(!text.chars().any(char::is_control), "{}", text);
                prop_assert!(text.contains(") = "), "{}", text);
            }
        }
    }
}
