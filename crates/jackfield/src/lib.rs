//! Placeholder of the room; its content comes with the next commits.
#![forbid(unsafe_code)]

pub mod manual;
