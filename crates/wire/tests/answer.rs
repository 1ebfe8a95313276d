//! Which packets answer which, and which belong together.

use jackfield_wire::conversation::{Conversation, Direction};
use jackfield_wire::owned::{Layer, Packet, Stored};
use jackfield_wire::{Dissector, Id};

const RAW: u32 = 101;
const A: u32 = 0x0a00_0001;
const B: u32 = 0x0a00_0002;
const ROUTER: u32 = 0x0a00_00fe;

fn layer(id: Id, fields: &[(&str, u64)]) -> Layer {
    let mut layer = Layer::new(id);
    for (name, value) in fields {
        let is_set = layer.set(name, Stored::Uint(*value))
            || layer
                .set(name, Stored::Bytes(u32::try_from(*value).unwrap_or(u32::MAX).to_be_bytes().to_vec()));
        assert!(is_set, "{name}");
    }
    layer
}

fn ip(from: u32, to: u32) -> Packet {
    Packet::default().with(layer(Id::Ipv4, &[("src", from.into()), ("dst", to.into())]))
}

fn tcp(sport: u64, dport: u64, flags: u64, seq: u64, ack: u64) -> Layer {
    let fields = [("sport", sport), ("dport", dport), ("flags", flags), ("seq", seq), ("ack", ack)];
    layer(Id::Tcp, &fields)
}

fn udp(sport: u64, dport: u64) -> Layer {
    layer(Id::Udp, &[("sport", sport), ("dport", dport)])
}

fn icmp(kind: u64, id: u64, seq: u64) -> Layer {
    layer(Id::Icmp, &[("type", kind), ("id", id), ("seq", seq)])
}

/// Makes an error with the beginning of a packet in it.
fn error(from: u32, to: u32, kind: u64, quoted: &[u8]) -> Vec<u8> {
    ip(from, to).with(icmp(kind, 0, 0)).with(Layer::raw(quoted)).build()
}

fn answers(answer: &[u8], question: &[u8]) -> bool {
    let (mut one, mut other) = (Dissector::new(), Dissector::new());
    let question = other.dissect(RAW, question, question.len());
    one.dissect(RAW, answer, answer.len()).answers(&question)
}

#[test]
fn a_segment_answers_what_it_acknowledges() {
    let syn = ip(A, B).with(tcp(1000, 80, 2, 500, 0)).build();
    let answer = |flags, seq, ack| ip(B, A).with(tcp(80, 1000, flags, seq, ack)).build();
    assert!(answers(&answer(0x12, 9, 501), &syn));
    assert!(answers(&answer(0x14, 0, 501), &syn), "a reset");
    assert!(!answers(&answer(0x12, 9, 502), &syn), "more than was sent");
    assert!(!answers(&answer(0x12, 9, 499), &syn), "less");
    assert!(!answers(&answer(0x02, 501, 0), &syn), "it acknowledges nothing");
    assert!(!answers(&ip(B, A).with(tcp(81, 1000, 0x12, 9, 501)).build(), &syn), "another port");
    assert!(!answers(&ip(ROUTER, A).with(tcp(80, 1000, 0x12, 9, 501)).build(), &syn), "another host");
    assert!(!answers(&syn, &syn));
    let ack = ip(A, B).with(tcp(1000, 80, 0x10, 500, 700)).build();
    assert!(answers(&answer(0x04, 700, 0), &ack));
    assert!(!answers(&answer(0x04, 701, 0), &ack));
}

#[test]
fn a_datagram_answers_between_the_same_ports_and_a_message_of_dns_by_its_identifier() {
    let question = ip(A, B).with(udp(1000, 2000)).with(Layer::raw(b"?")).build();
    assert!(answers(&ip(B, A).with(udp(2000, 1000)).with(Layer::raw(b"!")).build(), &question));
    assert!(!answers(&ip(B, A).with(udp(2001, 1000)).build(), &question));
    let dns = |from, to, sport, dport, id, qr| {
        ip(from, to).with(udp(sport, dport)).with(layer(Id::Dns, &[("id", id), ("qr", qr)])).build()
    };
    let question = dns(A, B, 1000, 53, 77, 0);
    assert!(answers(&dns(B, A, 53, 1000, 77, 1), &question));
    assert!(!answers(&dns(B, A, 53, 1000, 78, 1), &question));
    assert!(!answers(&dns(B, A, 53, 1000, 77, 0), &question));
}

#[test]
fn whoever_answers_a_question_to_all_answers_it() {
    let question = ip(A, 0xffff_ffff).with(udp(1000, 2000)).build();
    assert!(answers(&ip(B, A).with(udp(2000, 1000)).build(), &question));
    let without_address = ip(0, 0xffff_ffff).with(udp(1000, 2000)).build();
    assert!(answers(&ip(B, 0xffff_ffff).with(udp(2000, 1000)).build(), &without_address));
}

#[test]
fn an_echo_is_answered_by_its_reply() {
    let echo = ip(A, B).with(icmp(8, 7, 1)).build();
    assert!(answers(&ip(B, A).with(icmp(0, 7, 1)).build(), &echo));
    assert!(!answers(&ip(B, A).with(icmp(0, 7, 2)).build(), &echo));
    assert!(!answers(&ip(B, A).with(icmp(8, 7, 1)).build(), &echo));
    assert!(!answers(&ip(ROUTER, A).with(icmp(0, 7, 1)).build(), &echo));
}

#[test]
fn an_error_answers_what_it_quotes_whoever_sends_it() {
    let probe = ip(A, B).with(udp(1000, 33434)).with(Layer::raw(b"0123456789")).build();
    let other = ip(A, B).with(udp(1000, 33435)).with(Layer::raw(b"0123456789")).build();
    let syn = ip(A, B).with(tcp(1000, 80, 2, 500, 0)).build();
    let echo = ip(A, B).with(icmp(8, 7, 1)).build();
    for question in [&probe, &syn, &echo] {
        assert!(answers(&error(ROUTER, A, 11, &question[..28]), question));
        assert!(answers(&error(B, A, 3, question), question));
        assert!(!answers(&error(ROUTER, A, 11, &other[..28]), question));
        assert!(!answers(&error(ROUTER, B, 11, &question[..28]), question), "it is for another");
    }
    // Who translated the addresses mended the checksum.
    let mut mended = probe[..28].to_vec();
    mended[26] ^= 0xff;
    assert!(answers(&error(ROUTER, A, 11, &mended), &probe));
    let unknown = ip(A, B).with(Layer::raw(b"01234567")).build();
    assert!(answers(&error(ROUTER, A, 3, &unknown), &unknown));
}

#[test]
fn arp_is_answered_by_whom_was_asked() {
    let packet = |op: u8, from: u32, to: u32| {
        let mut packet = vec![0, 1, 8, 0, 6, 4, 0, op, 2, 0, 0, 0, 0, 1];
        packet.extend_from_slice(&from.to_be_bytes());
        packet.extend_from_slice(&[0; 6]);
        packet.extend_from_slice(&to.to_be_bytes());
        let mut frame = [[2; 6], [3; 6]].concat();
        frame.extend_from_slice(&[0x08, 0x06]);
        frame.extend_from_slice(&packet);
        frame
    };
    let (mut one, mut other) = (Dissector::new(), Dissector::new());
    let mut answers = |answer: &[u8], question: &[u8]| {
        let question = other.dissect(1, question, question.len());
        one.dissect(1, answer, answer.len()).answers(&question)
    };
    assert!(answers(&packet(2, B, A), &packet(1, A, B)));
    assert!(!answers(&packet(2, ROUTER, A), &packet(1, A, B)));
    assert!(!answers(&packet(1, B, A), &packet(1, A, B)));
}

fn conversation(packet: &[u8]) -> Option<(Conversation, Direction)> {
    Dissector::new().dissect(RAW, packet, packet.len()).conversation()
}

#[test]
fn both_directions_are_one_conversation() {
    let there = conversation(&ip(A, B).with(tcp(1000, 80, 2, 1, 0)).build()).unwrap();
    let back = conversation(&ip(B, A).with(tcp(80, 1000, 0x12, 1, 2)).build()).unwrap();
    assert_eq!(there.0, back.0);
    assert_eq!(there.0.number(), back.0.number());
    assert_eq!((there.1, back.1), (Direction::Forth, Direction::Back));
    let others = [
        ip(A, B).with(tcp(1001, 80, 2, 1, 0)).build(),
        ip(A, B).with(udp(1000, 80)).build(),
        ip(A, ROUTER).with(tcp(1000, 80, 2, 1, 0)).build(),
        ip(A, B).with(icmp(8, 7, 1)).build(),
        ip(A, B).with(Layer::raw(b"x")).build(),
    ];
    for other in others {
        let other = conversation(&other).unwrap().0;
        assert_ne!(other, there.0);
        assert_ne!(other.number(), there.0.number());
    }
    assert_eq!(conversation(b"nothing"), None);
}

#[test]
fn an_error_and_what_a_tunnel_carries_belong_to_the_inner_conversation() {
    let inner = ip(A, B).with(udp(1000, 2000)).build();
    let expected = conversation(&inner);
    assert_eq!(conversation(&error(ROUTER, A, 3, &inner)), expected);
    let tunnel = ip(ROUTER, 1).with(layer(Id::Ipv4, &[("src", A.into()), ("dst", B.into())]));
    assert_eq!(conversation(&tunnel.with(udp(1000, 2000)).build()), expected);
}

#[test]
fn a_neighbor_is_found_and_a_route_leads_to_whom_was_asked() {
    let v6 = |from: u8, to: u8| {
        let mut layer = Layer::new(Id::Ipv6);
        for (name, last) in [("src", from), ("dst", to)] {
            let mut address = vec![0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            address.push(last);
            assert!(layer.set(name, Stored::Bytes(address)));
        }
        Packet::default().with(layer)
    };
    let message = |kind: u64, rest: &[u8]| {
        let mut layer = layer(Id::Icmpv6, &[("type", kind)]);
        assert!(layer.set("id", Stored::Uint(0)));
        (layer, rest.to_vec())
    };
    let neighbor = |from, to, kind, target: u8| {
        let (header, rest) = message(kind, &[target; 16]);
        v6(from, to).with(header).with(Layer::raw(&rest)).build()
    };
    assert!(answers(&neighbor(2, 1, 136, 9), &neighbor(1, 2, 135, 9)));
    assert!(!answers(&neighbor(2, 1, 136, 8), &neighbor(1, 2, 135, 9)));
    // A segment routing header to 3 by way of 2: it is 3 who answers.
    let mut route = vec![17, 2, 4, 1, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3];
    let mut question = v6(1, 2).build();
    route.extend_from_slice(&[0x03, 0xe8, 0x07, 0xd0, 0, 8, 0, 0]);
    (question[5], question[6]) = (u8::try_from(route.len()).unwrap(), 43);
    question.extend_from_slice(&route);
    assert!(answers(&v6(3, 1).with(udp(2000, 1000)).build(), &question));
    assert!(!answers(&v6(2, 1).with(udp(2000, 1000)).build(), &question));
    let back = conversation(&v6(3, 1).with(udp(2000, 1000)).build()).unwrap();
    assert_eq!(conversation(&question).unwrap().0, back.0);
}
