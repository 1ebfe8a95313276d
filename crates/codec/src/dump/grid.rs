//! Lines in which every byte has its place: those of xxd, hexdump and od, which differ in a [`Shape`] alone.
//!
//! Full lines with up to 16 bytes are a [`Layout`] for the kernels, where one can say them. The others are a template
//! into which digits are copied, with the characters behind. Where there are colours, or where places overlap, a
//! line is made of cells, a character and a colour each, and written when all have been set: this is what gives
//! xxd's colours byte for byte, where a run of one colour is one sequence.

use super::glyph::{self, Glyph, Table};
use super::layout::{Cell, Layout, Radix};
use super::offset;
use super::pen::Pen;
use super::style::{Base, Characters, Style};
use crate::Buffer;

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
    /// The offset behind the last byte, if there was a byte.
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
            empty: empty(),
            line: Vec::new(),
        });
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
            cells.line.clone_from(&cells.empty);
            self.set(bytes, faint, &mut cells);
            self.emit(bytes.len(), &cells, out);
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
            End::IfAny => any,
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
    fn row<const W: usize>(&self, bytes: &[u8], out: &mut Buffer) {
        let start = if self.has_chars { self.template.len() } else { self.len(bytes.len()) };
        let most = start + 4 * bytes.len() + self.close.len() + 1;
        let room = out.room(most);
        let Some((line, rest)) = room.split_at_mut_checked(start) else { return };
        if let Some(template) = self.template.get(..start) {
            line.copy_from_slice(template);
        }
        for (&at, &byte) in self.hex_at.iter().zip(bytes) {
            let place = line.get_mut(at..).and_then(|line| line.first_chunk_mut::<W>());
            if let (Some(place), Some(digits)) = (place, self.digits.of(byte).first_chunk()) {
                *place = *digits;
            }
        }
        let mut len = 0;
        if self.has_chars {
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
        const RESET: &[u8; 4] = b"\x1b[0m";
        let len = self.len(bytes);
        let end = cells.line.get(len).map_or(0, |&(_, colour)| colour);
        let behind = cells.line.get(len + 1).map_or(0, |&(_, colour)| colour);
        let line_end = [(Glyph::ascii(b'\n'), if self.close.is_empty() { end } else { 0 })];
        let close = self.close.iter().map(|&char| (Glyph::ascii(char), 0));
        let line = cells.line.iter().take(len).copied().chain(close).chain(line_end);
        Pen::write(out, 15 * (len + 4), |pen| {
            let mut now = 0;
            for (glyph, colour) in line {
                if colour != now {
                    if now != 0 {
                        pen.put(RESET, RESET.len());
                    }
                    if colour != 0 {
                        pen.put(&[0x1b, b'[', b'1', b';', b'3', colour, b'm'], 7);
                    }
                    now = colour;
                }
                pen.glyph(&glyph);
            }
            if behind != 0 && self.close.is_empty() {
                pen.put(RESET, RESET.len());
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

/// Copies to a place, as much as there is.
fn put<T: Copy>(to: &mut [T], at: usize, from: &[T]) {
    if let Some(to) = to.get_mut(at..) {
        to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
    }
}
