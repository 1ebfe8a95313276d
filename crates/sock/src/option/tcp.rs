//! Options of TCP, `SOL_TCP`: tcp(7), and `linux/tcp.h` where that page says nothing.

use sys::c;
use sys::cap::Capability;

use super::{Kind, Opt, Privilege};

options! {
    level SOL_TCP;

    /// Sends each segment at once instead of gathering small ones: Nagle's algorithm off.
    TCP_NODELAY "TCP_NODELAY": Bool { get no_delay, set set_no_delay, since "2.2", man "tcp(7)" }

    /// Bounds the size of segments, in bytes; before the connection it is also what the peer is told.
    TCP_MAXSEG "TCP_MAXSEG": Int { get max_segment, set set_max_segment, since "2.2", man "tcp(7)" }

    /// Holds partial segments back until it is taken off again, at most 200 milliseconds.
    TCP_CORK "TCP_CORK": Bool { get cork, set set_cork, since "2.2", man "tcp(7)" }

    /// Sets how long a connection is idle before the first keep-alive probe.
    TCP_KEEPIDLE "TCP_KEEPIDLE": Seconds { get keep_idle, set set_keep_idle, since "2.4", man "tcp(7)" }

    /// Sets the time between keep-alive probes.
    TCP_KEEPINTVL "TCP_KEEPINTVL": Seconds { get keep_interval, set set_keep_interval, since "2.4", man "tcp(7)" }

    /// Sets how many keep-alive probes go unanswered before the connection is given up.
    TCP_KEEPCNT "TCP_KEEPCNT": Int { get keep_count, set set_keep_count, since "2.4", man "tcp(7)" }

    /// Sets how often a SYN is sent again before connect(2) fails, at most 127.
    TCP_SYNCNT "TCP_SYNCNT": Int { get syn_count, set set_syn_count, since "2.4", man "tcp(7)" }

    /// Sets how many seconds a socket that was closed waits for the peer's FIN, -1 for not at all.
    TCP_LINGER2 "TCP_LINGER2": Int { get linger2, set set_linger2, since "2.4", man "tcp(7)" }

    /// Lets accept(2) wait until data has come, about so long.
    TCP_DEFER_ACCEPT "TCP_DEFER_ACCEPT": Seconds { get defer_accept, set set_defer_accept, since "2.4", man "tcp(7)" }

    /// Bounds the window that is announced, in bytes.
    TCP_WINDOW_CLAMP "TCP_WINDOW_CLAMP": Int { get window_clamp, set set_window_clamp, since "2.4", man "tcp(7)" }

    /// Tells the state of the connection: times, windows, counters.
    TCP_INFO "TCP_INFO": TcpInfo { get info, since "2.4", man "tcp(7)" }

    /// Acknowledges at once instead of after a while; the kernel may switch it off again.
    TCP_QUICKACK "TCP_QUICKACK": Bool { get quick_ack, set set_quick_ack, since "2.4.4", man "tcp(7)" }

    /// Chooses the algorithm of congestion control.
    TCP_CONGESTION "TCP_CONGESTION": Text { get congestion, set set_congestion, since "2.6.13", man "tcp(7)", needs NetAdmin Depends Network "to set one that tcp_allowed_congestion_control lacks" }

    /// Signs segments to and from a peer by RFC 2385: `struct tcp_md5sig`.
    TCP_MD5SIG "TCP_MD5SIG": Bytes { set set_md5_signature, since "2.6.20", man "linux/tcp.h", config "CONFIG_TCP_MD5SIG" }

    /// Keeps the timeout from doubling on a stream with few segments.
    TCP_THIN_LINEAR_TIMEOUTS "TCP_THIN_LINEAR_TIMEOUTS": Bool { get thin_linear_timeouts, set set_thin_linear_timeouts, since "2.6.34", man "Documentation/networking/tcp-thin.rst" }

    /// Once sent again after one duplicate acknowledgement; since Linux 4.11 the kernel takes it and ignores it.
    TCP_THIN_DUPACK "TCP_THIN_DUPACK": Bool { get thin_duplicate_ack, set set_thin_duplicate_ack, since "2.6.34", man "Documentation/networking/tcp-thin.rst" }

    /// Bounds how long data may stay unacknowledged before the connection is given up; zero leaves it to the system.
    TCP_USER_TIMEOUT "TCP_USER_TIMEOUT": Milliseconds { get user_timeout, set set_user_timeout, since "2.6.37", man "tcp(7)" }

    /// Freezes the connection, so that its state can be read and written elsewhere.
    TCP_REPAIR "TCP_REPAIR": Int { get repair, set set_repair, since "3.5", man "linux/tcp.h", needs NetAdmin Always Network "to set", values [TCP_REPAIR_OFF, TCP_REPAIR_ON, TCP_REPAIR_OFF_NO_WP] }

    /// Chooses the queue that `TCP_QUEUE_SEQ` and the data are about, under `TCP_REPAIR`.
    TCP_REPAIR_QUEUE "TCP_REPAIR_QUEUE": Int { get repair_queue, set set_repair_queue, since "3.5", man "linux/tcp.h", needs NetAdmin Depends Network "to use, as it works under TCP_REPAIR alone", values [TCP_NO_QUEUE, TCP_RECV_QUEUE, TCP_SEND_QUEUE] }

    /// Sets or tells the sequence number of a queue, under `TCP_REPAIR`.
    TCP_QUEUE_SEQ "TCP_QUEUE_SEQ": Unsigned { get queue_sequence, set set_queue_sequence, since "3.5", man "linux/tcp.h", needs NetAdmin Depends Network "to use, as it works under TCP_REPAIR alone" }

    /// Sets what was agreed in the handshake, under `TCP_REPAIR`: an array of `struct tcp_repair_opt`.
    TCP_REPAIR_OPTIONS "TCP_REPAIR_OPTIONS": Bytes { set set_repair_options, since "3.5", man "linux/tcp.h", needs NetAdmin Depends Network "to use, as it works under TCP_REPAIR alone" }

    /// Takes data in the SYN on a listener, with at most so many connections pending: RFC 7413.
    TCP_FASTOPEN "TCP_FASTOPEN": Int { get fast_open, set set_fast_open, since "3.7", man "tcp(7)" }

    /// Sets, under `TCP_REPAIR`, or tells the clock of the time stamps.
    TCP_TIMESTAMP "TCP_TIMESTAMP": Unsigned { get timestamp, set set_timestamp, since "3.9", man "linux/tcp.h", needs NetAdmin Depends Network "to set, as that works under TCP_REPAIR alone" }

    /// Bounds how many bytes may wait unsent before the socket is no longer writable.
    TCP_NOTSENT_LOWAT "TCP_NOTSENT_LOWAT": Unsigned { get not_sent_low_water, set set_not_sent_low_water, since "3.12", man "linux/tcp.h" }

    /// Tells the state of the algorithm of congestion control, in its own layout.
    TCP_CC_INFO "TCP_CC_INFO": Bytes { get congestion_info, since "4.1", man "linux/inet_diag.h" }

    /// Keeps the headers of each SYN that a listener takes; 2 keeps the link layer's too.
    TCP_SAVE_SYN "TCP_SAVE_SYN": Int { get save_syn, set set_save_syn, since "4.3", man "linux/tcp.h" }

    /// Hands out the headers of the connection's SYN, once.
    TCP_SAVED_SYN "TCP_SAVED_SYN": Bytes { get saved_syn, since "4.3", man "linux/tcp.h", room 1024 }

    /// Sets or tells the windows, under `TCP_REPAIR`: `struct tcp_repair_window`.
    TCP_REPAIR_WINDOW "TCP_REPAIR_WINDOW": Bytes { get repair_window, set set_repair_window, since "4.8", man "linux/tcp.h", needs NetAdmin Depends Network "to use, as it works under TCP_REPAIR alone", room 20 }

    /// Puts the first data written into the SYN: connect(2) returns at once.
    TCP_FASTOPEN_CONNECT "TCP_FASTOPEN_CONNECT": Bool { get fast_open_connect, set set_fast_open_connect, since "4.11", man "tcp(7)" }

    /// Puts another protocol, such as `tls`, on top of the connection.
    TCP_ULP "TCP_ULP": Text { get upper_layer, set set_upper_layer, since "4.13", man "linux/tcp.h" }

    /// Signs segments to and from a network or over an interface by RFC 2385: `struct tcp_md5sig`.
    TCP_MD5SIG_EXT "TCP_MD5SIG_EXT": Bytes { set set_md5_signature_extended, since "4.14", man "linux/tcp.h", config "CONFIG_TCP_MD5SIG" }

    /// Sets the key, or the old and the new one, from which fast open makes its cookies: 16 bytes each.
    TCP_FASTOPEN_KEY "TCP_FASTOPEN_KEY": Bytes { get fast_open_key, set set_fast_open_key, since "4.15", man "linux/tcp.h" }

    /// Lets fast open do without a cookie.
    TCP_FASTOPEN_NO_COOKIE "TCP_FASTOPEN_NO_COOKIE": Bool { get fast_open_no_cookie, set set_fast_open_no_cookie, since "4.15", man "linux/tcp.h" }

    /// Tells how many bytes a mapping could not take: `struct tcp_zerocopy_receive`, whose question here maps nothing.
    TCP_ZEROCOPY_RECEIVE "TCP_ZEROCOPY_RECEIVE": Bytes { get zero_copy_receive, since "4.18", man "linux/tcp.h", room 40 }

    /// Adds to each message received how many bytes wait after it.
    TCP_INQ "TCP_INQ": Bool { get unread_length, set set_unread_length, since "4.18", man "linux/tcp.h", also ["TCP_CM_INQ"] }

    /// Delays every packet sent, as a longer path would.
    TCP_TX_DELAY "TCP_TX_DELAY": Microseconds { get transmit_delay, set set_transmit_delay, since "5.3", man "linux/tcp.h" }

    /// Adds a key of the authentication option of RFC 5925: `struct tcp_ao_add`.
    TCP_AO_ADD_KEY "TCP_AO_ADD_KEY": Bytes { set add_ao_key, since "6.7", man "Documentation/networking/tcp_ao.rst", config "CONFIG_TCP_AO" }

    /// Takes away a key of the authentication option: `struct tcp_ao_del`.
    TCP_AO_DEL_KEY "TCP_AO_DEL_KEY": Bytes { set delete_ao_key, since "6.7", man "Documentation/networking/tcp_ao.rst", config "CONFIG_TCP_AO" }

    /// Sets or tells keys in use and counters of the authentication option: `struct tcp_ao_info_opt`.
    TCP_AO_INFO "TCP_AO_INFO": Query { get ao_info, set set_ao_info, since "6.7", man "Documentation/networking/tcp_ao.rst", config "CONFIG_TCP_AO" }

    /// Tells the keys of the authentication option: an array of `struct tcp_ao_getsockopt`, the first of which asks.
    TCP_AO_GET_KEYS "TCP_AO_GET_KEYS": Query { get ao_keys, since "6.7", man "Documentation/networking/tcp_ao.rst", config "CONFIG_TCP_AO" }

    /// Sets or tells the sequence number extensions, under `TCP_REPAIR`: `struct tcp_ao_repair`.
    TCP_AO_REPAIR "TCP_AO_REPAIR": Bytes { get ao_repair, set set_ao_repair, since "6.7", man "Documentation/networking/tcp_ao.rst", needs NetAdmin Depends Network "to use, as it works under TCP_REPAIR alone", room 24, config "CONFIG_TCP_AO" }

    /// Tells whether the connection runs over Multipath TCP: RFC 8684.
    TCP_IS_MPTCP "TCP_IS_MPTCP": Bool { get is_mptcp, since "6.10", man "linux/tcp.h" }

    /// Bounds the retransmission timeout from above, 1 to 120 seconds.
    TCP_RTO_MAX_MS "TCP_RTO_MAX_MS": Milliseconds { get rto_max, set set_rto_max, since "6.15", man "linux/tcp.h" }

    /// Bounds the retransmission timeout from below.
    TCP_RTO_MIN_US "TCP_RTO_MIN_US": Microseconds { get rto_min, set set_rto_min, since "6.15", man "linux/tcp.h" }

    /// Bounds how long an acknowledgement may be delayed.
    TCP_DELACK_MAX_US "TCP_DELACK_MAX_US": Microseconds { get delayed_ack_max, set set_delayed_ack_max, since "6.15", man "linux/tcp.h" }
}
