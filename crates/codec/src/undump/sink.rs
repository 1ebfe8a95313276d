//! Where a reader's bytes go: the output, the gaps that are due in it, and what is counted.

use super::fault::{Fault, UndumpError};
use super::{Record, Report};
use crate::Buffer;
use crate::stream::CHUNK;

/// What is known of the output so far.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) lenient: bool,
    pub(super) limit: u64,
    /// Bytes so far, those of a gap that is due included.
    pub(super) written: u64,
    pub(super) report: Report,
    pub(super) records: Option<Vec<Record>>,
    /// Lines of bytes that were read, for the choice between readers.
    pub(super) good: u64,
    /// Offsets that were where they should be; a first one only when nothing but an offset looks like it.
    pub(super) offsets: u64,
    /// Lines that had a text, and lines of bytes that had none.
    texts: u64,
    bare: u64,
    gap: Gap,
}

/// Bytes that are due: a pattern, from somewhere in it.
#[derive(Debug, Default)]
struct Gap {
    pattern: Vec<u8>,
    phase: usize,
    left: u64,
}

impl Ledger {
    /// Takes note of lines of bytes, with a text or without.
    pub(super) fn tell_text(&mut self, has_text: bool, lines: u64) {
        let count = if has_text { &mut self.texts } else { &mut self.bare };
        *count = count.saturating_add(lines);
    }

    /// Returns how many lines had a text; none, unless all had: a column that some lack is none.
    pub(super) const fn texts(&self) -> u64 {
        if self.bare == 0 { self.texts } else { 0 }
    }

    pub(super) fn new(lenient: bool, limit: u64) -> Self {
        Self {
            lenient,
            limit,
            written: 0,
            report: Report::default(),
            records: None,
            good: 0,
            offsets: 0,
            texts: 0,
            bare: 0,
            gap: Gap::default(),
        }
    }

    /// The bytes of a gap that are still to be written.
    pub(super) fn due(&self) -> u64 {
        self.gap.left
    }

    pub(super) fn forget_gap(&mut self) {
        self.gap.left = 0;
    }

    /// Writes some of a gap: true when no more is due.
    pub(super) fn fill(&mut self, out: &mut Buffer) -> bool {
        let mut room = CHUNK;
        while self.gap.left > 0 && room > 0 {
            let rest = self.gap.pattern.get(self.gap.phase..).unwrap_or(&[]);
            let count = usize::try_from(self.gap.left).unwrap_or(usize::MAX).min(rest.len()).min(room);
            if count == 0 {
                break;
            }
            out.extend_from_slice(rest.get(..count).unwrap_or(rest));
            self.gap.phase = (self.gap.phase + count) % self.gap.pattern.len().max(1);
            self.gap.left = self.gap.left.saturating_sub(wide(count));
            room -= count;
        }
        self.gap.left == 0
    }
}

/// An output and its ledger.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    pub(super) out: &'a mut Buffer,
    pub(super) ledger: &'a mut Ledger,
}

impl Sink<'_> {
    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.ledger.written = self.ledger.written.saturating_add(wide(bytes.len()));
    }

    /// Counts bytes that were written to the output directly.
    pub(super) fn count(&mut self, bytes: usize) {
        self.ledger.written = self.ledger.written.saturating_add(wide(bytes));
    }

    /// Makes a gap due, of the pattern over and over.
    pub(super) fn gap(&mut self, pattern: &[u8], bytes: u64) -> Result<(), Fault> {
        if bytes > self.ledger.limit {
            return Err(Fault::Gap { bytes, limit: self.ledger.limit });
        }
        // Short patterns are laid end to end, so that a long gap goes in long steps.
        let times = (4096_usize).checked_div(pattern.len()).unwrap_or(0).max(1);
        self.ledger.gap = Gap { pattern: pattern.repeat(times), phase: 0, left: bytes };
        self.ledger.written = self.ledger.written.saturating_add(bytes);
        Ok(())
    }

    /// A record begins here.
    pub(super) fn record(&mut self, line: u64) {
        self.ledger.report.records = self.ledger.report.records.saturating_add(1);
        let offset = self.ledger.written;
        if let Some(records) = &mut self.ledger.records {
            records.push(Record { offset, line });
        }
    }

    /// Passes over a fault when that is asked for, and keeps the first for the report.
    pub(super) fn forgive(&mut self, error: UndumpError) -> Result<(), UndumpError> {
        if !self.ledger.lenient {
            return Err(error);
        }
        self.ledger.report.first.get_or_insert(error);
        Ok(())
    }
}

pub(super) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
