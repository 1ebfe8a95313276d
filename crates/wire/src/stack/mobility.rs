//! The mobility header of IPv6: RFC 6275, section 6.1; its options are in section 6.2.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Payload Proto |  Header Len   |   MH Type     |   Reserved    |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |           Checksum            |                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+        Message Data           +
//! |                                                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

mod line;

use core::net::Ipv6Addr;

use super::Protocol;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::number::ip_protocol;
use crate::packet::{Input, Next, Step};
use crate::walk::Walk;

header! {
    /// The header before the message.
    pub struct Mobility: 6 bytes;

    /// Payload protocol: 59, for nothing follows.
    nh: u8 = 0..8, DecOf(ip_protocol::name), "mip6.proto", default(59);
    /// Header length: in units of 8 bytes, without the first.
    len: u8 = 8..16, Dec, "mip6.hlen", computed(HeaderBeyond(8, 1));
    /// MH type: which message it is.
    mhtype: u8 = 16..24, DecOf(message::name), "mip6.mhtype", default(0);
    /// Reserved: zero.
    res: u8 = 24..32, Hex, "mip6.reserved", default(0);
    /// Checksum: over the pseudo header and the header.
    cksum: u16 = 32..48, Hex, "mip6.csum", computed(PseudoSum { zero_is_none: false });
}

/// The messages. Source: IANA's registry of mobility header types.
pub mod message {
    /// Binding refresh request.
    pub const REFRESH_REQUEST: u8 = 0;
    /// Home test init.
    pub const HOME_TEST_INIT: u8 = 1;
    /// Care-of test init.
    pub const CARE_OF_TEST_INIT: u8 = 2;
    /// Home test.
    pub const HOME_TEST: u8 = 3;
    /// Care-of test.
    pub const CARE_OF_TEST: u8 = 4;
    /// Binding update.
    pub const UPDATE: u8 = 5;
    /// Binding acknowledgement.
    pub const ACKNOWLEDGEMENT: u8 = 6;
    /// Binding error.
    pub const ERROR: u8 = 7;

    /// Names a message.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        match u8::try_from(number) {
            Ok(REFRESH_REQUEST) => Some("Binding Refresh Request"),
            Ok(HOME_TEST_INIT) => Some("Home Test Init"),
            Ok(CARE_OF_TEST_INIT) => Some("Care-of Test Init"),
            Ok(HOME_TEST) => Some("Home Test"),
            Ok(CARE_OF_TEST) => Some("Care-of Test"),
            Ok(UPDATE) => Some("Binding Update"),
            Ok(ACKNOWLEDGEMENT) => Some("Binding Acknowledgement"),
            Ok(ERROR) => Some("Binding Error"),
            _ => None,
        }
    }
}

header! {
    /// A binding update.
    pub struct Update: 6 bytes;

    /// Sequence number: of the update.
    seq: u16 = 0..16, Dec, "mip6.bu.seqnr", default(0);
    /// Acknowledge: it is to be answered.
    a: bool = 16..17, Flag, "mip6.bu.a_flag", default(1);
    /// Home registration: the receiver is to be the home agent.
    h: bool = 17..18, Flag, "mip6.bu.h_flag", default(1);
    /// Link-local compatibility: addresses differ in the prefix alone.
    l: bool = 18..19, Flag, "mip6.bu.l_flag", default(0);
    /// Key management: it survives moving.
    k: bool = 19..20, Flag, "mip6.bu.k_flag", default(0);
    /// MAP registration: RFC 5380.
    m: bool = 20..21, Flag, "mip6.bu.m_flag", default(0);
    /// Mobile router: RFC 3963.
    r: bool = 21..22, Flag, "mip6.nemo.bu.r_flag", default(0);
    /// Proxy registration: RFC 5213.
    p: bool = 22..23, Flag, "mip6.bu.p_flag", default(0);
    /// Forced UDP encapsulation: RFC 5555.
    f: bool = 23..24, Flag, "mip6.bu.f_flag", default(0);
    /// TLV header format: RFC 5555.
    t: bool = 24..25, Flag, "mip6.bu.t_flag", default(0);
    /// Bulk binding: RFC 6602.
    b: bool = 25..26, Flag, "mip6.bu.b_flag", default(0);
    /// Reserved: zero.
    update_reserved: u8 = 26..32, Hex, "", default(0);
    /// Lifetime: in units of 4 seconds.
    mhtime: u16 = 32..48, Dec, "mip6.bu.lifetime", default(3);
}

header! {
    /// A binding acknowledgement.
    pub struct Acknowledgement: 6 bytes;

    /// Status: below 128 the update was taken.
    status: u8 = 0..8, Dec, "mip6.ba.status", default(0);
    /// Key management: it survives moving.
    k: bool = 8..9, Flag, "mip6.ba.k_flag", default(0);
    /// Mobile router: RFC 3963.
    r: bool = 9..10, Flag, "mip6.nemo.ba.r_flag", default(0);
    /// Proxy registration: RFC 5213.
    p: bool = 10..11, Flag, "mip6.ba.p_flag", default(0);
    /// TLV header format: RFC 5555.
    t: bool = 11..12, Flag, "mip6.ba.t_flag", default(0);
    /// Bulk binding: RFC 6602.
    b: bool = 12..13, Flag, "mip6.ba.b_flag", default(0);
    /// Reserved: zero.
    ack_reserved: u8 = 13..16, Hex, "", default(0);
    /// Sequence number: of the update.
    seq: u16 = 16..32, Dec, "mip6.ba.seqnr", default(0);
    /// Lifetime: in units of 4 seconds.
    mhtime: u16 = 32..48, Dec, "mip6.ba.lifetime", default(3);
}

header! {
    /// A binding error.
    pub struct BindingError: 18 bytes;

    /// Status: what is wrong.
    status: u8 = 0..8, Dec, "mip6.be.status", default(1);
    /// Reserved: zero.
    error_reserved: u8 = 8..16, Hex, "", default(0);
    /// Home address: of the node whose packet it was.
    ha: Ipv6Addr = 16..144, Ipv6, "mip6.be.haddr", default(0);
}

header! {
    /// An option's type and length.
    pub struct MobilityOption: 2 bytes;

    /// Option type: which it is.
    otype: u8 = 0..8, Dec, "", default(0);
    /// Option length: of its data.
    olen: u8 = 8..16, Dec, "mip6.mobility_opt.len", computed(Following);
}

/// The rows of what has no fixed place.
const PARTS: &[Field] = &[
    Field::bytes("message_reserved", "", "Reserved: zero."),
    Field::bytes("home_cookie", "mip6.hoti.cookie", "Home init cookie: the answer has it too."),
    Field::bytes("care_of_cookie", "mip6.coti.cookie", "Care-of init cookie: the answer has it too."),
    Field::variable("home_nonce", "mip6.hot.nindex", Kind::Dec, "Home nonce index: which nonce the token is of."),
    Field::bytes("home_test_cookie", "mip6.hot.cookie", "Home init cookie: of the question."),
    Field::bytes("home_token", "mip6.hot.token", "Home keygen token: half of the key."),
    Field::variable("care_of_nonce", "mip6.cot.nindex", Kind::Dec, "Care-of nonce index: which nonce the token is of."),
    Field::bytes("care_of_test_cookie", "mip6.cot.cookie", "Care-of init cookie: of the question."),
    Field::bytes("care_of_token", "mip6.cot.token", "Care-of keygen token: half of the key."),
    Field::bytes("message", "mip6.unknown_type_data", "Message: of a type that is not described."),
    Field::variable("Pad1", "mip6.options.pad1", Kind::Record, "Pad1: a byte of padding."),
    Field::variable("PadN", "mip6.options.padn", Kind::Record, "PadN: padding."),
    Field::variable("BRAdvice", "mip6.options.bra", Kind::Record, "Binding refresh advice: when to come again."),
    Field::variable("AltCoA", "mip6.options.acoa", Kind::Record, "Alternate care-of address: where the node is."),
    Field::variable("NonceIndices", "mip6.options.ni", Kind::Record, "Nonce indices: which nonces the key is of."),
    Field::variable("BindingAuthData", "mip6.options.bad_auth", Kind::Record, "Authorization data: shows who sent it."),
    Field::variable("Option", "", Kind::Record, "Option: of a mobility message."),
    Field::bytes("padding", "mip6.padn", "Padding: zeros."),
    Field::variable("refresh", "mip6.bra.interval", Kind::Dec, "Refresh interval: in units of 4 seconds."),
    Field::variable("care_of", "mip6.acoa.acoa", Kind::Ipv6, "Alternate care-of address: where the node is."),
    Field::variable("home_index", "mip6.ni.hni", Kind::Dec, "Home nonce index: of the token."),
    Field::variable("care_of_index", "mip6.ni.cni", Kind::Dec, "Care-of nonce index: of the token."),
    Field::bytes("authenticator", "mip6.bad.auth", "Authenticator: shows who sent it."),
    Field::bytes("data", "", "Data: of an option that is not described."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "mipv6",
    scapy: "MIP6MH",
    title: "Mobile IPv6",
    fields: Mobility::FIELDS,
    more: &[Update::FIELDS, Acknowledgement::FIELDS, BindingError::FIELDS, MobilityOption::FIELDS, PARTS],
    dissect,
    walk,
    line: line::line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    const WHAT: &str = "a mobility header";
    let Some(header) = Mobility::new(input.bytes) else { return Step::short(input, Mobility::LEN, WHAT) };
    let len = (usize::from(header.len()) + 1) * 8;
    if len > input.bytes.len() {
        return Step::short(input, len, WHAT);
    }
    Step::carrying(input, len, Next::Bytes)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let kind = Mobility::new(walk.header()).map(|header| header.mhtype());
    walk.table(Mobility::FIELDS, Mobility::LEN);
    let reserved = row!(PARTS, "message_reserved");
    let parts: &[(&'static Field, usize)] = match kind {
        Some(message::REFRESH_REQUEST) => &[(reserved, 2)],
        Some(message::HOME_TEST_INIT) => &[(reserved, 2), (row!(PARTS, "home_cookie"), 8)],
        Some(message::CARE_OF_TEST_INIT) => &[(reserved, 2), (row!(PARTS, "care_of_cookie"), 8)],
        Some(message::HOME_TEST) => {
            &[(row!(PARTS, "home_nonce"), 2), (row!(PARTS, "home_test_cookie"), 8), (row!(PARTS, "home_token"), 8)]
        }
        Some(message::CARE_OF_TEST) => &[
            (row!(PARTS, "care_of_nonce"), 2),
            (row!(PARTS, "care_of_test_cookie"), 8),
            (row!(PARTS, "care_of_token"), 8),
        ],
        Some(message::UPDATE) => {
            walk.table(Update::FIELDS, Update::LEN);
            &[]
        }
        Some(message::ACKNOWLEDGEMENT) => {
            walk.table(Acknowledgement::FIELDS, Acknowledgement::LEN);
            &[]
        }
        Some(message::ERROR) => {
            walk.table(BindingError::FIELDS, BindingError::LEN);
            &[]
        }
        _ => return walk.bytes(row!(PARTS, "message"), usize::MAX),
    };
    for (field, len) in parts {
        walk.bytes(field, *len);
    }
    options(walk);
}

/// The options that are known. Source: IANA's registry of mobility options.
mod option {
    pub(super) const PAD1: u8 = 0;
    pub(super) const PADN: u8 = 1;
    pub(super) const REFRESH_ADVICE: u8 = 2;
    pub(super) const ALTERNATE_CARE_OF: u8 = 3;
    pub(super) const NONCE_INDICES: u8 = 4;
    pub(super) const AUTHORIZATION: u8 = 5;
}

/// Walks the options that fill the rest of the header.
fn options(walk: &mut Walk<'_, '_>) {
    while let [number, rest @ ..] = walk.rest() {
        let (number, has_len) = (*number, *number != option::PAD1);
        let len = match rest.first() {
            Some(len) if has_len => usize::from(*len) + 2,
            _ => 1,
        };
        let record = match number {
            option::PAD1 => row!(PARTS, "Pad1"),
            option::PADN => row!(PARTS, "PadN"),
            option::REFRESH_ADVICE => row!(PARTS, "BRAdvice"),
            option::ALTERNATE_CARE_OF => row!(PARTS, "AltCoA"),
            option::NONCE_INDICES => row!(PARTS, "NonceIndices"),
            option::AUTHORIZATION => row!(PARTS, "BindingAuthData"),
            _ => row!(PARTS, "Option"),
        };
        walk.record(record, len, |walk| {
            walk.table(MobilityOption::FIELDS, len.min(MobilityOption::LEN));
            match number {
                option::PADN => walk.bytes(row!(PARTS, "padding"), usize::MAX),
                option::REFRESH_ADVICE => walk.bytes(row!(PARTS, "refresh"), 2),
                option::ALTERNATE_CARE_OF => walk.bytes(row!(PARTS, "care_of"), 16),
                option::NONCE_INDICES => {
                    walk.bytes(row!(PARTS, "home_index"), 2);
                    walk.bytes(row!(PARTS, "care_of_index"), 2);
                }
                option::AUTHORIZATION => walk.bytes(row!(PARTS, "authenticator"), usize::MAX),
                _ => {}
            }
            walk.bytes(row!(PARTS, "data"), usize::MAX);
        });
    }
}
