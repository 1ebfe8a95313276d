//! What is true of every protocol and of all bytes.

use std::sync::OnceLock;

use jackfield_wire::line;
use jackfield_wire::owned::{self, Stored};
use jackfield_wire::stack::{self, Id};
use jackfield_wire::{Dissector, Field, Packet, Rule, Value, Verdict, Visit};
use proptest::prelude::*;

/// An IPv4 packet in an Ethernet frame: a SYN with options.
const SYN: &[u8] = &[
    2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, // Ethernet
    0x45, 0x10, 0x00, 0x3c, 0x1b, 0x68, 0x40, 0x00, 0x40, 0x06, 0x21, 0x42, 127, 0, 0, 1, 127, 0, 0,
    1, // IPv4
    0x8d, 0xcc, 0x00, 0x50, 0x5a, 0x1f, 0x10, 0x2a, 0, 0, 0, 0, 0xa0, 0x02, 0x80, 0x18, 0x6c, 0xde, 0,
    0, // TCP
    2, 4, 0x40, 0x0c, 4, 2, 8, 10, 0, 0x42, 0x2a, 0x0c, 0, 0, 0, 0, 1, 3, 3, 2, // its options
];

/// A question for a name in a datagram.
const QUERY: &[u8] = &[
    0x45, 0x00, 0x00, 0x3a, 0x00, 0x01, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 127, 0, 0, 1, 127, 0, 0,
    2, // IPv4
    0x04, 0xd2, 0x00, 0x35, 0x00, 0x26, 0x00, 0x00, // UDP
    0x59, 0x34, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, // DNS
    7, b'e', b'x', b'a', b'm', b'p', b'l', b'e', 4, b't', b'e', b's', b't', 0, 0, 1, 0, 1,
];

const ETHERNET: u32 = 1;
const RAW: u32 = 228;

static SAMPLES: OnceLock<Vec<(u32, Vec<u8>, String)>> = OnceLock::new();

/// Reads the packets of `tests/samples`: one a line, `LINKTYPE HEX  # what it is`.
fn samples() -> Vec<(u32, Vec<u8>, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples");
    let Ok(files) = std::fs::read_dir(folder) else { panic!("no folder {folder}") };
    let mut files: Vec<_> = files.flatten().map(|file| file.path()).collect();
    files.sort();
    let texts: Vec<_> = files.iter().flat_map(std::fs::read_to_string).collect();
    let sample = |line: &str| -> Option<_> {
        let (packet, what) = line.split_once("  # ")?;
        let (link_type, hex) = packet.split_once(' ')?;
        let byte = |at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
        Some((link_type.parse().ok()?, bytes?, what.to_owned()))
    };
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|line| sample(line).unwrap_or_else(|| panic!("no sample: {line}"))).collect()
}

fn rebuilt(link_type: u32, bytes: &[u8]) -> Vec<u8> {
    let mut dissector = Dissector::new();
    owned::Packet::read(&dissector.dissect(link_type, bytes, bytes.len())).build()
}

fn ids(packet: &Packet<'_>) -> Vec<Id> {
    packet.layers.iter().map(|layer| layer.id).collect()
}

#[test]
fn layers_are_found() {
    let mut dissector = Dissector::new();
    assert_eq!(ids(&dissector.dissect(ETHERNET, SYN, SYN.len())), [Id::Ethernet, Id::Ipv4, Id::Tcp]);
    let query = dissector.dissect(RAW, QUERY, QUERY.len());
    assert_eq!(ids(&query), [Id::RawIp, Id::Ipv4, Id::Udp, Id::Dns]);
    let cut = dissector.dissect(ETHERNET, &SYN[..40], SYN.len());
    assert_eq!(ids(&cut), [Id::Ethernet, Id::Ipv4, Id::Tcp]);
    assert!(
        matches!(cut.layers[2].status, jackfield_wire::Status::Truncated(fault) if fault.need == 20 && fault.have == 6)
    );
}

#[test]
fn what_is_read_is_built() {
    assert_eq!(rebuilt(ETHERNET, SYN), SYN);
    assert_eq!(rebuilt(RAW, QUERY), QUERY);
}

#[test]
fn what_is_computed_is_what_was_sent() {
    let mut dissector = Dissector::new();
    let mut packet = owned::Packet::read(&dissector.dissect(ETHERNET, SYN, SYN.len()));
    for layer in &mut packet.layers {
        layer.unset_computed();
    }
    assert_eq!(packet.build(), SYN);
}

#[test]
fn samples_are_built_as_they_were_sent() {
    let mut dissector = Dissector::new();
    for (link_type, bytes, what) in samples() {
        let mut packet = owned::Packet::read(&dissector.dissect(link_type, &bytes, bytes.len()));
        assert_eq!(packet.build(), bytes, "{what}");
        packet.layers.iter_mut().for_each(owned::Layer::unset_computed);
        assert_eq!(packet.build(), bytes, "computed: {what}");
    }
}

#[test]
fn checksums_are_judged() {
    let mut dissector = Dissector::new();
    let verdicts = |bytes: &[u8], wire_len, dissector: &mut Dissector| -> Vec<_> {
        let packet = dissector.dissect(ETHERNET, bytes, wire_len);
        (0..packet.layers.len())
            .map(|index| packet.check(index).map(|check| (check.should, check.verdict)))
            .collect()
    };
    let good = [None, Some((0x2142, Verdict::Good)), Some((0x6cde, Verdict::Good))];
    assert_eq!(verdicts(SYN, SYN.len(), &mut dissector), good);
    let mut bad = SYN.to_vec();
    bad[50] ^= 1;
    assert_eq!(verdicts(&bad, SYN.len(), &mut dissector)[2], Some((0x6cde, Verdict::Bad)));
    // 127.0.0.1 twice, protocol 6, length 40: what a card is left to finish.
    bad[50..52].copy_from_slice(&0xfe30_u16.to_be_bytes());
    assert_eq!(verdicts(&bad, SYN.len(), &mut dissector)[2], Some((0x6cde, Verdict::Partial)));
    assert_eq!(
        verdicts(&SYN[..70], SYN.len(), &mut dissector)[2],
        None,
        "what is cut off cannot be summed up"
    );
}

#[test]
fn a_field_is_set_and_set_back() {
    let mut dissector = Dissector::new();
    let before = owned::Packet::read(&dissector.dissect(ETHERNET, SYN, SYN.len()));
    for (index, layer) in before.layers.iter().enumerate() {
        for field in layer.id.protocol().fields {
            let Some(Stored::Uint(value)) = layer.get(field.name) else { continue };
            let mut packet = before.clone();
            assert!(packet.layers[index].set(field.name, Stored::Uint(value ^ 1)), "{}", field.name);
            assert_ne!(packet.build(), SYN, "{}", field.name);
            assert_eq!(packet.layers[index].get(field.name), Some(Stored::Uint(value ^ 1)));
            assert!(packet.layers[index].set(field.name, Stored::Uint(value)));
            assert_eq!(packet, before);
        }
    }
}

#[test]
fn a_packet_is_made_of_layers() {
    let mut tcp = owned::Layer::new(Id::Tcp);
    let row = Id::Tcp.protocol().options.iter().find(|row| row.record.name == "MSS").unwrap();
    tcp.push_option(row);
    assert!(tcp.set("dport", Stored::Uint(81)));
    let packet = owned::Packet::default()
        .with(owned::Layer::new(Id::Ethernet))
        .with(owned::Layer::new(Id::Ipv4))
        .with(tcp)
        .with(owned::Layer::raw(b"hello"));
    let bytes = packet.build();
    let mut dissector = Dissector::new();
    let read = dissector.dissect(ETHERNET, &bytes, bytes.len());
    assert_eq!(ids(&read), [Id::Ethernet, Id::Ipv4, Id::Tcp, Id::Raw]);
    assert_eq!(bytes[14], 0x45);
    assert_eq!(&bytes[16..18], &49_u16.to_be_bytes());
    assert_eq!(&bytes[54..58], [2, 4, 0x05, 0xb4]);
}

/// Sees to it that stored fields tile a layer.
struct Tiles {
    at: usize,
}

impl<'a> Visit<'a> for Tiles {
    fn field(&mut self, field: &'static Field, bits: core::ops::Range<usize>, _value: Value<'a>) {
        if field.is_stored() {
            assert_eq!(bits.start, self.at, "{} {}", field.name, field.path);
            self.at = bits.end;
        } else if field.rule == Rule::Part {
            assert!(bits.end <= self.at, "{}", field.path);
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_built(
        bytes in proptest::collection::vec(any::<u8>(), 0..200), link_type in prop::sample::select(vec![ETHERNET, 101, 113, RAW, 276]),
    ) {
        prop_assert_eq!(rebuilt(link_type, &bytes), bytes);
    }

    #[test]
    fn broken_packets_are_read_and_built(
        which: bool, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6), cut in 0usize..100,
    ) {
        let (link_type, whole) = if which { (ETHERNET, SYN) } else { (RAW, QUERY) };
        let mut bytes = whole.to_vec();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(cut);
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(link_type, &bytes, whole.len());
        let mut tiles = Tiles { at: 0 };
        for (index, layer) in packet.layers.iter().enumerate() {
            prop_assert_eq!(tiles.at, layer.start * 8);
            packet.walk(index, &mut tiles);
        }
        prop_assert_eq!(tiles.at, bytes.len() * 8);
        prop_assert_eq!(owned::Packet::read(&packet).build(), bytes);
    }
}

proptest! {
    #[test]
    fn broken_samples_are_read_and_built(
        which: prop::sample::Index, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(), is_cut: bool,
    ) {
        let samples = SAMPLES.get_or_init(samples);
        let (link_type, whole, _) = &samples[which.index(samples.len())];
        let mut bytes = whole.clone();
        for (index, value) in changes {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let mut dissector = Dissector::new();
        let packet = dissector.dissect(*link_type, &bytes, whole.len());
        let mut tiles = Tiles { at: 0 };
        for (index, layer) in packet.layers.iter().enumerate() {
            prop_assert_eq!(tiles.at, layer.start * 8);
            packet.walk(index, &mut tiles);
        }
        prop_assert_eq!(tiles.at, bytes.len() * 8);
        prop_assert_eq!(&owned::Packet::read(&packet).build(), &bytes);
        let mut lines = Vec::new();
        for (verbose, own) in [(0, false), (1, false), (3, false), (0, true), (3, true)] {
            let style = line::Style { verbose, own, ..line::Style::default() };
            line::write(&packet, style, &mut line::Memory::default(), &mut line::Numeric, &mut lines);
        }
    }
}

#[test]
fn stored_rows_tile_the_header_and_are_documented() {
    for id in Id::ALL {
        let protocol = id.protocol();
        let mut at = 0;
        for field in protocol.fields.iter().filter(|field| field.is_stored()) {
            assert_eq!(field.from, at, "{}.{}", protocol.name, field.name);
            at = field.to;
        }
        for field in protocol.fields.iter().chain(protocol.more.iter().copied().flatten()) {
            assert!(
                field.doc.contains(':') && field.doc.ends_with('.') && !field.title().is_empty(),
                "{}",
                field.path
            );
        }
    }
}

#[test]
fn names_are_found_and_numbers_lead_there() {
    for id in Id::ALL {
        assert_eq!(stack::named(id.protocol().name), Some(*id));
        assert_eq!(stack::named(id.protocol().scapy), Some(*id));
    }
    assert_eq!(stack::number_of(jackfield_wire::Space::EtherType, Id::Ipv4), Some(0x0800));
}
