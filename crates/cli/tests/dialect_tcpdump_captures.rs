//! The dialect tcpdump held against the installed tcpdump on the captures beside the checkout: every case of its list, with
//! the share of equal ones for each protocol. What is out of order or foreign must at least end, soon, and with little text.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code: a panic is a failure")]

mod common;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::{JACK, installed};

/// The protocols that are told, and how the names of their cases begin.
const PROTOCOLS: &[(&str, &[&str])] = &[
    ("DHCP", &["dhcp-"]),
    ("DHCPv6", &["dhcpv6-"]),
    ("DNS", &["dns", "edns"]),
    ("ESP", &["esp0"]),
    ("Ethernet", &["print-"]),
    ("Geneve", &["geneve"]),
    ("GRE", &["gre"]),
    ("ICMP", &["icmp-", "rfc5837"]),
    ("ICMPv6", &["icmpv6", "dio"]),
    ("IGMP", &["igmp"]),
    ("IPv6", &["ipv6-"]),
    ("MPLS", &["mpls-traceroute"]),
    ("NTP", &["ntp"]),
    ("PPPoE", &["pppoe"]),
    ("RADIUS", &["radius"]),
    ("SSH", &["ssh"]),
    ("STP", &["stp", "rstp", "mstp"]),
    ("syslog", &["syslog"]),
    ("TCP", &["tcp", "mptcp", "tfo"]),
    ("TFTP", &["tftp"]),
    ("VXLAN", &["vxlan"]),
];

/// What the names of cases have in them whose packets are broken on purpose.
const BROKEN: &[&str] = &[
    "oobr",
    "overflow",
    "asan",
    "segfault",
    "loop",
    "invalid",
    "bad",
    "too-long",
    "length-zero",
    "sigsegv",
    "kh-timed",
    "cve",
];

/// The share of equal cases that there must be, in hundredths, of those that are not broken.
const LEAST: usize = 95;

/// The longest that any case may take.
const LONGEST: Duration = Duration::from_secs(1);

/// A case: its name, its capture, its options.
struct Case {
    name: String,
    capture: String,
    options: Vec<String>,
}

impl Case {
    /// Tells whether only packets that a filter lets through are read.
    fn has_filter(&self) -> bool {
        let mut words = self.options.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-T" => drop(words.next()),
                word if !word.starts_with('-') => return true,
                _ => {}
            }
        }
        false
    }
}

/// How a case went.
struct Result {
    protocol: Option<&'static str>,
    is_broken: bool,
    has_filter: bool,
    is_equal: bool,
}

fn captures() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = root.ancestors().map(|up| up.join("shared/captures/tcpdump")).find(|folder| folder.is_dir());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "../shared/captures is not there, and CI has to have it");
        writeln!(std::io::stderr(), "skipped: ../shared/captures is not there").unwrap();
    }
    found
}

fn cases(folder: &Path) -> Vec<Case> {
    let list = std::fs::read_to_string(folder.join("TESTLIST")).unwrap();
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let case = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        let (name, capture) = (words.next().unwrap(), words.next().unwrap());
        Case { name, capture, options: words.skip(1).collect() }
    };
    lines.map(case).filter(|case| folder.join(&case.capture).exists()).collect()
}

fn read(program: &mut Command, case: &Case, folder: &Path) -> Output {
    let words = ["-#", "-n", "-r", &case.capture];
    program.args(words).args(&case.options).env("TZ", "UTC").current_dir(folder).output().unwrap()
}

fn play(case: &Case, folder: &Path) -> Result {
    let theirs = read(&mut Command::new("tcpdump"), case, folder);
    let begin = Instant::now();
    let ours = read(Command::new(JACK).args(["--dialect", "tcpdump"]), case, folder);
    let took = begin.elapsed();
    let words = String::from_utf8_lossy(&ours.stderr);
    assert!(ours.status.code().is_some_and(|code| code <= 2), "{}: {:?}, {words}", case.name, ours.status);
    assert!(took <= LONGEST, "{}: {took:?}", case.name);
    let len = std::fs::metadata(folder.join(&case.capture)).unwrap().len();
    let most = usize::try_from(len).unwrap() * 100 + 10_000;
    assert!(ours.stdout.len() <= most, "{}: {} bytes of text for {len}", case.name, ours.stdout.len());
    let protocol = PROTOCOLS.iter().find(|(_, names)| names.iter().any(|name| case.name.starts_with(name)));
    Result {
        protocol: protocol.map(|(protocol, _)| *protocol),
        has_filter: case.has_filter(),
        is_broken: BROKEN.iter().any(|word| case.name.contains(word)),
        is_equal: ours.stdout == theirs.stdout,
    }
}

#[test]
fn captures_are_read_as_tcpdump_reads_them() {
    let Some(folder) = captures() else { return };
    if !installed("tcpdump") {
        return;
    }
    let (queue, results) = (Mutex::new(cases(&folder)), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = { queue.lock().unwrap().pop() } {
                    let result = play(&case, &folder);
                    results.lock().unwrap().push((case.name, result));
                }
            });
        }
    });
    let results = results.into_inner().unwrap();
    let mut shares: BTreeMap<&str, (usize, usize, Vec<&str>)> = BTreeMap::new();
    let mut count = |name, is_equal, case| {
        let (equal, all, missed) = shares.entry(name).or_default();
        *all += 1;
        if is_equal { *equal += 1 } else { missed.push(case) }
    };
    for (name, result) in &results {
        match result.protocol {
            _ if result.has_filter => count("filters to come", result.is_equal, name),
            _ if result.is_broken => count("broken packets", result.is_equal, name),
            Some(protocol) => {
                count(protocol, result.is_equal, name);
                count("all of these", result.is_equal, name);
            }
            None => count("protocols to come", result.is_equal, name),
        }
    }
    // Past the harness, which would keep it to itself.
    let mut err = std::io::stderr();
    for (name, (equal, all, missed)) in &shares {
        writeln!(err, "{name}: {equal} of {all} cases as tcpdump has them; others: {}", missed.join(" "))
            .unwrap();
    }
    let (equal, all, _) = &shares["all of these"];
    assert!(equal * 100 >= all * LEAST, "{equal} of {all}");
}
