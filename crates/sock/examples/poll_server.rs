//! An echo server for many clients at once, in one thread, with poll().
//!
//! ```text
//! cargo run --example poll_server -- 127.0.0.1 1234
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::collections::HashMap;
use std::error::Error;
use std::process::ExitCode;

use jackfield_sock::select::Poll;
use jackfield_sock::{Cause, Family, Protocol, Socket, Type, c, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        eprintln!("usage: poll_server HOST PORT (port 0: one that is free)");
        return ExitCode::from(2);
    };
    match serve(host, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("poll_server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(host: &str, port: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
    server.setsockopt(c::SOL_SOCKET, c::SO_REUSEADDR, 1)?;
    server.bind(&name::address(Family::INET, host, port)?)?;
    server.listen(128)?;
    println!("Listening on {}", server.getsockname()?);

    // poll() speaks of sockets by the numbers of their descriptors, so the clients are kept by number.
    let mut clients = HashMap::new();
    let mut poll = Poll::new();
    poll.register(&server, c::POLLIN);
    loop {
        // Blocks until one of them has something to read; None is "without a time limit".
        let ready = match poll.poll(None) {
            Ok(ready) => ready,
            Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => {
                println!("Interrupted");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for (number, _events) in ready {
            let Some(client) = clients.get(&number) else {
                // No client has this number: it is the server's, and somebody wants to connect.
                let (client, address) = server.accept()?;
                println!("Connected - {address}");
                poll.register(&client, c::POLLIN);
                clients.insert(client.fileno(), client);
                continue;
            };
            if let Err(why) = echo(client) {
                println!("{why}");
                poll.unregister(client)?;
                clients.remove(&number);
            }
        }
    }
}

/// Sends back what a client sent; says why when it is gone.
fn echo(client: &Socket) -> Result<(), String> {
    match client.recv(4096, 0) {
        Ok(message) if message.is_empty() => Err("Disconnected".to_owned()),
        // A client that reads nothing would stop us here, and with us all others; a real server would also wait for
        // POLLOUT.
        Ok(message) => client.sendall(&message, 0).map_err(|error| format!("Lost - {error}")),
        Err(error) => Err(format!("Lost - {error}")),
    }
}
