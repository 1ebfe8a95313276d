//! Bytes as text and back: what a person sees of a payload, and how a person writes one.
#![forbid(unsafe_code)]

pub mod base64;
mod dump;
mod escape;
pub mod hex;

pub use dump::{Dump, Style, StyleError};
pub use escape::{Sanitizer, quote, quote_limited, sanitize};
