//! The same dumps as xxd, hexdump, od and hexyl: random options over random inputs, seeded, against the installed tools.
//!
//! Where the installed tool is older than the one that we follow, `testdata/peer-versions` says what differs, and the
//! cases leave it out; the vectors there are held by `dump_vectors.rs`. `PEER_XXD`, `PEER_HEXDUMP`, `PEER_OD` and
//! `PEER_HEXYL` name other binaries to compare with, `PEER_CASES` multiplies the cases. hexyl is compared with only
//! when it is named.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use jackfield_codec::{Base, Border, Buffer, Characters, Dump, Radix, Squeeze, Style};
use oracle::Random;

/// Arguments, what we make of them, and what is dumped.
struct Case {
    arguments: Vec<String>,
    style: Style,
    offset: u64,
    input: Vec<u8>,
    /// What our dump is not given: the tool was told to skip and to stop.
    skip: usize,
    length: usize,
}

impl Case {
    fn new(style: Style, input: Vec<u8>) -> Self {
        let length = input.len();
        Self { arguments: Vec::new(), style, offset: 0, input, skip: 0, length }
    }

    fn option(&mut self, option: impl Into<String>) {
        self.arguments.push(option.into());
    }

    fn ours(&self, random: &mut Random) -> Vec<u8> {
        let mut out = Buffer::new();
        let mut dump = Dump::starting_at(self.style, self.offset);
        let mut rest = &self.input[self.skip..self.skip + self.length];
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(rest.len().min(random.below(3 * rest.len()) + 1));
            dump.push(piece, &mut out);
            rest = tail;
        }
        dump.finish(&mut out);
        out.into()
    }
}

fn peer(tool: &str) -> String {
    std::env::var(format!("PEER_{}", tool.to_uppercase())).unwrap_or_else(|_| tool.to_owned())
}

/// Runs so many cases on four threads, each of them seeded by its number.
fn compare(tool: &str, count: usize, case: impl Fn(&mut Random) -> Case + Sync) {
    let command = peer(tool);
    let more = std::env::var("PEER_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let count = count * more;
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let mut random = Random(number as u64 * 0x1_0001 + count as u64);
                    let case = case(&mut random);
                    let mut arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
                    // hexdump cannot skip on a pipe.
                    let mut file = tempfile::NamedTempFile::new().unwrap();
                    if tool == "hexdump" {
                        file.write_all(&case.input).unwrap();
                        arguments.push(file.path().to_str().unwrap());
                    }
                    let Some(expected) = oracle::run(&command, &arguments, Path::new("."), &case.input)
                    else {
                        break;
                    };
                    let ours = case.ours(&mut random);
                    if ours != expected {
                        let lines = |text: &[u8]| -> Vec<String> {
                            text.split(|&b| b == b'\n').map(|line| line.escape_ascii().to_string()).collect()
                        };
                        let (ours, expected) = (lines(&ours), lines(&expected));
                        let at = ours.iter().zip(&expected).position(|(a, b)| a != b).unwrap_or(0);
                        panic!(
                            "case {number}: {tool} {} on {} bytes, line {at}:\nthe tool {:?}\nours     {:?}",
                            case.arguments.join(" "),
                            case.input.len(),
                            expected.get(at),
                            ours.get(at),
                        );
                    }
                }
            });
        }
    });
}

/// Bytes that look like those of files: anything, text, few values, runs of the same line.
fn input(random: &mut Random, columns: usize) -> Vec<u8> {
    let length = random.pick(&[0, 1, 2, 3, 40, 40, 100, 700]);
    match random.below(4) {
        0 => random.bytes(length + 1, &[]),
        1 => random.bytes(length + 1, b"\0\0\0\0\0\0ab\n\xff"),
        2 => random.bytes(length + 1, b"Some text, a line.\n\t"),
        _ => {
            let mut bytes = Vec::new();
            for _ in 0..random.below(8) {
                let lines = random.below(6);
                match random.below(4) {
                    0 => bytes.extend(vec![0; lines * columns]),
                    1 => bytes.extend(vec![b'a'; lines * columns]),
                    2 => bytes.extend(vec![random.byte(); random.below(columns + 1)]),
                    _ => bytes.push(0),
                }
            }
            bytes
        }
    }
}

const WIDTHS: [usize; 27] =
    [16, 16, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 20, 24, 31, 32, 33, 60, 100, 255, 256];

/// Whether the xxd that is there is one before 2023: without `-R`, and with another column of characters for `-e`.
fn is_old(xxd: &str) -> bool {
    let version = std::process::Command::new(xxd).arg("-v").output().map(|output| output.stderr);
    let version = String::from_utf8(version.unwrap_or_default()).unwrap_or_default();
    version.strip_prefix("xxd ").is_some_and(|version| version < "2023")
}

#[test]
fn xxd() {
    let old = is_old(&peer("xxd"));
    compare("xxd", 900, |random| {
        let mut style = Style::xxd();
        let little = random.once_in(3);
        let bits = !little && random.once_in(4);
        let columns = random.once_in(4).then_some(()).map_or_else(|| Some(random.pick(&WIDTHS)), |()| None);
        let width = columns.unwrap_or(if bits { 6 } else { 16 });
        let mut case = Case::new(style, input(random, width));
        if let Some(columns) = columns {
            style = style.columns(columns).unwrap();
            case.option(format!("-c{columns}"));
        }
        if !random.once_in(3) {
            let mut group = random.pick(if little {
                &[0, 1, 2, 4, 8, 16, 32, 64][..]
            } else {
                &[0, 1, 2, 3, 5, 7, 9, 300]
            });
            if old && little && group > 0 && group < width && width % group > 0 {
                group = 0;
            }
            style = style.group(group);
            case.option(format!("-g{group}"));
        } else if old && little && width > 4 && width % 4 > 0 {
            style = style.group(0);
            case.option("-g0");
        }
        if little {
            style = style.little_endian().unwrap();
            case.option("-e");
        } else if bits {
            style = style.base(Base::Binary);
            case.option("-b");
        } else if random.once_in(3) {
            style = style.upper_case(true);
            case.option("-u");
        }
        if random.once_in(4) {
            style = style.characters(Characters::Ebcdic);
            case.option("-E");
        }
        let squeezed = random.once_in(2);
        if squeezed {
            style = style.squeeze(Squeeze::Zeros);
            case.option("-a");
        }
        // Digits that stand behind the line end leave their colours in the line after it: ours do not.
        let odd = squeezed && little && width > 8 && !width.is_power_of_two();
        if !old && !odd && random.once_in(2) {
            style = style.colour(true);
            case.option("-R");
            case.option("always");
        }
        if random.once_in(3) {
            let offset = random.pick(&[5_i64, -7, -1, 0xffff_fff0, 1 << 36, 99_999_990, i64::MAX - 10]);
            case.offset = offset.cast_unsigned();
            case.option(format!("-o{offset}"));
        }
        // An older one has a sign before decimal offsets from 2^63 on.
        if random.once_in(4) && !(old && (case.offset.cast_signed() < 0 || case.offset > 1 << 62)) {
            style = style.offsets(Radix::Decimal);
            case.option("-d");
        }
        if random.once_in(4) {
            case.length = random.below(case.input.len() + 1);
            case.option(format!("-l{}", case.length));
        }
        case.style = style;
        case
    });
}

#[test]
fn plain() {
    let old = is_old(&peer("xxd"));
    compare("xxd", 200, |random| {
        let columns = random.pick(&[0, 1, 2, 3, 29, 30, 31, 32, 76, 256, 300]);
        let upper_case = random.once_in(2);
        let input = match input(random, 30) {
            // An older one writes nothing for -c0 of nothing in some builds.
            input if old && input.is_empty() => vec![1],
            input => input,
        };
        let mut case = Case::new(Style::plain().columns(columns).unwrap().upper_case(upper_case), input);
        case.option("-p");
        case.option(format!("-c{columns}"));
        if upper_case {
            case.option("-u");
        }
        case
    });
}

#[test]
fn hexdump() {
    compare("hexdump", 300, |random| {
        let mut case = Case::new(Style::hexdump(), input(random, 16));
        case.option("-C");
        part(&mut case, random, "-s", "-n");
        case
    });
}

#[test]
fn od() {
    compare("od", 400, |random| {
        let columns = random.pick(&WIDTHS);
        let mut style = Style::od().columns(columns).unwrap();
        let (letter, radix) =
            random.pick(&[("x", Radix::Hex), ("x", Radix::Hex), ("d", Radix::Decimal), ("o", Radix::Octal)]);
        let positions = !random.once_in(5);
        style = if positions { style.offsets(radix) } else { style.no_offsets() };
        let characters = !random.once_in(4);
        let mut case = Case::new(style, input(random, columns));
        case.option(format!("-A{}", if positions { letter } else { "n" }));
        case.option(if characters { "-tx1z" } else { "-tx1" });
        case.option(format!("-w{columns}"));
        if !characters {
            case.style = case.style.characters(Characters::None);
        }
        part(&mut case, random, "-j", "-N");
        case
    });
}

/// Skips, stops and shows all lines.
fn part(case: &mut Case, random: &mut Random, skip: &str, length: &str) {
    // hexdump fails where nothing is left.
    if !case.input.is_empty() && random.once_in(3) {
        case.skip = random.below(case.input.len());
        case.offset = case.skip as u64;
        case.option(format!("{skip}{}", case.skip));
    }
    case.length = case.input.len() - case.skip;
    if case.length > 0 && random.once_in(3) {
        case.length = random.below(case.length) + 1;
        case.option(format!("{length}{}", case.length));
    }
    if random.once_in(3) {
        case.style = case.style.squeeze(Squeeze::Never);
        case.option("-v");
    }
}

#[test]
fn hexyl() {
    if std::env::var_os("PEER_HEXYL").is_none() {
        return;
    }
    compare("hexyl", 600, |random| {
        let panels = random.pick(&[2, 2, 2, 1, 3, 4]);
        let (name, base) = random.pick(&[
            ("hexadecimal", Base::Hex),
            ("hexadecimal", Base::Hex),
            ("binary", Base::Binary),
            ("octal", Base::Octal),
            ("decimal", Base::Decimal),
        ]);
        let mut style = Style::boxed().panels(panels).unwrap().base(base);
        let mut bytes = input(random, panels * 8);
        // After lines that could be squeezed a short one has a star instead of its offset in hexyl.
        let short = !bytes.len().is_multiple_of(panels * 8);
        if bytes.is_empty() && (panels != 2 || base != Base::Hex) {
            bytes.push(7);
        }
        let empty = bytes.is_empty();
        let mut case = Case::new(style, bytes);
        case.option(format!("--panels={panels}"));
        case.option(format!("--base={name}"));
        let group = random.pick(&[1, 1, 2, 4, 8]);
        style = style.group(group);
        case.option(format!("-g{group}"));
        if random.once_in(3) {
            style = style.little_endian().unwrap();
            case.option("--endianness=little");
        }
        let (name, border) =
            random.pick(&[("unicode", Border::Unicode), ("ascii", Border::Ascii), ("none", Border::None)]);
        if !empty {
            style = style.border(border);
            case.option(format!("--border={name}"));
        }
        let (name, characters) = random.pick(&[
            ("default", Characters::Symbols),
            ("ascii", Characters::Ascii),
            ("codepage-437", Characters::CodePage437),
        ]);
        style = style.characters(characters);
        case.option(format!("--character-table={name}"));
        if !empty && random.once_in(4) {
            style = style.characters(Characters::None);
            case.option("--no-characters");
        }
        let colour = random.once_in(2);
        style = style.colour(colour);
        case.option(if colour { "--color=force" } else { "--color=never" });
        if !empty && !colour && random.once_in(4) {
            style = style.no_offsets();
            case.option("--no-position");
        }
        if short || random.once_in(3) {
            style = style.squeeze(Squeeze::Never);
            case.option("-v");
        }
        if random.once_in(3) {
            let offset = random.pick(&[5, 0xffff_0000, 64]);
            case.offset = offset;
            case.option(format!("--display-offset={offset}"));
        }
        case.style = style;
        case
    });
}
