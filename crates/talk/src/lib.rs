//! The jobs that talk: connect, listen and relay. Data in, data out, no words.
//!
//! An [`Endpoint`] says where; [`Options`] say how; [`connect`], [`listen`], [`relay`] and [`probe`] (or [`probe_all`]) do it and tell what
//! happens as [`Event`]s to the closure that the face hands in. Who prints what is not this crate's business.
//!
//! How a conversation ends is the rule of the house: the end of our input is sent on as a FIN, the peer's answer is
//! drained until its FIN, and nothing that was accepted is lost.
//!
//! ```no_run
//! use jackfield_talk::{Console, Endpoint, Options};
//!
//! let endpoint = Endpoint::parse("tcp://example.net:80".as_ref())?;
//! let events = |event: &jackfield_talk::Event<'_>| println!("{event:?}");
//! jackfield_talk::connect(&endpoint, &Options::default(), Console::standard(), &events)?;
//! # Ok::<(), jackfield_talk::Error>(())
//! ```

#![forbid(unsafe_code)]

mod audience;
mod column;
mod comma;
mod connect;
mod console;
mod datagrams;
mod dial;
mod duplex;
mod endpoint;
mod error;
mod event;
mod lines;
mod listen;
mod listener;
mod options;
mod payload;
mod pieces;
mod probe;
mod relay;
mod seats;
mod serve;
mod shared;
mod show;
mod time;
mod transport;

pub use audience::Audience;
pub use column::take_open_line;
pub use comma::{EndpointOptions, Role};
pub use connect::connect;
pub use console::{Console, Record};
pub use endpoint::{Endpoint, EndpointError, Name, Net};
pub use error::Error;
pub use event::{Event, Events, PortState, Why};
pub use listen::listen;
pub use options::{Options, Reply, Serve};
pub use probe::{probe, probe_all};
pub use relay::relay;
pub use show::Show;
pub use transport::{Prefix, Transport};
