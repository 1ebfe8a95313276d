//! The Extensible Authentication Protocol in the words of tcpdump, where RADIUS carries it: RFC 3748, section 4.

use crate::line::{Line, Reader, Told};

/// The types of EAP that tcpdump says more of.
mod kind {
    pub(super) const IDENTITY: u8 = 1;
    pub(super) const NOTIFICATION: u8 = 2;
    pub(super) const NAK: u8 = 3;
    pub(super) const TLS: u8 = 13;
    pub(super) const SIM: u8 = 18;
    pub(super) const TTLS: u8 = 21;
    pub(super) const AKA: u8 = 23;
    pub(super) const FAST: u8 = 43;
}

/// Writes a packet of EAP, which has so many bytes if it is whole.
pub(super) fn line(line: &mut Line<'_>, mut reader: Reader<'_>, all: usize) -> Told {
    let (code, id, len) = (reader.u8()?, reader.u8()?, reader.u16()?);
    if usize::from(len) != all || all < 4 {
        line.text("EAP fragment?");
        return Ok(());
    }
    line.text(match code {
        1 => "Request",
        2 => "Response",
        3 => "Success",
        4 => "Failure",
        _ => "unknown",
    });
    line.fmt(format_args!(" ({code}), id {id}, len {len}"));
    if !matches!(code, 1 | 2) {
        return Ok(());
    }
    if all == 4 {
        line.text(" (too short for EAP request/response)");
        return Ok(());
    }
    let kind = reader.u8()?;
    line.text("\n\t\t Type ");
    type_words(line, kind);
    let left = all - 5;
    match kind {
        kind::IDENTITY if left > 0 => {
            line.text(", Identity: ");
            text(line, reader, left)?;
        }
        kind::NOTIFICATION if left == 0 => too_short(line, "Notification"),
        kind::NOTIFICATION => {
            line.text(", Notification: ");
            text(line, reader, left)?;
        }
        kind::NAK if left == 0 => too_short(line, "Legacy NAK"),
        kind::NAK => {
            let mut before = " ";
            for _ in 0..left {
                let kind = reader.u8()?;
                line.text(before);
                type_words(line, kind);
                before = ", ";
            }
        }
        kind::TLS => fragment(line, reader, left, None, "TLS/TTLS")?,
        kind::TTLS => fragment(line, reader, left, Some("TTLS"), "TLS/TTLS")?,
        kind::FAST => fragment(line, reader, left, Some("FAST"), "FAST")?,
        kind::SIM | kind::AKA if left == 0 => too_short(line, "SIM/AKA"),
        kind::SIM | kind::AKA => {
            let subtype = reader.u8()?;
            line.fmt(format_args!(" subtype [{}] 0x{subtype:02x}", subtype_words(subtype)));
        }
        _ => {}
    }
    Ok(())
}

fn too_short(line: &mut Line<'_>, words: &str) {
    line.fmt(format_args!(" (too short for EAP {words} request/response)"));
}

/// Writes text of at most so many bytes up to a zero.
fn text(line: &mut Line<'_>, mut reader: Reader<'_>, len: usize) -> Told {
    for _ in 0..len {
        match reader.u8()? {
            0 => break,
            byte => line.safe_byte(byte),
        }
    }
    Ok(())
}

/// Writes what stands before a piece of a TLS conversation.
fn fragment(
    line: &mut Line<'_>,
    mut reader: Reader<'_>,
    left: usize,
    version: Option<&str>,
    words: &str,
) -> Told {
    if left == 0 {
        too_short(line, words);
        return Ok(());
    }
    let flags = reader.u8()?;
    if let Some(version) = version {
        line.fmt(format_args!(" {version}v{}", flags & 7));
    }
    line.text(" flags [");
    let mut before = "";
    for (bit, name) in [(0x80, "L bit"), (0x40, "More fragments bit"), (0x20, "Start bit")] {
        if flags & bit != 0 {
            line.text(before);
            line.text(name);
            before = ", ";
        }
    }
    if before.is_empty() {
        line.text("none");
    }
    line.fmt(format_args!("] 0x{flags:02x}"));
    if flags & 0x80 != 0 {
        if left < 5 {
            line.fmt(format_args!(" (too short for EAP {words} request/response with length)"));
        } else {
            let len = reader.u32()?;
            line.fmt(format_args!(", len {len}"));
        }
    }
    Ok(())
}

/// Writes a type of EAP. Source: IANA's registry of EAP types.
fn type_words(line: &mut Line<'_>, kind: u8) {
    let name = match kind {
        0 => "No proposed",
        kind::IDENTITY => "Identity",
        kind::NOTIFICATION => "Notification",
        kind::NAK => "Nak",
        4 => "MD5-challenge",
        5 => "OTP",
        6 => "GTC",
        kind::TLS => "TLS",
        kind::SIM => "SIM",
        kind::TTLS => "TTLS",
        kind::AKA => "AKA",
        kind::FAST => "FAST",
        254 => "Expanded types",
        255 => "Experimental",
        _ => "unknown",
    };
    line.fmt(format_args!("{name} ({kind})"));
}

/// Names a subtype of SIM and AKA: RFC 4186 and 4187, section 11 of both.
const fn subtype_words(subtype: u8) -> &'static str {
    match subtype {
        1 | 11 => "Challenge",
        2 => "Auth reject",
        4 => "Sync failure",
        5 => "Identity",
        10 => "Start",
        12 => "Notification",
        13 => "Reauth",
        14 => "Client error",
        _ => "unknown",
    }
}
