//! The hex dump: offset, bytes in digits, bytes as characters, one line for every 16 bytes, as `xxd` prints it, and
//! as `hexdump -C`, `od -Ax -tx1z`, `xxd -p` and `hexyl` do.
//!
//! The writer is streaming because bytes come from a socket in pieces that do not end where lines do: whole lines
//! go out as they fill, the rest of a line waits. A conversation is two dumps, one for each direction, told
//! apart by their prefix. A [`Style`] says once where things stand; what writes it follows from that: full lines go
//! through the kernels of `simd::lines` where a [`Layout`](layout::Layout) can say them, the others are written
//! from tables, byte by byte.

mod boxed;
mod glyph;
mod grid;
mod hexdump;
pub(crate) mod layout;
mod od;
mod offset;
mod pen;
mod squeeze;
mod style;
mod xxd;

use core::convert::Infallible;
use std::sync::Arc;

use crate::simd::Level;
use crate::simd::lines::Program;
use crate::stream::Transform;
use crate::{Buffer, hex};
use layout::Layout;
use squeeze::Run;
pub use style::{Base, Border, Characters, Radix, Squeeze, Style, StyleError};

/// Writes a hex dump of bytes that arrive in pieces.
///
/// ```
/// use jackfield_codec::{Buffer, Dump, Style};
///
/// let mut out = Buffer::new();
/// let mut dump = Dump::new(Style::default());
/// dump.push(b"Mess", &mut out);
/// dump.push(b"age\n", &mut out);
/// dump.finish(&mut out);
/// assert_eq!(&out[..], b"00000000: 4d65 7373 6167 650a                      Message.\n");
/// ```
#[derive(Clone, Debug)]
pub struct Dump {
    prefix: &'static str,
    columns: usize,
    writer: Writer,
    lines: Option<Kernel>,
    run: Option<Run>,
    /// Offset of the first byte of the next line.
    offset: u64,
    /// The beginning of a line that is not full yet, fewer than `columns` bytes.
    held: Vec<u8>,
    /// Whether what stands before the lines has been written.
    begun: bool,
}

/// Who writes the lines.
#[derive(Clone, Debug)]
enum Writer {
    Grid(Box<grid::Grid>),
    Boxed(Box<boxed::Boxed>),
    Plain(hex::Plain),
}

/// A layout, and its program for the last offsets seen.
#[derive(Clone, Debug)]
struct Kernel {
    layout: Layout,
    program: Option<Arc<Program>>,
}

impl Dump {
    /// Makes a dump whose first byte has offset 0.
    #[must_use]
    pub fn new(style: Style) -> Self {
        Self::starting_at(style, 0)
    }

    /// Makes a dump whose first byte has the given offset, as `xxd -o` does; a negative one is its two's complement.
    #[must_use]
    pub fn starting_at(style: Style, offset: u64) -> Self {
        let writer = style.writer();
        let columns = style.record();
        let squeeze = style.squeezed();
        Self {
            prefix: style.prefix,
            columns,
            lines: writer.layout().map(|layout| Kernel { layout: layout.clone(), program: None }),
            run: (squeeze != Squeeze::Never).then(|| Run::new(squeeze, columns)),
            writer,
            offset,
            held: Vec::new(),
            begun: false,
        }
    }

    /// Takes the next bytes and appends every line that they fill to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Buffer) {
        if let Writer::Plain(plain) = &mut self.writer {
            plain.push_after(self.prefix, bytes, out);
            self.offset = self.offset.wrapping_add(length(bytes.len()));
            return;
        }
        let mut rest = bytes;
        if !self.held.is_empty() {
            let missing = self.columns.saturating_sub(self.held.len());
            let (head, tail) = rest.split_at(missing.min(rest.len()));
            self.held.extend_from_slice(head);
            if self.held.len() < self.columns {
                return;
            }
            let mut line = core::mem::take(&mut self.held);
            self.full(&line, out);
            line.clear();
            self.held = line;
            rest = tail;
        }
        let (lines, tail) = rest.split_at(rest.len() - rest.len() % self.columns);
        self.full(lines, out);
        self.held.extend_from_slice(tail);
    }

    /// Appends what waits: the last, short line, and of a run of the same lines what says that it is one.
    ///
    /// The dump can go on afterwards, with a new line at the next offset: this is what a dump of two directions
    /// does each time the direction changes. [`finish`](Self::finish) also writes what the style has at its end.
    pub fn flush(&mut self, out: &mut Buffer) {
        if let Writer::Plain(plain) = &mut self.writer {
            plain.end(out);
            return;
        }
        if self.held.is_empty() {
            self.end_run(out);
        } else {
            self.break_run(out);
            let mut line = core::mem::take(&mut self.held);
            self.line(&line, false, out);
            line.clear();
            self.held = line;
        }
        if let Some(run) = &mut self.run {
            run.forget();
        }
    }

    /// Appends what waits, and the end: the offset behind the last byte, the lower side of the box.
    ///
    /// A dump that goes on afterwards is a new one that begins at the next offset.
    pub fn finish(&mut self, out: &mut Buffer) {
        let squeezed = self.held.is_empty() && self.run.as_ref().is_some_and(|run| run.lines > 0);
        let any = self.begun || !self.held.is_empty();
        self.flush(out);
        match &self.writer {
            Writer::Plain(_) => {}
            Writer::Grid(grid) => {
                let start = out.len();
                grid.finish(self.offset, any, out);
                prefix_behind(self.prefix, start, out);
            }
            Writer::Boxed(boxed) => {
                let start = out.len();
                if !any {
                    boxed.begin(out);
                }
                boxed.finish(self.offset, squeezed, any, out);
                prefix_behind(self.prefix, start, out);
            }
        }
        self.begun = false;
    }

    /// Returns the offset that the next pushed byte will have.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset.wrapping_add(length(self.held.len()))
    }

    /// Returns the lines of the dump of a slice, without their LF.
    ///
    /// ```
    /// use jackfield_codec::{Dump, Style};
    ///
    /// let lines: Vec<String> = Dump::starting_at(Style::od(), 16).lines(b"Message\n").collect();
    /// assert_eq!(lines[0], "000010 4d 65 73 73 61 67 65 0a                          >Message.<");
    /// assert_eq!(lines[1], "000018");
    /// ```
    pub fn lines(self, bytes: &[u8]) -> impl Iterator<Item = String> + use<'_> {
        Lines { dump: Some(self), bytes, out: Buffer::new(), taken: 0 }
    }

    /// Writes full lines, and leaves out those that are to be squeezed.
    fn full(&mut self, bytes: &[u8], out: &mut Buffer) {
        if bytes.is_empty() {
            return;
        }
        let Some(mut run) = self.run.take() else {
            self.write(bytes, out);
            return;
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            let before = run.lines;
            let same = run.repeats(rest);
            if before == 0 && same > 0 && self.writer.closes() {
                self.star(out);
            }
            self.offset = self.offset.wrapping_add(length(same));
            rest = rest.get(same..).unwrap_or(&[]);
            if rest.is_empty() {
                break;
            }
            self.run = Some(run);
            self.break_run(out);
            let Some(back) = self.run.take() else { return };
            run = back;
            let (fresh, tail) = rest.split_at_checked(run.fresh(rest)).unwrap_or((rest, &[]));
            self.write(fresh, out);
            run.set(fresh.get(fresh.len().saturating_sub(self.columns)..).unwrap_or(&[]));
            rest = tail;
        }
        self.run = Some(run);
    }

    /// Ends a run because another line follows.
    fn break_run(&mut self, out: &mut Buffer) {
        let Some(run) = self.run.as_mut().filter(|run| run.lines > 0) else { return };
        let lines = core::mem::take(&mut run.lines);
        if self.writer.closes() {
            return;
        }
        if lines > 1 {
            self.star(out);
            return;
        }
        let line = run.previous().to_vec();
        self.offset = self.offset.wrapping_sub(length(self.columns));
        self.line(&line, false, out);
    }

    /// Ends a run because nothing follows: where the end has no offset, its last line is shown.
    fn end_run(&mut self, out: &mut Buffer) {
        let Some(run) = self.run.as_mut().filter(|run| run.lines > 0) else { return };
        let lines = core::mem::take(&mut run.lines);
        if self.writer.closes() {
            return;
        }
        let line = run.previous().to_vec();
        let behind = self.offset;
        let back = |lines: u64| behind.wrapping_sub(length(line.len()).wrapping_mul(lines));
        match lines {
            1 => {}
            2 => {
                self.offset = back(2);
                self.line(&line, false, out);
            }
            _ => self.star(out),
        }
        self.offset = back(1);
        // A last line of zeros has no colours in xxd.
        self.line(&line, line.iter().all(|&byte| byte == 0), out);
    }

    /// Writes full lines, all of them.
    fn write(&mut self, bytes: &[u8], out: &mut Buffer) {
        let mut rest = bytes;
        if let Some(mut kernel) = self.lines.take() {
            self.begin(out);
            rest = kernel.write(rest, &mut self.offset, out);
            self.lines = Some(kernel);
        }
        for line in rest.chunks_exact(self.columns) {
            self.line(line, false, out);
        }
    }

    /// Writes one line, full or not, from tables.
    fn line(&mut self, bytes: &[u8], faint: bool, out: &mut Buffer) {
        self.begin(out);
        out.extend_from_slice(self.prefix.as_bytes());
        match &mut self.writer {
            Writer::Grid(grid) => grid.line(bytes, self.offset, faint, out),
            Writer::Boxed(boxed) => boxed.line(bytes, self.offset, out),
            Writer::Plain(_) => {}
        }
        self.offset = self.offset.wrapping_add(length(bytes.len()));
    }

    fn star(&self, out: &mut Buffer) {
        out.extend_from_slice(self.prefix.as_bytes());
        match &self.writer {
            Writer::Boxed(boxed) => boxed.star(out),
            Writer::Grid(_) | Writer::Plain(_) => out.extend_from_slice(b"*\n"),
        }
    }

    fn begin(&mut self, out: &mut Buffer) {
        if !self.begun
            && let Writer::Boxed(boxed) = &self.writer
        {
            let start = out.len();
            boxed.begin(out);
            prefix_behind(self.prefix, start, out);
        }
        self.begun = true;
    }
}

impl Transform for Dump {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        Self::push(self, bytes, out);
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        Self::finish(self, out);
        Ok(())
    }
}

impl Writer {
    fn layout(&self) -> Option<&Layout> {
        match self {
            Self::Grid(grid) => grid.layout(),
            Self::Boxed(boxed) => boxed.layout(),
            Self::Plain(_) => None,
        }
    }

    /// Whether the end says how far what was squeezed went.
    fn closes(&self) -> bool {
        match self {
            Self::Grid(grid) => grid.closes(),
            Self::Boxed(_) => true,
            Self::Plain(_) => false,
        }
    }
}

impl Kernel {
    /// Writes full lines, and returns what is left of them: nothing.
    fn write<'a>(&mut self, bytes: &'a [u8], offset: &mut u64, out: &mut Buffer) -> &'a [u8] {
        let columns = self.layout.columns();
        let mut rest = bytes;
        while rest.len() >= columns {
            let program = match self.program.take().filter(|program| program.covers(*offset)) {
                Some(program) => program,
                None => Arc::new(Program::new(&self.layout, Level::best(), *offset)),
            };
            let len = program.line_len();
            let lines = program.format(rest, out.room(rest.len() / columns * len), *offset);
            self.program = Some(program);
            if lines == 0 {
                break;
            }
            out.commit(lines * len);
            *offset = offset.wrapping_add(length(lines * columns));
            rest = rest.get(lines * columns..).unwrap_or(&[]);
        }
        rest
    }
}

/// The lines of a slice, one at a time.
struct Lines<'a> {
    /// Until its end has been written.
    dump: Option<Dump>,
    bytes: &'a [u8],
    out: Buffer,
    /// Bytes of `out` that have been returned.
    taken: usize,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            let rest = self.out.get(self.taken..).unwrap_or(&[]);
            if let Some(len) = rest.iter().position(|&byte| byte == b'\n') {
                let line = rest.get(..len).unwrap_or(rest);
                self.taken += len + 1;
                return Some(String::from_utf8_lossy(line).into_owned());
            }
            let mut dump = self.dump.take()?;
            if self.taken == self.out.len() {
                self.out.clear();
                self.taken = 0;
            }
            if self.bytes.is_empty() {
                dump.finish(&mut self.out);
            } else {
                let (piece, rest) = self.bytes.split_at(self.bytes.len().min(if dump.columns == 0 {
                    4096
                } else {
                    dump.columns
                }));
                dump.push(piece, &mut self.out);
                self.bytes = rest;
                self.dump = Some(dump);
            }
        }
    }
}

/// Puts a text before every line that was appended from there on: the few that are not a writer's.
fn prefix_behind(prefix: &str, start: usize, out: &mut Buffer) {
    if prefix.is_empty() {
        return;
    }
    let lines = out.get(start..).unwrap_or(&[]).to_vec();
    out.truncate(start);
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        out.extend_from_slice(prefix.as_bytes());
        out.extend_from_slice(line);
    }
}

/// A length as an offset; a slice's length always fits.
fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
