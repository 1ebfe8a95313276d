//! Transmission Control Protocol: RFC 9293; the ninth flag as RFC 9768 has it.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |          Source Port          |       Destination Port        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                        Sequence Number                        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                    Acknowledgment Number                      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |  Data |     |A|C|E|U|A|P|R|S|F|                               |
//! | Offset| Rsrv|E|W|C|R|C|S|S|Y|I|            Window             |
//! |       |     | |R|E|G|K|H|T|N|N|                               |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |           Checksum            |         Urgent Pointer        |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |                           [Options]                           |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! ```

use super::Protocol;
use crate::answer::{self, Answer, Side};
use crate::field::Space;
use crate::header::header;
use crate::line::{self, Cut, Line, Told};
use crate::option::{self, OptionRow, Options};
use crate::packet::{Fault, Input, Next, Packet, Status, Step};

header! {
    /// The header of a segment, without its options.
    pub struct Tcp: 20 bytes;

    /// Source port: who sends.
    sport: u16 = 0..16, Dec, "tcp.srcport" also "tcp.port", default(20);
    /// Destination port: for whom it is.
    dport: u16 = 16..32, Dec, "tcp.dstport" also "tcp.port", default(80);
    /// Sequence number: of the first byte of data; of SYN, where counting begins.
    seq: u32 = 32..64, Dec, "tcp.seq_raw", default(0);
    /// Acknowledgment number: the next byte that is expected.
    ack: u32 = 64..96, Dec, "tcp.ack_raw", default(0);
    /// Data offset: the header's length in words of 4 bytes, options included.
    dataofs: u8 = 96..100, Times(4), "tcp.hdr_len", computed(Header);
    /// Reserved: must be zero.
    reserved: u8 = 100..103, Dec, "tcp.flags.res", default(0);
    /// Flags: what the segment is.
    flags: u16 = 103..112, Hex, "tcp.flags", default(2);
    /// Accurate ECN: RFC 9768.
    ae: bool = 103..104, Flag, "tcp.flags.ae", part;
    /// Congestion window reduced: the sender slowed down.
    cwr: bool = 104..105, Flag, "tcp.flags.cwr", part;
    /// ECN-echo: a router marked what came.
    ece: bool = 105..106, Flag, "tcp.flags.ece", part;
    /// Urgent: the urgent pointer counts.
    urg: bool = 106..107, Flag, "tcp.flags.urg", part;
    /// Acknowledgment: the acknowledgment number counts.
    ack_flag: bool = 107..108, Flag, "tcp.flags.ack", part;
    /// Push: give it to the application at once.
    psh: bool = 108..109, Flag, "tcp.flags.push", part;
    /// Reset: the connection is over.
    rst: bool = 109..110, Flag, "tcp.flags.reset", part;
    /// Synchronize: the connection begins.
    syn: bool = 110..111, Flag, "tcp.flags.syn", part;
    /// Finish: nothing more will be sent.
    fin: bool = 111..112, Flag, "tcp.flags.fin", part;
    /// Window: how many bytes may be sent, before scaling.
    window: u16 = 112..128, Dec, "tcp.window_size_value", default(8192);
    /// Checksum: over the pseudo header, the header and the data.
    chksum: u16 = 128..144, Hex, "tcp.checksum", computed(PseudoSum { zero_is_none: false });
    /// Urgent pointer: where urgent data ends.
    urgptr: u16 = 144..160, Dec, "tcp.urgent_pointer", default(0);
}

header! {
    /// An option of one byte.
    pub struct Alone: 1 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(1);
}

header! {
    /// An option that only has a kind and a length, or whose inside is not described.
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
    /// Window scale: RFC 7323.
    pub struct WindowScale: 3 bytes;

    /// Kind: which option it is.
    kind: u8 = 0..8, Dec, "tcp.option_kind", default(3);
    /// Length: of the whole option.
    length: u8 = 8..16, Dec, "tcp.option_len", computed(Record);
    /// Shift count: windows are to be shifted left by it.
    shift: u8 = 16..24, Dec, "tcp.options.wscale.shift", default(0);
}

header! {
    /// A block that was received: RFC 2018.
    pub struct Block: 8 bytes;

    /// Left edge: its first byte.
    left: u32 = 0..32, Dec, "tcp.options.sack_le", default(0);
    /// Right edge: the byte behind its last.
    right: u32 = 32..64, Dec, "tcp.options.sack_re", default(0);
}

header! {
    /// Timestamps: RFC 7323.
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

/// The options. Source: IANA's registry of TCP option kinds.
const OPTIONS: &[OptionRow] = &[
    OptionRow::new(0, ("EOL", "tcp.options.eol"), Alone::FIELDS, Alone::LEN, "End of options: padding follows."),
    OptionRow::new(1, ("NOP", "tcp.options.nop"), Alone::FIELDS, Alone::LEN, "No operation: it fills a word."),
    OptionRow::new(2, ("MSS", "tcp.options.mss"), Mss::FIELDS, Mss::LEN, "Maximum segment size: it may receive."),
    OptionRow::new(
        3,
        ("WScale", "tcp.options.wscale"),
        WindowScale::FIELDS,
        WindowScale::LEN,
        "Window scale: how windows are counted.",
    ),
    OptionRow::new(4, ("SAckOK", "tcp.options.sack_perm"), Plain::FIELDS, Plain::LEN, "SACK permitted: it may be used."),
    OptionRow::new(5, ("SAck", "tcp.options.sack"), Plain::FIELDS, Plain::LEN, "SACK: blocks that were received.")
        .with_each(Block::FIELDS, Block::LEN),
    OptionRow::new(
        8,
        ("Timestamp", "tcp.options.timestamp"),
        Timestamps::FIELDS,
        Timestamps::LEN,
        "Timestamps: the clocks of both sides.",
    ),
];

/// An option that no row knows.
const UNKNOWN: &OptionRow =
    &OptionRow::new(255, ("Unknown", "tcp.options.unknown"), Plain::FIELDS, Plain::LEN, "Option: not known.");

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "tcp",
    scapy: "TCP",
    title: "Transmission Control Protocol",
    fields: Tcp::FIELDS,
    more: &[Alone::FIELDS, Plain::FIELDS, Mss::FIELDS, WindowScale::FIELDS, Block::FIELDS, Timestamps::FIELDS],
    options: OPTIONS,
    dissect,
    walk: |walk| {
        walk.table(Tcp::FIELDS, Tcp::LEN);
        option::walk(walk, OPTIONS, UNKNOWN);
    },
    line,
    has_ports: true,
    ports: Some(|header| Tcp::new(header).map(|header| (header.sport(), header.dport()))),
    answers: Some(answers),
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    let Some(header) = Tcp::new(input.bytes) else { return Step::short(input, Tcp::LEN, "a TCP header") };
    let len = usize::from(header.dataofs()) * 4;
    if len < Tcp::LEN {
        let fault = Fault { at: 12, need: Tcp::LEN, have: len, why: "a header length of at least 20" };
        return Step { status: Status::Malformed(fault), ..Step::whole(input) };
    }
    if len > input.bytes.len() {
        return Step::short(input, len, "the options of a TCP header");
    }
    let next = Next::Either(Space::TcpPort, header.dport().into(), header.sport().into());
    Step::carrying(input, len, next)
}

/// Tells whether a segment answers another: between the same ports, it acknowledges what the other sent; or it resets a connection
/// where the other said that it was. RFC 9293, section 3.10.7.
fn answers(answer: &Side<'_>, question: &Side<'_>) -> Answer {
    let (Some(own), Some(other)) = (Tcp::new(answer.header()), Tcp::new(question.header())) else { return Answer::No };
    if answer::by_ports(answer, question) == Answer::No {
        return Answer::No;
    }
    // SYN and FIN count as a byte each.
    let sent = question.payload_len() + usize::from(other.syn()) + usize::from(other.fin());
    let is_answer = if own.ack_flag() {
        usize::try_from(own.ack().wrapping_sub(other.seq())).is_ok_and(|acked| acked <= sent)
    } else {
        own.rst() && other.ack_flag() && own.seq() == other.ack()
    };
    if is_answer { Answer::Yes } else { Answer::No }
}

/// The letters of the flags, from the lowest bit.
const LETTERS: &[char] = &['F', 'S', 'R', 'P', '.', 'U', 'E', 'W', 'e'];

fn line(line: &mut Line<'_>, packet: &Packet<'_>, index: usize) -> Told {
    let Some(layer) = packet.layers.get(index) else { return Ok(()) };
    let bytes = packet.header(layer);
    let header = Tcp::new(bytes).ok_or(Cut("tcp"))?;
    let addresses = line::addresses(packet, index);
    line.port_ends(Space::TcpPort, line::near_addresses(packet, index), header.sport(), header.dport());
    let len = packet.payload_len(layer);
    if line.style().quiet {
        line.text("tcp ");
        line.len(len);
        return Ok(());
    }
    line.text("Flags [");
    if header.flags() == 0 {
        line.text("none");
    }
    for (bit, letter) in LETTERS.iter().enumerate() {
        if header.flags() >> bit & 1 == 1 {
            line.text(letter.encode_utf8(&mut [0; 4]));
        }
    }
    line.text("]");
    let (mut seq, mut ack) = (header.seq(), header.ack());
    if !line.style().absolute
        && header.ack_flag()
        && let Some((from, to)) = addresses
    {
        let starts = (seq, ack.wrapping_sub(1));
        if let Some(start) = line.start_of((from, header.sport()), (to, header.dport()), header.syn(), starts) {
            seq = seq.wrapping_sub(start.0);
            ack = ack.wrapping_sub(start.1);
        }
    }
    if len > 0 || header.syn() || header.fin() || header.rst() {
        line.text(", seq ");
        line.dec(seq);
        if len > 0 {
            line.text(":");
            line.dec(seq.wrapping_add(u32::try_from(len).unwrap_or(u32::MAX)));
        }
    }
    if header.ack_flag() {
        line.text(", ack ");
        line.dec(ack);
    }
    line.text(", win ");
    line.dec(header.window());
    if header.urg() {
        line.text(", urg ");
        line.dec(header.urgptr());
    }
    let options = bytes.get(Tcp::LEN..).unwrap_or_default();
    if !options.is_empty() {
        line.text(", options [");
        line.list(Options::new(options), option_words);
        line.text("]");
    }
    line.text(", length ");
    line.len(len);
    Ok(())
}

/// Writes an option.
fn option_words(line: &mut Line<'_>, (number, option): (u8, &[u8])) {
    match number {
        0 => line.text("eol"),
        1 => line.text("nop"),
        2 => {
            line.text("mss ");
            line.dec(Mss::new(option).map_or(0, |option| option.mss()));
        }
        3 => {
            line.text("wscale ");
            line.dec(WindowScale::new(option).map_or(0, |option| option.shift()));
        }
        4 => line.text("sackOK"),
        8 => {
            let Some(option) = Timestamps::new(option) else { return line.text("TS") };
            line.text("TS val ");
            line.dec(option.tsval());
            line.text(" ecr ");
            line.dec(option.tsecr());
        }
        number => {
            line.text("unknown-");
            line.dec(number);
        }
    }
}
