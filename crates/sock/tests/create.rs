//! create_connection, create_server and has_dualstack_ipv6, as Python has them.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

mod common;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use jackfield_sock::name::Reason;
use jackfield_sock::{
    Address, Cause, Errno, Error, Family, Mode, NotConnected, Op, Protocol, ServerOptions, Socket, Type,
    UnixAddress, c, create_connection, create_connection_all_errors, create_connection_by_name,
    create_server, has_dualstack_ipv6,
};
use sys::door::Value;

use common::Notes;

const PATIENCE: Option<Duration> = Some(Duration::from_secs(20));

fn serve(address: &str, options: ServerOptions) -> Socket {
    let server = create_server(&address.parse().unwrap(), options).unwrap();
    server.set_mode(Mode::from_timeout(PATIENCE)).unwrap();
    server
}

/// Binds a port without listening, so that whoever connects is refused as long as the socket is open.
fn refusing() -> (Socket, Address) {
    let socket = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    socket.bind(&"127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.getsockname().unwrap();
    (socket, address)
}

fn no_ipv6() -> bool {
    let there = has_dualstack_ipv6();
    if !there {
        common::skip("no dual-stack IPv6 on this machine");
    }
    !there
}

fn errnos(errors: &[Error]) -> Vec<Option<Errno>> {
    errors.iter().map(Error::errno).collect()
}

#[test]
fn the_first_address_that_answers_is_taken() {
    let server = serve("127.0.0.1:0", ServerOptions::default());
    let (_held, closed) = refusing();
    let no_such_family = Address::Other { family: 200, data: Vec::new() };
    let open = server.getsockname().unwrap();
    let client = create_connection(&[no_such_family, closed, open.clone()], PATIENCE, None).unwrap();
    assert_eq!(client.getpeername().unwrap(), open);
    assert_eq!((client.kind(), client.protocol()), (Type::STREAM, Protocol::TCP));
    assert_eq!(server.accept().unwrap().1, client.getsockname().unwrap());
}

#[test]
fn the_last_error_is_told_or_all_of_them() {
    let (_held, closed) = refusing();
    let no_such_family = Address::Other { family: 200, data: Vec::new() };
    let both = [no_such_family.clone(), closed.clone()];
    let last = create_connection(&both, PATIENCE, None).unwrap_err();
    assert_eq!(
        (last.op(), last.errno(), last.address()),
        (Op::Connect, Some(Errno::ECONNREFUSED), Some(&closed))
    );
    let all = create_connection_all_errors(&both, PATIENCE, None).unwrap_err();
    assert_eq!(errnos(&all), [Some(Errno::EAFNOSUPPORT), Some(Errno::ECONNREFUSED)]);
    assert_eq!(all[0].address(), Some(&no_such_family));

    let none = create_connection(&[], PATIENCE, None).unwrap_err();
    assert_eq!((none.op(), none.cause()), (Op::CreateConnection, &Cause::Errno(Errno::EDESTADDRREQ)));
    assert_eq!(create_connection_all_errors(&[], PATIENCE, None).unwrap_err().len(), 1);
}

#[test]
fn a_name_is_looked_up_within_the_composite() {
    let server = serve("127.0.0.1:0", ServerOptions::default());
    let port = server.getsockname().unwrap().ip().unwrap().port().to_string();
    let (client, events) = Notes::of(|| create_connection_by_name("localhost", &port, PATIENCE, None));
    let client = client.unwrap();
    assert_eq!(client.getpeername().unwrap(), server.getsockname().unwrap());
    assert_eq!(client.mode(), Mode::from_timeout(PATIENCE));

    let composite = events.last().unwrap();
    assert_eq!((composite.op, &composite.result), (Op::CreateConnection, &Ok(Value::Fd(client.fileno()))));
    assert_eq!(composite.argument("host"), Some(&Value::Text("localhost".into())));
    assert_eq!(composite.argument("service"), Some(&Value::Text(port)));
    let inside = events.iter().filter(|event| event.parent == Some(composite.id));
    let inside: Vec<_> = inside.map(|event| event.op.name()).collect();
    assert_eq!(inside.iter().find(|name| **name != "socket"), Some(&"getaddrinfo"), "{inside:?}");
    assert!(inside.contains(&"connect"), "{inside:?}");
    let lookup = events.iter().find(|event| event.op == Op::Getaddrinfo).unwrap();
    assert!(events.iter().any(|event| event.op == Op::Read && event.parent == Some(lookup.id)));
}

#[test]
fn a_connection_by_name_says_what_failed() {
    let nowhere = || create_connection_by_name("nowhere.invalid", "80", PATIENCE, None);
    let (failed, events) = Notes::of(nowhere);
    let Err(NotConnected::Name(error)) = failed else { panic!("{failed:?}") };
    assert_eq!((error.asked(), error.reason()), ("nowhere.invalid", &Reason::NeverExists));
    assert_eq!(events.last().unwrap().result, Ok(Value::Word("EAI_NONAME".into())));

    let (_held, closed) = refusing();
    let port = closed.ip().unwrap().port().to_string();
    let (failed, events) = Notes::of(|| create_connection_by_name("127.0.0.1", &port, PATIENCE, None));
    let failed = failed.unwrap_err();
    assert_eq!(failed.to_string(), format!("connect {closed}: Connection refused (ECONNREFUSED)"));
    let NotConnected::Addresses(errors) = failed else { panic!("{failed:?}") };
    assert_eq!(errnos(&errors), [Some(Errno::ECONNREFUSED)]);
    assert_eq!(events.last().unwrap().result, Err(Errno::ECONNREFUSED));
}

#[test]
fn a_connection_comes_from_the_source_it_was_told() {
    let server = serve("127.0.0.1:0", ServerOptions::default());
    let source = "127.0.0.55:0".parse().unwrap();
    let client = create_connection(&[server.getsockname().unwrap()], PATIENCE, Some(&source)).unwrap();
    let (_, peer) = server.accept().unwrap();
    assert_eq!(peer, client.getsockname().unwrap());
    assert_eq!(peer.ip().unwrap().ip(), IpAddr::V4(Ipv4Addr::new(127, 0, 0, 55)));
    let nobodys = "203.0.113.7:0".parse().unwrap();
    let refused = create_connection(&[server.getsockname().unwrap()], PATIENCE, Some(&nobodys)).unwrap_err();
    assert_eq!((refused.op(), refused.errno()), (Op::Bind, Some(Errno::EADDRNOTAVAIL)));
}

#[test]
fn a_port_is_shared_only_where_asked() {
    let sharing = ServerOptions { reuse_port: true, ..ServerOptions::default() };
    let first = serve("127.0.0.1:0", sharing);
    let address = first.getsockname().unwrap();
    let second = create_server(&address, sharing).unwrap();
    assert_eq!(second.getsockname().unwrap(), address);
    let refused = create_server(&address, ServerOptions::default()).unwrap_err();
    assert_eq!(
        (refused.op(), refused.errno(), refused.address()),
        (Op::Bind, Some(Errno::EADDRINUSE), Some(&address))
    );
}

#[test]
fn a_server_is_started_again_while_old_connections_linger() {
    // An address of its own, so that no other test gets the port in between.
    let server = serve("127.45.67.89:0", ServerOptions::default());
    let address = server.getsockname().unwrap();
    let client = create_connection(std::slice::from_ref(&address), PATIENCE, None).unwrap();
    let (peer, _) = server.accept().unwrap();
    // The side that closes first has the connection in TIME_WAIT.
    drop(peer);
    assert_eq!(client.recv(1, 0).unwrap(), b"");
    drop((client, server));
    create_server(&address, ServerOptions::default()).unwrap();
}

#[test]
fn one_socket_serves_both_versions_where_asked() {
    if no_ipv6() {
        return;
    }
    let both = serve("[::]:0", ServerOptions { dualstack_ipv6: true, ..ServerOptions::default() });
    let port = both.getsockname().unwrap().ip().unwrap().port();
    for ip in ["127.0.0.1", "[::1]"] {
        let client = create_connection(&[format!("{ip}:{port}").parse().unwrap()], PATIENCE, None).unwrap();
        client.sendall(b"x", 0).unwrap();
        let (peer, from) = both.accept().unwrap();
        assert_eq!(from.family(), c::AF_INET6);
        assert_eq!(peer.recv(1, 0).unwrap(), b"x");
    }
    let six = serve("[::]:0", ServerOptions::default());
    assert_eq!(six.getsockopt(c::IPPROTO_IPV6, c::IPV6_V6ONLY).unwrap(), 1);
    let refused = create_server(
        &"127.0.0.1:0".parse().unwrap(),
        ServerOptions { dualstack_ipv6: true, ..ServerOptions::default() },
    );
    assert_eq!(refused.unwrap_err().errno(), Some(Errno::EAFNOSUPPORT));
}

#[test]
fn unix_servers_work_the_same_way() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("server").into_os_string().into_encoded_bytes();
    let address = Address::Unix(UnixAddress::Path(path));
    let server = create_server(&address, ServerOptions { backlog: 1, ..ServerOptions::default() }).unwrap();
    let client = create_connection(&[address], PATIENCE, None).unwrap();
    let (peer, _) = server.accept().unwrap();
    client.sendall(b"x", 0).unwrap();
    assert_eq!(peer.recv(1, 0).unwrap(), b"x");
}

#[test]
fn the_trace_shows_the_calls_inside() {
    let ((), events) = Notes::of(|| {
        let server = create_server(&"127.0.0.1:0".parse().unwrap(), ServerOptions::default()).unwrap();
        let address = server.getsockname().unwrap();
        let client = create_connection(&[address], None, None).unwrap();
        let (_there, _) = (has_dualstack_ipv6(), client);
    });
    let inside = |composite: Op| {
        let composite = events.iter().find(|event| event.op == composite).unwrap();
        let calls = events.iter().filter(|event| event.parent == Some(composite.id));
        calls.map(|event| event.op.name()).collect::<Vec<_>>()
    };
    assert_eq!(inside(Op::CreateServer), ["socket", "setsockopt", "bind", "listen"]);
    assert_eq!(inside(Op::CreateConnection), ["socket", "connect"]);
    assert_eq!(inside(Op::HasDualstackIpv6)[0], "socket");
}
