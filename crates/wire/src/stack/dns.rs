//! Domain Name System: RFC 1035, section 4; the AD and CD bits as RFC 4035 has them, EDNS as RFC 6891. The types of records are
//! in `record.rs`, their rows in `rows.rs`; `text.rs` writes the line.
//!
//! ```text
//!   0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |                      ID                       |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |                    QDCOUNT                    |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |                    ANCOUNT                    |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |                    NSCOUNT                    |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! |                    ARCOUNT                    |
//! +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
//! ```
//!
//! Over TCP the message follows its length in 2 bytes.

mod edns;
mod format;
mod record;
mod rows;
mod svcb;
mod text;

use self::record::record_type;
use super::{Id, Protocol};
use crate::answer::{Answer, Side};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::name;
use crate::packet::{Input, Layer, Next, Packet, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header of a message.
    pub struct Dns: 12 bytes;

    /// Transaction ID: the same in question and answer.
    id: u16 = 0..16, Hex, "dns.id", default(0);
    /// Flags: what the message is.
    flags: u16 = 16..32, Hex, "dns.flags", default(0x0100);
    /// Response: it is an answer.
    qr: bool = 16..17, Flag, "dns.flags.response", part;
    /// Opcode: the kind of question.
    opcode: u8 = 17..21, DecOf(text::opcode), "dns.flags.opcode", part;
    /// Authoritative: who answers is in charge of the name.
    aa: bool = 21..22, Flag, "dns.flags.authoritative", part;
    /// Truncated: the answer is longer than the datagram.
    tc: bool = 22..23, Flag, "dns.flags.truncated", part;
    /// Recursion desired: the server is to ask others.
    rd: bool = 23..24, Flag, "dns.flags.recdesired", part;
    /// Recursion available: the server does ask others.
    ra: bool = 24..25, Flag, "dns.flags.recavail", part;
    /// Z: must be zero.
    z: bool = 25..26, Flag, "dns.flags.z", part;
    /// Authenticated data: the server checked the signatures.
    ad: bool = 26..27, Flag, "dns.flags.authenticated", part;
    /// Checking disabled: signatures need not be checked.
    cd: bool = 27..28, Flag, "dns.flags.checkdisable", part;
    /// Reply code: how it went.
    rcode: u8 = 28..32, DecOf(text::rcode), "dns.flags.rcode", part;
    /// Questions: how many.
    qdcount: u16 = 32..48, Dec, "dns.count.queries", computed(Count("qd"));
    /// Answers: how many.
    ancount: u16 = 48..64, Dec, "dns.count.answers", computed(Count("an"));
    /// Authorities: how many.
    nscount: u16 = 64..80, Dec, "dns.count.auth_rr", computed(Count("ns"));
    /// Additional records: how many.
    arcount: u16 = 80..96, Dec, "dns.count.add_rr", computed(Count("ar"));
}

header! {
    /// What stands before a message over TCP.
    pub struct Prefix: 2 bytes;

    /// Length: of the message.
    length: u16 = 0..16, Dec, "dns.length", computed(Following);
}

header! {
    /// The part of a question behind its name.
    pub struct Question: 4 bytes;

    /// Type: of the records that are asked for.
    qtype: u16 = 0..16, DecOf(record_type), "dns.qry.type", default(1);
    /// Class: 1 is the Internet.
    qclass: u16 = 16..32, HexOf(text::class), "dns.qry.class", default(1);
}

header! {
    /// The part of a multicast question behind its name: RFC 6762, section 5.4.
    pub struct MulticastQuestion: 4 bytes;

    /// Type: of the records that are asked for.
    qtype: u16 = 0..16, DecOf(record_type), "dns.qry.type", default(1);
    /// QU: the answer may come to the asker alone.
    unicastresponse: bool = 16..17, Flag, "dns.qry.qu", default(0);
    /// Class: 1 is the Internet.
    qclass: u16 = 17..32, HexOf(text::class), "dns.qry.class", default(1);
}

header! {
    /// The part of a record between its name and its data.
    pub struct Record: 10 bytes;

    /// Type: what the data is.
    r#type: u16 = 0..16, DecOf(record_type), "dns.resp.type", default(1);
    /// Class: 1 is the Internet.
    rclass: u16 = 16..32, HexOf(text::class), "dns.resp.class", default(1);
    /// Time to live: for how many seconds it may be kept.
    ttl: u32 = 32..64, Dec, "dns.resp.ttl", default(0);
    /// Data length: of what follows.
    rdlen: u16 = 64..80, Dec, "dns.resp.len", computed(Following);
}

header! {
    /// The part of a multicast record between its name and its data: RFC 6762, section 10.2.
    pub struct MulticastRecord: 10 bytes;

    /// Type: what the data is.
    r#type: u16 = 0..16, DecOf(record_type), "dns.resp.type", default(1);
    /// Cache flush: what was known before of these is no longer so.
    cacheflush: bool = 16..17, Flag, "dns.resp.cache_flush", default(0);
    /// Class: 1 is the Internet.
    rclass: u16 = 17..32, HexOf(text::class), "dns.resp.class", default(1);
    /// Time to live: for how many seconds it may be kept.
    ttl: u32 = 32..64, Dec, "dns.resp.ttl", default(0);
    /// Data length: of what follows.
    rdlen: u16 = 64..80, Dec, "dns.resp.len", computed(Following);
}

header! {
    /// The part of an OPT record between its name and its data: RFC 6891, section 6.1.2.
    pub struct Opt: 10 bytes;

    /// Type: 41.
    r#type: u16 = 0..16, DecOf(record_type), "dns.resp.type", default(41);
    /// UDP payload size: of the longest message that is taken.
    rclass: u16 = 16..32, Dec, "dns.rr.udp_payload_size", default(1232);
    /// Extended reply code: its higher bits.
    extrcode: u8 = 32..40, Hex, "dns.resp.ext_rcode", default(0);
    /// Version: of EDNS, 0.
    version: u8 = 40..48, Dec, "dns.resp.edns0_version", default(0);
    /// Z: flags.
    z: u16 = 48..64, Hex, "dns.resp.z", default(0);
    /// DNSSEC OK: signatures are wanted.
    r#do: bool = 48..49, Flag, "dns.resp.z.do", part;
    /// Reserved: must be zero.
    reserved: u16 = 49..64, Hex, "dns.resp.z.reserved", part;
    /// Data length: of what follows.
    rdlen: u16 = 64..80, Dec, "dns.resp.len", computed(Following);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("qd", "dns.qry", Kind::Record, "Question: what is asked."),
    Field::variable("an", "dns.resp", Kind::Record, "Answer: a record that was asked for."),
    Field::variable("ns", "dns.auth", Kind::Record, "Authority: who is in charge of the name."),
    Field::variable("ar", "dns.add", Kind::Record, "Additional record: what helps to use the others."),
    Field::variable("opt", "dns.opt", Kind::Record, "Option: of EDNS."),
    Field::variable("svcparam", "dns.svcb.svcparam", Kind::Record, "Parameter: of a service binding."),
    Field::variable("qname", "dns.qry.name", Kind::DomainName, "Name: what is asked about."),
    Field::variable("rrname", "dns.resp.name", Kind::DomainName, "Name: whose record it is."),
];

/// What follows from names, and other names of the counts.
const DERIVED: &[Field] = &[
    Field::variable("qname_len", "dns.qry.name.len", Kind::Dec, "Name length: as it is shown.").derived(),
    Field::variable("labels", "dns.count.labels", Kind::Dec, "Label count: of the name.").derived(),
    Field::variable("srvservice", "dns.srv.service", Kind::Text, "Service: the first label of its name.").derived(),
    Field::variable("srvproto", "dns.srv.proto", Kind::Text, "Protocol: the second label of its name.").derived(),
    Field::variable("srvname", "dns.srv.name", Kind::DomainName, "Name: the domain that has the service.").derived(),
    Field::variable("zocount", "dns.count.zones", Kind::Dec, "Zones: how many are updated.").derived(),
    Field::variable("prcount", "dns.count.prerequisites", Kind::Dec, "Prerequisites: how many there are.").derived(),
    Field::variable("upcount", "dns.count.updates", Kind::Dec, "Updates: how many there are.").derived(),
];

/// Every table of its parts.
const TABLES: &[&[Field]] = &[
    Prefix::FIELDS, Question::FIELDS, MulticastQuestion::FIELDS, Record::FIELDS, MulticastRecord::FIELDS, Opt::FIELDS, PARTS, DERIVED,
    rows::A, rows::NS, rows::MD, rows::MF, rows::CNAME, rows::SOA, rows::MB, rows::MG, rows::MR, rows::NULL, rows::WKS, rows::WKS_BITS, rows::PTR, rows::HINFO, rows::MINFO, rows::MX, rows::TXT, rows::RP, rows::AFSDB, rows::X25, rows::ISDN, rows::RT, rows::RRSIG, rows::KEY, rows::PX, rows::GPOS, rows::AAAA, rows::LOC, rows::NXT, rows::SRV, rows::NAPTR, rows::KX, rows::CERT, rows::A6, rows::A6_PARTS, rows::DNAME, rows::APL, rows::APL_PARTS, rows::DS, rows::SSHFP, rows::IPSECKEY, rows::IPSECKEY_PARTS, rows::NSEC, rows::DNSKEY, rows::DHCID, rows::NSEC3, rows::NSEC3PARAM, rows::TLSA, rows::HIP, rows::HIP_PARTS, rows::OPENPGPKEY, rows::CSYNC, rows::SVCB, rows::SPF, rows::NID, rows::L32, rows::L64, rows::LP, rows::EUI48, rows::EUI64, rows::TKEY, rows::TSIG, rows::URI, rows::CAA, rows::PARTS,
    edns::HEAD, edns::DATA, edns::DAU, edns::DHU, edns::N3U, edns::ECS, edns::ECS_PARTS, edns::COOKIE, edns::KEEPALIVE, edns::PADDING, edns::CHAIN, edns::EDE,
    svcb::HEAD, svcb::MANDATORY, svcb::ALPN, svcb::PORT, svcb::IPV4_HINT, svcb::IPV6_HINT, svcb::ECH, svcb::ODOH, svcb::VALUE,
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "dns",
    scapy: "DNS",
    title: "Domain Name System",
    fields: Dns::FIELDS,
    more: TABLES,
    dissect,
    walk: |walk| message(walk, false),
    line: |line, packet, index| text::line(line, packet, index, false),
    prefix,
    answers: Some(answers),
    ..Protocol::BARE
};

/// Multicast DNS, RFC 6762: the same messages, with another meaning of the highest bit of classes.
pub(super) const MULTICAST: Protocol = Protocol {
    name: "mdns",
    scapy: "MDNS",
    title: "Multicast Domain Name System",
    walk: |walk| message(walk, true),
    line: |line, packet, index| text::line(line, packet, index, true),
    ..PROTOCOL
};

/// Returns how many bytes stand before the header.
fn prefix(packet: &Packet<'_>, index: usize) -> usize {
    if is_over_tcp(packet.layers.get(..index).unwrap_or_default()) { Prefix::LEN } else { 0 }
}

/// The opcode of a message that changes a zone.
const UPDATE: u8 = 5;

/// Tells whether messages of a layer follow their lengths; a second message in a segment follows the first.
fn is_over_tcp(below: &[Layer]) -> bool {
    below.iter().rev().find(|layer| layer.id != Id::Dns).is_some_and(|layer| layer.id == Id::Tcp)
}

fn dissect(input: &Input<'_>) -> Step {
    let mut whole = Step::whole(input);
    let prefix = if is_over_tcp(input.below) { Prefix::LEN } else { 0 };
    if input.bytes.len() < prefix + Dns::LEN {
        return Step::short(input, prefix + Dns::LEN, "the header of a DNS message");
    }
    if prefix > 0 {
        let len = Prefix::new(input.bytes).map_or(0, |prefix| usize::from(prefix.length()));
        let header = (prefix + len).max(prefix + Dns::LEN).min(input.bytes.len());
        whole = Step::carrying(input, header, Next::Same);
    }
    whole
}

/// Walks a message.
fn message(walk: &mut Walk<'_, '_>, is_multicast: bool) {
    let below = walk.packet().layers;
    let message = if is_over_tcp(below.get(..walk.index()).unwrap_or_default()) {
        walk.table(Prefix::FIELDS, Prefix::LEN);
        Prefix::LEN
    } else {
        0
    };
    let header = walk.rest();
    if !walk.table(Dns::FIELDS, Dns::LEN) {
        return;
    }
    let Some(header) = Dns::new(header) else { return };
    if header.opcode() == UPDATE {
        // RFC 2136, section 2.2.
        for (field, count) in [
            (row!(DERIVED, "zocount"), header.qdcount()),
            (row!(DERIVED, "prcount"), header.ancount()),
            (row!(DERIVED, "upcount"), header.nscount()),
        ] {
            walk.derived(field, Value::Uint(count.into()));
        }
    }
    for _ in 0..header.qdcount() {
        if !question(walk, message, is_multicast) {
            return walk.malformed(Question::LEN, "a question");
        }
    }
    let sections = [
        (row!(PARTS, "an"), header.ancount()),
        (row!(PARTS, "ns"), header.nscount()),
        (row!(PARTS, "ar"), header.arcount()),
    ];
    for (section, count) in sections {
        for _ in 0..count {
            if !resource_record(walk, section, message, is_multicast) {
                return walk.malformed(Record::LEN, "a record");
            }
        }
    }
}

/// Walks a question; returns whether it is whole.
fn question(walk: &mut Walk<'_, '_>, message: usize, is_multicast: bool) -> bool {
    let Some(name) = name::len(walk.rest()) else { return false };
    let is_whole = walk.rest().len() >= name + Question::LEN;
    walk.record(row!(PARTS, "qd"), name + Question::LEN, |walk| {
        let (mut len, mut labels) = (0, 0);
        for label in walk.labels(message) {
            (len, labels) = (len + label.len() + 1, labels + 1);
        }
        walk.domain_name(row!(PARTS, "qname"), name, message);
        let number = |number: usize| Value::Uint(u64::try_from(number).unwrap_or(u64::MAX));
        let shown = if labels == 0 { "<Root>".len() } else { len - 1 };
        walk.derived(row!(DERIVED, "qname_len"), number(shown));
        walk.derived(row!(DERIVED, "labels"), number(labels.max(1)));
        walk.table(if is_multicast { MulticastQuestion::FIELDS } else { Question::FIELDS }, Question::LEN);
    });
    is_whole
}

/// Walks a record of a section; returns whether it is whole.
fn resource_record(walk: &mut Walk<'_, '_>, section: &'static Field, message: usize, is_multicast: bool) -> bool {
    let Some(name) = name::len(walk.rest()) else { return false };
    let fixed = walk.rest().get(name..).and_then(Record::new);
    let (number, len) = fixed.map_or((0, 0), |fixed| (fixed.r#type(), usize::from(fixed.rdlen())));
    let whole = name + Record::LEN + len;
    let is_whole = fixed.is_some() && whole <= walk.rest().len();
    walk.record(section, whole, |walk| {
        if number == record::number::SRV {
            service(walk, message);
        }
        walk.domain_name(row!(PARTS, "rrname"), name, message);
        let fields = match number {
            record::number::OPT => Opt::FIELDS,
            _ if is_multicast => MulticastRecord::FIELDS,
            _ => Record::FIELDS,
        };
        if walk.table(fields, Record::LEN) {
            record::walk(walk, number, message);
        }
    });
    is_whole
}

/// Shows what the name of a service record is made of: RFC 2782.
fn service(walk: &mut Walk<'_, '_>, message: usize) {
    let mut labels = walk.labels(message);
    if let Some((service, protocol)) = labels.next().zip(labels.next()) {
        walk.derived(row!(DERIVED, "srvservice"), Value::Bytes(service));
        walk.derived(row!(DERIVED, "srvproto"), Value::Bytes(protocol));
        let (message, at) = labels.place();
        walk.derived(row!(DERIVED, "srvname"), Value::DomainName(message, at));
    }
}

/// Tells whether a message answers another: it is an answer, the other none, and both have the same identifier.
fn answers(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let read = |side: &Side<'_>| {
        let message = side.header();
        // Over TCP the length stands before the message.
        let prefix = (PROTOCOL.prefix)(&side.packet, side.index);
        Dns::new(message.get(prefix..)?).map(|header| (header.qr(), header.id()))
    };
    match (read(answer), read(question)) {
        (Some((true, id)), Some((false, of))) if id == of => Answer::Yes,
        _ => Answer::No,
    }
}
