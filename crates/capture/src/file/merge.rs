//! Frames of several captures, in the order of time.
//!
//! Of each file the next packet is known; the earliest of them is the next frame, of equals that of the file named first.
//! Within a file the order stays the file's, whatever the times say. A file that is broken gives what stands before the
//! break; the others go on. One file alone is lent through without a copy.

use std::io::Read;

use pcap::{Interface, LinkType, Options, Packet, Reader, Timestamp};

use super::frame::Frame;

/// Reads one or several captures.
#[derive(Debug)]
pub struct Merge<R> {
    files: Vec<File<R>>,
    number: u64,
    before: Option<Timestamp>,
    first: Option<Timestamp>,
    broken: Vec<Broken>,
    view: View,
}

/// How packets are taken, whatever their file says.
#[derive(Clone, Copy, Debug, Default)]
struct View {
    limit: Option<usize>,
    linktype: Option<LinkType>,
}

impl View {
    #[inline]
    fn of<'a>(self, mut frame: Frame<'a>) -> Frame<'a> {
        if let Some(limit) = self.limit {
            frame.data = frame.data.get(..limit).unwrap_or(frame.data);
        }
        frame.linktype = self.linktype.unwrap_or(frame.linktype);
        frame
    }
}

/// A file that ended before its end.
#[derive(Debug)]
pub struct Broken {
    /// Which of the files it is, from 0.
    pub file: usize,
    /// Where, and why.
    pub error: pcap::Error,
}

#[derive(Debug)]
struct File<R> {
    reader: Reader<R>,
    /// Its next packet, where there are several files.
    head: Head,
    state: State,
    /// What its interfaces are, by section and number.
    described: Vec<((u32, u32), Interface)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The next packet has to be read.
    Spent,
    /// The next packet is known.
    Full,
    Ended,
}

#[derive(Debug)]
struct Head {
    time: Option<Timestamp>,
    /// The same, to be compared.
    at: i128,
    linktype: LinkType,
    original_length: u32,
    section: u32,
    interface: u32,
    data: Vec<u8>,
}

impl<R: Read> Merge<R> {
    /// Reads these files.
    #[must_use]
    pub fn new(readers: Vec<Reader<R>>) -> Self {
        let files = readers.into_iter().map(File::new).collect();
        Self { files, number: 0, before: None, first: None, broken: Vec::new(), view: View::default() }
    }

    /// Takes at most so many bytes of each packet.
    #[must_use]
    pub const fn cutting(mut self, limit: Option<usize>) -> Self {
        self.view.limit = limit;
        self
    }

    /// Takes packets for those of a link type.
    #[must_use]
    pub const fn taking_for(mut self, linktype: Option<LinkType>) -> Self {
        self.view.linktype = linktype;
        self
    }

    /// Reads a file after those before it: numbers and times go on.
    pub fn then(&mut self, reader: Reader<R>) {
        self.files = vec![File::new(reader)];
    }

    /// Returns the reader of a file.
    #[must_use]
    pub fn reader(&self, file: usize) -> Option<&Reader<R>> {
        self.files.get(file).map(|file| &file.reader)
    }

    /// Returns how many frames have been lent.
    #[must_use]
    pub const fn frames(&self) -> u64 {
        self.number
    }

    /// Returns how many bytes of the files have been read.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.files.iter().map(|file| file.reader.offset()).sum()
    }

    /// Takes the files that ended before their end.
    pub fn take_broken(&mut self) -> Vec<Broken> {
        core::mem::take(&mut self.broken)
    }

    /// Lends the next frame; `None` when all files have ended, or are [broken](Self::take_broken).
    #[inline]
    pub fn next_frame(&mut self) -> Option<Frame<'_>> {
        self.next_described().map(|(frame, _)| frame)
    }

    /// Lends the next frame as [`next_frame`](Self::next_frame) does, and what a pcapng file says of its interface.
    #[inline]
    pub fn next_described(&mut self) -> Option<(Frame<'_>, Option<&Interface>)> {
        if self.files.len() == 1 { self.next_of_one() } else { self.earliest() }
    }

    #[inline]
    fn next_of_one(&mut self) -> Option<(Frame<'_>, Option<&Interface>)> {
        let Self { files, number, before, first, broken, view } = self;
        match files.first_mut()?.reader.next_described() {
            Ok(packet) => {
                let (packet, interface) = packet?;
                *number += 1;
                Some((placed(view.of(frame(&packet, *number)), before, first), interface))
            }
            Err(error) => {
                broken.push(Broken { file: 0, error });
                None
            }
        }
    }

    fn earliest(&mut self) -> Option<(Frame<'_>, Option<&Interface>)> {
        let Self { files, number, before, first, broken, view } = self;
        for (index, file) in files.iter_mut().enumerate() {
            if file.state == State::Spent
                && let Err(error) = file.fill()
            {
                broken.push(Broken { file: index, error });
            }
        }
        let full = files.iter_mut().enumerate().filter(|(_, file)| file.state == State::Full);
        let (index, file) = full.min_by_key(|(_, file)| file.head.at)?;
        file.state = State::Spent;
        *number += 1;
        let packet = file.head.packet();
        let of = (packet.section, packet.interface);
        let interface = file.described.iter().find(|(known, _)| *known == of).map(|(_, interface)| interface);
        let frame = Frame { file: index, ..frame(&packet, *number) };
        Some((placed(view.of(frame), before, first), interface))
    }
}

/// Makes a frame of a packet.
#[inline]
fn frame<'a>(packet: &Packet<'a>, number: u64) -> Frame<'a> {
    Frame {
        number,
        time: packet.timestamp,
        before: None,
        first: None,
        linktype: packet.linktype,
        original_length: packet.original_length,
        data: packet.data,
        file: 0,
        section: packet.section,
        interface: packet.interface,
        options: packet.options,
    }
}

/// Puts a frame behind those before it. One whose lengths cannot be has no place in time, as in tcpdump.
#[inline]
fn placed<'a>(
    mut frame: Frame<'a>,
    before: &mut Option<Timestamp>,
    first: &mut Option<Timestamp>,
) -> Frame<'a> {
    frame.before = before.or(frame.time);
    frame.first = first.or(frame.time);
    if frame.is_sound() {
        *before = frame.time.or(*before);
        *first = first.or(frame.time);
    }
    frame
}

impl Head {
    const EMPTY: Self = Self {
        time: None,
        at: 0,
        linktype: LinkType::NULL,
        original_length: 0,
        section: 0,
        interface: 0,
        data: Vec::new(),
    };

    /// Lends it as it was read, but for its options.
    fn packet(&self) -> Packet<'_> {
        Packet {
            offset: 0,
            section: self.section,
            interface: self.interface,
            linktype: self.linktype,
            timestamp: self.time,
            original_length: self.original_length,
            data: &self.data,
            extra: &[],
            options: Options::NONE,
        }
    }
}

impl<R: Read> File<R> {
    const fn new(reader: Reader<R>) -> Self {
        Self { reader, head: Head::EMPTY, state: State::Spent, described: Vec::new() }
    }

    /// Reads the next packet.
    fn fill(&mut self) -> Result<(), pcap::Error> {
        self.state = State::Ended;
        let Some((packet, interface)) = self.reader.next_described()? else { return Ok(()) };
        let of = (packet.section, packet.interface);
        if let Some(interface) = interface
            && !self.described.iter().any(|(known, _)| *known == of)
        {
            self.described.push((of, interface.clone()));
        }
        self.head.time = packet.timestamp;
        // A packet without a time goes where it stands.
        self.head.at = packet.timestamp.map_or(self.head.at, Timestamp::nanoseconds);
        self.head.linktype = packet.linktype;
        self.head.original_length = packet.original_length;
        self.head.section = packet.section;
        self.head.interface = packet.interface;
        self.head.data.clear();
        self.head.data.extend_from_slice(packet.data);
        self.state = State::Full;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use pcap::{Header, PcapWriter, Resolution};

    use super::*;

    fn file(packets: &[(i64, &[u8])]) -> Vec<u8> {
        let header = Header::new(LinkType::RAW, Resolution::MICROSECONDS);
        let mut writer = PcapWriter::new(Vec::new(), &header).unwrap();
        for (seconds, data) in packets {
            writer.packet(Timestamp::new(*seconds, 0), data.len().try_into().unwrap(), data).unwrap();
        }
        writer.finish().unwrap()
    }

    /// Number, second, file and data of a frame.
    type Seen = (u64, i64, usize, Vec<u8>);

    fn merged(files: &[&[u8]]) -> (Vec<Seen>, usize) {
        let mut merge = Merge::new(files.iter().map(|file| Reader::new(*file).unwrap()).collect());
        let mut all = Vec::new();
        while let Some(frame) = merge.next_frame() {
            all.push((frame.number, frame.time.unwrap().seconds, frame.file, frame.data.to_vec()));
        }
        assert!(merge.next_frame().is_none());
        (all, merge.take_broken().len())
    }

    #[test]
    fn files_are_merged_by_time_and_keep_their_own_order() {
        let one = file(&[(1, b"a"), (5, b"b"), (2, b"c")]);
        let two = file(&[(1, b"d"), (3, b"e"), (9, b"f")]);
        let (frames, broken) = merged(&[&one, &two]);
        let order: Vec<u8> = frames.iter().map(|(.., data)| data[0]).collect();
        assert_eq!((&order[..], broken), (&b"adebcf"[..], 0));
        assert_eq!(frames[1], (2, 1, 1, b"d".to_vec()));
    }

    #[test]
    fn a_broken_file_does_not_end_the_others() {
        let one = file(&[(1, b"a"), (2, b"bcd")]);
        let two = file(&[(3, b"e")]);
        let (frames, broken) = merged(&[&one[..one.len() - 1], &two]);
        assert_eq!((frames.len(), broken), (2, 1));
        let (frames, broken) = merged(&[&one[..one.len() - 1]]);
        assert_eq!((frames.len(), broken), (1, 1));
    }
}
