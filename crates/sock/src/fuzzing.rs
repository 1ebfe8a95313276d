//! The parsers of this crate that nobody else can call, each for bytes of any origin: what the fuzz targets drive.
//!
//! It is no part of the API. The targets are in `fuzz/`, at the root; CONTRIBUTING.md says how they are run.

use crate::{interface, privilege, resolve};

/// Reads bytes as an answer of a DNS server, as the lookup does.
pub fn dns_message(bytes: &[u8]) {
    resolve::read_message(bytes);
}

/// Reads a text as resolv.conf(5).
pub fn resolv_conf(text: &[u8]) {
    resolve::read_conf(text);
}

/// Reads a text as hosts(5) and looks a name up in it.
pub fn hosts(text: &[u8], name: &[u8]) {
    resolve::read_hosts(text, name);
}

/// Reads bytes as answers of the kernel's routing socket: links, addresses, a route.
pub fn netlink(bytes: &[u8]) {
    interface::read_answers(bytes);
    privilege::read_route(bytes);
}

/// Reads a text as the kernel's tables of sockets in `/proc/net`.
pub fn socket_tables(text: &str) {
    privilege::read_tables(text);
}
