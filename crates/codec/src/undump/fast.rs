//! Lines that need no parser: a run of them that differ in nothing but their bytes and their offsets.
//!
//! The first line of a run says what the others must look like: its characters are made a `Layout`, and the
//! line kernel reads on as long as the text is what that layout would have written.

use crate::Buffer;
use crate::dump::layout::{Cell, Layout, shown};
use crate::simd::Level;
use crate::simd::lines::Program;

/// Reads runs of lines as xxd writes them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    program: Option<(Layout, Program)>,
    /// Where the text of a learned line begins, counted from its end; 0 when it has none.
    chars: usize,
    /// Tries in vain since the last line that was read, and those still to pass over before the next look.
    vain: u32,
    wait: u32,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) text: usize,
    pub(super) bytes: usize,
    pub(super) lines: usize,
    /// Bytes of a line.
    pub(super) columns: usize,
}

impl Lines {
    /// Reads the lines at the beginning of the text that are whole and as xxd writes them, from an offset on, with no
    /// more bytes than there are columns.
    pub(super) fn read(&mut self, text: &[u8], offset: u64, columns: usize, out: &mut Buffer) -> Read {
        let mut read = self.run(text, offset, columns, out);
        if read.text > 0 {
            (self.vain, self.wait) = (0, 0);
            return read;
        }
        if !self.is_due() {
            return read;
        }
        let line = text.iter().take(LONGEST).position(|&byte| byte == b'\n').and_then(|at| text.get(..=at));
        if let Some(layout) = line.and_then(xxd) {
            self.program = Some((layout.clone(), Program::new(&layout, Level::best(), offset)));
            read = self.run(text, offset, columns, out);
        }
        read
    }

    /// Says whether it is time to look at a line: text of another kind costs a look at ever fewer of its lines.
    pub(super) fn is_due(&mut self) -> bool {
        if self.wait > 0 {
            self.wait -= 1;
            return false;
        }
        self.vain = (self.vain + 1).min(8);
        self.wait = (1 << self.vain) - 2;
        true
    }

    /// Sets what lines look like, if they all look alike.
    pub(super) fn learn(&mut self, layout: Option<Layout>, offset: u64) {
        if let (Some((known, program)), Some(layout)) = (&self.program, &layout)
            && known == layout
            && program.covers(offset)
        {
            return;
        }
        self.program = None;
        let Some(layout) = layout else { return };
        let Some(chars) = chars(&layout) else { return };
        self.chars = chars;
        let program = Program::new(&layout, Level::best(), offset);
        self.program = Some((layout, program));
    }

    /// Reads the lines at the beginning of the text that are whole and what the learned layout writes but for the case of
    /// the digits: their text is that of their bytes, too.
    pub(super) fn check(&mut self, text: &[u8], offset: u64, out: &mut Buffer) -> Read {
        let mut all = Read::default();
        let Some((layout, program)) = &mut self.program else { return all };
        let columns = layout.columns();
        all.columns = columns;
        loop {
            let at = offset.wrapping_add(u64::try_from(all.bytes).unwrap_or(u64::MAX));
            if !program.covers(at) {
                *program = Program::new(layout, Level::best(), at);
            }
            let length = program.line_len();
            // As much as stays in the first-level cache until its text has been looked at.
            let most = text.len().saturating_sub(all.text).checked_div(length).unwrap_or(0).min(BLOCK);
            let Some(part) = text.get(all.text..all.text + most * length) else { return all };
            let room = out.room(most * columns);
            let found = room.get_mut(..most * columns).map_or(0, |room| program.scan(part, room, at));
            let bytes = room.get(..found * columns).unwrap_or(&[]);
            let lines = match self.chars {
                0 => found,
                chars => {
                    let pairs = part.chunks_exact(length).zip(bytes.chunks_exact(columns));
                    pairs.take_while(|(line, bytes)| is_text(line, chars, bytes)).count()
                }
            };
            out.commit(lines * columns);
            all.text += lines * length;
            all.bytes += lines * columns;
            all.lines += lines;
            if lines == 0 || lines < most {
                if all.lines > 0 {
                    (self.vain, self.wait) = (0, 0);
                }
                return all;
            }
        }
    }

    fn run(&mut self, text: &[u8], offset: u64, columns: usize, out: &mut Buffer) -> Read {
        let mut read = Read::default();
        let Some((layout, program)) = &mut self.program else { return read };
        if layout.columns() > columns {
            return read;
        }
        loop {
            let at = offset.wrapping_add(u64::try_from(read.bytes).unwrap_or(u64::MAX));
            if !program.covers(at) {
                *program = Program::new(layout, Level::best(), at);
            }
            let Some(rest) = text.get(read.text..) else { return read };
            let most = rest.len().checked_div(program.line_len()).unwrap_or(0);
            let bytes = most.saturating_mul(layout.columns());
            let lines = out.room(bytes).get_mut(..bytes).map_or(0, |room| program.scan(rest, room, at));
            if lines == 0 {
                return read;
            }
            out.commit(lines * layout.columns());
            read.text += lines * program.line_len();
            read.bytes += lines * layout.columns();
        }
    }
}

/// Where the characters of a line begin, counted from its end, and 0 when there are none; nothing when they are not one
/// behind the other, in the order of the bytes.
fn chars(layout: &Layout) -> Option<usize> {
    let cells = layout.cells();
    let Some(first) = cells.iter().position(|cell| matches!(cell, Cell::Char { .. })) else { return Some(0) };
    let from = cells.get(first..)?;
    let (here, behind) = from.split_at_checked(layout.columns())?;
    let in_order = (0..=u8::MAX).zip(here).all(|(at, cell)| *cell == Cell::Char { byte: at });
    let rest = behind.iter().all(|cell| matches!(cell, Cell::Text(_)));
    (in_order && rest).then_some(from.len())
}

/// Whether the characters so far from the end of a line are those of the bytes.
fn is_text(line: &[u8], chars: usize, bytes: &[u8]) -> bool {
    let Some(text) = line.len().checked_sub(chars).and_then(|at| line.get(at..)) else { return false };
    match (text.first_chunk::<16>(), bytes.as_array::<16>()) {
        // Without a branch, so that it becomes a few vector instructions.
        (Some(text), Some(bytes)) => {
            text.iter().zip(bytes).fold(0, |differ, (char, byte)| differ | (shown(*byte) ^ char)) == 0
        }
        _ => text.iter().zip(bytes).all(|(char, byte)| shown(*byte) == *char),
    }
}

/// Lines that are read before they are compared.
const BLOCK: usize = 128;

/// No line of up to 16 bytes is longer.
const LONGEST: usize = 128;

/// The layout of a line of xxd, its LF included: an offset, a colon, groups with one blank before each, and two blanks
/// before as many characters as there are bytes.
fn xxd(line: &[u8]) -> Option<Layout> {
    let digits = line.iter().position(|byte| !byte.is_ascii_hexdigit()).filter(|digits| *digits >= 8)?;
    let mut cells = vec![Cell::Offset, Cell::Text(b':')];
    let mut rest = line.get(digits..)?.strip_prefix(b":")?;
    let mut byte = 0;
    loop {
        let group = rest
            .strip_prefix(b" ")
            .map(|rest| (rest, rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()))?;
        match group {
            (after, 0) if byte > 0 => {
                rest = after.strip_prefix(b" ")?;
                break;
            }
            (_, 0) => return None,
            (after, count) => {
                cells.push(Cell::Text(b' '));
                for _ in 0..count.checked_div(2).filter(|_| count % 2 == 0)? {
                    cells.extend([Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }]);
                    byte = byte.checked_add(1)?;
                }
                rest = after.get(count..)?;
            }
        }
    }
    cells.extend([Cell::Text(b' '); 2]);
    cells.extend((0..byte).map(|byte| Cell::Char { byte }));
    cells.push(Cell::Text(b'\n'));
    let ends = rest.strip_suffix(b"\n")?;
    let layout = Layout::new(usize::from(byte), cells)?;
    (ends.len() == layout.columns()).then_some(layout)
}

/// Finds the first LF, eight bytes at a time.
pub(super) fn find_lf(text: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = text.as_chunks::<8>();
    // A byte that is LF becomes zero, and a zero alone borrows into its own high bit first.
    let has_lf = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word) ^ (ONES * 0x0a);
        word.wrapping_sub(ONES) & !word & (ONES << 7) != 0
    };
    let (word, place) = match words.iter().position(has_lf) {
        Some(at) => (words.get(at).map_or(rest, |word| &word[..]), at * 8),
        None => (rest, words.len() * 8),
    };
    word.iter().position(|byte| *byte == b'\n').map(|at| place + at)
}

/// The byte of two hex digits.
pub(super) fn pair(high: u8, low: u8) -> Option<u8> {
    let value = |digit: u8| VALUES.get(usize::from(digit)).copied().unwrap_or(NONE);
    let (high, low) = (value(high), value(low));
    ((high | low) < NONE).then_some(high << 4 | low)
}

/// What is no digit; no digits together make this bit.
const NONE: u8 = 0x10;

#[expect(clippy::indexing_slicing, reason = "the compiler runs this, and would say so")]
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 10 {
        values[b'0' as usize + value as usize] = value;
        value += 1;
    }
    while value < 16 {
        values[b'a' as usize - 10 + value as usize] = value;
        values[b'A' as usize - 10 + value as usize] = value;
        value += 1;
    }
    values
};
