//! What is in the options of DHCP that have parts: client identifiers, routes, lists of names, options within options.

use super::options::tag;
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::header::header;
use crate::name;
use crate::walk::{Value, Walk};

header! {
    /// The fixed part of a client's domain name, RFC 4702.
    pub struct Fqdn: 3 bytes;

    /// Flags: who updates which names.
    flags: u8 = 0..8, Hex, "dhcp.fqdn.flags", default(0);
    /// Reserved flags: must be zero.
    mbz: u8 = 0..4, Hex, "dhcp.fqdn.mbz", part;
    /// N: the server is to update nothing.
    n: bool = 4..5, Flag, "dhcp.fqdn.n", part;
    /// E: the name is encoded as DNS has it.
    e: bool = 5..6, Flag, "dhcp.fqdn.e", part;
    /// O: the server did otherwise than it was asked.
    o: bool = 6..7, Flag, "dhcp.fqdn.o", part;
    /// S: the server is to update the name's address.
    s: bool = 7..8, Flag, "dhcp.fqdn.s", part;
    /// A-RR result: how updating the name's address went.
    rcode1: u8 = 8..16, Dec, "dhcp.fqdn.rcode1", default(0);
    /// PTR-RR result: how updating the address's name went.
    rcode2: u8 = 16..24, Dec, "dhcp.fqdn.rcode2", default(0);
}

header! {
    /// What stands before a sub-option of the relay agent.
    pub struct AgentOption: 2 bytes;

    /// Suboption: which it is.
    suboption: u8 = 0..8, DecOf(agent_option), "dhcp.option.agent_information_option.suboption", default(1);
    /// Length: of what follows.
    length: u8 = 8..16, Dec, "dhcp.option.suboption_length", computed(Following);
}

header! {
    /// What stands before a vendor's information that a relay agent adds, RFC 4243.
    pub struct AgentVendor: 5 bytes;

    /// Enterprise: whose it is.
    enterprise: u32 = 0..32, Dec, "dhcp.option.agent_information_option.vi.enterprise", default(0);
    /// Data length: of what follows.
    length: u8 = 32..40, Dec, "dhcp.option.agent_information_option.vi.data_length", computed(Following);
}

header! {
    /// The fixed part of authentication, RFC 3118.
    pub struct Authentication: 11 bytes;

    /// Protocol: 0 is a token, 1 is delayed authentication.
    protocol: u8 = 0..8, Dec, "dhcp.option.dhcp_authentication.protocol", default(0);
    /// Algorithm: of the protocol.
    algorithm: u8 = 8..16, Dec, "dhcp.option.dhcp_authentication.algorithm", default(0);
    /// Replay detection method: 0 is a counter that grows.
    rdm: u8 = 16..24, Dec, "dhcp.option.dhcp_authentication.rdm", default(0);
    /// Replay detection value: the counter.
    rdv: u64 = 24..88, Hex, "dhcp.option.dhcp_authentication.rdm_replay_detection", default(0);
}

header! {
    /// A client's network device interface, RFC 4578.
    pub struct Ndi: 3 bytes;

    /// Interface type: 1 is UNDI.
    kind: u8 = 0..8, Dec, "", default(1);
    /// Major version: of the interface.
    major: u8 = 8..16, Dec, "dhcp.client_network_id_major", default(3);
    /// Minor version: of the interface.
    minor: u8 = 16..24, Dec, "dhcp.client_network_id_minor", default(1);
}

header! {
    /// A pair of addresses: where source routes may lead.
    pub struct Policy: 8 bytes;

    /// IP address: of a network.
    address: core::net::Ipv4Addr = 0..32, Ipv4, "dhcp.option.policy_filter.ip", default(0);
    /// Subnet mask: of the network.
    mask: core::net::Ipv4Addr = 32..64, Ipv4, "dhcp.option.policy_filter.subnet_mask", default(0);
}

header! {
    /// A pair of addresses: a route.
    pub struct StaticRoute: 8 bytes;

    /// Destination: of the route.
    destination: core::net::Ipv4Addr = 0..32, Ipv4, "dhcp.option.static_route.ip", default(0);
    /// Router: that leads there.
    router: core::net::Ipv4Addr = 32..64, Ipv4, "dhcp.option.static_route.router", default(0);
}

header! {
    /// What stands before an element of a civic address, RFC 4776.
    pub struct CivicElement: 2 bytes;

    /// CA type: which element it is.
    kind: u8 = 0..8, Dec, "dhcp.option.civic_location.ca_type", default(0);
    /// CA length: of the element.
    length: u8 = 8..16, Dec, "dhcp.option.civic_location.ca_length", computed(Following);
}

header! {
    /// What stands before a vendor class, RFC 3925.
    pub struct VendorClass: 5 bytes;

    /// Enterprise: who defined the class.
    enterprise: u32 = 0..32, Dec, "dhcp.option.vi_class.enterprise", default(0);
    /// Length: of the class.
    length: u8 = 32..40, Dec, "dhcp.option.vi_class.length", computed(Following);
}

header! {
    /// What stands before a vendor's information, RFC 3925.
    pub struct VendorOptions: 5 bytes;

    /// Enterprise: whose it is.
    enterprise: u32 = 0..32, Dec, "dhcp.option.vi.enterprise", default(0);
    /// Length: of what follows.
    length: u8 = 32..40, Dec, "dhcp.option.vi.length", computed(Following);
}

header! {
    /// What stands before a sub-option of a vendor.
    pub struct VendorOption: 2 bytes;

    /// Suboption: which it is, as the vendor counts.
    suboption: u8 = 0..8, Dec, "dhcp.vendor.suboption", default(0);
    /// Length: of what follows.
    length: u8 = 8..16, Dec, "dhcp.option.suboption_length", computed(Following);
}

header! {
    /// The fixed part of a selection of name servers, RFC 6731.
    pub struct Rdnss: 9 bytes;

    /// Flags: how much these are preferred.
    flags: u8 = 0..8, Hex, "", default(0);
    /// Reserved: must be zero.
    reserved: u8 = 0..6, Hex, "dhcp.option.rdnss.reserved", part;
    /// Preference: 1 is high, 0 medium, 3 low.
    preference: u8 = 6..8, Dec, "dhcp.option.rdnss.preference", part;
    /// Primary DNS: the first to ask.
    primary: core::net::Ipv4Addr = 8..40, Ipv4, "dhcp.option.rdnss.primary_dns", default(0);
    /// Secondary DNS: the next to ask.
    secondary: core::net::Ipv4Addr = 40..72, Ipv4, "dhcp.option.rdnss.secondary_dns", default(0);
}

header! {
    /// A set of ports, RFC 7618.
    pub struct PortParameters: 4 bytes;

    /// Offset: of the set's identifier in a port.
    offset: u8 = 0..8, Dec, "dhcp.option.portparams.offset", default(0);
    /// PSID length: how many bits of it count.
    psid_len: u8 = 8..16, Dec, "dhcp.option.portparams.psid_length", default(0);
    /// PSID: the set's identifier.
    psid: [u8; 2] = 16..32, Bytes, "dhcp.option.portparams.psid", default(0);
}

header! {
    /// The fixed part of rapid deployment of IPv6, RFC 5969.
    pub struct SixRd: 18 bytes;

    /// IPv4 mask length: how many bits all addresses share.
    mask_len: u8 = 0..8, Dec, "dhcp.option.6RD.ipv4_mask_len", default(0);
    /// 6rd prefix length: in bits.
    prefix_len: u8 = 8..16, Dec, "dhcp.option.6RD.prefix_len", default(0);
    /// 6rd prefix: of the provider.
    prefix: core::net::Ipv6Addr = 16..144, Ipv6, "dhcp.option.6RD.prefix", default(0);
}

/// The rows of what has no fixed place.
pub(super) const PARTS: &[Field] = &[
    Field::variable("cid_hwtype", "dhcp.hw.type", Kind::Hex, "Hardware type: of the client's address.").wide(8),
    Field::variable("cid_mac", "dhcp.hw.mac_addr", Kind::Mac, "Client MAC address: by which the client is known."),
    Field::variable("cid_type", "dhcp.client_id.type", Kind::Dec, "Type: of the identifier."),
    Field::variable("cid_duid", "", Kind::Dec, "Type: 255 is an identity association and a DUID."),
    Field::variable("cid_text", "dhcp.client_id.undef", Kind::Text, "Client identifier: of no type."),
    Field::variable("cid_uuid", "dhcp.client_id.uuid", Kind::Guid, "Client identifier: a UUID."),
    Field::variable("cid_iaid", "dhcp.client_id.iaid", Kind::Digits, "IAID: of the identity association, RFC 4361."),
    Field::variable("cid_duid_type", "dhcp.client_id.duid_type", Kind::Dec, "DUID type: how it was made."),
    Field::variable("cid_llt_hwtype", "dhcp.client_id.duid_llt_hw_type", Kind::Dec, "Hardware type: of the address."),
    Field::variable("cid_ll_hwtype", "dhcp.client_id.duid_ll_hw_type", Kind::Dec, "Hardware type: of the address."),
    Field::variable("cid_time", "dhcp.client_id.time", Kind::Dec, "Time: when it was made, in seconds since 2000."),
    Field::variable("cid_lladdr", "dhcp.client_id.link_layer_address", Kind::Mac, "Link layer address: of the client."),
    Field::variable("cid_enterprise", "dhcp.client_id.enterprise_num", Kind::Dec, "Enterprise number: who made it."),
    Field::bytes("cid_id", "dhcp.client_id", "Identifier: as the enterprise made it."),
    Field::bytes("cid_rest", "", "Identifier: of another type."),
    Field::variable("uc", "", Kind::Record, "User class: an instance."),
    Field::variable("uc_number", "dhcp.option.user_class", Kind::Dec, "Instance: of a user class.").derived(),
    Field {
        rule: Rule::Computed(Computed::Following),
        ..Field::variable("uc_len", "dhcp.option.user_class.length", Kind::Dec, "User class length: of what follows.")
    },
    Field::bytes("uc_data", "dhcp.option.user_class.data", "User class data: its name."),
    Field::variable("uc_text", "dhcp.option.user_class.text", Kind::Text, "User class data: not as the RFC has it."),
    Field::variable("fqdn_text", "dhcp.fqdn.name", Kind::Text, "Client name: as text."),
    Field::variable("fqdn", "dhcp.fqdn.name", Kind::DomainName, "Client name: as DNS has it."),
    Field::variable("agent", "", Kind::Record, "Sub-option: of the relay agent."),
    Field::bytes("agent_raw", "dhcp.option.agent_information_option.value", "Value: as bytes.").derived(),
    Field::bytes("agent_value", "dhcp.option.agent_information_option.value", "Value: not described further."),
    Field::bytes("circuit_id", "dhcp.option.agent_information_option.agent_circuit_id", "Agent circuit ID: where it came from."),
    Field::bytes("remote_id", "dhcp.option.agent_information_option.agent_remote_id", "Agent remote ID: who is there."),
    Field::variable("docsis", "dhcp.option.agent_information_option.docsis_device_class", Kind::Hex, "DOCSIS device class: of a cable modem.").wide(32),
    Field::variable("link", "dhcp.option.agent_information_option.link_selection", Kind::Ipv4, "Link selection: the subnet that is meant."),
    Field::variable("subscriber", "dhcp.option.agent_information_option.subscriber_id", Kind::Text, "Subscriber ID: who is served."),
    Field::bytes("agent_radius", "dhcp.option.agent_information_option.radius_attributes", "RADIUS attributes: RFC 4014."),
    Field::variable("agent_flags", "dhcp.option.agent_information_option.flags", Kind::Hex, "Flags: whether the relay got it by unicast.").wide(8),
    Field::variable("override", "dhcp.option.agent_information_option.server_id_override", Kind::Ipv4, "Server ID override: whom to renew with."),
    Field::bytes("relay_id", "dhcp.option.agent_information_option.relay_agent_id", "Relay agent identifier: its DUID."),
    Field::variable("link_cisco", "dhcp.option.agent_information_option.link_selection_cisco", Kind::Ipv4, "Link selection: by Cisco's number."),
    Field::variable("override_cisco", "dhcp.option.agent_information_option.server_id_override_cisco", Kind::Ipv4, "Server ID override: by Cisco's number."),
    Field::variable("agent_vendor", "", Kind::Record, "Vendor-specific information: of the relay agent."),
    Field::variable("auth_info", "dhcp.option.dhcp_authentication.information", Kind::Text, "Authentication information: a token."),
    Field::variable("auth_secret", "dhcp.option.dhcp_authentication.secret_id", Kind::Hex, "Secret ID: which key was used.").wide(32),
    Field::bytes("auth_hash", "dhcp.option.dhcp_authentication.hmac_md5_hash", "HMAC-MD5 hash: of the message."),
    Field::variable("slp_agent", "dhcp.option.slp_directory_agent.value", Kind::Dec, "Mandatory: use no others."),
    Field::variable("slp_agent_address", "dhcp.option.slp_directory_agent.slpda_address", Kind::Ipv4, "Directory agent: its address."),
    Field::variable("slp_scope", "dhcp.option.slp_service_scope.value", Kind::Dec, "Mandatory: use no others."),
    Field::variable("slp_scope_text", "dhcp.option.slp_service_scope.string", Kind::Text, "Scope list: with commas between."),
    Field::variable("uuid_type", "", Kind::Dec, "Type: 0 is a UUID."),
    Field::variable("civic_what", "dhcp.option.civic_location.what", Kind::Dec, "What: whose location it is."),
    Field::variable("civic_country", "dhcp.option.civic_location.country", Kind::Text, "Country: ISO 3166's two letters."),
    Field::variable("civic", "", Kind::Record, "Civic address element: a part of the address."),
    Field::variable("civic_value", "dhcp.option.civic_location.ca_value", Kind::Text, "CA value: of the element."),
    Field::variable("search", "dhcp.option.dhcp_dns_domain_search_list_fqdn", Kind::DomainName, "Domain: one to search in."),
    Field::variable("sip_encoding", "dhcp.option.sip_server.encoding", Kind::Dec, "SIP server encoding: 0 is names, 1 is addresses."),
    Field::variable("sip_name", "dhcp.option.sip_server.name", Kind::DomainName, "SIP server name: in the order of preference."),
    Field::variable("sip_address", "dhcp.option.sip_server.address", Kind::Ipv4, "SIP server address: in the order of preference."),
    Field::bytes("route", "dhcp.option.classless_static_route", "Route: mask width, subnet, router."),
    Field::variable("vi_class", "", Kind::Record, "Vendor class: of an enterprise."),
    Field::variable("vi_class_data", "dhcp.option.vi_class.data", Kind::Text, "Data: the class."),
    Field::variable("vi", "", Kind::Record, "Vendor information: of an enterprise."),
    Field::variable("vi_option", "", Kind::Record, "Vendor sub-option: of an enterprise."),
    Field::bytes("vi_data", "dhcp.vendor.data", "Data: of the sub-option."),
    Field::variable("rdnss_domain", "dhcp.option.rdnss.domain", Kind::DomainName, "Domain: for which these servers are asked."),
    Field::variable("status", "dhcp.option.bulk_lease.status_code", Kind::Dec, "Status code: how it went."),
    Field::variable("status_text", "dhcp.option.bulk_lease.status_code_message", Kind::Text, "Status code message: how it went, in words."),
    Field::variable("border_relay", "dhcp.option.6RD.border_relay_ip", Kind::Ipv4, "Border relay IP: that leads to the IPv6 Internet."),
];

/// Names a sub-option of the relay agent. Source: IANA's registry.
fn agent_option(number: u64) -> Option<&'static str> {
    Some(match number {
        1 => "Agent Circuit ID",
        2 => "Agent Remote ID",
        4 => "DOCSIS Device Class",
        5 => "Link selection",
        6 => "Subscriber ID",
        7 => "RADIUS Attributes",
        8 => "Authentication",
        9 => "Vendor-Specific Information",
        10 => "Flags",
        11 => "Server ID Override",
        12 => "Relay Agent Identifier",
        150 => "Link selection (Cisco proprietary)",
        152 => "Server ID Override (Cisco proprietary)",
        _ => return None,
    })
}

/// Shows what is in an option, which is the rest; what is not understood is left over.
pub(super) fn walk(walk: &mut Walk<'_, '_>, number: u8) {
    let len = walk.rest().len();
    match number {
        tag::POLICY_FILTER => pairs(walk, Policy::FIELDS),
        tag::STATIC_ROUTE => pairs(walk, StaticRoute::FIELDS),
        tag::CLIENT_ID => client_id(walk),
        tag::USER_CLASS => user_class(walk),
        tag::SLP_AGENT => {
            walk.bytes(row!(PARTS, "slp_agent"), 1);
            addresses(walk, row!(PARTS, "slp_agent_address"));
        }
        tag::SLP_SCOPE => {
            walk.bytes(row!(PARTS, "slp_scope"), 1);
            walk.bytes(row!(PARTS, "slp_scope_text"), usize::MAX);
        }
        tag::FQDN if len >= Fqdn::LEN => {
            let is_encoded = Fqdn::new(walk.rest()).is_some_and(|fqdn| fqdn.e());
            walk.table(Fqdn::FIELDS, Fqdn::LEN);
            if is_encoded {
                walk.domain_name(row!(PARTS, "fqdn"), usize::MAX, walk.walked());
            } else {
                walk.bytes(row!(PARTS, "fqdn_text"), usize::MAX);
            }
        }
        tag::AGENT_INFORMATION => {
            while let [_, len, ..] = *walk.rest() {
                walk.record(row!(PARTS, "agent"), AgentOption::LEN + usize::from(len), agent);
            }
        }
        tag::AUTHENTICATION if len >= Authentication::LEN => {
            let protocol = walk.rest().first().copied();
            walk.table(Authentication::FIELDS, Authentication::LEN);
            match (protocol, walk.rest().len()) {
                (Some(0), _) => walk.bytes(row!(PARTS, "auth_info"), usize::MAX),
                (Some(1), 20) => {
                    walk.bytes(row!(PARTS, "auth_secret"), 4);
                    walk.bytes(row!(PARTS, "auth_hash"), 16);
                }
                _ => {}
            }
        }
        tag::CLIENT_NDI if len == Ndi::LEN => _ = walk.table(Ndi::FIELDS, Ndi::LEN),
        tag::CLIENT_UUID if len == 17 => {
            walk.bytes(row!(PARTS, "uuid_type"), 1);
            walk.bytes(row!(PARTS, "cid_uuid"), 16);
        }
        tag::CIVIC_LOCATION if len >= 3 => {
            walk.bytes(row!(PARTS, "civic_what"), 1);
            walk.bytes(row!(PARTS, "civic_country"), 2);
            while let [_, len, ref rest @ ..] = *walk.rest()
                && rest.len() >= len.into()
            {
                walk.record(row!(PARTS, "civic"), CivicElement::LEN + usize::from(len), |walk| {
                    walk.table(CivicElement::FIELDS, CivicElement::LEN);
                    walk.bytes(row!(PARTS, "civic_value"), usize::MAX);
                });
            }
        }
        tag::DOMAIN_SEARCH => names(walk, row!(PARTS, "search")),
        tag::SIP_SERVER => {
            let encoding = walk.rest().first().copied();
            walk.bytes(row!(PARTS, "sip_encoding"), 1);
            match encoding {
                Some(0) => names(walk, row!(PARTS, "sip_name")),
                Some(1) => addresses(walk, row!(PARTS, "sip_address")),
                _ => {}
            }
        }
        tag::CLASSLESS_ROUTE | tag::CLASSLESS_ROUTE_MICROSOFT => {
            while let [width @ ..=32, ref rest @ ..] = *walk.rest() {
                let len = usize::from(width.div_ceil(8)) + 4;
                if rest.len() < len {
                    break;
                }
                walk.bytes(row!(PARTS, "route"), 1 + len);
            }
        }
        tag::VENDOR_CLASS => {
            while let [_, _, _, _, len, ref rest @ ..] = *walk.rest()
                && rest.len() >= len.into()
            {
                walk.record(row!(PARTS, "vi_class"), VendorClass::LEN + usize::from(len), |walk| {
                    walk.table(VendorClass::FIELDS, VendorClass::LEN);
                    walk.bytes(row!(PARTS, "vi_class_data"), usize::MAX);
                });
            }
        }
        tag::VENDOR_OPTIONS => {
            while let [_, _, _, _, len, ref rest @ ..] = *walk.rest()
                && rest.len() >= len.into()
            {
                walk.record(row!(PARTS, "vi"), VendorOptions::LEN + usize::from(len), vendor_options);
            }
        }
        tag::RDNSS if len >= Rdnss::LEN => {
            walk.table(Rdnss::FIELDS, Rdnss::LEN);
            names(walk, row!(PARTS, "rdnss_domain"));
        }
        tag::STATUS_CODE => {
            walk.bytes(row!(PARTS, "status"), 1);
            walk.bytes(row!(PARTS, "status_text"), usize::MAX);
        }
        tag::PORT_PARAMETERS if len == PortParameters::LEN => {
            walk.table(PortParameters::FIELDS, PortParameters::LEN);
        }
        tag::SIX_RD if len >= SixRd::LEN => {
            walk.table(SixRd::FIELDS, SixRd::LEN);
            addresses(walk, row!(PARTS, "border_relay"));
        }
        _ => {}
    }
}

/// Shows pairs of addresses.
fn pairs(walk: &mut Walk<'_, '_>, fields: &'static [Field]) {
    while walk.rest().len() >= 8 {
        walk.table(fields, 8);
    }
}

/// Shows addresses.
fn addresses(walk: &mut Walk<'_, '_>, field: &'static Field) {
    while walk.rest().len() >= 4 {
        walk.bytes(field, 4);
    }
}

/// Shows domain names, which may point back into the option.
fn names(walk: &mut Walk<'_, '_>, field: &'static Field) {
    let message = walk.walked();
    while let Some(len) = name::len(walk.rest()) {
        walk.domain_name(field, len, message);
    }
}

/// Shows a client identifier: RFC 2132, section 9.14, and RFC 4361.
fn client_id(walk: &mut Walk<'_, '_>) {
    match (walk.rest().first().copied(), walk.rest().len()) {
        (Some(0), 17) => {
            walk.bytes(row!(PARTS, "cid_type"), 1);
            walk.bytes(row!(PARTS, "cid_uuid"), 16);
        }
        (Some(0), 2..) => {
            walk.bytes(row!(PARTS, "cid_type"), 1);
            walk.bytes(row!(PARTS, "cid_text"), usize::MAX);
        }
        (Some(1..=48), 7) => {
            walk.bytes(row!(PARTS, "cid_hwtype"), 1);
            walk.bytes(row!(PARTS, "cid_mac"), 6);
        }
        (Some(255), 8..) => {
            walk.bytes(row!(PARTS, "cid_duid"), 1);
            walk.bytes(row!(PARTS, "cid_iaid"), 4);
            duid(walk);
        }
        _ => {}
    }
}

/// Shows a DUID: RFC 8415, section 11.
fn duid(walk: &mut Walk<'_, '_>) {
    let kind = walk.rest().first_chunk().copied().map(u16::from_be_bytes);
    walk.bytes(row!(PARTS, "cid_duid_type"), 2);
    match (kind, walk.rest().len()) {
        (Some(1), 6..) => {
            walk.bytes(row!(PARTS, "cid_llt_hwtype"), 2);
            walk.bytes(row!(PARTS, "cid_time"), 4);
            walk.bytes(row!(PARTS, "cid_lladdr"), usize::MAX);
        }
        (Some(2), 4..) => {
            walk.bytes(row!(PARTS, "cid_enterprise"), 4);
            walk.bytes(row!(PARTS, "cid_id"), usize::MAX);
        }
        (Some(3), 2..) => {
            walk.bytes(row!(PARTS, "cid_ll_hwtype"), 2);
            walk.bytes(row!(PARTS, "cid_lladdr"), usize::MAX);
        }
        _ => walk.bytes(row!(PARTS, "cid_rest"), usize::MAX),
    }
}

/// Shows the instances of a user class; some clients send text instead.
fn user_class(walk: &mut Walk<'_, '_>) {
    let mut number = 0;
    while let [len, ref rest @ ..] = *walk.rest()
        && len > 0
        && rest.len() >= len.into()
    {
        walk.record(row!(PARTS, "uc"), 1 + usize::from(len), |walk| {
            walk.derived(row!(PARTS, "uc_number"), Value::Uint(number));
            walk.bytes(row!(PARTS, "uc_len"), 1);
            walk.bytes(row!(PARTS, "uc_data"), usize::MAX);
        });
        number += 1;
    }
    walk.bytes(row!(PARTS, "uc_text"), usize::MAX);
}

/// Shows a sub-option of the relay agent, which is the rest.
fn agent(walk: &mut Walk<'_, '_>) {
    let Some(head) = AgentOption::new(walk.rest()) else { return };
    let (number, len) = (head.suboption(), usize::from(head.length()));
    walk.table(AgentOption::FIELDS, AgentOption::LEN);
    let value = walk.rest();
    if value.len() < len {
        return walk.malformed(len, "a sub-option's length that fits");
    }
    let field = match (number, len) {
        (1, _) => row!(PARTS, "circuit_id"),
        (2, _) => row!(PARTS, "remote_id"),
        (4, 4) => row!(PARTS, "docsis"),
        (5, 4) => row!(PARTS, "link"),
        (6, _) => row!(PARTS, "subscriber"),
        (7, _) => row!(PARTS, "agent_radius"),
        (10, 1) => row!(PARTS, "agent_flags"),
        (11, 4) => row!(PARTS, "override"),
        (12, _) => row!(PARTS, "relay_id"),
        (150, 4) => row!(PARTS, "link_cisco"),
        (152, 4) => row!(PARTS, "override_cisco"),
        (9, AgentVendor::LEN..) => {
            walk.derived(row!(PARTS, "agent_raw"), Value::Bytes(value));
            while let [_, _, _, _, len, ref rest @ ..] = *walk.rest()
                && rest.len() >= len.into()
            {
                walk.record(row!(PARTS, "agent_vendor"), AgentVendor::LEN + usize::from(len), |walk| {
                    walk.table(AgentVendor::FIELDS, AgentVendor::LEN);
                    walk.bytes(row!(PARTS, "agent_value"), usize::MAX);
                });
            }
            return;
        }
        _ => return walk.bytes(row!(PARTS, "agent_value"), usize::MAX),
    };
    walk.derived(row!(PARTS, "agent_raw"), Value::Bytes(value));
    walk.bytes(field, usize::MAX);
}

/// Shows the sub-options of an enterprise, which are the rest.
fn vendor_options(walk: &mut Walk<'_, '_>) {
    walk.table(VendorOptions::FIELDS, VendorOptions::LEN);
    while let [_, len, ref rest @ ..] = *walk.rest()
        && rest.len() >= len.into()
    {
        walk.record(row!(PARTS, "vi_option"), VendorOption::LEN + usize::from(len), |walk| {
            walk.table(VendorOption::FIELDS, VendorOption::LEN);
            walk.bytes(row!(PARTS, "vi_data"), usize::MAX);
        });
    }
}
