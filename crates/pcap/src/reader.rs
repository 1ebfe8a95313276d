//! Reads either format from anything that is `Read`.
//!
//! What comes is told by the magic number: gzip or Zstandard around it, pcap or pcapng. Packets are lent, each until
//! the next is asked for, so reading copies nothing and allocates nothing per packet. A file that is broken gives
//! every packet before the break, then one error, then nothing more.

use std::io::{self, Read};

use crate::block::{Block, BlockType, Facts};
use crate::compressed::Compression;
use crate::error::{BadLength, Error, Fault, Part};
use crate::header::{FILE_HEADER, GUESS_BYTES, Header, RECORD_HEADER, guess};
use crate::libpcap::Rules;
use crate::ng::{BYTE_ORDER_MAGIC, Interface, LONGEST_BLOCK, Section};
use crate::option::Options;
use crate::order::{ByteOrder, count, size};
use crate::packet::Packet;
use crate::source::Source;
use crate::time::Timestamp;

/// Reads a capture file.
#[derive(Debug)]
pub struct Reader<R> {
    source: Source<R>,
    format: Kind,
    section: Section,
    /// What libpcap asks of a file beyond the formats, for who reads as it does.
    rules: Option<Rules>,
    ended: bool,
}

#[derive(Debug)]
enum Kind {
    Pcap(Header),
    PcapNg,
}

/// Says which format a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format<'a> {
    /// pcap, with its header.
    Pcap(&'a Header),
    /// pcapng.
    PcapNg,
}

impl<R: Read> Reader<R> {
    /// Reads the beginning of a capture file, and waits for no more than that.
    ///
    /// # Errors
    /// The file begins as no capture does, is of an unknown version, or ends too early; reading failed.
    pub fn new(input: R) -> Result<Self, Error> {
        Self::open(input, None)
    }

    /// Reads the beginning as [`new`](Self::new) does, and the file as libpcap 1.10.3 does, for tcpdump's sake.
    ///
    /// What libpcap refuses, as interfaces of several link types, is an error ([`Fault::Libpcap`]); of a packet of a pcap file
    /// that is longer than the snapshot length the rest is dropped. [`Error::libpcap`] has its words.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn as_libpcap(input: R) -> Result<Self, Error> {
        Self::open(input, Some(Rules::default()))
    }

    fn open(input: R, rules: Option<Rules>) -> Result<Self, Error> {
        let mut source = Source::open(input)?;
        let have = source.fill(4)?;
        let Some(&magic) = source.available().first_chunk() else {
            return Err(truncated(0, Part::Magic, 4, have));
        };
        let mut reader =
            Self { source, format: Kind::PcapNg, section: Section::default(), rules, ended: false };
        if Header::from_magic(magic).is_some() {
            reader.open_pcap(magic)?;
        } else if u32::from_le_bytes(magic) == BlockType::SECTION_HEADER.0 {
            reader.open_pcapng(magic)?;
        } else {
            return Err(Error { offset: 0, fault: Fault::UnknownFormat { magic } });
        }
        Ok(reader)
    }

    /// Reads the beginning as [`new`](Self::new) does, and tells by the first records of a pcap file whether it is
    /// of a variant that the magic number does not give away ([`Variant`](crate::Variant)).
    ///
    /// It waits for the first 64 KiB or the end, so it is for files, and not for a capture that is still going on.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn guessing(input: R) -> Result<Self, Error> {
        let mut reader = Self::new(input)?;
        if let Kind::Pcap(header) = &mut reader.format {
            reader.source.fill(GUESS_BYTES)?;
            header.variant = guess(header, reader.source.available());
        }
        Ok(reader)
    }

    fn open_pcap(&mut self, magic: [u8; 4]) -> Result<(), Error> {
        let unknown = || Error { offset: 0, fault: Fault::UnknownFormat { magic } };
        let (variant, ..) = Header::from_magic(magic).ok_or_else(unknown)?;
        let need = FILE_HEADER + variant.extra_header();
        let have = self.source.fill(need)?;
        if have < need {
            return Err(truncated(0, Part::FileHeader, need, have));
        }
        let header = Header::read(self.source.available()).ok_or_else(unknown)?;
        if !header.version_is_known() {
            let fault = Fault::Version { pcapng: false, major: header.major, minor: header.minor };
            return Err(Error { offset: 0, fault });
        }
        self.source.take(need);
        self.section.interfaces.push(Interface::new(header.linktype(), header.snaplen, header.resolution));
        self.format = Kind::Pcap(header);
        Ok(())
    }

    /// Looks at the first section header and leaves it there, for it is a block too.
    fn open_pcapng(&mut self, magic: [u8; 4]) -> Result<(), Error> {
        if self.note()?.is_none() {
            return Err(Error { offset: 0, fault: Fault::UnknownFormat { magic } });
        }
        Ok(())
    }

    /// Returns the format, and the header of a pcap file.
    #[must_use]
    pub const fn format(&self) -> Format<'_> {
        match &self.format {
            Kind::Pcap(header) => Format::Pcap(header),
            Kind::PcapNg => Format::PcapNg,
        }
    }

    /// Returns how the file is compressed; `None` when it is not.
    #[must_use]
    pub const fn compression(&self) -> Option<Compression> {
        self.source.compression()
    }

    /// Returns the interfaces that the section has described up to here; a pcap file has one.
    #[must_use]
    pub fn interfaces(&self) -> &[Interface] {
        &self.section.interfaces
    }

    /// Returns where the next record or block begins, in bytes of the file, or of what was unpacked.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.source.offset()
    }

    /// Reads blocks up to and with the first that describes an interface, as libpcap does when it opens a file; so the
    /// link type is known before the first packet. Returns whether there is one: a pcap file has, and of a pcapng file without
    /// libpcap says `the capture file has no Interface Description Blocks`.
    ///
    /// # Errors
    /// As [`next_packet`](Self::next_packet); a packet that comes before any interface is one.
    pub fn first_interface(&mut self) -> Result<bool, Error> {
        while self.section.interfaces.is_empty() {
            if self.next_block()?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Lends the next packet; `None` at the end, and after an error.
    ///
    /// Blocks of pcapng that hold no packet are passed over; the interfaces that they describe are in
    /// [`interfaces`](Self::interfaces).
    ///
    /// # Errors
    /// What is wrong with the file, after every packet before it; reading failed. After an error there is nothing more,
    /// unless it was that nothing has come yet (`WouldBlock`, `TimedOut`).
    #[inline]
    pub fn next_packet(&mut self) -> Result<Option<Packet<'_>>, Error> {
        if self.ended {
            return Ok(None);
        }
        match self.format {
            Kind::Pcap(_) => self.next_record(),
            Kind::PcapNg => self.next_packet_block(),
        }
    }

    /// Lends the next block of a pcapng file, whatever it holds; `None` at the end, and after an error.
    ///
    /// # Errors
    /// As [`next_packet`](Self::next_packet); [`Fault::NoBlocks`] when the file is pcap.
    pub fn next_block(&mut self) -> Result<Option<Block<'_>>, Error> {
        if self.ended {
            return Ok(None);
        }
        if let Kind::Pcap(_) = self.format {
            return Err(Error { offset: self.offset(), fault: Fault::NoBlocks });
        }
        match self.note() {
            Ok(Some(found)) => {
                let (offset, section) = (self.source.offset(), self.section.number);
                Ok(Some(found.block(self.source.take(found.length), offset, section)))
            }
            Ok(None) => Ok(None),
            Err(error) => Err(self.end(error)),
        }
    }

    #[inline]
    fn next_record(&mut self) -> Result<Option<Packet<'_>>, Error> {
        let Kind::Pcap(header) = &self.format else { return Ok(None) };
        let header = *header;
        let offset = self.source.offset();
        let extra = header.variant.extra();
        let before = RECORD_HEADER + extra;
        match self.source.fill(before) {
            Ok(have) if have >= before => {}
            Ok(0) => return Ok(None),
            Ok(have) => return Err(self.end(truncated(offset, Part::RecordHeader, before, have))),
            Err(error) => return Err(self.end(error)),
        }
        let Some(first) = self.source.available().first_chunk() else { return Ok(None) };
        let record = header.record(first);
        let linktype = header.linktype();
        if record.captured > linktype.longest() {
            let (captured, limit, snaplen) = (record.captured, linktype.longest(), header.snaplen);
            return Err(self.end(Error { offset, fault: Fault::PacketLength { captured, limit, snaplen } }));
        }
        let need = before + size(record.captured);
        match self.source.fill(need) {
            Ok(have) if have >= need => {}
            Ok(have) => {
                let (need, have) = (u64::from(record.captured), count(have - before));
                let fault = Fault::Truncated { part: Part::Packet, need, have, snaplen: header.snaplen };
                return Err(self.end(Error { offset, fault }));
            }
            Err(error) => return Err(self.end(error)),
        }
        let bytes = self.source.take(need);
        let (bytes, mut data) = bytes.split_at_checked(before).unwrap_or((&[], bytes));
        if self.rules.is_some() {
            data = data.get(..Rules::kept(&header)).unwrap_or(data);
        }
        Ok(Some(Packet {
            offset,
            section: 0,
            interface: 0,
            linktype,
            timestamp: Some(Timestamp {
                seconds: i64::from(record.seconds),
                fraction: u64::from(record.fraction),
                resolution: header.resolution,
            }),
            original_length: record.original,
            data,
            extra: bytes.get(RECORD_HEADER..).unwrap_or(&[]),
            options: Options::NONE,
        }))
    }

    #[inline]
    fn next_packet_block(&mut self) -> Result<Option<Packet<'_>>, Error> {
        Ok(self.next_described()?.map(|(packet, _)| packet))
    }

    /// Lends the next packet as [`next_packet`](Self::next_packet) does, and what is known of its interface; of a pcap file's that
    /// is [`interfaces`](Self::interfaces) alone.
    ///
    /// # Errors
    /// As [`next_packet`](Self::next_packet).
    #[inline]
    pub fn next_described(&mut self) -> Result<Option<(Packet<'_>, Option<&Interface>)>, Error> {
        if self.ended {
            return Ok(None);
        }
        if let Kind::Pcap(_) = self.format {
            return Ok(self.next_record()?.map(|packet| (packet, None)));
        }
        let found = loop {
            match self.note() {
                Ok(Some(found)) if found.kind.is_packet() => break found,
                Ok(Some(found)) => {
                    self.source.take(found.length);
                }
                Ok(None) => return Ok(None),
                Err(error) => return Err(self.end(error)),
            }
        };
        let offset = self.source.offset();
        let section = self.section.number;
        let mut packet = found.block(self.source.take(found.length), offset, section).packet();
        if let (Some(rules), Ok(Some(read))) = (&self.rules, &packet)
            && let Err(fault) = rules.packet(read, found.interface)
        {
            packet = Err(Error { offset, fault });
        }
        self.ended |= packet.is_err();
        Ok(packet?.map(|packet| (packet, self.section.interface(packet.interface))))
    }

    /// Waits for the next block whole, and takes note of what it changes.
    #[inline]
    fn note(&mut self) -> Result<Option<Found>, Error> {
        let Some(found) = self.measure()? else { return Ok(None) };
        if matches!(found.kind, BlockType::SECTION_HEADER | BlockType::INTERFACE_DESCRIPTION) {
            self.note_slowly(found)?;
        }
        Ok(Some(found))
    }

    #[cold]
    fn note_slowly(&mut self, found: Found) -> Result<(), Error> {
        let offset = self.source.offset();
        let bytes = self.source.available().get(..found.length).unwrap_or(&[]);
        let content = found.block(bytes, offset, 0).content()?;
        let judged = self.rules.as_mut().map_or(Ok(()), |rules| rules.content(&content));
        let noted = judged.and_then(|()| self.section.note(&content, found.order, offset == 0));
        noted.map_err(|fault| Error { offset, fault })
    }

    /// Waits for the next block whole, and judges its lengths.
    #[inline]
    fn measure(&mut self) -> Result<Option<Found>, Error> {
        let offset = self.source.offset();
        let have = self.source.fill(8)?;
        let Some(&[a, b, c, d, e, f, g, h]) = self.source.available().first_chunk() else {
            if have == 0 {
                return Ok(None);
            }
            return Err(truncated(
                offset,
                if offset == 0 { Part::SectionHeader } else { Part::BlockHeader },
                8,
                have,
            ));
        };
        let mut order = self.section.order;
        // The type of a section header reads the same in both orders.
        if u32::from_le_bytes([a, b, c, d]) == BlockType::SECTION_HEADER.0 {
            order = self.byte_order(offset)?;
        }
        let kind = BlockType(order.u32([a, b, c, d]));
        let length = order.u32([e, f, g, h]);
        let bad = |why| Error { offset, fault: Fault::BlockLength { kind, length, why } };
        let least = if kind == BlockType::SECTION_HEADER { kind.shortest() } else { 12 };
        if length < least {
            return Err(bad(BadLength::Short(least)));
        }
        if !length.is_multiple_of(4) {
            return Err(bad(BadLength::Unaligned));
        }
        if let Some(rules) = &self.rules {
            let judged = rules.block(order, self.section.order, length, offset == 0);
            judged.map_err(|fault| Error { offset, fault })?;
        }
        if length > LONGEST_BLOCK {
            return Err(bad(BadLength::Long(LONGEST_BLOCK)));
        }
        let need = size(length);
        let have = self.source.fill(need)?;
        if have < need {
            let part = if offset == 0 { Part::SectionHeader } else { Part::Block };
            return Err(truncated(offset, part, need, have));
        }
        let block = self.source.available().get(..need).unwrap_or(&[]);
        let trailer = block.last_chunk().map_or(0, |bytes| order.u32(*bytes));
        if trailer != length {
            return Err(Error { offset, fault: Fault::Trailer { header: length, trailer } });
        }
        // A block whose two lengths agree has the length that it says, and is too short for its type only then.
        if length < kind.shortest() {
            return Err(bad(BadLength::Short(kind.shortest())));
        }
        let body = body(block);
        let interface = self.section.facts(kind, body).map_err(|fault| Error { offset, fault })?;
        Ok(Some(Found { kind, order, length: need, interface }))
    }

    /// Reads the byte order of the section that begins here.
    #[cold]
    fn byte_order(&mut self, offset: u64) -> Result<ByteOrder, Error> {
        let have = self.source.fill(12)?;
        let Some(&[.., a, b, c, d]) = self.source.available().first_chunk::<12>() else {
            return Err(truncated(offset, Part::SectionHeader, 12, have));
        };
        let magic = [a, b, c, d];
        [ByteOrder::Little, ByteOrder::Big]
            .into_iter()
            .find(|order| order.u32(magic) == BYTE_ORDER_MAGIC)
            .ok_or(Error { offset, fault: Fault::ByteOrderMagic { magic } })
    }

    /// Makes an error the last, unless it is only that nothing has come yet.
    #[cold]
    fn end(&mut self, error: Error) -> Error {
        let later = matches!(&error.fault, Fault::Io(error)
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
        self.ended = !later;
        error
    }
}

/// A block that is there whole.
#[derive(Clone, Copy)]
struct Found {
    kind: BlockType,
    order: ByteOrder,
    length: usize,
    interface: Facts,
}

impl Found {
    #[inline]
    fn block(self, bytes: &[u8], offset: u64, section: u32) -> Block<'_> {
        let Self { kind, order, interface, .. } = self;
        Block { offset, kind, order, section, body: body(bytes), interface }
    }
}

/// Returns what stands between a block's lengths.
#[inline]
fn body(block: &[u8]) -> &[u8] {
    let end = block.len().saturating_sub(4);
    block.get(8..end).unwrap_or(&[])
}

#[cold]
fn truncated(offset: u64, part: Part, need: usize, have: usize) -> Error {
    Error { offset, fault: Fault::Truncated { part, need: count(need), have: count(have), snaplen: 0 } }
}
