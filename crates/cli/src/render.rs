//! How things look: one file for each shape of output, shared by the jobs.

pub(crate) mod error;
pub(crate) mod events;
pub(crate) mod out;
pub(crate) mod page;
pub(crate) mod trace;
