//! The flags of reading captures. The letters are tcpdump's.

use super::{Flag, Group, Kind, Takes};
use crate::face::Face;

const READ: &[Face] = &[Face::Read];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    Flag {
        id: "captures",
        faces: READ,
        takes: Takes::Operands(0, usize::MAX),
        help: "Captures, pcap or pcapng; - is standard input",
        more: "They may be packed by gzip or zstd. The packets of several come in the order of time.",
        ..Flag::BARE
    },
    Flag {
        id: "read-file",
        short: Some('r'),
        faces: READ,
        takes: Takes::Many(Kind::Path),
        group: Some(Group::Capture),
        rare: true,
        help: "A capture, as an operand is",
        ..Flag::BARE
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        faces: READ,
        takes: Takes::One(Kind::Choice("TOOL", &["tcpdump"])),
        group: Some(Group::Capture),
        rare: true,
        help: "Do this job with another tool's flags, messages and exit codes: tcpdump",
        more: "A link to jack by the tool's name does the same.",
        ..Flag::BARE
    },
    Flag {
        id: "max-count",
        long: Some("max-count"),
        short: Some('c'),
        faces: READ,
        takes: Takes::One(Kind::Number),
        group: Some(Group::Capture),
        help: "End after so many packets",
        ..Flag::BARE
    },
    Flag {
        id: "snapshot-length",
        long: Some("snapshot-length"),
        short: Some('s'),
        faces: READ,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Capture),
        rare: true,
        help: "Take no more than so many bytes of each packet; 0 is all",
        ..Flag::BARE
    },
    Flag {
        id: "linktype",
        long: Some("linktype"),
        short: Some('y'),
        faces: READ,
        takes: Takes::One(Kind::Text("NAME")),
        group: Some(Group::Capture),
        rare: true,
        help: "Take packets for those of another link type: EN10MB, RAW",
        more: "A name as tcpdump writes it, or a number of the tcpdump group's registry.",
    },
    Flag {
        id: "decode-as",
        long: Some("decode-as"),
        faces: READ,
        takes: Takes::Many(Kind::Text("RULE")),
        group: Some(Group::Capture),
        help: "Take a number for a protocol: tcp.port=8053:dns",
        more: "The numbers are tcp.port, udp.port, ethertype and ip.proto. tshark's spelling, tcp.port==8053,dns, is taken too.",
        ..Flag::BARE
    },
    Flag {
        id: "filter-file",
        short: Some('F'),
        faces: READ,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Capture),
        rare: true,
        help: "Read a filter expression from a file, which must be empty: this version has no filters",
        ..Flag::BARE
    },
    // The lines.
    Flag {
        id: "verbose",
        long: Some("verbose"),
        short: Some('v'),
        faces: READ,
        takes: Takes::Count,
        group: Some(Group::Lines),
        help: "Tell more of each packet; up to three times",
        ..Flag::BARE
    },
    Flag {
        id: "quiet",
        long: Some("quiet"),
        short: Some('q'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        rare: true,
        help: "Tell less of the protocol",
        ..Flag::BARE
    },
    Flag {
        id: "link-header",
        long: Some("link-header"),
        short: Some('e'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        help: "Tell the link header too",
        ..Flag::BARE
    },
    Flag {
        id: "number",
        long: Some("number"),
        short: Some('#'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        help: "Begin each line with the number of its packet",
        ..Flag::BARE
    },
    Flag {
        id: "stamp",
        short: Some('t'),
        faces: READ,
        takes: Takes::Count,
        group: Some(Group::Lines),
        help: "-t no time, -tt since 1970, -ttt since the last line, -tttt date, -ttttt since the first",
        ..Flag::BARE
    },
    Flag {
        id: "nano",
        long: Some("nano"),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        help: "Times in nanoseconds",
        ..Flag::BARE
    },
    Flag {
        id: "micro",
        long: Some("micro"),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        rare: true,
        help: "Times in microseconds, as without it; in a pcap file that is written, too",
        ..Flag::BARE
    },
    Flag {
        id: "absolute",
        long: Some("absolute"),
        short: Some('S'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        help: "Sequence numbers of TCP as they are sent",
        ..Flag::BARE
    },
    Flag {
        id: "hex",
        short: Some('x'),
        faces: READ,
        takes: Takes::Count,
        group: Some(Group::Lines),
        help: "Bytes in hex; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "hex-and-ascii",
        short: Some('X'),
        faces: READ,
        takes: Takes::Count,
        group: Some(Group::Lines),
        help: "Bytes in hex and as characters; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "ascii",
        short: Some('A'),
        faces: READ,
        takes: Takes::Count,
        group: Some(Group::Lines),
        help: "Bytes as text; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "resolve",
        long: Some("resolve"),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        help: "Look up names for addresses and ports",
        ..Flag::BARE
    },
    Flag {
        id: "no-resolve",
        long: Some("no-resolve"),
        short: Some('n'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        rare: true,
        help: "Addresses and ports are numbers: what holds unless --resolve is there, which it overrides",
        ..Flag::BARE
    },
    Flag {
        id: "short-names",
        short: Some('N'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        rare: true,
        help: "With --resolve, leave the domains of names out",
        ..Flag::BARE
    },
    Flag {
        id: "line-buffered",
        long: Some("line-buffered"),
        short: Some('l'),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Lines),
        rare: true,
        help: "Write each line at once, to a pipe or a file too",
        ..Flag::BARE
    },
    // Other forms.
    Flag {
        id: "tree",
        long: Some("tree"),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        help: "Every field of every layer, and where it stands",
        ..Flag::BARE
    },
    Flag {
        id: "field",
        long: Some("field"),
        faces: READ,
        takes: Takes::Many(Kind::Text("NAME")),
        group: Some(Group::Forms),
        help: "These fields alone: ip.src,tcp.dstport …",
        more: "Several: --field ip.src --field ip.dst, or --field ip.src,ip.dst. A line of names comes first. Nothing else of a packet \
               is read.",
        ..Flag::BARE
    },
    Flag {
        id: "format",
        long: Some("format"),
        faces: READ,
        takes: Takes::One(Kind::Choice("FORM", &["csv", "tsv", "json"])),
        group: Some(Group::Forms),
        help: "Fields as csv, tsv or json [default: csv]",
        ..Flag::BARE
    },
    Flag {
        id: "fields",
        long: Some("fields"),
        faces: READ,
        takes: Takes::Maybe(Kind::Text("PROTO"), ""),
        group: Some(Group::Forms),
        help: "List all fields that there are, or PROTO's",
        ..Flag::BARE
    },
    Flag {
        id: "count",
        long: Some("count"),
        faces: READ,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        help: "How many packets there are, and nothing else",
        ..Flag::BARE
    },
    Flag {
        id: "output",
        long: Some("output"),
        short: Some('w'),
        faces: READ,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Forms),
        help: "Write packets to a capture, which is made with mode 0600",
        more: "It is pcapng; what ends in .pcap or .cap is pcap with microseconds, with --nano nanoseconds, and all packets must be of one link \
               type. - is standard output, as pcap, and so is /dev/fd/N that descriptor. A file that is there is emptied and keeps its \
               mode.",
        ..Flag::BARE
    },
];
