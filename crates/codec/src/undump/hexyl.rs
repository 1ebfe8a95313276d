//! hexyl's boxes: panels of eight bytes, in lines of Unicode, of ASCII or of blanks, with offsets and text or without,
//! and `*`.
//!
//! A line is as long as every other whatever it holds, so its length says how many panels there are and whether
//! their text follows. The text shows kinds of bytes, with characters of some table; it is held against the bytes where
//! a byte can be printed.

use super::fault::{At, Fault, expected};
use super::lines::{Grammar, Line, Lines};
use super::row::{number, run};
use super::{Reader, Told};
use crate::dump::layout::{Layout, Radix};
use crate::hex;

pub(super) const EXAMPLE: &str = "\
┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐
│00000000│ 4a 61 63 6b 0a          ┊                         │Jack_   ┊        │
└────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘
";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let boxes = |little| -> Box<dyn Reader> {
        Box::new(Lines::new(Boxes { little, text: told.text, plain: Vec::new(), offset: None }))
    };
    told.orders(&[false, true]).map(boxes).collect()
}

/// Bytes of a panel, and characters of its text.
const PANEL: usize = 8;

#[derive(Debug)]
struct Boxes {
    little: bool,
    text: bool,
    /// The line in ASCII, with a byte for each character.
    plain: Vec<u8>,
    offset: Option<u64>,
}

/// What a character of the text that is not ASCII becomes.
const OTHER: u8 = 0xff;

impl Grammar for Boxes {
    fn line(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At> {
        let mut plain = core::mem::take(&mut self.plain);
        plain.clear();
        let text =
            core::str::from_utf8(line).map_err(|error| expected("UTF-8", line, error.valid_up_to()))?;
        plain.extend(text.chars().map(|char| match char {
            '│' | '┊' => b'|',
            '┌' | '┐' | '└' | '┘' | '┬' | '┴' | '─' | '├' | '┤' | '┼' => b'-',
            char => u8::try_from(char).ok().filter(u8::is_ascii).unwrap_or(OTHER),
        }));
        // A place of the plain line is a character of the line.
        let place = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(place, _)| place);
        let read = self.read(&plain, bytes).map_err(|(at, fault)| (place(at), fault));
        self.plain = plain;
        match read? {
            Line::Data { offset, fault } => Ok(Line::Data {
                offset: offset.map(|(offset, at)| (offset, place(at))),
                fault: fault.map(|(at, fault)| (place(at), fault)),
            }),
            other => Ok(other),
        }
    }

    fn layout(&self, _: &[u8], _: usize) -> Option<Layout> {
        None
    }

    fn pads(&self) -> bool {
        false
    }

    fn restarts(&self) -> bool {
        false
    }

    fn offset(&self) -> Option<u64> {
        self.offset
    }

    fn marks(&self) -> bool {
        true
    }
}

impl Boxes {
    fn read(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At> {
        bytes.clear();
        self.offset = None;
        if line.iter().all(|byte| *byte == b' ')
            || line.len() > 2 && line.iter().all(|byte| matches!(byte, b'-' | b'+'))
        {
            return Ok(Line::Nothing);
        }
        let Some((&bar @ (b'|' | b' '), rest)) = line.split_first() else {
            return Err(expected("the border of the box", line, 0));
        };
        if rest.strip_prefix(b"*").is_some_and(|rest| rest.iter().all(|byte| *byte == b' ' || *byte == bar)) {
            return Ok(Line::Repeated);
        }
        let digits = run(line, 1, |byte| byte.is_ascii_hexdigit());
        let mut offset = None;
        let mut at = 1;
        if digits >= 8 {
            let (value, end) = number(line, 1, Radix::Hex, 8)?;
            offset = Some((value, 1));
            if line.get(end) != Some(&bar) {
                return Err(expected("the line behind the offset", line, end));
            }
            at = end + 1;
        }
        let (group, panels, text) =
            shape(line, at, bar).ok_or_else(|| expected("panels of eight bytes", line, at))?;
        self.offset = offset.map(|(offset, _)| offset);
        let width = width(group);
        for panel in 0..panels {
            let from = at + panel * (width + 1);
            self.panel(line, from, (panel, group), bytes)?;
        }
        let from = at + panels * (width + 1);
        if !text {
            return Ok(Line::Data { offset, fault: None });
        }
        let fault = self.contradiction(line, from, bytes)?;
        Ok(Line::Data { offset, fault })
    }

    /// Reads the bytes of a panel, which end where blanks begin.
    fn panel(
        &self,
        line: &[u8],
        from: usize,
        (panel, group): (usize, usize),
        bytes: &mut Vec<u8>,
    ) -> Result<(), At> {
        for number in 0..PANEL / group {
            let at = from + 1 + number * (2 * group + 1);
            if bytes.len() < panel * PANEL + number * group && line.get(at) != Some(&b' ') {
                return Err(expected("a blank, the bytes before have ended", line, at));
            }
            let mut digits = line.get(at..at + 2 * group).unwrap_or(&[]).iter().enumerate();
            let first = bytes.len();
            while let Some((index, &high)) = digits.next() {
                if high == b' ' {
                    break;
                }
                let not_a_digit = |index| expected("two hex digits", line, at + index);
                let high = hex::value(high).ok_or_else(|| not_a_digit(index))?;
                let low = digits.next().and_then(|(_, &low)| hex::value(low));
                bytes.push(high << 4 | low.ok_or_else(|| not_a_digit(index + 1))?);
            }
            if let Some(rest) = digits.find(|(_, byte)| **byte != b' ') {
                return Err(expected("a blank", line, at + rest.0));
            }
            if let Some(group) = bytes.get_mut(first..).filter(|_| self.little) {
                group.reverse();
            }
        }
        Ok(())
    }

    /// Holds the text against the bytes: as many characters, and those that can be printed as they are.
    fn contradiction(&self, line: &[u8], from: usize, bytes: &[u8]) -> Result<Option<At>, At> {
        let mut chars = (from..line.len()).filter(|at| (at - from) % (PANEL + 1) != PANEL);
        for byte in bytes {
            let Some(at) = chars.next() else {
                return Err(expected("a character for each byte", line, line.len()));
            };
            let Some(&found) = line.get(at).filter(|_| self.text) else { continue };
            if byte.is_ascii_graphic() && found != *byte
                || !byte.is_ascii_graphic() && found.is_ascii_alphanumeric()
            {
                return Ok(Some((at, Fault::Character { byte: *byte, found })));
            }
        }
        match chars.find(|at| line.get(*at) != Some(&b' ')) {
            Some(at) => Err(expected("a blank, there are no more bytes", line, at)),
            None => Ok(None),
        }
    }
}

/// The characters of a panel with so many bytes in a group.
const fn width(group: usize) -> usize {
    1 + PANEL / group * (2 * group + 1)
}

/// How the panels from a place on are: the bytes of a group, the number of panels, and whether there is text.
fn shape(line: &[u8], at: usize, bar: u8) -> Option<(usize, usize, bool)> {
    let length = line.len().checked_sub(at)?;
    let is_bar = |place: usize| line.get(place) == Some(&bar);
    [1, 2, 4, 8].into_iter().find_map(|group| {
        let width = width(group);
        let hex = line.get(at..at + width)?;
        let groups_end = (0..PANEL / group).all(|number| hex.get(number * (2 * group + 1)) == Some(&b' '));
        let digits = hex.iter().all(|byte| *byte == b' ' || byte.is_ascii_hexdigit());
        if !groups_end || hex.last() != Some(&b' ') || !digits {
            return None;
        }
        [(width + 1, false), (width + 1 + PANEL + 1, true)].into_iter().find_map(|(step, text)| {
            let panels = length.checked_div(step).filter(|panels| *panels > 0 && panels * step == length)?;
            let bars = (1..=panels).all(|panel| is_bar(at + panel * (width + 1) - 1))
                && (1..=panels)
                    .all(|panel| !text || is_bar(at + panels * (width + 1) + panel * (PANEL + 1) - 1));
            bars.then_some((group, panels, text))
        })
    })
}
