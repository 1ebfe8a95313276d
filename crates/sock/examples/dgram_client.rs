//! A UDP client: sends one datagram and prints the one that comes back.
//!
//! ```text
//! cargo run --example dgram_client -- 127.0.0.1 2222 "Hello"
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use jackfield_sock::{Family, Mode, Protocol, Socket, Type, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, message] = arguments.as_slice() else {
        eprintln!("usage: dgram_client HOST PORT MESSAGE");
        return ExitCode::from(2);
    };
    match talk(host, port, message) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dgram_client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk(host: &str, port: &str, message: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    // SOCK_DGRAM: datagrams, which is UDP. There is no connection, so each datagram says where it goes.
    let client = Socket::open(Family::INET, Type::DGRAM, Protocol::UDP)?;
    // Datagrams get lost, and nobody tells: do not wait for ever.
    client.set_mode(Mode::Timeout(Duration::from_secs(5)))?;
    client.sendto(message.as_bytes(), 0, &name::address(Family::INET, host, port)?)?;

    let (answer, address) = client.recvfrom(65_535, 0)?;
    // Bytes from the network could be commands to the terminal: only printable ones go there as they are.
    println!("Received - {}", answer.trim_ascii_end().escape_ascii());
    println!("From - {address}");
    Ok(())
}
