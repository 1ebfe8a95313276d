//! The options of DHCPv6: RFC 8415, section 21, and IANA's registry of DHCPv6 parameters.
//!
//! An option is its code, the length of what follows, 2 bytes each, and that. How a row of the table is written says
//! [`option`](crate::option).

use super::inside;
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::option::{OptionRow, options};
use crate::walk::{Value, Walk};

/// How tcpdump writes what is in an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Not at all.
    Nothing,
    /// A DUID.
    Duid,
    /// An identity association with times, and options.
    Association,
    /// An identity association without times, and options.
    Temporary,
    /// An address with times, and options.
    Address,
    /// A prefix with times, and options.
    Prefix,
    /// Codes of options.
    Codes,
    /// A number of a byte.
    Byte,
    /// A number of 2 bytes.
    Short,
    /// A number of 4 bytes.
    Long,
    /// A message.
    Message,
    /// Authentication.
    Authentication,
    /// A status code.
    Status,
    /// The first bytes in hexadecimal.
    Hex,
    /// An enterprise, and the first bytes in hexadecimal.
    Enterprise,
    /// An address, and the first bytes in hexadecimal.
    RelayData,
    /// The type of a message.
    Reconfigure,
    /// Domain names.
    Names,
    /// A domain name.
    Name,
    /// Addresses.
    Addresses,
    /// Text.
    Text,
    /// A query, and options.
    Query,
    /// Options.
    Options,
    /// Options of its own.
    Ntp,
}

/// The options whose inside has parts.
pub(super) mod code {
    pub(in super::super) const CLIENT_ID: u16 = 1;
    pub(in super::super) const SERVER_ID: u16 = 2;
    pub(in super::super) const IA_NA: u16 = 3;
    pub(in super::super) const IA_TA: u16 = 4;
    pub(in super::super) const IA_ADDR: u16 = 5;
    pub(in super::super) const RELAY_MESSAGE: u16 = 9;
    pub(in super::super) const AUTHENTICATION: u16 = 11;
    pub(in super::super) const STATUS_CODE: u16 = 13;
    pub(in super::super) const USER_CLASS: u16 = 15;
    pub(in super::super) const VENDOR_CLASS: u16 = 16;
    pub(in super::super) const VENDOR_OPTIONS: u16 = 17;
    pub(in super::super) const SIP_DOMAINS: u16 = 21;
    pub(in super::super) const DOMAIN_SEARCH: u16 = 24;
    pub(in super::super) const IA_PD: u16 = 25;
    pub(in super::super) const IA_PREFIX: u16 = 26;
    pub(in super::super) const NIS_DOMAIN: u16 = 29;
    pub(in super::super) const NISP_DOMAIN: u16 = 30;
    pub(in super::super) const BCMCS_DOMAINS: u16 = 33;
    pub(in super::super) const REMOTE_ID: u16 = 37;
    pub(in super::super) const CLIENT_FQDN: u16 = 39;
    pub(in super::super) const LQ_QUERY: u16 = 44;
    pub(in super::super) const LQ_CLIENT_DATA: u16 = 45;
    pub(in super::super) const LQ_RELAY_DATA: u16 = 47;
    pub(in super::super) const RELAY_ID: u16 = 53;
    pub(in super::super) const NTP_SERVER: u16 = 56;
    pub(in super::super) const AFTR_NAME: u16 = 64;
    pub(in super::super) const RELAY_SUPPLIED: u16 = 66;
    pub(in super::super) const PD_EXCLUDE: u16 = 67;
    pub(in super::super) const MAP_E: u16 = 94;
    pub(in super::super) const MAP_T: u16 = 95;
    pub(in super::super) const LIGHTWEIGHT: u16 = 96;
}

/// The rows that all options share.
pub(super) const PARTS: &[Field] = &[
    TYPE,
    LENGTH,
    Field::variable("optname", "dhcpv6.option.type_str", Kind::Text, "Option: its name.").derived(),
    Field::bytes("data", "", "Data: not described further."),
];

const TYPE: Field =
    Field::variable("optcode", "dhcpv6.option.type", Kind::DecOf(name), "Option: which it is.").wide(16);

const LENGTH: Field = Field {
    from: 16,
    to: 32,
    rule: Rule::Computed(Computed::Following),
    ..Field::variable("optlen", "dhcpv6.option.length", Kind::Dec, "Length: of what follows.")
};

/// How many bytes stand before what is in an option.
const HEAD: usize = 4;

/// Names an option.
fn name(number: u64) -> Option<&'static str> {
    find(u16::try_from(number).ok()?).map(|row| row.record.title())
}

options! {
    head "" TYPE LENGTH 32;
    words Form, else "" Nothing;
    1 "client-ID" Duid, "clientid" "" parts, "Client Identifier: the client's DUID.";
    2 "server-ID" Duid, "serverid" "" parts, "Server Identifier: the server's DUID.";
    3 "IA_NA" Association, "ia_na" "" parts, "Identity Association for Non-temporary Address: addresses that go together.";
    4 "IA_TA" Temporary, "ia_ta" "" parts, "Identity Association for Temporary Address: addresses that go together.";
    5 "IA_ADDR" Address, "iaaddr" "" parts, "IA Address: with its lifetimes.";
    6 "option-request" Codes, "reqopts" "dhcpv6.requested_option_code" many: (DecOf(name)) 16, "Option Request: an option that is wanted.";
    7 "preference" Byte, "prefval" "dhcpv6.option_preference" one: Dec 8, "Preference: of the server, 255 is the highest.";
    8 "elapsed-time" Short, "elapsedtime" "dhcpv6.elapsed_time" one: (Times(10)) 16, "Elapsed time: in milliseconds, sent in hundredths of a second.";
    9 "relay-message" Message, "relaymsg" "" parts, "Relay Message: the message that is relayed.";
    11 "authentication" Authentication, "auth" "" parts, "Authentication: of the message.";
    12 "server-unicast" Nothing, "srvaddr" "dhcpv6.unicast" one: Ipv6 128, "Server unicast: where to send messages.";
    13 "status-code" Status, "statuscode" "" parts, "Status code: how it went.";
    14 "rapid-commit" Nothing, "rapidcommit" "" parts, "Rapid Commit: two messages are enough.";
    15 "user-class" Nothing, "userclass" "" parts, "User Class: what kind of user it is.";
    16 "vendor-class" Nothing, "vendorclass" "" parts, "Vendor Class: what kind of client it is.";
    17 "vendor-specific-info" Nothing, "vendoropts" "" parts, "Vendor-specific Information: options of a vendor.";
    18 "interface-ID" Hex, "ifaceid" "dhcpv6.interface_id" bytes, "Interface-Id: where the relay agent got it.";
    19 "reconfigure-message" Reconfigure, "reconfmsg" "dhcpv6.reconf_msg" one: (DecOf(super::message_type)) 8, "Reconfigure Message: what the client is to send.";
    20 "reconfigure-accept" Nothing, "reconfaccept" "" parts, "Reconfigure Accept: the client takes Reconfigure.";
    21 "SIP-servers-domain" Names, "sipdomains" "" parts, "SIP Server Domain Name List: RFC 3319.";
    22 "SIP-servers-address" Addresses, "sipservers" "dhcpv6.sip_server_a" many: Ipv6 128, "SIP Servers IPv6 Address List: RFC 3319.";
    23 "DNS-server" Addresses, "dnsservers" "dhcpv6.dns_server" many: Ipv6 128, "DNS recursive name server: RFC 3646.";
    24 "DNS-search-list" Names, "dnsdomains" "" parts, "Domain Search List: RFC 3646.";
    25 "IA_PD" Association, "ia_pd" "" parts, "Identity Association for Prefix Delegation: prefixes that go together.";
    26 "IA_PD-prefix" Prefix, "iaprefix" "" parts, "IA Prefix: with its lifetimes.";
    27 "NIS-server" Addresses, "nisservers" "dhcpv6.nis_server" many: Ipv6 128, "Network Information Server: RFC 3898.";
    28 "NIS+-server" Addresses, "nispservers" "dhcpv6.nisp_server" many: Ipv6 128, "Network Information Server V2: RFC 3898.";
    29 "NIS-domain-name" Nothing, "nisdomain" "" parts, "Network Information Server Domain Name: RFC 3898.";
    30 "NIS+-domain-name" Nothing, "nispdomain" "" parts, "Network Information Server V2 Domain Name: RFC 3898.";
    31 "SNTP-servers" Addresses, "sntpservers" "dhcpv6.sntp_server" many: Ipv6 128, "Simple Network Time Protocol Server: RFC 4075.";
    32 "lifetime" Long, "reftime" "dhcpv6.lifetime" one: Dec 32, "Lifetime: after so many seconds ask again.";
    33 "BCMCS-domain-name" Nothing, "bcmcsdomains" "" parts, "BCMCS Server Domain: RFC 4280.";
    34 "BCMCS-server" Addresses, "bcmcsservers" "dhcpv6.bcmcs_server_a" many: Ipv6 128, "BCMCS Servers IPv6 Address List: RFC 4280.";
    36 "Geoconf-Civic" Nothing, "geoconf" "" parts, "Geoconf Civic Address: RFC 4776.";
    37 "Remote-ID" Enterprise, "remoteid" "" parts, "Remote Identifier: who is there, RFC 4649.";
    38 "Subscriber-ID" Hex, "subscriberid" "dhcpv6.subscriber_id" text, "Subscriber Identifier: who is served, RFC 4580.";
    39 "Client-FQDN" Nothing, "clientfqdn" "" parts, "Client Fully Qualified Domain Name: RFC 4704.";
    40 "PANA-agent" Addresses, "panaaddr" "dhcpv6.pana_agent" many: Ipv6 128, "PANA Agents IPv6 Address List: RFC 5192.";
    41 "POSIX-timezone" Text, "posixtz" "dhcpv6.timezone" text, "Time Zone: as POSIX writes it, RFC 4833.";
    42 "POSIX-tz-database" Text, "tzdb" "dhcpv6.tzdb" text, "Time Zone Database: its name there, RFC 4833.";
    43 "Echo-request-option" Codes, "erorequest" "dhcpv6.requested_option_code" many: (DecOf(name)) 16, "Echo Request Option: what is to be sent back, RFC 4994.";
    44 "Lease-query" Query, "lqquery" "" parts, "Leasequery Query: RFC 5007.";
    45 "LQ-client-data" Options, "clientdata" "" parts, "Leasequery Client Data: RFC 5007.";
    46 "Clt-time" Long, "clttime" "dhcpv6.clt_time" one: Dec 32, "Client Last Transaction Time: seconds ago, RFC 5007.";
    47 "LQ-relay-data" RelayData, "lqrelaydata" "" parts, "Leasequery Relay Data: RFC 5007.";
    48 "LQ-client-link" Addresses, "lqclientlink" "dhcpv6.lq_client_link" many: Ipv6 128, "Leasequery Client Link Address List: RFC 5007.";
    49 "" Nothing, "mip6_hnidf" "" parts, "Home Network Identifier FQDN: RFC 6610.";
    50 "" Nothing, "mip6_vdinf" "" parts, "Visited Home Network Information: RFC 6610.";
    51 "" Nothing, "lost" "" parts, "LoST Server Domain Name: RFC 5223.";
    52 "" Nothing, "capwap" "dhcpv6.capwap_ac_v6" many: Ipv6 128, "CAPWAP Access Controllers: RFC 5417.";
    53 "" Nothing, "relayid" "" parts, "Relay-ID: the DUID of the relay agent, RFC 5460.";
    56 "NTP-server" Ntp, "ntpserver" "" parts, "NTP Server: RFC 5908.";
    57 "" Nothing, "accessdomain" "" parts, "Access Network Domain Name: RFC 5986.";
    58 "" Nothing, "sipuacs" "" parts, "SIP User Agent Configuration Service Domains: RFC 6011.";
    59 "" Nothing, "bootfileurl" "" parts, "Boot File URL: RFC 5970.";
    60 "" Nothing, "bootfileparam" "" parts, "Boot File Parameters: RFC 5970.";
    61 "" Nothing, "archtypes" "" parts, "Client System Architecture Type: RFC 5970.";
    62 "" Nothing, "nii" "" parts, "Client Network Interface Identifier: RFC 5970.";
    64 "AFTR-Name" Name, "aftrname" "" parts, "Dual-Stack Lite AFTR Name: RFC 6334.";
    65 "" Nothing, "erpdomain" "" parts, "ERP Local Domain Name: RFC 6440.";
    66 "" Nothing, "relaysupplied" "" parts, "Relay-Supplied Options: RFC 6422.";
    67 "" Nothing, "pdexclude" "" parts, "Prefix Exclude: RFC 6603.";
    68 "" Nothing, "vss" "" parts, "Virtual Subnet Selection: RFC 6607.";
    79 "" Nothing, "cliaddr" "" parts, "Client Link-Layer Address: RFC 6939.";
    80 "" Nothing, "linkaddress" "" one: Ipv6 128, "Link Address: RFC 6977.";
    82 "" Nothing, "solmaxrt" "" one: Dec 32, "SOL_MAX_RT: in seconds.";
    83 "" Nothing, "infmaxrt" "" one: Dec 32, "INF_MAX_RT: in seconds.";
    88 "" Nothing, "dhcp4o6" "" many: Ipv6 128, "DHCP 4o6 Servers Address: RFC 7341.";
    90 "" Nothing, "s46br" "dhcpv6.s46_br.address" one: Ipv6 128, "S46 BR: RFC 7598.";
    94 "" Nothing, "s46mape" "" parts, "S46 MAP-E Container: RFC 7598.";
    95 "" Nothing, "s46mapt" "" parts, "S46 MAP-T Container: RFC 7598.";
    96 "" Nothing, "s46lw" "" parts, "S46 Lightweight 4over6 Container: RFC 7598.";
    103 "" Nothing, "captiveportal" "dhcpv6.captive_portal" text, "Captive Portal: its URL, RFC 8910.";
    112 "MUD-URL" Text, "mudurl" "dhcpv6.mudurl" text, "Manufacturer Usage Description: its URL, RFC 8520.";
    135 "" Nothing, "relayport" "dhcpv6.relay_port" one: Dec 16, "Relay Source Port: RFC 8357.";
    136 "" Nothing, "sztp" "" parts, "SZTP Redirect: RFC 8572.";
    143 "" Nothing, "andsf" "" many: Ipv6 128, "ANDSF IPv6 Address: RFC 6153.";
}

/// An option that no row knows.
const UNKNOWN: &OptionRow = &OptionRow::new(0, ("unknown", ""), &[TYPE, LENGTH], HEAD, "Option: not known.");

/// Finds the row of an option.
fn find(number: u16) -> Option<&'static OptionRow> {
    OPTIONS.iter().find(|row| row.number == number)
}

/// Shows options, which are the rest of the header or the record; they are so deep in others.
pub(super) fn walk(walk: &mut Walk<'_, '_>, depth: usize) {
    while let [a, b, c, d, ref value @ ..] = *walk.rest() {
        let (number, len) = (u16::from_be_bytes([a, b]), usize::from(u16::from_be_bytes([c, d])));
        let fits = len <= value.len();
        if !fits {
            walk.malformed(HEAD + len, "an option's length that fits");
        }
        let row = find(number).unwrap_or(UNKNOWN);
        walk.record(&row.record, HEAD + len, |walk| {
            if fits { option(walk, number, row, depth) } else { _ = walk.table(UNKNOWN.fields, HEAD) }
        });
    }
}

/// Shows an option; what does not fit its row stays bytes.
fn option(walk: &mut Walk<'_, '_>, number: u16, row: &'static OptionRow, depth: usize) {
    if row.number != UNKNOWN.number {
        walk.derived(row!(PARTS, "optname"), Value::Bytes(row.record.title().as_bytes()));
    }
    let len = walk.rest().len();
    let (more, item) = row.each;
    let is_regular = match item {
        0 => row.len == HEAD || len == row.len,
        item => len > HEAD && (len - HEAD).is_multiple_of(item),
    };
    if is_regular {
        walk.table(row.fields, row.len);
        while item > 0 && walk.rest().len() >= item {
            walk.table(more, item);
        }
        match row.rest {
            Some(rest) if !rest.path.is_empty() => walk.bytes(rest, usize::MAX),
            _ => inside::walk(walk, number, depth),
        }
    } else {
        walk.table(UNKNOWN.fields, HEAD);
    }
    walk.bytes(row!(PARTS, "data"), usize::MAX);
}
