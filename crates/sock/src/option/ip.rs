//! Options of IPv4, `SOL_IP`: ip(7).
//!
//! They work on IPv4 sockets, and on IPv6 sockets for the IPv4 traffic that these carry.

use sys::c;
use sys::cap::Capability;

use super::{Kind, Opt, Privilege};

options! {
    level SOL_IP;

    /// Sets the type-of-service byte of the packets sent; TCP keeps the two bits of ECN to itself.
    IP_TOS "IP_TOS": Byte { get type_of_service, set set_type_of_service, since "2.2", man "ip(7)" }

    /// Sets the time to live of the packets sent, 1 to 255, or -1 for the system's default.
    IP_TTL "IP_TTL": Int { get time_to_live, set set_time_to_live, since "2.2", man "ip(7)" }

    /// Lets the caller of a raw socket write the IP header.
    IP_HDRINCL "IP_HDRINCL": Bool { get header_included, set set_header_included, since "2.2", man "ip(7)" }

    /// Sets the IP options of the packets sent, at most 40 bytes as they stand in the header.
    IP_OPTIONS "IP_OPTIONS": Bytes { get options, set set_options, since "2.2", man "ip(7)" }

    /// Hands a raw socket the forwarded packets that bear the router alert option.
    IP_ROUTER_ALERT "IP_ROUTER_ALERT": Bool { get router_alert, set set_router_alert, since "2.2", man "ip(7)" }

    /// Adds the IP options to each message received, in the layout of `IP_OPTIONS`.
    IP_RECVOPTS "IP_RECVOPTS": Bool { get receive_options, set set_receive_options, since "2.2", man "ip(7)" }

    /// Adds the IP options to each message received, with time stamps and routes not filled in.
    IP_RETOPTS "IP_RETOPTS": Bool { get return_options, set set_return_options, since "2.2", man "ip(7)", also ["IP_RECVRETOPTS"] }

    /// Adds to each message received its interface and the address that it was sent to.
    IP_PKTINFO "IP_PKTINFO": Bool { get packet_info, set set_packet_info, since "2.2", man "ip(7)" }

    /// Tells, on a TCP socket, what control messages the last packet would have brought.
    IP_PKTOPTIONS "IP_PKTOPTIONS": Bytes { get packet_options, since "2.2", man "linux/in.h" }

    /// Chooses whether packets may be fragmented, or the size of the path is found out.
    IP_MTU_DISCOVER "IP_MTU_DISCOVER": Int { get mtu_discover, set set_mtu_discover, since "2.2", man "ip(7)", values [IP_PMTUDISC_DONT, IP_PMTUDISC_WANT, IP_PMTUDISC_DO, IP_PMTUDISC_PROBE, IP_PMTUDISC_INTERFACE, IP_PMTUDISC_OMIT] }

    /// Keeps errors, such as those that ICMP brings, on the error queue for `MSG_ERRQUEUE`.
    IP_RECVERR "IP_RECVERR": Bool { get receive_errors, set set_receive_errors, since "2.2", man "ip(7)" }

    /// Adds the time to live to each message received.
    IP_RECVTTL "IP_RECVTTL": Bool { get receive_time_to_live, set set_receive_time_to_live, since "2.2", man "ip(7)" }

    /// Adds the type-of-service byte to each message received.
    IP_RECVTOS "IP_RECVTOS": Bool { get receive_type_of_service, set set_receive_type_of_service, since "2.2", man "ip(7)" }

    /// Tells the largest packet of the path of a connected socket, in bytes.
    IP_MTU "IP_MTU": Int { get mtu, since "2.2", man "ip(7)" }

    /// Lets bind(2) take an address that the machine does not have.
    IP_FREEBIND "IP_FREEBIND": Bool { get free_bind, set set_free_bind, since "2.4", man "ip(7)" }

    /// Was meant for a policy of IPsec in the form of PF_KEY; no kernel takes it.
    IP_IPSEC_POLICY "IP_IPSEC_POLICY": Bytes { set set_ipsec_policy, since "2.6", man "linux/in.h", needs NetAdmin Always Network "to set" }

    /// Gives the socket a policy of IPsec of its own: `struct xfrm_userpolicy_info`, then templates.
    IP_XFRM_POLICY "IP_XFRM_POLICY": Bytes { set set_xfrm_policy, since "2.6", man "linux/xfrm.h", needs NetAdmin Always Network "to set", config "CONFIG_XFRM" }

    /// Adds the security context of the peer's association to each message received.
    IP_PASSSEC "IP_PASSSEC": Bool { get pass_security, set set_pass_security, since "2.6.17", man "linux/in.h" }

    /// Lets the socket take connections for, and send from, addresses that are not the machine's.
    IP_TRANSPARENT "IP_TRANSPARENT": Bool { get transparent, set set_transparent, since "2.6.24", man "ip(7)", needs NetRaw | NetAdmin On Network "to switch on" }

    /// Adds to each message received the address that it was sent to before it was redirected.
    IP_RECVORIGDSTADDR "IP_RECVORIGDSTADDR": Bool { get receive_original_destination, set set_receive_original_destination, since "2.6.29", man "ip(7)", also ["IP_ORIGDSTADDR"] }

    /// Drops packets whose time to live is lower.
    IP_MINTTL "IP_MINTTL": Byte { get min_time_to_live, set set_min_time_to_live, since "2.6.34", man "linux/in.h" }

    /// Leaves packets of a raw socket as they are when they pass the packet filter in fragments.
    IP_NODEFRAG "IP_NODEFRAG": Bool { get no_defragment, set set_no_defragment, since "2.6.36", man "ip(7)" }

    /// Adds to each message received the checksum over its bytes.
    IP_CHECKSUM "IP_CHECKSUM": Bool { get checksum, set set_checksum, since "4.0", man "linux/in.h" }

    /// Leaves the choice of the port to connect(2) when bind(2) gave port 0, so that more connections find one.
    IP_BIND_ADDRESS_NO_PORT "IP_BIND_ADDRESS_NO_PORT": Bool { get bind_address_no_port, set set_bind_address_no_port, since "4.2", man "ip(7)" }

    /// Adds to each datagram received the size of its largest fragment.
    IP_RECVFRAGSIZE "IP_RECVFRAGSIZE": Bool { get receive_fragment_size, set set_receive_fragment_size, since "4.10", man "linux/in.h" }

    /// Adds to an error on the queue where the extensions of RFC 4884 begin.
    IP_RECVERR_RFC4884 "IP_RECVERR_RFC4884": Bool { get receive_errors_rfc4884, set set_receive_errors_rfc4884, since "5.9", man "linux/in.h" }

    /// Chooses the interface that multicast leaves by, by its address; 0.0.0.0 lets the routes say.
    IP_MULTICAST_IF "IP_MULTICAST_IF": Ipv4Interface { get multicast_interface, set set_multicast_interface, since "2.2", man "ip(7)" }

    /// Sets the time to live of multicast sent, 0 to stay on the machine.
    IP_MULTICAST_TTL "IP_MULTICAST_TTL": Byte { get multicast_time_to_live, set set_multicast_time_to_live, since "2.2", man "ip(7)" }

    /// Hands multicast that was sent to the members on this machine too.
    IP_MULTICAST_LOOP "IP_MULTICAST_LOOP": Bool { get multicast_loop, set set_multicast_loop, since "2.2", man "ip(7)" }

    /// Joins a multicast group.
    IP_ADD_MEMBERSHIP "IP_ADD_MEMBERSHIP": Ipv4Membership { set add_membership, since "2.2", man "ip(7)" }

    /// Leaves a multicast group.
    IP_DROP_MEMBERSHIP "IP_DROP_MEMBERSHIP": Ipv4Membership { set drop_membership, since "2.2", man "ip(7)" }

    /// Takes back `IP_BLOCK_SOURCE`.
    IP_UNBLOCK_SOURCE "IP_UNBLOCK_SOURCE": Ipv4Source { set unblock_source, since "2.6", man "ip(7)" }

    /// Stops receiving what one sender sends to a group.
    IP_BLOCK_SOURCE "IP_BLOCK_SOURCE": Ipv4Source { set block_source, since "2.6", man "ip(7)" }

    /// Joins a group for one sender alone: source-specific multicast.
    IP_ADD_SOURCE_MEMBERSHIP "IP_ADD_SOURCE_MEMBERSHIP": Ipv4Source { set add_source_membership, since "2.6", man "ip(7)" }

    /// Leaves a group as far as one sender goes.
    IP_DROP_SOURCE_MEMBERSHIP "IP_DROP_SOURCE_MEMBERSHIP": Ipv4Source { set drop_source_membership, since "2.6", man "ip(7)" }

    /// Sets or tells all senders of a group that are heard or not: `struct ip_msfilter`, whose first 12 bytes ask.
    IP_MSFILTER "IP_MSFILTER": Query { get source_filter, set set_source_filter, since "2.6", man "ip(7)", room 16 }

    /// Hands the socket all multicast that the machine has joined, not only its own groups.
    IP_MULTICAST_ALL "IP_MULTICAST_ALL": Bool { get multicast_all, set set_multicast_all, since "2.6.31", man "ip(7)" }

    /// Chooses the interface that unicast leaves by, without tying the socket to it.
    IP_UNICAST_IF "IP_UNICAST_IF": InterfaceBe { get unicast_interface, set set_unicast_interface, since "3.4", man "linux/in.h" }

    /// Narrows the ports that the kernel chooses from for this socket.
    IP_LOCAL_PORT_RANGE "IP_LOCAL_PORT_RANGE": PortRange { get local_port_range, set set_local_port_range, since "6.3", man "ip(7)" }

    /// Tells the protocol in the IP header, which for a raw socket is its number.
    IP_PROTOCOL "IP_PROTOCOL": Int { get protocol, since "6.4", man "linux/in.h" }

    /// Tells where a connection was going before the packet filter redirected it here.
    SO_ORIGINAL_DST "SO_ORIGINAL_DST": Address { get original_destination, since "2.4", man "linux/netfilter_ipv4.h", room 16, config "CONFIG_NF_CONNTRACK" }
}
