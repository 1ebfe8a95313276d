//! The automaton of `xxd -r` against the installed xxd, over dumps that were damaged at random.
//!
//! `JACKFIELD_XXD` names another xxd to compare with, `JACKFIELD_CASES` another number of cases.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;
mod versions;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use jackfield_codec::Buffer;
use jackfield_codec::undump::reverse::{Notation, Reverse, Reversed};
use oracle::Random;
use versions::field;

/// Above this no case goes: NULs up to there are written through a pipe.
const FAR: u64 = 1 << 20;

#[derive(Clone, Debug)]
struct Case {
    notation: Notation,
    columns: Option<usize>,
    addend: Option<i64>,
    seekable: bool,
    text: Vec<u8>,
}

/// What comes out, and whether it ended at a way back.
type Outcome = (Vec<u8>, bool);

#[test]
fn the_automaton_is_that_of_xxd() {
    let cases = std::env::var("JACKFIELD_CASES").ok().map_or(2400, |cases| cases.parse().unwrap());
    let xxd = std::env::var("JACKFIELD_XXD").unwrap_or_else(|_| "xxd".to_owned());
    if oracle::run(&xxd, &["-r"], Path::new("."), b"").is_none() {
        return;
    }
    let bits = knows_bits(&xxd);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let run: usize = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|thread| {
                let xxd = &xxd;
                scope.spawn(move || {
                    let directory = tempfile::tempdir().unwrap();
                    let mut random = Random(0x7ead_0000 + thread as u64);
                    (0..cases / threads).filter(|_| one(&mut random, xxd, bits, directory.path())).count()
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    });
    // The others would have gone too far.
    assert!(run > cases * 2 / 3, "only {run} of {cases} cases were compared");
}

/// Compares one case; false when it would go too far.
fn one(random: &mut Random, xxd: &str, bits: bool, directory: &Path) -> bool {
    let case = case(random, bits);
    let Some(ours) = ours(&case, random) else { return false };
    let theirs = theirs(&case, xxd, directory);
    assert_eq!(
        (ours.0.escape_ascii().to_string(), ours.1),
        (theirs.0.escape_ascii().to_string(), theirs.1),
        "{case:?}\n{}",
        case.text.escape_ascii()
    );
    true
}

/// Reversing bits came in 2023; before, the bits were read as hex.
fn knows_bits(xxd: &str) -> bool {
    let mut child =
        Command::new(xxd).args(["-r", "-b"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // An xxd that refuses it may have closed its end.
    child.stdin.take().unwrap().write_all(b"0: 01000001\n").ok();
    child.wait_with_output().unwrap().stdout == b"A"
}

fn case(random: &mut Random, bits: bool) -> Case {
    let notation = match random.below(6) {
        0 if bits => Notation::Bits,
        1 => Notation::Plain,
        _ => Notation::Hex,
    };
    let columns = random.once_in(3).then(|| 1 + random.below(40));
    let addend = random.once_in(6).then(|| i64::try_from(random.below(300)).unwrap() - 100);
    let seekable = random.once_in(3);
    let written = if random.once_in(3) { 1 + random.below(40) } else { columns.unwrap_or(16) };
    let mut text = dump(random, notation, written);
    for _ in 0..random.pick(&[0, 1, 1, 2, 5, 20]) {
        damage(random, &mut text);
    }
    Case { notation, columns, addend, seekable, text }
}

fn dump(random: &mut Random, notation: Notation, columns: usize) -> Vec<u8> {
    let few: &[u8] = if random.once_in(2) { b"" } else { b"AJz \n.\0" };
    let bytes = random.bytes(200, few);
    let group = random.pick(&[0, 1, 2, 2, 2, 4, 8]);
    let upper_case = random.once_in(4);
    let start = if random.once_in(8) { random.below(100) } else { 0 };
    let mut text = String::new();
    for (line, bytes) in bytes.chunks(columns).enumerate() {
        if notation != Notation::Plain {
            text += &format!("{:08x}: ", start + line * columns);
        }
        for (at, byte) in bytes.iter().enumerate() {
            if group > 0 && at > 0 && at % group == 0 && notation == Notation::Hex
                || at > 0 && notation == Notation::Bits
            {
                text.push(' ');
            }
            text += &match notation {
                Notation::Bits => format!("{byte:08b}"),
                _ if upper_case => format!("{byte:02X}"),
                _ => format!("{byte:02x}"),
            };
        }
        if notation != Notation::Plain {
            let shown = |byte: &u8| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '.' };
            text += "  ";
            text.extend(bytes.iter().map(shown));
        }
        text += if random.once_in(30) { "\r\n" } else { "\n" };
    }
    text.into_bytes()
}

fn damage(random: &mut Random, text: &mut Vec<u8>) {
    const LIKELY: &[u8] = b"   ::\n\n\r\t0123456789abcdefABCDEFxzg*.-\0\x80\xff";
    let at = random.below(text.len() + 1);
    let lines: Vec<usize> = std::iter::once(0)
        .chain(text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1))
        .collect();
    match random.below(9) {
        0 | 1 => text.insert(at, random.pick(LIKELY)),
        2 if at < text.len() => drop(text.remove(at)),
        3 | 4 if at < text.len() => text[at] = random.pick(LIKELY),
        5 => text.truncate(at),
        6 => {
            let other = random.below(text.len() + 1);
            let piece = text[at.min(other)..at.max(other)].to_vec();
            let end = piece.len().min(40);
            text.splice(at..at, piece[..end].iter().copied());
        }
        7 => {
            // The offset of a line.
            let at = random.pick(&lines) + 5 + random.below(3);
            if at < text.len() {
                text[at] = random.pick(LIKELY);
            }
        }
        _ => {
            // A line goes to the front.
            let at = random.below(lines.len());
            let end = lines.get(at + 1).copied().unwrap_or(text.len());
            let line: Vec<u8> = text.drain(lines[at]..end).collect();
            text.splice(0..0, line);
        }
    }
}

fn automaton(case: &Case) -> Reverse {
    Reverse::new(case.notation).columns(case.columns.unwrap_or(0)).add(case.addend.unwrap_or(0))
}

fn ours(case: &Case, random: &mut Random) -> Option<Outcome> {
    // Whether it goes too far is found out by seeking.
    let (mut file, mut at, mut back) = (Vec::new(), 0, false);
    let mut reverse = automaton(case);
    let mut rest = &case.text[..];
    while !rest.is_empty() {
        let (piece, _) = rest.split_at(1 + random.below(rest.len()));
        let mut out = Buffer::new();
        let step = reverse.step(piece, &mut out);
        if !out.is_empty() {
            file.resize(file.len().max(at + out.len()), 0);
            file[at..at + out.len()].copy_from_slice(&out);
            at += out.len();
        }
        let Ok(step) = step else {
            back = true;
            break;
        };
        rest = &rest[step.taken..];
        if let Some(seek) = step.seek {
            assert_eq!(seek.from, at as u64);
            if seek.to > FAR {
                return None;
            }
            at = usize::try_from(seek.to).unwrap();
        }
    }
    if case.seekable {
        return Some((file, back));
    }
    let (mut all, mut reversed) = (Vec::new(), Reversed::new(automaton(case)));
    let mut rest = &case.text[..];
    while !rest.is_empty() || reversed.pending() > 0 {
        let (piece, _) = rest.split_at(if rest.is_empty() { 0 } else { 1 + random.below(rest.len()) });
        let mut out = Buffer::new();
        let taken = reversed.take(piece, &mut out);
        all.extend_from_slice(&out);
        let Ok(taken) = taken else { return Some((all, true)) };
        rest = &rest[taken..];
    }
    Some((all, false))
}

fn theirs(case: &Case, xxd: &str, directory: &Path) -> Outcome {
    let mut command = Command::new(xxd);
    command.arg("-r");
    match case.notation {
        Notation::Hex => {}
        Notation::Bits => drop(command.arg("-b")),
        Notation::Plain => drop(command.arg("-p")),
    }
    if let Some(columns) = case.columns {
        command.args(["-c", &columns.to_string()]);
    }
    if let Some(addend) = case.addend {
        command.args(["-s", &addend.to_string()]);
    }
    let input = directory.join("in");
    std::fs::write(&input, &case.text).unwrap();
    command.stdin(File::open(&input).unwrap()).stderr(Stdio::piped());
    let file = directory.join("out");
    command.stdout(if case.seekable { File::create(&file).unwrap().into() } else { Stdio::piped() });
    let mut child = command.spawn().unwrap();
    let mut out = Vec::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut out).unwrap();
    }
    let status = child.wait().unwrap();
    if case.seekable {
        out = std::fs::read(&file).unwrap();
    }
    let back = status.code() == Some(5);
    assert!(back || status.success(), "{status} {case:?}");
    (out, back)
}

#[test]
fn each_difference_between_versions_is_as_stated() {
    let stated = include_str!("../../../testdata/peer-versions/xxd-reverse");
    let section = stated.split("\n[").find_map(|section| section.strip_prefix("xxd-reverse]\n")).unwrap();
    let installed = oracle::run("xxd", &["-r"], Path::new("."), b"").is_some();
    let old = !(installed && knows_bits("xxd"));
    let mut count = 0;
    for line in section.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let fields: Vec<_> = line.split('|').map(str::trim).collect();
        let [arguments, input, before, now] = fields[..] else { panic!("{line}") };
        let (text, _) = field(input);
        let arguments: Vec<_> = arguments.split(' ').collect();
        let after = |option: &str| {
            let at = arguments.iter().position(|argument| *argument == option)?;
            arguments.get(at + 1).copied()
        };
        let case = Case {
            notation: match () {
                () if arguments.contains(&"-b") => Notation::Bits,
                () if arguments.contains(&"-p") => Notation::Plain,
                () => Notation::Hex,
            },
            columns: after("-c").map(|columns| columns.parse().unwrap()),
            addend: after("-s").map(|addend| addend.parse().unwrap()),
            seekable: false,
            text,
        };
        let (expected, content) = field(now);
        assert_eq!(ours(&case, &mut Random(count)), Some((expected, !content)), "{line}");
        count += 1;
        if installed {
            let mut child = Command::new("xxd")
                .args(&arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(&case.text).ok();
            let output = child.wait_with_output().unwrap();
            let stated = field(if old { before } else { now });
            assert_eq!((output.stdout, output.status.success()), stated, "{line}");
        }
    }
    assert!(count > 10, "{count} lines");
}
