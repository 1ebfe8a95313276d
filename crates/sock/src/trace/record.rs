//! One traced operation as plain data and as a line of JSON; `text.rs` writes it for people.
//!
//! Whatever bytes a peer or a user sent, it is one line of printable ASCII.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sys::door::{Arg, Event, Kind, Origin, Side, Value};
use sys::{Errno, Op, c};

use super::names;
use crate::privilege::Privilege;

/// One operation that happened, with everything named.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Numbers the operations of the process in the order in which they began; has gaps.
    pub id: u64,
    /// The thread that did it, by the kernel's number: what strace(1) shows as the pid.
    pub thread: i32,
    /// When it began, in seconds since the trace did, exact to the microsecond.
    pub t: f64,
    /// The operation.
    pub op: Op,
    /// Its name as a programmer types it, such as `recv`.
    pub call: &'static str,
    /// The kernel's name for the call, such as `recvfrom`; `None` on the user side.
    pub syscall: Option<&'static str>,
    /// The arguments by the manual's names, buffers as they were after the call.
    pub args: Vec<(&'static str, Shown)>,
    /// What it returned; [`Shown::Null`] where there is nothing, or nothing yet, to say.
    pub result: Result<Shown, Errno>,
    /// On which side of the kernel's border it happened.
    pub side: Side,
    /// What the kernel asks for before it does this.
    pub privilege: Privilege,
    /// How long it took.
    pub took: Duration,
    /// The `id` of the composite that it belongs to.
    pub parent: Option<u64>,
    /// How many composites enclose it.
    pub depth: usize,
    /// Whether the job wanted it or the trace itself.
    pub origin: Origin,
    /// Whether it was only rehearsed and never reached the kernel.
    pub rehearsed: bool,
}

/// A value with its names put in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// Nothing, or a NULL pointer.
    Null,
    /// A number without a name, a descriptor among them.
    Number(i64),
    /// What stands for itself without quotes: a constant's name, flags, an address, a duration.
    Word(String),
    /// Words in quotes: a path, a host name.
    Text(String),
    /// Bytes.
    Bytes {
        /// The first ones.
        kept: Vec<u8>,
        /// How many there were in all.
        len: usize,
    },
    /// Several values.
    List(Vec<Self>),
    /// Named values, as in a C struct.
    Fields(Vec<(&'static str, Self)>),
}

impl Record {
    /// Puts names to an event; `started` is when the trace began.
    ///
    /// May read a sysctl once in a process (for the privilege of a bind), as [`Origin::Trace`].
    #[must_use]
    pub fn new(event: &Event, started: Instant) -> Self {
        Self {
            id: event.id,
            thread: event.thread,
            t: event.began.saturating_duration_since(started).as_secs_f64(),
            op: event.op,
            call: event.op.name(),
            syscall: event.syscall,
            args: event.args.iter().map(|arg| (arg.0, argument(event, arg))).collect(),
            result: event.result.as_ref().map(shown).map_err(|errno| *errno),
            side: event.side(),
            privilege: Privilege::of(event),
            took: event.took,
            parent: event.parent,
            depth: event.depth,
            origin: event.origin,
            rehearsed: event.rehearsed,
        }
    }

    /// Returns the errno of an operation that failed.
    #[must_use]
    pub fn errno(&self) -> Option<Errno> {
        self.result.as_ref().err().copied()
    }

    /// Writes one JSON object on one line, in printable ASCII and without the line's end.
    ///
    /// - `id`, `thread`, `t` (seconds, six digits after the point), `call`, `syscall` (or null), `args`, `result`, `errno` (its
    ///   name, its number as a string where it has none, or null), `side` (`user`, `kernel`), `privilege` (`none`,
    ///   `CAP_NET_RAW` …), `took_ns`, `parent` (an `id` or null), `origin` (`job`, `trace`), `rehearsed`: always, in this
    ///   order. A failed operation has a null `result`.
    /// - In `args` and `result` a number is a number, a number with a name is the name (`"AF_INET"`,
    ///   `"SOCK_STREAM|SOCK_CLOEXEC"`; no flag at all is the number 0), an address is its text, what is absent is null.
    /// - Bytes are a string: printable ASCII as it is, every other byte and the backslash as `\xNN`. Where only the first
    ///   bytes were kept, the count of all stands beside, under the same name with `_len`; for a list that holds such
    ///   bytes, a list of counts.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(256);
        let _ = write!(out, "{{\"id\":{},\"thread\":{},\"t\":{:.6},\"call\":", self.id, self.thread, self.t);
        put_string(&mut out, self.call);
        out.push_str(",\"syscall\":");
        match self.syscall {
            Some(syscall) => put_string(&mut out, syscall),
            None => out.push_str("null"),
        }
        out.push_str(",\"args\":");
        put_object(&mut out, &self.args);
        out.push_str(",\"result\":");
        match &self.result {
            Ok(result) => put_value(&mut out, result),
            Err(_) => out.push_str("null"),
        }
        out.push_str(",\"errno\":");
        match self.errno() {
            Some(errno) => put_string(&mut out, &errno_name(errno)),
            None => out.push_str("null"),
        }
        let side = match self.side {
            Side::User => "user",
            Side::Kernel => "kernel",
        };
        let _ = write!(out, ",\"side\":\"{side}\",\"privilege\":");
        put_string(&mut out, self.privilege.name());
        let _ = write!(out, ",\"took_ns\":{},\"parent\":", self.took.as_nanos());
        match self.parent {
            Some(parent) => {
                let _ = write!(out, "{parent}");
            }
            None => out.push_str("null"),
        }
        let origin = match self.origin {
            Origin::Job => "job",
            Origin::Trace => "trace",
        };
        let _ = write!(out, ",\"origin\":\"{origin}\",\"rehearsed\":{}}}", self.rehearsed);
        out
    }
}

/// Shows an argument: some have a meaning that only the call or another argument tells.
fn argument(event: &Event, (name, value): &Arg) -> Shown {
    let number = match value {
        Value::Int(number) | Value::Number(_, number) => *number,
        _ => return shown(value),
    };
    let is = |kind, wanted: i32| event.args.contains(&(kind_name(kind), Value::Number(kind, wanted.into())));
    let option = |wanted| {
        *name == "value" && is(Kind::Level, c::SOL_SOCKET) && is(Kind::OptionName(c::SOL_SOCKET), wanted)
    };
    let command = |wanted| *name == "argument" && is(Kind::FcntlCommand, wanted);
    let named = match event.op {
        Op::Fstat if *name == "mode" => names::file_mode(number),
        Op::Pipe if *name == "flags" => names::descriptor_flags(number),
        Op::Fcntl if command(c::F_SETFL) => names::name(Kind::OpenFlags, number),
        Op::Fcntl if command(c::F_SETFD) => names::close_on_exec(number),
        Op::Getsockopt if number != 0 && option(c::SO_ERROR) => {
            errno_name(Errno(i32::try_from(number).unwrap_or(0)))
        }
        Op::Getsockopt if option(c::SO_DOMAIN) => names::name(Kind::Family, number),
        Op::Getsockopt if option(c::SO_TYPE) => names::name(Kind::SocketType, number),
        Op::Getsockopt if option(c::SO_PROTOCOL) => names::name(Kind::Protocol(c::AF_INET), number),
        _ => return shown(value),
    };
    word(named)
}

/// Under which name an argument of this kind stands.
const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Level => "level",
        Kind::FcntlCommand => "command",
        _ => "name",
    }
}

fn shown(value: &Value) -> Shown {
    match value {
        Value::Int(number) => Shown::Number(*number),
        Value::Number(kind, number) => word(names::name(*kind, *number)),
        Value::Fd(fd) => Shown::Number((*fd).into()),
        Value::Bytes { kept, len } => Shown::Bytes { kept: kept.clone(), len: *len },
        Value::Text(text) => Shown::Text(text.clone()),
        Value::Word(word) => Shown::Word(word.clone()),
        Value::Address(address) => Shown::Word(address.to_string()),
        Value::List(values) => Shown::List(values.iter().map(shown).collect()),
        Value::Fields(fields) => {
            Shown::Fields(fields.iter().map(|(name, value)| (*name, shown(value))).collect())
        }
        _ => Shown::Null,
    }
}

/// Wraps a name; a number that has none stays a number.
fn word(name: String) -> Shown {
    match name.parse() {
        Ok(number) => Shown::Number(number),
        Err(_) => Shown::Word(name),
    }
}

pub(super) fn errno_name(errno: Errno) -> String {
    errno.name().map_or_else(|| errno.0.to_string(), str::to_owned)
}

fn put_object(out: &mut String, fields: &[(&'static str, Shown)]) {
    out.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        put_string(out, name);
        out.push(':');
        put_value(out, value);
        if let Some(lengths) = lengths_of_cut(value) {
            out.push(',');
            put_string(out, &format!("{name}_len"));
            let _ = write!(out, ":{lengths}");
        }
    }
    out.push('}');
}

/// Writes how long cut bytes really were: a number, or for a list a list.
fn lengths_of_cut(value: &Shown) -> Option<String> {
    match value {
        Shown::Bytes { kept, len } if kept.len() < *len => Some(len.to_string()),
        Shown::List(values) if values.iter().any(|value| lengths_of_cut(value).is_some()) => {
            let lengths: Vec<_> = values
                .iter()
                .map(|value| match value {
                    Shown::Bytes { len, .. } => len.to_string(),
                    _ => "null".to_owned(),
                })
                .collect();
            Some(format!("[{}]", lengths.join(",")))
        }
        _ => None,
    }
}

fn put_value(out: &mut String, value: &Shown) {
    match value {
        Shown::Null => out.push_str("null"),
        Shown::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Shown::Word(text) | Shown::Text(text) => put_string(out, text),
        Shown::Bytes { kept, .. } => put_string(out, &escaped(kept)),
        Shown::List(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                put_value(out, value);
            }
            out.push(']');
        }
        Shown::Fields(fields) => put_object(out, fields),
    }
}

/// Keeps printable ASCII; every other byte and the backslash become `\xNN`, so that there is one way back.
fn escaped(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\x5c"),
            b' '..=b'~' => out.push(char::from(*byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out
}

/// Writes a JSON string in printable ASCII. Source: RFC 8259 section 7.
pub(super) fn put_string(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(char),
            _ => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sys::{Address, UnixAddress};

    use super::*;

    fn event(op: Op, syscall: Option<&'static str>, args: Vec<Arg>, result: Result<Value, Errno>) -> Event {
        Event {
            id: 7,
            thread: 42,
            parent: None,
            depth: 0,
            op,
            syscall,
            args,
            result,
            origin: Origin::Job,
            began: Instant::now(),
            took: Duration::from_nanos(1500),
            rehearsed: false,
        }
    }

    fn record(op: Op, args: Vec<Arg>, result: Result<Value, Errno>) -> Record {
        let event = event(op, Some("x"), args, result);
        Record::new(&event, event.began)
    }

    #[test]
    fn json_has_every_field_in_order() {
        let args = vec![
            ("family", Value::Number(Kind::Family, 2)),
            ("type", Value::Number(Kind::SocketType, 3)),
            ("protocol", Value::Number(Kind::Protocol(2), 1)),
        ];
        assert_eq!(
            Record { t: 0.001_234_5, ..record(Op::Socket, args, Err(Errno::EPERM)) }.to_json(),
            concat!(
                r#"{"id":7,"thread":42,"t":0.001234,"call":"socket","syscall":"x","args":{"family":"AF_INET","type":"SOCK_RAW","#,
                r#""protocol":"IPPROTO_ICMP"},"result":null,"errno":"EPERM","side":"kernel","#,
                r#""privilege":"CAP_NET_RAW","took_ns":1500,"parent":null,"origin":"job","rehearsed":false}"#,
            )
        );
    }

    #[test]
    fn json_shows_bytes_as_one_string_with_one_escape() {
        let args = vec![("buffer", Value::bytes(b"a\"\\\n\xff"))];
        let json: serde_json::Value =
            serde_json::from_str(&record(Op::Send, args, Ok(Value::Int(5))).to_json()).unwrap();
        assert_eq!(json["args"]["buffer"], "a\"\\x5c\\x0a\\xff");
        assert_eq!(json["args"].get("buffer_len"), None);
    }

    #[test]
    fn json_says_how_much_was_cut() {
        let cut = Value::bytes(&[b'x'; Value::BYTES_KEPT + 1]);
        let list = Value::List(vec![Value::bytes(b"ab"), cut.clone()]);
        let record = record(Op::Sendmsg, vec![("buffer", cut), ("buffers", list)], Ok(Value::Int(1)));
        let json: serde_json::Value = serde_json::from_str(&record.to_json()).unwrap();
        assert_eq!(json["args"]["buffer_len"], Value::BYTES_KEPT + 1);
        assert_eq!(json["args"]["buffer"].as_str().unwrap().len(), Value::BYTES_KEPT);
        assert_eq!(json["args"]["buffers_len"], serde_json::json!([2, Value::BYTES_KEPT + 1]));
    }

    /// Values as deep as a real event holds them.
    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Int),
            any::<i32>().prop_map(Value::Fd),
            any::<u32>().prop_map(|n| Value::Number(Kind::MessageFlags, n.into())),
            any::<i64>().prop_map(|n| Value::Number(Kind::Protocol(2), n)),
            proptest::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| Value::bytes(&bytes)),
            (proptest::collection::vec(any::<u8>(), 0..9), any::<usize>())
                .prop_map(|(kept, len)| Value::Bytes { kept, len }),
            any::<String>().prop_map(Value::Text),
            proptest::collection::vec(any::<u8>(), 0..110)
                .prop_map(|name| Value::Address(Address::Unix(UnixAddress::Path(name)))),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                inner.prop_map(|value| Value::Fields(vec![("field", value), ("type", Value::Int(1))])),
            ]
        })
    }

    /// Reads bytes back from the escapes of `to_json`.
    fn unescaped(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("\\x") {
            bytes.extend(rest[..at].bytes());
            bytes.push(u8::from_str_radix(&rest[at + 2..at + 4], 16).unwrap());
            rest = &rest[at + 4..];
        }
        bytes.extend(rest.bytes());
        bytes
    }

    proptest! {
        #[test]
        fn json_gives_every_byte_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let line = record(Op::Send, vec![("buffer", Value::bytes(&bytes))], Ok(Value::Null)).to_json();
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(unescaped(json["args"]["buffer"].as_str().unwrap()), bytes);
        }

        #[test]
        fn json_gives_every_text_back(text: String) {
            let line = record(Op::Open, vec![("path", Value::Text(text.clone()))], Ok(Value::Null)).to_json();
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(json["args"]["path"].as_str().unwrap(), text);
        }

        #[test]
        fn any_event_is_one_line_that_parses(
            value in values(), result in values(), errno: i32, fails: bool, limit in 0usize..70, parent: Option<u64>,
        ) {
            let result = if fails { Err(Errno(errno)) } else { Ok(result) };
            let event = Event {
                parent,
                ..event(Op::Sendmsg, (!fails).then_some("sendmsg"), vec![("fd", Value::Fd(3)), ("value", value)], result)
            };
            let record = Record::new(&event, event.began);
            let line = record.to_json();
            prop_assert!(line.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{}", line);
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            for field in [
                "id", "thread", "t", "call", "syscall", "args", "result", "errno", "side", "privilege", "took_ns", "parent",
                "origin", "rehearsed",
            ] {
                prop_assert!(json.get(field).is_some(), "{} in {}", field, line);
            }
            let text = record.call_text(limit);
            prop_assert!(!text.chars().any(char::is_control), "{}", text);
        }
    }
}
