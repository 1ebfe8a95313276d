//! The flags of hex, and of the dialect of xxd, whose letters they have.

use super::{Flag, Group, Kind, Takes};
use crate::face::Face;

const HEX: &[Face] = &[Face::Hex];
/// The job and the tool it stands for.
const DUMPERS: &[Face] = &[Face::Hex, Face::Xxd];

/// The dumps that are written, by the names of their tools.
const STYLES: &[&str] = &["xxd", "hexdump", "od", "plain", "box"];

/// The dumps that are read.
const FORMS: &[&str] = &["xxd", "hexdump", "od", "tcpdump", "wireshark", "scapy", "hexyl", "array", "plain"];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    Flag {
        id: "files",
        faces: HEX,
        takes: Takes::Operands(0, usize::MAX),
        help: "What to read, and what to write; with --pack the values",
        more: "- or none is standard input or output. OUTFILE is opened as xxd does: by whatever link, for all whom the umask lets, and \
               with -r without being emptied. --output is for its owner alone, and always new.",
        ..Flag::BARE
    },
    Flag {
        id: "style",
        long: Some("style"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("TOOL", STYLES)),
        group: Some(Group::Dump),
        help: "Like xxd, hexdump (-C), od, plain, box [default: xxd]",
        more: "xxd, hexdump -C, od -Ax -tx1z and xxd -p are followed to the byte; box is like hexyl's.",
        ..Flag::BARE
    },
    Flag {
        id: "plain",
        short: Some('p'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        help: "Hex digits alone, 30 bytes a line",
        ..Flag::BARE
    },
    Flag {
        id: "columns",
        long: Some("columns"),
        short: Some('c'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Dump),
        help: "Bytes a line [default: 16; -i 12, -p 30, -b 6]",
        more: "With -p 0 is one line.",
        ..Flag::BARE
    },
    Flag {
        id: "group",
        long: Some("group"),
        short: Some('g'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Dump),
        help: "Bytes in a group; 0 is all [default: 2; -b 1, -e 4]",
        more: "In styles hexdump, od and box it is 1, with -e 4.",
        ..Flag::BARE
    },
    Flag {
        id: "little-endian",
        short: Some('e'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        help: "Groups as numbers of a little-endian machine",
        ..Flag::BARE
    },
    Flag {
        id: "endian",
        long: Some("endian"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("ORDER", &["big", "little"])),
        group: Some(Group::Dump),
        rare: true,
        help: "The order of the bytes in a group: big, or little as -e [default: big]",
        more: "With --undump it is the order in which the dump has them.",
        ..Flag::BARE
    },
    Flag {
        id: "bits",
        long: Some("bits"),
        short: Some('b'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        help: "Bits instead of hex digits",
        ..Flag::BARE
    },
    Flag {
        id: "upper",
        long: Some("upper"),
        short: Some('u'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        help: "Hex digits in upper case",
        ..Flag::BARE
    },
    Flag {
        id: "decimal",
        long: Some("decimal"),
        short: Some('d'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        rare: true,
        help: "Offsets in decimal",
        ..Flag::BARE
    },
    Flag {
        id: "radix",
        long: Some("radix"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("BASE", &["hex", "decimal", "octal"])),
        group: Some(Group::Dump),
        rare: true,
        help: "The base of the offsets: hex, decimal as -d, octal [default: hex]",
        more: "With --undump it is the base in which the dump has them, where the dump does not tell.",
        ..Flag::BARE
    },
    Flag {
        id: "offset",
        long: Some("offset"),
        short: Some('o'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Signed),
        group: Some(Group::Dump),
        rare: true,
        help: "Add this to the offsets that are shown",
        ..Flag::BARE
    },
    Flag {
        id: "autoskip",
        short: Some('a'),
        faces: DUMPERS,
        takes: Takes::Count,
        group: Some(Group::Dump),
        help: "Three lines of zeros or more become one *",
        more: "A second -a takes it back.",
        ..Flag::BARE
    },
    Flag {
        id: "squeeze",
        long: Some("squeeze"),
        faces: HEX,
        takes: Takes::Maybe(Kind::Choice("WHICH", &["never", "zeros", "repeats"]), "repeats"),
        group: Some(Group::Dump),
        help: "Same lines become one *: repeats, zeros, never",
        more: "Styles hexdump and od do it by themselves, the others when asked; --squeeze alone is repeats.",
        ..Flag::BARE
    },
    Flag {
        id: "ebcdic",
        long: Some("ebcdic"),
        short: Some('E'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Dump),
        rare: true,
        help: "The characters on the right in EBCDIC",
        ..Flag::BARE
    },
    Flag {
        id: "panels",
        long: Some("panels"),
        faces: HEX,
        takes: Takes::One(Kind::Text("N")),
        group: Some(Group::Dump),
        rare: true,
        help: "So many panels of 8 bytes in a box; auto: as many as fit [default: 2]",
        ..Flag::BARE
    },
    Flag {
        id: "color",
        long: Some("color"),
        short: Some('R'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Choice("WHEN", &["always", "auto", "never"])),
        group: Some(Group::Dump),
        help: "Colours: always, auto, never [default: auto]",
        more: "auto is on a terminal, unless NO_COLOR is set.",
        ..Flag::BARE
    },
    Flag {
        id: "include",
        short: Some('i'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        help: "An array in C, named after the file",
        ..Flag::BARE
    },
    Flag {
        id: "array",
        long: Some("array"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("LANGUAGE", &["c", "rust", "python", "go", "json"])),
        group: Some(Group::Forms),
        help: "An array in c (-i), rust, python, go or json",
        ..Flag::BARE
    },
    Flag {
        id: "name",
        long: Some("name"),
        short: Some('n'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Text("NAME")),
        group: Some(Group::Forms),
        rare: true,
        help: "The name of the array [default: that of the file]",
        ..Flag::BARE
    },
    Flag {
        id: "capitals",
        short: Some('C'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        rare: true,
        help: "The name of the array in capitals",
        ..Flag::BARE
    },
    Flag {
        id: "terminate",
        short: Some('t'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        rare: true,
        help: "With -i, a zero at the end that is not counted",
        ..Flag::BARE
    },
    Flag {
        id: "reverse",
        long: Some("reverse"),
        short: Some('r'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        help: "From a dump to bytes as xxd does, patching OUTFILE",
        more: "What is between stays. It never refuses a line, so it makes something else of dumps that are not xxd's: --undump does \
               not. -s is added to the offsets.",
        ..Flag::BARE
    },
    Flag {
        id: "undump",
        long: Some("undump"),
        faces: HEX,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        help: "From any tool's dump to bytes, or say what is wrong",
        more: "xxd, hexdump -C, od, tcpdump -x and -X, Wireshark, tshark, Scapy, hexyl, arrays and plain hex are recognised.",
        ..Flag::BARE
    },
    Flag {
        id: "from",
        long: Some("from"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("FORM", FORMS)),
        group: Some(Group::Forms),
        rare: true,
        help: "With --undump, what the dump is: xxd, od, tcpdump … [default: it shows]",
        more: "One of xxd, hexdump, od, tcpdump, wireshark, scapy, hexyl, array, plain.",
        ..Flag::BARE
    },
    Flag {
        id: "lenient",
        long: Some("lenient"),
        faces: HEX,
        takes: Takes::Switch,
        group: Some(Group::Forms),
        rare: true,
        help: "With --undump, pass over what does not fit, and count it",
        ..Flag::BARE
    },
    Flag {
        id: "max-gap",
        long: Some("max-gap"),
        faces: HEX,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Forms),
        rare: true,
        help: "With --undump, what a * may stand for at most [default: 1GiB]",
        ..Flag::BARE
    },
    Flag {
        id: "pack",
        long: Some("pack"),
        faces: HEX,
        takes: Takes::One(Kind::Text("FORMAT")),
        group: Some(Group::Forms),
        help: "Bytes of values as Python's struct: '!HH' 80 443",
        more: "On a terminal they are a dump, with a --style or -i they are in that. Values are numbers, true, false, b'…', or as --data \
               has them; -- stands before one that begins with a dash and is no decimal number.",
        ..Flag::BARE
    },
    Flag {
        id: "unpack",
        long: Some("unpack"),
        faces: HEX,
        takes: Takes::One(Kind::Text("FORMAT")),
        group: Some(Group::Forms),
        help: "The values in the bytes, one a line",
        more: "Record after record to the end of the bytes.",
        ..Flag::BARE
    },
    Flag {
        id: "skip",
        long: Some("skip"),
        short: Some('s'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Signed),
        group: Some(Group::Bytes),
        help: "Begin at this byte; -N counts from the end",
        more: "+N counts from where standard input stands. With -r it is added to the offsets.",
        ..Flag::BARE
    },
    Flag {
        id: "length",
        long: Some("length"),
        short: Some('l'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Bytes),
        help: "Stop after so many bytes",
        ..Flag::BARE
    },
    Flag {
        id: "data",
        long: Some("data"),
        faces: HEX,
        takes: Takes::Many(Kind::Text("DATA")),
        group: Some(Group::Bytes),
        help: "Take this, not a file: text:… hex:… u16be:… @FILE",
        more: "With -r or --undump it is the dump. text: is as typed, str: has the escapes of a string literal; jack explain data \
               lists all forms. Several are joined.",
        ..Flag::BARE
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        faces: HEX,
        takes: Takes::One(Kind::Choice("TOOL", &["xxd"])),
        group: Some(Group::Output),
        rare: true,
        help: "Do this job with another tool's flags, messages and exit codes: xxd",
        more: "A link to jack by the tool's name does the same.",
        ..Flag::BARE
    },
    Flag {
        id: "version",
        short: Some('v'),
        faces: DUMPERS,
        takes: Takes::Switch,
        group: Some(Group::Output),
        rare: true,
        help: "Print the version and leave",
        ..Flag::BARE
    },
];
