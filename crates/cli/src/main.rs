//! The command `jack`.
#![forbid(unsafe_code)]
fn main() {}
