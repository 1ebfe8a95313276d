//! Reading captures.
//!
//! [`Merge`] lends the [`Frame`]s of one or several files in the order of time. A [`Render`] makes bytes of a frame: [`Text`]
//! is tcpdump's, [`Tree`], [`Json`] and [`Table`] are ours. [`run`] drives the one through the other, in order, on all cores
//! where that pays. [`struct@Copy`] writes frames to a capture file.

#[doc(hidden)]
pub mod check;
mod clock;
mod copy;
mod decode;
mod frame;
mod json;
mod known;
mod merge;
mod run;
mod table;
mod text;
mod tree;

pub use clock::{Precision, Stamp, Zone};
pub use copy::{Copy, Form};
pub use decode::{DecodeAs, DecodeError};
pub use frame::{FRAME, Frame};
pub use json::Json;
pub use known::{Row, rows};
pub use merge::{Broken, Merge};
pub use run::{Render, Sink, count, run};
pub use table::{Format, Table, Unknown};
pub use text::{Dump, Text};
pub use tree::Tree;
