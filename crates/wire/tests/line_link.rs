//! The lines of link headers and tunnels, as tcpdump 4.99.3 writes them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};

/// A link type, a packet in hexadecimal, flags, and what tcpdump says of it.
type Case = (u32, &'static str, &'static str, &'static str);

fn check(cases: &[Case]) {
    for (link_type, hex, flags, expected) in cases {
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
        let style = Style {
            verbose: u8::try_from(flags.matches('v').count()).unwrap(),
            quiet: flags.contains('q'),
            link: flags.contains('e'),
            ..Style::default()
        };
        let (mut dissector, mut out) = (Dissector::new(), Vec::new());
        let packet = dissector.dissect(*link_type, &bytes, bytes.len());
        line::write(&packet, style, &mut Memory::default(), &mut Numeric, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), *expected, "{link_type} {hex} {flags}");
    }
}

#[test]
fn what_x_shows_begins_behind_the_link_header() {
    // A tag; a frame of LLC; a short header of PPP; a line that is cut off before it comes back from ARP.
    let cases: [(u32, &[u8], usize); 4] = [
        (1, b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x81\0\0\x05\x12\x34abcd", 18),
        (1, b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\0\x06\x04\x04\x03abc", 17),
        (9, b"\0\x25abcd", 4),
        (1, b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x06\0\x01\x08", 0),
    ];
    for (link_type, bytes, expected) in cases {
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(link_type, bytes, 60);
        let from =
            line::write(&packet, Style::default(), &mut Memory::default(), &mut Numeric, &mut Vec::new());
        assert_eq!(from, expected, "{bytes:02x?}");
    }
}

#[test]
#[rustfmt::skip]
fn an_unknown_ethertype_is_told_with_the_frame() {
    check(&[
        (1, "020000000001020000000002123461626364", "", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Unknown (0x1234), length 18: \n\t0x0000:  6162 6364                                abcd"),
        (1, "020000000001020000000002123461626364", "-q", "02:00:00:00:00:02 > 02:00:00:00:00:01, Unknown Ethertype (0x1234), length 18: "),
        (1, "020000000001020000000002123461626364", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Unknown (0x1234), length 18: \n\t0x0000:  6162 6364                                abcd"),
        (1, "020000000001020000", "", " [|ether]"),
        (1, "0200000000010200000000020806", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype ARP (0x0806), length 14:  [|arp]"),
    ]);
}

#[test]
#[rustfmt::skip]
fn tags_are_told_with_e() {
    check(&[
        (1, "0200000000010200000000028100300581000007080600010800060400010200000000010a0000010000000000000a000002", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype 802.1Q (0x8100), length 50: vlan 5, p 1, DEI, ethertype 802.1Q (0x8100), vlan 7, p 0, ethertype ARP (0x0806), Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (1, "0200000000010200000000028100300581000007080600010800060400010200000000010a0000010000000000000a000002", "", "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (1, "02000000000102000000000281000005123461626364", "", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Unknown (0x1234), length 22: \n\t0x0000:  6162 6364                                abcd"),
        (1, "02000000000102000000000281000005000404040361", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype 802.1Q (0x8100), length 22: vlan 5, p 0, 802.3LLC, dsap SNA (0x04) Individual, ssap SNA (0x04) Command, ctrl 0x03: Unnumbered, ui, Flags [Command], length 4\n\t0x0000:  0404 0361                                ...a"),
        (1, "0200000000010200000000028100000588a8000581", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype 802.1Q (0x8100), length 21: vlan 5, p 0,  [|vlan]"),
    ]);
}

#[test]
#[rustfmt::skip]
fn llc_and_snap_tell_what_they_carry() {
    check(&[
        (1, "0200000000010200000000020006040603616263", "", "02:00:00:00:00:02 IP > 02:00:00:00:00:01 SNA Unnumbered, ui, Flags [Command], length 6\n\t0x0000:  0406 0361 6263                           ...abc"),
        (1, "020000000001020000000002000704050205616263", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, 802.3, length 7: LLC, dsap SNA (0x04) Individual, ssap SNA (0x04) Response, ctrl 0x0502: Information, send seq 1, rcv seq 2, Flags [Final], length 7\n\t0x0000:  0405 0205 6162 63                        ....abc"),
        (1, "020000000001020000000002000404040101", "", "02:00:00:00:00:02 > 02:00:00:00:00:01 SNA Supervisory, Receiver Ready, rcv seq 0, Flags [Poll], length 4"),
        (1, "02000000000102000000000200060c0413616263", "-q", "02:00:00:00:00:02 SNA > 02:00:00:00:00:01 Unknown DSAP 0x0c Unnumbered, ui, Flags [Poll], length 6"),
        (1, "02000000000102000000000200060404af810102", "", "02:00:00:00:00:02 > 02:00:00:00:00:01 SNA Unnumbered, xid, Flags [Command], length 6: 01 02"),
        (1, "02000000000102000000000200020404", "", " [|llc]\n\t0x0000:  0404                                     .."),
        (1, "0200000000010200000000020024aaaa03000000080600010800060400010200000000010a0000010000000000000a000002", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, 802.3, length 36: LLC, dsap SNAP (0xaa) Individual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Ethernet (0x000000), ethertype ARP (0x0806), length 28: Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (1, "020000000001020000000002000baaaa0300000c2001616263", "", "02:00:00:00:00:02 > 02:00:00:00:00:01 SNAP, oui Cisco (0x00000c), pid Unknown (0x2001), length 3: \n\t0x0000:  aaaa 0300 000c 2001 6162 63              ........abc"),
        (1, "020000000001020000000002001caaaa030080c200070000020000000001020000000002123461626364", "", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Unknown (0x1234), length 18: \n\t0x0000:  6162 6364                                abcd"),
    ]);
}

#[test]
#[rustfmt::skip]
fn spanning_trees_tell_their_root() {
    check(&[
        (1, "020000000001020000000002002642420300000000008001001906eab880000000048001001906eab88180050100140002000f00", "-v", "STP 802.1d, Config, Flags [none], bridge-id 8001.00:19:06:ea:b8:81.8005, length 35\n\tmessage-age 1.00s, max-age 20.00s, hello-time 2.00s, forwarding-delay 15.00s\n\troot-id 8001.00:19:06:ea:b8:80, root-pathcost 4"),
        (1, "0200000000010200000000020027424203000002027c8001001906eab880000000048001001906eab88180050100140002000f0000", "-v", "STP 802.1w, Rapid STP, Flags [Learn, Forward, Agreement], bridge-id 8001.00:19:06:ea:b8:81.8005, length 36\n\tmessage-age 1.00s, max-age 20.00s, hello-time 2.00s, forwarding-delay 15.00s\n\troot-id 8001.00:19:06:ea:b8:80, root-pathcost 4, port-role Designated"),
        (1, "0200000000010200000000020079424203000003027c8001001906eab880000000048001001906eab88180050100140002000f0000005000726567696f6e00000000000000000000000000000000000000000000000000000005000102030405060708090a0b0c0d0e0f00004e209001aabbccddee01137e80010019ffeab88000004e20807012", "-v", "STP 802.1s, Rapid STP, CIST Flags [Learn, Forward, Agreement], length 118\n\tport-role Designated, CIST root-id 8001.00:19:06:ea:b8:80, CIST ext-pathcost 4\n\tCIST regional-root-id 8001.00:19:06:ea:b8:81, CIST port-id 8005,\n\tmessage-age 1.00s, max-age 20.00s, hello-time 2.00s, forwarding-delay 15.00s\n\tv3len 80, MCID Name region, rev 5,\n\t\tdigest 000102030405060708090a0b0c0d0e0f, CIST int-root-pathcost 20000,\n\tCIST bridge-id 9001.aa:bb:cc:dd:ee:01, CIST remaining-hops 19\n\tMSTI 1, Flags [Proposal, Learn, Forward, Agreement], port-role Designated\n\t\tMSTI regional-root-id 8001.00:19:ff:ea:b8:80, pathcost 20000\n\t\tMSTI bridge-prio 8, port-prio 7, hops 18"),
        (1, "02000000000102000000000200d0424203000004027c8001001906eab880000000048001001906eab88180050100140002000f0000005000726567696f6e00000000000000000000000000000000000000000000000000000005000102030405060708090a0b0c0d0e0f00004e209001aabbccddee01137e80010019ffeab88000004e20807012005500000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000", "-v", "STP 802.1aq, Rapid STP, CIST Flags [Learn, Forward, Agreement], length 205\n\tport-role Designated, CIST root-id 8001.00:19:06:ea:b8:80, CIST ext-pathcost 4\n\tCIST regional-root-id 8001.00:19:06:ea:b8:81, CIST port-id 8005,\n\tmessage-age 1.00s, max-age 20.00s, hello-time 2.00s, forwarding-delay 15.00s\n\tv3len 80, MCID Name region, rev 5,\n\t\tdigest 000102030405060708090a0b0c0d0e0f, CIST int-root-pathcost 20000,\n\tCIST bridge-id 9001.aa:bb:cc:dd:ee:01, CIST remaining-hops 19\n\tMSTI 1, Flags [Proposal, Learn, Forward, Agreement], port-role Designated\n\t\tMSTI regional-root-id 8001.00:19:ff:ea:b8:80, pathcost 20000\n\t\tMSTI bridge-prio 8, port-prio 7, hops 18\n\tv4len 85, AUXMCID Name , Rev 0,\n\t\tdigest 00000000000000000000000000000000\n\tAgreement num 0, Discarded Agreement num 0, Agreement valid-flag 0,\n\tRestricted role-flag: 0, Format id 0 cap 0, Convention id 0 cap 0,\n\tEdge count 0, Agreement digest 0000000000000000000000000000000000000000"),
        (1, "020000000001020000000002000742420300000280", "", "STP 802.1w, Topology Change"),
        (1, "020000000001020000000002001742420300000000008001001906eab88000000004800100", "", "STP 802.1d, Config (invalid)"),
        (1, "020000000001020000000002002baaaa0300000c010b00000000008001001906eab880000000048001001906eab88180050100140002000f00", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, 802.3, length 43: LLC, dsap SNAP (0xaa) Individual, ssap SNAP (0xaa) Command, ctrl 0x03: oui Cisco (0x00000c), pid PVST (0x010b), length 35: STP 802.1d, Config, Flags [none], bridge-id 8001.00:19:06:ea:b8:81.8005, length 35"),
    ]);
}

#[test]
#[rustfmt::skip]
fn cooked_packets_tell_their_direction() {
    check(&[
        (113, "0004000100060200000000010000080600010800060400010200000000010a0000010000000000000a000002", "-e", "Out 02:00:00:00:00:01 ethertype ARP (0x0806), length 44: Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (113, "0004000100060200000000010000080600010800060400010200000000010a0000010000000000000a000002", "", "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (113, "00030001000602000000000100001234616263", "", "  P 02:00:00:00:00:01 ethertype Unknown (0x1234), length 19: \n\t0x0000:  6162 63                                  abc"),
        (113, "00000001000602000000000100000002616263", "", "\n\t0x0000:  6162 63                                  abc"),
        (113, "0000000100060200000000010000810000051234616263", "", "ethertype Unknown,  In 02:00:00:00:00:01 ethertype 802.1Q (0x8100), length 19: \n\t0x0000:  6162 63                                  abc"),
        (276, "080600000001117000010106020000000001000000010800060400010200000000010a0000010000000000000a000002", "", "?     B   ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (276, "080600000001117000010406020000000001000000010800060400010200000000010a0000010000000000000a000002", "-e", "?     Out ifindex 70000 02:00:00:00:00:01 ethertype ARP (0x0806), length 48: Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (276, "0004000000011170000100060200000000010000040403", "-q", "?     In  SNA Unnumbered, ui, Flags [Command], length 3"),
        (276, "0800", "-e", " [|sll2]"),
    ]);
}

#[test]
#[rustfmt::skip]
fn loopback_tells_its_family_with_e() {
    check(&[
        (0, "1e00000060", "-e", "AF IPv6 (30), length 5:  [|ip6]"),
        (0, "00000063616263", "", "AF Unknown (99), length 7: \n\t0x0000:  6162 63                                  abc"),
        (108, "00000063616263", "-q", "Unknown AF 99, length 7: "),
        (101, "00616263", "-e", "ip: unknown ip 0"),
        (0, "0200", "", " [|null]"),
    ]);
}

#[test]
#[rustfmt::skip]
fn labels_are_told_before_what_they_carry() {
    check(&[
        (1, "02000000000102000000000288470000004000010302006162", "", "MPLS (label 0, tc 0, ttl 64) (label 16, tc 1, [S], ttl 2)\n\t0x0000:  0061 62                                  .ab"),
        (1, "020000000001020000000002884700001140006162", "-v", "MPLS (label 1 (router alert), tc 0, [S], ttl 64)\n\t0x0000:  0061 62                                  .ab"),
        (1, "020000000001020000000002884700063040", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype MPLS unicast (0x8847), length 18: MPLS (label 99, tc 0, ttl 64) (invalid)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn tunnels_tell_their_header() {
    check(&[
        (101, "4500003100010000402f669b0a0000010a000002600008000000000000000000080004080a0000010a0000020000000000", "", "IP 10.0.0.1 > 10.0.0.2: GREv0, off 0x0, key=0x0, (rtaf=ip 10.0.0.1 *10.0.0.2), length 29: IP0 (invalid)"),
        (101, "4500002700010000402f66a50a0000010a00000230811234000000000000000000000000616263", "-e", "ip: 10.0.0.1 > 10.0.0.2: GREv1, call 0, seq 0, ack 0, proto unknown (0x1234), length 19: gre-proto-0x1234"),
        (101, "4500001800010000402f66b40a0000010a00000200020800", "", "IP 10.0.0.1 > 10.0.0.2: GREv2 ERROR: unknown-version"),
        (101, "4500004e000100004011669c0a0000010a00000203e812b5003a00000800000000006400020000000001020000000002080600010800060400010200000000010a0000010000000000000a000002", "", "IP 10.0.0.1.1000 > 10.0.0.2.4789: VXLAN, flags [I] (0x08), vni 100\nARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (101, "4500002400010000401166c60a0000010a00000203e812b5001000000800000000006400", "", "IP 10.0.0.1.1000 > 10.0.0.2.4789: VXLAN, flags [I] (0x08), vni 100\n [|ether]"),
        (101, "4500005600010000401166940a0000010a00000203e817c1004200000240655800000a030102810161626364020000000001020000000002080600010800060400010200000000010a0000010000000000000a000002", "", "IP 10.0.0.1.1000 > 10.0.0.2.6081: Geneve, Flags [C], vni 0xa, rsvd 0x3, options [8 bytes]: ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
        (101, "4500002500010000401166c50a0000010a00000203e817c1001100000000123400000a0061", "-e", "ip: 10.0.0.1.1000 > 10.0.0.2.6081: Geneve, Flags [none], vni 0xa, proto unknown (0x1234): geneve-proto-0x1234"),
    ]);
}

#[test]
#[rustfmt::skip]
fn ppp_tells_its_protocol() {
    check(&[
        (9, "ff031234616263", "", "unknown PPP protocol (0x1234) \n\t0x0000:  6162 63"),
        (9, "ff031234616263", "-e", "unknown (0x1234), length 7"),
        (9, "0025616263", "-e", "NS (0x0025), length 5: NS \n\t0x0000:  6162 63"),
        (9, "ff03", "", " [|ppp]"),
        (50, "ff030025616263", "-e", "ff 03 7 NS: NS \n\t0x0000:  6162 63"),
        (50, "2100010261", "", "unknown addr 01; ctrl 02"),
        (9, "ff03003dc0016162", "", "MLPPP, seq 0x001, Flags [begin, end], length 4"),
        (1, "020000000001020000000002880b123461", "", ": unknown PPP protocol (0x1234) \n\t0x0000:  61"),
    ]);
}

#[test]
#[rustfmt::skip]
fn control_protocols_tell_their_options() {
    check(&[
        (9, "ff03c02101070015010405d40305c223810506010203040702", "-v", "LCP, Conf-Request (0x01), id 7, length 23\n\tencoded length 21 (=Option(s) length 17)\n\t  MRU Option (0x01), length 4: 1492\n\t  Auth-Prot Option (0x03), length 5: CHAP, MS-CHAPv2\n\t  Magic-Num Option (0x05), length 6: 0x01020304\n\t  PFC Option (0x07), length 2"),
        (9, "ff03c02101070008010405d4", "", "LCP, Conf-Request (0x01), id 7, length 10"),
        (9, "ff03c0210807000800576162", "-v", "LCP, Prot-Reject (0x08), id 7, length 10\n\tencoded length 8 (=Option(s) length 4)\n\t  Rejected IP6 Protocol (0x0057)\n\t  Rejected Packet\n\t    0x0000:  6162"),
        (9, "ff0380210207001303060a0000010903610206002d0f01", "-v", "IPCP, Conf-Ack (0x02), id 7, length 21\n\tencoded length 19 (=Option(s) length 15)\n\t  IP-Addr Option (0x03), length 6: 10.0.0.1\n\t  unknown Option (0x09), length 3\n\t    0x0000:  61\n\t  IP-Comp Option (0x02), length 6: VJ-Comp (0x2d):"),
        (9, "ff0380570107000e010a0102030405060708", "-v", "IP6CP, Conf-Request (0x01), id 7, length 16\n\tencoded length 14 (=Option(s) length 10)\n\t  Interface-ID Option (0x01), length 10: 0102:0304:0506:0708"),
        (9, "ff0380fd0107000b1a04780015032f", "-v", "CCP, Conf-Request (0x01), id 7, length 13\n\tencoded length 11 (=Option(s) length 7)\n\t  Deflate Option (0x1a), length 4: Window: 7K, Method: zlib (0x8), MBZ: 0, CHK: 0\n\t  BSD-Comp Option (0x15), length 3: Version: 1, Dictionary Bits: 15"),
        (9, "ff03c02101070007010661", "-v", "LCP, Conf-Request (0x01), id 7, length 9\n\tencoded length 7 (=Option(s) length 3)\n\t  MRU Option (0x01), length 6 (length bogus, should be = 4) [remaining options length 3 < 6] (invalid)"),
        (9, "ff03c0210907000a010203046162", "-vv", "LCP, Echo-Request (0x09), id 7, length 12\n\tencoded length 10 (=Option(s) length 6)\n\t0x0000:  c021 0907 000a\n\t  Magic-Num 0x01020304\n\t  -----trailing data-----\n\t  0x0000:  6162"),
    ]);
}

#[test]
#[rustfmt::skip]
fn passwords_and_challenges_are_told() {
    check(&[
        (9, "ff03c02301070010047573657206736563726574", "", "PAP, Auth-Req (0x01), id 7, Peer user, Name secret"),
        (9, "ff03c0230207000a0568656c6c6f", "-e", "PAP (0xc023), length 14: PAP, Auth-ACK (0x02), id 7, Msg hello"),
        (9, "ff03c023010700630475736572", "", "PAP, Auth-Req (0x01), id 7, length 99 > packet size"),
        (9, "ff03c2230107000d04010203046e616d65", "", "CHAP, Challenge (0x01), id 7, Value 01020304, Name name"),
        (9, "ff03c223040700066e6f", "", "CHAP, Fail (0x04), id 7, Msg no"),
    ]);
}

#[test]
#[rustfmt::skip]
fn pppoe_tells_its_tags() {
    check(&[
        (1, "020000000001020000000002886311090000001a01010000010300030102ff010200024143077700017500000000", "", "PPPoE PADI [Service-Name] [Host-Uniq 0x0102FF] [AC-Name \"AC\"] [TAG-0x777 \"u\"] [EOL]"),
        (1, "020000000001020000000002886311070009001e01010003697370", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype PPPoE D (0x8863), length 27: PPPoE PADO [len 30 > 7!] [ses 0x9] [Service-Name \"isp\"]"),
        (1, "020000000001020000000002886411000005000412346162", "", "PPPoE  [ses 0x5] unknown PPP protocol (0x1234) \n\t0x0000:  6162"),
        (51, "11000005000412346162", "-e", "PPPoE  [ses 0x5] unknown (0x1234), length 4"),
        (1, "02000000000102000000000288641100", "", " (length 2 < 6) (invalid)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn loopback_tells_what_is_to_be_done() {
    check(&[
        (1, "0200000000010200000000029000000002000200000000096162", "", "Loopback, skipCount 0, Forward Data, forwarding address 02:00:00:00:00:09, data (2 octets)"),
        (1, "020000000001020000000002900008000000000000000000010007006461", "-e", "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype Loopback (0x9000), length 30: Loopback, skipCount 8, Reply, receipt number 7, data (2 octets)"),
        (1, "020000000001020000000002900004000000000000000000", "", "Loopback, skipCount 4 (bogus),  invalid (0)"),
        (1, "020000000001020000000002900000000300", "", "Loopback, skipCount 0,  invalid (3)"),
        (1, "020000000001020000000002900000", "", "Loopback (invalid)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn cisco_s_hdlc_tells_its_address() {
    check(&[
        (104, "0f00123461626364", "", "unknown CHDLC protocol (0x1234)"),
        (104, "8f00123461626364", "-e", "bcast, ethertype Unknown (0x1234), length 8: "),
        (104, "8f008035000000020000000100000002ffff00010203", "", "SLARP (length: 18), keepalive: mineseen=0x00000001, yourseen=0x00000002, reliability=0xffff, link uptime=0d0h1m6s"),
        (104, "8f008035000000010a000001ff000000ffff", "-e", "bcast, ethertype Reverse ARP (0x8035), length 18: SLARP (length: 14), reply 10.0.0.1/255.0.0.0"),
        (104, "8f0080350000000361616161616161616161", "", "SLARP (length: 14), 0x03 unknown\n\t0x0000:  6161 6161 6161 6161 6161"),
        (50, "8f00123461", "-e", "bcast, ethertype Unknown (0x1234), length 5: "),
    ]);
}

#[test]
fn what_is_dumped_of_a_line_that_was_cut_off_begins_where_tcpdump_begins() {
    const ETHER: &[u8] = &[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
    let ip = |proto: u8, rest: &[u8]| {
        let header = [0x45, 0, 0, 60, 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
        [ETHER, &[8, 0], &header, rest].concat()
    };
    let arp = [ETHER, &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0]].concat();
    for (packet, mark, begin) in [
        (arp, "[|arp]", 0),
        (ip(6, &[])[..24].to_vec(), "[|ip]", 14),
        (ip(6, &[0; 12]), "[|tcp]", 14),
        (ip(1, &[8]), "[|icmp]", 0),
        (ip(17, &[0; 3]), "[|udp]", 14),
    ] {
        let (mut dissector, mut out) = (Dissector::new(), Vec::new());
        let packet = dissector.dissect(1, &packet, 74);
        let told = line::write(&packet, Style::default(), &mut Memory::default(), &mut Numeric, &mut out);
        let line = String::from_utf8(out).unwrap();
        assert!(line.ends_with(mark), "{line}");
        assert_eq!(told, begin, "{line}");
    }
}
