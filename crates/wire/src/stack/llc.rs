//! Logical Link Control: IEEE 802.2.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     DSAP    |I|     SSAP    |C|   N(S)      |0|   N(R)      |P|  information
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!                                 |0 0 0 0| S |0 1|   N(R)      |P|  supervisory
//!                                 +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!                                 |  M  |P| M |1 1|  unnumbered
//!                                 +-+-+-+-+-+-+-+-+
//! ```

use super::{Id, Protocol, ethernet};
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::line::{Line, Reader, Style, Told};
use crate::number::sap;
use crate::packet::{Input, Layer, Next, Packet, Step};
use crate::walk::{Value, Walk};

header! {
    /// The header of an unnumbered frame; the control field of the others has a byte more.
    pub struct Llc: 3 bytes;

    /// DSAP: the service access point that is meant.
    dsap: u8 = 0..8, Hex, "llc.dsap", default(0);
    /// DSAP without its last bit: whose access point it is.
    dsap_sap: u8 = 0..7, Dec, "llc.dsap.sap", part;
    /// DSAP is a group: the number means many access points.
    dsap_ig: bool = 7..8, Flag, "llc.dsap.ig", part;
    /// SSAP: the service access point that sends.
    ssap: u8 = 8..16, Hex, "llc.ssap", default(0);
    /// SSAP without its last bit: whose access point it is.
    ssap_sap: u8 = 8..15, Dec, "llc.ssap.sap", part;
    /// Response: it is no command.
    ssap_cr: bool = 15..16, Flag, "llc.ssap.cr", part;
    /// Control: what the frame is for.
    ctrl: u8 = 16..24, Hex, "", default(3);
}

/// What the control field means; its first byte is the low one.
const CONTROL: &[Field] = &[
    Field::variable("ctrl2", "", Kind::Hex, "Control, second byte: which frame is expected."),
    Field::variable("control", "llc.control", Kind::HexDigits(4), "Control: what the frame is for, low byte first on the wire.").derived(),
    Field::variable("n_r", "llc.control.n_r", Kind::Dec, "N(R): the number of the frame that is expected.").derived(),
    Field::variable("n_s", "llc.control.n_s", Kind::Dec, "N(S): the number of this frame.").derived(),
    Field::variable("p", "llc.control.p", Kind::Flag, "Poll: an answer is wanted.").derived(),
    Field::variable("f", "llc.control.f", Kind::Flag, "Final: it is the answer that was wanted.").derived(),
    Field::variable("s_ftype", "llc.control.s_ftype", Kind::HexDigits(4), "Supervisory frame type: ready, not ready, reject.").derived(),
    Field::variable("cmd", "llc.control.u_modifier_cmd", Kind::HexDigits(2), "Command: which, of an unnumbered frame.").derived(),
    Field::variable("resp", "llc.control.u_modifier_resp", Kind::HexDigits(2), "Response: which, of an unnumbered frame.").derived(),
    Field::variable("ftype_u", "llc.control.ftype", Kind::HexDigits(2), "Frame type: 3 is unnumbered.").derived(),
    Field::variable("ftype", "llc.control.ftype", Kind::HexDigits(4), "Frame type: 0 is information, 1 is supervisory.").derived(),
];

/// An unnumbered frame without a number or an answer: what everything else is carried in.
const UNNUMBERED_INFORMATION: u8 = 0x03;
/// An unnumbered frame that tells who one is.
const EXCHANGE_IDENTIFICATION: u8 = 0xaf;
/// The bit in the control field of an unnumbered frame that asks for an answer, or is one.
const POLL: u8 = 0x10;

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "llc",
    scapy: "LLC",
    title: "Logical-Link Control",
    fields: Llc::FIELDS,
    more: &[CONTROL],
    dissect,
    walk,
    line,
    link_end,
    ..Protocol::BARE
};

/// Says where it ends as a part of the link header: in a cooked packet, tcpdump takes only what carries something known so.
fn link_end(packet: &Packet<'_>, index: usize) -> Option<usize> {
    let layer = packet.layers.get(index)?;
    let header = Llc::new(packet.header(layer));
    let is_snap = header.is_some_and(|header| header.service() == Some(sap::SNAP));
    let carrier = if is_snap { index + 1 } else { index };
    (is_in_ethernet(packet) || is_carrying(packet, carrier)).then_some(layer.payload)
}

/// Tells whether the outermost header is Ethernet's.
pub(super) fn is_in_ethernet(packet: &Packet<'_>) -> bool {
    packet.layers.first().is_some_and(|link| link.id == Id::Ethernet)
}

/// Tells whether a layer carries something known, or is cut off.
pub(super) fn is_carrying(packet: &Packet<'_>, index: usize) -> bool {
    let next = packet.layers.get(index + 1);
    let is_known = next.is_some_and(|next| (next.id.protocol().tells)(Style::default(), packet, index + 1));
    is_known || !packet.is_whole(index)
}

impl Llc<'_> {
    /// Tells whether the frame is an unnumbered one.
    #[must_use]
    pub fn is_unnumbered(&self) -> bool {
        self.ctrl() & 3 == 3
    }

    /// Returns how long the header is.
    #[must_use]
    pub fn total(&self) -> usize {
        if self.is_unnumbered() { Self::LEN } else { Self::LEN + 1 }
    }

    /// Returns the access point that both sides have, where it carries something with a protocol of its own.
    fn service(&self) -> Option<u8> {
        let is_meant = self.ctrl() == UNNUMBERED_INFORMATION && self.dsap_sap() == self.ssap_sap();
        is_meant.then_some(self.dsap() & 0xfe)
    }
}

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Llc::new(input.bytes) else {
        return Step::short(input, Llc::LEN, "an LLC header");
    };
    if header.total() > input.bytes.len() {
        return Step::short(input, header.total(), "a control field of two bytes");
    }
    let next = header.service().map_or(Next::Bytes, |sap| Next::Number(Space::Sap, sap.into()));
    Step::carrying(input, header.total(), next)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let bytes = walk.rest();
    walk.fixed();
    let Some(header) = Llc::new(bytes) else { return };
    let (first, is_response) = (header.ctrl(), header.ssap_cr());
    let derive = |walk: &mut Walk<'_, '_>, field, value: u16| walk.derived(field, Value::Uint(value.into()));
    let (poll, last) = (row!(CONTROL, "p"), row!(CONTROL, "f"));
    if header.is_unnumbered() {
        derive(walk, row!(CONTROL, "control"), first.into());
        // Without an answer wanted or given, the bit has no name.
        if first & POLL != 0 {
            derive(walk, if is_response { last } else { poll }, 1);
        }
        let modifier = if is_response { row!(CONTROL, "resp") } else { row!(CONTROL, "cmd") };
        derive(walk, modifier, u16::from(first & 0xec) >> 2);
        derive(walk, row!(CONTROL, "ftype_u"), 3);
        return;
    }
    let Some(second) = bytes.get(Llc::LEN).copied() else { return };
    walk.bytes(row!(CONTROL, "ctrl2"), 1);
    derive(walk, row!(CONTROL, "control"), u16::from_le_bytes([first, second]));
    derive(walk, row!(CONTROL, "n_r"), u16::from(second >> 1));
    let is_supervisory = first & 1 != 0;
    if !is_supervisory {
        derive(walk, row!(CONTROL, "n_s"), u16::from(first >> 1));
    }
    if second & 1 != 0 {
        derive(walk, if is_response && is_supervisory { last } else { poll }, 1);
    }
    if is_supervisory {
        derive(walk, row!(CONTROL, "s_ftype"), u16::from(first >> 2 & 3));
    }
    derive(walk, row!(CONTROL, "ftype"), is_supervisory.into());
}

/// Writes which station sends to which, where the frame is one of Ethernet's, with a blank behind each.
pub(super) fn stations(packet: &Packet<'_>, index: usize) -> Option<usize> {
    let below = packet.layers.get(..index)?;
    let at = below.iter().rposition(|layer| !matches!(layer.id, Id::Vlan | Id::Llc))?;
    (packet.layers.get(at)?.id == Id::Ethernet).then_some(at)
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let whole = packet.is_whole(index);
    let Some(header) = Llc::new(packet.header(layer)).filter(|_| whole) else {
        line.cut("llc");
        line.rows(packet.header(layer));
        return Ok(());
    };
    if line.style().link {
        link(line, &header, packet.header(layer));
    }
    if header.service().is_some() && line.tells(packet, index + 1) {
        return line.layer(packet, index + 1);
    }
    if !line.style().link {
        access_points(line, packet, index, &header);
    }
    let is_supervisory = header.ctrl() & 3 == 1;
    if header.is_unnumbered() {
        unnumbered(line, packet, layer, &header);
    } else {
        numbered(line, packet, layer, &header);
    }
    if !is_supervisory && header.ctrl() & !POLL != EXCHANGE_IDENTIFICATION {
        line.default_print(packet.whole(layer));
    }
    Ok(())
}

/// Writes what `-e` adds: the header.
fn link(line: &mut Line<'_>, header: &Llc<'_>, bytes: &[u8]) {
    line.text("LLC");
    let points = [
        (", dsap ", header.dsap(), ["Individual", "Group"]),
        (", ssap ", header.ssap(), ["Command", "Response"]),
    ];
    for (before, point, [clear, set]) in points {
        line.text(before);
        line.text(sap::name((point & 0xfe).into()).unwrap_or("Unknown"));
        line.text(" (0x");
        line.hex_wide(point & 0xfe, 2);
        line.text(") ");
        line.text(if point & 1 == 0 { clear } else { set });
    }
    line.text(", ctrl 0x");
    match bytes.get(Llc::LEN) {
        Some(second) => line.hex_wide(u16::from_le_bytes([header.ctrl(), *second]), 4),
        None => line.hex_wide(header.ctrl(), 2),
    }
    line.text(": ");
}

/// Writes which station and access point sends to which.
fn access_points(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, header: &Llc<'_>) {
    let name = |line: &mut Line<'_>, point: u8, unknown: &str| {
        match sap::name((point & 0xfe).into()) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!("Unknown {unknown} 0x{:02x}", point & 0xfe)),
        }
        line.text(" ");
    };
    let stations = stations(packet, index).and_then(|at| packet.layers.get(at));
    let frame = stations.and_then(|layer| ethernet::Ethernet::new(packet.header(layer)));
    if let Some(frame) = &frame {
        line.mac(frame.src());
        line.text(" ");
    }
    if header.dsap_sap() != header.ssap_sap() {
        name(line, header.ssap(), "SSAP");
        line.text("> ");
    } else if frame.is_some() {
        line.text("> ");
    }
    if let Some(frame) = &frame {
        line.mac(frame.dst());
        line.text(" ");
    }
    name(line, header.dsap(), "DSAP");
}

/// Writes what an unnumbered frame says.
fn unnumbered(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer, header: &Llc<'_>) {
    line.text("Unnumbered, ");
    let modifier = header.ctrl() & !POLL;
    match modifier {
        UNNUMBERED_INFORMATION => line.text("ui"),
        0x0f => line.text("dm"),
        0x43 => line.text("disc"),
        0x63 => line.text("ua"),
        0x6f => line.text("sabme"),
        0x87 => line.text("frmr"),
        EXCHANGE_IDENTIFICATION => line.text("xid"),
        0xe3 => line.text("test"),
        _ => line.hex_wide(modifier, 2),
    }
    flags(line, header, header.ctrl() & POLL != 0, packet, layer);
    if modifier == EXCHANGE_IDENTIFICATION {
        identification(line, packet, layer);
    }
}

/// Writes what a frame with a number says: information, or its supervision.
fn numbered(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer, header: &Llc<'_>) {
    let second = packet.header(layer).get(Llc::LEN).copied().unwrap_or(0);
    if header.ctrl() & 1 == 0 {
        line.text("Information, send seq ");
        line.dec(header.ctrl() >> 1);
    } else {
        line.text("Supervisory, ");
        let functions = ["Receiver Ready", "Receiver not Ready", "Reject"];
        line.text(functions.get(usize::from(header.ctrl() >> 2 & 3)).copied().unwrap_or("?"));
    }
    line.text(", rcv seq ");
    line.dec(second >> 1);
    flags(line, header, second & 1 != 0, packet, layer);
}

/// Writes what is asked for, and the length of the frame.
fn flags(line: &mut Line<'_>, header: &Llc<'_>, is_poll: bool, packet: &Packet<'_>, layer: &Layer) {
    line.text(", Flags [");
    line.text(match (header.ssap_cr(), is_poll) {
        (false, false) => "Command",
        (false, true) => "Poll",
        (true, false) => "Response",
        (true, true) => "Final",
    });
    line.text("], length ");
    line.len(Llc::LEN.max(header.total()) + packet.payload_len(layer));
}

/// Writes what a frame that tells who one is says: which services there are, and how many frames may be on the way.
fn identification(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer) {
    const BASIC_FORMAT: u8 = 0x81;
    if packet.payload_len(layer) == 0 {
        return;
    }
    let mut reader = Reader::new("llc", packet.payload(layer));
    match reader.array::<3>() {
        Ok([BASIC_FORMAT, services, window]) => line.fmt(format_args!(": {services:02x} {window:02x}")),
        _ if matches!(packet.payload(layer).first(), None | Some(&BASIC_FORMAT)) => {
            line.cut("llc");
            line.rows(packet.payload(layer));
        }
        _ => line.default_print(packet.whole(layer)),
    }
}
