//! The options of a segment: MSS and end, RFC 9293; window scale and timestamps, RFC 7323; SACK, RFC 2018; echo, RFC 1072;
//! connection counts, RFC 1644; MD5, RFC 2385; SCPS, CCSDS 714.0-B-2; quick start, RFC 4782; user timeout, RFC 5482; TCP-AO,
//! RFC 5925; fast open, RFC 7413; accurate ECN, RFC 9768; experiments, RFC 6994.

use super::mptcp;
use crate::field::{Field, Kind, row};
use crate::header::header;
use crate::option::OptionRow;
use crate::walk::{Value, Walk};

/// The kinds. Source: IANA's registry of TCP option kinds.
pub(super) mod kind {
    pub(in super::super) const MSS: u8 = 2;
    pub(in super::super) const WINDOW_SCALE: u8 = 3;
    pub(in super::super) const SACK_PERMITTED: u8 = 4;
    pub(in super::super) const SACK: u8 = 5;
    pub(in super::super) const ECHO: u8 = 6;
    pub(in super::super) const ECHO_REPLY: u8 = 7;
    pub(in super::super) const TIMESTAMPS: u8 = 8;
    pub(in super::super) const CC: u8 = 11;
    pub(in super::super) const CC_NEW: u8 = 12;
    pub(in super::super) const CC_ECHO: u8 = 13;
    pub(in super::super) const MD5: u8 = 19;
    pub(in super::super) const SCPS: u8 = 20;
    pub(in super::super) const QUICK_START: u8 = 27;
    pub(in super::super) const USER_TIMEOUT: u8 = 28;
    pub(in super::super) const AUTHENTICATION: u8 = 29;
    pub(in super::super) const MPTCP: u8 = 30;
    pub(in super::super) const FAST_OPEN: u8 = 34;
    pub(in super::super) const ACC_ECN_0: u8 = 172;
    pub(in super::super) const ACC_ECN_1: u8 = 174;
    pub(in super::super) const EXPERIMENT_1: u8 = 253;
    pub(in super::super) const EXPERIMENT_2: u8 = 254;
}

/// The experiment that became fast open: RFC 7413, appendix A.
pub(super) const FAST_OPEN_EXPERIMENT: u16 = 0xf989;

header! {
    /// An option of one byte.
    pub struct Alone: 1 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(1);
}

header! {
    /// An option that only has a kind and a length before what it holds, or whose inside is not described.
    pub struct Plain: 2 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(4);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
}

header! {
    /// Maximum segment size.
    pub struct Mss: 4 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(2);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Maximum segment size: the most data that may come in a segment.
    mss: u16 = 16..32, Dec, "tcp.options.mss_val", default(1460);
}

header! {
    /// Window scale.
    pub struct WindowScale: 3 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(3);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Shift count: windows are to be shifted left by it.
    shift: u8 = 16..24, Dec, "tcp.options.wscale.shift", default(0);
}

header! {
    /// A block that was received.
    pub struct Block: 8 bytes;

    /// Left edge: its first byte.
    left: u32 = 0..32, Dec, "tcp.options.sack_le", default(0);
    /// Right edge: the byte behind its last.
    right: u32 = 32..64, Dec, "tcp.options.sack_re", default(0);
}

header! {
    /// Echo and its reply: what timestamps took the place of.
    pub struct Echo: 6 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(6);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Value: what is to be sent back, or is.
    echo: u32 = 16..48, Dec, "tcp.options.echo_value", default(0);
}

header! {
    /// Timestamps.
    pub struct Timestamps: 10 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(8);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Timestamp value: the sender's clock.
    tsval: u32 = 16..48, Dec, "tcp.options.timestamp.tsval", default(0);
    /// Timestamp echo reply: the clock of the other side, as it was last received.
    tsecr: u32 = 48..80, Dec, "tcp.options.timestamp.tsecr", default(0);
}

header! {
    /// Connection counts of transaction TCP.
    pub struct ConnectionCount: 6 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(11);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Connection count: which incarnation of the connection this is.
    cc: u32 = 16..48, Dec, "tcp.options.cc_value", default(0);
}

header! {
    /// Capabilities of the space communications protocol.
    pub struct Scps: 4 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(20);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Capabilities: what it can do.
    vector: u8 = 16..24, Hex, "tcp.options.scps.vector", default(0);
    /// Partial reliability: best effort transport is offered.
    bets: bool = 16..17, Flag, "tcp.options.scpsflags.bets", part;
    /// Short form of SNACK: selective negative acknowledgments may be sent.
    snack1: bool = 17..18, Flag, "tcp.options.scpsflags.snack1", part;
    /// Long form of SNACK: with a bit vector.
    snack2: bool = 18..19, Flag, "tcp.options.scpsflags.snack2", part;
    /// Compression: of headers.
    compress: bool = 19..20, Flag, "tcp.options.scpsflags.compress", part;
    /// Network layer timestamps: are there.
    nlts: bool = 20..21, Flag, "tcp.options.scpsflags.nlts", part;
    /// Reserved bits: must be zero.
    reserved: u8 = 21..24, Dec, "tcp.options.scpsflags.reserved", part;
    /// Connection ID: which connection is meant by a compressed header.
    binding: u8 = 24..32, Dec, "tcp.options.scps.binding", default(0);
}

header! {
    /// Quick start: a rate that is asked for, or allowed.
    pub struct QuickStart: 8 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(27);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Reserved: must be zero.
    reserved: u8 = 16..20, Dec, "", default(0);
    /// Rate: a power of two times 40 kbit a second.
    rate: u8 = 20..24, Dec, "tcp.options.qs.rate", default(0);
    /// TTL difference: how many routers did not agree, to a constant.
    ttl_diff: u8 = 24..32, Dec, "tcp.options.qs.ttl_diff", default(0);
    /// Nonce: that routers change.
    nonce: u32 = 32..64, Dec, "", default(0);
}

header! {
    /// User timeout: for how long data may stay unacknowledged.
    pub struct UserTimeout: 4 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(28);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Granularity: the timeout is in minutes, else in seconds.
    granularity: bool = 16..17, Flag, "tcp.options.user_to_granularity", default(0);
    /// User timeout: in the units above.
    timeout: u16 = 17..32, Dec, "tcp.options.user_to_val", default(0);
}

header! {
    /// The beginning of an authentication option; the code follows.
    pub struct Authentication: 4 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(29);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Key ID: of the key that was used.
    keyid: u8 = 16..24, Dec, "tcp.options.ao.keyid", default(0);
    /// Next key ID: of the key that is to be used by the other side.
    rnextkeyid: u8 = 24..32, Dec, "tcp.options.ao.rnextkeyid", default(0);
}

header! {
    /// The beginning of an experiment; its data follows.
    pub struct Experiment: 4 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(254);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Experiment ID: who experiments, RFC 6994.
    exid: u16 = 16..32, Hex, "tcp.options.experimental.exid", default(0);
}

header! {
    /// A counter of accurate ECN: bytes that came with ECT(0).
    pub struct Ect0: 3 bytes;

    /// ECT(0) bytes: modulo 2 to the 24th.
    ee0b: u32 = 0..24, Dec, "tcp.options.acc_ecn.ee0b", default(1);
}

header! {
    /// A counter of accurate ECN: bytes that came with CE.
    pub struct Ce: 3 bytes;

    /// CE bytes: modulo 2 to the 24th.
    eceb: u32 = 0..24, Dec, "tcp.options.acc_ecn.eceb", default(0);
}

header! {
    /// A counter of accurate ECN: bytes that came with ECT(1).
    pub struct Ect1: 3 bytes;

    /// ECT(1) bytes: modulo 2 to the 24th.
    ee1b: u32 = 0..24, Dec, "tcp.options.acc_ecn.ee1b", default(1);
}

/// What has no fixed place, or no place at all.
pub(super) const PARTS: &[Field] = &[
    Field::bytes("digest", "tcp.options.md5.digest", "MD5 digest: of the segment and a secret."),
    Field::bytes("mac", "tcp.options.ao.mac", "Message authentication code: of the segment."),
    Field::bytes("cookie", "tcp.options.tfo.cookie", "Fast open cookie: that the server gave."),
    Field::bytes("experiment", "tcp.options.experimental.data", "Experimental data: as the experiment has it."),
    Field::bytes("payload", "tcp.options.unknown.payload", "Payload: of an option that is not described."),
    Field::variable("multiplier", "tcp.options.wscale.multiplier", Kind::Dec, "Multiplier: of windows, 2 to the shift count.").derived(),
    Field::variable("blocks", "tcp.options.sack.count", Kind::Dec, "SACK count: how many blocks follow.").derived(),
];

/// Makes the row of an option.
const fn option(
    number: u8,
    names: (&'static str, &'static str),
    fields: &'static [Field],
    len: usize,
    doc: &'static str,
) -> OptionRow {
    OptionRow::new(u16::from_be_bytes([0, number]), names, fields, len, doc)
}

/// Makes the row of an option that has only a kind and a length before what a function shows.
const fn plain(number: u8, names: (&'static str, &'static str), doc: &'static str) -> OptionRow {
    option(number, names, Plain::FIELDS, Plain::LEN, doc)
}

/// The end of options, also as padding behind it.
pub(super) const END_OF_OPTIONS: OptionRow =
    option(0, ("EOL", "tcp.options.eol"), Alone::FIELDS, Alone::LEN, "End of options: padding follows.");

/// The options.
pub(super) const OPTIONS: &[OptionRow] = &[
    END_OF_OPTIONS,
    option(1, ("NOP", "tcp.options.nop"), Alone::FIELDS, Alone::LEN, "No operation: it fills a word."),
    option(
        kind::MSS,
        ("MSS", "tcp.options.mss"),
        Mss::FIELDS,
        Mss::LEN,
        "Maximum segment size: it may receive.",
    ),
    option(
        kind::WINDOW_SCALE,
        ("WScale", "tcp.options.wscale"),
        WindowScale::FIELDS,
        WindowScale::LEN,
        "Window scale: how windows are counted.",
    )
    .with_inside(|walk, option| {
        if let Some(scale) = WindowScale::new(option) {
            let multiplier = 1_u64.checked_shl(scale.shift().into()).unwrap_or(0);
            walk.derived(row!(PARTS, "multiplier"), Value::Uint(multiplier));
        }
    }),
    plain(kind::SACK_PERMITTED, ("SAckOK", "tcp.options.sack_perm"), "SACK permitted: it may be used."),
    plain(kind::SACK, ("SAck", "tcp.options.sack"), "SACK: blocks that were received.").with_inside(|walk, _| {
        let mut blocks = 0;
        while walk.rest().len() >= Block::LEN {
            walk.table(Block::FIELDS, Block::LEN);
            blocks += 1;
        }
        walk.derived(row!(PARTS, "blocks"), Value::Uint(blocks));
    }),
    option(kind::ECHO, ("Echo", "tcp.options.echo"), Echo::FIELDS, Echo::LEN, "Echo: to be sent back."),
    option(
        kind::ECHO_REPLY,
        ("EchoReply", "tcp.options.echo"),
        Echo::FIELDS,
        Echo::LEN,
        "Echo reply: what was sent.",
    ),
    option(
        kind::TIMESTAMPS,
        ("Timestamp", "tcp.options.timestamp"),
        Timestamps::FIELDS,
        Timestamps::LEN,
        "Timestamps: the clocks of both sides.",
    ),
    option(
        kind::CC,
        ("CC", "tcp.options.cc"),
        ConnectionCount::FIELDS,
        ConnectionCount::LEN,
        "Connection count: of transaction TCP.",
    ),
    option(
        kind::CC_NEW,
        ("CCNew", "tcp.options.ccnew"),
        ConnectionCount::FIELDS,
        ConnectionCount::LEN,
        "New connection count: of transaction TCP.",
    ),
    option(
        kind::CC_ECHO,
        ("CCEcho", "tcp.options.ccecho"),
        ConnectionCount::FIELDS,
        ConnectionCount::LEN,
        "Echoed connection count: of transaction TCP.",
    ),
    plain(kind::MD5, ("MD5", "tcp.options.md5"), "MD5 signature: of the segment.")
        .with_inside(|walk, _| walk.bytes(row!(PARTS, "digest"), usize::MAX)),
    option(
        kind::SCPS,
        ("SCPS", "tcp.options.scps"),
        Scps::FIELDS,
        Scps::LEN,
        "SCPS capabilities: for links through space.",
    ),
    option(
        kind::QUICK_START,
        ("QuickStart", "tcp.options.qs"),
        QuickStart::FIELDS,
        QuickStart::LEN,
        "Quick start: how fast to begin.",
    ),
    option(
        kind::USER_TIMEOUT,
        ("UTO", "tcp.options.user_to"),
        UserTimeout::FIELDS,
        UserTimeout::LEN,
        "User timeout: how long to wait.",
    ),
    option(
        kind::AUTHENTICATION,
        ("AO", "tcp.options.ao"),
        Authentication::FIELDS,
        Authentication::LEN,
        "Authentication: TCP-AO.",
    )
    .with_inside(|walk, _| walk.bytes(row!(PARTS, "mac"), usize::MAX)),
    option(kind::MPTCP, ("MPTCP", "tcp.options.mptcp"), Plain::FIELDS, Plain::LEN, "Multipath TCP: several paths.")
        .with_inside(mptcp::walk),
    plain(kind::FAST_OPEN, ("TFO", "tcp.options.tfo"), "Fast open: data before the handshake is over.")
        .with_inside(|walk, _| walk.bytes(row!(PARTS, "cookie"), usize::MAX)),
    plain(kind::ACC_ECN_0, ("AccECN0", "tcp.options.acc_ecn"), "Accurate ECN: counters, ECT(0) first.")
        .with_inside(|walk, _| counters(walk, [Ect0::FIELDS, Ce::FIELDS, Ect1::FIELDS])),
    plain(kind::ACC_ECN_1, ("AccECN1", "tcp.options.acc_ecn"), "Accurate ECN: counters, ECT(1) first.")
        .with_inside(|walk, _| counters(walk, [Ect1::FIELDS, Ce::FIELDS, Ect0::FIELDS])),
    option(
        kind::EXPERIMENT_1,
        ("Experiment1", "tcp.options.experimental"),
        Experiment::FIELDS,
        Experiment::LEN,
        "Experiment: RFC 4727.",
    )
    .with_inside(experiment),
    option(
        kind::EXPERIMENT_2,
        ("Experiment2", "tcp.options.experimental"),
        Experiment::FIELDS,
        Experiment::LEN,
        "Experiment: RFC 4727.",
    )
    .with_inside(experiment),
];

/// An option that no row knows.
pub(super) const UNKNOWN: &OptionRow = &plain(255, ("Unknown", "tcp.options.unknown"), "Option: not known.")
    .with_inside(|walk, _| walk.bytes(row!(PARTS, "payload"), usize::MAX));

/// Shows the counters of accurate ECN that are there: later ones may be left out.
fn counters(walk: &mut Walk<'_, '_>, tables: [&'static [Field]; 3]) {
    for table in tables {
        if walk.rest().len() >= 3 {
            walk.table(table, 3);
        }
    }
}

/// Shows the data of an experiment.
fn experiment(walk: &mut Walk<'_, '_>, option: &[u8]) {
    let is_fast_open = Experiment::new(option).is_some_and(|option| option.exid() == FAST_OPEN_EXPERIMENT);
    let data = if is_fast_open { row!(PARTS, "cookie") } else { row!(PARTS, "experiment") };
    walk.bytes(data, usize::MAX);
}
