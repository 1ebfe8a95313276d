//! The header of a pcap file, and the shapes that its records have.
//!
//! draft-ietf-opsawg-pcap, sections 4 and 5, and libpcap's manual page pcap-savefile(5). Beside the two forms that
//! they describe (microseconds, nanoseconds) there are modified ones whose records have longer headers; those that a
//! magic number gives away are known by it, the others by [`guess`].

use crate::linktype::LinkType;
use crate::order::{ByteOrder, Cursor, size};
use crate::time::Resolution;

/// Bytes of a file's header.
pub(crate) const FILE_HEADER: usize = 24;
/// Bytes of a record's header, without what a modified file adds.
pub(crate) const RECORD_HEADER: usize = 16;

/// Holds the header of a pcap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which kind of pcap it is.
    pub variant: Variant,
    /// The byte order of all its numbers.
    pub order: ByteOrder,
    /// How long a tick of its times is: microseconds or nanoseconds.
    pub resolution: Resolution,
    /// The major version, 2.
    pub major: u16,
    /// The minor version, 4.
    pub minor: u16,
    /// What was once the time zone, in seconds; 0.
    pub this_zone: u32,
    /// What was once the accuracy of times; 0.
    pub significant_figures: u32,
    /// The bytes that are kept of a packet at the most, as the file says it.
    pub snaplen: u32,
    /// The last field as it stands: the link type, and bits above it.
    pub network: u32,
}

/// Names a kind of pcap file by what the headers of its records add.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Variant {
    /// pcap as everybody writes it.
    #[default]
    Standard,
    /// Alexey Kuznetzov's, magic number a1b2cd34: interface index, protocol and packet type, 8 bytes.
    Modified,
    /// The same as SuSE 6.3 had it, with 12 bytes.
    Suse63,
    /// The same as Red Hat 6.1 had it, with the usual magic number.
    RedHat61,
    /// Nokia's, with the usual magic number and 4 bytes.
    Nokia,
    /// IXIA's with times of hardware, magic number 1c0001ac: usual records after a header that is 4 bytes longer.
    IxiaHardware,
    /// IXIA's with times of software, magic number 1c0001ab: likewise.
    IxiaSoftware,
}

impl Variant {
    /// Returns the bytes that a record's header has beyond the usual 16.
    #[inline]
    #[must_use]
    pub const fn extra(self) -> usize {
        match self {
            Self::Standard | Self::IxiaHardware | Self::IxiaSoftware => 0,
            Self::Nokia => 4,
            Self::Modified | Self::RedHat61 => 8,
            Self::Suse63 => 12,
        }
    }

    /// Returns the bytes that the file's header has beyond the usual 24: IXIA's, the length of all records.
    pub(crate) const fn extra_header(self) -> usize {
        match self {
            Self::IxiaHardware | Self::IxiaSoftware => 4,
            _ => 0,
        }
    }

    const fn magic(self, resolution: Resolution) -> u32 {
        match self {
            Self::Standard | Self::RedHat61 | Self::Nokia => match resolution {
                Resolution::NANOSECONDS => 0xa1b2_3c4d,
                _ => 0xa1b2_c3d4,
            },
            Self::Modified | Self::Suse63 => 0xa1b2_cd34,
            Self::IxiaHardware => 0x1c00_01ac,
            Self::IxiaSoftware => 0x1c00_01ab,
        }
    }
}

impl Header {
    /// Makes the header that programs write today: version 2.4, the byte order of most machines, and as snapshot
    /// length the longest packet of the link type.
    #[must_use]
    pub const fn new(linktype: LinkType, resolution: Resolution) -> Self {
        Self {
            variant: Variant::Standard,
            order: ByteOrder::Little,
            resolution,
            major: 2,
            minor: 4,
            this_zone: 0,
            significant_figures: 0,
            snaplen: linktype.longest(),
            network: linktype.0,
        }
    }

    /// Tells the kind and byte order of a file from its first four bytes; `None` when it is no pcap file.
    pub(crate) fn from_magic(magic: [u8; 4]) -> Option<(Variant, ByteOrder, Resolution)> {
        [ByteOrder::Little, ByteOrder::Big].into_iter().find_map(|order| {
            let (variant, resolution) = match order.u32(magic) {
                0xa1b2_c3d4 => (Variant::Standard, Resolution::MICROSECONDS),
                0xa1b2_3c4d => (Variant::Standard, Resolution::NANOSECONDS),
                0xa1b2_cd34 => (Variant::Modified, Resolution::MICROSECONDS),
                0x1c00_01ac => (Variant::IxiaHardware, Resolution::MICROSECONDS),
                0x1c00_01ab => (Variant::IxiaSoftware, Resolution::MICROSECONDS),
                _ => return None,
            };
            Some((variant, order, resolution))
        })
    }

    /// Reads a header whole.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (variant, order, resolution) = Self::from_magic(*bytes.first_chunk()?)?;
        let mut from = Cursor::new(bytes.get(4..)?, order);
        Some(Self {
            variant,
            order,
            resolution,
            major: from.u16()?,
            minor: from.u16()?,
            this_zone: from.u32()?,
            significant_figures: from.u32()?,
            snaplen: from.u32()?,
            network: from.u32()?,
        })
    }

    /// Appends the header.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let order = self.order;
        out.extend_from_slice(&order.put_u32(self.variant.magic(self.resolution)));
        out.extend_from_slice(&order.put_u16(self.major));
        out.extend_from_slice(&order.put_u16(self.minor));
        for number in [self.this_zone, self.significant_figures, self.snaplen, self.network] {
            out.extend_from_slice(&order.put_u32(number));
        }
        // IXIA's count of what follows, which nobody knows while writing.
        out.resize(out.len() + self.variant.extra_header(), 0);
    }

    /// Returns what packets begin with.
    #[must_use]
    pub const fn linktype(&self) -> LinkType {
        LinkType(self.network & 0x03ff_ffff)
    }

    /// Returns the length of the frame check sequence at the end of each packet, in bytes; `None` when the file does
    /// not say.
    #[must_use]
    pub const fn fcs_length(&self) -> Option<u32> {
        // Bit 26 says whether bits 28 to 31 do, which count 16-bit words.
        if self.network & 1 << 26 == 0 { None } else { Some((self.network >> 28) * 2) }
    }

    /// Returns whether this version is known: 2.0 to 2.4, and 543.0, which an old system wrote.
    pub(crate) const fn version_is_known(&self) -> bool {
        matches!((self.major, self.minor), (2, 0..=4) | (543, 0))
    }

    /// Reads a record's header.
    #[inline]
    pub(crate) fn record(&self, bytes: &[u8; RECORD_HEADER]) -> RecordHeader {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
        let order = self.order;
        let mut record = RecordHeader {
            seconds: order.u32([a, b, c, d]),
            fraction: order.u32([e, f, g, h]),
            captured: order.u32([i, j, k, l]),
            original: order.u32([m, n, o, p]),
        };
        // Before version 2.3 the two lengths stood the other way round, and in 2.3 either way (pcap-savefile(5)).
        let swapped = match (self.major, self.minor) {
            (2, 4..) => false,
            (2, 3) => record.captured > record.original,
            _ => true,
        };
        if swapped {
            core::mem::swap(&mut record.captured, &mut record.original);
        }
        record
    }
}

/// The numbers of a record's header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecordHeader {
    pub(crate) seconds: u32,
    pub(crate) fraction: u32,
    pub(crate) captured: u32,
    pub(crate) original: u32,
}

/// How many records [`guess`] looks at.
const GUESS_RECORDS: usize = 4;

/// The bytes that [`guess`] wants, unless the file ends before.
pub(crate) const GUESS_BYTES: usize = 64 << 10;

/// Tells by the first records which of the variants with this magic number the file is.
///
/// The magic number does not tell Nokia's and Red Hat 6.1's files from usual ones, nor SuSE 6.3's from Kuznetzov's. Where
/// the next record's header begins does: the variant in which most records make sense is taken, the usual one first.
pub(crate) fn guess(header: &Header, records: &[u8]) -> Variant {
    let candidates: &[Variant] = match header.variant {
        Variant::Standard => &[Variant::Standard, Variant::RedHat61, Variant::Nokia],
        Variant::Modified => &[Variant::Modified, Variant::Suse63],
        other => return other,
    };
    let mut best = (0, header.variant);
    for &variant in candidates {
        let sense = sensible(header, variant, records);
        if sense > best.0 {
            best = (sense, variant);
        }
    }
    best.1
}

/// Counts the records that make sense in a variant; all that are looked at when the file ends just after one.
fn sensible(header: &Header, variant: Variant, mut records: &[u8]) -> usize {
    let ticks = if header.resolution == Resolution::NANOSECONDS { 1_000_000_000 } else { 1_000_000 };
    let mut last = None;
    for count in 0..GUESS_RECORDS {
        if records.is_empty() && count > 0 {
            return GUESS_RECORDS;
        }
        let Some((first, rest)) = records.split_first_chunk() else { return count };
        let record = header.record(first);
        let near = last.is_none_or(|last: u32| record.seconds.abs_diff(last) < 1 << 27);
        if record.captured > header.linktype().longest()
            || record.captured > record.original
            || record.original > 1 << 27
            || record.fraction >= ticks
            || !near
        {
            return count;
        }
        last = Some(record.seconds);
        let Some(rest) = rest.get(variant.extra() + size(record.captured)..) else { return count };
        records = rest;
    }
    GUESS_RECORDS
}
