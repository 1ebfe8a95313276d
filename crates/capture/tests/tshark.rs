//! Values of fields held against tshark's: on captures from elsewhere, beside the checkout, and on what real programs say to
//! one another in namespaces (`programs.sh`).
//!
//! A pair is a field of our tables and a value that it has in a packet. It is equal when tshark shows the same value of that
//! field in that packet. What differs for a reason stands in [`DIFFERENT`], a line for each kind.

#![expect(clippy::unwrap_used, reason = "test code: a panic is a failure")]

#[path = "../../pcap/tests/common/beside.rs"]
mod beside;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use beside::{captures, files, run, skipped};
use serde_json::Value as Json;
use wire::stack::Id;
use wire::{Dissector, Field, Value, Visit, show};

/// Fields that have other values on purpose, and why.
const DIFFERENT: &[(&str, &str)] =
    &[("data.data", "what nothing is known of: many more of tshark's dissectors take such bytes for theirs")];

/// The share of equal pairs that there must be, in thousandths.
const LEAST: u64 = 950;

/// Preferences of tshark that let it look at each packet by itself, as we do.
const PREFERENCES: &[&str] = &[
    "tcp.desegment_tcp_streams:FALSE",
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
    "tls.desegment_ssl_records:FALSE",
    "tls.desegment_ssl_application_data:FALSE",
    "http.desegment_body:FALSE",
    "http.desegment_headers:FALSE",
];

/// The pairs of a packet, by field.
type Pairs = BTreeMap<String, Vec<String>>;

/// What the comparison of files comes to.
#[derive(Default)]
struct Tally {
    equal: u64,
    all: u64,
    /// How often a field is not equal, in which way, and where that was seen first.
    unequal: BTreeMap<(String, &'static str), (u64, String)>,
}

/// Collects the values of fields that have a name.
struct Collect<'o>(&'o mut Pairs);

impl<'a> Visit<'a> for Collect<'_> {
    fn field(&mut self, field: &'static Field, _bits: Range<usize>, value: Value<'a>) {
        let mut text = Vec::new();
        show::value(field, value, &mut text);
        let text = String::from_utf8_lossy(&text).into_owned();
        self.0.entry(field.path.to_owned()).or_default().push(text);
    }
}

/// Collects the values in tshark's JSON: objects in objects, arrays where a name is there more than once.
fn collect(name: &str, json: &Json, pairs: &mut Pairs) {
    match json {
        Json::Object(members) => members.iter().for_each(|(name, json)| collect(name, json, pairs)),
        Json::Array(items) => items.iter().for_each(|json| collect(name, json, pairs)),
        Json::String(value) => pairs.entry(name.to_owned()).or_default().push(value.clone()),
        _ => {}
    }
}

/// Asks tshark for the fields of every packet; `None` when it is not there, or cannot read the file.
fn theirs(path: &Path) -> Option<Vec<Pairs>> {
    let mut arguments = vec!["-n", "-T", "json", "--no-duplicate-keys"];
    arguments.extend(PREFERENCES.iter().flat_map(|preference| ["-o", preference]));
    arguments.push("-r");
    let output = run("tshark", &arguments, path)?;
    let Ok(Json::Array(packets)) = serde_json::from_slice(&output.stdout) else { return None };
    let pairs = packets.iter().map(|packet| {
        let mut pairs = Pairs::new();
        collect("", &packet["_source"]["layers"], &mut pairs);
        pairs
    });
    // A custom block has no link type; tshark counts it all the same.
    Some(pairs.filter(|pairs| pairs.contains_key("frame.encap_type")).collect())
}

/// Compares all packets of a file.
fn compare(path: &Path, known: &BTreeSet<&str>, tally: &mut Tally) {
    let Some(theirs) = theirs(path) else { return };
    let Ok(mut reader) = pcap::Reader::new(std::fs::File::open(path).unwrap()) else { return };
    let mut dissector = Dissector::new();
    for (number, mut theirs) in theirs.into_iter().enumerate() {
        let Ok(Some(frame)) = reader.next_packet() else { return };
        let wire_len = usize::try_from(frame.original_length).unwrap();
        let packet = dissector.dissect(frame.linktype.0.into(), frame.data, wire_len);
        let mut ours = Pairs::new();
        for index in 0..packet.layers.len() {
            packet.walk(index, &mut Collect(&mut ours));
        }
        for name in known {
            let (our, their) =
                (ours.remove(*name).unwrap_or_default(), theirs.remove(*name).unwrap_or_default());
            let mut left = our.clone();
            let is_equal = |value: &&String| match left.iter().position(|our| our == *value) {
                Some(at) => {
                    left.swap_remove(at);
                    true
                }
                None => false,
            };
            let equal = their.iter().filter(is_equal).count();
            let all = our.len().max(their.len());
            tally.equal += u64::try_from(equal).unwrap();
            tally.all += u64::try_from(all).unwrap();
            if equal < all {
                let way = match (our.len(), their.len()) {
                    (0, _) => "tshark's only",
                    (_, 0) => "ours only",
                    _ => "differs",
                };
                let place =
                    || format!("{} #{}: ours {our:?}, tshark's {their:?}", path.display(), number + 1);
                let seen = tally.unequal.entry(((*name).to_owned(), way)).or_insert_with(|| (0, place()));
                seen.0 += u64::try_from(all - equal).unwrap();
            }
        }
    }
}

/// Compares files, on all cores, and sees to it that enough is equal.
fn hold(what: &str, paths: Vec<PathBuf>) {
    let rows = Id::ALL.iter().flat_map(|id| {
        let protocol = id.protocol();
        protocol.fields.iter().chain(protocol.more.iter().copied().flatten())
    });
    let different: BTreeSet<_> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    let known: BTreeSet<_> =
        rows.map(|field| field.path).filter(|path| !path.is_empty() && !different.contains(path)).collect();
    let (queue, total) = (Mutex::new(paths), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let mut tally = Tally::default();
                while let Some(path) = { queue.lock().unwrap().pop() } {
                    compare(&path, &known, &mut tally);
                }
                let mut total = total.lock().unwrap();
                total.equal += tally.equal;
                total.all += tally.all;
                for (key, (count, place)) in tally.unequal {
                    total.unequal.entry(key).or_insert((0, place)).0 += count;
                }
            });
        }
    });
    let tally = total.into_inner().unwrap();
    let mut unequal: Vec<_> = tally.unequal.into_iter().collect();
    unequal.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let most = if std::env::var_os("FIELDS_ALL").is_some() { usize::MAX } else { 12 };
    let mut report = String::new();
    for ((name, way), (count, place)) in unequal.iter().take(most) {
        let place: String = place.chars().take(300).collect();
        report.push_str(&format!("  {count:6} {way:13} {name}  {place}\n"));
    }
    let share = tally.equal * 1000 / tally.all.max(1);
    // Past the harness, which would keep it to itself.
    writeln!(
        std::io::stderr(),
        "fields of {what}: {} of {} values are tshark's ({}.{} %); most others:\n{report}",
        tally.equal,
        tally.all,
        share / 10,
        share % 10
    )
    .unwrap();
    assert!(tally.all == 0 || share >= LEAST, "{share} of 1000");
}

#[test]
fn values_of_captures_are_tsharks() {
    let Some(folder) = captures() else { return };
    hold("captures", ["suricata", "pcapng"].iter().flat_map(|name| files(&folder.join(name))).collect());
}

/// Two hundred more, most of them broken on purpose: tshark takes a third of a second for each.
#[test]
#[ignore = "takes minutes: cargo xtask soak"]
fn values_of_odd_captures_are_tsharks() {
    let Some(folder) = captures() else { return };
    hold("odd captures", files(&folder.join("tcpdump")));
}

#[test]
fn values_of_real_programs_are_tsharks() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programs.pcap");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs.sh");
    // Root of a namespace is enough, where an ordinary user may have one.
    let status = Command::new("unshare").arg("-Urnm").arg(&script).arg(&file).status();
    if !status.is_ok_and(|status| status.success()) || !file.exists() {
        return skipped("no namespaces for an ordinary user (unshare -Urnm), or no ip or dumpcap");
    }
    hold("real programs", vec![file]);
}

#[test]
fn every_name_is_wiresharks() {
    let Some(output) = run("tshark", &["-G"], Path::new("fields")) else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    let names: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("F\t").or_else(|| line.strip_prefix("P\t"))?.split('\t').nth(1))
        .collect();
    let mut unknown = Vec::new();
    for id in Id::ALL {
        let protocol = id.protocol();
        let options = protocol.options.iter().map(|option| &option.record);
        for field in protocol.fields.iter().chain(protocol.more.iter().copied().flatten()).chain(options) {
            if !field.path.is_empty() && !names.contains(field.path) {
                unknown.push(field.path);
            }
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    assert!(unknown.is_empty(), "names that Wireshark has not: {unknown:?}");
}
