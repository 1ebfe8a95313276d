//! The line of a control protocol.

use super::{CONFIGURATIONS, PppControl, code_name, number, option};
use crate::line::{Cut, Line, Reader, Told};
use crate::number::{oui, ppp_protocol};
use crate::packet::Packet;

/// The codes that `-v` tells more of.
const VENDOR_EXTENSION: u8 = 0;
const TERMINATE: core::ops::RangeInclusive<u8> = 5..=7;
const PROTOCOL_REJECT: u8 = 8;
const ECHO: core::ops::RangeInclusive<u8> = 9..=11;
const IDENTIFICATION: u8 = 12;
const TIME_REMAINING: u8 = 13;

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let number = number(packet, index);
    let name = ppp_protocol::name(number.into()).unwrap_or("unknown");
    line.text(name);
    line.text(", ");
    // What the length leaves out belongs to it too.
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    let below = below.unwrap_or(layer);
    let bytes = packet.bytes.get(layer.start..).unwrap_or_default();
    let wire_len = below.wire_end.max(layer.wire_end) - layer.start;
    let mut reader = Reader::new("ppp", bytes);
    let (Ok(code), Ok(identifier), true) = (reader.u8(), reader.u8(), wire_len >= PppControl::LEN) else {
        line.fmt(format_args!("[|{name}]"));
        return Ok(());
    };
    line.fmt(format_args!(
        "{} (0x{code:02x}), id {identifier}, length {}",
        code_name(code.into()).unwrap_or("Unknown Opcode"),
        wire_len + 2
    ));
    if line.style().verbose == 0 {
        return Ok(());
    }
    // What is cut off here ends this part, not the line.
    if let Err(Cut(name)) = details(line, &mut reader, number, wire_len) {
        line.cut(name);
    }
    Ok(())
}

/// Writes what `-v` adds.
fn details(line: &mut Line<'_>, reader: &mut Reader<'_>, number: u16, wire_len: usize) -> Told {
    let len = usize::from(reader.u16()?);
    line.fmt(format_args!("\n\tencoded length {len}"));
    if len < PppControl::LEN {
        line.text(" (< 4))");
        return Ok(());
    }
    if len > wire_len {
        line.fmt(format_args!(" (> packet length {wire_len}))"));
        return Ok(());
    }
    let left = len - PppControl::LEN;
    line.fmt(format_args!(" (=Option(s) length {left})"));
    if left == 0 {
        return Ok(());
    }
    let all = reader.all();
    let code = all.first().copied().unwrap_or(0);
    if line.style().verbose > 1 {
        number_and(line, "\n\t", number, all.get(..PppControl::LEN).unwrap_or_default());
    }
    let data = *reader;
    match code {
        VENDOR_EXTENSION if left >= 7 => {
            let magic = reader.u32()?;
            let vendor = reader.u24()?;
            let name = oui::name(vendor.into()).unwrap_or("Unknown");
            line.fmt(format_args!("\n\t  Magic-Num 0x{magic:08x} Vendor: {name} ({vendor})"));
        }
        code if CONFIGURATIONS.contains(&code) => option::options(line, reader, number, left)?,
        code if TERMINATE.contains(&code) || code == VENDOR_EXTENSION => {}
        PROTOCOL_REJECT if left >= 2 => {
            let rejected = reader.u16()?;
            let name = ppp_protocol::name(rejected.into()).unwrap_or("unknown");
            line.fmt(format_args!("\n\t  Rejected {name} Protocol (0x{rejected:04x})"));
            if left > 2 {
                line.text("\n\t  Rejected Packet");
                line.hex_rows("\n\t    ", reader.take_up_to(left - 2));
            }
        }
        code if ECHO.contains(&code) && left >= 4 => {
            let magic = reader.u32()?;
            line.fmt(format_args!("\n\t  Magic-Num 0x{magic:08x}"));
            if left > 4 {
                line.text("\n\t  -----trailing data-----");
                if reader.need(left - 4).is_err() {
                    line.text("[|LCP]");
                    return Ok(());
                }
                line.hex_rows("\n\t  ", reader.take_up_to(left - 4));
            }
        }
        IDENTIFICATION if left >= 4 => {
            let magic = reader.u32()?;
            line.fmt(format_args!("\n\t  Magic-Num 0x{magic:08x}"));
            if left > 4 {
                line.text("\n\t  Message\n\t    ");
                // tcpdump takes as many bytes as there were with the number.
                let message = data.from(data.at() + 4).take_up_to(left);
                line.safe(message);
                if message.len() < left {
                    line.text("[|LCP]");
                }
            }
        }
        TIME_REMAINING if left >= 8 => {
            let (magic, seconds) = (reader.u32()?, reader.u32()?);
            line.fmt(format_args!("\n\t  Magic-Num 0x{magic:08x}, Seconds-Remaining {seconds}s"));
        }
        PROTOCOL_REJECT..=TIME_REMAINING => {}
        _ => {
            if line.style().verbose < 2 {
                number_and(line, "\n\t  ", number, all.get(..len).unwrap_or(all));
            }
        }
    }
    Ok(())
}

/// Writes bytes in rows of hex, and before them the protocol number, which stands there.
fn number_and(line: &mut Line<'_>, before: &str, number: u16, bytes: &[u8]) {
    const ROW: usize = 16;
    let [high, low] = number.to_be_bytes();
    let mut first = [0; ROW];
    let numbered = [high, low].into_iter().chain(bytes.iter().copied());
    let mut used = 0;
    for (place, byte) in first.iter_mut().zip(numbered) {
        *place = byte;
        used += 1;
    }
    line.hex_rows(before, first.get(..used).unwrap_or_default());
    // Rows behind the first go on counting.
    let rest = bytes.get(ROW - 2..).unwrap_or_default();
    for (row, chunk) in rest.chunks(ROW).enumerate() {
        line.fmt(format_args!("{before}0x{:04x}: ", (row + 1) * ROW));
        for pair in chunk.chunks(2) {
            line.text(" ");
            pair.iter().for_each(|byte| line.hex_wide(*byte, 2));
        }
    }
}
