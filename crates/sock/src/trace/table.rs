//! The table of operations: on which side of the kernel's border each one happens, what it takes, and why it is there.
//!
//! One row for each [`Op`], in the order of [`Op::ALL`]; a missing, doubled or misplaced row does not compile. The
//! trace, `jack explain`, `jack doctor` and the manual read this table and nothing else.
//! Sources: the manual page of each row; the kernel versions are those of syscalls(2) and fcntl(2).

use sys::Op;
use sys::door::Side;

/// What there is to know about one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The operation.
    pub op: Op,
    /// The number of the system call on this machine; none in user space.
    pub number: Option<i64>,
    /// What goes in and what comes out, as the manual's synopsis says it, or Python's documentation for what C lacks.
    pub signature: &'static str,
    /// Where it happens. A composite is in user space: what it asks of the kernel are calls of their own.
    pub side: Side,
    /// The rule in short, `"none"` for most.
    pub privilege: &'static str,
    /// The kernel that first had the call we make, `""` in user space.
    pub since: &'static str,
    /// What it does, and why on this side: one sentence.
    pub why: &'static str,
    /// The manual page, such as `socket(2)`; of what has none, that of the call that it is mostly about.
    pub man: &'static str,
}

/// Looks an operation up.
///
/// ```
/// use jackfield_sock::{Op, trace};
///
/// assert_eq!(trace::row(Op::Sethostname).privilege, "CAP_SYS_ADMIN");
/// ```
#[must_use]
pub fn row(op: Op) -> &'static Row {
    // The order is checked below, at compile time.
    ROWS.get(op as usize).unwrap_or(&ROWS[0])
}

/// Lists the whole table, in the order of [`Op::ALL`].
#[must_use]
pub const fn rows() -> &'static [Row] {
    &ROWS
}

const fn kernel(
    op: Op,
    signature: &'static str,
    man: &'static str,
    since: &'static str,
    why: &'static str,
) -> Row {
    let number = match op.syscall() {
        Some((_, number)) => Some(number),
        None => None,
    };
    Row { op, number, signature, side: Side::Kernel, privilege: "none", since, why, man }
}

const fn user(op: Op, signature: &'static str, man: &'static str, why: &'static str) -> Row {
    Row { op, number: None, signature, side: Side::User, privilege: "none", since: "", why, man }
}

impl Row {
    const fn takes(self, privilege: &'static str) -> Self {
        Self { privilege, ..self }
    }
}

static ROWS: [Row; Op::ALL.len()] = TABLE;

const TABLE: [Row; Op::ALL.len()] = [
    // A socket's life.
    kernel(
        Op::Socket,
        "int socket(int family, int type, int protocol)",
        "socket(2)",
        "2.0",
        "Makes a socket inside the kernel and hands back a number for it; nothing goes over the wire yet.",
    )
    .takes("CAP_NET_RAW for raw and packet sockets; a group within ping_group_range for ICMP datagrams"),
    kernel(
        Op::Socketpair,
        "int socketpair(int family, int type, int protocol, int pair[2])",
        "socketpair(2)",
        "2.0",
        "Makes two sockets that are connected to each other inside the kernel, without any address.",
    ),
    kernel(
        Op::Bind,
        "int bind(int fd, const struct sockaddr *address, socklen_t length)",
        "bind(2)",
        "2.0",
        "Gives the socket its local address: all programs share the ports, so the kernel keeps the list of who has which.",
    )
    .takes("CAP_NET_BIND_SERVICE for ports below ip_unprivileged_port_start"),
    kernel(
        Op::Listen,
        "int listen(int fd, int backlog)",
        "listen(2)",
        "2.0",
        "Lets the socket accept: from now on the kernel makes the handshakes by itself and queues the finished connections.",
    ),
    kernel(
        Op::Accept,
        "int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)",
        "accept(2)",
        "2.6.28",
        "Takes a finished connection out of the queue: the kernel made the handshake before accept was called.",
    ),
    kernel(
        Op::Connect,
        "int connect(int fd, const struct sockaddr *address, socklen_t length)",
        "connect(2)",
        "2.0",
        "With TCP the kernel sends a SYN and waits for the answer; with UDP nothing is sent, the kernel only notes the peer.",
    ),
    kernel(
        Op::Shutdown,
        "int shutdown(int fd, int how)",
        "shutdown(2)",
        "2.0",
        "Ends one direction or both: after the last byte the TCP peer gets a FIN, and the other direction stays open.",
    ),
    kernel(
        Op::Close,
        "int close(int fd)",
        "close(2)",
        "1.0",
        "Gives the number back; with the last number of a socket the kernel says goodbye to the peer by itself.",
    ),
    kernel(
        Op::Dup,
        "int fcntl(int fd, F_DUPFD_CLOEXEC, int lowest)",
        "fcntl(2)",
        "2.6.24",
        "Makes a second number for the same socket, which stays open until both are closed.",
    ),
    user(
        Op::Detach,
        "int detach()",
        "close(2)",
        "Takes the number out of the object and leaves it open: only the program's own bookkeeping changes, no call.",
    ),
    kernel(
        Op::Getsockname,
        "int getsockname(int fd, struct sockaddr *address, socklen_t *length)",
        "getsockname(2)",
        "2.0",
        "Asks for the local address, which the kernel may have chosen: after bind to port 0 this tells the real port.",
    ),
    kernel(
        Op::Getpeername,
        "int getpeername(int fd, struct sockaddr *address, socklen_t *length)",
        "getpeername(2)",
        "2.0",
        "Asks which peer the kernel has the socket connected to.",
    ),
    kernel(
        Op::Getsockopt,
        "int getsockopt(int fd, int level, int name, void *value, socklen_t *length)",
        "getsockopt(2)",
        "2.0",
        "Reads a setting or a state of the socket, which lives in the kernel where the program cannot look.",
    ),
    kernel(
        Op::Setsockopt,
        "int setsockopt(int fd, int level, int name, const void *value, socklen_t length)",
        "setsockopt(2)",
        "2.0",
        "Changes how the kernel treats this socket, for instance whether an address may be bound again at once.",
    )
    .takes("CAP_NET_ADMIN for SO_MARK, SO_DEBUG, IP_TRANSPARENT, SO_PRIORITY above 6, SO_SNDBUFFORCE, SO_RCVBUFFORCE"),
    // Bytes.
    kernel(
        Op::Send,
        "ssize_t send(int fd, const void *buffer, size_t length, int flags)",
        "send(2)",
        "2.0",
        "Copies bytes into the kernel's send buffer; the result counts what the kernel took, not what the peer has read.",
    ),
    kernel(
        Op::Sendto,
        "ssize_t sendto(int fd, const void *buffer, size_t length, int flags, const struct sockaddr *address, socklen_t address_length)",
        "sendto(2)",
        "2.0",
        "Sends one datagram to the address given; that the kernel took it does not mean that it will arrive.",
    ),
    kernel(
        Op::Sendmsg,
        "ssize_t sendmsg(int fd, const struct msghdr *message, int flags)",
        "sendmsg(2)",
        "2.0",
        "Sends several buffers at once, with control messages such as descriptors that only the kernel can hand over.",
    ),
    kernel(
        Op::Recv,
        "ssize_t recv(int fd, void *buffer, size_t length, int flags)",
        "recv(2)",
        "2.0",
        "Takes bytes out of the kernel's receive buffer, at most as many as asked; 0 from a stream means the peer has ended.",
    ),
    kernel(
        Op::Recvfrom,
        "ssize_t recvfrom(int fd, void *buffer, size_t length, int flags, struct sockaddr *address, socklen_t *address_length)",
        "recvfrom(2)",
        "2.0",
        "Takes one datagram and its sender's address; what does not fit the buffer is thrown away.",
    ),
    kernel(
        Op::Recvmsg,
        "ssize_t recvmsg(int fd, struct msghdr *message, int flags)",
        "recvmsg(2)",
        "2.0",
        "Receives into several buffers, with control messages such as arrival time, TTL or descriptors.",
    ),
    kernel(
        Op::Read,
        "ssize_t read(int fd, void *buffer, size_t length)",
        "read(2)",
        "1.0",
        "Takes bytes from any descriptor, be it file, pipe or socket; on a socket it is recv without flags.",
    ),
    kernel(
        Op::Write,
        "ssize_t write(int fd, const void *buffer, size_t length)",
        "write(2)",
        "1.0",
        "Gives bytes to any descriptor, be it file, pipe or socket; on a socket it is send without flags.",
    ),
    kernel(
        Op::Readv,
        "ssize_t readv(int fd, const struct iovec *buffers, int count)",
        "readv(2)",
        "2.0",
        "Reads into several buffers with one crossing of the border instead of many.",
    ),
    kernel(
        Op::Writev,
        "ssize_t writev(int fd, const struct iovec *buffers, int count)",
        "writev(2)",
        "2.0",
        "Writes several buffers with one crossing of the border instead of many.",
    ),
    kernel(
        Op::Sendfile,
        "ssize_t sendfile(int out_fd, int in_fd, off_t *offset, size_t count)",
        "sendfile(2)",
        "2.2",
        "Copies from a file to a socket within the kernel: the bytes never come up into the program.",
    ),
    kernel(
        Op::Splice,
        "ssize_t splice(int fd_in, off64_t *off_in, int fd_out, off64_t *off_out, size_t count, unsigned int flags)",
        "splice(2)",
        "2.6.17",
        "Moves pages between a pipe and another descriptor within the kernel, without copying them into the program.",
    ),
    // Waiting.
    kernel(
        Op::Poll,
        "int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask)",
        "poll(2)",
        "2.6.16",
        "Sleeps until one of the descriptors is ready: only the kernel knows when a packet has arrived.",
    ),
    kernel(
        Op::Select,
        "int pselect(int highest, fd_set *read, fd_set *write, fd_set *except, const struct timespec *timeout, const sigset_t *mask)",
        "select(2)",
        "2.6.16",
        "Sleeps like poll, with the descriptors as bits in three sets, which the kernel cuts down to those that are ready.",
    ),
    kernel(
        Op::EpollCreate,
        "int epoll_create1(int flags)",
        "epoll_create(2)",
        "2.6.27",
        "Makes a list of descriptors to wait for that stays in the kernel, so that it need not be handed over each time.",
    ),
    kernel(
        Op::EpollCtl,
        "int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)",
        "epoll_ctl(2)",
        "2.6",
        "Adds a descriptor to the kernel's waiting list, changes it or takes it off.",
    ),
    kernel(
        Op::EpollWait,
        "int epoll_pwait(int epfd, struct epoll_event *events, int most, int timeout, const sigset_t *mask)",
        "epoll_wait(2)",
        "2.6.19",
        "Sleeps until something on the list is ready and reports only that: the cost does not grow with the list.",
    ),
    // Descriptors, files and the process.
    kernel(
        Op::Fcntl,
        "int fcntl(int fd, int command, long argument)",
        "fcntl(2)",
        "1.0",
        "Reads or changes what the kernel keeps beside a descriptor: whether it blocks, whether a new program inherits it.",
    ),
    kernel(
        Op::Ioctl,
        "int ioctl(int fd, unsigned long request, void *argument)",
        "ioctl(2)",
        "1.0",
        "Asks a special question about a descriptor, here how many bytes wait in a queue or which number an interface has.",
    ),
    kernel(
        Op::Open,
        "int openat(int folder, const char *path, int flags, mode_t mode)",
        "openat(2)",
        "2.6.16",
        "Opens a file by its path: the kernel looks it up, checks the permission and hands back a number.",
    ),
    kernel(
        Op::Fstat,
        "int fstat(int fd, struct stat *status)",
        "fstat(2)",
        "1.0",
        "Asks what a descriptor is: a file, a pipe, a terminal or a socket.",
    ),
    kernel(
        Op::Unlink,
        "int unlinkat(int folder, const char *path, int flags)",
        "unlink(2)",
        "2.6.16",
        "Removes a name from the file system; a Unix socket's name stays behind after close unless it is removed.",
    ),
    kernel(
        Op::Ftruncate,
        "int ftruncate(int fd, off_t length)",
        "ftruncate(2)",
        "1.0",
        "Cuts a file to a length, here to nothing, when what will be written to it is certain to come.",
    ),
    kernel(
        Op::Lseek,
        "off_t lseek(int fd, off_t offset, int whence)",
        "lseek(2)",
        "1.0",
        "Moves the place where a file is read and written next; a pipe and a socket have none.",
    ),
    kernel(
        Op::Pipe,
        "int pipe2(int ends[2], int flags)",
        "pipe(2)",
        "2.6.27",
        "Makes a buffer inside the kernel with two ends: what is written to one is read from the other.",
    ),
    kernel(
        Op::Eventfd,
        "int eventfd(unsigned int initial, int flags)",
        "eventfd(2)",
        "2.6.27",
        "Makes a counter inside the kernel that can be waited for like a socket, here to wake a waiter on Ctrl-C.",
    ),
    kernel(
        Op::Capget,
        "int capget(cap_user_header_t header, cap_user_data_t data)",
        "capget(2)",
        "2.2",
        "Asks which capabilities this thread has: they, and not the user's name, are what the kernel checks.",
    ),
    kernel(
        Op::Capset,
        "int capset(cap_user_header_t header, const cap_user_data_t data)",
        "capset(2)",
        "2.2",
        "Gives capabilities up, or makes a permitted one effective: the kernel keeps them, so that nobody can invent one.",
    )
    .takes("only what is in the permitted set"),
    kernel(
        Op::Prlimit,
        "int prlimit(pid_t pid, int resource, const struct rlimit *new, struct rlimit *old)",
        "prlimit(2)",
        "2.6.36",
        "Reads or sets how much the process may use, for instance how many descriptors it may have open.",
    )
    .takes("CAP_SYS_RESOURCE to raise a hard limit"),
    kernel(
        Op::Uname,
        "int uname(struct utsname *names)",
        "uname(2)",
        "1.0",
        "Asks the kernel for its version and for the machine's name, which it keeps.",
    ),
    kernel(
        Op::Sethostname,
        "int sethostname(const char *name, size_t length)",
        "sethostname(2)",
        "1.0",
        "Changes the machine's name for every program in it, and so it takes a privilege.",
    )
    .takes("CAP_SYS_ADMIN"),
    kernel(
        Op::Getrandom,
        "ssize_t getrandom(void *buffer, size_t length, unsigned int flags)",
        "getrandom(2)",
        "3.17",
        "Takes random bytes from the kernel, which alone sees enough chance events to be unpredictable.",
    ),
    // Composites: user-space operations made of several calls.
    user(
        Op::Sendall,
        "void sendall(bytes, int flags)",
        "send(2)",
        "Calls send again and again until all bytes are taken: a loop in the program, because one send may take only some.",
    ),
    user(
        Op::CreateConnection,
        "socket create_connection(addresses, timeout, source)",
        "connect(2)",
        "Looks up a name and tries its addresses until one connects: a recipe in the program made of ordinary calls.",
    ),
    user(
        Op::CreateServer,
        "socket create_server(address, int backlog, bool reuse_port, bool dualstack_ipv6)",
        "listen(2)",
        "Makes a socket that listens, by socket, setsockopt, bind and listen: a recipe in the program, no call of its own.",
    ),
    user(
        Op::HasDualstackIpv6,
        "bool has_dualstack_ipv6(void)",
        "ipv6(7)",
        "Finds out whether one socket can serve IPv4 and IPv6, by opening one and turning IPV6_V6ONLY off.",
    ),
    user(
        Op::SendFds,
        "ssize_t send_fds(socket, bytes, fds, int flags, address)",
        "unix(7)",
        "Packs descriptors into a control message; the sendmsg inside lets the kernel copy them to the other process.",
    ),
    user(
        Op::RecvFds,
        "(bytes, fds, flags, address) recv_fds(socket, size_t size, size_t max_fds, int flags)",
        "unix(7)",
        "Unpacks descriptors from a control message; the kernel had already opened them in this process at recvmsg.",
    ),
    user(
        Op::Getaddrinfo,
        "int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)",
        "getaddrinfo(3)",
        "Turns a name and a service into addresses: the program reads /etc/hosts and asks a DNS server over a UDP socket.",
    ),
    user(
        Op::Getnameinfo,
        "int getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t, char *service, socklen_t, int flags)",
        "getnameinfo(3)",
        "Turns an address and a port into names: the way back of getaddrinfo, by files and DNS, not by the kernel.",
    ),
    user(
        Op::Gethostbyname,
        "struct hostent *gethostbyname(const char *name)",
        "gethostbyname(3)",
        "Turns a name into IPv4 addresses: the older getaddrinfo; the kernel knows no names, only addresses.",
    ),
    user(
        Op::Gethostbyaddr,
        "struct hostent *gethostbyaddr(const void *address, socklen_t length, int family)",
        "gethostbyaddr(3)",
        "Turns an address into names by asking DNS for its pointer record: a lookup by the program, like any client's.",
    ),
    user(
        Op::Getservbyname,
        "struct servent *getservbyname(const char *name, const char *protocol)",
        "getservbyname(3)",
        "Turns a service's name into its port by a list: the kernel knows only numbers.",
    ),
    user(
        Op::Getservbyport,
        "struct servent *getservbyport(int port, const char *protocol)",
        "getservbyport(3)",
        "Turns a port into its service's name by a list: the kernel knows only numbers.",
    ),
    user(
        Op::Getprotobyname,
        "struct protoent *getprotobyname(const char *name)",
        "getprotobyname(3)",
        "Turns a protocol's name into its number by a list: the kernel takes only the number, in socket.",
    ),
    user(
        Op::Gethostname,
        "int gethostname(char *name, size_t length)",
        "gethostname(2)",
        "Tells the machine's name: the program cuts it out of what uname returns, and that is the call.",
    ),
    user(
        Op::Getfqdn,
        "string getfqdn(name)",
        "getaddrinfo(3)",
        "Guesses the machine's full name by looking its own name up and back: a recipe in the program, no call of its own.",
    ),
    user(
        Op::IfNameindex,
        "struct if_nameindex *if_nameindex(void)",
        "if_nameindex(3)",
        "Lists the network interfaces with their numbers: the program asks the kernel through an ordinary socket.",
    ),
    user(
        Op::IfNametoindex,
        "unsigned int if_nametoindex(const char *name)",
        "if_nametoindex(3)",
        "Finds an interface's number by its name: the program opens a socket only to ask the kernel through it.",
    ),
    user(
        Op::IfIndextoname,
        "char *if_indextoname(unsigned int index, char *name)",
        "if_indextoname(3)",
        "Finds an interface's name by its number: the program opens a socket only to ask the kernel through it.",
    ),
    // Pure user space.
    user(
        Op::Htons,
        "uint16_t htons(uint16_t host)",
        "htons(3)",
        "Swaps two bytes so that the big-endian network order is met: arithmetic, no system call.",
    ),
    user(
        Op::Htonl,
        "uint32_t htonl(uint32_t host)",
        "htonl(3)",
        "Swaps four bytes so that the big-endian network order is met: arithmetic, no system call.",
    ),
    user(
        Op::Ntohs,
        "uint16_t ntohs(uint16_t network)",
        "ntohs(3)",
        "Swaps two bytes from network order to the machine's own: arithmetic, no system call.",
    ),
    user(
        Op::Ntohl,
        "uint32_t ntohl(uint32_t network)",
        "ntohl(3)",
        "Swaps four bytes from network order to the machine's own: arithmetic, no system call.",
    ),
    user(
        Op::InetAton,
        "int inet_aton(const char *text, struct in_addr *address)",
        "inet_aton(3)",
        "Reads the text 127.0.0.1 into four bytes: arithmetic on a string, nobody is asked whether the address exists.",
    ),
    user(
        Op::InetNtoa,
        "char *inet_ntoa(struct in_addr address)",
        "inet_ntoa(3)",
        "Writes four bytes as the text 127.0.0.1: arithmetic, no system call.",
    ),
    user(
        Op::InetPton,
        "int inet_pton(int family, const char *text, void *address)",
        "inet_pton(3)",
        "Reads an IPv4 or IPv6 address into its 4 or 16 bytes: arithmetic on a string, no system call.",
    ),
    user(
        Op::InetNtop,
        "const char *inet_ntop(int family, const void *address, char *text, socklen_t length)",
        "inet_ntop(3)",
        "Writes the 4 or 16 bytes of an address as text: arithmetic, no system call.",
    ),
];

/// Holds the table against the list of operations: `row` finds its row by position.
const _: () = {
    let (mut rows, mut ops): (&[Row], _) = (&TABLE, Op::ALL);
    while let ([row, more_rows @ ..], [op, more_ops @ ..]) = (rows, ops) {
        assert!(row.op as usize == *op as usize, "the rows must stand in the order of Op::ALL");
        (rows, ops) = (more_rows, more_ops);
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_row() {
        for op in Op::ALL {
            assert_eq!(row(*op).op, *op);
        }
        assert_eq!(rows().len(), Op::ALL.len());
    }

    #[test]
    fn every_row_is_whole() {
        for row in rows() {
            let name = row.op.name();
            assert!(row.why.ends_with('.') && row.why.len() > 40, "{name}: a sentence");
            assert!(row.why.chars().count() <= 125, "{name}: short, not {}", row.why.chars().count());
            assert!(!row.privilege.is_empty(), "{name}: \"none\" is a rule too");
            assert_eq!(
                row.since.is_empty(),
                row.side == Side::User,
                "{name}: the kernel's calls have a version"
            );
            let page = row.man.strip_suffix(')').and_then(|man| man.split_once('('));
            let section = page.and_then(|(_, section)| section.parse::<u8>().ok());
            assert!(matches!(section, Some(2 | 3 | 7)), "{name}: {}", row.man);
            assert_eq!(row.number.is_some(), row.side == Side::Kernel, "{name}: a call has a number");
            assert_eq!(row.op.syscall().map(|(_, number)| number), row.number, "{name}");
            assert!(row.signature.contains('(') && row.signature.ends_with(')'), "{name}: {}", row.signature);
            assert!(row.side == Side::User || section == Some(2), "{name}: a call is in section 2");
        }
    }

    #[test]
    fn no_two_rows_say_the_same() {
        let mut sentences: Vec<_> = rows().iter().map(|row| row.why).collect();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), rows().len());
    }
}
