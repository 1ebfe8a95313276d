//! Forms that are no lines: a parser that takes one character after the other.
//!
//! A file of this kind may be one line of any length. What is common is here: counting lines and columns, passing
//! over colours, and what becomes of a fault.

use core::fmt;

use super::Reader;
use super::fault::{Fault, UndumpError};
use super::sink::{Sink, wide};

/// Takes a text character by character.
pub(super) trait Parser: fmt::Debug + Send {
    /// Takes the next byte; `line` is the number of its line.
    fn byte(&mut self, byte: u8, line: u64, sink: &mut Sink<'_>) -> Result<(), Fault>;

    /// Takes the end.
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), Fault>;

    /// Takes what it can take faster, and returns how much of the text that was and how many line feeds were in it, at
    /// whose last the text ended or not.
    fn run(&mut self, text: &[u8], sink: &mut Sink<'_>) -> Run;
}

/// What was taken at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    pub(super) text: usize,
    pub(super) lines: usize,
    /// Characters behind the last line feed.
    pub(super) tail: usize,
}

/// Drives a [`Parser`].
#[derive(Debug)]
pub(super) struct Chars<P> {
    parser: P,
    line: u64,
    column: u64,
    colour: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    None,
    Escape,
    Parameters,
}

impl<P: Parser> Chars<P> {
    pub(super) const fn new(parser: P) -> Self {
        Self { parser, line: 1, column: 1, colour: Colour::None }
    }

    fn take(&mut self, byte: u8, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.colour = match (self.colour, byte) {
            (Colour::None, 0x1b) => Colour::Escape,
            (Colour::None, _) => return self.parser.byte(byte, self.line, sink),
            (Colour::Escape, b'[') | (Colour::Parameters, b'0'..=b';') => Colour::Parameters,
            (Colour::Parameters, b'm') => Colour::None,
            _ => {
                self.colour = Colour::None;
                return Err(Fault::Expected { expected: "the end of a colour sequence", found: Some(byte) });
            }
        };
        Ok(())
    }

    fn forgive(&self, fault: Fault, sink: &mut Sink<'_>) -> Result<(), UndumpError> {
        sink.forgive(UndumpError { line: self.line, column: self.column, fault })?;
        let characters = &mut sink.ledger.report.characters;
        *characters = characters.saturating_add(1);
        Ok(())
    }
}

impl<P: Parser> Reader for Chars<P> {
    fn read(&mut self, text: &[u8], end: bool, sink: &mut Sink<'_>) -> Result<usize, UndumpError> {
        let mut taken = 0;
        while let Some(rest) = text.get(taken..).filter(|rest| !rest.is_empty()) {
            if self.colour == Colour::None {
                let run = self.parser.run(rest, sink);
                if run.lines > 0 {
                    (self.line, self.column) = (self.line.saturating_add(wide(run.lines)), 1);
                }
                self.column = self.column.saturating_add(wide(run.tail));
                taken += run.text;
            }
            // To the end of the line the parser goes alone: it had to.
            for &byte in text.get(taken..).unwrap_or(&[]) {
                if let Err(fault) = self.take(byte, sink) {
                    self.forgive(fault, sink)?;
                }
                taken += 1;
                if byte == b'\n' {
                    (self.line, self.column) = (self.line.saturating_add(1), 1);
                    break;
                }
                // What continues a character is no new one.
                self.column = self.column.saturating_add(u64::from(!(0x80..0xc0).contains(&byte)));
            }
        }
        if end && let Err(fault) = self.parser.finish(sink) {
            self.forgive(fault, sink)?;
        }
        Ok(taken)
    }
}
