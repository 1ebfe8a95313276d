//! The first version of Protocol Independent Multicast in a line: it came within IGMP, RFC 2117 and before.

use core::net::Ipv4Addr;

use super::words::duration;
use crate::line::{Cut, Line, Reader, Told};

/// Where the body begins.
const BODY: usize = 8;
/// The mask of a single group.
const ALL_ONES: Ipv4Addr = Ipv4Addr::BROADCAST;
/// The least length of a message that joins or prunes one source of one group.
const ONE_SOURCE: usize = BODY + 30;

/// Writes a message of so many bytes.
pub(super) fn words(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    let mut body = reader.from(BODY);
    match reader.from(1).u8()? {
        0 => query(line, reader)?,
        1 => {
            line.text(" Register");
            if body.left() < 20 {
                line.cut("pimv1");
                return Ok(());
            }
            // The header of the packet that is handed on.
            two(line, body.from(BODY + 12))?;
        }
        2 => {
            line.text(" Register-Stop");
            body.need(8)?;
            two(line, body)?;
        }
        3 => {
            line.text(" Join/Prune");
            join_prune(line, body, len)?;
        }
        4 => {
            line.text(" RP-reachable");
            if line.style().verbose > 0 {
                body.need(4)?;
                line.text(" group ");
                group(line, &mut body)?;
                let point = body.ipv4()?;
                line.text(" RP ");
                line.address(point);
                line.text(" hold ");
                duration(line, reader.from(BODY + 14).u16()?.into());
            }
        }
        5 => {
            line.text(" Assert");
            body.need(12)?;
            line.text(" for ");
            line.address(reader.from(BODY + 8).ipv4()?);
            line.text(" > ");
            group(line, &mut body)?;
            let mut rest = reader.from(BODY + 12);
            let (preference, metric) = (rest.u32()?, rest.u32()?);
            line.text(if preference >> 31 == 1 { " RP-tree" } else { " SPT" });
            line.fmt(format_args!(" pref {} metric {metric}", preference & 0x7fff_ffff));
        }
        6 => {
            line.text(" Graft");
            join_prune(line, body, len)?;
        }
        7 => {
            line.text(" Graft-ACK");
            join_prune(line, body, len)?;
        }
        number => line.fmt(format_args!(" [type {number}]")),
    }
    let version = reader.from(4).u8()? >> 4;
    if version != 1 {
        line.fmt(format_args!(" [v{version}]"));
    }
    Ok(())
}

fn query(line: &mut Line<'_>, reader: Reader<'_>) -> Told {
    line.text(" Query");
    match reader.from(BODY).u8().map(|mode| mode >> 4) {
        Err(_) => {}
        Ok(0) => line.text(" Dense-mode"),
        Ok(1) => line.text(" Sparse-mode"),
        Ok(2) => line.text(" Sparse-Dense-mode"),
        Ok(mode) => line.fmt(format_args!(" mode-{mode}")),
    }
    if line.style().verbose > 0 {
        line.text(" (Hold-time ");
        duration(line, reader.from(BODY + 2).u16()?.into());
        line.text(")");
    }
    Ok(())
}

/// Writes who sends to whom.
fn two(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    let (source, destination) = (reader.ipv4()?, reader.ipv4()?);
    line.text(" for ");
    line.address(source);
    line.text(" > ");
    line.address(destination);
    Ok(())
}

/// Writes a group, and its mask where it is not a single one.
fn group(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    let group = reader.ipv4()?;
    line.address(group);
    let mask = reader.ipv4()?;
    if mask != ALL_ONES {
        line.text("/");
        line.address(mask);
    }
    Ok(())
}

/// Writes which sources are joined and pruned, as far as a message of so many bytes goes. What is written behind the list still is
/// where the message ends before the list does.
fn join_prune(line: &mut Line<'_>, mut body: Reader<'_>, len: usize) -> Told {
    let verbose = line.style().verbose;
    if verbose == 0 {
        return Ok(());
    }
    if len >= ONE_SOURCE && body.need(ONE_SOURCE - BODY).is_ok() && is_one_source(body)? {
        return one_source(line, body);
    }
    let before = if verbose > 1 { "\n" } else { "" };
    line.text(before);
    let neighbor = body.ipv4()?;
    line.text(" Upstream Nbr: ");
    line.address(neighbor);
    if ends(line, body, len, 4) {
        return Ok(());
    }
    line.text(before);
    line.text(" Hold time: ");
    body.take(2)?;
    duration(line, body.u16()?.into());
    if verbose < 2 || ends(line, body, len, 4) {
        return Ok(());
    }
    body.take(3)?;
    for _ in 0..body.u8()? {
        if ends(line, body, len, 4) {
            return Ok(());
        }
        let address = body.ipv4()?;
        line.text("\n\tGroup: ");
        line.address(address);
        if ends(line, body, len, 4) {
            return Ok(());
        }
        let mask = body.ipv4()?;
        if mask != ALL_ONES {
            line.text("/");
            line.address(mask);
        }
        if ends(line, body, len, 4) {
            return Ok(());
        }
        let (joined, pruned) = (body.u16()?, body.u16()?);
        line.fmt(format_args!(" joined: {joined} pruned: {pruned}"));
        for (count, what) in [(joined, "\n\tJoin  "), (pruned, "\n\tPrune ")] {
            for _ in 0..count {
                if ends(line, body, len, 6) {
                    return Ok(());
                }
                let source = Source::read(&mut body)?;
                line.text(what);
                source.flags(line);
                line.text(" ");
                source.address(line);
            }
        }
    }
    Ok(())
}

/// Tells whether a message of so many bytes ends before so many more of them, and writes that it does.
fn ends(line: &mut Line<'_>, body: Reader<'_>, len: usize, need: usize) -> bool {
    let is_short = len < body.at() + need;
    if is_short {
        line.cut("pimv1");
    }
    is_short
}

/// Tells whether one source of one group is all.
fn is_one_source(body: Reader<'_>) -> Result<bool, Cut> {
    let at = body.at();
    let groups = body.from(at + 11).u8()?;
    let mut counts = body.from(at + 20);
    Ok(groups == 1 && matches!((counts.u16()?, counts.u16()?), (1, 0) | (0, 1)))
}

/// Writes one source of one group, without lines of its own.
fn one_source(line: &mut Line<'_>, mut body: Reader<'_>) -> Told {
    let neighbor = body.ipv4()?;
    line.text(" RPF ");
    line.address(neighbor);
    body.take(2)?;
    line.text(" Hold ");
    duration(line, body.u16()?.into());
    body.take(4)?;
    let (address, mask) = (body.ipv4()?, body.ipv4()?);
    line.text(if body.u16()? == 1 { "Join (" } else { "Prune (" });
    body.u16()?;
    let source = Source::read(&mut body)?;
    source.address(line);
    line.text(", ");
    line.address(address);
    if mask != ALL_ONES {
        line.text("/");
        line.address(mask);
    }
    line.text(") ");
    source.flags(line);
    Ok(())
}

/// A source in a list.
struct Source {
    mode: u8,
    mask: u8,
    address: Ipv4Addr,
}

impl Source {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Cut> {
        Ok(Self { mode: reader.u8()?, mask: reader.u8()?, address: reader.ipv4()? })
    }

    fn flags(&self, line: &mut Line<'_>) {
        line.text(if self.mode & 1 == 1 { "Sparse " } else { "Dense " });
        line.text(if self.mask & 0x80 == 0 { "" } else { "WC " });
        line.text(if self.mask & 0x40 == 0 { "SPT" } else { "RP" });
    }

    fn address(&self, line: &mut Line<'_>) {
        line.address(self.address);
        line.fmt(format_args!("/{}", self.mask & 0x3f));
    }
}
