//! The captures of `jack read`: opened, read to the end or to where they break, and what is said then.

use std::ffi::OsString;

use jackfield::capture::file::{self, Broken, Frame, Merge, Render};
use jackfield::pcap::{Interface, LinkType, Reader};
use jackfield::sock::signal;

use super::copy::Target;
use super::{Asked, broken};
use crate::exit::{Exit, Failure, Outcome};
use crate::packets::{self, Lines, Progress, Source};
use crate::render::error::{self, Advised};

/// Opens captures.
pub(super) fn open(files: &[OsString], lines: &Lines) -> Result<Vec<Source>, Failure> {
    let open = |path: &OsString| Source::open(path, |errno| errno.to_string()).map_err(broken);
    files.iter().map(|path| Ok(open(path)?.flushing(lines.pending()))).collect()
}

/// Reads and writes with the door in dry mode, where the bytes are made up, and no capture.
pub(super) fn rehearse(sources: Vec<Source>, target: Option<Target<'_>>) -> Outcome {
    for mut source in sources {
        source.rehearse();
    }
    let output = match target {
        Some(target) => target.create()?.into_output(),
        None => crate::through::Output::standard(),
    };
    output.write(b"packets").map_err(broken)?;
    Ok(Exit::Done)
}

/// Captures that are being read.
pub(super) struct Reading {
    frames: Merge<Source>,
    names: Vec<String>,
    /// What of them could not be read.
    failed: Vec<String>,
    /// What to do about the last of those.
    fix: Option<String>,
    most: Option<u64>,
    threads: usize,
}

impl Reading {
    /// Reads how they begin. One that is no capture does not keep the others from being read.
    pub(super) fn begin(sources: Vec<Source>, asked: &Asked) -> Result<Self, Failure> {
        let size = sources.iter().map(Source::size).sum::<Option<u64>>();
        let progress = size.and_then(Progress::new);
        let (mut readers, mut names, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        let mut fix = None;
        for source in sources {
            let (name, path) = (source.name(), if source.is_file() { source.name() } else { String::new() });
            let source = match &progress {
                Some(progress) => source.watched(progress),
                None => source,
            };
            match Reader::new(source) {
                Ok(reader) => {
                    readers.push(reader);
                    names.push(name);
                }
                Err(error) => {
                    let unpack = |packer| [packer, " -dc ", &path].concat().trim_end().to_owned();
                    fix = error.fault.packer().map(|packer| unpack(packer) + " | jack read -");
                    failed.push(format!("reading {name}: {error}"));
                }
            }
        }
        let frames = Merge::new(readers).cutting(asked.limit).taking_for(asked.linktype);
        // What comes through a pipe is shown as it comes.
        let threads = if size.is_some() { packets::threads() } else { 0 };
        Ok(Self { frames, names, failed, fix, most: asked.most, threads })
    }

    /// Tells whether any file is a capture.
    pub(super) fn has_any(&self) -> bool {
        !self.names.is_empty()
    }

    /// Returns link type and snapshot length of the first capture, as far as they are known before its packets.
    pub(super) fn link(&self) -> (LinkType, u32) {
        let first = self.frames.reader(0).and_then(|reader| reader.interfaces().first());
        first.map_or_else(Default::default, |first| (first.linktype, first.snaplen))
    }

    /// Returns how many frames there are.
    pub(super) fn count(&mut self) -> Result<u64, Failure> {
        Ok(file::count(&mut self.frames, self.most, || signal::arrived().is_none()))
    }

    /// Writes what a renderer makes of the frames.
    pub(super) fn through(&mut self, render: impl Render + Send, lines: &mut Lines) -> Result<(), Failure> {
        file::run(&mut self.frames, render, self.most, self.threads, lines).map_err(broken)
    }

    /// Gives each frame to a function, with its interface.
    pub(super) fn each(
        &mut self,
        mut take: impl FnMut(&Frame<'_>, Option<&Interface>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut left = self.most.unwrap_or(u64::MAX);
        while left > 0 && signal::arrived().is_none() {
            let Some((frame, interface)) = self.frames.next_described() else { break };
            left -= 1;
            take(&frame, interface)?;
        }
        Ok(())
    }

    /// Says how it ended: all that could not be read, and why.
    pub(super) fn end(mut self, done: Result<(), Failure>) -> Outcome {
        done?;
        if signal::arrived().is_some() {
            return Err(broken(crate::through::Broken::Interrupted));
        }
        let mut fix = self.fix;
        for Broken { file, error } in self.frames.take_broken() {
            let name = self.names.get(file).map_or("", |name| name);
            self.failed.push(format!("reading {name}: {error}"));
            fix = Some("what stands before it has been read".to_owned());
        }
        let Some(last) = self.failed.pop() else { return Ok(Exit::Done) };
        for words in &self.failed {
            error::remark("jack read", words);
        }
        Err(Failure::failed(Advised { words: last, fix }))
    }
}
