//! The tables of the units of a spanning tree; IEEE 802.1D, section 9.3, and 802.1Q, section 14.

use crate::field::{Field, Kind};
use crate::header::{Mac, header};

header! {
    /// What every unit begins with.
    pub struct Bpdu: 4 bytes;

    /// Protocol identifier: 0.
    proto: u16 = 0..16, Hex, "stp.protocol", default(0);
    /// Version: 0, 2 rapid, 3 several trees, 4 shortest paths.
    version: u8 = 16..24, DecOf(version_name), "stp.version", default(0);
    /// Type: what the unit is.
    bpdutype: u8 = 24..32, HexOf(type_name), "stp.type", default(0);
}

header! {
    /// The flags of a configuration.
    pub struct ConfigFlags: 1 bytes;

    /// Flags: whether the tree changes.
    bpduflags: u8 = 0..8, Hex, "stp.flags", default(0);
    /// Topology change acknowledgment: the change has been heard of.
    tcack: bool = 0..1, Flag, "stp.flags.tcack", part;
    /// Topology change: stations may be elsewhere now.
    tc: bool = 7..8, Flag, "stp.flags.tc", part;
}

header! {
    /// The flags of a unit of the rapid protocol.
    pub struct RapidFlags: 1 bytes;

    /// Flags: whether the tree changes, and what the port does.
    bpduflags: u8 = 0..8, Hex, "stp.flags", default(0);
    /// Topology change acknowledgment: the change has been heard of.
    tcack: bool = 0..1, Flag, "stp.flags.tcack", part;
    /// Agreement: the port may forward at once.
    agreement: bool = 1..2, Flag, "stp.flags.agreement", part;
    /// Forwarding: the port carries frames.
    forwarding: bool = 2..3, Flag, "stp.flags.forwarding", part;
    /// Learning: the port learns where stations are.
    learning: bool = 3..4, Flag, "stp.flags.learning", part;
    /// Port role: which place in the tree the port has.
    port_role: u8 = 4..6, DecOf(port_role), "stp.flags.port_role", part;
    /// Proposal: the port wants to forward at once.
    proposal: bool = 6..7, Flag, "stp.flags.proposal", part;
    /// Topology change: stations may be elsewhere now.
    tc: bool = 7..8, Flag, "stp.flags.tc", part;
}

header! {
    /// Which bridge is the root, and how far it is.
    pub struct Vector: 30 bytes;

    /// Root priority: the bridge with the lowest is the root.
    rootprio: u8 = 0..4, Times(4096), "stp.root.prio", default(8);
    /// Root system ID extension: of which tree it is the root.
    rootext: u16 = 4..16, Dec, "stp.root.ext", default(0);
    /// Root address: of the bridge that is the root.
    rootmac: Mac = 16..64, Mac, "stp.root.hw", default(0);
    /// Root path cost: how far the root is.
    pathcost: u32 = 64..96, Dec, "stp.root.cost", default(0);
    /// Bridge priority: of the sender.
    bridgeprio: u8 = 96..100, Times(4096), "stp.bridge.prio", default(8);
    /// Bridge system ID extension: of which tree the sender speaks.
    bridgeext: u16 = 100..112, Dec, "stp.bridge.ext", default(0);
    /// Bridge address: of the sender.
    bridgemac: Mac = 112..160, Mac, "stp.bridge.hw", default(0);
    /// Port identifier: priority and number of the port that sends.
    portid: u16 = 160..176, Hex, "stp.port", default(0);
    /// Message age: how long ago the root sent, in seconds.
    age: u16 = 176..192, Per(256), "stp.msg_age", default(0x100);
    /// Maximum age: when what was sent is to be forgotten, in seconds.
    maxage: u16 = 192..208, Per(256), "stp.max_age", default(0x1400);
    /// Hello time: how long it is between two units, in seconds.
    hellotime: u16 = 208..224, Per(256), "stp.hello", default(0x200);
    /// Forward delay: how long a port waits before it forwards, in seconds.
    fwddelay: u16 = 224..240, Per(256), "stp.forward", default(0xf00);
}

/// What units since version 2 have, for those of version 1.
pub(super) const VERSION_1: &[Field] =
    &[Field::variable("v1len", "stp.version_1_length", Kind::Dec, "Version 1 length: nothing follows of version 1.")];

header! {
    /// What units of several trees have.
    pub struct Trees: 66 bytes;

    /// Version 3 length: of what follows up to version 4.
    v3len: u16 = 0..16, Dec, "mstp.version_3_length", default(64);
    /// Format selector: 0.
    selector: u8 = 16..24, Dec, "mstp.config_format_selector", default(0);
    /// Configuration name: of the region.
    name: u8 = 24..280, Text, "mstp.config_name", default(0);
    /// Configuration revision: of the region.
    revision: u16 = 280..296, Dec, "mstp.config_revision_level", default(0);
    /// Configuration digest: over which VLAN has which tree.
    digest: u8 = 296..424, Bytes, "mstp.config_digest", default(0);
    /// Internal root path cost: how far the root of the region is.
    cost: u32 = 424..456, Dec, "mstp.cist_internal_root_path_cost", default(0);
    /// Bridge priority: of the sender.
    bridgeprio: u8 = 456..460, Times(4096), "mstp.cist_bridge.prio", default(8);
    /// Bridge system ID extension: of which tree the sender speaks.
    bridgeext: u16 = 460..472, Dec, "mstp.cist_bridge.ext", default(0);
    /// Bridge address: of the sender.
    bridgemac: Mac = 472..520, Mac, "mstp.cist_bridge.hw", default(0);
    /// Remaining hops: over how many bridges the unit may still go.
    hops: u8 = 520..528, Dec, "mstp.cist_remaining_hops", default(20);
}

header! {
    /// A tree of several.
    pub struct Tree: 16 bytes;

    /// Flags: whether the tree changes, and what the port does.
    flags: u8 = 0..8, Hex, "mstp.msti.flags", default(0);
    /// Topology change acknowledgment: here, the port is the root of the region.
    tcack: bool = 0..1, Flag, "stp.flags.tcack", part;
    /// Agreement: the port may forward at once.
    agreement: bool = 1..2, Flag, "stp.flags.agreement", part;
    /// Forwarding: the port carries frames.
    forwarding: bool = 2..3, Flag, "stp.flags.forwarding", part;
    /// Learning: the port learns where stations are.
    learning: bool = 3..4, Flag, "stp.flags.learning", part;
    /// Port role: which place in the tree the port has.
    port_role: u8 = 4..6, DecOf(port_role), "stp.flags.port_role", part;
    /// Proposal: the port wants to forward at once.
    proposal: bool = 6..7, Flag, "stp.flags.proposal", part;
    /// Topology change: stations may be elsewhere now.
    tc: bool = 7..8, Flag, "stp.flags.tc", part;
    /// Regional root priority: of the root of this tree in the region.
    priority: u8 = 8..12, Hex, "mstp.msti.priority", default(8);
    /// Tree: its number.
    msti_id: u16 = 12..24, Dec, "mstp.msti.msti_id", default(1);
    /// Regional root: its address.
    rootmac: Mac = 24..72, Mac, "mstp.msti.root.hw", default(0);
    /// Internal root path cost: how far that root is.
    cost: u32 = 72..104, Dec, "mstp.msti.root_cost", default(0);
    /// Bridge priority: of the sender.
    bridgeprio: u8 = 104..108, Dec, "mstp.msti.bridge_priority", default(8);
    /// Reserved: must be zero.
    reserved: u8 = 108..112, Hex, "", default(0);
    /// Port priority: of the port that sends.
    portprio: u8 = 112..116, Dec, "mstp.msti.port_priority", default(8);
    /// Reserved: must be zero.
    reserved2: u8 = 116..120, Hex, "", default(0);
    /// Remaining hops: over how many bridges the unit may still go.
    hops: u8 = 120..128, Dec, "mstp.msti.remaining_hops", default(20);
}

/// What units of version 4 have before the rest of it.
pub(super) const VERSION_4: &[Field] =
    &[Field::variable("v4len", "mstp.version_4_length", Kind::Dec, "Version 4 length: of what follows.")];

header! {
    /// The identifier of a configuration.
    pub struct Identifier: 51 bytes;

    /// Format selector: 0.
    selector: u8 = 0..8, Dec, "mstp.config_format_selector", default(0);
    /// Configuration name: of the region.
    name: u8 = 8..264, Text, "mstp.config_name", default(0);
    /// Configuration revision: of the region.
    revision: u16 = 264..280, Dec, "mstp.config_revision_level", default(0);
    /// Configuration digest: over which VLAN has which tree.
    digest: u8 = 280..408, Bytes, "mstp.config_digest", default(0);
}

header! {
    /// What neighbours agree on, of shortest paths; IEEE 802.1aq, section 14.
    pub struct Agreement: 34 bytes;

    /// Agreement: numbers and flags.
    flags: u8 = 0..8, Hex, "", default(0);
    /// Agreement number: of what the sender agrees to.
    number: u8 = 0..2, Dec, "", part;
    /// Discarded agreement number: of what the sender no longer agrees to.
    discarded: u8 = 2..4, Dec, "", part;
    /// Agreement is valid: there is one.
    is_valid: u8 = 4..5, Dec, "", part;
    /// Restricted role: the port may not become the root's.
    is_restricted: u8 = 5..6, Dec, "", part;
    /// Reserved: must be zero.
    reserved: u8 = 8..16, Hex, "", default(0);
    /// Format: how the digest is made, and what is able to.
    format: u8 = 16..24, Hex, "", default(0);
    /// Convention: how edges are counted, and what is able to.
    convention: u8 = 24..32, Hex, "", default(0);
    /// Edge count: how many edges the region has.
    edges: u16 = 32..48, Dec, "", default(0);
    /// Reserved: must be zero.
    reserved2: u64 = 48..112, Hex, "", default(0);
    /// Agreement digest: over the topology.
    digest: u8 = 112..272, Bytes, "mstp.agreement_digest", default(0);
}

header! {
    /// A record behind a unit of a tree for each VLAN.
    pub struct Tlv: 4 bytes;

    /// Type: 0 is the VLAN.
    tlvtype: u16 = 0..16, Hex, "stp.pvst.tlvtype", default(0);
    /// Length: of the value.
    tlvlen: u16 = 16..32, Dec, "stp.pvst.tlvlen", computed(Following);
}

/// Names a version.
pub(super) fn version_name(number: u64) -> Option<&'static str> {
    Some(match number {
        0 => "802.1d",
        2 => "802.1w",
        3 => "802.1s",
        4 => "802.1aq",
        _ => return None,
    })
}

/// Names a type.
pub(super) fn type_name(number: u64) -> Option<&'static str> {
    Some(match u8::try_from(number).ok()? {
        super::CONFIGURATION => "Config",
        super::RAPID => "Rapid STP",
        super::TOPOLOGY_CHANGE => "Topology Change",
        _ => return None,
    })
}

/// Names a place in the tree.
pub(super) fn port_role(number: u64) -> Option<&'static str> {
    ["Unknown", "Alternate", "Root", "Designated"].get(usize::try_from(number).ok()?).copied()
}
