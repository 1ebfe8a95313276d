//! `jack tour`: real conversations on this machine, call by call, in under a minute.
//!
//! The programs of a socket course run here in one process, on loopback, with the trace on. Nothing is acted: what
//! stands on the screen is what the kernel was asked and what it said.

use std::io::Write;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use jackfield::sock::privilege::Keep;
use jackfield::sock::trace::{self, Follow, Line, Origin, Side, Tracer};
use jackfield::sock::{self, Address, Family, Protocol, Shutdown, Socket, Type, order, privilege, text};

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Job, Kind, Record};
use crate::render::{self, out, page};

/// The pause after each call, and after a paragraph.
const AFTER_CALL: Duration = Duration::from_millis(650);
const AFTER_WORDS: Duration = Duration::from_millis(1600);
/// How many bytes of a buffer a line shows.
const BYTES_SHOWN: usize = 32;
/// How wide a call may be on a line that begins with who makes it and on which side.
const ROOM: usize = page::WIDTH - "server KERNEL ".len();

/// What the tour counts while it shows it.
#[derive(Debug, Default)]
struct Count {
    user: u32,
    kernel: u32,
}

/// The guide: speaks, and pauses so that it can be read.
struct Guide {
    pause: bool,
    count: Mutex<Count>,
}

impl Guide {
    fn say(&self, words: &str) -> Result<(), Failure> {
        let style = AnsiColor::Green.on_default();
        let lines = words.lines().map(|line| match line.strip_prefix("  ") {
            // A command to copy.
            Some(_) => format!("{line}\n"),
            None => page::wrapped(line, ""),
        });
        let words: String = lines.collect();
        out::words(&format!("\n{style}{}{style:#}\n", words.trim_end()))?;
        self.wait(AFTER_WORDS);
        Ok(())
    }

    fn wait(&self, time: Duration) {
        if self.pause {
            thread::sleep(time);
        }
    }

    /// Shows one line of the trace: who, which side, what, and what the kernel says of the connection.
    fn show(&self, line: &Line) {
        let record = &line.record;
        if record.origin == Origin::Trace || line.opening {
            return;
        }
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let (side, colour) = render::trace::side(record.side);
        match record.side {
            Side::User => count.user += 1,
            Side::Kernel => count.kernel += 1,
        }
        let dim = Style::new().dimmed();
        let thread = thread::current();
        let who = thread.name().filter(|name| *name != "main").unwrap_or("");
        let mut words =
            format!("{who:<7}{colour}{side:<6}{colour:#} {}\n", record.call_text_within(ROOM, BYTES_SHOWN));
        if let Some(note) = &line.note {
            words.push_str(&format!("{:14}{dim}· {note}{dim:#}\n", ""));
        }
        // A closed output shows at the next paragraph.
        let _ = anstream::stdout().write_all(words.as_bytes());
        self.wait(AFTER_CALL);
    }
}

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "tour",
    about: "Watch conversations happen, call by call, on this machine alone",
    usage: &["jack tour [--no-pause]"],
    kind: Kind::Job(Job {
        run,
        plans: false,
        examples: &[("jack tour", "watch"), ("jack tour --no-pause", "all at once")],
        references: &["exit"],
    }),
};

/// Runs the tour.
fn run(given: &Given) -> Outcome {
    privilege::lower(Keep::Network)?;
    // Said before the tour begins, not half way through it.
    common::reach_loopback().map_err(|error| {
        let failure = Failure::from(error);
        Failure { error: failure.error.context("the tour talks to this machine itself"), ..failure }
    })?;
    out::finished(guided(given))
}

fn guided(given: &Given) -> Outcome {
    let guide = Arc::new(Guide { pause: !given.switch("no-pause"), count: Mutex::default() });
    guide.say(
        "jack tour: every line below is a call that is happening now. \"user\" lines run in this process; \
         \"KERNEL\" lines are system calls: the program stops, the kernel works, an answer comes back.",
    )?;
    let shown = Arc::clone(&guide);
    let tracer = Tracer::new(Box::new(move |line| shown.show(line))).following(Follow::new());
    let watch = trace::start(tracer);
    stream(&guide)?;
    datagrams(&guide)?;
    unix_pair(&guide)?;
    raw(&guide)?;
    drop(watch);
    let count = guide.count.lock().unwrap_or_else(PoisonError::into_inner);
    let (user, kernel) = (count.user, count.kernel);
    drop(count);
    guide.say(&format!(
        "That was all: {kernel} system calls, {user} steps in user space. Now in two terminals:\n\
         \x20 jack listen --trace 7000\n\
         \x20 jack connect --trace localhost 7000\n\
         jack explain has a page on each call you saw; jack explain -- COMMAND says what a command would do."
    ))?;
    Ok(Exit::Done)
}

/// A TCP server and its client, each on a thread of its own.
fn stream(guide: &Guide) -> Result<(), Failure> {
    guide.say(
        "1. A stream. The server asks for a socket, gives it an address (port 0: the kernel picks one) and listens.",
    )?;
    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
    server.bind(&"127.0.0.1:0".parse().unwrap_or(Address::Unspecified))?;
    server.listen(1)?;
    let address = server.getsockname()?;
    guide.say(
        "The client connects. The kernel makes the handshake by itself: connect returns before the server has \
         called accept.",
    )?;
    let port = address.ip().map_or(0, |ip| ip.port());
    // What a C program writes by hand to fill in the address: arithmetic and text, no kernel.
    text::inet_pton(Family::INET, b"127.0.0.1")?;
    let _network_order = order::htons(port);
    let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
    client.connect(&address)?;
    let (connected, wait_for_client) = mpsc::channel::<()>();
    let (answered, wait_for_server) = mpsc::channel::<()>();
    let (half_closed, wait_for_half_close) = mpsc::channel::<()>();
    let serving = thread::Builder::new().name("server".into()).spawn(move || -> sock::Result<()> {
        // Sender and receiver live as long as the two threads: an error here means that the other one has failed.
        let _ = wait_for_client.recv();
        let (peer, _) = server.accept()?;
        peer.recv(1024, 0)?;
        peer.sendall(b"I got your message", 0)?;
        let _ = answered.send(());
        let _ = wait_for_half_close.recv();
        let end = peer.recv(1024, 0)?;
        debug_assert!(end.is_empty(), "the client has sent its FIN");
        peer.close()
    });
    let serving = serving.map_err(|error| Failure::failed(anyhow::Error::from(error)))?;
    guide.say(
        "The client sends; send returns when the kernel has the bytes, not when the server has read them.",
    )?;
    client.sendall(b"Hello, server", 0)?;
    let _ = connected.send(());
    let _ = wait_for_server.recv();
    client.recv(1024, 0)?;
    guide.say("Half a close: the client has nothing more to say (FIN) and can still listen.")?;
    client.shutdown(Shutdown::Write)?;
    let _ = half_closed.send(());
    match serving.join() {
        Ok(served) => served?,
        Err(_) => return Err(Failure::failed(anyhow::anyhow!("the tour's server failed"))),
    }
    let end = client.recv(1024, 0)?;
    debug_assert!(end.is_empty(), "the server has closed");
    client.close()?;
    guide.say("recv gave b\"\": that is how a program sees that the peer has ended. The socket that closed first waits in TIME_WAIT, in the kernel, for a minute (jack explain time_wait).")
}

/// Two datagram sockets: boundaries, no connection.
fn datagrams(guide: &Guide) -> Result<(), Failure> {
    guide.say("2. Datagrams. No connection, no handshake: each sendto is one packet, each recvfrom gives one whole.")?;
    let receiver = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?;
    receiver.bind(&"127.0.0.1:0".parse().unwrap_or(Address::Unspecified))?;
    let address = receiver.getsockname()?;
    let sender = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?;
    sender.sendto(b"one", 0, &address)?;
    sender.sendto(b"two", 0, &address)?;
    receiver.recvfrom(1024, 0)?;
    receiver.recvfrom(1024, 0)?;
    guide.say("A port where nobody listens: the refusal comes back as ICMP, and the next call tells it.")?;
    drop(receiver);
    sender.connect(&address)?;
    sender.send(b"anybody?", 0)?;
    // The refusal is what is shown here.
    let _ = sender.recv(1024, 0);
    Ok(())
}

/// A pair of Unix sockets, which carry descriptors as well.
fn unix_pair(guide: &Guide) -> Result<(), Failure> {
    guide.say("3. A pair of Unix sockets: the same calls, within the machine, without addresses.")?;
    let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
    left.sendall(b"hello, neighbour", 0)?;
    right.recv(1024, 0)?;
    Ok(())
}

/// A raw socket: refused without privilege, and why.
fn raw(guide: &Guide) -> Result<(), Failure> {
    guide.say("4. A raw socket: whoever has one can forge packets, so the kernel asks for CAP_NET_RAW.")?;
    match Socket::open(Family::INET, Type::RAW, Protocol::ICMP) {
        Ok(socket) => {
            drop(socket);
            guide.say(
            "It was allowed: this process may have CAP_NET_RAW. It holds it back, raised it for this one call, and \
                 lowered it again. Run the tour as an ordinary user to see it refused.",
        )
        }
        Err(error) => {
            let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
            let remedy = privilege::explain(&error, &program);
            let (reason, fix) = remedy.map_or_else(Default::default, |remedy| (remedy.reason, remedy.fix));
            guide.say(&format!("Refused, with a reason: {reason}.\nThe fix: {fix}"))
        }
    }
}
