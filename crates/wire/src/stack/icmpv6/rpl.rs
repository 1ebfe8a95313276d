//! The routing protocol for low-power and lossy networks: RFC 6550, section 6.

use core::net::Ipv6Addr;

use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Line, Reader, Told};
use crate::walk::Walk;

header! {
    /// A DODAG information object, behind the first word.
    pub struct Dio: 24 bytes;

    /// RPL instance: which one it is about.
    instance: u8 = 0..8, Dec, "icmpv6.rpl.dio.instance", default(0);
    /// Version number: of the graph.
    version: u8 = 8..16, Dec, "icmpv6.rpl.dio.version", default(0);
    /// Rank: of the sender, in the graph.
    rank: u16 = 16..32, Dec, "icmpv6.rpl.dio.rank", default(0);
    /// Flags: what the graph is.
    dio_flags: u8 = 32..40, Hex, "icmpv6.rpl.dio.flag", default(0);
    /// Grounded: it reaches what it is for.
    g: bool = 32..33, Flag, "icmpv6.rpl.dio.flag.g", part;
    /// Zero: must be zero.
    zero: bool = 33..34, Flag, "icmpv6.rpl.dio.flag.0", part;
    /// Mode of operation: whether routes downward are kept.
    mop: u8 = 34..37, Hex, "icmpv6.rpl.dio.flag.mop", part;
    /// Preference: of the root.
    prf: u8 = 37..40, Dec, "icmpv6.rpl.dio.flag.preference", part;
    /// DTSN: it grows when routes downward are wanted anew.
    dtsn: u8 = 40..48, Dec, "icmpv6.rpl.dio.dtsn", default(0);
    /// Flags and reserved: must be zero.
    reserved: u16 = 48..64, Hex, "", default(0);
    /// DODAG identifier: the root's address.
    dagid: Ipv6Addr = 64..192, Ipv6, "icmpv6.rpl.dio.dagid", default(0);
}

header! {
    /// A destination advertisement object, behind the first word, without the identifier that may follow.
    pub struct Dao: 4 bytes;

    /// RPL instance: which one it is about.
    dao_instance: u8 = 0..8, Dec, "icmpv6.rpl.dao.instance", default(0);
    /// Flags: what follows, and what is wanted.
    dao_flags: u8 = 8..16, Hex, "icmpv6.rpl.dao.flag", default(0);
    /// K: an acknowledgment is wanted.
    k: bool = 8..9, Flag, "icmpv6.rpl.dao.flag.k", part;
    /// D: the identifier of the graph is there.
    d: bool = 9..10, Flag, "icmpv6.rpl.dao.flag.d", part;
    /// Reserved: must be zero.
    dao_rsv: u8 = 10..16, Dec, "icmpv6.rpl.dao.flag.rsv", part;
    /// Reserved: must be zero.
    dao_reserved: u8 = 16..24, Hex, "", default(0);
    /// Sequence: it grows with each.
    dao_sequence: u8 = 24..32, Dec, "icmpv6.rpl.dao.sequence", default(0);
}

header! {
    /// The acknowledgment of a destination advertisement, behind the first word, without the identifier that may follow.
    pub struct DaoAck: 4 bytes;

    /// RPL instance: which one it is about.
    ack_instance: u8 = 0..8, Dec, "icmpv6.rpl.daoack.instance", default(0);
    /// Flags: what follows.
    ack_flags: u8 = 8..16, Hex, "icmpv6.rpl.daoack.flag", default(0);
    /// D: the identifier of the graph is there.
    ack_d: bool = 8..9, Flag, "icmpv6.rpl.daoack.flag.d", part;
    /// Reserved: must be zero.
    ack_rsv: u8 = 9..16, Dec, "icmpv6.rpl.daoack.flag.rsv", part;
    /// Sequence: of what is acknowledged.
    ack_sequence: u8 = 16..24, Dec, "icmpv6.rpl.daoack.sequence", default(0);
    /// Status: 0 is taken, from 128 on it is refused.
    status: u8 = 24..32, Dec, "icmpv6.rpl.daoack.status", default(0);
}

/// What has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("dis_flags", "icmpv6.rpl.dis.flags", Kind::Dec, "Flags: must be zero."),
    Field::bytes("dis_reserved", "icmpv6.reserved", "Reserved: must be zero."),
    Field::variable("dao_dagid", "icmpv6.rpl.dao.dodagid", Kind::Ipv6, "DODAG identifier: the root's address."),
    Field::variable("ack_dagid", "icmpv6.rpl.daoack.dodagid", Kind::Ipv6, "DODAG identifier: the root's address."),
    Field::variable("rpl_option", "", Kind::Record, "Option: what else is told."),
    Field::variable("rpl_opt_type", "icmpv6.rpl.opt.type", Kind::Dec, "Type: which option it is."),
    Field::variable("rpl_opt_len", "icmpv6.rpl.opt.length", Kind::Dec, "Length: of what follows."),
    Field::bytes("rpl_opt_data", "", "Data: of the option."),
];

/// What a message is. Source: IANA's registry of RPL control codes.
mod code {
    pub(super) const SOLICITATION: u8 = 0;
    pub(super) const INFORMATION: u8 = 1;
    pub(super) const DESTINATION: u8 = 2;
    pub(super) const DESTINATION_ACK: u8 = 3;
}

/// Shows a message behind its first word.
pub(super) fn walk(walk: &mut Walk<'_, '_>, code: u8) {
    match code {
        code::SOLICITATION => {
            walk.bytes(row!(PARTS, "dis_flags"), 1);
            walk.bytes(row!(PARTS, "dis_reserved"), 1);
        }
        code::INFORMATION => {
            walk.table(Dio::FIELDS, Dio::LEN);
        }
        code::DESTINATION => {
            let has_id = Dao::new(walk.rest()).is_some_and(|dao| dao.d());
            walk.table(Dao::FIELDS, Dao::LEN);
            if has_id {
                walk.bytes(row!(PARTS, "dao_dagid"), 16);
            }
        }
        code::DESTINATION_ACK => {
            let has_id = DaoAck::new(walk.rest()).is_some_and(|ack| ack.ack_d());
            walk.table(DaoAck::FIELDS, DaoAck::LEN);
            if has_id {
                walk.bytes(row!(PARTS, "ack_dagid"), 16);
            }
        }
        _ => return,
    }
    while let Some(first) = walk.rest().first().copied() {
        let len = match (first, walk.rest().get(1)) {
            (0, _) => 1,
            (_, Some(len)) => usize::from(*len) + 2,
            (_, None) => return,
        };
        if len > walk.rest().len() {
            return walk.malformed(len, "an option's length that fits");
        }
        walk.record(row!(PARTS, "rpl_option"), len, |walk| {
            walk.bytes(row!(PARTS, "rpl_opt_type"), 1);
            walk.bytes(row!(PARTS, "rpl_opt_len"), 1);
            walk.bytes(row!(PARTS, "rpl_opt_data"), usize::MAX);
        });
    }
}

/// Names a mode of operation.
const MODES: [&str; 4] = ["nonstoring", "storing", "nonstoring-multicast", "storing-multicast"];

fn option_name(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "pad1",
        1 => "padN",
        2 => "metrics",
        3 => "routinginfo",
        4 => "config",
        5 => "rpltarget",
        6 => "transitinfo",
        8 => "destprefix",
        9 => "rpltargetdesc",
        _ => return None,
    })
}

/// Writes a message of so many bytes behind its first word.
pub(super) fn words(line: &mut Line<'_>, code: u8, body: Reader<'_>, len: usize) -> Told {
    if code & 0x80 != 0 {
        line.text(", (SEC) [worktodo]");
        return Ok(());
    }
    line.text(", (CLR)");
    match code {
        code::SOLICITATION => line.text("DODAG Information Solicitation"),
        code::INFORMATION => {
            line.text("DODAG Information Object");
            if line.style().verbose > 0 {
                information(line, body, len)?;
            }
        }
        code::DESTINATION => {
            line.text("Destination Advertisement Object");
            if line.style().verbose > 0 {
                destination(line, body, len)?;
            }
        }
        code::DESTINATION_ACK => {
            line.text("Destination Advertisement Object Ack");
            if line.style().verbose > 0 {
                acknowledgment(line, body, len)?;
            }
        }
        code => line.fmt(format_args!("RPL message, unknown code {code}")),
    }
    Ok(())
}

fn information(line: &mut Line<'_>, mut body: Reader<'_>, len: usize) -> Told {
    if len < Dio::LEN {
        line.fmt(format_args!(" [length {len} < {}]", Dio::LEN));
        line.invalid();
        return Ok(());
    }
    let bytes = body.take(Dio::LEN)?;
    let Some(dio) = Dio::new(bytes) else { return Ok(()) };
    line.text(" [dagid:");
    line.ipv6(dio.dagid());
    line.fmt(format_args!(",seq:{},instance:{},rank:{},", dio.dtsn(), dio.instance(), dio.rank()));
    line.text(if dio.g() { "grounded," } else { "" });
    line.text("mop:");
    match MODES.get(usize::from(dio.mop())) {
        Some(name) => line.text(name),
        None => line.fmt(format_args!("mop{}", dio.mop())),
    }
    line.fmt(format_args!(",prf:{}]", dio.prf()));
    if line.style().verbose > 1 {
        options(line, body, len - Dio::LEN)?;
    }
    Ok(())
}

fn destination(line: &mut Line<'_>, mut body: Reader<'_>, len: usize) -> Told {
    // The identifier must be there even where it is not told.
    body.need(Dao::LEN + 16)?;
    if len < Dao::LEN {
        line.text(" [|dao-length too short]");
        return Ok(());
    }
    let mut len = len - Dao::LEN;
    let bytes = body.take(Dao::LEN)?;
    let Some(dao) = Dao::new(bytes) else { return Ok(()) };
    let mut id = None;
    if dao.d() {
        if len < 16 {
            line.text(" [|length too short]");
            return Ok(());
        }
        id = Some(body.ipv6()?);
        len -= 16;
    }
    line.text(" [dagid:");
    identifier(line, id);
    line.fmt(format_args!(",seq:{},instance:{}", dao.dao_sequence(), dao.dao_instance()));
    line.text(if dao.k() { ",acK" } else { "" });
    line.text(if dao.d() { ",Dagid" } else { "" });
    line.fmt(format_args!(",{:02x}]", dao.dao_flags()));
    if line.style().verbose > 1 {
        options(line, body, len)?;
    }
    Ok(())
}

fn acknowledgment(line: &mut Line<'_>, mut body: Reader<'_>, len: usize) -> Told {
    let bytes = body.take(DaoAck::LEN)?;
    let Some(ack) = DaoAck::new(bytes) else { return Ok(()) };
    if len < DaoAck::LEN {
        line.text(" [|dao-length too short]");
        return Ok(());
    }
    let mut len = len - DaoAck::LEN;
    let mut id = None;
    if ack.ack_d() {
        id = Some(body.ipv6()?);
        len = len.saturating_sub(16);
    }
    line.text(" [dagid:");
    identifier(line, id);
    let (seq, instance) = (ack.ack_sequence(), ack.ack_instance());
    line.fmt(format_args!(",seq:{seq},instance:{instance},status:{}]", ack.status()));
    if line.style().verbose > 1 {
        options(line, body, len)?;
    }
    Ok(())
}

fn identifier(line: &mut Line<'_>, id: Option<Ipv6Addr>) {
    match id {
        Some(id) => line.ipv6(id),
        None => line.text("<elided>"),
    }
}

/// Writes which options there are in so many bytes.
fn options(line: &mut Line<'_>, mut reader: Reader<'_>, mut len: usize) -> Told {
    while len > 0 {
        let number = reader.u8()?;
        if number == 0 {
            line.text(" opt:pad1");
            len -= 1;
            continue;
        }
        let data = usize::from(reader.u8()?);
        let option = data + 2;
        line.text(" opt:");
        match option_name(number) {
            Some(name) => line.text(name),
            None => line.fmt(format_args!("subopt:{number}")),
        }
        line.fmt(format_args!(" len:{option} "));
        let data = reader.take(data)?;
        if line.style().verbose > 2 {
            line.hex_rows(" ", data);
        }
        len = len.saturating_sub(option);
    }
    Ok(())
}
