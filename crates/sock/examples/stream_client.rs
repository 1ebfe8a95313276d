//! A TCP client: connects, sends a message, prints the answer.
//!
//! ```text
//! cargo run --example stream_client -- 127.0.0.1 1111 "Hello"
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;

use jackfield_sock::{Family, Protocol, Shutdown, Socket, Type, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port, message] = arguments.as_slice() else {
        eprintln!("usage: stream_client HOST PORT MESSAGE");
        return ExitCode::from(2);
    };
    match talk(host, port, message) {
        Ok(()) => ExitCode::SUCCESS,
        // Refused, unreachable, interrupted by Ctrl-C: the error says which call failed, on which address, and why.
        Err(error) => {
            eprintln!("stream_client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk(host: &str, port: &str, message: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    // AF_INET: IPv4. SOCK_STREAM: a stream of bytes in both directions, which is TCP.
    let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
    client.connect(&name::address(Family::INET, host, port)?)?;
    // send() may take only a part; sendall() goes on until everything is sent.
    client.sendall(message.as_bytes(), 0)?;
    // "I have said everything": some servers answer only then.
    client.shutdown(Shutdown::Write)?;

    // A stream has no messages, only bytes: what the server sent in one piece may arrive in several.
    let mut answer = Vec::new();
    loop {
        let bytes = client.recv(1024, 0)?;
        if bytes.is_empty() {
            break; // the server has closed its end
        }
        answer.extend(bytes);
    }
    // Bytes from the network could be commands to the terminal: only printable ones go there as they are.
    println!("Received - {}", answer.trim_ascii_end().escape_ascii());

    client.close()?;
    Ok(())
}
