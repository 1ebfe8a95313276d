//! Spanning Tree Protocol: IEEE 802.1D; rapid: 802.1w; of several trees: 802.1s; of shortest paths: 802.1aq; one for each VLAN:
//! Cisco's.
//!
//! ```text
//!  0                   1                   2                   3
//!  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |      Protocol identifier      |    Version    |     Type      |
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |     Flags     |  Root identifier (8 bytes), root path cost (4),
//! +-+-+-+-+-+-+-+-+  bridge identifier (8), port identifier (2),
//!    message age, maximum age, hello time, forward delay (2 each, in 256ths of a second)
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! | Version 1 len |     Version 3 length          |  of several trees
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!   configuration identifier (51), internal root path cost (4), bridge identifier (8), remaining hops (1),
//!   and for each tree flags (1), regional root (8), cost (4), priorities of bridge and port (1, 1), hops (1)
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//! |       Version 4 length        |  of shortest paths
//! +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//!   configuration identifier (51), agreement (34)
//! ```

mod line;
pub mod table;

use super::{Id, Protocol};
use crate::field::{Field, Kind, row};
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

use table::{Agreement, Bpdu, ConfigFlags, Identifier, RapidFlags, Tlv, Tree, Trees, VERSION_1, VERSION_4, Vector};

/// A unit of the tree's own protocol: which bridge is the root, and how far it is.
const CONFIGURATION: u8 = 0x00;
/// The same, of the rapid protocol and all after it.
const RAPID: u8 = 0x02;
/// A unit that says that the tree has changed.
const TOPOLOGY_CHANGE: u8 = 0x80;

/// The version of IEEE 802.1w.
const VERSION_RAPID: u8 = 2;
/// The version of IEEE 802.1s.
const VERSION_TREES: u8 = 3;
/// The version of IEEE 802.1aq.
const VERSION_SHORTEST_PATH: u8 = 4;

/// The length of what every unit of version 3 has behind that length.
const TREES_LEN: usize = 64;

/// What has no fixed place.
const MORE: &[Field] = &[
    Field::variable("msti", "", Kind::Record, "Tree: an instance of several."),
    Field::variable("tlv", "", Kind::Record, "Record: behind a unit of a tree for each VLAN."),
    Field::variable("origvlan", "stp.pvst.origvlan", Kind::Dec, "Originating VLAN: whose tree it is."),
    Field::bytes("tlvval", "stp.pvst.tlvval", "Value: of a record that is not known."),
];

/// What is known of it.
pub const PROTOCOL: Protocol = Protocol {
    name: "stp",
    scapy: "STP",
    title: "Spanning Tree Protocol",
    fields: Bpdu::FIELDS,
    more: &[
        ConfigFlags::FIELDS,
        RapidFlags::FIELDS,
        Vector::FIELDS,
        VERSION_1,
        Trees::FIELDS,
        Identifier::FIELDS,
        Tree::FIELDS,
        VERSION_4,
        Agreement::FIELDS,
        Tlv::FIELDS,
        MORE,
    ],
    dissect,
    walk,
    line: line::line,
    ..Protocol::BARE
};

fn dissect(input: &Input<'_>) -> Step {
    match Bpdu::new(input.bytes) {
        Some(_) => Step::whole(input),
        None => Step::short(input, Bpdu::LEN, "the beginning of a BPDU"),
    }
}

fn walk(walk: &mut Walk<'_, '_>) {
    let Some(head) = Bpdu::new(walk.rest()) else { return walk.fixed() };
    walk.fixed();
    match head.bpdutype() {
        CONFIGURATION => {
            walk.table(ConfigFlags::FIELDS, ConfigFlags::LEN);
            walk.table(Vector::FIELDS, Vector::LEN);
        }
        RAPID => {
            walk.table(RapidFlags::FIELDS, RapidFlags::LEN);
            walk.table(Vector::FIELDS, Vector::LEN);
            walk.bytes(row!(VERSION_1, "v1len"), 1);
            if head.version() >= VERSION_TREES {
                trees(walk, head.version());
            }
        }
        _ => {}
    }
    if is_of_vlan(&walk.packet(), walk.index()) {
        records(walk);
    }
}

/// Walks what there is of several trees, and of shortest paths.
fn trees(walk: &mut Walk<'_, '_>, version: u8) {
    let Some(trees) = Trees::new(walk.rest()) else { return };
    walk.table(Trees::FIELDS, Trees::LEN);
    for _ in 0..trees.count() {
        if walk.rest().len() >= Tree::LEN {
            walk.record(row!(MORE, "msti"), Tree::LEN, |walk| {
                walk.table(Tree::FIELDS, Tree::LEN);
            });
        }
    }
    if version >= VERSION_SHORTEST_PATH && walk.rest().len() >= 2 {
        walk.bytes(row!(VERSION_4, "v4len"), 2);
        walk.table(Identifier::FIELDS, Identifier::LEN);
        walk.table(Agreement::FIELDS, Agreement::LEN);
    }
}

/// Tells whether a unit is of Cisco's trees for each VLAN, which stand in SNAP.
fn is_of_vlan(packet: &Packet<'_>, index: usize) -> bool {
    let below = index.checked_sub(1).and_then(|below| packet.layers.get(below));
    below.is_some_and(|below| below.id == Id::Snap)
}

/// Walks records, each with a type and a length.
fn records(walk: &mut Walk<'_, '_>) {
    while let Some(record) = Tlv::new(walk.rest()) {
        let len = usize::from(record.tlvlen());
        let is_vlan = (record.tlvtype(), len) == (0, 2);
        walk.record(row!(MORE, "tlv"), Tlv::LEN + len, |walk| {
            walk.table(Tlv::FIELDS, Tlv::LEN);
            walk.bytes(if is_vlan { row!(MORE, "origvlan") } else { row!(MORE, "tlvval") }, len);
        });
    }
}

impl Trees<'_> {
    /// Returns how many trees follow, by the length.
    fn count(&self) -> usize {
        usize::from(self.v3len()).saturating_sub(TREES_LEN) / Tree::LEN
    }
}
