//! The socket tool as a library: one door to Jackfield's crates.
//!
//! - [`sock`]: the Berkeley socket API, every call visible.
//! - [`talk`]: the jobs connect, listen and relay.
//! - [`capture`]: reading captures.
//! - [`codec`]: bytes as text and back.
//! - [`wire`]: packets, one definition of each protocol.
//! - [`pcap`]: capture files, pcap and pcapng.
//! - [`manual`]: the chapters that `jack explain` prints.
//!
//! The faces (the command `jack`, later a Python module and a page) reach the crates through here, so what they use is
//! what everybody can use.

#![forbid(unsafe_code)]

pub mod manual;

pub use capture;
pub use codec;
pub use pcap;
pub use sock;
pub use talk;
pub use wire;
