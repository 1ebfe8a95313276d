//! The options of DHCP: RFC 2132 and IANA's registry of BOOTP and DHCP parameters.
//!
//! An option is its type, the length of what follows, and that; type 0 (padding) and type 255 (the end) stand alone. How a row
//! of the table is written says [`option`](crate::option).

use super::inside;
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::option::{OptionRow, options};
use crate::walk::{Value, Walk};

/// How tcpdump writes what is in an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Addresses with commas between them.
    Addresses,
    /// Pairs of addresses.
    Pairs,
    /// Numbers of 4 bytes that may be negative.
    Signed,
    /// Numbers of 4 bytes.
    Longs,
    /// Numbers of 2 bytes.
    Shorts,
    /// Bytes that mean yes or no.
    Flags,
    /// Numbers of a byte with dots between them.
    Bytes,
    /// Text in quotation marks.
    Text,
    /// As its length suggests.
    Guess,
    /// In a way of its own.
    Own,
}

/// Pads: of one byte, and means nothing.
pub(super) const PAD: u8 = 0;
/// Ends the options: of one byte.
pub(super) const END: u8 = 255;

/// The options whose inside has parts, or words of its own.
pub(super) mod tag {
    pub(in super::super) const POLICY_FILTER: u8 = 21;
    pub(in super::super) const STATIC_ROUTE: u8 = 33;
    pub(in super::super) const NETBIOS_NODE: u8 = 46;
    pub(in super::super) const OVERLOAD: u8 = 52;
    pub(in super::super) const MESSAGE_TYPE: u8 = 53;
    pub(in super::super) const PARAMETER_REQUEST: u8 = 55;
    pub(in super::super) const CLIENT_ID: u8 = 61;
    pub(in super::super) const USER_CLASS: u8 = 77;
    pub(in super::super) const SLP_AGENT: u8 = 78;
    pub(in super::super) const SLP_SCOPE: u8 = 79;
    pub(in super::super) const FQDN: u8 = 81;
    pub(in super::super) const AGENT_INFORMATION: u8 = 82;
    pub(in super::super) const AUTHENTICATION: u8 = 90;
    pub(in super::super) const CLIENT_NDI: u8 = 94;
    pub(in super::super) const CLIENT_UUID: u8 = 97;
    pub(in super::super) const CIVIC_LOCATION: u8 = 99;
    pub(in super::super) const DOMAIN_SEARCH: u8 = 119;
    pub(in super::super) const SIP_SERVER: u8 = 120;
    pub(in super::super) const CLASSLESS_ROUTE: u8 = 121;
    pub(in super::super) const VENDOR_CLASS: u8 = 124;
    pub(in super::super) const VENDOR_OPTIONS: u8 = 125;
    pub(in super::super) const RDNSS: u8 = 146;
    pub(in super::super) const STATUS_CODE: u8 = 151;
    pub(in super::super) const PORT_PARAMETERS: u8 = 159;
    pub(in super::super) const SIX_RD: u8 = 212;
    pub(in super::super) const CLASSLESS_ROUTE_MICROSOFT: u8 = 249;
}

/// The rows that all options share.
pub(super) const PARTS: &[Field] = &[
    TYPE,
    LENGTH,
    Field::bytes("value", "dhcp.option.value", "Value: what is in the option."),
    Field::bytes("rest", "", "Rest: not understood."),
    Field::bytes("raw", "dhcp.option.value", "Value: what is in the option, as bytes.").derived(),
    Field::variable("end", "dhcp.option.end", Kind::Dec, "Option end: no more follow."),
    Field::variable("alone", "dhcp.option.type", Kind::DecOf(name), "Option: one that has no length.").derived(),
    Field::bytes("padding", "dhcp.option.padding", "Padding: zeros that mean nothing."),
];

const TYPE: Field = Field::variable("option", "dhcp.option.type", Kind::DecOf(name), "Option: which it is.").wide(8);

const LENGTH: Field = Field {
    from: 8,
    to: 16,
    rule: Rule::Computed(Computed::Following),
    ..Field::variable("length", "dhcp.option.length", Kind::Dec, "Length: of what follows.")
};

/// Names an option.
fn name(number: u64) -> Option<&'static str> {
    find(u8::try_from(number).ok()?).map(|row| row.record.title())
}

options! {
    head "" TYPE LENGTH 16;
    words Form, else "Unknown" Guess;
    1 "Subnet-Mask" Addresses, "subnet_mask" "dhcp.option.subnet_mask" one: Ipv4 32, "Subnet mask: which bits are the network's.";
    2 "Time-Zone" Signed, "time_zone" "dhcp.option.time_offset" one: Signed 32, "Time offset: from UTC, in seconds.";
    3 "Default-Gateway" Addresses, "router" "dhcp.option.router" many: Ipv4 32, "Router: the best first.";
    4 "Time-Server" Addresses, "time_server" "dhcp.option.time_server" many: Ipv4 32, "Time server: RFC 868.";
    5 "IEN-Name-Server" Addresses, "IEN_name_server" "dhcp.option.name_server" many: Ipv4 32, "Name server: IEN 116.";
    6 "Domain-Name-Server" Addresses, "name_server" "dhcp.option.domain_name_server" many: Ipv4 32, "Domain name server: RFC 1035.";
    7 "LOG" Addresses, "log_server" "dhcp.option.log_server" many: Ipv4 32, "Log server: where to log.";
    8 "CS" Addresses, "cookie_server" "dhcp.option.quotes_server" many: Ipv4 32, "Quotes server: RFC 865.";
    9 "LPR-Server" Addresses, "lpr_server" "dhcp.option.lpr_server" many: Ipv4 32, "Line printer server: RFC 1179.";
    10 "IM" Addresses, "impress-servers" "dhcp.option.impress_server" many: Ipv4 32, "Impress server: an Imagen printer.";
    11 "RL" Addresses, "resource-location-servers" "dhcp.option.resource_location_server" many: Ipv4 32, "Resource location server: RFC 887.";
    12 "Hostname" Text, "hostname" "dhcp.option.hostname" text, "Host name: of the client.";
    13 "BS" Shorts, "boot-size" "dhcp.option.boot_file_size" one: Dec 16, "Boot file size: in blocks of 512 bytes.";
    14 "DP" Text, "dump_path" "dhcp.option.merit_dump_file" text, "Merit dump file: where to dump a crash.";
    15 "Domain-Name" Text, "domain" "dhcp.option.domain_name" text, "Domain name: of the client.";
    16 "SS" Addresses, "swap-server" "dhcp.option.swap_server" one: Ipv4 32, "Swap server: its address.";
    17 "RP" Text, "root_disk_path" "dhcp.option.root_path" text, "Root path: of the root disk.";
    18 "EP" Text, "extensions-path" "dhcp.option.extension_path" text, "Extensions path: a file with more options.";
    19 "IPF" Flags, "ip-forwarding" "dhcp.option.ip_forwarding" one: Flag 8, "IP forwarding: whether to.";
    20 "SRT" Flags, "non-local-source-routing" "dhcp.option.non_local_source_routing" one: Flag 8, "Non-local source routing: whether to.";
    21 "PF" Pairs, "policy-filter" "" parts, "Policy filter: where source routes may lead.";
    22 "RSZ" Shorts, "max_dgram_reass_size" "dhcp.option.max_datagram_reassembly_size" one: Dec 16, "Maximum datagram reassembly size: in bytes.";
    23 "TTL" Bytes, "default_ttl" "dhcp.option.default_ip_ttl" one: Dec 8, "Default time to live: of the client's packets.";
    24 "MTU-Timeout" Longs, "pmtu_timeout" "dhcp.option.path_mtu_aging_timeout" one: Dec 32, "Path MTU aging timeout: in seconds.";
    25 "MTU-Table" Shorts, "path-mtu-plateau-table" "dhcp.option.path_mtu_plateau_table_item" many: Dec 16, "Path MTU plateau: RFC 1191.";
    26 "MTU" Shorts, "interface-mtu" "dhcp.option.interface_mtu" one: Dec 16, "Interface MTU: in bytes.";
    27 "LSN" Flags, "all-subnets-local" "dhcp.option.all_subnets_are_local" one: Flag 8, "All subnets are local: they have the same MTU.";
    28 "BR" Addresses, "broadcast_address" "dhcp.option.broadcast_address" one: Ipv4 32, "Broadcast address: of the network.";
    29 "MD" Flags, "perform-mask-discovery" "dhcp.option.perform_mask_discovery" one: Flag 8, "Perform mask discovery: ask by ICMP.";
    30 "MS" Flags, "mask-supplier" "dhcp.option.mask_supplier" one: Flag 8, "Mask supplier: answer by ICMP.";
    31 "Router-Discovery" Flags, "router-discovery" "dhcp.option.perform_router_discover" one: Flag 8, "Perform router discovery: RFC 1256.";
    32 "RSA" Addresses, "router-solicitation-address" "dhcp.option.router_solicitation_address" one: Ipv4 32, "Router solicitation address: where to ask.";
    33 "Static-Route" Pairs, "static-routes" "" parts, "Static routes: destinations and routers.";
    34 "UT" Flags, "trailer-encapsulation" "dhcp.option.trailer_encapsulation" one: Flag 8, "Trailer encapsulation: RFC 893.";
    35 "AT" Longs, "arp_cache_timeout" "dhcp.option.arp_cache_timeout" one: Dec 32, "ARP cache timeout: in seconds.";
    36 "IE" Flags, "ieee802-3-encapsulation" "dhcp.option.ethernet_encapsulation" one: Flag 8, "Ethernet encapsulation: RFC 1042's instead of RFC 894's.";
    37 "TT" Bytes, "tcp_ttl" "dhcp.option.tcp_default_ttl" one: Dec 8, "TCP default time to live: of segments.";
    38 "KI" Longs, "tcp_keepalive_interval" "dhcp.option.tcp_keepalive_interval" one: Dec 32, "TCP keepalive interval: in seconds.";
    39 "KG" Flags, "tcp_keepalive_garbage" "dhcp.option.tcp_keepalive_garbage" one: Flag 8, "TCP keepalive garbage: send a byte with it.";
    40 "YD" Text, "NIS_domain" "dhcp.option.nis_domain" text, "Network information service domain: its name.";
    41 "YS" Addresses, "NIS_server" "dhcp.option.nis_server" many: Ipv4 32, "Network information service server: its address.";
    42 "NTP" Addresses, "NTP_server" "dhcp.option.ntp_server" many: Ipv4 32, "Network time protocol server: its address.";
    43 "Vendor-Option" Bytes, "vendor_specific" "dhcp.option.vendor.value" bytes, "Vendor specific information: what the vendor class means by it.";
    44 "Netbios-Name-Server" Addresses, "NetBIOS_server" "dhcp.option.netbios_over_tcpip_name_server" many: Ipv4 32, "NetBIOS name server: RFC 1001.";
    45 "WDD" Addresses, "NetBIOS_dist_server" "dhcp.option.netbios_over_tcpip_dd_name_server" many: Ipv4 32, "NetBIOS datagram distribution server: RFC 1001.";
    46 "Netbios-Node" Own, "NetBIOS_node_type" "dhcp.option.netbios_over_tcpip_node_type" one: Dec 8, "NetBIOS node type: B, P, M or H.";
    47 "Netbios-Scope" Text, "NetBIOS_scope" "dhcp.option.netbios_over_tcpip_scope" text, "NetBIOS scope: RFC 1001.";
    48 "XFS" Addresses, "font-servers" "dhcp.option.xwindows_system_font_server" many: Ipv4 32, "X Window System font server: its address.";
    49 "XDM" Addresses, "x-display-manager" "dhcp.option.xwindows_system_display_manager" many: Ipv4 32, "X Window System display manager: its address.";
    50 "Requested-IP" Addresses, "requested_addr" "dhcp.option.requested_ip_address" one: Ipv4 32, "Requested IP address: what the client wants.";
    51 "Lease-Time" Longs, "lease_time" "dhcp.option.ip_address_lease_time" one: Dec 32, "IP address lease time: in seconds.";
    52 "OO" Own, "dhcp-option-overload" "dhcp.option.option_overload" one: Dec 8, "Option overload: 1 is the file, 2 the server's name, 3 both.";
    53 "DHCP-Message" Own, "message-type" "dhcp.option.dhcp" one: (DecOf(message_type)) 8, "Message type: what it is for.";
    54 "Server-ID" Addresses, "server_id" "dhcp.option.dhcp_server_id" one: Ipv4 32, "Server identifier: which server is meant.";
    55 "Parameter-Request" Own, "param_req_list" "dhcp.option.request_list_item" many: (DecOf(name)) 8, "Parameter request: an option that the client wants.";
    56 "MSG" Text, "error_message" "dhcp.option.message" text, "Message: why it went wrong.";
    57 "MSZ" Shorts, "max_dhcp_size" "dhcp.option.dhcp_max_message_size" one: Dec 16, "Maximum message size: in bytes.";
    58 "RN" Longs, "renewal_time" "dhcp.option.renewal_time_value" one: Dec 32, "Renewal time: T1, in seconds.";
    59 "RB" Longs, "rebinding_time" "dhcp.option.rebinding_time_value" one: Dec 32, "Rebinding time: T2, in seconds.";
    60 "Vendor-Class" Text, "vendor_class_id" "dhcp.option.vendor_class_id" text, "Vendor class identifier: what kind of client it is.";
    61 "Client-ID" Own, "client_id" "" parts, "Client identifier: by which the server knows it.";
    64 "N+D" Shorts, "nisplus-domain" "dhcp.option.nis_plus_domain" text, "Network information service+ domain: its name.";
    65 "N+S" Addresses, "nisplus-server" "dhcp.option.nis_plus_server" many: Ipv4 32, "Network information service+ server: its address.";
    66 "TFTP" Text, "tftp_server_name" "dhcp.option.tftp_server_name" text, "TFTP server name: where sname is used for options.";
    67 "BF" Text, "boot-file-name" "dhcp.option.bootfile_name" text, "Bootfile name: where file is used for options.";
    68 "MH" Addresses, "mobile-ip-home-agent" "dhcp.option.mobile_ip_home_agent" many: Ipv4 32, "Mobile IP home agent: its address.";
    69 "SMTP" Addresses, "SMTP_server" "dhcp.option.smtp_server" many: Ipv4 32, "SMTP server: its address.";
    70 "POP3" Addresses, "POP3_server" "dhcp.option.pop3_server" many: Ipv4 32, "POP3 server: its address.";
    71 "NNTP" Addresses, "NNTP_server" "dhcp.option.nntp_server" many: Ipv4 32, "NNTP server: its address.";
    72 "WWW" Addresses, "WWW_server" "dhcp.option.default_www_server" many: Ipv4 32, "Web server: its address.";
    73 "FG" Addresses, "finger_server" "dhcp.option.default_finger_server" many: Ipv4 32, "Finger server: its address.";
    74 "IRC" Addresses, "irc_server" "dhcp.option.default_irc_server" many: Ipv4 32, "IRC server: its address.";
    75 "STS" Addresses, "streettalk-server" "dhcp.option.streettalk_server" many: Ipv4 32, "StreetTalk server: its address.";
    76 "STDA" Addresses, "streettalk-dir-assist" "dhcp.option.streettalk_da_server" many: Ipv4 32, "StreetTalk directory assistance server: its address.";
    77 "User-Class" Own, "user_class" "" parts, "User class: RFC 3004.";
    78 "SLP-DA" Bytes, "slp_service_agent" "" parts, "SLP directory agent: RFC 2610.";
    79 "SLP-SCOPE" Bytes, "slp_service_scope" "" parts, "SLP service scope: RFC 2610.";
    80 "SLP-NA" Text, "rapid_commit" "" bytes, "Rapid commit: RFC 4039.";
    81 "FQDN" Own, "client_FQDN" "" parts, "Fully qualified domain name: of the client, RFC 4702.";
    82 "Agent-Information" Own, "relay_agent_information" "" parts, "Relay agent information: RFC 3046.";
    83 "ARMT" Bytes, "iSNS" "" bytes, "Internet storage name service: RFC 4174.";
    85 "Unknown" Guess, "nds-server" "dhcp.option.novell_dss.ip" many: Ipv4 32, "Novell directory services server: RFC 2241.";
    86 "Unknown" Guess, "nds-tree-name" "dhcp.option.novell_ds_tree_name" text, "Novell directory services tree: its name.";
    87 "Unknown" Guess, "nds-context" "dhcp.option.novell_ds_context" text, "Novell directory services context: RFC 2241.";
    88 "TZSTR" Text, "bcms-controller-names" "" bytes, "Broadcast service controllers: names, RFC 4280.";
    89 "FQDNS" Bytes, "bcms-controller-address" "" bytes, "Broadcast service controllers: addresses, RFC 4280.";
    90 "AUTH" Bytes, "authentication" "" parts, "Authentication: RFC 3118.";
    91 "Last-Transaction-Time" Signed, "client-last-transaction-time" "dhcp.option.client_last_transaction_time" one: Dec 32, "Client last transaction time: seconds ago, RFC 4388.";
    92 "Associated-IP" Addresses, "associated-ip" "dhcp.option.associated_ip_option" many: Ipv4 32, "Associated IP: another address of the client, RFC 4388.";
    93 "ARCH" Shorts, "pxe_client_architecture" "dhcp.option.client_system_architecture" many: Dec 16, "Client system architecture: RFC 4578.";
    94 "NDI" Bytes, "pxe_client_network_interface" "" parts, "Client network device interface: RFC 4578.";
    95 "LDAP" Text, "ldap" "" bytes, "LDAP servers: RFC 3679.";
    97 "GUID" Bytes, "pxe_client_machine_identifier" "" parts, "Client machine identifier: RFC 4578.";
    98 "UAP" Text, "uap-servers" "" bytes, "User authentication protocol servers: RFC 2485.";
    99 "Unknown" Guess, "geoconf-civic" "" parts, "Civic location: RFC 4776.";
    100 "POSIX-TZ" Text, "pcode" "dhcp.option.tz_pcode" text, "Time zone: as POSIX writes it, RFC 4833.";
    101 "TZ-Name" Text, "tcode" "dhcp.option.tz_tcode" text, "Time zone name: in the database of time zones, RFC 4833.";
    108 "Unknown" Guess, "ipv6-only-preferred" "" one: Dec 32, "IPv6-only preferred: seconds to do without IPv4, RFC 8925.";
    112 "NI" Addresses, "netinfo-server-address" "dhcp.option.netinfo_parent_server_address" many: Ipv4 32, "NetInfo parent server: its address.";
    113 "NITAG" Text, "netinfo-server-tag" "dhcp.option.netinfo_parent_server_tag" text, "NetInfo parent server tag: its name.";
    114 "URL" Text, "captive-portal" "dhcp.option.captive_portal" text, "Captive portal: its URL, RFC 8910.";
    116 "NOAUTO" Flags, "auto-config" "dhcp.option.dhcp_auto_configuration" one: Dec 8, "Auto-configuration: whether to, RFC 2563.";
    117 "NSSEARCH" Shorts, "name-service-search" "" many: Dec 16, "Name service search: in this order, RFC 2937.";
    118 "SUBNET" Addresses, "subnet-selection" "dhcp.option.subnet_selection_option" many: Ipv4 32, "Subnet selection: RFC 3011.";
    119 "Unknown" Guess, "domain-search" "" parts, "Domain search: RFC 3397.";
    120 "Unknown" Guess, "sip-servers" "" parts, "SIP servers: RFC 3361.";
    121 "Classless-Static-Route" Own, "classless_static_routes" "" parts, "Classless static routes: RFC 3442.";
    124 "Unknown" Guess, "vendor_class" "" parts, "Vendor-identifying vendor class: RFC 3925.";
    125 "Unknown" Guess, "vendor_specific_information" "" parts, "Vendor-identifying vendor information: RFC 3925.";
    136 "Unknown" Guess, "pana-agent" "dhcp.option.pana_agent" many: Ipv4 32, "PANA authentication agent: RFC 5192.";
    137 "Unknown" Guess, "lost-server" "dhcp.option.lost_server_domain_name" text, "LoST server: its name, RFC 5223.";
    138 "Unknown" Guess, "capwap-ac" "dhcp.option.capwap_access_controller" many: Ipv4 32, "CAPWAP access controller: RFC 5417.";
    142 "Unknown" Guess, "andsf-server" "dhcp.option.andsf_server" many: Ipv4 32, "ANDSF server: RFC 6153.";
    145 "Unknown" Guess, "forcerenew_nonce_capable" "dhcp.option.forcerenew_nonce.algorithm" many: Dec 8, "Forcerenew nonce algorithm: RFC 6704.";
    146 "Unknown" Guess, "rdnss-selection" "" parts, "Recursive name server selection: RFC 6731.";
    150 "TFTP-Server-Address" Addresses, "tftp_server_address" "dhcp.option.tftp_server_address" many: Ipv4 32, "TFTP server address: RFC 5859.";
    151 "Unknown" Guess, "status-code" "" parts, "Status code: RFC 6926.";
    153 "Unknown" Guess, "start-time-of-state" "dhcp.option.bulk_lease.start_time_of_state" one: Dec 32, "Start time of state: seconds ago, RFC 6926.";
    156 "Unknown" Guess, "dhcp-state" "dhcp.option.bulk_lease.dhcp_state" one: Dec 8, "State: of the address, RFC 6926.";
    157 "Unknown" Guess, "data-source" "dhcp.option.bulk_lease.data_source" one: Flag 8, "Data source: from a partner, RFC 6926.";
    159 "Unknown" Guess, "v4-portparams" "" parts, "Port parameters: RFC 7618.";
    160 "Unknown" Guess, "v4-captive-portal" "dhcp.option.captive_portal" text, "Captive portal: its URL, RFC 7710.";
    161 "MUD-URL" Text, "mud-url" "dhcp.option.mudurl" text, "Manufacturer usage description: its URL, RFC 8520.";
    209 "Unknown" Guess, "pxelinux_configuration_file" "dhcp.option.pxe_config_file" text, "PXELINUX configuration file: RFC 5071.";
    210 "Unknown" Guess, "pxelinux_path_prefix" "dhcp.option.pxe_path_prefix" text, "PXELINUX path prefix: RFC 5071.";
    212 "Unknown" Guess, "6rd" "" parts, "IPv6 rapid deployment: RFC 5969.";
    249 "Classless-Static-Route-Microsoft" Own, "classless_static_routes_microsoft" "" parts, "Classless static routes: by Microsoft's number.";
    252 "Unknown" Guess, "private-proxy-autodiscovery" "dhcp.option.private_proxy_autodiscovery" text, "Proxy autodiscovery: the URL of its configuration.";
}

/// An option that no row knows.
const UNKNOWN: &OptionRow = &OptionRow::new(0, ("unknown", ""), &[TYPE, LENGTH], 2, "Option: not known.");

/// The padding, and the end.
const ALONE: &[Field] = &[
    Field::variable("pad", "", Kind::Record, "Padding: it fills up."),
    Field::variable("last", "", Kind::Record, "End: no more options follow."),
];

/// Finds the row of an option.
fn find(number: u8) -> Option<&'static OptionRow> {
    OPTIONS.iter().find(|row| row.number == u16::from(number))
}

/// Types of messages. Source: IANA's registry.
pub(super) fn message_type(number: u64) -> Option<&'static str> {
    const NAMES: [&str; 19] = [
        "", "Discover", "Offer", "Request", "Decline", "ACK", "NAK", "Release", "Inform", "Force Renew", "Lease query",
        "Lease Unassigned", "Lease Unknown", "Lease Active", "Bulk Lease Query", "Lease Query Done",
        "Active LeaseQuery", "Lease Query Status", "TLS",
    ];
    NAMES.get(usize::try_from(number).ok()?).copied().filter(|name| !name.is_empty())
}

/// Finds out in which other fields there are options.
pub(super) fn overload(mut bytes: &[u8]) -> u8 {
    loop {
        bytes = match *bytes {
            [tag::OVERLOAD, 1, what, ..] => return what,
            [PAD, ref rest @ ..] => rest,
            [END, ..] => return 0,
            [_, len, ref rest @ ..] => rest.get(len.into()..).unwrap_or_default(),
            _ => return 0,
        }
    }
}

/// Shows the options, which are the rest of the header; returns whether one of them was the type of the message.
pub(super) fn walk(walk: &mut Walk<'_, '_>) -> bool {
    let mut is_dhcp = false;
    while let [number, ref behind @ ..] = *walk.rest() {
        match number {
            PAD => {
                let len = walk.rest().iter().take_while(|byte| **byte == PAD).count();
                walk.record(row!(ALONE, "pad"), len, |walk| {
                    walk.derived(row!(PARTS, "alone"), Value::Uint(PAD.into()));
                    walk.bytes(row!(PARTS, "padding"), len);
                });
            }
            END => {
                walk.record(row!(ALONE, "last"), 1, |walk| {
                    // Wireshark's type of it is that of the padding.
                    walk.derived(row!(PARTS, "alone"), Value::Uint(PAD.into()));
                    walk.bytes(row!(PARTS, "end"), 1);
                });
                walk.bytes(row!(PARTS, "padding"), usize::MAX);
            }
            number => {
                let len = behind.first().map_or(0, |len| usize::from(*len));
                let fits = behind.len() > len;
                is_dhcp |= fits && number == tag::MESSAGE_TYPE;
                if !fits {
                    walk.malformed(2 + len, "an option's length that fits");
                }
                let row = find(number).unwrap_or(UNKNOWN);
                walk.record(&row.record, 2 + len, |walk| option(walk, number, row, fits));
            }
        }
    }
    is_dhcp
}

/// Shows an option; what does not fit its row stays bytes.
fn option(walk: &mut Walk<'_, '_>, number: u8, row: &'static OptionRow, fits: bool) {
    let head = row.fields.get(..2).unwrap_or(row.fields);
    let value = walk.rest().get(2..).unwrap_or_default();
    let (more, item) = row.each;
    let is_regular = match item {
        _ if !fits => false,
        0 if row.len == 2 => true,
        // These two have been seen longer than they are.
        0 => value.len() + 2 == row.len || (matches!(number, tag::OVERLOAD | tag::MESSAGE_TYPE) && !value.is_empty()),
        item => !value.is_empty() && value.len().is_multiple_of(item),
    };
    if !is_regular {
        walk.table(head, 2);
        return if fits { walk.bytes(row!(PARTS, "value"), usize::MAX) } else { walk.finish() };
    }
    walk.table(row.fields, row.len);
    while item > 0 && walk.rest().len() >= item {
        walk.table(more, item);
    }
    match row.rest {
        Some(rest) if !rest.path.is_empty() => walk.bytes(rest, usize::MAX),
        _ => inside::walk(walk, number),
    }
    if walk.rest().len() == value.len() {
        return walk.bytes(row!(PARTS, "value"), usize::MAX);
    }
    walk.bytes(row!(PARTS, "rest"), usize::MAX);
    walk.derived(row!(PARTS, "raw"), Value::Bytes(value));
}
