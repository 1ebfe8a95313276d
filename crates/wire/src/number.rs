//! The numbers by which protocols name one another, each defined once. Source: IANA's registries, and the list of link types
//! of tcpdump.org.

/// Link types of capture files (LINKTYPE_).
pub mod link_type {
    /// BSD loopback: the address family, in the order of the machine that captured.
    pub const NULL: u32 = 0;
    /// Ethernet.
    pub const EN10MB: u32 = 1;
    /// The Point-to-Point Protocol, with or without the frame of HDLC.
    pub const PPP: u32 = 9;
    /// Raw IP, as some systems number it.
    pub const RAW_BSD: u32 = 12;
    /// Raw IP, as OpenBSD numbers it.
    pub const RAW_OPENBSD: u32 = 14;
    /// The Point-to-Point Protocol in frames of HDLC, or Cisco's own.
    pub const PPP_HDLC: u32 = 50;
    /// The Point-to-Point Protocol over Ethernet, without Ethernet's header.
    pub const PPP_ETHER: u32 = 51;
    /// Raw IP: the first nibble says which.
    pub const RAW: u32 = 101;
    /// Cisco's HDLC.
    pub const C_HDLC: u32 = 104;
    /// OpenBSD's loopback: the address family in network order.
    pub const LOOP: u32 = 108;
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
    /// The largest number that is no type but the length of a frame: IEEE 802.3, section 3.2.6.
    pub const LONGEST_LENGTH: u16 = 1500;
    /// Internet Protocol version 4.
    pub const IPV4: u16 = 0x0800;
    /// Address Resolution Protocol.
    pub const ARP: u16 = 0x0806;
    /// An Ethernet frame, RFC 1701.
    pub const TRANSPARENT_ETHERNET: u16 = 0x6558;
    /// Reverse ARP: the same packets, with other operations.
    pub const REVERSE_ARP: u16 = 0x8035;
    /// IEEE 802.1Q tag.
    pub const VLAN: u16 = 0x8100;
    /// Internet Protocol version 6.
    pub const IPV6: u16 = 0x86dd;
    /// Point-to-Point Protocol, in GRE.
    pub const PPP: u16 = 0x880b;
    /// MPLS, to one station.
    pub const MPLS: u16 = 0x8847;
    /// MPLS, to many stations.
    pub const MPLS_MULTICAST: u16 = 0x8848;
    /// PPP over Ethernet: finding a concentrator.
    pub const PPPOE_DISCOVERY: u16 = 0x8863;
    /// PPP over Ethernet: a session.
    pub const PPPOE_SESSION: u16 = 0x8864;
    /// A frame of IEEE 802.2 that is too long for its length to stand here.
    pub const JUMBO_LLC: u16 = 0x8870;
    /// IEEE 802.1ad tag: of a provider, around another.
    pub const PROVIDER_VLAN: u16 = 0x88a8;
    /// Link Layer Discovery Protocol.
    pub const LLDP: u16 = 0x88cc;
    /// Ethernet's Configuration Testing Protocol.
    pub const LOOPBACK: u16 = 0x9000;
    /// A tag around another, before there was a standard.
    pub const VLAN_9100: u16 = 0x9100;
    /// A tag around another, before there was a standard.
    pub const VLAN_9200: u16 = 0x9200;

    /// Tells whether a number is no type but the length of a frame.
    #[must_use]
    pub const fn is_length(number: u16) -> bool {
        number <= LONGEST_LENGTH
    }

    /// Tells whether a number means a VLAN tag, of one sort or another.
    #[must_use]
    pub const fn is_tag(number: u16) -> bool {
        matches!(number, VLAN | PROVIDER_VLAN | VLAN_9100 | VLAN_9200)
    }

    /// Names an EtherType, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u16::try_from(number).ok()? {
            0x00fe => "GRE-OSI",
            0x0200 => "PUP",
            0x0500 => "Sprite",
            0x0600 => "NS",
            0x0707 => "GeoNet (old)",
            IPV4 => "IPv4",
            ARP => "ARP",
            0x1000 => "Trail",
            0x1111 => "CALM FAST",
            0x6001 => "MOP DL",
            0x6002 => "MOP RC",
            0x6003 => "DN",
            0x6004 => "LAT",
            0x6007 => "SCA",
            TRANSPARENT_ETHERNET => "TEB",
            REVERSE_ARP => "Reverse ARP",
            0x8038 => "Lanbridge",
            0x803c => "DEC DNS",
            0x803e => "DEC DTS",
            0x805b => "VEXP",
            0x805c => "VPROD",
            0x809b => "Appletalk",
            0x80f3 => "Appletalk ARP",
            VLAN => "802.1Q",
            0x8137 => "IPX",
            IPV6 => "IPv6",
            0x8808 => "MPCP",
            0x8809 => "Slow Protocols",
            PPP => "PPP",
            MPLS => "MPLS unicast",
            MPLS_MULTICAST => "MPLS multicast",
            PPPOE_DISCOVERY => "PPPoE D",
            PPPOE_SESSION => "PPPoE S",
            0x886f => "MS NLB heartbeat",
            JUMBO_LLC => "Jumbo",
            0x888e => "EAPOL",
            0x8899 => "Realtek protocols",
            0x88a2 => "AoE",
            PROVIDER_VLAN => "802.1Q-QinQ",
            0x88ca => "TIPC",
            LLDP => "LLDP",
            0x88e5 => "802.1AE MACsec",
            0x88f7 => "PTP",
            0x8902 => "CFM",
            0x893a => "IEEE1905.1",
            0x8947 => "GeoNet",
            0x894f => "NSH",
            LOOPBACK => "Loopback",
            VLAN_9100 => "802.1Q-9100",
            VLAN_9200 => "802.1Q-9200",
            0xabcd => "CFM (old)",
            0xd28b => "Arista Vendor Specific Protocol",
            0xfefe => "OSI",
            _ => return None,
        })
    }
}

/// Service access points of IEEE 802.2, without their last bit: what it means differs for a receiver and a sender.
pub mod sap {
    /// Internet Protocol version 4.
    pub const IP: u8 = 0x06;
    /// Spanning Tree Protocol.
    pub const STP: u8 = 0x42;
    /// Subnetwork Access Protocol: what is carried is named behind.
    pub const SNAP: u8 = 0xaa;

    /// Names a service access point, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u8::try_from(number).ok()? {
            0x00 => "Null",
            0x02 => "802.1B I",
            0x04 => "SNA",
            IP => "IP",
            0x0e => "ProWay NM",
            STP => "STP",
            0x4e => "RS511",
            0x7e => "ISO8208",
            0x8e => "ProWay",
            SNAP => "SNAP",
            0xe0 => "IPX",
            0xf0 => "NetBeui",
            0xfe => "OSI",
            _ => return None,
        })
    }
}

/// Organizations, by the first three bytes of their addresses.
pub mod oui {
    /// EtherTypes: what follows is as in an Ethernet frame.
    pub const ETHERNET: u32 = 0x00_0000;
    /// Cisco's own protocols.
    pub const CISCO: u32 = 0x00_000c;
    /// EtherTypes, from a bridge of Cisco's.
    pub const CISCO_BRIDGED: u32 = 0x00_00f8;
    /// Bridged frames, RFC 2684.
    pub const BRIDGED: u32 = 0x00_80c2;
    /// EtherTypes of Apple's.
    pub const APPLETALK: u32 = 0x08_0007;

    /// Names an organization, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u32::try_from(number).ok()? {
            ETHERNET => "Ethernet",
            CISCO => "Cisco",
            0x00_005e => "IANA",
            0x00_0081 => "Nortel Networks SONMP",
            CISCO_BRIDGED => "Cisco bridged",
            0x00_049f => "Freescale",
            0x00_04ea => "HP-Labs",
            0x00_1018 => "Broadcom",
            0x00_120f => "IEEE 802.3 Private",
            0x00_12bb => "ANSI/TIA",
            0x00_15ad => "Netronome",
            0x00_1b21 => "DCBX",
            0x00_2320 => "Nicira Networks",
            0x00_2481 => "HP",
            BRIDGED => "Ethernet bridged",
            0x00_9069 => "Juniper",
            0x00_a03e => "ATM Forum",
            0x00_e004 => "PMC-Sierra",
            0x00_e02f => "DOCSIS Spanning Tree",
            APPLETALK => "Appletalk",
            0x08_0009 => "Hewlett-Packard",
            0x5c_16c7 => "Big Switch Networks",
            0x74_8771 => "Infoblox Inc",
            0xa4_2305 => "Open Networking Lab",
            0xb0_d2f5 => "Vello Systems",
            0xd0_f0db => "Ericsson",
            _ => return None,
        })
    }
}

/// Protocol numbers of Cisco's in SNAP.
pub mod cisco_pid {
    /// A spanning tree for each VLAN.
    pub const PVST: u16 = 0x010b;
    /// A spanning tree of bridges between VLANs.
    pub const VLAN_BRIDGE: u16 = 0x010c;

    /// Names a protocol, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u16::try_from(number).ok()? {
            PVST => "PVST",
            VLAN_BRIDGE => "VLAN Bridge",
            0x0111 => "UDLD",
            0x2000 => "CDP",
            0x2003 => "VTP",
            0x2004 => "DTP",
            _ => return None,
        })
    }
}

/// Protocol numbers of bridged frames in SNAP, RFC 2684, appendix B.
pub mod bridged_pid {
    /// An Ethernet frame with its frame check sequence.
    pub const ETHERNET: u16 = 0x0001;
    /// An Ethernet frame.
    pub const ETHERNET_WITHOUT_FCS: u16 = 0x0007;
    /// A unit of data of a spanning tree.
    pub const BPDU: u16 = 0x000e;

    /// Names a kind of frame, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u16::try_from(number).ok()? {
            ETHERNET => "Ethernet + FCS",
            0x0002 => "802.4 + FCS",
            0x0003 => "Token Ring + FCS",
            0x0004 => "FDDI + FCS",
            0x0005 => "802.6 + FCS",
            ETHERNET_WITHOUT_FCS => "Ethernet w/o FCS",
            0x0008 => "802.4 w/o FCS",
            0x0009 => "Token Ring w/o FCS",
            0x000a => "FDDI w/o FCS",
            0x000b => "802.6 w/o FCS",
            BPDU => "BPDU",
            _ => return None,
        })
    }
}

/// Protocol numbers of PPP. Source: IANA's registry; names as tcpdump has them.
pub mod ppp_protocol {
    /// Internet Protocol version 4.
    pub const IPV4: u16 = 0x0021;
    /// Internet Protocol version 4, whose headers could not be compressed.
    pub const UNCOMPRESSED_IPV4: u16 = 0x002f;
    /// Fragments over several links.
    pub const MULTILINK: u16 = 0x003d;
    /// Internet Protocol version 6.
    pub const IPV6: u16 = 0x0057;
    /// Compressed packets.
    pub const COMPRESSED: u16 = 0x00fd;
    /// MPLS, to one station.
    pub const MPLS: u16 = 0x0281;
    /// MPLS, to many stations.
    pub const MPLS_MULTICAST: u16 = 0x0283;
    /// IP Control Protocol.
    pub const IPCP: u16 = 0x8021;
    /// OSI Network Layer Control Protocol.
    pub const OSICP: u16 = 0x8023;
    /// IPv6 Control Protocol.
    pub const IPV6CP: u16 = 0x8057;
    /// Compression Control Protocol.
    pub const CCP: u16 = 0x80fd;
    /// MPLS Control Protocol.
    pub const MPLSCP: u16 = 0x8281;
    /// Link Control Protocol.
    pub const LCP: u16 = 0xc021;
    /// Password Authentication Protocol.
    pub const PAP: u16 = 0xc023;
    /// Bandwidth Allocation Control Protocol.
    pub const BACP: u16 = 0xc02b;
    /// Bandwidth Allocation Protocol.
    pub const BAP: u16 = 0xc02d;
    /// Challenge Handshake Authentication Protocol.
    pub const CHAP: u16 = 0xc223;

    /// Names a protocol, as tcpdump does.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        Some(match u16::try_from(number).ok()? {
            IPV4 => "IP",
            0x0023 => "OSI",
            0x0025 => "NS",
            0x0027 => "DECNET",
            0x0029 => "APPLE",
            0x002b => "IPX",
            0x002d => "VJC IP",
            UNCOMPRESSED_IPV4 => "VJNC IP",
            0x0031 => "BRPDU",
            0x0033 => "STII",
            0x0035 => "VINES",
            MULTILINK => "MLPPP",
            IPV6 => "IP6",
            COMPRESSED => "Compressed",
            0x0201 => "HELLO",
            0x0231 => "LUXCOM",
            0x0233 => "SNS",
            MPLS | MPLS_MULTICAST => "MPLS",
            IPCP => "IPCP",
            OSICP => "OSICP",
            0x8025 => "NSCP",
            0x8027 => "DECNETCP",
            0x8029 => "APPLECP",
            0x802b => "IPXCP",
            0x8033 => "STIICP",
            0x8035 => "VINESCP",
            IPV6CP => "IP6CP",
            CCP => "CCP",
            MPLSCP => "MPLSCP",
            LCP => "LCP",
            PAP => "PAP",
            0xc025 => "LQM",
            0xc027 => "SPAP",
            BACP => "BACP",
            BAP => "BAP",
            0xc03d => "MLPPP-CP",
            CHAP => "CHAP",
            0xc227 => "EAP",
            _ => return None,
        })
    }
}

/// IP protocol numbers.
pub mod ip_protocol {
    /// Hop-by-hop options of IPv6.
    pub const HOP_BY_HOP: u8 = 0;
    /// Internet Control Message Protocol.
    pub const ICMP: u8 = 1;
    /// Internet Group Management Protocol.
    pub const IGMP: u8 = 2;
    /// IPv4 in IP.
    pub const IPV4: u8 = 4;
    /// Transmission Control Protocol.
    pub const TCP: u8 = 6;
    /// User Datagram Protocol.
    pub const UDP: u8 = 17;
    /// IPv6 in IP.
    pub const IPV6: u8 = 41;
    /// Routing header of IPv6.
    pub const ROUTING: u8 = 43;
    /// Fragment header of IPv6.
    pub const FRAGMENT: u8 = 44;
    /// Generic Routing Encapsulation.
    pub const GRE: u8 = 47;
    /// Encapsulating Security Payload.
    pub const ESP: u8 = 50;
    /// Authentication Header.
    pub const AH: u8 = 51;
    /// Internet Control Message Protocol for IPv6.
    pub const ICMPV6: u8 = 58;
    /// Nothing follows.
    pub const NO_NEXT: u8 = 59;
    /// Destination options of IPv6.
    pub const DESTINATION: u8 = 60;
    /// Mobility header of IPv6, as its drafts had it.
    pub const MOBILITY_OLD: u8 = 62;
    /// ND of SunOS.
    pub const SUN_ND: u8 = 77;
    /// IP Payload Compression.
    pub const IPCOMP: u8 = 108;
    /// Mobility header of IPv6.
    pub const MOBILITY: u8 = 135;
    /// Lightweight User Datagram Protocol.
    pub const UDP_LITE: u8 = 136;
    /// Ethernet in IPv6.
    pub const ETHERNET: u8 = 143;
    /// Ethernet in IP, RFC 3378.
    pub const ETHERIP: u8 = 97;
    /// MPLS in IP, RFC 4023.
    pub const MPLS: u8 = 137;

    /// Names a protocol, as tcpdump does in a header.
    #[must_use]
    pub fn name(number: u64) -> Option<&'static str> {
        match u8::try_from(number) {
            Ok(HOP_BY_HOP) => Some("Options"),
            Ok(ICMP) => Some("ICMP"),
            Ok(IGMP) => Some("IGMP"),
            Ok(IPV4) => Some("IPIP"),
            Ok(TCP) => Some("TCP"),
            Ok(8) => Some("EGP"),
            Ok(9) => Some("IGRP"),
            Ok(UDP) => Some("UDP"),
            Ok(33) => Some("DCCP"),
            Ok(IPV6) => Some("IPv6"),
            Ok(ROUTING) => Some("Routing"),
            Ok(FRAGMENT) => Some("Fragment"),
            Ok(46) => Some("RSVP"),
            Ok(GRE) => Some("GRE"),
            Ok(ESP) => Some("ESP"),
            Ok(AH) => Some("AH"),
            Ok(55) => Some("Mobile IP"),
            Ok(ICMPV6) => Some("ICMPv6"),
            Ok(MOBILITY_OLD) => Some("Mobile IP (old)"),
            Ok(88) => Some("EIGRP"),
            Ok(89) => Some("OSPF"),
            Ok(103) => Some("PIM"),
            Ok(IPCOMP) => Some("Compressed IP"),
            Ok(112) => Some("VRRP"),
            Ok(113) => Some("PGM"),
            Ok(132) => Some("SCTP"),
            Ok(MOBILITY) => Some("Mobility"),
            Ok(ETHERNET) => Some("Ethernet"),
            _ => None,
        }
    }

    /// Tells whether it is an extension header of IPv6, to be told in a chain of them alone.
    #[must_use]
    pub const fn is_extension(number: u8) -> bool {
        matches!(number, HOP_BY_HOP | ROUTING | FRAGMENT | DESTINATION | MOBILITY | MOBILITY_OLD)
    }

    /// Returns the keyword of a protocol in lower case. Source: IANA's registry of protocol numbers.
    #[must_use]
    pub const fn keyword(number: u8) -> Option<&'static str> {
        Some(match number {
            0 => "hopopt",
            1 => "icmp",
            2 => "igmp",
            3 => "ggp",
            4 => "ipencap",
            5 => "st",
            6 => "tcp",
            7 => "cbt",
            8 => "egp",
            9 => "igp",
            10 => "bbn-rcc-mon",
            11 => "nvp-ii",
            12 => "pup",
            13 => "argus",
            14 => "emcon",
            15 => "xnet",
            16 => "chaos",
            17 => "udp",
            18 => "mux",
            19 => "dcn-meas",
            20 => "hmp",
            21 => "prm",
            22 => "xns-idp",
            23 => "trunk-1",
            24 => "trunk-2",
            25 => "leaf-1",
            26 => "leaf-2",
            27 => "rdp",
            28 => "irtp",
            29 => "iso-tp4",
            30 => "netblt",
            31 => "mfe-nsp",
            32 => "merit-inp",
            33 => "dccp",
            34 => "3pc",
            35 => "idpr",
            36 => "xtp",
            37 => "ddp",
            38 => "idpr-cmtp",
            39 => "tp++",
            40 => "il",
            41 => "ipv6",
            42 => "sdrp",
            43 => "ipv6-route",
            44 => "ipv6-frag",
            45 => "idrp",
            46 => "rsvp",
            47 => "gre",
            48 => "dsr",
            49 => "bna",
            50 => "esp",
            51 => "ah",
            52 => "i-nlsp",
            53 => "swipe",
            54 => "narp",
            55 => "mobile",
            56 => "tlsp",
            57 => "skip",
            58 => "ipv6-icmp",
            59 => "ipv6-nonxt",
            60 => "ipv6-opts",
            62 => "cftp",
            64 => "sat-expak",
            65 => "kryptolan",
            66 => "rvd",
            67 => "ippc",
            69 => "sat-mon",
            70 => "visa",
            71 => "ipcv",
            72 => "cpnx",
            73 => "rspf",
            74 => "wsn",
            75 => "pvp",
            76 => "br-sat-mon",
            77 => "sun-nd",
            78 => "wb-mon",
            79 => "wb-expak",
            80 => "iso-ip",
            81 => "vmtp",
            82 => "secure-vmtp",
            83 => "vines",
            84 => "ttp",
            85 => "nsfnet-igp",
            86 => "dgp",
            87 => "tcf",
            88 => "eigrp",
            89 => "ospf",
            90 => "sprite-rpc",
            91 => "larp",
            92 => "mtp",
            93 => "ax.25",
            94 => "ipip",
            95 => "micp",
            96 => "scc-sp",
            97 => "etherip",
            98 => "encap",
            100 => "gmtp",
            101 => "ifmp",
            102 => "pnni",
            103 => "pim",
            104 => "aris",
            105 => "scps",
            106 => "qnx",
            107 => "a/n",
            108 => "ipcomp",
            109 => "snp",
            110 => "compaq-peer",
            111 => "ipx-in-ip",
            112 => "vrrp",
            113 => "pgm",
            115 => "l2tp",
            116 => "ddx",
            117 => "iatp",
            118 => "stp",
            119 => "srp",
            120 => "uti",
            121 => "smp",
            122 => "sm",
            123 => "ptp",
            124 => "isis",
            125 => "fire",
            126 => "crtp",
            127 => "crudp",
            128 => "sscopmce",
            129 => "iplt",
            130 => "sps",
            131 => "pipe",
            132 => "sctp",
            133 => "fc",
            134 => "rsvp-e2e-ignore",
            135 => "mobility-header",
            136 => "udplite",
            137 => "mpls-in-ip",
            138 => "manet",
            139 => "hip",
            140 => "shim6",
            141 => "wesp",
            142 => "rohc",
            253 => "exptest-253",
            254 => "exptest-254",
            255 => "reserved",
            _ => return None,
        })
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
    /// Dynamic host configuration, servers.
    pub const DHCP_SERVER: u16 = 67;
    /// Dynamic host configuration, clients.
    pub const DHCP_CLIENT: u16 = 68;
    /// Trivial file transfer.
    pub const TFTP: u16 = 69;
    /// Network time.
    pub const NTP: u16 = 123;
    /// Syslog.
    pub const SYSLOG: u16 = 514;
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
    /// Virtual eXtensible Local Area Network.
    pub const VXLAN: u16 = 4789;
    /// Generic Network Virtualization Encapsulation.
    pub const GENEVE: u16 = 6081;
    /// MPLS in UDP, RFC 7510.
    pub const MPLS: u16 = 6635;
    /// WireGuard, as wg-quick(8) has it; none is assigned.
    pub const WIREGUARD: u16 = 51820;
    /// Multicast DNS.
    pub const MDNS: u16 = 5353;
}
