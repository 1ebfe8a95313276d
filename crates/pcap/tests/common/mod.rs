//! What the tests share: captures made here, and what they have in common with those of `capture`.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unused_imports, reason = "likewise")]

mod beside;

use jackfield_pcap::ByteOrder;

pub(crate) use beside::{captures, files, run, skipped};

/// Returns the bytes of numbers in a byte order.
pub(crate) fn words(order: ByteOrder, numbers: &[u32]) -> Vec<u8> {
    let bytes = |number: &u32| match order {
        ByteOrder::Little => number.to_le_bytes(),
        ByteOrder::Big => number.to_be_bytes(),
    };
    numbers.iter().flat_map(bytes).collect()
}

/// Returns the header of a pcap file of version 2.4.
pub(crate) fn header(magic: u32, snaplen: u32, network: u32, order: ByteOrder) -> Vec<u8> {
    let version = if order == ByteOrder::Little { 0x0004_0002 } else { 0x0002_0004 };
    words(order, &[magic, version, 0, 0, snaplen, network])
}

/// Returns a record of a pcap file.
pub(crate) fn record(seconds: u32, fraction: u32, data: &[u8], order: ByteOrder) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let mut bytes = words(order, &[seconds, fraction, length, length]);
    bytes.extend_from_slice(data);
    bytes
}

/// Returns a block of pcapng around a body of a multiple of four bytes.
pub(crate) fn block(kind: u32, body: &[u8], order: ByteOrder) -> Vec<u8> {
    let length = u32::try_from(body.len() + 12).unwrap();
    [words(order, &[kind, length]), body.to_vec(), words(order, &[length])].concat()
}

/// Returns a Section Header Block.
pub(crate) fn shb(order: ByteOrder) -> Vec<u8> {
    let version = if order == ByteOrder::Little { 1 } else { 0x0001_0000 };
    block(0x0a0d_0d0a, &words(order, &[0x1a2b_3c4d, version, u32::MAX, u32::MAX]), order)
}

/// Returns an Interface Description Block of Ethernet.
pub(crate) fn idb(options: &[u8], order: ByteOrder) -> Vec<u8> {
    let linktype = if order == ByteOrder::Little { 1 } else { 0x0001_0000 };
    block(1, &[words(order, &[linktype, 65535]), options.to_vec()].concat(), order)
}

/// Returns an Enhanced Packet Block.
pub(crate) fn epb(interface: u32, ticks: u32, data: &[u8], order: ByteOrder) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let mut body = words(order, &[interface, 0, ticks, length, length]);
    body.extend_from_slice(data);
    body.resize(body.len().next_multiple_of(4), 0);
    block(6, &body, order)
}
