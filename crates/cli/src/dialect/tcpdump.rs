//! The dialect of tcpdump 4.99.3 with libpcap 1.10.3: its flags, text, messages and exit codes, for captures in files.
//!
//! Options are read as getopt_long(3) does and judged in their order; what a file of several (`-V`) ends with does not end
//! the others, and the last one's status is the whole's. Source: tcpdump(8), and runs of it, with which
//! `tests/dialect_tcpdump.rs` compares this.
//!
//! On purpose different: the texts of `-h` and `--version` are ours; output that cannot be written is a failure; files are
//! made with mode 0600, and links are not followed; `-w` does not empty a file that is read; a terminal is given nothing that it would obey, and no capture.

mod asked;

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

use jackfield::capture::file::{self, Copy, Form, Merge, Render, Sink, Text, Zone};
use jackfield::pcap::{LinkType, Reader};
use jackfield::sock::name::Resolver;
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{self, Errno, c, io, signal};

use self::asked::Asked;
use crate::face::{Dialect, Face, Kind, Record};
use crate::flags;
use crate::packets::{self, Lines, Lookup, Raw, Source};
use crate::through::{Broken, Output, own_descriptor};

/// Every failure of tcpdump is a 1.
const FAILED: u8 = 1;

/// What a capture that is written keeps back.
const KEPT: usize = 64 << 10;

/// How a call ends that does not simply end.
#[derive(Debug)]
enum End {
    /// A failure: the words without the name before them.
    Failed(Vec<u8>),
    /// The words are not understood: what getopt says, and how they should be.
    Usage(Vec<u8>),
    /// Help or the version was asked for.
    Told(String),
    /// Nobody reads the output.
    Closed,
    /// A caught signal arrived before there was anything to read.
    Interrupted,
}

impl End {
    fn said(words: impl Into<Vec<u8>>) -> Self {
        Self::Failed(words.into())
    }

    /// A file, and why it could not be used.
    fn file(path: &OsStr, errno: Errno) -> Self {
        Self::Failed([path.as_bytes(), b": ", errno.message().as_bytes()].concat())
    }
}

/// What is known of the dialect.
pub(crate) const DIALECT: Record = Record {
    name: "tcpdump",
    about: "tcpdump: packets of a capture file as text",
    usage: &[
        "tcpdump [-AehKlnNOpqStUvxX#] [-c count] [--count] [--number] [--print] [-r file] [-V file] [-w file]",
    ],
    kind: Kind::Dialect(Dialect { aliases: &[], run, rehearse }),
};

/// Runs the dialect; returns the exit code.
fn run(called: &OsStr, words: Vec<OsString>) -> u8 {
    let name = &super::base(called);
    match perform(name, words) {
        Ok(code) => code,
        Err(End::Closed) => {
            signal::end_by(c::SIGPIPE);
            FAILED
        }
        Err(End::Interrupted) => {
            signal::end_by(signal::arrived().unwrap_or(c::SIGINT));
            FAILED
        }
        Err(End::Told(text)) => match io::write_all(sock::stdout(), text.as_bytes()) {
            Ok(()) => 0,
            Err(_) => FAILED,
        },
        Err(End::Failed(words)) => {
            say(name, &words);
            FAILED
        }
        Err(End::Usage(words)) => {
            say(name, &words);
            tell(help(name).as_bytes());
            FAILED
        }
    }
}

/// Runs the dialect with the door in dry mode: what it would say is not said.
fn rehearse(_called: &OsStr, words: Vec<OsString>) -> Result<(), String> {
    match perform("tcpdump", words) {
        Ok(_) | Err(End::Closed | End::Interrupted | End::Told(_)) => Ok(()),
        Err(End::Failed(words) | End::Usage(words)) => {
            Err(format!("tcpdump: {}", String::from_utf8_lossy(&words)))
        }
    }
}

/// Says a line on standard error, with the name before it.
fn say(name: &str, words: &[u8]) {
    tell(&[name.as_bytes(), b": ", words, b"\n"].concat());
}

fn tell(text: &[u8]) {
    if !sock::rehearsing() {
        // Where standard error is closed there is nobody to tell.
        let _ = io::write_all(sock::stderr(), text);
    }
}

/// Help, from the table of flags.
fn help(name: &str) -> String {
    let mut text = version(name);
    text.push_str(&format!("Usage: {}\n", DIALECT.usage.concat().replacen("tcpdump", name, 1)));
    for flag in flags::of(Face::Tcpdump) {
        let spelled = match (flag.short, flag.long) {
            (Some(letter), Some(long)) => format!("-{letter}, --{long}"),
            (Some(letter), None) => format!("-{letter}"),
            (None, Some(long)) => format!("--{long}"),
            (None, None) => continue,
        };
        text.push_str(&format!("  {spelled:36}  {}\n", flag.help));
    }
    text
}

fn version(name: &str) -> String {
    format!("{name} (Jackfield) {}\n", env!("CARGO_PKG_VERSION"))
}

fn perform(name: &str, words: Vec<OsString>) -> Result<u8, End> {
    let asked = asked::read(name, words)?;
    let files = files(&asked)?;
    signal::catch_interrupts().map_err(|errno| End::said(errno.message()))?;
    let lines = Lines::new(Output::standard(), asked.is_eager);
    let lines = if std::io::stdout().is_terminal() { lines.for_terminal(false) } else { lines };
    let mut reading = Reading {
        name,
        asked,
        files: &files,
        lines,
        text: None,
        copy: None,
        written: None,
        frames: None,
        counted: 0,
    };
    let mut code = 0;
    for file in &files {
        match reading.file(file) {
            Ok(its) => code = its,
            Err(failed) => {
                // What stands before it counts.
                reading.flush()?;
                return Err(failed);
            }
        }
    }
    reading.flush()?;
    if reading.asked.counts && !sock::rehearsing() {
        let plural = if reading.counted == 1 { "" } else { "s" };
        let words = format!("{} packet{plural}\n", reading.counted);
        reading
            .lines
            .append(|out| out.extend_from_slice(words.as_bytes()))
            .map_err(|broken| end(Some(broken)))?;
        reading.lines.flush().map_err(|broken| end(Some(broken)))?;
    }
    Ok(code)
}

/// Lists the files that are to be read.
fn files(asked: &Asked) -> Result<Vec<OsString>, End> {
    match (&asked.file, &asked.list) {
        (Some(_), Some(_)) => Err(End::said("-V and -r are mutually exclusive.")),
        (Some(file), None) => Ok(vec![file.clone()]),
        (None, Some(list)) => {
            let text = contents(list)
                .map_err(|errno| End::said(format!("Unable to open file: {}", errno.message())))?;
            let text = text.strip_suffix(b"\n").unwrap_or(&text);
            if text.is_empty() {
                return Err(End::Failed([b"Nothing in ", list.as_bytes()].concat()));
            }
            Ok(text.split(|byte| *byte == b'\n').map(|line| OsStr::from_bytes(line).to_owned()).collect())
        }
        (None, None) => Err(End::said(
            "capturing from an interface is not in this version of jack: -r FILE reads a capture",
        )),
    }
}

/// Reads a small file; `-` is standard input.
fn contents(path: &OsStr) -> Result<Vec<u8>, Errno> {
    let errno = |broken| match broken {
        Broken::File(file) => file.errno,
        Broken::Read(errno) => errno,
        _ => Errno::EINTR,
    };
    let mut input = crate::through::Input::open(path).map_err(errno)?;
    input.limit(1 << 20);
    let mut text = Vec::new();
    let mut piece = vec![0; 1 << 14];
    loop {
        match input.read(&mut piece).map_err(errno)? {
            0 => return Ok(text),
            count => text.extend_from_slice(piece.get(..count).unwrap_or_default()),
        }
    }
}

/// What is kept from file to file.
struct Reading<'a> {
    name: &'a str,
    asked: Asked,
    files: &'a [OsString],
    lines: Lines,
    text: Option<Text>,
    copy: Option<Copier>,
    /// The link type of what is written.
    written: Option<LinkType>,
    frames: Option<Merge<Source>>,
    counted: u64,
}

/// What a capture is written with, and why it could not be.
type Copier = (Copy<Raw>, Rc<RefCell<Option<Broken>>>);

impl Reading<'_> {
    /// Writes what is kept back.
    fn flush(&mut self) -> Result<(), End> {
        if let Some((copy, broken)) = &mut self.copy {
            copy.flush().map_err(|_| end(broken.take()))?;
        }
        self.lines.flush().map_err(|broken| end(Some(broken)))
    }

    /// Reads a file; returns the exit code that it would have alone.
    fn file(&mut self, path: &OsStr) -> Result<u8, End> {
        let source =
            Source::open(path, |errno| errno.message().to_owned()).map_err(|broken| end(Some(broken)))?;
        if sock::rehearsing() {
            return self.rehearse(source);
        }
        let threads = if source.size().is_some() { packets::threads() } else { 0 };
        let reader = self.open(path, source.flushing(self.lines.pending()))?;
        let interface = reader.interfaces().first();
        let (linktype, snaplen) =
            interface.map_or_else(Default::default, |i| (i.linktype, i.libpcap_snaplen()));
        self.judge_filter()?;
        if self.copy.is_none() && self.asked.write.is_some() {
            self.copy = self.create(Form::Pcap(self.asked.precision, linktype, snaplen))?;
            self.written = Some(linktype);
        }
        privilege::lower(Keep::Nothing).map_err(|error| End::said(error.to_string()))?;
        match &mut self.frames {
            Some(frames) => frames.then(reader),
            None => self.frames = Some(Merge::new(vec![reader])),
        }
        let Some(mut frames) = self.frames.take() else { return Ok(0) };
        let done = if self.asked.counts {
            self.counted += file::count(&mut frames, self.asked.most, || signal::arrived().is_none());
            Ok(())
        } else if self.copy.is_some() {
            self.write(&mut frames)
        } else {
            let text = self.text.get_or_insert_with(|| text(&self.asked));
            let done = file::run(&mut frames, text, self.asked.most, threads, &mut self.lines);
            done.map_err(|broken| end(Some(broken)))
        };
        let broken = frames.take_broken();
        self.frames = Some(frames);
        match done {
            // A long file was interrupted: what was printed is what there is.
            Err(End::Interrupted) => {}
            done => done?,
        }
        if let Some(broken) = broken.first() {
            // What has been read comes before what is wrong.
            self.lines.flush().map_err(|broken| end(Some(broken)))?;
            let words = broken.error.libpcap().unwrap_or_else(|| broken.error.to_string());
            say(self.name, format!("pcap_loop: {words}").as_bytes());
            return Ok(FAILED);
        }
        Ok(0)
    }

    /// Reads the beginning of a file, and says what it is.
    fn open(&self, path: &OsStr, source: Source) -> Result<Reader<Source>, End> {
        let words =
            |error: jackfield::pcap::Error| End::said(error.libpcap().unwrap_or_else(|| error.to_string()));
        let mut reader = Reader::as_libpcap(source).map_err(words)?;
        if !reader.first_interface().map_err(words)? {
            return Err(End::said("the capture file has no Interface Description Blocks"));
        }
        if let Some(interface) = reader.interfaces().first() {
            if self.written.is_some_and(|written| written != interface.linktype) {
                return Err(End::Failed([path.as_bytes(), b": new dlt does not match original"].concat()));
            }
            let (linktype, snaplen) = (interface.linktype, interface.libpcap_snaplen());
            let what = format!(", link-type {linktype}, snapshot length {snaplen}\n");
            tell(&[b"reading from file ", path.as_bytes(), what.as_bytes()].concat());
            if linktype == LinkType::LINUX_SLL2 {
                tell(b"Warning: interface names might be incorrect\n");
            }
        }
        Ok(reader)
    }

    /// Refuses a filter expression; an empty one is none.
    fn judge_filter(&self) -> Result<(), End> {
        let expression = match &self.asked.filter_file {
            Some(path) => contents(path).map_err(|errno| {
                End::Failed([b"can't open ", path.as_bytes(), b": ", errno.message().as_bytes()].concat())
            })?,
            None => self.asked.expression.join(OsStr::new(" ")).as_bytes().to_vec(),
        };
        if expression.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        Err(End::said(
            "filter expressions are not in this version of jack: without one all packets are shown",
        ))
    }

    /// Makes the capture that packets are written to.
    fn create(&self, form: Form) -> Result<Option<Copier>, End> {
        let Some(path) = &self.asked.write else { return Ok(None) };
        // Those of a list that come later, too: they would be gone by then.
        let place = |path: &OsString, stream: &str| if path == "-" { stream.into() } else { path.clone() };
        let written = place(path, "/dev/stdout");
        if self.files.iter().any(|file| packets::is_same_file(&place(file, "/dev/stdin"), &written)) {
            let words = [b"-w ", path.as_bytes(), b" is a file that is read, which it would empty first"];
            return Err(End::Failed(words.concat()));
        }
        let is_standard = path == "-" || own_descriptor(path) == Some(1);
        if is_standard && std::io::stdout().is_terminal() {
            return Err(End::said("a capture is not text, and standard output is a terminal"));
        }
        let output = if path == "-" {
            Output::standard()
        } else {
            Output::make(path).map_err(|broken| end(Some(broken)))?
        };
        let kept = if self.asked.is_eager { 0 } else { KEPT };
        let (raw, broken) = Raw::new(output);
        let copy = Copy::new(raw, form, kept).map_err(|_| end(broken.take()))?;
        Ok(Some((copy, broken)))
    }

    /// Writes the frames of a file to a capture, and prints them if that is asked for too.
    fn write(&mut self, frames: &mut Merge<Source>) -> Result<(), End> {
        let Some((copy, broken)) = &mut self.copy else { return Ok(()) };
        let mut left = self.asked.most.unwrap_or(u64::MAX);
        while left > 0 && signal::arrived().is_none() {
            let Some(frame) = frames.next_frame() else { break };
            left -= 1;
            // One file has one link type, and it has been judged.
            copy.frame(&frame, None).map_err(|error| match broken.take() {
                Some(broken) => end(Some(broken)),
                None => End::said(error.to_string()),
            })?;
            if self.asked.prints {
                let text = self.text.get_or_insert_with(|| text(&self.asked));
                self.lines.append(|out| text.frame(&frame, out)).map_err(|broken| end(Some(broken)))?;
            }
        }
        Ok(())
    }

    /// Opens, reads and writes with the door in dry mode: the bytes are made up, and no capture.
    fn rehearse(&self, mut source: Source) -> Result<u8, End> {
        source.rehearse();
        let output = match &self.asked.write {
            Some(path) if path != "-" => Output::make(path).map_err(|broken| end(Some(broken)))?,
            _ => Output::standard(),
        };
        output.write(b"packets").map_err(|broken| end(Some(broken)))?;
        Ok(0)
    }
}

/// Makes what prints.
fn text(asked: &Asked) -> Text {
    let zone = if asked.stamp.is_local() { packets::zone() } else { Zone::UTC };
    let mut text =
        Text::new(asked.style, asked.stamp, asked.precision, zone).dumping(asked.dump).as_libpcap();
    if asked.has_number {
        text = text.numbered();
    }
    for (space, id) in &asked.taken {
        text = text.taking_all(*space, *id);
    }
    let names = Lookup::new(Resolver::system().remembering(), asked.short_names);
    text.naming(Box::new(names.numeric(asked.is_numeric).with_interfaces()))
}

/// What tcpdump says of what went wrong with input or output.
fn end(broken: Option<Broken>) -> End {
    match broken {
        Some(Broken::File(file)) => End::file(&file.path, file.errno),
        Some(Broken::Read(errno)) => End::said(format!("error reading dump file: {}", errno.message())),
        Some(Broken::Write(errno)) => End::said(format!("Unable to write output: {}", errno.message())),
        Some(Broken::SameFile(path, does)) => {
            End::said(format!("{} is the file that is read, which {does}", path.to_string_lossy()))
        }
        Some(Broken::Closed) => End::Closed,
        Some(Broken::Interrupted) => End::Interrupted,
        Some(Broken::Input(_) | Broken::InputAndWrite(..)) | None => End::Failed(Vec::new()),
    }
}
