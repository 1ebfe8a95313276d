//! Bytes as base64 and back: RFC 4648 section 4, the standard alphabet, with padding.
//!
//! These are the functions for slices, and an encoder for who collects text in a `Vec`; [`crate::base`] has the
//! streams, the other alphabets and the other policies. Decoding is strict here, as RFC 4648 sections 3.2, 3.3 and 3.5
//! would have it: padding must be there, unused bits must be zero, nothing else may stand in between, so that each
//! byte string has exactly one text. The one exception that people need, line breaks, has a name of its own:
//! [`decode_spaced`].

use core::num::NonZeroUsize;

use crate::Buffer;
use crate::base::{self, Alphabet, Decoder, GroupEncoder};
pub use crate::policy::{DecodeError as Base64Error, Fault as Base64Fault};
use crate::policy::{Policy, Whitespace};
use crate::stream::whole;

/// Writes the bytes as base64 on one line.
///
/// ```
/// assert_eq!(jackfield_codec::base64::encode(b"jack"), "amFjaw==");
/// ```
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    encode_as(Alphabet::Base64, bytes)
}

/// Writes the bytes on one line in the URL-safe alphabet of RFC 4648 section 5, with padding.
#[must_use]
pub fn encode_url(bytes: &[u8]) -> String {
    encode_as(Alphabet::Base64Url, bytes)
}

/// Writes the bytes on one line with other characters than `+` and `/`, as Python's `altchars`.
///
/// ```
/// use jackfield_codec::base64::encode_with;
///
/// assert_eq!(encode_with(b"\xfb\xff", *b".~"), ".~8=");
/// ```
#[must_use]
pub fn encode_with(bytes: &[u8], last: [u8; 2]) -> String {
    encode_as(Alphabet::Base64With(last), bytes)
}

/// Reads bytes written as base64 on one line.
///
/// # Errors
/// [`Base64Error`] at the first character that cannot stand where it does, or at the end when some are missing.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    base::decode(Alphabet::Base64, Policy::STRICT, text)
}

/// Reads bytes written as base64 with white space anywhere, as `base64` and mail programs wrap it.
///
/// ```
/// use jackfield_codec::base64::decode_spaced;
///
/// assert_eq!(decode_spaced(b"amFj\naw==\n"), Ok(b"jack".to_vec()));
/// assert_eq!(
///     decode_spaced(b"amFjaw").unwrap_err().to_string(),
///     "offset 6: expected \"==\" to fill the last group of 4, found the end"
/// );
/// ```
///
/// # Errors
/// As [`decode`], but for white space.
pub fn decode_spaced(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    let policy = Policy { whitespace: Whitespace::Ascii, ..Policy::STRICT };
    base::decode(Alphabet::Base64, policy, text)
}

/// Reads bytes written in the URL-safe alphabet, on one line, with padding.
///
/// # Errors
/// As [`decode`].
pub fn decode_url(text: &[u8]) -> Result<Vec<u8>, Base64Error> {
    base::decode(Alphabet::Base64Url, Policy::STRICT, text)
}

/// Reads base64 with other characters than `+` and `/`, under a policy; [`Policy::PYTHON`] is what `b64decode` does
/// with `altchars`.
///
/// # Errors
/// Whatever the policy does not let pass.
pub fn decode_with(text: &[u8], last: [u8; 2], policy: Policy) -> Result<Vec<u8>, Base64Error> {
    whole(Decoder::new(Alphabet::Base64With(last), policy), text)
}

/// Writes base64 of bytes that arrive in pieces, on one line or wrapped.
///
/// ```
/// use jackfield_codec::base64::Encoder;
///
/// let mut out = Vec::new();
/// let mut encoder = Encoder::new();
/// encoder.push(b"ja", &mut out);
/// encoder.push(b"ck", &mut out);
/// encoder.finish(&mut out);
/// assert_eq!(out, b"amFjaw==");
/// ```
#[derive(Clone, Debug)]
pub struct Encoder {
    /// Apart: its tables would make whoever holds an encoder large.
    groups: Box<GroupEncoder>,
    text: Buffer,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// Makes an encoder that writes one line without an end.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// Makes an encoder that ends every line after so many characters, and the last one too, as `base64 -w` does.
    #[must_use]
    pub fn wrapped(columns: NonZeroUsize) -> Self {
        Self::with(Some(columns))
    }

    fn with(wrap: Option<NonZeroUsize>) -> Self {
        Self { groups: Box::new(GroupEncoder::new(Alphabet::Base64, wrap)), text: Buffer::new() }
    }

    /// Takes the next bytes and appends the characters that they complete to `out`.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.text.clear();
        self.groups.push(bytes, &mut self.text);
        out.extend_from_slice(&self.text);
    }

    /// Appends the last characters, padding, and the end of the last line if lines are wrapped.
    ///
    /// The encoder is as new afterwards.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.text.clear();
        self.groups.finish(&mut self.text);
        out.extend_from_slice(&self.text);
    }
}

fn encode_as(alphabet: Alphabet, bytes: &[u8]) -> String {
    let mut out = Buffer::new();
    let mut groups = GroupEncoder::new(alphabet, None);
    groups.push(bytes, &mut out);
    groups.finish(&mut out);
    base::text(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stream(wrap: Option<usize>, pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut encoder = wrap.and_then(NonZeroUsize::new).map_or_else(Encoder::new, Encoder::wrapped);
        for piece in pieces {
            encoder.push(piece, &mut out);
        }
        encoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    fn fault(text: &[u8]) -> (usize, Base64Fault) {
        let error = decode(text).unwrap_err();
        (error.offset, error.fault)
    }

    #[test]
    fn rfc_4648_section_10() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).unwrap(), bytes.as_bytes());
        }
    }

    #[test]
    fn the_whole_alphabet() {
        let bytes = decode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").unwrap();
        assert_eq!(bytes.len(), 48);
        assert_eq!(encode(&bytes), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        assert_eq!(decode(b"+///").unwrap(), [0xfb, 0xff, 0xff]);
    }

    #[test]
    fn faults_have_their_place() {
        assert_eq!(
            fault(b"Zm9v\nYg=="),
            (4, Base64Fault::NotInAlphabet { found: b'\n', alphabet: Alphabet::Base64 })
        );
        assert_eq!(
            fault(b"Zm9-"),
            (3, Base64Fault::NotInAlphabet { found: b'-', alphabet: Alphabet::Base64 })
        );
        assert_eq!(fault(b"Zm9v="), (4, Base64Fault::EarlyPadding { alphabet: Alphabet::Base64 }));
        assert_eq!(fault(b"Z==="), (1, Base64Fault::EarlyPadding { alphabet: Alphabet::Base64 }));
        assert_eq!(fault(b"Zg=x"), (3, Base64Fault::BrokenPadding { found: b'x' }));
        assert_eq!(fault(b"Zg==Zg=="), (4, Base64Fault::AfterPadding { found: b'Z' }));
        assert_eq!(fault(b"Zg==="), (4, Base64Fault::AfterPadding { found: b'=' }));
        assert_eq!(fault(b"Zh=="), (1, Base64Fault::LooseBits { found: b'h' }));
        assert_eq!(fault(b"Zm9="), (2, Base64Fault::LooseBits { found: b'9' }));
        assert_eq!(fault(b"Zg"), (2, Base64Fault::MissingPadding { missing: 2, group: 4 }));
        assert_eq!(fault(b"Zg="), (3, Base64Fault::MissingPadding { missing: 1, group: 4 }));
        assert_eq!(fault(b"Zm8"), (3, Base64Fault::MissingPadding { missing: 1, group: 4 }));
        assert_eq!(fault(b"Zm9vY"), (5, Base64Fault::Incomplete { digits: 1, needed: 2, group: 4 }));
    }

    #[test]
    fn errors_say_what_to_write_instead() {
        assert_eq!(
            decode(b"ab_c").unwrap_err().to_string(),
            "offset 2: expected the standard base64 alphabet, found '_' of the URL-safe one; write '/'"
        );
        assert_eq!(
            decode(b"ab\xffc").unwrap_err().to_string(),
            "offset 2: expected a base64 character, found 0xff"
        );
    }

    #[test]
    fn other_characters_for_the_last_two() {
        assert_eq!(encode_url(b"\xfb\xff\xfe"), "-__-");
        assert_eq!(decode_url(b"-__-").unwrap(), b"\xfb\xff\xfe");
        assert_eq!(decode_url(b"+__-").unwrap_err().offset, 0);
        assert_eq!(decode_with(b"!..!", *b"!.", Policy::STRICT).unwrap(), b"\xfb\xff\xfe");
        assert_eq!(decode_with(b"!./+", *b"!.", Policy::PYTHON).unwrap(), b"\xfb\xff\xfe");
        assert_eq!(decode_with(b"!./+", *b"!.", Policy::STRICT).unwrap_err().offset, 2);
        // A character that is no ASCII still makes a string.
        assert_eq!(encode_with(b"\xff\xff\xff", [b'-', 0xe9]), "\u{e9}\u{e9}\u{e9}\u{e9}");
    }

    #[test]
    fn lines_end_where_they_are_full_and_at_the_end() {
        assert_eq!(stream(Some(4), &[b"foo"]), "Zm9v\n");
        assert_eq!(stream(Some(3), &[b"foob"]), "Zm9\nvYg\n==\n");
        assert_eq!(stream(Some(76), &[b""]), "");
        assert_eq!(stream(None, &[b"foob"]), "Zm9vYg==");
    }

    #[test]
    fn a_finished_encoder_is_as_new() {
        let mut out = Vec::new();
        let mut encoder = Encoder::wrapped(NonZeroUsize::new(6).unwrap());
        for _ in 0..2 {
            encoder.push(b"foob", &mut out);
            encoder.finish(&mut out);
        }
        encoder.finish(&mut out);
        assert_eq!(out, b"Zm9vYg\n==\nZm9vYg\n==\n");
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(bytes: Vec<u8>, wrap in 1usize..80) {
            prop_assert_eq!(&decode(encode(&bytes).as_bytes()).unwrap(), &bytes);
            prop_assert_eq!(decode_spaced(stream(Some(wrap), &[&bytes]).as_bytes()).unwrap(), bytes);
        }

        #[test]
        fn any_split_gives_the_same_text(
            bytes in prop::collection::vec(any::<u8>(), 0..64),
            wrap in 0usize..20,
        ) {
            let whole = stream(Some(wrap), &[&bytes]);
            prop_assert_eq!(whole.replace('\n', ""), encode(&bytes));
            for at in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(at);
                prop_assert_eq!(&stream(Some(wrap), &[head, tail]), &whole);
            }
        }

        #[test]
        fn each_byte_string_has_one_text(text in "[A-Za-z0-9+/=]{0,12}") {
            if let Ok(bytes) = decode(text.as_bytes()) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn arbitrary_text_gives_bytes_or_a_place(text: Vec<u8>) {
            for result in [decode(&text), decode_spaced(&text)] {
                if let Err(error) = result {
                    prop_assert!(error.offset <= text.len());
                }
            }
        }
    }
}
