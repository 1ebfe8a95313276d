//! The house rules as code.
//!
//! - [`tidy`]: the seven checks of `cargo xtask tidy`, on any tree, so that fixtures can be checked too.
//! - [`source`]: Rust source as tokens, which the checks read.
//!
//! The other tasks (`dist`, `soak`, `as-user`) belong to the program and are in its modules.
#![forbid(unsafe_code)]

pub mod source;
pub mod tidy;
