//! Who follows whom: the one list of protocols, from the bottom up, with the numbers by which those below name them.
//!
//! A protocol may name those that stand before it in this list, never those after it; what it carries it says as a number
//! of a space ([`Space`]), and here is who that is. The first number of a space is the one that is written when a packet
//! is built.

use core::net::IpAddr;

use crate::answer::Answers;
use crate::field::{Field, Space};
use crate::line::{Line, Style, Told};
use crate::number::{bridged_pid, cisco_pid, ethertype, ip_protocol, link_type, port, ppp_protocol, sap};
use crate::option::OptionRow;
use crate::packet::{Input, Packet, Step};
use crate::walk::Walk;

/// Reads who sends and for whom it is out of a header.
pub type Addresses = fn(header: &[u8]) -> Option<(IpAddr, IpAddr)>;

/// Reads the ports out of a header, source first.
pub type Ports = fn(header: &[u8]) -> Option<(u16, u16)>;

/// A protocol: what its file says about it.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    /// Its name as Wireshark says it: `ip`.
    pub name: &'static str,
    /// Its name as Scapy says it: `IP`.
    pub scapy: &'static str,
    /// Its name in words.
    pub title: &'static str,
    /// The rows of its fixed header.
    pub fields: &'static [Field],
    /// Tells whether a header is as `fields` says; one that is not is walked to find its fields.
    pub is_fixed: fn(header: &[u8]) -> bool,
    /// The rows of its options, records and other parts without a fixed place.
    pub more: &'static [&'static [Field]],
    /// Its options, by which they are made.
    pub options: &'static [OptionRow],
    /// Finds out how long it is and what it carries.
    pub dissect: fn(&Input<'_>) -> Step,
    /// Shows all of its header.
    pub walk: fn(&mut Walk<'_, '_>),
    /// Writes its part of the line, and lets what it carries write its.
    pub line: fn(&mut Line<'_>, &Packet<'_>, usize) -> Told,
    /// Tells whether it has words in a line of this style; else what carries it says how long it is.
    pub tells: fn(Style, &Packet<'_>, usize) -> bool,
    /// Says how many bytes stand before its fixed header: the length of a message of DNS over TCP.
    pub prefix: fn(&Packet<'_>, usize) -> usize,
    /// Whether its part of the line begins with who speaks to whom, because it has ports.
    pub has_ports: bool,
    /// Reads the ports in its header, source first, or what else tells conversations of two hosts apart.
    pub ports: Option<Ports>,
    /// Tells whether one of its headers answers another.
    pub answers: Option<Answers>,
    /// Says where the link header ends, which `-x` does not show, if the layer belongs to it.
    pub link_end: fn(&Packet<'_>, usize) -> Option<usize>,
    /// Reads the addresses in its header.
    pub addresses: Option<Addresses>,
    /// Reads for whom a packet is in the end, if its header has a source route; else that is the destination that is given.
    pub destination: Option<fn(header: &[u8], to: IpAddr) -> IpAddr>,
    /// Tells whether what it carries is a part of a packet.
    pub is_fragment: fn(header: &[u8]) -> bool,
}

impl Protocol {
    /// What a protocol has that says nothing else.
    const BARE: Self = Self {
        name: "",
        scapy: "",
        title: "",
        fields: &[],
        is_fixed: |_| true,
        more: &[],
        options: &[],
        dissect: Step::whole,
        walk: |walk| walk.fixed(),
        line: |line, packet, index| line.layer(packet, index + 1),
        tells: |_, _, _| true,
        prefix: |_, _| 0,
        has_ports: false,
        ports: None,
        answers: None,
        link_end: |_, _| None,
        addresses: None,
        destination: None,
        is_fragment: |_| false,
    };
}

/// Makes the modules, the names and the bindings from the list.
macro_rules! stack {
    ($($(#[$about:meta])+ $Id:ident = $module:ident $(on $($space:ident($number:expr)),+)?;)*) => {
        $($(#[$about])+ pub mod $module;)*

        /// A protocol, by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Id {
            $($(#[$about])+ $Id,)*
        }

        impl Id {
            /// Every protocol, from the bottom up.
            pub const ALL: &'static [Self] = &[$(Self::$Id,)*];

            /// Returns what its file says about it.
            #[must_use]
            pub const fn protocol(self) -> &'static Protocol {
                match self {
                    $(Self::$Id => &$module::PROTOCOL,)*
                }
            }
        }

        /// Every binding, in the order of the list.
        const BINDINGS: &[(Space, u32, Id)] = &[$($($((Space::$space, $number as u32, Id::$Id),)+)?)*];

        /// Finds the protocol that a number of a space means.
        #[must_use]
        #[expect(clippy::cast_lossless, reason = "numbers of all spaces widen to u32, and a guard may not call From")]
        pub fn upper(space: Space, number: u32) -> Option<Id> {
            match (space, number) {
                $($($((Space::$space, n) if n == $number as u32 => Some(Id::$Id),)+)?)*
                _ => None,
            }
        }
    };
}

stack! {
    /// Ethernet II and IEEE 802.3.
    Ethernet = ethernet on Link(link_type::EN10MB), EtherType(ethertype::TRANSPARENT_ETHERNET),
        BridgedPid(bridged_pid::ETHERNET), BridgedPid(bridged_pid::ETHERNET_WITHOUT_FCS),
        IpProtocol(ip_protocol::ETHERNET);
    /// Linux cooked capture.
    Sll = sll on Link(link_type::LINUX_SLL);
    /// Linux cooked capture, version 2.
    Sll2 = sll2 on Link(link_type::LINUX_SLL2);
    /// Raw IP.
    RawIp = raw_ip on Link(link_type::RAW), Link(link_type::RAW_BSD), Link(link_type::RAW_OPENBSD),
        Link(link_type::IPV4), Link(link_type::IPV6);
    /// Loopback of the BSDs.
    Null = null on Link(link_type::NULL), Link(link_type::LOOP);
    /// VLAN tags.
    Vlan = vlan on EtherType(ethertype::VLAN), EtherType(ethertype::PROVIDER_VLAN), EtherType(ethertype::VLAN_9100),
        EtherType(ethertype::VLAN_9200);
    /// Logical Link Control of IEEE 802.2.
    Llc = llc on EtherType(ethertype::JUMBO_LLC);
    /// Subnetwork Access Protocol.
    Snap = snap on Sap(sap::SNAP);
    /// Spanning Tree Protocol.
    Stp = stp on Sap(sap::STP), CiscoPid(cisco_pid::PVST), CiscoPid(cisco_pid::VLAN_BRIDGE),
        BridgedPid(bridged_pid::BPDU);
    /// Point-to-Point Protocol.
    Ppp = ppp on Link(link_type::PPP), EtherType(ethertype::PPP);
    /// PPP over Ethernet.
    Pppoe = pppoe on Link(link_type::PPP_ETHER), EtherType(ethertype::PPPOE_SESSION);
    /// PPP over Ethernet, before there is a session.
    PppoeDiscovery = pppoe_discovery on EtherType(ethertype::PPPOE_DISCOVERY);
    /// Cisco's HDLC.
    Chdlc = chdlc on Link(link_type::C_HDLC);
    /// Frames of HDLC with PPP or Cisco's HDLC in them.
    PppHdlc = ppp_hdlc on Link(link_type::PPP_HDLC);
    /// The control protocols of PPP that have no name of their own here.
    PppControl = ppp_control on Ppp(ppp_protocol::OSICP), Ppp(ppp_protocol::MPLSCP), Ppp(ppp_protocol::BACP);
    /// Link Control Protocol of PPP.
    Lcp = lcp on Ppp(ppp_protocol::LCP);
    /// IP Control Protocol of PPP.
    Ipcp = ipcp on Ppp(ppp_protocol::IPCP);
    /// IPv6 Control Protocol of PPP.
    Ipv6cp = ipv6cp on Ppp(ppp_protocol::IPV6CP);
    /// Compression Control Protocol of PPP.
    Ccp = ccp on Ppp(ppp_protocol::CCP);
    /// Password Authentication Protocol.
    Pap = pap on Ppp(ppp_protocol::PAP);
    /// Challenge Handshake Authentication Protocol.
    Chap = chap on Ppp(ppp_protocol::CHAP);
    /// Cisco's Serial Line Address Resolution Protocol.
    Slarp = slarp on Chdlc(ethertype::REVERSE_ARP);
    /// Multiprotocol Label Switching.
    Mpls = mpls on EtherType(ethertype::MPLS), EtherType(ethertype::MPLS_MULTICAST), IpProtocol(ip_protocol::MPLS),
        UdpPort(port::MPLS), Ppp(ppp_protocol::MPLS), Ppp(ppp_protocol::MPLS_MULTICAST), Chdlc(ethertype::MPLS),
        Chdlc(ethertype::MPLS_MULTICAST);
    /// Address Resolution Protocol.
    Arp = arp on EtherType(ethertype::ARP), EtherType(ethertype::REVERSE_ARP);
    /// Internet Protocol version 4.
    Ipv4 = ipv4 on EtherType(ethertype::IPV4), IpProtocol(ip_protocol::IPV4), Sap(sap::IP),
        Ppp(ppp_protocol::IPV4), Ppp(ppp_protocol::UNCOMPRESSED_IPV4), Chdlc(ethertype::IPV4);
    /// Internet Protocol version 6.
    Ipv6 = ipv6 on EtherType(ethertype::IPV6), IpProtocol(ip_protocol::IPV6), Ppp(ppp_protocol::IPV6),
        Chdlc(ethertype::IPV6);
    /// Hop-by-hop options of IPv6.
    HopByHop = hop_by_hop on IpProtocol(ip_protocol::HOP_BY_HOP);
    /// Destination options of IPv6.
    Destination = destination on IpProtocol(ip_protocol::DESTINATION);
    /// Routing header of IPv6.
    Routing = routing on IpProtocol(ip_protocol::ROUTING);
    /// Fragment header of IPv6.
    Fragment = fragment on IpProtocol(ip_protocol::FRAGMENT);
    /// Authentication Header.
    Ah = ah on IpProtocol(ip_protocol::AH);
    /// Encapsulating Security Payload.
    Esp = esp on IpProtocol(ip_protocol::ESP);
    /// IP Payload Compression.
    IpComp = ipcomp on IpProtocol(ip_protocol::IPCOMP);
    /// Mobility header of IPv6.
    Mobility = mobility on IpProtocol(ip_protocol::MOBILITY), IpProtocol(ip_protocol::MOBILITY_OLD);
    /// Lightweight User Datagram Protocol.
    UdpLite = udp_lite on IpProtocol(ip_protocol::UDP_LITE);
    /// What ICMP errors tell beside the packet that they quote.
    IcmpExtension = icmp_extension;
    /// Internet Control Message Protocol.
    Icmp = icmp on IpProtocol(ip_protocol::ICMP);
    /// Internet Group Management Protocol.
    Igmp = igmp on IpProtocol(ip_protocol::IGMP);
    /// Internet Control Message Protocol for IPv6, in which hosts report to multicast routers much as in IGMP.
    Icmpv6 = icmpv6 on IpProtocol(ip_protocol::ICMPV6);
    /// User Datagram Protocol.
    Udp = udp on IpProtocol(ip_protocol::UDP);
    /// Transmission Control Protocol.
    Tcp = tcp on IpProtocol(ip_protocol::TCP);
    /// Generic Routing Encapsulation.
    Gre = gre on IpProtocol(ip_protocol::GRE);
    /// Virtual eXtensible Local Area Network.
    Vxlan = vxlan on UdpPort(port::VXLAN);
    /// Generic Network Virtualization Encapsulation.
    Geneve = geneve on UdpPort(port::GENEVE);
    /// Domain Name System.
    Dns = dns on UdpPort(port::DOMAIN), TcpPort(port::DOMAIN);
    /// Multicast DNS.
    Mdns = mdns on UdpPort(port::MDNS);
    /// Trivial File Transfer Protocol.
    Tftp = tftp on UdpPort(port::TFTP);
    /// Network Time Protocol.
    Ntp = ntp on UdpPort(port::NTP);
    /// Syslog.
    Syslog = syslog on UdpPort(port::SYSLOG);
    /// Hypertext Transfer Protocol, version 1.
    Http = http on TcpPort(port::HTTP), TcpPort(port::HTTP_ALT), TcpPort(port::HTTP_PROXY);
    /// File Transfer Protocol.
    Ftp = ftp on TcpPort(port::FTP);
    /// Simple Mail Transfer Protocol.
    Smtp = smtp on TcpPort(port::SMTP), TcpPort(port::SUBMISSION);
    /// Post Office Protocol.
    Pop = pop on TcpPort(port::POP3);
    /// Internet Message Access Protocol.
    Imap = imap on TcpPort(port::IMAP);
    /// Secure shell.
    Ssh = ssh on TcpPort(port::SSH);
    /// Transport Layer Security.
    Tls = tls on TcpPort(port::HTTPS), TcpPort(port::HTTPS_ALT), TcpPort(port::DOMAIN_TLS), TcpPort(port::SUBMISSIONS),
        TcpPort(port::IMAPS), TcpPort(port::POP3S), TcpPort(port::FTPS), TcpPort(port::LDAPS);
    /// Dynamic Host Configuration Protocol, and BOOTP.
    Dhcp = dhcp on UdpPort(port::DHCP_SERVER), UdpPort(port::DHCP_CLIENT);
    /// Dynamic Host Configuration Protocol for IPv6.
    Dhcpv6 = dhcpv6 on UdpPort(port::DHCPV6_SERVER), UdpPort(port::DHCPV6_CLIENT);
    /// Remote Authentication Dial In User Service.
    Radius = radius on UdpPort(port::RADIUS), UdpPort(port::RADIUS_ACCOUNTING), UdpPort(port::RADIUS_OLD),
        UdpPort(port::RADIUS_ACCOUNTING_OLD), UdpPort(port::RADIUS_COA);
    /// WireGuard.
    WireGuard = wireguard on UdpPort(port::WIREGUARD);
    /// Bytes that nothing says more about.
    Raw = raw;
    /// Bytes behind what the lengths below say.
    Padding = padding;
}

/// Says where the link header ends when a layer, which may be the outermost alone, is one.
fn outermost(packet: &Packet<'_>, index: usize) -> Option<usize> {
    packet.layers.first().filter(|_| index == 0).map(|layer| layer.payload)
}

/// Finds the number by which a space names a protocol: what is written below it.
#[must_use]
pub fn number_of(space: Space, id: Id) -> Option<u32> {
    BINDINGS.iter().find(|(of, _, is)| (*of, *is) == (space, id)).map(|(_, number, _)| *number)
}

/// Lists the numbers of a space that mean a protocol.
pub fn numbers(space: Space) -> impl Iterator<Item = (u32, Id)> {
    BINDINGS.iter().filter(move |(of, ..)| *of == space).map(|(_, number, id)| (*number, *id))
}

/// Finds a protocol by its name, Wireshark's or Scapy's.
#[must_use]
pub fn named(name: &str) -> Option<Id> {
    let is = |id: &Id| id.protocol().name == name || id.protocol().scapy == name;
    Id::ALL.iter().copied().find(is)
}
