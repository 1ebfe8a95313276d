//! Plain hex: digits with white space, `:` or `-` between bytes, each perhaps behind `0x` or `\x`.

use super::chars::{Chars, Parser, Run};
use super::fault::Fault;
use super::sink::{Sink, wide};
use super::{Reader, Told};
use crate::hex;
use crate::simd::{Level, hex as digits};

pub(super) const EXAMPLE: &str = "4a61636b 0a\n";

pub(super) fn readers(_: &Told) -> Vec<Box<dyn Reader>> {
    vec![Box::new(Chars::new(Plain::default()))]
}

#[derive(Debug, Default)]
struct Plain {
    state: State,
    /// The character before was a digit, so a `0` here begins no `0x`.
    inside: bool,
    begun: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing came yet.
    #[default]
    Start,
    /// Behind a whole byte, and perhaps white space.
    Byte,
    /// Behind the first digit of a byte; it can begin `0x` when it is a 0 at the beginning.
    Digit { high: u8, prefix: bool },
    /// Behind `\`.
    Backslash,
    /// Behind `0x` or `\x`.
    Prefix,
    /// Behind a mark between two bytes, and perhaps white space.
    Mark,
}

impl Parser for Plain {
    fn byte(&mut self, byte: u8, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let fault = |expected| Err(Fault::Expected { expected, found: Some(byte) });
        let inside = core::mem::replace(&mut self.inside, byte.is_ascii_hexdigit());
        let value = hex::value(byte);
        self.state = match (self.state, value) {
            (State::Digit { high, .. }, Some(low)) => {
                self.begin(line, sink);
                sink.write(&[high << 4 | low]);
                sink.ledger.good = sink.ledger.good.saturating_add(1);
                State::Byte
            }
            (State::Digit { prefix: true, .. }, None) if matches!(byte, b'x' | b'X') => State::Prefix,
            (State::Digit { .. }, None) => {
                // The digit is lost, what comes now may be good again.
                self.state = State::Byte;
                return fault("a second hex digit");
            }
            (State::Backslash, _) if byte == b'x' => State::Prefix,
            (State::Backslash, _) => {
                self.state = State::Byte;
                return fault("an x behind the backslash");
            }
            (state, Some(high)) => {
                State::Digit { high, prefix: byte == b'0' && !inside && state != State::Prefix }
            }
            (State::Prefix, None) => {
                self.state = State::Byte;
                return fault("two hex digits");
            }
            (State::Byte, None) if matches!(byte, b':' | b'-') => State::Mark,
            (_, None) if byte == b'\\' => State::Backslash,
            (state, None) if byte.is_ascii_whitespace() => state,
            (_, None) => return fault("a hex digit"),
        };
        Ok(())
    }

    fn finish(&mut self, _: &mut Sink<'_>) -> Result<(), Fault> {
        let fault = |expected| Err(Fault::Expected { expected, found: None });
        match core::mem::take(&mut self.state) {
            State::Start | State::Byte => Ok(()),
            State::Digit { .. } => fault("a second hex digit"),
            State::Backslash | State::Prefix => fault("two hex digits"),
            State::Mark => fault("a byte behind the mark"),
        }
    }

    fn run(&mut self, text: &[u8], sink: &mut Sink<'_>) -> Run {
        if !matches!(self.state, State::Start | State::Byte) || text.len() < 8 {
            return Run::default();
        }
        let level = Level::best();
        let width = text.iter().take(4096).position(|byte| *byte == b'\n').unwrap_or(0) / 2;
        let room = sink.out.room(text.len() / 2);
        let lines = digits::decode_lines(level, width, text, room);
        let mut run = Run { text: lines * (2 * width + 1), lines, tail: 0 };
        let mut bytes = lines * width;
        if let (Some(text), Some(room)) = (text.get(run.text..), room.get_mut(bytes..)) {
            let pairs = digits::decode(level, text, room);
            bytes += pairs;
            run.text += 2 * pairs;
            run.tail = 2 * pairs;
        }
        if bytes > 0 {
            self.begin(1, sink);
            sink.out.commit(bytes);
            sink.count(bytes);
            sink.ledger.good = sink.ledger.good.saturating_add(wide(bytes));
            (self.state, self.inside) = (State::Byte, run.tail > 0);
        }
        run
    }
}

impl Plain {
    fn begin(&mut self, line: u64, sink: &mut Sink<'_>) {
        if !core::mem::replace(&mut self.begun, true) {
            sink.record(line);
        }
    }
}
