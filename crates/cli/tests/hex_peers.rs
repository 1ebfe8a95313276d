//! `jack hex` beside the tools whose flags and bytes it has: xxd, `hexdump -C`, `od -Ax -tx1z`. Seeded command lines over
//! files and standard input: what is written and where, and whether it worked.
//!
//! Where the installed tool is older than the one that we follow, `testdata/peer-versions` says what differs, and the cases
//! leave it out. `PEER_XXD`, `PEER_HEXDUMP` and `PEER_OD` name other binaries to compare with, `PEER_CASES` multiplies the
//! cases.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/random.rs"]
mod random;
#[path = "cmd/support.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use random::Random;
use support::{find, jack, run, skip};

/// Two command lines that should do the same in a folder with the file `in.x`.
#[derive(Debug, Default)]
struct Case {
    theirs: Vec<String>,
    ours: Vec<String>,
    input: Vec<u8>,
    /// Whether the input is a file operand, or standard input.
    is_file: bool,
    /// What is in the outfile operand before; `None` where there is no such operand.
    outfile: Option<Vec<u8>>,
}

impl Case {
    /// The same words for both.
    fn both(&mut self, words: &[&str]) {
        self.each(words, words);
    }

    fn each(&mut self, theirs: &[&str], ours: &[&str]) {
        self.theirs.extend(theirs.iter().map(|word| (*word).to_owned()));
        self.ours.extend(ours.iter().map(|word| (*word).to_owned()));
    }
}

/// What a run left: whether it worked, what it wrote, and what is in the outfile.
type Left = (bool, Vec<u8>, Option<Vec<u8>>);

fn left(command: &mut Command, words: &[String], case: &Case, folder: &Path) -> Left {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("in.x"), &case.input).unwrap();
    command.args(words).current_dir(folder).env_remove("NO_COLOR");
    if case.is_file {
        command.arg("in.x");
    } else if case.outfile.is_some() {
        command.arg("-");
    }
    if let Some(before) = &case.outfile {
        fs::write(folder.join("out"), before).unwrap();
        command.arg("out");
    }
    let outcome = run(command, if case.is_file { b"" } else { &case.input });
    (outcome.code == Some(0), outcome.out, fs::read(folder.join("out")).ok())
}

/// The binary of a tool.
fn peer(tool: &str) -> Option<PathBuf> {
    let named = std::env::var_os(format!("PEER_{}", tool.to_uppercase())).map(PathBuf::from);
    let found = named.or_else(|| find(tool));
    if found.is_none() {
        skip(&format!("{tool} is not installed"));
    }
    found
}

/// Runs so many cases on four threads, each seeded by its number.
fn compare(tool: &Path, count: usize, case: impl Fn(&mut Random) -> Case + Sync) {
    let times = std::env::var("PEER_CASES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let count = count * times;
    let dir = tempfile::tempdir().unwrap();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return;
                    }
                    let case = case(&mut Random(number as u64 * 0x1_0001 + count as u64));
                    let folder = |who: &str| dir.path().join(format!("{number}{who}"));
                    let wanted = left(&mut Command::new(tool), &case.theirs, &case, &folder("theirs"));
                    let got = left(jack().arg("hex"), &case.ours, &case, &folder("ours"));
                    if got != wanted {
                        let shown = |left: &Left| {
                            let text = |bytes: &[u8]| bytes.escape_ascii().to_string();
                            (left.0, text(&left.1), left.2.as_deref().map(text))
                        };
                        panic!(
                            "case {number}: {case:?}\nwanted {:?}\ngot    {:?}",
                            shown(&wanted),
                            shown(&got)
                        );
                    }
                    for who in ["theirs", "ours"] {
                        fs::remove_dir_all(folder(who)).unwrap();
                    }
                }
            });
        }
    });
}

/// Bytes that look like those of files: anything, text, runs of the same line.
fn input(random: &mut Random) -> Vec<u8> {
    let count = random.pick(&[0, 1, 15, 16, 17, 40, 100, 700]);
    match random.below(4) {
        0 => random.bytes(count),
        1 => (0..count).map(|_| random.pick(b"Some text, a line.\n\t")).collect(),
        2 => (0..count).map(|_| random.pick(b"\0\0\0\0\0\0ab\n\xff")).collect(),
        _ => (0..random.below(8))
            .flat_map(|_| vec![random.pick(b"\0\0ab"); random.pick(&[3, 16, 32, 48, 64, 100])])
            .collect(),
    }
}

/// Whether xxd is one before 2023.
fn is_old(xxd: &Path) -> bool {
    let version = run(Command::new(xxd).arg("-v"), b"").err_text();
    version.strip_prefix("xxd ").is_some_and(|version| version < "2023")
}

/// An option of xxd with its value, in one of its spellings.
fn option(random: &mut Random, case: &mut Case, letter: &str, long: &str, value: &str) {
    match random.below(3) {
        0 => case.both(&[&format!("-{letter}{value}")]),
        1 => case.both(&[&format!("-{letter}"), value]),
        _ => case.both(&[&format!("-{long}"), value]),
    }
}

fn dump_of_xxd(random: &mut Random, old: bool) -> Case {
    let mut case = Case { input: input(random), is_file: random.percent(50), ..Case::default() };
    if random.percent(20) {
        case.outfile = Some(b"OLD".repeat(20));
    }
    let kind = random.pick(&["", "", "", "-b", "-bits", "-e", "-p", "-ps", "-plain", "-i", "-include"]);
    if !kind.is_empty() {
        case.both(&[kind]);
    }
    let (plain, array, little) = (kind.starts_with("-p"), kind.starts_with("-i"), kind == "-e");
    let dump = !plain && !array;
    if random.percent(50) && !(old && little) {
        let columns = random.pick(&[1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 20, 32, 60, 255, 256]);
        option(random, &mut case, "c", "cols", &columns.to_string());
    }
    if dump && random.percent(40) {
        let groups: &[usize] = if little { &[0, 1, 2, 4, 8, 16] } else { &[0, 1, 2, 3, 5, 8, 300] };
        let group = random.pick(groups);
        option(random, &mut case, "g", "group", &group.to_string());
    }
    if dump && random.percent(30) {
        case.both(&[random.pick(&["-a", "-autoskip"])]);
    }
    if !kind.starts_with("-b") && random.percent(30) {
        case.both(&["-u"]);
    }
    if dump && random.percent(20) {
        case.both(&[random.pick(&["-E", "-EBCDIC"])]);
    }
    let mut is_negative = false;
    if dump && random.percent(30) {
        let offset = random.pick(&["1", "0x1000", "99999990", "-7", "0xfffffff0", "0x100000000"]);
        is_negative = offset.starts_with('-');
        option(random, &mut case, "o", "offset", offset);
    }
    // Older ones have a sign before decimal offsets below 0.
    if dump && !(old && is_negative) && random.percent(25) {
        case.both(&["-d"]);
    }
    // The colours of a last line of zeros in an odd order are the newest's alone.
    if dump && !old && !little && random.percent(30) {
        let when = random.pick(&["always", "never"]);
        option(random, &mut case, "R", "R", when);
    }
    if array && random.percent(30) {
        let name = random.pick(&["name", "a b", "1x", "x.y-z"]);
        option(random, &mut case, "n", "name", name);
        if random.percent(50) {
            case.both(&["-C"]);
        }
    }
    let terminates = array && !old && random.percent(30);
    if terminates {
        case.both(&["-t"]);
    }
    let bytes = case.input.len();
    if random.percent(30) {
        // Behind the end: an empty dump there of a file, a failure here.
        let skip = random.below(bytes + 1);
        let sign = random.pick(if case.is_file { &["", "+", "-"] } else { &["", "+"] });
        option(random, &mut case, "s", "seek", &format!("{sign}{skip}"));
    }
    // An array of ours that is to end in a zero does, also where -l stops.
    if !terminates && random.percent(30) {
        let length = random.below(bytes + 20).to_string();
        option(random, &mut case, "l", "len", &length);
    }
    case
}

#[test]
fn what_xxd_dumps() {
    let Some(xxd) = peer("xxd") else { return };
    let old = is_old(&xxd);
    compare(&xxd, 1000, |random| dump_of_xxd(random, old));
}

/// What xxd makes of its own dumps, of damaged ones and of those of others, in a stream, in a new file and in an old one.
#[test]
fn what_xxd_reverses() {
    let Some(xxd) = peer("xxd") else { return };
    let old = is_old(&xxd);
    compare(&xxd, 600, |random| {
        let plain = random.percent(25);
        let bits = !old && !plain && random.percent(15);
        let bytes = input(random);
        let mut shape = Command::new(&xxd);
        if plain {
            shape.arg("-p");
        } else if bits {
            shape.arg("-b");
        } else {
            shape.args(random.pick(&[
                &[][..],
                &["-c", "7"],
                &["-g1"],
                &["-a"],
                &["-o", "3"],
                &["-u", "-c8"],
            ]));
        }
        let mut dump = run(&mut shape, &bytes).out;
        for _ in 0..random.pick(&[0, 0, 1, 3]) {
            if !dump.is_empty() {
                let at = random.below(dump.len());
                dump[at] = random.pick(b"0a \n\rzx:\x00");
            }
        }
        // Offsets that say where no file ends would fill the disk.
        if dump.split(|byte| *byte == b'\n').any(|line| {
            let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            !plain && digits > 0 && !line.starts_with(b"00000")
        }) {
            dump = b"00000000: 4142 4344  ABCD\n".to_vec();
        }
        let mut case = Case { input: dump, is_file: random.percent(50), ..Case::default() };
        if !plain && random.percent(40) {
            case.outfile = Some(b"OLD".repeat(random.below(30)));
        }
        case.both(&[random.pick(&["-r", "-revert"])]);
        if plain {
            case.both(&[random.pick(&["-p", "-ps"])]);
        } else if bits {
            case.both(&["-b"]);
        }
        if !plain && random.percent(30) {
            let columns = random.pick(&["1", "7", "8", "32"]);
            option(random, &mut case, "c", "cols", columns);
        }
        if !plain && random.percent(20) {
            let addend = random.pick(&["1", "100", "0x20"]);
            option(random, &mut case, "s", "seek", addend);
        }
        case
    });
}

/// What hexdump and od have of these, and how we write it.
fn window(random: &mut Random, case: &mut Case, skip: &str, length: &str, all: &str) {
    let bytes = case.input.len();
    if random.percent(30) {
        let begin = random.below(bytes + 1).to_string();
        case.each(&[skip, &begin], &["-s", &begin]);
    }
    if random.percent(30) {
        // With -s and none at all, each hexdump has an end of its own.
        let most = random.below(bytes + 20).max(1).to_string();
        case.each(&[length, &most], &["-l", &most]);
    }
    if random.percent(30) {
        case.each(&[all], &["--squeeze=never"]);
    }
}

#[test]
fn what_hexdump_dumps() {
    let Some(hexdump) = peer("hexdump") else { return };
    compare(&hexdump, 500, |random| {
        // It cannot skip what it reads from a pipe.
        let mut case = Case { input: input(random), is_file: true, ..Case::default() };
        case.each(&["-C"], &["--style", "hexdump"]);
        window(random, &mut case, "-s", "-n", "-v");
        case
    });
}

#[test]
fn what_od_dumps() {
    let Some(od) = peer("od") else { return };
    compare(&od, 500, |random| {
        let mut case = Case { input: input(random), is_file: random.percent(50), ..Case::default() };
        let (theirs, ours) = random.pick(&[("-Ax", "hex"), ("-Ad", "decimal"), ("-Ao", "octal")]);
        case.each(&[theirs, "-tx1z"], &["--style", "od", "--radix", ours]);
        if random.percent(40) {
            let columns = random.pick(&["1", "3", "8", "16", "20", "64"]);
            case.each(&[&format!("-w{columns}")], &["-c", columns]);
        }
        window(random, &mut case, "-j", "-N", "-v");
        case
    });
}
