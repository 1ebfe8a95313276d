//! select, poll and epoll: what Python's module promises, and waits that signals interrupt.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod common;

use std::os::fd::{AsFd, AsRawFd};
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jackfield_sock::select::{Epoll, Poll, select};
use jackfield_sock::{Errno, Family, Op, Protocol, Shutdown, Socket, Type, c, io};
use sys::door::{Event, Value, observe_here};

use common::Notes;

const NOW: Option<Duration> = Some(Duration::ZERO);

fn pair() -> (Socket, Socket) {
    Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap()
}

#[test]
fn select_answers_in_the_order_of_its_lists() {
    let (a, b) = pair();
    let (c, d) = pair();
    for sender in [&a, &c] {
        sender.sendall(b"x", 0).unwrap();
    }
    let (readable, writable, exceptional) = select(&[&d, &a, &b], &[&b, &a], &[&a], None).unwrap();
    let numbers = |list: Vec<&Socket>| list.iter().map(|socket| socket.fileno()).collect::<Vec<_>>();
    assert_eq!(numbers(readable), [d.fileno(), b.fileno()]);
    assert_eq!(numbers(writable), [b.fileno(), a.fileno()]);
    assert!(exceptional.is_empty());
}

#[test]
fn select_of_nothing_ready_gives_empty_lists_when_the_time_is_up() {
    let (left, _right) = pair();
    let began = Instant::now();
    let wait = Duration::from_millis(30);
    let (readable, writable, exceptional) = select(&[&left], &[], &[], Some(wait)).unwrap();
    assert!(readable.is_empty() && writable.is_empty() && exceptional.is_empty());
    assert!(began.elapsed() >= wait);
    let none: [&Socket; 0] = [];
    select(&none, &none, &none, NOW).unwrap();
}

#[test]
fn select_takes_any_descriptor_and_shared_ones() {
    let (out, into) = sys::file::pipe(c::O_CLOEXEC).unwrap();
    let shared = [Rc::new(out)];
    assert!(select(&shared, &[], &[], NOW).unwrap().0.is_empty());
    io::write_all(into.as_fd(), b"x").unwrap();
    assert!(Rc::ptr_eq(&select(&shared, &[], &[], NOW).unwrap().0[0], &shared[0]));
}

#[test]
fn select_knows_urgent_data_as_exceptional() {
    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    server.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    server.listen(1).unwrap();
    let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    client.connect(&server.getsockname().unwrap()).unwrap();
    let (peer, _) = server.accept().unwrap();
    client.send(b"!", c::MSG_OOB).unwrap();
    let (_, _, exceptional) = select(&[], &[], &[&peer], None).unwrap();
    assert_eq!(exceptional.len(), 1);
    assert_eq!(peer.recv(1, c::MSG_OOB).unwrap(), b"!");
}

#[test]
fn poll_keeps_its_list_as_told() {
    let (left, right) = pair();
    let mut poll = Poll::new();
    assert_eq!(poll.poll(NOW).unwrap(), []);
    assert_eq!(poll.modify(&left, c::POLLIN).unwrap_err().errno(), Some(Errno::ENOENT));
    poll.register(&right, c::POLLIN);
    poll.register(&left, Poll::DEFAULT);
    assert_eq!(poll.poll(NOW).unwrap(), [(left.fileno(), c::POLLOUT)]);

    left.sendall(b"x", 0).unwrap();
    assert_eq!(
        poll.poll(None).unwrap(),
        [(right.fileno(), c::POLLIN), (left.fileno(), c::POLLOUT)],
        "in the order of registration"
    );
    // Registered again is registered anew, not twice.
    poll.register(&right, c::POLLOUT);
    poll.modify(&left, c::POLLIN).unwrap();
    assert_eq!(poll.poll(None).unwrap(), [(right.fileno(), c::POLLOUT)]);

    poll.unregister(&right).unwrap();
    assert_eq!(poll.unregister(&right).unwrap_err().errno(), Some(Errno::ENOENT));
    assert_eq!(poll.poll(NOW).unwrap(), []);
    assert_eq!(right.recv(1, 0).unwrap(), b"x");
    drop(right);
    assert_eq!(poll.poll(None).unwrap(), [(left.fileno(), c::POLLIN | c::POLLHUP)]);
    // A number is enough to forget a descriptor that is closed.
    let number = left.fileno();
    drop(left);
    poll.unregister(&number).unwrap();
}

#[test]
fn a_hang_up_comes_unasked() {
    let (left, right) = pair();
    let mut poll = Poll::new();
    poll.register(&left, 0);
    let epoll = Epoll::new().unwrap();
    epoll.register(&left, 0).unwrap();
    drop(right);
    assert_eq!(poll.poll(None).unwrap(), [(left.fileno(), c::POLLHUP)]);
    assert_eq!(epoll.poll(None, None).unwrap(), [(left.fileno(), c::EPOLLHUP)]);
}

#[test]
fn epoll_keeps_its_list_in_the_kernel() {
    let (left, right) = pair();
    let epoll = Epoll::new().unwrap();
    assert_eq!(epoll.poll(NOW, None).unwrap(), []);
    assert_eq!(epoll.modify(&left, c::EPOLLIN).unwrap_err().errno(), Some(Errno::ENOENT));
    assert_eq!(epoll.unregister(&left).unwrap_err().errno(), Some(Errno::ENOENT));
    epoll.register(&left, Epoll::DEFAULT).unwrap();
    let again = epoll.register(&left, c::EPOLLIN).unwrap_err();
    assert_eq!((again.op(), again.errno()), (Op::EpollCtl, Some(Errno::EEXIST)));
    epoll.register(&right, c::EPOLLIN | c::EPOLLRDHUP).unwrap();
    assert_eq!(epoll.poll(NOW, None).unwrap(), [(left.fileno(), c::EPOLLOUT)]);

    epoll.modify(&left, c::EPOLLIN).unwrap();
    left.sendall(b"x", 0).unwrap();
    assert_eq!(epoll.poll(None, None).unwrap(), [(right.fileno(), c::EPOLLIN)]);
    left.shutdown(Shutdown::Write).unwrap();
    assert_eq!(epoll.poll(None, None).unwrap(), [(right.fileno(), c::EPOLLIN | c::EPOLLRDHUP)]);
    epoll.unregister(&right).unwrap();
    assert_eq!(epoll.poll(NOW, None).unwrap(), []);
    epoll.close().unwrap();
}

#[test]
fn an_epoll_is_made_of_a_descriptor_that_is_open_already() {
    let (left, right) = pair();
    let first = Epoll::new().unwrap();
    first.register(&right, c::EPOLLIN).unwrap();
    let second = Epoll::from_fd(sys::file::dup(first.as_fd()).unwrap());
    assert_ne!(second.fileno(), first.fileno());
    drop(first);
    left.sendall(b"x", 0).unwrap();
    // The list is the kernel's, so it is in the copy too.
    assert_eq!(second.poll(None, None).unwrap(), [(right.fileno(), c::EPOLLIN)]);
    assert_eq!(format!("{second:?}"), format!("Epoll {{ fd: {} }}", second.fileno()));

    let none = Epoll::from_fd(left.into_fd());
    assert_eq!(none.poll(NOW, None).unwrap_err().errno(), Some(Errno::EINVAL));
}

#[test]
fn two_threads_wait_on_one_epoll_at_once() {
    let pairs: Vec<_> = (0..2).map(|_| pair()).collect();
    let epoll = Epoll::new().unwrap();
    for (left, right) in &pairs {
        epoll.register(right, c::EPOLLIN | c::EPOLLONESHOT).unwrap();
        left.sendall(b"x", 0).unwrap();
    }
    let one = || epoll.poll(None, Some(1)).unwrap();
    let mut told = std::thread::scope(|scope| {
        let waiting = [scope.spawn(one), scope.spawn(one)];
        waiting.map(|thread| thread.join().unwrap()).concat()
    });
    told.sort_unstable();
    let mut expected: Vec<_> = pairs.iter().map(|(_, right)| (right.fileno(), c::EPOLLIN)).collect();
    expected.sort_unstable();
    assert_eq!(told, expected);
}

#[test]
fn epoll_gives_at_most_as_many_as_asked() {
    let pairs: Vec<_> = (0..4).map(|_| pair()).collect();
    let epoll = Epoll::new().unwrap();
    for (left, _) in &pairs {
        epoll.register(left, c::EPOLLOUT | c::EPOLLET).unwrap();
    }
    let mut seen: Vec<_> = Vec::new();
    for most in [3, usize::MAX] {
        let ready = epoll.poll(NOW, Some(most)).unwrap();
        assert!(ready.len() <= most);
        seen.extend(ready.iter().map(|(fd, _)| *fd));
    }
    // Edge-triggered: each was told once.
    seen.sort_unstable();
    let mut all: Vec<_> = pairs.iter().map(|(left, _)| left.fileno()).collect();
    all.sort_unstable();
    assert_eq!(seen, all);
    assert_eq!(epoll.poll(NOW, Some(0)).unwrap_err().errno(), Some(Errno::EINVAL));
}

#[test]
fn epoll_refuses_a_regular_file_and_poll_does_not() {
    let file = tempfile::tempfile().unwrap();
    let refused = Epoll::new().unwrap().register(&file, c::EPOLLIN).unwrap_err();
    assert_eq!(refused.errno(), Some(Errno::EPERM));
    let mut poll = Poll::new();
    poll.register(&file, c::POLLIN);
    assert_eq!(poll.poll(None).unwrap(), [(file.as_raw_fd(), c::POLLIN)]);
}

#[test]
fn an_epoll_can_be_waited_for_itself() {
    let (left, right) = pair();
    let epoll = Epoll::new().unwrap();
    epoll.register(&right, c::EPOLLIN).unwrap();
    left.sendall(b"x", 0).unwrap();
    let mut poll = Poll::new();
    poll.register(&epoll, c::POLLIN);
    assert_eq!(poll.poll(None).unwrap(), [(epoll.fileno(), c::POLLIN)]);
}

#[test]
fn waits_end_when_the_time_is_up_and_not_before() {
    let (left, _right) = pair();
    let wait = Duration::from_micros(20_300);
    let mut poll = Poll::new();
    poll.register(&left, c::POLLIN);
    let began = Instant::now();
    assert_eq!(poll.poll(Some(wait)).unwrap(), []);
    assert!(began.elapsed() >= wait);

    let epoll = Epoll::new().unwrap();
    epoll.register(&left, c::EPOLLIN).unwrap();
    let began = Instant::now();
    assert_eq!(epoll.poll(Some(wait), None).unwrap(), []);
    assert!(began.elapsed() >= wait);
}

/// PEP 475. A process that is stopped and goes on finds its epoll_wait(2) ended by EINTR (signal(7)), with no handler
/// involved; so a shell stops and continues this one until that has happened.
#[test]
fn an_interrupted_wait_goes_on_with_the_time_that_remains() {
    let (left, right) = pair();
    let notes = Arc::new(Notes::default());
    let interrupted =
        |notes: &Notes| notes.events().iter().filter(|event| event.result == Err(Errno::EINTR)).count() > 0;
    let budget = Duration::from_secs(60);
    std::thread::scope(|scope| {
        let waiter = Arc::clone(&notes);
        let waiting = scope.spawn(|| {
            let epoll = Epoll::new().unwrap();
            epoll.register(&right, c::EPOLLIN).unwrap();
            let _watch = observe_here(waiter);
            epoll.poll(Some(budget), None).unwrap()
        });
        let script = format!("kill -STOP {0}; kill -CONT {0}", std::process::id());
        while !interrupted(&notes) && !waiting.is_finished() {
            assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
        }
        left.sendall(b"x", 0).unwrap();
        assert_eq!(waiting.join().unwrap(), [(right.fileno(), c::EPOLLIN)]);
    });
    let events = notes.events();
    let timeout = |event: &Event| match event.args.iter().find(|(name, _)| *name == "timeout") {
        Some((_, Value::Word(text))) => text.clone(),
        other => panic!("a timeout, not {other:?}"),
    };
    assert!(events.len() >= 2);
    assert_eq!(events.last().unwrap().result, Ok(Value::Int(1)));
    assert_ne!(timeout(events.first().unwrap()), timeout(events.last().unwrap()), "the same time twice");
}
