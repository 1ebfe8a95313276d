//! Values to bytes and back, in the format language of Python's `struct`.

use core::convert::Infallible;
use std::ffi::{OsStr, OsString};

use jackfield::codec::pack::{Format, MAX_LEN, Value, ValueError};
use jackfield::codec::stream::Transform;
use jackfield::codec::{Buffer, base64};
use serde_json::{Number, json};

use super::super::common;
use crate::args::Given;
use crate::exit::Failure;
use crate::render::events;
use crate::through::{self, Input, Output};

/// Packs the values that were typed.
pub(super) fn packed(format: &OsStr, words: &[OsString]) -> Result<Vec<u8>, Failure> {
    let format = self::format("--pack", format)?;
    let values = words.iter().zip(1..).map(|(word, number)| {
        let wrong = |error: &dyn std::fmt::Display| {
            let word = word.to_string_lossy().escape_debug().to_string();
            Failure::usage(format!("--pack: value {number}, '{word}': {error}"))
        };
        match Value::parse(word) {
            Ok(value) => Ok(value),
            Err(ValueError::File { .. }) => {
                common::bytes_of("--pack", std::slice::from_ref(word)).map(Value::Bytes)
            }
            Err(error) => Err(wrong(&error)),
        }
    });
    let values = values.collect::<Result<Vec<_>, _>>()?;
    format.pack(&values).map_err(|error| Failure::usage(format!("--pack: {error}")))
}

fn format(flag: &str, text: &OsStr) -> Result<Format, Failure> {
    let wrong = |what: &dyn std::fmt::Display| Failure::usage(format!("{flag}: {what}"));
    let text = text.to_str().ok_or_else(|| wrong(&"expected a format in ASCII, such as !HHI4s"))?;
    Format::parse(text).map_err(|error| wrong(&error))
}

/// Bytes as they are.
pub(super) struct Raw;

impl Transform for Raw {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        out.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(&mut self, _: &mut Buffer) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Bytes as records of values, one after the other.
pub(super) struct Unpack {
    format: Format,
    as_json: bool,
    /// The beginning of a record.
    held: Vec<u8>,
    /// Records that were complete.
    records: u64,
}

/// The input ends inside a record, or before the first: so many bytes of it are there.
pub(super) struct Cut {
    have: usize,
}

impl Unpack {
    pub(super) fn new(given: &Given) -> Result<Self, Failure> {
        let format = format("--unpack", given.text("unpack").unwrap_or_default())?;
        let as_json = given.switch("json");
        if as_json && (given.text("output").is_some() || given.all("files").len() > 1) {
            return Err(Failure::usage("--json goes to standard output: leave the output file out"));
        }
        match format.size() {
            0 => Err(Failure::usage("--unpack: the format has no bytes, so there is no end to its records")),
            1..=MAX_LEN => Ok(Self { format, as_json, held: Vec::new(), records: 0 }),
            more => {
                Err(Failure::usage(format!("--unpack: a record has at most {MAX_LEN} bytes, not {more}")))
            }
        }
    }

    pub(super) fn run(mut self, input: &mut Input, output: &Output) -> Result<(), Failure> {
        if self.as_json {
            events::begin("hex");
        }
        let done = through::run(input, &mut self, output);
        done.map_err(|broken| {
            broken.into_failure(|Cut { have }| {
                Failure::failed(anyhow::anyhow!(
                    "unpacking {}: record {} needs {} bytes, and the input ends after {have}",
                    input.name(),
                    self.records.saturating_add(1),
                    self.format.size(),
                ))
            })
        })
    }

    /// Writes one record.
    fn record(&mut self, bytes: &[u8], out: &mut Buffer) {
        let values = self.format.unpack(bytes).unwrap_or_default();
        if self.as_json {
            let offset = u64::try_from(self.format.size()).unwrap_or(u64::MAX).saturating_mul(self.records);
            let values: Vec<_> = values.iter().map(as_json).collect();
            let line = json!({ "event": "record", "offset": offset, "values": values });
            out.extend_from_slice(format!("{line}\n").as_bytes());
        } else {
            for value in values {
                out.extend_from_slice(format!("{value}\n").as_bytes());
            }
        }
        self.records = self.records.saturating_add(1);
    }
}

impl Transform for Unpack {
    type Error = Cut;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Cut> {
        let size = self.format.size();
        let mut rest = bytes;
        if !self.held.is_empty() {
            let (head, tail) = rest.split_at((size - self.held.len()).min(rest.len()));
            self.held.extend_from_slice(head);
            if self.held.len() < size {
                return Ok(());
            }
            let record = std::mem::take(&mut self.held);
            self.record(&record, out);
            rest = tail;
        }
        let records = rest.chunks_exact(size);
        self.held.extend_from_slice(records.remainder());
        records.for_each(|record| self.record(record, out));
        Ok(())
    }

    fn finish(&mut self, _: &mut Buffer) -> Result<(), Cut> {
        match self.held.len() {
            0 if self.records > 0 => Ok(()),
            have => Err(Cut { have }),
        }
    }
}

/// A value in JSON; what has no number there is its text.
fn as_json(value: &Value) -> serde_json::Value {
    let float = |number: f64| {
        let text = || json!(Value::Float(number).to_string());
        Number::from_f64(number).map_or_else(text, Into::into)
    };
    match value {
        Value::Int(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => json!(number),
            (_, Ok(number)) => json!(number),
            _ => json!(number.to_string()),
        },
        Value::Float(number) => float(*number),
        Value::Bool(truth) => json!(truth),
        Value::Complex { re, im } => json!({ "re": float(*re), "im": float(*im) }),
        Value::Bytes(bytes) => bytes_as_json(bytes),
        Value::Char(byte) => bytes_as_json(&[*byte]),
    }
}

fn bytes_as_json(bytes: &[u8]) -> serde_json::Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "base64": base64::encode(bytes) }),
    }
}
