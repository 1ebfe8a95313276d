//! The jobs, one file each, named as they are typed.

pub(crate) mod base64;
pub(crate) mod connect;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod generate;
pub(crate) mod hex;
pub(crate) mod listen;
pub(crate) mod read;
pub(crate) mod relay;
pub(crate) mod resolve;
pub(crate) mod tour;

mod common;
