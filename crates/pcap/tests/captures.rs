//! Captures from elsewhere, beside the checkout: read with what tshark and tcpdump read in them, and written again.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "test code: a panic is a failure"
)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::{captures, files, run};
use jackfield_pcap::{BlockType, Format, PcapNgWriter, PcapWriter, Reader};

/// What tshark tells of a packet: captured length, length, nanoseconds.
type Told = (usize, u32, Option<i128>);

/// Reads all packets of a file, and what went wrong.
fn ours(bytes: &[u8]) -> (Vec<Told>, Option<String>) {
    let mut packets = Vec::new();
    let mut reader = match Reader::guessing(bytes) {
        Ok(reader) => reader,
        Err(error) => return (packets, Some(error.to_string())),
    };
    loop {
        match reader.next_packet() {
            Ok(None) => return (packets, None),
            Err(error) => return (packets, Some(error.to_string())),
            Ok(Some(packet)) => {
                // Of more than a second of microseconds Wireshark makes a number that has overflown.
                let time = packet.timestamp.filter(|time| {
                    let ticks = time.resolution.ticks_per_second();
                    ticks.is_none_or(|ticks| u128::from(time.fraction) < ticks)
                });
                let time = time.map(|time| time.nanoseconds());
                packets.push((packet.data.len(), packet.original_length, time));
            }
        }
    }
}

/// Asks tshark for the packets of a file, and whether it read it to the end.
fn tsharks(path: &Path) -> Option<(Vec<Told>, bool)> {
    let fields = ["encap_type", "cap_len", "len", "time_epoch"].map(|field| format!("frame.{field}"));
    let mut arguments = vec!["-n", "-T", "fields"];
    arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
    arguments.push("-r");
    let output = run("tshark", &arguments, path)?;
    let text = String::from_utf8(output.stdout).unwrap();
    let told = text.lines().filter_map(|line| {
        let mut words = line.split('\t');
        let mut word = || words.next().unwrap_or_default();
        let (kind, captured, length, time) = (word(), word(), word(), word());
        // A custom block has no link type; tshark counts it all the same.
        (!kind.is_empty()).then(|| (captured.parse().unwrap(), length.parse().unwrap(), nanoseconds(time)))
    });
    Some((told.collect(), output.status.success()))
}

/// Reads seconds with digits after the point.
fn nanoseconds(text: &str) -> Option<i128> {
    let (seconds, fraction) = text.split_once('.')?;
    let seconds: i128 = seconds.parse().ok()?;
    Some(seconds * 1_000_000_000 + format!("{fraction:0<9}").parse::<i128>().ok()?)
}

/// Files that tshark 4.0 does not read, or not so: it knows no link type 182 (FRF.16 Frame Relay) and none of switch tags,
/// and takes the pseudo-header of ATM off a length.
const NOT_FOR_TSHARK: &[&str] = &[
    "atm-oam-heapoverflow.pcap",
    "brcm-tag-prepend.pcap",
    "brcm-tag.pcap",
    "dsa.pcap",
    "kday6.pcap",
    "vtp_asan.pcap",
];

/// Files of which capinfos 4.0 says something else than tshark: it takes the four bytes of a pseudo-header off a length,
/// and a time of 0 for none.
const NOT_FOR_CAPINFOS: &[&str] = &["atm-oam-heapoverflow.pcap", "bgp_vpn_rt-oobr.pcap"];

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap()
}

/// Holds files against what tshark says of each of their packets.
fn compare_with_tshark(paths: &[&PathBuf]) {
    let (mut packets, mut differ) = (0, Vec::new());
    for path in paths {
        let Some((theirs, whole)) = tsharks(path) else { return };
        let (found, error) = ours(&std::fs::read(path).unwrap());
        packets += found.len();
        let equal = |(one, other): (&Told, &Told)| {
            (one.0, one.1) == (other.0, other.1) && (one.2.is_none() || one.2 == other.2)
        };
        if found.len() != theirs.len() || error.is_none() != whole || !found.iter().zip(&theirs).all(equal) {
            let at = found.iter().zip(&theirs).position(|pair| !equal(pair));
            let pair = at.map(|at| (found[at], theirs[at]));
            differ.push(format!(
                "{}: {} packets, tshark {}; {error:?}, tshark {whole}; {at:?} {pair:?}",
                name(path),
                found.len(),
                theirs.len()
            ));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    eprintln!("{} captures, {packets} packets: lengths and times are tshark's", paths.len());
}

#[test]
fn packets_are_those_that_tshark_finds() {
    let Some(folder) = captures() else { return };
    let all = files(&folder);
    // tshark takes a third of a second to begin; the soak asks it about all.
    let some = all
        .iter()
        .enumerate()
        .filter(|(at, path)| at % 25 == 0 || path.extension().is_some_and(|extension| extension == "pcapng"));
    let some: Vec<_> =
        some.map(|(_, path)| path).filter(|path| !NOT_FOR_TSHARK.contains(&name(path))).collect();
    assert!(some.len() > 40, "{} captures", some.len());
    compare_with_tshark(&some);
}

#[test]
#[ignore = "long: cargo xtask soak captures"]
fn soak_every_packet_is_what_tshark_finds() {
    let Some(folder) = captures() else { return };
    let all = files(&folder);
    let all: Vec<_> = all.iter().filter(|path| !NOT_FOR_TSHARK.contains(&name(path))).collect();
    compare_with_tshark(&all);
}

#[test]
fn every_capture_has_the_count_length_and_times_that_capinfos_says() {
    let Some(folder) = captures() else { return };
    let all = files(&folder);
    assert!(all.len() > 250, "{} captures", all.len());
    // A table, separated by tabs, without quotes: packets, bytes, first and last second.
    let mut arguments = vec!["-T", "-r", "-B", "-N", "-M", "-S", "-c", "-d", "-a", "-e"];
    let paths: Vec<_> = all.iter().map(|path| path.to_str().unwrap()).collect();
    let (last, others) = paths.split_last().unwrap();
    arguments.extend_from_slice(others);
    let Some(output) = run("capinfos", &arguments, Path::new(last)) else { return };
    let text = String::from_utf8(output.stdout).unwrap();
    let table: BTreeMap<_, Vec<_>> = text
        .lines()
        .map(|line| {
            let mut words = line.split('\t');
            (words.next().unwrap().to_owned(), words.map(str::to_owned).collect())
        })
        .collect();
    let (mut packets, mut differ, mut held) = (0, Vec::new(), 0);
    for path in &all {
        let (found, _) = ours(&std::fs::read(path).unwrap());
        packets += found.len();
        let Some(row) = table.get(path.to_str().unwrap()) else { continue };
        let bytes: u64 = found.iter().map(|packet| u64::from(packet.1)).sum();
        let counts = [found.len().to_string(), bytes.to_string()];
        held += 1;
        let mut same = row[..2] == counts;
        // Where every packet has a time that can be, the first and last are compared.
        let times: Option<Vec<_>> = found.iter().map(|packet| packet.2).collect();
        if let Some((first, last)) =
            times.and_then(|times| times.iter().copied().min().zip(times.iter().copied().max()))
        {
            same &= (nanoseconds(&row[2]), nanoseconds(&row[3])) == (Some(first), Some(last));
        }
        if !same && !NOT_FOR_CAPINFOS.contains(&name(path)) {
            differ.push(format!("{}: {counts:?} {:?}, capinfos {row:?}", path.display(), found.first()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(held > 250, "{held} of {} captures are in the table: {}", all.len(), &text[..200]);
    eprintln!("{held} captures, {packets} packets: counts, lengths and times are capinfos's");
}

/// Reads all packets as libpcap does; returns how many there are, and its words for what went wrong.
fn as_libpcap(bytes: &[u8]) -> (usize, Option<String>) {
    let opened =
        Reader::as_libpcap(bytes).and_then(|mut reader| reader.first_interface().map(|any| (reader, any)));
    let mut reader = match opened {
        Ok((reader, true)) => reader,
        Ok((_, false)) => {
            return (0, Some("the capture file has no Interface Description Blocks".to_owned()));
        }
        Err(error) => return (0, error.libpcap()),
    };
    let mut packets = 0;
    loop {
        match reader.next_packet() {
            Ok(Some(_)) => packets += 1,
            Ok(None) => return (packets, None),
            Err(error) => return (packets, error.libpcap().map(|words| format!("pcap_loop: {words}"))),
        }
    }
}

#[test]
fn every_capture_has_the_packets_and_the_words_of_tcpdump() {
    let Some(folder) = captures() else { return };
    let mut differ = Vec::new();
    for path in files(&folder) {
        let Some(output) = run("tcpdump", &["-n", "--count", "-r"], &path) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = stderr.lines().find_map(|line| line.strip_prefix("tcpdump: ")).map(str::to_owned);
        // It counts what it read to the end; what it cannot print it does not read.
        let count = stdout.split_whitespace().next().and_then(|word| word.parse::<usize>().ok());
        let (packets, words) = as_libpcap(&std::fs::read(&path).unwrap());
        let unprinted = said.as_deref().is_some_and(|said| said.contains("data link type"));
        if !unprinted && (words != said || count.is_some_and(|count| count != packets)) {
            differ.push(format!("{}: {packets} {words:?}; tcpdump {stdout}{said:?}", path.display()));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Returns the draft's abbreviation that the texts use.
fn abbreviation(kind: BlockType) -> &'static str {
    match kind {
        BlockType::SECTION_HEADER => "SHB",
        BlockType::INTERFACE_DESCRIPTION => "IDB",
        BlockType::ENHANCED_PACKET => "EPB",
        BlockType::SIMPLE_PACKET => "SPB",
        BlockType::NAME_RESOLUTION => "NRB",
        BlockType::INTERFACE_STATISTICS => "ISB",
        BlockType::CUSTOM => "CB",
        BlockType::CUSTOM_NO_COPY => "DCB",
        _ => "?",
    }
}

#[test]
fn every_pcapng_file_has_the_blocks_that_its_text_says() {
    let Some(folder) = captures() else { return };
    let all = files(&folder.join("pcapng"));
    assert!(all.len() >= 24, "{} files", all.len());
    for path in all {
        let text = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        let said = text.lines().find_map(|line| line.strip_prefix("Block sequence: ")).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let mut reader = Reader::new(&bytes[..]).unwrap();
        let mut sequence = Vec::new();
        let mut cut = BTreeMap::new();
        while let Some(block) = reader.next_block().unwrap() {
            let kind = abbreviation(block.kind);
            sequence.push(kind);
            let content = block.content().unwrap();
            *cut.entry(kind).or_insert(0) += usize::from(format!("{content:?}").contains("Cut"));
        }
        assert_eq!(sequence.join(", "), said, "{}", path.display());
        assert!(cut.values().all(|count| *count == 0), "{}: {cut:?}", path.display());
    }
}

/// Writes what is read of a file; returns the copy, up to where the file is broken.
fn copy(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(bytes).ok()?;
    if let Format::Pcap(header) = reader.format() {
        let mut writer = PcapWriter::new(Vec::new(), header).unwrap();
        while let Ok(Some(packet)) = reader.next_packet() {
            writer.copy(&packet).unwrap();
        }
        return writer.finish().ok();
    }
    let mut writer = PcapNgWriter::new(Vec::new());
    while let Ok(Some(block)) = reader.next_block() {
        writer.copy(&block).unwrap();
    }
    writer.finish().ok()
}

#[test]
fn every_capture_is_copied_byte_for_byte() {
    let Some(folder) = captures() else { return };
    let mut whole = 0;
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let Some(copy) = copy(&bytes) else { continue };
        let old = bytes.get(4..8) != copy.get(4..8) && bytes[..4] != *b"\x0a\x0d\x0d\x0a";
        assert!(old || bytes.starts_with(&copy), "{}", path.display());
        whole += usize::from(bytes == copy);
    }
    assert!(whole > 200, "{whole} files are copied whole");
}
