//! Packets: one definition of each protocol gives parsing, building, text, fields and docs.
//!
//! A protocol is a file in [`stack`]: the RFC's drawing, the table of its header, the rules that no table can say. Three
//! things read it. The typed view (`Ipv4::new(bytes)?.ttl()`) is for who knows what is there: text in bulk, filters, scans.
//! [`Dissector`] takes a packet apart into layers, without reading more than that takes, and [`Packet::walk`] shows any of them
//! field by field: tree, JSON, chosen fields. [`owned::Packet`] holds a packet by itself, to be changed and built.
//!
//! No bytes are refused: a layer is ok, truncated or malformed, with where and why, and what is not understood stays bytes.
//! `build(parse(bytes)) == bytes` for every byte string. Nothing here reads files, clocks or the environment.
//!
//! ```
//! use jackfield_wire::{Dissector, stack::{Id, ipv4::Ipv4}};
//!
//! let frame = [
//!     0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2, // IPv4
//!     0, 7, 0, 9, 0, 8, 0, 0, // UDP
//! ];
//! let mut dissector = Dissector::new();
//! let packet = dissector.dissect(101, &frame, frame.len());
//! let ip = packet.layer(Id::Ipv4).and_then(|layer| Ipv4::new(packet.header(layer)));
//! assert_eq!(ip.map(|ip| ip.ttl()), Some(64));
//! ```

#![forbid(unsafe_code)]

pub mod answer;
mod bits;
pub mod check;
pub mod checksum;
pub mod conversation;
mod digits;
mod field;
mod header;
pub mod json;
pub mod line;
pub mod name;
pub mod number;
pub mod option;
pub mod owned;
mod packet;
pub mod select;
pub mod show;
pub mod stack;
mod text;
mod time;
pub mod tree;
mod walk;

pub use field::{Computed, Field, Kind, Names, Rule, Space};
pub use header::{Little, Mac};
pub use packet::{Check, Dissector, Fault, Input, Layer, MOST_LAYERS, Next, Packet, Status, Step, Verdict};
pub use stack::{Id, Protocol};
pub use walk::{Value, Visit, Walk};
