//! The manual: one screen for each thing that a socket programmer meets.
//!
//! A chapter is one file, `manual/NAME.md`, and one line in the table below. It is read here as documentation and
//! printed by `jack explain NAME`. Every chapter has the same parts in the same order: what it is, a picture, the
//! smallest program that shows it, what goes wrong (symptom → cause → fix), the privilege it takes, how to see it
//! with `jack`, and what to read on. The programs are run by the tests.
//!
//! ```
//! use jackfield::manual;
//!
//! let topic = manual::find("ECONNREFUSED").unwrap();
//! assert_eq!(topic.name, "refused");
//! assert_eq!(manual::find("setsockopt(2)").unwrap().name, "socket");
//! assert!(manual::suggest("sokcet").iter().any(|topic| topic.name == "socket"));
//! ```

mod look_up;

pub use look_up::{Answer, Entry, MOST_SUGGESTIONS, Mention, find, look_up, suggest};

/// A chapter of the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The word to ask for it by, and the name of its file.
    pub name: &'static str,
    /// Other words that lead to it: calls, constants, errno names.
    pub aliases: &'static [&'static str],
    /// What it is, in a line.
    pub title: &'static str,
    /// The whole text in Markdown; a chapter is at most 78 columns wide and 48 lines long.
    pub text: &'static str,
}

/// Makes the table of topics, and of each chapter a documented module.
macro_rules! topics {
    ($($module:ident $name:literal: $($alias:literal)*;)*) => {
        /// Every topic, in the order in which a course would tell them.
        pub const TOPICS: &[Topic] = &[$(
            Topic {
                name: $name,
                aliases: &[$($alias),*],
                title: title(include_str!(concat!("manual/", $name, ".md")), $name),
                text: include_str!(concat!("manual/", $name, ".md")),
            }
        ),*];

        $(
            #[doc = include_str!(concat!("manual/", $name, ".md"))]
            pub mod $module {}
        )*
    };
}

/// Makes a page of reference: like a topic, but of its own shape and length.
macro_rules! reference {
    ($name:literal, $file:literal, $($alias:literal)*) => {
        Topic {
            name: $name,
            aliases: &[$($alias),*],
            title: title(include_str!($file), $name),
            text: include_str!($file),
        }
    };
}

topics! {
    user_kernel "user-kernel": "syscall" "user space" "kernel" "kernel space" "border" "sendfile" "splice" "ioctl" "uname" "getrandom" "EFAULT";
    socket "socket": "sockets" "setsockopt" "getsockopt" "family" "AF_INET" "SOCK_STREAM" "EAFNOSUPPORT" "EPROTONOSUPPORT" "ESOCKTNOSUPPORT" "ENOPROTOOPT" "ENOTSOCK";
    bind "bind": "getsockname" "port" "port 0" "INADDR_ANY" "EADDRNOTAVAIL";
    listen "listen": "backlog" "create_server" "somaxconn" "accept queue" "EOPNOTSUPP";
    accept "accept": "accept4" "listener" "ECONNABORTED";
    connect "connect": "connect_ex" "create_connection" "getpeername" "handshake" "SYN" "EISCONN";
    ephemeral "ephemeral": "ephemeral port" "ephemeral ports" "dynamic port" "source port" "local port" "port range" "ip_local_port_range" "IP_BIND_ADDRESS_NO_PORT";
    send "send": "sendmsg" "write" "writev" "send buffer" "SO_SNDBUF" "ENOBUFS";
    nagle "nagle": "nagle's algorithm" "nagle algorithm" "nodelay" "TCP_NODELAY" "delayed ack" "TCP_QUICKACK" "TCP_CORK" "MSG_MORE" "small writes" "40 ms";
    recv "recv": "receive" "recv_into" "recvmsg" "read" "readv" "receive buffer" "SO_RCVBUF" "MSG_PEEK";
    partial "partial": "sendall" "short read" "short write";
    framing "framing": "frame" "message" "message border" "delimiter" "length prefix";
    eof "eof": "end of file" "end of input" "end of stream" "b''";
    keepalive "keepalive": "half-open" "half-open connection" "dead peer" "SO_KEEPALIVE" "TCP_KEEPIDLE" "TCP_KEEPINTVL" "TCP_KEEPCNT" "TCP_USER_TIMEOUT";
    shutdown "shutdown": "half-close" "SHUT_WR" "FIN" "ENOTCONN" "ESHUTDOWN";
    close "close": "SO_LINGER" "linger" "EBADF";
    time_wait "time_wait": "CLOSE_WAIT" "FIN_WAIT";
    reuseaddr "reuseaddr": "SO_REUSEADDR" "SO_REUSEPORT" "reuseport" "EADDRINUSE" "address already in use";
    refused "refused": "connection refused" "timeout" "timed out" "reset" "RST" "unreachable" "no route to host" "ECONNREFUSED" "ETIMEDOUT" "ECONNRESET" "EHOSTUNREACH" "ENETUNREACH" "EHOSTDOWN";
    epipe "epipe": "SIGPIPE" "MSG_NOSIGNAL" "broken pipe" "141";
    udp "udp": "datagram" "datagrams" "SOCK_DGRAM" "sendto" "recvfrom" "recvfrom_into" "MSG_TRUNC";
    udp_connect "udp-connect": "connected udp" "IP_RECVERR" "EDESTADDRREQ";
    bytes "bytes": "text" "str" "encoding" "UTF-8" "CRLF" "UnicodeDecodeError";
    hex "hex": "hex dump" "xxd" "hexyl" "od" "dump" "undump" "octets" "hexlify" "unhexlify";
    base64 "base64": "base32" "base16" "base58" "basenc" "z85" "b64encode" "b64decode" "urlsafe_b64encode" "binascii" "RFC 4648";
    endian "endian": "byte order" "network order" "big-endian" "little-endian" "struct" "htons" "htonl" "ntohs" "ntohl" "inet_aton" "inet_ntoa" "inet_pton" "inet_ntop";
    dns "dns": "name lookup" "names" "resolve" "resolver" "resolv.conf" "hosts" "getaddrinfo" "getnameinfo" "gethostbyname" "gethostbyname_ex" "gethostbyaddr" "getservbyname" "getservbyport" "getprotobyname" "gethostname" "sethostname" "getfqdn" "EAI_NONAME" "EAI_AGAIN" "NXDOMAIN";
    ipv6 "ipv6": "dual stack" "AF_INET6" "IPV6_V6ONLY" "scope" "link-local" "has_dualstack_ipv6" "if_nameindex" "if_nametoindex" "if_indextoname";
    loopback "loopback": "lo" "localhost" "127.0.0.1" "::1";
    unix_sockets "unix-sockets": "unix" "AF_UNIX" "abstract" "socketpair" "seqpacket" "SOCK_SEQPACKET" "send_fds" "recv_fds" "SCM_RIGHTS" "SO_PEERCRED" "unlink" "ENOENT" "EPROTOTYPE" "ENAMETOOLONG";
    vsock "vsock": "AF_VSOCK" "virtual machine" "hypervisor" "CID" "guest";
    nonblock "nonblock": "non-blocking" "O_NONBLOCK" "fcntl" "settimeout" "SO_ERROR" "EAGAIN" "EWOULDBLOCK" "EINPROGRESS" "EALREADY";
    poll "poll": "ppoll" "select" "epoll" "epoll_create" "epoll_ctl" "epoll_wait" "eventfd" "POLLIN" "POLLOUT" "POLLHUP";
    eintr "eintr": "signal" "signals" "interrupted" "sigaction" "SIGINT" "SA_RESTART";
    descriptors "descriptors": "descriptor" "file descriptor" "fd" "dup" "detach" "open" "fstat" "ftruncate" "lseek" "pipe" "prlimit" "ulimit" "close-on-exec" "EMFILE" "ENFILE" "too many open files";
    low_ports "low-ports": "privileged ports" "ports below 1024" "ports<1024" "CAP_NET_BIND_SERVICE" "ip_unprivileged_port_start" "EACCES" "permission denied";
    capabilities "capabilities": "capability" "privilege" "privileges" "root" "setcap" "getcap" "capget" "capset" "prctl" "CAP_NET_ADMIN" "EPERM" "operation not permitted";
    raw "raw": "raw socket" "raw sockets" "SOCK_RAW" "IPPROTO_RAW" "IP_HDRINCL" "CAP_NET_RAW";
    icmp_socket "icmp-socket": "icmp" "ping" "ping_group_range" "IPPROTO_ICMP";
    packet_socket "packet-socket": "packet" "AF_PACKET" "PF_PACKET" "sniff" "tcpdump" "ETH_P_ALL" "ENODEV" "ENETDOWN";
    pcap "pcap": "capture" "captures" "capture file" "pcapng" "savefile" "snaplen" "snapshot length" "link type" "tshark" "wireshark";
    promisc "promisc": "promiscuous" "IFF_PROMISC" "PACKET_ADD_MEMBERSHIP" "monitor mode";
    checksum_offload "checksum-offload": "checksum" "bad checksum" "offload" "TSO" "GRO" "GSO";
    mtu "mtu": "fragment" "fragments" "fragmentation" "MSS" "path MTU" "EMSGSIZE";
}

/// What is no chapter and still asked for: the forms and numbers that the chapters and the help texts name.
pub const REFERENCES: &[Topic] = &[
    reference!("json", "../../../docs/json.md", "schema" "json lines" "--trace=json" "jsonl"),
    reference!("endpoint", "manual/reference/endpoint.md", "endpoints" "address" "url" "/dev/tcp" "/dev/udp"),
    reference!("data", "manual/reference/data.md", "payload" "hex:" "u16be:" "base64:"),
    reference!("exit", "manual/reference/exit.md", "exit code" "exit codes" "exit status" "status"),
];

/// Lists the topics and then the references: all that has a text.
pub fn all() -> impl Iterator<Item = &'static Topic> {
    TOPICS.iter().chain(REFERENCES)
}

impl Topic {
    /// Lists the words that lead here.
    fn words(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// Cuts the title out of a chapter's first line, `# NAME: TITLE`. Done by the compiler, which refuses a shorter line.
const fn title(text: &'static str, name: &str) -> &'static str {
    let mut len = 0;
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        if *byte == b'\n' {
            break;
        }
        len += 1;
        rest = tail;
    }
    let (line, _) = text.split_at(len);
    line.split_at("# ".len() + name.len() + ": ".len()).1
}
