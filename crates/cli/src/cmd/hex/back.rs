//! From a dump to bytes: as xxd does, or strictly.

use jackfield::codec::Radix;
use jackfield::codec::undump::reverse::{Backwards, Notation, Reverse};
use jackfield::codec::undump::{self, Base, Fault, Form, Order, Report, Undump, UndumpError};
use jackfield::sock::c;

use super::shape;
use super::ways::Way;
use crate::args::Given;
use crate::exit::Failure;
use crate::render::error::{self, Advised};
use crate::through::{self, Input, Output, Start};

/// How a dump is read.
pub(super) enum Back {
    Reverse(Box<Reverse>),
    Undump(Box<Undump>),
}

impl Back {
    pub(super) fn of(way: Way, given: &Given, start: Start) -> Result<Self, Failure> {
        if way == Way::Undump {
            return Ok(Self::Undump(Box::new(strictly(given)?)));
        }
        let notation = match way {
            Way::ReversePlain => Notation::Plain,
            _ if given.switch("bits") => Notation::Bits,
            _ => Notation::Hex,
        };
        let columns = usize::try_from(given.size("columns").unwrap_or(0)).unwrap_or(usize::MAX);
        Ok(Self::Reverse(Box::new(Reverse::new(notation).columns(columns).add(start.distance()))))
    }

    pub(super) fn run(self, input: &mut Input, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Reverse(mut reverse) => {
                // Where there are places at all, as xxd does.
                let _ = input.seek(0, c::SEEK_SET);
                let done = through::reverse(input, &mut reverse, output);
                done.map_err(|broken| broken.into_failure(|error| backwards(input, error)))
            }
            Self::Undump(mut undump) => {
                let done = through::undump(input, &mut undump, output);
                done.map_err(|broken| broken.into_failure(|error| fault(input, error)))?;
                passed_over(undump.report());
                Ok(())
            }
        }
    }
}

fn strictly(given: &Given) -> Result<Undump, Failure> {
    let mut undump = Undump::new().lenient(given.switch("lenient")).text(!given.switch("ebcdic"));
    if let Some(form) = given.choice("from").and_then(Form::from_name) {
        undump = undump.form(form);
    }
    if let Some(is_little) = shape::is_little(given)? {
        undump = undump.order(if is_little { Order::Little } else { Order::Big });
    }
    if let Some(radix) = shape::radix(given)? {
        undump = undump.base(match radix {
            Radix::Octal => Base::Octal,
            Radix::Decimal => Base::Decimal,
            Radix::Hex => Base::Hex,
        });
    }
    Ok(undump.limit(given.size("max-gap").unwrap_or(undump::GAP)))
}

/// Says where a dump is not what it should be, and what could be done.
fn fault(input: &Input, error: UndumpError) -> Failure {
    let fix = match error.fault {
        Fault::Unrecognised => {
            let names: Vec<_> = Form::all().map(Form::name).collect();
            format!("name the form: --from {}", names.join("|"))
        }
        Fault::Ambiguous => "--radix octal|decimal|hex names the base of the offsets".to_owned(),
        Fault::Gap { bytes, .. } => format!("--max-gap {bytes} lets that many be NULs"),
        Fault::LongLine { .. } => "--from plain reads lines of any length".to_owned(),
        Fault::Character { .. } => "correct the digits or the characters; --lenient takes the digits".to_owned(),
        Fault::Offset { found, expected } if found > expected => {
            "find the lines that are missing; --lenient puts NULs in their place".to_owned()
        }
        _ => "correct the line; --from names another form; --lenient passes over what does not fit, and counts it"
            .to_owned(),
    };
    Failure::failed(Advised {
        words: format!("reading the dump in {}: {error}", input.name()),
        fix: Some(fix),
    })
}

fn backwards(input: &Input, error: Backwards) -> Failure {
    Failure::failed(Advised {
        words: format!("reversing {}: {error}", input.name()),
        fix: Some("write to a file, which can be patched: jack hex -r FILE OUTFILE".to_owned()),
    })
}

/// Says what was passed over.
fn passed_over(report: &Report) {
    let Report { lines, characters, contradictions, missing, first, .. } = *report;
    let Some(first) = first else { return };
    let parts = [
        (lines, "line", "left out"),
        (characters, "character", "left out"),
        (contradictions, "character", "of a text column that says something else than the digits"),
        (missing, "byte", "missing, written as NUL"),
    ];
    let parts = parts.iter().filter(|(count, ..)| *count > 0).map(|(count, what, how)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{count} {what}{plural} {how}")
    });
    let parts: Vec<_> = parts.collect();
    error::remark("jack hex", &format!("passed over: {}; the first fault: {first}", parts.join(", ")));
}
