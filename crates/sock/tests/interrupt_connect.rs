//! A caught signal ends a connect that is waited for, at once and in whichever thread; before, one waits as if nothing were
//! caught.
//!
//! Signals belong to the whole process, so this file has one test.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod common;

use std::sync::mpsc;
use std::time::Duration;

use jackfield_sock::{
    Address, Cause, Error, Family, Mode, Op, Protocol, Result, Socket, Type, UnixAddress, c, signal,
};

use common::{fill, kill, thread_number, wait_until_in};

const PATIENCE: Duration = Duration::from_secs(60);

fn listener(address: &Address) -> Socket {
    let socket = Socket::open(Family(address.family()), Type::STREAM, Protocol::DEFAULT).unwrap();
    socket.bind(address).unwrap();
    socket.listen(0).unwrap();
    socket
}

/// A blocking connect on a thread of its own: its number, and the word on how it went.
struct Connecting {
    thread: i32,
    told: mpsc::Receiver<(Socket, Result<()>)>,
}

impl Connecting {
    fn begin(address: &Address) -> Self {
        let (tell_thread, thread) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let address = address.clone();
        std::thread::spawn(move || {
            let socket = Socket::open(Family(address.family()), Type::STREAM, Protocol::DEFAULT).unwrap();
            assert_eq!(socket.mode(), Mode::Blocking);
            tell_thread.send(thread_number()).unwrap();
            let connected = socket.connect(&address);
            tell.send((socket, connected)).unwrap();
        });
        Self { thread: thread.recv().unwrap(), told }
    }

    /// Waits for the end; the socket is then as blocking as it was.
    fn end(self) -> Result<()> {
        let (socket, connected) = self.told.recv_timeout(PATIENCE).expect("the connect sleeps on");
        let flags = sys::file::fcntl(std::os::fd::AsFd::as_fd(&socket), c::F_GETFL, 0).unwrap();
        assert_eq!(flags & i64::from(c::O_NONBLOCK), 0);
        connected
    }
}

#[test]
fn a_signal_ends_a_connect_that_waits() {
    signal::catch_interrupts().unwrap();
    let name = format!("jackfield-test-connect-{}", std::process::id());
    let tcp = listener(&"127.0.0.1:0".parse().unwrap());
    let unix = listener(&Address::Unix(UnixAddress::Abstract(name.into_bytes())));

    // Without a signal it goes on until there is a place.
    for listener in [&tcp, &unix] {
        let waiting = fill(listener);
        let connecting = Connecting::begin(&listener.getsockname().unwrap());
        wait_until_in(connecting.thread, Op::Poll);
        // Some of those that fill the queue were let in before it was full, so take out more than one.
        let accepted: Vec<_> = waiting.iter().map(|_| listener.accept().unwrap()).collect();
        connecting.end().unwrap();
        drop(accepted);
        listener.accept().unwrap();
    }

    let full = [fill(&tcp), fill(&unix)];
    let connecting = [&tcp, &unix].map(|listener| Connecting::begin(&listener.getsockname().unwrap()));
    for one in &connecting {
        wait_until_in(one.thread, Op::Poll);
    }
    kill("-INT", i32::try_from(std::process::id()).unwrap());
    for (one, listener) in connecting.into_iter().zip([&tcp, &unix]) {
        let error: Error = one.end().unwrap_err();
        assert_eq!((error.op(), error.cause()), (Op::Connect, &Cause::Interrupted(c::SIGINT)));
        assert_eq!(error.address(), Some(&listener.getsockname().unwrap()));
    }
    drop(full);
}
