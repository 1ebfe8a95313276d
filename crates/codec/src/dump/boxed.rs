//! A box around panels of 8 bytes, as hexyl draws it.
//!
//! ```text
//! ┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐
//! │00000000│ 4d 65 73 73 61 67 65 0a ┊ 4d 65                   │Message_┊Me      │
//! └────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘
//! ```
//! Ours are: a record that is no multiple of 8 has a narrower last panel; a short line always has its offset, where
//! hexyl puts a `*` when it begins as the line before; an offset of more than 8 digits has as many as it needs;
//! panels are as many as fit, where hexyl takes one up to two columns too early; without offsets there is no
//! colour of offsets; and a box without bytes has the panels and the border of any other.

use super::glyph::{self, Glyph, Table};
use super::layout::{Cell, Layout, Radix};
use super::offset;
use super::pen::Pen;
use super::style::{Base, Border, Characters, Style};
use crate::Buffer;

/// Bytes of a panel.
pub(super) const PANEL: usize = 8;

/// Digits of an offset.
const OFFSET: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct Boxed {
    columns: usize,
    /// 1 to [`PANEL`].
    group: usize,
    little_endian: bool,
    base: Base,
    radix: Radix,
    digits: Table<[u8; 8]>,
    chars: Table<Glyph>,
    has_chars: bool,
    classes: Option<Table<[u8; 2]>>,
    position: bool,
    border: Border,
    layout: Option<Layout>,
}

/// What stands before the panels.
#[derive(Clone, Copy)]
enum Label {
    Offset(u64),
    Star,
    Empty,
}

impl Boxed {
    pub(super) fn new(style: &Style) -> Self {
        let characters = style.characters.unwrap_or(Characters::Symbols);
        let mut boxed = Self {
            columns: style.record(),
            group: match style.group {
                None => 1,
                Some(0) => PANEL,
                Some(group) => group.min(PANEL),
            },
            little_endian: style.little_endian,
            base: style.base,
            radix: style.radix.unwrap_or(Radix::Hex),
            digits: glyph::digits(style.base, style.upper_case),
            chars: glyph::characters(characters),
            has_chars: characters != Characters::None,
            classes: style.colour.then(glyph::classes),
            position: style.position,
            border: style.border,
            layout: None,
        };
        let plain = !style.colour && style.base == Base::Hex;
        if plain && matches!(characters, Characters::None | Characters::Ascii) && boxed.columns <= 16 {
            boxed.layout = boxed.laid_out(style);
        }
        boxed
    }

    pub(super) fn layout(&self) -> Option<&Layout> {
        self.layout.as_ref()
    }

    /// Whether a line is at most so many characters wide.
    pub(super) fn is_within(&self, width: usize) -> bool {
        self.widths().iter().map(|width| width + 1).sum::<usize>() < width
    }

    /// The line above.
    pub(super) fn begin(&self, out: &mut Buffer) {
        match self.border {
            Border::Unicode => self.rule(["┌", "─", "┬", "┐"], out),
            Border::Ascii => self.rule(["+", "-", "+", "+"], out),
            Border::None => {}
        }
    }

    pub(super) fn line(&self, bytes: &[u8], offset: u64, out: &mut Buffer) {
        self.row(Label::Offset(offset), bytes, out);
    }

    pub(super) fn star(&self, out: &mut Buffer) {
        self.row(Label::Star, &[], out);
    }

    /// The offset behind what was squeezed, or that there was nothing, and the line below.
    pub(super) fn finish(&self, offset: u64, squeezed: bool, any: bool, out: &mut Buffer) {
        if !any {
            self.row(Label::Empty, &[], out);
        } else if squeezed {
            self.row(if self.position { Label::Offset(offset) } else { Label::Star }, &[], out);
        }
        match self.border {
            Border::Unicode => self.rule(["└", "─", "┴", "┘"], out),
            Border::Ascii => self.rule(["+", "-", "+", "+"], out),
            Border::None => {}
        }
    }

    /// The bytes of each panel of a full line.
    fn panels(&self) -> impl Iterator<Item = usize> + use<> {
        let columns = self.columns;
        (0..columns).step_by(PANEL).map(move |at| PANEL.min(columns - at))
    }

    /// The characters of a panel with so many bytes, without the blanks at its sides.
    fn width(&self, bytes: usize) -> usize {
        bytes * self.base.width() + bytes.div_ceil(self.group).saturating_sub(1)
    }

    /// The width of everything that stands between borders.
    fn widths(&self) -> Vec<usize> {
        let offset = self.position.then_some(OFFSET);
        let panels = self.panels().map(|bytes| self.width(bytes) + 2);
        let chars = self.panels().filter(|_| self.has_chars);
        offset.into_iter().chain(panels).chain(chars).collect()
    }

    fn rule(&self, [left, line, join, right]: [&str; 4], out: &mut Buffer) {
        let columns: Vec<String> = self.widths().into_iter().map(|width| line.repeat(width)).collect();
        let text = format!("{left}{}{right}\n", columns.join(join));
        out.extend_from_slice(text.as_bytes());
    }

    /// The borders outside and between panels.
    const fn borders(&self) -> (Glyph, Glyph) {
        match self.border {
            Border::Unicode => (
                Glyph { bytes: [0xe2, 0x94, 0x82, 0], len: 3 }, // │
                Glyph { bytes: [0xe2, 0x94, 0x8a, 0], len: 3 }, // ┊
            ),
            Border::Ascii => (Glyph::ascii(b'|'), Glyph::ascii(b'|')),
            Border::None => (Glyph::BLANK, Glyph::BLANK),
        }
    }

    /// Which byte of those that are there stands at a place of a panel.
    fn shown_at(&self, place: usize, there: usize) -> usize {
        if !self.little_endian {
            return place;
        }
        let start = place - place % self.group;
        let last = (start + self.group).min(there) - 1;
        last - (place - start)
    }

    fn row(&self, label: Label, bytes: &[u8], out: &mut Buffer) {
        let shown = if let Label::Offset(offset) = label { offset } else { 0 };
        let (digits, from) = offset::digits(self.radix, 8, shown);
        let colour = !matches!(label, Label::Empty);
        let (outer, inner) = self.borders();
        // As hexyl does: nothing is not divided.
        let inner = if colour { inner } else { outer };
        let most = 64 + self.columns * (self.base.width() + 32);
        Pen::write(out, most, |pen| {
            let mut panels = Panels { boxed: self, colour, pen };
            panels.pen.glyph(&outer);
            if self.position {
                panels.label(label, digits.get(from..).unwrap_or(&digits));
                panels.pen.glyph(&outer);
            }
            for (index, size) in self.panels().enumerate() {
                if index > 0 {
                    panels.pen.glyph(&inner);
                }
                let starred = index == 0 && !self.position && matches!(label, Label::Star);
                if starred {
                    panels.star();
                } else {
                    panels.pen.char(b' ');
                }
                if index == 0 && matches!(label, Label::Empty) {
                    const EMPTY: &[u8] = b"No content";
                    let text = EMPTY.get(..EMPTY.len().min(self.width(size))).unwrap_or(EMPTY);
                    panels.pen.text(text);
                    panels.pen.blanks(self.width(size) - text.len());
                } else {
                    panels.hex(part(bytes, index, size), size);
                }
                panels.pen.char(b' ');
            }
            panels.pen.glyph(&outer);
            for (index, size) in self.panels().enumerate().filter(|_| self.has_chars) {
                if index > 0 {
                    panels.pen.glyph(&inner);
                }
                panels.chars(part(bytes, index, size), size);
            }
            if self.has_chars {
                panels.pen.glyph(&outer);
            }
            panels.pen.char(b'\n');
        });
    }

    /// A full line as a layout.
    fn laid_out(&self, style: &Style) -> Option<Layout> {
        let (outer, inner) = self.borders();
        let glyph = |cells: &mut Vec<Cell>, glyph: Glyph| {
            cells.extend(glyph.bytes.into_iter().take(usize::from(glyph.len)).map(Cell::Text));
        };
        let mut cells: Vec<Cell> = style.prefix.bytes().map(Cell::Text).collect();
        glyph(&mut cells, outer);
        if self.position {
            cells.push(Cell::Offset);
            glyph(&mut cells, outer);
        }
        for (index, size) in self.panels().enumerate() {
            if index > 0 {
                glyph(&mut cells, inner);
            }
            for place in 0..size {
                if place % self.group == 0 {
                    cells.push(Cell::Text(b' '));
                }
                let byte = u8::try_from(index * PANEL + self.shown_at(place, size)).ok()?;
                cells.extend([Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }]);
            }
            cells.push(Cell::Text(b' '));
        }
        glyph(&mut cells, outer);
        for (index, size) in self.panels().enumerate().filter(|_| self.has_chars) {
            if index > 0 {
                glyph(&mut cells, inner);
            }
            for place in 0..size {
                cells.push(Cell::Char { byte: u8::try_from(index * PANEL + place).ok()? });
            }
        }
        if self.has_chars {
            glyph(&mut cells, outer);
        }
        cells.push(Cell::Text(b'\n'));
        let layout = Layout::new(self.columns, cells)?;
        Some(layout.upper_case(style.upper_case).offsets(self.radix, 8))
    }
}

/// The bytes of a panel; fewer in a short line.
fn part(bytes: &[u8], panel: usize, size: usize) -> &[u8] {
    let rest = bytes.get(panel * PANEL..).unwrap_or(&[]);
    rest.get(..size).unwrap_or(rest)
}

/// What writes the insides of a row.
struct Panels<'a, 'p, 'r> {
    boxed: &'a Boxed,
    colour: bool,
    pen: &'p mut Pen<'r>,
}

impl Panels<'_, '_, '_> {
    /// The colour of offsets, and no colour.
    const FAINT: [u8; 2] = *b"90";
    const NONE: [u8; 2] = *b"39";

    /// Changes to a colour; does nothing when there are none.
    #[inline(always)]
    fn colour(&mut self, [tens, ones]: [u8; 2]) {
        if self.colour && self.boxed.classes.is_some() {
            self.pen.put(&[0x1b, b'[', tens, ones, b'm'], 5);
        }
    }

    fn label(&mut self, label: Label, digits: &[u8]) {
        match label {
            Label::Offset(_) => {
                self.colour(Self::FAINT);
                self.pen.text(digits);
                self.colour(Self::NONE);
            }
            Label::Star => {
                self.star();
                self.pen.blanks(OFFSET - 1);
            }
            Label::Empty => self.pen.blanks(OFFSET),
        }
    }

    fn star(&mut self) {
        self.colour(Self::FAINT);
        self.pen.char(b'*');
        self.colour(Self::NONE);
    }

    /// The digits of the bytes that there are, padded to a panel of that many.
    fn hex(&mut self, bytes: &[u8], size: usize) {
        let boxed = self.boxed;
        match boxed.base {
            Base::Hex => self.digits::<2>(bytes),
            Base::Octal | Base::Decimal => self.digits::<3>(bytes),
            Base::Binary => self.digits::<8>(bytes),
        }
        self.pen.blanks(boxed.width(size) - boxed.width(bytes.len()));
        self.colour(Self::NONE);
    }

    fn digits<const W: usize>(&mut self, bytes: &[u8]) {
        let Boxed { group, little_endian, digits, classes, .. } = self.boxed;
        let mut now = Self::NONE;
        let mut left = *group;
        self.pen.run(|pen| {
            for (place, &byte) in bytes.iter().enumerate() {
                let byte = match little_endian {
                    false => byte,
                    true => bytes.get(self.boxed.shown_at(place, bytes.len())).copied().unwrap_or(0),
                };
                if left == 0 {
                    left = *group;
                    pen.char(b' ');
                }
                left -= 1;
                if let Some(classes) = classes {
                    change(&mut now, *classes.of(byte), pen);
                }
                pen.put(digits.of(byte), W);
            }
        });
    }

    fn chars(&mut self, bytes: &[u8], size: usize) {
        let Boxed { chars, classes, .. } = self.boxed;
        let mut now = Self::NONE;
        self.pen.run(|pen| {
            for &byte in bytes {
                if let Some(classes) = classes {
                    change(&mut now, *classes.of(byte), pen);
                }
                pen.glyph(chars.of(byte));
            }
        });
        self.pen.blanks(size - bytes.len());
        self.colour(Self::NONE);
    }
}

/// Changes the colour, if it is another one.
#[inline(always)]
fn change(now: &mut [u8; 2], to: [u8; 2], pen: &mut Pen<'_>) {
    if *now != to {
        *now = to;
        let [tens, ones] = to;
        pen.put(&[0x1b, b'[', tens, ones, b'm', 0, 0, 0], 5);
    }
}
