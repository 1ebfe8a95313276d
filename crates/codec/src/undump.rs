//! Dumps read back.
mod fast;
pub mod reverse;
