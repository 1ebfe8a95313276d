//! The flags of conversations: connect, listen, relay, and the dialect nc.

use super::{Flag, Group, Kind, Takes};
use crate::face::Face;

const TALKERS: &[Face] = &[Face::Connect, Face::Listen];
const ALL_TALKERS: &[Face] = &[Face::Connect, Face::Listen, Face::Relay];
const LOOKERS: &[Face] = &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve];
const CONNECT: &[Face] = &[Face::Connect];
const LISTEN: &[Face] = &[Face::Listen];
const SERVERS: &[Face] = &[Face::Listen, Face::Relay];
const NC: &[Face] = &[Face::Nc];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    // Operands.
    Flag {
        id: "where",
        faces: CONNECT,
        takes: Takes::Operands(0, 2),
        help: "Two words, or an ENDPOINT: tcp://h:80, udp://h:53, unix:/path",
        more: "jack explain endpoint lists all forms.",
        ..Flag::BARE
    },
    Flag {
        id: "where",
        faces: LISTEN,
        takes: Takes::Operands(0, 2),
        help: "PORT, HOST PORT, or an ENDPOINT: udp://:53, unix:/path",
        more: "Port 0 takes a free one and says which. jack explain endpoint lists all forms.",
        ..Flag::BARE
    },
    Flag {
        id: "ends",
        faces: &[Face::Relay],
        takes: Takes::Operands(2, 2),
        help: "listen:ENDPOINT or listen:PORT waits where the bare form connects",
        more: "file:PATH on the left is read from its beginning to its end, on the right it is appended to until the \
               other end has ended; what is answered to a file on the left goes nowhere. - is standard input and \
               output, and such a relay leaves with its peer. A connection that breaks at one end is reset (RST) at \
               the other, as a FIN would say that all has come. jack explain endpoint lists all forms.",
        ..Flag::BARE
    },
    Flag {
        id: "where",
        faces: NC,
        takes: Takes::Operands(0, usize::MAX),
        help: "[destination] [port]",
        ..Flag::BARE
    },
    // What kind of conversation.
    Flag {
        id: "listen",
        short: Some('l'),
        faces: &[Face::Connect, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        rare: true,
        help: "Listen instead of connecting, as nc -l does: the same as jack listen",
        ..Flag::BARE
    },
    Flag {
        id: "listen",
        short: Some('l'),
        faces: LISTEN,
        takes: Takes::Switch,
        group: Some(Group::Peer),
        rare: true,
        help: "As in nc -l -p PORT: this job listens anyway",
        ..Flag::BARE
    },
    Flag {
        id: "udp",
        long: Some("udp"),
        short: Some('u'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "Datagrams: UDP, or with -U a Unix datagram socket",
        ..Flag::BARE
    },
    Flag {
        id: "unix",
        long: Some("unix"),
        short: Some('U'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "A Unix socket: the operand is a path, or @name",
        more: "@name is a name in the abstract namespace: no file.",
        ..Flag::BARE
    },
    Flag {
        id: "ipv4",
        long: Some("ipv4"),
        short: Some('4'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "IPv4 only",
        ..Flag::BARE
    },
    Flag {
        id: "ipv6",
        long: Some("ipv6"),
        short: Some('6'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "IPv6 only",
        ..Flag::BARE
    },
    Flag {
        id: "no-resolve",
        long: Some("no-resolve"),
        short: Some('n'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "Hosts and ports are numbers: look nothing up",
        ..Flag::BARE
    },
    Flag {
        id: "dns-server",
        long: Some("dns-server"),
        faces: LOOKERS,
        takes: Takes::Many(Kind::Text("ADDRESS")),
        group: Some(Group::Peer),
        rare: true,
        help: "Ask the name server at ADDRESS or ADDRESS:PORT [default: those in /etc/resolv.conf]",
        ..Flag::BARE
    },
    Flag {
        id: "source",
        long: Some("source"),
        short: Some('s'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("ADDRESS")),
        group: Some(Group::Peer),
        help: "Our own address: to connect from, or to listen at",
        more: "For a Unix datagram client it is the path that answers come to.",
        ..Flag::BARE
    },
    Flag {
        id: "port",
        long: Some("source-port"),
        short: Some('p'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("PORT")),
        group: Some(Group::Peer),
        help: "Our own port: to connect from, or to listen at",
        more: "As in nc -l -p PORT.",
        ..Flag::BARE
    },
    Flag {
        id: "zero",
        long: Some("zero"),
        short: Some('z'),
        faces: &[Face::Connect, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "Is the port open? 20-30 is a range. Sends no data, over UDP an empty datagram",
        more: "Exit 0 if a port is open. Up to 64 ports are asked at once, with --delay one by one. Each is waited for as \
               long as --timeout says, or 3 seconds over TCP and 1 second over UDP. UDP does not answer by itself: refused \
               is closed, an answer is open, and silence is told as what it is.",
        ..Flag::BARE
    },
    Flag {
        id: "keep-open",
        long: Some("keep-open"),
        short: Some('k'),
        faces: &[Face::Listen, Face::Relay, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Peer),
        help: "Go on after the first peer: serve all, in parallel",
        more: "Standard input is a stream and can be given once: it goes to those who are there when it is read. --data and \
               --reply go to each. One that does not read is kept 1 MiB of it; if that holds up the others and it takes less than \
               64 KiB in 5 seconds, it is closed.",
        ..Flag::BARE
    },
    Flag {
        id: "max-connections",
        long: Some("max-connections"),
        faces: LISTEN,
        takes: Takes::One(Kind::Number),
        group: Some(Group::Peer),
        rare: true,
        help: "With -k, at most so many peers at once [default: as many as descriptors allow]",
        more: "Others wait in the kernel's queue.",
        ..Flag::BARE
    },
    Flag {
        id: "max-connections",
        long: Some("max-connections"),
        faces: &[Face::Relay],
        takes: Takes::One(Kind::Number),
        group: Some(Group::Peer),
        rare: true,
        help: "With -k, at most so many at once; others wait in the kernel's queue [default: 1024]",
        ..Flag::BARE
    },
    Flag {
        id: "backlog",
        long: Some("backlog"),
        faces: SERVERS,
        takes: Takes::One(Kind::Number),
        group: Some(Group::Peer),
        rare: true,
        help: "How many connections may wait to be accepted [default: 4096]",
        ..Flag::BARE
    },
    Flag {
        id: "reply",
        long: Some("reply"),
        faces: LISTEN,
        takes: Takes::One(Kind::Text("DATA")),
        group: Some(Group::Bytes),
        help: "Answer a peer's first data: text:… @FILE or echo",
        more: "Then close; over UDP each datagram is answered. -v prints peer and message. jack explain data lists all forms.",
        ..Flag::BARE
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        faces: TALKERS,
        takes: Takes::One(Kind::Choice("TOOL", &["nc"])),
        group: Some(Group::Peer),
        rare: true,
        help: "Do this job with another tool's flags, messages and exit codes: nc",
        more: "A link to jack by the tool's name does the same.",
        ..Flag::BARE
    },
    // What only nc has; connect and listen have --sockopt for most of it.
    Flag {
        id: "broadcast",
        short: Some('b'),
        faces: NC,
        takes: Takes::Switch,
        help: "Allow broadcast (SO_BROADCAST)",
        ..Flag::BARE
    },
    Flag {
        id: "debug",
        short: Some('D'),
        faces: NC,
        takes: Takes::Switch,
        help: "Debugging on the socket (SO_DEBUG)",
        ..Flag::BARE
    },
    Flag {
        id: "random",
        short: Some('r'),
        faces: NC,
        takes: Takes::Switch,
        help: "Take the ports of a range in random order",
        ..Flag::BARE
    },
    Flag {
        id: "receive-buffer",
        short: Some('I'),
        faces: NC,
        takes: Takes::One(Kind::Text("length")),
        help: "The size of the receive buffer (SO_RCVBUF)",
        ..Flag::BARE
    },
    Flag {
        id: "send-buffer",
        short: Some('O'),
        faces: NC,
        takes: Takes::One(Kind::Text("length")),
        help: "The size of the send buffer (SO_SNDBUF)",
        ..Flag::BARE
    },
    Flag {
        id: "ttl",
        short: Some('M'),
        faces: NC,
        takes: Takes::One(Kind::Text("ttl")),
        help: "The TTL or hop limit of outgoing packets",
        ..Flag::BARE
    },
    Flag {
        id: "min-ttl",
        short: Some('m'),
        faces: NC,
        takes: Takes::One(Kind::Text("minttl")),
        help: "Have the kernel drop incoming packets with a lower TTL or hop limit",
        ..Flag::BARE
    },
    Flag {
        id: "type-of-service",
        short: Some('T'),
        faces: NC,
        takes: Takes::One(Kind::Text("keyword")),
        help: "The type of service or traffic class: a keyword or a number",
        ..Flag::BARE
    },
    Flag {
        id: "max-count",
        short: Some('W'),
        faces: NC,
        takes: Takes::One(Kind::Text("recvlimit")),
        help: "End after receiving so many packets",
        ..Flag::BARE
    },
    // Bytes in.
    Flag {
        id: "data",
        long: Some("data"),
        faces: TALKERS,
        takes: Takes::Many(Kind::Text("DATA")),
        group: Some(Group::Bytes),
        help: "Send this, not standard input: text:… hex:… @FILE",
        more: "text: is as typed, str: has the escapes of a string literal; jack explain data lists all forms. Several are \
               joined; over UDP they are one datagram, also if there are no bytes, and refused if it is too long. With \
               listen -k each client gets it.",
        ..Flag::BARE
    },
    Flag {
        id: "send-only",
        long: Some("send-only"),
        faces: TALKERS,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        rare: true,
        help: "Send and do not receive; leave when all is sent",
        ..Flag::BARE
    },
    Flag {
        id: "recv-only",
        long: Some("recv-only"),
        short: Some('d'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        help: "Receive and do not read standard input",
        ..Flag::BARE
    },
    Flag {
        id: "crlf",
        long: Some("crlf"),
        short: Some('C'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        rare: true,
        help: "Send each lone LF as CR LF",
        ..Flag::BARE
    },
    Flag {
        id: "delay",
        long: Some("delay"),
        short: Some('i'),
        faces: CONNECT,
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Bytes),
        rare: true,
        help: "Wait this long between lines sent, and between the ports of a range",
        ..Flag::BARE
    },
    Flag {
        id: "delay",
        long: Some("delay"),
        short: Some('i'),
        faces: &[Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Bytes),
        rare: true,
        help: "Wait this long between lines sent",
        ..Flag::BARE
    },
    Flag {
        id: "show",
        long: Some("show"),
        faces: ALL_TALKERS,
        takes: Takes::One(Kind::Choice("FORM", &["raw", "text", "hex", "base64"])),
        group: Some(Group::Bytes),
        help: "Received bytes as raw, text, hex or base64 [default: text on a terminal, raw in a pipe]",
        more: "text escapes what a terminal would obey or not show, and the backslash; raw does not.",
        ..Flag::BARE
    },
    Flag {
        id: "output",
        long: Some("output"),
        faces: TALKERS,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Bytes),
        help: "Write what is received to a file, mode 0600",
        ..Flag::BARE
    },
    Flag {
        id: "hex-dump",
        long: Some("hex-dump"),
        faces: TALKERS,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Bytes),
        rare: true,
        help: "Record both directions in a file as a hex dump: > sent, < received",
        ..Flag::BARE
    },
    Flag {
        id: "append",
        long: Some("append"),
        faces: TALKERS,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        rare: true,
        help: "Append to the files of --output and --hex-dump instead of emptying them",
        ..Flag::BARE
    },
    Flag {
        id: "recv-size",
        long: Some("recv-size"),
        faces: TALKERS,
        takes: Takes::One(Kind::Size),
        group: Some(Group::Bytes),
        rare: true,
        help: "Receive at most so many bytes in one call [default: 64K]",
        more: "A datagram that is longer loses its rest, which is told: that is what the kernel does.",
        ..Flag::BARE
    },
    // Time.
    Flag {
        id: "timeout",
        long: Some("timeout"),
        faces: LOOKERS,
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Time),
        help: "Reach the peer within this time [default: no limit]",
        more: "Name, all addresses and retries share it. With resolve: for all names together.",
        ..Flag::BARE
    },
    Flag {
        id: "idle-timeout",
        long: Some("idle-timeout"),
        faces: ALL_TALKERS,
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Time),
        help: "End when nothing moves so long [default: never]",
        ..Flag::BARE
    },
    Flag {
        id: "wait",
        short: Some('w'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Time),
        help: "As in nc: --timeout and --idle-timeout in one",
        more: "A conversation in which nothing moves so long is over, which is no failure here: exit status 0.",
        ..Flag::BARE
    },
    Flag {
        id: "quit",
        long: Some("quit-after"),
        short: Some('q'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::One(Kind::Text("TIME")),
        group: Some(Group::Time),
        help: "End so long after our input, whatever the peer does",
        more: "A negative time waits for ever. Without it the peer's end is waited for.",
        ..Flag::BARE
    },
    Flag {
        id: "shutdown",
        short: Some('N'),
        faces: &[Face::Connect, Face::Listen, Face::Nc],
        takes: Takes::Switch,
        group: Some(Group::Time),
        rare: true,
        help: "Send FIN at the end of input: the default here, so it only undoes --no-shutdown",
        ..Flag::BARE
    },
    Flag {
        id: "no-shutdown",
        long: Some("no-shutdown"),
        faces: ALL_TALKERS,
        takes: Takes::Switch,
        group: Some(Group::Time),
        rare: true,
        help: "Do not send FIN at the end of input",
        ..Flag::BARE
    },
    Flag {
        id: "stay",
        long: Some("stay"),
        faces: TALKERS,
        takes: Takes::Switch,
        group: Some(Group::Time),
        rare: true,
        help: "Go on sending after the peer has ended its side, until our own input ends",
        more: "Without it a conversation ends when the peer has sent its FIN and input pauses for half a second: nothing \
               tells a peer that has left from one that has only ended its sending.",
        ..Flag::BARE
    },
    Flag {
        id: "retry",
        long: Some("retry"),
        faces: &[Face::Connect, Face::Relay],
        takes: Takes::One(Kind::Number),
        group: Some(Group::Time),
        help: "Try again so often if nothing works [default: 0]",
        ..Flag::BARE
    },
    Flag {
        id: "interval",
        long: Some("interval"),
        faces: &[Face::Connect, Face::Relay],
        takes: Takes::One(Kind::Duration),
        group: Some(Group::Time),
        rare: true,
        help: "Wait this long before trying again [default: 1s]",
        ..Flag::BARE
    },
    Flag {
        id: "sockopt",
        long: Some("sockopt"),
        faces: ALL_TALKERS,
        takes: Takes::Many(Kind::Text("NAME[=VALUE]")),
        group: Some(Group::Peer),
        rare: true,
        help: "Set a socket option by name, such as SO_RCVBUF=65536, or LEVEL:NUMBER=VALUE",
        ..Flag::BARE
    },
];
