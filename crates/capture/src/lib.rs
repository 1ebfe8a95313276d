//! Captures: packets as they were kept, and what is made of them for people and programs.
//!
//! - [`mod@file`]: reading capture files, as tcpdump's text, trees, JSON or chosen fields, on as many cores as there are.
//!
//! It takes what is `Read` and gives bytes back: opening, printing and colour belong to the face.
#![forbid(unsafe_code)]

pub mod file;
