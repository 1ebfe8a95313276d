//! Internet Control Message Protocol for IPv6: RFC 4443, the length of the quoted packet as RFC 4884 has it.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Type      |     Code      |          Checksum             |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |           Identifier          |        Sequence Number        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Data ...
//! +-+-+-+-+-
//! ```
//!
//! That is an echo. An error has its second word, and behind it the beginning of the packet that was the cause: a layer of its
//! own. What else comes as ICMPv6 has a file each: neighbours, listeners, nodes, renumbering, homes, RPL.

pub mod home;
pub mod listener;
pub mod neighbor;
pub mod node;
pub mod renumber;
pub mod rpl;
mod words;

use super::{Id, Protocol};
use crate::answer::{self, Answer, Side};
use crate::field::{Field, Kind, Rule, Space, row};
use crate::header::header;
use crate::number::ethertype;
use crate::packet::{Input, Next, Step};
use crate::walk::Walk;

header! {
    /// The header of an echo and its answer.
    pub struct Icmpv6: 8 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, DecOf(type_name), "icmpv6.type", default(128);
    /// Code: what exactly, within its type.
    code: u8 = 8..16, Dec, "icmpv6.code", default(0);
    /// Checksum: over the pseudo header and the whole message.
    cksum: u16 = 16..32, Hex, "icmpv6.checksum", computed(PseudoSum { zero_is_none: false });
    /// Identifier: the same in question and answer.
    id: u16 = 32..48, Hex, "icmpv6.echo.identifier", default(0);
    /// Sequence number: which of many questions.
    seq: u16 = 48..64, Dec, "icmpv6.echo.sequence_number", default(0);
}

header! {
    /// What all messages begin with.
    pub struct Begin: 4 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, DecOf(type_name), "icmpv6.type", default(0);
    /// Code: what exactly, within its type.
    code: u8 = 8..16, Dec, "icmpv6.code", default(0);
    /// Checksum: over the pseudo header and the whole message.
    cksum: u16 = 16..32, Hex, "icmpv6.checksum", computed(PseudoSum { zero_is_none: false });
}

header! {
    /// The second word of an error that tells how much it quotes.
    pub struct ErrorWord: 4 bytes;

    /// Length: of the quoted packet, in words of 8 bytes.
    length: u8 = 0..8, Dec, "icmpv6.length", default(0);
    /// Reserved: must be zero.
    reserved: u32 = 8..32, Bytes, "icmpv6.reserved", default(0);
}

header! {
    /// The second word of an extended echo request: RFC 8335.
    pub struct ExtendedRequest: 4 bytes;

    /// Identifier: the same in question and answer.
    id: u16 = 0..16, Hex, "icmpv6.echo.identifier", default(0);
    /// Sequence number: which of many questions.
    ext_seq: u8 = 16..24, Dec, "icmpv6.ext.echo.seq", default(0);
    /// Reserved: must be zero.
    reserved: u8 = 24..31, Hex, "icmpv6.ext.echo.req.res", default(0);
    /// Local bit: the interface is one of the host that is asked, not of a neighbour.
    local: bool = 31..32, Flag, "icmpv6.ext.echo.req.local", default(1);
}

header! {
    /// The second word of an extended echo reply: RFC 8335.
    pub struct ExtendedReply: 4 bytes;

    /// Identifier: the same in question and answer.
    id: u16 = 0..16, Hex, "icmpv6.echo.identifier", default(0);
    /// Sequence number: which of many questions.
    ext_seq: u8 = 16..24, Dec, "icmpv6.ext.echo.seq", default(0);
    /// State: of the neighbour in the cache.
    state: u8 = 24..27, Dec, "icmpv6.ext.echo.rsp.state", default(0);
    /// Reserved: must be zero.
    reserved: u8 = 27..29, Hex, "icmpv6.ext.echo.rsp.res", default(0);
    /// Active bit: the interface is up.
    active: bool = 29..30, Flag, "icmpv6.ext.echo.rsp.active", default(0);
    /// IPv4 bit: IPv4 runs on it.
    ipv4: bool = 30..31, Flag, "icmpv6.ext.echo.rsp.ipv4", default(0);
    /// IPv6 bit: IPv6 runs on it.
    ipv6: bool = 31..32, Flag, "icmpv6.ext.echo.rsp.ipv6", default(0);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::bytes("reserved_bytes", "icmpv6.reserved", "Reserved: must be zero."),
    Field::variable("mtu", "icmpv6.mtu", Kind::Dec, "MTU: the longest packet that fits."),
    Field::variable("ptr", "icmpv6.pointer", Kind::Dec, "Pointer: the byte of the quoted packet that is the problem."),
    Field::bytes("data", "icmpv6.data", "Data: not described."),
];

/// What follows from the rest.
const DERIVED: &[Field] = &[Field {
    rule: Rule::Derived,
    ..Field::variable("cksum_status", "icmpv6.checksum.status", Kind::Dec, "Checksum status: 1 where it is right.")
}];

/// Types of messages. Source: IANA's registry of ICMPv6 parameters.
mod kind {
    pub(super) const UNREACHABLE: u8 = 1;
    pub(super) const TOO_BIG: u8 = 2;
    pub(super) const TIME_EXCEEDED: u8 = 3;
    pub(super) const PARAMETER_PROBLEM: u8 = 4;
    pub(super) const ECHO: u8 = 128;
    pub(super) const ECHO_REPLY: u8 = 129;
    pub(super) const LISTENER_QUERY: u8 = 130;
    pub(super) const LISTENER_REPORT: u8 = 131;
    pub(super) const LISTENER_DONE: u8 = 132;
    pub(super) const ROUTER_SOLICITATION: u8 = 133;
    pub(super) const ROUTER_ADVERTISEMENT: u8 = 134;
    pub(super) const NEIGHBOR_SOLICITATION: u8 = 135;
    pub(super) const NEIGHBOR_ADVERTISEMENT: u8 = 136;
    pub(super) const REDIRECT: u8 = 137;
    pub(super) const RENUMBERING: u8 = 138;
    pub(super) const NODE_QUERY: u8 = 139;
    pub(super) const NODE_REPLY: u8 = 140;
    pub(super) const INVERSE_SOLICITATION: u8 = 141;
    pub(super) const INVERSE_ADVERTISEMENT: u8 = 142;
    pub(super) const LISTENER_REPORT_V2: u8 = 143;
    pub(super) const HOME_REQUEST: u8 = 144;
    pub(super) const HOME_REPLY: u8 = 145;
    pub(super) const PREFIX_SOLICITATION: u8 = 146;
    pub(super) const PREFIX_ADVERTISEMENT: u8 = 147;
    pub(super) const RPL: u8 = 155;
    pub(super) const EXTENDED_ECHO: u8 = 160;
    pub(super) const EXTENDED_ECHO_REPLY: u8 = 161;
}

/// The least length of a quoted packet in front of an extension: RFC 4884, section 4.
const LEAST_QUOTE: usize = 128;

fn type_name(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        kind::UNREACHABLE => "destination unreachable",
        kind::TOO_BIG => "packet too big",
        kind::TIME_EXCEEDED => "time exceeded in-transit",
        kind::PARAMETER_PROBLEM => "parameter problem",
        kind::ECHO => "echo request",
        kind::ECHO_REPLY => "echo reply",
        kind::LISTENER_QUERY => "multicast listener query",
        kind::LISTENER_REPORT => "multicast listener report",
        kind::LISTENER_DONE => "multicast listener done",
        kind::ROUTER_SOLICITATION => "router solicitation",
        kind::ROUTER_ADVERTISEMENT => "router advertisement",
        kind::NEIGHBOR_SOLICITATION => "neighbor solicitation",
        kind::NEIGHBOR_ADVERTISEMENT => "neighbor advertisement",
        kind::REDIRECT => "redirect",
        kind::RENUMBERING => "router renumbering",
        kind::NODE_QUERY => "who-are-you request",
        kind::NODE_REPLY => "who-are-you reply",
        kind::INVERSE_SOLICITATION => "inverse neighbor solicitation",
        kind::INVERSE_ADVERTISEMENT => "inverse neighbor advertisement",
        kind::LISTENER_REPORT_V2 => "multicast listener report v2",
        kind::HOME_REQUEST => "ha discovery request",
        kind::HOME_REPLY => "ha discovery reply",
        kind::PREFIX_SOLICITATION => "mobile router solicitation",
        kind::PREFIX_ADVERTISEMENT => "mobile router advertisement",
        kind::RPL => "RPL",
        200 => "mtrace response",
        201 => "mtrace message",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "icmpv6",
    scapy: "ICMPv6EchoRequest",
    title: "Internet Control Message Protocol v6",
    fields: Icmpv6::FIELDS,
    more: &[
        Begin::FIELDS,
        ErrorWord::FIELDS,
        ExtendedRequest::FIELDS,
        ExtendedReply::FIELDS,
        PARTS,
        DERIVED,
        neighbor::RouterAdvertisement::FIELDS,
        neighbor::Advertisement::FIELDS,
        neighbor::Opt::FIELDS,
        neighbor::Prefix::FIELDS,
        neighbor::Route::FIELDS,
        neighbor::PARTS,
        listener::Query::FIELDS,
        listener::Record::FIELDS,
        listener::PARTS,
        node::Node::FIELDS,
        node::PARTS,
        renumber::Renumbering::FIELDS,
        renumber::Match::FIELDS,
        renumber::Use::FIELDS,
        renumber::Matched::FIELDS,
        renumber::PARTS,
        home::Advertisement::FIELDS,
        home::PARTS,
        rpl::Dio::FIELDS,
        rpl::Dao::FIELDS,
        rpl::DaoAck::FIELDS,
        rpl::PARTS,
    ],
    dissect,
    walk,
    line: words::line,
    ports: Some(ports),
    answers: Some(answers),
    ..Protocol::BARE
};

/// Reads the identifier of an echo or its answer, which is to ping what ports are to others.
fn ports(header: &[u8]) -> Option<(u16, u16)> {
    let header = Icmpv6::new(header)?;
    let is_echo = matches!(header.r#type(), kind::ECHO | kind::ECHO_REPLY);
    is_echo.then(|| (header.id(), header.id()))
}

/// Tells whether a message answers another: by its type and what both must have, or because it is an error, of which the types
/// are below 128, that quotes the question.
fn answers(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let (own, other) = (answer.header(), question.header());
    let Some((kind, asked)) = own.first().zip(other.first()) else { return Answer::No };
    if *kind < 128 {
        return if answer::quotes(answer, question) { Answer::Quote } else { Answer::No };
    }
    let both = |from: usize, to: usize| own.get(from..to).is_some_and(|part| other.get(from..to) == Some(part));
    let is_answer = match (*asked, *kind) {
        (kind::ECHO, kind::ECHO_REPLY) => both(4, 8),
        (kind::EXTENDED_ECHO, kind::EXTENDED_ECHO_REPLY) => both(4, 7),
        (kind::NEIGHBOR_SOLICITATION, kind::NEIGHBOR_ADVERTISEMENT) => both(8, 24),
        (kind::NODE_QUERY, kind::NODE_REPLY) => both(8, 16),
        (kind::ROUTER_SOLICITATION, kind::ROUTER_ADVERTISEMENT)
        | (kind::LISTENER_QUERY, kind::LISTENER_REPORT | kind::LISTENER_REPORT_V2)
        | (kind::INVERSE_SOLICITATION, kind::INVERSE_ADVERTISEMENT) => true,
        (kind::HOME_REQUEST, kind::HOME_REPLY) | (kind::PREFIX_SOLICITATION, kind::PREFIX_ADVERTISEMENT) => both(4, 6),
        _ => false,
    };
    if is_answer { Answer::Yes } else { Answer::No }
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Begin::new(input.bytes) else {
        return Step::short(input, Begin::LEN, "an ICMPv6 header");
    };
    let number = header.r#type();
    match number {
        kind::UNREACHABLE..=kind::PARAMETER_PROBLEM => {}
        kind::ECHO | kind::ECHO_REPLY | kind::EXTENDED_ECHO => {}
        _ => return Step::whole(input),
    }
    if input.bytes.len() < Icmpv6::LEN {
        return Step::short(input, Icmpv6::LEN, "the second word of an ICMPv6 message");
    }
    if matches!(number, kind::ECHO | kind::ECHO_REPLY) {
        return Step::carrying(input, Icmpv6::LEN, Next::Bytes);
    }
    if number == kind::EXTENDED_ECHO {
        let next = Next::Quote { space: Space::EtherType, number: 0, behind: Some(Id::IcmpExtension) };
        return Step { payload: 0, ..Step::carrying(input, Icmpv6::LEN, next) };
    }
    let quoted = quoted_len(input.bytes);
    let behind = quoted.map(|_| Id::IcmpExtension);
    let next = Next::Quote { space: Space::EtherType, number: ethertype::IPV6.into(), behind };
    let step = Step::carrying(input, Icmpv6::LEN, next);
    Step { payload: quoted.unwrap_or(step.payload), ..step }
}

/// Finds how long the quoted packet is that has an extension behind it.
fn quoted_len(message: &[u8]) -> Option<usize> {
    let (begin, behind) = message.split_at_checked(Icmpv6::LEN)?;
    let number = Begin::new(begin)?.r#type();
    let said = usize::from(ErrorWord::new(begin.get(Begin::LEN..)?)?.length()) * 8;
    let is_told = matches!(number, kind::UNREACHABLE | kind::TIME_EXCEEDED);
    Some(said).filter(|len| is_told && *len >= LEAST_QUOTE && *len < behind.len())
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Begin::new(walk.rest()) else { return walk.fixed() };
    let (number, code) = (header.r#type(), header.code());
    if matches!(number, kind::ECHO | kind::ECHO_REPLY) {
        walk.fixed();
        return walk.verdict(row!(DERIVED, "cksum_status"));
    }
    walk.table(Begin::FIELDS, Begin::LEN);
    walk.verdict(row!(DERIVED, "cksum_status"));
    match number {
        kind::UNREACHABLE | kind::TIME_EXCEEDED => match walk.rest().first() {
            Some(0) => walk.bytes(row!(PARTS, "reserved_bytes"), 4),
            _ => {
                walk.table(ErrorWord::FIELDS, ErrorWord::LEN);
            }
        },
        kind::TOO_BIG => walk.bytes(row!(PARTS, "mtu"), 4),
        kind::PARAMETER_PROBLEM => walk.bytes(row!(PARTS, "ptr"), 4),
        kind::LISTENER_QUERY..=kind::LISTENER_DONE => listener::walk(walk, number),
        kind::LISTENER_REPORT_V2 => listener::walk_report(walk),
        kind::ROUTER_SOLICITATION..=kind::REDIRECT => neighbor::walk(walk, number),
        kind::INVERSE_SOLICITATION | kind::INVERSE_ADVERTISEMENT => {
            walk.bytes(row!(PARTS, "reserved_bytes"), 4);
            neighbor::walk_options(walk);
        }
        kind::RENUMBERING => renumber::walk(walk, code),
        kind::NODE_QUERY | kind::NODE_REPLY => node::walk(walk, number == kind::NODE_REPLY, code),
        kind::HOME_REQUEST..=kind::PREFIX_ADVERTISEMENT => home::walk(walk, number),
        kind::RPL => rpl::walk(walk, code),
        kind::EXTENDED_ECHO => {
            walk.table(ExtendedRequest::FIELDS, ExtendedRequest::LEN);
        }
        kind::EXTENDED_ECHO_REPLY => {
            walk.table(ExtendedReply::FIELDS, ExtendedReply::LEN);
        }
        _ => {}
    }
    walk.bytes(row!(PARTS, "data"), usize::MAX);
}
