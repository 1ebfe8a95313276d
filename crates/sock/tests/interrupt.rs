//! A caught signal that arrives between two calls ends the next one, which would block, instead of being slept through.
//!
//! Signals belong to the whole process, so this file has one test.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use jackfield_sock::select::{Epoll, Poll, select};
use jackfield_sock::{
    Cause, Deadline, Errno, Error, Family, Mode, PollFd, Protocol, Socket, Type, c, option, signal, wait_any,
    wait_through,
};

/// Runs a call that may block for ever on a thread of its own, and returns how it failed.
fn interrupted(name: &str, call: impl FnOnce() -> Option<Error> + Send + 'static) {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(call()));
    match told.recv_timeout(Duration::from_secs(20)) {
        Ok(Some(error)) => assert_eq!(error.cause(), &Cause::Interrupted(2), "{name}: {error}"),
        Ok(None) => panic!("{name} did not fail"),
        Err(_) => panic!("{name} sleeps on"),
    }
}

fn pair() -> (Socket, Socket) {
    Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap()
}

#[test]
fn a_signal_from_before_a_call_ends_it() {
    let wake = signal::catch_interrupts().unwrap();
    let pid = std::process::id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // `wait_any` would end by the signal itself: this asks the descriptor alone.
    let mut fds = [PollFd::new(wake, c::POLLIN)];
    while sys::wait::poll(&mut fds, None) != Ok(1) {}
    assert_eq!(signal::arrived(), Some(c::SIGINT));

    interrupted("select", || {
        let (left, _right) = pair();
        select(&[&left], &[], &[], None).err()
    });
    interrupted("poll", || {
        let (left, _right) = pair();
        let mut poll = Poll::new();
        poll.register(&left, c::POLLIN);
        poll.poll(None).err()
    });
    interrupted("epoll", || {
        let (left, _right) = pair();
        let epoll = Epoll::new().unwrap();
        epoll.register(&left, c::EPOLLIN).unwrap();
        epoll.poll(None, None).err()
    });
    interrupted("wait_any", || {
        let (left, _right) = pair();
        let mut fds = vec![PollFd::new(std::os::fd::AsFd::as_fd(&left), c::POLLIN)];
        let error = wait_any(&mut fds, Deadline::NEVER).err();
        assert_eq!(fds.len(), 1, "the caller's list is the caller's");
        error
    });
    interrupted("recv", || {
        let (left, _right) = pair();
        left.recv(1, 0).err()
    });
    interrupted("read", || {
        let (left, _right) = pair();
        left.read(&mut [0; 1]).err()
    });
    interrupted("send", || {
        let (left, _right) = pair();
        left.sendall(&[0; 1 << 22], 0).err()
    });
    let listener = || {
        let socket = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
        socket.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(1).unwrap();
        socket
    };
    interrupted("accept", move || listener().accept().err());
    interrupted("connect", move || {
        let listener = listener();
        let socket = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
        socket.connect(&listener.getsockname().unwrap()).err()
    });

    // What is still to be done goes on.
    let (left, right) = pair();
    let mut fds = [PollFd::new(std::os::fd::AsFd::as_fd(&left), c::POLLIN)];
    right.set_mode(Mode::NonBlocking).unwrap();
    right.send(b"x", 0).unwrap();
    assert_eq!(wait_through(&mut fds, Deadline::NEVER), Ok(1));

    // What answers at once still does, and what has a limit of its own keeps it.
    let (left, _right) = pair();
    assert_eq!(left.recv(1, c::MSG_DONTWAIT).unwrap_err().errno(), Some(Errno::EAGAIN));
    option::so::set_receive_timeout(&left, Some(Duration::from_millis(1))).unwrap();
    assert_eq!(left.recv(1, 0).unwrap_err().errno(), Some(Errno::EAGAIN));
    left.set_mode(Mode::NonBlocking).unwrap();
    assert_eq!(left.recv(1, 0).unwrap_err().errno(), Some(Errno::EAGAIN));
}
