//! The names of all operations that an event can report, on either side of the kernel's border.
//!
//! The name is the one that a programmer types (`recv`), not the kernel's (`recvfrom`): see
//! [`Op::syscall`] for that. What each operation means, what privilege it takes and where its
//! manual is stands in the table of `jackfield-sock`, which must have a row for every variant.

use crate::door::kernel_name;

macro_rules! ops {
    ($($variant:ident = $name:literal $(by $number:ident)?),* $(,)?) => {
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

            /// Returns the system call that it is, by the kernel's name and its number on this machine; `None` for what
            /// happens in the program. [`Op::Sendfile`] is both: a composite, and the call that it is made of.
            #[must_use]
            pub const fn syscall(self) -> Option<(&'static str, i64)> {
                match self {
                    $(Self::$variant => first(&[$((kernel_name(stringify!($number)), libc::$number))?])),*
                }
            }
        }
    };
}

const fn first(said: &[(&'static str, i64)]) -> Option<(&'static str, i64)> {
    match said {
        [it, ..] => Some(*it),
        [] => None,
    }
}

ops! {
    // A socket's life.
    Socket = "socket" by SYS_socket,
    Socketpair = "socketpair" by SYS_socketpair,
    Bind = "bind" by SYS_bind,
    Listen = "listen" by SYS_listen,
    Accept = "accept" by SYS_accept4,
    Connect = "connect" by SYS_connect,
    Shutdown = "shutdown" by SYS_shutdown,
    Close = "close" by SYS_close,
    Dup = "dup" by SYS_fcntl,
    Detach = "detach",
    Getsockname = "getsockname" by SYS_getsockname,
    Getpeername = "getpeername" by SYS_getpeername,
    Getsockopt = "getsockopt" by SYS_getsockopt,
    Setsockopt = "setsockopt" by SYS_setsockopt,
    // Bytes.
    Send = "send" by SYS_sendto,
    Sendto = "sendto" by SYS_sendto,
    Sendmsg = "sendmsg" by SYS_sendmsg,
    Recv = "recv" by SYS_recvfrom,
    Recvfrom = "recvfrom" by SYS_recvfrom,
    Recvmsg = "recvmsg" by SYS_recvmsg,
    Read = "read" by SYS_read,
    Write = "write" by SYS_write,
    Readv = "readv" by SYS_readv,
    Writev = "writev" by SYS_writev,
    Sendfile = "sendfile" by SYS_sendfile,
    Splice = "splice" by SYS_splice,
    // Waiting.
    Poll = "poll" by SYS_ppoll,
    Select = "select" by SYS_pselect6,
    EpollCreate = "epoll_create" by SYS_epoll_create1,
    EpollCtl = "epoll_ctl" by SYS_epoll_ctl,
    EpollWait = "epoll_wait" by SYS_epoll_pwait,
    // Descriptors, files and the process.
    Fcntl = "fcntl" by SYS_fcntl,
    Ioctl = "ioctl" by SYS_ioctl,
    Open = "open" by SYS_openat,
    Fstat = "fstat" by SYS_fstat,
    Unlink = "unlink" by SYS_unlinkat,
    Ftruncate = "ftruncate" by SYS_ftruncate,
    Lseek = "lseek" by SYS_lseek,
    Pipe = "pipe" by SYS_pipe2,
    Eventfd = "eventfd" by SYS_eventfd2,
    Capget = "capget" by SYS_capget,
    Capset = "capset" by SYS_capset,
    Prlimit = "prlimit" by SYS_prlimit64,
    Uname = "uname" by SYS_uname,
    Sethostname = "sethostname" by SYS_sethostname,
    Getrandom = "getrandom" by SYS_getrandom,
    // Composites: user-space operations made of several calls.
    Sendall = "sendall",
    CreateConnection = "create_connection",
    CreateServer = "create_server",
    HasDualstackIpv6 = "has_dualstack_ipv6",
    SendFds = "send_fds",
    RecvFds = "recv_fds",
    Getaddrinfo = "getaddrinfo",
    Getnameinfo = "getnameinfo",
    Gethostbyname = "gethostbyname",
    Gethostbyaddr = "gethostbyaddr",
    Getservbyname = "getservbyname",
    Getservbyport = "getservbyport",
    Getprotobyname = "getprotobyname",
    Gethostname = "gethostname",
    Getfqdn = "getfqdn",
    IfNameindex = "if_nameindex",
    IfNametoindex = "if_nametoindex",
    IfIndextoname = "if_indextoname",
    // Pure user space.
    Htons = "htons",
    Htonl = "htonl",
    Ntohs = "ntohs",
    Ntohl = "ntohl",
    InetAton = "inet_aton",
    InetNtoa = "inet_ntoa",
    InetPton = "inet_pton",
    InetNtop = "inet_ntop",
}

#[cfg(test)]
mod tests {
    use super::Op;

    #[test]
    fn a_call_knows_its_number() {
        assert_eq!(Op::Recv.syscall(), Some(("recvfrom", libc::SYS_recvfrom)));
        assert_eq!(Op::Sendall.syscall(), None);
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Op::ALL.iter().map(|op| op.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Op::ALL.len());
    }
}
