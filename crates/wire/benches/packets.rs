//! What a packet costs: to take apart, to read by view, by walk, to build; beside the same by hand. Nanoseconds a packet, and
//! allocations, of which reading has none.

#![allow(
    missing_docs,
    clippy::indexing_slicing,
    reason = "a bench is no library, and reads bytes of its own"
)]

use core::hint::black_box;
use core::ops::Range;

use divan::{AllocProfiler, Bencher};
use jackfield_wire::json::Json;
use jackfield_wire::line::{self, Memory, Numeric, Style};
use jackfield_wire::owned;
use jackfield_wire::stack::{Id, ethernet::Ethernet, ipv4::Ipv4, tcp::Tcp};
use jackfield_wire::{Dissector, Field, Value, Visit};

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

/// A SYN with options, as Ethernet carries it.
const SYN: &[u8] = &[
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, // Ethernet
    0x45, 0x10, 0x00, 0x3c, 0x1b, 0x68, 0x40, 0x00, 0x40, 0x06, 0x21, 0x42, 127, 0, 0, 1, 127, 0, 0,
    1, // IPv4
    0x8d, 0xcc, 0x00, 0x50, 0x5a, 0x1f, 0x10, 0x2a, 0, 0, 0, 0, 0xa0, 0x02, 0x80, 0x18, 0x6c, 0xde, 0,
    0, // TCP
    2, 4, 0x40, 0x0c, 4, 2, 8, 10, 0, 0x42, 0x2a, 0x0c, 0, 0, 0, 0, 1, 3, 3, 2, // its options
];

/// A segment in the middle of a connection, as most are: an acknowledgment with timestamps.
const SEGMENT: &[u8] = &[
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, // Ethernet
    0x45, 0x00, 0x00, 0x34, 0x5f, 0x2b, 0x40, 0x00, 0x40, 0x06, 0xc6, 0x95, 10, 0, 0, 1, 10, 0, 0,
    2, // IPv4
    0xd2, 0x04, 0x1f, 0x40, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x80, 0x10, 0x01, 0xf6, 0x12,
    0x34, 0, 0, // TCP
    1, 1, 8, 10, 0xe5, 0x63, 0xbd, 0x59, 0x89, 0x68, 0x9e, 0xa6, // its options
];

/// A datagram of whose ports nothing is known.
const DATAGRAM: &[u8] = &[
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, // Ethernet
    0x45, 0x00, 0x00, 0x20, 0x5f, 0x2b, 0x40, 0x00, 0x40, 0x11, 0xc6, 0x9e, 10, 0, 0, 1, 10, 0, 0,
    2, // IPv4
    0xd2, 0x04, 0x1f, 0x40, 0, 12, 0, 0, 1, 2, 3, 4, // UDP
];

/// A question for a name.
const QUERY: &[u8] = &[
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, // Ethernet
    0x45, 0x00, 0x00, 0x3a, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 10, 0, 0, 1, 10, 0, 0,
    2, // IPv4
    0x04, 0xd2, 0x00, 0x35, 0x00, 0x26, 0x00, 0x00, // UDP
    0x59, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, // DNS
    7, b'e', b'x', b'a', b'm', b'p', b'l', b'e', 4, b't', b'e', b's', b't', 0, 0, 1, 0, 1,
];

fn main() {
    divan::main();
}

/// Five fields, by hand, as a careful program would read them.
#[divan::bench]
fn five_fields_by_hand(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let bytes = black_box(SYN);
        let ip = bytes.get(14..)?;
        if bytes.get(12..14)? != [8, 0] || ip.len() < 20 || ip[9] != 6 {
            return None;
        }
        let tcp = ip.get(usize::from(ip[0] & 15) * 4..)?;
        if tcp.len() < 20 {
            return None;
        }
        let source = u32::from_be_bytes(ip[12..16].try_into().ok()?);
        let destination = u32::from_be_bytes(ip[16..20].try_into().ok()?);
        let ports = (u16::from_be_bytes([tcp[0], tcp[1]]), u16::from_be_bytes([tcp[2], tcp[3]]));
        Some((source, destination, ports, u32::from_be_bytes(tcp[4..8].try_into().ok()?)))
    });
}

/// The same through the views, layer by layer.
#[divan::bench]
fn five_fields_by_view(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let bytes = black_box(SYN);
        let ethernet = Ethernet::new(bytes)?;
        let rest = bytes.get(Ethernet::LEN..)?;
        let ip = Ipv4::new(rest)?;
        if ethernet.r#type() != 0x0800 || ip.proto() != 6 {
            return None;
        }
        let tcp = Tcp::new(rest.get(usize::from(ip.ihl()) * 4..)?)?;
        Some((ip.src(), ip.dst(), (tcp.sport(), tcp.dport()), tcp.seq()))
    });
}

/// Taking apart into layers.
#[divan::bench]
fn dissect(bencher: Bencher<'_, '_>) {
    let mut dissector = Dissector::new();
    bencher.bench_local(|| dissector.dissect(1, black_box(SYN), SYN.len()).layers.len());
}

/// Taking apart, and the five fields from the layers' views.
#[divan::bench]
fn five_fields_of_layers(bencher: Bencher<'_, '_>) {
    let mut dissector = Dissector::new();
    bencher.bench_local(|| {
        let packet = dissector.dissect(1, black_box(SYN), SYN.len());
        let ip = Ipv4::new(packet.header(packet.layer(Id::Ipv4)?))?;
        let tcp = Tcp::new(packet.header(packet.layer(Id::Tcp)?))?;
        Some((ip.src(), ip.dst(), (tcp.sport(), tcp.dport()), tcp.seq()))
    });
}

/// Counts what it is shown.
struct Count(usize);

impl<'a> Visit<'a> for Count {
    fn field(&mut self, _field: &'static Field, bits: Range<usize>, _value: Value<'a>) {
        self.0 += bits.len();
    }
}

/// Taking apart, and every field of every layer shown to a visitor.
#[divan::bench]
fn every_field_walked(bencher: Bencher<'_, '_>) {
    let mut dissector = Dissector::new();
    bencher.bench_local(|| {
        let packet = dissector.dissect(1, black_box(SYN), SYN.len());
        let mut count = Count(0);
        for index in 0..packet.layers.len() {
            packet.walk(index, &mut count);
        }
        count.0
    });
}

/// Building with every field computed that can be.
#[divan::bench]
fn build(bencher: Bencher<'_, '_>) {
    let mut dissector = Dissector::new();
    let mut packet = owned::Packet::read(&dissector.dissect(1, SYN, SYN.len()));
    packet.layers.iter_mut().for_each(owned::Layer::unset_computed);
    bencher.bench_local(|| black_box(&packet).build());
}

/// All fields as JSON.
#[divan::bench]
fn json(bencher: Bencher<'_, '_>) {
    let (mut dissector, mut json, mut out) = (Dissector::new(), Json::new(), Vec::new());
    bencher.bench_local(|| {
        out.clear();
        json.members(&dissector.dissect(1, black_box(SYN), SYN.len()), &mut out);
        out.len()
    });
}

/// A packet as tcpdump's line, taking apart included: what is done to each but for its time.
fn line_of(bencher: Bencher<'_, '_>, packet: &'static [u8]) {
    let (mut dissector, mut memory, mut out) =
        (Dissector::new(), Memory::default(), Vec::with_capacity(4096));
    bencher.bench_local(|| {
        out.clear();
        let packet = dissector.dissect(1, black_box(packet), packet.len());
        line::write(&packet, Style::default(), &mut memory, &mut Numeric, &mut out);
        out.len()
    });
}

/// The line of a SYN with all its options.
#[divan::bench]
fn line_of_syn(bencher: Bencher<'_, '_>) {
    line_of(bencher, SYN);
}

/// The line of a segment with timestamps, of a connection that is known.
#[divan::bench]
fn line_of_segment(bencher: Bencher<'_, '_>) {
    line_of(bencher, SEGMENT);
}

/// The line of a datagram.
#[divan::bench]
fn line_of_datagram(bencher: Bencher<'_, '_>) {
    line_of(bencher, DATAGRAM);
}

/// The line of a question for a name.
#[divan::bench]
fn line_of_query(bencher: Bencher<'_, '_>) {
    line_of(bencher, QUERY);
}

/// Lines of segments of 100,000 connections in turn: the memory of them is larger than the caches.
#[divan::bench]
fn line_of_many_connections(bencher: Bencher<'_, '_>) {
    let (mut dissector, mut memory, mut out) =
        (Dissector::new(), Memory::default(), Vec::with_capacity(4096));
    let mut segment = SEGMENT.to_vec();
    let mut turn = 0_u32;
    bencher.bench_local(|| {
        out.clear();
        turn = (turn + 1) % 100_000;
        let [_, a, b, c] = turn.to_be_bytes();
        (segment[29], segment[34], segment[35]) = (a, b, c);
        let packet = dissector.dissect(1, black_box(&segment), segment.len());
        line::write(&packet, Style::default(), &mut memory, &mut Numeric, &mut out);
        out.len()
    });
}
