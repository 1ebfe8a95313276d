//! Frames as JSON: one object a line, under Wireshark's names.

use std::io::Write as _;

use wire::Dissector;

use super::decode::DecodeAs;
use super::frame::Frame;
use super::run::Render;

/// Writes frames as JSON.
#[derive(Debug, Default)]
pub struct Json {
    rules: Vec<DecodeAs>,
    dissector: Dissector,
    members: wire::json::Json,
}

impl Json {
    /// Makes one, which takes numbers for protocols as the user says.
    #[must_use]
    pub fn new(rules: &[DecodeAs]) -> Self {
        let mut dissector = Dissector::new();
        DecodeAs::tell(rules, &mut dissector);
        Self { rules: rules.to_vec(), dissector, members: wire::json::Json::new() }
    }
}

impl Render for Json {
    fn frame(&mut self, frame: &Frame<'_>, out: &mut Vec<u8>) {
        // Writing into memory does not fail.
        let _ = write!(out, "{{\"frame.number\":{}", frame.number);
        if let Some(time) = frame.time {
            out.extend_from_slice(b",\"frame.time_epoch\":\"");
            super::table::epoch(time.nanoseconds(), out);
            out.push(b'"');
        }
        let _ =
            write!(out, ",\"frame.len\":{},\"frame.cap_len\":{}", frame.original_length, frame.data.len());
        let packet = self.dissector.dissect(frame.linktype.0, frame.data, frame.wire_len());
        self.members.members(&packet, out);
        out.extend_from_slice(b"}\n");
    }

    fn split(self, most: usize) -> Vec<Self> {
        (0..most).map(|_| Self::new(&self.rules)).collect()
    }
}
