//! Writes a capture of mixed traffic, the same on every machine: what the races of reading read.
//!
//! ```text
//! cargo run --release -p jackfield-capture --example mixed -- MIB > mixed.pcap
//! ```
//!
//! Of a hundred packets some sixty are segments of TCP transfers, half of them full and half acknowledgments; the others are
//! short segments, connections that begin, DNS, other datagrams, IPv6 and ARP. All are built from their layers.

#![expect(clippy::print_stderr, reason = "a program of its own, which says how much there is")]

use std::io::{BufWriter, Write};

use pcap::{Header, LinkType, PcapWriter, Resolution, Timestamp};
use wire::Id;
use wire::owned::{Layer, Packet, Stored};

/// A generator of numbers: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        let Self(state) = self;
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state % most
    }
}

/// A connection, and how far it has come.
#[derive(Clone, Copy)]
struct Flow {
    client: u64,
    port: u64,
    seq: u64,
    ack: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let size: u64 = std::env::args().nth(1).map_or(Ok(64), |text| text.parse())?;
    let header = Header::new(LinkType::EN10MB, Resolution::MICROSECONDS);
    let mut writer = PcapWriter::with_buffer(BufWriter::new(std::io::stdout().lock()), &header, 1 << 20)?;
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut flows = [Flow { client: 1, port: 40_000, seq: 1, ack: 1 }; 64];
    let (mut packets, mut microseconds) = (0_u64, 0_u64);
    while writer.offset() < size << 20 {
        microseconds += random.below(40);
        let time = Timestamp::new(
            i64::try_from(1_700_000_000 + microseconds / 1_000_000)?,
            u32::try_from(microseconds % 1_000_000)? * 1000,
        );
        let kind = random.below(100);
        let index = usize::try_from(random.below(64))?;
        let Some(flow) = flows.get_mut(index) else { continue };
        let bytes = match kind {
            0..10 => {
                *flow = Flow {
                    client: random.below(200) + 1,
                    port: random.below(28_000) + 32_768,
                    seq: random.below(1 << 32),
                    ack: random.below(1 << 32),
                };
                tcp(flow, true, 0x02, b"", kind == 0)
            }
            10..40 => tcp(flow, false, 0x10, &[b'x'; 1448], false),
            40..68 => tcp(flow, true, 0x10, b"", false),
            68..80 => tcp(flow, false, 0x18, b"<presence from='a@example.org'/>", kind == 68),
            80..92 => dns(&mut random),
            92..98 => udp(&mut random, 5004, 172),
            _ => arp(&mut random),
        };
        writer.packet(time, u32::try_from(bytes.len())?, &bytes)?;
        packets += 1;
    }
    let bytes = writer.offset();
    writer.finish()?.flush()?;
    eprintln!("{packets} packets, {bytes} bytes");
    Ok(())
}

/// Makes a layer with some of its fields set.
fn layer(id: Id, fields: &[(&str, u64)]) -> Layer {
    let mut layer = Layer::new(id);
    for (name, value) in fields {
        layer.set(name, Stored::Uint(*value));
    }
    layer
}

fn ethernet() -> Layer {
    let mut layer = Layer::new(Id::Ethernet);
    layer.set("dst", Stored::Bytes(vec![2, 0, 0, 0, 0, 1]));
    layer.set("src", Stored::Bytes(vec![2, 0, 0, 0, 0, 2]));
    layer
}

/// An IPv4 header from one host of 10.1.0.0/16 to another.
fn ipv4(from: u64, to: u64) -> Layer {
    let mut layer = layer(Id::Ipv4, &[("flags", 2)]);
    let address = |host: u64| vec![10, 1, 0, u8::try_from(host).unwrap_or(0)];
    layer.set("src", Stored::Bytes(address(from)));
    layer.set("dst", Stored::Bytes(address(to)));
    layer
}

fn ipv6(from: u64, to: u64) -> Layer {
    let mut layer = Layer::new(Id::Ipv6);
    let address = |host: u64| {
        let mut bytes = vec![0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bytes.push(u8::try_from(host).unwrap_or(0));
        bytes
    };
    layer.set("src", Stored::Bytes(address(from)));
    layer.set("dst", Stored::Bytes(address(to)));
    layer
}

/// A segment of a flow, from the client or from port 5222 of the server.
fn tcp(flow: &mut Flow, from_client: bool, flags: u64, data: &[u8], is_ipv6: bool) -> Vec<u8> {
    const SERVER: u64 = 250;
    let (from, to) = if from_client { (flow.client, SERVER) } else { (SERVER, flow.client) };
    let (sport, dport) = if from_client { (flow.port, 5222) } else { (5222, flow.port) };
    let (seq, ack) = if from_client { (flow.seq, flow.ack) } else { (flow.ack, flow.seq) };
    let mut segment = layer(
        Id::Tcp,
        &[("sport", sport), ("dport", dport), ("seq", seq), ("flags", flags), ("window", 501)],
    );
    if flags == 0x02 {
        flow.seq = (flow.seq + 1) & 0xffff_ffff;
        for name in ["MSS", "SAckOK", "Timestamp", "NOP", "WScale"] {
            Id::Tcp
                .protocol()
                .options
                .iter()
                .filter(|row| row.record.name == name)
                .for_each(|row| segment.push_option(row));
        }
    } else {
        segment.set("ack", Stored::Uint(ack));
        for name in ["NOP", "NOP", "Timestamp"] {
            Id::Tcp
                .protocol()
                .options
                .iter()
                .filter(|row| row.record.name == name)
                .for_each(|row| segment.push_option(row));
        }
        flow.ack = (flow.ack + u64::try_from(data.len()).unwrap_or(0)) & 0xffff_ffff;
    }
    let network = if is_ipv6 { ipv6(from, to) } else { ipv4(from, to) };
    let packet = Packet::default().with(ethernet()).with(network).with(segment);
    if data.is_empty() { packet.build() } else { packet.with(Layer::raw(data)).build() }
}

/// A question for a name, or its answer.
fn dns(random: &mut Random) -> Vec<u8> {
    let (client, number) = (random.below(200) + 1, random.below(1000));
    let is_answer = random.below(2) == 1;
    let mut message = vec![0, 7, if is_answer { 0x81 } else { 1 }, if is_answer { 0x80 } else { 0 }, 0, 1, 0];
    message.extend_from_slice(&[u8::from(is_answer), 0, 0, 0, 0]);
    message.extend_from_slice(format!("\x07host{number:03}\x07example\x03org\0").as_bytes());
    message.extend_from_slice(&[0, 1, 0, 1]);
    if is_answer {
        message.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1]);
    }
    let port = random.below(28_000) + 32_768;
    let (from, to) = if is_answer { (250, client) } else { (client, 250) };
    let (sport, dport) = if is_answer { (53, port) } else { (port, 53) };
    let datagram = layer(Id::Udp, &[("sport", sport), ("dport", dport)]);
    Packet::default().with(ethernet()).with(ipv4(from, to)).with(datagram).with(Layer::raw(&message)).build()
}

/// A datagram of so many bytes.
fn udp(random: &mut Random, port: u64, len: usize) -> Vec<u8> {
    let datagram = layer(Id::Udp, &[("sport", random.below(10_000) + 50_000), ("dport", port)]);
    let network = ipv4(random.below(200) + 1, 250);
    Packet::default().with(ethernet()).with(network).with(datagram).with(Layer::raw(&vec![0x80; len])).build()
}

/// A question for an Ethernet address.
fn arp(random: &mut Random) -> Vec<u8> {
    let host = |random: &mut Random| u8::try_from(random.below(200) + 1).unwrap_or(1);
    let mut frame = vec![0xff; 6];
    frame.extend_from_slice(&[2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 1, 0]);
    frame.push(host(random));
    frame.extend_from_slice(&[0, 0, 0, 0, 0, 0, 10, 1, 0]);
    frame.push(host(random));
    frame.resize(60, 0);
    frame
}
