//! Asking DNS servers: datagrams, TCP where an answer was cut short, the next server where one does not answer.
//!
//! Each question goes out of a socket of its own, connected to the server, under a random number: so the kernel chooses
//! a port that nobody can guess and lets only that server's datagrams in (RFC 5452). What does not answer the question is
//! dropped and the wait goes on, up to the time that one server has. The questions of one lookup are on their way at once.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sys::wait::PollFd;
use sys::{Address, Errno, Op, c, process};

use super::message::{A, AAAA, Data, DomainName, NOERROR, NXDOMAIN, PTR, Question, Record, Reply};
use crate::error::{Cause, Error, Result};
use crate::family::{Family, Protocol, Type};
use crate::name::{Silence, Trouble};
use crate::socket::Socket;
use crate::timeout::{Deadline, Mode, check_interrupt, wait_any};

/// Room for a datagram: without EDNS0 an answer has at most 512 bytes, but not every server keeps to it.
const DATAGRAM_ROOM: usize = 4096;

/// Who is asked, and how patiently.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) servers: Vec<SocketAddr>,
    /// Where the servers were named.
    pub(super) named: String,
    /// What they said before, where that is kept.
    pub(super) memory: Option<Memory>,
    /// How long one server has.
    pub(super) timeout: Duration,
    /// How often the list is gone through.
    pub(super) attempts: u32,
    /// Begins anywhere in the list.
    pub(super) rotate: bool,
    /// When the whole lookup is over.
    pub(super) deadline: Deadline,
}

/// The questions that were asked and what came of them, shared by the lookups of one resolver.
pub(super) type Memory = Arc<Mutex<Vec<(Question, Outcome)>>>;

/// What came of a question: an answer, or what each server did instead.
pub(super) type Outcome = std::result::Result<Answer, Vec<Trouble>>;

/// An answer that counts: the records, or that there is no such name.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) server: SocketAddr,
    /// `NOERROR` or `NXDOMAIN`.
    pub(super) code: u8,
    pub(super) records: Vec<Record>,
}

/// One question, and what has come of it so far.
struct Asked<'a> {
    question: &'a Question,
    answer: Option<Answer>,
    troubles: Vec<Trouble>,
}

impl Asked<'_> {
    fn note(&mut self, server: SocketAddr, named: &str, what: Silence) {
        self.troubles.retain(|trouble| trouble.server != server);
        self.troubles.push(Trouble { server, named: named.to_owned(), what });
    }
}

/// A question on its way.
struct Flight {
    at: usize,
    id: u16,
    socket: Socket,
    dropped: usize,
}

/// What a look at a socket brought.
enum Arrival {
    /// Nothing, or what is no answer.
    Nothing,
    Answer(Answer),
    /// The server cannot or will not answer.
    Trouble(Silence),
}

impl Client {
    /// Asks all questions at once; for each the answer, or what came of each server. What is all known is not asked again.
    pub(super) fn ask(&self, questions: &[Question]) -> Result<Vec<Outcome>> {
        let Some(memory) = &self.memory else { return self.ask_servers(questions) };
        let known = |question: &Question| {
            let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.iter().find(|(asked, _)| asked == question).map(|(_, outcome)| outcome.clone())
        };
        if let Some(outcomes) = questions.iter().map(known).collect() {
            return Ok(outcomes);
        }
        let outcomes = self.ask_servers(questions)?;
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.extend(questions.iter().cloned().zip(outcomes.iter().cloned()));
        Ok(outcomes)
    }

    /// When one question has its answer and another had none from any server, the list is not gone through again: a server
    /// that is silent about one type of record only must not hold up the addresses that are there.
    fn ask_servers(&self, questions: &[Question]) -> Result<Vec<Outcome>> {
        let mut asked: Vec<_> =
            questions.iter().map(|question| Asked { question, answer: None, troubles: Vec::new() }).collect();
        let servers = self.in_order()?;
        'attempts: for _ in 0..self.attempts {
            for server in &servers {
                check_interrupt(Op::Poll)?;
                if self.deadline.passed() || asked.iter().all(|one| one.answer.is_some()) {
                    break 'attempts;
                }
                self.round(*server, &mut asked)?;
            }
            let has_records = |answer: &Answer| answer.code == NOERROR && !answer.records.is_empty();
            if asked.iter().any(|one| one.answer.as_ref().is_some_and(has_records)) {
                break;
            }
        }
        Ok(asked.into_iter().map(|one| one.answer.ok_or(one.troubles)).collect())
    }

    fn in_order(&self) -> Result<Vec<SocketAddr>> {
        let mut servers = self.servers.clone();
        if self.rotate && !servers.is_empty() {
            let start = usize::from(random_ids(1)?.pop().unwrap_or_default());
            let len = servers.len();
            servers.rotate_left(start % len);
        }
        Ok(servers)
    }

    /// Asks one server what has no answer yet.
    fn round(&self, server: SocketAddr, asked: &mut [Asked<'_>]) -> Result<()> {
        let until = Deadline::after(self.timeout).sooner(self.deadline);
        let alone = asked.len() == 1;
        let mut flights = Vec::new();
        let ids = random_ids(asked.len())?;
        let open = asked.iter_mut().zip(ids).enumerate().filter(|(_, (one, _))| one.answer.is_none());
        for (at, (one, id)) in open {
            match send(server, &one.question.encode(id)) {
                Ok(socket) => flights.push(Flight { at, id, socket, dropped: 0 }),
                Err(error) => one.note(server, &self.named, blame(error)?),
            }
        }
        while !flights.is_empty() {
            let ready = poll_all(&flights, until)?;
            let time_is_up = !ready.contains(&true);
            let mut open = Vec::new();
            for (mut flight, ready) in flights.into_iter().zip(ready) {
                let Some(one) = asked.get_mut(flight.at) else { continue };
                let arrival = if ready {
                    self.receive(server, &mut flight, one.question, alone)?
                } else {
                    Arrival::Nothing
                };
                match arrival {
                    Arrival::Answer(answer) => one.answer = Some(answer),
                    Arrival::Trouble(what) => one.note(server, &self.named, what),
                    // A flood of lies keeps the socket ready for ever; the time is up all the same.
                    Arrival::Nothing if time_is_up || (ready && until.passed()) => {
                        let waited = until.budget();
                        one.note(server, &self.named, Silence::Timeout { waited, dropped: flight.dropped });
                    }
                    Arrival::Nothing => open.push(flight),
                }
            }
            flights = open;
        }
        Ok(())
    }

    /// Takes one datagram from a socket that has one.
    fn receive(
        &self,
        server: SocketAddr,
        flight: &mut Flight,
        question: &Question,
        alone: bool,
    ) -> Result<Arrival> {
        let mut buffer = [0; DATAGRAM_ROOM];
        // MSG_TRUNC makes the kernel return the datagram's real length.
        let len = match flight.socket.recv_into(&mut buffer, c::MSG_TRUNC) {
            Ok(0) if sys::rehearsal::rehearsing() => {
                return Ok(Arrival::Answer(made_up(server, question, alone)));
            }
            Ok(len) => len,
            Err(error) if error.would_block() => return Ok(Arrival::Nothing),
            Err(error) => return Ok(Arrival::Trouble(blame(error)?)),
        };
        let bytes = buffer.get(..len).unwrap_or(&buffer);
        match Reply::open(bytes) {
            Ok(reply) if reply.answers(flight.id, question) => {
                if reply.is_truncated() || len > buffer.len() {
                    return self.ask_by_tcp(server, question);
                }
                Ok(read(server, reply))
            }
            _ => {
                flight.dropped += 1;
                Ok(Arrival::Nothing)
            }
        }
    }

    /// Asks one question by TCP: two bytes of length, then the message, both ways. Source: RFC 7766.
    fn ask_by_tcp(&self, server: SocketAddr, question: &Question) -> Result<Arrival> {
        let until = Deadline::after(self.timeout).sooner(self.deadline);
        let id = random_ids(1)?.pop().unwrap_or_default();
        let arrival =
            exchange(server, &question.encode(id), until).map(|message| match Reply::open(&message) {
                Ok(reply) if reply.answers(id, question) => read(server, reply),
                Ok(_) => Arrival::Trouble(Silence::Malformed { at: 0, what: "it answers another question" }),
                Err(bad) => Arrival::Trouble(Silence::Malformed { at: bad.at, what: bad.what }),
            });
        match arrival {
            Ok(arrival) => Ok(arrival),
            Err(error) => Ok(Arrival::Trouble(blame(error)?)),
        }
    }
}

/// Opens a socket for one question and sends it.
fn send(server: SocketAddr, message: &[u8]) -> Result<Socket> {
    let socket = Socket::open_with(family(server), Type::DGRAM, Protocol::UDP, Mode::NonBlocking)?;
    socket.connect(&Address::from(server))?;
    socket.send(message, 0)?;
    Ok(socket)
}

/// Waits until one of the sockets has something, and says which; none when the time is up.
fn poll_all(flights: &[Flight], until: Deadline) -> Result<Vec<bool>> {
    // A signal may have arrived outside of any call: there was no EINTR then.
    check_interrupt(Op::Poll)?;
    let mut fds: Vec<_> =
        flights.iter().map(|flight| PollFd::new(flight.socket.as_fd(), c::POLLIN)).collect();
    wait_any(&mut fds, until)?;
    Ok(fds.iter().map(|fd| fd.revents() != 0).collect())
}

/// Sends a message over a TCP connection and receives one.
fn exchange(server: SocketAddr, message: &[u8], until: Deadline) -> Result<Vec<u8>> {
    let left = |socket: &Socket| -> Result<()> {
        let left = until.remaining().unwrap_or(Duration::MAX);
        if left.is_zero() {
            return Err(Error::because(Op::Recv, Cause::TimedOut(until.budget())));
        }
        socket.set_mode(Mode::Timeout(left))
    };
    let any = Mode::Timeout(until.budget());
    let socket = Socket::open_with(family(server), Type::STREAM, Protocol::TCP, any)?;
    left(&socket)?;
    socket.connect(&Address::from(server))?;
    let len = u16::try_from(message.len()).unwrap_or(u16::MAX);
    left(&socket)?;
    socket.sendall(&[&len.to_be_bytes()[..], message].concat(), 0)?;
    let receive = |buffer: &mut [u8]| -> Result<()> {
        let mut at = 0;
        while let Some(rest) = buffer.get_mut(at..).filter(|rest| !rest.is_empty()) {
            left(&socket)?;
            match socket.recv_into(rest, 0)? {
                0 => return Err(Error::because(Op::Recv, Cause::Ended(at))),
                len => at += len,
            }
        }
        Ok(())
    };
    let mut len = [0; 2];
    receive(&mut len)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(len))];
    receive(&mut answer)?;
    Ok(answer)
}

/// Reads an answer to our question.
fn read(server: SocketAddr, reply: Reply<'_>) -> Arrival {
    let code = reply.code();
    if !matches!(code, NOERROR | NXDOMAIN) {
        return Arrival::Trouble(Silence::Code(code));
    }
    match reply.records() {
        Ok(records) => Arrival::Answer(Answer { server, code, records }),
        Err(bad) => Arrival::Trouble(Silence::Malformed { at: bad.at, what: bad.what }),
    }
}

/// Tells what a failed call says about the server; what says nothing about it ends the lookup.
fn blame(error: Error) -> Result<Silence> {
    match error.cause() {
        Cause::TimedOut(waited) => Ok(Silence::Timeout { waited: *waited, dropped: 0 }),
        Cause::Ended(_) => Ok(Silence::Closed),
        Cause::Interrupted(_)
        | Cause::Errno(Errno::EMFILE | Errno::ENFILE | Errno::ENOMEM | Errno::ENOBUFS) => Err(error),
        Cause::Errno(_) => Ok(Silence::Unreachable(error)),
    }
}

/// What a rehearsal finds: addresses and a name that belong to documentation, so that the planner goes on.
/// Source: RFC 5737, RFC 3849, RFC 2606.
fn made_up(server: SocketAddr, question: &Question, alone: bool) -> Answer {
    let data = match question.kind {
        A => Some(Data::A(Ipv4Addr::new(192, 0, 2, 1))),
        AAAA if alone => Some(Data::Aaaa(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))),
        PTR => DomainName::from_text(b"host.example").map(Data::Ptr),
        _ => None,
    };
    let records = data.into_iter().map(|data| Record { owner: question.name.clone(), data }).collect();
    Answer { server, code: NOERROR, records }
}

const fn family(server: SocketAddr) -> Family {
    match server {
        SocketAddr::V4(_) => Family::INET,
        SocketAddr::V6(_) => Family::INET6,
    }
}

/// Random numbers of the kernel, 16 bits each.
fn random_ids(count: usize) -> Result<Vec<u16>> {
    let mut bytes = vec![0; count * 2];
    process::getrandom(&mut bytes).map_err(|errno| Error::new(Op::Getrandom, errno))?;
    Ok(bytes.chunks_exact(2).map(|pair| pair.iter().fold(0, |id, byte| id << 8 | u16::from(*byte))).collect())
}
