//! The flags that jobs of all kinds have, and those of the jobs that are about jack itself.

use super::{Flag, Group, Kind, Takes};
use crate::face::Face;

const TRACED: &[Face] =
    &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Base64, Face::Hex, Face::Read];
const REPORTING: &[Face] = &[
    Face::Connect,
    Face::Listen,
    Face::Relay,
    Face::Resolve,
    Face::Hex,
    Face::Read,
    Face::Explain,
    Face::Doctor,
];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    Flag {
        id: "names",
        faces: &[Face::Resolve],
        takes: Takes::Operands(1, usize::MAX),
        help: "Host names or addresses",
        ..Flag::BARE
    },
    Flag {
        id: "topic",
        faces: &[Face::Explain],
        takes: Takes::Topic,
        help: "A topic, call, option, errno or flag: bind, EPIPE, --stay",
        more: "Without one: the list of topics. A word that is none of these is looked for in all the texts.",
        ..Flag::BARE
    },
    Flag {
        id: "command",
        faces: &[Face::Explain],
        takes: Takes::Rest,
        help: "A command: what it would do, where, with which privilege",
        ..Flag::BARE
    },
    Flag {
        id: "verbose",
        long: Some("verbose"),
        short: Some('v'),
        faces: &[Face::Connect, Face::Listen, Face::Relay, Face::Resolve, Face::Nc],
        takes: Takes::Count,
        group: Some(Group::Output),
        help: "Say what happens, and in the end why it ended",
        ..Flag::BARE
    },
    Flag {
        id: "json",
        long: Some("json"),
        faces: REPORTING,
        takes: Takes::Switch,
        group: Some(Group::Output),
        help: "One JSON object a line, not words and bytes",
        more: "On standard output; jack explain json describes it.",
        ..Flag::BARE
    },
    Flag {
        id: "trace",
        long: Some("trace"),
        faces: TRACED,
        takes: Takes::Maybe(Kind::Choice("FORM", &["text", "json"]), "text"),
        group: Some(Group::Output),
        help: "Show each socket call, and its side [default: text]",
        more: "On standard error: in user space or in the kernel, with the privilege it took. --trace=json gives one object a line, which jack explain json describes.",
        ..Flag::BARE
    },
    Flag {
        id: "trace-file",
        long: Some("trace-file"),
        faces: TRACED,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Output),
        rare: true,
        help: "Write the trace to a file (mode 0600), as JSON unless --trace=text is given",
        ..Flag::BARE
    },
    Flag {
        id: "no-pause",
        long: Some("no-pause"),
        faces: &[Face::Tour],
        takes: Takes::Switch,
        help: "Do not wait between the steps",
        ..Flag::BARE
    },
];
