//! The dialect `tcpdump` beside the tcpdump that is installed: what it prints, says and writes, and how it ends, on small
//! captures that are made here. What stands in a packet is `wire`'s, and compared there.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic, its helpers too")]

#[path = "cmd/support.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::{find, jack, link, run, skip};

/// The version whose text is ours.
const VERSION: &str = "tcpdump version 4.99.3\n";

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn header(magic: u32, snaplen: u32, linktype: u32) -> Vec<u8> {
    words(&[magic, 0x0004_0002, 0, 0, snaplen, linktype])
}

const USUAL: u32 = 0xa1b2_c3d4;
const NANO: u32 = 0xa1b2_3c4d;
const SNAPLEN: u32 = 262_144;
const ETHERNET: u32 = 1;

/// A record: its time, its bytes, and how many it had on the link.
fn record(seconds: u32, fraction: u32, data: &[u8], length: usize) -> Vec<u8> {
    let numbers = [seconds, fraction, data.len().try_into().unwrap(), length.try_into().unwrap()];
    [words(&numbers), data.to_vec()].concat()
}

/// A datagram over IPv4, without checksums.
fn udp(port: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let mut packet = vec![0x45, 0];
    packet.extend((length + 28).to_be_bytes());
    packet.extend([0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 3, 0xe8]);
    packet.extend(port.to_be_bytes());
    packet.extend((length + 8).to_be_bytes());
    packet.extend([0, 0]);
    packet.extend(payload);
    packet
}

fn ethernet(packet: &[u8]) -> Vec<u8> {
    [&[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0][..], packet].concat()
}

/// Packets whose every checksum is wrong: UDP without and with one, TCP, ICMP, each over IPv4, and over IPv6.
fn sums() -> Vec<Vec<u8>> {
    let none = udp(7777, b"abc");
    let mut wrong = none.clone();
    wrong[26..28].copy_from_slice(&[0x12, 0x34]);
    let over = |protocol: u8, payload: &[u8]| {
        let mut packet = none[..20].to_vec();
        packet[3] = (20 + payload.len()).try_into().unwrap();
        packet[9] = protocol;
        [packet, payload.to_vec()].concat()
    };
    let over6 = |protocol: u8, payload: &[u8]| {
        let mut packet = vec![0x60, 0, 0, 0, 0, payload.len().try_into().unwrap(), protocol, 64];
        packet.extend([0x20, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].repeat(2));
        [packet, payload.to_vec()].concat()
    };
    let tcp = [3, 0xe8, 0, 99, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x10, 0, 100, 0x12, 0x34, 0, 0];
    let icmp = [8, 0, 0x12, 0x34, 0, 1, 0, 1, 1, 2, 3, 4];
    let icmp6 = [128, 0, 0x12, 0x34, 0, 1, 0, 1, 1, 2, 3, 4];
    let datagram = wrong[20..].to_vec();
    let (v4, v6) = ((over(6, &tcp), over(1, &icmp)), (over6(6, &tcp), over6(58, &icmp6)));
    vec![none, wrong, v4.0, v4.1, v6.0, v6.1, over6(17, &datagram)]
}

/// The captures, by name.
fn captures() -> Vec<(&'static str, Vec<u8>)> {
    let text = ethernet(&udp(7777, b"hello\n\x1b[31m\x00world\tABC"));
    let mut padded = ethernet(&udp(7777, b"x"));
    padded.resize(60, 0);
    let whole = |seconds, fraction, data: &[u8]| record(seconds, fraction, data, data.len());
    let usual = [
        header(USUAL, SNAPLEN, ETHERNET),
        whole(1_700_000_000, 1, &text),
        whole(1_700_000_000, 500_000, &padded),
        record(1_700_000_001, 250_000, &text[..50], text.len()),
        whole(1_699_999_999, 7, &text),
    ]
    .concat();
    let one = |magic, linktype, data: &[u8]| [header(magic, SNAPLEN, linktype), whole(1, 2, data)].concat();
    vec![
        ("cut", usual[..usual.len() - 5].to_vec()),
        ("cut-header", usual[..24 + 16 + 63 + 7].to_vec()),
        ("cut-file", usual[..10].to_vec()),
        ("nothing", Vec::new()),
        ("text", b"hello world, this is text".to_vec()),
        ("empty", header(USUAL, SNAPLEN, ETHERNET)),
        ("raw", one(USUAL, 101, &udp(6, b"abc"))),
        ("unknown", one(USUAL, 160, &text)),
        (
            "dns",
            one(USUAL, ETHERNET, &ethernet(&udp(53, b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x03www\0\0\x01\0\x01"))),
        ),
        ("crs", one(USUAL, ETHERNET, &ethernet(&udp(6, b"a\rb\r\nc\0\x7f\x80\xff~ \r")))),
        (
            "sll2",
            one(
                USUAL,
                276,
                &[&[8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0][..], &udp(6, b"abc")]
                    .concat(),
            ),
        ),
        ("vlan", one(USUAL, ETHERNET, &[&text[..12], &[0x81, 0, 0, 5, 8, 0], &udp(6, b"abc")].concat())),
        (
            "nano",
            [header(NANO, SNAPLEN, ETHERNET), whole(1, 123_456_789, &text), whole(3, 999_999_999, &text)]
                .concat(),
        ),
        (
            "times",
            [
                header(USUAL, SNAPLEN, ETHERNET),
                whole(1, 2_000_000, &text),
                whole(0xffff_ffff, 5, &text),
                whole(2_208_988_800, 5, &text),
                whole(200_001, 1, &text),
            ]
            .concat(),
        ),
        (
            "lengths",
            [
                header(USUAL, SNAPLEN, ETHERNET),
                record(1, 2, &text, 5),
                record(1, 3, &[], 5),
                record(1, 4, &[], 0),
                record(1, 5, &text, 0),
                record(1, 6, &text[..10], 60),
                whole(1, 7, &text),
            ]
            .concat(),
        ),
        (
            "sums",
            [header(USUAL, SNAPLEN, 101), sums().iter().flat_map(|packet| whole(1, 2, packet)).collect()]
                .concat(),
        ),
        ("snaplen-30", [header(USUAL, 30, ETHERNET), whole(1, 2, &text)].concat()),
        ("snaplen-0", [header(USUAL, 0, ETHERNET), whole(1, 2, &text)].concat()),
        ("list", b"usual\nraw\nusual\n".to_vec()),
        ("list-broken", b"usual\nunknown\ncut\nusual\n".to_vec()),
        ("list-ends-broken", b"usual\ncut\n".to_vec()),
        ("list-missing", b"usual\nmissing\nusual\n".to_vec()),
        ("list-text", b"text\nusual\n".to_vec()),
        ("list-same", b"usual\nempty\nusual".to_vec()),
        ("list-line", b"\nusual".to_vec()),
        ("blank", b"  \n".to_vec()),
        ("usual", usual),
    ]
}

/// Command lines, in which `out` is a file that is compared.
const CASES: &[&str] = &[
    // Flags that change the text.
    "-n -r usual",
    "-nr usual -x",
    "-n -r usual -xx",
    "-n -r usual -X",
    "-n -r usual -XX",
    "-n -r usual -xxx",
    "-n -r usual -A",
    "-n -r usual -AA",
    "-n -r usual -xX",
    "-n -r usual -xA",
    "-n -r usual -XA",
    "-n -r usual -eX",
    "-n -r usual -eA",
    "-n -r usual -q",
    "-n -r usual -qe",
    "-n -r usual -v",
    "-n -r usual -ve",
    "-n -r crs -A",
    "-n -r crs -AA",
    "-n -r crs -X",
    "-n -r vlan -X",
    "-n -r vlan -e",
    "-n -r raw -X",
    "-n -r raw -xx",
    "-n -r snaplen-30 -X",
    "-n -r snaplen-0",
    "-n -r unknown",
    "-n -r unknown -X",
    "-n -r unknown -x",
    "-n -r unknown -A",
    "-n -r dns",
    "-n -r dns -q",
    "-n -r sll2",
    "-n -r sll2 -eX",
    "-n -r usual -T foo",
    "-n -r dns -T domain",
    // Times and numbers.
    "-n -r usual -t",
    "-n -r usual -tt",
    "-n -r usual -ttt",
    "-n -r usual -tttt",
    "-n -r usual -ttttt",
    "-n -r usual -tttttt",
    "-n -r usual --nano",
    "-n -r usual -ttt --nano",
    "-n -r usual -ttttt --micro",
    "-n -r usual --time-stamp-precision=nano",
    "-n -r usual --time-stamp-precision micro",
    "-n -r usual --time-stamp-precision pico",
    "-n -r nano",
    "-n -r nano --nano",
    "-n -r nano -ttt",
    "-n -r nano --nano -ttttt",
    "-n -r times",
    "-n -r times -tt",
    "-n -r times -ttt",
    "-n -r times -tttt",
    "-n -r times -ttttt",
    "-n -r times --nano",
    "-n -r usual -#",
    "-n -r usual --number -c 2",
    "-n -r usual -#ttc1",
    "-n -r lengths",
    "-n -r lengths -#",
    "-n -r lengths -ttt",
    "-n -r lengths -X",
    "-n -r lengths -XX",
    // How many.
    "-n -r usual --count",
    "-n -r usual -c 2 --count",
    "-r raw --count",
    "-r empty --count",
    "-n -r usual -c 1",
    "-n -r usual -c 0",
    "-n -r usual -c -1",
    "-n -r usual -c x",
    "-n -r usual -c 2x",
    "-n -r usual -c +2",
    "-n -r usual -c 99999999999",
    "-n -r usual --cou",
    // Checksums, all of which are wrong.
    "-n -r sums -v",
    "-n -r sums -vK",
    "-n -r sums -vvv --dont-verify-checksums",
    "-n -r sums -K",
    "-n -r usual -vK",
    // What is judged, and has no effect on a file.
    "-n -r usual -s 40",
    "-n -r usual -s 0",
    "-n -r usual -s 0x10",
    "-n -r usual -s -1",
    "-n -r usual -s 262145",
    "-n -r usual -s x",
    "-n -r usual -s 10k",
    "-n -r usual --snapshot-length=64",
    "-n -r usual -y EN10MB",
    "-n -r usual -y raw",
    "-n -r usual -y NONE",
    "-n -r usual --linktype NONE",
    "-n -r usual -O -p -B 10 -i lo -c 1",
    "-n -r usual -I -j host -Q in --immediate-mode -c 1",
    "-n -r usual -l -U -c 1",
    "-n -r usual -m mib -c 1",
    "-n -r usual -f",
    "-n -r usual -F blank -c 1",
    "-n -r usual -F missing",
    "-n -r usual -N -c 1",
    // Files.
    "-n -r -",
    "-n -r empty",
    "-n -r cut",
    "-n -r cut --count",
    "-n -r cut-header",
    "-n -r cut-file",
    "-n -r nothing",
    "-n -r text",
    "-n -r missing",
    "-n -r .",
    "-n -r raw -r usual",
    "-n -V list",
    "-n -V list --count",
    "-n -V list -c 2 -#",
    "-n -V list -ttt",
    "-n -V list -ttttt",
    "-n -V list-broken",
    "-n -V list-broken --count",
    "-n -V list-ends-broken",
    "-n -V list-missing -t",
    "-n -V list-text",
    "-n -V list-line",
    "-n -V nothing",
    "-n -V missing",
    "-n -V list -r usual",
    // Other captures.
    "-n -r usual -w -",
    "-n -r usual -w out",
    "-n -r usual -w out -c 2",
    "-n -r usual -w out -U",
    "-n -r usual -w out --print",
    "-n -r usual -w missing/out",
    "-n -r nano -w out",
    "-n -r nano --nano -w out",
    "-n -r usual --nano -w out",
    "-n -r times -w out",
    "-n -r lengths -w out",
    "-n -r cut -w out",
    "-n -r empty -w out",
    "-n -r unknown -w out",
    "-n -r snaplen-30 -w out",
    "-n -r snaplen-0 -w out",
    "-n -V list -w out",
    "-n -V list-same -w out",
    "-n -V list-broken -w out",
    // Names, where services are known.
    "-r usual -c 1",
    "-r dns",
    "-N -r dns",
];

/// What a run came to: exit code, output, messages, and the capture that was written.
type Came = (Option<i32>, String, String, Option<Vec<u8>>);

fn came(program: &Path, line: &str, folder: &Path) -> Came {
    let out = folder.join("out");
    let _ = fs::remove_file(&out);
    let mut command = Command::new(program);
    command
        .args(line.split(' '))
        .current_dir(folder)
        .env("TZ", "Asia/Kathmandu")
        .env_remove("POSIXLY_CORRECT");
    let outcome = run(&mut command, &fs::read(folder.join("usual")).unwrap());
    let shown = |bytes: &[u8]| bytes.escape_ascii().to_string().replace("\\n", "\n");
    (outcome.code, shown(&outcome.out), shown(&outcome.err), fs::read(out).ok())
}

#[test]
fn captures_are_read_as_tcpdump_reads_them() {
    let Some(peer) = find("tcpdump") else { return skip("tcpdump is not installed") };
    let version = run(Command::new(&peer).arg("--version"), b"").out_text();
    if !version.starts_with(VERSION) {
        return skip(&format!("not {VERSION}: {version}"));
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in captures() {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let bin = tempfile::tempdir().unwrap();
    let ours = link(bin.path(), "link", "tcpdump", Path::new(env!("CARGO_BIN_EXE_jack")));
    let mut differ = String::new();
    for line in CASES {
        let (theirs, ours) = (came(&peer, line, folder.path()), came(&ours, line, folder.path()));
        if theirs != ours {
            differ.push_str(&format!("tcpdump {line}\n  theirs {theirs:?}\n  ours   {ours:?}\n"));
        }
    }
    assert!(differ.is_empty(), "{differ}");
}

/// What is not understood is said in getopt's words; what we do not have, by its name.
#[test]
fn what_is_not_there_is_refused_by_name() {
    let said = |words: &[&str]| {
        let outcome = run(jack().args(["--dialect", "tcpdump"]).args(words), b"");
        assert_eq!(outcome.code, Some(1), "{words:?}");
        outcome.err_text().lines().next().unwrap_or_default().to_owned()
    };
    for (words, expected) in [
        (&["-g"][..], "tcpdump: invalid option -- 'g'"),
        (&["-r"], "tcpdump: option requires an argument -- 'r'"),
        (&["--foo"], "tcpdump: unrecognized option '--foo'"),
        (&["--number=3"], "tcpdump: option '--number' doesn't allow an argument"),
    ] {
        assert_eq!(said(words), expected);
    }
    for letter in ["-b", "-d", "-D", "-E", "-H", "-J", "-L", "-M", "-u", "-C", "-G", "-W", "-z"] {
        assert!(
            said(&[letter, "1"]).starts_with(&format!("tcpdump: {letter} is not in this version")),
            "{letter}"
        );
    }
    assert!(said(&["-i", "lo"]).contains("capturing from an interface is not in this version"));
}

#[test]
fn a_filter_is_refused_after_the_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in captures() {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    for words in [&["-r", "usual", "tcp"][..], &["-r", "usual", "-F", "list"]] {
        let outcome = run(jack().args(["--dialect", "tcpdump"]).args(words).current_dir(folder.path()), b"");
        let said = outcome.err_text();
        assert_eq!((outcome.code, outcome.out_text()), (Some(1), String::new()));
        assert!(
            said.starts_with("reading from file usual, ") && said.contains("filter expressions are not"),
            "{said}"
        );
    }
}

/// Who is not root has no privileges to give up: `-Z` changes nothing then, in tcpdump neither. Root would become another
/// user, which is refused.
#[test]
fn another_user_is_for_root_alone() {
    let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0;
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in captures() {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let usual = fs::read(folder.path().join("usual")).unwrap();
    let words = ["--dialect", "tcpdump", "-n", "-r", "-", "-Z", "no-such-user", "--count"];
    let outcome = run(jack().args(words), &usual);
    if is_root {
        assert_eq!(outcome.code, Some(1));
        assert!(
            outcome.err_text().starts_with("tcpdump: -Z is not in this version"),
            "{}",
            outcome.err_text()
        );
        let Some(setpriv) = find("setpriv") else { return skip("setpriv is not installed") };
        // What nobody may run stands where nobody may go.
        let jack = folder.path().join("jack");
        fs::copy(env!("CARGO_BIN_EXE_jack"), &jack).unwrap();
        for path in [folder.path(), &jack] {
            let everyone = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(path, everyone).unwrap();
        }
        let nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
        let outcome = run(Command::new(setpriv).args(nobody).arg(jack).args(words), &usual);
        assert_eq!(
            (outcome.code, outcome.out_text().as_str()),
            (Some(0), "4 packets\n"),
            "{}",
            outcome.err_text()
        );
    } else {
        assert_eq!(
            (outcome.code, outcome.out_text().as_str()),
            (Some(0), "4 packets\n"),
            "{}",
            outcome.err_text()
        );
    }
}
