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
    /// Domain names.
    pub const DOMAIN: u16 = 53;
    /// Multicast DNS.
    pub const MDNS: u16 = 5353;
}
