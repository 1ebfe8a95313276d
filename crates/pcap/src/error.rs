//! What can be wrong with a capture file: where, what was expected, and what came.
//!
//! The fields hold enough for another tool's sentence too; [`Error::libpcap`] has the words that tcpdump says (see
//! `libpcap.rs`).

use core::fmt;
use std::io;

use crate::{BlockType, Compression};

/// Says what went wrong with a capture file, and at which byte.
#[derive(Debug)]
pub struct Error {
    /// Where the record, block or header began, in bytes of the file; in a compressed file, of what was unpacked.
    pub offset: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// Says what is wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fault {
    /// Reading or writing failed.
    Io(io::Error),
    /// What is compressed cannot be unpacked further.
    Compressed {
        /// How it is compressed.
        by: Compression,
        /// What the decoder said.
        error: io::Error,
    },
    /// The file ends too early.
    Truncated {
        /// In what.
        part: Part,
        /// The bytes that this part has.
        need: u64,
        /// The bytes of it that are there.
        have: u64,
        /// The snapshot length of the file where the part is a packet of pcap, else 0.
        snaplen: u32,
    },
    /// The file begins with nothing that a capture begins with.
    UnknownFormat {
        /// Its first four bytes.
        magic: [u8; 4],
    },
    /// The file is a pcap or pcapng file of a version that is not known.
    Version {
        /// Whether it is pcapng.
        pcapng: bool,
        /// The major version.
        major: u16,
        /// The minor version.
        minor: u16,
    },
    /// A packet claims more bytes than one of its link type can have.
    PacketLength {
        /// The bytes that it claims.
        captured: u32,
        /// The bytes that one may have.
        limit: u32,
        /// The snapshot length of its interface.
        snaplen: u32,
    },
    /// A block's length cannot be.
    BlockLength {
        /// The block's type.
        kind: BlockType,
        /// The length that stands at its beginning.
        length: u32,
        /// Why it cannot be.
        why: BadLength,
    },
    /// A block says one length at its beginning and another at its end.
    Trailer {
        /// The length at the beginning.
        header: u32,
        /// The length at the end.
        trailer: u32,
    },
    /// A section header has no byte-order magic.
    ByteOrderMagic {
        /// What stands in its place.
        magic: [u8; 4],
    },
    /// What a block says of its contents is more than it holds.
    Contents {
        /// The block's type.
        kind: BlockType,
    },
    /// A packet or statistic is of an interface that its section has not described.
    NoInterface {
        /// The number it names.
        interface: u32,
        /// How many are described.
        described: u32,
        /// Whether no interface has been described in the whole file.
        none_yet: bool,
    },
    /// The interfaces of a section take more memory than they may.
    Interfaces {
        /// The bytes that they may take.
        limit: u64,
    },
    /// The file is pcap, which has packets and no blocks.
    NoBlocks,
    /// The file is sound, but not one that libpcap reads; the sentence is libpcap's. Only
    /// [`Reader::as_libpcap`](crate::Reader::as_libpcap) says so.
    Libpcap(String),
    /// What was to be written does not fit the format.
    Unwritable {
        /// What it is.
        what: &'static str,
        /// Why it does not fit.
        why: &'static str,
    },
}

impl Fault {
    /// Names the program that packed a file that is not unpacked here, by its first bytes: xz, bzip2 or lz4. Sources: the
    /// formats' descriptions.
    #[must_use]
    pub const fn packer(&self) -> Option<&'static str> {
        match self {
            Self::UnknownFormat { magic: [0xfd, b'7', b'z', b'X'] } => Some("xz"),
            Self::UnknownFormat { magic: [b'B', b'Z', b'h', _] } => Some("bzip2"),
            Self::UnknownFormat { magic: [0x04, 0x22, 0x4d, 0x18] } => Some("lz4"),
            _ => None,
        }
    }
}

/// Names a part of a file that was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The four bytes that say what a file is.
    Magic,
    /// The header of a pcap file.
    FileHeader,
    /// The header of a packet in a pcap file.
    RecordHeader,
    /// A packet in a pcap file.
    Packet,
    /// The section header that a pcapng file begins with.
    SectionHeader,
    /// The type and length of a block.
    BlockHeader,
    /// A block.
    Block,
}

/// Says why a block's length cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadLength {
    /// It is less than such a block takes; this is what it takes.
    Short(u32),
    /// It is not a multiple of four.
    Unaligned,
    /// It is more than this, which is more than any block needs.
    Long(u32),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset {}: {}", self.offset, self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Compressed { by, error } => write!(f, "unpacking {by}: {error}"),
            Self::Truncated { part, need, have, .. } => {
                write!(f, "the file ends in {part}: {need} bytes belong to it, {have} are there")
            }
            Self::UnknownFormat { .. } if let Some(packer) = self.packer() => {
                write!(f, "packed by {packer}, which is not unpacked here")
            }
            Self::UnknownFormat { magic } => {
                write!(f, "neither pcap nor pcapng: a magic number was expected, and ")?;
                bytes(f, magic)
            }
            Self::Version { pcapng, major, minor } => {
                let (format, known) =
                    if *pcapng { ("pcapng", "1.0 and 1.2") } else { ("pcap", "2.0 to 2.4 and 543.0") };
                write!(f, "{format} of version {major}.{minor}: {known} are known")
            }
            Self::PacketLength { captured, limit, .. } => {
                write!(f, "a packet of {captured} bytes: {limit} are the most for its link type")
            }
            Self::BlockLength { kind, length, why } => {
                write!(f, "{kind} of {length} bytes: ")?;
                match why {
                    BadLength::Short(least) => write!(f, "{least} are the least"),
                    BadLength::Unaligned => f.write_str("a multiple of 4 was expected"),
                    BadLength::Long(most) => write!(f, "{most} are the most"),
                }
            }
            Self::Trailer { header, trailer } => {
                write!(f, "a block of {header} bytes that ends with a length of {trailer}")
            }
            Self::ByteOrderMagic { magic } => {
                f.write_str("a section header without byte order: 1a2b3c4d was expected, and ")?;
                bytes(f, magic)
            }
            Self::Contents { kind } => write!(f, "{kind} says that it holds more than it does"),
            Self::NoInterface { interface, described, .. } => {
                write!(f, "interface {interface} is named, and the section has described {described}")
            }
            Self::Interfaces { limit } => {
                write!(f, "the interfaces described take more than {limit} bytes")
            }
            Self::NoBlocks => f.write_str("a pcap file has packets alone, and no blocks"),
            Self::Libpcap(words) => f.write_str(words),
            Self::Unwritable { what, why } => write!(f, "{what} cannot be written: {why}"),
        }
    }
}

fn bytes(f: &mut fmt::Formatter<'_>, bytes: &[u8; 4]) -> fmt::Result {
    let [a, b, c, d] = bytes;
    write!(f, "{a:02x}{b:02x}{c:02x}{d:02x} came")
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Magic => "its magic number",
            Self::FileHeader => "its header",
            Self::RecordHeader => "the header of a packet",
            Self::Packet => "a packet",
            Self::SectionHeader => "its section header",
            Self::BlockHeader => "the header of a block",
            Self::Block => "a block",
        })
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) | Fault::Compressed { error, .. } => Some(error),
            _ => None,
        }
    }
}
