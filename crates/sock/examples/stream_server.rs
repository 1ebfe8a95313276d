//! A TCP server: takes one client after another, says who sent a message, answers and closes.
//!
//! ```text
//! cargo run --example stream_server -- 127.0.0.1 1111
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;

use jackfield_sock::{Address, Cause, Family, Protocol, Socket, Type, c, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        eprintln!("usage: stream_server HOST PORT (port 0: one that is free)");
        return ExitCode::from(2);
    };
    match serve(host, port) {
        Ok(()) => ExitCode::SUCCESS,
        // The port is taken, or below 1024 and not for everybody: the error says so.
        Err(error) => {
            eprintln!("stream_server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(host: &str, port: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
    // Without this the port of a server that has just ended could not be used again for a minute.
    server.setsockopt(c::SOL_SOCKET, c::SO_REUSEADDR, 1)?;
    server.bind(&name::address(Family::INET, host, port)?)?;
    server.listen(5)?;
    println!("Listening on {}", server.getsockname()?);

    loop {
        // Each client gets a socket of its own; the server's goes on listening.
        let (client, address) = match server.accept() {
            Ok(accepted) => accepted,
            Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => {
                println!("Interrupted");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        match answer(&client, &address) {
            Ok(()) => {}
            Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => {
                println!("Interrupted");
                return Ok(());
            }
            // What goes wrong with one client is no reason to leave the others.
            Err(error) => eprintln!("stream_server: {address}: {error}"),
        }
        // Here `client` ends, and with it the connection.
    }
}

fn answer(client: &Socket, address: &Address) -> jackfield_sock::Result<()> {
    let _message = client.recv(1024, 0)?;
    if let Some(peer) = address.ip() {
        println!("Message Received");
        println!("Sent by - {} port - {}", peer.ip(), peer.port());
    }
    client.sendall(b"I got your message\n", 0)
}
