//! How received bytes are shown: as they are, made safe for a terminal, as a hex dump, as base64.

use codec::base64::Encoder;
use codec::{Buffer, Dump, Sanitizer, Style};

/// A way of showing bytes, with what it holds back until a line or a character is whole.
#[derive(Clone, Debug)]
pub enum Show {
    /// As they came.
    Raw,
    /// As text, every control character and every invalid byte escaped.
    Text(Sanitizer),
    /// As the dump of `jack hex`.
    Hex(Dump),
    /// As base64, in lines of 76.
    Base64(Encoder),
}

impl Show {
    /// Shows text that a terminal cannot be harmed by.
    #[must_use]
    pub fn text() -> Self {
        Self::Text(Sanitizer::new())
    }

    /// Shows a hex dump.
    #[must_use]
    pub fn hex() -> Self {
        Self::Hex(Dump::new(Style::default()))
    }

    /// Shows base64.
    #[must_use]
    pub fn base64() -> Self {
        Self::Base64(Encoder::wrapped(std::num::NonZeroUsize::MIN.saturating_add(75)))
    }

    /// Appends what is to be shown of `bytes`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Raw => out.extend_from_slice(bytes),
            Self::Text(sanitizer) => sanitizer.push(bytes, out),
            Self::Hex(dump) => append(out, |lines| dump.push(bytes, lines)),
            Self::Base64(encoder) => encoder.push(bytes, out),
        }
    }

    /// Appends what may be shown before its line is whole, for somebody who watches. What would change by being cut, a
    /// character or a group of base64, waits.
    pub fn flush(&mut self, out: &mut Vec<u8>) {
        if let Self::Hex(dump) = self {
            append(out, |lines| dump.flush(lines));
        }
    }

    /// Appends what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Raw => {}
            Self::Text(sanitizer) => sanitizer.finish(out),
            Self::Hex(dump) => append(out, |lines| dump.finish(lines)),
            Self::Base64(encoder) => encoder.finish(out),
        }
    }
}

/// Appends what is written to a buffer.
fn append(out: &mut Vec<u8>, write: impl FnOnce(&mut Buffer)) {
    let mut lines = Buffer::new();
    write(&mut lines);
    out.extend_from_slice(&lines);
}
