//! The types of records, and how their data is laid out. Source: IANA's registry of DNS parameters, and the RFCs it names.

use super::format::{self, Format, repeat};
use super::{edns, rows, svcb};
use crate::field::{Field, row};
use crate::name;
use crate::walk::{Value, Walk};

/// Types of records that are told in words of their own.
pub(super) mod number {
    pub(crate) const A: u16 = 1;
    pub(crate) const NS: u16 = 2;
    pub(crate) const CNAME: u16 = 5;
    pub(crate) const SOA: u16 = 6;
    pub(crate) const PTR: u16 = 12;
    pub(crate) const MX: u16 = 15;
    pub(crate) const TXT: u16 = 16;
    pub(crate) const AAAA: u16 = 28;
    pub(crate) const SRV: u16 = 33;
    pub(crate) const A6: u16 = 38;
    pub(crate) const DNAME: u16 = 39;
    pub(crate) const OPT: u16 = 41;
    pub(crate) const SVCB: u16 = 64;
    pub(crate) const HTTPS: u16 = 65;
    /// UNSPECA of BIND once; its number is the node identifier's now.
    pub(crate) const UNSPECA: u16 = 104;
    pub(crate) const TSIG: u16 = 250;
    pub(crate) const URI: u16 = 256;
}

/// The types, in the order of their numbers.
const FORMATS: &[Format] = &[
    Format::new(1, "A", rows::A),
    Format::new(2, "NS", rows::NS),
    Format::new(3, "MD", rows::MD),
    Format::new(4, "MF", rows::MF),
    Format::new(5, "CNAME", rows::CNAME),
    Format::new(6, "SOA", rows::SOA),
    Format::new(7, "MB", rows::MB),
    Format::new(8, "MG", rows::MG),
    Format::new(9, "MR", rows::MR),
    Format::new(10, "NULL", rows::NULL),
    Format::new(11, "WKS", rows::WKS).then(|walk, _, message| repeat(walk, rows::WKS_BITS, message)),
    Format::new(12, "PTR", rows::PTR),
    Format::new(13, "HINFO", rows::HINFO),
    Format::new(14, "MINFO", rows::MINFO),
    Format::new(15, "MX", rows::MX),
    Format::new(16, "TXT", rows::TXT).then(|walk, _, message| repeat(walk, rows::TXT, message)),
    Format::new(17, "RP", rows::RP),
    Format::new(18, "AFSDB", rows::AFSDB),
    Format::new(19, "X25", rows::X25),
    Format::new(20, "ISDN", rows::ISDN),
    Format::new(21, "RT", rows::RT),
    Format::new(22, "NSAP", &[]),
    Format::new(23, "NSAP-PTR", &[]),
    Format::new(24, "SIG", rows::RRSIG),
    Format::new(25, "KEY", rows::KEY).then(|walk, data, _| key_tag(walk, row!(rows::PARTS, "keykey_id"), data)),
    Format::new(26, "PX", rows::PX),
    Format::new(27, "GPOS", rows::GPOS),
    Format::new(28, "AAAA", rows::AAAA),
    Format::new(29, "LOC", rows::LOC),
    Format::new(30, "NXT", rows::NXT).then(nxt),
    Format::new(31, "EID", &[]),
    Format::new(32, "NIMLOC", &[]),
    Format::new(33, "SRV", rows::SRV),
    Format::new(34, "ATMA", &[]),
    Format::new(35, "NAPTR", rows::NAPTR),
    Format::new(36, "KX", rows::KX),
    Format::new(37, "CERT", rows::CERT),
    Format::new(38, "A6", rows::A6).then(a6),
    Format::new(39, "DNAME", rows::DNAME),
    Format::new(40, "SINK", &[]),
    Format::new(41, "OPT", &[]).then(edns::walk),
    Format::new(42, "APL", &[]).then(apl),
    Format::new(43, "DS", rows::DS),
    Format::new(44, "SSHFP", rows::SSHFP),
    Format::new(45, "IPSECKEY", rows::IPSECKEY).then(ipseckey),
    Format::new(46, "RRSIG", rows::RRSIG),
    Format::new(47, "NSEC", rows::NSEC).then(|walk, _, _| type_bitmaps(walk, row!(rows::PARTS, "typebitmaps"))),
    Format::new(48, "DNSKEY", rows::DNSKEY).then(|walk, data, _| key_tag(walk, row!(rows::PARTS, "key_id"), data)),
    Format::new(49, "DHCID", rows::DHCID),
    Format::new(50, "NSEC3", rows::NSEC3).then(|walk, _, _| type_bitmaps(walk, row!(rows::PARTS, "typebitmaps"))),
    Format::new(51, "NSEC3PARAM", rows::NSEC3PARAM),
    Format::new(52, "TLSA", rows::TLSA),
    Format::new(53, "SMIMEA", &[]),
    Format::new(55, "HIP", rows::HIP).then(hip),
    Format::new(59, "CDS", rows::DS),
    Format::new(60, "CDNSKEY", rows::DNSKEY).then(|walk, data, _| key_tag(walk, row!(rows::PARTS, "key_id"), data)),
    Format::new(61, "OPENPGPKEY", rows::OPENPGPKEY),
    Format::new(62, "CSYNC", rows::CSYNC).then(|walk, _, _| type_bitmaps(walk, row!(rows::PARTS, "csynctypes"))),
    Format::new(63, "ZONEMD", &[]),
    Format::new(64, "SVCB", rows::SVCB).then(svcb::walk),
    Format::new(65, "HTTPS", rows::SVCB).then(svcb::walk),
    Format::new(99, "SPF", rows::SPF).then(|walk, _, message| repeat(walk, rows::SPF, message)),
    Format::new(100, "UINFO", &[]),
    Format::new(101, "UID", &[]),
    Format::new(102, "GID", &[]),
    Format::new(103, "UNSPEC", &[]),
    Format::new(104, "NID", rows::NID),
    Format::new(105, "L32", rows::L32),
    Format::new(106, "L64", rows::L64),
    Format::new(107, "LP", rows::LP),
    Format::new(108, "EUI48", rows::EUI48),
    Format::new(109, "EUI64", rows::EUI64),
    Format::new(249, "TKEY", rows::TKEY),
    Format::new(250, "TSIG", rows::TSIG),
    Format::new(251, "IXFR", &[]),
    Format::new(252, "AXFR", &[]),
    Format::new(253, "MAILB", &[]),
    Format::new(254, "MAILA", &[]),
    Format::new(255, "ANY", &[]),
    Format::new(256, "URI", rows::URI),
    Format::new(257, "CAA", rows::CAA).then(caa),
    Format::new(258, "AVC", &[]),
    Format::new(32768, "TA", &[]),
    Format::new(32769, "DLV", rows::DS),
];

/// Finds the layout of a type.
pub(super) fn format(number: u16) -> Option<&'static Format> {
    Format::find(FORMATS, number)
}

/// Names a type of record.
#[must_use]
pub(super) fn record_type(number: u64) -> Option<&'static str> {
    format(u16::try_from(number).ok()?).map(|format| format.name)
}

/// Walks the data of a record, which is all that is left of it.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u16, message: usize) {
    if let Some(format) = format(number) {
        format.walk(walk, message);
    }
    walk.bytes(row!(rows::PARTS, "rdata"), usize::MAX);
}

/// Shows the number by which signatures name a key: RFC 4034, appendix B.
fn key_tag(walk: &mut Walk<'_, '_>, field: &'static Field, data: &[u8]) {
    let byte = |byte: Option<&u8>| u64::from(byte.copied().unwrap_or(0));
    let sum: u64 = data.chunks(2).map(|pair| byte(pair.first()) << 8 | byte(pair.get(1))).sum();
    walk.derived(field, Value::Uint((sum + (sum >> 16 & 0xffff)) & 0xffff));
}

/// Shows by its name what a property of CAA holds.
fn caa<'a>(walk: &mut Walk<'a, '_>, data: &'a [u8], _message: usize) {
    let property = data.split_first_chunk().and_then(|([_, len], rest)| rest.split_at_checked(usize::from(*len)));
    let Some((tag, value)) = property else { return };
    let field = match tag {
        b"issue" => row!(rows::PARTS, "issue"),
        b"issuewild" => row!(rows::PARTS, "issuewild"),
        b"iodef" => row!(rows::PARTS, "iodef"),
        _ => row!(rows::PARTS, "caaunknown"),
    };
    walk.derived(field, Value::Bytes(value));
}

/// Walks bitmaps of types: RFC 4034, section 4.1.2.
fn type_bitmaps(walk: &mut Walk<'_, '_>, field: &'static Field) {
    let mut bitmaps = walk.rest();
    walk.bytes(field, bitmaps.len());
    while let Some(([window, len], rest)) = bitmaps.split_first_chunk() {
        let Some((bits, rest)) = rest.split_at_checked(usize::from(*len)) else { return };
        bitmap(walk, u64::from(*window) << 8, bits);
        bitmaps = rest;
    }
}

/// Walks the bitmap of an NXT record: RFC 2535, section 5.2.
fn nxt<'a>(walk: &mut Walk<'a, '_>, _data: &'a [u8], _message: usize) {
    let bits = walk.rest();
    walk.bytes(row!(rows::PARTS, "typebitmaps"), bits.len());
    bitmap(walk, 0, bits);
}

/// Shows the types whose bits are set, counted from the highest of the first byte.
fn bitmap(walk: &mut Walk<'_, '_>, first: u64, bits: &[u8]) {
    for (place, byte) in (0..).zip(bits) {
        for bit in (0..8).filter(|bit| byte << bit & 0x80 != 0) {
            walk.derived(row!(rows::PARTS, "bitmaptype"), Value::Uint(first + place * 8 + bit));
        }
    }
}

/// Walks what follows the prefix length of an A6 record: RFC 2874, section 3.1.
fn a6<'a>(walk: &mut Walk<'a, '_>, data: &'a [u8], message: usize) {
    let Some(prefix) = data.first().copied().filter(|prefix| *prefix <= 128) else { return };
    walk.bytes(row!(rows::A6_PARTS, "suffix"), usize::from(128 - prefix).div_ceil(8));
    if prefix > 0 {
        domain(walk, row!(rows::A6_PARTS, "prefixname"), message);
    }
}

/// Walks lists of addresses: RFC 3123, section 4.
fn apl<'a>(walk: &mut Walk<'a, '_>, _data: &'a [u8], message: usize) {
    while let Some([_, family, _, byte]) = walk.rest().first_chunk().copied() {
        format::rows(walk, rows::APL, message);
        let field = match family {
            1 => row!(rows::APL_PARTS, "apl4"),
            2 => row!(rows::APL_PARTS, "apl6"),
            _ => row!(rows::APL_PARTS, "apldata"),
        };
        walk.bytes(field, usize::from(byte & 0x7f));
    }
}

/// Walks the gateway and the key of an IPSECKEY record: RFC 4025, section 2.
fn ipseckey<'a>(walk: &mut Walk<'a, '_>, data: &'a [u8], message: usize) {
    match data.get(1) {
        Some(1) => walk.bytes(row!(rows::IPSECKEY_PARTS, "gateway4"), 4),
        Some(2) => walk.bytes(row!(rows::IPSECKEY_PARTS, "gateway6"), 16),
        Some(3) => domain(walk, row!(rows::IPSECKEY_PARTS, "gatewayname"), message),
        _ => {}
    }
    walk.bytes(row!(rows::IPSECKEY_PARTS, "ipseckey"), usize::MAX);
}

/// Walks what the lengths of a HIP record count, and the servers: RFC 8005, section 5.
fn hip<'a>(walk: &mut Walk<'a, '_>, data: &'a [u8], message: usize) {
    let Some([tag, _, high, low]) = data.first_chunk().copied() else { return };
    walk.bytes(row!(rows::HIP_PARTS, "hit"), tag.into());
    walk.bytes(row!(rows::HIP_PARTS, "hippk"), u16::from_be_bytes([high, low]).into());
    while name::len(walk.rest()).is_some() {
        domain(walk, row!(rows::HIP_PARTS, "rendezvous"), message);
    }
}

/// Walks a domain name, if one stands here.
fn domain(walk: &mut Walk<'_, '_>, field: &'static Field, message: usize) {
    if let Some(len) = name::len(walk.rest()) {
        walk.domain_name(field, len, message);
    }
}
