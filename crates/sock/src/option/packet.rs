//! Options of packet sockets, `SOL_PACKET`: packet(7), and the kernel's `packet_mmap` document.
//!
//! They take no privilege of their own: opening a packet socket takes `CAP_NET_RAW`.

use sys::c;

use super::{Kind, Opt};

options! {
    level SOL_PACKET;

    /// Lets the interface hand up more than is sent to it: promiscuous mode, all multicast, or one more address.
    PACKET_ADD_MEMBERSHIP "PACKET_ADD_MEMBERSHIP": LinkMembership { set add_membership, since "2.2", man "packet(7)" }

    /// Takes back `PACKET_ADD_MEMBERSHIP`.
    PACKET_DROP_MEMBERSHIP "PACKET_DROP_MEMBERSHIP": LinkMembership { set drop_membership, since "2.2", man "packet(7)" }

    /// Makes a ring to receive by, to be mapped by mmap(2): `struct tpacket_req` or `tpacket_req3`.
    PACKET_RX_RING "PACKET_RX_RING": Bytes { set set_receive_ring, since "2.4", man "packet(7)" }

    /// Tells how many packets came and how many were dropped since it was last read.
    PACKET_STATISTICS "PACKET_STATISTICS": PacketStatistics { get statistics, since "2.4", man "packet(7)" }

    /// Sets from which size on a packet is queued whole too, beside the ring.
    PACKET_COPY_THRESH "PACKET_COPY_THRESH": Int { get copy_threshold, set set_copy_threshold, since "2.4", man "linux/if_packet.h" }

    /// Adds length, offsets and VLAN tag to each packet received.
    PACKET_AUXDATA "PACKET_AUXDATA": Bool { get auxiliary_data, set set_auxiliary_data, since "2.6.21", man "packet(7)" }

    /// Tells by which port of a bond or bridge a packet came, instead of by the whole.
    PACKET_ORIGDEV "PACKET_ORIGDEV": Bool { get original_device, set set_original_device, since "2.6.22", man "linux/if_packet.h" }

    /// Chooses the layout of the ring; to be set before it is made.
    PACKET_VERSION "PACKET_VERSION": Int { get version, set set_version, since "2.6.27", man "packet(7)", values [TPACKET_V1, TPACKET_V2, TPACKET_V3] }

    /// Tells how long the header of a ring's packets is, for the version that is asked about.
    PACKET_HDRLEN "PACKET_HDRLEN": IntQuery { get header_length, since "2.6.27", man "Documentation/networking/packet_mmap.rst" }

    /// Keeps room before each packet of the ring, in bytes; to be set before it is made.
    PACKET_RESERVE "PACKET_RESERVE": Unsigned { get reserve, set set_reserve, since "2.6.27", man "packet(7)" }

    /// Makes a ring to send by, to be mapped by mmap(2): `struct tpacket_req` or `tpacket_req3`.
    PACKET_TX_RING "PACKET_TX_RING": Bytes { set set_transmit_ring, since "2.6.31", man "packet(7)" }

    /// Drops malformed packets of the sending ring instead of stopping at them.
    PACKET_LOSS "PACKET_LOSS": Bool { get loss, set set_loss, since "2.6.31", man "packet(7)" }

    /// Puts a `struct virtio_net_hdr` before each packet, so that checksums and segments can be left to the device.
    PACKET_VNET_HDR "PACKET_VNET_HDR": Bool { get vnet_header, set set_vnet_header, since "2.6.34", man "linux/if_packet.h" }

    /// Chooses which time stamps the ring bears, as `SO_TIMESTAMPING` does.
    PACKET_TIMESTAMP "PACKET_TIMESTAMP": Int { get timestamp, set set_timestamp, since "2.6.36", man "packet(7)", values [SOF_TIMESTAMPING_SYS_HARDWARE, SOF_TIMESTAMPING_RAW_HARDWARE] }

    /// Shares what arrives among the sockets of a group: the group in the low 16 bits, how in the high ones.
    PACKET_FANOUT "PACKET_FANOUT": Unsigned { get fanout, set set_fanout, since "3.1", man "packet(7)" }

    /// Lets each packet of the sending ring begin where it wants.
    PACKET_TX_HAS_OFF "PACKET_TX_HAS_OFF": Bool { get transmit_has_offset, set set_transmit_has_offset, since "3.11", man "Documentation/networking/packet_mmap.rst" }

    /// Sends past the queue of the interface.
    PACKET_QDISC_BYPASS "PACKET_QDISC_BYPASS": Bool { get qdisc_bypass, set set_qdisc_bypass, since "3.14", man "packet(7)" }

    /// Tells how often a group's packets rolled over to another socket: `struct tpacket_rollover_stats`.
    PACKET_ROLLOVER_STATS "PACKET_ROLLOVER_STATS": Bytes { get rollover_statistics, since "4.2", man "linux/if_packet.h", room 24 }

    /// Gives a group that shares by program its program, in classic BPF.
    PACKET_FANOUT_DATA "PACKET_FANOUT_DATA": Program { set set_fanout_program, since "4.3", man "linux/if_packet.h" }

    /// Leaves out packets that the machine sends.
    PACKET_IGNORE_OUTGOING "PACKET_IGNORE_OUTGOING": Bool { get ignore_outgoing, set set_ignore_outgoing, since "4.20", man "packet(7)" }

    /// Sets the size of the `struct virtio_net_hdr` before each packet: 0, 10 or 12 bytes.
    PACKET_VNET_HDR_SZ "PACKET_VNET_HDR_SZ": Int { get vnet_header_size, set set_vnet_header_size, since "6.6", man "linux/if_packet.h" }
}
