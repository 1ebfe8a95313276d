//! Lines that are the same as the one before, found without being written.
//!
//! A run is compared with itself one line further on, in blocks, which is as fast as memory is read; where lines
//! differ, their first eight bytes almost always say so.

use super::style::Squeeze;

/// Bytes compared at once.
const BLOCK: usize = 4096;

/// Which line came last, and how many lines that are the same have followed it.
#[derive(Clone, Debug)]
pub(super) struct Run {
    rule: Squeeze,
    columns: usize,
    previous: Vec<u8>,
    pub(super) lines: u64,
}

impl Run {
    pub(super) fn new(rule: Squeeze, columns: usize) -> Self {
        Self { rule, columns, previous: Vec::new(), lines: 0 }
    }

    pub(super) fn previous(&self) -> &[u8] {
        &self.previous
    }

    /// Takes a line for the one that came last.
    pub(super) fn set(&mut self, line: &[u8]) {
        self.previous.clear();
        self.previous.extend_from_slice(line);
        self.lines = 0;
    }

    pub(super) fn forget(&mut self) {
        self.set(&[]);
    }

    /// Counts the leading lines that are the same as the last one and may be left out, and returns their bytes.
    pub(super) fn repeats(&mut self, bytes: &[u8]) -> usize {
        let columns = self.columns;
        let first = bytes.get(..columns);
        if first.is_none_or(|first| first != self.previous || !self.may_repeat(first)) {
            return 0;
        }
        let mut same = columns;
        while let Some(further) = bytes.get(same..same + BLOCK)
            && bytes.get(same - columns..same - columns + BLOCK) == Some(further)
        {
            same += BLOCK;
        }
        // Only whole lines count; the block may have ended inside one.
        same -= same % columns;
        while let Some(line) = bytes.get(same..same + columns)
            && line == self.previous
        {
            same += columns;
        }
        self.lines = self.lines.saturating_add(u64::try_from(same / columns).unwrap_or(u64::MAX));
        same
    }

    /// Returns the bytes of the lines before the first that may be left out.
    pub(super) fn fresh(&self, bytes: &[u8]) -> usize {
        let columns = self.columns;
        let mut at = columns;
        while let Some(line) = bytes.get(at..at + columns) {
            let before = bytes.get(at - columns..at).unwrap_or(&[]);
            let differs = line.first_chunk::<8>() != before.first_chunk::<8>();
            if !differs && line == before && self.may_repeat(line) {
                break;
            }
            at += columns;
        }
        at
    }

    fn may_repeat(&self, line: &[u8]) -> bool {
        match self.rule {
            Squeeze::Never => false,
            Squeeze::Zeros => line.iter().all(|&byte| byte == 0),
            Squeeze::Repeats => true,
        }
    }
}
