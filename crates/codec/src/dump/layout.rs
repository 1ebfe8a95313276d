//! A dump line as data: where the digits, the characters, the offset and the constant bytes of a line stand.
//!
//! A full line of any hex dump with up to 16 bytes is a fixed arrangement, so a style says it once as a
//! [`Layout`], and the kernels of `simd::lines` compile that into byte shuffles, for writing lines and for reading
//! them. The writer here walks the cells one by one: it is the reference that the kernels are tested against.
//!
//! ```text
//! 00000000: 4d65 7373 6167 650a                      Message.
//! │       │ ││ │                                     └ Char { byte: 0 } …
//! └ Offset│ │└─┴ Digit { byte: 0, low: true }, Digit { byte: 1, low: false } …
//!         └─┴ Text(b':'), Text(b' '), Digit { byte: 0, low: false }
//! ```

use crate::Buffer;

/// One character of a line; [`Cell::Offset`] alone is more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// The same character in every line.
    Text(u8),
    /// A hex digit of a byte of the line.
    Digit {
        /// Which byte, from 0.
        byte: u8,
        /// The low four bits instead of the high four.
        low: bool,
    },
    /// A byte of the line as a character: itself from 0x20 to 0x7e, otherwise a dot.
    Char {
        /// Which byte, from 0.
        byte: u8,
    },
    /// The offset of the line's first byte, with as many digits as it needs and at least [`Layout::width`].
    Offset,
}

/// The base in which offsets are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radix {
    /// `od -Ao`
    Octal,
    /// `xxd -d`, `od -Ad`
    Decimal,
    /// Lower case whatever the bytes' digits are.
    Hex,
}

impl Radix {
    /// The number of different digits.
    pub(crate) const fn base(self) -> u64 {
        match self {
            Self::Octal => 8,
            Self::Decimal => 10,
            Self::Hex => 16,
        }
    }
}

/// How a line of a dump is laid out, its LF included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    cells: Vec<Cell>,
    /// 1 to [`Layout::MAX_COLUMNS`]; no cell names a byte beyond.
    columns: u8,
    upper_case: bool,
    radix: Radix,
    /// At most [`Layout::MAX_WIDTH`].
    width: u8,
}

impl Layout {
    /// The most bytes of one line: what fits the tables of one shuffle.
    pub(crate) const MAX_COLUMNS: u8 = 16;
    /// The most digits that an offset is padded to.
    pub(crate) const MAX_WIDTH: u8 = 16;

    /// Makes a layout from its cells; the last of them should be `Text(b'\n')`.
    ///
    /// Offsets are hexadecimal with at least eight digits, the bytes' digits are in lower case. `None` when there are
    /// no columns or more than [`Layout::MAX_COLUMNS`], when a cell names a byte that the line does not have, or when
    /// there is a second [`Cell::Offset`].
    pub(crate) fn new(columns: usize, cells: Vec<Cell>) -> Option<Self> {
        let columns =
            u8::try_from(columns).ok().filter(|columns| (1..=Self::MAX_COLUMNS).contains(columns))?;
        let in_line = |cell: &Cell| match *cell {
            Cell::Digit { byte, .. } | Cell::Char { byte } => byte < columns,
            Cell::Text(_) | Cell::Offset => true,
        };
        let offsets = cells.iter().filter(|&&cell| cell == Cell::Offset).count();
        let known = cells.iter().all(in_line) && offsets <= 1;
        known.then_some(Self { cells, columns, upper_case: false, radix: Radix::Hex, width: 8 })
    }

    /// Sets whether the bytes' digits are `A` to `F` rather than `a` to `f`.
    pub(crate) fn upper_case(self, upper_case: bool) -> Self {
        Self { upper_case, ..self }
    }

    /// Sets how offsets are written: their base, and the digits that they are padded to with zeros, at most
    /// [`Layout::MAX_WIDTH`].
    pub(crate) fn offsets(self, radix: Radix, width: u8) -> Self {
        Self { radix, width: width.min(Self::MAX_WIDTH), ..self }
    }

    /// Returns the bytes of a full line.
    pub(crate) fn columns(&self) -> usize {
        usize::from(self.columns)
    }

    /// Returns the cells.
    pub(crate) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Says whether the bytes' digits are `A` to `F`.
    pub(crate) fn is_upper_case(&self) -> bool {
        self.upper_case
    }

    /// Returns the base of the offsets.
    pub(crate) fn radix(&self) -> Radix {
        self.radix
    }

    /// Returns the fewest digits of an offset.
    pub(crate) fn width(&self) -> usize {
        usize::from(self.width)
    }

    /// Returns the characters of a full line whose first byte has this offset.
    pub(crate) fn line_len(&self, offset: u64) -> usize {
        let offsets = self.cells.iter().filter(|&&cell| cell == Cell::Offset).count();
        self.cells.len() - offsets + offsets * self.offset_digits(offset)
    }

    /// Returns the digits that an offset takes.
    pub(crate) fn offset_digits(&self, offset: u64) -> usize {
        let needed = offset.checked_ilog(self.radix.base()).map_or(1, |log| log.saturating_add(1));
        usize::try_from(needed).unwrap_or(usize::MAX).max(self.width())
    }

    /// Appends one line with these bytes, of which `columns` at most are looked at.
    ///
    /// A line with fewer bytes has blanks for the digits of those that are absent; their characters are blanks when
    /// `absent_chars` is that, and left out when it is `None`.
    #[cfg(test)]
    pub(crate) fn write_line(&self, bytes: &[u8], offset: u64, absent_chars: Option<u8>, out: &mut Buffer) {
        for &cell in &self.cells {
            match cell {
                Cell::Text(text) => out.push(text),
                Cell::Digit { byte, low } => {
                    let digit = |&byte| digit(if low { byte & 15 } else { byte >> 4 }, self.upper_case);
                    out.push(bytes.get(usize::from(byte)).map_or(b' ', digit));
                }
                Cell::Char { byte } => {
                    let char = bytes.get(usize::from(byte)).map(|&byte| shown(byte)).or(absent_chars);
                    out.extend(char);
                }
                Cell::Offset => self.write_offset(offset, out),
            }
        }
    }

    /// Appends the full lines of `bytes`, and returns how many there were: the scalar twin of the line kernel.
    #[cfg(test)]
    pub(crate) fn write_lines(&self, bytes: &[u8], offset: u64, out: &mut Buffer) -> usize {
        let mut at = offset;
        let lines = bytes.chunks_exact(self.columns());
        let count = lines.len();
        for line in lines {
            self.write_line(line, at, None, out);
            at = at.wrapping_add(u64::from(self.columns));
        }
        count
    }

    /// Appends an offset with its digits.
    pub(crate) fn write_offset(&self, offset: u64, out: &mut Buffer) {
        let mut digits = [b'0'; 22];
        let count = self.offset_digits(offset);
        let mut rest = offset;
        for digit in digits.iter_mut().rev() {
            let [value, ..] = (rest % self.radix.base()).to_le_bytes();
            *digit = self::digit(value, false);
            rest /= self.radix.base();
        }
        out.extend_from_slice(digits.get(digits.len().saturating_sub(count)..).unwrap_or(&digits));
    }
}

/// The digit of a value below 16.
const fn digit(value: u8, upper_case: bool) -> u8 {
    match value {
        0..10 => b'0' + value,
        _ if upper_case => b'A' + (value - 10),
        _ => b'a' + (value - 10),
    }
}

/// How a byte stands in the character column.
pub(crate) const fn shown(byte: u8) -> u8 {
    if matches!(byte, b' '..=b'~') { byte } else { b'.' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dump, Style};
    use proptest::prelude::*;

    fn text(text: &str) -> impl Iterator<Item = Cell> {
        text.bytes().map(Cell::Text)
    }

    fn digits(byte: u8) -> [Cell; 2] {
        [Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }]
    }

    fn xxd(columns: u8, group: u8) -> Layout {
        let mut cells = vec![Cell::Offset];
        cells.extend(text(": "));
        for byte in 0..columns {
            cells.extend(text(if byte > 0 && byte % group == 0 { " " } else { "" }));
            cells.extend(digits(byte));
        }
        cells.extend(text("  "));
        cells.extend((0..columns).map(|byte| Cell::Char { byte }));
        cells.extend(text("\n"));
        Layout::new(usize::from(columns), cells).unwrap()
    }

    fn od() -> Layout {
        let mut cells = vec![Cell::Offset];
        for byte in 0..16 {
            cells.extend(text(" "));
            cells.extend(digits(byte));
        }
        cells.extend(text("  >"));
        cells.extend((0..16).map(|byte| Cell::Char { byte }));
        cells.extend(text("<\n"));
        Layout::new(16, cells).unwrap().offsets(Radix::Hex, 6)
    }

    fn written(layout: &Layout, bytes: &[u8], offset: u64) -> String {
        let mut out = Buffer::new();
        layout.write_line(bytes, offset, None, &mut out);
        String::from_utf8(out.into()).unwrap()
    }

    #[test]
    fn a_short_line_of_od_ends_its_text_early() {
        assert_eq!(
            written(&od(), b"Message\n", 0x20),
            "000020 4d 65 73 73 61 67 65 0a                          >Message.<\n"
        );
    }

    #[test]
    fn absent_characters_can_be_blanks() {
        let cells = [digits(0), digits(1), [Cell::Char { byte: 0 }, Cell::Char { byte: 1 }]].concat();
        let layout = Layout::new(2, cells).unwrap().upper_case(true);
        let mut out = Buffer::new();
        layout.write_line(b"\xfe", 0, Some(b' '), &mut out);
        assert_eq!(&out[..], b"FE  . ");
    }

    #[test]
    fn offsets_grow_in_their_base() {
        for (radix, width, offset, expected) in [
            (Radix::Hex, 8, 0, "00000000"),
            (Radix::Hex, 8, 0xffff_ffff, "ffffffff"),
            (Radix::Hex, 8, 0x1_0000_0000, "100000000"),
            (Radix::Hex, 0, 0, "0"),
            (Radix::Hex, 6, u64::MAX, "ffffffffffffffff"),
            (Radix::Decimal, 8, 99_999_999, "99999999"),
            (Radix::Decimal, 8, 100_000_000, "100000000"),
            (Radix::Decimal, 7, u64::MAX, "18446744073709551615"),
            (Radix::Octal, 7, 8, "0000010"),
            (Radix::Octal, 16, u64::MAX, "1777777777777777777777"),
        ] {
            let layout = Layout::new(1, vec![Cell::Offset]).unwrap().offsets(radix, width);
            assert_eq!(written(&layout, b"", offset), expected);
            assert_eq!(layout.line_len(offset), expected.len());
        }
    }

    #[test]
    fn what_a_line_does_not_have_is_refused() {
        assert_eq!(Layout::new(0, vec![]), None);
        assert_eq!(Layout::new(17, vec![]), None);
        assert_eq!(Layout::new(2, vec![Cell::Char { byte: 2 }]), None);
        assert_eq!(Layout::new(2, vec![Cell::Digit { byte: 2, low: true }]), None);
        assert_eq!(Layout::new(2, vec![Cell::Offset, Cell::Offset]), None);
        assert!(Layout::new(16, vec![]).is_some());
    }

    proptest! {
        #[test]
        fn it_writes_what_the_dump_writes(
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            columns in 1u8..=16,
            group in 1u8..=17,
            offset in any::<u64>(),
        ) {
            let layout = xxd(columns, group);
            let mut out = Buffer::new();
            let lines = layout.write_lines(&bytes, offset, &mut out);
            prop_assert_eq!(lines, bytes.len() / layout.columns());
            let done = lines * layout.columns();
            if done < bytes.len() {
                layout.write_line(&bytes[done..], offset.wrapping_add(done as u64), None, &mut out);
            }
            let mut expected = Buffer::new();
            let style = Style::default().columns(layout.columns()).unwrap().group(usize::from(group));
            let mut dump = Dump::starting_at(style, offset);
            dump.push(&bytes, &mut expected);
            dump.finish(&mut expected);
            prop_assert_eq!(&out[..], &expected[..]);
        }
    }
}
