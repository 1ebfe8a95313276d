//! Options of UDP, `SOL_UDP`: udp(7), and `linux/udp.h` where that page says nothing.

use sys::c;

use super::{Kind, Opt};

options! {
    level SOL_UDP;

    /// Gathers what is written into one datagram until it is taken off again.
    UDP_CORK "UDP_CORK": Bool { get cork, set set_cork, since "2.5.44", man "udp(7)" }

    /// Hands datagrams of a tunnel, such as IPsec's of RFC 3948, to the kernel.
    UDP_ENCAP "UDP_ENCAP": Int { get encapsulation, set set_encapsulation, since "2.5.67", man "linux/udp.h", values [UDP_ENCAP_ESPINUDP, UDP_ENCAP_L2TPINUDP, UDP_ENCAP_GTP0, UDP_ENCAP_GTP1U, UDP_ENCAP_RXRPC], config "CONFIG_XFRM" }

    /// Sends over IPv6 without a checksum, as tunnels may: RFC 6935.
    UDP_NO_CHECK6_TX "UDP_NO_CHECK6_TX": Bool { get no_check6_transmit, set set_no_check6_transmit, since "3.16", man "linux/udp.h" }

    /// Takes datagrams over IPv6 that have no checksum.
    UDP_NO_CHECK6_RX "UDP_NO_CHECK6_RX": Bool { get no_check6_receive, set set_no_check6_receive, since "3.16", man "linux/udp.h" }

    /// Cuts what is written into datagrams of so many bytes; 0 sends it as one.
    UDP_SEGMENT "UDP_SEGMENT": Int { get segment, set set_segment, since "4.18", man "udp(7)" }

    /// Hands out several datagrams of one flow at once, with their size as a control message.
    UDP_GRO "UDP_GRO": Bool { get gro, set set_gro, since "5.0", man "udp(7)" }
}
