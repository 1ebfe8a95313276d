//! Router renumbering: RFC 2894.

use core::net::Ipv6Addr;

use super::Begin;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::walk::Walk;

header! {
    /// What all messages have behind the first word.
    pub struct Renumbering: 12 bytes;

    /// Sequence number: the same in command and result.
    seqno: u32 = 0..32, Dec, "icmpv6.rr.sequence_number", default(0);
    /// Segment number: which message of those with the same sequence number.
    segno: u8 = 32..40, Dec, "icmpv6.rr.segment_number", default(0);
    /// Flags: what is to be done with it.
    flags: u8 = 40..48, Hex, "icmpv6.rr.flag", default(0);
    /// T: it is a test.
    t: bool = 40..41, Flag, "icmpv6.rr.flag.t", part;
    /// R: a result is wanted.
    r: bool = 41..42, Flag, "icmpv6.rr.flag.r", part;
    /// A: interfaces that are down are meant too.
    a: bool = 42..43, Flag, "icmpv6.rr.flag.a", part;
    /// S: it is done for each site.
    s: bool = 43..44, Flag, "icmpv6.rr.flag.s", part;
    /// P: it has been done before.
    p: bool = 44..45, Flag, "icmpv6.rr.flag.p", part;
    /// Reserved: must be zero.
    rsv: u8 = 45..48, Dec, "icmpv6.rr.flag.rsv", part;
    /// Maximum delay: in which the result is wanted, in milliseconds.
    maxdelay: u16 = 48..64, Dec, "icmpv6.rr.maxdelay", default(0);
    /// Reserved: must be zero.
    reserved: u32 = 64..96, Bytes, "icmpv6.reserved", default(0);
}

header! {
    /// Which prefixes a command is about.
    pub struct Match: 24 bytes;

    /// Operation: what is done: 1 adds, 2 changes, 3 sets.
    opcode: u8 = 0..8, Dec, "icmpv6.rr.pco.mp.opcode", default(1);
    /// Operation length: of it all, in words of 8 bytes.
    oplength: u8 = 8..16, Dec, "icmpv6.rr.pco.mp.oplength", default(3);
    /// Ordinal: which operation it is.
    ordinal: u8 = 16..24, Hex, "icmpv6.rr.pco.mp.ordinal", default(0);
    /// Match length: how many bits must be the same.
    matchlen: u8 = 24..32, Dec, "icmpv6.rr.pco.mp.matchlen", default(0);
    /// Minimum length: the shortest prefix that is meant.
    minlen: u8 = 32..40, Dec, "icmpv6.rr.pco.mp.minlen", default(0);
    /// Maximum length: the longest prefix that is meant.
    maxlen: u8 = 40..48, Dec, "icmpv6.rr.pco.mp.maxlen", default(128);
    /// Reserved: must be zero.
    reserved: u16 = 48..64, Bytes, "icmpv6.reserved", default(0);
    /// Match prefix: with which it is compared.
    matchprefix: Ipv6Addr = 64..192, Ipv6, "icmpv6.rr.pco.mp.matchprefix", default(0);
}

header! {
    /// What prefixes are to become.
    pub struct Use: 32 bytes;

    /// Use length: how many bits of the new prefix are used.
    uselen: u8 = 0..8, Dec, "icmpv6.rr.pco.up.uselen", default(0);
    /// Keep length: how many bits of the old one behind those are kept.
    keeplen: u8 = 8..16, Dec, "icmpv6.rr.pco.up.keeplen", default(0);
    /// Flag mask: which flags are set anew.
    flagmask: u8 = 16..24, Hex, "icmpv6.rr.pco.up.flagmask", default(0);
    /// RA flags: with which the prefix is advertised.
    raflags: u8 = 24..32, Hex, "icmpv6.rr.pco.up.raflags", default(0);
    /// Valid lifetime: in seconds.
    validlifetime: u32 = 32..64, Dec, "icmpv6.rr.pco.up.validlifetime", default(0);
    /// Preferred lifetime: in seconds.
    preferredlifetime: u32 = 64..96, Dec, "icmpv6.rr.pco.up.preferredlifetime", default(0);
    /// Flags: whether the lifetimes count down.
    use_flags: u32 = 96..128, Hex, "icmpv6.rr.pco.up.flag", default(0);
    /// V: the valid lifetime counts down.
    v: bool = 96..97, Flag, "icmpv6.rr.pco.up.flag.v", part;
    /// P: the preferred lifetime counts down.
    use_p: bool = 97..98, Flag, "icmpv6.rr.pco.up.flag.p", part;
    /// Use prefix: the new one.
    useprefix: Ipv6Addr = 128..256, Ipv6, "icmpv6.rr.pco.up.useprefix", default(0);
}

header! {
    /// What a router did.
    pub struct Matched: 24 bytes;

    /// Flags: how it went.
    rm_flags: u16 = 0..16, Hex, "icmpv6.rr.rm.flag", default(0);
    /// B: the use part was out of bounds.
    b: bool = 14..15, Flag, "icmpv6.rr.rm.flag.b", part;
    /// F: an interface was not renumbered, forwarding would have failed.
    f: bool = 15..16, Flag, "icmpv6.rr.rm.flag.f", part;
    /// Ordinal: of the operation.
    rm_ordinal: u8 = 16..24, Hex, "icmpv6.rr.rm.ordinal", default(0);
    /// Matched length: of the prefix.
    matchedlen: u8 = 24..32, Dec, "icmpv6.rr.rm.matchedlen", default(0);
    /// Interface index: where it was.
    interfaceindex: u32 = 32..64, Dec, "icmpv6.rr.rm.interfaceindex", default(0);
    /// Matched prefix: the old one.
    matchedprefix: Ipv6Addr = 64..192, Ipv6, "icmpv6.rr.rm.matchedprefix", default(0);
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("operation", "", Kind::Record, "Prefix control operation: what is to be done."),
    Field::variable("result", "icmpv6.rr.rm", Kind::Record, "Result: what was done."),
];

/// The code of a command.
const COMMAND: u8 = 0;
/// The code of a result.
const RESULT: u8 = 1;

/// Shows a message behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, code: u8) {
    walk.table(Renumbering::FIELDS, Renumbering::LEN);
    while code == COMMAND && walk.rest().len() >= Match::LEN {
        let words = Match::new(walk.rest()).map_or(0, |part| part.oplength());
        let len = usize::from(words) * 8;
        if len < Match::LEN || len > walk.rest().len() {
            return walk.malformed(len.max(Match::LEN), "an operation's length that fits");
        }
        walk.record(row!(PARTS, "operation"), len, |walk| {
            walk.table(Match::FIELDS, Match::LEN);
            while walk.rest().len() >= Use::LEN {
                walk.table(Use::FIELDS, Use::LEN);
            }
        });
    }
    while code == RESULT && walk.rest().len() >= Matched::LEN {
        walk.record(row!(PARTS, "result"), Matched::LEN, |walk| {
            walk.table(Matched::FIELDS, Matched::LEN);
        });
    }
}

/// Writes a message.
pub(super) fn words(line: &mut Line<'_>, code: u8, reader: Reader<'_>) -> Told {
    let verbose = line.style().verbose;
    let mut body = reader.from(Begin::LEN);
    let header = body.take(Renumbering::LEN).ok().and_then(Renumbering::new);
    let Some(header) = header else {
        line.cut("icmp6");
        return Ok(());
    };
    match code {
        COMMAND => line.text(", command"),
        RESULT => line.text(", result"),
        255 => line.text(", sequence number reset"),
        code => line.fmt(format_args!(", code-#{code}")),
    }
    line.fmt(format_args!(", seq={}", header.seqno()));
    if verbose > 0 {
        line.text("[");
        let flags = header.flags();
        if flags != 0 {
            for (_, name) in
                [(0x80, "T"), (0x40, "R"), (0x20, "A"), (0x10, "S"), (0x08, "P")].iter().filter(|(bit, _)| flags & bit != 0)
            {
                line.text(name);
            }
            line.text(",");
        }
        line.fmt(format_args!("seg={},maxdelay={}", header.segno(), header.maxdelay()));
        if header.reserved() != 0 {
            line.fmt(format_args!("rsvd=0x{:x}", header.reserved()));
        }
        line.text("]");
    }
    if code == COMMAND {
        command(line, body)?;
    }
    Ok(())
}

/// Writes the first operation of a command.
fn command(line: &mut Line<'_>, mut body: Reader<'_>) -> Told {
    let verbose = line.style().verbose;
    let before = if verbose > 1 { "\n\t" } else { " " };
    let Ok(bytes) = body.take(Match::LEN) else {
        line.cut("icmp6");
        return Ok(());
    };
    let Some(part) = Match::new(bytes) else { return Ok(()) };
    line.text(before);
    line.text("match(");
    match part.opcode() {
        1 => line.text("add"),
        2 => line.text("change"),
        3 => line.text("setglobal"),
        code => line.fmt(format_args!("#{code}")),
    }
    if verbose > 0 {
        line.fmt(format_args!(",ord={},min={},max={}", part.ordinal(), part.minlen(), part.maxlen()));
    }
    line.text(",");
    line.ipv6(part.matchprefix());
    line.fmt(format_args!("/{})", part.matchlen()));
    // A part to match, and parts to use of four words each.
    let words = part.oplength();
    if words % 4 != 3 {
        line.cut("icmp6");
        return Ok(());
    }
    for _ in 0..words / 4 {
        let Some(part) = body.take(Use::LEN).ok().and_then(Use::new) else {
            line.cut("icmp6");
            return Ok(());
        };
        line.text(before);
        use_part(line, &part);
    }
    Ok(())
}

/// Writes what prefixes are to become.
fn use_part(line: &mut Line<'_>, part: &Use<'_>) {
    line.text("use(");
    // What is reserved among the flags counts, as far as their first byte goes.
    if part.use_flags() >> 24 != 0 {
        line.text(if part.v() { "V" } else { "" });
        line.text(if part.use_p() { "P" } else { "" });
        line.text(",");
    }
    if line.style().verbose > 0 {
        line.fmt(format_args!("mask=0x{:x},raflags=0x{:x},", part.flagmask(), part.raflags()));
        for (name, time) in [("vltime", part.validlifetime()), ("pltime", part.preferredlifetime())] {
            match time {
                u32::MAX => line.fmt(format_args!("{name}=infty,")),
                time => line.fmt(format_args!("{name}={time},")),
            }
        }
    }
    line.ipv6(part.useprefix());
    line.fmt(format_args!("/{}/{})", part.uselen(), part.keeplen()));
}
