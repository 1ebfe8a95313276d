//! hexyl's boxes: panels of eight bytes, in lines of Unicode, of ASCII or of blanks, with offsets and text or without,
//! and `*`.
//!
//! A line is as long as every other whatever it holds, so its length says how many panels there are and whether
//! their text follows. The text shows kinds of bytes, with characters of some table; it is held against the bytes where
//! a byte can be printed.

use super::fault::{At, Fault, expected};
use super::lines::{Grammar, Line, Lines};
use super::row::{narrow, number, run, widened};
use super::{Reader, Told};
use crate::dump::layout::{Layout, Radix};
use crate::hex;

pub(super) const EXAMPLE: &str = "\
┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐
│00000000│ 4a 61 63 6b 0a          ┊                         │Jack_   ┊        │
└────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘
";

pub(super) fn readers(told: &Told) -> Vec<Box<dyn Reader>> {
    let radix = told.radixes(&[16, 8, 10]).next().flatten().unwrap_or(Radix::Hex);
    let boxes = |little| -> Box<dyn Reader> {
        Box::new(Lines::new(Boxes {
            little,
            radix,
            text: told.text,
            plain: Vec::new(),
            offset: None,
            last: None,
        }))
    };
    told.orders(&[false, true]).map(boxes).collect()
}

/// Bytes of a panel, and characters of its text.
const PANEL: usize = 8;

#[derive(Debug)]
struct Boxes {
    little: bool,
    radix: Radix,
    text: bool,
    /// The line in ASCII, with a byte for each character.
    plain: Vec<u8>,
    offset: Option<u64>,
    /// The length of the last line's panels, and how they were: all lines of a box are alike, and a short one without
    /// borders may look like another kind.
    last: Option<(usize, Shape)>,
}

impl Grammar for Boxes {
    fn line(&mut self, line: &[u8], bytes: &mut Vec<u8>) -> Result<Line, At> {
        let mut plain = core::mem::take(&mut self.plain);
        plain.clear();
        let text =
            core::str::from_utf8(line).map_err(|error| expected("UTF-8", line, error.valid_up_to()))?;
        plain.extend(text.chars().map(|char| match char {
            '│' | '┊' => b'|',
            '┌' | '┐' | '└' | '┘' | '┬' | '┴' | '─' | '├' | '┤' | '┼' => b'-',
            char => narrow(char),
        }));
        let read = self.read(&plain, bytes);
        self.plain = plain;
        widened(read, text)
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

    fn has_text(&self) -> bool {
        self.last.is_some_and(|(_, shape)| shape.text)
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
        let is_filling = |byte: &u8| *byte == b' ' || *byte == b'|';
        let words =
            rest.iter().position(|byte| !is_filling(byte)).and_then(|at| rest.get(at..)).unwrap_or(&[]);
        if words.strip_prefix(b"No content").is_some_and(|rest| rest.iter().all(is_filling)) {
            return Ok(Line::Nothing);
        }
        let digits = run(line, 1, |byte| byte.is_ascii_hexdigit());
        let mut offset = None;
        let mut at = 1;
        if digits >= 8 {
            let (value, end) = number(line, 1, self.radix, 8)?;
            offset = Some((value, 1));
            if line.get(end) != Some(&bar) {
                return Err(expected("the line behind the offset", line, end));
            }
            at = end + 1;
        }
        let length = line.len().saturating_sub(at);
        let known = self.last.filter(|(last, _)| *last == length).map(|(_, shape)| shape);
        let shape = known.or_else(|| shape(line, at, bar));
        let shape = shape.ok_or_else(|| expected("panels of eight bytes", line, at))?;
        let Shape { digits, group, panels, text } = shape;
        self.offset = offset.map(|(offset, _)| offset);
        let width = width(group, digits);
        for panel in 0..panels {
            let from = at + panel * (width + 1);
            self.panel(line, from, panel, (group, digits), bytes)?;
        }
        let from = at + panels * (width + 1);
        self.last = Some((length, shape));
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
        panel: usize,
        (group, digits): (usize, usize),
        bytes: &mut Vec<u8>,
    ) -> Result<(), At> {
        let kind = if digits == 2 { "two hex digits" } else { "eight binary digits" };
        for number in 0..PANEL / group {
            let at = from + 1 + number * (digits * group + 1);
            if bytes.len() < panel * PANEL + number * group && line.get(at) != Some(&b' ') {
                return Err(expected("a blank, the bytes before have ended", line, at));
            }
            let first = bytes.len();
            let places: Vec<usize> = (at..at + digits * group).step_by(digits).collect();
            let there = places.iter().take_while(|at| line.get(**at) != Some(&b' ')).count();
            for &place in places.iter().take(there) {
                let mut value = 0_u8;
                for at in place..place + digits {
                    value = match (digits, line.get(at).copied().and_then(hex::value)) {
                        (2, Some(digit)) => value << 4 | digit,
                        (_, Some(bit @ 0..=1)) => value << 1 | bit,
                        _ => return Err(expected(kind, line, at)),
                    };
                }
                bytes.push(value);
            }
            let behind = places.get(there).copied().unwrap_or(at + digits * group);
            if let Some(at) = (behind..at + digits * group).find(|at| line.get(*at) != Some(&b' ')) {
                return Err(expected("a blank", line, at));
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
            // Before 0.9 hexyl showed a NUL as a 0.
            let is_nul = (*byte, found) == (0, b'0');
            if byte.is_ascii_graphic() && found != *byte
                || !byte.is_ascii_graphic() && found.is_ascii_alphanumeric() && !is_nul
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

/// The characters of a panel with so many bytes in a group and digits in a byte.
const fn width(group: usize, digits: usize) -> usize {
    1 + PANEL / group * (digits * group + 1)
}

/// How the panels of a line are.
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Digits of a byte: two of hex, or eight bits.
    digits: usize,
    /// Bytes of a group.
    group: usize,
    panels: usize,
    text: bool,
}

/// How the panels from a place on are.
fn shape(line: &[u8], at: usize, bar: u8) -> Option<Shape> {
    let length = line.len().checked_sub(at)?;
    let is_bar = |place: usize| line.get(place) == Some(&bar);
    let kinds = [(1, 2), (2, 2), (4, 2), (8, 2), (1, 8), (2, 8), (4, 8), (8, 8)];
    kinds.into_iter().find_map(|(group, digits)| {
        let width = width(group, digits);
        let hex = line.get(at..at + width)?;
        let groups_end =
            (0..PANEL / group).all(|number| hex.get(number * (digits * group + 1)) == Some(&b' '));
        let all = hex.iter().all(|byte| *byte == b' ' || byte.is_ascii_hexdigit());
        if !groups_end || hex.last() != Some(&b' ') || !all {
            return None;
        }
        [(width + 1, false), (width + 1 + PANEL + 1, true)].into_iter().find_map(|(step, text)| {
            let panels = length.checked_div(step).filter(|panels| *panels > 0 && panels * step == length)?;
            let bars = (1..=panels).all(|panel| is_bar(at + panel * (width + 1) - 1))
                && (1..=panels)
                    .all(|panel| !text || is_bar(at + panels * (width + 1) + panel * (PANEL + 1) - 1));
            bars.then_some(Shape { digits, group, panels, text })
        })
    })
}
