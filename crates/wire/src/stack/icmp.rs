//! Internet Control Message Protocol: RFC 792; router discovery as RFC 1256 and 5944 have it, the address mask as RFC 950, the
//! length of the quoted packet as RFC 4884, the extended echo as RFC 8335.
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
//! That is an echo. Of an error the second word is what the type says, and the beginning of the packet that was the cause
//! follows it: a layer of its own. An extension may stand behind that.

mod words;

use core::net::Ipv4Addr;

use super::icmp_extension;
use super::ipv4::Ipv4;
use super::{Id, Protocol};
use crate::answer::{self, Answer, Side};
use crate::field::{Field, Kind, Rule, Space, row};
use crate::header::header;
use crate::number::ethertype;
use crate::packet::{Input, Next, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header of an echo, its answer and all that have the same form.
    pub struct Icmp: 8 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, DecOf(type_name), "icmp.type", default(8);
    /// Code: what exactly, within its type.
    code: u8 = 8..16, Dec, "icmp.code", default(0);
    /// Checksum: over the whole message.
    chksum: u16 = 16..32, Hex, "icmp.checksum", computed(Sum);
    /// Identifier: the same in question and answer.
    id: u16 = 32..48, Dec, "icmp.ident", default(0);
    /// Sequence number: which of many questions.
    seq: u16 = 48..64, Dec, "icmp.seq", default(0);
}

header! {
    /// What all messages begin with.
    pub struct Begin: 4 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, DecOf(type_name), "icmp.type", default(0);
    /// Code: what exactly, within its type.
    code: u8 = 8..16, Dec, "icmp.code", default(0);
    /// Checksum: over the whole message.
    chksum: u16 = 16..32, Hex, "icmp.checksum", computed(Sum);
}

header! {
    /// The second word of an error.
    pub struct ErrorWord: 4 bytes;

    /// Unused: must be zero.
    unused: u8 = 0..8, Bytes, "icmp.unused", default(0);
    /// Length: of the quoted packet, in words of 4 bytes; 0 where that is not told.
    length: u8 = 8..16, Dec, "icmp.length", default(0);
    /// Unused: must be zero.
    unused2: u16 = 16..32, Bytes, "icmp.unused", default(0);
}

header! {
    /// The second word where a packet was too big: RFC 1191.
    pub struct TooBig: 4 bytes;

    /// Unused: must be zero.
    unused: u8 = 0..8, Bytes, "icmp.unused", default(0);
    /// Length: of the quoted packet, in words of 4 bytes; 0 where that is not told.
    length: u8 = 8..16, Dec, "icmp.length", default(0);
    /// MTU of next hop: the longest packet that fits.
    nexthopmtu: u16 = 16..32, Dec, "icmp.mtu", default(0);
}

header! {
    /// The second word of a parameter problem.
    pub struct Problem: 4 bytes;

    /// Pointer: the byte of the quoted packet that is the problem.
    ptr: u8 = 0..8, Dec, "icmp.pointer", default(0);
    /// Length: of the quoted packet, in words of 4 bytes; 0 where that is not told.
    length: u8 = 8..16, Dec, "icmp.length", default(0);
    /// Unused: must be zero.
    unused: u16 = 16..32, Bytes, "icmp.unused", default(0);
}

header! {
    /// The second word of a redirect.
    pub struct Redirect: 4 bytes;

    /// Gateway address: of the router that is nearer.
    gw: Ipv4Addr = 0..32, Ipv4, "icmp.redir_gw", default(0);
}

header! {
    /// The second word of a router advertisement.
    pub struct Advertisement: 4 bytes;

    /// Number of addresses: how many entries follow.
    naddr: u8 = 0..8, Dec, "icmp.num_addrs", computed(Count("entry"));
    /// Address entry size: in words of 4 bytes.
    addrsz: u8 = 8..16, Dec, "icmp.addr_entry_size", default(2);
    /// Lifetime: for how many seconds the addresses are good.
    lifetime: u16 = 16..32, Dec, "icmp.lifetime", default(1800);
}

header! {
    /// An entry of a router advertisement.
    pub struct Router: 8 bytes;

    /// Router address: of a router on this link.
    address: Ipv4Addr = 0..32, Ipv4, "icmp.router_address", default(0);
    /// Preference level: the greatest is tried first, as a signed number.
    preference: u32 = 32..64, Dec, "icmp.pref_level", default(0);
}

header! {
    /// The times of a timestamp, in milliseconds since midnight.
    pub struct Timestamps: 12 bytes;

    /// Originate timestamp: when the question was sent.
    ts_ori: u32 = 0..32, Dec, "icmp.originate_timestamp", default(0);
    /// Receive timestamp: when it came in.
    ts_rx: u32 = 32..64, Dec, "icmp.receive_timestamp", default(0);
    /// Transmit timestamp: when the answer was sent.
    ts_tx: u32 = 64..96, Dec, "icmp.transmit_timestamp", default(0);
}

header! {
    /// The mask of an address mask message.
    pub struct Mask: 4 bytes;

    /// Address mask: of the network.
    addr_mask: Ipv4Addr = 0..32, Ipv4, "icmp.address_mask", default(0);
}

header! {
    /// The second word of an extended echo request.
    pub struct ExtendedRequest: 4 bytes;

    /// Identifier: the same in question and answer.
    id: u16 = 0..16, Dec, "icmp.ident", default(0);
    /// Sequence number: which of many questions.
    ext_seq: u8 = 16..24, Dec, "icmp.ext.echo.seq", default(0);
    /// Reserved: must be zero.
    reserved: u8 = 24..31, Hex, "icmp.ext.echo.req.res", default(0);
    /// Local bit: the interface is one of the host that is asked, not of a neighbour.
    local: bool = 31..32, Flag, "icmp.ext.echo.req.local", default(1);
}

header! {
    /// The second word of an extended echo reply.
    pub struct ExtendedReply: 4 bytes;

    /// Identifier: the same in question and answer.
    id: u16 = 0..16, Dec, "icmp.ident", default(0);
    /// Sequence number: which of many questions.
    ext_seq: u8 = 16..24, Dec, "icmp.ext.echo.seq", default(0);
    /// State: of the neighbour in the cache.
    state: u8 = 24..27, Dec, "icmp.ext.echo.rsp.state", default(0);
    /// Reserved: must be zero.
    reserved: u8 = 27..29, Hex, "icmp.ext.echo.rsp.res", default(0);
    /// Active bit: the interface is up.
    active: bool = 29..30, Flag, "icmp.ext.echo.rsp.active", default(0);
    /// IPv4 bit: IPv4 runs on it.
    ipv4: bool = 30..31, Flag, "icmp.ext.echo.rsp.ipv4", default(0);
    /// IPv6 bit: IPv6 runs on it.
    ipv6: bool = 31..32, Flag, "icmp.ext.echo.rsp.ipv6", default(0);
}

header! {
    /// What an extension of Mobile IP begins with: RFC 5944.
    pub struct Mobile: 2 bytes;

    /// Extension type: which it is.
    ext_type: u8 = 0..8, Dec, "icmp.mip.type", default(16);
    /// Length: of what follows.
    ext_length: u8 = 8..16, Dec, "icmp.mip.length", computed(Following);
}

header! {
    /// The fixed part of a mobility agent advertisement, RFC 5944, section 2.1.1.
    pub struct Agent: 6 bytes;

    /// Sequence number: how many were sent before.
    mip_seq: u16 = 0..16, Dec, "icmp.mip.seq", default(0);
    /// Registration lifetime: the longest that is taken, in seconds.
    mip_life: u16 = 16..32, Dec, "icmp.mip.life", default(0);
    /// Flags: what the agent does.
    mip_flags: u16 = 32..48, Hex, "icmp.mip.flags", default(0);
    /// Registration required: with an agent on this link.
    mip_r: bool = 32..33, Flag, "icmp.mip.r", part;
    /// Busy: it takes no more.
    mip_b: bool = 33..34, Flag, "icmp.mip.b", part;
    /// Home agent: it serves as one.
    mip_h: bool = 34..35, Flag, "icmp.mip.h", part;
    /// Foreign agent: it serves as one.
    mip_f: bool = 35..36, Flag, "icmp.mip.f", part;
    /// Minimal encapsulation: it takes RFC 2004.
    mip_m: bool = 36..37, Flag, "icmp.mip.m", part;
    /// GRE: it takes RFC 2784.
    mip_g: bool = 37..38, Flag, "icmp.mip.g", part;
    /// VJ compression: as of old; reserved today.
    mip_v: bool = 38..39, Flag, "icmp.mip.v", part;
    /// Reverse tunneling: it takes RFC 3024.
    mip_t: bool = 39..40, Flag, "icmp.mip.rt", part;
    /// UDP tunneling: it takes RFC 3519.
    mip_u: bool = 40..41, Flag, "icmp.mip.u", part;
    /// Revocation support: it takes RFC 3543.
    mip_x: bool = 41..42, Flag, "icmp.mip.x", part;
    /// Reserved: must be zero.
    mip_reserved: u16 = 42..48, Hex, "icmp.mip.reserved", part;
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("entry", "", Kind::Record, "Entry: a router and its preference."),
    Field::bytes("unused_bytes", "icmp.unused", "Unused: must be zero."),
    Field::variable("mtu", "icmp.mtu", Kind::Dec, "MTU of next hop: the longest packet that fits."),
    Field::variable("pointer", "icmp.pointer", Kind::Dec, "Pointer: the byte of the quoted packet that is the problem."),
    Field::variable("mobile", "", Kind::Record, "Extension: of Mobile IP."),
    Field::variable("coa", "icmp.mip.coa", Kind::Ipv4, "Care-of address: that the agent offers."),
    Field::variable("prefix", "icmp.mip.prefixlength", Kind::Dec, "Prefix length: of a router address, in bits."),
    Field::bytes("challenge", "icmp.mip.challenge", "Challenge: to be answered in a registration, RFC 4721."),
    Field::bytes("mip_content", "icmp.mip.content", "Content: of an extension that is not described."),
];

/// What follows from the rest.
const DERIVED: &[Field] = &[
    derived("chksum_status", "icmp.checksum.status", "Checksum status: 1 where it is right."),
    derived("id_le", "icmp.ident_le", "Identifier: with its bytes swapped, as Windows writes it."),
    derived("seq_le", "icmp.seq_le", "Sequence number: with its bytes swapped, as Windows writes it."),
    derived("quoted", "icmp.length.original_datagram", "Length of original datagram: in bytes."),
];

const fn derived(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field { rule: Rule::Derived, ..Field::variable(name, path, Kind::Dec, doc) }
}

/// Types of messages. Source: IANA's registry of ICMP parameters.
mod kind {
    pub(super) const ECHO_REPLY: u8 = 0;
    pub(super) const UNREACHABLE: u8 = 3;
    pub(super) const SOURCE_QUENCH: u8 = 4;
    pub(super) const REDIRECT: u8 = 5;
    pub(super) const ECHO: u8 = 8;
    pub(super) const ROUTER_ADVERTISEMENT: u8 = 9;
    pub(super) const TIME_EXCEEDED: u8 = 11;
    pub(super) const PARAMETER_PROBLEM: u8 = 12;
    pub(super) const TIMESTAMP: u8 = 13;
    pub(super) const TIMESTAMP_REPLY: u8 = 14;
    pub(super) const INFORMATION: u8 = 15;
    pub(super) const INFORMATION_REPLY: u8 = 16;
    pub(super) const MASK: u8 = 17;
    pub(super) const MASK_REPLY: u8 = 18;
    pub(super) const EXTENDED_ECHO: u8 = 42;
    pub(super) const EXTENDED_ECHO_REPLY: u8 = 43;
}

/// The code of a destination that is unreachable because the packet is too big.
const TOO_BIG: u8 = 4;

/// The least length of a quoted packet in front of an extension: RFC 4884, section 4.
const LEAST_QUOTE: usize = 128;

fn type_name(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        kind::ECHO_REPLY => "echo reply",
        kind::UNREACHABLE => "unreachable",
        kind::SOURCE_QUENCH => "source quench",
        kind::REDIRECT => "redirect",
        kind::ECHO => "echo request",
        kind::ROUTER_ADVERTISEMENT => "router advertisement",
        10 => "router solicitation",
        kind::TIME_EXCEEDED => "time exceeded",
        kind::PARAMETER_PROBLEM => "parameter problem",
        kind::TIMESTAMP => "time stamp request",
        kind::TIMESTAMP_REPLY => "time stamp reply",
        kind::INFORMATION => "information request",
        kind::INFORMATION_REPLY => "information reply",
        kind::MASK => "address mask request",
        kind::MASK_REPLY => "address mask reply",
        _ => return None,
    })
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "icmp",
    scapy: "ICMP",
    title: "Internet Control Message Protocol",
    fields: Icmp::FIELDS,
    more: &[
        Begin::FIELDS,
        ErrorWord::FIELDS,
        TooBig::FIELDS,
        Problem::FIELDS,
        Redirect::FIELDS,
        Advertisement::FIELDS,
        Router::FIELDS,
        Timestamps::FIELDS,
        Mask::FIELDS,
        ExtendedRequest::FIELDS,
        ExtendedReply::FIELDS,
        Mobile::FIELDS,
        Agent::FIELDS,
        PARTS,
        DERIVED,
    ],
    dissect,
    walk,
    line: words::line,
    ports: Some(ports),
    answers: Some(answers),
    ..Protocol::BARE
};

/// Returns the type of the message that answers one of this type, if they have an identifier.
const fn answer_of(number: u8) -> Option<u8> {
    Some(match number {
        kind::ECHO => kind::ECHO_REPLY,
        kind::TIMESTAMP => kind::TIMESTAMP_REPLY,
        kind::INFORMATION => kind::INFORMATION_REPLY,
        kind::MASK => kind::MASK_REPLY,
        kind::EXTENDED_ECHO => kind::EXTENDED_ECHO_REPLY,
        _ => return None,
    })
}

/// Reads the identifier of a question or an answer, which is to ping what ports are to others.
fn ports(header: &[u8]) -> Option<(u16, u16)> {
    let header = Icmp::new(header)?;
    let is_answer = |number: &u8| answer_of(*number) == Some(header.r#type());
    let has_identifier = answer_of(header.r#type()).is_some() || (0..=u8::MAX).any(|number| is_answer(&number));
    has_identifier.then(|| (header.id(), header.id()))
}

/// Tells whether a message answers another: by its type, identifier and sequence number, or because it is an error that quotes
/// the question.
fn answers(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let Some(own) = Icmp::new(answer.header()) else { return Answer::No };
    if is_error(own.r#type()) {
        return if answer::quotes(answer, question) { Answer::Quote } else { Answer::No };
    }
    match Icmp::new(question.header()) {
        Some(other)
            if answer_of(other.r#type()) == Some(own.r#type())
                && (own.id(), own.seq()) == (other.id(), other.seq()) =>
        {
            Answer::Yes
        }
        _ => Answer::No,
    }
}

/// Tells whether a message is an error, which quotes a packet.
const fn is_error(number: u8) -> bool {
    matches!(
        number,
        kind::UNREACHABLE
            | kind::SOURCE_QUENCH
            | kind::REDIRECT
            | kind::TIME_EXCEEDED
            | kind::PARAMETER_PROBLEM
    )
}

/// Tells whether an extension may stand behind the packet that a message quotes.
const fn may_be_extended(number: u8) -> bool {
    matches!(number, kind::UNREACHABLE | kind::TIME_EXCEEDED | kind::PARAMETER_PROBLEM)
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Icmp::new(input.bytes) else { return Step::short(input, Icmp::LEN, "an ICMP header") };
    let len = match header.r#type() {
        kind::TIMESTAMP | kind::TIMESTAMP_REPLY => Icmp::LEN + Timestamps::LEN,
        kind::MASK | kind::MASK_REPLY => Icmp::LEN + Mask::LEN,
        kind::ROUTER_ADVERTISEMENT => return Step::whole(input),
        kind::EXTENDED_ECHO => {
            let next = Next::Quote { space: Space::EtherType, number: 0, behind: Some(Id::IcmpExtension) };
            return Step { payload: 0, ..Step::carrying(input, Icmp::LEN, next) };
        }
        number if is_error(number) => {
            let quoted = quoted_len(input.bytes);
            let behind = quoted.map(|_| Id::IcmpExtension);
            let next = Next::Quote { space: Space::EtherType, number: ethertype::IPV4.into(), behind };
            let mut step = Step::carrying(input, Icmp::LEN, next);
            step.payload = quoted.unwrap_or(step.payload);
            return step;
        }
        _ => Icmp::LEN,
    };
    if len > input.bytes.len() {
        return Step::short(input, len, "the rest of the message");
    }
    Step::carrying(input, len, Next::Bytes)
}

/// Finds how long the quoted packet is that has an extension behind it: what the message says, or, as it was before RFC 4884, the
/// least, if what follows is one.
fn quoted_len(message: &[u8]) -> Option<usize> {
    let (begin, behind) = message.split_at_checked(Icmp::LEN)?;
    let number = Begin::new(begin)?.r#type();
    let said = usize::from(ErrorWord::new(begin.get(Begin::LEN..)?)?.length()) * 4;
    if !may_be_extended(number) {
        return None;
    }
    if said > 0 {
        return Some(said).filter(|len| *len >= LEAST_QUOTE && *len < behind.len());
    }
    let packet = Ipv4::new(behind)?;
    let extension = behind.get(LEAST_QUOTE..)?;
    let is = usize::from(packet.len()) <= LEAST_QUOTE && icmp_extension::is_extension(extension);
    is.then_some(LEAST_QUOTE)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Icmp::new(walk.rest()) else { return walk.fixed() };
    walk.table(Begin::FIELDS, Begin::LEN);
    walk.verdict(row!(DERIVED, "chksum_status"));
    match header.r#type() {
        number if may_be_extended(number) => {
            let is_too_big = number == kind::UNREACHABLE && header.code() == TOO_BIG;
            let has_length = walk.rest().get(1).is_some_and(|length| *length > 0);
            match number {
                _ if is_too_big && has_length => error_word(walk, TooBig::FIELDS),
                _ if is_too_big => {
                    walk.bytes(row!(PARTS, "unused_bytes"), 2);
                    walk.bytes(row!(PARTS, "mtu"), 2);
                }
                kind::PARAMETER_PROBLEM if has_length => error_word(walk, Problem::FIELDS),
                kind::PARAMETER_PROBLEM => {
                    walk.bytes(row!(PARTS, "pointer"), 1);
                    walk.bytes(row!(PARTS, "unused_bytes"), 3);
                }
                _ if has_length => error_word(walk, ErrorWord::FIELDS),
                _ => walk.bytes(row!(PARTS, "unused_bytes"), 4),
            }
        }
        kind::REDIRECT => {
            walk.table(Redirect::FIELDS, Redirect::LEN);
        }
        kind::ROUTER_ADVERTISEMENT => advertisement(walk),
        kind::ECHO | kind::ECHO_REPLY | kind::INFORMATION | kind::INFORMATION_REPLY => {
            identifier(walk, &header);
        }
        kind::TIMESTAMP | kind::TIMESTAMP_REPLY => {
            identifier(walk, &header);
            walk.table(Timestamps::FIELDS, Timestamps::LEN);
        }
        kind::MASK | kind::MASK_REPLY => {
            identifier(walk, &header);
            walk.table(Mask::FIELDS, Mask::LEN);
        }
        kind::EXTENDED_ECHO | kind::EXTENDED_ECHO_REPLY => {
            walk.derived(row!(DERIVED, "id_le"), Value::Uint(header.id().swap_bytes().into()));
            let is_request = header.r#type() == kind::EXTENDED_ECHO;
            walk.table(if is_request { ExtendedRequest::FIELDS } else { ExtendedReply::FIELDS }, ExtendedRequest::LEN);
        }
        _ => {}
    }
}

/// Shows identifier and sequence number.
fn identifier(walk: &mut Walk<'_, '_>, header: &Icmp<'_>) {
    const FIELDS: &[Field] = &[
        Field { from: 0, to: 16, ..*row!(Icmp::FIELDS, "id") },
        Field { from: 16, to: 32, ..*row!(Icmp::FIELDS, "seq") },
    ];
    walk.table(FIELDS, 4);
    walk.derived(row!(DERIVED, "id_le"), Value::Uint(header.id().swap_bytes().into()));
    walk.derived(row!(DERIVED, "seq_le"), Value::Uint(header.seq().swap_bytes().into()));
}

/// Shows the second word of an error, as it is where the length of the quoted packet is told.
fn error_word(walk: &mut Walk<'_, '_>, fields: &'static [Field]) {
    let length = ErrorWord::new(walk.rest()).map_or(0, |word| word.length());
    walk.table(fields, ErrorWord::LEN);
    walk.derived(row!(DERIVED, "quoted"), Value::Uint(u64::from(length) * 4));
}

/// Shows a router advertisement behind its first word, and the extensions of Mobile IP.
fn advertisement(walk: &mut Walk<'_, '_>) {
    let header = Advertisement::new(walk.rest());
    walk.table(Advertisement::FIELDS, Advertisement::LEN);
    let Some(header) = header else { return };
    let size = usize::from(header.addrsz()) * 4;
    for _ in 0..header.naddr() {
        if size < Router::LEN || walk.rest().len() < size {
            return walk.malformed(size.max(Router::LEN), "an entry");
        }
        walk.record(row!(PARTS, "entry"), size, |walk| {
            walk.table(Router::FIELDS, Router::LEN);
        });
    }
    while let Some(first) = walk.rest().first().copied() {
        // One byte of padding.
        if first == 0 {
            walk.bytes(row!(PARTS, "unused_bytes"), 1);
            continue;
        }
        let Some(extension) = Mobile::new(walk.rest()) else { return };
        let len = Mobile::LEN + usize::from(extension.ext_length());
        if len > walk.rest().len() {
            return walk.malformed(len, "an extension's length that fits");
        }
        walk.record(row!(PARTS, "mobile"), len, |walk| {
            walk.table(Mobile::FIELDS, Mobile::LEN);
            match first {
                16 => {
                    walk.table(Agent::FIELDS, Agent::LEN);
                    while walk.rest().len() >= 4 {
                        walk.bytes(row!(PARTS, "coa"), 4);
                    }
                }
                19 => {
                    while !walk.rest().is_empty() {
                        walk.bytes(row!(PARTS, "prefix"), 1);
                    }
                }
                24 => walk.bytes(row!(PARTS, "challenge"), usize::MAX),
                _ => walk.bytes(row!(PARTS, "mip_content"), usize::MAX),
            }
        });
    }
}
