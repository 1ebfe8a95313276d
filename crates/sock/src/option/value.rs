//! The values of options that are more than a number.
//!
//! Fields bear the names of the manual page or, in their absence, of the kernel's header.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use sys::names;

use crate::Address;
use crate::option::kind::field;

/// A multicast group and where to join it: `struct ip_mreqn` of ip(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv4Membership {
    /// The group.
    pub group: Ipv4Addr,
    /// The address of the interface, [`Ipv4Addr::UNSPECIFIED`] to let `interface` or the routes say.
    pub local: Ipv4Addr,
    /// The interface's index; 0 is none.
    pub interface: u32,
}

/// A multicast group and one of its senders: `struct ip_mreq_source` of ip(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv4Source {
    /// The group.
    pub group: Ipv4Addr,
    /// The address of the interface.
    pub local: Ipv4Addr,
    /// The sender.
    pub source: Ipv4Addr,
}

/// A multicast group, or an anycast address, and its interface: `struct ipv6_mreq` of ipv6(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv6Membership {
    /// The group.
    pub group: Ipv6Addr,
    /// The interface's index; 0 lets the routes say.
    pub interface: u32,
}

/// The address and the interface to send from: `struct in6_pktinfo` of RFC 3542, section 6.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv6PacketInfo {
    /// The source address.
    pub address: Ipv6Addr,
    /// The interface's index; 0 is none.
    pub interface: u32,
}

/// What else an interface is to hand up: `struct packet_mreq` of packet(7).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LinkMembership {
    /// The interface's index.
    pub interface: u32,
    /// `PACKET_MR_…`.
    pub kind: u16,
    /// The link-layer address, at most 8 bytes; empty for promiscuous mode.
    pub address: Vec<u8>,
}

/// The process at the other end of a Unix socket: `struct ucred` of unix(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Credentials {
    /// The process; 0 when it is not known.
    pub pid: i32,
    /// The user; `u32::MAX` when there is none.
    pub uid: u32,
    /// The group; `u32::MAX` when there is none.
    pub gid: u32,
}

/// The counters of a packet socket since they were last read: `struct tpacket_stats` of packet(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PacketStatistics {
    /// Packets that passed the filter, dropped ones included.
    pub packets: u32,
    /// Packets for which there was no room.
    pub drops: u32,
    /// How often the queue froze; only from a ring of version 3.
    pub freezes: Option<u32>,
}

/// What is known of a path: `struct ip6_mtuinfo` of RFC 3542, section 11.3.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathMtu {
    /// Where the path leads, if the kernel says so: it does in a control message.
    pub destination: Address,
    /// The largest packet in bytes.
    pub mtu: u32,
}

/// The ports that the kernel may choose from, both included; 0 and 0 leave it to the sysctl. Source: ip(7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PortRange {
    /// The lowest port.
    pub low: u16,
    /// The highest port.
    pub high: u16,
}

/// How a socket sends at a given time: `struct sock_txtime` of `linux/net_tstamp.h`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TransmitTime {
    /// The clock, `CLOCK_…` of clock_gettime(2).
    pub clock: i32,
    /// `SOF_TXTIME_…`.
    pub flags: u32,
}

impl fmt::Debug for LinkMembership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkMembership")
            .field("interface", &self.interface)
            .field("kind", &format_args!("{}", names::number(names::LINK_MEMBERSHIPS, self.kind.into())))
            .field("address", &self.address)
            .finish()
    }
}

impl fmt::Debug for TransmitTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransmitTime")
            .field("clock", &format_args!("{}", names::number(names::CLOCKS, self.clock.into())))
            .field("flags", &format_args!("{:#x}", self.flags))
            .finish()
    }
}

/// The state of a TCP connection: RFC 9293, section 3.3.2. `Debug` prints the RFC's names.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum TcpState {
    /// The connection is open.
    Established,
    /// We sent a SYN.
    SynSent,
    /// A SYN was received and answered.
    SynReceived,
    /// We sent a FIN.
    FinWait1,
    /// Our FIN was acknowledged.
    FinWait2,
    /// Both ends have closed; late segments are waited out.
    TimeWait,
    /// There is no connection.
    Closed,
    /// The peer sent a FIN.
    CloseWait,
    /// The peer sent a FIN, then we did.
    LastAck,
    /// Connections are accepted.
    Listen,
    /// Both sent a FIN at once.
    Closing,
    /// A number that a newer kernel gave.
    Unknown(u8),
}

impl TcpState {
    /// Reads the kernel's number, from `net/tcp_states.h`; 12 is its second kind of SYN-RECEIVED.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Established,
            2 => Self::SynSent,
            3 | 12 => Self::SynReceived,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Closed,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            10 => Self::Listen,
            11 => Self::Closing,
            other => Self::Unknown(other),
        }
    }
}

impl fmt::Debug for TcpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::TimeWait => "TIME-WAIT",
            Self::Closed => "CLOSED",
            Self::CloseWait => "CLOSE-WAIT",
            Self::LastAck => "LAST-ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
            Self::Unknown(number) => return write!(f, "TcpState({number})"),
        })
    }
}

macro_rules! tcp_info {
    ($($(#[$doc:meta])+ $field:ident: $type:ty = $offset:literal;)+) => {
        /// What the kernel knows of a TCP connection: `struct tcp_info` of `linux/tcp.h`, tcp(7).
        ///
        /// An older kernel gives fewer fields: those read 0, and `len` tells which they are. Times are in microseconds
        /// unless a field says otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct TcpInfo {
            /// How many bytes of the structure the kernel gave.
            pub len: usize,
            /// The state of the connection.
            pub state: TcpState,
            /// How far the peer scales the windows that it announces: RFC 7323, section 2.
            pub snd_wscale: u8,
            /// How far we scale those that we announce.
            pub rcv_wscale: u8,
            /// Whether `delivery_rate` was limited by the application.
            pub delivery_rate_app_limited: bool,
            /// Why fast open failed: 0 it did not, 1 unspecified, 2 no cookie, 3 data not acknowledged, 4 SYN lost.
            pub fastopen_client_fail: u8,
            $($(#[$doc])+ pub $field: $type,)+
        }

        impl TcpInfo {
            /// Reads the structure from as many bytes as a kernel gave.
            pub(crate) fn decode(bytes: &[u8]) -> Self {
                let [scales] = field(bytes, 6);
                let [bits] = field(bytes, 7);
                Self {
                    len: bytes.len(),
                    state: TcpState::from_number(u8::from_ne_bytes(field(bytes, 0))),
                    snd_wscale: scales & 0x0f,
                    rcv_wscale: scales >> 4,
                    delivery_rate_app_limited: bits & 1 != 0,
                    fastopen_client_fail: (bits >> 1) & 3,
                    $($field: <$type>::from_ne_bytes(field(bytes, $offset)),)+
                }
            }
        }
    };
}

tcp_info! {
    /// The state of congestion control: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss.
    ca_state: u8 = 1;
    /// How often the segment in question was sent again after a timeout.
    retransmits: u8 = 2;
    /// Probes of a zero window or keep-alives not yet answered.
    probes: u8 = 3;
    /// How often the timeout was doubled.
    backoff: u8 = 4;
    /// Bits: 1 timestamps, 2 SACK, 4 window scaling, 8 ECN, 16 ECN seen, 32 data in the SYN.
    options: u8 = 5;
    /// The retransmission timeout.
    rto: u32 = 8;
    /// The time after which an acknowledgement is sent on its own.
    ato: u32 = 12;
    /// The largest segment that we send, in bytes.
    snd_mss: u32 = 16;
    /// The largest segment that we think the peer sends.
    rcv_mss: u32 = 20;
    /// Segments sent and not acknowledged; of a listener, connections that wait for accept(2).
    unacked: u32 = 24;
    /// Segments that a SACK covers; of a listener, its backlog.
    sacked: u32 = 28;
    /// Segments taken for lost.
    lost: u32 = 32;
    /// Segments sent again and not acknowledged yet.
    retrans: u32 = 36;
    /// No longer kept: 0.
    fackets: u32 = 40;
    /// Milliseconds since data was sent.
    last_data_sent: u32 = 44;
    /// Not kept: 0.
    last_ack_sent: u32 = 48;
    /// Milliseconds since data was received.
    last_data_recv: u32 = 52;
    /// Milliseconds since an acknowledgement was received.
    last_ack_recv: u32 = 56;
    /// The largest packet of the path, in bytes.
    pmtu: u32 = 60;
    /// The window that we are ready to announce.
    rcv_ssthresh: u32 = 64;
    /// The smoothed round-trip time.
    rtt: u32 = 68;
    /// Its mean deviation.
    rttvar: u32 = 72;
    /// The slow-start threshold in segments.
    snd_ssthresh: u32 = 76;
    /// The congestion window in segments.
    snd_cwnd: u32 = 80;
    /// The segment size that we announced.
    advmss: u32 = 84;
    /// How far segments are expected to come out of order.
    reordering: u32 = 88;
    /// The round-trip time that the receiving side sees.
    rcv_rtt: u32 = 92;
    /// The room that one round trip fills, in bytes.
    rcv_space: u32 = 96;
    /// Segments sent again since the beginning.
    total_retrans: u32 = 100;
    /// The pacing rate in bytes a second, all ones for none.
    pacing_rate: u64 = 104;
    /// Its upper bound.
    max_pacing_rate: u64 = 112;
    /// Bytes that the peer acknowledged.
    bytes_acked: u64 = 120;
    /// Bytes received in order.
    bytes_received: u64 = 128;
    /// Segments sent.
    segs_out: u32 = 136;
    /// Segments received.
    segs_in: u32 = 140;
    /// Bytes in the queue that were never sent.
    notsent_bytes: u32 = 144;
    /// The smallest round-trip time seen.
    min_rtt: u32 = 148;
    /// Segments with data received.
    data_segs_in: u32 = 152;
    /// Segments with data sent.
    data_segs_out: u32 = 156;
    /// The last measured rate of delivery, in bytes a second.
    delivery_rate: u64 = 160;
    /// How long there was something to send.
    busy_time: u64 = 168;
    /// How long the peer's window held it up.
    rwnd_limited: u64 = 176;
    /// How long our send buffer held it up.
    sndbuf_limited: u64 = 184;
    /// Segments delivered, those sent again included.
    delivered: u32 = 192;
    /// Those of them that were acknowledged with a congestion mark.
    delivered_ce: u32 = 196;
    /// Bytes of data sent, those sent again included.
    bytes_sent: u64 = 200;
    /// Bytes of data sent again.
    bytes_retrans: u64 = 208;
    /// Duplicates that the peer reported.
    dsack_dups: u32 = 216;
    /// How often reordering was seen.
    reord_seen: u32 = 220;
    /// Segments received out of order.
    rcv_ooopack: u32 = 224;
    /// The window that the peer announced, in bytes.
    snd_wnd: u32 = 228;
    /// The window that we announced, in bytes.
    rcv_wnd: u32 = 232;
    /// How often a new path was tried after a timeout.
    rehash: u32 = 236;
    /// Retransmission timeouts.
    total_rto: u16 = 240;
    /// Recoveries from them.
    total_rto_recoveries: u16 = 242;
    /// Milliseconds spent in them.
    total_rto_time: u32 = 244;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcp_info_takes_what_an_older_and_a_newer_kernel_give() {
        let mut bytes = vec![0; 300];
        bytes[0] = 10;
        bytes[6] = 0x97;
        bytes[7] = 0b101;
        bytes[68..72].copy_from_slice(&1500_u32.to_ne_bytes());
        bytes[244..248].copy_from_slice(&7_u32.to_ne_bytes());
        let new = TcpInfo::decode(&bytes);
        assert_eq!(format!("{:?}", new.state), "LISTEN");
        assert_eq!((new.snd_wscale, new.rcv_wscale, new.fastopen_client_fail), (7, 9, 2));
        assert!(new.delivery_rate_app_limited);
        assert_eq!((new.len, new.rtt, new.total_rto_time), (300, 1500, 7));

        let old = TcpInfo::decode(&bytes[..104]);
        assert_eq!((old.len, old.rtt, old.total_rto_time), (104, 1500, 0));
        assert_eq!(TcpInfo::decode(&[]).state, TcpState::Unknown(0));
    }

    #[test]
    fn states_print_as_the_rfc_writes_them() {
        let names: Vec<_> = (1..=13).map(|n| format!("{:?}", TcpState::from_number(n))).collect();
        let expected = [
            "ESTABLISHED",
            "SYN-SENT",
            "SYN-RECEIVED",
            "FIN-WAIT-1",
            "FIN-WAIT-2",
            "TIME-WAIT",
            "CLOSED",
            "CLOSE-WAIT",
            "LAST-ACK",
            "LISTEN",
            "CLOSING",
            "SYN-RECEIVED",
            "TcpState(13)",
        ];
        assert_eq!(names, expected);
    }
}
