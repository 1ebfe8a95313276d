//! Dumps read back: any of those that people paste, strictly, with the line and the column of what is wrong.
//!
//! [`Undump`] is a [`Transform`] from a dump to its bytes. The form is recognised from the first 256 KiB, or named.
//! What does not fit is an error: a digit without its second one, an offset that is not that of its bytes, a text
//! column that says something else than the digits, a line that is no line of the dump. Nothing is lost silently;
//! [`lenient`](Undump::lenient) passes over faults and counts them. A dump of packets has a record for each.
//!
//! | form | written by |
//! |---|---|
//! | [`Form::Xxd`] | `xxd` with `-a -b -c -d -e -g -o -R -u` |
//! | [`Form::Hexdump`] | `hexdump -C` |
//! | [`Form::Od`] | `od -t x1`, `x2`, `x4`, `x8` with `z` or without, `-A d`, `o`, `x` or `n`; `hexdump` |
//! | [`Form::Tcpdump`] | `tcpdump -x -X -xx -XX` |
//! | [`Form::Wireshark`] | Wireshark's copies, `tshark -x` |
//! | [`Form::Scapy`] | `hexdump()` |
//! | [`Form::Hexyl`] | `hexyl` |
//! | [`Form::Array`] | `xxd -i`, Python's `repr` of bytes, source code |
//! | [`Form::Plain`] | `xxd -p`, and what people type |
//!
//! [`reverse`] is another thing: `xxd -r` with all that it lets pass.
//!
//! Adding a form is one file and one line of the table here.

mod array;
mod chars;
mod fast;
mod fault;
mod hexdump;
mod hexyl;
mod lines;
mod od;
mod plain;
pub mod reverse;
mod row;
mod scapy;
mod sink;
mod tcpdump;
mod wireshark;
mod xxd;

use core::fmt;

pub use fault::{Fault, UndumpError};

use self::row::{Row, Rows, Shows};
use self::sink::{Ledger, Sink};
use crate::Buffer;
use crate::dump::layout::Radix;
use crate::stream::Transform;

/// What a dump looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// `xxd`, all variants.
    Xxd,
    /// `hexdump -C`.
    Hexdump,
    /// `od -t x…`, and `hexdump` without options.
    Od,
    /// `tcpdump -x`, `-X`, `-xx`, `-XX`.
    Tcpdump,
    /// Wireshark's copies and `tshark -x`.
    Wireshark,
    /// Scapy's `hexdump()`.
    Scapy,
    /// hexyl's boxes.
    Hexyl,
    /// An array in C, Python, Rust, Go or JSON.
    Array,
    /// Hex alone.
    Plain,
}

/// A form: its name, how it is read, and what it looks like.
struct Entry {
    form: Form,
    name: &'static str,
    example: &'static str,
    /// The readers to be tried, the likeliest first; there is one at least. A reader recognises the form by reading
    /// the beginning of the text without a fault.
    readers: fn(&Told) -> Vec<Box<dyn Reader>>,
}

/// Every form; what two of them can read is read by the first.
#[rustfmt::skip]
const FORMS: [Entry; 9] = [
    Entry { form: Form::Xxd, name: "xxd", example: xxd::EXAMPLE, readers: xxd::readers },
    Entry { form: Form::Hexdump, name: "hexdump", example: hexdump::EXAMPLE, readers: hexdump::readers },
    Entry { form: Form::Od, name: "od", example: od::EXAMPLE, readers: od::readers },
    Entry { form: Form::Tcpdump, name: "tcpdump", example: tcpdump::EXAMPLE, readers: tcpdump::readers },
    Entry { form: Form::Wireshark, name: "wireshark", example: wireshark::EXAMPLE, readers: wireshark::readers },
    Entry { form: Form::Scapy, name: "scapy", example: scapy::EXAMPLE, readers: scapy::readers },
    Entry { form: Form::Hexyl, name: "hexyl", example: hexyl::EXAMPLE, readers: hexyl::readers },
    Entry { form: Form::Array, name: "array", example: array::EXAMPLE, readers: array::readers },
    Entry { form: Form::Plain, name: "plain", example: plain::EXAMPLE, readers: plain::readers },
];

impl Form {
    /// Returns every form.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMS.iter().map(|entry| entry.form)
    }

    /// Returns the form's name as it is typed.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |entry| entry.name)
    }

    /// Returns the form of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        FORMS.iter().find(|entry| entry.name == name).map(|entry| entry.form)
    }

    /// Returns a short dump of this form.
    #[must_use]
    pub fn example(self) -> &'static str {
        self.entry().map_or("", |entry| entry.example)
    }

    fn entry(self) -> Option<&'static Entry> {
        FORMS.iter().find(|entry| entry.form == self)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The order of the bytes of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The first byte stands first.
    Big,
    /// The last byte stands first: `xxd -e`, and `od` on most machines.
    Little,
}

/// The base of the offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// `od -Ao`.
    Octal,
    /// `xxd -d`, `od -Ad`.
    Decimal,
    /// All others.
    Hex,
}

/// Where a record begins: a packet, an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Bytes of output before it.
    pub offset: u64,
    /// The line of the dump, from 1.
    pub line: u64,
}

/// What was passed over, and what was put in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records that began.
    pub records: u64,
    /// Lines that were left out.
    pub lines: u64,
    /// Characters that were left out, in plain hex and arrays.
    pub characters: u64,
    /// Characters of a text column that said something else than the digits, which were taken.
    pub contradictions: u64,
    /// Bytes that the offsets say are missing, for which NULs were written.
    pub missing: u64,
    /// The first fault.
    pub first: Option<UndumpError>,
}

/// The bytes of a dump.
///
/// ```
/// use jackfield_codec::stream::whole;
/// use jackfield_codec::undump::Undump;
///
/// let dump = b"00000000  4a 61 63 6b 0a                                    |Jack.|\n00000005\n";
/// assert_eq!(whole(Undump::new(), dump)?, b"Jack\n");
///
/// let error = whole(Undump::new(), b"00000000: 4a61 636b  Jack\n00000008: 0a  .\n").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "line 2, column 1: expected offset 0x4, found 0x8; bytes are missing before it"
/// );
/// # Ok::<(), jackfield_codec::undump::UndumpError>(())
/// ```
#[derive(Debug)]
pub struct Undump {
    told: Told,
    form: Option<Form>,
    stage: Stage,
    ledger: Ledger,
}

/// What the caller says of the dump.
#[derive(Clone, Copy, Debug)]
struct Told {
    form: Option<Form>,
    order: Option<Order>,
    base: Option<Base>,
    text: bool,
}

#[derive(Debug)]
enum Stage {
    /// The first text, of which the form is recognised.
    Looking(Vec<u8>),
    /// A reader, and what is left of the first text.
    Reading { reader: Box<dyn Reader>, head: Vec<u8>, taken: usize },
}

/// Reads a form.
trait Reader: fmt::Debug + Send {
    /// Takes text until it is used up or a gap is due, and returns how much; `end` says that no more follows. It is
    /// called until all is taken, and once more when a gap was due.
    fn read(&mut self, text: &[u8], end: bool, sink: &mut Sink<'_>) -> Result<usize, UndumpError>;
}

/// The text of which the form is recognised, in bytes.
const LOOK_AHEAD: usize = 256 << 10;

/// The gap that is taken without a word, in bytes: 1 GiB.
pub const GAP: u64 = 1 << 30;

impl Default for Undump {
    fn default() -> Self {
        Self::new()
    }
}

impl Undump {
    /// Begins strictly, with a form that will be recognised.
    #[must_use]
    pub fn new() -> Self {
        Self {
            told: Told { form: None, order: None, base: None, text: true },
            form: None,
            stage: Stage::Looking(Vec::new()),
            ledger: Ledger::new(false, GAP),
        }
    }

    /// Sets the form.
    #[must_use]
    pub const fn form(mut self, form: Form) -> Self {
        self.told.form = Some(form);
        self
    }

    /// Sets the order of the bytes in a group, which else the text column tells.
    #[must_use]
    pub const fn order(mut self, order: Order) -> Self {
        self.told.order = Some(order);
        self
    }

    /// Sets the base of the offsets, which else the second line tells.
    #[must_use]
    pub const fn base(mut self, base: Base) -> Self {
        self.told.base = Some(base);
        self
    }

    /// Sets whether the text column must be that of the bytes in ASCII; it is not when it is EBCDIC.
    #[must_use]
    pub const fn text(mut self, checked: bool) -> Self {
        self.told.text = checked;
        self
    }

    /// Sets whether faults are passed over and counted.
    #[must_use]
    pub const fn lenient(mut self, lenient: bool) -> Self {
        self.ledger.lenient = lenient;
        self
    }

    /// Sets the most bytes that a `*` or a gap between offsets may stand for; [`GAP`] if it is not set.
    #[must_use]
    pub const fn limit(mut self, bytes: u64) -> Self {
        self.ledger.limit = bytes;
        self
    }

    /// Keeps the beginnings of the records, for [`take_records`](Self::take_records).
    #[must_use]
    pub fn keep_records(mut self) -> Self {
        self.ledger.records = Some(Vec::new());
        self
    }

    /// Returns the beginnings of the records since the last call; none unless they are kept.
    pub fn take_records(&mut self) -> Vec<Record> {
        self.ledger.records.as_mut().map(core::mem::take).unwrap_or_default()
    }

    /// Returns the form, once it has been recognised.
    #[must_use]
    pub const fn recognised(&self) -> Option<Form> {
        self.form
    }

    /// Returns what was passed over so far.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.ledger.report
    }

    /// Takes text and appends its bytes, and of what a `*` or a gap stands for at most
    /// [`CHUNK`](crate::stream::CHUNK) bytes; returns the text taken, less than all when there is more to append.
    ///
    /// # Errors
    /// [`UndumpError`]: what is wrong, and where.
    pub fn take(&mut self, text: &[u8], out: &mut Buffer) -> Result<usize, UndumpError> {
        let mut used = 0;
        if let Stage::Looking(head) = &mut self.stage {
            let room = LOOK_AHEAD.saturating_sub(head.len()).min(text.len());
            head.extend_from_slice(text.get(..room).unwrap_or(text));
            used = room;
            if head.len() < LOOK_AHEAD {
                return Ok(used);
            }
            self.choose(false)?;
        }
        Ok(used + self.advance(text.get(used..).unwrap_or(&[]), false, out)?.0)
    }

    /// Takes the end of the text, and appends like [`take`](Self::take); true when that was all.
    ///
    /// # Errors
    /// [`UndumpError`]: what is missing.
    pub fn end(&mut self, out: &mut Buffer) -> Result<bool, UndumpError> {
        if matches!(self.stage, Stage::Looking(_)) {
            self.choose(true)?;
        }
        Ok(self.advance(&[], true, out)?.1)
    }

    /// Reads on, and returns the text taken and whether nothing is due.
    fn advance(&mut self, text: &[u8], end: bool, out: &mut Buffer) -> Result<(usize, bool), UndumpError> {
        if !self.ledger.fill(out) {
            return Ok((0, false));
        }
        let Stage::Reading { reader, head, taken } = &mut self.stage else { return Ok((0, true)) };
        let mut sink = Sink { out, ledger: &mut self.ledger };
        if let Some(rest) = head.get(*taken..).filter(|rest| !rest.is_empty()) {
            *taken += reader.read(rest, false, &mut sink)?;
            if *taken < head.len() || sink.ledger.due() > 0 {
                return Ok((0, false));
            }
            *head = Vec::new();
            *taken = 0;
        }
        let used = reader.read(text, end, &mut sink)?;
        Ok((used, used == text.len() && sink.ledger.due() == 0))
    }

    /// Chooses the reader that reads the first text to its end, or the furthest.
    fn choose(&mut self, ended: bool) -> Result<(), UndumpError> {
        let Stage::Looking(head) = &mut self.stage else { return Ok(()) };
        let head = core::mem::take(head);
        let fault = |fault| Err(UndumpError { line: 1, column: 1, fault });
        let mut best: Option<(Trial, Form, usize)> = None;
        let entries = FORMS.iter().filter(|entry| self.told.form.is_none_or(|form| form == entry.form));
        for entry in entries {
            for (index, reader) in (entry.readers)(&self.told).into_iter().enumerate() {
                let trial = Trial::run(reader, entry.form, &head, ended);
                if trial.good == 0 && trial.likeness == Likeness::None && self.told.form.is_none() {
                    continue;
                }
                match &best {
                    // Offsets of od look alike in three bases.
                    Some((other, Form::Od, _)) if entry.form == Form::Od && trial.rivals(other) => {
                        return fault(Fault::Ambiguous);
                    }
                    Some((other, ..)) if trial.rank() <= other.rank() => {}
                    _ => best = Some((trial, entry.form, index)),
                }
            }
            // Nothing is likelier, and no form behind it.
            if best.as_ref().is_some_and(|(trial, ..)| trial.likeness == Likeness::Whole) {
                break;
            }
        }
        let blank = head.iter().all(u8::is_ascii_whitespace);
        let (form, index) = match best {
            Some((_, form, index)) => (form, index),
            None if blank => (Form::Plain, 0),
            None => return fault(Fault::Unrecognised),
        };
        let readers = form.entry().map(|entry| (entry.readers)(&self.told)).unwrap_or_default();
        let Some(reader) = readers.into_iter().nth(index) else { return fault(Fault::Unrecognised) };
        self.form = Some(form);
        self.stage = Stage::Reading { reader, head, taken: 0 };
        Ok(())
    }
}

/// What a reader makes of the first text.
#[derive(Clone, Copy, Debug)]
struct Trial {
    likeness: Likeness,
    /// Line and column of the fault.
    fault: (u64, u64),
    /// Lines whose text was held against their bytes: of two readings the one that leaves it out is the worse.
    texts: u64,
    /// Bytes that stood in it.
    good: u64,
    /// Bytes that it stands for.
    written: u64,
}

/// How much a text looks like a form, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// It does not; how far it can be read may still say what was meant.
    None,
    /// It can be read, but so can many a damaged dump, whose offsets become bytes.
    Loose,
    /// It has the offsets of the form, and a fault.
    Damaged,
    /// It can be read.
    Whole,
}

impl Trial {
    fn run(mut reader: Box<dyn Reader>, form: Form, head: &[u8], ended: bool) -> Self {
        // What is cut in the middle of a line says nothing of it.
        let cut =
            head.iter().rposition(|byte| *byte == b'\n').filter(|_| !ended).map_or(head.len(), |at| at + 1);
        let mut ledger = Ledger::new(false, u64::MAX);
        let mut rest = head.get(..cut).unwrap_or(head);
        let mut out = Buffer::new();
        let fault = loop {
            let read = reader.read(rest, ended, &mut Sink { out: &mut out, ledger: &mut ledger });
            out.clear();
            match read {
                Ok(taken) if taken == rest.len() && ledger.due() == 0 => break None,
                Ok(taken) => rest = rest.get(taken..).unwrap_or(&[]),
                Err(error) => break Some((error.line, error.column)),
            }
            ledger.forget_gap();
        };
        let likeness = match fault {
            None if ledger.good == 0 => Likeness::None,
            None if matches!(form, Form::Plain | Form::Array) => Likeness::Loose,
            // A line of od can be plain hex; od has a second offset, that of the end.
            None if form == Form::Od && ledger.offsets < 2 => Likeness::None,
            None => Likeness::Whole,
            Some(_) if ledger.offsets > 0 => Likeness::Damaged,
            Some(_) => Likeness::None,
        };
        let fault = fault.unwrap_or((u64::MAX, u64::MAX));
        Self { likeness, fault, texts: ledger.texts(), good: ledger.good, written: ledger.written }
    }

    const fn rank(&self) -> (Likeness, (u64, u64), u64) {
        (self.likeness, self.fault, self.texts)
    }

    fn rivals(&self, other: &Self) -> bool {
        [self, other].iter().all(|trial| trial.likeness == Likeness::Whole) && self.written != other.written
    }
}

impl Told {
    /// The bases to be tried: those given, if they are not told.
    fn radixes(&self, bases: &[u64]) -> impl Iterator<Item = Option<Radix>> + use<> {
        let told = self.base.map(|base| match base {
            Base::Octal => Radix::Octal,
            Base::Decimal => Radix::Decimal,
            Base::Hex => Radix::Hex,
        });
        let all: Vec<_> = [Radix::Hex, Radix::Octal, Radix::Decimal]
            .into_iter()
            .filter(|radix| bases.contains(&radix.base()))
            .filter(|radix| told.is_none_or(|told| told == *radix))
            .map(Some)
            .collect();
        all.into_iter()
    }

    /// The orders to be tried, the last byte first or not: those given, if they are not told.
    fn orders(&self, little: &[bool]) -> impl Iterator<Item = bool> + use<> {
        let all = match self.order {
            Some(order) => vec![order == Order::Little],
            None => little.to_vec(),
        };
        all.into_iter()
    }

    const fn shows(&self) -> Shows {
        if self.text { Shows::Blank } else { Shows::Any }
    }
}

fn rows(row: Row) -> Box<dyn Reader> {
    Box::new(lines::Lines::new(Rows::new(row)))
}

impl Transform for Undump {
    type Error = UndumpError;

    /// Appends all that a `*` or a gap stands for; [`Undump::take`] does it in pieces.
    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), UndumpError> {
        let mut rest = bytes;
        loop {
            let taken = self.take(rest, out)?;
            rest = rest.get(taken..).unwrap_or(&[]);
            if rest.is_empty() {
                return Ok(());
            }
        }
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), UndumpError> {
        while !self.end(out)? {}
        Ok(())
    }
}

/// [`check::undump`](crate::check::undump).
pub(crate) fn check(text: &[u8]) {
    const LIMIT: u64 = 1 << 16;
    for lenient in [false, true] {
        for form in core::iter::once(None).chain(Form::all().map(Some)) {
            let read = |cut: usize| {
                let mut undump = Undump::new().lenient(lenient).limit(LIMIT);
                undump.told.form = form;
                let mut out = Buffer::new();
                let pushed = text.chunks(cut).try_for_each(|piece| undump.push(piece, &mut out));
                let done = pushed.and_then(|()| undump.finish(&mut out));
                (out, done, *undump.report())
            };
            let whole = read(text.len().max(1));
            let lines = text.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
            let gaps = sink::wide(lines).saturating_mul(LIMIT);
            assert!(sink::wide(whole.0.len()) <= sink::wide(text.len()).saturating_add(gaps));
            for cut in [1, 7, 64] {
                assert!(read(cut) == whole, "cut into {cut}");
            }
        }
    }
    for notation in [reverse::Notation::Hex, reverse::Notation::Bits, reverse::Notation::Plain] {
        reverse::check(notation, text);
    }
}
