//! A raw socket: makes an ICMP echo request by hand, as ping does, sends it to 127.0.0.1 and prints the reply.
//!
//! Raw sockets show and forge what other programs send, so the kernel asks for a privilege. Without it this program says
//! what is missing and how to get it. Source: raw(7), RFC 792.
//!
//! ```text
//! cargo run --example raw_icmp
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to people")]

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use jackfield_sock::{Family, Mode, Protocol, Socket, Type, signal};

const ECHO_REQUEST: u8 = 8;
const ECHO_REPLY: u8 = 0;

fn main() -> ExitCode {
    // AF_INET, SOCK_RAW, IPPROTO_ICMP: every ICMP packet that this machine receives, and any that we make.
    let socket = match Socket::open(Family::INET, Type::RAW, Protocol::ICMP) {
        Ok(socket) => socket,
        Err(error) if error.is_permission() => {
            eprintln!("raw_icmp: {error}: a raw socket needs the capability CAP_NET_RAW");
            eprintln!("fix: run it with sudo, or once: sudo setcap cap_net_raw+ep {}", program());
            return ExitCode::FAILURE;
        }
        Err(error) => {
            eprintln!("raw_icmp: {error}");
            return ExitCode::FAILURE;
        }
    };
    match ping(&socket) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("raw_icmp: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ping(socket: &Socket) -> Result<(), Box<dyn Error>> {
    // Ctrl-C ends a waiting call with an error instead of ending the program.
    signal::catch_interrupts()?;
    socket.set_mode(Mode::Timeout(Duration::from_secs(5)))?;

    // Our number, so that we know our reply among those to others.
    let [_, _, id @ ..] = std::process::id().to_be_bytes();
    let request = echo_request(id, [0, 1], b"I got your message");
    socket.sendto(&request, 0, &"127.0.0.1:0".parse()?)?;
    println!("Sent an echo request of {} bytes", request.len());

    loop {
        let (packet, address) = socket.recvfrom(65_535, 0)?;
        // A raw IPv4 socket receives the IP header too; the low half of its first byte says how many words it is long.
        let header = usize::from(packet.first().copied().unwrap_or_default() & 0x0f) * 4;
        let message = packet.get(header..).unwrap_or_default();
        // On loopback we also see our own request: only the reply is of type 0.
        let [ECHO_REPLY, _code, _, _, a, b, s, t, data @ ..] = message else { continue };
        if [*a, *b] == id {
            if let Some(peer) = address.ip() {
                println!("Reply from {}: sequence {}", peer.ip(), u16::from_be_bytes([*s, *t]));
                println!("Received - {}", data.escape_ascii());
            }
            return Ok(());
        }
    }
}

/// RFC 792: type, code, checksum, identifier, sequence number, data.
fn echo_request(id: [u8; 2], sequence: [u8; 2], data: &[u8]) -> Vec<u8> {
    let packet = |checksum: [u8; 2]| [&[ECHO_REQUEST, 0], &checksum[..], &id, &sequence, data].concat();
    packet(checksum(&packet([0, 0])).to_be_bytes())
}

/// RFC 1071: the complement of the sum of all 16-bit words, in which what overflows is added again.
fn checksum(packet: &[u8]) -> u16 {
    let mut sum: u16 = 0;
    for pair in packet.chunks(2) {
        let word = u16::from_be_bytes([
            pair.first().copied().unwrap_or_default(),
            pair.get(1).copied().unwrap_or_default(), // an odd byte at the end counts as if a zero followed
        ]);
        let (wrapped, overflow) = sum.overflowing_add(word);
        sum = wrapped + u16::from(overflow);
    }
    !sum
}

fn program() -> String {
    std::env::current_exe().map_or_else(|_| "raw_icmp".to_owned(), |path| path.display().to_string())
}
