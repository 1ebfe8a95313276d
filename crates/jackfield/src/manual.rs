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

/// A chapter of the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The word to ask for it by, and the name of its file.
    pub name: &'static str,
    /// Other words that lead to it: calls, constants, errno names.
    pub aliases: &'static [&'static str],
    /// What it is, in a line.
    pub title: &'static str,
    /// The whole chapter in Markdown, at most 78 columns wide and 48 lines long.
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

topics! {
    user_kernel "user-kernel": "syscall" "user space" "kernel" "kernel space" "border" "sendfile" "splice" "ioctl" "uname" "getrandom" "EFAULT";
    socket "socket": "sockets" "setsockopt" "getsockopt" "family" "AF_INET" "SOCK_STREAM" "EAFNOSUPPORT" "EPROTONOSUPPORT" "ESOCKTNOSUPPORT" "ENOPROTOOPT" "ENOTSOCK";
    bind "bind": "getsockname" "port" "port 0" "INADDR_ANY" "EADDRNOTAVAIL";
    listen "listen": "backlog" "create_server" "somaxconn" "accept queue" "EOPNOTSUPP";
    accept "accept": "accept4" "listener" "ECONNABORTED";
    connect "connect": "connect_ex" "create_connection" "getpeername" "handshake" "SYN" "EISCONN";
    send "send": "sendmsg" "write" "writev" "send buffer" "SO_SNDBUF" "TCP_NODELAY" "ENOBUFS";
    recv "recv": "receive" "recv_into" "recvmsg" "read" "readv" "receive buffer" "SO_RCVBUF" "MSG_PEEK";
    partial "partial": "sendall" "short read" "short write";
    framing "framing": "frame" "message" "message border" "delimiter" "length prefix";
    eof "eof": "end of file" "end of input" "end of stream" "b''" "SO_KEEPALIVE";
    shutdown "shutdown": "half-close" "SHUT_WR" "FIN" "ENOTCONN" "ESHUTDOWN";
    close "close": "SO_LINGER" "EBADF";
    time_wait "time_wait": "CLOSE_WAIT" "FIN_WAIT";
    reuseaddr "reuseaddr": "SO_REUSEADDR" "SO_REUSEPORT" "reuseport" "EADDRINUSE" "address already in use";
    refused "refused": "connection refused" "timeout" "timed out" "reset" "RST" "unreachable" "no route to host" "ECONNREFUSED" "ETIMEDOUT" "ECONNRESET" "EHOSTUNREACH" "ENETUNREACH" "EHOSTDOWN";
    epipe "epipe": "SIGPIPE" "MSG_NOSIGNAL" "broken pipe" "141";
    udp "udp": "datagram" "datagrams" "SOCK_DGRAM" "sendto" "recvfrom" "recvfrom_into" "MSG_TRUNC";
    udp_connect "udp-connect": "connected udp" "IP_RECVERR" "EDESTADDRREQ";
    bytes "bytes": "text" "str" "encoding" "UTF-8" "CRLF" "UnicodeDecodeError";
    endian "endian": "byte order" "network order" "big-endian" "little-endian" "struct" "htons" "htonl" "ntohs" "ntohl" "inet_aton" "inet_ntoa" "inet_pton" "inet_ntop";
    dns "dns": "name lookup" "names" "resolve" "resolver" "resolv.conf" "hosts" "getaddrinfo" "getnameinfo" "gethostbyname" "gethostbyname_ex" "gethostbyaddr" "getservbyname" "getservbyport" "getprotobyname" "gethostname" "sethostname" "getfqdn" "EAI_NONAME" "EAI_AGAIN" "NXDOMAIN";
    ipv6 "ipv6": "dual stack" "AF_INET6" "IPV6_V6ONLY" "scope" "link-local" "has_dualstack_ipv6" "if_nameindex" "if_nametoindex" "if_indextoname";
    loopback "loopback": "lo" "localhost" "127.0.0.1" "::1";
    unix_sockets "unix-sockets": "unix" "AF_UNIX" "abstract" "socketpair" "seqpacket" "SOCK_SEQPACKET" "send_fds" "recv_fds" "SCM_RIGHTS" "SO_PEERCRED" "unlink" "ENOENT" "EPROTOTYPE" "ENAMETOOLONG";
    nonblock "nonblock": "non-blocking" "nonblocking" "O_NONBLOCK" "fcntl" "settimeout" "SO_ERROR" "EAGAIN" "EWOULDBLOCK" "EINPROGRESS" "EALREADY";
    poll "poll": "ppoll" "select" "epoll" "epoll_create" "epoll_ctl" "epoll_wait" "eventfd" "POLLIN" "POLLOUT" "POLLHUP";
    eintr "eintr": "signal" "signals" "interrupted" "sigaction" "SIGINT" "SA_RESTART";
    descriptors "descriptors": "descriptor" "file descriptor" "fd" "dup" "detach" "open" "fstat" "ftruncate" "pipe" "prlimit" "ulimit" "close-on-exec" "EMFILE" "ENFILE" "too many open files";
    low_ports "low-ports": "privileged ports" "ports below 1024" "ports<1024" "CAP_NET_BIND_SERVICE" "ip_unprivileged_port_start" "EACCES" "permission denied";
    capabilities "capabilities": "capability" "privilege" "privileges" "root" "setcap" "getcap" "capget" "capset" "prctl" "CAP_NET_ADMIN" "EPERM" "operation not permitted";
    raw "raw": "raw socket" "raw sockets" "SOCK_RAW" "IPPROTO_RAW" "IP_HDRINCL" "CAP_NET_RAW";
    icmp_socket "icmp-socket": "icmp" "ping" "ping_group_range" "IPPROTO_ICMP";
    packet_socket "packet-socket": "packet" "AF_PACKET" "PF_PACKET" "sniff" "tcpdump" "ETH_P_ALL" "ENODEV" "ENETDOWN";
    promisc "promisc": "promiscuous" "IFF_PROMISC" "PACKET_ADD_MEMBERSHIP" "monitor mode";
    checksum_offload "checksum-offload": "checksum" "bad checksum" "offload" "TSO" "GRO" "GSO";
    mtu "mtu": "fragment" "fragments" "fragmentation" "MSS" "path MTU" "EMSGSIZE";
}

/// Finds the topic that a word asks for: its name or one of its aliases, in any case.
///
/// `-`, `_` and a space are the same, and a call may be written `send`, `send()` or `send(2)`.
#[must_use]
pub fn find(word: &str) -> Option<&'static Topic> {
    let word = plain(word);
    TOPICS.iter().find(|topic| topic.words().any(|known| plain(known) == word))
}

/// Suggests topics for a word that [`find`] does not know, the likeliest first, at most [`MOST_SUGGESTIONS`]:
/// those with a name or alias nearest to it, then those whose text has the word, by how often.
#[must_use]
pub fn suggest(word: &str) -> Vec<&'static Topic> {
    let word = plain(word);
    let mut found = nearest(&word);
    for topic in mentioning(&word) {
        if !found.contains(&topic) {
            found.push(topic);
        }
    }
    found.truncate(MOST_SUGGESTIONS);
    found
}

/// The most topics that [`suggest`] returns: more would be the list of all.
pub const MOST_SUGGESTIONS: usize = 8;

/// A word longer than this is like none of ours, and not worth the time of comparing.
const LONGEST_WORD: usize = 64;

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

/// Brings a word into the form in which words are compared.
fn plain(word: &str) -> String {
    let word = word.trim();
    // `send(2)` and `send()`.
    let word = match word.strip_suffix(')').and_then(|open| open.split_once('(')) {
        Some((name, section)) if section.bytes().all(|byte| byte.is_ascii_alphanumeric()) => name,
        _ => word,
    };
    word.chars().map(|c| if matches!(c, '_' | ' ') { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Finds the topics whose words are nearest to the word, if any is near enough: a third of it may differ, or it may
/// be a beginning.
fn nearest(word: &str) -> Vec<&'static Topic> {
    let chars: Vec<char> = word.chars().take(LONGEST_WORD + 1).collect();
    if chars.is_empty() || chars.len() > LONGEST_WORD {
        return Vec::new();
    }
    let far = |topic: &Topic| {
        let to = |known: &str| {
            let known = plain(known);
            let begins = chars.len() >= 3 && known.starts_with(word);
            if begins { 1 } else { distance(&chars, &known.chars().collect::<Vec<_>>()) }
        };
        topic.words().map(to).min().unwrap_or(usize::MAX)
    };
    let all: Vec<_> = TOPICS.iter().map(|topic| (far(topic), topic)).collect();
    let least = all.iter().map(|(far, _)| *far).min().unwrap_or(usize::MAX);
    if least > chars.len().div_ceil(3) {
        return Vec::new();
    }
    all.into_iter().filter(|(far, _)| *far == least).map(|(_, topic)| topic).collect()
}

/// Counts the characters to insert, delete or replace to make one word of the other (Levenshtein).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (j, cell) in row.iter_mut().enumerate() {
            let Some(b) = j.checked_sub(1).and_then(|j| to.get(j)) else {
                *cell = left;
                continue;
            };
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Finds the topics whose text has the word as a whole, those that have it most often first.
fn mentioning(word: &str) -> Vec<&'static Topic> {
    if !(3..=LONGEST_WORD).contains(&word.len()) {
        return Vec::new();
    }
    let count = |topic: &Topic| {
        let text = plain(topic.text);
        let whole = |at: usize, found: &str| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        };
        text.match_indices(word).filter(|(at, found)| whole(*at, found)).count()
    };
    let mut counted: Vec<_> = TOPICS.iter().map(|topic| (count(topic), topic)).collect();
    counted.retain(|(count, _)| *count > 0);
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(_, topic)| topic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(word: &str) -> Vec<&'static str> {
        suggest(word).iter().map(|topic| topic.name).collect()
    }

    #[test]
    fn a_topic_is_found_by_any_of_its_words_in_any_form() {
        for topic in TOPICS {
            for word in topic.words() {
                assert_eq!(find(word), Some(topic), "{word}");
                assert_eq!(find(&word.to_ascii_uppercase()), Some(topic), "{word}");
                assert_eq!(find(&format!(" {word}() ")), Some(topic), "{word}");
            }
        }
        assert_eq!(find("time-wait").map(|topic| topic.name), Some("time_wait"));
        assert_eq!(find("recvfrom(2)").map(|topic| topic.name), Some("udp"));
        assert_eq!(find(""), None);
        assert_eq!(find("(2)"), None);
    }

    #[test]
    fn a_mistyped_word_gets_the_nearest_topic_first() {
        for (typed, meant) in [
            ("sokcet", "socket"),
            ("lisen", "listen"),
            ("ECONREFUSED", "refused"),
            ("timewait", "time_wait"),
            ("capab", "capabilities"),
            ("setsokopt", "socket"),
        ] {
            assert_eq!(suggested(typed).first(), Some(&meant), "{typed}");
        }
    }

    #[test]
    fn a_word_of_the_text_leads_to_its_topics() {
        assert_eq!(suggested("hypervisor"), ["promisc"]);
        assert!(suggested("EINVAL").contains(&"bind"));
        assert!(suggested("qq").is_empty());
        assert!(suggested("zzzzzzzz").is_empty());
    }

    #[test]
    fn a_word_in_part_is_no_mention() {
        assert!(mentioning("hyperviso").is_empty());
    }

    #[test]
    fn no_word_is_too_strange() {
        let long = "x".repeat(100_000);
        for word in ["", " ", "(", ")", "()", "((2)", "\0", "é", "\u{202e}", "日本", &long] {
            assert_eq!(find(word), None, "{word:.20}");
            assert!(suggest(word).len() <= MOST_SUGGESTIONS);
        }
        assert!(suggest(&long).is_empty());
    }

    #[test]
    fn distance_is_levenshteins() {
        let between =
            |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(between("kitten", "sitting"), 3);
        assert_eq!(between("", "abc"), 3);
        assert_eq!(between("abc", ""), 3);
        assert_eq!(between("listen", "listen"), 0);
    }
}
