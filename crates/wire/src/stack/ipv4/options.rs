//! The options of IPv4: IANA's registry of IP option numbers, each with its RFC.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |C|Cls|  Number |     Length    |  Data, Length - 2 bytes ...
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use core::net::{IpAddr, Ipv4Addr};

use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::option::{self, OptionRow, Options};
use crate::walk::Walk;

/// The numbers of the options that are treated specially, copied flag and class included.
pub(super) mod number {
    pub(crate) const RECORD_ROUTE: u8 = 7;
    pub(crate) const TIMESTAMP: u8 = 68;
    pub(crate) const TRACEROUTE: u8 = 82;
    pub(crate) const SECURITY: u8 = 130;
    pub(crate) const LOOSE_ROUTE: u8 = 131;
    pub(crate) const EXTENDED_SECURITY: u8 = 133;
    pub(crate) const CIPSO: u8 = 134;
    pub(crate) const STRICT_ROUTE: u8 = 137;
    pub(crate) const ROUTER_ALERT: u8 = 148;
    pub(crate) const DIRECTED_BROADCAST: u8 = 149;
}

header! {
    /// An option of one byte.
    pub struct Alone: 1 bytes;

    /// Option: which it is.
    option: u8 = 0..8, Dec, "ip.opt.type", default(1);
    /// Copied: whether it is in every fragment.
    copied: bool = 0..1, Flag, "ip.opt.type.copy", part;
    /// Class: 0 is control, 2 is measurement.
    class: u8 = 1..3, Dec, "ip.opt.type.class", part;
    /// Number: which it is in its class.
    number: u8 = 3..8, Dec, "ip.opt.type.number", part;
}

/// Makes the table of an option from what follows its type and length.
macro_rules! option_header {
    ($(#[$about:meta])* pub struct $View:ident: $len:literal bytes, $number:literal; $($rows:tt)*) => {
        header! {
            $(#[$about])*
            pub struct $View: $len bytes;

            /// Option: which it is.
            option: u8 = 0..8, Dec, "ip.opt.type", default($number);
            /// Copied: whether it is in every fragment.
            copied: bool = 0..1, Flag, "ip.opt.type.copy", part;
            /// Class: 0 is control, 2 is measurement.
            class: u8 = 1..3, Dec, "ip.opt.type.class", part;
            /// Number: which it is in its class.
            number: u8 = 3..8, Dec, "ip.opt.type.number", part;
            /// Length: of the whole option.
            length: u8 = 8..16, Dec, "ip.opt.len", computed(Record);
            $($rows)*
        }
    };
}

option_header! {
    /// An option whose inside is not described.
    pub struct Unknown: 2 bytes, 255;
}

option_header! {
    /// A route, recorded or to be taken: RFC 791.
    pub struct Route: 3 bytes, 7;

    /// Pointer: where the next address goes or stands, counted from 1.
    pointer: u8 = 16..24, Dec, "ip.opt.ptr", default(4);
}

option_header! {
    /// Timestamps of the routers on the way: RFC 791.
    pub struct Timestamp: 4 bytes, 68;

    /// Pointer: where the next timestamp goes, counted from 1.
    pointer: u8 = 16..24, Dec, "ip.opt.ptr", default(5);
    /// Overflow: how many routers found no room.
    overflow: u8 = 24..28, Dec, "ip.opt.overflow", default(0);
    /// Flag: whether addresses stand before the timestamps, and who gives them.
    flag: u8 = 28..32, Hex, "ip.opt.flag", default(0);
}

/// Timestamps alone.
pub(super) const STAMPS_ALONE: u8 = 0;
/// Each after the address of the router that gives it.
pub(super) const STAMPS_OF_ANY: u8 = 1;
/// By the routers alone whose addresses are given.
pub(super) const STAMPS_OF_GIVEN: u8 = 3;

option_header! {
    /// Security of the Department of Defense: RFC 1108.
    pub struct Security: 3 bytes, 130;

    /// Classification: how secret it is.
    classification: u8 = 16..24, HexOf(classification), "ip.opt.sec_cl", default(0x55);
}

option_header! {
    /// Extended security of the Department of Defense: RFC 1108.
    pub struct ExtendedSecurity: 3 bytes, 133;

    /// Format code: of the additional information.
    format: u8 = 16..24, Dec, "ip.opt.ext_sec_add_sec_info_format_code", default(0);
}

option_header! {
    /// Commercial security: the draft of CIPSO, FIPS 188.
    pub struct Cipso: 6 bytes, 134;

    /// Domain of interpretation: who says what the labels mean.
    doi: u32 = 16..48, Dec, "ip.cipso.doi", default(1);
}

header! {
    /// A tag of commercial security.
    pub struct CipsoTag: 2 bytes;

    /// Tag type: the form of the label.
    tag: u8 = 0..8, Dec, "ip.cipso.tag_type", default(1);
    /// Tag length: of the whole tag.
    tag_length: u8 = 8..16, Dec, "", computed(Record);
}

option_header! {
    /// The stream of SATNET: RFC 791.
    pub struct StreamId: 4 bytes, 136;

    /// Stream identifier: of SATNET.
    stream: u16 = 16..32, Dec, "ip.opt.sid", default(0);
}

option_header! {
    /// The smallest MTU on the way: RFC 1063.
    pub struct Mtu: 4 bytes, 11;

    /// MTU: the smallest so far.
    mtu: u16 = 16..32, Dec, "ip.opt.mtu", default(1500);
}

option_header! {
    /// A traceroute that the routers answer: RFC 1393.
    pub struct Traceroute: 12 bytes, 82;

    /// Identifier: of this traceroute.
    trace: u16 = 16..32, Dec, "ip.opt.id_number", default(0);
    /// Outbound hop count: routers on the way there.
    outbound: u16 = 32..48, Dec, "ip.opt.ohc", default(0);
    /// Return hop count: routers on the way back.
    returned: u16 = 48..64, Dec, "ip.opt.rhc", default(0xffff);
    /// Originator: who is to be answered.
    originator: Ipv4Addr = 64..96, Ipv4, "ip.opt.originator", default(0);
}

option_header! {
    /// A router alert: RFC 2113.
    pub struct RouterAlert: 4 bytes, 148;

    /// Alert: 0 is for every router.
    alert: u16 = 16..32, Dec, "ip.opt.ra", default(0);
}

option_header! {
    /// Quick-Start: RFC 4782.
    pub struct QuickStart: 8 bytes, 25;

    /// Function: 0 asks for a rate, 8 reports the one that was approved.
    function: u8 = 16..20, Dec, "ip.opt.qs_func", default(0);
    /// Rate: 40 kbit/s times 2 to this power.
    rate: u8 = 20..24, Dec, "ip.opt.qs_rate", default(0);
    /// Quick-Start TTL: each router that approves takes one off.
    qs_ttl: u8 = 24..32, Dec, "ip.opt.qs_ttl", default(0);
    /// Nonce: by which cheating is found out.
    nonce: u32 = 32..62, Hex, "ip.opt.qs_nonce", default(0);
    /// Reserved: must be zero.
    qs_reserved: u8 = 62..64, Hex, "ip.opt.qs_reserved", default(0);
}

/// The rows of what stands in options as often as there is room.
const PARTS: &[Field] = &[
    Field::variable("recorded", "ip.rec_rt", Kind::Ipv4, "Router: it was here."),
    Field::variable("empty", "ip.empty_rt", Kind::Ipv4, "Empty: room for a router."),
    Field::variable("router", "ip.src_rt", Kind::Ipv4, "Router: it is to come here."),
    Field::variable("address", "ip.opt.time_stamp_addr", Kind::Ipv4, "Router: whose timestamp follows."),
    Field::variable("timestamp", "ip.opt.time_stamp", Kind::Dec, "Timestamp: milliseconds since midnight UT."),
    Field::variable("receiver", "ip.opt.addr", Kind::Ipv4, "Receiver: of the directed broadcast."),
    Field::bytes("authorities", "ip.opt.sec_prot_auth_flags", "Protection authorities: whose rules hold."),
    Field::bytes("information", "ip.opt.ext_sec_add_sec_info", "Additional security information: as its format says."),
    Field::bytes("label", "ip.cipso.tag_data", "Label: in the form that the tag type says."),
    Field::bytes("padding", "", "Padding: fills the last word behind the end of options."),
    Field::variable("cipso_tag", "", Kind::Record, "Tag: of commercial security."),
];

/// The tables of all parts of options.
pub(super) const TABLES: &[&[Field]] = &[
    Alone::FIELDS,
    Unknown::FIELDS,
    Route::FIELDS,
    Timestamp::FIELDS,
    Security::FIELDS,
    ExtendedSecurity::FIELDS,
    Cipso::FIELDS,
    CipsoTag::FIELDS,
    StreamId::FIELDS,
    Mtu::FIELDS,
    Traceroute::FIELDS,
    RouterAlert::FIELDS,
    QuickStart::FIELDS,
    PARTS,
];

/// Makes the rows of options from number, names, table and documentation.
macro_rules! rows {
    ($($number:expr, $name:literal, $path:literal, $View:ident, $doc:literal;)*) => {
        &[$(OptionRow::new(u16::from_be_bytes([0, $number]), ($name, $path), $View::FIELDS, $View::LEN, $doc),)*]
    };
}

/// The options, under Scapy's names where it has one. Source: IANA's registry of IP option numbers.
pub(super) const OPTIONS: &[OptionRow] = rows! {
    option::END, "EOL", "ip.options.eol", Alone, "End of options: padding follows.";
    option::NO_OPERATION, "NOP", "ip.options.nop", Alone, "No operation: it fills a word.";
    number::RECORD_ROUTE, "RR", "ip.options.record_route", Route, "Record route: the routers on the way.";
    10, "ZSU", "", Unknown, "Experimental measurement: not described.";
    11, "MTU_Probe", "ip.options.mtu_probe", Mtu, "MTU probe: asks for the smallest MTU.";
    12, "MTU_Reply", "ip.options.mtu_reply", Mtu, "MTU reply: the smallest MTU that a probe found.";
    15, "ENCODE", "", Unknown, "Encode: not described.";
    25, "QuickStart", "ip.options.qs", QuickStart, "Quick-Start: at which rate may be sent at once.";
    30, "Experiment", "", Unknown, "Experiment: RFC 4727.";
    number::TIMESTAMP, "Timestamp", "ip.options.timestamp", Timestamp, "Timestamp: when it was where.";
    number::TRACEROUTE, "Traceroute", "ip.options.traceroute", Traceroute, "Traceroute: routers answer it.";
    94, "Experiment", "", Unknown, "Experiment: RFC 4727.";
    number::SECURITY, "Security", "ip.options.security", Security, "Security: how secret it is.";
    number::LOOSE_ROUTE, "LSRR", "ip.options.route", Route, "Loose source route: by these routers.";
    number::EXTENDED_SECURITY, "Extended_Security", "ip.options.ext_security", ExtendedSecurity, "Extended security: more on how secret it is.";
    number::CIPSO, "Commercial_Security", "ip.options.cipso", Cipso, "Commercial security: a label.";
    136, "Stream_Id", "ip.options.sid", StreamId, "Stream identifier: of SATNET.";
    number::STRICT_ROUTE, "SSRR", "ip.options.source_route", Route, "Strict source route: by these routers alone.";
    142, "Experimental_Access_Control", "", Unknown, "Experimental access control: not described.";
    144, "IMI_Traffic_Descriptor", "", Unknown, "IMI traffic descriptor: not described.";
    145, "Extended_IP", "", Unknown, "Extended Internet Protocol: RFC 1385.";
    147, "Address_Extension", "", Unknown, "Address extension: RFC 1475.";
    number::ROUTER_ALERT, "Router_Alert", "ip.options.routeralert", RouterAlert, "Router alert: every router is to look at it.";
    number::DIRECTED_BROADCAST, "SDBM", "ip.options.sdb", Unknown, "Selective directed broadcast: who is to receive it.";
    151, "Dynamic_Packet_State", "", Unknown, "Dynamic packet state: not described.";
    152, "Upstream_Multicast", "", Unknown, "Upstream multicast packet: not described.";
    158, "Experiment", "", Unknown, "Experiment: RFC 4727.";
    205, "Experimental_Flow_Control", "", Unknown, "Experimental flow control: not described.";
    222, "Experiment", "", Unknown, "Experiment: RFC 4727.";
};

/// An option that no row knows.
const UNKNOWN: &OptionRow =
    &OptionRow::new(255, ("Unknown", ""), Unknown::FIELDS, Unknown::LEN, "Option: not known.");

/// Names what a classification means: RFC 1108, section 2.3.
fn classification(value: u64) -> Option<&'static str> {
    match value {
        0x3d => Some("Top Secret"),
        0x5a => Some("Secret"),
        0x96 => Some("Confidential"),
        0xab => Some("Unclassified"),
        _ => None,
    }
}

/// Walks the options that fill the rest of the header.
pub(super) fn walk(walk: &mut Walk<'_, '_>) {
    option::walk_with(walk, OPTIONS, UNKNOWN, inside);
    walk.bytes(row!(PARTS, "padding"), usize::MAX);
}

/// Walks the inside of an option.
fn inside(walk: &mut Walk<'_, '_>, row: &'static OptionRow) {
    // What an option has been walked of is needed for its pointer, which counts from its type.
    let option = walk.rest();
    walk.table(row.fields, row.len);
    let number = option.first().copied().unwrap_or(0);
    match number {
        number::RECORD_ROUTE | number::LOOSE_ROUTE | number::STRICT_ROUTE => {
            let pointer = Route::new(option).map_or(0, |route| usize::from(route.pointer()));
            let ahead = match number {
                number::RECORD_ROUTE => row!(PARTS, "empty"),
                _ => row!(PARTS, "router"),
            };
            while walk.rest().len() >= 4 {
                let at = option.len() - walk.rest().len() + 1;
                walk.bytes(if at < pointer { row!(PARTS, "recorded") } else { ahead }, 4);
            }
        }
        number::TIMESTAMP => {
            let has_addresses = Timestamp::new(option).is_some_and(|option| option.flag() != STAMPS_ALONE);
            let len = if has_addresses { 8 } else { 4 };
            while walk.rest().len() >= len {
                if has_addresses {
                    walk.bytes(row!(PARTS, "address"), 4);
                }
                walk.bytes(row!(PARTS, "timestamp"), 4);
            }
        }
        number::CIPSO => {
            while let Some(tag) = CipsoTag::new(walk.rest()) {
                let len = usize::from(tag.tag_length()).max(CipsoTag::LEN);
                walk.record(row!(PARTS, "cipso_tag"), len, |walk| {
                    walk.table(CipsoTag::FIELDS, CipsoTag::LEN);
                    walk.bytes(row!(PARTS, "label"), usize::MAX);
                });
            }
        }
        number::SECURITY => walk.bytes(row!(PARTS, "authorities"), usize::MAX),
        number::EXTENDED_SECURITY => walk.bytes(row!(PARTS, "information"), usize::MAX),
        number::DIRECTED_BROADCAST => {
            while walk.rest().len() >= 4 {
                walk.bytes(row!(PARTS, "receiver"), 4);
            }
        }
        _ => {}
    }
}

/// Returns the last router of a source route, for which a packet is in the end, or its destination where it has none.
pub(super) fn destination(header: &[u8], to: IpAddr) -> IpAddr {
    let mut options = Options::new(header.get(super::Ipv4::LEN..).unwrap_or_default());
    let route = options.find(|(number, _)| matches!(*number, number::LOOSE_ROUTE | number::STRICT_ROUTE));
    match route.map(|(_, option)| option) {
        Some(option) if option.len() >= Route::LEN + 4 => option.last_chunk::<4>().map_or(to, |last| (*last).into()),
        _ => to,
    }
}
