//! The line of a unit of a spanning tree.

use super::table::{Bpdu, port_role, type_name, version_name};
use super::{CONFIGURATION, RAPID, TREES_LEN, VERSION_RAPID, VERSION_SHORTEST_PATH, VERSION_TREES};
use crate::line::{Line, Reader, Told};
use crate::packet::Packet;

/// The length of a configuration.
const CONFIGURATION_LEN: usize = 35;
/// The length of a unit of the rapid protocol.
const RAPID_LEN: usize = 36;
/// The least length of a unit of several trees.
const LEAST_TREES: usize = 102;
/// Where what the third version's length counts begins.
const TREES_AT: usize = 38;
/// The least length of what the fourth version's length counts.
const LEAST_SHORTEST_PATH: usize = 85;
/// The length of a tree.
const TREE: usize = 16;

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let len = layer.wire_end - layer.start;
    let mut reader = Reader::new("stp", packet.header(layer));
    if len < Bpdu::LEN {
        line.invalid();
        return Ok(());
    }
    if reader.u16()? != 0 {
        line.text("unknown STP version, length ");
        line.len(len);
        return Ok(());
    }
    let version = reader.u8()?;
    line.text("STP ");
    let Some(name) = version_name(version.into()) else {
        line.fmt(format_args!("Unknown STP protocol (0x{version:02x})"));
        return Ok(());
    };
    line.text(name);
    let kind = reader.u8()?;
    line.text(", ");
    let Some(name) = type_name(kind.into()) else {
        line.fmt(format_args!("Unknown BPDU Type (0x{kind:02x})"));
        return Ok(());
    };
    line.text(name);
    match (kind, version) {
        (CONFIGURATION, _) if len >= CONFIGURATION_LEN => configuration(line, reader, kind, len),
        (RAPID, VERSION_RAPID) if len >= RAPID_LEN => configuration(line, reader, kind, len),
        (RAPID, VERSION_TREES | VERSION_SHORTEST_PATH) => several(line, reader, version, len),
        (CONFIGURATION, _) | (RAPID, VERSION_RAPID) => {
            line.invalid();
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Writes what a configuration says, of one tree.
fn configuration(line: &mut Line<'_>, mut reader: Reader<'_>, kind: u8, len: usize) -> Told {
    let bits = reader.u8()?;
    line.text(", Flags [");
    flags(line, bits);
    line.text("]");
    let bytes = reader;
    bytes.from(17).need(10)?;
    bridge_at(line, bytes, 17, ", bridge-id ")?;
    let port = bytes.from(25).u16()?;
    line.fmt(format_args!(".{port:04x}, length "));
    line.len(len);
    if line.style().verbose == 0 {
        return Ok(());
    }
    times(line, bytes.from(27))?;
    bridge_at(line, bytes, 5, "\n\troot-id ")?;
    line.text(", root-pathcost ");
    line.dec(bytes.from(13).u32()?);
    if kind == RAPID {
        role(line, ", port-role ", bits);
    }
    Ok(())
}

/// Writes what a unit says of several trees.
fn several(line: &mut Line<'_>, mut reader: Reader<'_>, version: u8, len: usize) -> Told {
    if len < LEAST_TREES {
        line.invalid();
        return Ok(());
    }
    let mut lengths = reader.from(TREES_AT - 3);
    lengths.need(3)?;
    let (v1len, v3len) = (lengths.u8()?, usize::from(lengths.u16()?));
    if v1len != 0 || TREES_AT + v3len > len {
        line.invalid();
        return Ok(());
    }
    let bits = reader.u8()?;
    line.text(", CIST Flags [");
    flags(line, bits);
    line.text("], length ");
    line.len(len);
    if line.style().verbose > 0 {
        trees(line, reader, bits, v3len)?;
    }
    if version < VERSION_SHORTEST_PATH {
        return Ok(());
    }
    let mut reader = reader.from(TREES_AT + v3len.max(TREES_LEN));
    shortest_path(line, &mut reader, len)
}

/// Writes what `-v` adds, of the common tree and of each other.
fn trees(line: &mut Line<'_>, reader: Reader<'_>, bits: u8, v3len: usize) -> Told {
    role(line, "\n\tport-role ", bits);
    bridge_at(line, reader, 5, ", CIST root-id ")?;
    line.text(", CIST ext-pathcost ");
    line.dec(reader.from(13).u32()?);
    bridge_at(line, reader, 17, "\n\tCIST regional-root-id ")?;
    let port = reader.from(25).u16()?;
    line.fmt(format_args!(", CIST port-id {port:04x},"));
    times(line, reader.from(27))?;
    line.text("\n\tv3len ");
    line.len(v3len);
    line.text(", MCID Name ");
    let mut reader = reader.from(TREES_AT + 1);
    identifier(line, &mut reader, ", rev ")?;
    line.text(", ");
    let cost = reader.u32()?;
    line.text("CIST int-root-pathcost ");
    line.dec(cost);
    line.text(",");
    let at = reader.at();
    bridge_at(line, reader, at, "\n\tCIST bridge-id ")?;
    line.text(", ");
    reader.take(8)?;
    let hops = reader.u8()?;
    line.text("CIST remaining-hops ");
    line.dec(hops);
    for _ in 0..v3len.saturating_sub(TREES_LEN) / TREE {
        tree(line, &mut reader)?;
    }
    Ok(())
}

/// Writes what is said of a tree.
fn tree(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    let begin = *reader;
    let bits = reader.u8()?;
    reader.take(1)?;
    let number = begin.from(begin.at() + 1).u16()? & 0x0fff;
    line.text("\n\tMSTI ");
    line.dec(number);
    line.text(", Flags [");
    flags(line, bits);
    line.text("]");
    role(line, ", port-role ", bits);
    begin.from(begin.at() + 1).need(12)?;
    bridge_at(line, begin, begin.at() + 1, "\n\t\tMSTI regional-root-id ")?;
    let mut reader_ahead = begin.from(begin.at() + 9);
    line.text(", pathcost ");
    line.dec(reader_ahead.u32()?);
    let [bridge, port, hops] = reader_ahead.array()?;
    line.fmt(format_args!("\n\t\tMSTI bridge-prio {}, port-prio {}, hops {hops}", bridge >> 4, port >> 4));
    *reader = reader_ahead;
    Ok(())
}

/// Writes what is said of shortest paths.
fn shortest_path(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let v4len = usize::from(reader.u16()?);
    if v4len < LEAST_SHORTEST_PATH || reader.at() + v4len > len {
        line.invalid();
        return Ok(());
    }
    if line.style().verbose == 0 {
        return Ok(());
    }
    line.text("\n\tv4len ");
    line.len(v4len);
    line.text(", AUXMCID Name ");
    reader.take(1)?;
    identifier(line, reader, ", Rev ")?;
    let [agreement, _, format, convention] = reader.array()?;
    let edges = reader.u16()?;
    reader.take(8)?;
    let digest = reader.array::<20>()?;
    line.fmt(format_args!(
        "\n\tAgreement num {}, Discarded Agreement num {}, Agreement valid-flag {},",
        agreement >> 6,
        agreement >> 4 & 3,
        agreement >> 3 & 1
    ));
    line.fmt(format_args!(
        "\n\tRestricted role-flag: {}, Format id {} cap {format}, Convention id {} cap {convention},",
        agreement >> 2 & 1,
        format >> 4,
        convention >> 4
    ));
    line.fmt(format_args!("\n\tEdge count {edges}, Agreement digest "));
    digest.iter().for_each(|byte| line.hex_wide(*byte, 2));
    Ok(())
}

/// Writes the identifier of a configuration: name, revision, digest.
fn identifier(line: &mut Line<'_>, reader: &mut Reader<'_>, revision: &str) -> Told {
    const NAME: usize = 32;
    let mut ahead = *reader;
    let name = ahead.take_up_to(NAME);
    let end = name.iter().position(|byte| *byte == 0);
    line.safe(name.get(..end.unwrap_or(name.len())).unwrap_or_default());
    reader.take(NAME)?;
    let number = reader.u16()?;
    let digest = reader.array::<16>()?;
    line.text(revision);
    line.dec(number);
    line.text(",\n\t\tdigest ");
    digest.iter().for_each(|byte| line.hex_wide(*byte, 2));
    Ok(())
}

/// Writes four times in seconds.
fn times(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    reader.need(8)?;
    let titles = ["\n\tmessage-age ", "s, max-age ", "s, hello-time ", "s, forwarding-delay "];
    for title in titles {
        let time = f64::from(reader.u16()?) / 256.0;
        line.fmt(format_args!("{title}{time:.2}"));
    }
    line.text("s");
    Ok(())
}

/// Writes the identifier of a bridge that stands at an offset of the unit: `8001.00:19:06:ea:b8:80`.
fn bridge_at(line: &mut Line<'_>, reader: Reader<'_>, at: usize, title: &str) -> Told {
    let mut reader = reader.from(at);
    reader.need(8)?;
    let (priority, address) = (reader.u16()?, reader.mac()?);
    line.text(title);
    line.hex_wide(priority, 4);
    line.text(".");
    line.mac(address);
    Ok(())
}

/// Writes which place in the tree a port has.
fn role(line: &mut Line<'_>, title: &str, bits: u8) {
    line.text(title);
    line.text(port_role((bits >> 2 & 3).into()).unwrap_or_default());
}

/// Writes the flags that are set.
fn flags(line: &mut Line<'_>, bits: u8) {
    const FLAGS: [(u8, &str); 6] = [
        (0x01, "Topology change"),
        (0x02, "Proposal"),
        (0x10, "Learn"),
        (0x20, "Forward"),
        (0x40, "Agreement"),
        (0x80, "Topology change ACK"),
    ];
    let mut before = "";
    for (_, name) in FLAGS.iter().filter(|(flag, _)| bits & flag != 0) {
        line.text(before);
        line.text(name);
        before = ", ";
    }
    if before.is_empty() {
        line.text("none");
    }
}
