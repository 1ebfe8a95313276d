//! The flags of the dialect of tcpdump 4.99.3.

use super::{Flag, Kind, Takes};
use crate::face::Face;

const TCPDUMP: &[Face] = &[Face::Tcpdump];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    Flag {
        id: "expression",
        faces: TCPDUMP,
        takes: Takes::Operands(0, usize::MAX),
        help: "A filter expression, which this version does not have",
        ..Flag::BARE
    },
    Flag {
        id: "ascii",
        short: Some('A'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "Show the bytes as text; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "max-count",
        short: Some('c'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("count")),
        help: "End after so many packets",
        ..Flag::BARE
    },
    Flag {
        id: "count",
        long: Some("count"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Print how many packets there are, and nothing else",
        ..Flag::BARE
    },
    Flag {
        id: "link-header",
        short: Some('e'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Show the link header too",
        ..Flag::BARE
    },
    Flag {
        id: "filter-file",
        short: Some('F'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("file")),
        help: "Read the filter expression from a file, which must be empty",
        ..Flag::BARE
    },
    Flag {
        id: "line-buffered",
        short: Some('l'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Write each line at once",
        ..Flag::BARE
    },
    Flag {
        id: "no-names",
        short: Some('n'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "Addresses and ports are numbers",
        ..Flag::BARE
    },
    Flag {
        id: "short-names",
        short: Some('N'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Leave the domains of names out",
        ..Flag::BARE
    },
    Flag {
        id: "number",
        long: Some("number"),
        short: Some('#'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Begin each line with the number of its packet",
        ..Flag::BARE
    },
    Flag {
        id: "print",
        long: Some("print"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Print packets though they are written to a file",
        ..Flag::BARE
    },
    Flag {
        id: "quiet",
        short: Some('q'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Tell less of the protocol",
        ..Flag::BARE
    },
    Flag {
        id: "read-file",
        short: Some('r'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("file")),
        help: "Read packets from a file; - is standard input",
        ..Flag::BARE
    },
    Flag {
        id: "absolute",
        long: Some("absolute-tcp-sequence-numbers"),
        short: Some('S'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Sequence numbers of TCP as they are sent",
        ..Flag::BARE
    },
    Flag {
        id: "snapshot-length",
        long: Some("snapshot-length"),
        short: Some('s'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("snaplen")),
        help: "Judged, and of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "stamp",
        short: Some('t'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "-t no time, -tt since 1970, -ttt since the line before, -tttt with date, -ttttt since the first",
        ..Flag::BARE
    },
    Flag {
        id: "type",
        short: Some('T'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("type")),
        help: "Take what datagrams carry for this: domain, radius, tftp, vxlan …",
        ..Flag::BARE
    },
    Flag {
        id: "packet-buffered",
        long: Some("packet-buffered"),
        short: Some('U'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Write each packet at once",
        ..Flag::BARE
    },
    Flag {
        id: "verbose",
        short: Some('v'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "Tell more; up to three times",
        ..Flag::BARE
    },
    Flag {
        id: "read-list",
        short: Some('V'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("file")),
        help: "Read the names of files from a file, one a line, and packets from them",
        ..Flag::BARE
    },
    Flag {
        id: "write-file",
        short: Some('w'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("file")),
        help: "Write packets to a file; - is standard output",
        ..Flag::BARE
    },
    Flag {
        id: "hex",
        short: Some('x'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "Show the bytes in hex; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "hex-and-ascii",
        short: Some('X'),
        faces: TCPDUMP,
        takes: Takes::Count,
        help: "Show the bytes in hex and as characters; twice with the link header",
        ..Flag::BARE
    },
    Flag {
        id: "linktype",
        long: Some("linktype"),
        short: Some('y'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("datalinktype")),
        help: "Judged, and of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "precision",
        long: Some("time-stamp-precision"),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("precision")),
        help: "Times in micro or nano seconds",
        ..Flag::BARE
    },
    Flag {
        id: "micro",
        long: Some("micro"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Times in microseconds",
        ..Flag::BARE
    },
    Flag {
        id: "nano",
        long: Some("nano"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Times in nanoseconds",
        ..Flag::BARE
    },
    Flag {
        id: "help",
        long: Some("help"),
        short: Some('h'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Print this help and leave",
        ..Flag::BARE
    },
    Flag {
        id: "version",
        long: Some("version"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Print the version and leave",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only",
        long: Some("buffer-size"),
        short: Some('B'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("size")),
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-interface",
        long: Some("interface"),
        short: Some('i'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("interface")),
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-mode",
        long: Some("monitor-mode"),
        short: Some('I'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-immediate",
        long: Some("immediate-mode"),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-stamps",
        long: Some("time-stamp-type"),
        short: Some('j'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("type")),
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-direction",
        long: Some("direction"),
        short: Some('Q'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("direction")),
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "no-optimize",
        long: Some("no-optimize"),
        short: Some('O'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Of no effect without a filter expression",
        ..Flag::BARE
    },
    Flag {
        id: "capture-only-promiscuous",
        long: Some("no-promiscuous-mode"),
        short: Some('p'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Of no effect on a file",
        ..Flag::BARE
    },
    Flag {
        id: "dont-verify-checksums",
        long: Some("dont-verify-checksums"),
        short: Some('K'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Do not tell whether checksums of IPv4, UDP and TCP are right",
        ..Flag::BARE
    },
    Flag {
        id: "relinquish-privileges",
        long: Some("relinquish-privileges"),
        short: Some('Z'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("user")),
        help: "For who is not root, who has nothing to give up; root is refused",
        ..Flag::BARE
    },
    Flag {
        id: "smi",
        short: Some('m'),
        faces: TCPDUMP,
        takes: Takes::One(Kind::Text("module")),
        help: "Ignored with a warning, as by a tcpdump without libsmi",
        ..Flag::BARE
    },
    Flag {
        id: "foreign",
        short: Some('f'),
        faces: TCPDUMP,
        takes: Takes::Switch,
        help: "Goes with no file",
        ..Flag::BARE
    },
];
