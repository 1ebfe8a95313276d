//! A field: a row of a protocol's table. Everything that shows, finds, sets or documents a field reads this.

use crate::bits;

/// A row of a protocol's table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name as Scapy says it, and as the typed view has it: `ttl`.
    pub name: &'static str,
    /// Its name as Wireshark says it, `ip.ttl`; empty where Wireshark has none.
    pub path: &'static str,
    /// Names that mean this field among others: `ip.addr` is the source and the destination.
    pub also: &'static [&'static str],
    /// The first bit in its header, as the RFC's figure counts.
    pub from: u16,
    /// The bit after its last; the same as `from` for what has no fixed place.
    pub to: u16,
    /// What it holds, and how that is written.
    pub kind: Kind,
    /// Where its value comes from when a packet is built.
    pub rule: Rule,
    /// Its title and, after a colon, what it means.
    pub doc: &'static str,
}

/// What a field holds, and how that is written.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number in decimal.
    Dec,
    /// A number in decimal that may be negative.
    Signed,
    /// A number in decimal, in units of so many.
    Times(u16),
    /// A number in decimal, in parts of which so many make one.
    Per(u16),
    /// A number in decimal, its low byte first.
    LittleDec,
    /// A number in hexadecimal, its low byte first.
    LittleHex,
    /// A number in decimal that may have a name.
    DecOf(Names),
    /// A number in hexadecimal, with all its digits.
    Hex,
    /// A number in hexadecimal, with so many digits at least.
    HexDigits(u8),
    /// Bits as letters, a letter for each from the highest down; a middle dot for one that is not set.
    Letters(&'static str),
    /// A number in hexadecimal that may have a name.
    HexOf(Names),
    /// One bit: set or not.
    Flag,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// The first bytes of an IPv4 address, whose others are zero.
    Ipv4Prefix,
    /// The first bytes of an IPv6 address, whose others are zero.
    Ipv6Prefix,
    /// Seconds since 1970, UTC.
    UnixTime,
    /// Seconds since 2000, UTC.
    DuidTime,
    /// A timestamp of NTP, RFC 5905, section 6: seconds since 1900 and their fraction, 32 bits each.
    NtpTime,
    /// An Ethernet address.
    Mac,
    /// Bytes as they are.
    Bytes,
    /// Bytes in base 32 with the digits of RFC 4648, section 7, without padding: hashed names.
    Base32Hex,
    /// Bytes as the digits of one long number in hexadecimal.
    Digits,
    /// A globally unique identifier as Microsoft stores it, the first three numbers from their low end.
    Guid,
    /// Bytes that are meant to be read, as far as the first zero: zeros fill the rest of their room.
    Text,
    /// A domain name in the wire form of RFC 1035, section 4.1.4.
    DomainName,
    /// A domain name in that form that is shown with the dot at its end.
    RootedName,
    /// Fields of its own: an option, a record.
    Record,
}

impl Kind {
    /// Tells whether it is a number; else it is bytes.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Dec
                | Self::LittleDec
                | Self::LittleHex
                | Self::Signed
                | Self::Times(_)
                | Self::Per(_)
                | Self::HexDigits(_)
                | Self::DecOf(_)
                | Self::Hex
                | Self::HexOf(_)
                | Self::Flag
                | Self::UnixTime
                | Self::NtpTime
                | Self::DuidTime
        )
    }
}

impl Kind {
    /// Turns a number of so many bits that was read in network order into what it means, and back again.
    #[must_use]
    pub const fn ordered(self, number: u64, bits: usize) -> u64 {
        match (self, bits) {
            (Self::LittleDec | Self::LittleHex, 8..=64) if bits.is_multiple_of(8) => {
                number.swap_bytes() >> (64 - bits)
            }
            _ => number,
        }
    }
}

/// Names the values of a field.
pub type Names = fn(u64) -> Option<&'static str>;

/// Where a field's value comes from when a packet is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It is this unless it is given.
    Default(u128),
    /// It follows from the rest of the packet unless it is given.
    Computed(Computed),
    /// It lies within the stored field above it, and is shown and set by itself.
    Part,
    /// It is known from the packet, but has no bytes in it.
    Derived,
}

/// From what a field follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Computed {
    /// The length of its layer's header, options included, in the units of its kind.
    Header,
    /// The length of its layer's header in units of so many bytes, without so many of them: extension headers
    /// of IPv6.
    HeaderBeyond(u16, u8),
    /// The length of its layer from its first byte, payload included.
    Total,
    /// The length of its layer's payload.
    Payload,
    /// The length of the record that it is in.
    Record,
    /// The length of what follows it in its record.
    Following,
    /// The length of the field right behind it, which has no width of its own.
    Behind,
    /// How many records of a name its layer has.
    Count(&'static str),
    /// What comes next, as a number of this space.
    Next(Space),
    /// The sum of its layer's header, RFC 1071.
    HeaderSum,
    /// The sum of its layer, payload included, RFC 1071.
    Sum,
    /// The sum of its layer and the pseudo header below, RFC 1071; zero is sent as its complement where the flag says so.
    PseudoSum {
        /// Whether zero means that there is none, as in UDP.
        zero_is_none: bool,
    },
    /// As [`PseudoSum`](Self::PseudoSum), over as many bytes as the 16 bits before it say, all where they say 0: UDP-Lite.
    CoveredSum,
}

/// A space of numbers by which a protocol says what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Link types of capture files.
    Link,
    /// EtherTypes.
    EtherType,
    /// Service access points of IEEE 802.2, without their last bit.
    Sap,
    /// Protocol numbers of Cisco's in SNAP.
    CiscoPid,
    /// Protocol numbers of bridged frames in SNAP, RFC 2684.
    BridgedPid,
    /// Protocol numbers of PPP.
    Ppp,
    /// Protocol numbers of Cisco's HDLC: EtherTypes, but for one.
    Chdlc,
    /// IP protocol numbers, also of IPv6's next header.
    IpProtocol,
    /// TCP ports.
    TcpPort,
    /// UDP ports.
    UdpPort,
}

impl Computed {
    /// Tells whether it is a checksum.
    #[must_use]
    pub const fn is_sum(self) -> bool {
        matches!(self, Self::HeaderSum | Self::Sum | Self::PseudoSum { .. } | Self::CoveredSum)
    }

    /// Tells whether a sum of zero is written as its complement.
    #[must_use]
    pub const fn writes_no_zero(self) -> bool {
        matches!(self, Self::PseudoSum { zero_is_none: true } | Self::CoveredSum)
    }
}

impl Field {
    /// Bytes that belong to a layer and that no row describes.
    pub const RAW: &'static Self = &Self::bytes("load", "data.data", "Bytes: not described further.");

    /// Makes a row for bytes without a fixed place.
    #[must_use]
    pub const fn bytes(name: &'static str, path: &'static str, doc: &'static str) -> Self {
        Self::variable(name, path, Kind::Bytes, doc)
    }

    /// Makes a row for what has no fixed place.
    #[must_use]
    pub const fn variable(name: &'static str, path: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self { name, path, also: &[], from: 0, to: 0, kind, rule: Rule::Default(0), doc }
    }

    /// Gives it so many bits, whatever its place.
    #[must_use]
    pub const fn wide(mut self, bits: u16) -> Self {
        self.to = self.from + bits;
        self
    }

    /// Makes it one that is known from the packet without having bytes in it.
    #[must_use]
    pub const fn derived(mut self) -> Self {
        self.rule = Rule::Derived;
        self
    }

    /// Returns how many bits it has in its header; 0 for what has no fixed place.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.to.saturating_sub(self.from)
    }

    /// Returns its title: what stands before the colon or the full stop of its documentation.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.doc.split([':', '.']).next().unwrap_or_default().trim()
    }

    /// Tells whether it is stored in bytes of its own, which a builder writes.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        matches!(self.rule, Rule::Default(_) | Rule::Computed(_))
    }

    /// Reads its bits, at most 64, from its header.
    #[must_use]
    pub fn read(&self, header: &[u8]) -> u64 {
        let number = bits::read(header, usize::from(self.from), usize::from(self.to));
        self.kind.ordered(number, self.width().into())
    }

    /// Writes its bits, at most 64, into its header.
    pub fn write(&self, header: &mut [u8], value: u64) {
        let value = self.kind.ordered(value, self.width().into());
        bits::write(header, usize::from(self.from), usize::from(self.to), value);
    }
}

/// Takes the row of a name out of a table, when the program is compiled: a wrong name does not compile.
macro_rules! row {
    ($table:expr, $name:literal) => {
        const { $crate::field::find($table, $name) }
    };
}
pub(crate) use row;

/// Finds the field of a name; called through `row!`.
pub(crate) const fn find(fields: &'static [Field], name: &str) -> &'static Field {
    let mut rest = fields;
    while let [field, others @ ..] = rest {
        if is_same(field.name.as_bytes(), name.as_bytes()) {
            return field;
        }
        rest = others;
    }
    panic!("no field of this table has that name")
}

const fn is_same(mut left: &[u8], mut right: &[u8]) -> bool {
    while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
        if *a != *b {
            return false;
        }
        (left, right) = (left_rest, right_rest);
    }
    left.is_empty() && right.is_empty()
}
