//! The options of an OPT record: RFC 6891, section 6.1.2.
//!
//! ```text
//!                +0 (MSB)                            +1 (LSB)
//!     +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
//!  0: |                          OPTION-CODE                          |
//!     +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
//!  2: |                         OPTION-LENGTH                         |
//!     +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
//!  4: |                                                               |
//!     /                          OPTION-DATA                          /
//!     /                                                               /
//!     +---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+---+
//! ```

use super::format::{Format, bytes, dec, domain, fixed, repeat, text};
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::walk::{Value, Walk};

/// Options that are told in words of their own. Source: IANA's registry of DNS EDNS0 option codes.
pub(super) mod number {
    pub(crate) const DAU: u16 = 5;
    pub(crate) const DHU: u16 = 6;
    pub(crate) const N3U: u16 = 7;
    pub(crate) const ECS: u16 = 8;
    pub(crate) const EXPIRE: u16 = 9;
    pub(crate) const COOKIE: u16 = 10;
    pub(crate) const KEEPALIVE: u16 = 11;
    pub(crate) const PADDING: u16 = 12;
    pub(crate) const CHAIN: u16 = 13;
    pub(crate) const KEY_TAG: u16 = 14;
    pub(crate) const EDE: u16 = 15;
}

/// What stands before the data of each.
pub(super) const HEAD: &[Field] = &[
    dec("optcode", "dns.opt.code", 16, "Option code: which it is."),
    Field { from: 16, to: 32, rule: Rule::Computed(Computed::Following), ..dec("optlen", "dns.opt.len", 16, "Option length: of what follows.") },
];
pub(super) const DATA: &[Field] = &[Field::variable("optdata", "dns.opt.data", Kind::Bytes, "Option data: as bytes.").derived()];
pub(super) const DAU: &[Field] = &[dec("dau", "dns.opt.dau", 8, "Algorithm: of signatures that is understood.")];
pub(super) const DHU: &[Field] = &[dec("dhu", "dns.opt.dhu", 8, "Algorithm: of digests that is understood.")];
pub(super) const N3U: &[Field] = &[dec("n3u", "dns.opt.n3u", 8, "Algorithm: of NSEC3's hashes that is understood.")];
pub(super) const ECS: &[Field] = &[
    dec("ecsfamily", "dns.opt.client.family", 16, "Family: 1 is IPv4, 2 is IPv6."),
    dec("source_plen", "dns.opt.client.netmask", 8, "Source netmask: how many bits are told."),
    dec("scope_plen", "dns.opt.client.scope", 8, "Scope netmask: for how many bits the answer holds."),
];
pub(super) const ECS_PARTS: &[Field] = &[
    Field::variable("address4", "dns.opt.client.addr4", Kind::Ipv4Prefix, "Client subnet: whose question it is."),
    Field::variable("address6", "dns.opt.client.addr6", Kind::Ipv6Prefix, "Client subnet: whose question it is."),
    bytes("address", "dns.opt.client.addr", "Client subnet: of another family."),
];
pub(super) const COOKIE: &[Field] = &[
    fixed("clientcookie", "dns.opt.cookie.client", Kind::Bytes, 64, "Client cookie: the same in every question to a server."),
    bytes("servercookie", "dns.opt.cookie.server", "Server cookie: by which it knows the client again."),
];
pub(super) const KEEPALIVE: &[Field] =
    &[dec("timeout", "dns.opt.edns_tcp_keepalive.timeout", 16, "Timeout: in tenths of a second.")];
pub(super) const PADDING: &[Field] = &[bytes("padding", "dns.opt.padding", "Padding: so that lengths tell less.")];
pub(super) const CHAIN: &[Field] = &[domain("chain", "dns.opt.chain.fqdn", "Closest trust point: that is known already.")];
pub(super) const EDE: &[Field] = &[
    dec("info_code", "dns.opt.ext_error.info_code", 16, "Info code: what went wrong."),
    text("extra_text", "dns.opt.ext_error.extra_text", "Extra text: about it."),
];

/// The options, in the order of their codes. Source: IANA's registry of DNS EDNS0 option codes.
const FORMATS: &[Format] = &[
    Format::new(1, "LLQ", &[]),
    Format::new(2, "UL", &[]),
    Format::new(3, "NSID", &[]),
    Format::new(number::DAU, "DAU", &[]).then(|walk, _, message| repeat(walk, DAU, message)),
    Format::new(number::DHU, "DHU", &[]).then(|walk, _, message| repeat(walk, DHU, message)),
    Format::new(number::N3U, "N3U", &[]).then(|walk, _, message| repeat(walk, N3U, message)),
    Format::new(number::ECS, "ECS", ECS).then(client_subnet),
    Format::new(number::EXPIRE, "EXPIRE", &[]),
    Format::new(number::COOKIE, "COOKIE", COOKIE),
    Format::new(number::KEEPALIVE, "KEEPALIVE", KEEPALIVE),
    Format::new(number::PADDING, "PADDING", PADDING),
    Format::new(number::CHAIN, "CHAIN", CHAIN),
    Format::new(number::KEY_TAG, "KEY-TAG", &[]),
    Format::new(number::EDE, "EDE", EDE),
    Format::new(16, "CLIENT-TAG", &[]),
    Format::new(17, "SERVER-TAG", &[]),
];

/// Finds an option.
pub(super) fn format(code: u16) -> Option<&'static Format> {
    Format::find(FORMATS, code)
}

/// Walks the options of an OPT record.
pub(super) fn walk<'a>(walk: &mut Walk<'a, '_>, _data: &'a [u8], message: usize) {
    while let Some(([a, b, c, d], rest)) = walk.rest().split_first_chunk() {
        let (code, len) = (u16::from_be_bytes([*a, *b]), usize::from(u16::from_be_bytes([*c, *d])));
        let data = rest.get(..len).unwrap_or(rest);
        walk.record(row!(super::PARTS, "opt"), 4 + len, |walk| {
            walk.table(HEAD, 4);
            walk.derived(row!(DATA, "optdata"), Value::Bytes(data));
            if let Some(format) = format(code) {
                format.walk(walk, message);
            }
        });
    }
}

/// Walks the address of a client subnet: RFC 7871, section 6.
fn client_subnet<'a>(walk: &mut Walk<'a, '_>, data: &'a [u8], _message: usize) {
    let field = match data {
        [0, 1, ..] => row!(ECS_PARTS, "address4"),
        [0, 2, ..] => row!(ECS_PARTS, "address6"),
        _ => row!(ECS_PARTS, "address"),
    };
    walk.bytes(field, usize::MAX);
}
