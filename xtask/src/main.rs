//! The house rules as code.
#![forbid(unsafe_code)]
fn main() {}
