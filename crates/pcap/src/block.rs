//! Blocks of a pcapng file: their types, their bytes, and what those say.
//!
//! Every block is a type, a length, a body and the length again (draft-ietf-opsawg-pcapng, section 3.1). [`Block`] is
//! one as it stands in the file; [`Block::content`] reads it. A type that is not known is a block all the same, of
//! which the body is given.

use core::fmt;

use crate::LinkType;
use crate::content::{Content, EnhancedPacket, ObsoletePacket};
use crate::error::{Error, Fault};
use crate::option::Options;
use crate::order::{ByteOrder, size};
use crate::packet::Packet;
use crate::time::{Resolution, Timestamp};

/// Names the type of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockType(pub u32);

impl BlockType {
    /// Section Header Block: begins a section, and says its byte order. It reads the same in both.
    pub const SECTION_HEADER: Self = Self(0x0a0d_0d0a);
    /// Interface Description Block.
    pub const INTERFACE_DESCRIPTION: Self = Self(1);
    /// Packet Block: obsolete, what Enhanced Packet Blocks came after.
    pub const PACKET: Self = Self(2);
    /// Simple Packet Block: a packet without time and options.
    pub const SIMPLE_PACKET: Self = Self(3);
    /// Name Resolution Block.
    pub const NAME_RESOLUTION: Self = Self(4);
    /// Interface Statistics Block.
    pub const INTERFACE_STATISTICS: Self = Self(5);
    /// Enhanced Packet Block.
    pub const ENHANCED_PACKET: Self = Self(6);
    /// systemd Journal Export Block.
    pub const SYSTEMD_JOURNAL: Self = Self(9);
    /// Decryption Secrets Block.
    pub const DECRYPTION_SECRETS: Self = Self(10);
    /// Custom Block that may be copied to other files.
    pub const CUSTOM: Self = Self(0x0000_0bad);
    /// Custom Block that is not to be copied to other files.
    pub const CUSTOM_NO_COPY: Self = Self(0x4000_0bad);

    /// Returns the draft's name for the type; `None` for an unknown one.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::SECTION_HEADER => "Section Header Block",
            Self::INTERFACE_DESCRIPTION => "Interface Description Block",
            Self::PACKET => "Packet Block",
            Self::SIMPLE_PACKET => "Simple Packet Block",
            Self::NAME_RESOLUTION => "Name Resolution Block",
            Self::INTERFACE_STATISTICS => "Interface Statistics Block",
            Self::ENHANCED_PACKET => "Enhanced Packet Block",
            Self::SYSTEMD_JOURNAL => "systemd Journal Export Block",
            Self::DECRYPTION_SECRETS => "Decryption Secrets Block",
            Self::CUSTOM | Self::CUSTOM_NO_COPY => "Custom Block",
            _ => return None,
        })
    }

    /// Returns whether blocks of this type hold a packet.
    #[inline]
    #[must_use]
    pub const fn is_packet(self) -> bool {
        matches!(self, Self::ENHANCED_PACKET | Self::SIMPLE_PACKET | Self::PACKET)
    }

    /// Returns the bytes that such a block has at the least, with type and both lengths.
    #[inline]
    pub(crate) const fn shortest(self) -> u32 {
        match self {
            Self::SECTION_HEADER => 28,
            Self::INTERFACE_DESCRIPTION | Self::DECRYPTION_SECRETS => 20,
            Self::ENHANCED_PACKET | Self::PACKET => 32,
            Self::SIMPLE_PACKET | Self::CUSTOM | Self::CUSTOM_NO_COPY => 16,
            Self::INTERFACE_STATISTICS => 24,
            _ => 12,
        }
    }
}

impl fmt::Display for BlockType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "block of type {:#010x}", self.0),
        }
    }
}

/// Holds a block as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Where it begins, in bytes of the file.
    pub offset: u64,
    /// Its type.
    pub kind: BlockType,
    /// Its section's byte order.
    pub order: ByteOrder,
    /// Its section's number, from 0.
    pub section: u32,
    /// What stands between its lengths, a multiple of four bytes.
    pub body: &'a [u8],
    /// What is known of the interface that it names.
    pub(crate) interface: Facts,
}

/// What of an interface is wanted for each packet.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) linktype: LinkType,
    pub(crate) snaplen: u32,
    pub(crate) resolution: Resolution,
    pub(crate) offset: i64,
}

impl<'a> Block<'a> {
    /// Reads what the block says.
    ///
    /// # Errors
    /// [`Fault::Contents`] when it says that it holds more than it does, [`Fault::PacketLength`].
    #[inline]
    pub fn content(&self) -> Result<Content<'a>, Error> {
        self.parse().map_err(|fault| Error { offset: self.offset, fault })
    }

    /// Reads the packet that the block holds; `None` when it is of another type.
    ///
    /// # Errors
    /// As [`content`](Self::content).
    #[inline]
    pub fn packet(&self) -> Result<Option<Packet<'a>>, Error> {
        // Nearly all packets are of this kind, and are read without a detour.
        if self.kind == BlockType::ENHANCED_PACKET
            && let Some(packet) = EnhancedPacket::read(self.body, self.order)
            && packet.data.len() <= size(self.interface.linktype.longest())
        {
            let EnhancedPacket { interface, ticks, original_length, data, options } = packet;
            return Ok(Some(self.made(interface, Some(ticks), original_length, data, options)));
        }
        self.packet_of_content()
    }

    #[cold]
    fn packet_of_content(&self) -> Result<Option<Packet<'a>>, Error> {
        Ok(match self.content()? {
            Content::SimplePacket(packet) => {
                Some(self.made(0, None, packet.original_length, packet.data, Options::NONE))
            }
            Content::Packet(packet) => {
                let ObsoletePacket { interface, ticks, original_length, data, options, .. } = packet;
                Some(self.made(u32::from(interface), Some(ticks), original_length, data, options))
            }
            _ => None,
        })
    }

    #[inline]
    fn made(
        &self,
        interface: u32,
        ticks: Option<u64>,
        original_length: u32,
        data: &'a [u8],
        options: Options<'a>,
    ) -> Packet<'a> {
        Packet {
            offset: self.offset,
            section: self.section,
            interface,
            linktype: self.interface.linktype,
            timestamp: ticks.map(|ticks| self.timestamp(ticks)),
            original_length,
            data,
            extra: &[],
            options,
        }
    }

    /// Makes a time of ticks of the interface that the block names: of a packet, of statistics, of their options.
    #[inline]
    #[must_use]
    pub fn timestamp(&self, ticks: u64) -> Timestamp {
        Timestamp::from_ticks(ticks, self.interface.resolution, self.interface.offset)
    }

    #[inline]
    fn parse(&self) -> Result<Content<'a>, Fault> {
        let content = Content::read(self.kind, self.body, self.order, self.interface.snaplen)
            .ok_or(Fault::Contents { kind: self.kind });
        // Whether a length is absurd is asked before whether the block holds it, for the better sentence.
        if let Some(captured) = self.captured()
            && captured > self.interface.linktype.longest()
        {
            let Facts { linktype, snaplen, .. } = self.interface;
            return Err(Fault::PacketLength { captured, limit: linktype.longest(), snaplen });
        }
        content
    }

    /// Returns the length that a packet's block says its packet has in the file.
    #[inline]
    fn captured(&self) -> Option<u32> {
        let at = match self.kind {
            BlockType::ENHANCED_PACKET | BlockType::PACKET => 12,
            _ => return None,
        };
        let (_, rest) = self.body.split_at_checked(at)?;
        rest.first_chunk().map(|bytes| self.order.u32(*bytes))
    }
}
