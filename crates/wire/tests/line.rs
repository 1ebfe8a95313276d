//! Lines as tcpdump 4.99.3 writes them.

use jackfield_wire::Dissector;
use jackfield_wire::line::{self, Memory, Numeric, Style};
use jackfield_wire::owned::{Layer, Packet, Stored};
use jackfield_wire::stack::Id;

const A: [u8; 4] = [10, 0, 0, 1];
const B: [u8; 4] = [10, 0, 0, 2];

/// Makes a segment between two ports of the hosts.
fn segment(
    (from, sport): ([u8; 4], u64),
    (to, dport): ([u8; 4], u64),
    seq: u64,
    ack: u64,
    flags: u64,
    data: &[u8],
) -> Vec<u8> {
    let mut ethernet = Layer::new(Id::Ethernet);
    assert!(ethernet.set("dst", Stored::Bytes(vec![2, 0, 0, 0, 0, 1])));
    assert!(ethernet.set("src", Stored::Bytes(vec![2, 0, 0, 0, 0, 2])));
    let mut ip = Layer::new(Id::Ipv4);
    assert!(ip.set("src", Stored::Bytes(from.to_vec())));
    assert!(ip.set("dst", Stored::Bytes(to.to_vec())));
    let mut tcp = Layer::new(Id::Tcp);
    for (name, value) in
        [("sport", sport), ("dport", dport), ("seq", seq), ("ack", ack), ("flags", flags), ("window", 100)]
    {
        assert!(tcp.set(name, Stored::Uint(value)), "{name}");
    }
    let packet = Packet::default().with(ethernet).with(ip).with(tcp);
    if data.is_empty() { packet } else { packet.with(Layer::raw(data)) }.build()
}

fn lines(packets: &[Vec<u8>], style: Style) -> Vec<String> {
    let (mut dissector, mut memory) = (Dissector::new(), Memory::default());
    let line = packets.iter().map(|packet| {
        let mut out = Vec::new();
        line::write(&dissector.dissect(1, packet, packet.len()), style, &mut memory, &mut Numeric, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    });
    line.collect()
}

#[test]
fn sequence_numbers_count_from_the_beginning_of_a_connection() {
    let (client, server) = ((A, 1000), (B, 81));
    let packets = [
        segment(client, server, 5000, 0, 2, b""),
        segment(server, client, 9000, 5001, 0x12, b""),
        segment(client, server, 5001, 9001, 0x10, b""),
        segment(client, server, 5001, 9001, 0x18, b"hello"),
        segment(server, client, 9001, 5006, 0x11, b""),
    ];
    assert_eq!(
        lines(&packets, Style::default()),
        [
            "IP 10.0.0.1.1000 > 10.0.0.2.81: Flags [S], seq 5000, win 100, length 0",
            "IP 10.0.0.2.81 > 10.0.0.1.1000: Flags [S.], seq 9000, ack 5001, win 100, length 0",
            "IP 10.0.0.1.1000 > 10.0.0.2.81: Flags [.], ack 1, win 100, length 0",
            "IP 10.0.0.1.1000 > 10.0.0.2.81: Flags [P.], seq 1:6, ack 1, win 100, length 5",
            "IP 10.0.0.2.81 > 10.0.0.1.1000: Flags [F.], seq 1, ack 6, win 100, length 0",
        ]
    );
    let absolute = lines(&packets, Style { absolute: true, ..Style::default() });
    assert_eq!(absolute[2], "IP 10.0.0.1.1000 > 10.0.0.2.81: Flags [.], ack 9001, win 100, length 0");
}

#[test]
fn a_connection_that_is_met_in_the_middle_begins_there() {
    let (client, server) = ((A, 2000), (B, 81));
    let packets = [
        segment(client, server, 7000, 3000, 0x18, b"abc"),
        segment(client, server, 7003, 3000, 0x18, b"abc"),
        segment(server, client, 3000, 7006, 0x14, b""),
        segment(client, server, 7006, 0, 4, b""),
        segment(client, server, 7006, 0, 0, b""),
    ];
    assert_eq!(
        lines(&packets, Style::default()),
        [
            "IP 10.0.0.1.2000 > 10.0.0.2.81: Flags [P.], seq 7000:7003, ack 3000, win 100, length 3",
            "IP 10.0.0.1.2000 > 10.0.0.2.81: Flags [P.], seq 3:6, ack 1, win 100, length 3",
            "IP 10.0.0.2.81 > 10.0.0.1.2000: Flags [R.], seq 1, ack 6, win 100, length 0",
            "IP 10.0.0.1.2000 > 10.0.0.2.81: Flags [R], seq 7006, win 100, length 0",
            "IP 10.0.0.1.2000 > 10.0.0.2.81: Flags [none], win 100, length 0",
        ]
    );
}

#[test]
fn flags_of_the_command_change_the_line() {
    let packets = [segment((A, 1000), (B, 81), 5000, 0, 2, b"")];
    let with = |style| lines(&packets, style).remove(0);
    assert_eq!(with(Style { quiet: true, ..Style::default() }), "IP 10.0.0.1.1000 > 10.0.0.2.81: tcp 0");
    assert_eq!(
        with(Style { link: true, ..Style::default() }),
        "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 54: \
         10.0.0.1.1000 > 10.0.0.2.81: Flags [S], seq 5000, win 100, length 0"
    );
    assert_eq!(
        with(Style { link: true, quiet: true, ..Style::default() }),
        "02:00:00:00:00:02 > 02:00:00:00:00:01, IPv4, length 54: 10.0.0.1.1000 > 10.0.0.2.81: tcp 0"
    );
}

/// Makes a frame with an ARP packet, padded as Ethernet pads.
fn arp(op: u8, hwdst: [u8; 6], tag: &[u8]) -> Vec<u8> {
    let mut frame = vec![255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 2];
    frame.extend_from_slice(tag);
    frame.extend_from_slice(&[0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, op, 2, 0, 0, 0, 0, 2]);
    frame.extend_from_slice(&A);
    frame.extend_from_slice(&hwdst);
    frame.extend_from_slice(&B);
    frame.resize(60, 0);
    frame
}

#[test]
fn arp_asks_and_answers() {
    let packets = [arp(1, [0; 6], b""), arp(2, [2, 0, 0, 0, 0, 1], b""), arp(1, [2, 0, 0, 0, 0, 1], b"")];
    assert_eq!(
        lines(&packets, Style::default()),
        [
            "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 46",
            "ARP, Reply 10.0.0.1 is-at 02:00:00:00:00:02, length 46",
            "ARP, Request who-has 10.0.0.2 (02:00:00:00:00:01) tell 10.0.0.1, length 46",
        ]
    );
    let verbose = lines(&packets[..1], Style { verbose: 1, ..Style::default() });
    assert_eq!(
        verbose,
        ["ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.0.0.2 tell 10.0.0.1, length 46"]
    );
}

#[test]
fn tags_are_told_with_the_link_header() {
    let packets = [arp(1, [0; 6], &[0x81, 0, 0x07, 0xd1])];
    assert_eq!(lines(&packets, Style::default()), ["ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 42"]);
    assert_eq!(
        lines(&packets, Style { link: true, ..Style::default() }),
        ["02:00:00:00:00:02 > ff:ff:ff:ff:ff:ff, ethertype 802.1Q (0x8100), length 60: vlan 2001, p 0, \
          ethertype ARP (0x0806), Request who-has 10.0.0.2 tell 10.0.0.1, length 42"]
    );
}
