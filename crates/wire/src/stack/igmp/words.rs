//! IGMP in a line.

use core::net::Ipv4Addr;

use super::{Begin, Igmp, QUERY_V3, Record, dvmrp, kind, pim1, record_type, time};
use crate::checksum;
use crate::line::{Line, Reader, Told};
use crate::packet::Packet;

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    if line.style().quiet {
        line.text("igmp");
        return Ok(());
    }
    let bytes = packet.whole(layer);
    let reader = Reader::new("igmp", bytes);
    let len = layer.wire_end.saturating_sub(layer.start);
    message(line, reader, len)?;
    // A cut off message, and a fragment, is not summed up; what was sent along behind is.
    if line.style().verbose > 0
        && let Some(whole) = bytes.get(..len)
        && let Some(header) = Begin::new(whole)
        && checksum::fold(checksum::sum(whole)) != 0
    {
        line.text(" bad igmp cksum ");
        line.hex(header.chksum());
        line.text("!");
    }
    Ok(())
}

/// Writes what a message of so many bytes says.
fn message(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    let mut begin = reader;
    match begin.u8()? {
        kind::QUERY => query(line, reader, len)?,
        kind::REPORT_V3 => report(line, reader, len)?,
        number @ (kind::REPORT_V1 | kind::REPORT_V2 | kind::LEAVE) => {
            let group = reader.from(4).ipv4()?;
            line.text(match number {
                kind::REPORT_V1 => "igmp v1 report ",
                kind::REPORT_V2 => "igmp v2 report ",
                _ => "igmp leave ",
            });
            line.address(group);
            if number == kind::REPORT_V1 && len != Igmp::LEN {
                line.fmt(format_args!(" [len {len}]"));
            }
        }
        kind::DVMRP => {
            line.text("igmp dvmrp");
            dvmrp::words(line, Reader::new("dvmrp", reader.all()), len)?;
        }
        kind::PIM_V1 => {
            line.text("igmp pimv1");
            pim1::words(line, Reader::new("pimv1", reader.all()), len)?;
        }
        kind::TRACE => trace(line, "mtrace", reader)?,
        kind::TRACE_RESPONSE => trace(line, "mresp", reader)?,
        number => {
            line.text("igmp-");
            line.dec(number);
        }
    }
    Ok(())
}

/// Writes a query of any version.
fn query(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    line.text("igmp query");
    if len >= QUERY_V3 {
        line.text(" v3");
        return query_v3(line, reader, len);
    }
    let code = reader.from(1).u8()?;
    line.text(if code == 0 { " v1" } else { " v2" });
    if code != 0 && code != 100 {
        line.fmt(format_args!(" [max resp time {code}]"));
    }
    let group = reader.from(4).ipv4()?;
    if !group.is_unspecified() {
        line.text(" [gaddr ");
        line.address(group);
        line.text("]");
    }
    if len != Igmp::LEN {
        line.fmt(format_args!(" [len {len}]"));
    }
    Ok(())
}

fn query_v3(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    let code = reader.from(1).u8()?;
    if !len.is_multiple_of(4) {
        line.fmt(format_args!(" [invalid len {len}]"));
        return Ok(());
    }
    let tenths = time(code);
    if code != 100 {
        line.text(" [max resp time ");
        if tenths < 600 {
            line.fmt(format_args!("{}.{}s", tenths / 10, tenths % 10));
        } else {
            duration(line, tenths / 10);
        }
        line.text("]");
    }
    let group = reader.from(4).ipv4()?;
    if group.is_unspecified() {
        return Ok(());
    }
    line.text(" [gaddr ");
    line.address(group);
    let count = reader.from(10).u16()?;
    if count > 0 {
        if len < QUERY_V3 + usize::from(count) * 4 {
            line.text(" [invalid number of sources]");
        } else if line.style().verbose > 1 {
            sources(line, reader.from(QUERY_V3), count)?;
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
        let source = reader.ipv4()?;
        line.text(" ");
        line.address(source);
    }
    line.text(" }");
    Ok(())
}

/// Writes a report of version 3.
fn report(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    line.text("igmp v3 report");
    // One without any record is not expected.
    if len < Igmp::LEN + Record::LEN || !len.is_multiple_of(4) {
        line.fmt(format_args!(" [invalid len {len}]"));
        return Ok(());
    }
    let count = reader.from(6).u16()?;
    line.fmt(format_args!(", {count} group record(s)"));
    if line.style().verbose == 0 {
        return Ok(());
    }
    let mut at = Igmp::LEN;
    for _ in 0..count {
        if len < at + Record::LEN {
            line.text(" [invalid number of groups]");
            return Ok(());
        }
        let mut record = reader.from(at);
        // To tcpdump auxiliary data is no part of a record: its length is not heeded.
        let [number, _aux] = record.array()?;
        let (count, group) = (record.u16()?, record.ipv4()?);
        line.text(" [gaddr ");
        line.address(group);
        match record_type(number.into()) {
            Some(name) => {
                line.text(" ");
                line.text(name);
            }
            None => line.fmt(format_args!("  [v3-report-#{number}]")),
        }
        at += Record::LEN;
        let end = at + usize::from(count) * 4;
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

/// Writes a traceroute for multicast.
fn trace(line: &mut Line<'_>, name: &str, reader: Reader<'_>) -> Told {
    let mut fields = reader.from(8);
    let ends: [Ipv4Addr; 3] = [fields.ipv4()?, fields.ipv4()?, fields.ipv4()?];
    let ttl = fields.u8()?;
    let id = fields.u24()?;
    line.fmt(format_args!("{name} {id}: "));
    for (address, behind) in ends.into_iter().zip([" to ", " reply-to ", ""]) {
        line.address(address);
        line.text(behind);
    }
    let [.., response] = ends;
    if response.is_multicast() {
        line.fmt(format_args!(" with-ttl {ttl}"));
    }
    Ok(())
}

/// Writes seconds in the greatest units that they have: `1d1h1m1s`.
pub(super) fn duration(line: &mut Line<'_>, mut seconds: u32) {
    const UNITS: [(u32, &str); 6] = [(31_536_000, "y"), (604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    if seconds == 0 {
        line.text("0s");
    }
    for (unit, name) in UNITS {
        if seconds >= unit {
            line.dec(seconds / unit);
            line.text(name);
            seconds %= unit;
        }
    }
}
