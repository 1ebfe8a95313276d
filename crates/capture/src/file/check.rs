//! What a fuzz target does with bytes: a capture that is read alone and beside itself, in every form.

use pcap::Reader;
use wire::line::Style;

use super::{
    Copy, Dump, Form, Format, Json, Merge, Precision, Render, Sink, Stamp, Table, Text, Tree, Zone, run,
};

/// What a byte of a capture may become at the most: a line, or the fields of a header with their names.
const MOST: usize = 1 << 14;

/// Reads bytes as a capture, and writes it in every form.
///
/// # Panics
/// A form is larger than it may be, or what was written is not what is read.
pub fn capture(bytes: &[u8]) {
    let Ok(reader) = Reader::new(bytes) else { return };
    if reader.compression().is_some() {
        return;
    }
    for (verbose, stamp, dump) in [
        (0, Stamp::Clock, Dump::Ascii { link: false }),
        (3, Stamp::Relative, Dump::HexAndAscii { link: true }),
    ] {
        let style = Style { verbose, link: verbose > 0, ..Style::default() };
        let text = Text::new(style, stamp, Precision::Nano, Zone::UTC).dumping(dump).numbered();
        rendered(bytes, 2, text.as_libpcap());
    }
    rendered(bytes, 1, Json::new(&[]));
    rendered(bytes, 1, Tree::new(&[], Zone::UTC));
    let names = ["frame.time_delta", "layers", "ip.addr", "tcp.flags.syn", "udp.port", "dns.qry.name"];
    for format in [Format::Csv, Format::Tsv, Format::Json] {
        if let Ok(table) = Table::new(&names.map(str::to_owned), format, &[]) {
            rendered(bytes, 1, table);
        }
    }
    copied(bytes);
}

/// Renders a capture beside itself, so many times.
fn rendered(bytes: &[u8], times: usize, render: impl Render + Send) {
    let mut out = All(Vec::new());
    let mut frames = Merge::new((0..times).filter_map(|_| Reader::new(bytes).ok()).collect());
    let Ok(()) = run(&mut frames, render, None, 0, &mut out);
    assert!(out.0.len() <= (bytes.len() + 64) * times * MOST, "{} bytes of {}", out.0.len(), bytes.len());
}

/// Copies a capture to pcapng, and reads that again: it has as many packets as could be written.
fn copied(bytes: &[u8]) {
    let Ok(mut copy) = Copy::new(Vec::new(), Form::PcapNg, 0) else { return };
    let mut frames = Merge::new(Reader::new(bytes).ok().into_iter().collect());
    let mut written = 0_u64;
    while let Some((frame, interface)) = frames.next_described() {
        written += u64::from(copy.frame(&frame, interface).is_ok());
    }
    let Ok(file) = copy.finish() else { return };
    let mut frames = Merge::new(Reader::new(&file[..]).ok().into_iter().collect());
    assert_eq!(super::count(&mut frames, None, || true), written, "what is written can be read");
    assert!(frames.take_broken().is_empty());
}

/// Takes everything.
struct All(Vec<u8>);

impl Sink for All {
    type Stop = core::convert::Infallible;

    fn append(&mut self, make: impl FnOnce(&mut Vec<u8>)) -> Result<(), Self::Stop> {
        make(&mut self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Raw IP: a segment, half a segment, and a packet of no length.
    const FILE: &[u8] = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x65\0\0\0\
        \x01\0\0\0\x02\0\0\0\x28\0\0\0\x28\0\0\0\x45\0\0\x28\0\x01\0\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x02\
        \0\x50\0\x35\0\0\0\x01\0\0\0\0\x50\x02\x20\0\0\0\0\0\
        \x01\0\0\0\x03\0\0\0\x16\0\0\0\x28\0\0\0\x45\0\0\x28\0\x01\0\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x02\0\x50\
        \x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

    #[test]
    fn the_seed_holds() {
        let mut frames = Merge::new(vec![Reader::new(FILE).unwrap()]);
        assert_eq!(crate::file::count(&mut frames, None, || true), 3);
        capture(FILE);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_capture_that_was_changed_holds(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = FILE.to_vec();
            for (at, byte) in changes {
                *at.get_mut(&mut bytes) = byte;
            }
            bytes.truncate(FILE.len() / 2 + end.index(FILE.len() / 2 + 1));
            capture(&bytes);
        }
    }
}
