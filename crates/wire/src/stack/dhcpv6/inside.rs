//! What is in the options of DHCPv6 that have parts: DUIDs, identity associations, names, messages within messages.

use core::net::Ipv6Addr;

use super::options::{self, code};
use super::{Dhcpv6, Relay, is_relayed};
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::header::header;
use crate::name;
use crate::walk::{Value, Walk};

/// How deep options and messages are gone into; what is deeper stays bytes.
const DEEPEST: usize = 32;

header! {
    /// An identity association with times.
    pub struct Ia: 12 bytes;

    /// IAID: which of the client's it is.
    iaid: [u8; 4] = 0..32, Digits, "dhcpv6.iaid", default(0);
    /// T1: when to renew, in seconds.
    t1: u32 = 32..64, Dec, "dhcpv6.iaid.t1", default(0);
    /// T2: when to rebind, in seconds.
    t2: u32 = 64..96, Dec, "dhcpv6.iaid.t2", default(0);
}

header! {
    /// An address with its times.
    pub struct Address: 24 bytes;

    /// IPv6 address: the client's.
    addr: Ipv6Addr = 0..128, Ipv6, "dhcpv6.iaaddr.ip", default(0);
    /// Preferred lifetime: in seconds.
    preflft: u32 = 128..160, Dec, "dhcpv6.iaaddr.pref_lifetime", default(0);
    /// Valid lifetime: in seconds.
    validlft: u32 = 160..192, Dec, "dhcpv6.iaaddr.valid_lifetime", default(0);
}

header! {
    /// A prefix with its times.
    pub struct Prefix: 25 bytes;

    /// Preferred lifetime: in seconds.
    preflft: u32 = 0..32, Dec, "dhcpv6.iaprefix.pref_lifetime", default(0);
    /// Valid lifetime: in seconds.
    validlft: u32 = 32..64, Dec, "dhcpv6.iaprefix.valid_lifetime", default(0);
    /// Prefix length: in bits.
    plen: u8 = 64..72, Dec, "dhcpv6.iaprefix.pref_len", default(48);
    /// Prefix address: the client's.
    prefix: Ipv6Addr = 72..200, Ipv6, "dhcpv6.iaprefix.pref_addr", default(0);
}

header! {
    /// The fixed part of authentication.
    pub struct Authentication: 11 bytes;

    /// Protocol: 2 is delayed, 3 is of Reconfigure.
    proto: u8 = 0..8, Dec, "dhcpv6.auth.protocol", default(3);
    /// Algorithm: 1 is HMAC-MD5.
    alg: u8 = 8..16, Dec, "dhcpv6.auth.algorithm", default(1);
    /// Replay detection method: 0 is a counter that grows.
    rdm: u8 = 16..24, Dec, "dhcpv6.auth.rdm", default(0);
    /// Replay detection: the counter.
    replay: [u8; 8] = 24..88, Bytes, "dhcpv6.auth.replay_detection", default(0);
}

header! {
    /// The flags before a client's domain name, RFC 4704, as a client sends them.
    pub struct ClientFqdn: 1 bytes;

    /// Flags: who updates which names.
    flags: u8 = 0..8, Hex, "dhcpv6.client_fqdn_flags", default(0);
    /// N bit: the server is to update nothing.
    n: bool = 5..6, Flag, "dhcpv6.clientfqdn.client.n", part;
    /// S bit: the server is to update the name's address.
    s: bool = 7..8, Flag, "dhcpv6.clientfqdn.client.s", part;
}

header! {
    /// The flags before a client's domain name, as a server sends them.
    pub struct ServerFqdn: 1 bytes;

    /// Flags: who updates which names.
    flags: u8 = 0..8, Hex, "dhcpv6.client_fqdn_flags", default(0);
    /// N bit: the server updates nothing.
    n: bool = 5..6, Flag, "dhcpv6.clientfqdn.server.n", part;
    /// O bit: the server does otherwise than it was asked.
    o: bool = 6..7, Flag, "dhcpv6.clientfqdn.server.o", part;
    /// S bit: the server updates the name's address.
    s: bool = 7..8, Flag, "dhcpv6.clientfqdn.server.s", part;
}

header! {
    /// What stands before a time server, RFC 5908.
    pub struct NtpOption: 4 bytes;

    /// Suboption: 1 is an address, 2 of multicast, 3 a name.
    number: u16 = 0..16, Dec, "dhcpv6.ntpserver.option.type", default(1);
    /// Length: of what follows.
    length: u16 = 16..32, Dec, "dhcpv6.ntpserver.option.length", computed(Following);
}

header! {
    /// What stands before an option of a vendor.
    pub struct VendorOption: 4 bytes;

    /// Option code: which it is, as the vendor counts.
    number: u16 = 0..16, Dec, "dhcpv6.vendoropts.enterprise.option_code", default(0);
    /// Option length: of what follows.
    length: u16 = 16..32, Dec, "dhcpv6.vendoropts.enterprise.option_length", computed(Following);
}

/// A row of a length before what it counts.
const fn length(name: &'static str, path: &'static str) -> Field {
    let field = Field::variable(name, path, Kind::Dec, "Length: of what follows.").wide(16);
    Field { rule: Rule::Computed(Computed::Following), ..field }
}

/// The rows of what has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::bytes("duid", "dhcpv6.duid.bytes", "DUID: by which somebody is known.").derived(),
    Field::variable("duid_type", "dhcpv6.duid.type", Kind::Dec, "DUID Type: how it was made."),
    Field::variable("llt_hwtype", "dhcpv6.duidllt.hwtype", Kind::Dec, "Hardware type: of the address."),
    Field::variable("llt_time", "dhcpv6.duidllt.time", Kind::DuidTime, "DUID Time: when it was made."),
    Field::variable("llt_addr", "dhcpv6.duidllt.link_layer_addr", Kind::Mac, "Link-layer address: of an interface."),
    Field::variable("en_number", "dhcpv6.duiden.enterprise", Kind::Dec, "Enterprise ID: who made it."),
    Field::bytes("en_id", "dhcpv6.duiden.identifier", "Identifier: as the enterprise made it."),
    Field::variable("ll_hwtype", "dhcpv6.duidll.hwtype", Kind::Dec, "Hardware type: of the address."),
    Field::variable("ll_addr", "dhcpv6.duidll.link_layer_addr", Kind::Mac, "Link-layer address: of an interface."),
    Field::variable("llt_other", "dhcpv6.duidllt.link_layer_addr", Kind::Digits, "Link-layer address: of another network."),
    Field::variable("ll_other", "dhcpv6.duidll.link_layer_addr", Kind::Digits, "Link-layer address: of another network."),
    Field::bytes("uuid", "dhcpv6.duiduuid.bytes", "UUID: RFC 6355."),
    Field::variable("iata", "dhcpv6.iata", Kind::Digits, "IAID: which of the client's it is."),
    Field::variable("realm", "dhcpv6.auth.realm", Kind::Text, "DHCP realm: whose key it is."),
    Field::variable("key_id", "dhcpv6.auth.key_id", Kind::Dec, "Key ID: which key was used."),
    Field::bytes("hmac", "dhcpv6.auth.md5_data", "HMAC-MD5 data: of the message."),
    Field::bytes("authinfo", "dhcpv6.auth.info", "Authentication Information: as the protocol has it."),
    Field::variable("status", "dhcpv6.status_code", Kind::DecOf(status), "Status Code: how it went."),
    Field::variable("statusmsg", "dhcpv6.status_msg", Kind::Text, "Status Message: how it went, in words."),
    Field::variable("class", "", Kind::Record, "Class: an instance."),
    length("classlen", "dhcpv6.userclass.length"),
    Field::bytes("classdata", "dhcpv6.userclass.opaque_data", "Suboption: the class."),
    Field::variable("vc_number", "dhcpv6.vendorclass.enterprise", Kind::Dec, "Enterprise ID: who defined the class."),
    length("vc_len", ""),
    Field::variable("vc_data", "dhcpv6.vendorclass.data", Kind::Text, "vendor-class-data: the class."),
    Field::variable("vo_number", "dhcpv6.vendoropts.enterprise", Kind::Dec, "Enterprise ID: whose options they are."),
    Field::variable("vo", "", Kind::Record, "Vendor option: as the vendor defined it."),
    Field::bytes("vo_data", "dhcpv6.vendoropts.enterprise.option_data", "Option data: as the vendor defined it."),
    Field::variable("sip", "dhcpv6.sip_server_domain_search_fqdn", Kind::RootedName, "SIP Server Domain Search FQDN: a name."),
    Field::variable("search", "dhcpv6.search_list_entry", Kind::RootedName, "List entry: a domain to search in."),
    Field::variable("nis", "dhcpv6.nis_fqdn", Kind::RootedName, "NIS FQDN: the domain."),
    Field::variable("nisp", "dhcpv6.nisp_fqdn", Kind::RootedName, "NISP FQDN: the domain."),
    Field::variable("bcmcs", "dhcpv6.bcmcs_server_fqdn", Kind::RootedName, "BCMCS server FQDN: a name."),
    Field::variable("aftr", "dhcpv6.aftr_name", Kind::RootedName, "DS-Lite AFTR Name: the far end of the tunnel."),
    Field::variable("fqdn", "dhcpv6.client_domain", Kind::RootedName, "Client Domain Name: as DNS has it."),
    Field::variable("rid_number", "dhcpv6.remoteid.enterprise", Kind::Dec, "Enterprise ID: who made it."),
    Field::bytes("rid", "dhcpv6.remoteid_enterprise_id", "Remote-ID: who is there."),
    Field::variable("lq_type", "dhcpv6.lq_query", Kind::Dec, "Query-type: by what is asked."),
    Field::variable("lq_link", "dhcpv6.lq_query_link_address", Kind::Ipv6, "Link address: which link is meant."),
    Field::variable("lq_peer", "dhcpv6.lq_relay_data_peer_addr", Kind::Ipv6, "Peer address: of the relay agent."),
    Field::variable("lq_msg", "dhcpv6.lq_relay_data_msg", Kind::Text, "DHCPv6 relay message: the last one."),
    Field::variable("ntp", "", Kind::Record, "Time server: one of them."),
    Field::variable("ntp_addr", "dhcpv6.ntpserver.addr", Kind::Ipv6, "NTP Server Address: of a server."),
    Field::variable("ntp_mc", "dhcpv6.ntpserver.mc_addr", Kind::Ipv6, "NTP Multicast Address: of servers."),
    Field::variable("ntp_fqdn", "dhcpv6.ntpserver.fqdn", Kind::RootedName, "NTP Server FQDN: of a server."),
    Field::variable("pde_len", "dhcpv6.pd_exclude.pref_len", Kind::Dec, "Prefix length: of what is left out."),
    Field::bytes("pde_id", "dhcpv6.pd_exclude.subnet_id", "IPv6 subnet ID: what is left out."),
];

/// Names a status code. Source: IANA's registry.
fn status(number: u64) -> Option<&'static str> {
    const NAMES: [&str; 11] = [
        "Success", "UnspecFail", "NoAddrsAvail", "NoBinding", "NotOnLink", "UseMulticast", "NoPrefixAvail",
        "UnknownQueryType", "MalformedQuery", "NotConfigured", "NotAllowed",
    ];
    NAMES.get(usize::try_from(number).ok()?).copied()
}

/// Shows a message, which is the rest of the header or the record.
pub(super) fn message(walk: &mut Walk<'_, '_>, depth: usize) {
    let msgtype = walk.rest().first().copied();
    let is_whole = match msgtype {
        Some(msgtype) if is_relayed(msgtype) => walk.table(Relay::FIELDS, Relay::LEN),
        _ => walk.table(Dhcpv6::FIELDS, Dhcpv6::LEN),
    };
    if is_whole {
        options::walk(walk, depth);
    }
}

/// Shows what is in an option, which is the rest; what is not understood is left over.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u16, depth: usize) {
    let len = walk.rest().len();
    let options = |walk: &mut Walk<'_, '_>| {
        if depth < DEEPEST {
            options::walk(walk, depth + 1);
        }
    };
    match number {
        code::CLIENT_ID | code::SERVER_ID | code::RELAY_ID => duid(walk),
        code::IA_NA | code::IA_PD if len >= Ia::LEN => {
            walk.table(Ia::FIELDS, Ia::LEN);
            options(walk);
        }
        code::IA_TA if len >= 4 => {
            walk.bytes(row!(PARTS, "iata"), 4);
            options(walk);
        }
        code::IA_ADDR if len >= Address::LEN => {
            walk.table(Address::FIELDS, Address::LEN);
            options(walk);
        }
        code::IA_PREFIX if len >= Prefix::LEN => {
            walk.table(Prefix::FIELDS, Prefix::LEN);
            options(walk);
        }
        code::LQ_QUERY if len >= 17 => {
            walk.bytes(row!(PARTS, "lq_type"), 1);
            walk.bytes(row!(PARTS, "lq_link"), 16);
            options(walk);
        }
        code::LQ_CLIENT_DATA | code::RELAY_SUPPLIED | code::MAP_E | code::MAP_T | code::LIGHTWEIGHT => options(walk),
        code::RELAY_MESSAGE if depth < DEEPEST => message(walk, depth + 1),
        code::LQ_RELAY_DATA if len >= 16 => {
            walk.bytes(row!(PARTS, "lq_peer"), 16);
            walk.bytes(row!(PARTS, "lq_msg"), usize::MAX);
        }
        code::AUTHENTICATION if len >= Authentication::LEN => authentication(walk),
        code::STATUS_CODE if len >= 2 => {
            walk.bytes(row!(PARTS, "status"), 2);
            walk.bytes(row!(PARTS, "statusmsg"), usize::MAX);
        }
        code::USER_CLASS => {
            while let [a, b, ref rest @ ..] = *walk.rest() {
                let len = usize::from(u16::from_be_bytes([a, b]));
                if len > rest.len() {
                    break;
                }
                walk.record(row!(PARTS, "class"), 2 + len, |walk| {
                    walk.bytes(row!(PARTS, "classlen"), 2);
                    walk.bytes(row!(PARTS, "classdata"), usize::MAX);
                });
            }
        }
        code::VENDOR_CLASS if len >= 4 => {
            walk.bytes(row!(PARTS, "vc_number"), 4);
            while let [a, b, ref rest @ ..] = *walk.rest() {
                let len = usize::from(u16::from_be_bytes([a, b]));
                if len > rest.len() {
                    break;
                }
                walk.record(row!(PARTS, "class"), 2 + len, |walk| {
                    walk.bytes(row!(PARTS, "vc_len"), 2);
                    walk.bytes(row!(PARTS, "vc_data"), usize::MAX);
                });
            }
        }
        code::VENDOR_OPTIONS if len >= 4 => {
            walk.bytes(row!(PARTS, "vo_number"), 4);
            while let [_, _, a, b, ref rest @ ..] = *walk.rest() {
                let len = usize::from(u16::from_be_bytes([a, b]));
                if len > rest.len() {
                    break;
                }
                walk.record(row!(PARTS, "vo"), VendorOption::LEN + len, |walk| {
                    walk.table(VendorOption::FIELDS, VendorOption::LEN);
                    walk.bytes(row!(PARTS, "vo_data"), usize::MAX);
                });
            }
        }
        code::SIP_DOMAINS => names(walk, row!(PARTS, "sip")),
        code::DOMAIN_SEARCH => names(walk, row!(PARTS, "search")),
        code::NIS_DOMAIN => names(walk, row!(PARTS, "nis")),
        code::NISP_DOMAIN => names(walk, row!(PARTS, "nisp")),
        code::BCMCS_DOMAINS => names(walk, row!(PARTS, "bcmcs")),
        code::AFTR_NAME => names(walk, row!(PARTS, "aftr")),
        code::CLIENT_FQDN if len >= 1 => {
            let is_servers = matches!(walk.header().first(), Some(2 | 7));
            let fields = if is_servers { ServerFqdn::FIELDS } else { ClientFqdn::FIELDS };
            walk.table(fields, 1);
            names(walk, row!(PARTS, "fqdn"));
        }
        code::REMOTE_ID if len >= 4 => {
            walk.bytes(row!(PARTS, "rid_number"), 4);
            walk.bytes(row!(PARTS, "rid"), usize::MAX);
        }
        code::NTP_SERVER => {
            while let [_, _, a, b, ref rest @ ..] = *walk.rest() {
                let len = usize::from(u16::from_be_bytes([a, b]));
                if len > rest.len() {
                    break;
                }
                walk.record(row!(PARTS, "ntp"), NtpOption::LEN + len, ntp);
            }
        }
        code::PD_EXCLUDE if len >= 2 => {
            walk.bytes(row!(PARTS, "pde_len"), 1);
            walk.bytes(row!(PARTS, "pde_id"), usize::MAX);
        }
        _ => {}
    }
}

/// Shows a DUID: RFC 8415, section 11.
fn duid(walk: &mut Walk<'_, '_>) {
    let bytes = walk.rest();
    walk.derived(row!(PARTS, "duid"), Value::Bytes(bytes));
    let Some(kind) = bytes.first_chunk().copied().map(u16::from_be_bytes) else { return };
    walk.bytes(row!(PARTS, "duid_type"), 2);
    match (kind, walk.rest().len()) {
        (1, 6..) => {
            walk.bytes(row!(PARTS, "llt_hwtype"), 2);
            walk.bytes(row!(PARTS, "llt_time"), 4);
            let field = if walk.rest().len() == 6 { row!(PARTS, "llt_addr") } else { row!(PARTS, "llt_other") };
            walk.bytes(field, usize::MAX);
        }
        (2, 4..) => {
            walk.bytes(row!(PARTS, "en_number"), 4);
            walk.bytes(row!(PARTS, "en_id"), usize::MAX);
        }
        (3, 2..) => {
            walk.bytes(row!(PARTS, "ll_hwtype"), 2);
            let field = if walk.rest().len() == 6 { row!(PARTS, "ll_addr") } else { row!(PARTS, "ll_other") };
            walk.bytes(field, usize::MAX);
        }
        (4, _) => walk.bytes(row!(PARTS, "uuid"), usize::MAX),
        _ => {}
    }
}

/// Shows authentication: delayed has a realm, a key and a sum, others what they like.
fn authentication(walk: &mut Walk<'_, '_>) {
    let proto = walk.rest().first().copied();
    walk.table(Authentication::FIELDS, Authentication::LEN);
    match (proto, walk.rest().len().checked_sub(20)) {
        (Some(2), Some(realm)) => {
            walk.bytes(row!(PARTS, "realm"), realm);
            walk.bytes(row!(PARTS, "key_id"), 4);
            walk.bytes(row!(PARTS, "hmac"), 16);
        }
        _ => walk.bytes(row!(PARTS, "authinfo"), usize::MAX),
    }
}

/// Shows domain names, the last of which may lack its end.
fn names(walk: &mut Walk<'_, '_>, field: &'static Field) {
    while !walk.rest().is_empty() {
        let len = name::len(walk.rest()).unwrap_or(usize::MAX);
        walk.domain_name(field, len, walk.walked());
    }
}

/// Shows a time server.
fn ntp(walk: &mut Walk<'_, '_>) {
    let number = NtpOption::new(walk.rest()).map(|head| head.number());
    walk.table(NtpOption::FIELDS, NtpOption::LEN);
    match (number, walk.rest().len()) {
        (Some(1), 16) => walk.bytes(row!(PARTS, "ntp_addr"), 16),
        (Some(2), 16) => walk.bytes(row!(PARTS, "ntp_mc"), 16),
        (Some(3), _) => names(walk, row!(PARTS, "ntp_fqdn")),
        _ => {}
    }
}
