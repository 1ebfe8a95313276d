//! The attributes of RADIUS: RFC 2865, section 5, and IANA's registry of RADIUS types.
//!
//! An attribute is its type, the length of all of it, a byte each, and the value. How a row of the table is written says
//! [`option`](crate::option).

use super::{inside, names};
use crate::field::{Computed, Field, Kind, Rule, row};
use crate::option::{OptionRow, options};
use crate::walk::Walk;

/// How tcpdump writes the value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Not at all.
    Nothing,
    /// Text.
    Text,
    /// An IPv4 address.
    Ipv4,
    /// A number.
    Number,
    /// A number that has a name.
    Named,
    /// A time in seconds.
    Duration,
    /// A date.
    Date,
    /// Whether a VLAN is tagged, and its number.
    VlanId,
    /// Whether a VLAN is tagged, and its name.
    VlanName,
    /// A tag and a number that has a name.
    TaggedName,
    /// A tag and a number.
    TaggedNumber,
    /// A tag and text.
    TaggedText,
    /// A tag, a salt and a password.
    TunnelPassword,
    /// A challenge and an answer.
    ArapPassword,
    /// What is said of passwords.
    ArapFeatures,
    /// An answer to a challenge.
    ArapChallenge,
    /// A packet of EAP.
    Eap,
    /// An IPv6 address.
    Ipv6,
    /// A prefix of which some bytes are there.
    Prefix,
    /// A number that has a name, and says so.
    ErrorCause,
    /// Flags of mobile IPv6.
    FeatureVector,
    /// A prefix, with its length before it.
    HomeLinkPrefix,
    /// A name in a space of names.
    OperatorName,
    /// About a location.
    LocationInformation,
    /// A location.
    LocationData,
    /// What may be done with a location.
    LocationPolicy,
    /// Attributes of a vendor.
    Vendor,
}

/// The attributes whose value has parts.
pub(super) mod kind {
    pub(in super::super) const CHAP_PASSWORD: u8 = 3;
    pub(in super::super) const VENDOR_SPECIFIC: u8 = 26;
    pub(in super::super) const EGRESS_VLANID: u8 = 56;
    pub(in super::super) const EGRESS_VLAN_NAME: u8 = 58;
    pub(in super::super) const TUNNEL_TYPE: u8 = 64;
    pub(in super::super) const TUNNEL_MEDIUM_TYPE: u8 = 65;
    pub(in super::super) const TUNNEL_CLIENT_ENDPOINT: u8 = 66;
    pub(in super::super) const TUNNEL_SERVER_ENDPOINT: u8 = 67;
    pub(in super::super) const TUNNEL_PASSWORD: u8 = 69;
    pub(in super::super) const TUNNEL_PRIVATE_GROUP_ID: u8 = 81;
    pub(in super::super) const TUNNEL_ASSIGNMENT_ID: u8 = 82;
    pub(in super::super) const TUNNEL_PREFERENCE: u8 = 83;
    pub(in super::super) const TUNNEL_CLIENT_AUTH_ID: u8 = 90;
    pub(in super::super) const TUNNEL_SERVER_AUTH_ID: u8 = 91;
}

/// The rows that all attributes share.
pub(super) const PARTS: &[Field] = &[
    TYPE,
    LENGTH,
    Field::bytes("value", "", "Value: not described further."),
    Field::bytes("unknown", "radius.Unknown_Attribute", "Value: of an attribute that is not known."),
];

const TYPE: Field = Field::variable("type", "radius.avp.type", Kind::DecOf(name), "Type: which it is.").wide(8);

const LENGTH: Field = Field {
    from: 8,
    to: 16,
    rule: Rule::Computed(Computed::Record),
    ..Field::variable("length", "radius.avp.length", Kind::Dec, "Length: of the whole attribute.")
};

/// How many bytes stand before the value.
const HEAD: usize = 2;

/// Names an attribute.
fn name(number: u64) -> Option<&'static str> {
    find(u8::try_from(number).ok()?).map(|row| row.record.title())
}

options! {
    head "radius.avp" TYPE LENGTH 16;
    words Form, else "Unknown" Nothing;
    1 "User-Name" Text, "User-Name" "radius.User_Name" text, "User-Name: who asks.";
    2 "User-Password" Nothing, "User-Password" "radius.User_Password_encrypted" bytes, "User-Password: hidden with the shared secret.";
    3 "CHAP-Password" Nothing, "CHAP-Password" "" parts, "CHAP-Password: the answer to the challenge.";
    4 "NAS-IP-Address" Ipv4, "NAS-IP-Address" "radius.NAS_IP_Address" one: Ipv4 32, "NAS-IP-Address: of the access server.";
    5 "NAS-Port" Number, "NAS-Port" "radius.NAS_Port" one: Dec 32, "NAS-Port: where the user came in.";
    6 "Service-Type" Named, "Service-Type" "radius.Service_Type" one: (DecOf(names::service_type)) 32, "Service-Type: what the user wants.";
    7 "Framed-Protocol" Named, "Framed-Protocol" "radius.Framed_Protocol" one: (DecOf(names::framed_protocol)) 32, "Framed-Protocol: how frames are sent.";
    8 "Framed-IP-Address" Ipv4, "Framed-IP-Address" "radius.Framed-IP-Address" one: Ipv4 32, "Framed-IP-Address: the user's.";
    9 "Framed-IP-Netmask" Ipv4, "Framed-IP-Netmask" "radius.Framed_IP_Netmask" one: Ipv4 32, "Framed-IP-Netmask: of the user's network.";
    10 "Framed-Routing" Named, "Framed-Routing" "radius.Framed_Routing" one: (DecOf(names::framed_routing)) 32, "Framed-Routing: which way routes are told.";
    11 "Filter-Id" Text, "Filter-Id" "radius.Filter_Id" text, "Filter-Id: the name of a list of filters.";
    12 "Framed-MTU" Number, "Framed-MTU" "radius.Framed_MTU" one: Dec 32, "Framed-MTU: in bytes.";
    13 "Framed-Compression" Named, "Framed-Compression" "radius.Framed_Compression" one: (DecOf(names::framed_compression)) 32, "Framed-Compression: of the link.";
    14 "Login-IP-Host" Ipv4, "Login-IP-Host" "radius.Login-IP-Host" one: Ipv4 32, "Login-IP-Host: where to log in.";
    15 "Login-Service" Named, "Login-Service" "radius.Login_Service" one: (DecOf(names::login_service)) 32, "Login-Service: how to log in.";
    16 "Login-TCP-Port" Number, "Login-TCP-Port" "radius.Login_TCP_Port" one: Dec 32, "Login-TCP-Port: where to log in.";
    17 "Unassigned" Nothing, "Unassigned-17" "radius.Old_Password" text, "Unassigned-17: of no meaning in the RFCs.";
    18 "Reply-Message" Text, "Reply-Message" "radius.Reply_Message" text, "Reply-Message: to be shown to the user.";
    19 "Callback-Number" Text, "Callback-Number" "radius.Callback_Number" text, "Callback-Number: whom to call back.";
    20 "Callback-Id" Text, "Callback-Id" "radius.Callback_Id" text, "Callback-Id: the name of a place to call back.";
    21 "Unassigned" Nothing, "Unassigned-21" "radius.Unknown_Attribute" bytes, "Unassigned-21: of no meaning in the RFCs.";
    22 "Framed-Route" Text, "Framed-Route" "radius.Framed_Route" text, "Framed-Route: a route for the user.";
    23 "Framed-IPX-Network" Number, "Framed-IPX-Network" "radius.Framed-IPX-Network" one: Hex 32, "Framed-IPX-Network: the user's.";
    24 "State" Text, "State" "radius.State" bytes, "State: to be sent back as it is.";
    25 "Class" Text, "Class" "radius.Class" bytes, "Class: to be sent on to accounting.";
    26 "Vendor-Specific" Vendor, "Vendor-Specific" "" parts, "Vendor-Specific: attributes of a vendor.";
    27 "Session-Timeout" Duration, "Session-Timeout" "radius.Session_Timeout" one: Dec 32, "Session-Timeout: seconds until the session ends.";
    28 "Idle-Timeout" Duration, "Idle-Timeout" "radius.Idle_Timeout" one: Dec 32, "Idle-Timeout: seconds without traffic until it ends.";
    29 "Termination-Action" Named, "Termination-Action" "radius.Termination_Action" one: (DecOf(names::termination_action)) 32, "Termination-Action: what happens at the end.";
    30 "Called-Station-Id" Text, "Called-Station-Id" "radius.Called_Station_Id" text, "Called-Station-Id: whom the user called.";
    31 "Calling-Station-Id" Text, "Calling-Station-Id" "radius.Calling_Station_Id" text, "Calling-Station-Id: from where the user called.";
    32 "NAS-Identifier" Text, "NAS-Identifier" "radius.NAS_Identifier" text, "NAS-Identifier: the name of the access server.";
    33 "Proxy-State" Text, "Proxy-State" "radius.Proxy_State" bytes, "Proxy-State: to be sent back to the proxy.";
    34 "Login-LAT-Service" Text, "Login-LAT-Service" "radius.Login_LAT_Service" text, "Login-LAT-Service: what to connect to.";
    35 "Login-LAT-Node" Text, "Login-LAT-Node" "radius.Login_LAT_Node" text, "Login-LAT-Node: where to connect.";
    36 "Login-LAT-Group" Text, "Login-LAT-Group" "radius.Login_LAT_Group" bytes, "Login-LAT-Group: which groups are allowed.";
    37 "Framed-AppleTalk-Link" Number, "Framed-AppleTalk-Link" "radius.Framed_AppleTalk_Link" one: Dec 32, "Framed-AppleTalk-Link: the network of the link.";
    38 "Framed-AppleTalk-Network" Number, "Framed-AppleTalk-Network" "radius.Framed_AppleTalk_Network" one: Dec 32, "Framed-AppleTalk-Network: where to find a node number.";
    39 "Framed-AppleTalk-Zone" Text, "Framed-AppleTalk-Zone" "radius.Framed_AppleTalk_Zone" text, "Framed-AppleTalk-Zone: the user's zone.";
    40 "Acct-Status-Type" Named, "Acct-Status-Type" "radius.Acct_Status_Type" one: (DecOf(names::acct_status_type)) 32, "Acct-Status-Type: what happened.";
    41 "Acct-Delay-Time" Duration, "Acct-Delay-Time" "radius.Acct_Delay_Time" one: Dec 32, "Acct-Delay-Time: seconds since it happened.";
    42 "Acct-Input-Octets" Number, "Acct-Input-Octets" "radius.Acct_Input_Octets" one: Dec 32, "Acct-Input-Octets: bytes from the user.";
    43 "Acct-Output-Octets" Number, "Acct-Output-Octets" "radius.Acct_Output_Octets" one: Dec 32, "Acct-Output-Octets: bytes to the user.";
    44 "Acct-Session-Id" Text, "Acct-Session-Id" "radius.Acct_Session_Id" text, "Acct-Session-Id: the same in all records of a session.";
    45 "Acct-Authentic" Named, "Acct-Authentic" "radius.Acct_Authentic" one: (DecOf(names::acct_authentic)) 32, "Acct-Authentic: who knew the user.";
    46 "Acct-Session-Time" Duration, "Acct-Session-Time" "radius.Acct_Session_Time" one: Dec 32, "Acct-Session-Time: in seconds.";
    47 "Acct-Input-Packets" Number, "Acct-Input-Packets" "radius.Acct_Input_Packets" one: Dec 32, "Acct-Input-Packets: packets from the user.";
    48 "Acct-Output-Packets" Number, "Acct-Output-Packets" "radius.Acct_Output_Packets" one: Dec 32, "Acct-Output-Packets: packets to the user.";
    49 "Acct-Terminate-Cause" Named, "Acct-Terminate-Cause" "radius.Acct_Terminate_Cause" one: (DecOf(names::acct_terminate_cause)) 32, "Acct-Terminate-Cause: why the session ended.";
    50 "Acct-Multi-Session-Id" Text, "Acct-Multi-Session-Id" "radius.Acct_Multi_Session_Id" text, "Acct-Multi-Session-Id: the same in sessions that belong together.";
    51 "Acct-Link-Count" Number, "Acct-Link-Count" "radius.Acct_Link_Count" one: Dec 32, "Acct-Link-Count: links of such a session.";
    52 "Acct-Input-Gigawords" Number, "Acct-Input-Gigawords" "radius.Acct_Input_Gigawords" one: Dec 32, "Acct-Input-Gigawords: times that the counter overflowed.";
    53 "Acct-Output-Gigawords" Number, "Acct-Output-Gigawords" "radius.Acct_Output_Gigawords" one: Dec 32, "Acct-Output-Gigawords: times that the counter overflowed.";
    54 "Unassigned" Nothing, "Unassigned-54" "radius.Unknown_Attribute" bytes, "Unassigned-54: of no meaning in the RFCs.";
    55 "Event-Timestamp" Date, "Event-Timestamp" "radius.Event_Timestamp" one: UnixTime 32, "Event-Timestamp: when it happened.";
    56 "Egress-VLANID" VlanId, "Egress-VLANID" "" parts, "Egress-VLANID: a VLAN that the port sends, RFC 4675.";
    57 "Ingress-Filters" Named, "Ingress-Filters" "radius.Ingress_Filters" one: (DecOf(names::ingress_filters)) 32, "Ingress-Filters: whether other VLANs are taken, RFC 4675.";
    58 "Egress-VLAN-Name" VlanName, "Egress-VLAN-Name" "" parts, "Egress-VLAN-Name: a VLAN that the port sends, RFC 4675.";
    59 "User-Priority-Table" Nothing, "User-Priority-Table" "radius.User_Priority_Table" bytes, "User-Priority-Table: new priorities, RFC 4675.";
    60 "CHAP-Challenge" Text, "CHAP-Challenge" "radius.CHAP_Challenge" bytes, "CHAP-Challenge: what the password answers.";
    61 "NAS-Port-Type" Named, "NAS-Port-Type" "radius.NAS_Port_Type" one: (DecOf(names::nas_port_type)) 32, "NAS-Port-Type: of what kind the port is.";
    62 "Port-Limit" Number, "Port-Limit" "radius.Port_Limit" one: Dec 32, "Port-Limit: ports that the user may have.";
    63 "Login-LAT-Port" Text, "Login-LAT-Port" "radius.Login_LAT_Port" text, "Login-LAT-Port: where to connect.";
    64 "Tunnel-Type" TaggedName, "Tunnel-Type" "" parts, "Tunnel-Type: of which protocol the tunnel is, RFC 2868.";
    65 "Tunnel-Medium-Type" TaggedName, "Tunnel-Medium-Type" "" parts, "Tunnel-Medium-Type: what the tunnel runs over, RFC 2868.";
    66 "Tunnel-Client-Endpoint" TaggedText, "Tunnel-Client-Endpoint" "" parts, "Tunnel-Client-Endpoint: the near end of the tunnel.";
    67 "Tunnel-Server-Endpoint" TaggedText, "Tunnel-Server-Endpoint" "" parts, "Tunnel-Server-Endpoint: the far end of the tunnel.";
    68 "Acct-Tunnel-Connection" Text, "Acct-Tunnel-Connection" "radius.Acct_Tunnel_Connection" text, "Acct-Tunnel-Connection: the name of the tunnel's session.";
    69 "Tunnel-Password" TunnelPassword, "Tunnel-Password" "" parts, "Tunnel-Password: hidden with the shared secret.";
    70 "ARAP-Password" ArapPassword, "ARAP-Password" "radius.ARAP_Password" bytes, "ARAP-Password: challenge and answer, RFC 2869.";
    71 "ARAP-Features" ArapFeatures, "ARAP-Features" "radius.ARAP_Features" bytes, "ARAP-Features: about passwords, RFC 2869.";
    72 "ARAP-Zone-Access" Named, "ARAP-Zone-Access" "radius.ARAP_Zone_Access" one: (DecOf(names::arap_zone_access)) 32, "ARAP-Zone-Access: which zones the user may see.";
    73 "ARAP-Security" Text, "ARAP-Security" "radius.ARAP_Security" one: Dec 32, "ARAP-Security: the security module.";
    74 "ARAP-Security-Data" Text, "ARAP-Security-Data" "radius.ARAP_Security_Data" text, "ARAP-Security-Data: for the security module.";
    75 "Password-Retry" Number, "Password-Retry" "radius.Password_Retry" one: Dec 32, "Password-Retry: tries that the user has.";
    76 "Prompt" Named, "Prompt" "radius.Prompt" one: (DecOf(names::prompt)) 32, "Prompt: whether the answer is shown.";
    77 "Connect-Info" Text, "Connect-Info" "radius.Connect_Info" text, "Connect-Info: of what kind the connection is.";
    78 "Configuration-Token" Text, "Configuration-Token" "radius.Configuration_Token" text, "Configuration-Token: between proxies.";
    79 "EAP-Message" Eap, "EAP-Message" "radius.eap_fragment" bytes, "EAP-Message: a packet of EAP, or part of one, RFC 3579.";
    80 "Message-Authenticator" Text, "Message-Authenticator" "radius.Message_Authenticator" bytes, "Message-Authenticator: HMAC-MD5 of the packet, RFC 3579.";
    81 "Tunnel-Private-Group-ID" TaggedText, "Tunnel-Private-Group-ID" "" parts, "Tunnel-Private-Group-ID: the group of the session: a VLAN.";
    82 "Tunnel-Assignment-ID" TaggedText, "Tunnel-Assignment-ID" "" parts, "Tunnel-Assignment-ID: which tunnel to take.";
    83 "Tunnel-Preference" TaggedNumber, "Tunnel-Preference" "" parts, "Tunnel-Preference: the lowest is tried first.";
    84 "ARAP-Challenge-Response" ArapChallenge, "ARAP-Challenge-Response" "radius.ARAP_Challenge_Response" bytes, "ARAP-Challenge-Response: the answer to the client's challenge.";
    85 "Acct-Interim-Interval" Duration, "Acct-Interim-Interval" "radius.Acct_Interim_Interval" one: Dec 32, "Acct-Interim-Interval: seconds between records.";
    86 "Acct-Tunnel-Packets-Lost" Number, "Acct-Tunnel-Packets-Lost" "radius.Acct_Tunnel_Packets_Lost" one: Dec 32, "Acct-Tunnel-Packets-Lost: packets lost in the tunnel.";
    87 "NAS-Port-Id" Text, "NAS-Port-Id" "radius.NAS_Port_Id" text, "NAS-Port-Id: the name of the port.";
    88 "Framed-Pool" Text, "Framed-Pool" "radius.Framed_Pool" text, "Framed-Pool: where the address is from.";
    89 "CUI" Text, "Chargeable-User-Identity" "radius.Chargeable_User_Identity" text, "Chargeable-User-Identity: who is to be charged, RFC 4372.";
    90 "Tunnel-Client-Auth-ID" TaggedText, "Tunnel-Client-Auth-ID" "" parts, "Tunnel-Client-Auth-ID: the name of the near end.";
    91 "Tunnel-Server-Auth-ID" TaggedText, "Tunnel-Server-Auth-ID" "" parts, "Tunnel-Server-Auth-ID: the name of the far end.";
    92 "NAS-Filter-Rule" Text, "NAS-Filter-Rule" "radius.NAS_Filter_Rule" text, "NAS-Filter-Rule: rules for packets, RFC 4849.";
    93 "Unassigned" Nothing, "Unassigned-93" "radius.Unknown_Attribute" bytes, "Unassigned-93: of no meaning in the RFCs.";
    94 "Originating-Line-Info" Nothing, "Originating-Line-Info" "radius.Originating_Line_Info" text, "Originating-Line-Info: of what kind the line is.";
    95 "NAS-IPv6-Address" Ipv6, "NAS-IPv6-Address" "radius.NAS_IPv6_Address" one: Ipv6 128, "NAS-IPv6-Address: of the access server, RFC 3162.";
    96 "Framed-Interface-ID" Nothing, "Framed-Interface-Id" "radius.Framed_Interface_Id" bytes, "Framed-Interface-Id: of the user's address, RFC 3162.";
    97 "Framed-IPv6-Prefix" Prefix, "Framed-IPv6-Prefix" "radius.Framed_IPv6_Prefix" bytes, "Framed-IPv6-Prefix: of the user's link, RFC 3162.";
    98 "Login-IPv6-Host" Ipv6, "Login-IPv6-Host" "radius.Login_IPv6_Host" one: Ipv6 128, "Login-IPv6-Host: where to log in, RFC 3162.";
    99 "Framed-IPv6-Route" Text, "Framed-IPv6-Route" "radius.Framed_IPv6_Route" text, "Framed-IPv6-Route: a route for the user, RFC 3162.";
    100 "Framed-IPv6-Pool" Text, "Framed-IPv6-Pool" "radius.Framed_IPv6_Pool" text, "Framed-IPv6-Pool: where the prefix is from, RFC 3162.";
    101 "Error-Cause" ErrorCause, "Error-Cause" "radius.Error_Cause" one: (DecOf(names::error_cause)) 32, "Error-Cause: why it was refused, RFC 5176.";
    102 "EAP-Key-Name" Nothing, "EAP-Key-Name" "radius.EAP_Key_Name" text, "EAP-Key-Name: which key was made, RFC 4072.";
    103 "Digest-Response" Text, "Digest-Response" "radius.Unknown_Attribute" bytes, "Digest-Response: RFC 5090.";
    104 "Digest-Realm" Text, "Digest-Realm" "radius.Unknown_Attribute" bytes, "Digest-Realm: RFC 5090.";
    105 "Digest-Nonce" Text, "Digest-Nonce" "radius.Unknown_Attribute" bytes, "Digest-Nonce: RFC 5090.";
    106 "Digest-Response-Auth" Text, "Digest-Response-Auth" "radius.Unknown_Attribute" bytes, "Digest-Response-Auth: RFC 5090.";
    107 "Digest-Nextnonce" Text, "Digest-Nextnonce" "radius.Unknown_Attribute" bytes, "Digest-Nextnonce: RFC 5090.";
    108 "Digest-Method" Text, "Digest-Method" "radius.Unknown_Attribute" bytes, "Digest-Method: RFC 5090.";
    109 "Digest-URI" Text, "Digest-URI" "radius.Unknown_Attribute" bytes, "Digest-URI: RFC 5090.";
    110 "Digest-Qop" Text, "Digest-Qop" "radius.Unknown_Attribute" bytes, "Digest-Qop: RFC 5090.";
    111 "Digest-Algorithm" Text, "Digest-Algorithm" "radius.Unknown_Attribute" bytes, "Digest-Algorithm: RFC 5090.";
    112 "Digest-Entity-Body-Hash" Text, "Digest-Entity-Body-Hash" "radius.Unknown_Attribute" bytes, "Digest-Entity-Body-Hash: RFC 5090.";
    113 "Digest-CNonce" Text, "Digest-CNonce" "radius.Unknown_Attribute" bytes, "Digest-CNonce: RFC 5090.";
    114 "Digest-Nonce-Count" Text, "Digest-Nonce-Count" "radius.Unknown_Attribute" bytes, "Digest-Nonce-Count: RFC 5090.";
    115 "Digest-Username" Text, "Digest-Username" "radius.Unknown_Attribute" bytes, "Digest-Username: RFC 5090.";
    116 "Digest-Opaque" Text, "Digest-Opaque" "radius.Unknown_Attribute" bytes, "Digest-Opaque: RFC 5090.";
    117 "Digest-Auth-Param" Text, "Digest-Auth-Param" "radius.Unknown_Attribute" bytes, "Digest-Auth-Param: RFC 5090.";
    118 "Digest-AKA-Auts" Text, "Digest-AKA-Auts" "radius.Unknown_Attribute" bytes, "Digest-AKA-Auts: RFC 5090.";
    119 "Digest-Domain" Text, "Digest-Domain" "radius.Unknown_Attribute" bytes, "Digest-Domain: RFC 5090.";
    120 "Digest-Stale" Text, "Digest-Stale" "radius.Unknown_Attribute" bytes, "Digest-Stale: RFC 5090.";
    121 "Digest-HA1" Text, "Digest-HA1" "radius.Unknown_Attribute" bytes, "Digest-HA1: RFC 5090.";
    122 "SIP-AOR" Text, "SIP-AOR" "radius.Unknown_Attribute" bytes, "SIP-AOR: RFC 5090.";
    123 "Delegated-IPv6-Prefix" Prefix, "Delegated-IPv6-Prefix" "radius.Delegated_IPv6_Prefix" bytes, "Delegated-IPv6-Prefix: given to the user, RFC 4818.";
    124 "MIP6-Feature-Vector" FeatureVector, "MIP6-Feature-Vector" "radius.MIP6_Feature_Vector" bytes, "MIP6-Feature-Vector: what is supported, RFC 5447.";
    125 "MIP6-Home-Link-Prefix" HomeLinkPrefix, "MIP6-Home-Link-Prefix" "radius.MIP6_Home_Link_Prefix" bytes, "MIP6-Home-Link-Prefix: of the home link, RFC 5447.";
    126 "Operator-Name" OperatorName, "Operator-Name" "" parts, "Operator-Name: whose access network it is, RFC 5580.";
    127 "Location-Information" LocationInformation, "Location-Information" "radius.Location_Information" bytes, "Location-Information: about a location, RFC 5580.";
    128 "Location-Data" LocationData, "Location-Data" "radius.Location_Data" bytes, "Location-Data: a location, RFC 5580.";
    129 "Basic-Location-Policy-Rules" LocationPolicy, "Basic-Location-Policy-Rules" "radius.Basic_Location_Policy_Rules" bytes, "Basic-Location-Policy-Rules: what may be done with it, RFC 5580.";
    130 "Unknown" Nothing, "Extended-Location-Policy-Rules" "radius.Extended_Location_Policy_Rules" text, "Extended-Location-Policy-Rules: what else may be done with it, RFC 5580.";
    131 "Unknown" Nothing, "Location-Capable" "radius.Location_Capable" one: Dec 32, "Location-Capable: which locations are known, RFC 5580.";
    132 "Unknown" Nothing, "Requested-Location-Info" "radius.Requested_Location_Info" one: Dec 32, "Requested-Location-Info: which locations are wanted, RFC 5580.";
    133 "Unknown" Nothing, "Framed-Management-Protocol" "radius.Framed_Management" one: Dec 32, "Framed-Management-Protocol: RFC 5607.";
    134 "Unknown" Nothing, "Management-Transport-Protection" "radius.Management_Transport_Protection" one: Dec 32, "Management-Transport-Protection: RFC 5607.";
    135 "Unknown" Nothing, "Management-Policy-Id" "radius.Management_Policy_Id" text, "Management-Policy-Id: RFC 5607.";
    136 "Unknown" Nothing, "Management-Privilege-Level" "radius.Management_Privilege_Level" one: Dec 32, "Management-Privilege-Level: RFC 5607.";
    137 "Unknown" Nothing, "PKM-SS-Cert" "radius.PKM_SS_Cert" bytes, "PKM-SS-Cert: RFC 5904.";
    138 "Unknown" Nothing, "PKM-CA-Cert" "radius.PKM_CA_Cert" bytes, "PKM-CA-Cert: RFC 5904.";
    139 "Unknown" Nothing, "PKM-Config-Settings" "radius.PKM_Config_Settings" bytes, "PKM-Config-Settings: RFC 5904.";
    140 "Unknown" Nothing, "PKM-Cryptosuite-List" "radius.PKM_Cryptosuite_List" bytes, "PKM-Cryptosuite-List: RFC 5904.";
    141 "Unknown" Nothing, "PKM-SAID" "radius.PKM_SAID" one: Dec 32, "PKM-SAID: RFC 5904.";
    142 "Unknown" Nothing, "PKM-SA-Descriptor" "radius.PKM_SA_Descriptor" bytes, "PKM-SA-Descriptor: RFC 5904.";
    143 "Unknown" Nothing, "PKM-Auth-Key" "radius.PKM_Auth_Key" bytes, "PKM-Auth-Key: RFC 5904.";
    144 "Unknown" Nothing, "DS-Lite-Tunnel-Name" "radius.DS_Lite_Tunnel_Name" text, "DS-Lite-Tunnel-Name: the far end of the tunnel, RFC 6519.";
    145 "Unknown" Nothing, "Mobile-Node-Identifier" "radius.Mobile_Node_Identifier" bytes, "Mobile-Node-Identifier: RFC 6572.";
    146 "Unknown" Nothing, "Service-Selection" "radius.Service_Selection" text, "Service-Selection: RFC 6572.";
    147 "Unknown" Nothing, "PMIP6-Home-LMA-IPv6-Address" "radius.PMIP6_Home_LMA_IPv6_Address" one: Ipv6 128, "PMIP6-Home-LMA-IPv6-Address: RFC 6572.";
    148 "Unknown" Nothing, "PMIP6-Visited-LMA-IPv6-Address" "radius.PMIP6_Visited_LMA_IPv6_Address" one: Ipv6 128, "PMIP6-Visited-LMA-IPv6-Address: RFC 6572.";
    149 "Unknown" Nothing, "PMIP6-Home-LMA-IPv4-Address" "radius.PMIP6_Home_LMA_IPv4_Address" one: Ipv4 32, "PMIP6-Home-LMA-IPv4-Address: RFC 6572.";
    150 "Unknown" Nothing, "PMIP6-Visited-LMA-IPv4-Address" "radius.PMIP6_Visited_LMA_IPv4_Address" one: Ipv4 32, "PMIP6-Visited-LMA-IPv4-Address: RFC 6572.";
    151 "Unknown" Nothing, "PMIP6-Home-HN-Prefix" "radius.PMIP6_Home_HN_Prefix" bytes, "PMIP6-Home-HN-Prefix: RFC 6572.";
    152 "Unknown" Nothing, "PMIP6-Visited-HN-Prefix" "radius.PMIP6_Visited_HN_Prefix" bytes, "PMIP6-Visited-HN-Prefix: RFC 6572.";
    153 "Unknown" Nothing, "PMIP6-Home-Interface-ID" "radius.PMIP6_Home_Interface_ID" bytes, "PMIP6-Home-Interface-ID: RFC 6572.";
    154 "Unknown" Nothing, "PMIP6-Visited-Interface-ID" "radius.PMIP6_Visited_Interface_ID" bytes, "PMIP6-Visited-Interface-ID: RFC 6572.";
    155 "Unknown" Nothing, "PMIP6-Home-IPv4-HoA" "radius.PMIP6_Home_IPv4_HoA" bytes, "PMIP6-Home-IPv4-HoA: RFC 6572.";
    156 "Unknown" Nothing, "PMIP6-Visited-IPv4-HoA" "radius.PMIP6_Visited_IPv4_HoA" bytes, "PMIP6-Visited-IPv4-HoA: RFC 6572.";
    157 "Unknown" Nothing, "PMIP6-Home-DHCP4-Server-Address" "radius.PMIP6_Home_DHCP4_Server_Address" one: Ipv4 32, "PMIP6-Home-DHCP4-Server-Address: RFC 6572.";
    158 "Unknown" Nothing, "PMIP6-Visited-DHCP4-Server-Address" "radius.PMIP6_Visited_DHCP4_Server_Address" one: Ipv4 32, "PMIP6-Visited-DHCP4-Server-Address: RFC 6572.";
    159 "Unknown" Nothing, "PMIP6-Home-DHCP6-Server-Address" "radius.PMIP6_Home_DHCP6_Server_Address" one: Ipv6 128, "PMIP6-Home-DHCP6-Server-Address: RFC 6572.";
    160 "Unknown" Nothing, "PMIP6-Visited-DHCP6-Server-Address" "radius.PMIP6_Visited_DHCP6_Server_Address" one: Ipv6 128, "PMIP6-Visited-DHCP6-Server-Address: RFC 6572.";
    161 "Unknown" Nothing, "PMIP6-Home-IPv4-Gateway" "radius.PMIP6_Home_IPv4_Gateway" one: Ipv4 32, "PMIP6-Home-IPv4-Gateway: RFC 6572.";
    162 "Unknown" Nothing, "PMIP6-Visited-IPv4-Gateway" "radius.PMIP6_Visited_IPv4_Gateway" one: Ipv4 32, "PMIP6-Visited-IPv4-Gateway: RFC 6572.";
    163 "Unknown" Nothing, "EAP-Lower-Layer" "radius.EAP_Lower_Layer" one: Dec 32, "EAP-Lower-Layer: what carries EAP, RFC 6677.";
    164 "Unknown" Nothing, "GSS-Acceptor-Service-Name" "radius.GSS_Acceptor_Service_Name" text, "GSS-Acceptor-Service-Name: RFC 7055.";
    165 "Unknown" Nothing, "GSS-Acceptor-Host-Name" "radius.GSS_Acceptor_Host_Name" text, "GSS-Acceptor-Host-Name: RFC 7055.";
    166 "Unknown" Nothing, "GSS-Acceptor-Service-Specifics" "radius.GSS_Acceptor_Service_Specifics" text, "GSS-Acceptor-Service-Specifics: RFC 7055.";
    167 "Unknown" Nothing, "GSS-Acceptor-Realm-Name" "radius.GSS_Acceptor_Realm_Name" text, "GSS-Acceptor-Realm-Name: RFC 7055.";
    168 "Unknown" Nothing, "Framed-IPv6-Address" "radius.Framed_IPv6_Address" one: Ipv6 128, "Framed-IPv6-Address: the user's, RFC 6911.";
    169 "Unknown" Nothing, "DNS-Server-IPv6-Address" "radius.DNS_Server_IPv6_Address" one: Ipv6 128, "DNS-Server-IPv6-Address: for the user, RFC 6911.";
    170 "Unknown" Nothing, "Route-IPv6-Information" "radius.Route_IPv6_Information" bytes, "Route-IPv6-Information: a route for the user, RFC 6911.";
    171 "Unknown" Nothing, "Delegated-IPv6-Prefix-Pool" "radius.Delegated_IPv6_Prefix_Pool" text, "Delegated-IPv6-Prefix-Pool: where the prefix is from, RFC 6911.";
    172 "Unknown" Nothing, "Stateful-IPv6-Address-Pool" "radius.Stateful_IPv6_Address_Pool" text, "Stateful-IPv6-Address-Pool: where the address is from, RFC 6911.";
}

/// An attribute that no row knows.
const UNKNOWN: &OptionRow =
    &OptionRow::new(0, ("unknown", "radius.avp"), &[TYPE, LENGTH], HEAD, "Attribute: not known.");

/// Finds the row of an attribute.
pub(super) fn find(number: u8) -> Option<&'static OptionRow> {
    OPTIONS.iter().find(|row| row.number == u16::from(number))
}

/// Shows the attributes, which are the rest of the header.
pub(super) fn walk(walk: &mut Walk<'_, '_>) {
    while let [number, len, ref value @ ..] = *walk.rest() {
        let len = usize::from(len);
        if len < HEAD || len - HEAD > value.len() {
            return walk.malformed(len.max(HEAD), "an attribute's length that fits");
        }
        let row = find(number);
        let record = &row.unwrap_or(UNKNOWN).record;
        walk.record(record, len, |walk| match row {
            Some(row) => attribute(walk, number, row),
            None => {
                walk.table(UNKNOWN.fields, HEAD);
                walk.bytes(row!(PARTS, "unknown"), usize::MAX);
            }
        });
    }
}

/// Shows an attribute; what does not fit its row stays bytes.
fn attribute(walk: &mut Walk<'_, '_>, number: u8, row: &'static OptionRow) {
    if row.len == HEAD || walk.rest().len() == row.len {
        walk.table(row.fields, row.len);
        match row.rest {
            Some(rest) if !rest.path.is_empty() => walk.bytes(rest, usize::MAX),
            _ => inside::walk(walk, number),
        }
    } else {
        walk.table(UNKNOWN.fields, HEAD);
    }
    walk.bytes(row!(PARTS, "value"), usize::MAX);
}
