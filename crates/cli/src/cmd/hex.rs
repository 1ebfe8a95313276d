//! `jack hex`: bytes as a dump, as digits, as an array, as values, and back.
//!
//! What is asked for is one of the [ways](Way), and a table there says which flag counts in which. Dumps are those of
//! xxd, hexdump, od and hexyl (`shape`); back is either `-r`, which does what xxd does, or `--undump`, which is strict
//! (`back`); values are packed and unpacked in the format language of Python's `struct` (`values`).

mod back;
mod shape;
mod values;
mod ways;

use std::ffi::OsString;
use std::io::IsTerminal;

use jackfield::codec::array::Array;
use jackfield::codec::{Dump, Style};
use jackfield::sock::c;
use jackfield::sock::privilege::{self, Keep};

use self::ways::Way;
use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Job, Kind, Record};
use crate::render::{error, out, trace};
use crate::through::{self, Broken, Input, Output, Start};
use crate::units::Signed;

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "hex",
    about: "Bytes as a dump, digits, an array or values, and back from any dump",
    usage: &["jack hex [OPTIONS] [FILE [OUTFILE]]", "jack hex [OPTIONS] --pack FORMAT [VALUE…]"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack hex photo.png | head", "as xxd writes it; --style hexdump, od, box and plain are others"),
            ("jack hex -s -64 -l 32 photo.png", "32 bytes from the 64th before the end"),
            ("jack hex -r patch.txt program", "patch a file at the offsets of a dump, as xxd -r does"),
            (
                "jack hex --undump dump.txt packet",
                "bytes from any tool's dump; a fault is told with its line",
            ),
            ("jack hex --array rust --name KEY key.bin", "an array for a source file"),
            (
                "jack hex --pack '!HH4s' 80 443 text:jack | jack hex",
                "values as bytes, as Python's struct does",
            ),
            ("jack hex --unpack '!HH' --data hex:005001bb", "and bytes as values"),
        ],
        references: &["data", "json", "exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let way = Way::of(given)?;
    way.check(given)?;
    if given.switch("version") {
        out::words(&format!("jack {}\n", env!("CARGO_PKG_VERSION")))?;
        return Ok(Exit::Done);
    }
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let ends = Ends::of(given)?;
    let task = Task::of(way, given, &ends)?;
    let Ends { start, length, .. } = ends;
    let (mut input, output) = ends.open(way, given)?;
    privilege::lower(Keep::Nothing)?;
    // For what is reversed it is no place in the dump.
    let begun = if way.patches() { 0 } else { begin(&mut input, start)? };
    if let Some(length) = length {
        input.limit(length);
    }
    task.run(&mut input, &output, begun)?;
    Ok(Exit::Done)
}

/// Rewrites, among the words for this job, the long spellings that xxd has behind one dash: to clap they are letters in a
/// row.
pub(crate) fn spelled(words: &[OsString]) -> Vec<OsString> {
    let mut is_flag = words.first().is_some_and(|job| job == JOB.name);
    let rewritten = words.iter().map(|word| {
        is_flag &= word != "--";
        let letter = SPELLINGS.iter().find(|(_, words)| words.iter().any(|spelling| word == spelling));
        match letter {
            Some((letter, _)) if is_flag => OsString::from(*letter),
            _ => word.clone(),
        }
    });
    rewritten.collect()
}

/// Source: xxd(1).
#[rustfmt::skip]
const SPELLINGS: &[(&str, &[&str])] = &[
    ("-a", &["-autoskip"]),
    ("-b", &["-bits"]),
    ("-c", &["-cols"]),
    ("-C", &["-capitalize"]),
    ("-E", &["-EBCDIC"]),
    ("-g", &["-group", "-groupsize"]),
    ("-h", &["-help"]),
    ("-i", &["-include"]),
    ("-l", &["-len"]),
    ("-n", &["-name"]),
    ("-o", &["-offset"]),
    ("-p", &["-ps", "-postscript", "-plain"]),
    ("-r", &["-revert", "-reverse"]),
    ("-s", &["-seek", "-skip"]),
    ("-v", &["-version"]),
];

/// What is read and what is written, as it was typed.
#[derive(Debug)]
struct Ends {
    /// The bytes of `--data`, or of packed values.
    bytes: Option<Vec<u8>>,
    file: Option<OsString>,
    outfile: Option<OsString>,
    /// Where the bytes begin that count.
    start: Start,
    length: Option<u64>,
}

impl Ends {
    fn of(given: &Given) -> Result<Self, Failure> {
        let words = given.all("files");
        let data = given.all("data");
        let start = given.value::<Signed>("skip").map(start).transpose()?.unwrap_or_default();
        let length = given.size("length");
        if let Some(format) = given.text("pack") {
            if !data.is_empty() {
                return Err(Failure::usage("--pack and --data exclude each other: both are the bytes"));
            }
            let bytes = Some(values::packed(format, &words)?);
            return Ok(Self { bytes, file: None, outfile: None, start, length });
        }
        let mut words = words.into_iter();
        let (file, outfile) = (words.next(), words.next());
        if let Some(third) = words.next() {
            let third = third.to_string_lossy().escape_debug().to_string();
            return Err(Failure::usage(format!("expected FILE and OUTFILE, found a third word, '{third}'")));
        }
        if file.is_some() && !data.is_empty() {
            return Err(Failure::usage("a FILE and --data exclude each other"));
        }
        if outfile.is_some() && given.text("output").is_some() {
            return Err(Failure::usage("an OUTFILE and --output exclude each other"));
        }
        let bytes = if data.is_empty() { None } else { Some(common::bytes_of("--data", &data)?) };
        Ok(Self { bytes, file, outfile, start, length })
    }

    /// The file after which an array is named.
    fn file(&self) -> Option<&OsString> {
        self.file.as_ref().filter(|path| *path != "-")
    }

    /// Tells whether what is written goes to standard output.
    fn are_standard(given: &Given) -> bool {
        let has_outfile =
            given.text("pack").is_none() && given.all("files").get(1).is_some_and(|path| path != "-");
        given.text("output").is_none() && !has_outfile
    }

    /// Tells whether what is written is seen on a terminal.
    fn show(given: &Given) -> bool {
        Self::are_standard(given) && std::io::stdout().is_terminal()
    }

    fn open(self, way: Way, given: &Given) -> Result<(Input, Output), Failure> {
        let input = match (self.bytes, &self.file) {
            (Some(bytes), _) => Input::words(bytes),
            (None, Some(path)) => Input::open(path).map_err(broken)?,
            (None, None) => Input::standard(),
        };
        let output = match (given.text("output"), &self.outfile) {
            (Some(path), _) => Output::create(path, &input).map_err(broken)?,
            (None, Some(path)) => Output::like_xxd(path, way.patches(), &input).map_err(broken)?,
            (None, None) => Output::standard(),
        };
        Ok((input, output))
    }
}

/// What is to be done with the bytes.
enum Task {
    /// Lines whose offsets are so much more.
    Dump(Style, u64),
    /// The same of packed bytes, because they would reach a terminal.
    Shown(Style),
    Array(Box<Array>),
    Packed,
    Unpack(values::Unpack),
    Back(back::Back),
}

impl Task {
    fn of(way: Way, given: &Given, ends: &Ends) -> Result<Self, Failure> {
        Ok(match way {
            Way::Xxd | Way::Hexdump | Way::Od | Way::Plain | Way::Boxed => {
                Self::Dump(shape::style(way, given)?, shape::offset(given))
            }
            Way::Array => Self::Array(Box::new(shape::array(given, ends.file())?)),
            Way::Pack if Ends::show(given) => Self::Shown(shape::usual(given)),
            Way::Pack => Self::Packed,
            Way::Unpack => Self::Unpack(values::Unpack::new(given)?),
            Way::Reverse | Way::ReversePlain | Way::Undump => {
                Self::Back(back::Back::of(way, given, ends.start)?)
            }
        })
    }

    /// Does it; `begun` is the offset at which the bytes begin.
    fn run(self, input: &mut Input, output: &Output, begun: u64) -> Result<(), Failure> {
        let done = match self {
            Self::Dump(style, more) => {
                through::run(input, &mut Dump::starting_at(style, begun.wrapping_add(more)), output)
            }
            Self::Shown(style) => {
                let words = "the bytes as a dump, for a terminal; a pipe or --output gets them as they are";
                error::remark("jack hex", words);
                through::run(input, &mut Dump::new(style), output)
            }
            Self::Array(mut array) => through::run(input, &mut *array, output),
            Self::Packed => through::run(input, &mut values::Raw, output),
            Self::Unpack(unpack) => return unpack.run(input, output),
            Self::Back(back) => return back.run(input, output),
        };
        done.map_err(broken)
    }
}

/// Where `--skip` begins.
fn start(typed: Signed) -> Result<Start, Failure> {
    let bytes = i64::try_from(typed.amount)
        .map_err(|_| Failure::usage("--skip is more than a file can have: 2^63 - 1 bytes at most"))?;
    Ok(Start { bytes, relative: typed.plus, back: typed.minus })
}

/// Goes to where `--skip` begins, and returns the offset; an input that ends before it is a failure.
fn begin(input: &mut Input, start: Start) -> Result<u64, Failure> {
    let skips = start != Start::default();
    let failed = |input: &Input, what: String| {
        Failure::failed(anyhow::anyhow!("skipping to where --skip begins: {} {what}", input.name()))
    };
    match input.begin(start).map_err(broken)? {
        Some(place) => {
            let end = if skips { input.seek(0, c::SEEK_END) } else { None };
            let Some(end) = end else { return Ok(place) };
            // Devices without a size say 0, and stay where they are.
            let back = i64::try_from(place).ok().and_then(|place| input.seek(place, c::SEEK_SET));
            if end > 0 && place > end {
                return Err(failed(input, format!("has {end} bytes, and byte {place} is behind them")));
            }
            Ok(back.unwrap_or(place))
        }
        None if !start.back => Err(failed(input, format!("ends before byte {}", start.bytes))),
        None if input.has_places() => Err(failed(input, format!("has fewer than {} bytes", start.bytes))),
        None => {
            Err(failed(input, "has no end to count back from: it is read as it comes, so name a file".into()))
        }
    }
}

fn broken(broken: Broken) -> Failure {
    broken.into_failure(|never| match never {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_xxd_are_letters() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(
            spelled(&words("hex -ps -len 3 -cols 4 -pu f -- -ps")),
            words("hex -p -l 3 -c 4 -pu f -- -ps")
        );
    }
}
