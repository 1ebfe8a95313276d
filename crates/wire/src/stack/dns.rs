//! Domain Name System: RFC 1035, section 4; the AD and CD bits as RFC 4035 has them, service records as RFC 2782.
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

use super::{Id, Protocol};
use crate::answer::{Answer, Side};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Cut, Line, Told};
use crate::packet::{Input, Layer, Next, Packet, Step};
use crate::name::{self, Labels};
use crate::walk::Walk;

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
    opcode: u8 = 17..21, DecOf(opcode), "dns.flags.opcode", part;
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
    rcode: u8 = 28..32, DecOf(rcode), "dns.flags.rcode", part;
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
    qclass: u16 = 16..32, Hex, "dns.qry.class", default(1);
}

header! {
    /// The part of a record between its name and its data.
    pub struct Record: 10 bytes;

    /// Type: what the data is.
    r#type: u16 = 0..16, DecOf(record_type), "dns.resp.type", default(1);
    /// Class: 1 is the Internet.
    rclass: u16 = 16..32, Hex, "dns.resp.class", default(1);
    /// Time to live: for how many seconds it may be kept.
    ttl: u32 = 32..64, Dec, "dns.resp.ttl", default(0);
    /// Data length: of what follows.
    rdlen: u16 = 64..80, Dec, "dns.resp.len", computed(Following);
}

header! {
    /// The data of a SOA record behind its names.
    pub struct Soa: 20 bytes;

    /// Serial number: it grows with each change of the zone.
    serial: u32 = 0..32, Dec, "dns.soa.serial_number", default(0);
    /// Refresh interval: in seconds.
    refresh: u32 = 32..64, Dec, "dns.soa.refresh_interval", default(0);
    /// Retry interval: in seconds.
    retry: u32 = 64..96, Dec, "dns.soa.retry_interval", default(0);
    /// Expire limit: in seconds.
    expire: u32 = 96..128, Dec, "dns.soa.expire_limit", default(0);
    /// Minimum: how many seconds a name's absence may be kept.
    minimum: u32 = 128..160, Dec, "dns.soa.minimum_ttl", default(0);
}

header! {
    /// The data of an MX record before its name.
    pub struct Mx: 2 bytes;

    /// Preference: the lowest is tried first.
    preference: u16 = 0..16, Dec, "dns.mx.preference", default(0);
}

header! {
    /// The data of an SRV record before its name.
    pub struct Srv: 6 bytes;

    /// Priority: the lowest is tried first.
    priority: u16 = 0..16, Dec, "dns.srv.priority", default(0);
    /// Weight: how often, among those of a priority.
    weight: u16 = 16..32, Dec, "dns.srv.weight", default(0);
    /// Port: where the service is.
    port: u16 = 32..48, Dec, "dns.srv.port", default(0);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("qd", "dns.qry", Kind::Record, "Question: what is asked."),
    Field::variable("an", "dns.resp", Kind::Record, "Answer: a record that was asked for."),
    Field::variable("ns", "dns.auth", Kind::Record, "Authority: who is in charge of the name."),
    Field::variable("ar", "dns.add", Kind::Record, "Additional record: what helps to use the others."),
    Field::variable("qname", "dns.qry.name", Kind::DomainName, "Name: what is asked about."),
    Field::variable("rrname", "dns.resp.name", Kind::DomainName, "Name: whose record it is."),
    Field::variable("a", "dns.a", Kind::Ipv4, "Address: of the host."),
    Field::variable("aaaa", "dns.aaaa", Kind::Ipv6, "IPv6 address: of the host."),
    Field::variable("nsdname", "dns.ns", Kind::DomainName, "Name server: that knows the zone."),
    Field::variable("cname", "dns.cname", Kind::DomainName, "Canonical name: the name that is meant."),
    Field::variable("ptrdname", "dns.ptr.domain_name", Kind::DomainName, "Domain name: of the address."),
    Field::variable("mname", "dns.soa.mname", Kind::DomainName, "Primary name server: that has the zone."),
    Field::variable("rname", "dns.soa.rname", Kind::DomainName, "Mailbox: of who is in charge of the zone."),
    Field::variable("exchange", "dns.mx.mail_exchange", Kind::DomainName, "Mail exchange: the host that takes mail."),
    Field::variable("target", "dns.srv.target", Kind::DomainName, "Target: the host of the service."),
    Field::variable("txtlen", "dns.txt.length", Kind::Dec, "Text length: of what follows."),
    Field::variable("txt", "dns.txt", Kind::Text, "Text: of a TXT record."),
    Field::variable("rdata", "dns.data", Kind::Bytes, "Data: of a type that is not described."),
];

/// Types of records. Source: IANA's registry of DNS parameters.
mod rr {
    pub(super) const A: u16 = 1;
    pub(super) const NS: u16 = 2;
    pub(super) const CNAME: u16 = 5;
    pub(super) const SOA: u16 = 6;
    pub(super) const PTR: u16 = 12;
    pub(super) const MX: u16 = 15;
    pub(super) const TXT: u16 = 16;
    pub(super) const AAAA: u16 = 28;
    pub(super) const SRV: u16 = 33;
}

/// Names a type of record.
#[must_use]
pub fn record_type(number: u64) -> Option<&'static str> {
    Some(match u16::try_from(number).ok()? {
        rr::A => "A",
        rr::NS => "NS",
        rr::CNAME => "CNAME",
        rr::SOA => "SOA",
        rr::PTR => "PTR",
        rr::MX => "MX",
        rr::TXT => "TXT",
        rr::AAAA => "AAAA",
        rr::SRV => "SRV",
        _ => return None,
    })
}

fn opcode(number: u64) -> Option<&'static str> {
    ["query", "inverse query", "status", "", "notify", "update"].get(usize::try_from(number).ok()?).copied()
}

fn rcode(number: u64) -> Option<&'static str> {
    ["NoError", "FormErr", "ServFail", "NXDomain", "NotImp", "Refused"].get(usize::try_from(number).ok()?).copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "dns",
    scapy: "DNS",
    title: "Domain Name System",
    fields: Dns::FIELDS,
    more: &[Prefix::FIELDS, Question::FIELDS, Record::FIELDS, Soa::FIELDS, Mx::FIELDS, Srv::FIELDS, PARTS],
    dissect,
    walk,
    line,
    prefix,
    answers: Some(answers),
    ..Protocol::BARE
};

fn prefix(packet: &Packet<'_>, index: usize) -> usize {
    if is_over_tcp(packet.layers.get(..index).unwrap_or_default()) { Prefix::LEN } else { 0 }
}

fn is_over_tcp(below: &[Layer]) -> bool {
    // A second message in a segment follows the first.
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

fn walk(walk: &mut Walk<'_, '_>) {
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
    for _ in 0..header.qdcount() {
        let Some(name) = name::len(walk.rest()).filter(|name| walk.rest().len() >= name + Question::LEN) else {
            return walk.malformed(Question::LEN, "a question");
        };
        walk.record(row!(PARTS, "qd"), name + Question::LEN, |walk| {
            walk.domain_name(row!(PARTS, "qname"), name, message);
            walk.table(Question::FIELDS, Question::LEN);
        });
    }
    let sections = [
        (row!(PARTS, "an"), header.ancount()),
        (row!(PARTS, "ns"), header.nscount()),
        (row!(PARTS, "ar"), header.arcount()),
    ];
    for (section, count) in sections {
        for _ in 0..count {
            let name = name::len(walk.rest());
            let fixed = name.and_then(|name| Some((name, Record::new(walk.rest().get(name..)?)?)));
            let Some((name, fixed)) = fixed else { return walk.malformed(Record::LEN, "a record") };
            let len = name + Record::LEN + usize::from(fixed.rdlen());
            if len > walk.rest().len() {
                return walk.malformed(len, "a record's data");
            }
            let is = fixed.r#type();
            walk.record(section, len, |walk| {
                walk.domain_name(row!(PARTS, "rrname"), name, message);
                walk.table(Record::FIELDS, Record::LEN);
                data(walk, is, message);
            });
        }
    }
}

/// Shows the data of a record, which is the rest of it.
fn data(walk: &mut Walk<'_, '_>, is: u16, message: usize) {
    let name = |walk: &mut Walk<'_, '_>, field| {
        if let Some(len) = name::len(walk.rest()) {
            walk.domain_name(field, len, message);
        }
    };
    match is {
        rr::A if walk.rest().len() == 4 => walk.bytes(row!(PARTS, "a"), 4),
        rr::AAAA if walk.rest().len() == 16 => walk.bytes(row!(PARTS, "aaaa"), 16),
        rr::NS => name(walk, row!(PARTS, "nsdname")),
        rr::CNAME => name(walk, row!(PARTS, "cname")),
        rr::PTR => name(walk, row!(PARTS, "ptrdname")),
        rr::SOA => {
            name(walk, row!(PARTS, "mname"));
            name(walk, row!(PARTS, "rname"));
            walk.table(Soa::FIELDS, Soa::LEN);
        }
        rr::MX => {
            walk.table(Mx::FIELDS, Mx::LEN);
            name(walk, row!(PARTS, "exchange"));
        }
        rr::SRV => {
            walk.table(Srv::FIELDS, Srv::LEN);
            name(walk, row!(PARTS, "target"));
        }
        rr::TXT => {
            while let Some(len) = walk.rest().first().copied() {
                walk.bytes(row!(PARTS, "txtlen"), 1);
                walk.bytes(row!(PARTS, "txt"), len.into());
            }
        }
        _ => walk.bytes(row!(PARTS, "rdata"), usize::MAX),
    }
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let is_over_tcp = is_over_tcp(packet.layers.get(..index).unwrap_or_default());
    let message = packet.header(layer).get(if is_over_tcp { Prefix::LEN } else { 0 }..).unwrap_or_default();
    let Some(header) = Dns::new(message) else { return Err(Cut("domain")) };
    line.dec(header.id());
    let opcode = ["", " inv_q", " stat", " op3", " notify", " update"];
    line.text(opcode.get(usize::from(header.opcode())).unwrap_or(&" op"));
    let mut reader = Reader { message, at: Dns::LEN };
    if header.qr() { answer(line, &header, &mut reader)? } else { question(line, &header, &mut reader)? }
    line.text(" (");
    line.len(message.len());
    line.text(")");
    Ok(())
}

/// Where in a message is read.
struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.message.get(self.at..).unwrap_or_default()
    }

    /// Takes a question: where its name begins, and what is behind it.
    fn question(&mut self) -> Option<(usize, Question<'a>)> {
        let (name, len) = (self.at, name::len(self.rest())?);
        let question = Question::new(self.rest().get(len..)?)?;
        self.at += len + Question::LEN;
        Some((name, question))
    }

    /// Takes a record: its fixed part, and where its data begins.
    fn record(&mut self) -> Option<(Record<'a>, usize)> {
        let len = name::len(self.rest())?;
        let record = Record::new(self.rest().get(len..)?)?;
        let data = self.at + len + Record::LEN;
        self.at = data + usize::from(record.rdlen());
        (self.at <= self.message.len()).then_some((record, data))
    }
}

fn question(line: &mut Line<'_>, header: &Dns<'_>, reader: &mut Reader<'_>) -> Told {
    for (is_set, mark) in [(header.rd(), "+"), (header.cd(), "%")] {
        if is_set {
            line.text(mark);
        }
    }
    let counts =
        [(header.qdcount(), 1, "q"), (header.ancount(), 0, "a"), (header.nscount(), 0, "n"), (header.arcount(), 0, "au")];
    for (count, usual, unit) in counts {
        if count != usual {
            line.text(" [");
            line.dec(count);
            line.text(unit);
            line.text("]");
        }
    }
    for _ in 0..header.qdcount() {
        let Some((name, question)) = reader.question() else { return Err(Cut("domain")) };
        line.text(" ");
        type_words(line, question.qtype());
        line.text("? ");
        name_words(line, reader.message, name);
    }
    Ok(())
}

fn answer(line: &mut Line<'_>, header: &Dns<'_>, reader: &mut Reader<'_>) -> Told {
    if header.rcode() != 0 {
        line.text(" ");
        line.text(rcode(header.rcode().into()).unwrap_or("Resp"));
    }
    for (is_set, mark) in [(header.aa(), "*"), (!header.ra(), "-"), (header.tc(), "|"), (header.ad(), "$")] {
        if is_set {
            line.text(mark);
        }
    }
    if header.qdcount() != 1 {
        line.text(" [");
        line.dec(header.qdcount());
        line.text("q]");
    }
    for _ in 0..header.qdcount() {
        if reader.question().is_none() {
            return Err(Cut("domain"));
        }
    }
    for (count, before) in [(header.ancount(), " "), (header.nscount(), "/"), (header.arcount(), "/")] {
        line.text(before);
        line.dec(count);
    }
    for number in 0..header.ancount() {
        let Some((record, data)) = reader.record() else { return Err(Cut("domain")) };
        line.text(if number == 0 { " " } else { ", " });
        type_words(line, record.r#type());
        record_words(line, reader.message, record.r#type(), data, reader.at);
    }
    Ok(())
}

/// Writes the data of a record, which stands at `data..end`.
fn record_words(line: &mut Line<'_>, message: &[u8], is: u16, data: usize, end: usize) {
    let bytes = message.get(data..end).unwrap_or_default();
    match (is, bytes) {
        (rr::A, [a, b, c, d]) => {
            line.text(" ");
            line.ipv4([*a, *b, *c, *d].into());
        }
        (rr::AAAA, bytes) => {
            let Ok(address) = <[u8; 16]>::try_from(bytes) else { return };
            line.text(" ");
            line.ipv6(address.into());
        }
        (rr::NS | rr::CNAME | rr::PTR, _) => {
            line.text(" ");
            name_words(line, message, data);
        }
        (rr::MX, _) => {
            let Some(mx) = Mx::new(bytes) else { return };
            line.text(" ");
            name_words(line, message, data + Mx::LEN);
            line.text(" ");
            line.dec(mx.preference());
        }
        (rr::SRV, _) => {
            let Some(srv) = Srv::new(bytes) else { return };
            line.text(" ");
            name_words(line, message, data + Srv::LEN);
            line.text(":");
            line.dec(srv.port());
            for number in [srv.priority(), srv.weight()] {
                line.text(" ");
                line.dec(number);
            }
        }
        (rr::TXT, mut texts) => {
            while let Some((len, rest)) = texts.split_first() {
                let (text, rest) = rest.split_at_checked(usize::from(*len)).unwrap_or((rest, &[]));
                line.text(" \"");
                line.bytes(text);
                line.text("\"");
                texts = rest;
            }
        }
        _ => {}
    }
}

fn type_words(line: &mut Line<'_>, number: u16) {
    match record_type(number.into()) {
        Some(name) => line.text(name),
        None => {
            line.text("Type");
            line.dec(number);
        }
    }
}

fn name_words(line: &mut Line<'_>, message: &[u8], at: usize) {
    let mut labels = Labels::new(message, at);
    let mut is_root = true;
    for label in &mut labels {
        line.bytes(label);
        line.text(".");
        is_root = false;
    }
    if labels.is_broken() {
        line.text("<INVALID>");
    } else if is_root {
        line.text(".");
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
