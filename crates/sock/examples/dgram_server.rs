//! A UDP server: says who sent a datagram and answers it.
//!
//! ```text
//! cargo run --example dgram_server -- 127.0.0.1 2222
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;

use jackfield_sock::{Cause, Family, Protocol, Socket, Type, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        eprintln!("usage: dgram_server HOST PORT (port 0: one that is free)");
        return ExitCode::from(2);
    };
    match serve(host, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dgram_server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(host: &str, port: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    // No listen() and no accept(): one socket receives from everybody.
    let server = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?;
    server.bind(&name::address(Family::INET, host, port)?)?;
    println!("Listening on {}", server.getsockname()?);

    loop {
        let (_message, address) = match server.recvfrom(65_535, 0) {
            Ok(received) => received,
            Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => {
                println!("Interrupted");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(peer) = address.ip() {
            println!("Message Received");
            println!("Sent by - {} port - {}", peer.ip(), peer.port());
        }
        // Whoever sent may be gone by now; that is no reason to leave the others.
        if let Err(error) = server.sendto(b"I got your message\n", 0, &address) {
            eprintln!("dgram_server: {error}");
        }
    }
}
