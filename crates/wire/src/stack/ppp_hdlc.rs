//! PPP in frames of HDLC, LINKTYPE_PPP_HDLC: RFC 1662, section 3.1; the first byte says whether it is PPP, or Cisco's HDLC.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |    Address    |    Control    |         Protocol              |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::{Protocol, chdlc, ppp};
use crate::field::Space;
use crate::header::header;
use crate::line::{Line, Told};
use crate::number::{link_type, ppp_protocol};
use crate::packet::{Input, Next, Packet, Step};

header! {
    /// The header of a frame with PPP in it.
    pub struct PppHdlc: 4 bytes;

    /// Address: all stations.
    address: u8 = 0..8, Hex, "ppp.address", default(0xff);
    /// Control: an unnumbered frame.
    control: u8 = 8..16, Hex, "ppp.control", default(3);
    /// Protocol: what is carried.
    proto: u16 = 16..32, HexOf(ppp_protocol::name), "ppp.protocol", computed(Next(Space::Ppp));
}

/// The address of PPP: all stations.
const ALL_STATIONS: u8 = 0xff;
/// The addresses of Cisco's HDLC: one station, and all.
const CISCO: [u8; 2] = [0x0f, 0x8f];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "ppp_hdlc",
    scapy: "HDLC",
    title: "PPP in HDLC-like framing",
    fields: PppHdlc::FIELDS,
    dissect,
    line,
    link_end,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match PppHdlc::new(input.bytes) {
        Some(header) if CISCO.contains(&header.address()) => {
            Step::carrying(input, 0, Next::Number(Space::Link, link_type::C_HDLC))
        }
        Some(header) if header.address() == ALL_STATIONS => {
            Step::carrying(input, PppHdlc::LEN, Next::Number(Space::Ppp, header.proto().into()))
        }
        Some(_) => Step::carrying(input, PppHdlc::LEN, Next::Bytes),
        None => Step::short(input, PppHdlc::LEN, "the header of a frame"),
    }
}

/// Says where it ends as a link header; of a frame that it does not know tcpdump takes two bytes.
fn link_end(packet: &Packet<'_>, index: usize) -> Option<usize> {
    let layer = packet.layers.get(index).filter(|_| index == 0)?;
    let header = PppHdlc::new(packet.header(layer));
    let is_unknown = header.is_some_and(|header| header.address() != ALL_STATIONS);
    Some(if is_unknown { 2 } else { layer.payload })
}

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let Some(header) = PppHdlc::new(packet.whole(layer)) else {
        let bytes = packet.whole(layer);
        if bytes.len() > 1 && bytes.first().is_some_and(|address| CISCO.contains(address)) {
            return chdlc::cut(line, layer);
        }
        line.cut("ppp_hdlc");
        return Ok(());
    };
    if CISCO.contains(&header.address()) {
        return line.layer(packet, index + 1);
    }
    if line.style().link {
        let (address, control) = (header.address(), header.control());
        line.fmt(format_args!("{address:02x} {control:02x} {} ", layer.wire_end - layer.start));
    }
    let proto = header.proto();
    if header.address() == ALL_STATIONS {
        match ppp_protocol::name(proto.into()) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!("unknown PPP protocol (0x{proto:04x})")),
        }
        line.text(": ");
        return ppp::carried(line, packet, index, proto);
    }
    // What it calls address and control are the two bytes behind them.
    let [first, second] = proto.to_be_bytes();
    line.fmt(format_args!("unknown addr {first:02x}; ctrl {second:02x}"));
    Ok(())
}
