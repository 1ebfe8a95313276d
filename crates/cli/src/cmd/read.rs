//! `jack read`: captures as lines, fields, JSON, trees, or as another capture.

mod copy;
mod fields;
mod reading;
mod ways;

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use jackfield::capture::file::{DecodeAs, Dump, Json, Precision, Sink, Stamp, Text, Tree, Zone};
use jackfield::pcap::LinkType;
use jackfield::sock;
use jackfield::sock::privilege::{self, Keep};
use jackfield::wire::line::Style;
use serde_json::json;

use self::copy::Target;
use self::reading::Reading;
use self::ways::Way;
use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Job, Kind, Record};
use crate::packets::{self, Lines, Lookup};
use crate::render::error::Advised;
use crate::render::{events, out, trace};
use crate::through::{Broken, Output};

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "read",
    about: "Packets of captures as text like tcpdump's, fields, JSON or trees",
    usage: &["jack read [OPTIONS] FILE…"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack read trace.pcap", "a line for each packet in tcpdump's words, and some of ours"),
            (
                "jack read -#tttt a.pcap b.pcapng.gz",
                "two captures in the order of time, with number and date",
            ),
            (
                "jack read --field ip.src,frame.len trace.pcap > sizes.csv",
                "two fields, and nothing else read",
            ),
            (
                "jack read --json trace.pcap | jq '.\"dns.qry.name\"'",
                "one object a line, under Wireshark's names",
            ),
            ("jack read --tree -c 1 trace.pcap", "every field of the first packet, and where it stands"),
            ("jack read --fields=tcp", "what there is to ask for"),
            (
                "jack read -c 1000 -w first.pcap trace.pcapng.zst",
                "the first thousand packets as a capture of its own",
            ),
        ],
        references: &["exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let way = Way::of(given);
    way.check(given)?;
    if way == Way::Fields {
        return fields::list(given);
    }
    let asked = Asked::of(given)?;
    let table = if way == Way::Table { Some(fields::table(given, &asked.rules)?) } else { None };
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    let mut lines = lines(given, way);
    let sources = reading::open(&asked.files, &lines)?;
    let target = given.text("output").map(|path| Target::of(path, &sources, given)).transpose()?;
    if sock::rehearsing() {
        return reading::rehearse(sources, target);
    }
    // A file is emptied when there is something to write to it, and not before.
    privilege::lower(if target.is_some() { Keep::NetworkAndFiles } else { Keep::Nothing })?;
    let mut reading = Reading::begin(sources, &asked)?;
    if target.is_some() && !reading.has_any() {
        return reading.end(Ok(()));
    }
    let copy = target.map(Target::create).transpose()?;
    privilege::lower(Keep::Nothing)?;
    let done = match way {
        Way::Count => reading.count().and_then(|count| tell_count(given, count)),
        Way::Write => copy.map_or(Ok(()), |copy| copy.all(&mut reading)),
        Way::Json => {
            events::begin(JOB.name);
            reading.through(Json::new(&asked.rules), &mut lines)
        }
        Way::Tree => reading.through(Tree::new(&asked.rules, packets::zone()), &mut lines),
        Way::Table => match table {
            Some(table) => {
                let begun = lines.append(|out| table.header(out)).map_err(broken);
                begun.and_then(|()| reading.through(table, &mut lines))
            }
            None => Ok(()),
        },
        Way::Lines | Way::Fields => reading.through(text(given, &asked)?, &mut lines),
    };
    // What there is when Ctrl-C comes is a partial result.
    let flushed = lines.flush().map_err(broken);
    reading.end(done.and(flushed))
}

/// What was asked for, judged before a file is opened.
struct Asked {
    files: Vec<OsString>,
    most: Option<u64>,
    limit: Option<usize>,
    linktype: Option<LinkType>,
    rules: Vec<DecodeAs>,
    stamp: Stamp,
}

impl Asked {
    fn of(given: &Given) -> Result<Self, Failure> {
        let rules = given.all("decode-as").into_iter().map(|rule| {
            let wrong = |wrong| Failure::usage(format!("--decode-as: {wrong}"));
            DecodeAs::parse(&rule.to_string_lossy()).map_err(wrong)
        });
        let stamp = Stamp::said(given.count("stamp"));
        if let Some(path) = given.text("filter-file") {
            let mut expression = OsString::from("@");
            expression.push(path);
            let filter = common::bytes_of("-F", &[expression])?;
            if !filter.iter().all(u8::is_ascii_whitespace) {
                return Err(no_filters(&String::from_utf8_lossy(&filter)));
            }
        }
        if given.number("max-count") == Some(0) {
            return Err(Failure::usage("-c (--max-count) takes at least 1"));
        }
        let limit = given.size("snapshot-length").filter(|limit| *limit > 0);
        Ok(Self {
            files: files(given)?,
            most: given.number("max-count").map(u64::from),
            limit: limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            linktype: given.text("linktype").map(linktype).transpose()?,
            rules: rules.collect::<Result<_, _>>()?,
            stamp: stamp.ok_or_else(|| Failure::usage("only -t, -tt, -ttt, -tttt and -ttttt are known"))?,
        })
    }
}

/// Returns where lines go: to a terminal each at once, clean, and those of packets in colour.
fn lines(given: &Given, way: Way) -> Lines {
    let lines = Lines::new(Output::standard(), given.switch("line-buffered"));
    if !std::io::stdout().is_terminal() {
        return lines;
    }
    let colours = anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never;
    lines.for_terminal(colours && way == Way::Lines)
}

/// Makes what writes lines.
fn text(given: &Given, asked: &Asked) -> Result<Text, Failure> {
    let style = Style {
        verbose: given.count("verbose"),
        quiet: given.switch("quiet"),
        link: given.switch("link-header"),
        absolute: given.switch("absolute"),
        own: true,
        ..Style::default()
    };
    let dump = match ["hex-and-ascii", "hex", "ascii"].map(|flag| given.count(flag)) {
        [0, 0, 0] => Dump::Nothing,
        [0, 0, times] => Dump::Ascii { link: times > 1 },
        [0, times, _] => Dump::Hex { link: times > 1 },
        [times, ..] => Dump::HexAndAscii { link: times > 1 },
    };
    let zone = if asked.stamp.is_local() { packets::zone() } else { Zone::UTC };
    let mut text =
        Text::new(style, asked.stamp, precision(given)?, zone).dumping(dump).decoding(&asked.rules);
    if given.switch("number") {
        text = text.numbered();
    }
    let is_numeric = !given.switch("resolve") || given.switch("no-resolve");
    let resolver = common::resolver(given)?.remembering();
    let names = Lookup::new(resolver, given.switch("short-names")).numeric(is_numeric);
    Ok(text.naming(Box::new(names)))
}

/// Which precision was asked for.
fn precision(given: &Given) -> Result<Precision, Failure> {
    match (given.switch("nano"), given.switch("micro")) {
        (true, true) => Err(Failure::usage("--nano and --micro exclude each other")),
        (true, false) => Ok(Precision::Nano),
        (false, _) => Ok(Precision::Micro),
    }
}

fn tell_count(given: &Given, count: u64) -> Result<(), Failure> {
    if given.switch("json") {
        events::begin(JOB.name);
        return out::line(&json!({ "event": "count", "packets": count }));
    }
    out::words(&format!("{count} packet{}\n", if count == 1 { "" } else { "s" }))
}

/// What went wrong with a file or the output, as a failure of the job.
fn broken(broken: Broken) -> Failure {
    broken.into_failure(|never| match never {})
}

/// Lists the captures. What is no file and looks like a filter is told to be one.
fn files(given: &Given) -> Result<Vec<OsString>, Failure> {
    let words = given.all("captures");
    let mut files = given.all("read-file");
    for (index, word) in words.iter().enumerate() {
        let text = word.to_string_lossy();
        let first = text.split(|c: char| !c.is_ascii_alphanumeric()).find(|part| !part.is_empty());
        if !files.is_empty()
            && first.is_some_and(|first| FILTER_WORDS.contains(&first))
            && std::fs::symlink_metadata(word).is_err()
        {
            let filter = words.get(index..).unwrap_or_default().join(OsStr::new(" "));
            return Err(no_filters(&filter.to_string_lossy()));
        }
        files.push(word.clone());
    }
    if files.is_empty() {
        return Err(Failure::usage("which capture? - is standard input"));
    }
    if files.iter().filter(|file| *file == "-").count() > 1 {
        return Err(Failure::usage("standard input can be read once: - stands there twice"));
    }
    Ok(files)
}

/// Words that filters begin with: pcap-filter(7).
const FILTER_WORDS: &[&str] = &[
    "and",
    "arp",
    "broadcast",
    "dst",
    "ether",
    "greater",
    "host",
    "icmp",
    "icmp6",
    "igmp",
    "ip",
    "ip6",
    "len",
    "less",
    "mpls",
    "multicast",
    "net",
    "not",
    "or",
    "port",
    "portrange",
    "pppoes",
    "proto",
    "sctp",
    "src",
    "tcp",
    "udp",
    "vlan",
];

fn no_filters(filter: &str) -> Failure {
    let words = format!("'{}' is a filter, which this version has not", filter.escape_debug());
    let fix = "--json and --field give what grep, jq or awk can choose from".to_owned();
    Failure { exit: Exit::Usage, ..Failure::failed(Advised { words, fix: Some(fix) }) }
}

/// Reads a link type: a name as tcpdump has it, or a number.
fn linktype(text: &OsStr) -> Result<LinkType, Failure> {
    let text = text.to_string_lossy();
    let number = || text.parse::<u16>().ok().map(|number| LinkType(number.into()));
    LinkType::from_name(&text).or_else(number).ok_or_else(|| {
        Failure::usage(format!(
            "no link type is called '{}': EN10MB, RAW, LINUX_SLL2 are",
            text.escape_debug()
        ))
    })
}
