//! The lines of ARP, ICMP, IGMP and ICMPv6, as tcpdump 4.99.3 writes them, of the packets in `samples/icmp.txt`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, its helpers too"
)]

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};

const SAMPLES: &str = include_str!("samples/icmp.txt");

/// Returns the line of a sample, of which so many bytes were captured.
fn told(what: &str, captured: usize, verbose: u8) -> String {
    let sample = SAMPLES.lines().find_map(|line| line.strip_suffix(&format!("  # {what}")));
    let hex = sample.and_then(|sample| sample.strip_prefix("1 ")).unwrap();
    let packet: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let (mut dissector, mut out) = (Dissector::new(), Vec::new());
    let there = &packet[..captured.min(packet.len())];
    let style = Style { verbose, ..Style::default() };
    line::write(
        &dissector.dissect(1, there, packet.len()),
        style,
        &mut Memory::default(),
        &mut Numeric,
        &mut out,
    );
    String::from_utf8(out).unwrap()
}

/// What is told of a sample, and how often `-v` was said.
const WHOLE: &[(&str, u8, &str)] = &[
    ("ARP: a question", 0, "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28"),
    (
        "ARP: a question",
        1,
        "ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.2 tell 10.0.0.1, length 28",
    ),
    ("ARP: an answer", 0, "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28"),
    (
        "ARP: an answer",
        1,
        "ARP, Ethernet (len 6), IPv4 (len 4), Reply 10.0.0.1 is-at 02:00:00:00:00:01, length 28",
    ),
    ("ARP: an announcement, padded", 0, "ARP, Request who-has 10.0.0.1 tell 10.0.0.1, length 46"),
    (
        "ARP: an announcement, padded",
        1,
        "ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.1 tell 10.0.0.1, length 46",
    ),
    ("InARP over Frame Relay", 0, "ARP, Inverse Request who-is DLCI 101 tell DLCI 100, length 20"),
    (
        "InARP over Frame Relay",
        1,
        "ARP, FrameRelay (len 2), IPv4 (len 4), Inverse Request who-is DLCI 101 tell DLCI 100, length 20",
    ),
    ("ARP for IPv6 addresses", 0, "ARP, Ethernet (len 6), IPv6 (len 16), length 52"),
    (
        "ARP for IPv6 addresses",
        1,
        "ARP, Ethernet (len 6), IPv6 (len 16), Request who-has <wrong proto type> tell <wrong proto type>, length 52",
    ),
    (
        "ATMARP: a question",
        0,
        "ARP, Request who-has 10.0.0.2 (02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02) tell 10.0.0.1, length 60",
    ),
    (
        "ATMARP: a question",
        1,
        "ARP, ATM, IPv4 (len 4/4), Request who-has 10.0.0.2 (02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02:02) tell 10.0.0.1, length 60",
    ),
    ("ICMP: echo", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 2, length 14"),
    ("ICMP: echo reply", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP echo reply, id 1, seq 2, length 14"),
    (
        "ICMP: port unreachable, the whole packet quoted",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 udp port 2000 unreachable, length 42",
    ),
    (
        "ICMP: port unreachable, the whole packet quoted",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 udp port 2000 unreachable, length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    (
        "ICMP: need to fragment",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 unreachable - need to frag (mtu 1500), length 42",
    ),
    (
        "ICMP: need to fragment",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP 10.0.0.1 unreachable - need to frag (mtu 1500), length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    (
        "ICMP: time exceeded, with labels",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 152",
    ),
    (
        "ICMP: time exceeded, with labels",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 172)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 152\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 108)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 80\n\
         \tICMP Multi-Part extension v2, checksum 0x98eb (correct), length 16\n\
         \t  MPLS Stack Entry Object (1), Class-Type: 1, length 12\n\
         \t    label 100, tc 3, ttl 1",
    ),
    (
        "ICMP: time exceeded, with an interface",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 168",
    ),
    (
        "ICMP: time exceeded, with an interface",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 188)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 168\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 108)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 80\n\
         \tICMP Multi-Part extension v2, checksum 0x271d (correct), length 32\n\
         \t  Interface Identification Object (2), Class-Type: 15, length 28\n\
         \t    0x0000:  0000 0007 0001 0000 0102 0304 0865 7468\n\
         \t    0x0010:  3000 0000 0000 05dc",
    ),
    (
        "ICMP: host unreachable, with an identified interface",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP host 10.0.0.1 unreachable, length 152",
    ),
    (
        "ICMP: host unreachable, with an identified interface",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 172)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP host 10.0.0.1 unreachable, length 152\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 108)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 80\n\
         \tICMP Multi-Part extension v2, checksum 0xd4e9 (correct), length 16\n\
         \t  unknown Object (3), Class-Type: 3, length 12\n\
         \t    0x0000:  0001 0400 0102 0304",
    ),
    (
        "ICMP: an extension that is not described, and a trailer",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP host 10.0.0.1 unreachable, length 152",
    ),
    (
        "ICMP: an extension that is not described, and a trailer",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 172)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP host 10.0.0.1 unreachable, length 152\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 108)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 80\n\
         \tICMP Multi-Part extension v2, checksum 0x4a5e (correct), length 16\n\
         \t  unknown Object (4), Class-Type: 0, length 12\n\
         \t    0x0000:  6162 6364 6566 6768",
    ),
    (
        "ICMP: time exceeded, with a trailer",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 42",
    ),
    (
        "ICMP: time exceeded, with a trailer",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    ("ICMP: redirect", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP redirect 10.0.0.1 to host 10.0.0.9, length 42"),
    (
        "ICMP: redirect",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP redirect 10.0.0.1 to host 10.0.0.9, length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    ("ICMP: source quench", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP source quench, length 42"),
    (
        "ICMP: source quench",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP source quench, length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    ("ICMP: parameter problem", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 20, length 42"),
    (
        "ICMP: parameter problem",
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP parameter problem - octet 20, length 42\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 34)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 6",
    ),
    (
        "ICMP: router advertisement",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP router advertisement lifetime 30:00 2: {10.0.0.8 1} {10.0.0.9 4294967295}, length 24",
    ),
    (
        "ICMP: mobility agent advertisement",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP router advertisement lifetime 9 1: {10.0.0.8 1}, length 36",
    ),
    ("ICMP: router solicitation", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP router solicitation, length 8"),
    (
        "ICMP: timestamp reply",
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP time stamp reply id 1 seq 2: org 00:00:00.001, recv 04:41:49.060, xmit 09:19:14.432, length 20",
    ),
    ("ICMP: address mask reply", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP address mask is 0xffffff00, length 12"),
    ("ICMP: extended echo", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP type-#42, length 20"),
    ("ICMP: extended echo reply", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP type-#43, length 8"),
    ("ICMP: a type that is not described", 0, "IP 10.0.0.1 > 10.0.0.2: ICMP type-#40, length 8"),
    ("IGMP: report of version 1", 0, "IP 10.0.0.1 > 224.0.0.1: igmp v1 report 224.1.2.3"),
    ("IGMP: query of version 2", 0, "IP 10.0.0.1 > 224.0.0.1: igmp query v2 [gaddr 224.1.2.3]"),
    ("IGMP: leave", 0, "IP 10.0.0.1 > 224.0.0.1: igmp leave 224.1.2.3"),
    (
        "IGMP: query of version 3",
        0,
        "IP 10.0.0.1 > 224.0.0.1: igmp query v3 [max resp time 49.6s] [gaddr 224.1.2.3, 2 source(s)]",
    ),
    (
        "IGMP: query of version 3",
        2,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 40)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp query v3 [max resp time 49.6s] [gaddr 224.1.2.3 { 10.0.0.9 10.0.0.8 }]",
    ),
    ("IGMP: report of version 3", 0, "IP 10.0.0.1 > 224.0.0.1: igmp v3 report, 2 group record(s)"),
    (
        "IGMP: report of version 3",
        1,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 60)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp v3 report, 2 group record(s) [gaddr 224.1.2.3 is_in, 2 source(s)] [gaddr 224.1.2.3 block, 0 source(s)]",
    ),
    (
        "IGMP: report of version 3",
        2,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 60)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp v3 report, 2 group record(s) [gaddr 224.1.2.3 is_in { 10.0.0.9 10.0.0.8 }] [gaddr 224.1.2.3 block { }]",
    ),
    (
        "IGMP: answer of a traceroute",
        0,
        "IP 10.0.0.1 > 224.0.0.1: mresp 77: 10.0.0.1 to 10.0.0.2 reply-to 224.0.0.9 with-ttl 64",
    ),
    ("IGMP: probe of DVMRP", 0, "IP 10.0.0.1 > 224.0.0.1: igmp dvmrp Probe"),
    (
        "IGMP: probe of DVMRP",
        1,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 40)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp dvmrp Probe genid 77",
    ),
    (
        "IGMP: probe of DVMRP",
        2,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 40)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp dvmrp Probe\n\
         \tgenid 77\n\
         \tneighbor 10.0.0.5\n\
         \tneighbor 10.0.0.6",
    ),
    (
        "IGMP: first PIM",
        0,
        "IP 10.0.0.1 > 224.0.0.1: igmp pimv1 Assert for 10.0.0.3 > 224.9.9.9 RP-tree pref 101 metric 3",
    ),
    ("ICMPv6: echo", 0, "IP6 fe80::1 > ff02::1: ICMP6, echo request, id 1, seq 2, length 11"),
    (
        "ICMPv6: echo",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 11) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, echo request, id 1, seq 2",
    ),
    (
        "ICMPv6: port unreachable, the whole packet quoted",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, destination unreachable, unreachable port, 2001:db8::1 udp port 2000, length 62",
    ),
    (
        "ICMPv6: port unreachable, the whole packet quoted",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 62) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, destination unreachable, unreachable port, 2001:db8::1 udp port 2000",
    ),
    ("ICMPv6: packet too big", 0, "IP6 fe80::1 > ff02::1: ICMP6, packet too big, mtu 1280, length 62"),
    (
        "ICMPv6: packet too big",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 62) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, packet too big, mtu 1280",
    ),
    (
        "ICMPv6: time exceeded",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, time exceeded in-transit for 2001:db8::1, length 62",
    ),
    (
        "ICMPv6: time exceeded",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 62) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, time exceeded in-transit for 2001:db8::1",
    ),
    (
        "ICMPv6: time exceeded, with a label",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, time exceeded in-transit for 2001:db8::1, length 156",
    ),
    (
        "ICMPv6: time exceeded, with a label",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 156) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, time exceeded in-transit for 2001:db8::1",
    ),
    (
        "ICMPv6: parameter problem",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, parameter problem, next header - octet 40, length 62",
    ),
    (
        "ICMPv6: parameter problem",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 62) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, parameter problem, next header - octet 40",
    ),
    ("ICMPv6: router solicitation", 0, "IP6 fe80::1 > ff02::2: ICMP6, router solicitation, length 16"),
    (
        "ICMPv6: router solicitation",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 16) fe80::1 > ff02::2: [icmp6 sum ok] ICMP6, router solicitation, length 16\n\
         \t  source link-address option (1), length 8 (1): 02:00:00:00:00:01",
    ),
    ("ICMPv6: router advertisement", 0, "IP6 fe80::1 > ff02::1: ICMP6, router advertisement, length 240"),
    (
        "ICMPv6: router advertisement",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 240) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, router advertisement, length 240\n\
         \thop limit 64, Flags [managed, other stateful], pref high, router lifetime 1800s, reachable time 0ms, retrans timer 0ms\n\
         \t  source link-address option (1), length 8 (1): 02:00:00:00:00:01\n\
         \t  prefix info option (3), length 32 (4): 2001:db8::/64, Flags [onlink, auto], valid time 86400s, pref. time 14400s\n\
         \t  mtu option (5), length 8 (1):  1500\n\
         \t  advertisement interval option (7), length 8 (1):  1000ms\n\
         \t  homeagent information option (8), length 8 (1):  preference 5, lifetime 1800\n\
         \t  route info option (24), length 24 (3):  2001:db8::/64, pref=high, lifetime=1800s\n\
         \t  route info option (24), length 16 (2):  2001:db8::/64, pref=high, lifetime=1800s\n\
         \t  rdnss option (25), length 40 (5):  lifetime 1200s, addr: 2001:db8::53 addr: 2001:db8::54\n\
         \t  dnssl option (31), length 32 (4):  lifetime 1200s, domain(s): example.org. foo.\n\
         \t  unknown option (38), length 16 (2): \n\
         \t  0x0000:  0258 0064 ff9b 0000 0000 0000 0000",
    ),
    (
        "ICMPv6: router advertisement",
        2,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 240) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, router advertisement, length 240\n\
         \thop limit 64, Flags [managed, other stateful], pref high, router lifetime 1800s, reachable time 0ms, retrans timer 0ms\n\
         \t  source link-address option (1), length 8 (1): 02:00:00:00:00:01\n\
         \t    0x0000:  0200 0000 0001\n\
         \t  prefix info option (3), length 32 (4): 2001:db8::/64, Flags [onlink, auto], valid time 86400s, pref. time 14400s\n\
         \t    0x0000:  40c0 0001 5180 0000 3840 0000 0000 2001\n\
         \t    0x0010:  0db8 0000 0000 0000 0000 0000 0000\n\
         \t  mtu option (5), length 8 (1):  1500\n\
         \t    0x0000:  0000 0000 05dc\n\
         \t  advertisement interval option (7), length 8 (1):  1000ms\n\
         \t    0x0000:  0000 0000 03e8\n\
         \t  homeagent information option (8), length 8 (1):  preference 5, lifetime 1800\n\
         \t    0x0000:  0000 0005 0708\n\
         \t  route info option (24), length 24 (3):  2001:db8::/64, pref=high, lifetime=1800s\n\
         \t    0x0000:  4008 0000 0708 2001 0db8 0000 0000 0000\n\
         \t    0x0010:  0000 0000 0000\n\
         \t  route info option (24), length 16 (2):  2001:db8::/64, pref=high, lifetime=1800s\n\
         \t    0x0000:  4008 0000 0708 2001 0db8 0000 0000\n\
         \t  rdnss option (25), length 40 (5):  lifetime 1200s, addr: 2001:db8::53 addr: 2001:db8::54\n\
         \t    0x0000:  0000 0000 04b0 2001 0db8 0000 0000 0000\n\
         \t    0x0010:  0000 0000 0053 2001 0db8 0000 0000 0000\n\
         \t    0x0020:  0000 0000 0054\n\
         \t  dnssl option (31), length 32 (4):  lifetime 1200s, domain(s): example.org. foo.\n\
         \t    0x0000:  0000 0000 04b0 0765 7861 6d70 6c65 036f\n\
         \t    0x0010:  7267 0003 666f 6f00 0000 0000 0000\n\
         \t  unknown option (38), length 16 (2): \n\
         \t    0x0000:  0258 0064 ff9b 0000 0000 0000 0000\n\
         \t  unknown option (37), length 32 (4): \n\
         \t    0x0000:  6874 7470 733a 2f2f 782e 6578 616d 706c\n\
         \t    0x0010:  652f 706f 7274 616c 0000 0000 0000",
    ),
    (
        "ICMPv6: neighbor solicitation",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, neighbor solicitation, who has fe80::2, length 40",
    ),
    (
        "ICMPv6: neighbor solicitation",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 40) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, neighbor solicitation, length 40, who has fe80::2\n\
         \t  source link-address option (1), length 8 (1): 02:00:00:00:00:01\n\
         \t  unknown option (14), length 8 (1): \n\
         \t  0x0000:  0102 0304 0506",
    ),
    (
        "ICMPv6: neighbor advertisement",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, neighbor advertisement, tgt is fe80::2, length 32",
    ),
    (
        "ICMPv6: neighbor advertisement",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 32) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, neighbor advertisement, length 32, tgt is fe80::2, Flags [solicited, override]\n\
         \t  destination link-address option (2), length 8 (1): 02:00:00:00:00:01",
    ),
    ("ICMPv6: redirect", 0, "IP6 fe80::1 > ff02::1: ICMP6, redirect, 2001::1 to fe80::9, length 112"),
    (
        "ICMPv6: redirect",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 112) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, redirect, length 112, 2001::1 to fe80::9\n\
         \t  destination link-address option (2), length 8 (1): 02:00:00:00:00:01\n\
         \t  redirected header option (4), length 64 (8): \n\
         \t    0x0000:  0201 0200 0000 0001 0408 0000 0000 0000\n\
         \t    0x0010:  6000 0000 000d 1101 2001 0000 0000 0000\n\
         \t    0x0020:  0000 0000 0000 0002 2001 0000 0000 0000\n\
         \t    0x0030:  0000 0000 0000 0001 03e8 07d0 000d 0000",
    ),
    (
        "ICMPv6: listener query of version 1",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, multicast listener querymax resp delay: 1000 addr: ff02::9, length 24",
    ),
    (
        "ICMPv6: listener query of version 1",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 24) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, multicast listener querymax resp delay: 1000 addr: ff02::9",
    ),
    (
        "ICMPv6: listener query of version 2",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, multicast listener query v2 [gaddr ff02::9, 2 source(s)], length 60",
    ),
    (
        "ICMPv6: listener query of version 2",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 60) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, multicast listener query v2 [max resp delay=1000] [gaddr ff02::9 robustness=2 qqi=125, 2 source(s)]",
    ),
    (
        "ICMPv6: listener query of version 2",
        2,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 60) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, multicast listener query v2 [max resp delay=1000] [gaddr ff02::9 robustness=2 qqi=125 { 2001::5 2001::6 }]",
    ),
    (
        "ICMPv6: listener report of version 2",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, multicast listener report v2, 2 group record(s), length 88",
    ),
    (
        "ICMPv6: listener report of version 2",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 88) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, multicast listener report v2, 2 group record(s) [gaddr ff02::9 is_in, 2 source(s)] [gaddr ff02::9 block, 0 source(s)]",
    ),
    (
        "ICMPv6: listener report of version 2",
        2,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 88) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, multicast listener report v2, 2 group record(s) [gaddr ff02::9 is_in { 2001::5 2001::6 }] [gaddr ff02::9 block { }]",
    ),
    (
        "ICMPv6: node information query",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, who-are-you request node information query (DNS name, subject=DNS name, \"host.\"), length 22",
    ),
    (
        "ICMPv6: node information query",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 22) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, who-are-you request node information query (DNS name, subject=DNS name, \"host.\")",
    ),
    (
        "ICMPv6: node information reply",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, who-are-you reply node information reply (node addresses 2001:db8::1(30) [GSLCA]), length 36",
    ),
    (
        "ICMPv6: node information reply",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 36) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, who-are-you reply node information reply (success, node addresses 2001:db8::1(30) [GSLCA])",
    ),
    (
        "ICMPv6: router renumbering",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, router renumbering, command, seq=77 match(add,2001:db8::/48) use(2001:db8:1::/64/16), length 128",
    ),
    (
        "ICMPv6: router renumbering",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 128) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, router renumbering, command, seq=77[T,seg=1,maxdelay=5] match(add,ord=1,min=10,max=20,2001:db8::/48) use(mask=0xc0,raflags=0x80,vltime=100,pltime=200,2001:db8:1::/64/16)",
    ),
    (
        "ICMPv6: result of renumbering",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, router renumbering, result, seq=77, length 40",
    ),
    (
        "ICMPv6: result of renumbering",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 40) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, router renumbering, result, seq=77[T,seg=1,maxdelay=5]",
    ),
    ("ICMPv6: home agents", 0, "IP6 fe80::1 > ff02::1: ICMP6, ha discovery reply, length 40"),
    (
        "ICMPv6: home agents",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 40) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, ha discovery reply, length 40, id 0x0007, 2001:db8::1, 2001:db8::2",
    ),
    (
        "ICMPv6: mobile prefix advertisement",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, mobile router advertisement, length 40",
    ),
    (
        "ICMPv6: mobile prefix advertisement",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 40) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, mobile router advertisement, length 40, id 0x0007 MO\n\
         \t  prefix info option (3), length 32 (4): 2001:db8::/64, Flags [onlink, auto], valid time 86400s, pref. time 14400s",
    ),
    (
        "ICMPv6: inverse neighbor solicitation",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, inverse neighbor solicitation, length 24",
    ),
    (
        "ICMPv6: inverse neighbor solicitation",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 24) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, inverse neighbor solicitation",
    ),
    (
        "ICMPv6: RPL, DODAG information",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, RPL, (CLR)DODAG Information Object, length 49",
    ),
    (
        "ICMPv6: RPL, DODAG information",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 49) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, RPL, (CLR)DODAG Information Object [dagid:2001::1,seq:5,instance:30,rank:256,grounded,mop:storing,prf:0]",
    ),
    (
        "ICMPv6: RPL, DODAG information",
        2,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 49) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, RPL, (CLR)DODAG Information Object [dagid:2001::1,seq:5,instance:30,rank:256,grounded,mop:storing,prf:0] opt:config len:16  opt:pad1 opt:padN len:4 ",
    ),
    (
        "ICMPv6: RPL, destination advertisement",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, RPL, (CLR)Destination Advertisement Object, length 44",
    ),
    (
        "ICMPv6: RPL, destination advertisement",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 44) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, RPL, (CLR)Destination Advertisement Object [dagid:2001::1,seq:9,instance:30,Dagid,40]",
    ),
    (
        "ICMPv6: RPL, destination advertisement",
        2,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 44) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, RPL, (CLR)Destination Advertisement Object [dagid:2001::1,seq:9,instance:30,Dagid,40] opt:rpltarget len:20 ",
    ),
    (
        "ICMPv6: RPL, acknowledgment",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, RPL, (CLR)Destination Advertisement Object Ack, length 24",
    ),
    (
        "ICMPv6: RPL, acknowledgment",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 24) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, RPL, (CLR)Destination Advertisement Object Ack [dagid:2001:db8::1,seq:9,instance:30,status:1]",
    ),
    (
        "ICMPv6: extended echo",
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, unknown icmp6 type (160), length 20\n\
         \t0x0000:  a000 6029 0001 0201 2000 0f52 0008 0301\n\
         \t0x0010:  6574 6830",
    ),
    (
        "ICMPv6: extended echo",
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 20) fe80::1 > ff02::1: [icmp6 sum ok] ICMP6, unknown icmp6 type (160), length 20\n\
         \t0x0000:  a000 6029 0001 0201 2000 0f52 0008 0301\n\
         \t0x0010:  6574 6830",
    ),
];

/// What is told of a sample of which so many bytes were captured.
const CUT: &[(&str, usize, u8, &str)] = &[
    ("ICMP: port unreachable, the whole packet quoted", 64, 0, "IP 10.0.0.1 > 10.0.0.2:  [|icmp]"),
    (
        "ICMP: port unreachable, the whole packet quoted",
        64,
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 62)\n\
         \x20   10.0.0.1 > 10.0.0.2:  [|icmp]",
    ),
    (
        "ICMP: time exceeded, with labels",
        180,
        0,
        "IP 10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 152",
    ),
    (
        "ICMP: time exceeded, with labels",
        180,
        1,
        "IP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto ICMP (1), length 172)\n\
         \x20   10.0.0.1 > 10.0.0.2: ICMP time exceeded in-transit, length 152\n\
         \tIP (tos 0x0, ttl 64, id 1, offset 0, flags [none], proto UDP (17), length 108)\n\
         \x20   10.0.0.2.1000 > 10.0.0.1.2000: UDP, length 80\n\
         \tICMP Multi-Part extension v2\n\
         \t  MPLS Stack Entry Object (1), Class-Type: 1, length 12 [|icmp]",
    ),
    ("IGMP: report of version 3", 50, 0, "IP 10.0.0.1 > 224.0.0.1: igmp v3 report, 2 group record(s)"),
    (
        "IGMP: report of version 3",
        50,
        1,
        "IP (tos 0x0, ttl 1, id 1, offset 0, flags [none], proto IGMP (2), length 60)\n\
         \x20   10.0.0.1 > 224.0.0.1: igmp v3 report, 2 group record(s) [gaddr 224.1.2.3 is_in, 2 source(s)] [|igmp]",
    ),
    ("ICMPv6: router advertisement", 80, 0, "IP6 fe80::1 > ff02::1: ICMP6, router advertisement, length 240"),
    (
        "ICMPv6: router advertisement",
        80,
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 240) fe80::1 > ff02::1: ICMP6, router advertisement, length 240\n\
         \thop limit 64, Flags [managed, other stateful], pref high, router lifetime 1800s, reachable time 0ms, retrans timer 0ms\n\
         \t  source link-address option (1), length 8 (1): 02:00:00:00:00:01 [|icmp6]",
    ),
    (
        "ICMPv6: neighbor advertisement",
        70,
        0,
        "IP6 fe80::1 > ff02::1: ICMP6, neighbor advertisement [|icmp6]",
    ),
    (
        "ICMPv6: neighbor advertisement",
        70,
        1,
        "IP6 (hlim 255, next-header ICMPv6 (58) payload length: 32) fe80::1 > ff02::1: ICMP6, neighbor advertisement, length 32 [|icmp6]",
    ),
    ("ARP: an answer", 30, 0, " [|arp]"),
    ("ARP: an answer", 30, 1, " [|arp]"),
];

#[test]
fn whole_packets_are_told() {
    for (what, verbose, expected) in WHOLE {
        assert_eq!(told(what, usize::MAX, *verbose), *expected, "{what}, {verbose}");
    }
}

#[test]
fn packets_that_are_cut_off_are_told_as_far_as_they_go() {
    for (what, captured, verbose, expected) in CUT {
        assert_eq!(told(what, *captured, *verbose), *expected, "{what}, {captured} bytes, {verbose}");
    }
}

#[test]
fn every_sample_has_its_line() {
    for line in SAMPLES.lines() {
        let (_, what) = line.split_once("  # ").unwrap();
        assert!(WHOLE.iter().any(|(of, ..)| *of == what), "{what}");
    }
}
