//! The hex dump: offset, bytes in hex, bytes as ASCII, one line for every 16 bytes, as `xxd` prints it.
//!
//! The writer is streaming because bytes come from a socket in pieces that do not end where lines do: whole lines
//! go out as they fill, the rest of a line waits. A conversation is two dumps, one for each direction, told
//! apart by their prefix. The line's layout is that of xxd(1), byte for byte, for `-c`, `-g` and `-u`.

#[allow(dead_code, reason = "the styles that are written by it come next")]
pub(crate) mod layout;

use core::fmt;

use crate::hex;

/// Writes a hex dump of bytes that arrive in pieces.
///
/// ```
/// use jackfield_codec::{Dump, Style};
///
/// let mut out = Vec::new();
/// let mut dump = Dump::new(Style::default());
/// dump.push(b"Mess", &mut out);
/// dump.push(b"age\n", &mut out);
/// dump.finish(&mut out);
/// assert_eq!(out, b"00000000: 4d65 7373 6167 650a                      Message.\n");
/// ```
#[derive(Clone, Debug)]
pub struct Dump {
    style: Style,
    /// Offset of the first byte of the next line.
    offset: u64,
    /// The beginning of a line that is not full yet, fewer than `style.columns` bytes.
    held: Vec<u8>,
}

impl Dump {
    /// Makes a dump whose first byte has offset 0.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self::starting_at(style, 0)
    }

    /// Makes a dump whose first byte has the given offset, as `xxd -o` does.
    #[must_use]
    pub fn starting_at(style: Style, offset: u64) -> Self {
        Self { style, offset, held: Vec::with_capacity(style.columns) }
    }

    /// Takes the next bytes and appends every line that they fill to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        if !self.held.is_empty() {
            let missing = self.style.columns.saturating_sub(self.held.len());
            let (head, tail) = rest.split_at(missing.min(rest.len()));
            self.held.extend_from_slice(head);
            if self.held.len() < self.style.columns {
                return;
            }
            self.write_held(out);
            rest = tail;
        }
        let mut lines = rest.chunks_exact(self.style.columns);
        for line in &mut lines {
            self.write_line(line, out);
        }
        self.held.extend_from_slice(lines.remainder());
    }

    /// Appends the last, short line, if bytes are waiting for one.
    ///
    /// The dump can go on afterwards, with a new line at the next offset: this is what a dump of two directions
    /// does each time the direction changes.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if !self.held.is_empty() {
            self.write_held(out);
        }
    }

    /// Returns the offset that the next pushed byte will have.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset.wrapping_add(length(&self.held))
    }

    fn write_held(&mut self, out: &mut Vec<u8>) {
        let mut line = core::mem::take(&mut self.held);
        self.write_line(&line, out);
        line.clear();
        self.held = line;
    }

    /// Writes one line of at most `columns` bytes; a short one is padded so that the ASCII stays in its column.
    fn write_line(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let Style { upper_case, prefix, .. } = self.style;
        out.extend_from_slice(prefix.as_bytes());
        write_offset(self.offset, out);
        out.extend_from_slice(b": ");

        let hex_start = out.len();
        for (index, group) in bytes.chunks(self.style.group).enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            for &byte in group {
                out.extend_from_slice(&hex::digits(byte, upper_case));
            }
        }
        out.resize(hex_start + self.style.hex_width() + 2, b' ');

        out.extend(bytes.iter().map(|&byte| if matches!(byte, b' '..=b'~') { byte } else { b'.' }));
        out.push(b'\n');
        self.offset = self.offset.wrapping_add(length(bytes));
    }
}

/// How a [`Dump`] lays out its lines. The default is `xxd`'s: 16 columns in groups of 2, lower case, no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// 1 to [`Style::MAX_COLUMNS`].
    columns: usize,
    /// 1 to `usize::MAX`; all from `columns` on mean the same, one group.
    group: usize,
    upper_case: bool,
    prefix: &'static str,
}

impl Style {
    /// The most bytes that one line may show: xxd(1), option `-c`.
    pub const MAX_COLUMNS: usize = 256;

    /// Sets the number of bytes in a line, as `xxd -c`.
    ///
    /// # Errors
    /// [`StyleError::Columns`] when it is 0 or more than [`Style::MAX_COLUMNS`].
    pub fn columns(self, columns: usize) -> Result<Self, StyleError> {
        match columns {
            1..=Self::MAX_COLUMNS => Ok(Self { columns, ..self }),
            asked => Err(StyleError::Columns { asked }),
        }
    }

    /// Sets the number of bytes between two spaces, as `xxd -g`; 0 puts no space at all.
    #[must_use]
    pub fn group(self, group: usize) -> Self {
        Self { group: if group == 0 { usize::MAX } else { group }, ..self }
    }

    /// Writes the bytes with `A` to `F` instead of `a` to `f`, as `xxd -u`; offsets stay in lower case.
    #[must_use]
    pub fn upper_case(self, upper_case: bool) -> Self {
        Self { upper_case, ..self }
    }

    /// Puts a text before every line, such as `"> "` for what was sent and `"< "` for what was received.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Characters that the bytes of a full line take: two each, and a space between groups.
    fn hex_width(&self) -> usize {
        2 * self.columns + self.columns.saturating_sub(1) / self.group
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { columns: 16, group: 2, upper_case: false, prefix: "" }
    }
}

/// Why a [`Style`] cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StyleError {
    /// A line cannot have this many columns.
    Columns {
        /// What was asked for.
        asked: usize,
    },
}

impl fmt::Display for StyleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { asked } => {
                write!(f, "a dump has 1 to {} columns, asked for {asked}", Style::MAX_COLUMNS)
            }
        }
    }
}

impl std::error::Error for StyleError {}

/// Eight hex digits, more when the offset needs them.
fn write_offset(offset: u64, out: &mut Vec<u8>) {
    let [high @ .., a, b, c, d] = offset.to_be_bytes();
    let mut leading = true;
    for nibble in high.into_iter().flat_map(|byte| hex::digits(byte, false)) {
        leading &= nibble == b'0';
        if !leading {
            out.push(nibble);
        }
    }
    out.extend([a, b, c, d].into_iter().flat_map(|byte| hex::digits(byte, false)));
}

/// The length as an offset; a slice's length always fits.
fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dump(style: Style, offset: u64, pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut dump = Dump::starting_at(style, offset);
        for piece in pieces {
            dump.push(piece, &mut out);
        }
        dump.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_short_line_keeps_the_ascii_column() {
        assert_eq!(
            dump(Style::default(), 0, &[b"Message\n"]),
            "00000000: 4d65 7373 6167 650a                      Message.\n"
        );
    }

    #[test]
    fn no_bytes_make_no_line() {
        assert_eq!(dump(Style::default(), 0, &[]), "");
        assert_eq!(dump(Style::default(), 0, &[b"", b""]), "");
    }

    #[test]
    fn a_full_line_needs_no_finish() {
        let mut out = Vec::new();
        Dump::new(Style::default()).push(b"0123456789abcdef!", &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "00000000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n"
        );
    }

    #[test]
    fn offsets_beyond_32_bits_get_more_digits() {
        let style = Style::default().columns(1).unwrap();
        assert_eq!(dump(style, 0xffff_ffff, &[b"ab"]), "ffffffff: 61  a\n100000000: 62  b\n");
        assert_eq!(dump(style, u64::MAX, &[b"ab"]), "ffffffffffffffff: 61  a\n00000000: 62  b\n");
    }

    #[test]
    fn a_finished_dump_goes_on_at_its_offset() {
        let style = Style::default().columns(4).unwrap().prefix("> ");
        let mut out = Vec::new();
        let mut sent = Dump::new(style);
        sent.push(b"hello", &mut out);
        sent.finish(&mut out);
        sent.finish(&mut out);
        assert_eq!(sent.offset(), 5);
        sent.push(b"you", &mut out);
        assert_eq!(sent.offset(), 8);
        sent.finish(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "> 00000000: 6865 6c6c  hell\n> 00000004: 6f         o\n> 00000005: 796f 75    you\n"
        );
    }

    #[test]
    fn groups_and_case() {
        let style = Style::default().columns(7).unwrap().upper_case(true);
        assert_eq!(dump(style.group(3), 10, &[b"\xabz\xff"]), "0000000a: AB7AFF            .z.\n");
        assert_eq!(dump(style.group(0), 10, &[b"\xabz\xff"]), "0000000a: AB7AFF          .z.\n");
        assert_eq!(dump(style.group(7), 0, &[b"abc"]), dump(style.group(0), 0, &[b"abc"]));
    }

    #[test]
    fn columns_outside_xxds_range_are_refused() {
        assert_eq!(Style::default().columns(0), Err(StyleError::Columns { asked: 0 }));
        let error = Style::default().columns(257).unwrap_err();
        assert_eq!(error.to_string(), "a dump has 1 to 256 columns, asked for 257");
        assert!(Style::default().columns(256).is_ok());
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_dump(
            bytes in prop::collection::vec(any::<u8>(), 0..80),
            columns in 1usize..=40,
            group in 0usize..=41,
        ) {
            let style = Style::default().columns(columns).unwrap().group(group);
            let whole = dump(style, 7, &[&bytes]);
            for at in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(at);
                prop_assert_eq!(&dump(style, 7, &[head, tail]), &whole);
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(&dump(style, 7, &single), &whole);
        }
    }
}
