//! Multicast Listener Discovery: RFC 2710 (version 1), RFC 3810 (version 2).

use core::net::Ipv6Addr;

use super::{PARTS as COMMON, kind};
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::stack::igmp::record_type;
use crate::walk::Walk;

header! {
    /// What a query of version 2 has behind the address.
    pub struct Query: 4 bytes;

    /// Flags: how the query is meant.
    flags: u8 = 0..8, Hex, "icmpv6.mld.flag", default(2);
    /// Reserved: must be zero.
    resv: u8 = 0..4, Dec, "icmpv6.mld.flag.reserved", part;
    /// S: routers are not to count from now.
    s: bool = 4..5, Flag, "icmpv6.mld.flag.s", part;
    /// QRV: the querier's robustness.
    qrv: u8 = 5..8, Dec, "icmpv6.mld.flag.qrv", part;
    /// QQIC: the time between queries, in seconds.
    qqic: u8 = 8..16, Dec, "icmpv6.mld.qqi", default(125);
    /// Number of sources: how many follow.
    sources_number: u16 = 16..32, Dec, "icmpv6.mld.nb_sources", default(0);
}

header! {
    /// The fixed part of a record of a group.
    pub struct Record: 20 bytes;

    /// Record type: how the sources are meant.
    rtype: u8 = 0..8, DecOf(record_type), "icmpv6.mldr.mar.record_type", default(4);
    /// Auxiliary data length: in words of 4 bytes.
    auxdata_len: u8 = 8..16, Dec, "icmpv6.mldr.mar.aux_data_len", default(0);
    /// Number of sources: how many follow.
    sources_number: u16 = 16..32, Dec, "icmpv6.mldr.mar.nb_sources", default(0);
    /// Multicast address: the group.
    dst: Ipv6Addr = 32..160, Ipv6, "icmpv6.mldr.mar.multicast_address", default(0);
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("mrd", "icmpv6.mld.maximum_response_delay", Kind::Dec, "Maximum response delay: in milliseconds."),
    Field::variable("mrc", "icmpv6.mld.maximum_response_code", Kind::Dec, "Maximum response code: from 32768 on as a floating number."),
    Field::variable("mladdr", "icmpv6.mld.multicast_address", Kind::Ipv6, "Multicast address: the group; zero means all."),
    Field::variable("source", "icmpv6.mld.source_address", Kind::Ipv6, "Source address: a sender to the group."),
    Field::variable("records_number", "icmpv6.mldr.nb_mcast_records", Kind::Dec, "Number of records: how many follow."),
    Field::variable("record", "icmpv6.mldr.mar", Kind::Record, "Multicast address record: what is wanted of a group."),
    Field::variable("record_source", "icmpv6.mldr.mar.source_address", Kind::Ipv6, "Source address: a sender to the group."),
    Field::bytes("auxdata", "icmpv6.mldr.mar.auxiliary_data", "Auxiliary data: not described."),
];

/// The length of a message of version 1.
const VERSION_1: usize = 24;
/// The least length of a query of version 2.
const QUERY: usize = 28;

/// Shows a message of version 1, or a query, behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u8) {
    let is_v2 = number == kind::LISTENER_QUERY && walk.header().len() >= QUERY;
    walk.bytes(if is_v2 { row!(PARTS, "mrc") } else { row!(PARTS, "mrd") }, 2);
    walk.bytes(row!(COMMON, "reserved_bytes"), 2);
    walk.bytes(row!(PARTS, "mladdr"), 16);
    if !is_v2 {
        return;
    }
    let count = Query::new(walk.rest()).map_or(0, |query| query.sources_number());
    walk.table(Query::FIELDS, Query::LEN);
    for _ in 0..count {
        if walk.rest().len() < 16 {
            return walk.malformed(16, "a source");
        }
        walk.bytes(row!(PARTS, "source"), 16);
    }
}

/// Shows a report of version 2 behind its first word.
pub(super) fn walk_report(walk: &mut Walk<'_, '_>) {
    walk.bytes(row!(COMMON, "reserved_bytes"), 2);
    let count = walk.rest().first_chunk().map_or(0, |count| u16::from_be_bytes(*count));
    walk.bytes(row!(PARTS, "records_number"), 2);
    for _ in 0..count {
        let Some(record) = Record::new(walk.rest()) else {
            return walk.malformed(Record::LEN, "a record of a group");
        };
        let (sources, aux) = (record.sources_number(), usize::from(record.auxdata_len()) * 4);
        let len = Record::LEN + usize::from(sources) * 16 + aux;
        if len > walk.rest().len() {
            return walk.malformed(len, "a record that fits");
        }
        walk.record(row!(PARTS, "record"), len, |walk| {
            walk.table(Record::FIELDS, Record::LEN);
            for _ in 0..sources {
                walk.bytes(row!(PARTS, "record_source"), 16);
            }
            walk.bytes(row!(PARTS, "auxdata"), aux);
        });
    }
}

/// Writes a query of so many bytes, of any version.
pub(super) fn query(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    match len {
        VERSION_1 => version_1(line, reader)?,
        QUERY.. => {
            line.text(" v2");
            query_v2(line, reader, len)?;
        }
        len => line.fmt(format_args!(" unknown-version (len {len}) ")),
    }
    Ok(())
}

/// Writes a message of version 1.
pub(super) fn version_1(line: &mut Line<'_>, reader: Reader<'_>) -> Told {
    if reader.left() < VERSION_1 {
        return Ok(());
    }
    let delay = reader.from(4).u16()?;
    line.fmt(format_args!("max resp delay: {delay} "));
    let group = reader.from(8).ipv6()?;
    line.text("addr: ");
    line.address(group);
    Ok(())
}

/// Returns the delay that a code stands for: RFC 3810, section 5.1.3.
fn delay(code: u16) -> u32 {
    match u32::from(code) {
        code @ 0..0x8000 => code,
        code => (code & 0x0fff | 0x1000) << ((code >> 12 & 7) + 3),
    }
}

/// Returns the time that a code stands for: RFC 3810, section 5.1.9.
fn interval(code: u8) -> u32 {
    match u32::from(code) {
        code @ 0..0x80 => code,
        code => (code & 0x0f | 0x10) << ((code >> 4 & 7) + 3),
    }
}

fn query_v2(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    let code = reader.from(4).u16()?;
    if line.style().verbose > 0 {
        line.fmt(format_args!(" [max resp delay={}]", delay(code)));
    }
    let group = reader.from(8).ipv6()?;
    line.text(" [gaddr ");
    line.address(group);
    if line.style().verbose > 0 {
        let mut fields = reader.from(24);
        let flags = fields.u8()?;
        if flags & 8 != 0 {
            line.text(" sflag");
        }
        if flags & 7 != 0 {
            line.fmt(format_args!(" robustness={}", flags & 7));
        }
        line.fmt(format_args!(" qqi={}", interval(fields.u8()?)));
    }
    let count = reader.from(26).u16()?;
    if count > 0 {
        if len < QUERY + usize::from(count) * 16 {
            line.text(" [invalid number of sources]");
        } else if line.style().verbose > 1 {
            sources(line, reader.from(QUERY), count)?;
        } else {
            line.fmt(format_args!(", {count} source(s)"));
        }
    }
    line.text("]");
    Ok(())
}

/// Writes the sources of a query or a record.
fn sources(line: &mut Line<'_>, mut reader: Reader<'_>, count: u16) -> Told {
    line.text(" {");
    for _ in 0..count {
        let source = reader.ipv6()?;
        line.text(" ");
        line.address(source);
    }
    line.text(" }");
    Ok(())
}

/// Writes a report of version 2 of so many bytes.
pub(super) fn report(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    if len < 8 {
        line.fmt(format_args!(" [invalid len {len}]"));
        return Ok(());
    }
    let count = reader.from(6).u16()?;
    line.fmt(format_args!(", {count} group record(s)"));
    if line.style().verbose == 0 {
        return Ok(());
    }
    let mut at = 8;
    for _ in 0..count {
        if len < at + Record::LEN {
            line.text(" [invalid number of groups]");
            return Ok(());
        }
        let mut record = reader.from(at);
        // Auxiliary data is not heeded, as in IGMP.
        let [number, _aux] = record.array()?;
        let (count, group) = (record.u16()?, record.ipv6()?);
        line.text(" [gaddr ");
        line.address(group);
        line.text(" ");
        match record_type(number.into()) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!(" [v2-report-#{number}]")),
        }
        let end = at + Record::LEN + usize::from(count) * 16;
        if len < end {
            line.fmt(format_args!(" [invalid number of sources {count}]"));
            return Ok(());
        }
        if line.style().verbose > 1 {
            sources(line, record, count)?;
        } else {
            line.fmt(format_args!(", {count} source(s)"));
        }
        line.text("]");
        at = end;
    }
    Ok(())
}
