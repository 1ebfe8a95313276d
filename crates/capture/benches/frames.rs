//! What frames cost in each form, and what they allocate, which is no more than reading alone does: a hundred of them, SYNs with
//! options and datagrams with a DNS question in turns. `cargo bench -p jackfield-capture`; items are frames.

#![allow(missing_docs, reason = "a bench is no library, and reads bytes of its own")]
#![expect(clippy::unwrap_used, reason = "likewise")]

use core::hint::black_box;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use jackfield_capture::file::{
    Format, Frame, Json, Merge, Precision, Render, Stamp, Table, Text, Tree, Zone,
};
use pcap::{Header, LinkType, PcapWriter, Reader, Resolution, Timestamp};
use wire::line::Style;

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

const FRAMES: usize = 100;

/// Ethernet, IPv4, and a SYN with options.
const SYN: &[u8] = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0\x45\x10\0\x3c\x1b\x68\x40\0\x40\x06\x21\x42\x7f\0\0\x01\
    \x7f\0\0\x01\x8d\xcc\0\x50\x5a\x1f\x10\x2a\0\0\0\0\xa0\x02\x80\x18\x6c\xde\0\0\x02\x04\x40\x0c\x04\x02\x08\x0a\
    \0\x42\x2a\x0c\0\0\0\0\x01\x03\x03\x02";

/// Ethernet, IPv4, UDP, and a question for an address.
const DNS: &[u8] =
    b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\x45\0\0\x3d\0\x01\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02\
    \x9c\x40\0\x35\0\x29\0\0\0\x01\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\x03com\0\0\x01\0\x01";

fn main() {
    divan::main();
}

fn capture() -> Vec<u8> {
    let header = Header::new(LinkType::EN10MB, Resolution::MICROSECONDS);
    let mut writer = PcapWriter::new(Vec::new(), &header).unwrap();
    for (second, data) in (0..).zip([SYN, DNS].into_iter().cycle().take(FRAMES)) {
        writer.packet(Timestamp::new(second / 10, 5000), data.len().try_into().unwrap(), data).unwrap();
    }
    writer.finish().unwrap()
}

/// Renders all frames, in memory that is warm.
fn render(bencher: Bencher<'_, '_>, mut render: impl Render) {
    let capture = capture();
    let mut out = Vec::with_capacity(1 << 20);
    let mut all = |out: &mut Vec<u8>| {
        out.clear();
        let mut frames = Merge::new(vec![Reader::new(&capture[..]).unwrap()]);
        while let Some(frame) = frames.next_frame() {
            render.frame(black_box(&frame), out);
        }
    };
    all(&mut out);
    bencher.counter(ItemsCount::new(FRAMES)).bench_local(|| all(&mut out));
}

/// What reading takes alone: its window, once.
#[divan::bench]
fn nothing(bencher: Bencher<'_, '_>) {
    struct Nothing;
    impl Render for Nothing {
        fn frame(&mut self, frame: &Frame<'_>, _out: &mut Vec<u8>) {
            black_box(frame.data.len());
        }

        fn split(self, _most: usize) -> Vec<Self> {
            vec![self]
        }
    }
    render(bencher, Nothing);
}

#[divan::bench]
fn text(bencher: Bencher<'_, '_>) {
    render(bencher, Text::new(Style::default(), Stamp::Clock, Precision::Micro, Zone::UTC));
}

#[divan::bench]
fn four_fields(bencher: Bencher<'_, '_>) {
    let names = ["ip.src", "ip.dst", "tcp.dstport", "udp.dstport"].map(str::to_owned);
    render(bencher, Table::new(&names, Format::Csv, &[]).unwrap());
}

#[divan::bench]
fn json(bencher: Bencher<'_, '_>) {
    render(bencher, Json::new(&[]));
}

#[divan::bench]
fn tree(bencher: Bencher<'_, '_>) {
    render(bencher, Tree::new(&[], Zone::UTC));
}
