//! The parameters of SVCB and HTTPS records: RFC 9460, section 2.2.

use super::format::{Format, bytes, dec, fixed, length, repeat, text};
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::line::{Line, Reader, Told};
use crate::walk::Walk;

/// What stands before the value of each.
pub(super) const HEAD: &[Field] = &[
    dec("key", "dns.svcb.svcparam.key", 16, "Key: which it is."),
    Field { from: 16, to: 32, rule: Rule::Computed(Computed::Following), ..dec("valuelen", "dns.svcb.svcparam.value.length", 16, "Value length: of what follows.") },
];
pub(super) const MANDATORY: &[Field] =
    &[dec("mandatory", "dns.svcb.svcparam.mandatory.key", 16, "Mandatory key: who does not know it must not use the record.")];
pub(super) const ALPN: &[Field] = &[
    length("alpnlen", "dns.svcb.svcparam.alpn.length", 8, "ALPN length: of what follows."),
    text("alpn", "dns.svcb.svcparam.alpn", "ALPN: a protocol that the service speaks."),
];
pub(super) const PORT: &[Field] = &[dec("svcport", "dns.svcb.svcparam.port", 16, "Port: where the service is.")];
pub(super) const IPV4_HINT: &[Field] = &[fixed("ipv4hint", "dns.svcb.svcparam.ipv4hint.ip", Kind::Ipv4, 32, "Address: where the host may be.")];
pub(super) const IPV6_HINT: &[Field] =
    &[fixed("ipv6hint", "dns.svcb.svcparam.ipv6hint.ip", Kind::Ipv6, 128, "IPv6 address: where the host may be.")];
pub(super) const ECH: &[Field] = &[bytes("ech", "dns.svcb.svcparam.echconfig", "ECH configuration: with which TLS's hello is encrypted.")];
pub(super) const ODOH: &[Field] = &[bytes("odoh", "dns.svcb.svcparam.odohconfig", "ODoH configuration: with which questions are encrypted.")];
pub(super) const VALUE: &[Field] = &[bytes("svcvalue", "dns.svcb.svcparam.value", "Value: as bytes.")];

/// The parameters, in the order of their keys: with rows that come once or, behind it, again and again. Source: IANA's registry
/// of DNS service bindings.
const FORMATS: &[Format] = &[
    Format::new(0, "mandatory", &[]).then(|walk, _, message| repeat(walk, MANDATORY, message)),
    Format::new(1, "alpn", &[]).then(|walk, _, message| repeat(walk, ALPN, message)),
    Format::new(2, "no-default-alpn", &[]),
    Format::new(3, "port", PORT),
    Format::new(4, "ipv4hint", &[]).then(|walk, _, message| repeat(walk, IPV4_HINT, message)),
    Format::new(5, "ech", ECH),
    Format::new(6, "ipv6hint", &[]).then(|walk, _, message| repeat(walk, IPV6_HINT, message)),
    Format::new(7, "dohpath", VALUE),
    Format::new(32769, "odoh", ODOH),
];

/// Walks the parameters.
pub(super) fn walk<'a>(walk: &mut Walk<'a, '_>, _data: &'a [u8], message: usize) {
    while let Some([a, b, c, d]) = walk.rest().first_chunk().copied() {
        let (key, len) = (u16::from_be_bytes([a, b]), usize::from(u16::from_be_bytes([c, d])));
        walk.record(row!(super::PARTS, "svcparam"), 4 + len, |walk| {
            walk.table(HEAD, 4);
            match Format::find(FORMATS, key) {
                Some(format) => format.walk(walk, message),
                None => walk.bytes(row!(VALUE, "svcvalue"), usize::MAX),
            }
        });
    }
}

/// Writes the parameters: ` alpn=h2,h3 port=443 ipv4hint=192.0.2.1`; those that are not for people by their names alone.
pub(super) fn words(line: &mut Line<'_>, data: &mut Reader<'_>) -> Told {
    while !data.is_empty() {
        let key = data.u16()?;
        let len = data.u16()?;
        let mut value = data.part(len.into())?;
        line.text(" ");
        match Format::find(FORMATS, key) {
            Some(format) => line.text(format.name),
            None => {
                line.text("key");
                line.dec(key);
            }
        }
        let mut before = "=";
        while !value.is_empty() && matches!(key, 1 | 3 | 4 | 6 | 7) {
            line.text(before);
            match key {
                1 => {
                    let len = value.u8()?;
                    line.safe(value.take(len.into())?);
                }
                3 => line.dec(value.u16()?),
                4 => line.ipv4(value.ipv4()?),
                6 => line.ipv6(value.ipv6()?),
                _ => line.safe(value.take_up_to(usize::MAX)),
            }
            before = ",";
        }
    }
    Ok(())
}
