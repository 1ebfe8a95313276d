//! Cisco's Serial Line Address Resolution Protocol: which address a line has, and whether it is alive.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |           Packet type: 0 request, 1 reply, 2 keepalive        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |        Address, or the sequence number of the sender          |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |        Mask, or the sequence number last seen                 |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |          Reliability          |  Time in milliseconds (4 bytes, a keepalive's)
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! Source: <https://www.cisco.com/c/en/us/support/docs/wan/high-level-data-link-control-hdlc/>, and captures.

use core::net::Ipv4Addr;

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

header! {
    /// A keepalive.
    pub struct Slarp: 14 bytes;

    /// Packet type: what it is.
    ptype: u32 = 0..32, DecOf(type_name), "slarp.ptype", default(2);
    /// Outgoing sequence number: of the sender.
    mysequence: u32 = 32..64, Dec, "slarp.mysequence", default(1);
    /// Returned sequence number: the last that the sender has seen.
    yoursequence: u32 = 64..96, Dec, "slarp.yoursequence", default(0);
    /// Reliability: all ones.
    reliability: u16 = 96..112, Hex, "slarp.reliability", default(0xffff);
}

header! {
    /// A request or a reply.
    pub struct SlarpAddress: 14 bytes;

    /// Packet type: what it is.
    ptype: u32 = 0..32, DecOf(type_name), "slarp.ptype", default(0);
    /// Address: of the sender.
    address: Ipv4Addr = 32..64, Ipv4, "slarp.address", default(0);
    /// Mask: of the address.
    netmask: Ipv4Addr = 64..96, Ipv4, "slarp.netmask", default(0);
    /// Reliability: all ones.
    reliability: u16 = 96..112, Hex, "", default(0xffff);
}

/// What may stand behind.
const MORE: &[Field] = &[Field::variable("uptime", "", Kind::Dec, "Uptime: of the link, in milliseconds.")];

/// Which address the line has.
const REQUEST: u32 = 0;
/// The address that the line has.
const REPLY: u32 = 1;
/// The sender is alive.
const KEEPALIVE: u32 = 2;

fn type_name(number: u64) -> Option<&'static str> {
    ["request", "reply", "keepalive"].get(usize::try_from(number).ok()?).copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "slarp",
    scapy: "SLARP",
    title: "Cisco SLARP",
    fields: Slarp::FIELDS,
    more: &[SlarpAddress::FIELDS, MORE],
    is_fixed: |header| Slarp::new(header).is_some_and(|header| header.ptype() == KEEPALIVE),
    dissect,
    walk,
    line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Slarp::new(input.bytes) {
        Some(_) => Step::whole(input),
        None => Step::short(input, Slarp::LEN, "a packet of SLARP"),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    if (PROTOCOL.is_fixed)(walk.rest()) {
        walk.fixed();
        if walk.rest().len() >= 4 {
            walk.bytes(row!(MORE, "uptime"), 4);
        }
    } else {
        walk.table(SlarpAddress::FIELDS, SlarpAddress::LEN);
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    const WITH_UPTIME: usize = Slarp::LEN + 4;
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let (bytes, len) = (packet.header(layer), layer.wire_end - layer.start);
    line.text("SLARP (length: ");
    line.len(len);
    line.text("), ");
    let Some(header) = Slarp::new(bytes) else {
        line.cut("chdlc_slarp");
        return Ok(());
    };
    let [_, _, _, _, rest @ ..] = bytes else { return Ok(()) };
    let mut reader = Reader::new("chdlc_slarp", rest);
    match header.ptype() {
        REQUEST => line.text("request"),
        REPLY => {
            let (address, mask) = (reader.ipv4()?, reader.ipv4()?);
            line.fmt(format_args!("reply {address}/{mask}"));
        }
        KEEPALIVE => {
            line.fmt(format_args!(
                "keepalive: mineseen=0x{:08x}, yourseen=0x{:08x}, reliability=0x{:04x}",
                header.mysequence(),
                header.yoursequence(),
                header.reliability()
            ));
            if len >= WITH_UPTIME {
                let uptime = reader.from(Slarp::LEN - 4).u32()?;
                let seconds = uptime / 1000;
                let (minutes, hours, days) = (seconds / 60 % 60, seconds / 3600 % 24, seconds / 86400);
                line.fmt(format_args!(", link uptime={days}d{hours}h{minutes}m{}s", seconds % 60));
            }
        }
        number => {
            line.fmt(format_args!("0x{number:02x} unknown"));
            if line.style().verbose < 2 {
                line.hex_rows("\n\t", rest);
            }
        }
    }
    if len > WITH_UPTIME && line.style().verbose > 0 {
        line.fmt(format_args!(", (trailing junk: {} bytes)", len - WITH_UPTIME));
        if line.style().verbose > 1 {
            line.hex_rows("\n\t", bytes.get(WITH_UPTIME..).unwrap_or_default());
        }
    }
    Ok(())
}
