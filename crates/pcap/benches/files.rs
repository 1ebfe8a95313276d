//! What a packet costs to read and to write, in both formats; allocations are counted too.
//!
//! `cargo bench -p jackfield-pcap`. Items are packets, so the table's `items/s` is their rate. A file is made in a
//! temporary folder and is in the page cache when it is read; `PCAP_BENCH_MB` is its size, 500 unless it is set.

use std::fs::File;
use std::io::sink;
use std::path::PathBuf;
use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use jackfield_pcap::{
    ByteOrder, Header, InterfaceDescription, LinkType, Options, PcapNgWriter, PcapWriter, Reader, Resolution,
    SectionHeader, Timestamp,
};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The bytes of each packet.
const LENGTH: usize = 100;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

static PACKETS: LazyLock<u32> = LazyLock::new(|| {
    let size = std::env::var("PCAP_BENCH_MB").ok().and_then(|size| size.parse().ok()).unwrap_or(500_u32);
    size * 1_000_000 / 116
});

fn time(at: u32) -> Timestamp {
    Timestamp::new(i64::from(1_700_000_000 + at / 1000), at % 1000 * 1_000_000)
}

static PCAP: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = FOLDER.path().join("file.pcap");
    let to = File::create(&path).expect("a file");
    let header = Header::new(LinkType::EN10MB, Resolution::MICROSECONDS);
    let mut writer = PcapWriter::with_buffer(to, &header, 1 << 20).expect("a header");
    for at in 0..*PACKETS {
        writer.packet(time(at), 1500, &[0x88; LENGTH]).expect("a packet");
    }
    writer.finish().expect("a file");
    path
});

static PCAPNG: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = FOLDER.path().join("file.pcapng");
    let to = File::create(&path).expect("a file");
    let mut writer = PcapNgWriter::with_buffer(to, 1 << 20);
    writer.section(ByteOrder::Little, &SectionHeader::default()).expect("a section");
    writer.interface(&InterfaceDescription { linktype: 1, ..Default::default() }).expect("an interface");
    for at in 0..*PACKETS {
        writer.packet(0, time(at), 1500, &[0x88; LENGTH], Options::NONE).expect("a packet");
    }
    writer.finish().expect("a file");
    path
});

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_pcap(bencher: Bencher<'_, '_>) {
    read(bencher, &PCAP);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_pcapng(bencher: Bencher<'_, '_>) {
    read(bencher, &PCAPNG);
}

fn read(bencher: Bencher<'_, '_>, path: &PathBuf) {
    bencher.counter(ItemsCount::new(*PACKETS)).bench(|| {
        let mut reader = Reader::new(File::open(path).expect("the file")).expect("a capture");
        let (mut packets, mut sum) = (0_u32, 0_i64);
        while let Some(packet) = reader.next_packet().expect("a packet") {
            packets += 1;
            let last = packet.data.last().copied().unwrap_or(0);
            sum = sum.wrapping_add(packet.timestamp.map_or(0, |time| time.seconds) + i64::from(last));
        }
        assert_eq!(packets, *PACKETS);
        black_box(sum)
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn write_pcap(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(*PACKETS)).bench(|| {
        let header = Header::new(LinkType::EN10MB, Resolution::MICROSECONDS);
        let mut writer = PcapWriter::with_buffer(sink(), &header, 1 << 18).expect("a header");
        let time = Timestamp { seconds: 1_700_000_000, fraction: 5, resolution: Resolution::MICROSECONDS };
        for _ in 0..*PACKETS {
            writer.packet(time, 1500, &[0x88; LENGTH]).expect("a packet");
        }
        writer.finish().expect("a file");
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn write_pcapng(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(*PACKETS)).bench(|| {
        let mut writer = PcapNgWriter::with_buffer(sink(), 1 << 18);
        writer.section(ByteOrder::Little, &SectionHeader::default()).expect("a section");
        writer.interface(&InterfaceDescription { linktype: 1, ..Default::default() }).expect("an interface");
        let time = Timestamp { seconds: 1_700_000_000, fraction: 5, resolution: Resolution::MICROSECONDS };
        for _ in 0..*PACKETS {
            writer.packet(0, time, 1500, &[0x88; LENGTH], Options::NONE).expect("a packet");
        }
        writer.finish().expect("a file");
    });
}
