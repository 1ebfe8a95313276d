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

mod line;
pub mod mptcp;
pub mod option;

use super::{Id, Protocol};
use crate::answer::{self, Answer, Side};
use crate::field::{Field, Kind, Space, row};
use crate::header::header;
use crate::option::END;
use crate::packet::{Fault, Input, Next, Packet, Status, Step};
use crate::walk::{Value, Walk};

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
    flags: u16 = 103..112, HexDigits(4), "tcp.flags", default(2);
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

/// What is known of a segment without having a place in its header.
const DERIVED: &[Field] = &[
    Field::variable("letters", "tcp.flags.str", Kind::Letters("RRRACEUAPRSF"), "Flags as letters: the reserved bits first.")
        .derived(),
    Field::variable("datalen", "tcp.len", Kind::Dec, "Segment length: how many bytes of data it carries.").derived(),
    Field::variable("options", "tcp.options", Kind::Bytes, "Options: all of them, and what fills the last word.").derived(),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "tcp",
    scapy: "TCP",
    title: "Transmission Control Protocol",
    fields: Tcp::FIELDS,
    more: &[
        option::Alone::FIELDS,
        option::Plain::FIELDS,
        option::Mss::FIELDS,
        option::WindowScale::FIELDS,
        option::Block::FIELDS,
        option::Echo::FIELDS,
        option::Timestamps::FIELDS,
        option::ConnectionCount::FIELDS,
        option::Scps::FIELDS,
        option::QuickStart::FIELDS,
        option::UserTimeout::FIELDS,
        option::Authentication::FIELDS,
        option::Experiment::FIELDS,
        option::Ect0::FIELDS,
        option::Ce::FIELDS,
        option::Ect1::FIELDS,
        option::PARTS,
        mptcp::Capable::FIELDS,
        mptcp::Join::FIELDS,
        mptcp::Reserved::FIELDS,
        mptcp::Dss::FIELDS,
        mptcp::AddAddr::FIELDS,
        mptcp::Subtype::FIELDS,
        mptcp::Prio::FIELDS,
        mptcp::Reset::FIELDS,
        mptcp::PARTS,
        DERIVED,
    ],
    options: option::OPTIONS,
    dissect,
    walk,
    line: line::write,
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
    let next = Next::Either(Space::TcpPort, header.sport().into(), header.dport().into());
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

/// Returns the ports of a segment that carries a layer, the sender's first; `None` where none does.
#[must_use]
pub fn ports(packet: &Packet<'_>, index: usize) -> Option<(u16, u16)> {
    let below = packet.layers.get(..index)?.iter().rev();
    let segment = below.into_iter().find(|layer| layer.id == Id::Tcp)?;
    Tcp::new(packet.header(segment)).map(|header| (header.sport(), header.dport()))
}

/// Tells whether a layer comes from who was called: whose port is the lower one.
#[must_use]
pub fn is_from_server(packet: &Packet<'_>, index: usize) -> bool {
    ports(packet, index).is_some_and(|(from, to)| from < to)
}

fn walk(walk: &mut Walk<'_, '_>) {
    let header = Tcp::new(walk.rest());
    walk.table(Tcp::FIELDS, Tcp::LEN);
    if let Some(header) = &header {
        let bits = u64::from(header.reserved()) << 9 | u64::from(header.flags());
        walk.derived(row!(DERIVED, "letters"), Value::Uint(bits));
    }
    let layer = walk.packet().layers.get(walk.index());
    if let Some((header, layer)) = header.zip(layer)
        // What the header below says, as far as it was on the wire.
        && let end = layer.wire_end.min(walk.packet().wire_len)
        && let Some(len) = end.saturating_sub(layer.start).checked_sub(usize::from(header.dataofs()) * 4)
    {
        walk.derived(row!(DERIVED, "datalen"), Value::Uint(u64::try_from(len).unwrap_or(u64::MAX)));
    }
    if !walk.rest().is_empty() {
        walk.derived(row!(DERIVED, "options"), Value::Bytes(walk.rest()));
        crate::option::walk(walk, option::OPTIONS, option::UNKNOWN);
        // Each byte of padding is an end of options, too.
        while walk.rest().first() == Some(&END) {
            walk.record(&option::END_OF_OPTIONS.record, 1, |walk| {
                walk.table(option::Alone::FIELDS, option::Alone::LEN);
            });
        }
    }
}
