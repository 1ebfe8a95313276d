//! What is written is read: by property tests over blocks and records of every kind, in both byte orders, and by
//! tshark and capinfos.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code: a panic is a failure"
)]

mod common;

use std::io::{self, Read, Write};

use common::{block, epb, header, idb, record, run, shb, words};
use jackfield_pcap::{
    BlockType, ByteOrder, Content, Custom, DecryptionSecrets, EnhancedPacket, Fault, Header,
    InterfaceDescription, InterfaceStatistics, LinkType, NameResolution, ObsoletePacket, Opt, Options,
    PcapNgWriter, PcapWriter, Reader, Record, Records, Resolution, SectionHeader, SimplePacket, Timestamp,
    Value, Variant, code,
};
use proptest::prelude::*;

const L: ByteOrder = ByteOrder::Little;
const B: ByteOrder = ByteOrder::Big;

/// Gives so many bytes at a time, and is interrupted before each.
struct Slow<'a>(&'a [u8], usize, bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.2 = !self.2;
        if self.2 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let short = buffer.len().min(self.1);
        self.0.read(&mut buffer[..short])
    }
}

/// Notes each piece that is written.
#[derive(Debug, Default)]
struct Pieces(Vec<Vec<u8>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a test makes a block of, owning it.
#[derive(Clone, Debug)]
struct Made {
    kind: usize,
    numbers: [u32; 4],
    data: Vec<u8>,
    options: Vec<(u16, Vec<u8>)>,
}

fn made() -> impl Strategy<Value = Made> {
    let option = (1_u16..20, prop::collection::vec(any::<u8>(), 0..24));
    let data = prop::collection::vec(any::<u8>(), 0..200);
    (0_usize..9, any::<[u32; 4]>(), data, prop::collection::vec(option, 0..5))
        .prop_map(|(kind, numbers, data, options)| Made { kind, numbers, data, options })
}

impl Made {
    /// Returns the options as they stand in a block.
    fn options(&self, order: ByteOrder) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (code, value) in &self.options {
            let length = u32::try_from(value.len()).unwrap();
            let (low, high) =
                if order == L { (u32::from(*code), length) } else { (length, u32::from(*code)) };
            bytes.extend_from_slice(&words(order, &[high << 16 | low]));
            bytes.extend_from_slice(value);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }

    /// Returns the block as a file has it.
    fn block(&self, order: ByteOrder) -> Vec<u8> {
        let [a, b, c, d] = self.numbers;
        let length = u32::try_from(self.data.len()).unwrap();
        let mut data = self.data.clone();
        data.resize(data.len().next_multiple_of(4), 0);
        let options = self.options(order);
        let join = |first: &[u32]| [words(order, first), data.clone(), options.clone()].concat();
        let (kind, body) = match self.kind {
            0 => (6, join(&[a % 2, b, c, length, d])),
            1 => (3, [words(order, &[length]), data.clone()].concat()),
            2 => (2, join(&[0, b, c, length, d])),
            3 => (5, [words(order, &[a, b, c]), options].concat()),
            4 => (10, join(&[a, length])),
            5 => (0xbad, [words(order, &[a]), data].concat()),
            6 => (0x4000_0bad, [words(order, &[a]), data].concat()),
            7 => (4, [words(order, &[0]), options].concat()),
            _ => (0x1000_0000 | a, data),
        };
        block(kind, &body, order)
    }
}

/// Returns a file of two interfaces, the second in nanoseconds, and these blocks.
fn file(order: ByteOrder, blocks: &[Made]) -> Vec<u8> {
    let nanoseconds =
        if order == L { b"\x09\0\x01\0\x09\0\0\0\0\0\0\0" } else { b"\0\x09\0\x01\x09\0\0\0\0\0\0\0" };
    let mut bytes = [shb(order), idb(&[], order), idb(nanoseconds, order)].concat();
    bytes.extend(blocks.iter().flat_map(|made| made.block(order)));
    bytes
}

/// Copies a pcapng file block by block; a section in another byte order is written anew.
fn copied(bytes: &[u8], into: Option<ByteOrder>) -> Vec<u8> {
    let mut reader = Reader::new(bytes).unwrap();
    let mut writer = PcapNgWriter::new(Vec::new());
    while let Some(block) = reader.next_block().unwrap() {
        match (into, block.content().unwrap()) {
            (Some(order), Content::SectionHeader(header)) => writer.section(order, &header).unwrap(),
            _ => writer.copy(&block).unwrap(),
        }
    }
    writer.finish().unwrap()
}

proptest! {
    #[test]
    fn blocks_are_copied_to_the_byte(blocks in prop::collection::vec(made(), 0..12), big: bool) {
        let bytes = file(if big { B } else { L }, &blocks);
        prop_assert_eq!(copied(&bytes, None), bytes);
    }

    #[test]
    fn the_other_byte_order_says_the_same(blocks in prop::collection::vec(made(), 0..12), big: bool) {
        let (one, other) = if big { (B, L) } else { (L, B) };
        let bytes = file(one, &blocks);
        let turned = copied(&bytes, Some(other));
        let (mut from, mut to) = (Reader::new(&bytes[..]).unwrap(), Reader::new(&turned[..]).unwrap());
        while let Some(block) = from.next_block().unwrap() {
            let copy = to.next_block().unwrap().unwrap();
            prop_assert_eq!(copy.order, other);
            prop_assert_eq!(copy.content().unwrap(), block.content().unwrap());
            prop_assert_eq!(copy.packet().unwrap().map(|packet| (packet.timestamp, packet.data)),
                block.packet().unwrap().map(|packet| (packet.timestamp, packet.data)));
        }
        prop_assert!(to.next_block().unwrap().is_none());
        // And back again.
        prop_assert_eq!(copied(&copied(&turned, Some(one)), None).len(), copied(&turned, Some(one)).len());
    }

    #[test]
    fn records_of_pcap_are_copied_to_the_byte(
        records in prop::collection::vec((any::<[u32; 3]>(), prop::collection::vec(any::<u8>(), 0..100)), 0..20),
        magic in prop::sample::select(vec![0xa1b2_c3d4_u32, 0xa1b2_3c4d, 0xa1b2_cd34, 0x1c00_01ac]),
        big: bool,
        piece in 1_usize..50,
    ) {
        let order = if big { B } else { L };
        let mut bytes = header(magic, 65535, 101, order);
        let mut extra = Vec::new();
        if magic == 0x1c00_01ac {
            bytes.extend_from_slice(&[0; 4]);
        }
        for ([seconds, fraction, original], data) in &records {
            bytes.extend(words(order, &[*seconds, *fraction, u32::try_from(data.len()).unwrap(), *original]));
            if magic == 0xa1b2_cd34 {
                extra = words(order, &[*original, *seconds]);
                bytes.extend_from_slice(&extra);
            }
            bytes.extend_from_slice(data);
        }
        let mut reader = Reader::new(Slow(&bytes, piece, false)).unwrap();
        let jackfield_pcap::Format::Pcap(header) = reader.format() else { panic!() };
        let mut writer = PcapWriter::new(Pieces::default(), header).unwrap();
        while let Some(packet) = reader.next_packet().unwrap() {
            prop_assert_eq!(packet.extra.len(), extra.len());
            writer.copy(&packet).unwrap();
        }
        let pieces = writer.finish().unwrap().0;
        // One write for the header and one for each record.
        prop_assert_eq!(pieces.len(), records.len() + 1);
        prop_assert_eq!(pieces.concat(), bytes);
    }

    #[test]
    fn a_writer_killed_anywhere_leaves_what_can_be_read(
        blocks in prop::collection::vec(made(), 1..12),
        capacity in 0_usize..600,
        written in any::<prop::sample::Index>(),
    ) {
        let bytes = file(L, &blocks);
        let mut reader = Reader::new(&bytes[..]).unwrap();
        let mut writer = PcapNgWriter::with_buffer(Pieces::default(), capacity);
        while let Some(block) = reader.next_block().unwrap() {
            writer.copy(&block).unwrap();
        }
        let pieces = writer.finish().unwrap().0;
        prop_assert_eq!(pieces.concat(), &bytes[..]);
        // After any of its writes the file ends with a whole block.
        let some = pieces[..=written.index(pieces.len())].concat();
        let mut reader = Reader::new(&some[..]).unwrap();
        while reader.next_block().unwrap().is_some() {}
    }

    #[test]
    fn times_are_written_as_they_were(seconds in 0_u32.., nanoseconds in 0_u32..1_000_000_000) {
        let time = Timestamp::new(i64::from(seconds), nanoseconds);
        for resolution in [Resolution::MICROSECONDS, Resolution::NANOSECONDS] {
            let mut writer = PcapWriter::new(Vec::new(), &Header::new(LinkType::RAW, resolution)).unwrap();
            writer.packet(time, 1, b"x").unwrap();
            let file = writer.finish().unwrap();
            let mut reader = Reader::new(&file[..]).unwrap();
            let read = reader.next_packet().unwrap().unwrap().timestamp.unwrap().nanoseconds();
            let unit = if resolution == Resolution::NANOSECONDS { 1 } else { 1000 };
            prop_assert_eq!(read, time.nanoseconds() / unit * unit);
        }
    }
}

/// Writes one of each kind of block, with many options.
fn everything(order: ByteOrder) -> Vec<u8> {
    let mut writer = PcapNgWriter::new(Vec::new());
    let about = [Opt::comment("a comment"), Opt::text(code::SHB_USERAPPL, "a test")];
    writer
        .section(order, &SectionHeader { options: Options::of(&about), ..SectionHeader::default() })
        .unwrap();
    let lo = [
        Opt::text(code::IF_NAME, "lo"),
        Opt { code: code::IF_TSRESOL, value: Value::U8(9) },
        Opt { code: code::IF_MACADDR, value: Value::Mac([2, 0, 0, 0, 0, 1]) },
        Opt { code: code::IF_SPEED, value: Value::U64(10_000_000_000) },
    ];
    let lo = InterfaceDescription { linktype: 1, snaplen: 262_144, options: Options::of(&lo), reserved: 0 };
    assert_eq!(writer.interface(&lo).unwrap(), 0);
    let late = [
        Opt { code: code::IF_TSRESOL, value: Value::U8(0x8a) },
        Opt { code: code::IF_TSOFFSET, value: Value::I64(1_000) },
    ];
    let raw = InterfaceDescription { linktype: 101, snaplen: 0, options: Options::of(&late), reserved: 0 };
    assert_eq!(writer.interface(&raw).unwrap(), 1);
    let names = [Record { kind: Record::IPV4, value: b"\x7f\0\0\x01localhost\0" }];
    let names = NameResolution { records: Records::of(&names), options: Options::NONE };
    writer.content(&Content::NameResolution(names)).unwrap();
    let secrets = DecryptionSecrets {
        secrets_type: DecryptionSecrets::TLS_KEY_LOG,
        data: b"# no secrets\n",
        options: Options::NONE,
    };
    writer.content(&Content::DecryptionSecrets(secrets)).unwrap();
    let flags = [
        Opt::comment("the first"),
        Opt { code: code::EPB_FLAGS, value: Value::U32(1) },
        Opt { code: code::EPB_DROPCOUNT, value: Value::U64(3) },
    ];
    writer
        .packet(0, Timestamp::new(1_700_000_000, 123_456_789), 100, &[0x88; 61], Options::of(&flags))
        .unwrap();
    writer.packet(1, Timestamp::new(1_001, 500_000_000), 40, &[0x45; 40], Options::NONE).unwrap();
    writer.content(&Content::SimplePacket(SimplePacket { original_length: 60, data: &[0x88; 60] })).unwrap();
    let old =
        ObsoletePacket { drops: u16::MAX, original_length: 60, data: &[0x88; 60], ..Default::default() };
    writer.content(&Content::Packet(old)).unwrap();
    let counters = [
        Opt { code: code::ISB_STARTTIME, value: Value::Ticks(1 << 40) },
        Opt { code: code::ISB_IFRECV, value: Value::U64(4) },
        Opt { code: code::ISB_IFDROP, value: Value::U64(1) },
    ];
    let statistics = InterfaceStatistics { interface: 0, ticks: 1 << 41, options: Options::of(&counters) };
    writer.content(&Content::InterfaceStatistics(statistics)).unwrap();
    let custom = Custom { copy: true, vendor: 32473, data: b"ours" };
    writer.content(&Content::Custom(custom)).unwrap();
    writer.content(&Content::SystemdJournal(b"__REALTIME_TIMESTAMP=1\nMESSAGE=hi\n\n")).unwrap();
    writer.content(&Content::Unknown(BlockType(0x1234_5678), b"four")).unwrap();
    writer.finish().unwrap()
}

#[test]
fn what_we_write_is_accepted_by_capinfos_and_tshark() {
    let folder = tempfile::tempdir().unwrap();
    for order in [L, B] {
        let path = folder.path().join("written.pcapng");
        std::fs::write(&path, everything(order)).unwrap();
        let Some(output) = run("capinfos", &[], &path) else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        for line in ["Capture application: a test", "Number of interfaces in file: 2", "Name = lo"] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        let fields =
            ["encap_type", "cap_len", "len", "time_epoch", "interface_id", "interface_name", "comment"];
        let fields = fields.map(|field| format!("frame.{field}"));
        let mut arguments = vec!["-n", "-T", "fields"];
        arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
        arguments.push("-r");
        let Some(output) = run("tshark", &arguments, &path) else { return };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let packets: Vec<_> =
            text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            packets,
            [
                "1\t61\t100\t1700000000.123456789\t0\tlo\tthe first",
                "7\t40\t40\t1001.500000000\t1\tunknown\t",
                "1\t60\t60\t\t0\tlo\t",
                "1\t60\t60\t0.000000000\t0\tlo\t",
            ],
            "{text}"
        );
    }
}

#[test]
fn packed_files_are_read_through_pipes() {
    let bytes = file(L, &[]);
    let big: Vec<u8> = (0..5000).flat_map(|at| epb(at % 2, at, &[7; 100], L)).collect();
    let bytes = [bytes, big].concat();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for (tool, level) in [("gzip", "-9"), ("zstd", "-19"), ("zstd", "--fast")] {
        let mut packed = Vec::new();
        // Two members or frames, the cut in the middle of a packet.
        for half in [&bytes[..bytes.len() / 2 + 7], &bytes[bytes.len() / 2 + 7..]] {
            std::fs::write(&path, half).unwrap();
            let Some(output) = run(tool, &["-c", level], &path) else { return };
            packed.extend(output.stdout);
        }
        for piece in [1, 1000, usize::MAX] {
            let mut reader = Reader::new(Slow(&packed, piece, false)).unwrap();
            assert_eq!(reader.compression().unwrap().to_string(), tool);
            let mut packets = 0;
            while let Some(packet) = reader.next_packet().unwrap() {
                assert_eq!(packet.data, [7; 100]);
                packets += 1;
            }
            assert_eq!(packets, 5000);
        }
        // Cut off, it gives the packets up to there, and one error.
        let mut reader = Reader::new(&packed[..packed.len() - 20]).unwrap();
        let mut packets = 0;
        let error = loop {
            match reader.next_packet() {
                Ok(Some(_)) => packets += 1,
                Ok(None) => panic!("no error"),
                Err(error) => break error,
            }
        };
        // What is lost is at most the last block of 128 KiB, which here is all of the second half.
        assert!(packets >= 2499, "{packets}");
        assert!(matches!(error.fault, Fault::Compressed { .. }), "{error}");
        assert!(matches!(reader.next_packet(), Ok(None)));
    }
}

#[test]
fn a_skippable_frame_is_skipped() {
    // A skippable frame of 3 bytes, and a raw zstd frame of a pcap header.
    let header = header(0xa1b2_c3d4, 65535, 1, L);
    let mut packed = b"\x50\x2a\x4d\x18\x03\0\0\0abc\x28\xb5\x2f\xfd\x20\x18\xc1\0\0".to_vec();
    packed.extend_from_slice(&header);
    let mut reader = Reader::new(&packed[..]).unwrap();
    assert_eq!(reader.interfaces()[0].linktype, LinkType::EN10MB);
    assert!(reader.next_packet().unwrap().is_none());
}

#[test]
fn a_packet_is_seen_before_the_next_has_come() {
    /// Gives its bytes, and then fails: whoever reads on too early sees that.
    struct Still<'a>(&'a [u8]);
    impl Read for Still<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::WouldBlock.into()),
                count => Ok(count),
            }
        }
    }
    let one = record(1, 2, b"frame", L);
    let bytes = [header(0xa1b2_c3d4, 65535, 1, L), one.clone()].concat();
    let mut reader = Reader::new(Still(&bytes)).unwrap();
    assert_eq!(reader.next_packet().unwrap().unwrap().data, b"frame");
    // That nothing has come is no end.
    for _ in 0..2 {
        let error = reader.next_packet().unwrap_err();
        assert!(
            matches!(&error.fault, Fault::Io(error) if error.kind() == io::ErrorKind::WouldBlock),
            "{error}"
        );
    }
}

#[test]
fn a_length_that_lies_is_found_out() {
    // 100 MB are claimed, and 4 bytes come: the type of an unknown block is no reason to believe it.
    let lie = words(L, &[0x1234, 100_000_000, 7]);
    let bytes = [shb(L), lie].concat();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    let error = reader.next_packet().unwrap_err();
    assert_eq!(
        error.to_string(),
        "offset 28: the file ends in a block: 100000000 bytes belong to it, 12 are there"
    );
}

#[test]
fn variants_are_guessed_by_their_records() {
    for (magic, extra, variant) in [
        (0xa1b2_c3d4, 0, Variant::Standard),
        (0xa1b2_c3d4, 4, Variant::Nokia),
        (0xa1b2_c3d4, 8, Variant::RedHat61),
        (0xa1b2_cd34, 8, Variant::Modified),
        (0xa1b2_cd34, 12, Variant::Suse63),
    ] {
        let mut bytes = header(magic, 65535, 1, L);
        for (at, length) in [60, 20, 1514, 40].into_iter().enumerate() {
            let frame = record(u32::try_from(at).unwrap(), 2, &vec![0x88; length], L);
            let (before, data) = frame.split_at(16);
            bytes.extend_from_slice(before);
            bytes.extend(vec![0; extra]);
            bytes.extend_from_slice(data);
        }
        let mut reader = Reader::guessing(&bytes[..]).unwrap();
        let jackfield_pcap::Format::Pcap(header) = reader.format() else { panic!() };
        assert_eq!(header.variant, variant);
        let mut lengths = Vec::new();
        while let Some(packet) = reader.next_packet().unwrap() {
            assert!(packet.data.iter().all(|byte| *byte == 0x88));
            lengths.push(packet.data.len());
        }
        assert_eq!(lengths, [60, 20, 1514, 40]);
    }
}

#[test]
fn the_header_of_pcap_says_whether_a_frame_check_sequence_is_there() {
    let fcs = |network| {
        let bytes = header(0xa1b2_c3d4, 65535, network, B);
        let reader = Reader::new(&bytes[..]).unwrap();
        let jackfield_pcap::Format::Pcap(header) = reader.format() else { panic!() };
        (header.linktype().0, header.fcs_length())
    };
    assert_eq!(fcs(1), (1, None));
    assert_eq!(fcs(0x2400_0001), (1, Some(4)));
    // Bits that are to be 0 are kept with the link type, as libpcap does.
    assert_eq!(fcs(0x0345_0001), (0x0345_0001, None));
}

#[test]
fn lengths_of_old_versions_stand_the_other_way_round() {
    for (minor, first, second) in [(2, 3, 9), (3, 9, 3), (4, 3, 9)] {
        let mut bytes = header(0xa1b2_c3d4, 65535, 1, L);
        bytes[6] = minor;
        let (captured, original) = if minor == 2 { (9, 3) } else { (first, second) };
        bytes.extend(words(L, &[1, 2, captured, original]));
        bytes.extend_from_slice(b"abc");
        let mut reader = Reader::new(&bytes[..]).unwrap();
        let packet = reader.next_packet().unwrap().unwrap();
        assert_eq!((packet.data, packet.original_length), (&b"abc"[..], 9), "2.{minor}");
    }
}

#[test]
fn what_does_not_fit_is_not_written() {
    let mut writer =
        PcapWriter::new(Vec::new(), &Header::new(LinkType::RAW, Resolution::NANOSECONDS)).unwrap();
    assert!(writer.packet(Timestamp::new(-1, 0), 1, b"x").is_err());
    assert!(writer.packet(Timestamp::new(1 << 32, 0), 1, b"x").is_err());
    assert!(writer.packet(Timestamp::new(1, 0), 1, &vec![0; 300_000]).is_err());
    assert_eq!(writer.finish().unwrap().len(), 24);

    let mut writer = PcapNgWriter::new(Vec::new());
    let packet = EnhancedPacket::default();
    assert!(writer.content(&Content::EnhancedPacket(packet)).is_err(), "no section");
    writer.section(L, &SectionHeader::default()).unwrap();
    assert!(writer.content(&Content::EnhancedPacket(packet)).is_err(), "no interface");
    let long = "x".repeat(70_000);
    let options = [Opt::comment(&long)];
    let interface = InterfaceDescription { options: Options::of(&options), ..Default::default() };
    assert!(writer.interface(&interface).is_err(), "an option of 70,000 bytes");
    assert_eq!(writer.finish().unwrap().len(), 28);
}
