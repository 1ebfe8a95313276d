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
    /// File Transfer Protocol, its control connection.
    pub const FTP: u16 = 21;
    /// Secure shell.
    pub const SSH: u16 = 22;
    /// Simple Mail Transfer Protocol.
    pub const SMTP: u16 = 25;
    /// Domain names.
    pub const DOMAIN: u16 = 53;
    /// Hypertext.
    pub const HTTP: u16 = 80;
    /// Post Office Protocol, version 3.
    pub const POP3: u16 = 110;
    /// Internet Message Access Protocol.
    pub const IMAP: u16 = 143;
    /// Hypertext over TLS.
    pub const HTTPS: u16 = 443;
    /// Mail submission over TLS.
    pub const SUBMISSIONS: u16 = 465;
    /// Mail submission.
    pub const SUBMISSION: u16 = 587;
    /// Directories over TLS.
    pub const LDAPS: u16 = 636;
    /// Domain names over TLS.
    pub const DOMAIN_TLS: u16 = 853;
    /// File transfer over TLS.
    pub const FTPS: u16 = 990;
    /// IMAP over TLS.
    pub const IMAPS: u16 = 993;
    /// POP3 over TLS.
    pub const POP3S: u16 = 995;
    /// Hypertext, by way of a proxy.
    pub const HTTP_PROXY: u16 = 3128;
    /// Hypertext, the other port.
    pub const HTTP_ALT: u16 = 8080;
    /// Hypertext over TLS, the other port.
    pub const HTTPS_ALT: u16 = 8443;
    /// Multicast DNS.
    pub const MDNS: u16 = 5353;
}
