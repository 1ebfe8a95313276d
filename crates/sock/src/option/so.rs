//! Options of any socket, `SOL_SOCKET`: socket(7), unix(7).
//!
//! Sizes of buffers are in bytes; the kernel doubles what is set, for its own use, and reads back the double.

use sys::c;
use sys::cap::Capability;

use super::{Kind, Opt, Privilege};

options! {
    level SOL_SOCKET;

    /// Lets the protocol note debugging information, where the kernel was built to.
    SO_DEBUG "SO_DEBUG": Bool { get debug, set set_debug, since "2.2", man "socket(7)", needs NetAdmin On Initial "to switch on" }

    /// Lets bind(2) take an address whose earlier connections are still in TIME-WAIT, or a datagram port that others share.
    SO_REUSEADDR "SO_REUSEADDR": Bool { get reuse_address, set set_reuse_address, since "2.2", man "socket(7)" }

    /// Tells the socket's type.
    SO_TYPE "SO_TYPE": SocketType { get kind, since "2.2", man "socket(7)" }

    /// Takes the pending error: it is cleared by being read.
    SO_ERROR "SO_ERROR": Error { get error, since "2.2", man "socket(7)" }

    /// Sends to hosts on attached networks alone, past the gateways.
    SO_DONTROUTE "SO_DONTROUTE": Bool { get dont_route, set set_dont_route, since "2.2", man "socket(7)" }

    /// Lets datagrams go to broadcast addresses.
    SO_BROADCAST "SO_BROADCAST": Bool { get broadcast, set set_broadcast, since "2.2", man "socket(7)" }

    /// Sizes the send buffer, up to `net.core.wmem_max`.
    SO_SNDBUF "SO_SNDBUF": Int { get send_buffer, set set_send_buffer, since "2.2", man "socket(7)" }

    /// Sizes the receive buffer, up to `net.core.rmem_max`.
    SO_RCVBUF "SO_RCVBUF": Int { get receive_buffer, set set_receive_buffer, since "2.2", man "socket(7)" }

    /// Sizes the send buffer beyond the system's limit.
    SO_SNDBUFFORCE "SO_SNDBUFFORCE": Int { set set_send_buffer_force, since "2.6.14", man "socket(7)", needs NetAdmin Always Initial "to set" }

    /// Sizes the receive buffer beyond the system's limit.
    SO_RCVBUFFORCE "SO_RCVBUFFORCE": Int { set set_receive_buffer_force, since "2.6.14", man "socket(7)", needs NetAdmin Always Initial "to set" }

    /// Sends probes on an idle connection, so that a dead peer is noticed.
    SO_KEEPALIVE "SO_KEEPALIVE": Bool { get keep_alive, set set_keep_alive, since "2.2", man "socket(7)" }

    /// Leaves urgent data in the stream instead of handing it out apart.
    SO_OOBINLINE "SO_OOBINLINE": Bool { get oob_inline, set set_oob_inline, since "2.2", man "socket(7)" }

    /// Sends UDP over IPv4 without a checksum.
    SO_NO_CHECK "SO_NO_CHECK": Bool { get no_check, set set_no_check, since "2.2", man "asm-generic/socket.h" }

    /// Gives the packets sent a priority, for the queue of the interface.
    SO_PRIORITY "SO_PRIORITY": Int { get priority, set set_priority, since "2.2", man "socket(7)", needs NetAdmin | NetRaw OutsideZeroToSix Network "to set one outside 0 to 6" }

    /// Lets close(2) wait, at most so long, until what was sent has been acknowledged; zero resets the connection instead.
    SO_LINGER "SO_LINGER": Linger { get linger, set set_linger, since "2.2", man "socket(7)" }

    /// Did what BSD did with ICMP errors; the kernel takes it and ignores it.
    SO_BSDCOMPAT "SO_BSDCOMPAT": Bool { get bsd_compat, set set_bsd_compat, since "2.2", man "socket(7)" }

    /// Lets several sockets of one user bind the same address and port, and share what arrives.
    SO_REUSEPORT "SO_REUSEPORT": Bool { get reuse_port, set set_reuse_port, since "3.9", man "socket(7)" }

    /// Adds the sender's process, user and group to each message received on a Unix socket.
    SO_PASSCRED "SO_PASSCRED": Bool { get pass_credentials, set set_pass_credentials, since "2.2", man "unix(7)" }

    /// Tells the peer's process, user and group as they were when the Unix connection was made.
    SO_PEERCRED "SO_PEERCRED": Credentials { get peer_credentials, since "2.2", man "unix(7)" }

    /// Sets how many bytes must have arrived before a receiving call returns.
    SO_RCVLOWAT "SO_RCVLOWAT": Int { get receive_low_water, set set_receive_low_water, since "2.4", man "socket(7)" }

    /// Tells how many bytes there must be room for before a send passes on: always 1.
    SO_SNDLOWAT "SO_SNDLOWAT": Int { get send_low_water, since "2.4", man "socket(7)" }

    /// Bounds how long a receiving call blocks; after that it fails with `EAGAIN`.
    SO_RCVTIMEO "SO_RCVTIMEO": Timeval { get receive_timeout, set set_receive_timeout, since "2.4", man "socket(7)" }

    /// Bounds how long a sending call blocks; after that it fails with `EAGAIN`.
    SO_SNDTIMEO "SO_SNDTIMEO": Timeval { get send_timeout, set set_send_timeout, since "2.4", man "socket(7)" }

    /// Ties the socket to one interface, given by name; an empty name unties it.
    SO_BINDTODEVICE "SO_BINDTODEVICE": Text { get bind_to_device, set set_bind_to_device, since "2.2", man "socket(7)", needs NetRaw Depends Network "to change it once set; before Linux 5.7 to set it at all" }

    /// Drops what a program of classic BPF does not accept, and cuts what it accepts.
    SO_ATTACH_FILTER "SO_ATTACH_FILTER": Program { get filter, set attach_filter, since "2.2", man "socket(7)", needs NetAdmin Depends Network "to filter a TCP socket, from newer kernels", also ["SO_GET_FILTER"] }

    /// Takes the filter away.
    SO_DETACH_FILTER "SO_DETACH_FILTER": Nothing { set detach_filter, since "2.2", man "socket(7)", also ["SO_DETACH_BPF"] }

    /// Tells the peer's address; as the kernel wants its exact length, getpeername(2) is called before.
    SO_PEERNAME "SO_PEERNAME": Address { get peer_name, since "2.4", man "asm-generic/socket.h" }

    /// Adds to each message received when it arrived, in microseconds.
    SO_TIMESTAMP "SO_TIMESTAMP": Bool { get timestamp, set set_timestamp, since "2.2", man "socket(7)" }

    /// Tells whether the socket listens.
    SO_ACCEPTCONN "SO_ACCEPTCONN": Bool { get accepts_connections, since "2.4", man "socket(7)" }

    /// Tells the peer's security context.
    SO_PEERSEC "SO_PEERSEC": Text { get peer_security, since "2.6.2", man "unix(7)", room 4096, config "CONFIG_SECURITY_NETWORK and an active security module" }

    /// Adds the sender's security context to each message received on a Unix socket.
    SO_PASSSEC "SO_PASSSEC": Bool { get pass_security, set set_pass_security, since "2.6.18", man "unix(7)" }

    /// Adds to each message received when it arrived, in nanoseconds.
    SO_TIMESTAMPNS "SO_TIMESTAMPNS": Bool { get timestamp_ns, set set_timestamp_ns, since "2.6.22", man "socket(7)" }

    /// Marks the packets sent, for routing rules and packet filters.
    SO_MARK "SO_MARK": Unsigned { get mark, set set_mark, since "2.6.25", man "socket(7)", needs NetAdmin | NetRaw Always Network "to set" }

    /// Chooses which time stamps are taken, when sending and when receiving, in software and by the device.
    SO_TIMESTAMPING "SO_TIMESTAMPING": Unsigned { get timestamping, set set_timestamping, since "2.6.30", man "Documentation/networking/timestamping.rst", values [SOF_TIMESTAMPING_TX_HARDWARE, SOF_TIMESTAMPING_TX_SOFTWARE, SOF_TIMESTAMPING_RX_HARDWARE, SOF_TIMESTAMPING_RX_SOFTWARE, SOF_TIMESTAMPING_SOFTWARE, SOF_TIMESTAMPING_SYS_HARDWARE, SOF_TIMESTAMPING_RAW_HARDWARE, SOF_TIMESTAMPING_OPT_ID, SOF_TIMESTAMPING_TX_SCHED, SOF_TIMESTAMPING_TX_ACK, SOF_TIMESTAMPING_OPT_CMSG, SOF_TIMESTAMPING_OPT_TSONLY, SOF_TIMESTAMPING_OPT_STATS, SOF_TIMESTAMPING_OPT_PKTINFO, SOF_TIMESTAMPING_OPT_TX_SWHW, SOF_TIMESTAMPING_BIND_PHC, SOF_TIMESTAMPING_OPT_ID_TCP, SOF_TIMESTAMPING_OPT_RX_FILTER] }

    /// Tells the socket's protocol.
    SO_PROTOCOL "SO_PROTOCOL": Protocol { get protocol, since "2.6.32", man "socket(7)" }

    /// Tells the socket's family.
    SO_DOMAIN "SO_DOMAIN": Family { get domain, since "2.6.32", man "socket(7)" }

    /// Adds to each message received how many were dropped before it.
    SO_RXQ_OVFL "SO_RXQ_OVFL": Bool { get receive_overflow, set set_receive_overflow, since "2.6.33", man "socket(7)" }

    /// Reports whether a frame sent over Wi-Fi was acknowledged.
    SO_WIFI_STATUS "SO_WIFI_STATUS": Bool { get wifi_status, set set_wifi_status, since "3.3", man "asm-generic/socket.h" }

    /// Sets where `MSG_PEEK` begins to look, -1 for the head of the queue as ever.
    SO_PEEK_OFF "SO_PEEK_OFF": Int { get peek_offset, set set_peek_offset, since "3.4", man "socket(7)" }

    /// Lets a packet socket give the last four bytes of a frame itself, where the device can.
    SO_NOFCS "SO_NOFCS": Bool { get no_fcs, set set_no_fcs, since "3.4", man "asm-generic/socket.h" }

    /// Forbids for good to change or take away the filter.
    SO_LOCK_FILTER "SO_LOCK_FILTER": Bool { get lock_filter, set set_lock_filter, since "3.9", man "socket(7)" }

    /// Reports data on the error queue to select(2) as exceptional.
    SO_SELECT_ERR_QUEUE "SO_SELECT_ERR_QUEUE": Bool { get select_error_queue, set set_select_error_queue, since "3.10", man "socket(7)" }

    /// Sets how long a receiving call polls the device instead of sleeping.
    SO_BUSY_POLL "SO_BUSY_POLL": Microseconds { get busy_poll, set set_busy_poll, since "3.11", man "socket(7)", needs NetAdmin Depends Initial "to raise, from older kernels", config "CONFIG_NET_RX_BUSY_POLL" }

    /// Bounds the rate of sending, in bytes a second; all ones for no bound.
    SO_MAX_PACING_RATE "SO_MAX_PACING_RATE": Long { get max_pacing_rate, set set_max_pacing_rate, since "3.13", man "asm-generic/socket.h" }

    /// Tells how many extensions of classic BPF the kernel knows.
    SO_BPF_EXTENSIONS "SO_BPF_EXTENSIONS": Int { get bpf_extensions, since "3.14", man "asm-generic/socket.h" }

    /// Sets or tells the processor on which the socket's packets are handled.
    SO_INCOMING_CPU "SO_INCOMING_CPU": Int { get incoming_cpu, set set_incoming_cpu, since "3.19", man "socket(7)" }

    /// Filters by a program of extended BPF, given as its descriptor.
    SO_ATTACH_BPF "SO_ATTACH_BPF": Descriptor { set attach_bpf, since "3.19", man "socket(7)" }

    /// Lets a program of classic BPF choose among the sockets that share a port.
    SO_ATTACH_REUSEPORT_CBPF "SO_ATTACH_REUSEPORT_CBPF": Program { set attach_reuse_port_filter, since "4.5", man "socket(7)" }

    /// Lets a program of extended BPF choose among the sockets that share a port.
    SO_ATTACH_REUSEPORT_EBPF "SO_ATTACH_REUSEPORT_EBPF": Descriptor { set attach_reuse_port_bpf, since "4.5", man "socket(7)" }

    /// Tells the kernel that the path seems broken, so that it may look for another; 1 says so.
    SO_CNX_ADVICE "SO_CNX_ADVICE": Int { set set_connection_advice, since "4.6", man "asm-generic/socket.h" }

    /// Tells how much memory the socket uses and may use, as nine numbers.
    SO_MEMINFO "SO_MEMINFO": Words { get memory_info, since "4.12", man "asm-generic/socket.h" }

    /// Tells the receive queue of the device from which the last packet came.
    SO_INCOMING_NAPI_ID "SO_INCOMING_NAPI_ID": Unsigned { get incoming_napi_id, since "4.12", man "socket(7)", config "CONFIG_NET_RX_BUSY_POLL" }

    /// Tells a number that no other socket of this boot has.
    SO_COOKIE "SO_COOKIE": Long { get cookie, since "4.12", man "asm-generic/socket.h" }

    /// Tells the groups of the process at the other end of a Unix socket.
    SO_PEERGROUPS "SO_PEERGROUPS": Words { get peer_groups, since "4.13", man "asm-generic/socket.h" }

    /// Lets `MSG_ZEROCOPY` send from the caller's own memory.
    SO_ZEROCOPY "SO_ZEROCOPY": Bool { get zero_copy, set set_zero_copy, since "4.14", man "Documentation/networking/msg_zerocopy.rst" }

    /// Lets each message say when it is to be sent, by a given clock.
    SO_TXTIME "SO_TXTIME": TransmitTime { get transmit_time, set set_transmit_time, since "4.19", man "linux/net_tstamp.h", needs NetAdmin Depends Network "to set a clock other than CLOCK_MONOTONIC" }

    /// Ties the socket to one interface, given by index; 0 unties it.
    SO_BINDTOIFINDEX "SO_BINDTOIFINDEX": Interface { get bind_to_interface, set set_bind_to_interface, since "5.1", man "asm-generic/socket.h", needs NetRaw Depends Network "to change it once set; before Linux 5.7 to set it at all" }

    /// Is `SO_TIMESTAMP` with 64-bit seconds on every machine.
    SO_TIMESTAMP_NEW "SO_TIMESTAMP_NEW": Bool { get timestamp_new, set set_timestamp_new, since "5.1", man "asm-generic/socket.h" }

    /// Is `SO_TIMESTAMPNS` with 64-bit seconds on every machine.
    SO_TIMESTAMPNS_NEW "SO_TIMESTAMPNS_NEW": Bool { get timestamp_ns_new, set set_timestamp_ns_new, since "5.1", man "asm-generic/socket.h" }

    /// Is `SO_TIMESTAMPING` with 64-bit seconds on every machine.
    SO_TIMESTAMPING_NEW "SO_TIMESTAMPING_NEW": Unsigned { get timestamping_new, set set_timestamping_new, since "5.1", man "Documentation/networking/timestamping.rst" }

    /// Is `SO_RCVTIMEO` with 64-bit seconds on every machine.
    SO_RCVTIMEO_NEW "SO_RCVTIMEO_NEW": Timeval { get receive_timeout_new, set set_receive_timeout_new, since "5.1", man "asm-generic/socket.h" }

    /// Is `SO_SNDTIMEO` with 64-bit seconds on every machine.
    SO_SNDTIMEO_NEW "SO_SNDTIMEO_NEW": Timeval { get send_timeout_new, set set_send_timeout_new, since "5.1", man "asm-generic/socket.h" }

    /// Takes away the program that chooses among the sockets that share a port.
    SO_DETACH_REUSEPORT_BPF "SO_DETACH_REUSEPORT_BPF": Nothing { set detach_reuse_port_bpf, since "5.3", man "asm-generic/socket.h" }

    /// Prefers polling the device over its interrupts.
    SO_PREFER_BUSY_POLL "SO_PREFER_BUSY_POLL": Bool { get prefer_busy_poll, set set_prefer_busy_poll, since "5.11", man "asm-generic/socket.h", needs NetAdmin On Initial "to switch on", config "CONFIG_NET_RX_BUSY_POLL" }

    /// Sets how many packets one poll of the device may take.
    SO_BUSY_POLL_BUDGET "SO_BUSY_POLL_BUDGET": Int { set set_busy_poll_budget, since "5.11", man "asm-generic/socket.h", needs NetAdmin Depends Initial "to raise", config "CONFIG_NET_RX_BUSY_POLL" }

    /// Tells a number for the socket's network namespace that no other one of this boot has.
    SO_NETNS_COOKIE "SO_NETNS_COOKIE": Long { get netns_cookie, since "5.14", man "asm-generic/socket.h" }

    /// Keeps the kernel from sizing the buffers by itself, as setting a size does.
    SO_BUF_LOCK "SO_BUF_LOCK": Int { get buffer_lock, set set_buffer_lock, since "5.15", man "asm-generic/socket.h", values [SOCK_SNDBUF_LOCK, SOCK_RCVBUF_LOCK] }

    /// Sets memory aside for the socket, in bytes; takes a cgroup that accounts for sockets.
    SO_RESERVE_MEM "SO_RESERVE_MEM": Int { get reserve_memory, set set_reserve_memory, since "5.16", man "asm-generic/socket.h", config "CONFIG_MEMCG and a cgroup other than the root" }

    /// Says whether a TCP connection that makes no progress tries another path.
    SO_TXREHASH "SO_TXREHASH": Byte { get transmit_rehash, set set_transmit_rehash, since "5.18", man "asm-generic/socket.h", values [SOCK_TXREHASH_DEFAULT, SOCK_TXREHASH_DISABLED, SOCK_TXREHASH_ENABLED] }

    /// Adds to each message received the mark that its packet bears.
    SO_RCVMARK "SO_RCVMARK": Bool { get receive_mark, set set_receive_mark, since "5.19", man "asm-generic/socket.h" }

    /// Adds a descriptor of the sending process to each message received on a Unix socket.
    SO_PASSPIDFD "SO_PASSPIDFD": Bool { get pass_pidfd, set set_pass_pidfd, since "6.5", man "unix(7)" }

    /// Opens a descriptor of the process at the other end of a Unix socket.
    SO_PEERPIDFD "SO_PEERPIDFD": NewDescriptor { get peer_pidfd, since "6.5", man "unix(7)" }

    /// Gives back memory of a device that held received data: an array of `struct dmabuf_token`.
    SO_DEVMEM_DONTNEED "SO_DEVMEM_DONTNEED": Bytes { set set_device_memory_dont_need, since "6.12", man "Documentation/networking/devmem.rst", config "CONFIG_PAGE_POOL" }

    /// Adds to each message received the priority that its packet bears.
    SO_RCVPRIORITY "SO_RCVPRIORITY": Bool { get receive_priority, set set_receive_priority, since "6.14", man "asm-generic/socket.h" }

    /// Takes descriptors that a Unix peer sends; off, they are refused.
    SO_PASSRIGHTS "SO_PASSRIGHTS": Bool { get pass_rights, set set_pass_rights, since "6.16", man "unix(7)" }

    /// Adds to each message received how many bytes wait after it on a Unix stream.
    SO_INQ "SO_INQ": Bool { set set_unread_length, since "6.17", man "asm-generic/socket.h" }
}
