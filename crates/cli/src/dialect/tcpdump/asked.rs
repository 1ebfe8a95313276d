//! What a command line of tcpdump asks for, judged in the order in which it stands.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;

use jackfield::capture::file::{Dump, Precision, Stamp};
use jackfield::pcap::LinkType;
use jackfield::wire::line::Style;
use jackfield::wire::{Id, Space, stack};

use super::{End, help, say, version};
use crate::dialect::getopt::{Getopt, Typed};
use crate::face::Face;

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) file: Option<OsString>,
    pub(super) list: Option<OsString>,
    pub(super) write: Option<OsString>,
    pub(super) filter_file: Option<OsString>,
    pub(super) expression: Vec<OsString>,
    pub(super) style: Style,
    pub(super) stamp: Stamp,
    pub(super) precision: Precision,
    pub(super) dump: Dump,
    pub(super) has_number: bool,
    pub(super) is_numeric: bool,
    pub(super) short_names: bool,
    pub(super) is_eager: bool,
    pub(super) prints: bool,
    pub(super) counts: bool,
    pub(super) most: Option<u64>,
    /// What all of a space of numbers is taken for.
    pub(super) taken: Vec<(Space, Id)>,
}

/// The types of `-T`, and by which names `wire` knows them; of datagrams, and those of segments too.
const TYPES: &[(&str, &str, &[Space])] = &[
    ("aodv", "aodv", UDP),
    ("carp", "carp", UDP),
    ("cnfp", "cflow", UDP),
    ("domain", "dns", BOTH),
    ("lmp", "lmp", UDP),
    ("pgm", "pgm", UDP),
    ("pgm_zmtp1", "pgm", UDP),
    ("ptp", "ptp", UDP),
    ("radius", "radius", UDP),
    ("resp", "resp", TCP),
    ("rpc", "rpc", BOTH),
    ("rtcp", "rtcp", UDP),
    ("rtp", "rtp", UDP),
    ("snmp", "snmp", UDP),
    ("someip", "someip", UDP),
    ("tftp", "tftp", UDP),
    ("vat", "vat", UDP),
    ("vxlan", "vxlan", UDP),
    ("wb", "wb", UDP),
    ("zmtp1", "zmtp", BOTH),
];
const UDP: &[Space] = &[Space::UdpPort];
const TCP: &[Space] = &[Space::TcpPort];
const BOTH: &[Space] = &[Space::UdpPort, Space::TcpPort];

/// The most bytes of a packet.
const SNAPLEN: i64 = 262_144;

/// Options that tcpdump has and this version has no job for: letters, long names, and what they are about.
const REFUSED: &[(&str, &[&str], &str)] = &[
    ("b", &[], "AS numbers with dots"),
    ("C", &[], "files of a size"),
    ("d", &[], "showing compiled filters"),
    ("D", &["list-interfaces"], "listing interfaces"),
    ("E", &[], "decrypting IPsec"),
    ("G", &[], "files of a time"),
    ("H", &[], "802.11s mesh headers"),
    ("J", &["list-time-stamp-types"], "listing kinds of time stamps"),
    ("L", &["list-data-link-types"], "listing link types"),
    ("M", &[], "checking digests of TCP"),
    ("u", &[], "handles of NFS"),
    ("W", &[], "a number of files"),
    ("z", &[], "commands after a file"),
];

/// Reads a command line.
pub(super) fn read(name: &str, words: Vec<OsString>) -> Result<Asked, End> {
    let mut asked = Asked::default();
    let (mut stamps, mut hex, mut hex_and_ascii, mut ascii) = (0_u8, 0_u8, 0_u8, 0_u8);
    let mut getopt = Getopt::new(Face::Tcpdump, words);
    while let Some(Typed { id, value }) = getopt.next().map_err(refused)? {
        let text = value.to_string_lossy();
        match id {
            "ascii" => ascii = ascii.saturating_add(1),
            "hex" => hex = hex.saturating_add(1),
            "hex-and-ascii" => hex_and_ascii = hex_and_ascii.saturating_add(1),
            "stamp" => stamps = stamps.saturating_add(1),
            "max-count" => {
                let count =
                    i32_of(&text).and_then(|count| u64::try_from(count).ok()).filter(|count| *count > 0);
                let count = count.ok_or_else(|| End::said(format!("invalid packet count {text}")))?;
                asked.most = Some(count);
            }
            "count" => asked.counts = true,
            "link-header" => asked.style.link = true,
            "filter-file" => asked.filter_file = Some(value.clone()),
            "line-buffered" | "packet-buffered" => asked.is_eager = true,
            "no-names" => asked.is_numeric = true,
            "short-names" => asked.short_names = true,
            "number" => asked.has_number = true,
            "print" => asked.prints = true,
            "quiet" => asked.style.quiet = true,
            "read-file" => asked.file = Some(value.clone()),
            "absolute" => asked.style.absolute = true,
            "snapshot-length" => snaplen(&text)?,
            "type" => asked.taken = taken(&text)?,
            "verbose" => asked.style.verbose = asked.style.verbose.saturating_add(1),
            "read-list" => asked.list = Some(value.clone()),
            "write-file" => asked.write = Some(value.clone()),
            "linktype" => {
                LinkType::from_name(&text)
                    .ok_or_else(|| End::said(format!("invalid data link type {text}")))?;
            }
            "precision" => {
                asked.precision = match &text[..] {
                    "micro" => Precision::Micro,
                    "nano" => Precision::Nano,
                    _ => return Err(End::said("unsupported time stamp precision")),
                };
            }
            "micro" => asked.precision = Precision::Micro,
            "nano" => asked.precision = Precision::Nano,
            "help" => return Err(End::Told(help(name))),
            "version" => return Err(End::Told(version(name))),
            "dont-verify-checksums" => asked.style.unchecked = true,
            // tcpdump of who is not root stays who it is, and does not even look the user up.
            "relinquish-privileges" if is_root() => {
                return Err(End::said(
                    "-Z is not in this version of jack: another user (jack gives up its privileges by itself)",
                ));
            }
            "smi" => say(name, format!("ignoring option `-m {text}' (no libsmi support)").as_bytes()),
            "foreign" => return Err(End::said("-f can not be used with -V or -r")),
            // What is left is for who captures.
            _ => {}
        }
    }
    asked.stamp =
        Stamp::said(stamps).ok_or_else(|| End::said("only -t, -tt, -ttt, -tttt and -ttttt are supported"))?;
    asked.dump = match (hex_and_ascii, hex, ascii) {
        (0, 0, 0) => Dump::Nothing,
        (0, 0, times) => Dump::Ascii { link: times > 1 },
        (0, times, _) => Dump::Hex { link: times > 1 },
        (times, ..) => Dump::HexAndAscii { link: times > 1 },
    };
    asked.expression = getopt.operands();
    Ok(asked)
}

/// Tells whether root runs this. A process that may not be looked into belongs to root, too: proc(5).
fn is_root() -> bool {
    std::fs::metadata("/proc/self").map_or(true, |process| process.uid() == 0)
}

/// Finds what a type of packets is; the last one that is given counts.
fn taken(name: &str) -> Result<Vec<(Space, Id)>, End> {
    let known = TYPES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    let (known, ours, spaces) = known.ok_or_else(|| End::said(format!("unknown packet type `{name}'")))?;
    let id = stack::named(ours).ok_or_else(|| {
        End::said(format!("-T {known} is not in this version of jack: it does not know this protocol"))
    })?;
    Ok(spaces.iter().map(|space| (*space, id)).collect())
}

/// What is said of an option that getopt does not find: that we do not have it, where tcpdump has.
fn refused(words: Vec<u8>) -> End {
    let said = String::from_utf8_lossy(&words);
    let letter = said.strip_prefix("invalid option -- '").and_then(|rest| rest.strip_suffix('\''));
    let long = said.strip_prefix("unrecognized option '--").and_then(|rest| rest.strip_suffix('\''));
    let long = long.map(|long| long.split('=').next().unwrap_or_default());
    let is_meant = |(one, all, _): &&(&str, &[&str], &str)| {
        letter == Some(one) || long.is_some_and(|long| all.contains(&long))
    };
    match REFUSED.iter().find(is_meant) {
        Some((letter, _, what)) => End::said(format!("-{letter} is not in this version of jack: {what}")),
        None => End::Usage(words),
    }
}

/// Reads a number as atoi(3) does into an int.
fn i32_of(text: &str) -> Option<i32> {
    let text = text.trim_start();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let digits = digits.get(..end).filter(|digits| !digits.is_empty())?;
    let number = digits.parse::<i64>().unwrap_or(i64::MAX);
    let number = if negative { -number } else { number };
    let [a, b, c, d, ..] = number.to_le_bytes();
    Some(i32::from_le_bytes([a, b, c, d]))
}

/// Judges a snapshot length, which strtol(3) reads whole.
fn snaplen(text: &str) -> Result<(), End> {
    let wrong = || End::said(format!("invalid snaplen {text} (must be >= 0 and <= {SNAPLEN})"));
    let digits = text.trim_start();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let number = match (hexadecimal, digits.strip_prefix('0')) {
        (Some(digits), _) => i64::from_str_radix(digits, 16),
        (None, Some(digits)) if !digits.is_empty() => i64::from_str_radix(digits, 8),
        _ => digits.parse(),
    };
    let is_plain = |c: char| c.is_ascii_hexdigit() || matches!(c, 'x' | 'X');
    match number {
        Ok(number) if (0..=SNAPLEN).contains(&number) && digits.chars().all(is_plain) => Ok(()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[&str]) -> String {
        match read("tcpdump", words.iter().map(OsString::from).collect()) {
            Err(End::Failed(words) | End::Usage(words)) => String::from_utf8(words).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn flags_stand_together_and_count() {
        let asked =
            read("tcpdump", ["-nnvvXXttt#qSc5", "-r", "x", "tcp"].map(OsString::from).to_vec()).unwrap();
        assert_eq!((asked.style.verbose, asked.stamp, asked.most), (2, Stamp::Delta, Some(5)));
        assert_eq!(asked.dump, Dump::HexAndAscii { link: true });
        assert!(asked.is_numeric && asked.has_number && asked.style.quiet && asked.style.absolute);
        assert_eq!((asked.file, asked.expression), (Some("x".into()), vec!["tcp".into()]));
    }

    #[test]
    fn what_is_wrong_is_said_in_tcpdump_s_words() {
        assert_eq!(said(&["-c", "0"]), "invalid packet count 0");
        assert_eq!(said(&["-c", "x"]), "invalid packet count x");
        assert_eq!(said(&["-s", "10k"]), "invalid snaplen 10k (must be >= 0 and <= 262144)");
        assert_eq!(said(&["-s", "-1"]), "invalid snaplen -1 (must be >= 0 and <= 262144)");
        assert_eq!(said(&["-tttttt"]), "only -t, -tt, -ttt, -tttt and -ttttt are supported");
        assert_eq!(said(&["-g"]), "invalid option -- 'g'");
        assert!(said(&["-d"]).starts_with("-d is not in this version of jack"));
        assert!(said(&["--list-interfaces"]).starts_with("-D is not"));
    }

    #[test]
    fn numbers_are_c_s() {
        assert_eq!(
            (i32_of(" +2x"), i32_of("-"), i32_of("99999999999")),
            (Some(2), None, Some(1_215_752_191))
        );
        for good in ["0", "0x10", "010", "262144"] {
            assert!(snaplen(good).is_ok(), "{good}");
        }
    }
}
