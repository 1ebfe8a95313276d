//! The options of IPv6's hop-by-hop and destination headers: RFC 8200, section 4.2, and the RFCs that IANA's registry names.
//!
//! ```text
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//! |  Option Type  |  Opt Data Len |  Option Data
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
//! ```
//!
//! The length counts the data alone, and the option Pad1 is its type alone.

use core::net::Ipv6Addr;

use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Cut, Line, Reader, Told};
use crate::option::OptionRow;
use crate::walk::Walk;

/// The types of the options that are treated specially.
mod number {
    pub(super) const PAD1: u8 = 0x00;
    pub(super) const PADN: u8 = 0x01;
    pub(super) const ROUTER_ALERT: u8 = 0x05;
    pub(super) const JUMBO: u8 = 0xc2;
    pub(super) const HOME_ADDRESS: u8 = 0xc9;
}

header! {
    /// An option of one byte.
    pub struct Pad1: 1 bytes;

    /// Option type: which it is.
    otype: u8 = 0..8, Hex, "ipv6.opt.type", default(0);
}

/// Makes the table of an option from what follows its type and length.
macro_rules! option_header {
    ($(#[$about:meta])* pub struct $View:ident: $len:literal bytes, $number:literal; $($rows:tt)*) => {
        header! {
            $(#[$about])*
            pub struct $View: $len bytes;

            /// Option type: which it is.
            otype: u8 = 0..8, Hex, "ipv6.opt.type", default($number);
            /// Action: what a node does that does not know the option; 0 skips it.
            action: u8 = 0..2, Dec, "ipv6.opt.type.action", part;
            /// Change: whether the data may change on the way.
            change: bool = 2..3, Flag, "ipv6.opt.type.change", part;
            /// Rest: of the type.
            rest: u8 = 3..8, Hex, "ipv6.opt.type.rest", part;
            /// Option length: of the data.
            optlen: u8 = 8..16, Dec, "ipv6.opt.length", computed(Following);
            $($rows)*
        }
    };
}

option_header! {
    /// An option whose data is bytes.
    pub struct Plain: 2 bytes, 1;
}

option_header! {
    /// A router alert: RFC 2711.
    pub struct RouterAlert: 4 bytes, 5;

    /// Value: what is in it for routers; 0 is multicast listener discovery.
    value: u16 = 16..32, Dec, "ipv6.opt.router_alert", default(0);
}

option_header! {
    /// The length of a jumbogram: RFC 2675.
    pub struct Jumbo: 6 bytes, 0xc2;

    /// Jumbo payload length: of all behind the IPv6 header.
    jumboplen: u32 = 16..48, Dec, "ipv6.opt.jumbo", default(0);
}

option_header! {
    /// The limit of tunnels in tunnels: RFC 2473.
    pub struct TunnelLimit: 3 bytes, 4;

    /// Tunnel encapsulation limit: how many more there may be.
    limit: u8 = 16..24, Dec, "ipv6.opt.tel", default(4);
}

option_header! {
    /// A label of security: RFC 5570.
    pub struct Calipso: 10 bytes, 7;

    /// Domain of interpretation: who says what the label means.
    doi: u32 = 16..48, Dec, "ipv6.opt.calipso.doi", default(0);
    /// Compartment length: in words of 4 bytes.
    compartments: u8 = 48..56, Dec, "ipv6.opt.calipso.cmpt.length", default(0);
    /// Sensitivity level: how secret it is.
    level: u8 = 56..64, Dec, "ipv6.opt.calipso.sens_level", default(0);
    /// Checksum: of the option.
    checksum: u16 = 64..80, Hex, "ipv6.opt.calipso.checksum", default(0);
}

option_header! {
    /// Measurements of a destination: RFC 8250.
    pub struct Performance: 12 bytes, 0x0f;

    /// Scale of the time since the last packet was received: a power of 2.
    scale_received: u8 = 16..24, Dec, "ipv6.opt.pdm.scale_dtlr", default(0);
    /// Scale of the time since the last packet was sent: a power of 2.
    scale_sent: u8 = 24..32, Dec, "ipv6.opt.pdm.scale_dtls", default(0);
    /// Packet sequence number: of this packet.
    sequence: u16 = 32..48, Dec, "ipv6.opt.pdm.psn_this_pkt", default(0);
    /// Last sequence number: that was received.
    last: u16 = 48..64, Dec, "ipv6.opt.pdm.psn_last_recv", default(0);
    /// Time since the last packet was received: in its scale.
    since_received: u16 = 64..80, Dec, "ipv6.opt.pdm.delta_last_recv", default(0);
    /// Time since the last packet was sent: in its scale.
    since_sent: u16 = 80..96, Dec, "ipv6.opt.pdm.delta_last_sent", default(0);
}

option_header! {
    /// Quick-Start: RFC 4782.
    pub struct QuickStart: 8 bytes, 0x26;

    /// Function: 0 asks for a rate, 8 reports the one that was approved.
    function: u8 = 16..20, Dec, "ipv6.opt.qs_func", default(0);
    /// Rate: 40 kbit/s times 2 to this power.
    rate: u8 = 20..24, Dec, "ipv6.opt.qs_rate", default(0);
    /// Quick-Start TTL: each router that approves takes one off.
    qs_ttl: u8 = 24..32, Dec, "ipv6.opt.qs_ttl", default(0);
    /// Nonce: by which cheating is found out.
    nonce: u32 = 32..62, Hex, "ipv6.opt.qs_nonce", default(0);
    /// Reserved: must be zero.
    qs_reserved: u8 = 62..64, HexDigits(8), "ipv6.opt.qs_reserved", default(0);
}

option_header! {
    /// The path's MTU: RFC 9268.
    pub struct PathMtu: 6 bytes, 0x30;

    /// Minimum path MTU: the smallest so far.
    minimum: u16 = 16..32, Dec, "ipv6.opt.pmtu.min", default(0);
    /// Returned path MTU: what the other side has received, in steps of 2.
    returned: u16 = 32..47, Times(2), "ipv6.opt.pmtu.rtn", default(0);
    /// R flag: whether the other side is to return it.
    r_flag: bool = 47..48, Flag, "ipv6.opt.pmtu.r_flag", default(0);
}

option_header! {
    /// Data of the routing protocol RPL: RFC 6553.
    pub struct Rpl: 6 bytes, 0x63;

    /// Flags: where the packet goes in the graph.
    rpl_flags: u8 = 16..24, Hex, "ipv6.opt.rpl.flag", default(0);
    /// Down: it goes away from the root.
    down: bool = 16..17, Flag, "ipv6.opt.rpl.flag.o", part;
    /// Rank error: the ranks do not fit the direction.
    rank_error: bool = 17..18, Flag, "ipv6.opt.rpl.flag.r", part;
    /// Forwarding error: there is no way on.
    forwarding_error: bool = 18..19, Flag, "ipv6.opt.rpl.flag.f", part;
    /// Instance: of the graph.
    instance: u8 = 24..32, Hex, "ipv6.opt.rpl.instance_id", default(0);
    /// Sender rank: where the sender stands in the graph.
    rank: u16 = 32..48, Hex, "ipv6.opt.rpl.sender_rank", default(0);
}

option_header! {
    /// The home address of a mobile node: RFC 6275, section 6.3.
    pub struct HomeAddress: 18 bytes, 0xc9;

    /// Home address: whom the packet comes from, wherever it is.
    hoa: Ipv6Addr = 16..144, Ipv6, "ipv6.opt.mipv6.home_address", default(0);
}

option_header! {
    /// Depth-first forwarding: RFC 6971.
    pub struct DepthFirst: 5 bytes, 0xee;

    /// Flags: version, and whether it comes back.
    dff_flags: u8 = 16..24, Hex, "ipv6.opt.dff.flags", default(0);
    /// Version: 0.
    version: u8 = 16..18, Dec, "ipv6.opt.dff.flag.ver", part;
    /// Duplicate: it has been sent more than once.
    duplicate: bool = 18..19, Flag, "ipv6.opt.dff.flag.dup", part;
    /// Return: it comes back.
    returned: bool = 19..20, Flag, "ipv6.opt.dff.flag.ret", part;
    /// Sequence number: of the packet.
    sequence: u16 = 24..40, Dec, "ipv6.opt.dff.sequence_number", default(0);
}

/// The rows of data without a fixed place.
const PARTS: &[Field] = &[
    Field::bytes("padding", "ipv6.opt.padn", "Padding: zeros."),
    Field::bytes("nonce", "ipv6.opt.ilnp_nonce", "Nonce: of the session."),
    Field::variable("line_id", "ipv6.opt.lio.line_id", Kind::Text, "Line: of the subscriber."),
    Field::bytes("experiment", "ipv6.opt.experimental", "Experiment: RFC 4727."),
    Field::bytes("unknown", "ipv6.opt.unknown", "Data: not described."),
];

/// The tables of all parts of options.
pub(in crate::stack) const TABLES: &[&[Field]] = &[
    Pad1::FIELDS,
    Plain::FIELDS,
    RouterAlert::FIELDS,
    Jumbo::FIELDS,
    TunnelLimit::FIELDS,
    Calipso::FIELDS,
    Performance::FIELDS,
    QuickStart::FIELDS,
    PathMtu::FIELDS,
    Rpl::FIELDS,
    HomeAddress::FIELDS,
    DepthFirst::FIELDS,
    PARTS,
];

/// Makes the rows of options from number, name, table and documentation.
macro_rules! rows {
    ($($number:expr, $name:literal, $View:ident, $doc:literal;)*) => {
        &[$(OptionRow::new(u16::from_be_bytes([0, $number]), ($name, ""), $View::FIELDS, $View::LEN, $doc),)*]
    };
}

/// The options. Source: IANA's registry of destination options and hop-by-hop options.
pub(in crate::stack) const OPTIONS: &[OptionRow] = rows! {
    number::PAD1, "Pad1", Pad1, "Pad1: a byte of padding.";
    number::PADN, "PadN", Plain, "PadN: padding.";
    0x04, "TunnelLimit", TunnelLimit, "Tunnel encapsulation limit: of tunnels in tunnels.";
    number::ROUTER_ALERT, "RouterAlert", RouterAlert, "Router alert: routers are to look at it.";
    0x07, "CALIPSO", Calipso, "CALIPSO: a label of security.";
    0x08, "SMF_DPD", Plain, "SMF_DPD: by which duplicates are found.";
    0x0f, "PDM", Performance, "Performance and diagnostic metrics: of a destination.";
    0x11, "IOAM", Plain, "IOAM: what nodes on the way say of it.";
    0x1e, "Experiment", Plain, "Experiment: RFC 4727.";
    0x23, "RPL", Rpl, "RPL option: where the packet goes in the graph.";
    0x26, "QuickStart", QuickStart, "Quick-Start: at which rate may be sent at once.";
    0x30, "PathMTU", PathMtu, "Minimum path MTU: the smallest on the way.";
    0x31, "IOAM", Plain, "IOAM: what nodes on the way say of it.";
    0x3e, "Experiment", Plain, "Experiment: RFC 4727.";
    0x5e, "Experiment", Plain, "Experiment: RFC 4727.";
    0x63, "RPL", Rpl, "RPL option: where the packet goes in the graph.";
    0x6d, "MPL", Plain, "MPL option: of multicast in lossy networks.";
    0x7e, "Experiment", Plain, "Experiment: RFC 4727.";
    0x8b, "ILNPNonce", Plain, "ILNP nonce: of the session.";
    0x8c, "LineID", Plain, "Line identification: of the subscriber.";
    0x9e, "Experiment", Plain, "Experiment: RFC 4727.";
    0xbe, "Experiment", Plain, "Experiment: RFC 4727.";
    number::JUMBO, "Jumbo", Jumbo, "Jumbo payload: the length of a packet that is longer than 65535.";
    number::HOME_ADDRESS, "HAO", HomeAddress, "Home address: of a mobile node.";
    0xde, "Experiment", Plain, "Experiment: RFC 4727.";
    0xee, "IP_DFF", DepthFirst, "Depth-first forwarding: of packets that come back.";
    0xfe, "Experiment", Plain, "Experiment: RFC 4727.";
};

/// An option that no row knows.
const UNKNOWN: &OptionRow =
    &OptionRow::new(0xff, ("HBHOptUnknown", ""), Plain::FIELDS, Plain::LEN, "Option: not known.");

/// Walks the options that fill the rest of a header.
pub(in crate::stack) fn walk(walk: &mut Walk<'_, '_>) {
    while let [number, rest @ ..] = walk.rest() {
        let len = match (*number, rest.first()) {
            (number::PAD1, _) => 1,
            (_, Some(len)) if usize::from(*len) < rest.len() => usize::from(*len) + 2,
            _ => return walk.malformed(2, "an option's length that fits"),
        };
        let row = OPTIONS.iter().find(|row| row.number == u16::from(*number)).unwrap_or(UNKNOWN);
        walk.record(&row.record, len, |walk| {
            walk.table(row.fields, row.len);
            let data = match row.record.name {
                "PadN" => row!(PARTS, "padding"),
                "ILNPNonce" => row!(PARTS, "nonce"),
                "LineID" => row!(PARTS, "line_id"),
                "Experiment" => row!(PARTS, "experiment"),
                _ => row!(PARTS, "unknown"),
            };
            walk.bytes(data, usize::MAX);
        });
    }
}

/// Where options stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::stack) enum Place {
    /// In the hop-by-hop header of a packet whose length is in an option, or not.
    HopByHop {
        /// The payload length of the IPv6 header is zero.
        is_long: bool,
    },
    /// In a destination options header.
    Destination,
}

/// Writes a header of options, which begins a packet's bytes; finds the length of a jumbogram.
///
/// Without `-v` they are read for that alone.
pub(in crate::stack) fn line(
    line: &mut Line<'_>,
    (name, Cut(cut)): (&str, Cut),
    bytes: &[u8],
    place: Place,
    found: &mut Option<u32>,
) -> Told {
    let mut reader = Reader::new(cut, bytes);
    reader.u8()?;
    let len = (usize::from(reader.u8()?) + 1) * 8;
    Reader::new(cut, bytes).need(len)?;
    line.text(name);
    let is_verbose = line.style().verbose > 0;
    if place == Place::Destination && !is_verbose {
        return Ok(());
    }
    let mut options = Reader::new(cut, bytes.get(..len).unwrap_or_default()).from(reader.at());
    while !options.is_empty() {
        option(line, &mut options, place, found)?;
    }
    if is_verbose {
        line.text(" ");
    }
    Ok(())
}

/// Writes an option.
fn option(
    line: &mut Line<'_>,
    options: &mut Reader<'_>,
    place: Place,
    found: &mut Option<u32>,
) -> Told {
    let is_verbose = line.style().verbose > 0;
    let left = options.left();
    let number = options.u8()?;
    if number == number::PAD1 {
        if is_verbose {
            line.text("(pad1)");
        }
        return Ok(());
    }
    let len = options.u8()?;
    let data = options.take(len.into());
    match number {
        number::PADN => {
            data?;
            if is_verbose {
                line.text("(padn)");
            }
        }
        number::ROUTER_ALERT => {
            let data = data?;
            let Some([high, low]) = data.first_chunk().filter(|_| len == 2) else {
                return invalid_len(line, "(rtalert", len, left < RouterAlert::LEN, options);
            };
            if is_verbose {
                line.text("(rtalert: 0x");
                line.hex_wide(u16::from_be_bytes([*high, *low]), 4);
                line.text(") ");
            }
        }
        number::JUMBO => {
            let data = data?;
            let Some(length) = data.first_chunk().filter(|_| len == 4) else {
                return invalid_len(line, "(jumbo", len, left < Jumbo::LEN, options);
            };
            jumbo(line, u32::from_be_bytes(*length), place, found);
        }
        number::HOME_ADDRESS => {
            let data = data?;
            let Some(address) = data.first_chunk::<16>().filter(|_| len == 16) else {
                return invalid_len(line, "(homeaddr", len, left < HomeAddress::LEN, options);
            };
            if is_verbose {
                line.text("(homeaddr: ");
                line.address(Ipv6Addr::from(*address));
                line.text(")");
            }
        }
        number => {
            data?;
            if is_verbose {
                line.text("(opt_type 0x");
                line.hex_wide(number, 2);
                line.text(": len=");
                line.dec(len);
                line.text(")");
            }
        }
    }
    Ok(())
}

/// Says that an option cannot have this length, or that the header has no room for it, and ends the line.
fn invalid_len(line: &mut Line<'_>, name: &str, len: u8, is_cut: bool, options: &Reader<'_>) -> Told {
    line.text(name);
    if is_cut {
        line.text(": trunc)");
    } else {
        line.text(": invalid len ");
        line.dec(len);
        line.text(")");
    }
    Err(options.cut())
}

/// Writes the length of a jumbogram, and whether it may be there.
fn jumbo(line: &mut Line<'_>, length: u32, place: Place, found: &mut Option<u32>) {
    let is_verbose = line.style().verbose > 0;
    let words = match place {
        Place::Destination => " - not a hop-by-hop option",
        Place::HopByHop { is_long: false } => " - payload len != 0",
        Place::HopByHop { .. } if found.is_some() => " - already seen",
        Place::HopByHop { .. } if length < 65536 => " - < 65536",
        Place::HopByHop { .. } => {
            *found = Some(length);
            ""
        }
    };
    if is_verbose {
        line.text("(jumbo: ");
        line.dec(length);
        line.text(words);
        line.text(") ");
    }
}
