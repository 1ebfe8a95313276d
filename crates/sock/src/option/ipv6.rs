//! Options of IPv6, `SOL_IPV6`: ipv6(7), RFC 3493 and RFC 3542 where that page says nothing.
//!
//! Options named `2292` are those of the RFC before, kept by the kernel for old programs.

use sys::c;
use sys::cap::Capability;

use super::{Kind, Opt, Privilege};

options! {
    level SOL_IPV6;

    /// Turns a socket that is connected to an IPv4 address into one of `AF_INET`.
    IPV6_ADDRFORM "IPV6_ADDRFORM": Family { get address_form, set set_address_form, since "2.2", man "ipv6(7)" }

    /// Adds to each message received its interface and destination, by the older number.
    IPV6_2292PKTINFO "IPV6_2292PKTINFO": Bool { get old_packet_info, set set_old_packet_info, since "2.2", man "RFC 2292, section 5.3" }

    /// Adds to each message received its hop-by-hop options, by the older number.
    IPV6_2292HOPOPTS "IPV6_2292HOPOPTS": Bool { get old_hop_options, set set_old_hop_options, since "2.2", man "RFC 2292, section 6.1" }

    /// Adds to each message received its destination options, by the older number.
    IPV6_2292DSTOPTS "IPV6_2292DSTOPTS": Bool { get old_destination_options, set set_old_destination_options, since "2.2", man "RFC 2292, section 6.2" }

    /// Adds to each message received its routing header, by the older number.
    IPV6_2292RTHDR "IPV6_2292RTHDR": Bool { get old_routing_header, set set_old_routing_header, since "2.2", man "RFC 2292, section 7" }

    /// Sets what goes with every packet, as control messages; on a TCP socket it tells what the last one would have brought.
    IPV6_2292PKTOPTIONS "IPV6_2292PKTOPTIONS": Bytes { get old_packet_options, set set_old_packet_options, since "2.2", man "RFC 2292, section 4.2" }

    /// Says at which byte of the packets of a raw socket the kernel puts the checksum, -1 for nowhere.
    IPV6_CHECKSUM "IPV6_CHECKSUM": Int { get checksum, set set_checksum, since "2.2", man "ipv6(7)" }

    /// Adds the hop limit to each message received, by the older number.
    IPV6_2292HOPLIMIT "IPV6_2292HOPLIMIT": Bool { get old_hop_limit, set set_old_hop_limit, since "2.2", man "RFC 2292, section 5.3" }

    /// Adds the traffic class and flow label to each message received.
    IPV6_FLOWINFO "IPV6_FLOWINFO": Bool { get flow_info, set set_flow_info, since "2.2", man "ipv6(7)" }

    /// Sets the hop limit of unicast sent, 0 to 255, or -1 for the system's default.
    IPV6_UNICAST_HOPS "IPV6_UNICAST_HOPS": Int { get unicast_hops, set set_unicast_hops, since "2.2", man "ipv6(7)" }

    /// Chooses the interface that multicast leaves by; 0 lets the routes say.
    IPV6_MULTICAST_IF "IPV6_MULTICAST_IF": Interface { get multicast_interface, set set_multicast_interface, since "2.2", man "ipv6(7)" }

    /// Sets the hop limit of multicast sent, 0 to 255, or -1 for the default of 1.
    IPV6_MULTICAST_HOPS "IPV6_MULTICAST_HOPS": Int { get multicast_hops, set set_multicast_hops, since "2.2", man "ipv6(7)" }

    /// Hands multicast that was sent to the members on this machine too.
    IPV6_MULTICAST_LOOP "IPV6_MULTICAST_LOOP": Bool { get multicast_loop, set set_multicast_loop, since "2.2", man "ipv6(7)" }

    /// Joins a multicast group.
    IPV6_ADD_MEMBERSHIP "IPV6_ADD_MEMBERSHIP": Ipv6Membership { set add_membership, since "2.2", man "ipv6(7)", also ["IPV6_JOIN_GROUP"] }

    /// Leaves a multicast group.
    IPV6_DROP_MEMBERSHIP "IPV6_DROP_MEMBERSHIP": Ipv6Membership { set drop_membership, since "2.2", man "ipv6(7)", also ["IPV6_LEAVE_GROUP"] }

    /// Hands a raw socket of `IPPROTO_RAW` the forwarded packets with this router alert value, -1 for none.
    IPV6_ROUTER_ALERT "IPV6_ROUTER_ALERT": Int { get router_alert, set set_router_alert, since "2.2", man "ipv6(7)" }

    /// Chooses whether packets may be fragmented, or the size of the path is found out.
    IPV6_MTU_DISCOVER "IPV6_MTU_DISCOVER": Int { get mtu_discover, set set_mtu_discover, since "2.2", man "ipv6(7)", values [IPV6_PMTUDISC_DONT, IPV6_PMTUDISC_WANT, IPV6_PMTUDISC_DO, IPV6_PMTUDISC_PROBE, IPV6_PMTUDISC_INTERFACE, IPV6_PMTUDISC_OMIT] }

    /// Sets the largest packet to send, at least 1280 bytes; tells that of the path once connected.
    IPV6_MTU "IPV6_MTU": Int { get mtu, set set_mtu, since "2.2", man "ipv6(7)" }

    /// Keeps errors, such as those that ICMPv6 brings, on the error queue for `MSG_ERRQUEUE`.
    IPV6_RECVERR "IPV6_RECVERR": Bool { get receive_errors, set set_receive_errors, since "2.2", man "ipv6(7)" }

    /// Leaves IPv4 traffic to other sockets; to be set before bind(2).
    IPV6_V6ONLY "IPV6_V6ONLY": Bool { get v6_only, set set_v6_only, since "2.4.21", man "ipv6(7)" }

    /// Joins an anycast address.
    IPV6_JOIN_ANYCAST "IPV6_JOIN_ANYCAST": Ipv6Membership { set join_anycast, since "2.4", man "linux/in6.h", needs NetAdmin Always Network "to set" }

    /// Leaves an anycast address.
    IPV6_LEAVE_ANYCAST "IPV6_LEAVE_ANYCAST": Ipv6Membership { set leave_anycast, since "2.4", man "linux/in6.h" }

    /// Hands the socket all multicast that the machine has joined, not only its own groups.
    IPV6_MULTICAST_ALL "IPV6_MULTICAST_ALL": Bool { get multicast_all, set set_multicast_all, since "4.20", man "linux/in6.h" }

    /// Keeps packets with a router alert to sockets of their own network namespace.
    IPV6_ROUTER_ALERT_ISOLATE "IPV6_ROUTER_ALERT_ISOLATE": Bool { get router_alert_isolate, set set_router_alert_isolate, since "5.1", man "linux/in6.h" }

    /// Adds to an error on the queue where the extensions of RFC 4884 begin.
    IPV6_RECVERR_RFC4884 "IPV6_RECVERR_RFC4884": Bool { get receive_errors_rfc4884, set set_receive_errors_rfc4884, since "5.9", man "linux/in6.h" }

    /// Leases, renews, gives back or tells flow labels: `struct in6_flowlabel_req`.
    IPV6_FLOWLABEL_MGR "IPV6_FLOWLABEL_MGR": Query { get flow_label, set set_flow_label, since "2.2", man "linux/in6.h", room 32 }

    /// Takes the flow label from the address that is sent to.
    IPV6_FLOWINFO_SEND "IPV6_FLOWINFO_SEND": Bool { get flow_info_send, set set_flow_info_send, since "2.2", man "linux/in6.h" }

    /// Was meant for a policy of IPsec in the form of PF_KEY; no kernel takes it.
    IPV6_IPSEC_POLICY "IPV6_IPSEC_POLICY": Bytes { set set_ipsec_policy, since "2.6", man "linux/in6.h", needs NetAdmin Always Network "to set" }

    /// Gives the socket a policy of IPsec of its own: `struct xfrm_userpolicy_info`, then templates.
    IPV6_XFRM_POLICY "IPV6_XFRM_POLICY": Bytes { set set_xfrm_policy, since "2.6", man "linux/xfrm.h", needs NetAdmin Always Network "to set", config "CONFIG_XFRM" }

    /// Lets the caller of a raw socket write the IPv6 header.
    IPV6_HDRINCL "IPV6_HDRINCL": Bool { get header_included, set set_header_included, since "4.5", man "linux/in6.h" }

    /// Adds to each message received its interface and the address that it was sent to.
    IPV6_RECVPKTINFO "IPV6_RECVPKTINFO": Bool { get receive_packet_info, set set_receive_packet_info, since "2.6.14", man "ipv6(7)" }

    /// Sets the address and the interface that every packet is sent from.
    IPV6_PKTINFO "IPV6_PKTINFO": Ipv6PacketInfo { set set_packet_info, since "2.6.14", man "RFC 3542, section 6" }

    /// Adds the hop limit to each message received.
    IPV6_RECVHOPLIMIT "IPV6_RECVHOPLIMIT": Bool { get receive_hop_limit, set set_receive_hop_limit, since "2.6.14", man "RFC 3542, section 6.3" }

    /// Adds the hop-by-hop options to each message received.
    IPV6_RECVHOPOPTS "IPV6_RECVHOPOPTS": Bool { get receive_hop_options, set set_receive_hop_options, since "2.6.14", man "RFC 3542, section 8" }

    /// Sets the hop-by-hop options that every packet bears, header included; none takes them away.
    IPV6_HOPOPTS "IPV6_HOPOPTS": Bytes { get hop_options, set set_hop_options, since "2.6.14", man "RFC 3542, section 8", needs NetRaw Always Network "to set", room 2048 }

    /// Sets the destination options that stand before the routing header of every packet.
    IPV6_RTHDRDSTOPTS "IPV6_RTHDRDSTOPTS": Bytes { get routing_destination_options, set set_routing_destination_options, since "2.6.14", man "RFC 3542, section 9", needs NetRaw Always Network "to set", room 2048 }

    /// Adds the routing header to each message received.
    IPV6_RECVRTHDR "IPV6_RECVRTHDR": Bool { get receive_routing_header, set set_receive_routing_header, since "2.6.14", man "RFC 3542, section 7" }

    /// Sets the routing header that every packet bears.
    IPV6_RTHDR "IPV6_RTHDR": Bytes { get routing_header, set set_routing_header, since "2.6.14", man "RFC 3542, section 7", room 2048 }

    /// Adds the destination options to each message received.
    IPV6_RECVDSTOPTS "IPV6_RECVDSTOPTS": Bool { get receive_destination_options, set set_receive_destination_options, since "2.6.14", man "RFC 3542, section 9" }

    /// Sets the destination options that every packet bears.
    IPV6_DSTOPTS "IPV6_DSTOPTS": Bytes { get destination_options, set set_destination_options, since "2.6.14", man "RFC 3542, section 9", needs NetRaw Always Network "to set", room 2048 }

    /// Reports a change of the path's largest packet as an empty message with control data.
    IPV6_RECVPATHMTU "IPV6_RECVPATHMTU": Bool { get receive_path_mtu, set set_receive_path_mtu, since "2.6.35", man "RFC 3542, section 11.3" }

    /// Tells the largest packet of the path of a connected socket.
    IPV6_PATHMTU "IPV6_PATHMTU": PathMtu { get path_mtu, since "2.6.35", man "RFC 3542, section 11.3" }

    /// Refuses to send what is larger than the path instead of fragmenting it.
    IPV6_DONTFRAG "IPV6_DONTFRAG": Bool { get dont_fragment, set set_dont_fragment, since "2.6.35", man "RFC 3542, section 11.2" }

    /// Adds the traffic class to each message received.
    IPV6_RECVTCLASS "IPV6_RECVTCLASS": Bool { get receive_traffic_class, set set_receive_traffic_class, since "2.6.14", man "RFC 3542, section 6.5" }

    /// Sets the traffic class of the packets sent, 0 to 255, or -1 for the default; TCP keeps the two bits of ECN to itself.
    IPV6_TCLASS "IPV6_TCLASS": Int { get traffic_class, set set_traffic_class, since "2.6.14", man "RFC 3542, section 6.5" }

    /// Makes a flow label from each flow's addresses and ports.
    IPV6_AUTOFLOWLABEL "IPV6_AUTOFLOWLABEL": Bool { get auto_flow_label, set set_auto_flow_label, since "3.17", man "linux/in6.h" }

    /// Says which kind of source address to prefer, temporary or public.
    IPV6_ADDR_PREFERENCES "IPV6_ADDR_PREFERENCES": Int { get address_preferences, set set_address_preferences, since "2.6.26", man "RFC 5014, section 5", values [IPV6_PREFER_SRC_TMP, IPV6_PREFER_SRC_PUBLIC, IPV6_PREFER_SRC_PUBTMP_DEFAULT, IPV6_PREFER_SRC_COA, IPV6_PREFER_SRC_HOME, IPV6_PREFER_SRC_CGA, IPV6_PREFER_SRC_NONCGA] }

    /// Drops packets whose hop limit is lower.
    IPV6_MINHOPCOUNT "IPV6_MINHOPCOUNT": Byte { get min_hop_count, set set_min_hop_count, since "2.6.35", man "linux/in6.h" }

    /// Adds to each message received the address that it was sent to before it was redirected.
    IPV6_RECVORIGDSTADDR "IPV6_RECVORIGDSTADDR": Bool { get receive_original_destination, set set_receive_original_destination, since "2.6.37", man "linux/in6.h", also ["IPV6_ORIGDSTADDR"] }

    /// Lets the socket take connections for, and send from, addresses that are not the machine's.
    IPV6_TRANSPARENT "IPV6_TRANSPARENT": Bool { get transparent, set set_transparent, since "2.6.37", man "linux/in6.h", needs NetRaw | NetAdmin On Network "to switch on" }

    /// Chooses the interface that unicast leaves by, without tying the socket to it.
    IPV6_UNICAST_IF "IPV6_UNICAST_IF": InterfaceBe { get unicast_interface, set set_unicast_interface, since "3.4", man "linux/in6.h" }

    /// Adds to each datagram received the size of its largest fragment.
    IPV6_RECVFRAGSIZE "IPV6_RECVFRAGSIZE": Bool { get receive_fragment_size, set set_receive_fragment_size, since "4.10", man "linux/in6.h" }

    /// Lets bind(2) take an address that the machine does not have.
    IPV6_FREEBIND "IPV6_FREEBIND": Bool { get free_bind, set set_free_bind, since "4.15", man "linux/in6.h" }

    /// Tells where a connection was going before the packet filter redirected it here.
    IP6T_SO_ORIGINAL_DST "IP6T_SO_ORIGINAL_DST": Address { get original_destination, since "3.7", man "linux/netfilter_ipv6/ip6_tables.h", room 28, config "CONFIG_NF_CONNTRACK" }
}
