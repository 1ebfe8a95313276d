//! What libpcap says of a broken file, for those whose scripts know tcpdump's words.
//!
//! Written down from what tcpdump 4.99.3 with libpcap 1.10.3 prints for files broken in every way; `tests/tcpdump.rs`
//! holds the two against each other. Where libpcap judges otherwise than we do (it takes one byte order, link type and
//! snapshot length per file, and blocks of 16 MiB), [`Reader::as_libpcap`](crate::Reader::as_libpcap) judges as it does,
//! by [`Rules`].

use crate::block::{BlockType, Facts};
use crate::content::{Content, InterfaceDescription};
use crate::error::{BadLength, Error, Fault, Part};
use crate::header::{Header, Variant};
use crate::linktype::LinkType;
use crate::option::{Value, code};
use crate::order::{ByteOrder, size};
use crate::packet::Packet;

/// What libpcap takes for a snapshot length when the file has none that can be.
const SNAPLEN: u32 = LinkType::EN10MB.longest();

/// The bytes that a block may have at the most.
const LONGEST: u64 = 16 << 20;

/// The bytes that the first section header may have at the most.
const LONGEST_HEADER: u32 = 1 << 20;

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
            Fault::PacketLength { captured, snaplen, limit } => {
                let snaplen = snapshot(*snaplen, *limit);
                format!("invalid packet capture length {captured}, bigger than snaplen of {snaplen}")
            }
            Fault::BlockLength { kind: BlockType::SECTION_HEADER, length, .. } if first => format!(
                "Section Header Block in pcapng dump file has invalid length 28 < _{length}_ < {LONGEST_HEADER} \
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
            Fault::Libpcap(words) => words.clone(),
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
        Part::Packet => ("", "captured ", need.min(u64::from(snapshot(snaplen, SNAPLEN))), have),
        Part::SectionHeader if have < 12 => return UNKNOWN.to_owned(),
        Part::SectionHeader => ("pcapng ", "", need.saturating_sub(12), have.saturating_sub(12)),
        Part::BlockHeader => ("pcapng ", "", need, have),
        Part::Block if need > LONGEST => return format!("pcapng block size {need} > maximum {LONGEST}"),
        Part::Block => ("pcapng ", "", need.saturating_sub(8), have.saturating_sub(8)),
    };
    format!("truncated {format}dump file; tried to read {need} {what}bytes, only got {have}")
}

/// Returns the snapshot length that libpcap takes a file's for.
pub(crate) const fn snapshot(snaplen: u32, longest: u32) -> u32 {
    if snaplen == 0 || snaplen > i32::MAX.cast_unsigned() { longest } else { snaplen }
}

/// What libpcap asks of a file beyond the formats.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Link type and snapshot length of the file's first interface.
    first: Option<(u16, u32)>,
}

impl Rules {
    /// Judges a block by its length, and a section header by its byte order.
    pub(crate) fn block(
        &self,
        order: ByteOrder,
        before: ByteOrder,
        length: u32,
        first: bool,
    ) -> Result<(), Fault> {
        if first {
            let (kind, why) = (BlockType::SECTION_HEADER, BadLength::Long(LONGEST_HEADER));
            let fits = length < LONGEST_HEADER;
            return if fits { Ok(()) } else { Err(Fault::BlockLength { kind, length, why }) };
        }
        // It reads a later section's header in the byte order of the first.
        let length = if order == before { length } else { length.swap_bytes() };
        if u64::from(length) > LONGEST {
            return Err(Fault::Libpcap(format!("pcapng block size {length} > maximum {LONGEST}")));
        }
        Ok(())
    }

    /// Judges a block that describes an interface.
    pub(crate) fn content(&mut self, content: &Content<'_>) -> Result<(), Fault> {
        let Content::InterfaceDescription(interface) = content else { return Ok(()) };
        let InterfaceDescription { linktype, snaplen, .. } = *interface;
        let longest = LinkType(u32::from(linktype)).longest();
        let (first_type, first_snaplen) = *self.first.get_or_insert((linktype, snaplen));
        let refused = if linktype != first_type {
            format!("an interface has a type {linktype} different from the type of the first interface")
        } else if snapshot(snaplen, longest) != snapshot(first_snaplen, longest) {
            format!(
                "an interface has a snapshot length {snaplen} different from the snapshot length of the first \
                 interface"
            )
        } else {
            return clock(interface)
                .map_or(Ok(()), |words| Err(Fault::Libpcap(format!("Interface Description Block {words}"))));
        };
        Err(Fault::Libpcap(refused))
    }

    /// Judges a packet of pcapng, which may be no longer than the snapshot length.
    pub(crate) fn packet(&self, packet: &Packet<'_>, facts: Facts) -> Result<(), Fault> {
        let limit = snapshot(facts.snaplen, facts.linktype.longest());
        let captured = u32::try_from(packet.data.len()).unwrap_or(u32::MAX);
        if captured > limit {
            return Err(Fault::PacketLength { captured, limit, snaplen: limit });
        }
        Ok(())
    }

    /// Returns how much of a packet of pcap it hands on: as much as the snapshot length says.
    pub(crate) fn kept(header: &Header) -> usize {
        // What a modified record's header has more may be counted in, it thinks.
        let more = if header.variant == Variant::Modified { 14 } else { 0 };
        size(snapshot(header.snaplen, header.linktype().longest()).saturating_add(more))
    }
}

/// Says what it dislikes in how an interface counts time.
fn clock(interface: &InterfaceDescription<'_>) -> Option<String> {
    let (mut resolutions, mut offsets) = (0, 0);
    for option in interface.options.iter() {
        match (option.code, option.value) {
            (code::IF_TSRESOL, Value::U8(byte)) => {
                resolutions += 1;
                let (base, most) = if byte < 0x80 { (10, 19) } else { (2, 63) };
                let power = byte & 0x7f;
                if resolutions == 1 && power > most {
                    return Some(format!("if_tsresol option resolution {base}^-{power} is too high"));
                }
            }
            (code::IF_TSRESOL, Value::Bytes(bytes)) => {
                return Some(format!("has if_tsresol option with length {} != 1", bytes.len()));
            }
            (code::IF_TSOFFSET, Value::I64(_)) => offsets += 1,
            (code::IF_TSOFFSET, Value::Bytes(bytes)) => {
                return Some(format!("has if_tsoffset option with length {} != 8", bytes.len()));
            }
            _ => {}
        }
        for (count, name) in [(resolutions, "if_tsresol"), (offsets, "if_tsoffset")] {
            if count > 1 {
                return Some(format!("has more than one {name} option"));
            }
        }
    }
    None
}
