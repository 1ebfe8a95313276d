//! What must be true of any bytes read as a capture file: the hook of the fuzz target and of a property test.

use std::io::sink;

use crate::block::Block;
use crate::content::Content;
use crate::ng_writer::PcapNgWriter;
use crate::order::{ByteOrder, count};
use crate::pcap_writer::PcapWriter;
use crate::reader::{Format, Reader};

/// Reads bytes as a capture file to its end, in every way that there is, and writes what was read.
///
/// # Panics
/// When a copy does not read as the file did, there is more than one error, a packet is longer than the file, or words for
/// what is wrong are.
pub fn check_pcap(bytes: &[u8]) {
    for open in [Reader::new, Reader::guessing, Reader::as_libpcap] {
        match open(bytes) {
            Ok(reader) => to_the_end(reader, bytes),
            Err(error) => assert!(error.to_string().len() < 512),
        }
    }
    let Ok(reader) = Reader::new(bytes) else { return };
    match reader.format() {
        Format::Pcap(_) => records(reader),
        Format::PcapNg => blocks(reader, bytes),
    }
}

/// Reads every packet, and asks what can be asked of it.
fn to_the_end(mut reader: Reader<&[u8]>, bytes: &[u8]) {
    let packed = reader.compression().is_some();
    let error = loop {
        match reader.next_packet() {
            Ok(Some(packet)) => {
                assert!(packed || packet.data.len() <= bytes.len());
                let time = packet.timestamp.unwrap_or_default();
                let _ = (time.nanoseconds(), time.seconds_and_nanoseconds());
                assert!(packed || packet.options.iter().count() <= bytes.len());
            }
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    if let Some(error) = error {
        let words = error.libpcap().unwrap_or_default();
        assert!(error.to_string().len() + words.len() < 1024, "{error} {words}");
    }
    assert!(matches!(reader.next_packet(), Ok(None)), "there is one error and no more");
    assert!(packed || reader.offset() <= count(bytes.len()));
}

/// Copies a pcap file, and reads the copy beside it.
fn records(mut reader: Reader<&[u8]>) {
    let Format::Pcap(header) = reader.format() else { return };
    let Ok(mut writer) = PcapWriter::new(Vec::new(), header) else { return };
    let mut packets = Vec::new();
    while let Ok(Some(packet)) = reader.next_packet() {
        assert!(writer.copy(&packet).is_ok(), "what was read can be written");
        let (data, extra) = (packet.data.to_vec(), packet.extra.to_vec());
        packets.push((packet.timestamp, packet.original_length, data, extra));
    }
    let copy = writer.finish().unwrap_or_default();
    let Ok(mut reader) = Reader::new(&copy[..]) else { panic!("what was written can be read") };
    for (time, length, data, extra) in packets {
        let Ok(Some(packet)) = reader.next_packet() else { panic!("a packet is missing") };
        assert_eq!((packet.timestamp, packet.original_length), (time, length));
        assert_eq!((packet.data, packet.extra), (&data[..], &extra[..]));
    }
    assert!(matches!(reader.next_packet(), Ok(None)), "there is more than was written");
}

/// Copies a pcapng file to the byte, and once more into the other byte order.
fn blocks(mut reader: Reader<&[u8]>, bytes: &[u8]) {
    let (mut copy, mut turned) = (PcapNgWriter::new(Vec::new()), PcapNgWriter::new(Vec::new()));
    while let Ok(Some(block)) = reader.next_block() {
        assert!(copy.copy(&block).is_ok(), "what was read can be copied");
        assert!(turn(&block, &mut turned), "what was read can be written");
    }
    let copy = copy.finish().unwrap_or_default();
    if reader.compression().is_none() {
        assert!(bytes.starts_with(&copy), "blocks are copied to the byte");
    }
    let turned = turned.finish().unwrap_or_default();
    if let Ok(reader) = Reader::new(&turned[..]) {
        to_the_end(reader, &turned);
    }
    let Ok(mut reader) = Reader::new(&turned[..]) else { return };
    let mut again = PcapNgWriter::new(sink());
    loop {
        match reader.next_block() {
            Ok(Some(block)) => assert!(again.copy(&block).is_ok(), "what was written can be copied"),
            Ok(None) => return,
            Err(error) => panic!("what was written is broken: {error}"),
        }
    }
}

/// Writes what a block says in the other byte order; returns whether that went well.
fn turn(block: &Block<'_>, to: &mut PcapNgWriter<Vec<u8>>) -> bool {
    let other = match block.order {
        ByteOrder::Little => ByteOrder::Big,
        ByteOrder::Big => ByteOrder::Little,
    };
    match block.content() {
        Ok(Content::SectionHeader(header)) => to.section(other, &header).is_ok(),
        Ok(content) => to.content(&content).is_ok(),
        // It says that it holds more than it does, so nobody can write it.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A section, an interface in nanoseconds and a packet with a comment, all in network order.
    const FILE: &[u8] = b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c\
        \0\0\0\x01\0\0\0\x20\0\x01\0\0\0\0\0\0\0\x09\0\x01\x09\0\0\0\0\0\0\0\0\0\0\x20\
        \0\0\0\x06\0\0\0\x2c\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\x02\0\0\0\x02hi\0\0\0\x01\0\x01!\0\0\0\0\0\0\x2c";

    #[test]
    fn the_seed_is_a_capture() {
        let mut reader = Reader::new(FILE).unwrap();
        let packet = reader.next_packet().unwrap().unwrap();
        assert_eq!((packet.data, packet.options.comments().next()), (&b"hi"[..], Some(&b"!"[..])));
        assert!(reader.next_packet().unwrap().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            check_pcap(&bytes);
        }

        #[test]
        fn a_capture_that_was_changed_can_be_read(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = FILE.to_vec();
            for (at, byte) in changes {
                *at.get_mut(&mut bytes) = byte;
            }
            bytes.truncate(FILE.len() / 2 + end.index(FILE.len() / 2 + 1));
            check_pcap(&bytes);
        }
    }
}
