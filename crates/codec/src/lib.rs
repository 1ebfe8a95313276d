//! Bytes as text and back: what a person sees of a payload, and how a person writes one.
//!
//! - [`Dump`] writes the hex dump that `xxd`, `hexdump -C`, `od` or `hexyl` writes, line by line as bytes arrive.
//! - [`hex`] and [`base64`] encode, and decode strictly, with the place of whatever is wrong; [`base`] has the streams,
//!   all alphabets of `basenc`, and under a [`policy`] the manners of GNU's tools, of Python and of RFC 4648.
//! - [`base85`] is base85 and Ascii85 as Python has them.
//! - [`pack`] turns values into bytes and back, in the format language of Python's `struct`: `!HHI4s`.
//! - [`mod@array`] writes bytes as an array in C, Rust, Python, Go or JSON.
//! - [`undump`] reads dumps of nine tools back, strictly, and has the automaton of `xxd -r`.
//! - [`quote`] shows bytes as a literal in a trace; [`sanitize`] and [`Sanitizer`] keep text readable and a
//!   terminal safe from it.
//! - [`data`] is the one grammar for a payload on a command line: `text:hello`, `hex:00ff`, `u16be:80`, `@file`.
//!
//! Each codec comes as slices, as a stream and as an iterator; the streams are [`stream::Transform`]s, which
//! [`stream::copy`], [`stream::Reader`], [`stream::Writer`] and [`stream::iter`] drive:
//!
//! | | slices | streams, and iterators by [`stream::iter`] |
//! |---|---|---|
//! | hex | [`hex::encode`], [`hex::decode`], [`hex::hexlify`], [`hex::unhexlify`], [`hex::fromhex`] | [`hex::Encoder`], [`hex::Plain`], [`hex::Decoder`] |
//! | base64 and the other alphabets | [`base64::encode`], [`base64::decode`], [`base::encode`], [`base::decode`] | [`base::Encoder`], [`base::Decoder`] |
//! | base85 | [`base85::b85encode`], [`base85::a85encode`] and back | [`base85::B85Encoder`], [`base85::A85Encoder`] and back |
//! | dumps | [`Dump::lines`], an iterator of lines | [`Dump`], [`undump::Undump`], [`undump::reverse::Reversed`] |
//! | arrays | [`stream::whole`] | [`array::Array`], [`undump::Undump`] |
//! | values | [`pack::Format::pack`], [`pack::Format::unpack`] | [`pack::Format::iter_unpack`], an iterator of records |
//!
//! The crate is pure: bytes in, bytes out. It opens no file, reads no clock and no environment, keeps no global
//! state, and no input makes it panic. Whatever works on a stream has a `push` that takes the next piece and a
//! `finish` for the end, both appending to a buffer of the caller, and gives the same output however the stream
//! was cut.
//!
//! ```
//! use std::ffi::OsStr;
//! use jackfield_codec::data::Piece;
//! use jackfield_codec::{Buffer, Dump, Style, data, quote};
//!
//! // What was typed …
//! let pieces = data::parse(OsStr::new(r"str:GET / HTTP/1.0\r\n\r\n"))?;
//! let [Piece::Bytes(request)] = &pieces[..] else { unreachable!("no file was named") };
//! // … as a trace shows it …
//! assert_eq!(quote(request), r#"b"GET / HTTP/1.0\r\n\r\n""#);
//! // … and as a dump of what was sent.
//! let mut out = Buffer::new();
//! let mut sent = Dump::new(Style::default().prefix("> "));
//! sent.push(request, &mut out);
//! sent.finish(&mut out);
//! assert_eq!(
//!     String::from_utf8_lossy(&out),
//!     "> 00000000: 4745 5420 2f20 4854 5450 2f31 2e30 0d0a  GET / HTTP/1.0..\n\
//!      > 00000010: 0d0a                                     ..\n"
//! );
//! # Ok::<(), data::DataError>(())
//! ```
// Lifted by the kernels in `simd`, the one room for it.
#![deny(unsafe_code)]

pub mod array;
pub mod base;
pub mod base64;
pub mod base85;
mod buffer;
#[doc(hidden)]
pub mod check;
pub mod data;
mod dump;
mod escape;
pub mod hex;
pub mod pack;
pub mod policy;
mod simd;
pub mod stream;
pub mod undump;

#[cfg(any(fuzzing, feature = "kernels"))]
#[doc(hidden)]
pub use simd::open as kernels;

pub use buffer::Buffer;
pub use dump::{Base, Border, Characters, Dump, Radix, Squeeze, Style, StyleError};
pub use escape::{Sanitizer, quote, quote_limited, sanitize, sanitize_words};
