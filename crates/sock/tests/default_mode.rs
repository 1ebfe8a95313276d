//! The default timeout belongs to the process, so it has a process of its own to be tested in.

use std::time::Duration;

use jackfield_sock::{
    Family, Mode, Protocol, ServerOptions, Socket, Type, create_connection, create_server, default_mode,
    set_default_mode,
};

#[test]
fn new_sockets_begin_in_the_default_mode() {
    let before = Socket::open(Family::INET, Type::STREAM, Protocol::TCP).unwrap();
    assert_eq!(default_mode(), Mode::Blocking);
    let timeout = Mode::Timeout(Duration::from_secs(20));
    set_default_mode(timeout);

    let server = create_server(&"127.0.0.1:0".parse().unwrap(), ServerOptions::default()).unwrap();
    let address = server.getsockname().unwrap();
    let client = create_connection(std::slice::from_ref(&address), None, None).unwrap();
    let (peer, _) = server.accept().unwrap();
    let (left, right) = Socket::pair(Family::UNIX, Type::STREAM, Protocol::DEFAULT).unwrap();
    for socket in [&server, &client, &peer, &left, &right] {
        assert_eq!(socket.mode(), timeout, "{socket:?}");
    }
    assert_eq!(before.mode(), Mode::Blocking);

    let own = Duration::from_secs(7);
    let told = create_connection(&[address], Some(own), None).unwrap();
    assert_eq!(told.mode(), Mode::Timeout(own));
}
