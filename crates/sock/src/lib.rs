//! The Berkeley socket API, whole, as Python's `socket` and `select` offer it and the manual pages describe it.
//!
//! One method is one call, and every call can be seen. Names are the manual's, numbers that have no name
//! pass through, errors say which call failed, on which address, and why.
//!
//! ```
//! use jackfield_sock::{Address, Family, Protocol, Shutdown, Socket, Type};
//!
//! let server = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
//! server.bind(&"127.0.0.1:0".parse()?)?;
//! server.listen(1)?;
//!
//! let client = Socket::open(Family::INET, Type::STREAM, Protocol::TCP)?;
//! client.connect(&server.getsockname()?)?;
//! client.sendall(b"I got your message", 0)?;
//! client.shutdown(Shutdown::Write)?;
//!
//! let (peer, _address) = server.accept()?;
//! assert_eq!(peer.recv(1024, 0)?, b"I got your message");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod cmsg;
#[doc(hidden)]
pub mod fuzzing;
pub mod interface;
pub mod io;
pub mod name;
pub mod option;
pub mod order;
pub mod privilege;
pub mod select;
pub mod text;
pub mod trace;

mod create;
mod error;
mod family;
mod raise;
mod remedy;
mod resolve;
mod rights;
mod socket;
mod timeout;

pub use create::{
    NotConnected, ServerOptions, create_connection, create_connection_all_errors, create_connection_by_name,
    create_server, has_dualstack_ipv6,
};
pub use error::{Cause, Error, Result};
pub use family::{Family, Protocol, Type};
pub use rights::{recv_fds, send_fds};
pub use socket::{Shutdown, Socket};
pub use timeout::{Deadline, Mode, default_mode, set_default_mode, wait_any, wait_through};

pub use sys::message::Received;
pub use sys::process::share_one_heap;
pub use sys::rehearsal::{FIRST_REHEARSED_FD, rehearse, rehearsing};
pub use sys::rights::Control;
pub use sys::wait::PollFd;
pub use sys::{
    Address, Errno, Fd, LinkAddress, Op, UnixAddress, c, inherited, process, signal, stderr, stdin, stdout,
    terminal,
};
