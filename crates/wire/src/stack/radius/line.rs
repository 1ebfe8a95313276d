//! RADIUS in the words of tcpdump: a line for each attribute.

use core::net::Ipv6Addr;

use super::attributes::{self, Form};
use super::{eap, names};
use crate::field::Kind;
use crate::line::{Line, Reader, Told, readable};
use crate::packet::Packet;
use crate::time;

/// The name in the mark of a cut.
const NAME: &str = "radius";

pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let all = Reader::new(NAME, readable(packet, index));
    let mut reader = all;
    let (code, id, said) = (reader.u8()?, reader.u8()?, usize::from(reader.u16()?));
    let authenticator = reader.array::<16>()?;
    let len = said.min(layer.wire_end - layer.start);
    if said < 20 {
        return Err(reader.cut());
    }
    let name = names::code(code.into()).unwrap_or("Unknown Command");
    if line.style().verbose == 0 {
        line.fmt(format_args!("RADIUS, {name} ({code}), id: 0x{id:02x} length: {len}"));
        return Ok(());
    }
    line.fmt(format_args!("RADIUS, length: {len}\n\t{name} ({code}), id: 0x{id:02x}, Authenticator: "));
    hex(line, &authenticator);
    attributes(line, reader, len.saturating_sub(20))
}

fn hex(line: &mut Line<'_>, bytes: &[u8]) {
    for byte in bytes {
        line.hex_wide(*byte, 2);
    }
}

/// Writes the attributes, which have so many bytes.
fn attributes(line: &mut Line<'_>, mut reader: Reader<'_>, mut left: usize) -> Told {
    while left > 0 {
        if left < 2 {
            return Err(reader.cut());
        }
        let (number, len) = (reader.u8()?, reader.u8()?);
        let (words, form) = attributes::words(number.into());
        line.fmt(format_args!("\n\t  {words} Attribute ({number}), length: {len}"));
        let len = usize::from(len);
        let Some(value_len) = len.checked_sub(2) else {
            line.text(" (bogus, must be >= 2)");
            return Ok(());
        };
        if len > left {
            line.text(" (bogus, goes past end of packet)");
            return Ok(());
        }
        line.text(", Value: ");
        if value_len > 0 {
            value(line, number, form, reader, value_len)?;
        }
        left -= len;
        reader = reader.from(reader.at() + value_len);
    }
    Ok(())
}

/// Writes a value of so many bytes, and these where all is to be told.
fn value(line: &mut Line<'_>, number: u8, form: Form, value: Reader<'_>, len: usize) -> Told {
    words(line, number, form, value, len)?;
    if line.style().verbose > 1 {
        line.hex_rows("\n\t    ", up_to(value, len));
    }
    Ok(())
}

/// Returns as many of so many bytes as were captured.
fn up_to(mut value: Reader<'_>, len: usize) -> &[u8] {
    value.take_up_to(len)
}

/// Writes what a value of so many bytes means.
fn words(line: &mut Line<'_>, number: u8, form: Form, mut value: Reader<'_>, len: usize) -> Told {
    if is_checked(form) && value.left() < len {
        line.cut(NAME);
        return Ok(());
    }
    let fits = match form {
        Form::Ipv4 | Form::Number | Form::Named | Form::Duration | Form::Date | Form::VlanId | Form::TaggedName => {
            is(line, len, 4)
        }
        Form::TaggedNumber => is(line, len, 4),
        Form::ErrorCause => {
            if len != 4 {
                line.fmt(format_args!("Error: length {len} != 4"));
            }
            len == 4
        }
        Form::ArapPassword | Form::Ipv6 => is(line, len, 16),
        Form::ArapFeatures => is(line, len, 14),
        Form::ArapChallenge if len < 8 => is(line, len, 8),
        Form::FeatureVector => is(line, len, 8),
        Form::HomeLinkPrefix => is(line, len, 17),
        Form::OperatorName => is_at_least(line, len, 2),
        Form::LocationInformation => is_at_least(line, len, 21),
        Form::LocationData => is_at_least(line, len, 3),
        Form::LocationPolicy => is_at_least(line, len, 10),
        Form::Vendor if len < 4 => cut_short(line),
        Form::TunnelPassword if len < 3 => cut_short(line),
        _ => true,
    };
    if !fits {
        return Ok(());
    }
    match form {
        Form::Nothing => {}
        Form::Text => text(line, value, len)?,
        Form::Ipv4 => match (number, value.u32()?) {
            (8 | 14, u32::MAX) => line.text("User Selected"),
            (8 | 14, 0xffff_fffe) => line.text("NAS Select"),
            (_, address) => line.ipv4(address.into()),
        },
        Form::Number => match (number, value.u32()?) {
            (23, 0xffff_fffe) => line.text("NAS Select"),
            (37, 0) => line.text("Unnumbered"),
            (38, 0) => line.text("NAS assigned"),
            (_, number) => line.dec(number),
        },
        Form::Named => named(line, number, value.u32()?),
        Form::Duration => duration(line, value.u32()?),
        Form::Date => date(line, value.u32()?),
        Form::VlanId => {
            vlan_tag(line, value.u8()?);
            line.dec(value.u24()?);
        }
        Form::VlanName => {
            vlan_tag(line, value.u8()?);
            text(line, value, len - 1)?;
        }
        Form::TaggedName => {
            tag(line, value.u8()?);
            named(line, number, value.u24()?);
        }
        Form::TaggedNumber => {
            tag(line, value.u8()?);
            line.dec(value.u24()?);
        }
        Form::TaggedText => {
            let (all, first) = (value, value.u8()?);
            if first <= 0x1f {
                tag(line, first);
                text(line, value, len - 1)?;
            } else {
                text(line, all, len)?;
            }
        }
        Form::TunnelPassword => {
            let first = value.u8()?;
            tag(line, if first <= 0x1f { first } else { 0 });
            let salt = value.u16()?;
            line.fmt(format_args!("Salt {salt} "));
            text(line, value, len - 3)?;
        }
        Form::ArapPassword => {
            line.text("User_challenge (");
            capitals(line, &mut value, 8)?;
            line.text(") User_resp(");
            capitals(line, &mut value, 8)?;
            line.text(")");
        }
        Form::ArapFeatures => arap_features(line, value)?,
        Form::ArapChallenge => capitals(line, &mut value, 8)?,
        Form::Eap => eap::line(line, value, len)?,
        Form::Ipv6 => line.ipv6(value.ipv6()?),
        Form::Prefix => prefix(line, value, len)?,
        Form::ErrorCause => {
            let number = value.u32()?;
            line.fmt(format_args!("Error cause {number}: "));
            match names::error_cause(number.into()) {
                Some(name) => line.text(name),
                None => line.fmt(format_args!("Error-Cause {number} not known")),
            }
        }
        Form::FeatureVector => feature_vector(line, value)?,
        Form::HomeLinkPrefix if value.left() < len => line.cut(NAME),
        Form::HomeLinkPrefix => {
            let width = value.u8()?;
            if width > 128 {
                line.fmt(format_args!("ERROR: netmask {width} not in range (0..128)"));
            } else {
                line.ipv6(value.ipv6()?);
                line.fmt(format_args!("/{width}"));
            }
        }
        Form::OperatorName => {
            match value.u8()? {
                0x30 => line.text("[TADIG] "),
                0x31 => line.text("[REALM] "),
                0x32 => line.text("[E212] "),
                0x33 => line.text("[ICC] "),
                other => line.fmt(format_args!("[unknown namespace {other}] ")),
            }
            safe(line, value, len - 1)?;
        }
        Form::LocationInformation => location_information(line, value, len)?,
        Form::LocationData => {
            line.fmt(format_args!("index {}, location", value.u16()?));
            line.rows_at("\n\t    ", up_to(value, len - 2));
        }
        Form::LocationPolicy => location_policy(line, value, len)?,
        Form::Vendor => vendor(line, value, len)?,
    }
    Ok(())
}

/// Tells whether a value has the only length that it may have, and says so if not.
fn is(line: &mut Line<'_>, len: usize, should: usize) -> bool {
    if len != should {
        line.fmt(format_args!("ERROR: length {len} != {should}"));
    }
    len == should
}

/// Tells whether a value has the least length that it may have, and says so if not.
fn is_at_least(line: &mut Line<'_>, len: usize, least: usize) -> bool {
    if len < least {
        line.fmt(format_args!("ERROR: length {len} < {least}"));
    }
    len >= least
}

/// Tells whether all of a value must have been captured before some of it is told.
const fn is_checked(form: Form) -> bool {
    matches!(
        form,
        Form::Text
            | Form::TaggedText
            | Form::TunnelPassword
            | Form::VlanName
            | Form::Eap
            | Form::OperatorName
            | Form::LocationInformation
            | Form::LocationData
            | Form::LocationPolicy
    )
}

/// Says that a value is too short to be read; what follows it is told.
fn cut_short(line: &mut Line<'_>) -> bool {
    line.cut(NAME);
    false
}

/// Writes text of at most so many bytes up to a zero, with dots for what is not printable.
fn text(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    for _ in 0..len {
        match value.u8()? {
            0 => break,
            byte => dotted(line, byte),
        }
    }
    Ok(())
}

/// Writes a byte of text, or a dot where it is not printable.
fn dotted(line: &mut Line<'_>, byte: u8) {
    line.byte(if matches!(byte, b' '..=b'~') { byte } else { b'.' });
}

/// Writes text of so many bytes, with marks for what is not printable.
fn safe(line: &mut Line<'_>, value: Reader<'_>, len: usize) -> Told {
    let bytes = up_to(value, len);
    line.safe(bytes);
    if bytes.len() < len { Err(value.cut()) } else { Ok(()) }
}

/// Writes a number by its name.
fn named(line: &mut Line<'_>, attribute: u8, number: u32) {
    let value = attributes::find(attribute).and_then(|row| row.fields.get(2));
    let name = match (attribute, value.map(|field| field.kind)) {
        (64, _) => names::tunnel_type(number.into()),
        (65, _) => names::tunnel_medium(number.into()),
        (_, Some(Kind::DecOf(names))) => names(number.into()),
        _ => None,
    };
    match name {
        Some(name) => line.text(name),
        None => {
            line.text("#");
            line.dec(number);
        }
    }
}

fn duration(line: &mut Line<'_>, seconds: u32) {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => line.fmt(format_args!("{seconds:02} secs")),
        (0, _) => line.fmt(format_args!("{minutes:02}:{seconds:02} min")),
        _ => line.fmt(format_args!("{hours:02}:{minutes:02}:{seconds:02} hours")),
    }
}

/// Writes a date as ctime(3) does, in UTC.
fn date(line: &mut Line<'_>, seconds: u32) {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let day = usize::try_from(seconds / 86_400 % 7).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default();
    let time::Date { year, month, day: of_month, hour, minute, second } = time::date(seconds.into());
    let month = time::month(month);
    line.fmt(format_args!("{day} {month} {of_month:2} {hour:02}:{minute:02}:{second:02} {year}"));
}

fn vlan_tag(line: &mut Line<'_>, tag: u8) {
    line.text(match tag {
        0x31 => "Tagged",
        0x32 => "Untagged",
        _ => "Unknown tag",
    });
    line.fmt(format_args!(" (0x{tag:02x}) "));
}

fn tag(line: &mut Line<'_>, tag: u8) {
    match tag {
        0 => line.text("Tag[Unused] "),
        tag => line.fmt(format_args!("Tag[{tag}] ")),
    }
}

fn capitals(line: &mut Line<'_>, value: &mut Reader<'_>, len: usize) -> Told {
    for _ in 0..len {
        line.fmt(format_args!("{:02X}", value.u8()?));
    }
    Ok(())
}

fn arap_features(line: &mut Line<'_>, mut value: Reader<'_>) -> Told {
    line.text(if value.u8()? == 0 { "User cannot change password" } else { "User can change password" });
    line.fmt(format_args!(", Min password length: {}", value.u8()?));
    for words in [", created at: ", ", expires in: ", ", Current Time: "] {
        line.text(words);
        capitals(line, &mut value, 4)?;
    }
    Ok(())
}

/// Writes a prefix: RFC 3162, section 2.3.
fn prefix(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    if !(2..=18).contains(&len) {
        line.fmt(format_args!("ERROR: length {len} not in range (2..18)"));
        return Ok(());
    }
    if value.left() < len {
        line.cut(NAME);
        return Ok(());
    }
    value.u8()?;
    let width = value.u8()?;
    if width > 128 {
        line.fmt(format_args!("ERROR: netmask {width} not in range (0..128)"));
        return Ok(());
    }
    let mut octets = [0; 16];
    octets.iter_mut().zip(value.take(len - 2)?).for_each(|(to, from)| *to = *from);
    line.ipv6(Ipv6Addr::from(octets));
    line.fmt(format_args!("/{width}"));
    if (len - 2) * 8 < width.into() {
        line.text(" (inconsistent prefix length)");
    }
    Ok(())
}

/// Writes what is supported of mobile IPv6: RFC 5447, section 4.2.5, and IANA's registry.
fn feature_vector(line: &mut Line<'_>, mut value: Reader<'_>) -> Told {
    const NAMES: [(u32, &str); 12] = [
        (0, "MIP6_INTEGRATED"),
        (1, "LOCAL_HOME_AGENT_ASSIGNMENT"),
        (40, "PMIP6_SUPPORTED"),
        (41, "IP4_HOA_SUPPORTED"),
        (42, "LOCAL_MAG_ROUTING_SUPPORTED"),
        (43, "ASSIGN_LOCAL_IP"),
        (44, "MIP4_SUPPORTED"),
        (45, "OPTIMIZED_IDLE_MODE_MOBILITY"),
        (46, "GTPv2_SUPPORTED"),
        (47, "IP4_TRANSPORT_SUPPORTED"),
        (48, "IP4_HOA_ONLY_SUPPORTED"),
        (49, "INTER_MAG_ROUTING_SUPPORTED"),
    ];
    line.text("[");
    let flags = value.u64()?;
    let mut before = "";
    for (bit, name) in NAMES {
        if flags >> bit & 1 != 0 {
            line.text(before);
            line.text(name);
            before = ", ";
        }
    }
    line.text("]");
    Ok(())
}

/// Writes a timestamp of NTP, and its date unless it is zero.
fn ntp_time(line: &mut Line<'_>, stamp: u64) {
    let (seconds, nanoseconds) = (stamp >> 32, time::ntp_fraction(stamp));
    line.fmt(format_args!("{seconds}.{nanoseconds:09}"));
    if seconds == 0 {
        return;
    }
    let since_1970 = i64::try_from(seconds).unwrap_or(0) - time::FROM_1900_TO_1970;
    let time::Date { year, month, day, hour, minute, second } = time::date(since_1970);
    line.fmt(format_args!(" ({year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z)"));
}

/// Writes what is known of a location: RFC 5580, section 4.2.
fn location_information(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    line.fmt(format_args!("index {}, code ", value.u16()?));
    match value.u8()? {
        0 => line.text("Civic"),
        1 => line.text("Geospatial"),
        other => line.fmt(format_args!("Unknown ({other})")),
    }
    line.text(", entity ");
    match value.u8()? {
        0 => line.text("User"),
        1 => line.text("RADIUS"),
        other => line.fmt(format_args!("Unknown ({other})")),
    }
    line.text(", sighting time ");
    ntp_time(line, value.u64()?);
    line.text(", time to live ");
    ntp_time(line, value.u64()?);
    line.text(", method \"");
    safe(line, value, len - 20)?;
    line.text("\"");
    Ok(())
}

/// Writes what may be done with a location: RFC 5580, section 4.4.
fn location_policy(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    let flags = value.u16()?;
    line.text("flags [");
    let mut before = "";
    for bit in 0..16 {
        if flags >> bit & 1 == 0 {
            continue;
        }
        line.text(before);
        match bit {
            15 => line.text("Retransmission Allowed"),
            bit => line.fmt(format_args!("MBZ-{}", 15 - bit)),
        }
        before = ", ";
    }
    line.text(if before.is_empty() { "none], retention expires " } else { "], retention expires " });
    ntp_time(line, value.u64()?);
    if len > 10 {
        line.text(", note well \"");
        safe(line, value, len - 10)?;
        line.text("\"");
    }
    Ok(())
}

/// Writes the attributes of a vendor: RFC 2865, section 5.26.
fn vendor(line: &mut Line<'_>, mut value: Reader<'_>, len: usize) -> Told {
    let end = value.at() + len;
    let vendor = value.u32()?;
    line.fmt(format_args!("Vendor: {} ({vendor})", names::vendor(vendor.into()).unwrap_or("Unknown")));
    while value.at() + 2 <= end {
        let (kind, all) = (value.u8()?, value.u8()?);
        let head = format_args!("\n\t    Vendor Attribute: {kind}, Length: ");
        let Some(len) = all.checked_sub(2) else {
            line.fmt(format_args!("{head}{all} (bogus, must be >= 2)"));
            return Ok(());
        };
        if value.at() + usize::from(len) > end {
            line.fmt(format_args!("{head}{all} (bogus, goes past end of vendor-specific attribute)"));
            return Ok(());
        }
        if value.left() < len.into() {
            line.cut(NAME);
            return Ok(());
        }
        line.fmt(format_args!("{head}{len}, Value: "));
        for _ in 0..len {
            dotted(line, value.u8()?);
        }
    }
    Ok(())
}
