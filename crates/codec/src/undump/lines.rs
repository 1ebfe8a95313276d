//! Dumps of lines: what all have in common, whatever a line looks like.
//!
//! Lines are cut out of the pieces, colours are taken off, the offsets are held against the bytes, a `*` becomes the
//! lines that it stands for, and faults get their line and column. A [`Grammar`] says what one line is.

use core::fmt;

use super::Reader;
use super::fast::{Lines as Fast, find_lf};
use super::fault::{At, Fault, UndumpError, expected};
use super::sink::{Sink, wide};
use crate::dump::layout::Layout;

/// The longest line that is read, in bytes: a line of 256 columns of bits takes 2,600, with colours ten times that, and the
/// words that tcpdump has for a packet can be longer.
const LONGEST: usize = 1 << 20;

/// What a line of a dump is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Bytes; with their offset and its place, and with the place where the text contradicts them.
    Data { offset: Option<(u64, usize)>, fault: Option<At> },
    /// The offset of the end, and its place.
    End { offset: u64, at: usize },
    /// A `*`.
    Repeated,
    /// What stands before a record.
    Head,
    /// A line without meaning.
    Nothing,
}

/// What the lines of a form look like.
pub(super) trait Grammar: fmt::Debug + Send {
    /// Reads a line, without its LF and without colours, and puts its bytes into the emptied `bytes`.
    fn line(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At>;

    /// Returns what lines like this one, the last that was read, look like.
    fn layout(&self, line: &[u8], columns: usize) -> Option<Layout>;

    /// Says whether the last group of the bytes is filled up with zeros.
    fn pads(&self) -> bool;

    /// Says whether offset 0 begins a record.
    fn restarts(&self) -> bool;

    /// Returns the offset of the last line, if it had one and bytes behind it.
    fn offset(&self) -> Option<u64>;

    /// Says whether the last line had a text.
    fn has_text(&self) -> bool;

    /// Says whether offsets are marked as such, so that nothing else looks like one.
    fn marks(&self) -> bool;
}

/// Reads lines by a grammar.
#[derive(Debug)]
pub(super) struct Lines<G> {
    grammar: G,
    /// The beginning of a line whose end has not come.
    partial: Vec<u8>,
    /// Lines that were taken.
    line: u64,
    /// The offset that the next line must have; none before the first.
    next: Option<u64>,
    /// A `*` came, and the next offset says how much it stands for.
    repeated: bool,
    /// The end came; nothing but another record can follow.
    ended: bool,
    /// The bytes of the last line: a `*` repeats them.
    last: Vec<u8>,
    bytes: Vec<u8>,
    /// Bytes that wait: for a gap before them, or for the end that says how many they are.
    held: Vec<u8>,
    clean: Vec<u8>,
    fast: Fast,
}

impl<G: Grammar> Lines<G> {
    pub(super) fn new(grammar: G) -> Self {
        Self {
            grammar,
            partial: Vec::new(),
            line: 0,
            next: None,
            repeated: false,
            ended: false,
            last: Vec::new(),
            bytes: Vec::new(),
            held: Vec::new(),
            clean: Vec::new(),
            fast: Fast::default(),
        }
    }

    /// Takes a line, without its LF.
    fn take(&mut self, raw: &[u8], sink: &mut Sink<'_>) -> Result<(), UndumpError> {
        self.line = self.line.saturating_add(1);
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        let coloured = raw.contains(&0x1b);
        let mut clean = core::mem::take(&mut self.clean);
        let line = if coloured {
            without_colours(raw, &mut clean);
            &clean[..]
        } else {
            raw
        };
        let mut bytes = core::mem::take(&mut self.bytes);
        let read = self.grammar.line(line, &mut bytes);
        if let Some(offset) = self.grammar.offset() {
            let right = self.next.map_or_else(|| offset == 0 || self.grammar.marks(), |next| offset == next);
            sink.ledger.offsets = sink.ledger.offsets.saturating_add(u64::from(right || self.repeated));
        }
        if matches!(read, Ok(Line::Data { .. })) {
            sink.ledger.tell_text(self.grammar.has_text(), 1);
        }
        let done = read.and_then(|read| self.settle(read, line, &bytes, sink));
        if let (Ok(true), false) = (&done, coloured || raw.len() >= 128)
            && let Some(next) = self.next.filter(|_| self.fast.is_due())
        {
            self.fast.learn(self.grammar.layout(line, bytes.len()), next);
        }
        self.clean = clean;
        self.bytes = bytes;
        match done {
            Ok(_) => Ok(()),
            Err((at, fault)) => {
                sink.forgive(self.error(raw, at, fault))?;
                let lines = &mut sink.ledger.report.lines;
                *lines = lines.saturating_add(1);
                Ok(())
            }
        }
    }

    /// Does what a line says; true when it had bytes that followed on those before.
    fn settle(&mut self, line: Line, text: &[u8], bytes: &[u8], sink: &mut Sink<'_>) -> Result<bool, At> {
        match line {
            Line::Nothing => Ok(false),
            Line::Head => {
                self.close(text)?;
                self.release(sink);
                self.next = None;
                Ok(false)
            }
            Line::Repeated => {
                if self.last.is_empty() || self.repeated || self.next.is_none() {
                    return Err((0, Fault::Repetition));
                }
                self.repeated = true;
                Ok(false)
            }
            Line::End { offset, at } => {
                let next = self.next.unwrap_or(offset);
                if self.ended {
                    return Err(expected("the end of the dump", text, at));
                }
                if offset > next && self.repeated {
                    self.repeat(offset - next, sink).map_err(|fault| (at, fault))?;
                } else if offset < next && self.pads_away(next - offset) {
                } else if offset != next {
                    return Err((at, Fault::Offset { expected: next, found: offset }));
                } else if self.repeated {
                    return Err((at, Fault::Repetition));
                }
                self.release(sink);
                sink.ledger.offsets = sink.ledger.offsets.saturating_add(u64::from(self.next.is_some()));
                (self.next, self.ended, self.repeated) = (Some(offset), true, false);
                Ok(false)
            }
            Line::Data { offset, fault } => self.data(offset, fault, text, bytes, sink),
        }
    }

    fn data(
        &mut self,
        offset: Option<(u64, usize)>,
        fault: Option<At>,
        text: &[u8],
        bytes: &[u8],
        sink: &mut Sink<'_>,
    ) -> Result<bool, At> {
        if let Some((at, fault)) = fault {
            // The digits are the dump; a text that does not fit them says that one of the two is damaged.
            let error = self.error(text, at, fault);
            sink.forgive(error).map_err(|_| (at, fault))?;
            let contradictions = &mut sink.ledger.report.contradictions;
            *contradictions = contradictions.saturating_add(1);
        }
        let restarts = self.grammar.restarts();
        let mut follows = true;
        let mut begins = self.next.is_none();
        let begin = match (offset, self.next) {
            (None, _) if self.repeated => return Err((0, Fault::Repetition)),
            (None, next) => next.unwrap_or(0),
            (Some((offset, at)), None) if restarts && offset > 0 => {
                return self.gap(0, offset, at, bytes, sink);
            }
            (Some((offset, _)), None) => offset,
            (Some((0, _)), Some(_)) if restarts => {
                self.close(text)?;
                begins = true;
                0
            }
            (Some((offset, at)), Some(_)) if self.ended => {
                let (_, fault) = expected("nothing behind the end of the dump", text, at);
                let error = self.error(text, at, fault);
                if offset > 0 || sink.forgive(error).is_err() {
                    return Err((at, fault));
                }
                begins = true;
                0
            }
            (Some((offset, at)), Some(next)) if offset > next && self.repeated => {
                if (offset - next) % wide(self.last.len()).max(1) != 0 {
                    return Err((at, Fault::Repetition));
                }
                self.release(sink);
                self.repeat(offset - next, sink).map_err(|fault| (at, fault))?;
                follows = false;
                offset
            }
            (Some((offset, at)), Some(next)) => match offset.checked_sub(next) {
                Some(0) if self.repeated => return Err((at, Fault::Repetition)),
                Some(0) => offset,
                Some(_) => return self.gap(next, offset, at, bytes, sink),
                None if offset == 0 && sink.ledger.lenient => {
                    let fault = Fault::Offset { expected: next, found: offset };
                    let error = self.error(text, at, fault);
                    sink.forgive(error).map_err(|_| (at, fault))?;
                    begins = true;
                    0
                }
                None => return Err((at, Fault::Offset { expected: next, found: offset })),
            },
        };
        if begins {
            return self.begin(begin, bytes, sink);
        }
        self.accept(begin, bytes, follows, sink);
        Ok(follows)
    }

    /// Begins a record.
    fn begin(&mut self, offset: u64, bytes: &[u8], sink: &mut Sink<'_>) -> Result<bool, At> {
        self.release(sink);
        sink.record(self.line);
        (self.ended, self.repeated) = (false, false);
        self.accept(offset, bytes, true, sink);
        Ok(true)
    }

    /// Takes the bytes of a line at an offset.
    fn accept(&mut self, offset: u64, bytes: &[u8], follows: bool, sink: &mut Sink<'_>) {
        self.repeated = false;
        self.next = Some(offset.saturating_add(wide(bytes.len())));
        self.last.clear();
        self.last.extend_from_slice(bytes);
        sink.ledger.good = sink.ledger.good.saturating_add(wide(bytes.len()));
        if follows {
            self.release(sink);
        }
        if self.grammar.pads() || !follows {
            self.held.extend_from_slice(bytes);
        } else {
            sink.write(bytes);
        }
    }

    /// Bytes are missing between two offsets: a fault, or NULs in their place.
    fn gap(
        &mut self,
        next: u64,
        offset: u64,
        at: usize,
        bytes: &[u8],
        sink: &mut Sink<'_>,
    ) -> Result<bool, At> {
        let fault = Fault::Offset { expected: next, found: offset };
        sink.forgive(UndumpError { line: self.line, column: wide(at).saturating_add(1), fault })
            .map_err(|_| (at, fault))?;
        self.release(sink);
        if self.next.is_none() {
            sink.record(self.line);
        }
        sink.gap(&[0], offset - next).map_err(|fault| (at, fault))?;
        let missing = &mut sink.ledger.report.missing;
        *missing = missing.saturating_add(offset - next);
        self.accept(offset, bytes, false, sink);
        Ok(false)
    }

    /// Makes what a `*` stands for due.
    fn repeat(&mut self, bytes: u64, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.release(sink);
        sink.gap(&self.last, bytes)
    }

    /// Cuts bytes off the last line that are nothing but filling.
    fn pads_away(&mut self, bytes: u64) -> bool {
        let keep = usize::try_from(bytes).ok().and_then(|bytes| self.held.len().checked_sub(bytes));
        let filling = keep.and_then(|keep| self.held.get(keep..));
        let padded = bytes < 8 && filling.is_some_and(|filling| filling.iter().all(|byte| *byte == 0));
        if let (true, Some(keep)) = (padded, keep) {
            self.held.truncate(keep);
        }
        padded
    }

    /// Says whether a record can end here.
    fn close(&mut self, text: &[u8]) -> Result<(), At> {
        if self.repeated {
            return Err(expected("a line with an offset behind '*'", text, 0));
        }
        Ok(())
    }

    fn release(&mut self, sink: &mut Sink<'_>) {
        sink.write(&self.held);
        self.held.clear();
    }

    /// Reads lines that are like the last one, and returns how much text that was.
    fn run(&mut self, text: &[u8], next: u64, sink: &mut Sink<'_>) -> usize {
        let before = sink.out.len();
        // What waits for the end does so no more when another line follows.
        sink.out.extend_from_slice(&self.held);
        let read = self.fast.check(text, next, sink.out);
        if read.text == 0 {
            sink.out.truncate(before);
            return 0;
        }
        self.last.clear();
        let from = sink.out.len().saturating_sub(read.columns);
        self.last.extend_from_slice(sink.out.get(from..).unwrap_or(&[]));
        self.held.clear();
        if self.grammar.pads() {
            self.held.extend_from_slice(&self.last);
            sink.out.truncate(from);
        }
        sink.count(sink.out.len().saturating_sub(before));
        sink.ledger.good = sink.ledger.good.saturating_add(wide(read.bytes));
        if self.grammar.offset().is_some() {
            sink.ledger.offsets = sink.ledger.offsets.saturating_add(wide(read.lines));
        }
        sink.ledger.tell_text(self.grammar.has_text(), wide(read.lines));
        self.next = Some(next.saturating_add(wide(read.bytes)));
        self.line = self.line.saturating_add(wide(read.lines));
        read.text
    }

    /// Puts a fault at its line and column.
    fn error(&self, raw: &[u8], at: usize, fault: Fault) -> UndumpError {
        let mut seen = 0;
        let mut column = 1_u64;
        let mut rest = raw;
        while let Some((&byte, after)) = rest.split_first() {
            let colour = colour(rest);
            if seen >= at && colour == 0 {
                break;
            }
            column = column.saturating_add(if colour > 0 {
                wide(colour)
            } else {
                // What continues a character is no new one.
                u64::from(!(0x80..0xc0).contains(&byte))
            });
            seen += usize::from(colour == 0);
            rest = rest.get(colour.max(1)..).unwrap_or(after);
        }
        UndumpError { line: self.line, column, fault }
    }
}

impl<G: Grammar> Reader for Lines<G> {
    fn read(&mut self, text: &[u8], end: bool, sink: &mut Sink<'_>) -> Result<usize, UndumpError> {
        let mut taken = 0;
        loop {
            if sink.ledger.due() > 0 {
                return Ok(taken);
            }
            if !self.grammar.pads() {
                self.release(sink);
            }
            let rest = text.get(taken..).unwrap_or(&[]);
            if self.partial.is_empty()
                && !self.repeated
                && !self.ended
                && let Some(next) = self.next
            {
                let read = self.run(rest, next, sink);
                if read > 0 {
                    taken += read;
                    continue;
                }
            }
            let most = LONGEST.saturating_sub(self.partial.len());
            let found = find_lf(rest.get(..most.saturating_add(1)).unwrap_or(rest));
            let partial = core::mem::take(&mut self.partial);
            let line = match found.and_then(|at| rest.get(..at)) {
                Some(line) => {
                    taken += line.len() + 1;
                    line
                }
                None if rest.len() > most => {
                    let column = wide(LONGEST).saturating_add(1);
                    let fault = Fault::LongLine { limit: LONGEST };
                    return Err(UndumpError { line: self.line.saturating_add(1), column, fault });
                }
                None if end && !(rest.is_empty() && partial.is_empty()) => {
                    taken += rest.len();
                    rest
                }
                None => {
                    self.partial = partial;
                    self.partial.extend_from_slice(rest);
                    taken += rest.len();
                    return if end { self.finish(sink).map(|()| taken) } else { Ok(taken) };
                }
            };
            if partial.is_empty() {
                self.take(line, sink)?;
            } else {
                let mut whole = partial;
                whole.extend_from_slice(line);
                self.take(&whole, sink)?;
            }
        }
    }
}

impl<G: Grammar> Lines<G> {
    fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), UndumpError> {
        self.release(sink);
        if core::mem::take(&mut self.repeated) {
            let fault = Fault::Expected { expected: "a line with an offset behind '*'", found: None };
            sink.forgive(UndumpError { line: self.line.saturating_add(1), column: 1, fault })?;
            let lines = &mut sink.ledger.report.lines;
            *lines = lines.saturating_add(1);
        }
        Ok(())
    }
}

/// The length of the colour sequence that a text begins with, 0 when it begins with none: SGR of ECMA-48.
fn colour(text: &[u8]) -> usize {
    let Some(rest) = text.strip_prefix(b"\x1b[") else { return 0 };
    let parameters = rest.iter().take_while(|byte| matches!(byte, b'0'..=b';')).count();
    if rest.get(parameters) == Some(&b'm') { parameters + 3 } else { 0 }
}

fn without_colours(raw: &[u8], clean: &mut Vec<u8>) {
    clean.clear();
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        let length = colour(rest);
        if length == 0 {
            clean.push(byte);
        }
        rest = rest.get(length.max(1)..).unwrap_or(after);
    }
}
