//! Frames as trees: every field of every layer, with its place.

use std::io::Write as _;

use wire::Dissector;

use super::clock::{Clock, Precision, Stamp, Zone};
use super::decode::DecodeAs;
use super::frame::Frame;
use super::run::Render;

/// Writes frames as trees, an empty line behind each.
#[derive(Debug)]
pub struct Tree {
    rules: Vec<DecodeAs>,
    zone: Zone,
    clock: Clock,
    dissector: Dissector,
}

impl Tree {
    /// Makes one, which takes numbers for protocols as the user says, and tells times in a zone.
    #[must_use]
    pub fn new(rules: &[DecodeAs], zone: Zone) -> Self {
        let mut dissector = Dissector::new();
        DecodeAs::tell(rules, &mut dissector);
        let clock = Clock::new(Stamp::Date, Precision::Nano, zone.clone());
        Self { rules: rules.to_vec(), zone, clock, dissector }
    }
}

impl Render for Tree {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        // Writing into memory does not fail.
        let _ = write!(out, "Frame {}: ", frame.number);
        if frame.time.is_some() {
            self.clock.write(frame.time, frame.before, frame.first, out);
        }
        let (length, captured) = (frame.original_length, frame.data.len());
        let _ = writeln!(out, "{length} bytes, {captured} captured, {}", frame.linktype);
        let packet = self.dissector.dissect(frame.linktype.0, frame.data, frame.wire_len());
        wire::tree::write(&packet, out);
        out.push(b'\n');
    }

    fn split(self, most: usize) -> Vec<Self> {
        (0..most).map(|_| Self::new(&self.rules, self.zone.clone())).collect()
    }
}
