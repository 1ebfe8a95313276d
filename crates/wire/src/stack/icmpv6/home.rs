//! Home agents of Mobile IPv6: RFC 6275, sections 6.5 to 6.8.

use super::neighbor;
use super::{PARTS as COMMON, kind};
use super::words::has_length_first;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::walk::Walk;

header! {
    /// A mobile prefix advertisement, behind the first word.
    pub struct Advertisement: 4 bytes;

    /// Identifier: the same in question and answer.
    id: u16 = 0..16, Dec, "icmpv6.mip6.identifier", default(0);
    /// Flags: how nodes are to get on.
    flags: u16 = 16..32, Hex, "icmpv6.mip6.flag", default(0);
    /// Managed: addresses come by DHCPv6.
    m: bool = 16..17, Flag, "icmpv6.mip6.flag.m", part;
    /// Other: what else there is to know comes by DHCPv6.
    o: bool = 17..18, Flag, "icmpv6.mip6.flag.o", part;
    /// Reserved: must be zero.
    rsv: u16 = 18..32, Dec, "icmpv6.mip6.flag.rsv", part;
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("mip_id", "icmpv6.mip6.identifier", Kind::Dec, "Identifier: the same in question and answer."),
    Field::variable("home_agent", "icmpv6.mip6.home_agent_address", Kind::Ipv6, "Home agent address: of one on the home link."),
];

/// Shows a message behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u8) {
    if number == kind::PREFIX_ADVERTISEMENT {
        walk.table(Advertisement::FIELDS, Advertisement::LEN);
        return neighbor::walk_options(walk);
    }
    walk.bytes(row!(PARTS, "mip_id"), 2);
    walk.bytes(row!(COMMON, "reserved_bytes"), 2);
    while number == kind::HOME_REPLY && walk.rest().len() >= 16 {
        walk.bytes(row!(PARTS, "home_agent"), 16);
    }
}

/// Writes a message of so many bytes.
pub(super) fn words(line: &mut Line<'_>, reader: Reader<'_>, number: u8, len: usize) -> Told {
    if has_length_first(number) && line.style().verbose == 0 {
        return Ok(());
    }
    let mut fields = reader.from(4);
    line.fmt(format_args!(", id 0x{:04x}", fields.u16()?));
    match number {
        kind::HOME_REPLY => {
            fields.take(2)?;
            while fields.at() < len {
                let address = fields.ipv6()?;
                line.text(", ");
                line.address(address);
            }
        }
        kind::PREFIX_ADVERTISEMENT => {
            let flags = fields.u8()?;
            if flags & 0xc0 != 0 {
                line.text(" ");
            }
            line.text(if flags & 0x80 == 0 { "" } else { "M" });
            line.text(if flags & 0x40 == 0 { "" } else { "O" });
            neighbor::options(line, reader, 8, len)?;
        }
        _ => {}
    }
    Ok(())
}
