//! Lines in which every byte has its place: those of xxd, hexdump and od, which differ in a [`Shape`] alone.
//!
//! Full lines with up to 16 bytes are a [`Layout`] for the kernels, where one can say them. The others are a template
//! into which digits are copied, with the characters behind. Where there are colours, or where places overlap, a
//! line is made of cells, a character and a colour each, and written when all have been set: this is what gives
//! xxd's colours byte for byte, where a run of one colour is one sequence.

use super::glyph::{self, Glyph, Table};
use super::layout::{Cell, Layout, Radix, shown};
use super::offset;
use super::pen::Pen;
use super::style::{Base, Characters, Style};
use crate::Buffer;
use crate::simd::{self, Level};

/// Where things stand in the lines of a style, counted from behind the offset.
pub(super) struct Shape {
    /// What follows the offset.
    pub(super) lead: &'static [u8],
    /// The place of each byte's first digit.
    pub(super) hex_at: Vec<usize>,
    /// The place of the first character.
    pub(super) chars_at: usize,
    /// Before and behind the characters.
    pub(super) open: &'static [u8],
    pub(super) close: &'static [u8],
    /// The fewest digits of an offset.
    pub(super) width: u8,
    /// What stands at the end.
    pub(super) end: End,
    /// Whether absent bytes have the colours that xxd gives them: bytes of a group, characters of one with its blank.
    pub(super) fill: Option<(usize, usize)>,
}

/// What a dump ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Nothing,
    /// The offset behind the last byte, if there was a byte here or before.
    IfAny,
    /// The offset.
    Always,
}

/// The place of a byte in a group whose order is turned around.
pub(super) const fn reversed(byte: usize, group: usize) -> usize {
    byte - byte % group + (group - 1 - byte % group)
}

/// What writes them.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    lead: usize,
    hex_at: Vec<usize>,
    chars_at: usize,
    close: &'static [u8],
    width: u8,
    radix: Radix,
    position: bool,
    end: End,
    fill: Option<(usize, usize)>,
    little_endian: bool,
    base: Base,
    digits: Table<[u8; 8]>,
    chars: Table<Glyph>,
    has_chars: bool,
    is_ascii: bool,
    upper_case: bool,
    /// Where the groups of a line begin, if its digits are in order, and the digits of a group.
    groups: Vec<usize>,
    group: usize,
    /// The digits of a line, before they are moved apart.
    scratch: Vec<u8>,
    /// A line without bytes, up to the characters.
    template: Vec<u8>,
    /// Kept when lines are made of cells.
    cells: Option<Cells>,
    layout: Option<Layout>,
}

/// Characters and their colours, the last digit of xxd's; 0 is none.
#[derive(Clone, Debug)]
struct Cells {
    colours: Option<Table<u8>>,
    /// Whether a line needs cells although it has no colours.
    overlaps: bool,
    empty: Vec<(Glyph, u8)>,
    line: Vec<(Glyph, u8)>,
}

impl Grid {
    pub(super) fn new(style: &Style, shape: &Shape) -> Self {
        let width = style.base.width();
        let characters = style.characters.unwrap_or(Characters::Ascii);
        let has_chars = characters != Characters::None;
        let hex_end = shape.hex_at.iter().max().map_or(0, |at| at + width);
        let chars_at = if has_chars { shape.chars_at } else { hex_end };
        let open: &[u8] = if has_chars { shape.open } else { b"" };

        let mut template = vec![b' '; chars_at];
        put(&mut template, 0, shape.lead);
        put(&mut template, chars_at - open.len(), open);

        let columns = shape.hex_at.len();
        let overlaps = hex_end > chars_at - open.len();
        let empty = || {
            let mut cells: Vec<_> = template.iter().map(|&char| (Glyph::ascii(char), 0)).collect();
            // The line end, and what xxd looks at behind it.
            cells.resize(hex_end.max(chars_at + columns) + 2, (Glyph::BLANK, 0));
            cells
        };
        let cells = (style.colour || overlaps).then(|| Cells {
            colours: style.colour.then(|| glyph::xxd_colours(characters)),
            overlaps,
            empty: empty(),
            line: Vec::new(),
        });
        let (groups, group) = groups(&shape.hex_at);
        let mut grid = Self {
            lead: shape.lead.len(),
            hex_at: shape.hex_at.clone(),
            chars_at,
            close: if has_chars { shape.close } else { b"" },
            width: shape.width,
            radix: style.radix.unwrap_or(Radix::Hex),
            position: style.position,
            end: shape.end,
            fill: shape.fill,
            little_endian: style.little_endian,
            base: style.base,
            digits: glyph::digits(style.base, style.upper_case),
            chars: glyph::characters(characters),
            has_chars,
            is_ascii: characters == Characters::Ascii,
            upper_case: style.upper_case,
            groups: if style.little_endian || style.base != Base::Hex { Vec::new() } else { groups },
            group,
            scratch: vec![0; 2 * columns],
            template,
            cells,
            layout: None,
        };
        if matches!(characters, Characters::None | Characters::Ascii)
            && !style.colour
            && style.base == Base::Hex
        {
            grid.layout = grid.laid_out(style);
        }
        grid
    }

    pub(super) fn layout(&self) -> Option<&Layout> {
        self.layout.as_ref()
    }

    /// Whether the end says what was squeezed.
    pub(super) fn closes(&self) -> bool {
        self.end != End::Nothing
    }

    /// Writes one line, of at most as many bytes as a full one has; a short one is padded so that the characters stay in
    /// their column. What is faint has no colours.
    pub(super) fn line(&mut self, bytes: &[u8], offset: u64, faint: bool, out: &mut Buffer) {
        if self.position {
            offset::write(self.radix, self.width, offset, out);
        }
        if let Some(mut cells) = self.cells.take() {
            // Absent bytes have colours in xxd.
            let simple = !cells.overlaps
                && !self.little_endian
                && (self.fill.is_none() || bytes.len() == self.hex_at.len());
            match &cells.colours {
                Some(colours) if simple && !faint => match self.base {
                    Base::Hex => self.coloured::<2>(bytes, colours, out),
                    Base::Octal | Base::Decimal => self.coloured::<3>(bytes, colours, out),
                    Base::Binary => self.coloured::<8>(bytes, colours, out),
                },
                _ => {
                    cells.line.clone_from(&cells.empty);
                    self.set(bytes, faint, &mut cells);
                    self.emit(bytes.len(), &cells, out);
                }
            }
            self.cells = Some(cells);
            return;
        }
        match self.base {
            Base::Hex => self.row::<2>(bytes, out),
            Base::Octal | Base::Decimal => self.row::<3>(bytes, out),
            Base::Binary => self.row::<8>(bytes, out),
        }
    }

    pub(super) fn finish(&self, offset: u64, any: bool, out: &mut Buffer) {
        let says = match self.end {
            End::Nothing => false,
            End::IfAny => any || offset > 0,
            End::Always => true,
        };
        if says && self.position {
            offset::write(self.radix, self.width, offset, out);
            out.push(b'\n');
        }
    }

    /// The characters of a line with so many bytes, from behind the offset to before what closes it.
    fn len(&self, bytes: usize) -> usize {
        if self.has_chars {
            return self.chars_at + bytes;
        }
        self.hex_at.iter().take(bytes).max().map_or(0, |at| at + self.base.width())
    }

    /// A line of which no two places overlap, without colours.
    fn row<const W: usize>(&mut self, bytes: &[u8], out: &mut Buffer) {
        let start = if self.has_chars { self.template.len() } else { self.len(bytes.len()) };
        let most = start + 4 * bytes.len() + self.close.len() + 1;
        let room = out.room(most);
        let Some((line, rest)) = room.split_at_mut_checked(start) else { return };
        if let Some(template) = self.template.get(..start) {
            line.copy_from_slice(template);
        }
        if self.groups.is_empty() {
            for (&at, &byte) in self.hex_at.iter().zip(bytes) {
                let place = line.get_mut(at..).and_then(|line| line.first_chunk_mut::<W>());
                if let (Some(place), Some(digits)) = (place, self.digits.of(byte).first_chunk()) {
                    *place = *digits;
                }
            }
        } else {
            simd::hex::encode(Level::best(), bytes, &mut self.scratch, self.upper_case);
            let digits = self.scratch.get(..2 * bytes.len()).unwrap_or(&[]);
            match self.group {
                2 => spread::<2>(&self.groups, digits, line),
                4 => spread::<4>(&self.groups, digits, line),
                8 => spread::<8>(&self.groups, digits, line),
                16 => spread::<16>(&self.groups, digits, line),
                group => {
                    for (&at, part) in self.groups.iter().zip(digits.chunks(group.max(1))) {
                        put(line, at, part);
                    }
                }
            }
        }
        let mut len = 0;
        if self.has_chars && self.is_ascii {
            rest.iter_mut().zip(bytes).for_each(|(char, &byte)| *char = shown(byte));
            len = bytes.len();
        } else if self.has_chars {
            for &byte in bytes {
                let glyph = self.chars.of(byte);
                if let Some(place) = rest.get_mut(len..).and_then(|rest| rest.first_chunk_mut()) {
                    *place = glyph.bytes;
                }
                len += usize::from(glyph.len);
            }
        }
        out.commit(start + len);
        out.extend_from_slice(self.close);
        out.push(b'\n');
    }

    /// A line of which no two places overlap and whose digits are in order, with colours.
    fn coloured<const W: usize>(&self, bytes: &[u8], colours: &Table<u8>, out: &mut Buffer) {
        let most = self.chars_at + bytes.len() * 40 + 16;
        Pen::write(out, most, |pen| {
            let gap = |from: usize, to: usize| self.template.get(from..to).unwrap_or(&[]);
            let (mut now, mut from) = (0, 0);
            for (&at, &byte) in self.hex_at.iter().zip(bytes) {
                if at > from {
                    change(&mut now, 0, pen);
                    match gap(from, at) {
                        &[one] => pen.char(one),
                        more => pen.text(more),
                    }
                }
                change(&mut now, *colours.of(byte), pen);
                pen.put(self.digits.of(byte), W);
                from = at + W;
            }
            change(&mut now, 0, pen);
            if self.has_chars {
                pen.text(gap(from, self.chars_at));
                for &byte in bytes {
                    change(&mut now, *colours.of(byte), pen);
                    pen.glyph(self.chars.of(byte));
                }
                change(&mut now, 0, pen);
                pen.text(self.close);
            }
            pen.char(b'\n');
        });
    }

    /// Sets the cells of a line in the order in which xxd does, whose later ones win.
    fn set(&self, bytes: &[u8], faint: bool, cells: &mut Cells) {
        let line = &mut cells.line;
        let colour = |byte| cells.colours.as_ref().filter(|_| !faint).map_or(0, |colours| *colours.of(byte));
        let mut cell = |at: usize, glyph: Glyph, colour: u8| {
            if let Some(cell) = line.get_mut(at) {
                *cell = (glyph, colour);
            }
        };
        if cells.colours.is_some() {
            self.absent(bytes.len(), |at| cell(at, Glyph::BLANK, b'1'));
        }
        for (index, (&byte, &at)) in bytes.iter().zip(&self.hex_at).enumerate() {
            let digits = self.digits.of(byte).iter().take(self.base.width());
            for (place, &digit) in (at..).zip(digits) {
                cell(place, Glyph::ascii(digit), colour(byte));
            }
            if self.has_chars {
                cell(self.chars_at + index, *self.chars.of(byte), colour(byte));
            }
        }
    }

    /// Which blanks of a short line xxd colours: one for every byte that is absent, those of a group that is begun
    /// at its start, the others where they end with the last group.
    fn absent(&self, bytes: usize, mut colour: impl FnMut(usize)) {
        let (Some((group, cell)), columns) = (self.fill, self.hex_at.len()) else { return };
        if bytes >= columns {
            return;
        }
        let begun = if self.little_endian { bytes % group } else { 0 };
        let missing = if begun > 0 { group - begun } else { 0 };
        let start = self.lead + cell * (bytes - begun) / group;
        (start..start + missing).for_each(&mut colour);
        let rest = columns.saturating_sub(bytes + missing);
        let end = self.lead + cell * (bytes + missing) / group + cell * rest / group;
        (end - rest..end).for_each(&mut colour);
    }

    /// Writes cells, with a sequence where the colour changes.
    fn emit(&self, bytes: usize, cells: &Cells, out: &mut Buffer) {
        let len = self.len(bytes);
        let end = cells.line.get(len).map_or(0, |&(_, colour)| colour);
        let behind = cells.line.get(len + 1).map_or(0, |&(_, colour)| colour);
        let line_end = [(Glyph::ascii(b'\n'), if self.close.is_empty() { end } else { 0 })];
        let close = self.close.iter().map(|&char| (Glyph::ascii(char), 0));
        let line = cells.line.iter().take(len).copied().chain(close).chain(line_end);
        Pen::write(out, 15 * (len + 4), |pen| {
            let mut now = 0;
            for (glyph, colour) in line {
                change(&mut now, colour, pen);
                pen.glyph(&glyph);
            }
            if behind != 0 && self.close.is_empty() {
                pen.put(b"\x1b[0m", 4);
            }
        });
    }

    /// A full line as a layout.
    fn laid_out(&self, style: &Style) -> Option<Layout> {
        let columns = self.hex_at.len();
        let template = self.template.iter().map(|&char| Cell::Text(char));
        let mut cells: Vec<Cell> = template.collect();
        cells.resize(cells.len().max(self.len(columns)) + 2, Cell::Text(b' '));
        for (byte, &at) in (0..=u8::MAX).zip(&self.hex_at) {
            put(&mut cells, at, &[Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }]);
            if self.has_chars {
                put(&mut cells, self.chars_at + usize::from(byte), &[Cell::Char { byte }]);
            }
        }
        cells.truncate(self.len(columns));
        let close = self.close.iter().chain(b"\n").map(|&char| Cell::Text(char));
        let prefix = style.prefix.bytes().map(Cell::Text);
        let offset = self.position.then_some(Cell::Offset);
        let cells = prefix.chain(offset).chain(cells).chain(close).collect();
        let layout = Layout::new(columns, cells)?;
        Some(layout.upper_case(style.upper_case).offsets(self.radix, self.width))
    }
}

/// Ends a colour and begins another, if they differ; 0 is none.
#[inline(always)]
fn change(now: &mut u8, to: u8, pen: &mut Pen<'_>) {
    match (*now == to, *now, to) {
        (true, ..) => {}
        (_, 0, to) => pen.put(&[0x1b, b'[', b'1', b';', b'3', to, b'm', 0], 7),
        (_, _, 0) => pen.put(b"\x1b[0m", 4),
        (_, _, to) => {
            pen.put(&[0x1b, b'[', b'0', b'm', 0x1b, b'[', b'1', b';', b'3', to, b'm', 0, 0, 0, 0, 0], 11);
        }
    }
    *now = to;
}

/// Where the groups of a line begin, and the digits of each; the last may have fewer.
fn groups(hex_at: &[usize]) -> (Vec<usize>, usize) {
    let begins =
        |byte: usize, at: usize| byte == 0 || hex_at.get(byte - 1).is_none_or(|&before| at != before + 2);
    let starts: Vec<usize> =
        hex_at.iter().enumerate().filter(|&(byte, &at)| begins(byte, at)).map(|(_, &at)| at).collect();
    let second = hex_at.iter().enumerate().skip(1).find(|&(byte, &at)| begins(byte, at));
    (starts, 2 * second.map_or(hex_at.len(), |(byte, _)| byte))
}

/// Copies groups of so many digits to their places.
fn spread<const N: usize>(groups: &[usize], digits: &[u8], line: &mut [u8]) {
    let (whole, rest) = digits.as_chunks::<N>();
    for (&at, group) in groups.iter().zip(whole) {
        if let Some(place) = line.get_mut(at..).and_then(|line| line.first_chunk_mut()) {
            *place = *group;
        }
    }
    if let Some(&at) = groups.get(whole.len()) {
        put(line, at, rest);
    }
}

/// Copies to a place, as much as there is.
fn put<T: Copy>(to: &mut [T], at: usize, from: &[T]) {
    if let Some(to) = to.get_mut(at..) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}
