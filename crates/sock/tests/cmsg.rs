//! Control messages: the laws of building and walking, and each kind as this machine's kernel sends it.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::io::{IoSlice, IoSliceMut, Write};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, SystemTime};

use jackfield_sock::cmsg::{Builder, Cmsg, ExtendedError, Time, cmsg_len, cmsg_space, walk, walk_bytes};
use jackfield_sock::{Address, Errno, Family, Mode, Protocol, Socket, Type, c, io, recv_fds, send_fds};
use proptest::prelude::*;

fn bound(family: Family, address: &str) -> Socket {
    let socket = Socket::open(family, Type::DGRAM, Protocol::UDP).unwrap();
    socket.bind(&address.parse().unwrap()).unwrap();
    socket.set_mode(Mode::Timeout(Duration::from_secs(20))).unwrap();
    socket
}

/// Sends a datagram with `control` from one socket to another and returns the control messages that came with it.
fn send_one(from: &Socket, to: &Socket, control: &[u8]) -> Vec<Cmsg> {
    let address = to.getsockname().unwrap();
    from.sendmsg(&[IoSlice::new(b"x")], control, 0, Some(&address)).unwrap();
    let (bytes, received) = to.recvmsg(16, 512, 0).unwrap();
    assert_eq!((bytes.as_slice(), received.flags), (&b"x"[..], 0));
    walk(received.control).collect()
}

/// Says on the terminal, past the test harness, what this machine does not let us test.
fn skip(why: &str) {
    std::io::stderr().write_all(format!("SKIP {why}\n").as_bytes()).unwrap();
}

fn pair() -> (Socket, Socket) {
    Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap()
}

fn borrowed(fds: &[Socket]) -> Vec<BorrowedFd<'_>> {
    fds.iter().map(AsFd::as_fd).collect()
}

#[test]
fn lengths_are_pythons() {
    // socket.CMSG_LEN and socket.CMSG_SPACE on a 64-bit Linux.
    for (data, len, space) in [(0, 16, 16), (1, 17, 24), (4, 20, 24), (8, 24, 24), (9, 25, 32)] {
        assert_eq!((cmsg_len(data), cmsg_space(data)), (len, space));
    }
    assert_eq!((cmsg_len(usize::MAX), cmsg_space(usize::MAX)), (usize::MAX, usize::MAX));
}

#[test]
fn a_message_is_the_kernels_struct() {
    let built = Builder::new().push(&Cmsg::Ttl(5)).push(&Cmsg::Tos(0x10)).build();
    let mut expected = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]; // length, SOL_IP, IP_TTL
    expected.extend([5, 0, 0, 0, 0, 0, 0, 0]); // padded to 8
    expected.extend([17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]); // length, SOL_IP, IP_TOS
    expected.extend([0x10, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(built, expected);
}

#[test]
fn a_wrong_length_is_kept_as_bytes() {
    let odd = Builder::new().push_bytes(c::SOL_IP, c::IP_TTL, &[1, 2, 3]).build();
    let walked: Vec<_> = walk_bytes(&odd).collect();
    assert!(
        matches!(&walked[..], [Cmsg::Unknown { level: c::SOL_IP, kind: c::IP_TTL, data }] if data == &[1, 2, 3]),
        "{walked:?}"
    );
}

#[test]
fn an_error_from_no_possible_address_is_kept_as_bytes() {
    let data = [&[0; 16][..], &200u16.to_ne_bytes(), &[7; 200]].concat();
    let odd = Builder::new().push_bytes(c::SOL_IP, c::IP_RECVERR, &data).build();
    let walked: Vec<_> = walk_bytes(&odd).collect();
    assert!(matches!(&walked[..], [Cmsg::Unknown { data: kept, .. }] if *kept == data), "{walked:?}");
}

#[test]
fn the_last_message_may_be_cut() {
    let whole = Builder::new().push(&Cmsg::Ttl(5)).push(&Cmsg::TimestampNs(Time::default())).build();
    let walked: Vec<_> = walk_bytes(&whole[..whole.len() - 9]).collect();
    assert!(
        matches!(&walked[..], [Cmsg::Ttl(5), Cmsg::Unknown { data, .. }] if data.len() == 7),
        "{walked:?}"
    );
}

#[test]
fn numbers_of_descriptors_in_bytes_are_nobodys() {
    // As bytes they are numbers, both when they were made up and when they were those of a message built here.
    let forged = Builder::new().push_bytes(c::SOL_SOCKET, c::SCM_RIGHTS, &[0; 8]).build();
    let walked: Vec<_> = walk_bytes(&forged).collect();
    assert!(matches!(&walked[..], [Cmsg::Unknown { kind: c::SCM_RIGHTS, .. }]), "{walked:?}");

    let (left, _right) = pair();
    let number = left.fileno();
    let built = Builder::new().push(&Cmsg::Rights(vec![left.into_fd()])).build();
    let walked: Vec<_> = walk_bytes(&built).collect();
    let [Cmsg::Unknown { data, .. }] = &walked[..] else { panic!("{walked:?}") };
    assert_eq!(data, &number.to_ne_bytes());
}

#[test]
fn a_time_of_day_is_in_order() {
    assert_eq!(Time::default().system_time(), None);
    assert_eq!(Time { seconds: -1, nanoseconds: 0 }.system_time(), None);
    assert_eq!(Time { seconds: 1, nanoseconds: 1_000_000_000 }.system_time(), None);
    let one = SystemTime::UNIX_EPOCH + Duration::new(1, 2);
    assert_eq!(Time { seconds: 1, nanoseconds: 2 }.system_time(), Some(one));
}

fn any_time() -> impl Strategy<Value = Time> {
    any::<(i64, i64)>().prop_map(|(seconds, nanoseconds)| Time { seconds, nanoseconds })
}

fn any_address() -> impl Strategy<Value = Address> {
    prop_oneof![
        Just(Address::Unspecified),
        any::<std::net::SocketAddrV4>().prop_map(Address::V4),
        any::<(Ipv6Addr, u16, u32, u32)>().prop_map(|(ip, port, flow, scope)| {
            Address::V6(std::net::SocketAddrV6::new(ip, port, flow, scope))
        }),
    ]
}

fn any_error() -> impl Strategy<Value = ExtendedError> {
    (any::<(bool, u16, u8, u8, u8, u32, u32)>(), any_address()).prop_map(
        |((v6, errno, origin, kind, code, info, data), offender)| ExtendedError {
            v6,
            errno: Errno(errno.into()),
            origin,
            kind,
            code,
            info,
            data,
            offender,
        },
    )
}

fn any_message() -> impl Strategy<Value = Cmsg> {
    prop_oneof![
        any::<(i32, u32, u32)>().prop_map(|(pid, uid, gid)| Cmsg::Credentials { pid, uid, gid }),
        any::<(u32, Ipv4Addr, Ipv4Addr)>().prop_map(|(interface, local, destination)| Cmsg::PacketInfo {
            interface,
            local,
            destination
        }),
        any::<(u32, Ipv6Addr)>().prop_map(|(interface, address)| Cmsg::PacketInfo6 { interface, address }),
        any::<i32>().prop_map(Cmsg::Ttl),
        any::<i32>().prop_map(Cmsg::HopLimit),
        any::<u8>().prop_map(Cmsg::Tos),
        any::<i32>().prop_map(Cmsg::TrafficClass),
        any_error().prop_map(Cmsg::RecvErr),
        any::<(i64, i64)>().prop_map(|(seconds, microseconds)| Cmsg::Timestamp { seconds, microseconds }),
        any_time().prop_map(Cmsg::TimestampNs),
        [any_time(), any_time(), any_time()].prop_map(Cmsg::Timestamping),
        any::<u16>().prop_map(Cmsg::UdpSegment),
        any::<i32>().prop_map(Cmsg::UdpGro),
        any::<u32>().prop_map(Cmsg::DropCount),
        // A level above 300 has no kind that is known.
        (300..i32::MAX, any::<i32>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(level, kind, data)| Cmsg::Unknown { level, kind, data }),
    ]
}

proptest! {
    #[test]
    fn walking_what_was_built_gives_it_back(messages in prop::collection::vec(any_message(), 0..6)) {
        let built = messages.iter().fold(Builder::new(), Builder::push).build();
        let walked: Vec<_> = walk_bytes(&built).collect();
        prop_assert_eq!(format!("{messages:?}"), format!("{walked:?}"));
    }

    #[test]
    fn no_bytes_make_a_walk_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(walk_bytes(&bytes).count() <= bytes.len().div_ceil(16));
    }

    #[test]
    fn nor_do_headers_that_nearly_make_sense(
        parts in prop::collection::vec(
            (0u64..80, 0i32..60, 0i32..80, prop::collection::vec(any::<u8>(), 0..64)), 0..5)
    ) {
        let mut bytes = Vec::new();
        for (len, level, kind, data) in parts {
            bytes.extend(len.to_ne_bytes());
            bytes.extend(level.to_ne_bytes());
            bytes.extend(kind.to_ne_bytes());
            bytes.extend(data);
        }
        let again = walk_bytes(&bytes).fold(Builder::new(), |builder, message| builder.push(&message)).build();
        // What was understood is understood the same way again.
        let (first, second): (Vec<_>, Vec<_>) = (walk_bytes(&bytes).collect(), walk_bytes(&again).collect());
        prop_assert_eq!(format!("{first:?}"), format!("{second:?}"));
    }
}

#[test]
fn rights_pass_between_sockets() {
    let (left, right) = pair();
    let (first, second) = (pair(), pair());
    let gifts = [first.1, second.1];
    assert_eq!(send_fds(&left, b"two", &borrowed(&gifts), 0, None).unwrap(), 3);
    drop(gifts);

    let (bytes, fds, flags, _address) = recv_fds(&right, 64, 8, 0).unwrap();
    assert_eq!((bytes.as_slice(), flags), (&b"two"[..], 0));
    let copies: Vec<_> = fds.into_iter().map(|fd| Socket::from_fd(fd).unwrap()).collect();
    assert!(copies.iter().all(|copy| !copy.inheritable().unwrap()));
    copies[0].sendall(b"first", 0).unwrap();
    copies[1].sendall(b"second", 0).unwrap();
    assert_eq!(first.0.recv(64, 0).unwrap(), b"first");
    assert_eq!(second.0.recv(64, 0).unwrap(), b"second");
}

#[test]
fn rights_that_do_not_fit_are_cut_and_never_opened() {
    let (left, right) = pair();
    let (here, there) = pair();
    let gifts = [there.dup().unwrap(), there.dup().unwrap(), there];
    send_fds(&left, b"x", &borrowed(&gifts), 0, None).unwrap();
    drop(gifts);
    let (_, fds, flags, _) = recv_fds(&right, 64, 1, 0).unwrap();
    assert_eq!((fds.len(), flags), (1, c::MSG_CTRUNC));
    drop(fds);
    here.set_mode(Mode::Timeout(Duration::from_secs(20))).unwrap();
    assert_eq!(here.recv(1, 0).unwrap(), b"", "every other end is closed");
}

#[test]
fn rights_go_with_the_message_that_a_walk_reaches() {
    let (left, right) = pair();
    right.setsockopt(c::SOL_SOCKET, c::SO_PASSCRED, 1).unwrap();
    let (here, there) = pair();
    send_fds(&left, b"x", &[there.as_fd()], 0, None).unwrap();
    drop(there);
    let (_, received) = right.recvmsg(1, 256, 0).unwrap();
    let mut walk = walk(received.control);
    let first = walk.next().unwrap();
    assert!(
        matches!(first, Cmsg::Credentials { pid, .. } if pid.unsigned_abs() == std::process::id()),
        "{first:?}"
    );
    let Some(Cmsg::Rights(fds)) = walk.next() else { panic!("the descriptor comes second") };
    let copy = Socket::from_fd(fds.into_iter().next().unwrap()).unwrap();
    copy.sendall(b"still open", 0).unwrap();
    assert_eq!(here.recv(64, 0).unwrap(), b"still open");
    assert!(walk.next().is_none());
    drop(copy);
    assert_eq!(here.recv(64, 0).unwrap(), b"");
}

#[test]
fn peeking_gives_copies_of_their_own() {
    let (left, right) = pair();
    let (here, there) = pair();
    send_fds(&left, b"x", &[there.as_fd()], 0, None).unwrap();
    drop(there);
    let (_, peeked, ..) = recv_fds(&right, 1, 1, c::MSG_PEEK).unwrap();
    let (_, taken, ..) = recv_fds(&right, 1, 1, 0).unwrap();
    assert_eq!((peeked.len(), taken.len()), (1, 1));
    drop(peeked);
    let copy = Socket::from_fd(taken.into_iter().next().unwrap()).unwrap();
    copy.sendall(b"mine", 0).unwrap();
    assert_eq!(here.recv(64, 0).unwrap(), b"mine");
}

#[test]
fn no_descriptors_are_no_control_message() {
    let (left, right) = pair();
    send_fds(&left, b"bytes alone", &[], 0, None).unwrap();
    let (bytes, fds, flags, _) = recv_fds(&right, 64, 4, 0).unwrap();
    assert_eq!((bytes.as_slice(), fds.len(), flags), (&b"bytes alone"[..], 0, 0));
}

#[test]
fn a_process_descriptor_is_owned_too() {
    let (left, right) = pair();
    match right.setsockopt(c::SOL_SOCKET, c::SO_PASSPIDFD, 1) {
        Err(error) if error.errno() == Some(Errno::ENOPROTOOPT) => {
            return skip("SO_PASSPIDFD: older than Linux 6.5");
        }
        other => other.unwrap(),
    }
    left.sendall(b"x", 0).unwrap();
    let (_, received) = right.recvmsg(1, 256, 0).unwrap();
    let messages: Vec<_> = walk(received.control).collect();
    let [Cmsg::PidFd(process)] = &messages[..] else { panic!("{messages:?}") };
    io::is_pipe(process.as_fd()).unwrap();
}

#[test]
fn credentials_can_be_sent_and_not_forged() {
    let (left, right) = pair();
    right.setsockopt(c::SOL_SOCKET, c::SO_PASSCRED, 1).unwrap();
    left.sendall(b"x", 0).unwrap();
    let (_, received) = right.recvmsg(1, 256, 0).unwrap();
    let mine = walk(received.control).next().unwrap();
    let Cmsg::Credentials { uid, gid, .. } = mine else { panic!("{mine:?}") };

    left.sendmsg(&[IoSlice::new(b"y")], &Builder::new().push(&mine).build(), 0, None).unwrap();
    if uid != 0 {
        let forged = Builder::new().push(&Cmsg::Credentials { pid: 1, uid: 0, gid }).build();
        let refused = left.sendmsg(&[IoSlice::new(b"z")], &forged, 0, None).unwrap_err();
        assert_eq!(refused.errno(), Some(Errno::EPERM));
    }
}

#[test]
fn version_4_says_where_a_datagram_came_in() {
    let (from, to) = (bound(Family::INET, "127.0.0.1:0"), bound(Family::INET, "127.0.0.1:0"));
    for option in [c::IP_PKTINFO, c::IP_RECVTTL, c::IP_RECVTOS] {
        to.setsockopt(c::SOL_IP, option, 1).unwrap();
    }
    let control = Builder::new().push(&Cmsg::Ttl(7)).push(&Cmsg::Tos(0x28)).build();
    let messages = send_one(&from, &to, &control);
    let [Cmsg::PacketInfo { interface, local, destination }, Cmsg::Ttl(7), Cmsg::Tos(0x28)] = messages[..]
    else {
        panic!("{messages:?}")
    };
    assert_ne!(interface, 0);
    assert_eq!((local, destination), (Ipv4Addr::LOCALHOST, Ipv4Addr::LOCALHOST));
}

#[test]
fn packet_info_chooses_the_source_address() {
    let (from, to) = (bound(Family::INET, "0.0.0.0:0"), bound(Family::INET, "127.0.0.1:0"));
    let local = Ipv4Addr::new(127, 0, 0, 77);
    let source = Cmsg::PacketInfo { interface: 0, local, destination: Ipv4Addr::UNSPECIFIED };
    let to_address = to.getsockname().unwrap();
    from.sendmsg(&[IoSlice::new(b"x")], &Builder::new().push(&source).build(), 0, Some(&to_address)).unwrap();
    let (_, address) = to.recvfrom(1, 0).unwrap();
    assert_eq!(address.ip().unwrap().ip(), local);
}

#[test]
fn version_6_says_where_a_datagram_came_in() {
    let probe = Socket::open(Family::INET6, Type::DGRAM, Protocol::UDP)
        .and_then(|socket| socket.bind(&"[::1]:0".parse().unwrap()));
    if let Err(error) = probe {
        return skip(&format!("no IPv6 loopback: {error}"));
    }
    let (from, to) = (bound(Family::INET6, "[::1]:0"), bound(Family::INET6, "[::1]:0"));
    for option in [c::IPV6_RECVPKTINFO, c::IPV6_RECVHOPLIMIT, c::IPV6_RECVTCLASS] {
        to.setsockopt(c::SOL_IPV6, option, 1).unwrap();
    }
    let control = Builder::new().push(&Cmsg::HopLimit(9)).push(&Cmsg::TrafficClass(0x28)).build();
    let messages = send_one(&from, &to, &control);
    let [Cmsg::PacketInfo6 { interface, address }, Cmsg::HopLimit(9), Cmsg::TrafficClass(0x28)] =
        messages[..]
    else {
        panic!("{messages:?}")
    };
    assert_ne!(interface, 0);
    assert_eq!(address, Ipv6Addr::LOCALHOST);
}

#[test]
fn a_refusal_stands_on_the_error_queue() {
    let from = bound(Family::INET, "127.0.0.1:0");
    from.setsockopt(c::SOL_IP, c::IP_RECVERR, 1).unwrap();
    // Port 9 (discard) of an address that nothing on this machine listens on.
    let closed = "127.12.34.56:9".parse().unwrap();
    from.sendto(b"nobody home", 0, &closed).unwrap();
    let refused = from.recv(1, 0).unwrap_err();
    assert_eq!(refused.errno(), Some(Errno::ECONNREFUSED));

    let (bytes, received) = from.recvmsg(64, 512, c::MSG_ERRQUEUE).unwrap();
    assert_eq!(bytes, b"nobody home");
    assert_eq!(received.flags & c::MSG_ERRQUEUE, c::MSG_ERRQUEUE);
    assert_eq!(received.address, closed);
    let messages: Vec<_> = walk(received.control).collect();
    let [Cmsg::RecvErr(error)] = &messages[..] else { panic!("{messages:?}") };
    // RFC 792: destination unreachable, port unreachable; 2 is SO_EE_ORIGIN_ICMP.
    assert_eq!((error.errno, error.origin, error.kind, error.code), (Errno::ECONNREFUSED, 2, 3, 3));
    assert_eq!(error.offender.ip().unwrap().ip(), Ipv4Addr::new(127, 12, 34, 56));
    assert!(!error.v6);
}

#[test]
fn arrival_times_are_now() {
    let (from, to) = (bound(Family::INET, "127.0.0.1:0"), bound(Family::INET, "127.0.0.1:0"));
    let near = |time: Time| {
        let now = SystemTime::now();
        let off = now.duration_since(time.system_time().unwrap()).unwrap_or_else(|ahead| ahead.duration());
        assert!(off < Duration::from_secs(60), "{off:?}");
    };
    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMP, 1).unwrap();
    let messages = send_one(&from, &to, &[]);
    let [Cmsg::Timestamp { seconds, microseconds }] = messages[..] else { panic!("{messages:?}") };
    near(Time { seconds, nanoseconds: microseconds * 1000 });

    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMP, 0).unwrap();
    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMPNS, 1).unwrap();
    let messages = send_one(&from, &to, &[]);
    let [Cmsg::TimestampNs(time)] = messages[..] else { panic!("{messages:?}") };
    near(time);

    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMPNS, 0).unwrap();
    // SOF_TIMESTAMPING_RX_SOFTWARE and SOF_TIMESTAMPING_SOFTWARE of linux/net_tstamp.h.
    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMPING, 1 << 3 | 1 << 4).unwrap();
    // The kernel begins to stamp a moment after it is first asked to (`net_enable_timestamp`).
    let stamped = |_| Some(send_one(&from, &to, &[])).filter(|messages| !messages.is_empty());
    let messages = (0..100_000).find_map(stamped).unwrap();
    let [Cmsg::Timestamping([software, _, hardware])] = messages[..] else { panic!("{messages:?}") };
    near(software);
    assert_eq!(hardware.system_time(), None);

    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMPING, 0).unwrap();
    to.setsockopt(c::SOL_SOCKET, c::SO_TIMESTAMPNS_NEW, 1).unwrap();
    let messages = send_one(&from, &to, &[]);
    assert!(matches!(messages[..], [Cmsg::TimestampNs(_)]), "{messages:?}");
}

#[test]
fn what_was_dropped_is_counted() {
    let (from, to) = (bound(Family::INET, "127.0.0.1:0"), bound(Family::INET, "127.0.0.1:0"));
    to.setsockopt(c::SOL_SOCKET, c::SO_RXQ_OVFL, 1).unwrap();
    to.setsockopt(c::SOL_SOCKET, c::SO_RCVBUF, 1).unwrap(); // the kernel makes it its least
    let address = to.getsockname().unwrap();
    for _ in 0..200 {
        from.sendto(&[0; 1000], 0, &address).unwrap();
    }
    // Room again; the next one to arrive says for how many there was none.
    to.set_mode(Mode::NonBlocking).unwrap();
    while to.recv(1000, 0).is_ok() {}
    to.set_mode(Mode::Timeout(Duration::from_secs(20))).unwrap();
    let messages = send_one(&from, &to, &[]);
    assert!(matches!(messages[..], [Cmsg::DropCount(dropped)] if dropped > 0), "{messages:?}");
}

#[test]
fn one_send_is_cut_into_datagrams_and_put_together_again() {
    let (from, to) = (bound(Family::INET, "127.0.0.1:0"), bound(Family::INET, "127.0.0.1:0"));
    let address = to.getsockname().unwrap();
    let cut = Builder::new().push(&Cmsg::UdpSegment(100)).build();
    from.sendmsg(&[IoSlice::new(&[7; 250])], &cut, 0, Some(&address)).unwrap();
    let lengths = [(); 3].map(|()| to.recv(1000, 0).unwrap().len());
    assert_eq!(lengths, [100, 100, 50]);

    to.setsockopt(c::SOL_UDP, c::UDP_GRO, 1).unwrap();
    from.sendmsg(&[IoSlice::new(&[7; 250])], &cut, 0, Some(&address)).unwrap();
    let mut buffer = [0; 1000];
    let received = to.recvmsg_into(&mut [IoSliceMut::new(&mut buffer)], 64, 0).unwrap();
    let messages: Vec<_> = walk(received.control).collect();
    assert_eq!(received.len, 250);
    assert!(matches!(messages[..], [Cmsg::UdpGro(100)]), "{messages:?}");
}

#[test]
fn an_unknown_message_is_refused_by_the_kernel_and_not_by_us() {
    let (from, to) = (bound(Family::INET, "127.0.0.1:0"), bound(Family::INET, "127.0.0.1:0"));
    let address = to.getsockname().unwrap();
    let unknown = Cmsg::Unknown { level: c::SOL_IP, kind: 9999, data: vec![1; 3] };
    let control = Builder::new().push(&unknown).build();
    let refused = from.sendmsg(&[IoSlice::new(b"x")], &control, 0, Some(&address)).unwrap_err();
    assert_eq!(refused.errno(), Some(Errno::EINVAL));
}

#[test]
fn debug_prints_names_never_bare_numbers() {
    let shown = |level, kind| format!("{:?}", Cmsg::Unknown { level, kind, data: vec![1] });
    assert_eq!(shown(c::SOL_IP, c::IP_TTL), "Unknown { level: SOL_IP, kind: IP_TTL, data: [1] }");
    assert_eq!(
        shown(c::SOL_SOCKET, c::SCM_RIGHTS),
        "Unknown { level: SOL_SOCKET, kind: SCM_RIGHTS, data: [1] }"
    );
    assert_eq!(shown(4242, 7), "Unknown { level: 4242, kind: 7, data: [1] }", "what has no name");
    let error = ExtendedError {
        v6: false,
        errno: Errno::ECONNREFUSED,
        origin: 2,
        kind: 3,
        code: 3,
        info: 0,
        data: 0,
        offender: Address::Unspecified,
    };
    assert_eq!(
        format!("{:?}", Cmsg::RecvErr(error)),
        "RecvErr(ExtendedError { v6: false, errno: ECONNREFUSED, origin: SO_EE_ORIGIN_ICMP, kind: 3, code: 3, \
         info: 0, data: 0, offender: unspecified })"
    );
    use jackfield_sock::option::{LinkMembership, TransmitTime};
    let all = LinkMembership { interface: 1, kind: 1, address: Vec::new() };
    assert_eq!(
        format!("{all:?} {:?}", TransmitTime { clock: 11, flags: 2 }),
        "LinkMembership { interface: 1, kind: PACKET_MR_PROMISC, address: [] } \
         TransmitTime { clock: CLOCK_TAI, flags: 0x2 }"
    );
}
