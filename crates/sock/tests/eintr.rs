//! PEP 475: a call that a signal with a handler interrupts goes on, with the time that remains, and nothing is lost.
//!
//! Each call blocks on a thread of its own, which is seen to sleep in the kernel before the signal is sent to it, and
//! again before what it waits for is done. So the calls show one `EINTR` at least, and the result is as without. The
//! handler is the process's: calls of one test may be interrupted by another's signal, which changes nothing.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod common;

use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jackfield_sock::select::{Epoll, Poll, select};
use jackfield_sock::{Address, Errno, Family, Mode, Op, Protocol, Socket, Type, UnixAddress, c, signal};
use sys::door::{Event, Value, observe_here};

use common::{Notes, fill, kill, thread_number, wait_until_in, wait_until_in_or};

/// Long enough that only a hang reaches it.
const BUDGET: Duration = Duration::from_secs(60);

/// Runs `call` on a thread of its own; signals the thread as soon as it sleeps in `sleeps_in`, until an interruption is
/// seen; then does `help`. Returns what the call returned, and its events.
fn interrupted<R: Send + 'static>(
    sleeps_in: Op,
    call: impl FnOnce() -> R + Send + 'static,
    help: impl FnOnce(),
) -> (R, Vec<Event>) {
    signal::catch_usr1();
    let notes = Arc::new(Notes::default());
    let seen = || notes.events().iter().filter(|event| event.result == Err(Errno::EINTR)).count();
    let (tell, told) = mpsc::channel();
    let observer = notes.clone();
    let caller = std::thread::spawn(move || {
        let _watch = observe_here(observer);
        tell.send(thread_number()).unwrap();
        call()
    });
    let thread = told.recv().unwrap();
    for wanted in 1..=2 {
        while seen() < wanted {
            wait_until_in(thread, sleeps_in);
            kill("-USR1", thread);
        }
    }
    // It has gone on, and waits again.
    wait_until_in(thread, sleeps_in);
    help();
    (caller.join().unwrap(), notes.events())
}

/// The time that each wait of the events was given.
fn timeouts(events: &[Event], op: Op) -> Vec<Duration> {
    let text = |event: &Event| match event.argument("timeout") {
        Some(Value::Word(text)) => text.clone(),
        other => panic!("a timeout, not {other:?}"),
    };
    events.iter().filter(|event| event.op == op).map(|event| seconds(&text(event))).collect()
}

/// Reads `59.9s` or `249.9ms`.
fn seconds(text: &str) -> Duration {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap();
    let scale = match &text[unit..] {
        "s" => 1.0,
        "ms" => 1e-3,
        "µs" => 1e-6,
        other => panic!("{other}"),
    };
    Duration::from_secs_f64(text[..unit].parse::<f64>().unwrap() * scale)
}

/// The first wait has the whole budget but for a little, each later one has less than the one before.
fn only_the_rest_was_waited(events: &[Event], op: Op) {
    let given = timeouts(events, op);
    assert!(given.len() >= 3, "{given:?}");
    assert!(given[0] <= BUDGET && given[0] > BUDGET / 2, "{given:?}");
    assert!(given.is_sorted_by(|before, after| before > after), "the same time twice: {given:?}");
}

fn pair() -> (Socket, Socket) {
    Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap()
}

fn listener(address: &Address) -> Socket {
    let socket = Socket::open(Family(address.family()), Type::STREAM, Protocol::DEFAULT).unwrap();
    socket.bind(address).unwrap();
    socket.listen(0).unwrap();
    socket
}

const BLOCKING: Mode = Mode::Blocking;
const TIMED: Mode = Mode::Timeout(BUDGET);

/// In which call a socket of a mode sleeps.
fn sleeps_in(mode: Mode, op: Op) -> Op {
    if mode == BLOCKING { op } else { Op::Poll }
}

#[test]
fn recv_goes_on() {
    for mode in [BLOCKING, TIMED] {
        let (left, right) = pair();
        right.set_mode(mode).unwrap();
        let (got, events) = interrupted(
            sleeps_in(mode, Op::Recv),
            move || right.recv(100, 0).unwrap(),
            || left.sendall(b"still here", 0).unwrap(),
        );
        assert_eq!(got, b"still here");
        if mode == TIMED {
            only_the_rest_was_waited(&events, Op::Poll);
        }
    }
}

#[test]
fn accept_goes_on() {
    for mode in [BLOCKING, TIMED] {
        let server = listener(&"127.0.0.1:0".parse().unwrap());
        server.set_mode(mode).unwrap();
        let address = server.getsockname().unwrap();
        let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
        let ((_, peer), events) = interrupted(
            sleeps_in(mode, Op::Accept),
            move || server.accept().unwrap(),
            || client.connect(&address).unwrap(),
        );
        assert_eq!(peer, client.getsockname().unwrap());
        if mode == TIMED {
            only_the_rest_was_waited(&events, Op::Poll);
        }
    }
}

/// Bytes that tell where they stand, far more than a socket's buffers hold.
fn numbered() -> Vec<u8> {
    (0..1u32 << 20).flat_map(u32::to_ne_bytes).collect()
}

fn receive_all(socket: &Socket) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        match socket.recv(1 << 16, 0).unwrap() {
            end if end.is_empty() => return all,
            piece => all.extend(piece),
        }
    }
}

#[test]
fn sendall_goes_on_and_sends_each_byte_once() {
    for mode in [BLOCKING, TIMED] {
        let (left, right) = pair();
        left.set_mode(mode).unwrap();
        let received = Mutex::new(Vec::new());
        let ((), events) = interrupted(
            sleeps_in(mode, Op::Send),
            move || left.sendall(&numbered(), 0).unwrap(),
            || *received.lock().unwrap() = receive_all(&right),
        );
        assert!(received.into_inner().unwrap() == numbered(), "bytes lost, doubled or in another order");
        if mode == TIMED {
            // After the first piece there are waits of its own for each further one.
            let given = timeouts(&events, Op::Poll);
            assert!(given[0] <= BUDGET && given.is_sorted_by(|before, after| before > after), "{given:?}");
        }
    }
}

#[test]
fn send_goes_on_and_says_what_was_taken() {
    for mode in [BLOCKING, TIMED] {
        let (left, right) = pair();
        left.set_mode(Mode::NonBlocking).unwrap();
        let mut before = 0;
        while let Ok(sent) = left.send(&[1; 1 << 16], 0) {
            before += sent;
        }
        while let Ok(sent) = left.send(&[1], 0) {
            before += sent;
        }
        left.set_mode(mode).unwrap();
        let received = Mutex::new(Vec::new());
        let (sent, events) = interrupted(
            sleeps_in(mode, Op::Send),
            move || left.send(b"the last ones", 0).unwrap(),
            || *received.lock().unwrap() = receive_all(&right),
        );
        let received = received.into_inner().unwrap();
        assert_eq!(sent, 13);
        assert_eq!(received.len(), before + sent);
        assert!(received.ends_with(b"the last ones"));
        if mode == TIMED {
            only_the_rest_was_waited(&events, Op::Poll);
        }
    }
}

/// The queue of an acceptor is full, so that the kernel does not answer until there is a place.
#[test]
fn connect_goes_on_to_the_one_connection() {
    let name = |mode| format!("jackfield-test-eintr-{}-{mode:?}", std::process::id());
    for (address, mode) in [
        ("127.0.0.1:0".parse().unwrap(), BLOCKING),
        ("127.0.0.1:0".parse().unwrap(), TIMED),
        (Address::Unix(UnixAddress::Abstract(name(BLOCKING).into_bytes())), BLOCKING),
    ] {
        let server = listener(&address);
        let address = server.getsockname().unwrap();
        let unix = matches!(address, Address::Unix(_));
        let waiting = fill(&server);
        let client =
            Socket::open_with(Family(address.family()), Type::STREAM, Protocol::DEFAULT, mode).unwrap();
        // Over TCP the kernel makes the handshake, whoever waits for it: after the first signal that is poll(2).
        let calls = move || {
            client.connect(&address).unwrap();
            client.sendall(b"connected", 0).unwrap();
        };
        let help = || {
            for _ in &waiting {
                server.accept().unwrap();
            }
            let (peer, _) = server.accept().unwrap();
            assert_eq!(peer.recv(100, c::MSG_WAITALL).unwrap(), b"connected");
        };
        let ((), events) = if unix || mode == TIMED {
            interrupted(sleeps_in(mode, Op::Connect), calls, help)
        } else {
            interrupted_in_two(calls, help)
        };
        if mode == TIMED {
            only_the_rest_was_waited(&events, Op::Poll);
        }
        let connects = events.iter().filter(|event| event.op == Op::Connect).count();
        assert!(unix || connects == 1, "a connect that goes on is not begun again");
    }
}

/// As [`interrupted`], of a blocking connect: the first signal finds it in connect(2), the second in poll(2).
fn interrupted_in_two(call: impl FnOnce() + Send + 'static, help: impl FnOnce()) -> ((), Vec<Event>) {
    signal::catch_usr1();
    let notes = Arc::new(Notes::default());
    let of = |op| notes.events().iter().any(|event| event.op == op && event.result == Err(Errno::EINTR));
    let (tell, told) = mpsc::channel();
    let observer = notes.clone();
    let caller = std::thread::spawn(move || {
        let _watch = observe_here(observer);
        tell.send(thread_number()).unwrap();
        call();
    });
    let thread = told.recv().unwrap();
    for op in [Op::Connect, Op::Poll] {
        while !of(op) {
            // Interrupted once, it is in connect(2) no more.
            wait_until_in_or(thread, op, || of(op));
            kill("-USR1", thread);
        }
    }
    wait_until_in(thread, Op::Poll);
    help();
    (caller.join().unwrap(), notes.events())
}

#[test]
fn select_goes_on_with_the_time_that_remains() {
    let (left, right) = pair();
    let number = right.fileno();
    let ready = move || {
        let (readable, _, _) = select(&[&right], &[], &[], Some(BUDGET)).unwrap();
        readable.iter().map(|socket| socket.fileno()).collect::<Vec<_>>()
    };
    let (ready, events) = interrupted(Op::Select, ready, || left.sendall(b"x", 0).unwrap());
    assert_eq!(ready, [number]);
    only_the_rest_was_waited(&events, Op::Select);
}

#[test]
fn poll_goes_on_with_the_time_that_remains() {
    let (left, right) = pair();
    let number = right.fileno();
    let ready = move || {
        let mut poll = Poll::new();
        poll.register(&right, c::POLLIN);
        poll.poll(Some(BUDGET)).unwrap()
    };
    let (ready, events) = interrupted(Op::Poll, ready, || left.sendall(b"x", 0).unwrap());
    assert_eq!(ready, [(number, c::POLLIN)]);
    only_the_rest_was_waited(&events, Op::Poll);
}

#[test]
fn epoll_goes_on_with_the_time_that_remains() {
    let (left, right) = pair();
    let number = right.fileno();
    let ready = move || {
        let epoll = Epoll::new().unwrap();
        epoll.register(&right, c::EPOLLIN).unwrap();
        epoll.poll(Some(BUDGET), None).unwrap()
    };
    let (ready, events) = interrupted(Op::EpollWait, ready, || left.sendall(b"x", 0).unwrap());
    assert_eq!(ready, [(number, c::EPOLLIN)]);
    only_the_rest_was_waited(&events, Op::EpollWait);
}
