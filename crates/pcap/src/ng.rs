//! What a reader and a writer of pcapng keep of the section that they are in.

use crate::block::{BlockType, Facts};
use crate::content::{Content, InterfaceDescription};
use crate::error::Fault;
use crate::libpcap;
use crate::linktype::LinkType;
use crate::option::{Options, Value, code};
use crate::order::{ByteOrder, count};
use crate::time::Resolution;

/// What a section header holds, in the section's byte order.
pub(crate) const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// The bytes that a block has at the most: one packet of the longest and its options.
pub(crate) const LONGEST_BLOCK: u32 = (128 << 20) + (1 << 20);

/// The bytes that the interfaces of a section may take.
const INTERFACES: u64 = 16 << 20;

/// Describes an interface that packets came from.
#[derive(Clone, Debug)]
pub struct Interface {
    /// What its packets begin with.
    pub linktype: LinkType,
    /// The bytes that are kept of a packet at the most; 0 for all.
    pub snaplen: u32,
    /// How long a tick of its times is.
    pub resolution: Resolution,
    /// Seconds to be added to its times.
    pub offset: i64,
    options: Box<[u8]>,
    order: ByteOrder,
}

impl Interface {
    pub(crate) fn new(linktype: LinkType, snaplen: u32, resolution: Resolution) -> Self {
        Self { linktype, snaplen, resolution, offset: 0, options: Box::default(), order: ByteOrder::Little }
    }

    /// Returns the snapshot length that libpcap takes it for: the longest packet of its link type where the file has none that can
    /// be.
    #[must_use]
    pub const fn libpcap_snaplen(&self) -> u32 {
        libpcap::snapshot(self.snaplen, self.linktype.longest())
    }

    /// Returns its options, `if_…`; a pcap file has none.
    #[must_use]
    pub fn options(&self) -> Options<'_> {
        Options::raw(&self.options, self.order, BlockType::INTERFACE_DESCRIPTION)
    }

    /// Returns its name, which is UTF-8 unless somebody broke the rule.
    #[must_use]
    pub fn name(&self) -> Option<&[u8]> {
        match self.options().find(code::IF_NAME) {
            Some(Value::Text(name)) => Some(name),
            _ => None,
        }
    }

    #[inline]
    pub(crate) const fn facts(&self) -> Facts {
        Facts {
            linktype: self.linktype,
            snaplen: self.snaplen,
            resolution: self.resolution,
            offset: self.offset,
        }
    }
}

/// The section that a reader or writer is in.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) order: ByteOrder,
    /// Its number, from 0.
    pub(crate) number: u32,
    pub(crate) interfaces: Vec<Interface>,
    /// What they take.
    taken: u64,
    /// Whether any section has described an interface.
    pub(crate) any: bool,
}

impl Section {
    /// Begins the next section.
    pub(crate) fn begin(&mut self, order: ByteOrder, first: bool) {
        self.order = order;
        self.interfaces.clear();
        self.taken = 0;
        if !first {
            self.number = self.number.saturating_add(1);
        }
    }

    /// Adds an interface as a block describes it.
    pub(crate) fn describe(&mut self, described: &InterfaceDescription<'_>) -> Result<(), Fault> {
        let mut options = Vec::new();
        let too_long = Fault::Contents { kind: BlockType::INTERFACE_DESCRIPTION };
        described.options.encode(self.order, &mut options).ok_or(too_long)?;
        self.taken += count(size_of::<Interface>()) + count(options.len());
        if self.taken > INTERFACES {
            return Err(Fault::Interfaces { limit: INTERFACES });
        }
        let (resolution, offset) = clock(described.options)?;
        self.any = true;
        self.interfaces.push(Interface {
            linktype: LinkType(u32::from(described.linktype)),
            snaplen: described.snaplen,
            resolution,
            offset,
            options: options.into(),
            order: self.order,
        });
        Ok(())
    }

    /// Returns what is known of the interface that a block names; the default for a block that names none.
    #[inline]
    pub(crate) fn facts(&self, kind: BlockType, body: &[u8]) -> Result<Facts, Fault> {
        let number = match kind {
            BlockType::ENHANCED_PACKET | BlockType::INTERFACE_STATISTICS => {
                body.first_chunk().map_or(0, |bytes| self.order.u32(*bytes))
            }
            BlockType::PACKET => body.first_chunk().map_or(0, |bytes| u32::from(self.order.u16(*bytes))),
            BlockType::SIMPLE_PACKET => 0,
            _ => return Ok(Facts::default()),
        };
        match self.interface(number) {
            Some(interface) => Ok(interface.facts()),
            // Nobody is hurt by counters of an interface that was never described.
            None if kind == BlockType::INTERFACE_STATISTICS => Ok(Facts::default()),
            None => Err(self.missing(number)),
        }
    }

    #[inline]
    pub(crate) fn interface(&self, number: u32) -> Option<&Interface> {
        self.interfaces.get(usize::try_from(number).ok()?)
    }

    #[cold]
    pub(crate) fn missing(&self, interface: u32) -> Fault {
        let described = u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX);
        Fault::NoInterface { interface, described, none_yet: !self.any }
    }

    /// Takes note of a block that changes what holds for the blocks after it.
    pub(crate) fn note(&mut self, content: &Content<'_>, order: ByteOrder, first: bool) -> Result<(), Fault> {
        match content {
            Content::SectionHeader(header) => {
                let (major, minor) = (header.major, header.minor);
                // Some wrote 1.2 before the draft settled on 1.0; nothing else differs.
                if !matches!((major, minor), (1, 0 | 2)) {
                    return Err(Fault::Version { pcapng: true, major, minor });
                }
                self.begin(order, first);
                Ok(())
            }
            Content::InterfaceDescription(interface) => self.describe(interface),
            _ => Ok(()),
        }
    }
}

/// Reads from the options of an interface how it counts time.
fn clock(options: Options<'_>) -> Result<(Resolution, i64), Fault> {
    let (mut resolution, mut offset) = (None, None);
    for option in options.iter() {
        match (option.code, option.value) {
            // Without the rest of them nobody knows what its times mean.
            (_, Value::Cut(_)) => return Err(Fault::Contents { kind: BlockType::INTERFACE_DESCRIPTION }),
            (code::IF_TSRESOL, Value::U8(byte)) => resolution = resolution.or(Some(Resolution(byte))),
            (code::IF_TSOFFSET, Value::I64(seconds)) => offset = offset.or(Some(seconds)),
            _ => {}
        }
    }
    Ok((resolution.unwrap_or_default(), offset.unwrap_or(0)))
}
