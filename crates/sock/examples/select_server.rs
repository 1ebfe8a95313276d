//! An echo server for many clients at once, in one thread, with select().
//!
//! ```text
//! cargo run --example select_server -- 127.0.0.1 1234
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::rc::Rc;

use jackfield_sock::select::select;
use jackfield_sock::{Cause, Family, Protocol, Socket, Type, c, name, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [host, port] = arguments.as_slice() else {
        eprintln!("usage: select_server HOST PORT (port 0: one that is free)");
        return ExitCode::from(2);
    };
    match serve(host, port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("select_server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(host: &str, port: &str) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;

    let server = Rc::new(Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?);
    server.setsockopt(c::SOL_SOCKET, c::SO_REUSEADDR, 1)?;
    server.bind(&name::address(Family::INET, host, port)?)?;
    server.listen(128)?;
    println!("Listening on {}", server.getsockname()?);

    // The sockets to wait for: first only the one that listens, then the clients' too.
    let mut sockets = vec![Rc::clone(&server)];
    loop {
        // Blocks until one of them has something to read; None is "without a time limit".
        let (readable, _, _) = match select(&sockets, &[], &[], None) {
            Ok(ready) => ready,
            Err(error) if matches!(error.cause(), Cause::Interrupted(_)) => {
                println!("Interrupted");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for socket in readable {
            if Rc::ptr_eq(&socket, &server) {
                // "Something to read" on a listening socket is a new client.
                let (client, address) = server.accept()?;
                println!("Connected - {address}");
                sockets.push(Rc::new(client));
            } else if let Err(why) = echo(&socket) {
                println!("{why}");
                sockets.retain(|other| !Rc::ptr_eq(other, &socket));
            }
        }
    }
}

/// Sends back what a client sent; says why when it is gone.
fn echo(client: &Socket) -> Result<(), String> {
    match client.recv(4096, 0) {
        Ok(message) if message.is_empty() => Err("Disconnected".to_owned()),
        // A client that reads nothing would stop us here, and with us all others; a real server would also wait until
        // it can write.
        Ok(message) => client.sendall(&message, 0).map_err(|error| format!("Lost - {error}")),
        Err(error) => Err(format!("Lost - {error}")),
    }
}
