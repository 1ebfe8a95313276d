//! `jack read -w`: packets to a capture of their own.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::rc::Rc;

use jackfield::capture::file::{Copy, Form, Precision};
use jackfield::pcap;

use super::reading::Reading;
use super::{broken, precision};
use crate::args::Given;
use crate::exit::{Exit, Failure};
use crate::packets::{Raw, Source};
use crate::render::error::Advised;
use crate::through::{Broken, Output, own_descriptor};

/// What is kept back until there is enough of it.
const KEPT: usize = 64 << 10;

/// Names that end so are of pcap files.
const PCAP: &[&str] = &[".pcap", ".cap", ".dmp"];

/// Names that end so are of packed files, and what packs them.
const PACKED: &[(&str, &str)] =
    &[(".gz", "gzip"), (".zst", "zstd"), (".xz", "xz"), (".bz2", "bzip2"), (".lz4", "lz4")];

/// Where a capture is to be written, judged before one is read.
pub(super) struct Target<'a> {
    path: &'a OsStr,
    name: String,
    /// The precision of its times, where it is a pcap file.
    pcap: Option<Precision>,
}

impl<'a> Target<'a> {
    /// Judges a path, which may be none of those that are read.
    pub(super) fn of(path: &'a OsStr, sources: &[Source], given: &Given) -> Result<Self, Failure> {
        let precision = precision(given)?;
        let name = path.to_string_lossy().escape_debug().to_string();
        let is_read = |path: &OsStr| sources.iter().any(|source| source.is(path));
        let descriptor = if path == "-" { Some(1) } else { own_descriptor(path) };
        if let Some(number) = descriptor {
            let is_terminal = match number {
                1 => std::io::stdout().is_terminal(),
                2 => std::io::stderr().is_terminal(),
                _ => false,
            };
            if is_terminal {
                let words = format!("--output {name} is a terminal, and a capture is not text");
                let fix = Some("jack read -w FILE, or -w - | another program".to_owned());
                return Err(Failure { exit: Exit::Usage, ..Failure::failed(Advised { words, fix }) });
            }
            if is_read(if path == "-" { OsStr::new("/dev/stdout") } else { path }) {
                return Err(Failure::usage(format!(
                    "--output {name} is a file that is read, which would never come to its end"
                )));
            }
            return Ok(Self { path, name, pcap: Some(precision) });
        }
        let is_pcap = PCAP.iter().any(|end| name.ends_with(end));
        if !is_pcap && (given.switch("nano") || given.switch("micro")) {
            return Err(Failure::usage(
                "--nano and --micro are for pcap files: pcapng keeps times as they are",
            ));
        }
        if let Some((end, packer)) = PACKED.iter().find(|(end, _)| name.ends_with(end)) {
            let words =
                format!("--output {name}: what is written is not packed, and a name with {end} says so");
            let fix = Some(format!("jack read -w - … | {packer} > {name}"));
            return Err(Failure { exit: Exit::Usage, ..Failure::failed(Advised { words, fix }) });
        }
        if is_read(path) {
            return Err(Failure::usage(format!(
                "--output {name} is a file that is read, which it would empty first"
            )));
        }
        Ok(Self { path, name, pcap: is_pcap.then_some(precision) })
    }

    /// Makes or empties the file.
    pub(super) fn create(self) -> Result<Capture, Failure> {
        let Self { path, name, pcap } = self;
        let output = if path == "-" { Output::standard() } else { Output::make(path).map_err(broken)? };
        Ok(Capture { output, name, pcap })
    }
}

/// A capture that is to be written.
pub(super) struct Capture {
    output: Output,
    name: String,
    /// The precision of its times, where it is a pcap file.
    pcap: Option<Precision>,
}

impl Capture {
    /// Returns where it would be written.
    pub(super) fn into_output(self) -> Output {
        self.output
    }

    /// Writes all frames.
    pub(super) fn all(self, reading: &mut Reading) -> Result<(), Failure> {
        let Self { output, name, pcap } = self;
        let (raw, unwritten) = Raw::new(output);
        let failure = |error: pcap::Error| not_written(&name, &error, &unwritten);
        let (mut linktype, snaplen) = reading.link();
        let mut raw = Some(raw);
        let mut begun = None;
        if pcap.is_none() {
            begun = raw.take().map(|raw| Copy::new(raw, Form::PcapNg, KEPT)).transpose().map_err(failure)?;
        }
        let begin = |raw, precision, linktype| Copy::new(raw, Form::Pcap(precision, linktype, snaplen), KEPT);
        let mut is_lost = false;
        let done = reading.each(|frame, interface| {
            if let Some((raw, precision)) = raw.take().zip(pcap) {
                // A pcap file says in its first bytes what its packets are.
                linktype = frame.linktype;
                begun = Some(begin(raw, precision, linktype).map_err(failure)?);
            }
            let Some(copy) = &mut begun else { return Ok(()) };
            match copy.frame(frame, interface) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    is_lost = unwritten.borrow().is_some();
                    return Err(failure(error));
                }
            }
            let words = format!("writing {name}: packet {} is of link type {}", frame.number, frame.linktype);
            let fix = Some("a pcap file has one link type: name it .pcapng".to_owned());
            Err(Failure::failed(Advised { words, fix }))
        });
        if is_lost {
            return done;
        }
        // What stands before a packet that the file cannot hold is written all the same.
        if let Some((raw, precision)) = raw.take().zip(pcap) {
            begun = Some(begin(raw, precision, linktype).map_err(failure)?);
        }
        let flushed = begun.map_or(Ok(()), |mut copy| copy.flush().map_err(failure));
        done.and(flushed)
    }
}

fn not_written(name: &str, error: &pcap::Error, unwritten: &Rc<RefCell<Option<Broken>>>) -> Failure {
    match unwritten.take() {
        Some(unwritten) => broken(unwritten),
        None => Failure::failed(anyhow::anyhow!("writing {name}: {}", error.fault)),
    }
}
