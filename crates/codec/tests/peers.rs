//! The same bytes as the tools that these formats come from: installed `xxd` and `base64` as oracles.
//!
//! A tool that is not installed is a visible skip for a user and a failure where `CI` is set.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use std::num::NonZeroUsize;
use std::path::Path;

use jackfield_codec::base64::{self, Encoder};
use jackfield_codec::{Buffer, Dump, Style};

/// Runs a tool on the input; nothing when it is not installed.
fn peer(tool: &str, arguments: &[String], input: &[u8]) -> Option<Vec<u8>> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    oracle::run(tool, &arguments, Path::new("."), input)
}

/// Every byte value, lengths on both sides of full lines, and enough for five-digit offsets.
fn inputs() -> Vec<Vec<u8>> {
    let all: Vec<u8> = (0..=255).cycle().take(0x1_0000 + 5).collect();
    [0, 1, 2, 3, 15, 16, 17, 31, 32, 255, 256, 257, 300, all.len()]
        .into_iter()
        .map(|length| all[..length].to_vec())
        .collect()
}

fn dump(style: Style, offset: u64, input: &[u8]) -> Vec<u8> {
    let mut out = Buffer::new();
    let mut dump = Dump::starting_at(style, offset);
    // Pieces that do not end where lines do.
    for piece in input.chunks(1000) {
        dump.push(piece, &mut out);
    }
    dump.finish(&mut out);
    out.into()
}

fn compare_with_xxd(style: Style, offset: u64, arguments: &[String], input: &[u8]) {
    let Some(expected) = peer("xxd", arguments, input) else { return };
    let ours = dump(style, offset, input);
    assert!(
        ours == expected,
        "xxd {arguments:?} on {} bytes:\n{}\nours:\n{}",
        input.len(),
        String::from_utf8_lossy(&expected[..expected.len().min(400)]),
        String::from_utf8_lossy(&ours[..ours.len().min(400)])
    );
}

#[test]
fn a_dump_is_that_of_xxd() {
    for input in inputs() {
        compare_with_xxd(Style::default(), 0, &[], &input);
        compare_with_xxd(Style::default().upper_case(true), 0, &["-u".into()], &input);
    }
}

#[test]
fn a_dump_in_columns_and_groups_is_that_of_xxd() {
    let input: Vec<u8> = (0..=255).cycle().take(520).collect();
    for columns in [1, 2, 3, 5, 8, 12, 16, 17, 32, 100, 255, 256] {
        for group in [0, 1, 2, 3, 4, 7, 8, 16, 32, 256, 300] {
            let style = Style::default().columns(columns).unwrap().group(group);
            let arguments = [format!("-c{columns}"), format!("-g{group}")];
            for length in [1, columns - columns / 3, 520] {
                compare_with_xxd(style, 0, &arguments, &input[..length]);
            }
        }
    }
}

#[test]
fn offsets_are_those_of_xxd() {
    for offset in [1, 0xfff_fff8, 0xffff_fff0, 0x1234_5678_9abc, 0x7fff_ffff_ffff_ff00] {
        let arguments = [format!("-o{offset}")];
        compare_with_xxd(Style::default(), offset, &arguments, &[b'x'; 40]);
    }
}

#[test]
fn base64_is_that_of_the_tool() {
    for input in inputs() {
        for wrap in [0, 1, 3, 4, 75, 76, 77] {
            let Some(expected) = peer("base64", &[format!("-w{wrap}")], &input) else { return };
            let mut out = Vec::new();
            let mut encoder = NonZeroUsize::new(wrap).map_or_else(Encoder::new, Encoder::wrapped);
            for piece in input.chunks(1000) {
                encoder.push(piece, &mut out);
            }
            encoder.finish(&mut out);
            assert!(out == expected, "base64 -w{wrap} on {} bytes", input.len());
            assert_eq!(base64::decode_spaced(&expected).unwrap(), input);
        }
    }
}
