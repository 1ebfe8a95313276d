//! `jack hex` on what it is given and should not be, and the law that no flag is taken and ignored: in every way of
//! running a flag changes what is written, or is refused with the reason. `hex_peers.rs` holds the bytes against the tools.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/support.rs"]
mod support;

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use support::{Outcome, Process, advised, failed, find, jack, opens_as, run, same_when_traced, shell, skip};

fn hex(arguments: &[&str], input: &[u8]) -> Outcome {
    run(jack().arg("hex").args(arguments), input)
}

/// The ways, by the flags that ask for them.
const WAYS: &[&[&str]] = &[
    &[],
    &["--style", "hexdump"],
    &["--style", "od"],
    &["-p"],
    &["--style", "box"],
    &["-i"],
    &["--array", "rust"],
    &["--array", "python"],
    &["--array", "go"],
    &["--array", "json"],
    &["-r"],
    &["-r", "-p"],
    &["-r", "-b"],
    &["--undump"],
    &["--unpack", "<HB"],
];

/// Flags with a value that is not what they are without.
const FLAGS: &[&[&str]] = &[
    &["--style", "box"],
    &["-p"],
    &["-c", "5"],
    &["-g", "4"],
    &["-e"],
    &["--endian", "little"],
    &["-b"],
    &["-u"],
    &["-d"],
    &["--radix", "octal"],
    &["-o", "7"],
    &["-a"],
    &["--squeeze=zeros"],
    &["-E"],
    &["--panels", "1"],
    &["-R", "always"],
    &["-i"],
    &["--array", "go"],
    &["-n", "other"],
    &["-C"],
    &["-t"],
    &["-r"],
    &["--undump"],
    &["--from", "plain"],
    &["--lenient"],
    &["--max-gap", "1"],
    &["--unpack", "B"],
    &["--json"],
    &["-s", "3"],
    &["-l", "3"],
    &["-v"],
];

/// Bytes in which the flag has something to show, or a dump of which it has.
fn sample(way: &[&str], flag: &[&str]) -> Vec<u8> {
    match (way, flag) {
        (["--undump"], ["-E"]) => b"00000000: c1c2  AB\n".to_vec(),
        (["--undump"], ["--lenient"]) => b"00000000: 4142\njunk\n".to_vec(),
        (["--undump"], ["--max-gap", _]) => b"00000000: 4141\n*\n00000010: 41\n".to_vec(),
        // Groups whose order no characters tell.
        (["--undump"], _) => b"00000000: 64636261 64636261 64636261 64636261\n00000010: 64636261\n".to_vec(),
        (["-r"], _) => b"00000000: 4142 4344 4546 4748  ABCDEFGH\n00000020: 41\n".to_vec(),
        (["-r", "-p"], _) => b"41424344\n".to_vec(),
        (["-r", "-b"], _) => b"0: 01000001 01000010 01000011 01000001 01000010 01000011\n".to_vec(),
        _ => [&[0; 64][..], &[b'x'; 64], b"\xc1\xaf\n", b"abc"].concat(),
    }
}

#[test]
fn a_flag_changes_what_is_written_or_is_refused_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut counted = 0;
    let file = dir.path().join("file.bin").into_os_string().into_string().unwrap();
    for way in WAYS {
        let words = |flag: &[&'static str]| -> Vec<&str> {
            way.iter().copied().chain(flag.iter().copied()).chain([&file[..]]).collect()
        };
        for flag in FLAGS.iter().filter(|flag| !way.contains(flag.first().unwrap())) {
            fs::write(&file, sample(way, flag)).unwrap();
            let without = hex(&words(&[]), b"");
            let with = hex(&words(flag), b"");
            if with.code == Some(2) {
                let said = with.err_text();
                let said = said.lines().next().unwrap();
                let says_why =
                    [" does not go with ", "exclude each other", "says nothing", "does not read --style"]
                        .iter()
                        .any(|words| said.contains(words));
                let is_about_arrays = said.contains("an array in ") || said.contains("are decimal");
                assert!(says_why || is_about_arrays, "{way:?} {flag:?}: {said}");
                continue;
            }
            counted += 1;
            let same = (&with.out, &with.err) == (&without.out, &without.err);
            assert!(!same, "{way:?} {flag:?} changes nothing: {}", with.out_text());
        }
    }
    assert!(counted > 60, "{counted}");
}

#[test]
fn words_that_cannot_be_meant() {
    for (arguments, said) in [
        (&["-p", "--style", "box"][..], "-p and --style box exclude each other"),
        (&["-r", "--style", "od"], "-r does what xxd does, which does not read --style od; --undump does"),
        (&["-r", "-i"], "-i does not go with -r (--reverse): "),
        (&["-i", "--array", "go"], "-i is --array c: it and --array go exclude each other"),
        (&["-e", "--endian", "big"], "-e and --endian big exclude each other"),
        (&["-d", "--radix", "octal"], "-d and --radix octal exclude each other"),
        (&["-a", "--squeeze"], "-a and --squeeze exclude each other"),
        (&["-b", "-u"], "-b and -u exclude each other: bits have no letters"),
        (&["--style", "box", "-c", "8", "--panels", "1"], "--columns and --panels exclude each other"),
        (&["--style", "box", "--panels", "many"], "--panels takes a number of panels, or auto"),
        (&["--style", "box", "--panels", "0"], "has 1 to 65536 columns, asked for 0"),
        (&["--style", "box", "-g", "9"], "--group 9 does not go with --style box: a panel has 8 bytes"),
        (&["-c", "257"], "a dump in this style has 1 to 256 columns, asked for 257"),
        (&["--style", "od", "-c", "0"], "a dump in this style has 1 to 65536 columns, asked for 0"),
        (&["-e", "-g", "3"], "little-endian groups are of 1, 2, 4, 8 … bytes, asked for 3"),
        (&["-c", "-1"], "a size must be positive"),
        (&["-c", "010"], "a number that begins with 0 is octal to some tools and decimal to others"),
        (&["-s", "x"], "expected a size such as 512, 0x200, 4K, 1MiB or 2GB"),
        (&["-s", "0x8000000000000000"], "--skip is more than a file can have"),
        (&["-R", "sometimes"], "invalid value 'sometimes' for '--color <WHEN>'"),
        (&["--from", "base64", "--undump"], "invalid value 'base64' for '--from <FORM>'"),
        (&["--squeeze=all"], "invalid value 'all' for '--squeeze[=<WHICH>]'"),
        (&["-i", "-C"], "-C puts a name in capitals, and there is none"),
        (&["--array", "rust", "-C", "-n", "x"], "-C says nothing: in Rust the name is in capitals"),
        (&["--array", "json", "-n", "x"], "an array in JSON has no name"),
        (&["--array", "go", "-t"], "only C has zeros at the end that do not count"),
        (&["one", "two", "three"], "expected FILE and OUTFILE, found a third word, 'three'"),
        (&["one", "two", "--output", "three"], "an OUTFILE and --output exclude each other"),
        (&["one", "--data", "text:x"], "a FILE and --data exclude each other"),
        (&["--data", "hex:0"], "--data: "),
        (&["--pack", "!K", "1"], "--pack: column 2: unknown format code 'K'"),
        (&["--pack", "!HH", "1"], "--pack: "),
        (
            &["--pack", "!H", "70000"],
            "value 1, for 'H' at column 2: expected an integer from 0 to 65535, found 70000",
        ),
        (&["--pack", "!H", "eighty"], "--pack: value 1, 'eighty': column 1: unknown data form"),
        (&["--pack", "!H", "1", "--data", "text:x"], "--pack and --data exclude each other"),
        (&["--pack", "!H", "1", "-c", "4"], "-c (--columns) does not go with --pack without a --style"),
        (&["--unpack", "!"], "the format has no bytes"),
        (&["--unpack", "!K"], "--unpack: column 2: unknown format code 'K'"),
        (&["--unpack", "9999999999s"], "a record has at most 1073741824 bytes, not 9999999999"),
        (&["--unpack", "!H", "--json", "in", "out"], "--json goes to standard output"),
        (&["--style", "hexdump", "-v"], "-v does not go with --style hexdump: "),
    ] {
        failed(&hex(arguments, b""), 2, &[said]);
    }
}

#[test]
fn broken_dumps_have_their_place_and_what_stood_before_is_written() {
    for (arguments, input, out, said) in [
        (
            &[][..],
            &b"00000000: 4142  AC\n"[..],
            &b""[..],
            "line 1, column 18: expected 'B' in the text column",
        ),
        (
            &[],
            b"00000000: 4142  AB\n00000008: 41  A\n",
            b"AB",
            "line 2, column 1: expected offset 0x2, found 0x8",
        ),
        (&["--from", "plain"], b"4142\n4x\n", b"AB", "line 2, column 2: "),
        (&["--from", "plain"], b"4142\n4", b"AB", "line 2, column 2: "),
        (&["--from", "plain"], b"41\0", b"A", "line 1, column 3: "),
        (&[], b"no dump of anything\n", b"", "line 1, column 1: expected a dump of a form that is known"),
        (&["--from", "hexdump"], b"00000000: 4142  AB\n", b"", "line 1, column 9: "),
        (&["--from", "array"], b"[65, 66, 256]", b"AB", "line 1, column "),
        (
            &["--max-gap", "1K"],
            b"00000000: 41  A\n*\n00100000: 41  A\n",
            b"A",
            "expected no more than 1024 bytes",
        ),
    ] {
        let outcome = hex(&[&["--undump"], arguments].concat(), input);
        failed(&outcome, 1, &["jack hex: reading the dump in standard input: ", said]);
        assert_eq!(outcome.out, out, "{input:?} {outcome:?}");
        assert!(outcome.err_text().contains("\n  → "), "{outcome:?}");
    }
}

#[test]
fn a_lenient_reading_says_what_it_passed_over() {
    let outcome = hex(&["--undump", "--lenient"], b"00000000: 4142  AC\njunk\n00000004: 4344  CD\n");
    assert_eq!((outcome.code, &outcome.out[..]), (Some(0), &b"AB\0\0CD"[..]), "{outcome:?}");
    let said = outcome.err_text();
    for part in [
        "passed over: 1 line left out",
        "1 character of a text column",
        "2 bytes missing",
        "first fault: line 1",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // What is whole is read without a word.
    let whole = hex(&["--undump", "--lenient"], b"00000000: 4142  AB\n");
    assert_eq!((&whole.out[..], whole.err.len()), (&b"AB"[..], 0));
}

#[test]
fn every_dump_that_is_written_is_read() {
    let bytes: Vec<u8> = (0..=255).chain([0; 80]).chain(*b"the end\n").collect();
    for (write, read) in [
        (&[][..], &[][..]),
        (&["-a"], &[]),
        (&["-c", "5", "-g", "1", "-u"], &[]),
        (&["-d"], &[]),
        (&["-e"], &["-e"]),
        (&["-b"], &[]),
        (&["-E"], &["-E"]),
        (&["-p"], &[]),
        (&["-p", "-c", "0"], &[]),
        (&["--style", "hexdump"], &[]),
        (&["--style", "od"], &[]),
        (&["--style", "od", "--radix", "octal"], &["--radix", "octal"]),
        (&["--style", "box"], &[]),
        (&["--style", "box", "--squeeze", "--panels", "1"], &[]),
        (&["-i"], &[]),
        (&["--array", "rust", "-n", "x"], &[]),
        (&["--array", "python"], &[]),
        (&["--array", "go"], &[]),
        (&["--array", "json"], &[]),
    ] {
        let dump = hex(write, &bytes);
        assert_eq!((dump.code, dump.err_text().as_str()), (Some(0), ""), "{write:?}");
        let back = hex(&[&["--undump"], read].concat(), &dump.out);
        assert_eq!(back.err_text(), "", "{write:?}: {}", dump.out_text());
        assert!(back.out == bytes, "{write:?}: {}", dump.out_text());
    }
}

#[test]
fn files_that_cannot_be_read_or_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).into_os_string().into_string().unwrap();
    let missing = hex(&[&path("missing")], b"");
    failed(&missing, 1, &["opening ", "missing: No such file or directory (ENOENT)"]);
    advised(&missing, &["no file has this name", "correct the path"]);
    failed(&hex(&[&path("")], b""), 1, &["reading ", "Is a directory (EISDIR)"]);
    failed(&hex(&["--output", &path("no/such")], b"x"), 1, &["opening ", "(ENOENT)"]);
    for way in [&["-"][..], &["-r", "-"], &["--undump", "-"], &["--unpack", "B", "-"]] {
        for full in [&["/dev/full"][..], &["--output", "/dev/full"]] {
            let outcome = hex(&[way, full].concat(), b"00000000: 78  x\n");
            failed(&outcome, 1, &["writing /dev/full: No space left on device (ENOSPC)"]);
        }
    }
    let file = path("file");
    fs::write(&file, "text").unwrap();
    std::os::unix::fs::symlink(&file, path("link")).unwrap();
    for arguments in [
        &[&path("link")[..], &file][..],
        &[&file, "--output", &file],
        &["-r", &file, &path("link")],
        &["--undump", &file, &file],
    ] {
        failed(&hex(arguments, b""), 2, &["is the file that is read, which "]);
        assert_eq!(fs::read(&file).unwrap(), b"text", "it is as it was");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
    // Whoever may read everything reads this too.
    if fs::read(&file).is_err() {
        failed(&hex(&[&file], b""), 1, &["opening ", "Permission denied (EACCES)"]);
    }
}

#[test]
fn where_the_bytes_begin_and_end() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("f");
    fs::write(&file, "0123456789").unwrap();
    let file = file.to_str().unwrap();
    let plain = |words: &[&str], input: &[u8]| {
        let outcome = hex(&[&["--array", "json", "-c", "99"], words].concat(), input);
        assert_eq!(outcome.code, Some(0), "{words:?}: {outcome:?}");
        outcome.out_text().lines().nth(1).unwrap_or_default().trim().replace(", ", " ")
    };
    assert_eq!(plain(&["-s", "8", file], b""), "56 57");
    assert_eq!(plain(&["-s", "0x8", "-l", "1", file], b""), "56");
    assert_eq!(plain(&["-s", "-2", file], b""), "56 57");
    assert_eq!(plain(&["-s", "10", file], b""), "]");
    assert_eq!(plain(&["-s", "8", "-l", "1K"], b"0123456789"), "56 57");
    assert_eq!(plain(&["-l", "0"], b"0123456789"), "]");
    assert_eq!(plain(&["-s", "1", "--data", "text:abc"], b""), "98 99");
    for (words, said) in [
        (&["-s", "11", file][..], "has 10 bytes, and byte 11 is behind them"),
        (&["-s", "-11", file], "has fewer than 11 bytes"),
        (&["-s", "11", "-"], "standard input ends before byte 11"),
        (&["-s", "-1", "-"], "standard input has no end to count back from"),
    ] {
        failed(&hex(words, b"0123456789"), 1, &["skipping to where --skip begins: ", said]);
    }
    // In the middle of a file: from its beginning, or from there.
    let script = format!(
        "{{ head -c 4 >/dev/null; $JACK hex -s 2 -l 1 -p; }} < {file}
        {{ dd bs=1 count=4 status=none >/dev/null; $JACK hex -s +2 -l 1 -p; }} < {file}"
    );
    assert_eq!(shell(&script).out_text(), "32\n36\n");
}

#[test]
fn a_file_is_made_like_xxd_does_or_for_its_owner_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).into_os_string().into_string().unwrap();
    let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode() & 0o777;
    fs::write(path("old"), "0123456789").unwrap();
    let script = |script: &str| shell(&format!("umask 022; cd {}; {script}", dir.path().display()));
    // Patched, and not emptied.
    assert_eq!(script("echo '3: 61 62' | $JACK hex -r - old").code, Some(0));
    assert_eq!(fs::read(path("old")).unwrap(), b"012ab56789");
    script("echo '0: 61 62' | $JACK hex -r --output old; echo '00000000: 63  c' | $JACK hex --undump - new");
    assert_eq!(
        (fs::read(path("old")).unwrap(), fs::read(path("new")).unwrap()),
        (b"ab".to_vec(), b"c".to_vec())
    );
    script(
        "$JACK hex old new; $JACK hex old --output own; $JACK hex old -p dumps; $JACK hex old -p - > stdout",
    );
    assert_eq!((mode("new"), mode("own"), mode("dumps")), (0o644, 0o600, 0o644));
    assert_eq!(fs::read_to_string(path("stdout")).unwrap(), "6162\n");
    // Back in a stream there is nowhere to go.
    let back = script("printf '4: 41\\n0: 42\\n' | $JACK hex -r | cat");
    assert_eq!(back.out, b"\0\0\0\0A");
    assert!(back.err_text().contains("cannot seek backwards, from offset 5 to 0"), "{back:?}");
}

/// What is seen on a terminal; `None` where there is no Python to make one.
fn on_a_terminal(words: &[&str]) -> Option<String> {
    if find("python3").is_none() {
        skip("python3 is not installed");
        return None;
    }
    let make = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let mut command = Command::new("python3");
    command.args(["-c", make]).arg(env!("CARGO_BIN_EXE_jack")).arg("hex").args(words);
    command.env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    let outcome = run(&mut command, b"");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    Some(outcome.out_text().replace("\r\n", "\n"))
}

/// Colours, the width of a box, and packed values that would do to a terminal what they like.
#[test]
fn a_terminal_is_shown_what_suits_it() {
    let Some(seen) = on_a_terminal(&["-c", "2", "--data", "hex:6100"]) else { return };
    assert_eq!(
        seen,
        "00000000: \u{1b}[1;32m61\u{1b}[0m\u{1b}[1;37m00\u{1b}[0m  \u{1b}[1;32ma\u{1b}[0m\u{1b}[1;37m.\u{1b}[0m\n"
    );
    for words in [&["-R", "never"][..], &["--output", "/dev/null"]] {
        let seen = on_a_terminal(&[words, &["--data", "hex:6100"]].concat()).unwrap();
        assert!(!seen.contains('\u{1b}'), "{words:?} {seen:?}");
    }
    let seen = on_a_terminal(&["--pack", "!HB", "40", "91"]).unwrap();
    assert!(
        seen.contains("jack hex: the bytes as a dump, for a terminal; a pipe or --output gets them"),
        "{seen}"
    );
    assert!(seen.contains("\n00000000: "), "{seen}");
    // Without a terminal 80 columns are assumed, which are two panels.
    let dump = hex(&["--style", "box", "--panels", "auto"], b"x");
    assert_eq!(dump.out_text().lines().next().unwrap().chars().count(), 80);
    let forced = run(jack().args(["hex", "--data", "text:a"]).env("CLICOLOR_FORCE", "1"), b"");
    assert!(forced.out.contains(&0x1b));
    let forced =
        run(jack().args(["hex", "--data", "text:a"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), b"");
    assert!(!forced.out.contains(&0x1b), "{}", forced.out_text());
}

#[test]
fn a_full_disk_and_a_reader_that_has_gone() {
    failed(
        &shell("echo a | $JACK hex >/dev/full"),
        1,
        &["jack hex: writing standard output: No space left on device (ENOSPC)"],
    );
    for (way, first) in
        [("", "0"), ("-p", "7"), ("--style box", "\u{250c}"), ("-i", " "), ("--unpack B", "1")]
    {
        let bytes = first.len();
        let gone = shell(&format!("yes | $JACK hex {way} | head -c {bytes}; echo \" ${{PIPESTATUS[1]}}\""));
        assert_eq!((gone.out_text(), gone.err_text().as_str()), (format!("{first} 0\n"), ""), "{way}");
    }
    for way in ["-r -p", "--undump --from plain"] {
        let gone = shell(&format!("yes 4142 | $JACK hex {way} | head -c 2; echo \" ${{PIPESTATUS[1]}}\""));
        assert_eq!((gone.out_text().as_str(), gone.err_text().as_str()), ("AB 0\n", ""), "{way}");
    }
    let closed = shell("$JACK hex <&-");
    failed(&closed, 1, &["jack hex: reading standard input: "]);
}

/// What has come is shown at once; nobody waits for a buffer to fill.
#[test]
fn the_first_line_comes_before_the_second_is_there() {
    for style in ["xxd", "hexdump", "od", "box"] {
        let mut process = Process::start(jack().args(["hex", "--style", style]));
        process.feed(b"0123456789abcdefgh");
        process.printed("0123456");
        process.feed(b"ijklmnopqrstuv");
        process.printed(if style == "box" { "opqrstuv" } else { "ghijklmnopqrstuv" });
        process.close_input();
        assert_eq!(process.finish(support::PATIENCE).code, Some(0));
    }
    // The same lines are a * from the first that is left out.
    let mut process = Process::start(jack().args(["hex", "--style", "hexdump"]));
    process.feed(&[b'x'; 32]);
    process.printed("*\n");
    let mut process = Process::start(jack().args(["hex", "--unpack", "<H"]));
    process.feed(b"ab\0");
    process.printed("25185\n");
}

/// Memory does not grow with the input, nor with a line of it, nor with what a gap stands for.
#[test]
fn memory_is_bounded() {
    for script in [
        "head -c 1G /dev/zero | tr '\\0' 0 | $JACK hex --undump --from plain | tail -c 1 | $JACK hex -p",
        "head -c 256M /dev/zero | tr '\\0' 0 | $JACK hex -r -p | tail -c 1 | $JACK hex -p",
        "head -c 256M /dev/zero | $JACK hex -p -c 0 | tail -c 3 | $JACK hex --undump",
        "f=$(mktemp); truncate -s 256M $f; $JACK hex -p -c 0 $f | tail -c 3 | $JACK hex --undump; rm $f",
        "head -c 64M /dev/zero | tr '\\0' x | $JACK hex --undump 2>/dev/null; echo 00",
        "printf '0: 41\\n3fffffff: 00\\n' | $JACK hex --undump --from xxd --lenient 2>/dev/null | tail -c 1 | $JACK hex -p",
    ] {
        let outcome = shell(&format!("ulimit -v 262144; {script}"));
        assert!(matches!(outcome.out_text().as_str(), "00\n" | "\0"), "{script}: {outcome:?}");
        assert_eq!(outcome.err_text(), "", "{script}");
    }
}

#[test]
fn values_to_bytes_and_back() {
    for (words, bytes) in [
        (&["!HH", "80", "443"][..], &b"\0\x50\x01\xbb"[..]),
        (&["<hbf", "-5", "-1", "-1.5"], b"\xfb\xff\xff\0\0\xc0\xbf"),
        (&["!?c4s", "true", "b'x'", "text:jack"], b"\x01xjack"),
        (&["!H", "--", "-0x0"], b"\0\0"),
        (&["4x"], b"\0\0\0\0"),
    ] {
        let packed = hex(&[&["--pack"], words].concat(), b"");
        assert_eq!(
            (packed.code, &packed.out[..], packed.err_text().as_str()),
            (Some(0), bytes, ""),
            "{words:?}"
        );
    }
    let unpacked = hex(&["--unpack", "!HH4sf?c", "--data", "hex:005001bb6a61636b3fc000000141"], b"");
    assert_eq!(unpacked.out_text(), "80\n443\nb'jack'\n1.5\nTrue\nb'A'\n");
    // Record after record, also when they come in pieces.
    let bytes: Vec<u8> =
        (0..60_000_u32).flat_map(|number| [&number.to_be_bytes()[1..], &[7]].concat()).collect();
    let records = hex(&["--unpack", ">HBx"], &bytes);
    let lines: Vec<_> = records.out.split(|byte| *byte == b'\n').collect();
    assert_eq!((lines.len(), lines[2 * 59_999], lines[2 * 59_999 + 1]), (120_001, &b"234"[..], &b"95"[..]));
    let json =
        hex(&["--unpack", "!Q3sd", "--json", "--data", "hex:ffffffffffffffff61ff627ff8000000000000"], b"");
    assert_eq!(
        json.out_text(),
        "{\"schema\":1,\"job\":\"hex\"}\n\
         {\"event\":\"record\",\"offset\":0,\"values\":[18446744073709551615,{\"base64\":\"Yf9i\"},\"nan\"]}\n"
    );
    let cut = hex(&["--unpack", "!H"], b"\0\x50\x01");
    assert_eq!(cut.out_text(), "80\n");
    failed(&cut, 1, &["unpacking standard input: record 2 needs 2 bytes, and the input ends after 1"]);
    failed(&hex(&["--unpack", "!H"], b""), 1, &["record 1 needs 2 bytes, and the input ends after 0"]);
}

/// Both pipes hold a MiB once there is much to go through them, and not before.
#[test]
fn pipes_are_enlarged_when_there_is_much() {
    for way in ["", "-p", "-r", "--undump --from plain"] {
        let enlarged = |bytes: u32| {
            let script = format!(
                "head -c {bytes} /dev/zero | tr '\\0' 0 | $JACK hex {way} --trace=json | cat >/dev/null"
            );
            shell(&script).err_text().matches("F_SETPIPE_SZ").count()
        };
        assert_eq!((enlarged(200_000), enlarged(2_000_000)), (0, 2), "{way}");
    }
}

/// What a trace in JSON shows.
fn events(outcome: &Outcome) -> Vec<Value> {
    outcome.err_text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A large file goes to a file by two threads in turns: the bytes, faults, refusals and ends stay what they are through a
/// pipe, and all calls of both threads are in the trace.
#[test]
fn a_large_file_is_passed_on_by_two_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let bytes: Vec<u8> = (0..700_000_u32).flat_map(|number| number.to_le_bytes()).collect();
    let dump = hex(&[], &bytes).out;
    let (whole, broken, made) = (path("whole"), path("broken"), path("made"));
    fs::write(&whole, &dump).unwrap();
    let mut damaged = dump.clone();
    damaged[100_000 * 68 + 10] = b'x';
    fs::write(&broken, &damaged).unwrap();
    let into_file = |words: &[&str]| {
        let outcome = hex(&[words, &["--output", &made]].concat(), b"");
        (outcome, fs::read(&made).unwrap())
    };

    let mut most = 0;
    for way in [&["-r"][..], &["--undump"], &["-p"], &["-r", "-p"], &["--unpack", "B"], &["-l", "4000001"]] {
        let (from_file, out) = into_file(&[way, &[&whole]].concat());
        let from_pipe = hex(way, &dump);
        assert!(out == from_pipe.out && from_file.code == Some(0), "{way:?}");
        if way.len() == 1 {
            let (traced, out) = into_file(&[way, &["--trace=json", &whole]].concat());
            assert!(out == from_pipe.out, "{way:?}");
            let events = events(&traced);
            for (call, bytes) in [("read", dump.len()), ("write", out.len())] {
                let of = || events.iter().filter(|event| event["call"] == call);
                let threads: HashSet<_> = of().map(|event| event["thread"].as_i64()).collect();
                most = most.max(threads.len());
                let count: i64 = of().map(|event| event["result"].as_i64().unwrap()).sum();
                assert_eq!(usize::try_from(count), Ok(bytes), "{way:?} {call}");
            }
        }
    }

    // On a busy machine the second thread may come when one file is done; not each time.
    assert_eq!(most, 2, "no run was shared");

    let (fault, out) = into_file(&["--undump", &broken]);
    failed(&fault, 1, &["line 100001, column 11"]);
    assert!(out == bytes[..1_600_000]);
    let (skipped, out) = into_file(&["--undump", "--lenient", &broken]);
    assert_eq!((skipped.code, out.len()), (Some(0), bytes.len()));

    let there = format!("whole={whole} out={}", path("out"));
    let full = shell(&format!("{there}; $JACK hex --undump $whole >/dev/full"));
    failed(&full, 1, &["writing standard output: No space left on device (ENOSPC)"]);
    let limited = shell(&format!(
        "{there}; ulimit -f 1000; trap '' XFSZ; $JACK hex --undump $whole --output $out; ret=$?; stat -c %s $out; exit $ret"
    ));
    failed(&limited, 1, &["writing", "File too large (EFBIG)"]);
    assert_eq!(limited.out_text(), "1024000\n");
    let gone = shell(&format!(
        "{there}; $JACK hex $whole | tail -c +2000001 | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    ));
    assert_eq!((gone.out_text().as_str(), gone.err_text().as_str()), ("0\n", ""));
    // What is written to while it is read is read piece by piece, as ever.
    let onto_itself = shell(&format!("{there}; $JACK hex -r --trace=json <$whole 1<>$whole"));
    let threads: HashSet<_> = events(&onto_itself).iter().map(|event| event["thread"].as_i64()).collect();
    assert_eq!((onto_itself.code, threads.len()), (Some(0), 1));
    assert!(fs::read(&whole).unwrap()[..bytes.len()] == bytes);
}

/// Ctrl-C ends a run of two threads.
#[test]
fn a_run_of_two_threads_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let endless = folder.path().join("zeros");
    fs::File::create(&endless).unwrap().set_len(1 << 40).unwrap();
    let process = Process::start(jack().args(["hex", "--output", "/dev/null"]).arg(&endless));
    let threads = format!("/proc/{}/task", process.child.id());
    let until = Instant::now() + support::PATIENCE;
    while fs::read_dir(&threads).unwrap().count() < 2 && Instant::now() < until {
        std::thread::yield_now();
    }
    process.signal("INT");
    assert_eq!(process.finish(support::PATIENCE).code, Some(130));
}

/// A trace shows the calls and changes nothing.
#[test]
fn a_traced_run_gives_the_same_bytes() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let dump = hex(&[], &bytes).out;
    for (way, input) in [(&["hex"][..], &bytes), (&["hex", "--unpack", "B"], &bytes)] {
        same_when_traced(way, input);
    }
    for way in ["-r", "--undump"] {
        same_when_traced(&["hex", way], &dump);
    }
}

#[test]
fn a_plan_is_what_the_tool_and_the_job_would_open() {
    // The job catches Ctrl-C, for which it has a descriptor; the tool dies of it.
    for (command, fd) in [
        (&["xxd", "some.bin"][..], 3),
        (&["jack", "hex", "some.bin"], 4),
        (&["hex", "--undump", "some.bin"], 4),
        (&["hex", "-ps", "-r", "some.bin"], 4),
        (&["jack", "hex", "--unpack", "!H", "some.bin"], 4),
    ] {
        opens_as(command, fd);
    }
    failed(
        &run(jack().args(["explain", "--", "hex", "-p", "-d"]), b""),
        2,
        &["-d (--decimal) does not go with -p"],
    );
}
