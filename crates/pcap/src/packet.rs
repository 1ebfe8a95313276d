//! A packet as a reader hands it out: borrowed, from either format.

use crate::LinkType;
use crate::option::Options;
use crate::time::Timestamp;

/// Holds a packet of a capture file, its bytes borrowed from the reader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Packet<'a> {
    /// Where its record or block begins, in bytes of the file.
    pub offset: u64,
    /// The number of its section, from 0; a pcap file is one.
    pub section: u32,
    /// The number of its interface in the section, from 0; a pcap file has one.
    pub interface: u32,
    /// What its first bytes are.
    pub linktype: LinkType,
    /// When it was captured; a Simple Packet Block does not say.
    pub timestamp: Option<Timestamp>,
    /// The bytes that it had on the link; less than the data in a file that is wrong, or that a program wrote which meant
    /// something else.
    pub original_length: u32,
    /// The bytes that were captured of it.
    pub data: &'a [u8],
    /// What the record's header has beyond the usual, in a modified pcap file (see [`Variant`](crate::Variant)).
    pub extra: &'a [u8],
    /// Its options, of which pcapng alone has some.
    pub options: Options<'a>,
}
