//! Counts the packets and bytes of a capture file: `cargo run --release --example count -- FILE…`, or stdin.
//!
//! Beside `tcpdump -r FILE -w /dev/null` it shows what reading alone costs.

use std::io::{self, Read, Write};

use jackfield_pcap::{Error, Reader};

fn main() -> io::Result<()> {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        report("stdin", count(io::stdin().lock()))?;
    }
    for file in files {
        report(&file.to_string_lossy(), count(std::fs::File::open(&file)?))?;
    }
    Ok(())
}

/// Reads to the end, or to where the file is broken.
fn count(input: impl Read) -> (u64, u64, Result<(), Error>) {
    let (mut packets, mut bytes) = (0, 0);
    let mut reader = match Reader::new(input) {
        Ok(reader) => reader,
        Err(error) => return (packets, bytes, Err(error)),
    };
    loop {
        match reader.next_packet() {
            Ok(None) => return (packets, bytes, Ok(())),
            Err(error) => return (packets, bytes, Err(error)),
            Ok(Some(packet)) => {
                packets += 1;
                bytes += u64::try_from(packet.data.len()).unwrap_or(0);
            }
        }
    }
}

fn report(name: &str, (packets, bytes, end): (u64, u64, Result<(), Error>)) -> io::Result<()> {
    writeln!(io::stdout(), "{name}: {packets} packets, {bytes} bytes")?;
    if let Err(error) = end {
        writeln!(io::stderr(), "{name}: {error}")?;
    }
    Ok(())
}
