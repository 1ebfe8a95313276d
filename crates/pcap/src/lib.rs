//! Capture files: pcap and pcapng, read and written.
//!
//! - [`Reader`] reads either from anything that is `Read`, a pipe too, and what gzip or Zstandard has packed. It lends
//!   [`Packet`]s without copying, and the [`Block`]s of pcapng to whoever asks for them.
//! - [`PcapWriter`] and [`PcapNgWriter`] write whole records, so that a writer that is killed leaves a file that can
//!   be read.
//! - [`Content`] is what a block says, [`Options`] are what it says beside that, with [`code`]s and [`Value`]s.
//! - [`Timestamp`] keeps times exactly, [`LinkType`] names what packets begin with.
//! - [`Error`] says what is wrong with a file and where; [`Error::libpcap`] says it as tcpdump does.
//!
//! The formats are those of draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. The crate is pure: it opens no file and
//! reads no clock; no input makes it panic, and none takes more memory than has arrived of it, and a window.
//!
//! ```
//! use jackfield_pcap::{Header, LinkType, PcapWriter, Reader, Resolution, Timestamp};
//!
//! let header = Header::new(LinkType::RAW, Resolution::NANOSECONDS);
//! let mut writer = PcapWriter::new(Vec::new(), &header)?;
//! writer.packet(Timestamp::new(1, 500), 40, b"the first bytes of 40")?;
//! let file = writer.finish()?;
//!
//! let mut reader = Reader::new(&file[..])?;
//! while let Some(packet) = reader.next_packet()? {
//!     assert_eq!(packet.linktype.to_string(), "RAW (Raw IP)");
//!     assert_eq!((packet.data.len(), packet.original_length), (21, 40));
//!     assert_eq!(packet.timestamp.map(Timestamp::nanoseconds), Some(1_000_000_500));
//! }
//! # Ok::<(), jackfield_pcap::Error>(())
//! ```
#![forbid(unsafe_code)]

mod block;
#[doc(hidden)]
pub mod check;
mod compressed;
mod content;
mod error;
mod header;
mod libpcap;
mod linktype;
mod ng;
mod ng_writer;
mod option;
mod order;
mod packet;
mod pcap_writer;
mod reader;
mod records;
mod source;
mod time;

pub use block::{Block, BlockType};
pub use compressed::Compression;
pub use content::{
    Content, Custom, DecryptionSecrets, EnhancedPacket, InterfaceDescription, InterfaceStatistics,
    NameResolution, NamedAddress, ObsoletePacket, Record, Records, SectionHeader, SimplePacket,
};
pub use error::{BadLength, Error, Fault, Part};
pub use header::{Header, Variant};
pub use linktype::LinkType;
pub use ng::Interface;
pub use ng_writer::PcapNgWriter;
pub use option::{Opt, Options, Value, code};
pub use order::ByteOrder;
pub use packet::Packet;
pub use pcap_writer::PcapWriter;
pub use reader::{Format, Reader};
pub use time::{Resolution, Timestamp};
