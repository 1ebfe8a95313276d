//! Options of pcapng blocks: every one that the draft knows, with its name and type, and the others as bytes.
//!
//! An option is a code, a length and a value padded to four bytes; what a code means depends on the block that it stands
//! in (draft-ietf-opsawg-pcapng, section 3.5 and the sections of the blocks). One table, [`KNOWN`], holds them. Values are
//! read when they are asked for; a value whose length does not suit its type is given as bytes, and a list that is
//! cut off ends with [`Value::Cut`], so that what was read can be written as it was.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::BlockType;
use crate::order::{ByteOrder, Cursor, halves, padding};

/// Holds the options of a block: as they stand in a file, or as a list to be written.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a>(Inner<'a>);

#[derive(Clone, Copy, Debug)]
enum Inner<'a> {
    Raw { bytes: &'a [u8], order: ByteOrder, block: BlockType },
    List(&'a [Opt<'a>]),
}

impl<'a> Options<'a> {
    /// No options.
    pub const NONE: Self = Self(Inner::List(&[]));

    /// Makes options to be written of a list; the end of options is added.
    #[must_use]
    pub const fn of(list: &'a [Opt<'a>]) -> Self {
        Self(Inner::List(list))
    }

    #[inline]
    pub(crate) const fn raw(bytes: &'a [u8], order: ByteOrder, block: BlockType) -> Self {
        Self(Inner::Raw { bytes, order, block })
    }

    /// Returns the options one by one, up to the end of options.
    pub fn iter(self) -> impl Iterator<Item = Opt<'a>> {
        let (mut cursor, block, list) = match self.0 {
            Inner::Raw { bytes, order, block } => (Cursor::new(bytes, order), block, &[][..]),
            Inner::List(list) => (Cursor::new(&[], ByteOrder::Little), BlockType(0), list),
        };
        let read = core::iter::from_fn(move || next(&mut cursor, block));
        read.chain(list.iter().copied())
    }

    /// Returns the first option of a code.
    #[must_use]
    pub fn find(self, code: u16) -> Option<Value<'a>> {
        self.iter().find(|option| option.code == code).map(|option| option.value)
    }

    /// Returns the comments, which are UTF-8 unless somebody broke the rule.
    pub fn comments(self) -> impl Iterator<Item = &'a [u8]> {
        self.iter().filter_map(|option| match option {
            Opt { code: code::COMMENT, value: Value::Text(text) } => Some(text),
            _ => None,
        })
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the bytes as they stand in the file, when they do and in this byte order.
    pub(crate) fn bytes_in(self, wanted: ByteOrder) -> Option<&'a [u8]> {
        match self.0 {
            Inner::Raw { bytes, order, .. } if order == wanted => Some(bytes),
            _ => None,
        }
    }

    /// Appends the options as a block has them; `None` when one is too long.
    pub(crate) fn encode(self, order: ByteOrder, out: &mut Vec<u8>) -> Option<()> {
        if let Some(bytes) = self.bytes_in(order) {
            out.extend_from_slice(bytes);
            out.resize(out.len() + padding(bytes.len()), 0);
            return Some(());
        }
        let mut some = false;
        for option in self.iter() {
            if let Value::Cut(rest) = option.value {
                out.extend_from_slice(rest);
                out.resize(out.len() + padding(rest.len()), 0);
                return Some(());
            }
            some = true;
            let mut value = Vec::new();
            option.value.encode(order, &mut value);
            tlv(option.code, &value, order, out)?;
        }
        if some {
            tlv(code::END, &[], order, out)?;
        }
        Some(())
    }
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self::NONE
    }
}

/// Two lists are equal when their options are, whatever byte order they stand in.
impl PartialEq for Options<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Appends a code, a length and a value with its padding; `None` when the value is too long.
pub(crate) fn tlv(code: u16, value: &[u8], order: ByteOrder, out: &mut Vec<u8>) -> Option<()> {
    let length = u16::try_from(value.len()).ok()?;
    out.extend_from_slice(&order.put_u16(code));
    out.extend_from_slice(&order.put_u16(length));
    out.extend_from_slice(value);
    out.resize(out.len() + padding(value.len()), 0);
    Some(())
}

fn next<'a>(cursor: &mut Cursor<'a>, block: BlockType) -> Option<Opt<'a>> {
    let before = cursor.rest;
    if before.is_empty() {
        return None;
    }
    let read = (|| {
        let code = cursor.u16()?;
        let length = cursor.u16()?;
        Some((code, cursor.padded(usize::from(length))?))
    })();
    match read {
        Some((code::END, _)) => {
            cursor.rest = &[];
            None
        }
        Some((code, bytes)) => {
            Some(Opt { code, value: Value::decode(kind(block, code), bytes, cursor.order) })
        }
        None => {
            cursor.rest = &[];
            Some(Opt { code: code::END, value: Value::Cut(before) })
        }
    }
}

/// Holds one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opt<'a> {
    /// Its code; the constants are in [`code`].
    pub code: u16,
    /// Its value.
    pub value: Value<'a>,
}

impl<'a> Opt<'a> {
    /// Makes a comment.
    #[must_use]
    pub const fn comment(text: &'a str) -> Self {
        Self { code: code::COMMENT, value: Value::Text(text.as_bytes()) }
    }

    /// Makes an option whose value is a text, such as [`code::IF_NAME`].
    #[must_use]
    pub const fn text(code: u16, text: &'a str) -> Self {
        Self { code, value: Value::Text(text.as_bytes()) }
    }

    /// Returns the draft's name for it in a block of this type, such as `if_name`; `None` for an unknown code.
    #[must_use]
    pub fn name(self, block: BlockType) -> Option<&'static str> {
        row(block, self.code).map(|(_, _, name, _)| *name)
    }
}

/// Holds the value of an option, by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// UTF-8, which is not checked.
    Text(&'a [u8]),
    /// Bytes of no known type, or of a length that does not suit the type.
    Bytes(&'a [u8]),
    /// A byte.
    U8(u8),
    /// A 32-bit number.
    U32(u32),
    /// A 32-bit number with a sign.
    I32(i32),
    /// A 64-bit number.
    U64(u64),
    /// A 64-bit number with a sign.
    I64(i64),
    /// A time in ticks of the interface: [`Block::timestamp`](crate::Block::timestamp) makes a time of it.
    Ticks(u64),
    /// Two 32-bit numbers: process and thread.
    Pair(u32, u32),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// An IPv4 address and its mask.
    Ipv4Mask(Ipv4Addr, Ipv4Addr),
    /// An IPv6 address and the length of its prefix.
    Ipv6Prefix(Ipv6Addr, u8),
    /// A MAC address.
    Mac([u8; 6]),
    /// An EUI-64 address.
    Eui([u8; 8]),
    /// A byte that says what the rest is: the algorithm of a hash, the kind of a filter or verdict.
    Tagged(u8, &'a [u8]),
    /// A byte that says what the number is: the verdict of an eBPF program.
    TaggedU64(u8, u64),
    /// Something of a vendor's: its private enterprise number, and text or bytes.
    Custom(u32, &'a [u8]),
    /// The rest of a list of options that is cut off in an option; it is the last.
    Cut(&'a [u8]),
}

impl<'a> Value<'a> {
    fn decode(kind: Kind, bytes: &'a [u8], order: ByteOrder) -> Self {
        let mut from = Cursor::new(bytes, order);
        let number = match kind {
            Kind::Text => return Self::Text(bytes),
            Kind::Bytes => None,
            Kind::U8 => from.u8().map(Self::U8),
            Kind::U32 => from.u32().map(Self::U32),
            Kind::I32 => from.u32().map(|number| Self::I32(number.cast_signed())),
            Kind::U64 => from.u64().map(Self::U64),
            Kind::I64 => from.u64().map(|number| Self::I64(number.cast_signed())),
            Kind::Ticks => from.halves().map(Self::Ticks),
            Kind::Pair => from.u32().zip(from.u32()).map(|(one, other)| Self::Pair(one, other)),
            Kind::Ipv4 => ipv4(&mut from).map(Self::Ipv4),
            Kind::Ipv6 => ipv6(&mut from).map(Self::Ipv6),
            Kind::Ipv4Mask => {
                ipv4(&mut from).zip(ipv4(&mut from)).map(|(address, mask)| Self::Ipv4Mask(address, mask))
            }
            Kind::Ipv6Prefix => {
                ipv6(&mut from).zip(from.u8()).map(|(address, bits)| Self::Ipv6Prefix(address, bits))
            }
            Kind::Mac => from.bytes(6).and_then(|bytes| bytes.try_into().ok()).map(Self::Mac),
            Kind::Eui => from.bytes(8).and_then(|bytes| bytes.try_into().ok()).map(Self::Eui),
            Kind::Tagged => from.u8().map(|tag| Self::Tagged(tag, core::mem::take(&mut from.rest))),
            Kind::Verdict => match from.u8() {
                // What eBPF programs return is a number in the section's byte order; other verdicts are bytes.
                Some(tag @ (1 | 2)) if from.rest.len() == 8 => {
                    from.u64().map(|number| Self::TaggedU64(tag, number))
                }
                tag => tag.map(|tag| Self::Tagged(tag, core::mem::take(&mut from.rest))),
            },
            Kind::Custom => from.u32().map(|vendor| Self::Custom(vendor, core::mem::take(&mut from.rest))),
        };
        number.filter(|_| from.rest.is_empty()).unwrap_or(Self::Bytes(bytes))
    }

    fn encode(self, order: ByteOrder, out: &mut Vec<u8>) {
        match self {
            Self::Text(bytes) | Self::Bytes(bytes) | Self::Cut(bytes) => out.extend_from_slice(bytes),
            Self::U8(byte) => out.push(byte),
            Self::U32(number) => out.extend_from_slice(&order.put_u32(number)),
            Self::I32(number) => out.extend_from_slice(&order.put_u32(number.cast_unsigned())),
            Self::U64(number) => out.extend_from_slice(&order.put_u64(number)),
            Self::I64(number) => out.extend_from_slice(&order.put_u64(number.cast_unsigned())),
            Self::Ticks(number) => {
                for half in halves(number) {
                    out.extend_from_slice(&order.put_u32(half));
                }
            }
            Self::Pair(one, other) => {
                out.extend_from_slice(&order.put_u32(one));
                out.extend_from_slice(&order.put_u32(other));
            }
            Self::Ipv4(address) => out.extend_from_slice(&address.octets()),
            Self::Ipv6(address) => out.extend_from_slice(&address.octets()),
            Self::Ipv4Mask(address, mask) => {
                out.extend_from_slice(&address.octets());
                out.extend_from_slice(&mask.octets());
            }
            Self::Ipv6Prefix(address, bits) => {
                out.extend_from_slice(&address.octets());
                out.push(bits);
            }
            Self::Mac(address) => out.extend_from_slice(&address),
            Self::Eui(address) => out.extend_from_slice(&address),
            Self::Tagged(tag, bytes) => {
                out.push(tag);
                out.extend_from_slice(bytes);
            }
            Self::TaggedU64(tag, number) => {
                out.push(tag);
                out.extend_from_slice(&order.put_u64(number));
            }
            Self::Custom(vendor, bytes) => {
                out.extend_from_slice(&order.put_u32(vendor));
                out.extend_from_slice(bytes);
            }
        }
    }
}

fn ipv4(from: &mut Cursor<'_>) -> Option<Ipv4Addr> {
    let bytes: [u8; 4] = from.bytes(4)?.try_into().ok()?;
    Some(bytes.into())
}

fn ipv6(from: &mut Cursor<'_>) -> Option<Ipv6Addr> {
    let bytes: [u8; 16] = from.bytes(16)?.try_into().ok()?;
    Some(bytes.into())
}

/// The types of values.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Bytes,
    U8,
    U32,
    I32,
    U64,
    I64,
    Ticks,
    Pair,
    Ipv4,
    Ipv6,
    Ipv4Mask,
    Ipv6Prefix,
    Mac,
    Eui,
    Tagged,
    Verdict,
    Custom,
}

fn row(block: BlockType, code: u16) -> Option<&'static (BlockType, u16, &'static str, Kind)> {
    KNOWN.iter().find(|(of, is, ..)| *is == code && (*of == block || *of == ANY))
}

fn kind(block: BlockType, code: u16) -> Kind {
    row(block, code).map_or(Kind::Bytes, |(.., kind)| *kind)
}

/// Stands for every block; no block has this type.
const ANY: BlockType = BlockType(0);

/// Makes the constants and the table of one list.
macro_rules! options {
    ($($block:expr => { $($name:ident = $code:literal, $word:literal, $kind:ident, $doc:literal;)+ })+) => {
        /// The codes of options, by the draft's names.
        pub mod code {
            $($(#[doc = concat!("`", $word, "`: ", $doc)] pub const $name: u16 = $code;)+)+
        }

        /// Block, code, name and type of every option that the draft knows.
        const KNOWN: &[(BlockType, u16, &str, Kind)] = &[$($(($block, $code, $word, Kind::$kind),)+)+];
    };
}

options! {
    ANY => {
        END = 0, "opt_endofopt", Bytes, "the end of options.";
        COMMENT = 1, "opt_comment", Text, "a comment.";
        CUSTOM_TEXT = 2988, "opt_custom", Custom, "a vendor's text.";
        CUSTOM_BYTES = 2989, "opt_custom", Custom, "a vendor's bytes.";
        CUSTOM_TEXT_NO_COPY = 19372, "opt_custom", Custom, "a vendor's text that is not to be copied.";
        CUSTOM_BYTES_NO_COPY = 19373, "opt_custom", Custom, "a vendor's bytes that are not to be copied.";
    }
    BlockType::SECTION_HEADER => {
        SHB_HARDWARE = 2, "shb_hardware", Text, "the hardware captured on.";
        SHB_OS = 3, "shb_os", Text, "the operating system captured on.";
        SHB_USERAPPL = 4, "shb_userappl", Text, "the program that wrote the section.";
    }
    BlockType::INTERFACE_DESCRIPTION => {
        IF_NAME = 2, "if_name", Text, "the interface's name.";
        IF_DESCRIPTION = 3, "if_description", Text, "what the interface is.";
        IF_IPV4ADDR = 4, "if_IPv4addr", Ipv4Mask, "an IPv4 address and mask of it.";
        IF_IPV6ADDR = 5, "if_IPv6addr", Ipv6Prefix, "an IPv6 address and prefix length of it.";
        IF_MACADDR = 6, "if_MACaddr", Mac, "its MAC address.";
        IF_EUIADDR = 7, "if_EUIaddr", Eui, "its EUI-64 address.";
        IF_SPEED = 8, "if_speed", U64, "its speed, in bits per second.";
        IF_TSRESOL = 9, "if_tsresol", U8, "how long a tick of its times is.";
        IF_TZONE = 10, "if_tzone", I32, "the time zone; obsolete.";
        IF_FILTER = 11, "if_filter", Tagged, "the filter captured with.";
        IF_OS = 12, "if_os", Text, "the operating system that the interface is on.";
        IF_FCSLEN = 13, "if_fcslen", U8, "the length of the frame check sequence, in bits.";
        IF_TSOFFSET = 14, "if_tsoffset", I64, "seconds to be added to its times.";
        IF_HARDWARE = 15, "if_hardware", Text, "the interface's hardware.";
        IF_TXSPEED = 16, "if_txspeed", U64, "its speed of sending, in bits per second.";
        IF_RXSPEED = 17, "if_rxspeed", U64, "its speed of receiving, in bits per second.";
        IF_IANA_TZNAME = 18, "if_iana_tzname", Text, "the name of its time zone.";
    }
    BlockType::ENHANCED_PACKET => {
        EPB_FLAGS = 2, "epb_flags", U32, "direction, cast, checksums and errors on the link.";
        EPB_HASH = 3, "epb_hash", Tagged, "a hash of the packet.";
        EPB_DROPCOUNT = 4, "epb_dropcount", U64, "packets lost since the one before.";
        EPB_PACKETID = 5, "epb_packetid", U64, "a number for the packet, wherever it is seen.";
        EPB_QUEUE = 6, "epb_queue", U32, "the queue that it came through.";
        EPB_VERDICT = 7, "epb_verdict", Verdict, "what was decided about it.";
        EPB_PROCESSID_THREADID = 8, "epb_processid_threadid", Pair, "the process and thread it belongs to.";
    }
    BlockType::PACKET => {
        PACK_FLAGS = 2, "pack_flags", U32, "direction, cast, checksums and errors on the link.";
        PACK_HASH = 3, "pack_hash", Tagged, "a hash of the packet.";
    }
    BlockType::NAME_RESOLUTION => {
        NS_DNSNAME = 2, "ns_dnsname", Text, "the name of the server that resolved.";
        NS_DNSIP4ADDR = 3, "ns_dnsIP4addr", Ipv4, "its IPv4 address.";
        NS_DNSIP6ADDR = 4, "ns_dnsIP6addr", Ipv6, "its IPv6 address.";
    }
    BlockType::INTERFACE_STATISTICS => {
        ISB_STARTTIME = 2, "isb_starttime", Ticks, "when the capture began.";
        ISB_ENDTIME = 3, "isb_endtime", Ticks, "when the capture ended.";
        ISB_IFRECV = 4, "isb_ifrecv", U64, "packets that the interface received.";
        ISB_IFDROP = 5, "isb_ifdrop", U64, "packets that the interface dropped.";
        ISB_FILTERACCEPT = 6, "isb_filteraccept", U64, "packets that the filter took.";
        ISB_OSDROP = 7, "isb_osdrop", U64, "packets that the operating system dropped.";
        ISB_USRDELIV = 8, "isb_usrdeliv", U64, "packets that were delivered to the program.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// if_name "lo", if_tsresol 9, if_IPv4addr 127.0.0.1/255.0.0.0, the end.
    const LITTLE: &[u8] =
        b"\x02\0\x02\0lo\0\0\x09\0\x01\0\x09\0\0\0\x04\0\x08\0\x7f\0\0\x01\xff\0\0\0\0\0\0\0";

    fn of_interface(bytes: &[u8], order: ByteOrder) -> Options<'_> {
        Options::raw(bytes, order, BlockType::INTERFACE_DESCRIPTION)
    }

    #[test]
    fn options_have_names_and_types() {
        let options = of_interface(LITTLE, ByteOrder::Little);
        let read: Vec<_> = options
            .iter()
            .map(|option| (option.name(BlockType::INTERFACE_DESCRIPTION).unwrap(), option.value))
            .collect();
        assert_eq!(
            read,
            [
                ("if_name", Value::Text(b"lo")),
                ("if_tsresol", Value::U8(9)),
                ("if_IPv4addr", Value::Ipv4Mask([127, 0, 0, 1].into(), [255, 0, 0, 0].into())),
            ]
        );
        assert_eq!(options.find(code::IF_TSRESOL), Some(Value::U8(9)));
        // The same codes mean something else in a packet's block.
        let packet = Options::raw(LITTLE, ByteOrder::Little, BlockType::ENHANCED_PACKET);
        assert_eq!(packet.iter().next().unwrap().value, Value::Bytes(b"lo"));
    }

    #[test]
    fn the_other_byte_order_has_the_same_options() {
        let options = of_interface(LITTLE, ByteOrder::Little);
        let mut big = Vec::new();
        options.encode(ByteOrder::Big, &mut big).unwrap();
        assert_eq!(&big[..8], b"\0\x02\0\x02lo\0\0");
        assert_eq!(of_interface(&big, ByteOrder::Big), options);
    }

    #[test]
    fn what_is_cut_off_is_kept() {
        let bytes = b"\x01\0\x02\0hi\0\0\x09\0\xc8\0\x09\0";
        let options = of_interface(bytes, ByteOrder::Little);
        let read: Vec<_> = options.iter().map(|option| option.value).collect();
        assert_eq!(read, [Value::Text(b"hi"), Value::Cut(b"\x09\0\xc8\0\x09\0")]);
        assert_eq!(options.comments().collect::<Vec<_>>(), [b"hi"]);
    }

    #[test]
    fn a_verdict_of_ebpf_is_a_number() {
        let bytes = b"\x07\0\x09\0\x01\x02\0\0\0\0\0\0\0\0\0\0\x07\0\x02\0\0\xaa\0\0";
        let options = Options::raw(bytes, ByteOrder::Little, BlockType::ENHANCED_PACKET);
        let read: Vec<_> = options.iter().map(|option| option.value).collect();
        assert_eq!(read, [Value::TaggedU64(1, 2), Value::Tagged(0, b"\xaa")]);
    }
}
