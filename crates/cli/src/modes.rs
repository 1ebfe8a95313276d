//! Which flag counts in which way of running: the table beside [`flags`] that lets no flag be accepted and ignored.
//!
//! A job runs in one of a few ways, and what is meant for another one says nothing there. Each way lists what it honours
//! and, with the reason, what it refuses; a test wants every flag of its jobs in one of the two lists.

use crate::args::Given;
use crate::exit::Failure;
use crate::flags::{self, Flag};

/// A way of running.
#[derive(Debug)]
pub(crate) struct Mode {
    /// How it is asked for.
    words: &'static str,
    /// The flags that count, in sets, beside those that always do.
    honours: &'static [&'static [&'static str]],
    /// The flags that do not, in sets, and why.
    refuses: &'static [(&'static [&'static str], &'static str)],
}

/// What counts however a job runs: who the other side is, how names are looked up, what is told.
const ALWAYS: &[&str] = &[
    "ipv4",
    "ipv6",
    "no-resolve",
    "dns-server",
    "timeout",
    "sockopt",
    "verbose",
    "json",
    "trace",
    "trace-file",
];

/// Who the other side is, or where it is waited for.
const PLACE: &[&str] = &["where", "dialect", "udp", "unix", "source", "port"];
/// How peers are waited for, and answered.
const SERVER: &[&str] = &["listen", "backlog", "reply"];
/// What is sent, and how.
const SAYS: &[&str] = &["data", "crlf", "delay"];
/// What is received, and how it is shown.
const SHOWS: &[&str] = &["recv-only", "show", "output", "hex-dump", "append", "recv-size"];
/// What counts for two ends that are joined.
const JOINS: &[&str] = &["ends", "backlog", "show", "idle-timeout", "no-shutdown"];
/// How often a connection is tried.
const TRIES: &[&str] = &["retry", "interval"];
/// When a conversation ends.
const ENDS: &[&str] = &["idle-timeout", "wait", "shutdown"];

const NO_CLIENT: &str = "it is for who connects";
const NO_SERVER: &str = "it is for who listens";
const NOTHING_MOVES: &str = "a question sends and receives nothing";
const NO_FIN: &str = "datagrams have no FIN";
const NO_END: &str = "peers come and go, and none of them is the end: --idle-timeout is";
const ANOTHER_WAY: &str = "that is another way to run";
const ONE_CONNECTION: &str = "without -k there is one connection";
const NO_CONNECTIONS: &str = "datagrams have no connections";

/// One conversation over a connection that we open.
pub(crate) const CONNECT: Mode = Mode {
    words: "connect",
    honours: &[PLACE, SAYS, SHOWS, TRIES, ENDS, &["send-only", "quit", "no-shutdown", "stay"]],
    refuses: &[(&["listen"], NO_SERVER), (&["zero"], "it asks, and does not talk")],
};

/// One conversation in datagrams, with the peer that we name.
pub(crate) const CONNECT_DATAGRAMS: Mode = Mode {
    words: "connect with datagrams",
    honours: &[PLACE, SAYS, SHOWS, TRIES, ENDS, &["send-only", "quit"]],
    refuses: &[
        (&["listen"], NO_SERVER),
        (&["zero"], "it asks, and does not talk"),
        (&["no-shutdown"], NO_FIN),
        (&["stay"], "datagrams have no end that could be stayed after"),
    ],
};

/// The question whether ports are open, over connections.
pub(crate) const ASK: Mode = Mode {
    words: "-z",
    honours: &[PLACE, TRIES, &["zero", "recv-only", "delay", "wait", "shutdown"]],
    refuses: &[
        (&["listen"], NO_SERVER),
        (
            &[
                "data",
                "send-only",
                "crlf",
                "show",
                "output",
                "hex-dump",
                "append",
                "recv-size",
                "quit",
                "no-shutdown",
                "stay",
            ],
            NOTHING_MOVES,
        ),
        (&["idle-timeout"], "--timeout is how long an answer is waited for"),
    ],
};

/// The same question over UDP.
pub(crate) const ASK_DATAGRAMS: Mode = Mode {
    words: "-z -u",
    honours: &[PLACE, &["zero", "recv-only", "delay", "wait", "shutdown"]],
    refuses: &[
        (&["listen"], NO_SERVER),
        (
            &[
                "data",
                "send-only",
                "crlf",
                "show",
                "output",
                "hex-dump",
                "append",
                "recv-size",
                "quit",
                "stay",
            ],
            NOTHING_MOVES,
        ),
        (&["idle-timeout"], "--timeout is how long an answer is waited for"),
        (&["no-shutdown"], NO_FIN),
        (TRIES, "over UDP no attempt fails: silence is an answer too"),
    ],
};

/// One conversation with who comes first.
pub(crate) const LISTEN: Mode = Mode {
    words: "listen",
    honours: &[PLACE, SERVER, SAYS, SHOWS, ENDS, &["send-only", "quit", "no-shutdown", "stay"]],
    refuses: &[
        (&["zero", "retry", "interval"], NO_CLIENT),
        (&["keep-open"], ANOTHER_WAY),
        (&["max-connections"], ONE_CONNECTION),
    ],
};

/// Conversations with all that come.
pub(crate) const LISTEN_TO_ALL: Mode = Mode {
    words: "listen -k",
    honours: &[PLACE, SERVER, SAYS, SHOWS, ENDS, &["keep-open", "max-connections", "no-shutdown"]],
    refuses: &[
        (&["zero", "retry", "interval"], NO_CLIENT),
        (&["send-only", "quit"], NO_END),
        (&["stay"], "who ends its side is let go when input pauses, so that others find room"),
    ],
};

/// An answer to the first data of one connection.
pub(crate) const LISTEN_AND_REPLY: Mode = Mode {
    words: "listen --reply",
    honours: &[PLACE, SERVER, SHOWS, ENDS, &["crlf", "delay"]],
    refuses: &[
        (&["zero", "retry", "interval"], NO_CLIENT),
        (&["keep-open"], ANOTHER_WAY),
        (&["max-connections"], ONE_CONNECTION),
        (
            &["data"],
            "--data and --reply exclude each other: one is said at once, the other after the first data",
        ),
        (&["send-only"], "what is answered has to be received"),
        (&["quit", "stay"], "the answer is the end"),
        (&["no-shutdown"], "the end of the answer is told by a FIN"),
    ],
};

/// Datagrams from all that come.
pub(crate) const LISTEN_TO_DATAGRAMS: Mode = Mode {
    words: "listen -u",
    honours: &[PLACE, SAYS, SHOWS, ENDS, &["listen", "keep-open", "reply"]],
    refuses: &[
        (&["zero", "retry", "interval"], NO_CLIENT),
        (&["send-only", "quit"], NO_END),
        (&["stay"], "datagrams have no end that could be stayed after"),
        (&["no-shutdown"], NO_FIN),
        (&["max-connections", "backlog"], NO_CONNECTIONS),
    ],
};

/// Two ends joined.
pub(crate) const RELAY: Mode = Mode {
    words: "relay",
    honours: &[JOINS, TRIES],
    refuses: &[(&["keep-open"], ANOTHER_WAY), (&["max-connections"], ONE_CONNECTION)],
};

/// Two ends joined for each client of one of them.
pub(crate) const RELAY_FOR_ALL: Mode =
    Mode { words: "relay -k", honours: &[JOINS, TRIES, &["keep-open", "max-connections"]], refuses: &[] };

impl Mode {
    /// Refuses the first flag that was typed and does not count.
    ///
    /// # Errors
    /// The flag's name, and why it says nothing here.
    pub(crate) fn check(&self, given: &Given) -> Result<(), Failure> {
        let mut typed = flags::all().filter(|flag| given.is_typed(flag.id));
        let Some(flag) = typed.find(|flag| !self.counts(flag.id)) else { return Ok(()) };
        let why = self.refuses.iter().find(|(ids, _)| ids.contains(&flag.id));
        let why = why.map_or("it counts for nothing there", |(_, why)| why);
        Err(Failure::usage(format!("{} does not go with {}: {why}", name(flag.id), self.words)))
    }

    fn counts(&self, id: &str) -> bool {
        ALWAYS.contains(&id) || self.honours.iter().any(|set| set.contains(&id))
    }
}

/// How a flag is written.
pub(crate) fn name(id: &str) -> String {
    let spelling = |flag: &Flag| match (flag.short, flag.long) {
        (Some(short), Some(long)) => format!("-{short} (--{long})"),
        (Some(short), None) => format!("-{short}"),
        (None, long) => format!("--{}", long.unwrap_or(flag.id)),
    };
    let flag = flags::of_jobs().find(|flag| flag.id == id);
    flag.map_or_else(|| id.to_owned(), spelling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Face;

    /// Every way, with the jobs whose flags can be there: `connect -l` listens with the flags of connect.
    const MODES: &[(&Mode, &[Face])] = &[
        (&CONNECT, &[Face::Connect]),
        (&CONNECT_DATAGRAMS, &[Face::Connect]),
        (&ASK, &[Face::Connect]),
        (&ASK_DATAGRAMS, &[Face::Connect]),
        (&LISTEN, &[Face::Connect, Face::Listen]),
        (&LISTEN_TO_ALL, &[Face::Connect, Face::Listen]),
        (&LISTEN_AND_REPLY, &[Face::Connect, Face::Listen]),
        (&LISTEN_TO_DATAGRAMS, &[Face::Connect, Face::Listen]),
        (&RELAY, &[Face::Relay]),
        (&RELAY_FOR_ALL, &[Face::Relay]),
    ];

    #[test]
    fn every_flag_counts_or_is_refused_with_a_reason() {
        for (mode, faces) in MODES {
            let mut ids: Vec<_> =
                faces.iter().flat_map(|face| flags::of(*face)).map(|flag| flag.id).collect();
            ids.sort_unstable();
            ids.dedup();
            for id in &ids {
                let honoured = ALWAYS
                    .iter()
                    .chain(mode.honours.iter().copied().flatten())
                    .filter(|other| *other == id)
                    .count();
                let refused =
                    mode.refuses.iter().flat_map(|(ids, _)| *ids).filter(|other| *other == id).count();
                assert_eq!(honoured + refused, 1, "{id} with {}", mode.words);
            }
            let listed = ALWAYS
                .iter()
                .chain(mode.honours.iter().copied().flatten())
                .chain(mode.refuses.iter().flat_map(|(ids, _)| *ids));
            for id in listed {
                assert!(ids.contains(id), "{id} is no flag of {}", mode.words);
            }
        }
    }

    #[test]
    fn a_flag_is_named_as_it_is_written() {
        assert_eq!(name("quit"), "-q (--quit-after)");
        assert_eq!(name("stay"), "--stay");
        assert_eq!(name("wait"), "-w");
    }
}
