//! Node information queries: RFC 4620.

use super::Begin;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::name;
use crate::walk::Walk;

header! {
    /// A query or a reply, behind the first word.
    pub struct Node: 12 bytes;

    /// Qtype: what is asked.
    qtype: u16 = 0..16, DecOf(qtype_name), "icmpv6.ni.qtype", default(0);
    /// Flags: what of it is wanted.
    flags: u16 = 16..32, Hex, "icmpv6.ni.flag", default(0);
    /// Reserved: must be zero.
    rsv: u16 = 16..26, Hex, "icmpv6.ni.flag.rsv", part;
    /// G: global addresses.
    g: bool = 26..27, Flag, "icmpv6.ni.flag.g", part;
    /// S: addresses of the site.
    s: bool = 27..28, Flag, "icmpv6.ni.flag.s", part;
    /// L: addresses of the link.
    l: bool = 28..29, Flag, "icmpv6.ni.flag.l", part;
    /// C: compatible and mapped addresses.
    c: bool = 29..30, Flag, "icmpv6.ni.flag.c", part;
    /// A: of all interfaces.
    a: bool = 30..31, Flag, "icmpv6.ni.flag.a", part;
    /// T: not all of them fit.
    t: bool = 31..32, Flag, "icmpv6.ni.flag.t", part;
    /// Nonce: by which question and answer belong together.
    nonce: u64 = 32..96, Hex, "icmpv6.ni.nonce", default(0);
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("subject_ipv6", "icmpv6.ni.query.subject_ipv6", Kind::Ipv6, "Subject: who is asked about, by address."),
    Field::variable("subject_fqdn", "icmpv6.ni.query.subject_fqdn", Kind::DomainName, "Subject: who is asked about, by name."),
    Field::variable("subject_ipv4", "icmpv6.ni.query.subject_ipv4", Kind::Ipv4, "Subject: who is asked about, by IPv4 address."),
    Field::variable("ttl", "icmpv6.ni.reply.node_ttl", Kind::Dec, "Time to live: in seconds."),
    Field::variable("node_name", "icmpv6.ni.reply.node_name", Kind::DomainName, "Node name: of who answers."),
    Field::variable("node_address", "icmpv6.ni.reply.node_address", Kind::Ipv6, "Node address: of who answers."),
    Field::variable("ipv4_address", "icmpv6.ni.reply.ipv4_address", Kind::Ipv4, "IPv4 address: of who answers."),
];

/// The length without data.
const LEN: usize = Begin::LEN + Node::LEN;
/// The length of a question as drafts had it before there were kinds of them.
const WHO_ARE_YOU: usize = 12;

/// What is asked. Source: RFC 4620, section 6.
mod qtype {
    pub(super) const NOOP: u16 = 0;
    pub(super) const SUPPORTED: u16 = 1;
    pub(super) const NAME: u16 = 2;
    pub(super) const ADDRESSES: u16 = 3;
    pub(super) const IPV4_ADDRESSES: u16 = 4;
}

fn qtype_name(number: u64) -> Option<&'static str> {
    Some(match u16::try_from(number).ok()? {
        qtype::NOOP => "noop",
        qtype::SUPPORTED => "supported qtypes",
        qtype::NAME => "DNS name",
        qtype::ADDRESSES => "node addresses",
        _ => return None,
    })
}

/// Shows a message behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, is_reply: bool, code: u8) {
    let Some(node) = Node::new(walk.rest()) else { return };
    walk.table(Node::FIELDS, Node::LEN);
    let len = walk.rest().len();
    match (is_reply, code, node.qtype()) {
        (false, 0, _) if len == 16 => walk.bytes(row!(PARTS, "subject_ipv6"), 16),
        (false, 1, _) => {
            if let Some(len) = name::len(walk.rest()) {
                walk.domain_name(row!(PARTS, "subject_fqdn"), len, walk.walked());
            }
        }
        (false, 2, _) if len == 4 => walk.bytes(row!(PARTS, "subject_ipv4"), 4),
        (true, 0, qtype::NAME) => {
            walk.bytes(row!(PARTS, "ttl"), 4);
            if let Some(len) = name::len(walk.rest()) {
                walk.domain_name(row!(PARTS, "node_name"), len, walk.walked());
            }
        }
        (true, 0, qtype::ADDRESSES) => addresses(walk, row!(PARTS, "node_address"), 16),
        (true, 0, qtype::IPV4_ADDRESSES) => addresses(walk, row!(PARTS, "ipv4_address"), 4),
        _ => {}
    }
}

/// Shows addresses, each behind its time to live.
fn addresses(walk: &mut Walk<'_, '_>, field: &'static Field, len: usize) {
    while walk.rest().len() >= 4 + len {
        walk.bytes(row!(PARTS, "ttl"), 4);
        walk.bytes(field, len);
    }
}

/// Names the flags of a question for addresses, `T` apart.
const FLAGS: [(u16, &str); 6] = [(0x40, "a"), (0x20, "G"), (0x10, "S"), (0x08, "L"), (0x04, "C"), (0x02, "A")];

fn flags(line: &mut Line<'_>, flags: u16, with_t: bool) {
    line.text(" [");
    for (_, name) in FLAGS.iter().filter(|(bit, _)| flags & bit != 0) {
        line.text(name);
    }
    if with_t && flags & 1 != 0 {
        line.text("T");
    }
    line.text("]");
}

/// Writes a query of so many bytes.
pub(super) fn query(line: &mut Line<'_>, code: u8, reader: Reader<'_>, len: usize) -> Told {
    let bytes = reader.rest();
    let size = bytes.get(..len).unwrap_or(bytes).len();
    if size == WHO_ARE_YOU {
        line.text(" who-are-you request");
        return Ok(());
    }
    line.text(" node information query");
    if reader.left() < LEN {
        line.cut("icmp6");
        return Ok(());
    }
    line.text(" (");
    let mut fields = reader.from(Begin::LEN);
    let (asked, wanted) = (fields.u16()?, fields.u16()?);
    line.text(qtype_name(asked.into()).unwrap_or("unknown"));
    match asked {
        qtype::SUPPORTED if wanted != 0 => line.text(if wanted & 1 == 0 { " []" } else { " [C]" }),
        qtype::ADDRESSES if wanted != 0 => flags(line, wanted, false),
        _ => {}
    }
    if !matches!(asked, qtype::NOOP | qtype::SUPPORTED) {
        subject(line, code, reader, size)?;
    } else if size != LEN && line.style().verbose > 0 {
        line.text(", invalid len");
    }
    line.text(")");
    Ok(())
}

/// Writes who is asked about, in a message of which so many bytes are there.
fn subject(line: &mut Line<'_>, code: u8, reader: Reader<'_>, size: usize) -> Told {
    if size == LEN {
        line.text(", 03 draft");
        return Ok(());
    }
    let mut data = reader.from(LEN);
    let len = match code {
        0 => 16,
        1 => {
            line.text(", subject=DNS name");
            return node_name(line, data);
        }
        2 => 4,
        _ => {
            line.text(", unknown subject");
            return Ok(());
        }
    };
    if data.left() < len {
        return Ok(());
    }
    if size != LEN + len {
        line.text(if line.style().verbose > 0 { ", invalid subject len" } else { "" });
        return Ok(());
    }
    line.text(", subject=");
    if code == 0 {
        line.address(data.ipv6()?);
    } else {
        line.address(data.ipv4()?);
    }
    Ok(())
}

/// Writes a reply of so many bytes.
pub(super) fn reply(line: &mut Line<'_>, code: u8, reader: Reader<'_>, len: usize) -> Told {
    let bytes = reader.rest();
    let size = bytes.get(..len).unwrap_or(bytes).len();
    let is_verbose = line.style().verbose > 0;
    // All of it must be there, whatever of it is told.
    if reader.left() < len.max(LEN) {
        line.cut("icmp6");
        return Ok(());
    }
    line.text(" node information reply (");
    match code {
        0 => {
            if is_verbose {
                line.text("success, ");
            }
            answer(line, reader, size)?;
        }
        code @ (1 | 2) => {
            line.text(if code == 1 { "refused" } else { "unknown" });
            if is_verbose && size != LEN {
                line.text(", invalid length");
            }
        }
        _ => {}
    }
    line.text(")");
    Ok(())
}

/// Writes an answer, in a message of which so many bytes are there.
fn answer(line: &mut Line<'_>, reader: Reader<'_>, size: usize) -> Told {
    let mut fields = reader.from(Begin::LEN);
    let (asked, told) = (fields.u16()?, fields.u16()?);
    match asked {
        qtype::NOOP => {
            line.text("noop");
            if line.style().verbose > 0 && size != LEN {
                line.text(", invalid length");
            }
        }
        qtype::SUPPORTED => {
            line.text("supported qtypes");
            if told != 0 {
                line.text(if told & 1 == 0 { " []" } else { " [C]" });
            }
        }
        qtype::NAME => {
            line.text("DNS name");
            node_name(line, reader.from(LEN + 4))?;
            if told & 1 != 0 {
                line.fmt(format_args!(" [TTL={}]", reader.from(LEN).u32()?));
            }
        }
        qtype::ADDRESSES => {
            line.text("node addresses");
            let mut addresses = reader.from(LEN);
            while addresses.at() + 20 <= size {
                let (ttl, address) = (addresses.u32()?, addresses.ipv6()?);
                line.text(" ");
                line.address(address);
                line.fmt(format_args!("({ttl})"));
            }
            if told != 0 {
                flags(line, told, true);
            }
        }
        _ => line.text("unknown"),
    }
    Ok(())
}

/// Writes a name: one text as in an early draft, or labels.
fn node_name(line: &mut Line<'_>, mut reader: Reader<'_>) -> Told {
    let mut len = usize::from(reader.u8()?);
    if len == reader.left() {
        line.text(if line.style().verbose > 0 { ", 03 draft, \"" } else { ", \"" });
        line.safe(reader.rest());
        line.text("\"");
        return Ok(());
    }
    line.text(", \"");
    loop {
        if len == 0 {
            line.text(match reader.rest() {
                [] => ".",
                [0] => "",
                _ => "???",
            });
            break;
        }
        if len > reader.left() {
            line.text("???");
            break;
        }
        line.safe(reader.take(len)?);
        let Ok(next) = reader.u8() else { break };
        line.text(if next == 0 || reader.is_empty() { "" } else { "." });
        len = next.into();
    }
    line.text("\"");
    Ok(())
}
