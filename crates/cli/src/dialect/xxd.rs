//! The dialect of xxd (2026-06-16): its flags, messages and exit codes.
//!
//! xxd reads its own command line: only the first letter behind a dash counts, options stand before operands, a
//! parameter is joined or apart, numbers are C's and what follows them is ignored. It ends with 1 for wrong words, 2 for
//! the input, 3 for the output, 4 and 5 where it cannot seek, 255 for what cannot be reversed. Source: xxd(1), and runs
//! of xxd, with which `tests/dialect_xxd.rs` compares this; `testdata/peer-versions` has what older ones did.
//!
//! On purpose different: the texts of usage and `-v` are ours, and with `-r` an input that cannot be read is a failure,
//! and so is a place before the one where the output began.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::os::unix::ffi::OsStrExt;

use jackfield::codec::array::{Array, ArrayStyle, Language};
use jackfield::codec::stream::Transform;
use jackfield::codec::undump::reverse::{Backwards, Notation, Reverse};
use jackfield::codec::{Base, Buffer, Characters, Dump, Radix, Squeeze, Style};
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{self, c, io, signal};

use crate::face::{Dialect, Face, Kind, Record};
use crate::flags::{self, Takes};
use crate::through::{self, Broken, Input, Output, Start};

/// Wrong words.
const WORDS: u8 = 1;
const INPUT: u8 = 2;
const OUTPUT: u8 = 3;
const SEEK: u8 = 4;
const BACKWARDS: u8 = 5;
const IRREVERSIBLE: u8 = 255;

/// How a call of xxd ends that does not simply end.
#[derive(Debug)]
enum End {
    /// A failure: the exit code, and the words without the name before them.
    Failed(u8, Vec<u8>),
    /// The words are not understood.
    Usage,
    /// The version was asked for.
    Version,
    /// Nobody reads the output.
    Closed,
}

impl End {
    fn said(code: u8, words: impl Into<Vec<u8>>) -> Self {
        Self::Failed(code, words.into())
    }
}

/// What is known of the dialect.
pub(crate) const DIALECT: Record = Record {
    name: "xxd",
    about: "xxd: a hex dump of infile, or standard input, and back",
    usage: &["xxd [OPTIONS] [infile [outfile]]"],
    kind: Kind::Dialect(Dialect { aliases: &[], run, rehearse }),
};

/// Runs the dialect; returns the exit code.
fn run(called: &OsStr, words: Vec<OsString>) -> u8 {
    let name = &super::base(called);
    let (code, text) = match perform(words) {
        Ok(()) => return 0,
        Err(End::Closed) => {
            signal::end_by(c::SIGPIPE);
            return OUTPUT;
        }
        Err(End::Failed(code, words)) => (code, [name.as_bytes(), b": ", &words, b"\n"].concat()),
        Err(End::Usage) => (WORDS, usage(name).into_bytes()),
        Err(End::Version) => (0, version().into_bytes()),
    };
    // Where standard error is closed there is nobody to tell.
    let _ = io::write_all(sock::stderr(), &text);
    code
}

/// What it is, and what it does as: scripts look for the date of an xxd.
fn version() -> String {
    let own = env!("CARGO_PKG_VERSION");
    format!("xxd (Jackfield) {own}, as xxd 2026-06-16 by Juergen Weigert et al.\n")
}

/// Runs the dialect with the door in dry mode: what it would say is not said.
fn rehearse(_called: &OsStr, words: Vec<OsString>) -> Result<(), String> {
    match perform(words) {
        Ok(()) | Err(End::Closed | End::Version) => Ok(()),
        Err(End::Failed(_, words)) => Err(format!("xxd: {}", String::from_utf8_lossy(&words))),
        Err(End::Usage) => Err("xxd does not understand these words: xxd -h lists its options".to_owned()),
    }
}

/// When bytes are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum When {
    Always,
    #[default]
    Auto,
    Never,
}

/// What a command line asks for.
#[derive(Debug, Default)]
struct Asked {
    reverse: bool,
    squeeze: bool,
    bits: bool,
    little_endian: bool,
    plain: bool,
    array: bool,
    ebcdic: bool,
    decimal: bool,
    upper_case: bool,
    capital_name: bool,
    terminate: bool,
    columns: Option<i32>,
    group: Option<i32>,
    length: Option<u64>,
    offset: u64,
    start: Start,
    name: Option<OsString>,
    colour: When,
    input: Option<OsString>,
    output: Option<OsString>,
}

/// The options that take a parameter, and the rest of their long spelling: behind it the parameter is the next word.
const SPELLINGS: &[(u8, &[&str])] = &[
    (b'c', &["ols"]),
    (b'g', &["roup"]),
    (b'o', &["ffset"]),
    (b's', &["kip", "eek"]),
    (b'l', &["en"]),
    (b'n', &["ame"]),
    (b'R', &[]),
];

/// The parameter of an option, joined to it or the next word, which is then taken; `None` when there is none.
fn parameter(letter: u8, joined: &[u8], words: &mut std::vec::IntoIter<OsString>) -> Option<(Vec<u8>, bool)> {
    let spelled = SPELLINGS.iter().find(|(other, _)| *other == letter).map_or(&[][..], |(_, rest)| rest);
    if joined.is_empty() || spelled.iter().any(|rest| joined.starts_with(rest.as_bytes())) {
        return words.next().map(|word| (word.as_bytes().to_vec(), false));
    }
    Some((joined.to_vec(), true))
}

fn read(words: Vec<OsString>) -> Result<Asked, End> {
    let mut asked = Asked::default();
    let mut words = words.into_iter();
    while let Some(word) = words.as_slice().first() {
        let word = word.as_bytes().to_vec();
        if word == b"--" {
            words.next();
            break;
        }
        let dashed = if word.starts_with(b"--") { word.get(1..) } else { Some(&word[..]) };
        let Some([b'-', letter, joined @ ..]) = dashed else { break };
        words.next();
        let mut value = || parameter(*letter, joined, &mut words).ok_or(End::Usage);
        match letter {
            b'a' => asked.squeeze = !asked.squeeze,
            b'b' => asked.bits = true,
            b'e' => asked.little_endian = true,
            b'p' => asked.plain = true,
            b'i' => asked.array = true,
            b'u' => asked.upper_case = true,
            b'C' => asked.capital_name = true,
            b't' => asked.terminate = true,
            b'd' => asked.decimal = true,
            b'r' => asked.reverse = true,
            b'E' => asked.ebcdic = true,
            b'v' => return Err(End::Version),
            b'c' if joined.starts_with(b"apitalize") => asked.capital_name = true,
            b'c' => asked.columns = Some(int(strtol(&value()?.0))),
            b'g' => asked.group = Some(int(strtol(&value()?.0))),
            b'l' => asked.length = u64::try_from(strtol(&value()?.0)).ok(),
            b'o' => asked.offset = offset(value()?),
            b's' => asked.start = start(&value()?.0),
            b'n' => asked.name = Some(OsStr::from_bytes(&value()?.0).to_owned()),
            b'R' => {
                asked.colour = match &value()?.0[..] {
                    b"always" => When::Always,
                    b"auto" => When::Auto,
                    b"never" => When::Never,
                    _ => return Err(End::Usage),
                }
            }
            _ => return Err(End::Usage),
        }
    }
    asked.judge()?;
    (asked.input, asked.output) = (words.next(), words.next());
    if words.next().is_some() {
        return Err(End::Usage);
    }
    Ok(asked)
}

impl Asked {
    /// Refuses what does not go together.
    fn judge(&self) -> Result<(), End> {
        let kinds = [self.bits, self.little_endian, self.plain, self.array];
        let both = self.bits && self.array && !self.little_endian && !self.plain;
        if kinds.iter().filter(|kind| **kind).count() > 1 && !both {
            return Err(End::said(WORDS, "only one of -b, -e, -u, -p, -i can be used"));
        }
        let columns = self.columns();
        let least = i32::from(!self.plain);
        let most = if self.plain || self.array { i32::MAX } else { 256 };
        if !(least..=most).contains(&columns) {
            return Err(End::said(WORDS, "invalid number of columns (max. 256)."));
        }
        let group = self.group.unwrap_or(0);
        if self.little_endian && (1..=columns).contains(&group) && group.count_ones() != 1 {
            return Err(End::said(WORDS, "number of octets per group must be a power of 2 with -e."));
        }
        Ok(())
    }

    /// The bytes of a line; 0 with `-p` is one line without an end.
    fn columns(&self) -> i32 {
        match self.columns {
            Some(columns) if columns != 0 || self.plain => columns,
            _ if self.plain => 30,
            _ if self.bits => 6,
            _ if self.array => 12,
            _ => 16,
        }
    }

    fn notation(&self) -> Result<Notation, End> {
        match (self.array || self.little_endian, self.plain, self.bits) {
            (true, ..) => Err(End::said(IRREVERSIBLE, "Sorry, cannot revert this type of hexdump")),
            (_, true, _) => Ok(Notation::Plain),
            (_, _, true) => Ok(Notation::Bits),
            _ => Ok(Notation::Hex),
        }
    }

    fn is_coloured(&self) -> bool {
        match self.colour {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                self.output.is_none()
                    && !is_set("NO_COLOR")
                    && is_set("TERM")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
                    && std::io::stdout().is_terminal()
            }
        }
    }

    fn style(&self) -> Style {
        let columns = usize::try_from(self.columns()).unwrap_or(0);
        let style = if self.plain { Style::plain() } else { Style::xxd() };
        // Both were judged when they were read.
        let mut style = style.columns(columns).unwrap_or(style).upper_case(self.upper_case);
        if self.plain {
            return style;
        }
        if let Some(group) = self.group.and_then(|group| usize::try_from(group).ok()) {
            style = style.group(if group > columns { 0 } else { group });
        }
        if self.little_endian {
            style = style.little_endian().unwrap_or(style);
        }
        if self.bits {
            style = style.base(Base::Binary);
        }
        if self.ebcdic {
            style = style.characters(Characters::Ebcdic);
        }
        if self.decimal {
            style = style.offsets(Radix::Decimal);
        }
        if self.squeeze {
            style = style.squeeze(Squeeze::Zeros);
        }
        style.colour(self.is_coloured())
    }

    fn array_style(&self) -> ArrayStyle {
        let style = ArrayStyle::new(Language::C)
            .columns(usize::try_from(self.columns()).unwrap_or(0))
            .binary(self.bits)
            .upper_case(self.upper_case)
            .terminate(self.terminate);
        let file = self.input.as_ref().filter(|path| *path != "-");
        match self.name.as_ref().or(file) {
            Some(name) => style.name(name).capital_name(self.capital_name),
            None => style,
        }
    }
}

fn perform(words: Vec<OsString>) -> Result<(), End> {
    let asked = read(words)?;
    let standard = OsString::from("-");
    let mut input =
        Input::open(asked.input.as_ref().unwrap_or(&standard)).map_err(|error| end(INPUT, error))?;
    let output = Output::of_xxd(asked.output.as_ref().unwrap_or(&standard), asked.reverse)
        .map_err(|error| end(OUTPUT, error))?;
    privilege::lower(Keep::Nothing).map_err(|error| End::said(WORDS, error.to_string()))?;
    if asked.reverse {
        let columns = usize::try_from(asked.columns()).unwrap_or(0);
        let mut reverse = Reverse::new(asked.notation()?).columns(columns).add(asked.start.distance());
        // Where there are places at all.
        let _ = input.seek(0, c::SEEK_SET);
        return through::reverse(&mut input, &mut reverse, &output).map_err(|error| end(INPUT, error));
    }
    let start = input.begin(asked.start).map_err(|error| end(INPUT, error))?;
    let start = start.ok_or_else(|| End::said(SEEK, "Sorry, cannot seek."))?;
    if let Some(length) = asked.length {
        input.limit(length);
    }
    let done = if asked.array {
        let array = Array::new(&asked.array_style());
        let array = array.map_err(|error| End::said(WORDS, error.to_string()))?;
        through::run(&mut input, &mut Stopped { array, left: asked.length.unwrap_or(u64::MAX) }, &output)
    } else {
        let offset = start.wrapping_add(asked.offset);
        through::run(&mut input, &mut Dump::starting_at(asked.style(), offset), &output)
    };
    done.map_err(|error| end(INPUT, error))
}

/// An array that has its zero behind the end of the input alone, not where `-l` stops.
struct Stopped {
    array: Array,
    /// Bytes up to there.
    left: u64,
}

impl Transform for Stopped {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        self.left = self.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.array.push(bytes, out)
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        if self.left == 0 {
            self.array.leave_open();
        }
        self.array.finish(out)
    }
}

/// What xxd says of what went wrong.
fn end<E: Fault>(code: u8, broken: Broken<E>) -> End {
    match broken {
        Broken::File(file) if file.doing == "opening" => {
            let name = file.path.as_bytes();
            let colon = if name.is_empty() { &b""[..] } else { b": " };
            End::said(code, [name, colon, file.errno.message().as_bytes()].concat())
        }
        Broken::File(file) if file.doing == "writing" => End::said(OUTPUT, file.errno.message()),
        Broken::File(file) => End::said(INPUT, file.errno.message()),
        Broken::Read(errno) => End::said(INPUT, errno.message()),
        Broken::Write(errno) | Broken::InputAndWrite(_, errno, _) => End::said(OUTPUT, errno.message()),
        Broken::Input(fault) => fault.end(),
        Broken::Closed | Broken::Interrupted | Broken::SameFile(..) => End::Closed,
    }
}

/// What can be wrong with an input.
trait Fault {
    fn end(self) -> End;
}

impl Fault for Backwards {
    fn end(self) -> End {
        End::said(BACKWARDS, "Sorry, cannot seek backwards.")
    }
}

impl Fault for Infallible {
    fn end(self) -> End {
        match self {}
    }
}

/// The usage, from the table of flags.
fn usage(name: &str) -> String {
    let mut text = format!(
        "Usage:\n       {name} [options] [infile [outfile]]\n    or\n       {name} -r [-s [-]offset] [-c cols] [-ps] \
         [infile [outfile]]\nOptions, of which only the first letter counts (jack does what xxd does):\n"
    );
    for flag in flags::of(Face::Xxd) {
        let Some(letter) = flag.short else { continue };
        let value = match flag.takes {
            Takes::One(kind) => format!(" {}", kind.name()),
            _ => String::new(),
        };
        text.push_str(&format!("    {:12}  {}\n", format!("-{letter}{value}"), flag.help));
    }
    text
}

/// The sign and the amount of a number in C's notation, and whether it is too large; what follows is ignored.
fn number(text: &[u8]) -> (bool, u64, bool) {
    let blank = |byte: &&u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let text = text.get(text.iter().take_while(blank).count()..).unwrap_or_default();
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (base, digits) = match text {
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => {
            (16, text.get(2..).unwrap_or_default())
        }
        [b'0', ..] => (8, text),
        _ => (10, text),
    };
    let mut amount: u64 = 0;
    let mut is_large = false;
    for digit in digits.iter().map_while(|byte| char::from(*byte).to_digit(base)) {
        match amount.checked_mul(base.into()).and_then(|amount| amount.checked_add(digit.into())) {
            Some(more) => amount = more,
            None => is_large = true,
        }
    }
    (negative, amount, is_large)
}

fn strtol(text: &[u8]) -> i64 {
    match number(text) {
        (true, amount, false) => 0_i64.checked_sub_unsigned(amount).unwrap_or(i64::MIN),
        (true, ..) => i64::MIN,
        (false, amount, false) => i64::try_from(amount).unwrap_or(i64::MAX),
        _ => i64::MAX,
    }
}

fn strtoul(text: &[u8]) -> u64 {
    match number(text) {
        (.., true) => u64::MAX,
        (true, amount, _) => amount.wrapping_neg(),
        (false, amount, _) => amount,
    }
}

/// The lower half of a number, as C narrows it.
fn int(number: i64) -> i32 {
    let [a, b, c, d, ..] = number.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

fn start(text: &[u8]) -> Start {
    let (relative, text) = signed(text, b'+');
    let (back, text) = signed(text, b'-');
    Start { bytes: strtol(text), relative, back }
}

/// A word apart may have a sign before the number's own.
fn offset((text, joined): (Vec<u8>, bool)) -> u64 {
    let (_, text) = if joined { (false, &text[..]) } else { signed(&text, b'+') };
    let (back, text) = if joined { (false, text) } else { signed(text, b'-') };
    let offset = strtoul(text);
    if back { offset.wrapping_neg() } else { offset }
}

fn signed(text: &[u8], sign: u8) -> (bool, &[u8]) {
    match text.split_first() {
        Some((first, rest)) if *first == sign => (true, rest),
        _ => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_those_of_c() {
        for (text, expected) in [
            ("16", 16),
            ("010", 8),
            ("0x10", 16),
            ("0xg", 0),
            ("08", 0),
            (" \t-5k", -5),
            ("", 0),
            ("x", 0),
            ("--5", 0),
            ("99999999999999999999", i64::MAX),
            ("-99999999999999999999", i64::MIN),
        ] {
            assert_eq!(strtol(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!((strtoul(b"-1"), strtoul(b"99999999999999999999")), (u64::MAX, u64::MAX));
        assert_eq!((int(4_294_967_300), int(-1), int(i64::MIN)), (4, -1, 0));
    }

    proptest! {
        #[test]
        fn no_words_are_a_panic(words in prop::collection::vec(any::<Vec<u8>>(), 0..5)) {
            let _ = read(words.into_iter().map(OsString::from_vec).collect());
        }
    }
}
