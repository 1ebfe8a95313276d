//! The Distance Vector Multicast Routing Protocol in a line: RFC 1075, and version 3 as routers speak it.

use super::words::duration;
use crate::line::{Line, Reader, Told};

/// The header: that of IGMP, and a word with capabilities and version.
const HEADER: usize = 8;

/// Names the flags of an interface: RFC 1075 and mrinfo.
const FLAGS: [(u8, &str); 5] =
    [(0x01, "/tunnel"), (0x02, "/srcrt"), (0x40, "/querier"), (0x20, "/disabled"), (0x10, "/down")];

/// Writes a message of so many bytes.
pub(super) fn words(line: &mut Line<'_>, reader: Reader<'_>, len: usize) -> Told {
    if len < HEADER {
        line.fmt(format_args!(" [len {len}]"));
        return Ok(());
    }
    let (len, body) = (len - HEADER, reader.from(HEADER));
    match reader.from(1).u8()? {
        1 => {
            line.text(" Probe");
            if line.style().verbose > 0 {
                probe(line, body, len)?;
            }
        }
        2 => {
            line.text(" Report");
            if line.style().verbose > 1 {
                report(line, body, len)?;
            }
        }
        3 => line.text(" Ask-neighbors(old)"),
        4 => {
            line.text(" Neighbors(old)");
            neighbors(line, body, len)?;
        }
        5 => line.text(" Ask-neighbors2"),
        6 => {
            line.text(" Neighbors2");
            let mut version = reader.from(6);
            let (minor, major) = (version.u8()?, version.u8()?);
            line.fmt(format_args!(" (v {major}.{minor}):"));
            neighbors2(line, body, len)?;
        }
        7 => {
            line.text(" Prune");
            source_and_group(line, body)?;
            line.text(" timer ");
            duration(line, body.from(HEADER + 8).u32()?);
        }
        8 => {
            line.text(" Graft");
            source_and_group(line, body)?;
        }
        9 => {
            line.text(" Graft-ACK");
            source_and_group(line, body)?;
        }
        number => line.fmt(format_args!(" [type {number}]")),
    }
    Ok(())
}

/// Writes a source and a group.
fn source_and_group(line: &mut Line<'_>, mut body: Reader<'_>) -> Told {
    let (source, group) = (body.ipv4()?, body.ipv4()?);
    line.text(" src ");
    line.address(source);
    line.text(" grp ");
    line.address(group);
    Ok(())
}

/// Writes who asks, and whom it has heard.
fn probe(line: &mut Line<'_>, mut body: Reader<'_>, mut len: usize) -> Told {
    if len < 4 {
        line.fmt(format_args!(" [full length {len} < 4]"));
        line.invalid();
        return Ok(());
    }
    line.text(if line.style().verbose > 1 { "\n\t" } else { " " });
    line.fmt(format_args!("genid {}", body.u32()?));
    len -= 4;
    while len > 0 && line.style().verbose > 1 {
        if len < 4 {
            line.fmt(format_args!("[remaining length {len} < 4]"));
            line.invalid();
            return Ok(());
        }
        let neighbor = body.ipv4()?;
        line.text("\n\tneighbor ");
        line.address(neighbor);
        len -= 4;
    }
    Ok(())
}

/// Writes routes: of a mask all but the first byte is sent, of a network as many bytes as its mask has.
fn report(line: &mut Line<'_>, mut body: Reader<'_>, mut len: usize) -> Told {
    while len > 0 {
        if len < 3 {
            line.fmt(format_args!(" [length {len} < 3]"));
            line.invalid();
            return Ok(());
        }
        let mask: [u8; 3] = body.array()?;
        let width = 1 + mask.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let [a, b, c] = mask;
        line.fmt(format_args!("\n\tMask 255.{a}.{b}.{c}"));
        len -= 3;
        loop {
            if len < width + 1 {
                line.text("\n\t  [Truncated Report]");
                line.invalid();
                return Ok(());
            }
            let mut origin = [0; 4];
            for byte in origin.iter_mut().take(width) {
                *byte = body.u8()?;
            }
            let metric = body.u8()?;
            let [a, b, c, d] = origin;
            line.fmt(format_args!("\n\t  {a}.{b}.{c}.{d} metric {}", metric & 0x7f));
            len -= width + 1;
            if metric & 0x80 != 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Writes the neighbours of each interface, as they were told of old.
fn neighbors(line: &mut Line<'_>, mut body: Reader<'_>, mut len: usize) -> Told {
    while len > 0 {
        if len < 7 {
            line.fmt(format_args!(" [length {len} < 7]"));
            line.invalid();
            return Ok(());
        }
        let (local, metric, threshold, count) = (body.ipv4()?, body.u8()?, body.u8()?, body.u8()?);
        len -= 7;
        for _ in 0..count {
            if len < 4 {
                line.fmt(format_args!(" [length {len} < 4]"));
                line.invalid();
                return Ok(());
            }
            line.text(" [");
            line.address(local);
            line.text(" ->");
            let neighbor = body.ipv4()?;
            line.text(" ");
            line.address(neighbor);
            line.fmt(format_args!(", ({metric}/{threshold})]"));
            len -= 4;
        }
    }
    Ok(())
}

/// Writes the neighbours of each interface, with its flags.
fn neighbors2(line: &mut Line<'_>, mut body: Reader<'_>, mut len: usize) -> Told {
    while len > 0 {
        if len < 8 {
            line.fmt(format_args!(" [length {len} < 8]"));
            line.invalid();
            return Ok(());
        }
        let (local, metric, threshold) = (body.ipv4()?, body.u8()?, body.u8()?);
        let (flags, count) = (body.u8()?, body.u8()?);
        len -= 8;
        for _ in 0..count {
            if len == 0 {
                line.text(" [invalid ncount]");
                line.invalid();
                return Ok(());
            }
            if len < 4 {
                line.fmt(format_args!(" [length {len} < 4]"));
                line.invalid();
                return Ok(());
            }
            line.text(" [");
            line.address(local);
            line.text(" -> ");
            let neighbor = body.ipv4()?;
            line.address(neighbor);
            line.fmt(format_args!(" ({metric}/{threshold}"));
            for (_, name) in FLAGS.iter().filter(|(bit, _)| flags & bit != 0) {
                line.text(name);
            }
            line.text(")]");
            len -= 4;
        }
    }
    Ok(())
}
