//! The numbers by which protocols name one another, each defined once. Source: IANA's registries, and the list of link types
//! of tcpdump.org.

/// Link types of capture files (LINKTYPE_).
pub mod link_type {
    /// Ethernet.
    pub const EN10MB: u32 = 1;
    /// Raw IP: the first nibble says which.
    pub const RAW: u32 = 101;
    /// Linux cooked capture.
    pub const LINUX_SLL: u32 = 113;
    /// Linux cooked capture, version 2.
    pub const LINUX_SLL2: u32 = 276;
    /// Raw IPv4.
    pub const IPV4: u32 = 228;
    /// Raw IPv6.
    pub const IPV6: u32 = 229;
}

/// EtherTypes.
pub mod ethertype {
    /// Internet Protocol version 4.
    pub const IPV4: u16 = 0x0800;
    /// Address Resolution Protocol.
    pub const ARP: u16 = 0x0806;
    /// Reverse ARP: the same packets, with other operations.
    pub const REVERSE_ARP: u16 = 0x8035;
    /// IEEE 802.1Q tag.
    pub const VLAN: u16 = 0x8100;
    /// Internet Protocol version 6.
    pub const IPV6: u16 = 0x86dd;
    /// IEEE 802.1ad tag: of a provider, around another.
    pub const PROVIDER_VLAN: u16 = 0x88a8;

    /// Names an EtherType, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        match u16::try_from(number) {
            Ok(IPV4) => Some("IPv4"),
            Ok(ARP) => Some("ARP"),
            Ok(REVERSE_ARP) => Some("Reverse ARP"),
            Ok(VLAN) => Some("802.1Q"),
            Ok(IPV6) => Some("IPv6"),
            Ok(PROVIDER_VLAN) => Some("802.1Q-QinQ"),
            _ => None,
        }
    }
}

/// IP protocol numbers.
pub mod ip_protocol {
    /// Internet Control Message Protocol.
    pub const ICMP: u8 = 1;
    /// IPv4 in IP.
    pub const IPV4: u8 = 4;
    /// Transmission Control Protocol.
    pub const TCP: u8 = 6;
    /// User Datagram Protocol.
    pub const UDP: u8 = 17;
    /// IPv6 in IP.
    pub const IPV6: u8 = 41;

    /// Names a protocol, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        match u8::try_from(number) {
            Ok(ICMP) => Some("ICMP"),
            Ok(IPV4) => Some("IPIP"),
            Ok(TCP) => Some("TCP"),
            Ok(UDP) => Some("UDP"),
            _ => None,
        }
    }
}

/// Ports of services.
pub mod port {
    /// Domain names.
    pub const DOMAIN: u16 = 53;
    /// Dynamic host configuration, servers.
    pub const DHCP_SERVER: u16 = 67;
    /// Dynamic host configuration, clients.
    pub const DHCP_CLIENT: u16 = 68;
    /// Dynamic host configuration for IPv6, clients.
    pub const DHCPV6_CLIENT: u16 = 546;
    /// Dynamic host configuration for IPv6, servers.
    pub const DHCPV6_SERVER: u16 = 547;
    /// RADIUS.
    pub const RADIUS: u16 = 1812;
    /// RADIUS accounting.
    pub const RADIUS_ACCOUNTING: u16 = 1813;
    /// RADIUS, as it was before a port was assigned.
    pub const RADIUS_OLD: u16 = 1645;
    /// RADIUS accounting, as it was before a port was assigned.
    pub const RADIUS_ACCOUNTING_OLD: u16 = 1646;
    /// RADIUS changes of authorization.
    pub const RADIUS_COA: u16 = 3799;
    /// Multicast DNS.
    pub const MDNS: u16 = 5353;
}
