//! `jack base64` on what it is given and should not be: text that is broken, files that are not there, disks that are
//! full, readers that have gone. Each fault has its place, its code, and nothing before it is lost.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/support.rs"]
mod support;

use std::os::unix::fs::PermissionsExt;

use support::{Outcome, advised, failed, jack, opens_as, run, same_when_traced, shell};

fn base64(arguments: &[&str], input: &[u8]) -> Outcome {
    run(jack().arg("base64").args(arguments), input)
}

#[test]
fn broken_text_has_its_place_and_what_stood_before_is_written() {
    for (arguments, input, out, said) in [
        (
            &["-d"][..],
            &b"QUJD!"[..],
            &b"ABC"[..],
            "line 1, column 5 (offset 4): expected a base64 character, found '!'",
        ),
        (
            &["-d"],
            b"QUJD\nQ\0JD",
            b"ABC",
            "line 2, column 2 (offset 6): expected a base64 character, found 0x00",
        ),
        (
            &["-d"],
            b"QUJD\r\n",
            b"ABC",
            "line 1, column 5 (offset 4): expected a base64 character, found 0x0d",
        ),
        (
            &["-d"],
            b"QUJDQ",
            b"ABC",
            "offset 5): expected at least 2 characters in the last group of 4, found the end after 1",
        ),
        (&["-d"], b"QUI", b"AB", ""),
        (
            &["-d"],
            b"QUI==",
            b"AB",
            "offset 4): expected a base64 character, found '=' before a byte is complete",
        ),
        (&["-d"], b"QQ=", b"A", "offset 3): expected \"=\" to fill the last group of 4, found the end"),
        (
            &["-d"],
            b"QR==",
            b"A",
            "offset 1): expected a character whose unused bits are zero at the end, found 'R'",
        ),
        (
            &["-d", "--strict"],
            b"QUI",
            b"AB",
            "offset 3): expected \"=\" to fill the last group of 4, found the end",
        ),
        (&["-d", "--strict"], b"QQ==QQ==", b"A", "offset 4): expected the end after the padding, found 'Q'"),
        (&["-d", "--strict"], b"QU JD", b"A", "offset 2): expected a base64 character, found ' '"),
        (
            &["-d", "--alphabet", "base64url"],
            b"QUJDQ+JD",
            b"",
            "offset 5): expected the URL-safe base64 alphabet, found '+' of the standard one; write '-'",
        ),
        (
            &["-d", "--alphabet", "base16"],
            b"414",
            b"A",
            "offset 3): expected at least 2 characters in the last group of 2, found the end after 1",
        ),
        (
            &["-d", "--alphabet", "base32", "--strict"],
            b"me======",
            b"",
            "offset 0): expected base32 in upper case, found 'm'",
        ),
        (&["-d", "--alphabet", "base58"], b"StV0", b"", "offset 3): expected a base58 character, found '0'"),
        (
            &["-d", "--alphabet", "z85"],
            b"Hello#####",
            b"\x86O\xd2o",
            "offset 5): expected five characters of at most \"%nSc0\"",
        ),
        (
            &["-d", "--alphabet", "base2msbf"],
            b"0100000",
            b"",
            "offset 7): expected at least 8 characters in the last group of 8",
        ),
    ] {
        let outcome = base64(arguments, input);
        assert_eq!(outcome.out, out, "{arguments:?} {input:?} {outcome:?}");
        if said.is_empty() {
            assert_eq!((outcome.code, outcome.err_text().as_str()), (Some(0), ""));
        } else {
            failed(&outcome, 1, &["jack base64: decoding standard input: ", said]);
        }
    }
}

#[test]
fn python_is_followed_where_it_has_rules() {
    assert_eq!(base64(&["-d", "--python"], b"Q!U\r\nJD").out, b"ABC");
    assert_eq!(base64(&["-d", "--python"], b"QQ==QQ==").out, b"A");
    failed(&base64(&["-d", "--python"], b"QQ"), 1, &["offset 2"]);
    failed(&base64(&["-d", "--python", "--alphabet", "z85"], b""), 2, &["--python has no rules for z85"]);
}

#[test]
fn words_that_cannot_be_meant() {
    for (arguments, said) in [
        (&["-d", "--strict", "-i"][..], "--strict and --ignore-garbage exclude each other"),
        (&["-d", "--strict", "--python"], "--strict and --python exclude each other"),
        (&["--strict"], "--strict is a set of rules for decoding, so it goes with -d"),
        (&["file", "--data", "text:x"], "a FILE and --data exclude each other"),
        (&["--alphabet", "base65"], "invalid value 'base65' for '--alphabet <NAME>'"),
        (&["-w", "0x10"], "expected a whole number"),
        (&["--data", "hex:0"], "--data: "),
        (&["one", "two"], "unexpected argument 'two' found"),
    ] {
        failed(&base64(arguments, b""), 2, &[said]);
    }
}

#[test]
fn files_that_cannot_be_read_or_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).into_os_string().into_string().unwrap();
    let outcome = base64(&[&path("missing")], b"");
    failed(&outcome, 1, &["opening ", "missing: No such file or directory (ENOENT)"]);
    advised(&outcome, &["no file has this name", "correct the path"]);
    failed(&base64(&[&path("")], b""), 1, &["reading ", "Is a directory (EISDIR)"]);
    failed(
        &base64(&["--output", &path("no/such")], b"x"),
        1,
        &["opening ", "no/such: No such file or directory (ENOENT)"],
    );
    failed(
        &base64(&["--output", "/dev/full"], b"x"),
        1,
        &["writing /dev/full: No space left on device (ENOSPC)"],
    );

    let file = path("file");
    std::fs::write(&file, "text").unwrap();
    std::os::unix::fs::symlink(&file, path("link")).unwrap();
    failed(
        &base64(&["--output", &path("link")], b"x"),
        1,
        &["opening ", "link: Too many levels of symbolic links (ELOOP)"],
    );
    failed(&base64(&[&path("link"), "--output", &file], b""), 2, &["is the file that is read"]);
    assert_eq!(std::fs::read(&file).unwrap(), b"text", "it is not emptied");

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o0)).unwrap();
    // Whoever may read everything reads this too.
    if std::fs::read(&file).is_err() {
        failed(&base64(&[&file], b""), 1, &["opening ", "Permission denied (EACCES)"]);
    }
}

#[test]
fn a_file_is_made_for_its_owner_alone_and_emptied_first() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    for text in ["a longer text, which the next one has to replace", "short"] {
        let outcome = run(jack().args(["base64", "--output"]).arg(&out), text.as_bytes());
        assert_eq!((outcome.code, outcome.out.len()), (Some(0), 0));
        let back = run(jack().args(["base64", "-d"]).arg(&out), b"");
        assert_eq!(back.out_text(), text);
    }
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_full_disk_and_a_reader_that_has_gone() {
    failed(
        &shell("echo a | $JACK base64 >/dev/full"),
        1,
        &["jack base64: writing standard output: No space left on device (ENOSPC)"],
    );
    let gone = shell("yes | $JACK base64 | head -c 1; echo \" ${PIPESTATUS[1]}\"");
    assert_eq!((gone.out_text().as_str(), gone.err_text().as_str()), ("e 0\n", ""));
}

/// Both pipes hold a MiB once there is much to go through them, and not before.
#[test]
fn pipes_are_enlarged_when_there_is_much() {
    let enlarged = |bytes: u32| {
        let script = format!("head -c {bytes} /dev/zero | $JACK base64 --trace=json | cat >/dev/null");
        shell(&script).err_text().matches("F_SETPIPE_SZ").count()
    };
    assert_eq!((enlarged(200_000), enlarged(2_000_000)), (0, 2));
}

/// A trace shows the calls and changes nothing.
#[test]
fn a_traced_run_gives_the_same_bytes() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    same_when_traced(&["base64"], &bytes);
}

#[test]
fn a_plan_is_what_the_tool_and_the_job_would_open() {
    // The job catches Ctrl-C, for which it has a descriptor; the tools die of it.
    for (command, fd) in [
        (&["base64", "-d", "some.bin"][..], 3),
        (&["jack", "base64", "-d", "some.bin"], 4),
        (&["basenc", "--z85", "some.bin"], 3),
    ] {
        opens_as(command, fd);
    }
    let wrong = run(jack().args(["explain", "--", "base64", "-w", "x"]), b"");
    failed(&wrong, 2, &["base64: invalid wrap size: "]);
}
