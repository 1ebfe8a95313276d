//! What blocks of pcapng say, read from their bodies and made into them.
//!
//! One type per block of draft-ietf-opsawg-pcapng, section 4, with its fields in order. Reading borrows; what was read
//! is written to equal bytes in the same byte order, and to equal contents in the other.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::block::BlockType;
use crate::option::{Options, tlv};
use crate::order::{ByteOrder, Cursor, halves, padding, size};

/// Holds what a block says.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Content<'a> {
    /// Section Header Block.
    SectionHeader(SectionHeader<'a>),
    /// Interface Description Block.
    InterfaceDescription(InterfaceDescription<'a>),
    /// Enhanced Packet Block.
    EnhancedPacket(EnhancedPacket<'a>),
    /// Simple Packet Block.
    SimplePacket(SimplePacket<'a>),
    /// Packet Block, which is obsolete.
    Packet(ObsoletePacket<'a>),
    /// Name Resolution Block.
    NameResolution(NameResolution<'a>),
    /// Interface Statistics Block.
    InterfaceStatistics(InterfaceStatistics<'a>),
    /// Decryption Secrets Block.
    DecryptionSecrets(DecryptionSecrets<'a>),
    /// systemd Journal Export Block: one entry as `journalctl -o export` writes it, and its padding.
    SystemdJournal(&'a [u8]),
    /// Custom Block.
    Custom(Custom<'a>),
    /// A block of another type: its body.
    Unknown(BlockType, &'a [u8]),
}

/// Begins a section: Section Header Block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectionHeader<'a> {
    /// The format's major version, 1.
    pub major: u16,
    /// The format's minor version, 0; some write 2, which is the same.
    pub minor: u16,
    /// The bytes of the section after this block; `u64::MAX`, -1 in the file, when nobody counted.
    pub section_length: u64,
    /// Its options, `shb_…`.
    pub options: Options<'a>,
}

impl Default for SectionHeader<'_> {
    fn default() -> Self {
        Self { major: 1, minor: 0, section_length: u64::MAX, options: Options::NONE }
    }
}

/// Describes an interface: Interface Description Block. The first of a section is number 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InterfaceDescription<'a> {
    /// What its packets begin with.
    pub linktype: u16,
    /// Two bytes that are to be 0.
    pub reserved: u16,
    /// The bytes that are kept of a packet at the most; 0 for all.
    pub snaplen: u32,
    /// Its options, `if_…`.
    pub options: Options<'a>,
}

/// Holds a packet: Enhanced Packet Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EnhancedPacket<'a> {
    /// The number of its interface.
    pub interface: u32,
    /// When it was captured, in ticks of the interface.
    pub ticks: u64,
    /// The bytes that it had on the link.
    pub original_length: u32,
    /// The bytes that were captured.
    pub data: &'a [u8],
    /// Its options, `epb_…`.
    pub options: Options<'a>,
}

impl<'a> EnhancedPacket<'a> {
    /// Reads the body of a block; `None` when it holds less than it says.
    #[inline]
    pub(crate) fn read(body: &'a [u8], order: ByteOrder) -> Option<Self> {
        let (numbers, rest) = body.split_first_chunk::<20>()?;
        let mut from = Cursor::new(numbers, order);
        let interface = from.u32()?;
        let ticks = from.halves()?;
        let captured = from.u32()?;
        let original_length = from.u32()?;
        let mut from = Cursor::new(rest, order);
        let data = from.padded(size(captured))?;
        let options = Options::raw(from.rest, order, BlockType::ENHANCED_PACKET);
        Some(Self { interface, ticks, original_length, data, options })
    }
}

/// Holds a packet of interface 0 without time: Simple Packet Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SimplePacket<'a> {
    /// The bytes that it had on the link.
    pub original_length: u32,
    /// The bytes that were captured: as many, or as the interface's snapshot length says.
    pub data: &'a [u8],
}

/// Holds a packet as early files do: Packet Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ObsoletePacket<'a> {
    /// The number of its interface.
    pub interface: u16,
    /// Packets lost since the one before; 65,535 when nobody counted.
    pub drops: u16,
    /// When it was captured, in ticks of the interface.
    pub ticks: u64,
    /// The bytes that it had on the link.
    pub original_length: u32,
    /// The bytes that were captured.
    pub data: &'a [u8],
    /// Its options, `pack_…`.
    pub options: Options<'a>,
}

/// Gives names to addresses: Name Resolution Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NameResolution<'a> {
    /// Addresses with their names.
    pub records: Records<'a>,
    /// Its options, `ns_…`.
    pub options: Options<'a>,
}

/// Counts what an interface saw: Interface Statistics Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct InterfaceStatistics<'a> {
    /// The number of the interface.
    pub interface: u32,
    /// When it was counted, in ticks of the interface.
    pub ticks: u64,
    /// Its options, `isb_…`, which are the counters.
    pub options: Options<'a>,
}

/// Holds what is needed to decrypt packets: Decryption Secrets Block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DecryptionSecrets<'a> {
    /// What the secrets are; the constants name the types known.
    pub secrets_type: u32,
    /// The secrets: for most types lines of text.
    pub data: &'a [u8],
    /// Its options.
    pub options: Options<'a>,
}

impl DecryptionSecrets<'_> {
    /// A TLS key log, as `SSLKEYLOGFILE` names one.
    pub const TLS_KEY_LOG: u32 = 0x544c_534b;
    /// An SSH key log.
    pub const SSH_KEY_LOG: u32 = 0x5353_484b;
    /// A WireGuard key log.
    pub const WIREGUARD_KEY_LOG: u32 = 0x5747_4b4c;
    /// An OPC UA key log.
    pub const OPC_UA_KEY_LOG: u32 = 0x5541_4b4c;
    /// A ZigBee network key and its network.
    pub const ZIGBEE_NWK_KEY: u32 = 0x5a4e_574b;
    /// A ZigBee link key and its nodes.
    pub const ZIGBEE_APS_KEY: u32 = 0x5a41_5053;
}

/// Holds something of a vendor's: Custom Block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Custom<'a> {
    /// Whether it may be copied to another file.
    pub copy: bool,
    /// The vendor's private enterprise number.
    pub vendor: u32,
    /// What the vendor put there, with padding and options, which nobody else can tell apart.
    pub data: &'a [u8],
}

impl<'a> Content<'a> {
    /// Reads the body of a block; `None` when it holds less than it says. `snaplen` is that of interface 0.
    #[inline]
    pub(crate) fn read(kind: BlockType, body: &'a [u8], order: ByteOrder, snaplen: u32) -> Option<Self> {
        let mut from = Cursor::new(body, order);
        let options = |from: Cursor<'a>| Options::raw(from.rest, order, kind);
        Some(match kind {
            BlockType::ENHANCED_PACKET => Self::EnhancedPacket(EnhancedPacket::read(body, order)?),
            BlockType::SIMPLE_PACKET => {
                let original_length = from.u32()?;
                let limit = if snaplen == 0 { u32::MAX } else { snaplen };
                let data = from.padded(size(original_length.min(limit)))?;
                Self::SimplePacket(SimplePacket { original_length, data })
            }
            BlockType::PACKET => {
                let interface = from.u16()?;
                let drops = from.u16()?;
                let ticks = from.halves()?;
                let captured = from.u32()?;
                let original_length = from.u32()?;
                let data = from.padded(size(captured))?;
                let options = options(from);
                Self::Packet(ObsoletePacket { interface, drops, ticks, original_length, data, options })
            }
            BlockType::SECTION_HEADER => {
                from.u32()?;
                let major = from.u16()?;
                let minor = from.u16()?;
                let section_length = from.u64()?;
                Self::SectionHeader(SectionHeader { major, minor, section_length, options: options(from) })
            }
            BlockType::INTERFACE_DESCRIPTION => {
                let linktype = from.u16()?;
                let reserved = from.u16()?;
                let snaplen = from.u32()?;
                let options = options(from);
                Self::InterfaceDescription(InterfaceDescription { linktype, reserved, snaplen, options })
            }
            BlockType::NAME_RESOLUTION => {
                let records = Records::take(&mut from)?;
                Self::NameResolution(NameResolution { records, options: options(from) })
            }
            BlockType::INTERFACE_STATISTICS => {
                let interface = from.u32()?;
                let ticks = from.halves()?;
                Self::InterfaceStatistics(InterfaceStatistics { interface, ticks, options: options(from) })
            }
            BlockType::DECRYPTION_SECRETS => {
                let secrets_type = from.u32()?;
                let length = from.u32()?;
                let data = from.padded(size(length))?;
                Self::DecryptionSecrets(DecryptionSecrets { secrets_type, data, options: options(from) })
            }
            BlockType::SYSTEMD_JOURNAL => Self::SystemdJournal(body),
            BlockType::CUSTOM | BlockType::CUSTOM_NO_COPY => {
                let vendor = from.u32()?;
                Self::Custom(Custom { copy: kind == BlockType::CUSTOM, vendor, data: from.rest })
            }
            _ => Self::Unknown(kind, body),
        })
    }

    /// Returns the type of the block that says this.
    #[must_use]
    pub const fn kind(&self) -> BlockType {
        match self {
            Self::SectionHeader(_) => BlockType::SECTION_HEADER,
            Self::InterfaceDescription(_) => BlockType::INTERFACE_DESCRIPTION,
            Self::EnhancedPacket(_) => BlockType::ENHANCED_PACKET,
            Self::SimplePacket(_) => BlockType::SIMPLE_PACKET,
            Self::Packet(_) => BlockType::PACKET,
            Self::NameResolution(_) => BlockType::NAME_RESOLUTION,
            Self::InterfaceStatistics(_) => BlockType::INTERFACE_STATISTICS,
            Self::DecryptionSecrets(_) => BlockType::DECRYPTION_SECRETS,
            Self::SystemdJournal(_) => BlockType::SYSTEMD_JOURNAL,
            Self::Custom(Custom { copy: true, .. }) => BlockType::CUSTOM,
            Self::Custom(_) => BlockType::CUSTOM_NO_COPY,
            Self::Unknown(kind, _) => *kind,
        }
    }

    /// Appends the body of the block, padded; `None` when something is too long for its field.
    pub(crate) fn write(&self, order: ByteOrder, out: &mut Vec<u8>) -> Option<()> {
        let start = out.len();
        let u16 = |out: &mut Vec<u8>, number| out.extend_from_slice(&order.put_u16(number));
        let u32 = |out: &mut Vec<u8>, number| out.extend_from_slice(&order.put_u32(number));
        let ticks = |out: &mut Vec<u8>, ticks| halves(ticks).map(|half| u32(out, half));
        let length = |data: &[u8]| u32::try_from(data.len()).ok();
        let padded = |out: &mut Vec<u8>, data: &[u8]| {
            out.extend_from_slice(data);
            out.resize(out.len() + padding(data.len()), 0);
        };
        let captured = |out: &mut Vec<u8>, time, original_length, data: &[u8]| {
            ticks(out, time);
            u32(out, length(data)?);
            u32(out, original_length);
            padded(out, data);
            Some(())
        };
        match self {
            Self::SectionHeader(header) => {
                u32(out, crate::ng::BYTE_ORDER_MAGIC);
                u16(out, header.major);
                u16(out, header.minor);
                out.extend_from_slice(&order.put_u64(header.section_length));
                header.options.encode(order, out)?;
            }
            Self::InterfaceDescription(interface) => {
                u16(out, interface.linktype);
                u16(out, interface.reserved);
                u32(out, interface.snaplen);
                interface.options.encode(order, out)?;
            }
            Self::EnhancedPacket(packet) => {
                u32(out, packet.interface);
                captured(out, packet.ticks, packet.original_length, packet.data)?;
                packet.options.encode(order, out)?;
            }
            Self::SimplePacket(packet) => {
                u32(out, packet.original_length);
                padded(out, packet.data);
            }
            Self::Packet(packet) => {
                u16(out, packet.interface);
                u16(out, packet.drops);
                captured(out, packet.ticks, packet.original_length, packet.data)?;
                packet.options.encode(order, out)?;
            }
            Self::NameResolution(names) => {
                names.records.encode(order, out)?;
                names.options.encode(order, out)?;
            }
            Self::InterfaceStatistics(statistics) => {
                u32(out, statistics.interface);
                ticks(out, statistics.ticks);
                statistics.options.encode(order, out)?;
            }
            Self::DecryptionSecrets(secrets) => {
                u32(out, secrets.secrets_type);
                u32(out, length(secrets.data)?);
                padded(out, secrets.data);
                secrets.options.encode(order, out)?;
            }
            Self::Custom(custom) => {
                u32(out, custom.vendor);
                out.extend_from_slice(custom.data);
            }
            Self::SystemdJournal(bytes) | Self::Unknown(_, bytes) => out.extend_from_slice(bytes),
        }
        let body = out.len() - start;
        out.resize(out.len() + padding(body), 0);
        Some(())
    }
}

/// Holds the records of a Name Resolution Block: as they stand in a file, or as a list to be written.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a>(Inner<'a>);

#[derive(Clone, Copy, Debug)]
enum Inner<'a> {
    Raw(Cursor<'a>),
    List(&'a [Record<'a>]),
}

impl<'a> Records<'a> {
    /// Makes records to be written of a list; the end of records is added.
    #[must_use]
    pub const fn of(list: &'a [Record<'a>]) -> Self {
        Self(Inner::List(list))
    }

    /// Takes the records up to their end from a body; all of it when there is no end, as some writers have it.
    fn take(from: &mut Cursor<'a>) -> Option<Self> {
        let whole = *from;
        while !from.rest.is_empty() {
            let before = from.rest.len();
            let kind = from.u16()?;
            let length = from.u16()?;
            from.padded(usize::from(length))?;
            if kind == Record::END {
                let records = whole.rest.get(..whole.rest.len() - before).unwrap_or(&[]);
                return Some(Self(Inner::Raw(Cursor::new(records, whole.order))));
            }
        }
        Some(Self(Inner::Raw(whole)))
    }

    /// Returns the records one by one.
    pub fn iter(self) -> impl Iterator<Item = Record<'a>> {
        let (mut cursor, list) = match self.0 {
            Inner::Raw(cursor) => (cursor, &[][..]),
            Inner::List(list) => (Cursor::new(&[], ByteOrder::Little), list),
        };
        let read = core::iter::from_fn(move || {
            let kind = cursor.u16()?;
            let length = cursor.u16()?;
            Some(Record { kind, value: cursor.padded(usize::from(length))? })
        });
        read.chain(list.iter().copied())
    }

    fn encode(self, order: ByteOrder, out: &mut Vec<u8>) -> Option<()> {
        self.iter().try_for_each(|record| tlv(record.kind, record.value, order, out))?;
        tlv(Record::END, &[], order, out)
    }
}

impl Default for Records<'_> {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl PartialEq for Records<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Holds an address and its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// What kind of address it is; the constants name those known.
    pub kind: u16,
    /// The address, and names that each end with a zero byte.
    pub value: &'a [u8],
}

/// Holds the address of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamedAddress {
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A MAC address.
    Eui48([u8; 6]),
    /// An EUI-64 address.
    Eui64([u8; 8]),
}

impl<'a> Record<'a> {
    /// `nrb_record_end`.
    const END: u16 = 0;
    /// `nrb_record_ipv4`.
    pub const IPV4: u16 = 1;
    /// `nrb_record_ipv6`.
    pub const IPV6: u16 = 2;
    /// `nrb_record_eui48`.
    pub const EUI48: u16 = 3;
    /// `nrb_record_eui64`.
    pub const EUI64: u16 = 4;

    /// Returns the address; `None` for an unknown kind, or when the value is too short.
    #[must_use]
    pub fn address(self) -> Option<NamedAddress> {
        Some(match self.kind {
            Self::IPV4 => NamedAddress::Ipv4(Ipv4Addr::from(*self.value.first_chunk::<4>()?)),
            Self::IPV6 => NamedAddress::Ipv6(Ipv6Addr::from(*self.value.first_chunk::<16>()?)),
            Self::EUI48 => NamedAddress::Eui48(*self.value.first_chunk()?),
            Self::EUI64 => NamedAddress::Eui64(*self.value.first_chunk()?),
            _ => return None,
        })
    }

    /// Returns the names, which are UTF-8 unless somebody broke the rule.
    pub fn names(self) -> impl Iterator<Item = &'a [u8]> {
        let address = match self.kind {
            Self::IPV4 => 4,
            Self::IPV6 => 16,
            Self::EUI48 => 6,
            Self::EUI64 => 8,
            _ => self.value.len(),
        };
        let names = self.value.get(address..).unwrap_or(&[]);
        names.split(|byte| *byte == 0).filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_names() {
        let body: &[u8] = &[
            // nrb_record_ipv4, 17 bytes.
            &b"\x01\0\x11\0\x7f\0\0\x01localhost\0me\0\0\0\0"[..],
            // nrb_record_eui48, 9 bytes.
            b"\x03\0\x09\0\x02\0\0\0\0\x01ap\0\0\0\0",
            // nrb_record_end; ns_dnsname "ns".
            b"\0\0\0\0\x02\0\x02\0ns\0\0\0\0\0\0",
        ]
        .concat();
        let content = Content::read(BlockType::NAME_RESOLUTION, body, ByteOrder::Little, 0).unwrap();
        let Content::NameResolution(names) = content else { panic!("{content:?}") };
        let all: Vec<_> = names
            .records
            .iter()
            .map(|record| (record.address(), record.names().collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            all,
            [
                (Some(NamedAddress::Ipv4(Ipv4Addr::LOCALHOST)), vec![&b"localhost"[..], b"me"]),
                (Some(NamedAddress::Eui48([2, 0, 0, 0, 0, 1])), vec![b"ap"]),
            ]
        );
        assert_eq!(names.options.iter().count(), 1);
        let mut again = Vec::new();
        content.write(ByteOrder::Little, &mut again).unwrap();
        assert_eq!(again, body);
        let mut big = Vec::new();
        content.write(ByteOrder::Big, &mut big).unwrap();
        assert_eq!(Content::read(BlockType::NAME_RESOLUTION, &big, ByteOrder::Big, 0), Some(content));
    }

    #[test]
    fn a_length_that_lies_is_no_content() {
        let mut body = [0; 20];
        body[12] = 1;
        assert_eq!(Content::read(BlockType::ENHANCED_PACKET, &body, ByteOrder::Little, 0), None);
        assert_eq!(Content::read(BlockType::SIMPLE_PACKET, &[9, 0, 0, 0], ByteOrder::Little, 4), None);
    }
}
