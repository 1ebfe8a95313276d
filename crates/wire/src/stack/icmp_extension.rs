//! What an ICMP error tells behind the packet that it quotes: RFC 4884, with the labels of MPLS as RFC 4950, interfaces as
//! RFC 5837 and 8335 have them.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |Version|      (Reserved)       |           Checksum            |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |             Length            |   Class-Num   |   C-Type      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                   // (Object payload) //                      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::checksum;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::packet::{Input, Step};
use crate::walk::Walk;

header! {
    /// The header of the extension structure.
    pub struct Extension: 4 bytes;

    /// Version: 2.
    version: u8 = 0..4, Dec, "icmp.ext.version", default(2);
    /// Reserved: must be zero.
    reserved: u16 = 4..16, Hex, "icmp.ext.res", default(0);
    /// Checksum: over the extension alone; zero where there is none.
    chksum: u16 = 16..32, Hex, "icmp.ext.checksum", computed(HeaderSum);
}

header! {
    /// The header of an object.
    pub struct Object: 4 bytes;

    /// Length: of the whole object.
    len: u16 = 0..16, Dec, "icmp.ext.length", computed(Record);
    /// Class: what the object is about.
    classnum: u8 = 16..24, DecOf(class_name), "icmp.ext.class", default(1);
    /// C-Type: its form within the class.
    classtype: u8 = 24..32, Dec, "icmp.ext.ctype", default(1);
}

header! {
    /// The header of an object of interface information: its C-Type says what there is.
    pub struct InterfaceInformation: 4 bytes;

    /// Length: of the whole object.
    len: u16 = 0..16, Dec, "icmp.ext.length", computed(Record);
    /// Class: what the object is about.
    classnum: u8 = 16..24, DecOf(class_name), "icmp.ext.class", default(2);
    /// C-Type: which interface, and what is told of it.
    classtype: u8 = 24..32, Dec, "icmp.ext.ctype", default(0);
    /// Interface role: 0 is where the packet came in, 2 where it would have gone out.
    interface_role: u8 = 24..26, Dec, "icmp.int_info.role", part;
    /// Reserved: must be zero.
    reserved: u8 = 26..28, Dec, "icmp.int_info.reserved", part;
    /// Interface index: whether it is there.
    has_ifindex: bool = 28..29, Flag, "icmp.int_info.ifindex", part;
    /// IP address: whether it is there.
    has_ipaddr: bool = 29..30, Flag, "icmp.int_info.ipaddr", part;
    /// Interface name: whether it is there.
    has_name: bool = 30..31, Flag, "icmp.int_info.name_present", part;
    /// MTU: whether it is there.
    has_mtu: bool = 31..32, Flag, "icmp.int_info.mtu_present", part;
}

header! {
    /// An entry of a label stack.
    pub struct Label: 4 bytes;

    /// Label: by which the packet was switched.
    label: u32 = 0..20, Dec, "icmp.mpls.label", default(0);
    /// Experimental: its traffic class.
    exp: u8 = 20..23, Dec, "icmp.mpls.exp", default(0);
    /// Stack bit: it is the last entry.
    bottom: bool = 23..24, Flag, "icmp.mpls.s", default(1);
    /// Time to live: each router takes one off.
    ttl: u8 = 24..32, Dec, "icmp.mpls.ttl", default(0);
}

header! {
    /// What stands before the address of an interface.
    pub struct InterfaceAddress: 4 bytes;

    /// Address family: 1 is IPv4, 2 is IPv6.
    afi: u16 = 0..16, Dec, "icmp.int_info.afi", default(1);
    /// Reserved: must be zero.
    reserved: u16 = 16..32, Hex, "", default(0);
}

header! {
    /// What stands before the address by which an interface is meant.
    pub struct IdentifiedAddress: 4 bytes;

    /// Address family: 1 is IPv4, 2 is IPv6.
    afi: u16 = 0..16, Dec, "icmp.int_ident.afi", default(1);
    /// Address length: in bytes.
    address_length: u8 = 16..24, Dec, "icmp.int_ident.addr_length", default(4);
    /// Reserved: must be zero.
    reserved: u8 = 24..32, Hex, "", default(0);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("object", "", Kind::Record, "Object: one thing that is told."),
    Field::variable("ifindex", "icmp.int_info.index", Kind::Dec, "Interface index: its number."),
    Field::variable("ip4", "icmp.int_info.ipv4", Kind::Ipv4, "IPv4 address: of the interface."),
    Field::variable("ip6", "icmp.int_info.ipv6", Kind::Ipv6, "IPv6 address: of the interface."),
    Field::variable("name_length", "icmp.int_info.name_length", Kind::Dec, "Name length: this byte and padding included."),
    Field::variable("name", "icmp.int_info.name", Kind::Text, "Name: of the interface."),
    Field::bytes("name_padding", "", "Padding: zeros behind the name."),
    Field::variable("mtu", "icmp.int_info.mtu", Kind::Dec, "MTU: of the interface."),
    Field::variable("ident_name", "icmp.int_ident.name", Kind::Text, "Name: of the interface that is meant."),
    Field::variable("ident_index", "icmp.int_ident.index", Kind::Dec, "Interface index: of the one that is meant."),
    Field::variable("ident_ip4", "icmp.int_ident.ipv4", Kind::Ipv4, "IPv4 address: of the interface that is meant."),
    Field::variable("ident_ip6", "icmp.int_ident.ipv6", Kind::Ipv6, "IPv6 address: of the interface that is meant."),
    Field::bytes("ident_address", "icmp.int_ident.address", "Address: of another family."),
    Field::bytes("data", "icmp.ext.data", "Data: of an object that is not described."),
];

/// Classes of objects. Source: IANA's registry of ICMP extension object classes.
mod class {
    pub(super) const MPLS: u8 = 1;
    pub(super) const INTERFACE_INFORMATION: u8 = 2;
    pub(super) const INTERFACE_IDENTIFICATION: u8 = 3;
}

/// Address families. Source: IANA's registry of address family numbers.
mod family {
    pub(super) const IPV4: u16 = 1;
    pub(super) const IPV6: u16 = 2;
}

/// The C-Type of a stack that came in.
const INCOMING_STACK: u8 = 1;

fn class_name(number: u64) -> Option<&'static str> {
    match u8::try_from(number).ok()? {
        class::MPLS => Some("MPLS Stack Entry"),
        class::INTERFACE_INFORMATION => Some("Interface Identification"),
        _ => None,
    }
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "icmp.ext",
    scapy: "ICMPExtension_Header",
    title: "ICMP Multi-Part Extensions",
    fields: Extension::FIELDS,
    more: &[
        Object::FIELDS,
        InterfaceInformation::FIELDS,
        Label::FIELDS,
        InterfaceAddress::FIELDS,
        IdentifiedAddress::FIELDS,
        PARTS,
    ],
    dissect,
    walk,
    // The error that it belongs to tells it.
    line: |_, _, _| Ok(()),
    tells: |_, _, _| false,
    ..Protocol::BARE
};

/// Tells whether bytes are an extension, where nothing else says so: RFC 4884, section 5.5.
#[must_use]
pub fn is_extension(bytes: &[u8]) -> bool {
    Extension::new(bytes).is_some_and(|header| header.version() == 2) && is_summed_up(bytes)
}

/// Tells whether the checksum over bytes is right.
#[must_use]
pub fn is_summed_up(bytes: &[u8]) -> bool {
    checksum::fold(checksum::sum(bytes)) == 0
}

fn dissect(input: &Input<'_>) -> Step {
    if input.bytes.len() < Extension::LEN {
        return Step::short(input, Extension::LEN, "the header of an ICMP extension");
    }
    Step::whole(input)
}

fn walk(walk: &mut Walk<'_, '_>) {
    if !walk.table(Extension::FIELDS, Extension::LEN) {
        return;
    }
    while let Some(object) = Object::new(walk.rest()) {
        let len = usize::from(object.len());
        if len < Object::LEN || len > walk.rest().len() {
            return walk.malformed(len.max(Object::LEN), "an object's length that fits");
        }
        let (is, form) = (object.classnum(), object.classtype());
        walk.record(row!(PARTS, "object"), len, |walk| match is {
            class::INTERFACE_INFORMATION => interface_information(walk),
            _ => {
                walk.table(Object::FIELDS, Object::LEN);
                match (is, form) {
                    (class::MPLS, INCOMING_STACK) => {
                        while walk.rest().len() >= Label::LEN {
                            walk.table(Label::FIELDS, Label::LEN);
                        }
                    }
                    (class::INTERFACE_IDENTIFICATION, 1) => walk.bytes(row!(PARTS, "ident_name"), usize::MAX),
                    (class::INTERFACE_IDENTIFICATION, 2) => walk.bytes(row!(PARTS, "ident_index"), 4),
                    (class::INTERFACE_IDENTIFICATION, 3) => identified_address(walk),
                    _ => walk.bytes(row!(PARTS, "data"), usize::MAX),
                }
            }
        });
    }
}

/// Shows what an object tells of an interface: RFC 5837, section 4.
fn interface_information(walk: &mut Walk<'_, '_>) {
    let header = InterfaceInformation::new(walk.rest());
    walk.table(InterfaceInformation::FIELDS, InterfaceInformation::LEN);
    let Some(header) = header else { return };
    if header.has_ifindex() {
        walk.bytes(row!(PARTS, "ifindex"), 4);
    }
    if header.has_ipaddr() {
        let address = InterfaceAddress::new(walk.rest()).map(|address| address.afi());
        walk.table(InterfaceAddress::FIELDS, InterfaceAddress::LEN);
        match address {
            Some(family::IPV4) => walk.bytes(row!(PARTS, "ip4"), 4),
            Some(family::IPV6) => walk.bytes(row!(PARTS, "ip6"), 16),
            _ => return,
        }
    }
    if header.has_name()
        && let Some(len) = walk.rest().first().copied()
    {
        walk.bytes(row!(PARTS, "name_length"), 1);
        let len = usize::from(len).saturating_sub(1);
        let name = walk.rest().iter().take(len).position(|byte| *byte == 0).unwrap_or(len);
        walk.bytes(row!(PARTS, "name"), name);
        walk.bytes(row!(PARTS, "name_padding"), len - name);
    }
    if header.has_mtu() {
        walk.bytes(row!(PARTS, "mtu"), 4);
    }
}

/// Shows the address by which an interface is meant: RFC 8335, section 2.1.
fn identified_address(walk: &mut Walk<'_, '_>) {
    let address = IdentifiedAddress::new(walk.rest()).map(|address| (address.afi(), address.address_length()));
    walk.table(IdentifiedAddress::FIELDS, IdentifiedAddress::LEN);
    match address {
        Some((family::IPV4, 4)) => walk.bytes(row!(PARTS, "ident_ip4"), 4),
        Some((family::IPV6, 16)) => walk.bytes(row!(PARTS, "ident_ip6"), 16),
        Some((_, len)) => walk.bytes(row!(PARTS, "ident_address"), len.into()),
        None => {}
    }
}

/// Writes an extension of so many bytes, of which those in the reader were captured, in lines of its own.
///
/// # Errors
///
/// The captured bytes run out in it.
pub fn words(line: &mut Line<'_>, mut reader: Reader<'_>, len: usize) -> Told {
    let bytes = reader.rest();
    let [version, ..] = reader.array::<{ Extension::LEN }>()?;
    let version = version >> 4;
    line.text("\n\tICMP Multi-Part extension v");
    line.dec(version);
    if version != 2 {
        line.text(" packet not supported");
        return Ok(());
    }
    if let Some(bytes) = bytes.get(..len) {
        let is_right = is_summed_up(bytes);
        line.text(", checksum 0x");
        line.hex_wide(Extension::new(bytes).map_or(0, |header| header.chksum()), 4);
        line.text(if is_right { " (correct), length " } else { " (incorrect), length " });
        line.len(len);
    }
    let mut left = len.saturating_sub(Extension::LEN);
    while left > Object::LEN {
        let header = reader.take(Object::LEN)?;
        let Some(object) = Object::new(header) else { return Ok(()) };
        left -= Object::LEN;
        line.text("\n\t  ");
        line.text(class_name(object.classnum().into()).unwrap_or("unknown"));
        line.text(" Object (");
        line.dec(object.classnum());
        line.text("), Class-Type: ");
        line.dec(object.classtype());
        line.text(", length ");
        line.dec(object.len());
        let len = usize::from(object.len()).saturating_sub(Object::LEN);
        if object.classnum() == 0 || usize::from(object.len()) < Object::LEN {
            return Ok(());
        }
        if (object.classnum(), object.classtype()) == (class::MPLS, INCOMING_STACK) {
            label(line, reader)?;
        } else {
            let bytes = reader.rest();
            line.hex_rows("\n\t    ", bytes.get(..len).unwrap_or(bytes));
        }
        if left < len {
            return Ok(());
        }
        left -= len;
        reader = reader.from(reader.at() + len);
    }
    Ok(())
}

/// Writes the first entry of a label stack.
fn label(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    let bytes = reader.take(Label::LEN)?;
    let Some(label) = Label::new(bytes) else { return Ok(()) };
    line.text("\n\t    label ");
    line.dec(label.label());
    line.text(", tc ");
    line.dec(label.exp());
    if label.bottom() {
        line.text(", [S]");
    }
    line.text(", ttl ");
    line.dec(label.ttl());
    Ok(())
}
