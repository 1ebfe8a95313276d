//! `jack read` as a program: what goes to a terminal and to a pipe, order and threads, interrupts, what is written.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

#[path = "cmd/support.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{Process, failed, find, jack, run, said, skip};

/// The header of a capture of raw IP, in microseconds.
fn header() -> Vec<u8> {
    [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 262_144, 101].iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A datagram over IPv4 to port 7777, as a record.
fn record(seconds: u32, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let mut packet = vec![0x45, 0];
    packet.extend((length + 28).to_be_bytes());
    packet.extend([0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 3, 0xe8, 0x1e, 0x61]);
    packet.extend((length + 8).to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(payload);
    let length = u32::try_from(packet.len()).unwrap();
    let head: Vec<u8> = [seconds, 5, length, length].iter().flat_map(|word| word.to_le_bytes()).collect();
    [head, packet].concat()
}

/// A folder with a capture of so many datagrams, one a second, and its path.
fn capture(packets: u32, payload: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.pcap");
    let mut bytes = header();
    for second in 1..=packets {
        bytes.extend(record(second, payload));
    }
    fs::write(&path, bytes).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

fn read(words: &[&str]) -> String {
    let outcome = run(jack().arg("read").args(words).env("TZ", "UTC"), b"");
    assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()), "{words:?}");
    outcome.out_text()
}

/// Enough that it is rendered on several threads.
const MANY: u32 = 6000;
const LONG: &[u8] = &[b'x'; 800];

#[test]
fn a_large_capture_is_shown_in_its_order() {
    let (_folder, path) = capture(MANY, LONG);
    let numbers: String = (1..=MANY).map(|number| format!("{number}\n")).collect();
    assert_eq!(read(&["--field", "frame.number", &path]), format!("frame.number\n{numbers}"));
    let lines = read(&["-tt", "-#", &path]);
    let expected = |second: u32| {
        format!("{second:5}  {second}.000005 IP 10.0.0.1.1000 > 10.0.0.2.7777: UDP, length 800")
    };
    for (number, line) in (1..).zip(lines.lines()) {
        assert_eq!(line, expected(number));
    }
    assert_eq!(lines.lines().count(), usize::try_from(MANY).unwrap());
    let objects = read(&["--json", "-c", "5000", &path]);
    for (number, line) in (1..).zip(objects.lines().skip(1)) {
        assert!(line.starts_with(&format!("{{\"frame.number\":{number},")), "{line}");
    }
    assert_eq!(objects.lines().count(), 5001);
    let trees = read(&["--tree", &path]);
    assert_eq!(trees.matches("\n\n").count() + 1, usize::try_from(MANY).unwrap() + 1);
}

#[test]
fn a_terminal_gets_nothing_that_it_would_obey_and_a_pipe_all() {
    let (_folder, path) = capture(1, b"\x1b[2J\xc2\x9b31m");
    let Some(script) = find("script") else { return skip("script is not installed") };
    let jack_here = env!("CARGO_BIN_EXE_jack");
    let on_terminal = |flags: &str| {
        let line = format!("{jack_here} read {flags} {path}");
        let mut command = Command::new(&script);
        run(command.args(["-qec", &line, "/dev/null"]).env("NO_COLOR", "1").env("TERM", "xterm"), b"")
            .out_text()
    };
    // What the names of a capture are told by is not all printable: --tree and --field show text as it came.
    for flags in ["-A", "-X", "--tree", "--json", "--field data.data"] {
        let shown = on_terminal(flags);
        assert!(!shown.is_empty() && !shown.contains(['\u{1b}', '\u{9b}']), "{flags}: {shown:?}");
    }
    let line = format!("{jack_here} read -t {path}");
    let coloured = run(
        Command::new(&script).args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR").env("TERM", "xterm"),
        b"",
    );
    assert!(coloured.out_text().contains("\u{1b}[1mIP\u{1b}[0m "), "{:?}", coloured.out_text());
}

#[test]
fn packets_of_a_pipe_are_shown_as_they_come() {
    let mut reading = Process::start(jack().args(["read", "-t", "-"]));
    reading.feed(&[header(), record(1, b"one")].concat());
    reading.printed("UDP, length 3\n");
    reading.feed(&record(2, b"second"));
    reading.printed("UDP, length 6\n");
    reading.signal("INT");
    let outcome = reading.finish(Duration::from_secs(20));
    assert_eq!((outcome.code, outcome.out_text().lines().count()), (Some(130), 2));
    let mut reading = Process::start(jack().args(["read", "--field", "frame.number", "-"]));
    reading.feed(&[header(), record(1, b"one")].concat());
    reading.printed("frame.number\n1\n");
    reading.close_input();
    assert_eq!(reading.finish(Duration::from_secs(20)).code, Some(0));
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let (_folder, path) = capture(MANY, LONG);
    for flags in ["-t", "--json", "--tree", "--field=ip.src"] {
        let mut child = jack().args(["read", flags, &path]).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{flags}");
    }
}

#[test]
fn packed_captures_are_unpacked() {
    let (folder, path) = capture(3, b"abc");
    let plain = read(&["-tt", &path]);
    for (tool, flags) in [("gzip", "-kf"), ("zstd", "-qkf")] {
        if find(tool).is_none() {
            skip(&format!("{tool} is not installed"));
            continue;
        }
        assert!(Command::new(tool).args([flags, &path]).status().unwrap().success());
        let end = if tool == "gzip" { "gz" } else { "zst" };
        assert_eq!(read(&["-tt", &format!("{path}.{end}")]), plain, "{tool}");
    }
    drop(folder);
}

#[test]
fn what_is_written_is_read_again() {
    let (folder, path) = capture(5, b"abc");
    let plain = read(&["-tt", "--nano", &path]);
    for name in ["out.pcap", "out.pcapng", "out"] {
        let out = folder.path().join(name).to_str().unwrap().to_owned();
        read(&["-w", &out, &path]);
        assert_eq!(read(&["-tt", "--nano", &out]), plain, "{name}");
        let magic = fs::read(&out).unwrap()[..4].to_vec();
        assert_eq!(magic == [0x0a, 0x0d, 0x0d, 0x0a], name != "out.pcap", "{name}");
    }
    let out = folder.path().join("nano.pcap").to_str().unwrap().to_owned();
    read(&["--nano", "-c", "2", "-w", &out, &path]);
    assert_eq!(fs::read(&out).unwrap()[..4], 0xa1b2_3c4d_u32.to_le_bytes());
    assert_eq!(read(&["--count", &out]), "2 packets\n");
    let to_pipe = run(jack().args(["read", "-w", "-", &path]), b"");
    assert_eq!(to_pipe.out, fs::read(&path).unwrap(), "a copy of a pcap file is the same");
    let link = folder.path().join("link.pcap");
    std::os::unix::fs::symlink("elsewhere", &link).unwrap();
    let refused = said(&["read", "-w", link.to_str().unwrap(), &path]);
    failed(&refused, 1, &["ELOOP"]);
}

#[test]
fn a_copy_keeps_comments_and_names_of_interfaces() {
    let Some(editcap) = find("editcap") else { return skip("editcap is not installed") };
    let Some(tshark) = find("tshark") else { return skip("tshark is not installed") };
    let (folder, path) = capture(2, b"abc");
    let (with, out) = (folder.path().join("with.pcapng"), folder.path().join("out.pcapng"));
    let mut editcap = Command::new(editcap);
    assert!(editcap.args(["-a", "1:a comment"]).arg(&path).arg(&with).status().unwrap().success());
    read(&["-w", out.to_str().unwrap(), with.to_str().unwrap()]);
    let shown = |file: &Path| {
        let fields = ["-T", "fields", "-e", "frame.comment", "-e", "frame.time_epoch", "-e", "frame.len"];
        run(Command::new(&tshark).arg("-r").arg(file).args(fields), b"").out_text()
    };
    assert!(shown(&out).starts_with("a comment\t"), "{}", shown(&out));
    assert_eq!(shown(&out), shown(&with));
}

#[test]
fn every_broken_file_is_told() {
    let (folder, path) = capture(2, b"abc");
    let bytes = fs::read(&path).unwrap();
    let broken = folder.path().join("broken.pcap");
    fs::File::create(&broken).unwrap().write_all(&bytes[..bytes.len() - 1]).unwrap();
    let nonsense = folder.path().join("nonsense");
    fs::write(&nonsense, b"no capture at all").unwrap();
    let outcome = said(&["read", "-t", broken.to_str().unwrap(), nonsense.to_str().unwrap(), &path]);
    assert_eq!(outcome.out_text().lines().count(), 3);
    assert_eq!(outcome.code, Some(1));
    for said in
        ["nonsense: offset 0: neither pcap nor pcapng", "broken.pcap: offset 71: the file ends in a packet"]
    {
        assert!(outcome.err_text().contains(said), "{}", outcome.err_text());
    }
}

#[test]
fn times_are_told_in_the_zone_of_who_reads() {
    let (folder, path) = capture(1, b"abc");
    let in_zone = |zone: &str| {
        let outcome = run(jack().args(["read", "-tttt", &path]).env("TZ", zone), b"");
        outcome.out_text().split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(in_zone("UTC"), "1970-01-01 00:00:01.000005");
    assert_eq!(in_zone("CET-1"), "1970-01-01 01:00:01.000005");
    assert_eq!(in_zone("<-0330>3:30"), "1969-12-31 20:30:01.000005");
    assert_eq!(in_zone("No/Such"), "1970-01-01 00:00:01.000005");
    drop(folder);
}

#[test]
fn an_output_is_emptied_only_for_a_capture() {
    let (folder, path) = capture(2, b"abc");
    let keep = folder.path().join("keep.pcap");
    fs::copy(&path, &keep).unwrap();
    let garbage = folder.path().join("garbage");
    fs::write(&garbage, b"no capture at all").unwrap();
    let (keep, garbage) = (keep.to_str().unwrap(), garbage.to_str().unwrap());
    failed(&said(&["read", "-w", keep, garbage]), 1, &["neither pcap nor pcapng"]);
    assert_eq!(fs::read(keep).unwrap(), fs::read(&path).unwrap());
    let new = folder.path().join("new.pcap");
    failed(&said(&["read", "-w", new.to_str().unwrap(), garbage]), 1, &["neither pcap nor pcapng"]);
    assert!(!new.exists());
    failed(&said(&["read", "-w", keep, garbage, "-c", "1", &path]), 1, &["neither pcap nor pcapng"]);
    assert_eq!(read(&["--count", keep]), "1 packet\n");
}

#[test]
fn what_stands_before_what_a_pcap_file_cannot_hold_is_written() {
    let (folder, path) = capture(3, b"abc");
    let other = folder.path().join("other.pcap");
    let mut bytes = header();
    bytes[20] = 104;
    bytes.extend(record(2, b"HDLC"));
    fs::write(&other, bytes).unwrap();
    let mixed = folder.path().join("mixed.pcap");
    let (other, mixed) = (other.to_str().unwrap(), mixed.to_str().unwrap());
    failed(&said(&["read", "-w", mixed, &path, other]), 1, &["is of link type"]);
    assert_eq!(read(&["--count", mixed]), "2 packets\n");
    // A time after 2106 in pcapng: pcap counts seconds in 32 bits.
    let late = folder.path().join("late.pcapng");
    let block = |kind: u32, body: &[u8]| {
        let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
        [&kind.to_le_bytes()[..], &length, body, &length].concat()
    };
    let packet = |seconds: u64| {
        let time = seconds * 1_000_000;
        let high = u32::try_from(time >> 32).unwrap();
        let low = u32::try_from(time & 0xffff_ffff).unwrap();
        let words: Vec<u8> = [0, high, low, 4, 4].iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        block(6, &[&words[..], b"abcd"].concat())
    };
    let section = block(0x0a0d_0d0a, b"\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff");
    let interface = block(1, &[101, 0, 0, 0, 0, 0, 4, 0]);
    fs::write(&late, [section, interface, packet(1), packet(5_000_000_000)].concat()).unwrap();
    failed(&said(&["read", "-w", mixed, late.to_str().unwrap()]), 1, &["writing"]);
    assert_eq!(read(&["--count", mixed]), "1 packet\n");
}

#[test]
fn our_own_descriptors_are_written_to_by_their_names() {
    let (folder, path) = capture(2, b"abc");
    let original = fs::read(&path).unwrap();
    let bin = tempfile::tempdir().unwrap();
    let tcpdump = support::link(bin.path(), "link", "tcpdump", Path::new(env!("CARGO_BIN_EXE_jack")));
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let outcome = run(jack().args(["read", "-w", name, &path]), b"");
        assert_eq!((outcome.code, outcome.err_text()), (Some(0), String::new()), "{name}");
        assert_eq!(outcome.out, original, "{name}");
        let outcome = run(Command::new(&tcpdump).args(["-r", &path, "-w", name]), b"");
        assert_eq!((outcome.code, &outcome.out), (Some(0), &original), "{name}: {}", outcome.err_text());
    }
    // A pipe that a shell made, and a file behind what is in it.
    let log = folder.path().join("log");
    fs::write(&log, "before").unwrap();
    let line = format!("{} read -w /dev/fd/7 {path} 7>>{}", env!("CARGO_BIN_EXE_jack"), log.display());
    assert_eq!(run(Command::new("sh").args(["-c", &line]), b"").code, Some(0));
    assert!(fs::read(&log).unwrap().starts_with(b"before\xd4\xc3\xb2\xa1"));
    failed(&said(&["read", "-w", "/dev/fd/99", &path]), 1, &["opening /dev/fd/99", "EBADF"]);
}

#[test]
fn what_is_read_is_not_emptied_by_its_copy() {
    let (folder, path) = capture(2, b"abc");
    let original = fs::read(&path).unwrap();
    let twin = folder.path().join("twin.pcap");
    fs::hard_link(&path, &twin).unwrap();
    for output in [path.as_str(), twin.to_str().unwrap()] {
        failed(&said(&["read", "-w", output, &path]), 2, &["is a file that is read"]);
        let outcome = run(jack().args(["--dialect", "tcpdump", "-r", &path, "-w", output]), b"");
        assert_eq!(outcome.code, Some(1));
        assert!(outcome.err_text().contains("is a file that is read"), "{}", outcome.err_text());
    }
    let (first, list) = (folder.path().join("first"), folder.path().join("list"));
    fs::copy(&path, &first).unwrap();
    fs::write(&list, format!("{}\n{path}\n", first.display())).unwrap();
    let outcome = run(jack().args(["--dialect", "tcpdump", "-w", &path, "-V"]).arg(&list), b"");
    assert!(outcome.code == Some(1) && outcome.err_text().contains("is a file that is read"), "{outcome:?}");
    let appended = fs::OpenOptions::new().append(true).open(&path).unwrap();
    assert_eq!(jack().args(["read", "-w", "-", &path]).stdout(appended).status().unwrap().code(), Some(2));
    assert_eq!(fs::read(&path).unwrap(), original);
}

#[test]
fn a_capture_is_not_packed_and_no_text() {
    let (folder, path) = capture(1, b"abc");
    for (end, packer) in [("pcap.gz", "gzip"), ("zst", "zstd"), ("pcapng.xz", "xz")] {
        let out = folder.path().join(format!("out.{end}"));
        let outcome = said(&["read", "-w", out.to_str().unwrap(), &path]);
        failed(&outcome, 2, &["is not packed"]);
        assert!(outcome.err_text().contains(&format!("| {packer} > ")), "{}", outcome.err_text());
        assert!(!out.exists());
    }
    let Some(script) = find("script") else { return skip("script is not installed") };
    for (line, code) in [("read -w -", 2), ("read -w /dev/stdout", 2), ("--dialect tcpdump -w - -r", 1)] {
        let line = format!("{} {line} {path}", env!("CARGO_BIN_EXE_jack"));
        let outcome = run(Command::new(&script).args(["-qec", &line, "/dev/null"]), b"");
        assert_eq!(outcome.code, Some(code), "{line}");
        assert!(outcome.out_text().contains("a capture is not text"), "{}", outcome.out_text());
    }
}

#[test]
fn an_interrupt_ends_the_opening_of_a_fifo() {
    let (folder, path) = capture(1, b"abc");
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let fifo = fifo.to_str().unwrap();
    let read = [&["read", fifo][..], &["read", "-w", fifo, &path]];
    let tcpdump =
        [&["--dialect", "tcpdump", "-r", fifo][..], &["--dialect", "tcpdump", "-r", &path, "-w", fifo]];
    for words in read.iter().chain(&tcpdump) {
        let process = Process::start(jack().args(*words));
        let wchan = format!("/proc/{}/wchan", process.child.id());
        let waits = || {
            fs::read_to_string(&wchan).is_ok_and(|place| place.contains("fifo") || place.contains("partner"))
        };
        for _ in 0..200 {
            if waits() {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        process.signal("INT");
        let outcome = process.finish(Duration::from_secs(20));
        assert_eq!(outcome.code, Some(130), "{words:?}: {outcome:?}");
        assert!(!outcome.err_text().contains("EINTR") && !outcome.err_text().contains("Interrupted"));
    }
}

#[test]
fn n_goes_with_what_names_nothing() {
    let (folder, path) = capture(2, b"abc");
    let out = folder.path().join("out.pcap");
    assert_eq!(read(&["-nr", &path, "-w", out.to_str().unwrap()]), "");
    assert_eq!(fs::read(&out).unwrap(), fs::read(&path).unwrap());
    assert_eq!(read(&["-n", "--count", &path]), "2 packets\n");
    failed(&said(&["read", "-x", "-w", "-", &path]), 2, &["does not go with --output"]);
}

#[test]
fn a_word_behind_fields_is_told_how_it_is_meant() {
    for (words, expected) in [
        (&["--fields", "tcp"][..], &["'tcp' stands there", "jack read --fields=tcp lists"][..]),
        (&["--fields", "x.pcap"], &["'x.pcap' stands there", "leave it out"]),
        (
            &["--fields=dns", "--format", "tsv"],
            &["--format does not go with --fields: it is how the values of --field"],
        ),
    ] {
        let outcome = said(&[&["read"], words].concat());
        assert_eq!(outcome.code, Some(2));
        for expected in expected {
            assert!(outcome.err_text().contains(expected), "{}", outcome.err_text());
        }
    }
}

#[test]
fn who_can_unpack_a_capture_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packed");
    let path = path.to_str().unwrap();
    for (magic, packer) in
        [(&b"\xfd7zXZ\0"[..], "xz"), (b"BZh91AY&SY", "bzip2"), (b"\x04\x22\x4d\x18\x64\x40\xa7", "lz4")]
    {
        fs::write(path, magic).unwrap();
        let outcome = said(&["read", path]);
        failed(&outcome, 1, &[&format!("packed by {packer}")]);
        let fix = format!("{packer} -dc {path} | jack read -");
        assert!(outcome.err_text().contains(&fix), "{}", outcome.err_text());
        let outcome = run(jack().args(["read", "-"]), magic);
        assert!(
            outcome.err_text().contains(&format!("{packer} -dc | jack read -")),
            "{}",
            outcome.err_text()
        );
    }
}
