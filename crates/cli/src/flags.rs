//! The one table of flags: every flag of every job and dialect, with what it takes and what it means.
//!
//! From it come the parsers, `-h`, `--help`, the manual page and the completions. A long name means the same in every
//! job (a test walks the table); a short one belongs to the job and is its model's: OpenBSD nc for connect and listen, GNU's base64 for base64, xxd for hex.

use crate::face::Face;

/// One flag, or one operand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    /// The name by which the code asks for it; unique among the flags of a face.
    pub(crate) id: &'static str,
    /// The long name, without the dashes.
    pub(crate) long: Option<&'static str>,
    /// The letter.
    pub(crate) short: Option<char>,
    /// Who has it.
    pub(crate) faces: &'static [Face],
    /// What follows it.
    pub(crate) takes: Takes,
    /// One line for `-h`, without a full stop.
    pub(crate) help: &'static str,
    /// More for `--help`; may be empty.
    pub(crate) more: &'static str,
}

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing: it is there or not.
    Switch,
    /// Nothing; it counts how often it is there.
    Count,
    /// One value.
    One(Kind),
    /// One value each time.
    Many(Kind),
    /// An optional value, joined by `=`; the text is what it means without.
    Maybe(Kind, &'static str),
    /// Operands: at least and at most so many.
    Operands(usize, usize),
    /// Words that name a topic of the manual, or none.
    Topic,
    /// Everything that follows, flags included.
    Rest,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `200ms`, `5s`, `2m`; a bare number is seconds.
    Duration,
    /// A number of bytes: `4K`, `1MiB`, `0x200`.
    Size,
    /// The same with a sign: `-16`, `+4K`.
    Signed,
    /// A whole number.
    Number,
    /// Words; the text names them in help.
    Text(&'static str),
    /// A file.
    Path,
    /// One of these; the text names them in help.
    Choice(&'static str, &'static [&'static str]),
}

const TALKERS: &[Face] = &[Face::Connect, Face::Listen];
const ALL_TALKERS: &[Face] = &[Face::Connect, Face::Listen, Face::Relay];
const LOOKERS: &[Face] = &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve];
const CONNECT: &[Face] = &[Face::Connect];
const LISTEN: &[Face] = &[Face::Listen];
const SERVERS: &[Face] = &[Face::Listen, Face::Relay];
const NC: &[Face] = &[Face::Nc];
const TRACED: &[Face] = &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Base64, Face::Hex];
const BASE64: &[Face] = &[Face::Base64];
const GNU: &[Face] = &[Face::GnuBase64, Face::GnuBase32, Face::Basenc];
/// The job and the tools it stands for.
const CODERS: &[Face] = &[Face::Base64, Face::GnuBase64, Face::GnuBase32, Face::Basenc];
const HEX: &[Face] = &[Face::Hex];
/// The job and the tool it stands for.
const DUMPERS: &[Face] = &[Face::Hex, Face::Xxd];
/// The jobs on bytes alone.
const BYTES: &[Face] = &[Face::Base64, Face::Hex];
const BASENC: &[Face] = &[Face::Basenc];
const REPORTING: &[Face] =
    &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Hex, Face::Explain, Face::Doctor];

/// The tools whose dialect is spoken.
pub(crate) const DIALECTS: &[&str] = &["nc", "base64", "base32", "basenc", "xxd"];

/// The alphabets of base64, by the names that basenc gives its flags.
const ALPHABETS: &[&str] =
    &["base64", "base64url", "base58", "base32", "base32hex", "base16", "base2msbf", "base2lsbf", "z85"];

/// The dumps that hex writes, by the names of their tools.
const STYLES: &[&str] = &["xxd", "hexdump", "od", "plain", "box"];

/// The dumps that hex reads.
const FORMS: &[&str] = &["xxd", "hexdump", "od", "tcpdump", "wireshark", "scapy", "hexyl", "array", "plain"];

/// Every flag there is.
pub(crate) const FLAGS: &[Flag] = &[
    // Operands.
    Flag {
        id: "where",
        long: None,
        short: None,
        faces: CONNECT,
        takes: Takes::Operands(0, 2),
        help: "Two words, or an ENDPOINT: tcp://h:80, udp://h:53, unix:/path",
        more: "jack explain endpoint lists all forms.",
    },
    Flag {
        id: "where",
        long: None,
        short: None,
        faces: LISTEN,
        takes: Takes::Operands(0, 2),
        help: "PORT, HOST PORT, or an ENDPOINT: udp://:53, unix:/path",
        more: "Port 0 takes a free one and says which. jack explain endpoint lists all forms.",
    },
    Flag {
        id: "ends",
        long: None,
        short: None,
        faces: &[Face::Relay],
        takes: Takes::Operands(2, 2),
        help: "listen:ENDPOINT or listen:PORT waits where the bare form connects",
        more: "file:PATH on the left is read from its beginning to its end, on the right it is appended to until the \
               other end has ended; what is answered to a file on the left goes nowhere. - is standard input and \
               output. jack explain endpoint lists all forms.",
    },
    Flag {
        id: "names",
        long: None,
        short: None,
        faces: &[Face::Resolve],
        takes: Takes::Operands(1, usize::MAX),
        help: "Host names or addresses",
        more: "",
    },
    Flag {
        id: "topic",
        long: None,
        short: None,
        faces: &[Face::Explain],
        takes: Takes::Topic,
        help: "A topic, call, option, errno or flag: bind, EPIPE, --stay",
        more: "Without one: the list of topics. A word that is none of these is looked for in all the texts.",
    },
    Flag {
        id: "command",
        long: None,
        short: None,
        faces: &[Face::Explain],
        takes: Takes::Rest,
        help: "A command: what it would do, where, with which privilege",
        more: "",
    },
    Flag {
        id: "where",
        long: None,
        short: None,
        faces: NC,
        takes: Takes::Operands(0, usize::MAX),
        help: "[destination] [port]",
        more: "",
    },
    Flag {
        id: "file",
        long: None,
        short: None,
        faces: CODERS,
        takes: Takes::Operands(0, 1),
        help: "The file to read; - or none is standard input",
        more: "",
    },
    Flag {
        id: "files",
        long: None,
        short: None,
        faces: HEX,
        takes: Takes::Operands(0, usize::MAX),
        help: "What to read, - or none is standard input, and what to write; with --pack the values",
        more: "OUTFILE is opened as xxd does: by whatever link, for all whom the umask lets, and with -r without being emptied. \
               --output is for its owner alone, and always new.",
    },
    // What kind of conversation.
    Flag {
        id: "listen",
        long: None,
        short: Some('l'),
        faces: &[Face::Connect, Face::Nc],
        takes: Takes::Switch,
        help: "Listen instead of connecting, as nc -l does: the same as jack listen",
        more: "",
    },
    Flag {
        id: "listen",
        long: None,
        short: Some('l'),
        faces: LISTEN,
        takes: Takes::Switch,
        help: "As in nc -l -p PORT: this job listens anyway",
        more: "",
    },
    Flag {
        id: "udp",
        long: Some("udp"),
        short: Some('u'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        help: "Datagrams: UDP, or with -U a Unix datagram socket",
        more: "",
    },
    Flag {
        id: "unix",
        long: Some("unix"),
        short: Some('U'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        help: "A Unix socket: the operand is a path, or @name",
        more: "@name is a name in the abstract namespace: no file.",
    },
    Flag {
        id: "ipv4",
        long: Some("ipv4"),
        short: Some('4'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Switch,
        help: "IPv4 only",
        more: "",
    },
    Flag {
        id: "ipv6",
        long: Some("ipv6"),
        short: Some('6'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Switch,
        help: "IPv6 only",
        more: "",
    },
    Flag {
        id: "no-resolve",
        long: Some("no-resolve"),
        short: Some('n'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Nc],
        takes: Takes::Switch,
        help: "Hosts and ports are numbers: look nothing up",
        more: "",
    },
    Flag {
        id: "dns-server",
        long: Some("dns-server"),
        short: None,
        faces: LOOKERS,
        takes: Takes::Many(Kind::Text("ADDRESS")),
        help: "Ask the name server at ADDRESS or ADDRESS:PORT [default: those in /etc/resolv.conf]",
        more: "",
    },
    Flag {
        id: "source",
        long: Some("source"),
        short: Some('s'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("ADDRESS")),
        help: "Our own address: to connect from, or to listen at",
        more: "For a Unix datagram client it is the path that answers come to.",
    },
    Flag {
        id: "port",
        long: Some("source-port"),
        short: Some('p'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("PORT")),
        help: "Our own port: to connect from, or to listen at",
        more: "As in nc -l -p PORT.",
    },
    Flag {
        id: "zero",
        long: Some("zero"),
        short: Some('z'),
        faces: &[Face::Connect, Face::Nc],
        takes: Takes::Switch,
        help: "Is the port open? Sends nothing; 20-30 is a range",
        more: "Exit 0 if a port is open. Up to 64 ports are asked at once, with --delay one by one. Each is waited for as \
               long as --timeout says, or 3 seconds over TCP and 1 second over UDP. UDP does not answer by itself: refused \
               is closed, an answer is open, and silence is told as what it is.",
    },
    Flag {
        id: "keep-open",
        long: Some("keep-open"),
        short: Some('k'),
        faces: &[Face::Listen, Face::Relay, Face::Nc],
        takes: Takes::Switch,
        help: "Go on after the first peer: serve all, in parallel",
        more: "Standard input is a stream and can be given once: it goes to those who are there when it is read. --data and \
               --reply go to each. One that does not read is kept 1 MiB of it; if that holds up the others and it takes less than \
               64 KiB in 5 seconds, it is closed.",
    },
    Flag {
        id: "max-connections",
        long: Some("max-connections"),
        short: None,
        faces: LISTEN,
        takes: Takes::One(Kind::Number),
        help: "With -k, at most so many peers at once [default: as many as descriptors allow]",
        more: "Others wait in the kernel's queue.",
    },
    Flag {
        id: "max-connections",
        long: Some("max-connections"),
        short: None,
        faces: &[Face::Relay],
        takes: Takes::One(Kind::Number),
        help: "With -k, at most so many at once; others wait in the kernel's queue [default: 1024]",
        more: "",
    },
    Flag {
        id: "backlog",
        long: Some("backlog"),
        short: None,
        faces: SERVERS,
        takes: Takes::One(Kind::Number),
        help: "How many connections may wait to be accepted [default: 4096]",
        more: "",
    },
    Flag {
        id: "reply",
        long: Some("reply"),
        short: None,
        faces: LISTEN,
        takes: Takes::One(Kind::Text("DATA")),
        help: "Answer a peer's first data: text:… @FILE or echo",
        more: "Then close; over UDP each datagram is answered. -v prints peer and message. jack explain data lists all forms.",
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        short: None,
        faces: TALKERS,
        takes: Takes::One(Kind::Choice("TOOL", &["nc"])),
        help: "Do this job with another tool's flags, messages and exit codes: nc",
        more: "A link to jack by the tool's name does the same.",
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        short: None,
        faces: BASE64,
        takes: Takes::One(Kind::Choice("TOOL", &["base64", "base32", "basenc"])),
        help: "Do this job with another tool's flags, messages and exit codes: base64, base32, basenc",
        more: "A link to jack by the tool's name does the same.",
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("TOOL", &["xxd"])),
        help: "Do this job with another tool's flags, messages and exit codes: xxd",
        more: "A link to jack by the tool's name does the same.",
    },
    // What only nc has; connect and listen have --sockopt for most of it.
    Flag {
        id: "broadcast",
        long: None,
        short: Some('b'),
        faces: NC,
        takes: Takes::Switch,
        help: "Allow broadcast (SO_BROADCAST)",
        more: "",
    },
    Flag {
        id: "debug",
        long: None,
        short: Some('D'),
        faces: NC,
        takes: Takes::Switch,
        help: "Debugging on the socket (SO_DEBUG)",
        more: "",
    },
    Flag {
        id: "random",
        long: None,
        short: Some('r'),
        faces: NC,
        takes: Takes::Switch,
        help: "Take the ports of a range in random order",
        more: "",
    },
    Flag {
        id: "receive-buffer",
        long: None,
        short: Some('I'),
        faces: NC,
        takes: Takes::One(Kind::Text("length")),
        help: "The size of the receive buffer (SO_RCVBUF)",
        more: "",
    },
    Flag {
        id: "send-buffer",
        long: None,
        short: Some('O'),
        faces: NC,
        takes: Takes::One(Kind::Text("length")),
        help: "The size of the send buffer (SO_SNDBUF)",
        more: "",
    },
    Flag {
        id: "ttl",
        long: None,
        short: Some('M'),
        faces: NC,
        takes: Takes::One(Kind::Text("ttl")),
        help: "The TTL or hop limit of outgoing packets",
        more: "",
    },
    Flag {
        id: "min-ttl",
        long: None,
        short: Some('m'),
        faces: NC,
        takes: Takes::One(Kind::Text("minttl")),
        help: "Have the kernel drop incoming packets with a lower TTL or hop limit",
        more: "",
    },
    Flag {
        id: "type-of-service",
        long: None,
        short: Some('T'),
        faces: NC,
        takes: Takes::One(Kind::Text("keyword")),
        help: "The type of service or traffic class: a keyword or a number",
        more: "",
    },
    Flag {
        id: "max-count",
        long: None,
        short: Some('W'),
        faces: NC,
        takes: Takes::One(Kind::Text("recvlimit")),
        help: "End after receiving so many packets",
        more: "",
    },
    // Bytes as text. The order is that in which GNU's tools list what a shortened name may mean.
    Flag {
        id: "decode",
        long: Some("decode"),
        short: Some('d'),
        faces: CODERS,
        takes: Takes::Switch,
        help: "From text to bytes",
        more: "As GNU's tools since 9.5 do: line feeds may stand anywhere, padding may be missing, not by half, and padded texts \
               may follow each other. What stood before a fault is written. --strict and --python are other rules.",
    },
    Flag {
        id: "wrap",
        long: Some("wrap"),
        short: Some('w'),
        faces: BASE64,
        takes: Takes::One(Kind::Number),
        help: "Characters in a line; 0 is one line without an end [default: 76]",
        more: "",
    },
    Flag {
        id: "wrap",
        long: Some("wrap"),
        short: Some('w'),
        faces: GNU,
        takes: Takes::One(Kind::Text("COLS")),
        help: "Characters in a line; 0 is one line without an end [default: 76]",
        more: "",
    },
    Flag {
        id: "ignore-garbage",
        long: Some("ignore-garbage"),
        short: Some('i'),
        faces: CODERS,
        takes: Takes::Switch,
        help: "With -d, drop what is not of the alphabet",
        more: "",
    },
    Flag {
        id: "base64",
        long: Some("base64"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 4: + and / are the last digits",
        more: "",
    },
    Flag {
        id: "base64url",
        long: Some("base64url"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 5: - and _ are the last digits",
        more: "",
    },
    Flag {
        id: "base58",
        long: Some("base58"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "The alphabet of Bitcoin addresses: the whole input as one number",
        more: "",
    },
    Flag {
        id: "base32",
        long: Some("base32"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 6",
        more: "",
    },
    Flag {
        id: "base32hex",
        long: Some("base32hex"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 7: digits in the order of their values",
        more: "",
    },
    Flag {
        id: "base16",
        long: Some("base16"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "Hexadecimal, RFC 4648 section 8",
        more: "",
    },
    Flag {
        id: "base2msbf",
        long: Some("base2msbf"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "Bits, the most significant of a byte first",
        more: "",
    },
    Flag {
        id: "base2lsbf",
        long: Some("base2lsbf"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "Bits, the least significant of a byte first",
        more: "",
    },
    Flag {
        id: "z85",
        long: Some("z85"),
        short: None,
        faces: BASENC,
        takes: Takes::Switch,
        help: "ZeroMQ RFC 32: a multiple of 4 bytes as a multiple of 5 characters",
        more: "",
    },
    Flag {
        id: "help",
        long: Some("help"),
        short: None,
        faces: GNU,
        takes: Takes::Switch,
        help: "Print this help and leave",
        more: "",
    },
    Flag {
        id: "version",
        long: Some("version"),
        short: None,
        faces: GNU,
        takes: Takes::Switch,
        help: "Print the version and leave",
        more: "",
    },
    Flag {
        id: "alphabet",
        long: Some("alphabet"),
        short: None,
        faces: BASE64,
        takes: Takes::One(Kind::Choice("NAME", ALPHABETS)),
        help: "base64url, base32, base32hex, base16, base2msbf, base2lsbf, base58 or z85 [default: base64]",
        more: "base64 to base16 are those of RFC 4648; base2msbf and base2lsbf are bits, the highest or the lowest of a byte first; \
               base58 is that of Bitcoin addresses, one number for the whole input; z85 is ZeroMQ's, for a multiple of 4 bytes.",
    },
    Flag {
        id: "strict",
        long: Some("strict"),
        short: None,
        faces: BASE64,
        takes: Takes::Switch,
        help: "With -d, RFC 4648 to the letter: padding, zero bits at the end, no junk",
        more: "Line feeds alone may stand between: they are the lines. What follows the padding, and lower case in base32 or base16, is \
               a fault.",
    },
    Flag {
        id: "python",
        long: Some("python"),
        short: None,
        faces: BASE64,
        takes: Takes::Switch,
        help: "With -d, what Python's b64decode, urlsafe_b64decode, b32decode or b16decode would do",
        more: "In base64 what is not of the alphabet is skipped and the first padding ends the text.",
    },
    // Bytes as a dump.
    Flag {
        id: "style",
        long: Some("style"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("TOOL", STYLES)),
        help: "Lines as those of xxd, hexdump -C, od -Ax -tx1z, plain digits, or in a box [default: xxd]",
        more: "xxd, hexdump, od and plain are theirs to the byte; box is hexyl's.",
    },
    Flag {
        id: "plain",
        long: None,
        short: Some('p'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Hex digits alone, 30 bytes a line",
        more: "",
    },
    Flag {
        id: "columns",
        long: Some("columns"),
        short: Some('c'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        help: "Bytes a line [default: 16; arrays 12, plain 30, bits 6]; with -p 0 is one line",
        more: "",
    },
    Flag {
        id: "group",
        long: Some("group"),
        short: Some('g'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        help: "Bytes between two blanks; 0 is none [default: 2; bits 1, little-endian 4]",
        more: "In styles hexdump, od and box it is 1, little-endian 4.",
    },
    Flag {
        id: "little-endian",
        long: None,
        short: Some('e'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Groups as numbers of a little-endian machine, of 4 bytes unless -g says else",
        more: "",
    },
    Flag {
        id: "endian",
        long: Some("endian"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("ORDER", &["big", "little"])),
        help: "The order of the bytes in a group: big or little, which is -e [default: big]",
        more: "With --undump it is the order in which the dump has them.",
    },
    Flag {
        id: "bits",
        long: Some("bits"),
        short: Some('b'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Bits instead of hex digits, 6 bytes a line",
        more: "",
    },
    Flag {
        id: "upper",
        long: Some("upper"),
        short: Some('u'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Hex digits in upper case",
        more: "",
    },
    Flag {
        id: "decimal",
        long: Some("decimal"),
        short: Some('d'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Offsets in decimal",
        more: "",
    },
    Flag {
        id: "radix",
        long: Some("radix"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("BASE", &["hex", "decimal", "octal"])),
        help: "The base of the offsets: hex, decimal, which is -d, or octal [default: hex]",
        more: "With --undump it is the base in which the dump has them, where the dump does not tell.",
    },
    Flag {
        id: "offset",
        long: Some("offset"),
        short: Some('o'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Signed),
        help: "Add this to the offsets that are shown",
        more: "",
    },
    Flag {
        id: "autoskip",
        long: None,
        short: Some('a'),
        faces: DUMPERS,
        takes: Takes::Count,
        help: "Three lines of zeros or more become one *; a second -a takes it back",
        more: "",
    },
    Flag {
        id: "squeeze",
        long: Some("squeeze"),
        short: None,
        faces: HEX,
        takes: Takes::Maybe(Kind::Choice("WHICH", &["never", "zeros", "repeats"]), "repeats"),
        help: "Lines like the one before become one *: repeats, zeros or never [default: repeats]",
        more: "Styles hexdump and od do it by themselves, the others when asked.",
    },
    Flag {
        id: "ebcdic",
        long: Some("ebcdic"),
        short: Some('E'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "The characters on the right in EBCDIC",
        more: "",
    },
    Flag {
        id: "panels",
        long: Some("panels"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Text("N")),
        help: "So many panels of 8 bytes in a box; auto is as many as fit [default: 2]",
        more: "",
    },
    Flag {
        id: "color",
        long: Some("color"),
        short: Some('R'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Choice("WHEN", &["always", "auto", "never"])),
        help: "Colours: always, auto or never [default: auto, which is on a terminal]",
        more: "",
    },
    Flag {
        id: "include",
        long: None,
        short: Some('i'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "An array in C, named after the file",
        more: "",
    },
    Flag {
        id: "array",
        long: Some("array"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("LANGUAGE", &["c", "rust", "python", "go", "json"])),
        help: "An array in c, which is -i, rust, python, go or json",
        more: "",
    },
    Flag {
        id: "name",
        long: Some("name"),
        short: Some('n'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Text("NAME")),
        help: "The name of the array [default: that of the file]",
        more: "",
    },
    Flag {
        id: "capitals",
        long: None,
        short: Some('C'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "The name of the array in capitals",
        more: "",
    },
    Flag {
        id: "terminate",
        long: None,
        short: Some('t'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "With -i, a zero at the end that is not counted",
        more: "",
    },
    Flag {
        id: "reverse",
        long: Some("reverse"),
        short: Some('r'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "From a dump to bytes, as xxd does: into OUTFILE at their offsets, what is between stays",
        more: "It never refuses a line, so it makes something else of dumps that are not xxd's: --undump does not. -s is added to the offsets.",
    },
    Flag {
        id: "undump",
        long: Some("undump"),
        short: None,
        faces: HEX,
        takes: Takes::Switch,
        help: "From any tool's dump to bytes, strictly: what does not fit is told, with its line",
        more: "xxd, hexdump -C, od, tcpdump -x and -X, Wireshark, tshark, Scapy, hexyl, arrays and plain hex are recognised.",
    },
    Flag {
        id: "from",
        long: Some("from"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Choice("FORM", FORMS)),
        help: "With --undump, what the dump is: xxd, hexdump, od, tcpdump … [default: it is recognised]",
        more: "One of xxd, hexdump, od, tcpdump, wireshark, scapy, hexyl, array, plain.",
    },
    Flag {
        id: "lenient",
        long: Some("lenient"),
        short: None,
        faces: HEX,
        takes: Takes::Switch,
        help: "With --undump, pass over what does not fit, and count it",
        more: "",
    },
    Flag {
        id: "max-gap",
        long: Some("max-gap"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Size),
        help: "With --undump, so many bytes may be left out at once, which are NULs [default: 1GiB]",
        more: "",
    },
    Flag {
        id: "pack",
        long: Some("pack"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Text("FORMAT")),
        help: "Make bytes of the operands, which are values, as Python's struct does: '!HH' 80 443",
        more: "On a terminal they are a dump, with a --style or -i they are in that. Values are numbers, true, false, b'…', or as --data has them; -- before one that begins with a dash and is no number.",
    },
    Flag {
        id: "unpack",
        long: Some("unpack"),
        short: None,
        faces: HEX,
        takes: Takes::One(Kind::Text("FORMAT")),
        help: "Print the values in the bytes, one a line, record after record, as Python's struct does",
        more: "",
    },
    Flag {
        id: "skip",
        long: Some("skip"),
        short: Some('s'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Signed),
        help: "Begin at this byte; -N counts from the end; with -r it is added to offsets",
        more: "+N counts from where standard input stands.",
    },
    Flag {
        id: "length",
        long: Some("length"),
        short: Some('l'),
        faces: DUMPERS,
        takes: Takes::One(Kind::Size),
        help: "Stop after so many bytes",
        more: "",
    },
    Flag {
        id: "version",
        long: None,
        short: Some('v'),
        faces: DUMPERS,
        takes: Takes::Switch,
        help: "Print the version and leave",
        more: "",
    },
    // Bytes in.
    Flag {
        id: "data",
        long: Some("data"),
        short: None,
        faces: TALKERS,
        takes: Takes::Many(Kind::Text("DATA")),
        help: "Send this, not standard input: text:… hex:… @FILE",
        more: "text: is as typed, str: has the escapes of a string literal; jack explain data lists all forms. Several are \
               joined; over UDP they are one datagram, also if there are no bytes, and refused if it is too long. With \
               listen -k each client gets it.",
    },
    Flag {
        id: "data",
        long: Some("data"),
        short: None,
        faces: BASE64,
        takes: Takes::Many(Kind::Text("DATA")),
        help: "Take this, not a file: text:… hex:… u16be:… @FILE",
        more: "With -d it is the text to decode. text: is as typed, str: has the escapes of a string literal; jack explain data lists \
               all forms. Several are joined.",
    },
    Flag {
        id: "data",
        long: Some("data"),
        short: None,
        faces: HEX,
        takes: Takes::Many(Kind::Text("DATA")),
        help: "Take this, not a file: text:… hex:… u16be:… @FILE",
        more: "With -r or --undump it is the dump. text: is as typed, str: has the escapes of a string literal; jack explain data \
               lists all forms. Several are joined.",
    },
    Flag {
        id: "send-only",
        long: Some("send-only"),
        short: None,
        faces: TALKERS,
        takes: Takes::Switch,
        help: "Send and do not receive; leave when all is sent",
        more: "",
    },
    Flag {
        id: "recv-only",
        long: Some("recv-only"),
        short: Some('d'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        help: "Receive and do not read standard input",
        more: "",
    },
    Flag {
        id: "crlf",
        long: Some("crlf"),
        short: Some('C'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        help: "Send each lone LF as CR LF",
        more: "",
    },
    Flag {
        id: "delay",
        long: Some("delay"),
        short: Some('i'),
        faces: CONNECT,
        takes: Takes::One(Kind::Duration),
        help: "Wait this long between lines sent, and between the ports of a range",
        more: "",
    },
    Flag {
        id: "delay",
        long: Some("delay"),
        short: Some('i'),
        faces: &[Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Duration),
        help: "Wait this long between lines sent",
        more: "",
    },
    // Bytes out.
    Flag {
        id: "show",
        long: Some("show"),
        short: None,
        faces: ALL_TALKERS,
        takes: Takes::One(Kind::Choice("FORM", &["raw", "text", "hex", "base64"])),
        help: "Received bytes as raw, text, hex or base64 [default: text on a terminal, raw in a pipe]",
        more: "text escapes what a terminal would obey or not show, and the backslash; raw does not.",
    },
    Flag {
        id: "output",
        long: Some("output"),
        short: None,
        faces: TALKERS,
        takes: Takes::One(Kind::Path),
        help: "Write what is received to a file, mode 0600",
        more: "",
    },
    Flag {
        id: "output",
        long: Some("output"),
        short: None,
        faces: BYTES,
        takes: Takes::One(Kind::Path),
        help: "Write to a file, mode 0600, not to standard output",
        more: "",
    },
    Flag {
        id: "hex-dump",
        long: Some("hex-dump"),
        short: None,
        faces: TALKERS,
        takes: Takes::One(Kind::Path),
        help: "Record both directions in a file as a hex dump: > sent, < received",
        more: "",
    },
    Flag {
        id: "append",
        long: Some("append"),
        short: None,
        faces: TALKERS,
        takes: Takes::Switch,
        help: "Append to the files of --output and --hex-dump instead of emptying them",
        more: "",
    },
    Flag {
        id: "recv-size",
        long: Some("recv-size"),
        short: None,
        faces: TALKERS,
        takes: Takes::One(Kind::Size),
        help: "Receive at most so many bytes in one call [default: 64K]",
        more: "A datagram that is longer loses its rest, which is told: that is what the kernel does.",
    },
    // Time.
    Flag {
        id: "timeout",
        long: Some("timeout"),
        short: None,
        faces: LOOKERS,
        takes: Takes::One(Kind::Duration),
        help: "Reach the peer within this time [default: no limit]",
        more: "Name, all addresses and retries share it. With resolve: for all names together.",
    },
    Flag {
        id: "idle-timeout",
        long: Some("idle-timeout"),
        short: None,
        faces: ALL_TALKERS,
        takes: Takes::One(Kind::Duration),
        help: "End when nothing moves so long [default: never]",
        more: "",
    },
    Flag {
        id: "wait",
        long: None,
        short: Some('w'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Duration),
        help: "As in nc: --timeout and --idle-timeout in one",
        more: "A conversation in which nothing moves so long is over, which is no failure here: exit status 0.",
    },
    Flag {
        id: "quit",
        long: Some("quit-after"),
        short: Some('q'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("TIME")),
        help: "End so long after our input, whatever the peer does",
        more: "A negative time waits for ever. Without it the peer's end is waited for.",
    },
    Flag {
        id: "shutdown",
        long: None,
        short: Some('N'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        help: "Send FIN at the end of input: the default here, so it only undoes --no-shutdown",
        more: "",
    },
    Flag {
        id: "no-shutdown",
        long: Some("no-shutdown"),
        short: None,
        faces: ALL_TALKERS,
        takes: Takes::Switch,
        help: "Do not send FIN at the end of input",
        more: "",
    },
    Flag {
        id: "stay",
        long: Some("stay"),
        short: None,
        faces: TALKERS,
        takes: Takes::Switch,
        help: "Go on sending after the peer has ended its side, until our own input ends",
        more: "Without it a conversation ends when the peer has sent its FIN and input pauses for half a second: nothing \
               tells a peer that has left from one that has only ended its sending.",
    },
    Flag {
        id: "retry",
        long: Some("retry"),
        short: None,
        faces: &[Face::Connect, Face::Relay],
        takes: Takes::One(Kind::Number),
        help: "Try again so often if nothing works [default: 0]",
        more: "",
    },
    Flag {
        id: "interval",
        long: Some("interval"),
        short: None,
        faces: &[Face::Connect, Face::Relay],
        takes: Takes::One(Kind::Duration),
        help: "Wait this long before trying again [default: 1s]",
        more: "",
    },
    Flag {
        id: "sockopt",
        long: Some("sockopt"),
        short: None,
        faces: ALL_TALKERS,
        takes: Takes::Many(Kind::Text("NAME[=VALUE]")),
        help: "Set a socket option by name, such as SO_RCVBUF=65536, or LEVEL:NUMBER=VALUE",
        more: "",
    },
    // What the job says.
    Flag {
        id: "verbose",
        long: Some("verbose"),
        short: Some('v'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Count,
        help: "Say what happens, and in the end why it ended",
        more: "",
    },
    Flag {
        id: "json",
        long: Some("json"),
        short: None,
        faces: REPORTING,
        takes: Takes::Switch,
        help: "One JSON object a line, not words and bytes",
        more: "On standard output; jack explain json describes it.",
    },
    Flag {
        id: "trace",
        long: Some("trace"),
        short: None,
        faces: TRACED,
        takes: Takes::Maybe(Kind::Choice("FORM", &["text", "json"]), "text"),
        help: "Show each socket call, and its side [default: text]",
        more: "On standard error: in user space or in the kernel, with the privilege it took. --trace=json gives one object a line, which jack explain json describes.",
    },
    Flag {
        id: "trace-file",
        long: Some("trace-file"),
        short: None,
        faces: TRACED,
        takes: Takes::One(Kind::Path),
        help: "Write the trace to a file (mode 0600), as JSON unless --trace=text is given",
        more: "",
    },
    // The other jobs.
    Flag {
        id: "no-pause",
        long: Some("no-pause"),
        short: None,
        faces: &[Face::Tour],
        takes: Takes::Switch,
        help: "Do not wait between the steps",
        more: "",
    },
];

impl Kind {
    /// What help calls the value.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Duration => "DURATION",
            Self::Size => "BYTES",
            Self::Signed => "[-]BYTES",
            Self::Number => "N",
            Self::Text(name) | Self::Choice(name, _) => name,
            Self::Path => "FILE",
        }
    }
}

impl Flag {
    /// Names the group under which help shows it; `None` for what no group needs.
    pub(crate) fn group(&self) -> Option<&'static str> {
        let groups: [(&str, &[&str]); 8] = [
            (
                "Dump",
                &[
                    "style",
                    "plain",
                    "columns",
                    "group",
                    "little-endian",
                    "endian",
                    "bits",
                    "upper",
                    "decimal",
                    "radix",
                    "offset",
                    "autoskip",
                    "squeeze",
                    "ebcdic",
                    "panels",
                    "color",
                ],
            ),
            ("Array", &["include", "array", "name", "capitals", "terminate"]),
            ("Back", &["reverse", "undump", "from", "lenient", "max-gap"]),
            ("Values", &["pack", "unpack"]),
            (
                "Peer",
                &[
                    "listen",
                    "udp",
                    "unix",
                    "ipv4",
                    "ipv6",
                    "no-resolve",
                    "dns-server",
                    "source",
                    "port",
                    "zero",
                    "keep-open",
                    "max-connections",
                    "backlog",
                    "sockopt",
                    "dialect",
                ],
            ),
            (
                "Bytes",
                &[
                    "decode",
                    "wrap",
                    "ignore-garbage",
                    "alphabet",
                    "strict",
                    "python",
                    "skip",
                    "length",
                    "data",
                    "reply",
                    "send-only",
                    "recv-only",
                    "crlf",
                    "delay",
                    "show",
                    "output",
                    "hex-dump",
                    "append",
                    "recv-size",
                ],
            ),
            (
                "Time and the end",
                &[
                    "timeout",
                    "idle-timeout",
                    "wait",
                    "quit",
                    "shutdown",
                    "no-shutdown",
                    "stay",
                    "retry",
                    "interval",
                ],
            ),
            (OUTPUT, &["verbose", "json", "trace", "trace-file", "version"]),
        ];
        groups.iter().find(|(_, ids)| ids.contains(&self.id)).map(|(group, _)| *group)
    }

    /// Tells whether `-h` leaves it to `--help`.
    pub(crate) fn is_rare(&self) -> bool {
        RARE.contains(&self.id)
    }
}

/// The group in which `--help` itself stands.
pub(crate) const OUTPUT: &str = "Output";

/// What few will need: `-h` is for the others.
const RARE: &[&str] = &[
    "listen",
    "dns-server",
    "max-connections",
    "backlog",
    "sockopt",
    "dialect",
    "send-only",
    "crlf",
    "delay",
    "hex-dump",
    "append",
    "recv-size",
    "shutdown",
    "no-shutdown",
    "stay",
    "interval",
    "trace-file",
    "endian",
    "radix",
    "ebcdic",
    "capitals",
    "terminate",
    "max-gap",
];

/// Lists the flags of a face in the order of the table.
pub(crate) fn of(face: Face) -> impl Iterator<Item = &'static Flag> {
    FLAGS.iter().filter(move |flag| flag.faces.contains(&face))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_long_name_means_the_same_in_every_job() {
        let mut meanings: BTreeMap<&str, (&str, Takes)> = BTreeMap::new();
        for flag in FLAGS.iter().filter(|flag| flag.faces.iter().any(|face| face.is_job())) {
            let Some(long) = flag.long else { continue };
            // What there is to choose from may be the job's: a dialect does one job.
            let takes = match flag.takes {
                Takes::One(Kind::Choice(name, _)) => Takes::One(Kind::Choice(name, &[])),
                takes => takes,
            };
            let meaning = (flag.id, takes);
            assert_eq!(*meanings.entry(long).or_insert(meaning), meaning, "--{long} has two meanings");
        }
    }

    #[test]
    fn a_face_has_no_letter_and_no_id_twice() {
        for face in Face::ALL {
            let mut letters: Vec<_> = of(*face).filter_map(|flag| flag.short).collect();
            let mut ids: Vec<_> = of(*face).map(|flag| flag.id).collect();
            let (letter_count, id_count) = (letters.len(), ids.len());
            letters.sort_unstable();
            letters.dedup();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!((letters.len(), ids.len()), (letter_count, id_count), "{face:?}");
        }
    }

    #[test]
    fn help_lines_fit_and_end_without_a_stop() {
        for flag in FLAGS {
            assert!(!flag.help.ends_with('.') && !flag.help.is_empty(), "{}", flag.id);
            assert!(flag.help.chars().count() <= 95, "{}: {}", flag.id, flag.help.chars().count());
        }
    }

    #[test]
    fn every_flag_of_a_job_that_has_many_is_in_a_group() {
        for face in [Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Base64, Face::Hex] {
            for flag in of(face).filter(|flag| flag.long.is_some() || flag.short.is_some()) {
                assert!(flag.group().is_some(), "{face:?}: {}", flag.id);
            }
        }
    }

    #[test]
    fn what_is_rare_exists() {
        for id in RARE {
            assert!(FLAGS.iter().any(|flag| flag.id == *id && flag.faces != NC), "{id}");
        }
    }

    #[test]
    fn shared_letters_are_the_same_everywhere() {
        for flag in FLAGS {
            let expected = match flag.short {
                Some('4') => "ipv4",
                Some('6') => "ipv6",
                _ => continue,
            };
            assert_eq!(flag.id, expected);
        }
    }
}
