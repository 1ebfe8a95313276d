//! Messages as text, in the words of tcpdump; in our own style more types of records and options are told. Names are in
//! `text/name.rs`, the options of EDNS in `text/option.rs`.

mod option;

use self::option::options;
use super::format;
use super::record::{self, number};
use super::{Dns, Prefix, is_over_tcp, svcb};
use crate::line::name::{name, safe, skip_name};
use crate::line::{self, Cut, Line, Reader, Told};
use crate::packet::Packet;

/// What all of a message needs to know.
#[derive(Clone, Copy)]
struct Context {
    is_multicast: bool,
    /// Whether more is told than tcpdump tells.
    own: bool,
    verbose: u8,
}

pub(super) fn opcode(number: u64) -> Option<&'static str> {
    ["query", "inverse query", "status", "", "notify", "update", "stateful operations"]
        .get(usize::try_from(number).ok()?)
        .copied()
}

pub(super) fn rcode(number: u64) -> Option<&'static str> {
    RCODES.get(usize::try_from(number).ok()?).map(|words| words.trim_start())
}

pub(super) fn class(number: u64) -> Option<&'static str> {
    match number {
        1 => Some("IN"),
        3 => Some("CHAOS"),
        4 => Some("HS"),
        254 => Some("NONE"),
        255 => Some("ANY"),
        _ => None,
    }
}

const OPCODES: [&str; 16] = [
    "", " inv_q", " stat", " op3", " notify", " update", " op6", " op7", " op8", " updateA", " updateD", " updateDA", " updateM",
    " updateMA", " zoneInit", " zoneRef",
];

/// The extended codes too; two of them come without the blank.
const RCODES: [&str; 24] = [
    "", " FormErr", " ServFail", " NXDomain", " NotImp", " Refused", " YXDomain", " YXRRSet", " NXRRSet", " NotAuth", " NotZone",
    " Resp11", " Resp12", " Resp13", " Resp14", " NoChange", " BadVers", "Resp17", " Resp18", " Resp19", " Resp20", "Resp21",
    " Resp22", " BadCookie",
];

/// Writes the messages of a layer, and of those behind it in a segment.
pub(super) fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize, is_multicast: bool) -> Told {
    let below = packet.layers.get(..index).unwrap_or_default();
    let Some(lower) = below.last() else { return Ok(()) };
    let context = Context { is_multicast, own: line.style().own, verbose: line.style().verbose };
    let mut reader = Reader::new("domain", line::readable(packet, index));
    if !is_over_tcp(below) {
        return message(line, reader, packet.payload_len(lower), context);
    }
    let mut len = packet.payload_len(lower);
    if len < Prefix::LEN {
        line.fmt(format_args!(" [DNS over TCP: length {len} < 2]"));
        line.invalid();
        return Ok(());
    }
    loop {
        let prefix = usize::from(reader.u16()?);
        len -= Prefix::LEN;
        // tcpdump knows no segments with several messages, or with a part of one.
        let is_one_of_several = context.own && prefix + Prefix::LEN <= len;
        if prefix != len && !is_one_of_several {
            line.fmt(format_args!(" [prefix length({prefix}) != length({len})]"));
            line.invalid();
            return Ok(());
        }
        line.text(" ");
        message(line, Reader::new("domain", reader.rest()), prefix, context)?;
        reader.take_up_to(prefix);
        len -= prefix;
        if len < Prefix::LEN {
            return Ok(());
        }
        line.text(",");
    }
}

/// Writes a message that has so many bytes on the wire.
fn message(line: &mut Line<'_>, mut reader: Reader<'_>, len: usize, context: Context) -> Told {
    if len < Dns::LEN {
        line.fmt(format_args!("domain [length {len} < 12]"));
        line.invalid();
        return Ok(());
    }
    let header = Dns::new(reader.all()).ok_or_else(|| reader.cut())?;
    reader.take(Dns::LEN)?;
    line.dec(header.id());
    line.text(OPCODES.get(usize::from(header.opcode())).copied().unwrap_or_default());
    if header.qr() {
        answer(line, &header, &mut reader, context)?;
    } else {
        question_message(line, &header, &mut reader, context)?;
    }
    line.text(" (");
    line.len(len);
    line.text(")");
    Ok(())
}

/// Writes what a message says that is an answer.
fn answer(line: &mut Line<'_>, header: &Dns<'_>, reader: &mut Reader<'_>, context: Context) -> Told {
    let code = usize::from(header.rcode()) | usize::from(extended_code(header, *reader).unwrap_or(0)) << 4;
    match RCODES.get(code) {
        Some(words) => line.text(words),
        None => line.fmt(format_args!(" Resp{code}")),
    }
    for (is_set, mark) in [(header.aa(), "*"), (!header.ra(), "-"), (header.tc(), "|"), (header.ad(), "$")] {
        if is_set {
            line.text(mark);
        }
    }
    if header.qdcount() != 1 {
        line.fmt(format_args!(" [{}q]", header.qdcount()));
    }
    for place in 0..header.qdcount() {
        if place > 0 {
            line.text(",");
        }
        if context.verbose > 1 {
            line.text(" q:");
            question(line, reader, context)?;
        } else {
            skip_name(reader)?;
            *reader = reader.from(reader.at() + 4);
        }
    }
    line.fmt(format_args!(" {}/{}/{}", header.ancount(), header.nscount(), header.arcount()));
    records(line, reader, header.ancount(), context)?;
    if context.verbose > 1 {
        more_records(line, header, reader, context)?;
    }
    Ok(())
}

/// Writes what a message says that is a question.
fn question_message(line: &mut Line<'_>, header: &Dns<'_>, reader: &mut Reader<'_>, context: Context) -> Told {
    for (is_set, mark) in [(header.rd(), "+"), (header.cd(), "%")] {
        if is_set {
            line.text(mark);
        }
    }
    // What only answers have: AA, TC, RA, Z, RCODE.
    if header.flags() & 0x06cf != 0 {
        line.fmt(format_args!(" [b2&3=0x{:x}]", header.flags()));
    }
    let (questions, answers) = ((header.qdcount(), "q"), (header.ancount(), "a"));
    // An inverse question has its answer already, and asks nothing.
    let [first, second] = if header.opcode() == 1 { [(questions, 0), (answers, 1)] } else { [(answers, 0), (questions, 1)] };
    for ((count, unit), usual) in [first, second, ((header.nscount(), "n"), 0), ((header.arcount(), "au"), 0)] {
        if count != usual {
            line.fmt(format_args!(" [{count}{unit}]"));
        }
    }
    for _ in 0..header.qdcount() {
        question(line, reader, context)?;
    }
    if context.verbose > 1 {
        records(line, reader, header.ancount(), context)?;
        more_records(line, header, reader, context)?;
    }
    Ok(())
}

/// Writes the sections behind the answers.
fn more_records(line: &mut Line<'_>, header: &Dns<'_>, reader: &mut Reader<'_>, context: Context) -> Told {
    for (count, title) in [(header.nscount(), " ns:"), (header.arcount(), " ar:")] {
        if count > 0 {
            reader.need(1)?;
            line.text(title);
            records(line, reader, count, context)?;
        }
    }
    Ok(())
}

/// Writes records, with commas between them.
fn records(line: &mut Line<'_>, reader: &mut Reader<'_>, count: u16, context: Context) -> Told {
    for place in 0..count {
        if place > 0 {
            reader.need(1)?;
            line.text(",");
        }
        resource_record(line, reader, context)?;
    }
    Ok(())
}

/// Writes a question: ` A? example.com.`.
fn question(line: &mut Line<'_>, reader: &mut Reader<'_>, context: Context) -> Told {
    let mut behind = *reader;
    skip_name(&mut behind)?;
    let (is, class) = (behind.u16()?, behind.u16()?);
    line.text(" ");
    type_words(line, is, context);
    class_words(line, if context.is_multicast { class & 0x7fff } else { class });
    if context.is_multicast {
        line.text(if class & 0x8000 == 0 { " (QM)" } else { " (QU)" });
    }
    line.text("? ");
    name(line, reader)?;
    *reader = behind;
    Ok(())
}

/// Writes a record: ` example.com. A 192.0.2.1`. What has not even a length ends the records without a word.
fn resource_record(line: &mut Line<'_>, reader: &mut Reader<'_>, context: Context) -> Told {
    let end = reader.from(reader.all().len());
    if context.verbose > 0 {
        line.text(" ");
        name(line, reader)?;
    } else if skip_name(reader).is_err() {
        *reader = end;
        return Ok(());
    }
    if reader.need(10).is_err() {
        *reader = end;
        return Ok(());
    }
    let (is, class, ttl, len) = (reader.u16()?, reader.u16()?, reader.u32()?, reader.u16()?);
    let behind = reader.from(reader.at() + usize::from(len));
    if is != number::OPT {
        class_words(line, if context.is_multicast { class & 0x7fff } else { class });
    }
    if context.is_multicast && class & 0x8000 != 0 {
        line.text(" (Cache flush)");
    }
    if is != number::OPT && context.verbose > 2 {
        time_to_live(line, ttl);
    }
    line.text(" ");
    type_words(line, is, context);
    reader.need(len.into())?;
    match is {
        number::OPT => {
            let size = if context.is_multicast { class & 0x7fff } else { class };
            line.fmt(format_args!(" UDPsize={size}"));
            if ttl & 0x8000 != 0 {
                line.text(" DO");
            }
            options(line, reader, len, context)?;
        }
        is => data(line, reader, is, len, context)?,
    }
    *reader = behind;
    Ok(())
}

/// Writes how long a record may be kept: ` [1d2h]`.
fn time_to_live(line: &mut Line<'_>, mut seconds: u32) {
    const UNITS: [(u32, &str); 6] = [(31_536_000, "y"), (604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    line.text(" [");
    let begin = line.written();
    for (unit, letter) in UNITS {
        let number = seconds / unit;
        seconds %= unit;
        if number > 0 || (unit == 1 && line.written() == begin) {
            line.dec(number);
            line.text(letter);
        }
    }
    line.text("]");
}

/// Writes the data of a record, which has so many bytes; tcpdump reads on behind them where they are too few.
fn data(line: &mut Line<'_>, reader: &mut Reader<'_>, is: u16, len: u16, context: Context) -> Told {
    let end = reader.at() + usize::from(len);
    match is {
        number::A => {
            let address = reader.ipv4()?;
            line.text(" ");
            line.ipv4(address);
        }
        number::AAAA => {
            let address = reader.ipv6()?;
            line.text(" ");
            line.ipv6(address);
        }
        number::NS | number::CNAME | number::PTR | number::DNAME => {
            line.text(" ");
            name(line, reader)?;
        }
        number::SOA => {
            if context.verbose == 0 {
                return Ok(());
            }
            for _ in 0..2 {
                line.text(" ");
                name(line, reader)?;
            }
            reader.need(20)?;
            for _ in 0..5 {
                let number = reader.u32()?;
                line.text(" ");
                line.dec(number);
            }
        }
        number::MX => {
            let preference = reader.u16()?;
            line.text(" ");
            name(line, reader)?;
            line.text(" ");
            line.dec(preference);
        }
        number::TXT => {
            while reader.at() < end {
                line.text(" \"");
                counted(line, reader)?;
                line.text("\"");
            }
        }
        number::SRV => {
            let priority = reader.u16()?;
            line.text(" ");
            let (weight, port) = (reader.u16()?, reader.u16()?);
            name(line, reader)?;
            line.fmt(format_args!(":{port} {priority} {weight}"));
        }
        number::A6 => a6(line, reader)?,
        number::UNSPECA if !context.own => safe(line, reader, len.into())?,
        number::TSIG => {
            if context.verbose == 0 {
                return Ok(());
            }
            line.text(" ");
            name(line, reader)?;
            reader.take(6)?;
            line.fmt(format_args!(" fudge={}", reader.u16()?));
            let mac = reader.u16()?;
            line.fmt(format_args!(" maclen={mac}"));
            reader.take(mac.into())?;
            for word in ["origid", "error", "otherlen"] {
                line.fmt(format_args!(" {word}={}", reader.u16()?));
            }
        }
        number::URI => {
            line.fmt(format_args!(" {} ", reader.u16()?));
            line.fmt(format_args!("{} ", reader.u16()?));
            safe(line, reader, len.wrapping_sub(4).into())?;
        }
        is if context.own => {
            if let Some(format) = record::format(is) {
                format::words(line, reader, end, format.rows, name)?;
            }
            if matches!(is, number::SVCB | number::HTTPS) {
                let mut parameters = reader.part(end.saturating_sub(reader.at()))?;
                svcb::words(line, &mut parameters)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Writes an A6 record: RFC 2874, section 3.1.
fn a6(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    let prefix = reader.u8()?;
    if prefix > 128 {
        line.fmt(format_args!(" {prefix}(bad plen)"));
        return Ok(());
    }
    if prefix < 128 {
        let suffix = reader.take(usize::from(128 - prefix).div_ceil(8))?;
        let mut address = [0; 16];
        for (to, from) in address.iter_mut().rev().zip(suffix.iter().rev()) {
            *to = *from;
        }
        line.fmt(format_args!(" {prefix} "));
        line.ipv6(address.into());
    }
    if prefix > 0 {
        line.text(" ");
        name(line, reader)?;
    }
    Ok(())
}

/// Finds the higher bits of the reply code: in the first OPT record among the additional ones, RFC 6891, section 6.1.3.
fn extended_code(header: &Dns<'_>, mut reader: Reader<'_>) -> Result<u8, Cut> {
    for _ in 0..header.qdcount() {
        skip_name(&mut reader)?;
        reader.take(4)?;
    }
    let before = u32::from(header.ancount()) + u32::from(header.nscount());
    for place in 0..before + u32::from(header.arcount()) {
        skip_name(&mut reader)?;
        if place >= before && reader.clone().u16()? == number::OPT {
            reader.take(4)?;
            return reader.u8();
        }
        reader.take(8)?;
        let len = reader.u16()?;
        reader.take(len.into())?;
    }
    Ok(0)
}

/// Names a type as tcpdump does, or, in our own style, as IANA does.
fn type_words(line: &mut Line<'_>, is: u16, context: Context) {
    let name = match is {
        is if context.own => record::record_type(is.into()),
        23 => Some("NSAP_PTR"),
        number::UNSPECA => Some("UNSPECA"),
        49..=98 | 105..=248 | 257.. => None,
        is => record::record_type(is.into()),
    };
    match name {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("Type{is}")),
    }
}

/// Names a class other than the Internet.
fn class_words(line: &mut Line<'_>, number: u16) {
    match class(number.into()) {
        Some("IN") => {}
        Some(name) if name != "NONE" => line.fmt(format_args!(" {name}")),
        _ => line.fmt(format_args!(" (Class {number})")),
    }
}

/// Writes text behind its length.
fn counted(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    let len = reader.u8()?;
    safe(line, reader, len.into())
}
