//! The contract of Python's socket, held by ours against the real kernel: modes and timeouts, every way to send and
//! receive, every family.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod common;

use std::io::{IoSlice, IoSliceMut, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV6};
use std::os::fd::AsFd;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jackfield_sock::{
    Address, Cause, Deadline, Errno, Error, Family, LinkAddress, Mode, Op, Protocol, Shutdown, Socket, Type,
    UnixAddress, c, io,
};
use sys::cap::{self, Capability};
use sys::door::{Side, Value, observe_here};

use common::{Notes, skip};

/// Long enough that only a hang reaches it.
const PATIENCE: Mode = Mode::Timeout(Duration::from_secs(20));
const SHORT: Duration = Duration::from_millis(40);

fn loopback() -> Address {
    "127.0.0.1:0".parse().unwrap()
}

fn open(family: Family, kind: Type) -> Socket {
    Socket::open(family, kind, Protocol::DEFAULT).unwrap()
}

fn listener() -> Socket {
    let server = open(Family::INET, Type::STREAM);
    server.bind(&loopback()).unwrap();
    server.listen(16).unwrap();
    server.set_mode(PATIENCE).unwrap();
    server
}

/// Opens the two ends of a TCP connection.
fn tcp() -> (Socket, Socket) {
    let (server, client) = (listener(), open(Family::INET, Type::STREAM));
    client.connect(&server.getsockname().unwrap()).unwrap();
    let (peer, _) = server.accept().unwrap();
    client.set_mode(PATIENCE).unwrap();
    peer.set_mode(PATIENCE).unwrap();
    (client, peer)
}

/// Opens two UDP sockets, the first connected to the second.
fn udp() -> (Socket, Socket) {
    let (from, to) = (open(Family::INET, Type::DGRAM), open(Family::INET, Type::DGRAM));
    from.bind(&loopback()).unwrap();
    to.bind(&loopback()).unwrap();
    from.connect(&to.getsockname().unwrap()).unwrap();
    from.set_mode(PATIENCE).unwrap();
    to.set_mode(PATIENCE).unwrap();
    (from, to)
}

fn unix(kind: Type) -> (Socket, Socket) {
    Socket::pair(Family::UNIX, kind, Protocol::DEFAULT).unwrap()
}

/// Binds a port without listening, so that whoever connects is refused as long as the socket is open.
fn refusing() -> (Socket, Address) {
    let socket = open(Family::INET, Type::STREAM);
    socket.bind(&loopback()).unwrap();
    let address = socket.getsockname().unwrap();
    (socket, address)
}

fn path(directory: &tempfile::TempDir, name: &str) -> Address {
    let path = directory.path().join(name).into_os_string().into_encoded_bytes();
    Address::Unix(UnixAddress::Path(path))
}

fn has_net_raw() -> bool {
    cap::get().unwrap().has(Capability::NetRaw)
}

fn errno<T: std::fmt::Debug>(result: Result<T, Error>) -> Errno {
    result.unwrap_err().errno().unwrap()
}

fn timed_out<T: std::fmt::Debug>(op: Op, call: impl FnOnce() -> Result<T, Error>) {
    let began = Instant::now();
    let error = call().unwrap_err();
    assert_eq!((error.op(), error.cause()), (op, &Cause::TimedOut(SHORT)));
    assert!(error.is_timeout());
    assert!(began.elapsed() >= SHORT);
}

fn filled(byte: u8, len: usize) -> Vec<u8> {
    vec![byte; len]
}

// Modes and timeouts.

#[test]
fn a_timeout_ends_recv_accept_and_recvfrom() {
    let (client, _peer) = tcp();
    client.set_mode(Mode::Timeout(SHORT)).unwrap();
    timed_out(Op::Recv, || client.recv(1, 0));
    timed_out(Op::Recv, || client.recv_into(&mut [0], 0));
    timed_out(Op::Recvmsg, || client.recvmsg(1, 0, 0));
    timed_out(Op::Read, || client.read(&mut [0]));
    let (_, to) = udp();
    to.set_mode(Mode::Timeout(SHORT)).unwrap();
    timed_out(Op::Recvfrom, || to.recvfrom(1, 0));
    let server = listener();
    server.set_mode(Mode::Timeout(SHORT)).unwrap();
    timed_out(Op::Accept, || server.accept());
}

#[test]
fn a_timeout_ends_connect() {
    let server = open(Family::INET, Type::STREAM);
    server.bind(&loopback()).unwrap();
    server.listen(0).unwrap();
    let address = server.getsockname().unwrap();
    // Once the queue is full, the kernel ignores whoever asks.
    let mut waiting = Vec::new();
    let error = loop {
        let client =
            Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::Timeout(SHORT)).unwrap();
        match client.connect(&address) {
            Ok(()) => waiting.push(client),
            Err(error) => break error,
        }
        assert!(waiting.len() < 16, "a queue of none takes {}", waiting.len());
    };
    assert_eq!(error.cause(), &Cause::TimedOut(SHORT));
    assert_eq!(error.address(), Some(&address));
    let client = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::Timeout(SHORT)).unwrap();
    assert_eq!(client.connect_ex(&address), Some(Errno::EAGAIN), "as Python has it");
}

#[test]
fn sendall_has_one_timeout_against_a_stalled_reader() {
    let (left, _right) = unix(Type::STREAM);
    left.set_mode(Mode::Timeout(SHORT)).unwrap();
    timed_out(Op::Sendall, || left.sendall(&filled(1, 16 << 20), 0));
}

#[test]
fn sendall_has_one_timeout_against_a_slow_reader_too() {
    let (left, right) = unix(Type::STREAM);
    left.setsockopt(c::SOL_SOCKET, c::SO_SNDBUF, 4096).unwrap();
    left.set_mode(Mode::Timeout(Duration::from_millis(200))).unwrap();
    std::thread::scope(|scope| {
        // Always a little progress, never as much as 200 ms without: a timeout for each piece would take a minute.
        scope.spawn(move || {
            while !right.recv(2048, 0).unwrap().is_empty() {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let began = Instant::now();
        let error = left.sendall(&filled(1, 24 << 20), 0).unwrap_err();
        assert!(matches!(error.cause(), Cause::TimedOut(_)), "{error:?}");
        assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        drop(left);
    });
}

#[test]
fn non_blocking_calls_do_not_wait() {
    let (client, _peer) = tcp();
    client.set_mode(Mode::NonBlocking).unwrap();
    assert!(client.recv(1, 0).unwrap_err().would_block());
    let server = listener();
    server.set_mode(Mode::NonBlocking).unwrap();
    assert_eq!(errno(server.accept()), Errno::EAGAIN);
    let full = loop {
        if let Err(error) = client.send(&filled(0, 1 << 20), 0) {
            break error;
        }
    };
    assert_eq!(full.errno(), Some(Errno::EAGAIN));

    let began = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::NonBlocking).unwrap();
    assert_eq!(began.connect_ex(&server.getsockname().unwrap()), Some(Errno::EINPROGRESS));
    began.finish_connect(Deadline::after(Duration::from_secs(20))).unwrap();
    began.getpeername().unwrap();
}

#[test]
fn a_socket_in_timeout_mode_is_non_blocking_underneath() {
    let nonblocking = |socket: &Socket| {
        let flags = sys::file::fcntl(socket.as_fd(), c::F_GETFL, 0).unwrap();
        flags & i64::from(c::O_NONBLOCK) != 0
    };
    let socket = open(Family::INET, Type::STREAM);
    for (timeout, mode, underneath) in [
        (None, Mode::Blocking, false),
        (Some(Duration::ZERO), Mode::NonBlocking, true),
        (Some(SHORT), Mode::Timeout(SHORT), true),
        (None, Mode::Blocking, false),
    ] {
        socket.set_mode(Mode::from_timeout(timeout)).unwrap();
        assert_eq!((socket.mode(), socket.mode().timeout()), (mode, timeout));
        assert_eq!(nonblocking(&socket), underneath);
    }
    let born = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, Mode::NonBlocking).unwrap();
    assert!(nonblocking(&born));
}

#[test]
fn an_accepted_socket_does_not_inherit_the_mode() {
    let server = listener();
    server.set_mode(PATIENCE).unwrap();
    let client = open(Family::INET, Type::STREAM);
    client.connect(&server.getsockname().unwrap()).unwrap();
    let (peer, address) = server.accept().unwrap();
    assert_eq!(peer.mode(), Mode::Blocking);
    assert_eq!(address, client.getsockname().unwrap());
    assert_eq!(peer.getpeername().unwrap(), address);
}

#[test]
fn two_threads_use_one_socket_at_once() {
    let (client, peer) = tcp();
    let bytes = filled(9, 4 << 20);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut rest = bytes.len();
            while rest > 0 {
                let got = peer.recv(1 << 16, 0).unwrap();
                peer.sendall(&got, 0).unwrap();
                rest -= got.len();
            }
        });
        scope.spawn(|| client.sendall(&bytes, 0).unwrap());
        let mut back = Vec::new();
        while back.len() < bytes.len() {
            back.extend(client.recv(1 << 16, 0).unwrap());
        }
        assert!(back == bytes);
    });
}

// The descriptor.

/// What a program started by exec(2) sees under the descriptor's number.
fn seen_by_a_child(socket: &Socket) -> String {
    let link = format!("/proc/self/fd/{}", socket.fileno());
    let output = Command::new("readlink").arg(link).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

#[test]
fn descriptors_are_not_inheritable_unless_asked() {
    let (client, peer) = tcp();
    let (left, right) = unix(Type::DGRAM);
    for socket in [&client, &peer, &left, &right, &client.dup().unwrap()] {
        assert!(!socket.inheritable().unwrap());
    }
    let link = std::fs::read_link(format!("/proc/self/fd/{}", client.fileno())).unwrap();
    assert_ne!(seen_by_a_child(&client), link.to_str().unwrap());
    client.set_inheritable(true).unwrap();
    assert!(client.inheritable().unwrap());
    assert_eq!(seen_by_a_child(&client), link.to_str().unwrap());
    client.set_inheritable(false).unwrap();
    assert_ne!(seen_by_a_child(&client), link.to_str().unwrap());
}

#[test]
fn a_duplicate_keeps_the_connection_open() {
    let (client, peer) = tcp();
    let copy = client.dup().unwrap();
    assert_ne!(copy.fileno(), client.fileno());
    assert_eq!(copy.mode(), client.mode());
    client.close().unwrap();
    copy.sendall(b"still here", 0).unwrap();
    assert_eq!(peer.recv(64, 0).unwrap(), b"still here");
    drop(copy);
    assert_eq!(peer.recv(64, 0).unwrap(), b"");
}

#[test]
fn a_detached_descriptor_stays_open() {
    let (left, right) = unix(Type::STREAM);
    let number = left.detach();
    assert!(std::fs::read_link(format!("/proc/self/fd/{number}")).is_ok());
    right.set_mode(Mode::NonBlocking).unwrap();
    assert!(right.recv(1, 0).unwrap_err().would_block(), "no end of the stream");
}

#[test]
fn a_socket_made_of_a_descriptor_knows_what_it_is() {
    let (from, _to) = udp();
    from.set_mode(Mode::NonBlocking).unwrap();
    let again = Socket::from_fd(from.into_fd()).unwrap();
    assert_eq!((again.family(), again.kind(), again.protocol()), (Family::INET, Type::DGRAM, Protocol::UDP));
    assert_eq!(again.mode(), Mode::NonBlocking);
    let (out, _into) = sys::file::pipe(c::O_CLOEXEC).unwrap();
    assert_eq!(errno(Socket::from_fd(out)), Errno::ENOTSOCK);
}

#[test]
fn debug_says_names() {
    let socket = Socket::open(Family::INET6, Type::DGRAM, Protocol::UDP).unwrap();
    let expected = format!(
        "Socket {{ fd: {}, family: AF_INET6, type: SOCK_DGRAM, protocol: IPPROTO_UDP, mode: Blocking }}",
        socket.fileno()
    );
    assert_eq!(format!("{socket:?}"), expected);
}

// Bytes.

#[test]
fn recvfrom_on_a_stream_gives_no_address() {
    let (client, peer) = tcp();
    client.sendall(b"x", 0).unwrap();
    assert_eq!(peer.recvfrom(8, 0).unwrap(), (b"x".to_vec(), Address::Unspecified));
    client.sendall(b"y", 0).unwrap();
    let (_, received) = peer.recvmsg(8, 0, 0).unwrap();
    assert_eq!(received.address, Address::Unspecified);
}

#[test]
fn several_buffers_are_one_message() {
    for (from, to) in [tcp(), udp(), unix(Type::SEQPACKET)] {
        let sent = from.sendmsg(&[IoSlice::new(b"one "), IoSlice::new(b"two")], &[], 0, None).unwrap();
        assert_eq!(sent, 7);
        let (mut first, mut second) = ([0; 3], [0; 9]);
        let mut room = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        let received = to.recvmsg_into(&mut room, 0, 0).unwrap();
        assert_eq!(received.len, 7);
        assert_eq!((&first, &second[..4]), (b"one", &b" two"[..]));

        assert_eq!(from.writev(&[IoSlice::new(b"a"), IoSlice::new(b"bc")]).unwrap(), 3);
        let mut room = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        assert_eq!(to.readv(&mut room).unwrap(), 3);
        assert_eq!(&first, b"abc");
        assert_eq!(from.write(b"d").unwrap(), 1);
        assert_eq!((to.read(&mut first).unwrap(), first[0]), (1, b'd'));
    }
}

#[test]
fn sendto_and_sendmsg_take_an_address() {
    let (_, to) = udp();
    let from = open(Family::INET, Type::DGRAM);
    let address = to.getsockname().unwrap();
    from.sendto(b"one", 0, &address).unwrap();
    from.sendmsg(&[IoSlice::new(b"two")], &[], 0, Some(&address)).unwrap();
    let mut buffer = [0; 8];
    let (len, sender) = to.recvfrom_into(&mut buffer, 0).unwrap();
    assert_eq!(
        (&buffer[..len], sender.ip().unwrap().port()),
        (&b"one"[..], from.getsockname().unwrap().ip().unwrap().port())
    );
    assert_eq!(to.recv(8, 0).unwrap(), b"two");
    assert_eq!(errno(from.send(b"x", 0)), Errno::EDESTADDRREQ);
}

#[test]
fn a_refused_message_says_to_whom() {
    let socket = open(Family::INET, Type::DGRAM);
    let nobody = "127.255.255.255:9".parse().unwrap();
    let sendmsg = |address| socket.sendmsg(&[IoSlice::new(b"x")], &[], 0, address);
    let error = sendmsg(Some(&nobody)).unwrap_err();
    assert_eq!(
        (error.op(), error.errno(), error.address()),
        (Op::Sendmsg, Some(Errno::EACCES), Some(&nobody))
    );
    let error = sendmsg(None).unwrap_err();
    assert_eq!((error.errno(), error.address()), (Some(Errno::EDESTADDRREQ), None));
}

#[test]
fn peeked_bytes_stay() {
    for (from, to) in [tcp(), udp()] {
        from.send(b"abc", 0).unwrap();
        assert_eq!(to.recv(2, c::MSG_PEEK).unwrap(), b"ab");
        assert_eq!(to.recv(8, 0).unwrap(), b"abc");
    }
}

#[test]
fn a_datagram_that_does_not_fit_is_cut_and_said_so() {
    let (from, to) = udp();
    for _ in 0..3 {
        from.send(b"abcde", 0).unwrap();
    }
    let (bytes, received) = to.recvmsg(2, 0, 0).unwrap();
    assert_eq!((bytes.as_slice(), received.len, received.flags), (&b"ab"[..], 2, c::MSG_TRUNC));
    assert_eq!(to.recv_into(&mut [0; 2], c::MSG_TRUNC).unwrap(), 5, "the real length");
    assert_eq!(to.recv(2, c::MSG_TRUNC).unwrap(), b"ab");
}

#[test]
fn an_empty_datagram_is_one() {
    let (from, to) = udp();
    assert_eq!(from.send(b"", 0).unwrap(), 0);
    let (bytes, sender) = to.recvfrom(8, 0).unwrap();
    assert_eq!((bytes.as_slice(), sender), (&b""[..], from.getsockname().unwrap()));
    assert_eq!(errno(from.send(&filled(0, 65_508), 0)), Errno::EMSGSIZE);
}

#[test]
fn waitall_waits_for_all() {
    let (client, peer) = tcp();
    peer.set_mode(Mode::Blocking).unwrap();
    std::thread::scope(|scope| {
        let all = scope.spawn(|| peer.recv(6, c::MSG_WAITALL).unwrap());
        client.sendall(b"abc", 0).unwrap();
        client.sendall(b"def", 0).unwrap();
        assert_eq!(all.join().unwrap(), b"abcdef");
    });
    client.sendall(b"g", 0).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(peer.recv(6, c::MSG_WAITALL).unwrap(), b"g", "or for the end");
}

#[test]
fn dontwait_does_not_wait_on_a_blocking_socket() {
    let (client, _peer) = tcp();
    client.set_mode(Mode::Blocking).unwrap();
    assert!(client.recv(1, c::MSG_DONTWAIT).unwrap_err().would_block());
}

#[test]
fn room_for_more_than_there_can_be_is_no_panic() {
    let (from, to) = udp();
    for _ in 0..3 {
        from.send(b"x", 0).unwrap();
    }
    assert_eq!(to.recv(usize::MAX, 0).unwrap(), b"x");
    assert_eq!(to.recvfrom(usize::MAX, 0).unwrap().0, b"x");
    assert_eq!(to.recvmsg(usize::MAX, usize::MAX, 0).unwrap().0, b"x");
}

#[test]
fn sendfile_sends_a_file_or_a_part_of_it() {
    let (client, peer) = tcp();
    let content: Vec<u8> = (0..300_000u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    file.seek(SeekFrom::Start(17)).unwrap();
    for (offset, count, expected) in [
        (0, None, &content[..]),
        (299_990, None, &content[299_990..]),
        (100, Some(1000), &content[100..1100]),
        (299_999, Some(1000), &content[299_999..]),
        (400_000, None, &[]),
        (5, Some(0), &[]),
    ] {
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| client.sendfile(file.as_fd(), offset, count).unwrap());
            let mut got = Vec::new();
            while got.len() < expected.len() {
                got.extend(peer.recv(1 << 16, 0).unwrap());
            }
            assert_eq!(sent.join().unwrap(), u64::try_from(expected.len()).unwrap());
            assert!(got == expected);
        });
    }
    assert_eq!(file.stream_position().unwrap(), 17, "the file's own position is not touched");
}

#[test]
fn sendfile_sends_a_pipe_to_its_end() {
    let (client, peer) = tcp();
    for count in [None, Some(7)] {
        let (out, into) = sys::file::pipe(c::O_CLOEXEC).unwrap();
        io::write_all(into.as_fd(), b"through a pipe").unwrap();
        drop(into);
        let expected = &b"through a pipe"[..count.unwrap_or(14)];
        let sent = client.sendfile(out.as_fd(), 0, count.map(|n| n as u64)).unwrap();
        assert_eq!(sent, expected.len() as u64);
        assert_eq!(peer.recv(64, 0).unwrap(), expected);
        assert_eq!(errno(client.sendfile(out.as_fd(), 3, None)), Errno::ESPIPE, "a pipe has no offsets");
    }
}

// Connections and their end.

#[test]
fn shutdown_ends_one_direction() {
    let (client, peer) = tcp();
    client.sendall(b"the last", 0).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(peer.recv(64, 0).unwrap(), b"the last");
    assert_eq!(peer.recv(64, 0).unwrap(), b"");
    assert_eq!(errno(client.send(b"more", 0)), Errno::EPIPE);
    peer.sendall(b"the answer", 0).unwrap();
    assert_eq!(client.recv(64, 0).unwrap(), b"the answer");
    client.shutdown(Shutdown::Read).unwrap();
    assert_eq!(client.recv(64, 0).unwrap(), b"");
    assert_eq!(errno(open(Family::INET, Type::STREAM).shutdown(Shutdown::Both)), Errno::ENOTCONN);
}

#[test]
fn a_peer_that_is_gone_is_epipe_and_no_signal() {
    let (left, right) = unix(Type::STREAM);
    drop(right);
    assert_eq!(errno(left.send(b"x", 0)), Errno::EPIPE);
    assert_eq!(errno(left.sendall(b"x", 0)), Errno::EPIPE);
    assert_eq!(errno(left.sendmsg(&[IoSlice::new(b"x")], &[], 0, None)), Errno::EPIPE);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"x").unwrap();
    assert_eq!(errno(left.sendfile(file.as_fd(), 0, None)), Errno::EPIPE);
}

#[test]
fn a_reset_is_an_error_and_not_an_end() {
    let (client, peer) = tcp();
    // A linger of zero seconds: close(2) sends a RST. Source: socket(7).
    peer.setsockopt_bytes(c::SOL_SOCKET, c::SO_LINGER, &[1, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    peer.close().unwrap();
    assert_eq!(errno(client.recv(1, 0)), Errno::ECONNRESET);
}

#[test]
fn a_refusal_says_call_address_and_reason() {
    let (_held, address) = refusing();
    for mode in [Mode::Blocking, PATIENCE] {
        let client = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, mode).unwrap();
        let error = client.connect(&address).unwrap_err();
        assert_eq!((error.op(), error.errno()), (Op::Connect, Some(Errno::ECONNREFUSED)));
        assert_eq!(error.to_string(), format!("connect {address}: Connection refused (ECONNREFUSED)"));
        let client = Socket::open_with(Family::INET, Type::STREAM, Protocol::TCP, mode).unwrap();
        assert_eq!(client.connect_ex(&address), Some(Errno::ECONNREFUSED));
    }
    let server = listener();
    assert_eq!(open(Family::INET, Type::STREAM).connect_ex(&server.getsockname().unwrap()), None);
}

#[test]
fn a_datagrams_refusal_comes_with_the_next_call() {
    let from = open(Family::INET, Type::DGRAM);
    from.set_mode(PATIENCE).unwrap();
    // Port 9 (discard) of an address that nothing on this machine listens on.
    from.connect(&"127.98.76.54:9".parse().unwrap()).unwrap();
    from.send(b"x", 0).unwrap();
    assert_eq!(errno(from.recv(1, 0)), Errno::ECONNREFUSED);
    assert_eq!(from.take_error().unwrap(), None);
}

#[test]
fn an_address_in_use_is_refused() {
    let server = listener();
    let address = server.getsockname().unwrap();
    let second = open(Family::INET, Type::STREAM);
    let error = second.bind(&address).unwrap_err();
    assert_eq!(error.to_string(), format!("bind {address}: Address already in use (EADDRINUSE)"));
    // RFC 5737: nobody's address.
    assert_eq!(errno(second.bind(&"203.0.113.7:0".parse().unwrap())), Errno::EADDRNOTAVAIL);
    assert_eq!(errno(second.getpeername()), Errno::ENOTCONN);
    assert_eq!(errno(open(Family::INET, Type::DGRAM).listen(1)), Errno::EOPNOTSUPP);
}

#[test]
fn a_low_port_takes_a_privilege() {
    let lowest = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap();
    if lowest.trim() == "0" {
        return skip("ip_unprivileged_port_start is 0: every port is for everybody");
    }
    if cap::get().unwrap().has(Capability::NetBindService) {
        return skip("this process has CAP_NET_BIND_SERVICE");
    }
    let error = open(Family::INET, Type::STREAM).bind(&"127.0.0.1:1".parse().unwrap()).unwrap_err();
    assert!(error.is_permission());
    assert_eq!(error.errno(), Some(Errno::EACCES));
}

#[test]
fn options_are_read_and_written_by_number() {
    let socket = open(Family::INET, Type::STREAM);
    assert_eq!(socket.getsockopt(c::SOL_SOCKET, c::SO_TYPE).unwrap(), Type::STREAM.0);
    socket.setsockopt(c::SOL_SOCKET, c::SO_REUSEADDR, 1).unwrap();
    assert_eq!(socket.getsockopt(c::SOL_SOCKET, c::SO_REUSEADDR).unwrap(), 1);
    let linger = [1, 0, 0, 0, 5, 0, 0, 0];
    socket.setsockopt_bytes(c::SOL_SOCKET, c::SO_LINGER, &linger).unwrap();
    assert_eq!(socket.getsockopt_bytes(c::SOL_SOCKET, c::SO_LINGER, 64).unwrap(), linger);
    assert_eq!(errno(socket.getsockopt(c::SOL_SOCKET, 9999)), Errno::ENOPROTOOPT);
    assert_eq!(errno(socket.setsockopt(c::IPPROTO_TCP, 9999, 1)), Errno::ENOPROTOOPT);
}

#[test]
fn broadcast_must_be_asked_for() {
    let socket = open(Family::INET, Type::DGRAM);
    let error = socket.sendto(b"x", 0, &"255.255.255.255:9".parse().unwrap()).unwrap_err();
    assert!(matches!(error.errno(), Some(Errno::EACCES | Errno::ENETUNREACH)), "{error}");
}

// Families.

#[test]
fn version_6_knows_scopes() {
    // A link-local address of this machine; the kernel delivers to it by loopback.
    let table = std::fs::read_to_string("/proc/net/if_inet6").unwrap_or_default();
    let row = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find(|row| row[0].starts_with("fe80"));
    let Some(row) = row else { return skip("no link-local IPv6 address on this machine") };
    let ip = Ipv6Addr::from(u128::from_str_radix(row[0], 16).unwrap());
    let scope = u32::from_str_radix(row[1], 16).unwrap();
    let server = open(Family::INET6, Type::STREAM);
    let unscoped = Address::V6(SocketAddrV6::new(ip, 0, 0, 0));
    assert_eq!(errno(server.bind(&unscoped)), Errno::EINVAL);
    server.bind(&Address::V6(SocketAddrV6::new(ip, 0, 0, scope))).unwrap();
    server.listen(1).unwrap();
    let address = server.getsockname().unwrap();
    let Address::V6(v6) = &address else { panic!("{address}") };
    assert_eq!((*v6.ip(), v6.scope_id()), (ip, scope));
    let client = open(Family::INET6, Type::STREAM);
    client.connect(&address).unwrap();
    let Address::V6(peer) = client.getpeername().unwrap() else { panic!("{client:?}") };
    assert_eq!(peer.scope_id(), scope);
}

#[test]
fn unix_streams_have_paths() {
    let directory = tempfile::tempdir().unwrap();
    let (address, server) = (path(&directory, "server"), open(Family::UNIX, Type::STREAM));
    let client = open(Family::UNIX, Type::STREAM);
    assert_eq!(errno(client.connect(&address)), Errno::ENOENT);
    server.bind(&address).unwrap();
    assert_eq!(errno(client.connect(&address)), Errno::ECONNREFUSED);
    server.listen(1).unwrap();
    assert_eq!(server.getsockname().unwrap(), address);
    client.connect(&address).unwrap();
    let (peer, from) = server.accept().unwrap();
    assert_eq!((from, client.getpeername().unwrap()), (Address::Unix(UnixAddress::Unnamed), address.clone()));
    client.sendall(b"hello", 0).unwrap();
    assert_eq!(peer.recv(64, 0).unwrap(), b"hello");
    // The name stays in the file system when nobody has it any more.
    drop(server);
    assert_eq!(errno(open(Family::UNIX, Type::STREAM).connect(&address)), Errno::ECONNREFUSED);
    assert_eq!(errno(open(Family::UNIX, Type::STREAM).bind(&address)), Errno::EADDRINUSE);
}

#[test]
fn unix_datagrams_say_who_sent_them() {
    let directory = tempfile::tempdir().unwrap();
    let (here, there) = (path(&directory, "here"), path(&directory, "there"));
    let (from, to) = (open(Family::UNIX, Type::DGRAM), open(Family::UNIX, Type::DGRAM));
    to.bind(&there).unwrap();
    from.sendto(b"who?", 0, &there).unwrap();
    assert_eq!(
        to.recvfrom(8, 0).unwrap(),
        (b"who?".to_vec(), Address::Unspecified),
        "a sender without a name"
    );
    from.bind(&here).unwrap();
    from.sendto(b"me", 0, &there).unwrap();
    assert_eq!(to.recvfrom(8, 0).unwrap(), (b"me".to_vec(), here));
}

#[test]
fn unix_names_may_be_abstract_and_hold_any_byte() {
    let mut name = format!("jackfield-test-{}", std::process::id()).into_bytes();
    name.extend([0, 0xff, b'\n']);
    let address = Address::Unix(UnixAddress::Abstract(name));
    let server = open(Family::UNIX, Type::STREAM);
    server.bind(&address).unwrap();
    server.listen(1).unwrap();
    assert_eq!(server.getsockname().unwrap(), address);
    let client = open(Family::UNIX, Type::STREAM);
    client.connect(&address).unwrap();
    assert_eq!(client.getpeername().unwrap(), address);
    // Bound to no name at all, the kernel chooses an abstract one (unix(7), autobind).
    let any = open(Family::UNIX, Type::STREAM);
    any.bind(&Address::Unix(UnixAddress::Unnamed)).unwrap();
    let Address::Unix(UnixAddress::Abstract(chosen)) = any.getsockname().unwrap() else { panic!("{any:?}") };
    assert_eq!(chosen.len(), 5);
}

#[test]
fn unix_names_that_cannot_be_are_refused() {
    let socket = open(Family::UNIX, Type::STREAM);
    let named = |name: &[u8]| Address::Unix(UnixAddress::Path(name.to_vec()));
    assert_eq!(errno(socket.bind(&named(&filled(b'x', 1 << 20)))), Errno::ENAMETOOLONG);
    assert_eq!(errno(socket.connect(&named(b"a\0b"))), Errno::EINVAL);
    assert_eq!(errno(socket.sendto(b"", 0, &named(b"\0"))), Errno::EINVAL);
}

#[test]
fn pairs_are_connected_and_unnamed() {
    for kind in [Type::STREAM, Type::DGRAM, Type::SEQPACKET] {
        let (left, right) = unix(kind);
        assert_eq!((left.family(), left.kind()), (Family::UNIX, kind));
        assert_eq!(right.getsockname().unwrap(), Address::Unix(UnixAddress::Unnamed));
        left.send(b"over", 0).unwrap();
        right.send(b"back", 0).unwrap();
        assert_eq!(
            (right.recv(8, 0).unwrap(), left.recv(8, 0).unwrap()),
            (b"over".to_vec(), b"back".to_vec())
        );
    }
    let refused = Socket::pair(Family::INET, Type::STREAM, Protocol::DEFAULT);
    assert_eq!(errno(refused), Errno::EOPNOTSUPP);
}

#[test]
fn seqpackets_keep_boundaries_and_end() {
    let (left, right) = unix(Type::SEQPACKET);
    left.send(b"first", 0).unwrap();
    left.send(b"second", 0).unwrap();
    drop(left);
    assert_eq!(right.recv(3, 0).unwrap(), b"fir", "the rest of the message is gone");
    assert_eq!(right.recv(64, 0).unwrap(), b"second");
    assert_eq!(right.recv(64, 0).unwrap(), b"");
}

#[test]
fn netlink_lists_the_interfaces() {
    let netlink = Socket::open(Family::NETLINK, Type::RAW, Protocol(0)).unwrap();
    netlink.set_mode(PATIENCE).unwrap();
    netlink.bind(&Address::Netlink { pid: 0, groups: 0 }).unwrap();
    let Address::Netlink { pid, .. } = netlink.getsockname().unwrap() else { panic!("{netlink:?}") };
    assert_ne!(pid, 0, "the kernel chose a port");
    // rtnetlink(7): nlmsghdr with RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, sequence 1; then an empty ifinfomsg.
    let mut request = Vec::new();
    request.extend(32u32.to_ne_bytes());
    request.extend(18u16.to_ne_bytes());
    request.extend(0x301u16.to_ne_bytes());
    request.extend(1u32.to_ne_bytes());
    request.extend([0; 4 + 16]);
    netlink.sendto(&request, 0, &Address::Netlink { pid: 0, groups: 0 }).unwrap();
    let mut answer = Vec::new();
    let done = loop {
        let (bytes, from) = netlink.recvfrom(1 << 16, 0).unwrap();
        assert_eq!(from, Address::Netlink { pid: 0, groups: 0 });
        let kind = u16::from_ne_bytes([bytes[4], bytes[5]]);
        if kind != 16 {
            break kind;
        }
        answer.extend(bytes);
    };
    assert_eq!(done, 3, "NLMSG_DONE");
    // The attribute IFLA_IFNAME of loopback.
    let name = [&7u16.to_ne_bytes()[..], &3u16.to_ne_bytes(), b"lo\0"].concat();
    assert!(answer.windows(name.len()).any(|window| window == name));
}

#[test]
fn packet_sockets_see_the_link_or_are_refused() {
    let opened = Socket::open(Family::PACKET, Type::RAW, Protocol(0));
    if !has_net_raw() {
        let error = opened.unwrap_err();
        assert!(error.is_permission());
        assert_eq!((error.op(), error.errno()), (Op::Socket, Some(Errno::EPERM)));
        return;
    }
    let packet = opened.unwrap();
    packet.set_mode(PATIENCE).unwrap();
    let (from, to) = udp();
    let lo = sys::link::index_of(from.as_fd(), b"lo").unwrap();
    // ETH_P_IP on loopback.
    let wanted = LinkAddress { protocol: 0x0800, interface: lo, ..LinkAddress::default() };
    packet.bind(&Address::Packet(wanted)).unwrap();
    let mark = format!("seen on the link by {}", std::process::id());
    from.send(mark.as_bytes(), 0).unwrap();
    // Other tests are on loopback too.
    let address = loop {
        let (frame, address) = packet.recvfrom(1 << 16, 0).unwrap();
        if frame.ends_with(mark.as_bytes()) {
            // 14 bytes of Ethernet, 20 of IP, 8 of UDP.
            assert_eq!(frame.len(), 14 + 20 + 8 + mark.len());
            break address;
        }
    };
    let Address::Packet(seen) = &address else { panic!("{address}") };
    assert_eq!((seen.protocol, seen.interface, seen.hardware), (0x0800, lo, 772), "ARPHRD_LOOPBACK");
    assert_eq!(seen.bytes(), [0; 6]);
    assert_eq!(to.recv(64, 0).unwrap(), mark.as_bytes());
}

#[test]
fn raw_sockets_take_a_privilege() {
    let opened = Socket::open(Family::INET, Type::RAW, Protocol::ICMP);
    if !has_net_raw() {
        assert!(opened.unwrap_err().is_permission());
        return;
    }
    let raw = opened.unwrap();
    raw.set_mode(PATIENCE).unwrap();
    // RFC 792: an echo request, with the process and an arbitrary number in it; the checksum makes the sum 0xffff.
    let mut request = [8, 0, 0, 0, 0, 0, 0xbe, 0xef];
    request[4..6].copy_from_slice(&std::process::id().to_be_bytes()[2..]);
    let sum: u32 = request.chunks(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).sum();
    let sum = (sum & 0xffff) + (sum >> 16);
    request[2..4].copy_from_slice(&(!sum).to_be_bytes()[2..]);
    raw.sendto(&request, 0, &loopback()).unwrap();
    let from = loop {
        let (packet, from) = raw.recvfrom(1 << 16, 0).unwrap();
        if packet[20] == 0 && packet[24..28] == request[4..8] {
            break from;
        }
    };
    assert_eq!(from.ip().unwrap().ip(), Ipv4Addr::LOCALHOST);
}

#[test]
fn vsock_is_known_where_the_kernel_has_it() {
    let opened = Socket::open_with(Family::VSOCK, Type::STREAM, Protocol::DEFAULT, PATIENCE);
    let server = match opened {
        Err(error) => return skip(&format!("vsock: {error}")),
        Ok(server) => server,
    };
    // VMADDR_CID_ANY and VMADDR_PORT_ANY.
    server.bind(&Address::Vsock { cid: u32::MAX, port: u32::MAX, flags: 0 }).unwrap();
    server.listen(1).unwrap();
    let Address::Vsock { port, .. } = server.getsockname().unwrap() else { panic!("{server:?}") };
    let client =
        Socket::open_with(Family::VSOCK, Type::STREAM, Protocol::DEFAULT, Mode::Timeout(SHORT)).unwrap();
    // VMADDR_CID_LOCAL.
    if let Err(error) = client.connect(&Address::Vsock { cid: 1, port, flags: 0 }) {
        return skip(&format!("vsock has no loopback here: {error}"));
    }
    let (peer, from) = server.accept().unwrap();
    assert!(matches!(from, Address::Vsock { cid: 1, .. }), "{from}");
    client.sendall(b"through vsock", 0).unwrap();
    assert_eq!(peer.recv(64, 0).unwrap(), b"through vsock");
}

#[test]
fn unknown_numbers_pass_through_to_the_kernel() {
    let error = Socket::open(Family(200), Type::STREAM, Protocol::DEFAULT).unwrap_err();
    assert_eq!((error.op(), error.errno()), (Op::Socket, Some(Errno::EAFNOSUPPORT)));
    assert_eq!(errno(Socket::open(Family::INET, Type(9), Protocol::DEFAULT)), Errno::ESOCKTNOSUPPORT);
    assert_eq!(errno(Socket::open(Family::INET, Type::STREAM, Protocol(254))), Errno::EPROTONOSUPPORT);
    let other = Address::Other { family: 200, data: vec![1, 2, 3] };
    assert_eq!(errno(open(Family::INET, Type::STREAM).bind(&other)), Errno::EINVAL);
    let endless = Address::Other { family: 200, data: filled(0, 1 << 20) };
    assert_eq!(errno(open(Family::INET, Type::STREAM).bind(&endless)), Errno::ENAMETOOLONG);
}

// The trace.

#[test]
fn sendall_is_a_user_event_that_owns_its_sends() {
    let notes = Arc::new(Notes::default());
    let (left, right) = unix(Type::STREAM);
    left.set_mode(PATIENCE).unwrap();
    let size = 4 << 20;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut rest = size;
            while rest > 0 {
                rest -= right.recv(1 << 16, 0).unwrap().len();
            }
        });
        let _watch = observe_here(notes.clone());
        left.sendall(&filled(3, size), 0).unwrap();
    });
    let events = notes.events();
    let (last, calls) = events.split_last().unwrap();
    assert_eq!((last.op, last.side(), &last.result), (Op::Sendall, Side::User, &Ok(Value::Null)));
    assert!(calls.iter().all(|call| call.parent == Some(last.id) && call.side() == Side::Kernel));
    let sent: i64 = calls
        .iter()
        .filter(|call| call.op == Op::Send)
        .map(|call| if let Ok(Value::Int(n)) = call.result { n } else { 0 })
        .sum();
    assert_eq!(sent, i64::try_from(size).unwrap());
}

/// Python's meaning: the flags are no part of the type, and `SOCK_NONBLOCK` is the mode.
#[test]
fn flags_in_a_type_become_the_mode() {
    let flagged = Type(c::SOCK_DGRAM | c::SOCK_NONBLOCK | c::SOCK_CLOEXEC);
    let socket = Socket::open(Family::INET, flagged, Protocol::DEFAULT).unwrap();
    assert_eq!((socket.kind(), socket.mode()), (Type::DGRAM, Mode::NonBlocking));
    socket.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    assert!(socket.recv(1, 0).unwrap_err().would_block());

    let (left, right) = Socket::pair(Family::UNIX, flagged, Protocol::DEFAULT).unwrap();
    for end in [&left, &right] {
        assert_eq!((end.kind(), end.mode()), (Type::DGRAM, Mode::NonBlocking));
        assert!(end.recv(1, 0).unwrap_err().would_block());
        end.set_mode(Mode::Timeout(Duration::ZERO)).unwrap();
        assert_eq!(end.mode(), Mode::NonBlocking);
    }
    let zero = Mode::Timeout(Duration::ZERO);
    let socket = Socket::open_with(Family::INET, Type::DGRAM, Protocol::DEFAULT, zero).unwrap();
    assert_eq!(socket.mode(), Mode::NonBlocking);
}

#[test]
fn giving_up_a_descriptor_is_seen() {
    let (left, _right) = Socket::pair(Family::UNIX, Type::DGRAM, Protocol::DEFAULT).unwrap();
    let number = left.fileno();
    let (given_up, records) = jackfield_sock::trace::collect(|| left.detach());
    assert_eq!(given_up, number);
    let calls: Vec<_> = records.iter().map(|record| record.call).collect();
    assert_eq!(calls, ["detach"]);
}
