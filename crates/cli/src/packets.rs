//! What reading captures takes from the machine: files through the door, the zone, names, and a place for the lines.
//!
//! It is shared by `jack read` and the dialect of tcpdump.

mod names;
mod paint;
mod sink;
mod source;
mod zone;

pub(crate) use names::Lookup;
pub(crate) use sink::{Lines, Raw};
pub(crate) use source::{Progress, Source, is_same_file};
pub(crate) use zone::zone;

/// How many threads may render beside the one that reads.
pub(crate) fn threads() -> usize {
    match std::thread::available_parallelism().map_or(1, std::num::NonZero::get) {
        1 => 0,
        cores => cores,
    }
}
