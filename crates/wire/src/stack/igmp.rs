//! Internet Group Management Protocol: RFC 1112 (version 1), RFC 2236 (version 2), RFC 3376 (version 3).
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |      Type     | Max Resp Time |           Checksum            |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                         Group Address                         |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Resv  |S| QRV |     QQIC      |     Number of Sources (N)     |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                     Source Address [1..N]                     |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```
//!
//! The first two words are those of versions 1 and 2, the rest is a query of version 3. A report of version 3 has records of
//! groups instead. DVMRP (RFC 1075), the first version of PIM and traceroute for multicast share the protocol's number.

mod dvmrp;
mod pim1;
mod words;

use core::net::Ipv4Addr;

use super::Protocol;
use crate::field::{Field, Kind, Rule, row};
use crate::header::header;
use crate::packet::{Input, Step};
use crate::walk::{Value, Walk};

header! {
    /// A message of version 2, and what all begin with.
    pub struct Igmp: 8 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, HexOf(type_name), "igmp.type", default(0x11);
    /// Max response time: in which answers are wanted, in tenths of a second.
    mrcode: u8 = 8..16, Dec, "igmp.max_resp", default(20);
    /// Checksum: over the whole message.
    chksum: u16 = 16..32, Hex, "igmp.checksum", computed(Sum);
    /// Multicast address: the group; zero means all.
    gaddr: Ipv4Addr = 32..64, Ipv4, "igmp.maddr", default(0);
}

header! {
    /// A message of version 1, or of another protocol that shares the number.
    pub struct Begin: 4 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, HexOf(type_name), "igmp.type", default(0x12);
    /// Reserved: must be zero.
    reserved: u8 = 8..16, Bytes, "igmp.reserved", default(0);
    /// Checksum: over the whole message.
    chksum: u16 = 16..32, Hex, "igmp.checksum", computed(Sum);
}

header! {
    /// The first word of a query of version 3.
    pub struct QueryBegin: 4 bytes;

    /// Type: what the message is.
    r#type: u8 = 0..8, HexOf(type_name), "igmp.type", default(0x11);
    /// Max response code: a time, from 128 on as a floating number.
    mrcode: u8 = 8..16, Dec, "", default(20);
    /// Checksum: over the whole message.
    chksum: u16 = 16..32, Hex, "igmp.checksum", computed(Sum);
}

header! {
    /// The second and third word of a query of version 3.
    pub struct Query: 8 bytes;

    /// Multicast address: the group; zero means all.
    gaddr: Ipv4Addr = 0..32, Ipv4, "igmp.maddr", default(0);
    /// Reserved: must be zero.
    resv: u8 = 32..36, Dec, "", default(0);
    /// S: routers are not to count from now.
    s: bool = 36..37, Flag, "igmp.s", default(0);
    /// QRV: the querier's robustness.
    qrv: u8 = 37..40, Dec, "igmp.qrv", default(2);
    /// QQIC: the time between queries, in seconds.
    qqic: u8 = 40..48, Dec, "igmp.qqic", default(125);
    /// Number of sources: how many follow.
    numsrc: u16 = 48..64, Dec, "igmp.num_src", computed(Count("source"));
}

header! {
    /// The second word of a report of version 3.
    pub struct Report: 4 bytes;

    /// Reserved: must be zero.
    resv: u16 = 0..16, Bytes, "igmp.reserved", default(0);
    /// Number of group records: how many follow.
    numgrp: u16 = 16..32, Dec, "igmp.num_grp_recs", computed(Count("records"));
}

header! {
    /// The fixed part of a group record.
    pub struct Record: 8 bytes;

    /// Record type: how the sources are meant.
    rtype: u8 = 0..8, DecOf(record_type), "igmp.record_type", default(1);
    /// Auxiliary data length: in words of 4 bytes.
    auxdlen: u8 = 8..16, Dec, "igmp.aux_data_len", default(0);
    /// Number of sources: how many follow.
    numsrc: u16 = 16..32, Dec, "igmp.num_src", default(0);
    /// Multicast address: the group.
    maddr: Ipv4Addr = 32..64, Ipv4, "igmp.maddr", default(0);
}

header! {
    /// A traceroute for multicast, behind the first word.
    pub struct Trace: 20 bytes;

    /// Multicast address: the group.
    group: Ipv4Addr = 0..32, Ipv4, "igmp.maddr", default(0);
    /// Source address: from which the way is sought.
    source: Ipv4Addr = 32..64, Ipv4, "igmp.mtrace.saddr", default(0);
    /// Receiver address: where the way ends.
    receiver: Ipv4Addr = 64..96, Ipv4, "igmp.mtrace.raddr", default(0);
    /// Response address: who wants to know.
    response: Ipv4Addr = 96..128, Ipv4, "igmp.mtrace.rspaddr", default(0);
    /// Response TTL: with which the answer is to be sent.
    ttl: u8 = 128..136, Dec, "igmp.mtrace.resp_ttl", default(0);
    /// Query ID: the same in question and answer.
    id: u32 = 136..160, Dec, "igmp.mtrace.q_id", default(0);
}

/// What has no fixed place.
const PARTS: &[Field] = &[
    Field::variable("source", "", Kind::Record, "Source: a sender to the group."),
    Field::variable("records", "", Kind::Record, "Group record: what is wanted of a group."),
    Field::variable("srcaddr", "igmp.saddr", Kind::Ipv4, "Source address: a sender to the group."),
    Field::bytes("auxdata", "igmp.aux_data", "Auxiliary data: not described."),
    Field::variable("hops", "igmp.mtrace.max_hops", Kind::Dec, "Hops: the most that are traced."),
    Field::bytes("data", "igmp.data", "Data: not described."),
];

/// What follows from the rest.
const DERIVED: &[Field] = &[
    derived("version", "igmp.version", "IGMP version: by form and type."),
    derived("chksum_status", "igmp.checksum.status", "Checksum status: 1 where it is right."),
    derived("max_resp", "igmp.max_resp", "Max response time: of the code, in tenths of a second."),
];

const fn derived(name: &'static str, path: &'static str, doc: &'static str) -> Field {
    Field { rule: Rule::Derived, ..Field::variable(name, path, Kind::Dec, doc) }
}

/// Types of messages. Source: IANA's registry of IGMP type numbers.
mod kind {
    pub(super) const QUERY: u8 = 0x11;
    pub(super) const REPORT_V1: u8 = 0x12;
    pub(super) const DVMRP: u8 = 0x13;
    pub(super) const PIM_V1: u8 = 0x14;
    pub(super) const REPORT_V2: u8 = 0x16;
    pub(super) const LEAVE: u8 = 0x17;
    pub(super) const TRACE_RESPONSE: u8 = 0x1e;
    pub(super) const TRACE: u8 = 0x1f;
    pub(super) const REPORT_V3: u8 = 0x22;
}

/// The least length of a query of version 3.
const QUERY_V3: usize = QueryBegin::LEN + Query::LEN;

fn type_name(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        kind::QUERY => "igmp query",
        kind::REPORT_V1 => "igmp v1 report",
        kind::DVMRP => "igmp dvmrp",
        kind::PIM_V1 => "igmp pimv1",
        kind::REPORT_V2 => "igmp v2 report",
        kind::LEAVE => "igmp leave",
        kind::TRACE_RESPONSE => "mresp",
        kind::TRACE => "mtrace",
        kind::REPORT_V3 => "igmp v3 report",
        _ => return None,
    })
}

/// Names how a record means its sources: RFC 3376, section 4.2.12. MLD has the same.
#[must_use]
pub fn record_type(number: u64) -> Option<&'static str> {
    let names = ["is_in", "is_ex", "to_in", "to_ex", "allow", "block"];
    names.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
}

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "igmp",
    scapy: "IGMP",
    title: "Internet Group Management Protocol",
    fields: Igmp::FIELDS,
    more: &[
        Begin::FIELDS,
        QueryBegin::FIELDS,
        Query::FIELDS,
        Report::FIELDS,
        Record::FIELDS,
        Trace::FIELDS,
        PARTS,
        DERIVED,
    ],
    dissect,
    walk,
    line: words::line,
    ..Protocol::BARE
};

/// Returns the time that a code of 8 bits stands for: RFC 3376, section 4.1.1.
const fn time(code: u8) -> u32 {
    match code {
        0..0x80 => code as u32,
        _ => ((code & 0x0f | 0x10) as u32) << ((code >> 4 & 7) + 3),
    }
}

fn dissect(input: &Input<'_>) -> Step {
    if input.bytes.len() < Igmp::LEN {
        return Step::short(input, Igmp::LEN, "an IGMP message");
    }
    Step::whole(input)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(header) = Igmp::new(walk.rest()) else { return walk.fixed() };
    let (number, code, len) = (header.r#type(), header.mrcode(), walk.rest().len());
    let version = match number {
        kind::QUERY if len >= QUERY_V3 => Some(3),
        kind::QUERY => Some(if code == 0 { 1 } else { 2 }),
        kind::REPORT_V1 => Some(1),
        kind::REPORT_V2 | kind::LEAVE => Some(2),
        kind::REPORT_V3 => Some(3),
        _ => None,
    };
    if let Some(version) = version {
        walk.derived(row!(DERIVED, "version"), Value::Uint(version));
    }
    match (number, version) {
        (kind::QUERY, Some(3)) => walk_query(walk, code),
        (kind::REPORT_V3, _) => walk_report(walk),
        (kind::TRACE | kind::TRACE_RESPONSE, _) => {
            walk.bytes(row!(Igmp::FIELDS, "type"), 1);
            walk.bytes(row!(PARTS, "hops"), 1);
            walk.bytes(row!(Igmp::FIELDS, "chksum"), 2);
            walk.verdict(row!(DERIVED, "chksum_status"));
            walk.table(Trace::FIELDS, Trace::LEN);
        }
        (_, Some(2)) => {
            walk.fixed();
            walk.verdict(row!(DERIVED, "chksum_status"));
        }
        (_, version) => {
            walk.table(Begin::FIELDS, Begin::LEN);
            walk.verdict(row!(DERIVED, "chksum_status"));
            if version == Some(1) {
                walk.bytes(row!(Igmp::FIELDS, "gaddr"), 4);
            }
        }
    }
    walk.bytes(row!(PARTS, "data"), usize::MAX);
}

fn walk_query(walk: &mut Walk<'_, '_>, code: u8) {
    walk.table(QueryBegin::FIELDS, QueryBegin::LEN);
    walk.derived(row!(DERIVED, "max_resp"), Value::Uint(time(code).into()));
    walk.verdict(row!(DERIVED, "chksum_status"));
    let count = Query::new(walk.rest()).map_or(0, |query| query.numsrc());
    walk.table(Query::FIELDS, Query::LEN);
    for _ in 0..count {
        if walk.rest().len() < 4 {
            return walk.malformed(4, "a source");
        }
        walk.record(row!(PARTS, "source"), 4, |walk| walk.bytes(row!(PARTS, "srcaddr"), 4));
    }
}

fn walk_report(walk: &mut Walk<'_, '_>) {
    walk.table(Begin::FIELDS, Begin::LEN);
    walk.verdict(row!(DERIVED, "chksum_status"));
    let count = Report::new(walk.rest()).map_or(0, |report| report.numgrp());
    walk.table(Report::FIELDS, Report::LEN);
    for _ in 0..count {
        let Some(record) = Record::new(walk.rest()) else { return walk.malformed(Record::LEN, "a group record") };
        let (sources, aux) = (usize::from(record.numsrc()), usize::from(record.auxdlen()) * 4);
        let len = Record::LEN + sources * 4 + aux;
        if len > walk.rest().len() {
            return walk.malformed(len, "a group record that fits");
        }
        walk.record(row!(PARTS, "records"), len, |walk| {
            walk.table(Record::FIELDS, Record::LEN);
            for _ in 0..sources {
                walk.bytes(row!(PARTS, "srcaddr"), 4);
            }
            walk.bytes(row!(PARTS, "auxdata"), aux);
        });
    }
}
