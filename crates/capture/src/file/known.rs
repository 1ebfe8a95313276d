//! What fields there are: the tables of the protocols, as a list for people, and a search for a name that was meant.

use wire::{Id, Kind, Rule};

use super::frame::{FRAME, PAYLOADS};

/// A field that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// The protocol that it belongs to, by its name.
    pub protocol: &'static str,
    /// What it holds: `number`, `address`, `text` …
    pub kind: &'static str,
    /// Its title and what it means.
    pub doc: &'static str,
}

/// Lists the fields, of one protocol or of all, in the order of the layers; a name that several protocols have stands once
/// for each.
#[must_use]
pub fn rows(protocol: Option<Id>) -> Vec<Row> {
    let mut rows = Vec::new();
    if protocol.is_none() {
        rows.extend(FRAME.iter().map(|(name, doc)| Row { name, protocol: "frame", kind: "frame", doc }));
    }
    for id in Id::ALL.iter().copied().filter(|id| protocol.is_none_or(|asked| asked == *id)) {
        let protocol = id.protocol();
        let payloads = PAYLOADS.iter().filter(|(_, of, _)| *of == id);
        rows.extend(payloads.map(|(name, _, doc)| Row { name, protocol: protocol.name, kind: "bytes", doc }));
        for field in protocol.fields.iter().chain(protocol.more.iter().copied().flatten()) {
            let row = Row {
                name: field.path,
                protocol: protocol.name,
                kind: kind(field.kind, field.rule),
                doc: field.doc,
            };
            if !field.path.is_empty() && !matches!(field.kind, Kind::Record) && !rows.contains(&row) {
                rows.push(row);
            }
            let also = field.also.iter().map(|name| Row { name, doc: ALSO, ..row });
            for row in also {
                if !rows.iter().any(|known| known.name == row.name && known.protocol == row.protocol) {
                    rows.push(row);
                }
            }
        }
    }
    rows
}

/// What is said of a name that means several fields.
const ALSO: &str = "Several fields: each of them.";

const fn kind(kind: Kind, rule: Rule) -> &'static str {
    match (kind, rule) {
        (Kind::Dec | Kind::Times(_) | Kind::DecOf(_) | Kind::Hex | Kind::HexOf(_), _) => "number",
        (Kind::Flag, _) => "flag",
        (Kind::Ipv4 | Kind::Ipv6 | Kind::Mac, _) => "address",
        (Kind::Text, _) => "text",
        (Kind::DomainName, _) => "name",
        _ => "bytes",
    }
}

/// Finds the field whose name is nearest to one that is none: the same but for capitals; of the same protocol, by what stands
/// before the first dot, if that is one, else of all; and at most a third of its letters are others, unless it begins like it.
fn nearest(name: &str) -> Option<&'static str> {
    let small = name.to_ascii_lowercase();
    let all = rows(None);
    let of = protocol(&small).unwrap_or_default();
    let near = all.iter().filter(|row| row.name.starts_with(of));
    let near = near.map(|row| (distance(&small, row.name), row.name)).min();
    let near = near.filter(|(distance, _)| *distance * 3 <= small.len()).map(|(_, name)| name);
    // `tcp.seq_raw` is farther from `tcp.seq` than `tcp.len`, but begins like it.
    let mut names = all.iter().map(|row| row.name);
    let longer = names.find(|known| small.len() > of.len() && known.starts_with(&small));
    longer.or(near)
}

/// Returns the protocol of a name, with its dot, if there are fields of that one.
fn protocol(name: &str) -> Option<&str> {
    let of = name.split_inclusive('.').next().filter(|of| of.ends_with('.'))?;
    rows(None).iter().any(|row| row.name.starts_with(of)).then_some(of)
}

/// Says what to do about a name that is no field's: which was meant, or where they are listed; of what comes from following
/// connections, that it does.
pub(super) fn advice(name: &str) -> String {
    let small = name.to_ascii_lowercase();
    if FOLLOWING.iter().any(|begin| small.starts_with(begin)) {
        return "it comes from following connections, which jack read does not do".to_owned();
    }
    if let Some(near) = nearest(name) {
        return format!("did you mean {near}?");
    }
    let of = protocol(&small).and_then(|of| of.strip_suffix('.'));
    let id = of.and_then(|of| Id::ALL.iter().find(|id| id.protocol().name == of));
    match id {
        Some(id) => {
            format!("jack read --fields={} lists those of {}", id.protocol().name, id.protocol().title)
        }
        None => "jack read --fields lists them".to_owned(),
    }
}

/// How the names of Wireshark's fields begin that no packet holds alone.
const FOLLOWING: &[&str] = &[
    "tcp.stream",
    "tcp.analysis",
    "tcp.time_relative",
    "tcp.time_delta",
    "tcp.completeness",
    "tcp.reassembled",
    "tcp.segment",
    "tcp.window_size_scalefactor",
    "tcp.nxtseq",
    "tcp.pdu",
    "udp.stream",
    "udp.time_relative",
    "udp.time_delta",
];

/// Counts the letters that have to be put in, taken out or changed.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        for (place, b) in row.iter_mut().skip(1).zip(&right) {
            let changed = diagonal + usize::from(a != *b);
            diagonal = *place;
            before = changed.min(diagonal + 1).min(before + 1);
            *place = before;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_levenshtein_s() {
        for (left, right, expected) in
            [("", "", 0), ("ab", "", 2), ("kitten", "sitting", 3), ("ip.scr", "ip.src", 2)]
        {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_suggestion_is_of_the_same_protocol_or_none() {
        assert_eq!(nearest("IP.SRC"), Some("ip.src"));
        assert_eq!(nearest("tpc.srcport"), Some("tcp.srcport"));
        for (name, expected) in [
            ("tcp.dst_port", "did you mean tcp.dstport?"),
            ("tcp.seq", "did you mean tcp.seq_raw?"),
            ("ip.scr", "did you mean ip.src?"),
            ("tcp.xyzzy", "jack read --fields=tcp lists those of Transmission Control Protocol"),
            ("icmp.xyzzy", "jack read --fields=icmp lists those of Internet Control Message Protocol"),
            ("xyzzy", "jack read --fields lists them"),
            ("tcp.stream", "it comes from following connections, which jack read does not do"),
            ("TCP.analysis.flags", "it comes from following connections, which jack read does not do"),
        ] {
            assert_eq!(advice(name), expected, "{name}");
        }
    }

    #[test]
    fn every_row_can_be_asked_for() {
        for row in rows(None) {
            let names = [row.name.to_owned()];
            assert!(super::super::Table::new(&names, super::super::Format::Csv, &[]).is_ok(), "{}", row.name);
        }
        assert!(rows(Some(Id::Udp)).iter().all(|row| row.protocol == "udp"));
    }
}
