//! Lines of DHCP, DHCPv6 and RADIUS as tcpdump 4.99.3 writes them.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};
use jackfield_wire::owned::{Layer, Packet, Stored};
use jackfield_wire::stack::Id;

/// Writes the line of a datagram, from a word on.
fn told(ports: (u64, u64), payload: &str, verbose: u8, from: &str) -> String {
    let byte = |at| u8::from_str_radix(&payload[at..at + 2], 16).unwrap();
    let payload: Vec<u8> = (0..payload.len()).step_by(2).map(byte).collect();
    let mut udp = Layer::new(Id::Udp);
    assert!(udp.set("sport", Stored::Uint(ports.0)) && udp.set("dport", Stored::Uint(ports.1)));
    let packet = Packet::default().with(Layer::new(Id::Ipv4)).with(udp).with(Layer::raw(&payload)).build();
    let mut out = Vec::new();
    let style = Style { verbose, ..Style::default() };
    let mut dissector = Dissector::new();
    let packet = dissector.dissect(228, &packet, packet.len());
    line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut out);
    let line = String::from_utf8(out).unwrap();
    line[line.find(from).unwrap()..].to_owned()
}

#[test]
fn options_of_dhcp_have_a_line_each() {
    let payload = "01010601010203040003800000000000c0000264000000000000000002000000000100000000000000000000626f6f74\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000006122ff000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363\
         3501013d07010200000000010c05686f73740137050103060f774d0503616263005106150102616263520d0102616205\
         04c00002000709617909180a0102c0000201212e0109130300010215090000000000000000000204fffffffee0030102\
         030000ff00";
    assert_eq!(
        told((68, 67), payload, 3, "BOOTP"),
        "BOOTP/DHCP, Request from 02:00:00:00:00:01, length 341, hops 1, xid 0x1020304, secs 3, Flags [Broadcast] (0x8000)\n\
         \t  Your-IP 192.0.2.100\n\
         \t  Client-Ethernet-Address 02:00:00:00:00:01\n\
         \t  sname \"boot\"\n\
         \t  file \"a\"M-^?\"\n\
         \t  Vendor-rfc1048 Extensions\n\
         \t    Magic Cookie 0x63825363\n\
         \t    DHCP-Message (53), length 1: Discover\n\
         \t    Client-ID (61), length 7: ether 02:00:00:00:00:01\n\
         \t    Hostname (12), length 5: \"host^A\"\n\
         \t    Parameter-Request (55), length 5: \n\
         \t      Subnet-Mask (1), Default-Gateway (3), Domain-Name-Server (6), Domain-Name (15)\n\
         \t      Unknown (119)\n\
         \t    User-Class (77), length 5: \n\
         \t      instance#1: \"abc\", length 3\n\
         \t      instance#2: [ERROR: suboption length must be non-zero]\n\
         \t    FQDN (81), length 6: [ERROR: MBZ nibble 0x1 != 0] [SE] 1/2 \"abc\"\n\
         \t    Agent-Information (82), length 13: \n\
         \t      Circuit-ID SubOption 1, length 2: ab\n\
         \t      Unknown SubOption 5, length 4: \n\
         \t\t0x0000:  c000 0200\n\
         \t      Unknown SubOption 7, length 9: length goes past end of option\n\
         \t    Classless-Static-Route (121), length 9: (10.1.2.0/24:192.0.2.1),[ERROR: Mask width (33) > 32]\n\
         \t    Netbios-Node (46), length 1: #9\n\
         \t    IPF (19), length 3: N,Y,2?\n\
         \t    PF (21), length 9: (0.0.0.0:0.0.0.0)\n\
         \t  trailing data length 1\n\
         \t    Time-Zone (2), length 4: -2\n\
         \t    Unknown (224), length 3: 1.2.3\n\
         \t    PAD (0), length 0, occurs 2\n\
         \t    END (255), length 0\n\
         \t    PAD (0), length 0"
    );
}

#[test]
fn less_is_told_of_dhcp_without_v() {
    let payload = "01010601010203040003800000000000c0000264000000000000000002000000000100000000000000000000626f6f74\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000006122ff000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363\
         3501013d07010200000000010c05686f73740137050103060f774d0503616263005106150102616263520d0102616205\
         04c00002000709617909180a0102c0000201212e0109130300010215090000000000000000000204fffffffee0030102\
         030000ff00";
    assert_eq!(told((68, 67), payload, 0, "BOOTP"), "BOOTP/DHCP, Request from 02:00:00:00:00:01, length 341");
}

#[test]
fn an_option_past_the_end_cuts_the_line() {
    let payload = "020606000102030400000000000000000000000000000000000000000200000000010000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363\
         3501050c056162";
    assert_eq!(
        told((67, 68), payload, 1, "BOOTP"),
        "BOOTP/DHCP, Reply, length 247, htype 6, hlen 6, xid 0x1020304, Flags [none]\n\
         \t  Vendor-rfc1048 Extensions\n\
         \t    Magic Cookie 0x63825363\n\
         \t    DHCP-Message (53), length 1: ACK\n\
         \t    Hostname (12), length 5:  [|bootp]"
    );
}

#[test]
fn vendor_information_of_others() {
    let payload = "010106000102030400000000000000000000000000000000000000000200000000010000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000434d5500\
         020000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324";
    assert_eq!(
        told((68, 67), payload, 1, "BOOTP"),
        "BOOTP/DHCP, Request from 02:00:00:00:00:01, length 280, xid 0x1020304, Flags [none]\n\
         \t  Client-Ethernet-Address 02:00:00:00:00:01 vend-cmu F:0x2 DG:5.6.7.8 SM*:1.2.3.4 NS1:9.10.11.12 NS2:13.14.15.16 IEN1:17.18.19.20 IEN2:21.22.23.24 TS1:25.26.27.28 TS2:29.30.31.32"
    );
}

#[test]
fn options_of_dhcpv6_stand_in_parentheses() {
    let payload = "011234560001000e00010001000000050200000000010003003200000001000000020000000300050022000000000000\
         0000000000000000000100000001ffffffff000d000600026e6f6e6500060004001703e7000b00200201000000000000\
         00000072000000000000000000000000000000000000000000130001050018000d026162000263640474657374000025\
         00060000000961620038001d000100100000000000000000000000000000000000030005036e74700000400006046166\
         747200000700020102";
    assert_eq!(
        told((546, 547), payload, 1, "dhcp6"),
        "dhcp6 solicit (xid=123456 (client-ID hwaddr/time type 1 time 5 020000000001) (IA_NA IAID:1 T1:2 T2:3 (IA_ADDR ::1 pltime:1 vltime:4294967295 (status-code NoAddrsAvail))) (option-request DNS-server opt_999) (authentication proto: delayed, alg: HMAC-MD5, RDM: mono, RD: 0000 0000 0000 0000, realm: 72, key ID: 00000000, HMAC-MD5: 00000000 00000000 00000000 00000000) (reconfigure-message for renew) (DNS-search-list ab. cd.test.) (Remote-ID 9 6162...) (NTP-server subopt:1 :: subopt:3 ntp.) (AFTR-Name aftr) (preference ?))"
    );
}

#[test]
fn messages_are_relayed_within_others() {
    let payload = "0c01000000000000000000000000000000010000000000000000000000000000000000120004657468300009000f0101\
         020300080002000a0001000100";
    assert_eq!(
        told((547, 547), payload, 1, "dhcp6"),
        "dhcp6 relay-fwd (linkaddr=::1 peeraddr=:: (interface-ID 65746830...) (relay-message (dhcp6 solicit (xid=10203 (elapsed-time 10) (client-ID ?))))"
    );
}

#[test]
fn a_broken_name_ends_the_options() {
    let payload = "011234560018000503616263420007000101";
    assert_eq!(
        told((546, 547), payload, 1, "dhcp6"),
        "dhcp6 solicit (xid=123456 (DNS-search-list abc.<ELT 2> [|dhcp6])"
    );
}

#[test]
fn attributes_of_radius_have_a_line_each() {
    let payload = "01460084000102030405060708090a0b0c0d0e0f0107616c0163650406c00002010606000000021a0f00000009010561\
         6263020964651b0600000e1137066553f10038063100000740060100000d4f0c0205000a01616c696365610c00410000\
         0000000000006506000001917c0a0003000000000003810e8000e0000000800000006869";
    assert_eq!(
        told((1000, 1812), payload, 1, "RADIUS"),
        "RADIUS, length: 132\n\
         \tAccess-Request (1), id: 0x46, Authenticator: 000102030405060708090a0b0c0d0e0f\n\
         \t  User-Name Attribute (1), length: 7, Value: al.ce\n\
         \t  NAS-IP-Address Attribute (4), length: 6, Value: 192.0.2.1\n\
         \t  Service-Type Attribute (6), length: 6, Value: Framed\n\
         \t  Vendor-Specific Attribute (26), length: 15, Value: Vendor: Cisco (9)\n\
         \t    Vendor Attribute: 1, Length: 3, Value: abc\n\
         \t    Vendor Attribute: 2, Length: 9 (bogus, goes past end of vendor-specific attribute)\n\
         \t  Session-Timeout Attribute (27), length: 6, Value: 01:00:01 hours\n\
         \t  Event-Timestamp Attribute (55), length: 6, Value: Tue Nov 14 22:13:20 2023\n\
         \t  Egress-VLANID Attribute (56), length: 6, Value: Tagged (0x31) 7\n\
         \t  Tunnel-Type Attribute (64), length: 6, Value: Tag[1] VLAN\n\
         \t  EAP-Message Attribute (79), length: 12, Value: Response (2), id 5, len 10\n\
         \t\t Type Identity (1), Identity: alice\n\
         \t  Framed-IPv6-Prefix Attribute (97), length: 12, Value: ::/65 (inconsistent prefix length)\n\
         \t  Error-Cause Attribute (101), length: 6, Value: Error cause 401: Unsupported Attribute\n\
         \t  MIP6-Feature-Vector Attribute (124), length: 10, Value: [MIP6_INTEGRATED, LOCAL_HOME_AGENT_ASSIGNMENT, IP4_HOA_ONLY_SUPPORTED, INTER_MAG_ROUTING_SUPPORTED]\n\
         \t  Basic-Location-Policy-Rules Attribute (129), length: 14, Value: flags [Retransmission Allowed], retention expires 3758096384.500000000 (2019-02-02T11:39:44Z), note well \"hi\""
    );
}

#[test]
fn bytes_of_attributes_are_told_at_last() {
    let payload = "0246001e000102030405060708090a0b0c0d0e0f0107616c696365c8033f";
    assert_eq!(
        told((1000, 1812), payload, 2, "RADIUS"),
        "RADIUS, length: 30\n\
         \tAccess-Accept (2), id: 0x46, Authenticator: 000102030405060708090a0b0c0d0e0f\n\
         \t  User-Name Attribute (1), length: 7, Value: alice\n\
         \t    0x0000:  616c 6963 65\n\
         \t  Unknown Attribute (200), length: 3, Value: \n\
         \t    0x0000:  3f"
    );
}

#[test]
fn an_attribute_past_the_end_is_bogus() {
    let payload = "03460019000102030405060708090a0b0c0d0e0f0107616263";
    assert_eq!(
        told((1000, 1812), payload, 1, "RADIUS"),
        "RADIUS, length: 25\n\
         \tAccess-Reject (3), id: 0x46, Authenticator: 000102030405060708090a0b0c0d0e0f\n\
         \t  User-Name Attribute (1), length: 7 (bogus, goes past end of packet)"
    );
}

#[test]
fn less_is_told_of_radius_without_v() {
    let payload = "2b460017000102030405060708090a0b0c0d0e0f010361";
    assert_eq!(told((1000, 1812), payload, 0, "RADIUS"), "RADIUS, CoA-Request (43), id: 0x46 length: 23");
}

/// Adds an option by its name.
fn push(layer: &mut Layer, id: Id, name: &str) {
    let row = id.protocol().options.iter().find(|row| row.record.name == name).unwrap();
    layer.push_option(row);
}

#[test]
fn messages_are_made_of_options() {
    let mut dhcp = Layer::new(Id::Dhcp);
    for name in ["message-type", "hostname", "router"] {
        push(&mut dhcp, Id::Dhcp, name);
    }
    assert!(dhcp.set("message-type", Stored::Uint(1)));
    assert!(dhcp.set("hostname", Stored::Bytes(b"client".to_vec())));
    let bytes = Packet::default().with(dhcp).build();
    assert_eq!(bytes[236..], *b"\x63\x82\x53\x63\x35\x01\x01\x0c\x06client\x03\x04\0\0\0\0");

    let mut dhcpv6 = Layer::new(Id::Dhcpv6);
    push(&mut dhcpv6, Id::Dhcpv6, "elapsedtime");
    push(&mut dhcpv6, Id::Dhcpv6, "posixtz");
    assert!(dhcpv6.set("posixtz", Stored::Bytes(b"UTC0".to_vec())));
    assert_eq!(Packet::default().with(dhcpv6).build(), b"\x01\0\0\0\0\x08\0\x02\0\0\0\x29\0\x04UTC0");

    let mut radius = Layer::new(Id::Radius);
    push(&mut radius, Id::Radius, "User-Name");
    assert!(radius.set("User-Name", Stored::Bytes(b"alice".to_vec())));
    let bytes = Packet::default().with(radius).build();
    assert_eq!(bytes[..4], [1, 0, 0, 27]);
    assert_eq!(bytes[20..], *b"\x01\x07alice");
}
