//! A line of a dump as most tools write it: an offset, groups of digits, perhaps the bytes as text.
//!
//! The tools differ in what stands between the three, in the base and the digits of the offset, in how the bytes
//! are grouped and in what shows a byte that cannot be printed. A [`Row`] says all that; the one parser here takes a
//! line apart by it, strictly: what is not said there is a fault.

use super::fault::{At, Fault, expected};
use super::lines::{Grammar, Line};
use crate::dump::layout::{Cell, Layout, Radix, shown};
use crate::hex;

/// What the rows of a form look like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// What stands before the offset.
    pub(super) lead: &'static [u8],
    /// The base of the offset; no offset at all without one.
    pub(super) radix: Option<Radix>,
    /// The fewest digits of an offset.
    pub(super) digits: usize,
    /// What stands between the offset and the bytes.
    pub(super) after: &'static [u8],
    pub(super) unit: Unit,
    /// The bytes of a group that there can be; any number when there is none here.
    pub(super) groups: &'static [usize],
    /// Blanks between two groups.
    pub(super) blanks: Blanks,
    /// The last byte of a group stands first.
    pub(super) little: bool,
    /// Short groups: bytes that are absent are blanks before it, as `xxd -e` has it.
    pub(super) aligned: bool,
    pub(super) text: Text,
    /// How a byte stands in the text.
    pub(super) shows: Shows,
    /// An offset alone in a line is the end.
    pub(super) ends: bool,
    /// A `*` stands for lines like the one before.
    pub(super) squeezes: bool,
    /// The last group is filled up with zeros, and the end says how long it is.
    pub(super) pads: bool,
    /// Offset 0 begins a record, and a record begins there.
    pub(super) restarts: bool,
    /// Lines that are no rows and begin a record.
    pub(super) heads: Heads,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hex,
    Bits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blanks {
    One,
    /// One, and two after the eighth byte.
    Half,
    /// One, and two after every eighth byte, where a group ends there.
    Halves,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// At the end of the line, one character a byte, after two blanks or more; or not at all.
    Open,
    /// Between two marks.
    Barred(u8, u8),
    /// Between two marks, or not at all.
    Optional(u8, u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// What can be printed as itself, the blank too.
    Blank,
    /// The blank is a dot.
    NoBlank,
    /// Anything: the text is in another character set.
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heads {
    None,
    /// Lines that do not begin as rows do.
    Led,
    /// Lines that say how many bytes come: `Frame (74 bytes):`.
    Counts,
}

impl Row {
    /// What xxd writes, from which the others are said by their differences.
    pub(super) const XXD: Self = Self {
        lead: b"",
        radix: Some(Radix::Hex),
        digits: 8,
        after: b": ",
        unit: Unit::Hex,
        groups: &[],
        blanks: Blanks::One,
        little: false,
        aligned: false,
        text: Text::Open,
        shows: Shows::Blank,
        ends: false,
        squeezes: true,
        pads: false,
        restarts: false,
        heads: Heads::None,
    };
}

/// The parser of rows, with what it found in the last one.
#[derive(Debug)]
pub(super) struct Rows {
    row: Row,
    /// The places of the digits of each byte of the last line, and of its text.
    places: Vec<(usize, u8)>,
    text_at: Option<usize>,
    offset_len: usize,
    offset: Option<u64>,
    /// The line had characters of more than one byte.
    wide: bool,
    plain: Vec<u8>,
}

impl Rows {
    pub(super) const fn new(row: Row) -> Self {
        Self {
            row,
            places: Vec::new(),
            text_at: None,
            offset_len: 0,
            offset: None,
            wide: false,
            plain: Vec::new(),
        }
    }

    /// Reads a line with one byte for every character.
    fn narrow(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At> {
        self.offset = None;
        if trimmed(Some(line)).is_empty() {
            return Ok(Line::Nothing);
        }
        if self.row.squeezes && trimmed(Some(line)) == b"*" {
            return Ok(Line::Repeated);
        }
        let heads = match self.row.heads {
            Heads::None => false,
            Heads::Led => !line.starts_with(self.row.lead),
            Heads::Counts => line.ends_with(b" bytes):"),
        };
        if heads {
            return Ok(Line::Head);
        }
        let read = self.data(line, true, bytes);
        // Where a short group may be, the text can look like one.
        if self.row.aligned && !matches!(read, Ok(Line::Data { fault: None, .. })) {
            let whole = self.data(line, false, bytes);
            if matches!(whole, Ok(Line::Data { fault: None, .. })) {
                return whole;
            }
            return self.data(line, true, bytes);
        }
        read
    }

    fn data(&mut self, line: &[u8], short: bool, bytes: &mut Vec<u8>) -> Result<Line, At> {
        bytes.clear();
        self.places.clear();
        let row = self.row;
        let lead = line.strip_prefix(row.lead).ok_or_else(|| expected("a line of the dump", line, 0))?;
        let mut at = line.len() - lead.len();
        let mut offset = None;
        if let Some(radix) = row.radix {
            let (value, end) = number(line, at, radix, row.digits)?;
            self.offset_len = end - at;
            // What tells the bases of od: no offset has more zeros before it than its base has.
            if row.pads && self.offset_len > row.digits && line.get(at) == Some(&b'0') {
                return Err(expected("an offset of fewer digits", line, at));
            }
            if row.ends && trimmed(line.get(end..)).is_empty() {
                return Ok(Line::End { offset: value, at });
            }
            let after = line.get(end..).and_then(|rest| rest.strip_prefix(row.after));
            at =
                line.len() - after.ok_or_else(|| expected("what divides offset and bytes", line, end))?.len();
            offset = Some((value, row.lead.len()));
        }
        let groups = self.groups(line, at, short, bytes);
        self.offset = offset.filter(|_| !bytes.is_empty()).map(|(value, _)| value);
        at = groups?;
        self.unpad(line, at, bytes);
        let fault = self.text(line, at, bytes)?;
        Ok(Line::Data { offset, fault })
    }

    /// Reads the groups of digits that begin at a place, and returns where they end.
    fn groups(&mut self, line: &[u8], begin: usize, short: bool, bytes: &mut Vec<u8>) -> Result<usize, At> {
        let row = self.row;
        let per_byte = if row.unit == Unit::Bits { 8 } else { 2 };
        let (mut at, mut width, mut blanks) = (begin, 0, 1);
        loop {
            let absent = if row.aligned && (short || bytes.is_empty()) {
                run(line, at, |byte| byte == b' ')
            } else {
                0
            };
            let from = at + absent;
            let mut count = run(line, from, |byte| byte.is_ascii_hexdigit());
            if !bytes.is_empty() && absent > 0 && absent + count != width {
                count = 0;
            }
            if count == 0 {
                if bytes.is_empty() {
                    return Err(expected("two hex digits", line, from));
                }
                return Ok(at.saturating_sub(blanks));
            }
            if count % per_byte != 0 {
                return Err(expected(
                    if per_byte == 8 { "eight binary digits" } else { "a second hex digit" },
                    line,
                    from + count,
                ));
            }
            let size = (absent + count) / per_byte;
            let odd = if width == 0 {
                width = absent + count;
                !row.groups.is_empty() && !row.groups.contains(&size)
            } else {
                absent + count > width || (row.pads && count != width)
            };
            if odd {
                return Err(expected("a group of as many digits as the others", line, at + width.min(count)));
            }
            self.group(line, from, count / per_byte, bytes)?;
            let end = from + count;
            let gap = run(line, end, |byte| byte == b' ');
            if gap == 0 || count < width {
                return Ok(end);
            }
            // An aligned group may begin with blanks, so that there can be more of them than divide two groups.
            let wide = gap == 2 || row.aligned && gap > 2 && 8 % size == 0;
            blanks = match row.blanks {
                Blanks::Half if bytes.len() == 8 && gap == 2 => 2,
                Blanks::Halves if bytes.len().is_multiple_of(8) && wide => 2,
                _ => 1,
            };
            let next = line.get(end + blanks).copied();
            // Whether it is such a group, the text decides.
            let goes_on = gap == blanks && next.is_some_and(|byte| byte.is_ascii_hexdigit())
                || row.aligned && short && gap > 1;
            if !goes_on {
                return Ok(end);
            }
            at = end + blanks;
        }
    }

    /// Takes off the zeros that fill the last group up, where the text says that they do.
    fn unpad(&mut self, line: &[u8], at: usize, bytes: &mut Vec<u8>) {
        let (Text::Barred(open, _) | Text::Optional(open, _)) = self.row.text else { return };
        let bar = at + run(line, at, |byte| byte == b' ');
        let shown = line.len().saturating_sub(bar + 2);
        let group = self.row.groups.iter().copied().max().unwrap_or(1);
        let filling = bytes.get(shown..).unwrap_or(&[]);
        if line.get(bar) == Some(&open) && filling.len() < group && filling.iter().all(|byte| *byte == 0) {
            bytes.truncate(shown);
        }
    }

    /// Reads one group.
    fn group(&mut self, line: &[u8], from: usize, count: usize, bytes: &mut Vec<u8>) -> Result<(), At> {
        let first = bytes.len();
        let per_byte = if self.row.unit == Unit::Bits { 8 } else { 2 };
        for index in 0..count {
            let place = from + index * per_byte;
            let mut value = 0_u8;
            for (digit, &char) in line.get(place..place + per_byte).unwrap_or(&[]).iter().enumerate() {
                value = match (self.row.unit, hex::value(char)) {
                    (Unit::Bits, Some(bit @ 0..=1)) => value << 1 | bit,
                    (Unit::Hex, Some(digit)) => value << 4 | digit,
                    _ => return Err(expected("a binary digit", line, place + digit)),
                };
            }
            bytes.push(value);
            let number = first + if self.row.little { count - 1 - index } else { index };
            self.places.push((place, u8::try_from(number).unwrap_or(u8::MAX)));
        }
        if let Some(group) = bytes.get_mut(first..).filter(|_| self.row.little) {
            group.reverse();
        }
        Ok(())
    }

    /// Holds the text of a line against its bytes, and returns where it contradicts them.
    fn text(&mut self, line: &[u8], at: usize, bytes: &[u8]) -> Result<Option<At>, At> {
        self.text_at = None;
        let rest = line.get(at..).unwrap_or(&[]);
        let blanks = run(line, at, |byte| byte == b' ');
        let from = match self.row.text {
            Text::Open => {
                let from = line.len().checked_sub(bytes.len()).filter(|from| *from >= at + 2);
                match from {
                    Some(from) if at + blanks >= from => from,
                    _ if blanks == rest.len() => return Ok(None),
                    // What is not blank where only blanks can be.
                    Some(_) => {
                        return Err(expected(
                            "a byte, or its text at the end of the line",
                            line,
                            at + blanks,
                        ));
                    }
                    None => return Err(expected("a character for each byte", line, at + blanks)),
                }
            }
            Text::Optional(..) if blanks == rest.len() => return Ok(None),
            Text::Barred(open, close) | Text::Optional(open, close) => {
                let bar = at + blanks;
                if line.get(bar) != Some(&open) || blanks < 2 {
                    return Err(expected("a byte, or the bar before the text", line, bar));
                }
                let end = bar + 1 + bytes.len();
                if line.get(end) != Some(&close) || line.len() != end + 1 {
                    return Err(expected(
                        "a character for each byte and the bar behind",
                        line,
                        end.min(line.len()),
                    ));
                }
                bar + 1
            }
        };
        self.text_at = Some(from);
        let wrong = |(byte, char): (&u8, &u8)| match self.row.shows {
            Shows::Any => false,
            // A picture of some other character set.
            _ if self.wide && *char == OTHER => matches!(byte, b' '..=b'~'),
            Shows::NoBlank if *byte == b' ' => !matches!(char, b'.' | b' '),
            Shows::Blank | Shows::NoBlank => *char != shown(*byte),
        };
        let chars = line.get(from..from + bytes.len()).unwrap_or(&[]);
        let pairs = || bytes.iter().zip(chars);
        Ok(pairs().position(wrong).and_then(|index| {
            let (byte, found) = pairs().nth(index)?;
            Some((from + index, Fault::Character { byte: *byte, found: *found }))
        }))
    }
}

impl Grammar for Rows {
    fn line(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At> {
        self.wide = false;
        match Some(line).filter(|line| !line.is_ascii()).map(core::str::from_utf8) {
            Some(Ok(text)) => {
                self.wide = true;
                let mut plain = core::mem::take(&mut self.plain);
                plain.clear();
                plain.extend(text.chars().map(narrow));
                let read = self.narrow(&plain, bytes);
                self.plain = plain;
                widened(read, text)
            }
            _ => self.narrow(line, bytes),
        }
    }

    fn layout(&self, line: &[u8], columns: usize) -> Option<Layout> {
        if self.row.unit == Unit::Bits || self.row.shows == Shows::Any || self.wide {
            return None;
        }
        let mut cells: Vec<Cell> = line.iter().copied().map(Cell::Text).collect();
        let mut upper_case = false;
        for &(place, byte) in &self.places {
            for (place, low) in [(place, false), (place + 1, true)] {
                upper_case |= line.get(place).is_some_and(u8::is_ascii_uppercase);
                *cells.get_mut(place)? = Cell::Digit { byte, low };
            }
        }
        for byte in 0..columns {
            if let Some(from) = self.text_at {
                *cells.get_mut(from + byte)? = Cell::Char { byte: u8::try_from(byte).ok()? };
            }
        }
        let mut radix = Radix::Hex;
        if let Some(of) = self.row.radix {
            let lead = self.row.lead.len();
            cells.splice(lead..lead + self.offset_len, [Cell::Offset]);
            radix = of;
        }
        cells.push(Cell::Text(b'\n'));
        let width = u8::try_from(self.row.digits).ok()?;
        Some(Layout::new(columns, cells)?.upper_case(upper_case).offsets(radix, width))
    }

    fn pads(&self) -> bool {
        self.row.pads
    }

    fn restarts(&self) -> bool {
        self.row.restarts
    }

    fn offset(&self) -> Option<u64> {
        self.offset
    }

    fn has_text(&self) -> bool {
        // What is not held against the bytes need not be a text.
        self.text_at.is_some() && self.row.shows != Shows::Any
    }

    fn marks(&self) -> bool {
        self.row.after.starts_with(b":")
    }
}

/// What a character becomes that is not ASCII, where each has one byte.
pub(super) const OTHER: u8 = 0xff;

/// A character as one byte.
pub(super) fn narrow(char: char) -> u8 {
    u8::try_from(char).ok().filter(u8::is_ascii).unwrap_or(OTHER)
}

/// Puts what was found in a line with one byte for every character to its places in the text.
pub(super) fn widened(read: Result<Line, At>, text: &str) -> Result<Line, At> {
    let place = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(place, _)| place);
    match read.map_err(|(at, fault)| (place(at), fault))? {
        Line::Data { offset, fault } => Ok(Line::Data {
            offset: offset.map(|(offset, at)| (offset, place(at))),
            fault: fault.map(|(at, fault)| (place(at), fault)),
        }),
        Line::End { offset, at } => Ok(Line::End { offset, at: place(at) }),
        other => Ok(other),
    }
}

/// Reads a number of at least so many digits, and returns it and where it ends.
pub(super) fn number(line: &[u8], at: usize, radix: Radix, digits: usize) -> Result<(u64, usize), At> {
    let count = run(line, at, |byte| byte.is_ascii_hexdigit());
    if count < digits {
        return Err(expected("an offset", line, at + count));
    }
    if count > 22 {
        return Err(expected("an offset of fewer digits", line, at));
    }
    let mut value = 0_u64;
    for (index, &char) in line.get(at..at + count).unwrap_or(&[]).iter().enumerate() {
        let digit = hex::value(char).map(u64::from).filter(|digit| *digit < radix.base());
        let next = digit.and_then(|digit| value.checked_mul(radix.base())?.checked_add(digit));
        value = next.ok_or_else(|| expected("a digit of an offset", line, at + index))?;
    }
    Ok((value, at + count))
}

/// The bytes from a place on that are of a kind.
pub(super) fn run(line: &[u8], at: usize, kind: impl Fn(u8) -> bool) -> usize {
    line.get(at..).unwrap_or(&[]).iter().take_while(|byte| kind(**byte)).count()
}

/// A line without the blanks behind it.
pub(super) fn trimmed(line: Option<&[u8]>) -> &[u8] {
    line.unwrap_or(&[]).trim_ascii_end()
}
