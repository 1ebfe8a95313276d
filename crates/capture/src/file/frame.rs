//! A frame: a packet of a capture, with its place among the others.

use pcap::{LinkType, Options, Timestamp};
use wire::Id;

/// Holds a packet as it is read, its bytes borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// When it was captured, where the file says so.
    pub time: Option<Timestamp>,
    /// When the frame before it was captured; its own time for the first.
    pub before: Option<Timestamp>,
    /// When the first frame was captured.
    pub first: Option<Timestamp>,
    /// What its first bytes are.
    pub linktype: LinkType,
    /// The bytes that it had on the link.
    pub original_length: u32,
    /// The bytes that were captured of it.
    pub data: &'a [u8],
    /// Which of the files it is from, from 0.
    pub file: usize,
    /// The number of its section in the file.
    pub section: u32,
    /// The number of its interface in the section.
    pub interface: u32,
    /// Its options, as long as one file alone is read.
    pub options: Options<'a>,
}

impl Frame<'_> {
    /// Returns how many bytes there were on the link: never fewer than were captured.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        usize::try_from(self.original_length).unwrap_or(usize::MAX).max(self.data.len())
    }

    /// Tells whether its lengths can be: tcpdump prints nothing else of one whose cannot.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.data.is_empty()
            && self.data.len() <= usize::try_from(self.original_length).unwrap_or(usize::MAX)
    }
}

/// The fields of a frame itself, under Wireshark's names: name, and what it is.
pub const FRAME: &[(&str, &str)] = &[
    ("frame.number", "Number of the frame, from 1"),
    ("frame.time", "Time: date and time of day in UTC"),
    ("frame.time_epoch", "Time: seconds since 1970 with nine digits behind the point"),
    ("frame.time_delta", "Time since the frame before"),
    ("frame.time_relative", "Time since the first frame"),
    ("frame.len", "Length on the link"),
    ("frame.cap_len", "Length that was captured"),
    ("frame.interface_id", "Number of the interface in its section"),
    (
        "frame.protocols",
        "Names of the protocols as tshark has them: with ethertype, and data for what is not known",
    ),
    ("layers", "Names of the protocols, outermost first, with colons between"),
];

/// The payloads of segments and datagrams, under Wireshark's names: name, whose, and what it is.
pub(super) const PAYLOADS: [(&str, Id, &str); 2] = [
    ("tcp.payload", Id::Tcp, "Payload: what a segment carries, as far as it was captured."),
    ("udp.payload", Id::Udp, "Payload: what a datagram carries, as far as it was captured."),
];
