//! Captures from elsewhere, beside the checkout: read with what tshark and tcpdump read in them, and written again.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{captures, files, run};
use jackfield_pcap::{BlockType, Format, PcapNgWriter, PcapWriter, Reader};

/// What tshark tells of a packet: captured length, length, nanoseconds.
type Told = (usize, u32, Option<i128>);

/// Reads all packets of a file, and how many bytes of it were read when that went wrong.
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
                let time = packet.timestamp.map(|time| time.nanoseconds());
                packets.push((packet.data.len(), packet.original_length, time));
            }
        }
    }
}

/// Asks tshark for the same.
fn tsharks(path: &Path) -> Option<(Vec<Told>, bool)> {
    let fields = ["-n", "-T", "fields", "-e", "frame.cap_len", "-e", "frame.len", "-e", "frame.time_epoch"];
    // With no protocol but the frame itself it is quick, and its crashes are not met.
    let only = ["--disable-protocol", "eth"];
    let output = run("tshark", &[&only[..], &fields[..], &["-r"]].concat(), path)?;
    let text = String::from_utf8(output.stdout).unwrap();
    let told = text.lines().map(|line| {
        let mut words = line.split('\t');
        let mut word = || words.next().unwrap_or_default();
        let (captured, length, time) = (word(), word(), word());
        (captured.parse().unwrap(), length.parse().unwrap(), nanoseconds(time))
    });
    Some((told.collect(), output.status.success()))
}

/// Reads seconds with nine digits after the point.
fn nanoseconds(text: &str) -> Option<i128> {
    let (seconds, fraction) = text.split_once('.')?;
    let seconds: i128 = seconds.parse().ok()?;
    Some(seconds * 1_000_000_000 + fraction.parse::<i128>().ok()?)
}

/// Files in which tshark 4.0 and we differ, and why that is right.
const DIFFER: &[(&str, &str)] = &[];

#[test]
fn every_capture_has_the_packets_that_tshark_finds() {
    let Some(folder) = captures() else { return };
    let all = files(&folder);
    assert!(all.len() > 250, "{} captures", all.len());
    let (mut packets, mut differ) = (0, Vec::new());
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        let Some((theirs, whole)) = tsharks(path) else { return };
        let (found, error) = ours(&bytes);
        packets += found.len();
        let name = path.file_name().unwrap().to_str().unwrap();
        if (&found, error.is_none()) != (&theirs, whole) && !DIFFER.iter().any(|(is, _)| *is == name) {
            let at = found.iter().zip(&theirs).position(|(one, other)| one != other);
            let pair = at.map(|at| (found[at], theirs[at]));
            differ.push(format!(
                "{name}: {} packets, tshark {}; {error:?}, tshark {whole}; {at:?} {pair:?}",
                found.len(),
                theirs.len()
            ));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    eprintln!("{} captures, {packets} packets: lengths and times are tshark's", all.len());
}

#[test]
fn every_capture_has_as_many_packets_as_tcpdump_reads() {
    let Some(folder) = captures() else { return };
    let mut differ = Vec::new();
    for path in files(&folder) {
        let Some(output) = run("tcpdump", &["-n", "--count", "-r"], &path) else { return };
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        // What tcpdump cannot print, or will not read for a rule of its own, has no count.
        let count = stdout.split_whitespace().next().and_then(|word| word.parse::<usize>().ok());
        let (found, error) = ours(&std::fs::read(&path).unwrap());
        let said = stderr.lines().find_map(|line| line.strip_prefix("tcpdump: "));
        match count {
            Some(count) if count != found.len() || error.is_some() => {
                differ.push(format!(
                    "{}: {} packets, tcpdump {count}; {error:?}",
                    path.display(),
                    found.len()
                ));
            }
            None if error.is_none() && said.is_none() => differ.push(format!("{}: {stderr}", path.display())),
            _ => {}
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
