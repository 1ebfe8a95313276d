//! Broken files: every packet before the break, then what tcpdump says, word for word.
//!
//! tcpdump itself is asked about each file, so the words written down here are its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code: a panic is a failure"
)]

mod common;

use std::io::Write;

use common::{block, epb, header, idb, record, shb, words};
use jackfield_pcap::{ByteOrder, Error, LinkType, Reader};

const L: ByteOrder = ByteOrder::Little;
const B: ByteOrder = ByteOrder::Big;
const USUAL: u32 = 0xa1b2_c3d4;
/// A frame of 60 bytes that no protocol knows.
const FRAME: [u8; 60] = [0x88; 60];

/// Reads all packets as tcpdump does, which wants to know an interface first; returns how many and what went wrong.
fn read(bytes: &[u8]) -> (usize, bool, Option<Error>) {
    let opened = Reader::as_libpcap(bytes).and_then(|mut reader| reader.first_interface().map(|_| reader));
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(error) => return (0, false, Some(error)),
    };
    let mut packets = 0;
    loop {
        match reader.next_packet() {
            Ok(Some(_)) => packets += 1,
            Ok(None) => return (packets, true, None),
            Err(error) => {
                // One error, and then nothing more.
                assert!(matches!(reader.next_packet(), Ok(None)), "{error}");
                return (packets, true, Some(error));
            }
        }
    }
}

fn pcap(parts: &[Vec<u8>]) -> Vec<u8> {
    [vec![header(USUAL, 65535, 1, L)], parts.to_vec()].concat().concat()
}

fn pcapng(parts: &[Vec<u8>]) -> Vec<u8> {
    [vec![shb(L), idb(&[], L)], parts.to_vec()].concat().concat()
}

fn cut(bytes: &[u8], end: usize) -> Vec<u8> {
    bytes[..end].to_vec()
}

/// Puts other bytes into a copy.
fn with(bytes: &[u8], at: usize, patch: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + patch.len()].copy_from_slice(patch);
    bytes
}

fn broken_files() -> Vec<(&'static str, Vec<u8>)> {
    let one = record(1, 2, &FRAME, L);
    let packet = epb(0, 2, &FRAME, L);
    let long = vec![0; 262_145];
    vec![
        ("nothing", Vec::new()),
        ("three bytes", cut(&pcap(&[]), 3)),
        ("another format", b"GIF89a and the rest of it, which is no capture".to_vec()),
        ("a header cut short", cut(&pcap(&[]), 10)),
        ("a header cut shorter", cut(&pcap(&[]), 23)),
        ("no packets", pcap(&[])),
        ("a record's header cut short", pcap(&[one.clone(), cut(&one, 4)])),
        ("a record cut short", pcap(&[one.clone(), cut(&one, 36)])),
        ("a record without data", pcap(&[cut(&one, 16)])),
        (
            "the other byte order",
            [header(USUAL, 65535, 1, B), record(1, 2, &FRAME, B), cut(&one, 5)].concat(),
        ),
        ("version 1.0", with(&pcap(&[]), 4, &[1, 0, 0, 0])),
        ("version 2.5", with(&pcap(&[]), 4, &[2, 0, 5, 0])),
        ("version 3.4", with(&pcap(&[]), 4, &[3, 0, 4, 0])),
        ("a packet too long", pcap(&[one.clone(), record(1, 2, &long, L)])),
        ("a packet that claims 4 GiB", pcap(&[one.clone(), with(&one, 8, &[0xff; 4])])),
        ("a packet longer than the snapshot length, cut short", {
            cut(&[header(USUAL, 50, 1, L), one.clone()].concat(), 24 + 16 + 30)
        }),
        ("no snapshot length, a packet too long", [header(USUAL, 0, 1, L), record(1, 2, &long, L)].concat()),
        ("Kuznetzov's header cut short", {
            [header(0xa1b2_cd34, 65535, 1, L), cut(&one, 16), vec![0; 4]].concat()
        }),
        ("half a section header", cut(&shb(L), 20)),
        ("a third of a section header", cut(&shb(L), 10)),
        ("no byte order", with(&shb(L), 8, &[1, 2, 3, 4])),
        ("a section header of 8 bytes", with(&shb(L), 4, &[8, 0, 0, 0])),
        ("a section header of 2 GiB", with(&shb(L), 4, &[0xfc, 0xff, 0xff, 0x7f])),
        ("version 2.0 of pcapng", with(&shb(L), 12, &[2, 0])),
        ("version 1.1 of pcapng", with(&shb(L), 14, &[1, 0])),
        ("a packet before any interface", [shb(L), packet.clone()].concat()),
        ("a packet of another interface", pcapng(&[packet.clone(), epb(1, 2, &FRAME, L)])),
        ("a block's header cut short", pcapng(&[packet.clone(), cut(&packet, 4)])),
        ("a block cut short", pcapng(&[packet.clone(), cut(&packet, 40)])),
        ("a block without its last bytes", pcapng(&[packet.clone(), cut(&packet, packet.len() - 2)])),
        ("a block of 8 bytes", pcapng(&[packet.clone(), with(&packet, 4, &[8, 0, 0, 0])])),
        ("a block of 93 bytes", pcapng(&[packet.clone(), with(&packet, 4, &[93, 0, 0, 0])])),
        ("a block that ends early", pcapng(&[packet.clone(), with(&packet, 4, &[16, 0, 0, 0])])),
        ("a block of 2 GiB", pcapng(&[packet.clone(), with(&packet, 4, &[0xfc, 0xff, 0xff, 0x7f])])),
        ("two lengths", pcapng(&[packet.clone(), with(&packet, packet.len() - 4, &[9])])),
        ("a packet longer than its block", pcapng(&[packet.clone(), with(&packet, 20, &[64, 0, 0, 0])])),
        ("a packet of 4 GiB", pcapng(&[packet.clone(), with(&packet, 20, &[0xff; 4])])),
        ("a packet of 262,145 bytes", pcapng(&[packet.clone(), epb(0, 2, &long, L)])),
        ("an interface too short", [shb(L), block(1, &[0; 4], L)].concat()),
        ("an option longer than its block", [shb(L), idb(&words(L, &[0x00c8_0009, 9]), L)].concat()),
        ("a packet's block too short", pcapng(&[packet.clone(), block(6, &[0; 8], L)])),
        ("zeros at the end", pcapng(&[packet.clone(), vec![0; 20]])),
        ("a section without interfaces", pcapng(&[packet.clone(), shb(L), packet.clone()])),
        ("two link types", [shb(L), idb(&[], L), with(&idb(&[], L), 8, &[101]), packet.clone()].concat()),
        ("two link types, late", pcapng(&[packet.clone(), with(&idb(&[], L), 8, &[101]), packet.clone()])),
        ("two snapshot lengths", pcapng(&[packet.clone(), with(&idb(&[], L), 12, &[50, 0]), packet.clone()])),
        ("a packet longer than the snapshot length", {
            [shb(L), with(&idb(&[], L), 12, &[50, 0]), packet.clone()].concat()
        }),
        ("a block of 17 MiB", pcapng(&[packet.clone(), block(6, &vec![0; 17 << 20], L)])),
        ("two byte orders", pcapng(&[packet.clone(), shb(B), idb(&[], B), epb(0, 2, &FRAME, B)])),
        ("ticks too short", [shb(L), idb(&words(L, &[0x0001_0009, 20]), L)].concat()),
        ("ticks too short by twos", [shb(L), idb(&words(L, &[0x0001_0009, 0xc0]), L)].concat()),
        ("ticks of two bytes", [shb(L), idb(&words(L, &[0x0002_0009, 9]), L)].concat()),
        ("ticks twice", [shb(L), idb(&words(L, &[0x0001_0009, 9, 0x0001_0009, 9]), L)].concat()),
        ("an offset of four bytes", [shb(L), idb(&words(L, &[0x0004_000e, 9]), L)].concat()),
        ("an offset twice", [shb(L), idb(&words(L, &[0x0008_000e, 9, 0, 0x0008_000e, 9, 0]), L)].concat()),
    ]
}

#[test]
fn broken_files_give_their_packets_and_tcpdumps_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken");
    let mut differ = Vec::new();
    for (name, bytes) in broken_files() {
        let (packets, opened, error) = read(&bytes);
        std::fs::File::create(&path).unwrap().write_all(&bytes).unwrap();
        let Some(output) = common::run("tcpdump", &["-n", "-q", "-t", "-r"], &path) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = stderr.lines().find_map(|line| line.strip_prefix("tcpdump: ")).map(str::to_owned);
        let ours = error.as_ref().map(|error| {
            let words = error.libpcap().unwrap_or_else(|| format!("(no words for {error})"));
            if opened { format!("pcap_loop: {words}") } else { words }
        });
        let lines = output.stdout.iter().filter(|byte| **byte == b'\n').count();
        if (ours.as_deref(), packets) != (said.as_deref(), lines) {
            differ.push(format!("{name}:\n  tcpdump {lines} {said:?}\n  ours    {packets} {ours:?}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn an_error_says_where_and_what() {
    let one = record(1, 2, &FRAME, L);
    let (packets, _, error) = read(&pcap(&[one.clone(), cut(&one, 36)]));
    assert_eq!(packets, 1);
    assert_eq!(
        error.unwrap().to_string(),
        "offset 100: the file ends in a packet: 60 bytes belong to it, 20 are there"
    );
    let packet = epb(0, 2, &FRAME, L);
    let (packets, _, error) = read(&pcapng(&[packet.clone(), with(&packet, 4, &[93, 0, 0, 0])]));
    assert_eq!(packets, 1);
    assert_eq!(
        error.unwrap().to_string(),
        "offset 140: Enhanced Packet Block of 93 bytes: a multiple of 4 was expected"
    );
}

#[test]
fn link_types_have_tcpdumps_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("linktype");
    for number in (0..300).chain([1000, 65535, 0x0300_0001]) {
        std::fs::write(&path, header(USUAL, 65535, number, L)).unwrap();
        let Some(output) = common::run("tcpdump", &["-r"], &path) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let said =
            stderr.split_once("link-type ").and_then(|(_, rest)| rest.split_once(", snapshot")).unwrap().0;
        assert_eq!(LinkType(number).to_string(), said);
    }
}
