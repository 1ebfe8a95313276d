//! Multipath TCP, an option of many kinds: RFC 8684, and version 0, RFC 6824.
//!
//! ```text
//!                      1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +---------------+---------------+-------+-----------------------+
//! |     Kind      |    Length     |Subtype|                       |
//! +---------------+---------------+-------+                       |
//! |                     Subtype-specific data                     |
//! |                       (variable length)                       |
//! +---------------------------------------------------------------+
//! ```

use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::line::{Cut, Line, Reader};
use crate::walk::Walk;

/// The subtypes. Source: IANA's registry of MPTCP option subtypes.
mod subtype {
    pub(super) const CAPABLE: u8 = 0;
    pub(super) const JOIN: u8 = 1;
    pub(super) const DSS: u8 = 2;
    pub(super) const ADD_ADDR: u8 = 3;
    pub(super) const REMOVE_ADDR: u8 = 4;
    pub(super) const PRIO: u8 = 5;
    pub(super) const FAIL: u8 = 6;
    pub(super) const FAST_CLOSE: u8 = 7;
    pub(super) const TCP_RST: u8 = 8;
}

header! {
    /// MP_CAPABLE: a connection of several paths begins.
    pub struct Capable: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(0);
    /// Version: of the protocol.
    version: u8 = 4..8, Dec, "tcp.options.mptcp.version", default(1);
    /// Flags: A to H.
    flags: u8 = 8..16, Hex, "tcp.options.mptcp.flags", default(1);
    /// A, checksum required: of data.
    csum: bool = 8..9, Flag, "tcp.options.mptcp.checksumreq.flags", part;
    /// B, extensibility: must be zero.
    extensible: bool = 9..10, Flag, "tcp.options.mptcp.extensibility.flag", part;
    /// C, no more subflows: to this address.
    no_more: bool = 10..11, Flag, "tcp.options.mptcp.nomoresubflows.flag", part;
    /// H, HMAC: of SHA-256, or in version 0 of SHA-1.
    hmac: bool = 15..16, Flag, "tcp.options.mptcp.sha256.flag", part;
}

header! {
    /// MP_JOIN of a SYN, with or without ACK: a path is added; and MP_PRIO with an address.
    pub struct Join: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(1);
    /// Reserved: must be zero.
    reserved: u8 = 4..7, Dec, "", default(0);
    /// B, backup: the path is to be used when others fail.
    backup: bool = 7..8, Flag, "tcp.options.mptcp.backup.flag", default(0);
    /// Address ID: which address of the sender is meant.
    addrid: u8 = 8..16, Dec, "tcp.options.mptcp.addrid", default(0);
}

header! {
    /// What has nothing but reserved bits before its data.
    pub struct Reserved: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(1);
    /// Reserved: must be zero.
    reserved: u16 = 4..16, HexDigits(4), "tcp.options.mptcp.reserved", default(0);
}

header! {
    /// DSS: which data of the connection the segment carries.
    pub struct Dss: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(2);
    /// Reserved: must be zero.
    reserved: u8 = 4..8, Dec, "", default(0);
    /// Flags: what is there, and how long.
    flags: u8 = 8..16, Hex, "tcp.options.mptcp.flags", default(0);
    /// F, data FIN: no more data will come.
    fin: bool = 11..12, Flag, "tcp.options.mptcp.datafin.flag", part;
    /// m: the data sequence number has 8 bytes.
    seq8: bool = 12..13, Flag, "tcp.options.mptcp.dseqn8.flag", part;
    /// M: the mapping is there.
    seq: bool = 13..14, Flag, "tcp.options.mptcp.dseqnpresent.flag", part;
    /// a: the data ACK has 8 bytes.
    ack8: bool = 14..15, Flag, "tcp.options.mptcp.dataack8.flag", part;
    /// A: the data ACK is there.
    ack: bool = 15..16, Flag, "tcp.options.mptcp.dataackpresent.flag", part;
}

header! {
    /// ADD_ADDR: the sender can also be reached there.
    pub struct AddAddr: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(3);
    /// Reserved: must be zero; in version 0 the IP version, with the bit behind it.
    reserved: u8 = 4..7, Dec, "", default(0);
    /// E, echo: the address was received.
    echo: bool = 7..8, Flag, "tcp.options.mptcp.echo", default(0);
    /// Address ID: which address of the sender is meant.
    addrid: u8 = 8..16, Dec, "tcp.options.mptcp.addrid", default(0);
}

header! {
    /// The byte of a subtype that is followed by address IDs, or by nothing.
    pub struct Subtype: 1 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(4);
    /// Reserved: must be zero.
    reserved: u8 = 4..8, Dec, "", default(0);
}

header! {
    /// MP_PRIO without an address.
    pub struct Prio: 1 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(5);
    /// Reserved: must be zero.
    reserved: u8 = 4..7, Dec, "", default(0);
    /// B, backup: the path is to be used when others fail.
    backup: bool = 7..8, Flag, "tcp.options.mptcp.backup.flag", default(0);
}

header! {
    /// MP_TCPRST: why the path is closed.
    pub struct Reset: 2 bytes;

    /// Subtype: what the option says.
    subtype: u8 = 0..4, Dec, "tcp.options.mptcp.subtype", default(8);
    /// U: reserved.
    u: bool = 4..5, Flag, "tcp.options.mptcp.flag_U.flag", default(0);
    /// V: reserved.
    v: bool = 5..6, Flag, "tcp.options.mptcp.flag_V.flag", default(0);
    /// W: reserved.
    w: bool = 6..7, Flag, "tcp.options.mptcp.flag_W.flag", default(0);
    /// T, transient: it may work later.
    t: bool = 7..8, Flag, "tcp.options.mptcp.flag_T.flag", default(0);
    /// Reason: a code of the registry.
    reason: u8 = 8..16, Hex, "tcp.options.mptcp.rst_reason", default(0);
}

/// What follows, as lengths and flags say.
pub(super) const PARTS: &[Field] = &[
    Field::variable("sendkey", "tcp.options.mptcp.sendkey", Kind::Dec, "Sender's key: of the connection."),
    Field::variable("recvkey", "tcp.options.mptcp.recvkey", Kind::Dec, "Receiver's key: of the connection."),
    Field::variable("datalen", "tcp.options.mptcp.datalvllen", Kind::Dec, "Data-level length: how many bytes are mapped."),
    Field::variable("checksum", "tcp.options.mptcp.checksum", Kind::Hex, "Checksum: of the data and its mapping.").wide(16),
    Field::variable("token", "tcp.options.mptcp.recvtok", Kind::Dec, "Receiver's token: which connection is joined."),
    Field::variable("nonce", "tcp.options.mptcp.sendrand", Kind::Dec, "Sender's random number: for the HMAC."),
    Field::variable("truncmac", "tcp.options.mptcp.sendtrunchmac", Kind::Dec, "Sender's truncated HMAC: it knows the keys."),
    Field::bytes("hmac", "tcp.options.mptcp.sendhmac", "Sender's HMAC: it knows the keys."),
    Field::variable("dataack", "tcp.options.mptcp.rawdataack", Kind::Dec, "Data ACK: the next byte of the connection that is expected."),
    Field::variable("dataseq", "tcp.options.mptcp.rawdataseqno", Kind::Dec, "Data sequence number: of the first byte that is mapped."),
    Field::variable("subseq", "tcp.options.mptcp.subflowseqno", Kind::Dec, "Subflow sequence number: where the mapping begins on this path."),
    Field::variable("ipv4", "tcp.options.mptcp.ipv4", Kind::Ipv4, "IPv4 address: that may be used."),
    Field::variable("ipv6", "tcp.options.mptcp.ipv6", Kind::Ipv6, "IPv6 address: that may be used."),
    Field::variable("port", "tcp.options.mptcp.port", Kind::Dec, "Port: that may be used."),
    Field::variable("addrmac", "tcp.options.mptcp.addaddrtrunchmac", Kind::Dec, "Truncated HMAC: of the address."),
    Field::variable("addrid", "tcp.options.mptcp.addrid", Kind::Dec, "Address ID: which address is not to be used any more."),
];

/// Shows what is behind kind and length.
pub(super) fn walk(walk: &mut Walk<'_, '_>, option: &[u8]) {
    let Some(subtype) = option.get(2).map(|byte| byte >> 4) else { return };
    match (subtype, option.len()) {
        (subtype::CAPABLE, _) => {
            walk.table(Capable::FIELDS, Capable::LEN);
            walk.bytes(row!(PARTS, "sendkey"), 8);
            walk.bytes(row!(PARTS, "recvkey"), 8);
            walk.bytes(row!(PARTS, "datalen"), 2);
            walk.bytes(row!(PARTS, "checksum"), 2);
        }
        (subtype::JOIN, 12) => {
            walk.table(Join::FIELDS, Join::LEN);
            walk.bytes(row!(PARTS, "token"), 4);
            walk.bytes(row!(PARTS, "nonce"), 4);
        }
        (subtype::JOIN, 16) => {
            walk.table(Join::FIELDS, Join::LEN);
            walk.bytes(row!(PARTS, "truncmac"), 8);
            walk.bytes(row!(PARTS, "nonce"), 4);
        }
        (subtype::JOIN, _) => {
            walk.table(Reserved::FIELDS, Reserved::LEN);
            walk.bytes(row!(PARTS, "hmac"), 20);
        }
        (subtype::DSS, _) => {
            let here = walk.rest();
            walk.table(Dss::FIELDS, Dss::LEN);
            let Some(dss) = Dss::new(here) else { return };
            if dss.ack() {
                walk.bytes(row!(PARTS, "dataack"), if dss.ack8() { 8 } else { 4 });
            }
            if dss.seq() {
                walk.bytes(row!(PARTS, "dataseq"), if dss.seq8() { 8 } else { 4 });
                walk.bytes(row!(PARTS, "subseq"), 4);
                walk.bytes(row!(PARTS, "datalen"), 2);
                walk.bytes(row!(PARTS, "checksum"), 2);
            }
        }
        (subtype::ADD_ADDR, len) => {
            walk.table(AddAddr::FIELDS, AddAddr::LEN);
            if len >= 20 { walk.bytes(row!(PARTS, "ipv6"), 16) } else { walk.bytes(row!(PARTS, "ipv4"), 4) }
            if matches!(len, 10 | 18 | 22 | 30) {
                walk.bytes(row!(PARTS, "port"), 2);
            }
            walk.bytes(row!(PARTS, "addrmac"), 8);
        }
        (subtype::REMOVE_ADDR, _) => {
            walk.table(Subtype::FIELDS, Subtype::LEN);
            while !walk.rest().is_empty() {
                walk.bytes(row!(PARTS, "addrid"), 1);
            }
        }
        (subtype::PRIO, 3) => {
            walk.table(Prio::FIELDS, Prio::LEN);
        }
        (subtype::PRIO, _) => {
            walk.table(Join::FIELDS, Join::LEN);
        }
        (subtype::FAIL, _) => {
            walk.table(Reserved::FIELDS, Reserved::LEN);
            walk.bytes(row!(PARTS, "dataseq"), 8);
        }
        (subtype::FAST_CLOSE, _) => {
            walk.table(Reserved::FIELDS, Reserved::LEN);
            walk.bytes(row!(PARTS, "recvkey"), 8);
        }
        (subtype::TCP_RST, _) => {
            walk.table(Reset::FIELDS, Reset::LEN);
        }
        _ => {
            walk.table(Subtype::FIELDS, Subtype::LEN);
        }
    }
}

/// Writes an option whose bytes behind kind and length these are; returns whether its length is right for what it says.
///
/// # Errors
///
/// The captured bytes run out in it.
pub(super) fn words(line: &mut Line<'_>, mut option: Reader<'_>, is_syn: bool, is_ack: bool) -> Result<bool, Cut> {
    let len = option.left() + 2;
    let Some(first) = option.rest().first().copied() else { return Ok(false) };
    line.text(" ");
    line.len(len);
    let is_right = match first >> 4 {
        subtype::CAPABLE => {
            line.text(" capable");
            // The option of a SYN has the sender's key, or in version 1 none; later ones have both.
            let is_right = if is_syn { matches!(len, 4 | 12) } else { is_ack && matches!(len, 20 | 22) };
            is_right && capable(line, &mut option, len)?
        }
        subtype::JOIN => {
            line.text(" join");
            join(line, &mut option, (len, is_syn, is_ack))?
        }
        subtype::DSS => {
            line.text(" dss");
            !is_syn && dss(line, &mut option)?
        }
        subtype::ADD_ADDR => {
            line.text(" add-addr");
            matches!(len, 8 | 10 | 16 | 18 | 20 | 22 | 28 | 30) && add_addr(line, &mut option, len)?
        }
        subtype::REMOVE_ADDR => {
            line.text(" rem-addr");
            remove_addr(line, &mut option)?
        }
        subtype::PRIO => {
            line.text(" prio");
            matches!(len, 3 | 4) && prio(line, &mut option)?
        }
        subtype::FAIL if len == 12 => {
            line.text(" fail seq ");
            option.u16()?;
            line.dec(option.u64()?);
            true
        }
        subtype::FAIL => {
            line.text(" fail");
            false
        }
        subtype::FAST_CLOSE if len == 12 => {
            line.text(" fast-close key 0x");
            option.u16()?;
            line.hex(option.u64()?);
            true
        }
        subtype::FAST_CLOSE => {
            line.text(" fast-close");
            false
        }
        _ => {
            line.text(" unknown");
            true
        }
    };
    Ok(is_right)
}

fn capable(line: &mut Line<'_>, option: &mut Reader<'_>, len: usize) -> Result<bool, Cut> {
    let bytes = option.array()?;
    let capable = Capable(&bytes);
    if capable.version() > 1 {
        line.text(" Unknown Version (");
        line.dec(capable.version());
        line.text(")");
        return Ok(true);
    }
    line.text(" v");
    line.dec(capable.version());
    if capable.csum() {
        line.text(" csum");
    }
    if len >= 12 {
        line.text(" {0x");
        line.hex(option.u64()?);
        if len >= 20 {
            line.text(",0x");
            line.hex(option.u64()?);
        }
        line.text("}");
    }
    Ok(true)
}

fn join(
    line: &mut Line<'_>,
    option: &mut Reader<'_>,
    (len, is_syn, is_ack): (usize, bool, bool),
) -> Result<bool, Cut> {
    let is_right = (is_syn && len == 12) || (is_syn && is_ack && len == 16) || (is_ack && len == 24);
    if !is_right {
        return Ok(false);
    }
    let bytes = option.array()?;
    let join = Join(&bytes);
    if len != 24 {
        if join.backup() {
            line.text(" backup");
        }
        line.text(" id ");
        line.dec(join.addrid());
    }
    match len {
        12 => {
            line.text(" token 0x");
            line.hex(option.u32()?);
            line.text(" nonce 0x");
            line.hex(option.u32()?);
        }
        16 => {
            line.text(" hmac 0x");
            line.hex(option.u64()?);
            line.text(" nonce 0x");
            line.hex(option.u32()?);
        }
        _ => {
            line.text(" hmac 0x");
            for byte in option.take(20)? {
                line.hex_wide(*byte, 2);
            }
        }
    }
    Ok(true)
}

fn dss(line: &mut Line<'_>, option: &mut Reader<'_>) -> Result<bool, Cut> {
    if option.left() < Dss::LEN {
        return Ok(false);
    }
    let bytes = option.array()?;
    let dss = Dss(&bytes);
    if dss.fin() {
        line.text(" fin");
    }
    if dss.ack() {
        line.text(" ack ");
        if !number(line, option, dss.ack8())? {
            return Ok(false);
        }
    }
    if dss.seq() {
        line.text(" seq ");
        if !number(line, option, dss.seq8())? || option.left() < 4 {
            return Ok(false);
        }
        line.text(" subseq ");
        line.dec(option.u32()?);
        if option.left() < 2 {
            return Ok(false);
        }
        line.text(" len ");
        line.dec(option.u16()?);
        if option.left() >= 2 {
            line.text(" csum 0x");
            line.hex(option.u16()?);
        }
    }
    Ok(option.is_empty())
}

/// Writes a number of 4 or 8 bytes, if there is room for it.
fn number(line: &mut Line<'_>, option: &mut Reader<'_>, is_long: bool) -> Result<bool, Cut> {
    match (is_long, option.left()) {
        (true, 8..) => line.dec(option.u64()?),
        (false, 4..) => line.dec(option.u32()?),
        _ => return Ok(false),
    }
    Ok(true)
}

fn add_addr(line: &mut Line<'_>, option: &mut Reader<'_>, len: usize) -> Result<bool, Cut> {
    let bytes = option.array()?;
    let add = AddAddr(&bytes);
    // Version 0 has the IP version where later ones have the echo.
    line.text(match (add.reserved(), add.echo()) {
        (0, false) => " v1",
        (0, true) => " v1-echo",
        (2, false) => " v0-ip4",
        (3, false) => " v0-ip6",
        _ => " [bad version/echo]",
    });
    line.text(" id ");
    line.dec(add.addrid());
    line.text(" ");
    if len >= 20 { line.address(option.ipv6()?) } else { line.address(option.ipv4()?) }
    if matches!(len, 10 | 18 | 22 | 30) {
        line.text(":");
        line.dec(option.u16()?);
    }
    if matches!(len, 16 | 18 | 28 | 30) {
        line.text(" hmac 0x");
        line.hex(option.u64()?);
    }
    Ok(true)
}

fn remove_addr(line: &mut Line<'_>, option: &mut Reader<'_>) -> Result<bool, Cut> {
    option.u8()?;
    if option.is_empty() {
        return Ok(false);
    }
    line.text(" id");
    while !option.is_empty() {
        line.text(" ");
        line.dec(option.u8()?);
    }
    Ok(true)
}

fn prio(line: &mut Line<'_>, option: &mut Reader<'_>) -> Result<bool, Cut> {
    line.text(if option.u8()? & 1 == 1 { " backup" } else { " non-backup" });
    if !option.is_empty() {
        line.text(" id ");
        line.dec(option.u8()?);
    }
    Ok(true)
}
