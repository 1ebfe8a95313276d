//! The stub resolver against a DNS server of this test: what it asks, what it believes, how long it waits.
//!
//! The server writes its messages by hand, so that no mistake of the resolver's own encoder can hide. Each test has its
//! own servers, on ports that the kernel chose.

#![expect(clippy::disallowed_types, reason = "the other side must not be our own code")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "this is a test: it may fail, and says what it skips"
)]

mod common;

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jackfield_sock::name::{
    AI_ADDRCONFIG, AI_ALL, AI_CANONNAME, AI_V4MAPPED, AddrInfo, Eai, Hints, NI_NAMEREQD, NI_NOFQDN,
    NI_NUMERICSERV, NameError, Reason, Resolver, Silence,
};
use jackfield_sock::{Address, Cause, Deadline, Errno, Family, Op, Type};
use sys::door::{self, Event, Observer, Side};

use common::Notes;

const A: u16 = 1;
const CNAME: u16 = 5;
const SOA: u16 = 6;
const PTR: u16 = 12;
const AAAA: u16 = 28;

/// A question as the server got it.
#[derive(Clone)]
struct Asked {
    peer: SocketAddr,
    by_tcp: bool,
    /// How many questions the server had before.
    before: usize,
    id: [u8; 2],
    name: String,
    kind: u16,
    /// Name, type and class as they came.
    question: Vec<u8>,
}

impl Asked {
    fn read(message: &[u8], peer: SocketAddr, by_tcp: bool, before: usize) -> Self {
        assert_eq!(&message[2..12], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0], "one question, recursion desired");
        let (mut name, mut at) = (String::new(), 12);
        while message[at] != 0 {
            let len = usize::from(message[at]);
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(std::str::from_utf8(&message[at + 1..at + 1 + len]).unwrap());
            at += 1 + len;
        }
        assert_eq!(message.len(), at + 5);
        let kind = u16::from_be_bytes([message[at + 1], message[at + 2]]);
        let question = message[12..].to_vec();
        Self { peer, by_tcp, before, id: [message[0], message[1]], name, kind, question }
    }

    /// An answer with these records.
    fn reply(&self, code: u8, records: &[Vec<u8>]) -> Vec<u8> {
        self.message(&self.id, code, &self.question, records, 0)
    }

    /// An answer whose last record is among the authorities.
    fn reply_with_authority(&self, records: &[Vec<u8>]) -> Vec<u8> {
        self.message(&self.id, 0, &self.question, records, 1)
    }

    fn message(
        &self,
        id: &[u8],
        code: u8,
        question: &[u8],
        records: &[Vec<u8>],
        authorities: u16,
    ) -> Vec<u8> {
        let answers = u16::try_from(records.len()).unwrap() - authorities;
        let mut message = [id, &[0x81, 0x80 | code, 0, 1]].concat();
        for count in [answers, authorities, 0] {
            message.extend(count.to_be_bytes());
        }
        message.extend(question);
        message.extend(records.concat());
        message
    }

    /// The usual answer: one address of either family, under a compressed owner.
    fn address(&self) -> Vec<u8> {
        let data: &[u8] = match self.kind {
            A => &[192, 0, 2, 1],
            AAAA => &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
            other => panic!("asked for type {other}"),
        };
        self.reply(0, &[record(b"\xc0\x0c", self.kind, data)])
    }
}

fn wire(name: &str) -> Vec<u8> {
    let mut wire = Vec::new();
    for label in name.split('.') {
        wire.push(u8::try_from(label.len()).unwrap());
        wire.extend(label.as_bytes());
    }
    wire.push(0);
    wire
}

fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = owner.to_vec();
    record.extend(kind.to_be_bytes());
    record.extend([0, 1, 0, 0, 0, 60]);
    record.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
    record.extend(data);
    record
}

fn a(owner: &str, ip: [u8; 4]) -> Vec<u8> {
    record(&wire(owner), A, &ip)
}

fn cname(owner: &str, target: &str) -> Vec<u8> {
    record(&wire(owner), CNAME, &wire(target))
}

fn soa(owner: &str) -> Vec<u8> {
    record(&wire(owner), SOA, &[wire("ns.example"), wire("admin.example"), vec![0; 20]].concat())
}

/// What a script answers: to whom, and which bytes.
type Replies = Vec<(SocketAddr, Vec<u8>)>;
type Script = Box<dyn FnMut(&Asked) -> Replies + Send>;

struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Asked>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Answers each question with the messages that the script gives.
    fn new(mut script: impl FnMut(&Asked) -> Vec<Vec<u8>> + Send + 'static) -> Self {
        Self::with(move |asked| script(asked).into_iter().map(|message| (asked.peer, message)).collect())
    }

    fn with(script: impl FnMut(&Asked) -> Replies + Send + 'static) -> Self {
        let (udp, tcp) = sockets();
        let address = udp.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let (log_udp, script_udp) = (log.clone(), script.clone());
        let datagrams = std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            loop {
                let (len, peer) = udp.recv_from(&mut buffer).unwrap();
                if len == 0 {
                    return;
                }
                let mut log = log_udp.lock().unwrap();
                let asked = Asked::read(&buffer[..len], peer, false, log.len());
                log.push(asked.clone());
                drop(log);
                for (to, message) in (script_udp.lock().unwrap())(&asked) {
                    // Whoever asked may have left, as a client does whose time is up.
                    let _ = udp.send_to(&message, to);
                }
            }
        });
        let (log_tcp, script_tcp) = (log.clone(), script);
        let streams = std::thread::spawn(move || {
            for stream in tcp.incoming() {
                let mut stream = stream.unwrap();
                let mut len = [0; 2];
                if stream.read_exact(&mut len).is_err() {
                    return;
                }
                let mut message = vec![0; usize::from(u16::from_be_bytes(len))];
                stream.read_exact(&mut message).unwrap();
                let mut log = log_tcp.lock().unwrap();
                let asked = Asked::read(&message, stream.peer_addr().unwrap(), true, log.len());
                log.push(asked.clone());
                drop(log);
                for (_, message) in (script_tcp.lock().unwrap())(&asked) {
                    let len = u16::try_from(message.len()).unwrap().to_be_bytes();
                    // In pieces: a stream has no boundaries.
                    stream.write_all(&len[..1]).unwrap();
                    stream.write_all(&[&len[1..], &message].concat()).unwrap();
                }
            }
        });
        Self { address, log, threads: vec![datagrams, streams] }
    }

    /// A server that hears everything and says nothing.
    fn silent() -> Self {
        Self::new(|_| Vec::new())
    }

    /// The questions that came, as `"A name"`, in order.
    fn asked(&self) -> Vec<String> {
        let kind = |kind| match kind {
            A => "A",
            AAAA => "AAAA",
            PTR => "PTR",
            _ => "?",
        };
        let log = self.log.lock().unwrap();
        log.iter()
            .map(|asked| {
                format!("{} {}{}", kind(asked.kind), asked.name, if asked.by_tcp { " tcp" } else { "" })
            })
            .collect()
    }
}

impl Server {
    /// The questions that came, once all that were sent have been read: the client may be gone before the server looks.
    fn asked_in_all(mut self) -> Vec<String> {
        self.stop();
        self.asked()
    }

    fn stop(&mut self) {
        if self.threads.is_empty() {
            return;
        }
        // An empty datagram and a closed connection end the two threads.
        let _ = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(&[], self.address));
        drop(TcpStream::connect(self.address));
        for thread in self.threads.drain(..) {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A datagram socket and a listener on the same port.
fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both");
}

/// A resolver that asks these servers and knows nothing else; patient, so that a busy machine fails no test.
fn resolver(servers: &[&Server]) -> Resolver {
    Resolver::with_servers(servers.iter().map(|server| server.address).collect())
        .without_hosts()
        .resolv_conf_text(b"search\n")
        .timeout(Duration::from_secs(20))
}

const SHORT: Duration = Duration::from_millis(60);

fn stream(family: Family) -> Hints {
    Hints { family, kind: Type::STREAM, ..Hints::default() }
}

fn look_up(resolver: &Resolver, name: &str, hints: &Hints) -> Result<Vec<AddrInfo>, NameError> {
    resolver.getaddrinfo(Some(name.as_bytes()), Some(b"80"), hints)
}

fn addresses(list: &[AddrInfo]) -> Vec<String> {
    list.iter().map(|one| one.address.to_string()).collect()
}

fn v4(resolver: &Resolver, name: &str) -> Result<Vec<String>, NameError> {
    look_up(resolver, name, &stream(Family::INET)).map(|list| addresses(&list))
}

// --- Answers.

#[test]
fn both_families_are_asked_at_once_from_two_ports() {
    // No answer before both questions are there: asked one after the other, this would time out.
    let mut held: Replies = Vec::new();
    let server = Server::with(move |asked| {
        held.push((asked.peer, asked.address()));
        if held.len() == 2 { std::mem::take(&mut held) } else { Vec::new() }
    });
    let list = look_up(&resolver(&[&server]), "www.example.com", &stream(Family::UNSPEC)).unwrap();
    let mut found = addresses(&list);
    found.sort();
    assert_eq!(found, ["192.0.2.1:80", "[2001:db8::1]:80"]);
    let log = server.log.lock().unwrap();
    assert_ne!(log[0].peer.port(), log[1].peer.port());
    assert_eq!(list.iter().filter(|one| one.canonname.is_some()).count(), 0);
}

#[test]
fn one_family_is_one_question() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]);
    assert_eq!(v4(&resolver, "www.example.com").unwrap(), ["192.0.2.1:80"]);
    assert_eq!(resolver.gethostbyname(b"www.example.com").unwrap(), Ipv4Addr::new(192, 0, 2, 1));
    let v6 = look_up(&resolver, "www.example.com", &stream(Family::INET6)).unwrap();
    assert_eq!(addresses(&v6), ["[2001:db8::1]:80"]);
    assert_eq!(server.asked(), ["A www.example.com", "A www.example.com", "AAAA www.example.com"]);
}

#[test]
fn an_unasked_type_is_all_three() {
    let server = Server::new(|asked| vec![asked.address()]);
    let hints = Hints { family: Family::INET, flags: AI_CANONNAME, ..Hints::default() };
    let list = look_up(&resolver(&[&server]), "www.example.com", &hints).unwrap();
    let kinds: Vec<_> = list.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [Type::STREAM, Type::DGRAM, Type::RAW]);
    let canonical: Vec<_> = list.iter().map(|one| one.canonname.as_deref()).collect();
    assert_eq!(canonical, [Some("www.example.com"), None, None]);
}

#[test]
fn questions_have_random_numbers() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]);
    for _ in 0..8 {
        v4(&resolver, "www.example.com").unwrap();
    }
    let log = server.log.lock().unwrap();
    // That eight random numbers of 16 bits are one and the same does not happen.
    assert!(log.iter().any(|asked| asked.id != log[0].id));
}

// --- No such name, no such record, no answer: three different things.

#[test]
fn nxdomain_is_no_such_name() {
    let server = Server::new(|asked| vec![asked.reply(3, &[])]);
    let error = look_up(&resolver(&[&server]), "no.example", &stream(Family::UNSPEC)).unwrap_err();
    assert_eq!((error.eai(), error.eai_name()), (-2, "EAI_NONAME"));
    assert_eq!(error.reason(), &Reason::NoSuchName(server.address));
    assert_eq!(
        error.to_string(),
        format!(
            "getaddrinfo \"no.example\": Name or service not known (EAI_NONAME): \
             {} says that there is no such name (NXDOMAIN)",
            server.address
        )
    );
    // The name is gone for all types: the list is not gone through again.
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn no_data_is_a_name_without_address() {
    let server = Server::new(|asked| match asked.kind {
        A => vec![asked.address()],
        _ => vec![asked.reply_with_authority(&[soa("example")])],
    });
    let resolver = resolver(&[&server]);
    let error = look_up(&resolver, "v4only.example", &stream(Family::INET6)).unwrap_err();
    assert_eq!((error.eai_name(), error.message()), ("EAI_NODATA", "No address associated with hostname"));
    assert_eq!(error.reason(), &Reason::NoData(server.address));
    // With both families wanted, the one that is there is the answer.
    let both = look_up(&resolver, "v4only.example", &stream(Family::UNSPEC)).unwrap();
    assert_eq!(addresses(&both), ["192.0.2.1:80"]);
}

#[test]
fn a_server_that_fails_is_followed_by_the_next() {
    for code in [2, 4, 5] {
        let failing = Server::new(move |asked| vec![asked.reply(code, &[])]);
        let good = Server::new(|asked| vec![asked.address()]);
        assert_eq!(v4(&resolver(&[&failing, &good]), "www.example.com").unwrap(), ["192.0.2.1:80"]);
        assert_eq!((failing.asked().len(), good.asked().len()), (1, 1), "code {code}");
    }
}

#[test]
fn a_header_alone_with_an_error_is_believed() {
    // Some servers echo nothing when they cannot read a question.
    let failing = Server::new(|asked| vec![[&asked.id[..], &[0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0]].concat()]);
    let good = Server::new(|asked| vec![asked.address()]);
    assert_eq!(v4(&resolver(&[&failing, &good]), "www.example.com").unwrap(), ["192.0.2.1:80"]);
}

#[test]
fn servers_that_all_fail_are_all_named() {
    let first = Server::new(|asked| vec![asked.reply(2, &[])]);
    let second = Server::new(|asked| vec![asked.reply(5, &[])]);
    let error = v4(&resolver(&[&first, &second]), "www.example.com").unwrap_err();
    assert_eq!((error.eai(), error.message()), (-3, "Temporary failure in name resolution"));
    let line = error.to_string();
    assert!(line.contains(&format!("{} failed to find out (SERVFAIL)", first.address)), "{line}");
    assert!(line.contains(&format!("{} refuses to answer (REFUSED)", second.address)), "{line}");
    assert!(!error.is_timeout());
    // Twice each: resolv.conf's default is two attempts.
    assert_eq!((first.asked().len(), second.asked().len()), (2, 2));
}

#[test]
fn a_silent_server_is_followed_by_the_next() {
    let silent = Server::silent();
    let good = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&silent, &good]).timeout(SHORT).attempts(50);
    assert_eq!(v4(&resolver, "www.example.com").unwrap(), ["192.0.2.1:80"]);
    assert!(!silent.asked_in_all().is_empty());
}

#[test]
fn a_port_where_nobody_listens_is_followed_by_the_next_at_once() {
    // Connected elsewhere, this socket keeps the port and takes no datagram from us: the kernel refuses it by ICMP.
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap();
    nobody.connect("127.0.0.1:9").unwrap();
    let good = Server::new(|asked| vec![asked.address()]);
    let servers = vec![nobody.local_addr().unwrap(), good.address];
    let resolver = Resolver::with_servers(servers).without_hosts().resolv_conf_text(b"search\n");
    assert_eq!(v4(&resolver, "www.example.com").unwrap(), ["192.0.2.1:80"]);
    assert_eq!(good.asked().len(), 1);

    let alone = Resolver::with_servers(vec![nobody.local_addr().unwrap()]).without_hosts();
    let error = v4(&alone.resolv_conf_text(b"search\n"), "www.example.com").unwrap_err();
    assert_eq!(error.kind(), Eai::Again);
    let Reason::NoAnswer(troubles) = error.reason() else { panic!("{error}") };
    let Silence::Unreachable(cause) = &troubles[0].what else { panic!("{error}") };
    assert_eq!(cause.errno(), Some(Errno::ECONNREFUSED));
}

#[test]
fn a_broken_address_is_never_asked_for() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]).resolv_conf_text(b"search example.com\n");
    for name in ["999.1.1.1", "256.1.1.1", "1.2.3.4.5", "1.2.3.4.", "host.1", "99999999999", "a.0xff"] {
        let error = v4(&resolver, name).unwrap_err();
        assert_eq!(error.kind(), Eai::NoName, "{error}");
        assert!(matches!(error.reason(), Reason::BrokenAddress(_)), "{error}");
        assert!(error.to_string().contains("can only be an IPv4 address"), "{error}");
        assert!(error.hint().unwrap().contains("0 to 255"));
        assert!(resolver.gethostbyname(name.as_bytes()).is_err());
    }
    // What inet_aton takes is an address, as in the C library.
    assert_eq!(v4(&resolver, "1.2.3").unwrap(), ["1.2.0.3:80"]);
    // The file of this machine has the first word.
    let resolver = resolver.hosts_text(b"127.0.0.9 host.1\n");
    assert_eq!(v4(&resolver, "host.1").unwrap(), ["127.0.0.9:80"]);
    assert_eq!(server.asked_in_all().len(), 0);
}

#[test]
fn what_is_remembered_is_asked_once() {
    let hints = Hints { kind: Type::STREAM, ..Hints::default() };
    let both = |resolver: &Resolver| {
        let found = resolver.getaddrinfo(Some(b"www.example.com"), None, &hints);
        (found, resolver.gethostbyname_ex(b"www.example.com"))
    };
    let server = Server::new(|asked| vec![asked.address()]);
    let (found, host) = both(&resolver(&[&server]).remembering());
    assert!(found.is_ok() && host.is_ok(), "{found:?} {host:?}");
    assert_eq!(server.asked_in_all().len(), 2);
    // So is silence: it costs its time once.
    let server = Server::silent();
    let (found, host) = both(&resolver(&[&server]).timeout(SHORT).attempts(2).remembering());
    assert!(found.unwrap_err().is_timeout() && host.unwrap_err().is_timeout());
    assert_eq!(server.asked_in_all().len(), 4);
    // Without it every lookup asks.
    let server = Server::new(|asked| vec![asked.address()]);
    let _ = both(&resolver(&[&server]));
    assert_eq!(server.asked_in_all().len(), 3);
}

#[test]
fn all_lookups_together_end_at_one_time() {
    let server = Server::silent();
    let resolver = resolver(&[&server]).until(Deadline::after(SHORT));
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(v4(&resolver, "www.example.com").unwrap_err().kind(), Eai::Again);
    }
    assert!(began.elapsed() < SHORT * 20, "{:?}", began.elapsed());
}

#[test]
fn a_hint_says_who_named_the_server() {
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap();
    nobody.connect("127.0.0.1:9").unwrap();
    let address = nobody.local_addr().unwrap();
    let resolver = Resolver::with_servers(vec![address]).without_hosts().servers_named_by("--dns-server");
    let hint =
        |resolver: Resolver| v4(&resolver, "www.example.com.").unwrap_err().hint().unwrap().into_owned();
    let words = hint(resolver);
    assert!(words.contains(&format!("{address} (was named by --dns-server)")), "{words}");
    // 127.0.0.1:53 is not asked: the time is over before.
    let file = tempfile::NamedTempFile::new().unwrap();
    let silent = Resolver::system().without_hosts().resolv_conf_path(file.path()).budget(Duration::ZERO);
    assert!(hint(silent).contains("more time"));
}

#[test]
fn silence_ends_after_the_attempts() {
    let server = Server::silent();
    let (began, address) = (Instant::now(), server.address.to_string());
    let error = v4(&resolver(&[&server]).timeout(SHORT).attempts(3), "www.example.com").unwrap_err();
    assert!(began.elapsed() >= SHORT * 3);
    assert_eq!(server.asked_in_all().len(), 3);
    assert_eq!(error.kind(), Eai::Again);
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("gave no answer within 60ms"), "{error}");
    assert!(error.hint().unwrap().contains(&address));
}

#[test]
fn the_deadline_is_total() {
    let server = Server::silent();
    let hints = Hints { deadline: Deadline::after(SHORT), ..stream(Family::UNSPEC) };
    let began = Instant::now();
    let error = look_up(&resolver(&[&server]).attempts(100), "www.example.com", &hints).unwrap_err();
    // Without it: 100 times 20 seconds.
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(error.is_timeout(), "{error}");
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::TimedOut);
    let began = Instant::now();
    resolver(&[&server]).budget(SHORT).gethostbyaddr([192, 0, 2, 9].into()).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[test]
fn a_family_that_stays_silent_does_not_hold_up_the_other() {
    let server = Server::new(|asked| if asked.kind == A { vec![asked.address()] } else { Vec::new() });
    let resolver = resolver(&[&server]).timeout(Duration::from_secs(1)).attempts(50);
    let list = look_up(&resolver, "www.example.com", &stream(Family::UNSPEC)).unwrap();
    assert_eq!(addresses(&list), ["192.0.2.1:80"]);
    // Alone it is no answer.
    let alone = look_up(&resolver.timeout(SHORT).attempts(1), "www.example.com", &stream(Family::INET6));
    assert_eq!(alone.unwrap_err().kind(), Eai::Again);
    assert_eq!(server.asked_in_all().iter().filter(|asked| asked.starts_with("AAAA")).count(), 2);
}

#[test]
fn rotate_begins_with_any_server() {
    let first = Server::new(|asked| vec![asked.address()]);
    let second = Server::new(|asked| vec![asked.address()]);
    let fixed = resolver(&[&first, &second]);
    let rotating = fixed.clone().resolv_conf_text(b"search\noptions rotate\n");
    for _ in 0..4 {
        v4(&fixed, "www.example.com").unwrap();
    }
    assert_eq!(second.asked().len(), 0);
    // That a fair coin falls on one side 200 times does not happen.
    let reached = (0..200).any(|_| {
        v4(&rotating, "www.example.com").unwrap();
        !second.asked().is_empty()
    });
    assert!(reached);
}

// --- Truncation and TCP.

fn many(asked: &Asked) -> Vec<u8> {
    let records: Vec<_> = (1..=200).map(|last| record(b"\xc0\x0c", A, &[192, 0, 2, last])).collect();
    asked.reply(0, &records)
}

fn truncated(asked: &Asked) -> Vec<u8> {
    let mut message = asked.reply(0, &[]);
    message[2] |= 0x02;
    message
}

#[test]
fn a_truncated_answer_is_fetched_by_tcp() {
    let server = Server::new(|asked| vec![if asked.by_tcp { many(asked) } else { truncated(asked) }]);
    let list = v4(&resolver(&[&server]), "many.example").unwrap();
    assert_eq!(list.len(), 200);
    assert_eq!(server.asked(), ["A many.example", "A many.example tcp"]);
}

#[test]
fn an_answer_larger_than_a_datagram_should_be_is_taken_or_fetched() {
    let server = Server::new(|asked| vec![many(asked)]);
    assert_eq!(v4(&resolver(&[&server]), "many.example").unwrap().len(), 200);
    assert_eq!(server.asked().len(), 1);
    let server = Server::new(|asked| {
        let mut message = asked.address();
        if !asked.by_tcp {
            message.resize(5000, 0);
        }
        vec![message]
    });
    assert_eq!(v4(&resolver(&[&server]), "huge.example").unwrap(), ["192.0.2.1:80"]);
    assert_eq!(server.asked(), ["A huge.example", "A huge.example tcp"]);
}

#[test]
fn tcp_that_fails_is_followed_by_the_next_server() {
    // Closes the connection without a word.
    let closing = Server::new(|asked| if asked.by_tcp { Vec::new() } else { vec![truncated(asked)] });
    // Answers something else.
    let lying = Server::new(|asked| {
        let question = [wire("other.example"), vec![0, 1, 0, 1]].concat();
        let lie = asked.message(&asked.id, 0, &question, &[a("other.example", [203, 0, 113, 1])], 0);
        vec![if asked.by_tcp { lie } else { truncated(asked) }]
    });
    let good = Server::new(|asked| vec![asked.address()]);
    assert_eq!(v4(&resolver(&[&closing, &lying, &good]), "www.example.com").unwrap(), ["192.0.2.1:80"]);
    let error = v4(&resolver(&[&closing]), "www.example.com").unwrap_err();
    assert!(error.to_string().contains("closed the connection before it had answered"), "{error}");
}

// --- Aliases.

#[test]
fn aliases_within_an_answer_are_followed() {
    let server = Server::new(|asked| {
        vec![asked.reply(
            0,
            &[
                // The order does not matter.
                a("HOST.example", [192, 0, 2, 7]),
                cname("cdn.example", "host.example"),
                cname("www.example", "cdn.example"),
                a("stranger.example", [203, 0, 113, 1]),
            ],
        )]
    });
    let resolver = resolver(&[&server]);
    let hints = Hints { flags: AI_CANONNAME, ..stream(Family::INET) };
    let list = look_up(&resolver, "www.example", &hints).unwrap();
    assert_eq!(addresses(&list), ["192.0.2.7:80"]);
    assert_eq!(list[0].canonname.as_deref(), Some("host.example"));
    let entry = resolver.gethostbyname_ex(b"www.example").unwrap();
    assert_eq!(entry.name, "host.example");
    assert_eq!(entry.aliases, ["www.example", "cdn.example"]);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn an_alias_that_leads_out_of_the_answer_is_asked_for() {
    let server = Server::new(|asked| {
        vec![match asked.name.as_str() {
            "www.example" => asked.reply(0, &[cname("www.example", "host.example")]),
            _ => asked.address(),
        }]
    });
    assert_eq!(v4(&resolver(&[&server]), "www.example").unwrap(), ["192.0.2.1:80"]);
    assert_eq!(server.asked(), ["A www.example", "A host.example"]);
}

#[test]
fn an_alias_of_a_name_without_such_a_record_is_asked_once() {
    // The start of authority says that the chain was followed to its end.
    let server = Server::new(|asked| {
        vec![asked.reply_with_authority(&[cname("www.example", "host.example"), soa("example")])]
    });
    assert_eq!(v4(&resolver(&[&server]), "www.example").unwrap_err().kind(), Eai::NoData);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn aliases_in_a_circle_end() {
    let server = Server::new(|asked| {
        vec![asked.reply(0, &[cname("a.example", "b.example"), cname("b.example", "a.example")])]
    });
    let error = v4(&resolver(&[&server]), "a.example").unwrap_err();
    assert_eq!((error.eai(), error.reason()), (-4, &Reason::EndlessAliases(server.address)));
}

#[test]
fn aliases_without_end_are_followed_sixteen_times() {
    let server = Server::new(|asked| {
        let number: u32 = asked.name.strip_suffix(".example").unwrap().parse().unwrap();
        vec![asked.reply(0, &[cname(&asked.name, &format!("{}.example", number + 1))])]
    });
    let error = v4(&resolver(&[&server]), "1.example").unwrap_err();
    assert_eq!(error.reason(), &Reason::EndlessAliases(server.address));
    assert_eq!(server.asked().len(), 17);
}

#[test]
fn a_chain_of_sixteen_is_not_too_long() {
    let server = Server::new(|asked| {
        let mut records: Vec<_> =
            (1..=16).map(|n| cname(&format!("{n}.example"), &format!("{}.example", n + 1))).collect();
        records.push(a("17.example", [192, 0, 2, 16]));
        vec![asked.reply(0, &records)]
    });
    assert_eq!(v4(&resolver(&[&server]), "1.example").unwrap(), ["192.0.2.16:80"]);
}

// --- Lies and garbage.

#[test]
fn lies_are_dropped_and_the_truth_is_waited_for() {
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = Server::new(move |asked| {
        let evil = [a(&asked.name, [203, 0, 113, 66])];
        let other = [wire("bank.example"), vec![0, 1, 0, 1]].concat();
        let other_kind = [wire(&asked.name), vec![0, 28, 0, 1]].concat();
        let wrong_id = [asked.id[0], asked.id[1] ^ 1];
        // From another address, as one that guesses the port would send it.
        stranger.send_to(&asked.reply(0, &evil), asked.peer).unwrap();
        let mut query = asked.reply(0, &evil);
        query[2] &= 0x7f;
        let mut none = asked.message(&asked.id, 0, &[], &evil, 0);
        none[5] = 0;
        vec![
            asked.message(&wrong_id, 0, &asked.question, &evil, 0),
            asked.message(&asked.id, 0, &other, &evil, 0),
            asked.message(&asked.id, 0, &other_kind, &evil, 0),
            query,
            none,
            asked.message(&wrong_id, 3, &asked.question, &[], 0),
            Vec::new(),
            vec![0xff; 3],
            asked.address(),
        ]
    });
    assert_eq!(v4(&resolver(&[&server]), "www.example.com").unwrap(), ["192.0.2.1:80"]);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn lies_alone_are_counted_and_the_wait_ends() {
    let server = Server::new(|asked| {
        let wrong_id = [asked.id[0] ^ 1, asked.id[1]];
        vec![asked.message(&wrong_id, 0, &asked.question, &[a(&asked.name, [203, 0, 113, 66])], 0); 7]
    });
    let resolver = resolver(&[&server]).timeout(Duration::from_secs(1)).attempts(1);
    let error = v4(&resolver, "www.example.com").unwrap_err();
    let Reason::NoAnswer(troubles) = error.reason() else { panic!("{error}") };
    let Silence::Timeout { dropped, .. } = troubles[0].what else { panic!("{error}") };
    assert_eq!(dropped, 7);
    assert!(error.to_string().contains("7 datagrams were no answers to the question"), "{error}");
}

/// Watches the resolver's own calls, and has the next lie in its socket before it looks there again.
struct Flood {
    socket: UdpSocket,
    lie: Mutex<Option<(SocketAddr, Vec<u8>)>>,
    began: Instant,
}

impl Flood {
    /// The flood ends some day, so that a failure is one and no hang.
    const LONG: Duration = Duration::from_secs(10);
}

impl Observer for Flood {
    fn happened(&self, event: &Event) {
        let mut lie = self.lie.lock().unwrap();
        if event.op == Op::Send {
            let mut buffer = [0; 1024];
            let (len, peer) = self.socket.recv_from(&mut buffer).unwrap();
            let asked = Asked::read(&buffer[..len], peer, false, 0);
            let wrong_id = [asked.id[0] ^ 1, asked.id[1]];
            *lie = Some((peer, asked.message(&wrong_id, 0, &asked.question, &[], 0)));
        }
        if let Some((peer, lie)) = lie.as_ref()
            && matches!(event.op, Op::Send | Op::Recv)
            && self.began.elapsed() < Self::LONG
        {
            self.socket.send_to(lie, peer).unwrap();
        }
    }
}

#[test]
fn a_flood_of_lies_does_not_keep_the_lookup() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let resolver = Resolver::with_servers(vec![socket.local_addr().unwrap()]).without_hosts();
    let resolver = resolver.resolv_conf_text(b"search\n").timeout(SHORT).attempts(1);
    let flood = Flood { socket, lie: Mutex::new(None), began: Instant::now() };
    let watch = door::observe_here(Arc::new(flood));
    let began = Instant::now();
    let error = v4(&resolver, "www.example").unwrap_err();
    assert!(began.elapsed() < Flood::LONG / 2, "{:?}", began.elapsed());
    drop(watch);
    assert!(error.is_timeout(), "{error}");
}

#[test]
fn an_answer_that_cannot_be_read_is_followed_by_the_next_server() {
    for garbage in [
        &b"\xc0\xff\0\x01\0\x01\0\0\0\0\0\x04\x01\x02\x03\x04"[..], // an owner that points forward
        b"\xc0\x0c\0\x01\0\x01\0\0\0\0\0\x05\x01\x02\x03\x04\x05",  // an address of five bytes
        b"\xc0\x0c\0\x01\0\x01\0\0\0\0\xff\xff\x01",                // longer than the message
        b"\xc0\x0c\0\x05\0\x01\0\0\0\0\0\x02\xc0\x28",              // an alias that points at itself
        b"\x80",                                                    // a kind of label that does not exist
        b"",                                                        // nothing, where one record was promised
    ] {
        let broken = Server::new(move |asked| vec![asked.reply(0, &[garbage.to_vec()])]);
        let good = Server::new(|asked| vec![asked.address()]);
        assert_eq!(v4(&resolver(&[&broken, &good]), "www.example").unwrap(), ["192.0.2.1:80"], "{garbage:?}");
        let error = v4(&resolver(&[&broken]), "www.example").unwrap_err();
        assert_eq!(error.kind(), Eai::Fail, "{garbage:?}");
        assert!(error.to_string().contains("gave an answer that cannot be read"), "{error}");
    }
}

#[test]
fn records_of_other_names_and_types_are_passed_over() {
    let server = Server::new(|asked| {
        vec![asked.reply(
            0,
            &[
                record(b"\xc0\x0c", 16, b"\x05hello"),
                a("other.example", [203, 0, 113, 1]),
                record(b"\xc0\x0c", 65280, &[0; 300]),
                record(b"\xc0\x0c", A, &[192, 0, 2, 3]),
                record(b"\xc0\x0c", A, &[192, 0, 2, 3]),
            ],
        )]
    });
    assert_eq!(v4(&resolver(&[&server]), "www.example").unwrap(), ["192.0.2.3:80"]);
}

// --- The search list.

/// Knows `www.b.example` and `deep.name`, has `empty.…` without addresses.
fn zone() -> Server {
    Server::new(|asked| {
        vec![match asked.name.as_str() {
            "www.b.example" | "deep.name" => asked.address(),
            name if name.starts_with("empty.") => asked.reply(0, &[]),
            name if name.starts_with("broken.") => asked.reply(2, &[]),
            _ => asked.reply(3, &[]),
        }]
    })
}

#[test]
fn a_short_name_is_searched_for_first() {
    let server = zone();
    let resolver = resolver(&[&server]).resolv_conf_text(b"search a.example b.example c.example\n");
    let hints = Hints { flags: AI_CANONNAME, ..stream(Family::INET) };
    let list = look_up(&resolver, "www", &hints).unwrap();
    assert_eq!(list[0].canonname.as_deref(), Some("www.b.example"));
    assert_eq!(server.asked(), ["A www.a.example", "A www.b.example"]);
}

#[test]
fn a_name_with_dots_is_asked_as_it_is_first() {
    let server = zone();
    let conf = b"search a.example\n";
    v4(&resolver(&[&server]).resolv_conf_text(conf), "deep.name").unwrap();
    assert_eq!(server.asked(), ["A deep.name"]);
    let server = zone();
    let conf = b"search a.example\noptions ndots:2\n";
    v4(&resolver(&[&server]).resolv_conf_text(conf), "deep.name").unwrap();
    assert_eq!(server.asked(), ["A deep.name.a.example", "A deep.name"]);
}

#[test]
fn a_dot_at_the_end_keeps_the_search_list_out() {
    let server = zone();
    let resolver = resolver(&[&server]).resolv_conf_text(b"search a.example b.example\n");
    assert_eq!(v4(&resolver, "www.").unwrap_err().kind(), Eai::NoName);
    assert_eq!(server.asked(), ["A www"]);
}

#[test]
fn of_several_failures_the_one_that_says_most_is_told() {
    let server = zone();
    let resolver = resolver(&[&server]).resolv_conf_text(b"search a.example\n").attempts(1);
    assert_eq!(v4(&resolver, "none").unwrap_err().kind(), Eai::NoName);
    assert_eq!(v4(&resolver, "empty").unwrap_err().kind(), Eai::NoData);
    assert_eq!(v4(&resolver, "broken").unwrap_err().kind(), Eai::Again);
    // A server that fails does not end the search, one that is silent does.
    assert_eq!(
        server.asked(),
        ["A none.a.example", "A none", "A empty.a.example", "A empty", "A broken.a.example", "A broken"]
    );
    let silent = Server::silent();
    let resolver = resolver_in(&silent, b"search a.example b.example\n").timeout(SHORT).attempts(1);
    assert!(v4(&resolver, "www").unwrap_err().is_timeout());
    assert_eq!(silent.asked_in_all(), ["A www.a.example"]);
}

fn resolver_in(server: &Server, conf: &[u8]) -> Resolver {
    resolver(&[server]).resolv_conf_text(conf)
}

#[test]
fn the_servers_come_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("resolv.conf");
    std::fs::write(&path, "nameserver 192.0.2.53\nsearch lab.example\n").unwrap();
    let resolver = Resolver::system().without_hosts().resolv_conf_path(&path);
    // A rehearsal sends nothing to that address, and shows that it would.
    let events = watched(|| sys::rehearsal::rehearse(|| assert!(v4(&resolver, "www").is_ok())));
    let address = ("address", door::Value::Address("192.0.2.53:53".parse().unwrap()));
    let connect = events.iter().find(|event| event.op == Op::Connect).unwrap();
    assert!(connect.args.contains(&address), "{connect:?}");
    let question = wire("www.lab.example");
    let is_asked = |value: &door::Value| matches!(value, door::Value::Bytes { kept, .. } if kept.windows(question.len()).any(|part| part == question));
    let send = events.iter().find(|event| event.op == Op::Send).unwrap();
    assert!(send.args.iter().any(|(_, value)| is_asked(value)), "{send:?}");
}

// --- Names that are none: told at once, nobody is asked.

#[test]
fn names_too_long_or_with_a_nul_are_clear_errors() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]);
    let long = "a".repeat(100_000);
    for (name, expected) in [
        (long.clone().into_bytes(), "the name has 100000 bytes, at most 253 are possible"),
        (vec![b'.'; 1 << 20], "the name has 1048575 bytes, at most 253 are possible"),
        (vec![b'a'; 64], "one part of the name has 64 bytes, at most 63 are possible"),
        (b"www\0.example".to_vec(), "there is a NUL in the name, at byte 3"),
        (vec![0; 1 << 20], "there is a NUL in the name, at byte 0"),
        (b"a..b".to_vec(), "a part of the name is empty"),
        (b"http://www".to_vec(), "':' at byte 4 cannot be in a host name"),
        (b"a b".to_vec(), "' ' at byte 1 cannot be in a host name"),
        ("b\u{fc}cher.example".into(), "'\\xc3' at byte 1 cannot be in a host name"),
        (b"\x1b[2J".to_vec(), "'\\x1b' at byte 0 cannot be in a host name"),
    ] {
        let calls = [
            resolver.getaddrinfo(Some(&name), None, &Hints::default()).map(|_| ()),
            resolver.gethostbyname(&name).map(|_| ()),
            resolver.gethostbyname_ex(&name).map(|_| ()),
        ];
        for outcome in calls {
            let error = outcome.unwrap_err();
            let line = error.to_string();
            assert_eq!(error.kind(), Eai::NoName);
            assert!(line.ends_with(expected), "{line}");
            assert!(line.len() < 600 && !line.chars().any(char::is_control), "{line}");
            assert!(error.hint().is_some());
        }
    }
    assert_eq!(resolver.getfqdn(long.as_bytes()), long);
    let service = vec![b'9'; 1 << 20];
    let error = resolver.getaddrinfo(Some(b"::1"), Some(&service), &Hints::default()).unwrap_err();
    assert_eq!(error.kind(), Eai::Service);
    assert!(error.to_string().len() < 600);
    assert_eq!(server.asked(), Vec::<String>::new());
}

// --- Hosts and loopback: nobody is asked.

#[test]
fn the_hosts_file_comes_first() {
    let server = Server::new(|asked| vec![asked.address()]);
    let hosts =
        b"192.0.2.10 Printer printer.lab lp # here\n192.0.2.11 printer\n2001:db8::10 printer6 printer\n";
    let resolver = resolver(&[&server]).hosts_text(hosts);
    let entry = resolver.gethostbyname_ex(b"PRINTER").unwrap();
    assert_eq!(entry.name, "Printer");
    assert_eq!(entry.aliases, ["printer.lab", "lp", "printer"]);
    assert_eq!(entry.addresses, ["192.0.2.10".parse::<IpAddr>().unwrap(), "192.0.2.11".parse().unwrap()]);
    let mut all = addresses(&look_up(&resolver, "printer", &stream(Family::UNSPEC)).unwrap());
    all.sort();
    assert_eq!(all, ["192.0.2.10:80", "192.0.2.11:80", "[2001:db8::10]:80"]);
    assert_eq!(resolver.gethostbyaddr("2001:db8::10".parse().unwrap()).unwrap().name, "printer6");
    assert_eq!(resolver.getfqdn(b"lp"), "printer.lab");
    assert_eq!(server.asked(), Vec::<String>::new());
    // A family that the file lacks is asked for.
    assert!(look_up(&resolver, "lp.", &stream(Family::INET6)).is_ok());
    assert_eq!(server.asked(), ["AAAA lp"]);
    // Left out, it says nothing.
    assert_eq!(resolver.without_hosts().gethostbyname(b"printer").unwrap(), Ipv4Addr::new(192, 0, 2, 1));
}

#[test]
fn localhost_is_the_loopback_without_asking() {
    let server = Server::new(|asked| vec![asked.reply(3, &[])]);
    let resolver = resolver(&[&server]);
    for name in ["localhost", "LOCALHOST.", "app.localhost"] {
        let both = look_up(&resolver, name, &stream(Family::UNSPEC)).unwrap();
        assert_eq!(addresses(&both).len(), 2);
        assert_eq!(v4(&resolver, name).unwrap(), ["127.0.0.1:80"]);
    }
    assert_eq!(resolver.gethostbyaddr("::1".parse().unwrap()).unwrap().name, "localhost");
    assert_eq!(server.asked(), Vec::<String>::new());
    let moved = resolver.hosts_text(b"127.0.0.2 localhost\n");
    assert_eq!(v4(&moved, "localhost").unwrap(), ["127.0.0.2:80"]);
}

// --- Flags.

#[test]
fn mapped_addresses_come_where_there_are_no_others() {
    let only_v4 =
        Server::new(|asked| vec![if asked.kind == A { asked.address() } else { asked.reply(0, &[]) }]);
    let both = Server::new(|asked| vec![asked.address()]);
    let hints = |flags| Hints { flags, ..stream(Family::INET6) };
    let found = |server: &Server, flags| {
        let list = look_up(&resolver(&[server]), "www.example", &hints(flags)).map(|list| addresses(&list));
        list.map(|mut list| {
            list.sort();
            list
        })
    };
    assert_eq!(found(&only_v4, 0).unwrap_err().kind(), Eai::NoData);
    assert_eq!(found(&only_v4, AI_V4MAPPED).unwrap(), ["[::ffff:192.0.2.1]:80"]);
    assert_eq!(found(&both, AI_V4MAPPED).unwrap(), ["[2001:db8::1]:80"]);
    assert_eq!(found(&both, AI_V4MAPPED | AI_ALL).unwrap(), ["[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"]);
}

/// Runs this test binary again for one test alone, behind a command such as `unshare -rn sh -c … sh`, told by `CHILD` that
/// it is the one. Returns whether it succeeded, and what it said.
fn again(before: &[&str], test: &str) -> Option<(bool, String)> {
    let this = std::env::current_exe().unwrap();
    let mut words: Vec<_> = before.iter().map(std::ffi::OsString::from).collect();
    words.push(this.into());
    let mut command = std::process::Command::new(&words[0]);
    let output =
        command.args(&words[1..]).args(["--exact", test, "--nocapture"]).env(CHILD, "1").output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

/// Set for a process that a test starts with this same binary.
const CHILD: &str = "JACKFIELD_TEST_CHILD";

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Which addresses a machine has only a network namespace can decide.
#[test]
fn addrconfig_asks_for_the_families_that_this_machine_has() {
    if is_child() {
        return asks_for_v4_only();
    }
    let prepare =
        "ip link set lo up && ip address add 192.0.2.9/24 dev lo && echo PREPARED && exec \"$0\" \"$@\"";
    let test = "addrconfig_asks_for_the_families_that_this_machine_has";
    match again(&["unshare", "-rn", "sh", "-c", prepare], test) {
        Some((succeeded, said)) if said.contains("PREPARED") => assert!(succeeded, "{said}"),
        _ => eprintln!("SKIPPED: no network namespace can be made here (unshare -rn, ip)"),
    }
}

fn asks_for_v4_only() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]);
    let hints = |family| Hints { flags: AI_ADDRCONFIG, ..stream(family) };
    let list = look_up(&resolver, "www.example", &hints(Family::UNSPEC)).unwrap();
    assert_eq!(addresses(&list), ["192.0.2.1:80"]);
    assert_eq!(server.asked(), ["A www.example"]);
    let error = look_up(&resolver, "www.example", &hints(Family::INET6)).unwrap_err();
    assert_eq!((error.kind(), error.reason()), (Eai::NoName, &Reason::NotConfigured(Family::INET6)));
    // It is about names to ask for: addresses and the loopback are there all the same.
    assert!(look_up(&resolver, "::1", &hints(Family::INET6)).is_ok());
    assert_eq!(look_up(&resolver, "localhost", &hints(Family::UNSPEC)).unwrap().len(), 2);
}

// --- From addresses to names.

/// Knows names of two addresses.
fn reverse() -> Server {
    Server::new(|asked| {
        assert_eq!(asked.kind, PTR);
        let v6 = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        vec![match asked.name.as_str() {
            "7.2.0.192.in-addr.arpa" => asked.reply(
                0,
                &[
                    record(b"\xc0\x0c", PTR, &wire("host.corp.example")),
                    record(b"\xc0\x0c", PTR, &wire("alias.corp.example")),
                ],
            ),
            // As RFC 2317 delegates less than a whole octet.
            "8.2.0.192.in-addr.arpa" => asked.reply(
                0,
                &[
                    cname("8.2.0.192.in-addr.arpa", "8.0/25.2.0.192.in-addr.arpa"),
                    record(&wire("8.0/25.2.0.192.in-addr.arpa"), PTR, &wire("classless.example")),
                ],
            ),
            "9.2.0.192.in-addr.arpa" => asked.reply(0, &[record(b"\xc0\x0c", PTR, b"\x06\x1b[31m\x07\0")]),
            name if name == v6 => asked.reply(0, &[record(b"\xc0\x0c", PTR, &wire("six.example"))]),
            "2.2.0.192.in-addr.arpa" => asked.reply(0, &[]),
            "3.2.0.192.in-addr.arpa" => asked.reply(2, &[]),
            _ => asked.reply(3, &[]),
        }]
    })
}

#[test]
fn addresses_have_names() {
    let server = reverse();
    let resolver = resolver(&[&server]);
    let entry = resolver.gethostbyaddr([192, 0, 2, 7].into()).unwrap();
    assert_eq!(
        (entry.name.as_str(), &entry.aliases[..]),
        ("host.corp.example", &["alias.corp.example".into()][..])
    );
    assert_eq!(entry.addresses, [IpAddr::from([192, 0, 2, 7])]);
    let name_of = |ip: &str| resolver.gethostbyaddr(ip.parse().unwrap()).map(|entry| entry.name);
    assert_eq!(name_of("2001:db8::1").unwrap(), "six.example");
    assert_eq!(name_of("::ffff:192.0.2.7").unwrap(), "host.corp.example");
    assert_eq!(name_of("192.0.2.8").unwrap(), "classless.example");
    assert_eq!(name_of("192.0.2.9").unwrap(), "\\027[31m\\007");
    assert_eq!(name_of("192.0.2.1").unwrap_err().kind(), Eai::NoName);
    assert_eq!(name_of("192.0.2.2").unwrap_err().kind(), Eai::NoName);
    assert_eq!(name_of("192.0.2.3").unwrap_err().kind(), Eai::Again);
}

#[test]
fn getnameinfo_falls_back_to_the_address_unless_a_name_is_required() {
    let server = reverse();
    let services = b"http 80/tcp\nntp 123/udp\n";
    let resolver = resolver(&[&server]).services_text(services).attempts(1);
    let info = |address: &str, flags| resolver.getnameinfo(&address.parse::<Address>().unwrap(), flags);
    let pair = |host: &str, service: &str| (host.to_owned(), service.to_owned());
    assert_eq!(info("192.0.2.7:80", 0).unwrap(), pair("host.corp.example", "http"));
    assert_eq!(info("192.0.2.7:123", NI_NUMERICSERV).unwrap(), pair("host.corp.example", "123"));
    assert_eq!(info("192.0.2.1:81", 0).unwrap(), pair("192.0.2.1", "81"));
    assert_eq!(info("192.0.2.3:81", 0).unwrap(), pair("192.0.2.3", "81"));
    assert_eq!(info("192.0.2.1:81", NI_NAMEREQD).unwrap_err().kind(), Eai::NoName);
    assert_eq!(info("192.0.2.3:81", NI_NAMEREQD).unwrap_err().kind(), Eai::Again);
    let own = resolver.clone().resolv_conf_text(b"search corp.example\n");
    let address: Address = "192.0.2.7:80".parse().unwrap();
    assert_eq!(own.getnameinfo(&address, NI_NOFQDN).unwrap().0, "host");
    assert_eq!(info("192.0.2.7:80", 0x4000).unwrap_err().kind(), Eai::BadFlags);
    let unix = Address::Unix(jackfield_sock::UnixAddress::Unnamed);
    assert_eq!(resolver.getnameinfo(&unix, 0).unwrap_err().kind(), Eai::Family);
}

#[test]
fn the_full_name_comes_from_the_address() {
    let server = Server::new(|asked| {
        vec![match asked.kind {
            PTR => asked.reply(0, &[record(b"\xc0\x0c", PTR, &wire("www.corp.example"))]),
            _ => asked.address(),
        }]
    });
    assert_eq!(resolver(&[&server]).getfqdn(b"www"), "www.corp.example");
    let none = Server::new(|asked| vec![asked.reply(3, &[])]);
    assert_eq!(resolver(&[&none]).getfqdn(b" www "), "www");
}

// --- Trace, rehearsal, interruption.

fn watched(body: impl FnOnce()) -> Vec<Event> {
    Notes::of(body).1
}

#[test]
fn a_lookup_is_a_composite_that_owns_its_calls() {
    let server = Server::new(|asked| vec![asked.address()]);
    let resolver = resolver(&[&server]).hosts_path(std::path::Path::new("/dev/null"));
    let events = watched(|| {
        v4(&resolver, "www.example").unwrap();
    });
    let (composite, calls) = events.split_last().unwrap();
    assert_eq!((composite.op, composite.side(), composite.depth), (Op::Getaddrinfo, Side::User, 0));
    assert!(calls.iter().all(|call| call.parent == Some(composite.id) && call.side() == Side::Kernel));
    let names: Vec<_> = calls.iter().map(|call| call.op.name()).collect();
    let expected =
        ["open", "read", "close", "getrandom", "socket", "connect", "send", "poll", "recv", "close"];
    assert_eq!(names, expected);
}

#[test]
fn a_failed_lookup_tells_its_code_in_the_trace() {
    let server = Server::new(|asked| vec![asked.reply(3, &[])]);
    let events = watched(|| {
        resolver(&[&server]).gethostbyname(b"no.example").unwrap_err();
    });
    let composite = events.last().unwrap();
    assert_eq!(composite.op, Op::Gethostbyname);
    assert_eq!(composite.result, Ok(door::Value::Word("EAI_NONAME".into())));
}

#[test]
fn a_rehearsal_finds_addresses_of_documentation() {
    let server = Server::silent();
    let resolver = resolver(&[&server]);
    let events = watched(|| {
        sys::rehearsal::rehearse(|| {
            assert_eq!(v4(&resolver, "www.example").unwrap(), ["192.0.2.1:80"]);
            let both = look_up(&resolver, "www.example", &stream(Family::UNSPEC)).unwrap();
            assert_eq!(addresses(&both), ["192.0.2.1:80"]);
            let v6 = look_up(&resolver, "www.example", &stream(Family::INET6)).unwrap();
            assert_eq!(addresses(&v6), ["[2001:db8::1]:80"]);
            let hints = Hints { flags: AI_ADDRCONFIG, ..stream(Family::UNSPEC) };
            assert_eq!(look_up(&resolver, "localhost", &hints).unwrap().len(), 2);
            assert_eq!(resolver.gethostbyaddr([192, 0, 2, 1].into()).unwrap().name, "host.example");
        });
    });
    let sockets = events.iter().filter(|event| event.op == Op::Socket);
    assert!(sockets.clone().count() > 0 && sockets.clone().all(|event| event.rehearsed));
    assert_eq!(server.asked(), Vec::<String>::new());
}

/// A signal is caught by the whole process, so this runs in one of its own.
#[test]
fn a_caught_signal_ends_a_lookup() {
    if is_child() {
        return interrupted_lookup();
    }
    let test = "a_caught_signal_ends_a_lookup";
    let (succeeded, said) = again(&["env"], test).unwrap();
    assert!(succeeded && said.contains("interrupted as it should be"), "{said}");
}

fn interrupted_lookup() {
    jackfield_sock::signal::catch_interrupts().unwrap();
    // The question itself makes the server send the signal: the lookup is under way for certain.
    let server = Server::new(|asked| {
        if asked.before == 0 {
            let pid = std::process::id().to_string();
            assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        }
        Vec::new()
    });
    // The signal may hit another thread, then it is seen when this server's time is up.
    let resolver = resolver(&[&server]).timeout(Duration::from_millis(500)).attempts(100);
    let error = v4(&resolver, "www.example").unwrap_err();
    assert_eq!((error.kind(), error.interrupted()), (Eai::System, Some(2)));
    let Reason::Call(cause) = error.reason() else { panic!("{error}") };
    assert_eq!(cause.cause(), &Cause::Interrupted(2));
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::Interrupted);
    println!("interrupted as it should be");
}
