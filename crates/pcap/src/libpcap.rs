//! What libpcap says of a broken file, for those whose scripts know tcpdump's words.
//!
//! Written down from what tcpdump 4.99.3 with libpcap 1.10.3 prints for files broken in every way; `tests/tcpdump.rs`
//! holds the two against each other. Where libpcap judges otherwise than we do (it takes one byte order, link type and
//! snapshot length per file, and blocks of 16 MiB) there is no error of ours to put in its words.

use crate::block::BlockType;
use crate::error::{BadLength, Error, Fault, Part};
use crate::linktype::LinkType;

/// What libpcap takes for a snapshot length when the file has none that can be.
const SNAPLEN: u32 = LinkType::EN10MB.longest();

/// The bytes that a block may have at the most.
const LONGEST: u64 = 16 << 20;

impl Error {
    /// Returns the sentence of libpcap 1.10.3 for the same fault; `None` where it has none.
    ///
    /// tcpdump puts `tcpdump: ` before it, and `pcap_loop: ` too once it has begun to read packets.
    #[must_use]
    pub fn libpcap(&self) -> Option<String> {
        let first = self.offset == 0;
        Some(match &self.fault {
            Fault::Io(error) => format!("error reading dump file: {error}"),
            Fault::UnknownFormat { .. } | Fault::Compressed { .. } => UNKNOWN.to_owned(),
            Fault::ByteOrderMagic { .. } if first => UNKNOWN.to_owned(),
            Fault::Truncated { part, need, have, snaplen } => truncated(*part, *need, *have, *snaplen),
            Fault::Version { pcapng: false, major: 0 | 1, .. } => "archaic pcap savefile format".to_owned(),
            Fault::Version { pcapng, major, minor } => {
                let format = if *pcapng { "pcapng" } else { "pcap" };
                format!("unsupported {format} savefile version {major}.{minor}")
            }
            Fault::PacketLength { captured, snaplen, .. } => {
                let snaplen = snapshot(*snaplen);
                format!("invalid packet capture length {captured}, bigger than snaplen of {snaplen}")
            }
            Fault::BlockLength { kind: BlockType::SECTION_HEADER, length, .. } if first => format!(
                "Section Header Block in pcapng dump file has invalid length 28 < _{length}_ < 1048576 \
                 (BT_SHB_INSANE_MAX)"
            ),
            Fault::BlockLength { kind, length, why } => match why {
                BadLength::Short(_) if *length < 12 => {
                    format!("block in pcapng dump file has a length of {length} < 12")
                }
                BadLength::Short(_) => short(*kind),
                BadLength::Unaligned => {
                    format!("block in pcapng dump file has a length of {length} that is not a multiple of 4")
                }
                BadLength::Long(_) => format!("pcapng block size {length} > maximum {LONGEST}"),
            },
            Fault::Trailer { .. } => "block total length in header and trailer don't match".to_owned(),
            Fault::Contents { kind } => short(*kind),
            Fault::NoInterface { none_yet: true, .. } => {
                "the capture file has a packet block before any Interface Description Blocks".to_owned()
            }
            Fault::NoInterface { interface, .. } => format!(
                "a packet arrived on interface {interface}, but there's no Interface Description Block for that \
                 interface"
            ),
            _ => return None,
        })
    }
}

const UNKNOWN: &str = "unknown file format";

fn short(kind: BlockType) -> String {
    format!("block of type {} in pcapng dump file is too short", kind.0)
}

fn truncated(part: Part, need: u64, have: u64, snaplen: u32) -> String {
    // It counts what one read wanted, and it reads magic number, header and block by themselves.
    let (format, what, need, have) = match part {
        Part::Magic => ("", "file header ", need, have),
        Part::FileHeader => ("", "file header ", need, have.saturating_sub(4)),
        Part::RecordHeader => ("", "header ", need, have),
        Part::Packet => ("", "captured ", need.min(u64::from(snapshot(snaplen))), have),
        Part::SectionHeader if have < 12 => return UNKNOWN.to_owned(),
        Part::SectionHeader => ("pcapng ", "", need.saturating_sub(12), have.saturating_sub(12)),
        Part::BlockHeader => ("pcapng ", "", need, have),
        Part::Block if need > LONGEST => return format!("pcapng block size {need} > maximum {LONGEST}"),
        Part::Block => ("pcapng ", "", need.saturating_sub(8), have.saturating_sub(8)),
    };
    format!("truncated {format}dump file; tried to read {need} {what}bytes, only got {have}")
}

/// Returns the snapshot length that libpcap takes a file's for.
const fn snapshot(snaplen: u32) -> u32 {
    if snaplen == 0 || snaplen > i32::MAX.cast_unsigned() { SNAPLEN } else { snaplen }
}
