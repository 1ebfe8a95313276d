//! The names of all operations that an event can report, on either side of the kernel's border.
//!
//! The name is the one that a programmer types (`recv`), not the kernel's (`recvfrom`): see
//! [`Event::syscall`](crate::door::Event) for that. What each operation means, what privilege it takes and where its
//! manual is stands in the table of `jackfield-sock`, which must have a row for every variant.

macro_rules! ops {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// One operation, named as the manual page or Python's `socket` module names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each variant is documented by its row in the operation table of `jackfield-sock`")]
        pub enum Op { $($variant),* }

        impl Op {
            /// Lists every operation once, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the name a programmer types, such as `"recv"`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

ops! {
    // A socket's life.
    Socket = "socket", Socketpair = "socketpair", Bind = "bind", Listen = "listen", Accept = "accept",
    Connect = "connect", Shutdown = "shutdown", Close = "close", Dup = "dup", Detach = "detach",
    Getsockname = "getsockname", Getpeername = "getpeername", Getsockopt = "getsockopt", Setsockopt = "setsockopt",
    // Bytes.
    Send = "send", Sendto = "sendto", Sendmsg = "sendmsg", Recv = "recv", Recvfrom = "recvfrom", Recvmsg = "recvmsg",
    Read = "read", Write = "write", Readv = "readv", Writev = "writev", Sendfile = "sendfile", Splice = "splice",
    // Waiting.
    Poll = "poll", Select = "select", EpollCreate = "epoll_create", EpollCtl = "epoll_ctl", EpollWait = "epoll_wait",
    // Descriptors, files and the process.
    Fcntl = "fcntl", Ioctl = "ioctl", Open = "open", Fstat = "fstat", Unlink = "unlink", Ftruncate = "ftruncate", Pipe = "pipe",
    Eventfd = "eventfd", Capget = "capget", Capset = "capset", Prctl = "prctl", Prlimit = "prlimit", Uname = "uname",
    Sethostname = "sethostname", Getrandom = "getrandom", Sigaction = "sigaction",
    // Composites: user-space operations made of several calls.
    Sendall = "sendall", CreateConnection = "create_connection", CreateServer = "create_server",
    HasDualstackIpv6 = "has_dualstack_ipv6", SendFds = "send_fds", RecvFds = "recv_fds",
    Getaddrinfo = "getaddrinfo", Getnameinfo = "getnameinfo", Gethostbyname = "gethostbyname",
    Gethostbyaddr = "gethostbyaddr", Getservbyname = "getservbyname", Getservbyport = "getservbyport",
    Getprotobyname = "getprotobyname", Gethostname = "gethostname", Getfqdn = "getfqdn",
    IfNameindex = "if_nameindex", IfNametoindex = "if_nametoindex", IfIndextoname = "if_indextoname",
    // Pure user space.
    Htons = "htons", Htonl = "htonl", Ntohs = "ntohs", Ntohl = "ntohl",
    InetAton = "inet_aton", InetNtoa = "inet_ntoa", InetPton = "inet_pton", InetNtop = "inet_ntop",
}

#[cfg(test)]
mod tests {
    use super::Op;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Op::ALL.iter().map(|op| op.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Op::ALL.len());
    }
}
