//! ARP in a line.

use super::{Arp, Atm, hardware, hw, opcode, operation, total};
use crate::line::{Cut, Line, Told};
use crate::number::ethertype;
use crate::packet::{Layer, Packet};

/// Protocol addresses of 4 bytes behind a header with a trailer: RFC 893.
const TRAILER: u16 = 0x1000;

/// One side: its hardware address, the part of it that only ATM has, and its protocol address.
struct Side<'a> {
    hardware: &'a [u8],
    subaddress: &'a [u8],
    protocol: &'a [u8],
}

/// What both forms have.
struct Words<'a> {
    hwtype: u16,
    ptype: u16,
    op: u16,
    sender: Side<'a>,
    target: Side<'a>,
}

fn read(bytes: &[u8]) -> Option<Words<'_>> {
    if total(bytes)? > bytes.len() {
        return None;
    }
    let header = Arp::new(bytes)?;
    let (lens, mut rest) = match Atm::new(bytes) {
        Some(atm) if header.hwtype() == hw::ATM => (atm.lens(), bytes.get(Atm::LEN..)?),
        _ => {
            let (hardware, protocol) = (header.hwlen().into(), header.plen().into());
            ([hardware, 0, protocol, hardware, 0, protocol], bytes.get(Arp::LEN..)?)
        }
    };
    let mut parts = [&[][..]; 6];
    for (part, len) in parts.iter_mut().zip(lens) {
        (*part, rest) = rest.split_at_checked(len)?;
    }
    let [hardware, subaddress, protocol, other, other_subaddress, other_protocol] = parts;
    Some(Words {
        hwtype: header.hwtype(),
        ptype: header.ptype(),
        op: header.op(),
        sender: Side { hardware, subaddress, protocol },
        target: Side { hardware: other, subaddress: other_subaddress, protocol: other_protocol },
    })
}

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let arp = read(packet.header(layer)).ok_or(Cut("arp"))?;
    line.name("ARP,");
    let is_usual = arp.usual_lens() && matches!(arp.ptype, ethertype::IPV4 | TRAILER);
    if !is_usual || line.style().verbose > 0 {
        arp.lens(line);
        if line.style().verbose == 0 {
            length(line, packet, layer);
            return Ok(());
        }
        line.text(", ");
    }
    match opcode(arp.op.into()) {
        Some(name) => line.text(name),
        None => {
            line.text("Unknown (");
            line.dec(arp.op);
            line.text(")");
        }
    }
    line.text(" ");
    if !arp.operation(line) {
        line.rows(packet.bytes.get(layer.start..).unwrap_or_default());
        return Ok(());
    }
    length(line, packet, layer);
    Ok(())
}

/// Writes the length: all that the frame has, its padding too.
fn length(line: &mut Line<'_>, packet: &Packet<'_>, layer: &Layer) {
    line.text(", length ");
    line.len(packet.wire_len - layer.start);
}

impl Words<'_> {
    fn is_atm(&self) -> bool {
        self.hwtype == hw::ATM
    }

    /// Tells whether the protocol addresses have the length of IPv4's, and there are hardware addresses.
    fn usual_lens(&self) -> bool {
        let has_hardware = self.is_atm() || !self.sender.hardware.is_empty();
        has_hardware && self.sender.protocol.len() == 4 && self.target.protocol.len() == 4
    }

    /// Writes kinds and lengths of the addresses.
    fn lens(&self, line: &mut Line<'_>) {
        match hardware(self.hwtype.into()) {
            Some(name) => line.text(name),
            None => {
                line.text("Unknown Hardware (");
                line.dec(self.hwtype);
                line.text(")");
            }
        }
        if !self.is_atm() {
            line.text(" (len ");
            line.len(self.sender.hardware.len());
            line.text(")");
        }
        line.text(", ");
        match ethertype::name(self.ptype.into()) {
            Some(name) => line.text(name),
            None if self.ptype == TRAILER => line.text("Trail"),
            None => {
                line.text("Unknown Protocol (0x");
                line.hex_wide(self.ptype, 4);
                line.text(")");
            }
        }
        line.text(" (len ");
        line.len(self.sender.protocol.len());
        if self.is_atm() {
            line.text("/");
            line.len(self.target.protocol.len());
        }
        line.text(")");
    }

    /// Writes what is asked or answered; returns whether there are words for it.
    fn operation(&self, line: &mut Line<'_>) -> bool {
        let (sender, target) = (&self.sender, &self.target);
        match self.op {
            operation::REQUEST => {
                line.text("who-has ");
                self.protocol(line, target.protocol, "<wrong tplen>");
                let is_known = if self.is_atm() {
                    !target.hardware.is_empty()
                } else {
                    target.hardware.iter().any(|byte| *byte != 0)
                };
                if is_known {
                    line.text(" (");
                    self.hardware(line, target);
                    line.text(")");
                }
                line.text(" tell ");
                self.protocol(line, sender.protocol, "<wrong splen>");
            }
            operation::REPLY => {
                self.protocol(line, sender.protocol, "<wrong splen>");
                line.text(" is-at ");
                self.hardware(line, sender);
            }
            operation::REVERSE_REQUEST if !self.is_atm() => {
                line.text("who-is ");
                self.hardware(line, target);
                line.text(" tell ");
                self.hardware(line, sender);
            }
            operation::REVERSE_REPLY if !self.is_atm() => {
                self.hardware(line, target);
                line.text(" at ");
                self.protocol(line, target.protocol, "<wrong tplen>");
            }
            operation::INVERSE_REQUEST => {
                line.text("who-is ");
                self.hardware(line, target);
                line.text(" tell ");
                self.hardware(line, sender);
            }
            operation::INVERSE_REPLY => {
                self.hardware(line, sender);
                line.text(if self.is_atm() { "at " } else { " at " });
                self.protocol(line, sender.protocol, "<wrong splen>");
            }
            operation::NACK if self.is_atm() => {
                line.text("for ");
                self.protocol(line, sender.protocol, "<wrong splen>");
            }
            _ => return false,
        }
        true
    }

    fn protocol(&self, line: &mut Line<'_>, address: &[u8], atm_wrong: &str) {
        let is_ipv4 = matches!(self.ptype, ethertype::IPV4 | TRAILER);
        match <[u8; 4]>::try_from(address) {
            _ if !is_ipv4 => line.text("<wrong proto type>"),
            Ok(address) => line.address(core::net::Ipv4Addr::from(address)),
            Err(_) if self.is_atm() => line.text(atm_wrong),
            Err(_) => line.text("<wrong len>"),
        }
    }

    fn hardware(&self, line: &mut Line<'_>, side: &Side<'_>) {
        if side.hardware.is_empty() && !self.is_atm() {
            return line.text("<empty>");
        }
        if self.hwtype == hw::FRAME_RELAY {
            return dlci(line, side.hardware);
        }
        colons(line, side.hardware);
        if !side.subaddress.is_empty() {
            line.text(",");
            colons(line, side.subaddress);
        }
    }
}

/// Writes bytes with colons between them.
fn colons(line: &mut Line<'_>, bytes: &[u8]) {
    let mut before = "";
    for byte in bytes {
        line.text(before);
        line.hex_wide(*byte, 2);
        before = ":";
    }
}

/// Writes the number of a connection of Frame Relay: ITU-T Q.922, 3.3. The lowest bit of a byte says that it is the last.
fn dlci(line: &mut Line<'_>, bytes: &[u8]) {
    let high = |byte: u8, bits: u8| u32::from(byte >> (8 - bits));
    let number = match *bytes {
        [first, ..] if first & 1 == 1 => None,
        [first, second, ..] if second & 1 == 1 => Some(high(first, 6) << 4 | high(second, 4)),
        [first, second, third, ..] if third & 1 == 1 => Some(high(first, 6) << 10 | high(second, 4) << 6 | high(third, 6)),
        [first, second, third, last, ..] if last & 1 == 1 => {
            Some(high(first, 6) << 17 | high(second, 4) << 13 | high(third, 7) << 6 | high(last, 6))
        }
        [_, _, _, _, ..] => None,
        _ => return line.text("<Truncated>"),
    };
    match number {
        Some(number) => line.fmt(format_args!("DLCI {number}")),
        None => line.text("<Invalid DLCI>"),
    }
}
