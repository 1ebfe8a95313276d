//! User Datagram Protocol: RFC 768.
//!
//! ```text
//!  0      7 8     15 16    23 24    31
//! +--------+--------+--------+--------+
//! |     Source      |   Destination   |
//! |      Port       |      Port       |
//! +--------+--------+--------+--------+
//! |     Length      |    Checksum     |
//! +--------+--------+--------+--------+
//! ```

use super::Protocol;
use crate::answer;
use crate::checksum;
use crate::field::{Field, Kind, Rule, Space, row};
use crate::header::header;
use crate::line::{self, Line, Reader, Told};
use crate::packet::{Fault, Input, Layer, Next, Packet, Status, Step, Verdict};
use crate::stack::Id;

header! {
    /// The header of a datagram.
    pub struct Udp: 8 bytes;

    /// Source port: who sends.
    sport: u16 = 0..16, Dec, "udp.srcport" also "udp.port", default(53);
    /// Destination port: for whom it is.
    dport: u16 = 16..32, Dec, "udp.dstport" also "udp.port", default(53);
    /// Length: of header and payload, in bytes.
    len: u16 = 32..48, Dec, "udp.length", computed(Total);
    /// Checksum: over the pseudo header, the header and the payload; 0 is none.
    chksum: u16 = 48..64, Hex, "udp.checksum", computed(PseudoSum { zero_is_none: true });
}

/// The rows of what is known without having bytes.
const DERIVED: &[Field] = &[Field {
    rule: Rule::Derived,
    ..Field::variable(
        "chksum_status",
        "udp.checksum.status",
        Kind::DecOf(checksum::status_name),
        "Checksum status: whether it is right.",
    )
}];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "udp",
    scapy: "UDP",
    title: "User Datagram Protocol",
    fields: Udp::FIELDS,
    more: &[DERIVED],
    dissect,
    walk: |walk| {
        if walk.table(Udp::FIELDS, Udp::LEN) {
            walk.verdict(row!(DERIVED, "chksum_status"));
        }
    },
    line,
    has_ports: true,
    ports: Some(|header| Udp::new(header).map(|header| (header.sport(), header.dport()))),
    answers: Some(answer::by_ports),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Udp::new(input.bytes) else { return Step::short(input, Udp::LEN, "a UDP header") };
    let (len, there) = (usize::from(header.len()), input.wire_len);
    let next = Next::Either(Space::UdpPort, header.sport().into(), header.dport().into());
    let mut step = Step::carrying(input, Udp::LEN, next);
    match len {
        // A jumbogram, RFC 2675, or segmentation offload: as much as there is.
        0 => {}
        len if len < Udp::LEN || len > there => {
            let fault = Fault { at: 4, need: len.max(Udp::LEN), have: there.min(len), why: "a length that fits" };
            step.status = Status::Malformed(fault);
        }
        len => step.payload = len - Udp::LEN,
    }
    step
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let there = packet.room(index);
    let bytes = packet.whole(layer);
    let bytes = bytes.get(..there).unwrap_or(bytes);
    let addresses = line::near_addresses(packet, index);
    let mut reader = Reader::new("udp", bytes);
    // A header that is cut off ends the datagram's words, not those of who quotes it.
    if reader.left() < 4 {
        if let Some((from, to)) = addresses {
            line.ends(from, to);
        }
        line.cut("udp");
        return Ok(());
    }
    let (from, to) = (reader.u16()?, reader.u16()?);
    line.port_ends(Space::UdpPort, addresses, from, to);
    if there < Udp::LEN {
        line.text("truncated-udp ");
        line.len(there);
        return Ok(());
    }
    if reader.left() < 2 {
        line.cut("udp");
        return Ok(());
    }
    let len = match usize::from(reader.u16()?) {
        // A jumbogram, RFC 2675; or segmentation offload, which tcpdump takes for a mistake.
        0 if there > 0xffff || line.style().own => there,
        len => len,
    };
    if len < Udp::LEN {
        line.text("truncated-udplength ");
        line.len(len);
        return Ok(());
    }
    if reader.left() < 2 {
        line.cut("udp");
        return Ok(());
    }
    let is_v6 = line::is_v6(packet, index);
    // A fragment's length and checksum are the whole packet's; so they are behind a fragment header, be there one fragment.
    let is_part = |below: &Layer| below.id == Id::Fragment || packet.is_fragment(below);
    let is_part = packet.layers.get(..index).unwrap_or_default().iter().any(is_part);
    if line.style().verbose > u8::from(!is_v6) && !is_part {
        sum(line, packet, index, is_v6);
    }
    let is_bad = len > there && !is_part;
    if !line.style().quiet && !is_bad && line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    if is_bad {
        line.text("UDP, bad length ");
        line.len(len - Udp::LEN);
        line.text(" > ");
        line.len(there - Udp::LEN);
    } else {
        line.text("UDP, length ");
        line.len(len - Udp::LEN);
    }
    Ok(())
}

/// Writes what the checksum comes to.
fn sum(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, is_v6: bool) {
    if line.style().unchecked {
        return;
    }
    let Some(check) = packet.check(index) else {
        // Of what is cut off it can still be told that there is none.
        let header = packet.layers.get(index).and_then(|layer| Udp::new(packet.header(layer)));
        if !is_v6 && header.is_some_and(|header| header.chksum() == 0) {
            line.text("[no cksum] ");
        }
        return;
    };
    match check.verdict {
        Verdict::Good => line.text("[udp sum ok] "),
        Verdict::Absent if !is_v6 => line.text("[no cksum] "),
        _ => {
            line.text("[bad udp cksum 0x");
            line.hex_wide(check.is, 4);
            line.text(" -> 0x");
            line.hex_wide(check.should, 4);
            line.text("!] ");
        }
    }
}
