//! The line of a mobility header: `mobility: BU seq#=1 AH lifetime=20`; with `-v` cookies, tokens and options too.

use super::{Mobility, message, option};
use crate::line::{Cut, Line, Reader, Told};
use crate::packet::Packet;

/// What the line calls it where its bytes run out.
const CUT: Cut = Cut("mobility");

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.whole(layer);
    let mut reader = Reader::new(CUT.0, bytes).from(1);
    let len = (usize::from(reader.u8()?) + 1) * 8;
    let kind = reader.u8()?;
    let least = match kind {
        message::HOME_TEST_INIT | message::CARE_OF_TEST_INIT => 16,
        message::HOME_TEST | message::CARE_OF_TEST | message::ERROR => 24,
        message::UPDATE | message::ACKNOWLEDGEMENT => 12,
        _ => 8,
    };
    if len < least {
        line.fmt(format_args!("(header length {len} is too small for type {kind})"));
        return Err(CUT);
    }
    line.text("mobility: ");
    match name(kind) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("type-#{kind}")),
    }
    let is_verbose = line.style().verbose > 0;
    let care_of = match kind {
        message::CARE_OF_TEST_INIT | message::CARE_OF_TEST => "Care-of",
        _ => "Home",
    };
    let mut reader = reader.from(Mobility::LEN);
    match kind {
        message::REFRESH_REQUEST => {
            reader = reader.from(8);
        }
        message::HOME_TEST_INIT | message::CARE_OF_TEST_INIT => {
            reader = reader.from(8);
            if is_verbose {
                halves(line, care_of, "Init Cookie", &mut reader)?;
            }
        }
        message::HOME_TEST | message::CARE_OF_TEST => {
            let nonce = reader.u16()?;
            line.fmt(format_args!(" nonce id=0x{nonce:x}"));
            if is_verbose {
                halves(line, care_of, "Init Cookie", &mut reader)?;
                halves(line, care_of, "Keygen Token", &mut reader)?;
            }
        }
        message::UPDATE => {
            sequence(line, reader.u16()?);
            update_flags(line, reader.u16()?);
            lifetime(line, reader.u16()?);
        }
        message::ACKNOWLEDGEMENT => {
            status(line, reader.u8()?);
            if reader.u8()? & 0x80 != 0 {
                line.text(" K");
            }
            sequence(line, reader.u16()?);
            lifetime(line, reader.u16()?);
        }
        message::ERROR => {
            status(line, reader.u8()?);
            reader = reader.from(8);
            let home = reader.ipv6()?;
            line.text(" homeaddr ");
            line.address(home);
        }
        _ => {
            line.text(" len=");
            line.len(len / 8 - 1);
            return Ok(());
        }
    }
    if !is_verbose {
        return Ok(());
    }
    options(line, reader.from(least), len - least)
}

/// Names a message as tcpdump does.
fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        message::REFRESH_REQUEST => "BRR",
        message::HOME_TEST_INIT => "HoTI",
        message::CARE_OF_TEST_INIT => "CoTI",
        message::HOME_TEST => "HoT",
        message::CARE_OF_TEST => "CoT",
        message::UPDATE => "BU",
        message::ACKNOWLEDGEMENT => "BA",
        message::ERROR => "BE",
        _ => return None,
    })
}

/// Writes 8 bytes in two halves.
fn halves(line: &mut Line<'_>, whose: &str, what: &str, reader: &mut Reader<'_>) -> Told {
    let mut ahead = *reader;
    let (high, low) = (ahead.u32()?, ahead.u32()?);
    line.fmt(format_args!(" {whose} {what}={high:08x}:{low:08x}"));
    *reader = ahead;
    Ok(())
}

/// Writes the flags of an update.
fn update_flags(line: &mut Line<'_>, flags: u16) {
    let mut before = " ";
    for (bit, letter) in [(0x8000, "A"), (0x4000, "H"), (0x2000, "L"), (0x1000, "K")] {
        if flags & bit != 0 {
            line.text(before);
            line.text(letter);
            before = "";
        }
    }
}

/// Writes a sequence number.
fn sequence(line: &mut Line<'_>, number: u16) {
    line.text(" seq#=");
    line.dec(number);
}

/// Writes a status.
fn status(line: &mut Line<'_>, status: u8) {
    line.text(" status=");
    line.dec(status);
}

/// Writes a lifetime, which is in units of 4 seconds.
fn lifetime(line: &mut Line<'_>, units: u16) {
    line.text(" lifetime=");
    line.dec(u32::from(units) * 4);
}

/// Writes options; tcpdump takes one that ends where the captured bytes do for one that is cut off.
fn options(line: &mut Line<'_>, mut reader: Reader<'_>, mut left: usize) -> Told {
    while left > 0 {
        let mut ahead = reader;
        let number = ahead.u8()?;
        let len = match number {
            option::PAD1 => 1,
            _ if left > 1 => usize::from(ahead.u8()?) + 2,
            _ => return Err(CUT),
        };
        if len > left {
            return Err(CUT);
        }
        reader.need(len + 1)?;
        // How much of the header an option of the type needs, and what is said where that is not there.
        let (least, words) = match number {
            option::REFRESH_ADVICE => (4, "(refresh: trunc)"),
            option::ALTERNATE_CARE_OF => (18, "(altcoa: trunc)"),
            option::NONCE_INDICES => (6, "(ni: trunc)"),
            option::AUTHORIZATION => (12, "(auth: trunc)"),
            _ => (0, ""),
        };
        if left < least {
            line.text(words);
            return Err(CUT);
        }
        match number {
            option::PAD1 => line.text("(pad1)"),
            option::PADN => line.text("(padn)"),
            option::REFRESH_ADVICE => {
                let units = ahead.u16()?;
                line.fmt(format_args!("(refresh: {})", u32::from(units) * 4));
            }
            option::ALTERNATE_CARE_OF => {
                let address = ahead.ipv6()?;
                line.text("(alt-CoA: ");
                line.address(address);
                line.text(")");
            }
            option::NONCE_INDICES => {
                let (home, care_of) = (ahead.u16()?, ahead.u16()?);
                line.fmt(format_args!("(ni: ho=0x{home:04x} co=0x{care_of:04x})"));
            }
            option::AUTHORIZATION => line.text("(auth)"),
            _ => line.fmt(format_args!("(type-0x{number:02x}: len={})", len - 2)),
        }
        reader = reader.from(reader.at() + len);
        left -= len;
    }
    Ok(())
}
