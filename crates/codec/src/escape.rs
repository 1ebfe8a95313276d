//! Bytes made safe to read: quoted for a trace, or cleaned for a terminal.
//!
//! [`quote`] shows every byte, as a literal that Rust and Python read back. [`sanitize`] keeps text as it is and
//! escapes only what could act on the terminal or deceive the reader: control characters (ECMA-48: C0, DEL, C1),
//! the format characters of Unicode (category Cf, the bidirectional controls of UAX #9 among them), what else a display
//! ignores (Default_Ignorable_Code_Point), bytes that are not UTF-8, and the backslash itself, so that no text can pass
//! for another. What came from the network must pass through one of the two before a person sees it.

use core::fmt;

use crate::hex;

/// Writes the bytes as a literal such as `b"hello\n"`, which Rust and Python read back as the same bytes.
///
/// ```
/// assert_eq!(jackfield_codec::quote(b"a \"b\"\r\n\x00\xff"), r#"b"a \"b\"\r\n\x00\xff""#);
/// ```
#[must_use]
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_add(3));
    text.push_str("b\"");
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b'"' => text.push_str("\\\""),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.extend(escaped(byte).map(char::from)),
        }
    }
    text.push('"');
    text
}

/// Writes at most `max` of the bytes as [`quote`] does, and when that is not all of them, `…` and how many there are.
///
/// ```
/// assert_eq!(jackfield_codec::quote_limited(b"hello", 5), r#"b"hello""#);
/// assert_eq!(jackfield_codec::quote_limited(b"hello", 2), r#"b"he"… (5 bytes)"#);
/// ```
#[must_use]
pub fn quote_limited(bytes: &[u8], max: usize) -> String {
    match bytes.split_at_checked(max) {
        Some((head, [_, ..])) => format!("{}… ({} bytes)", quote(head), bytes.len()),
        _ => quote(bytes),
    }
}

/// Copies text for a terminal, with everything that could act on it escaped: see [`Sanitizer`].
#[must_use]
pub fn sanitize(bytes: &[u8]) -> Vec<u8> {
    Sanitizer::new().all_of(bytes)
}

/// Copies words of our own, in which what others said has been escaped already: as [`sanitize`], but backslashes pass.
#[must_use]
pub fn sanitize_words(bytes: &[u8]) -> Vec<u8> {
    Sanitizer { keeps_backslash: true, ..Sanitizer::new() }.all_of(bytes)
}

/// Copies text for a terminal as it arrives, with everything that could act on it escaped.
///
/// Printable UTF-8, line feeds and tabs pass unchanged. A carriage return becomes `\r`, a backslash `\\`. Each byte of
/// these becomes `\xNN`: the other C0 controls and DEL, C1 (U+0080–U+009F), format characters and what else is invisible
/// (categories Cf, Zl, Zp; Default_Ignorable_Code_Point), and what is not UTF-8. The output is UTF-8 after every call,
/// and two texts that differ are shown differently.
///
/// ```
/// use jackfield_codec::Sanitizer;
///
/// let mut out = Vec::new();
/// let mut sanitizer = Sanitizer::new();
/// sanitizer.push(b"caf\xc3", &mut out);
/// sanitizer.push(b"\xa9\x1b[2J\r\n", &mut out);
/// sanitizer.finish(&mut out);
/// assert_eq!(out, "café\\x1b[2J\\r\n".as_bytes());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sanitizer {
    /// Backslashes pass: an escape may be in the text already.
    keeps_backslash: bool,
    /// The beginning of a character whose end has not come yet, at most three bytes.
    held: Vec<u8>,
}

impl Sanitizer {
    /// Makes a sanitizer that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn all_of(mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        self.push(bytes, &mut out);
        self.finish(&mut out);
        out
    }

    /// Takes the next bytes and appends them to `out`, but for the beginning of a character at their end.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        while !self.held.is_empty() {
            let Some((&next, tail)) = rest.split_first() else { return };
            self.held.push(next);
            match core::str::from_utf8(&self.held) {
                Ok(character) => {
                    write_text(character, self.keeps_backslash, out);
                    self.held.clear();
                    rest = tail;
                }
                Err(error) if error.error_len().is_none() => rest = tail,
                // What was held stays incomplete for ever; the new byte may begin something of its own.
                Err(_) => {
                    self.held.pop();
                    self.finish(out);
                }
            }
        }
        let mut chunks = rest.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            write_text(chunk.valid(), self.keeps_backslash, out);
            if chunks.peek().is_none() && is_beginning(chunk.invalid()) {
                self.held.extend_from_slice(chunk.invalid());
            } else {
                write_escaped(chunk.invalid(), out);
            }
        }
    }

    /// Appends what is held, escaped: the end of the text has come and the end of its last character has not.
    ///
    /// The sanitizer is as new afterwards.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        write_escaped(&self.held, out);
        self.held.clear();
    }
}

/// One byte for an error message: `'g'` when it is printable, else `0x1b`.
#[derive(Clone, Copy)]
pub(crate) struct Shown(pub(crate) u8);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            byte @ b' '..=b'~' => write!(f, "'{}'", char::from(byte)),
            byte => write!(f, "0x{byte:02x}"),
        }
    }
}

fn write_text(text: &str, keeps_backslash: bool, out: &mut Vec<u8>) {
    let is_special = |character| (character == '\\' && !keeps_backslash) || deceives(character);
    for run in text.split_inclusive(is_special) {
        match run.char_indices().next_back() {
            Some((at, last)) if is_special(last) => {
                let (clean, special) = run.split_at(at);
                out.extend_from_slice(clean.as_bytes());
                match last {
                    '\r' => out.extend_from_slice(b"\\r"),
                    '\\' => out.extend_from_slice(b"\\\\"),
                    _ => write_escaped(special.as_bytes(), out),
                }
            }
            _ => out.extend_from_slice(run.as_bytes()),
        }
    }
}

fn write_escaped(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(bytes.iter().flat_map(|&byte| escaped(byte)));
}

/// `\xNN`
fn escaped(byte: u8) -> [u8; 4] {
    let [high, low] = hex::digits(byte, false);
    [b'\\', b'x', high, low]
}

/// What a terminal does not show, or shows others elsewhere because of it: ranges in order.
///
/// The categories Cf, Zl and Zp and the property Default_Ignorable_Code_Point of the Unicode Character Database 16.0; Cc is
/// a rule of its own.
const INVISIBLE: &[(u32, u32)] = &[
    (0xad, 0xad),       // soft hyphen
    (0x34f, 0x34f),     // combining grapheme joiner
    (0x600, 0x605),     // Arabic number signs
    (0x61c, 0x61c),     // Arabic letter mark
    (0x6dd, 0x6dd),     // Arabic end of ayah
    (0x70f, 0x70f),     // Syriac abbreviation mark
    (0x890, 0x891),     // Arabic pound and piastre marks above
    (0x8e2, 0x8e2),     // Arabic disputed end of ayah
    (0x115f, 0x1160),   // Hangul fillers
    (0x17b4, 0x17b5),   // Khmer inherent vowels
    (0x180b, 0x180f),   // Mongolian variation selectors, vowel separator
    (0x200b, 0x200f),   // zero-width space, joiners; marks of direction
    (0x2028, 0x202e),   // line and paragraph separator; bidirectional embeddings and overrides
    (0x2060, 0x206f),   // word joiner, invisible operators; bidirectional isolates, deprecated controls
    (0x3164, 0x3164),   // Hangul filler
    (0xfe00, 0xfe0f),   // variation selectors
    (0xfeff, 0xfeff),   // zero-width no-break space
    (0xffa0, 0xffa0),   // halfwidth Hangul filler
    (0xfff0, 0xfffb),   // unassigned and ignorable; interlinear annotation
    (0x110bd, 0x110bd), // Kaithi number sign
    (0x110cd, 0x110cd), // Kaithi number sign above
    (0x13430, 0x1343f), // Egyptian hieroglyph format controls
    (0x1bca0, 0x1bca3), // shorthand format controls
    (0x1d173, 0x1d17a), // musical symbol format controls
    (0xe0000, 0xe0fff), // tags, further variation selectors
];

/// Whether a terminal obeys this character instead of showing it, does not show it, or shows others elsewhere because of it.
fn deceives(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        ' '..='~' => false,
        // C0, DEL and C1: category Cc.
        _ if character.is_control() => true,
        _ => {
            let number = u32::from(character);
            let after = INVISIBLE.partition_point(|(first, _)| *first <= number);
            after.checked_sub(1).and_then(|at| INVISIBLE.get(at)).is_some_and(|(_, last)| number <= *last)
        }
    }
}

/// Whether more bytes could make a character of these.
fn is_beginning(bytes: &[u8]) -> bool {
    core::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut sanitizer = Sanitizer::new();
        for piece in pieces {
            sanitizer.push(piece, &mut out);
            assert!(core::str::from_utf8(&out).is_ok(), "not UTF-8 after a push: {out:?}");
            assert!(sanitizer.held.len() <= 3);
        }
        sanitizer.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_escape_what_a_literal_must() {
        assert_eq!(quote(b""), r#"b"""#);
        assert_eq!(quote(b"GET / HTTP/1.1\r\n"), r#"b"GET / HTTP/1.1\r\n""#);
        assert_eq!(quote(b"\t\\\"'\0\x1f\x7f\x80\xff"), r#"b"\t\\\"'\x00\x1f\x7f\x80\xff""#);
    }

    #[test]
    fn a_limit_counts_bytes_and_not_characters() {
        assert_eq!(quote_limited(b"", 0), r#"b"""#);
        assert_eq!(quote_limited(b"\n\n\n", 2), r#"b"\n\n"… (3 bytes)"#);
        assert_eq!(quote_limited(b"abc", 0), r#"b""… (3 bytes)"#);
        assert_eq!(quote_limited(b"abc", usize::MAX), r#"b"abc""#);
    }

    #[test]
    fn text_passes() {
        let text = "plain\ttext\n\"quoted\" Grüße, 你好, 👋\u{a0}\u{301}\n";
        assert_eq!(clean(&[text.as_bytes()]), text);
    }

    #[test]
    fn a_backslash_is_doubled_so_that_no_text_passes_for_another() {
        assert_eq!(clean(&[br"C:\temp\x1b"]), r"C:\\temp\\x1b");
        assert_eq!(clean(&[b"\x1b"]), r"\x1b");
        assert_eq!(sanitize_words(br"a\x1b"), br"a\x1b");
        assert_eq!(sanitize_words(b"a\x1b\xff"), br"a\x1b\xff");
    }

    #[test]
    fn what_is_not_shown_is_shown() {
        for invisible in [
            '\u{ad}',
            '\u{34f}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{2028}',
            '\u{2029}',
            '\u{2060}',
            '\u{2063}',
            '\u{206f}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{fff9}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            let shown = clean(&[format!("a{invisible}b").as_bytes()]);
            assert!(shown.is_ascii() && shown.starts_with("a\\x"), "{invisible:?} became {shown:?}");
        }
        assert!(INVISIBLE.is_sorted() && INVISIBLE.iter().all(|(first, last)| first <= last));
    }

    #[test]
    fn controls_are_shown() {
        assert_eq!(clean(&[b"\x1b]0;title\x07"]), r"\x1b]0;title\x07");
        assert_eq!(clean(&[b"over\rwritten\r\n"]), "over\\rwritten\\r\n");
        assert_eq!(clean(&[b"\x00\x08\x0b\x0c\x0e\x1f\x7f"]), r"\x00\x08\x0b\x0c\x0e\x1f\x7f");
        // CSI as one character: U+009B in UTF-8, and as the bare byte.
        assert_eq!(clean(&["\u{9b}2J".as_bytes()]), r"\xc2\x9b2J");
        assert_eq!(clean(&[b"\x9b2J"]), r"\x9b2J");
    }

    #[test]
    fn bidirectional_controls_are_shown() {
        for control in
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}"
                .chars()
        {
            let shown = clean(&[control.to_string().as_bytes()]);
            assert!(shown.is_ascii() && shown.starts_with("\\x"), "{control:?} became {shown:?}");
        }
        assert_eq!(clean(&["a\u{202e}b".as_bytes()]), r"a\xe2\x80\xaeb");
        // Their neighbours are text.
        let neighbours = "\u{61b}\u{61d}\u{200a}\u{2010}\u{2027}\u{202f}\u{205f}\u{2070}";
        assert_eq!(clean(&[neighbours.as_bytes()]), neighbours);
    }

    #[test]
    fn what_is_not_utf_8_is_shown_byte_by_byte() {
        // Overlong, a surrogate, beyond U+10FFFF, a lone continuation, Latin-1.
        assert_eq!(clean(&[b"\xc0\x80"]), r"\xc0\x80");
        assert_eq!(clean(&[b"\xed\xa0\x80"]), r"\xed\xa0\x80");
        assert_eq!(clean(&[b"\xf4\x90\x80\x80"]), r"\xf4\x90\x80\x80");
        assert_eq!(clean(&[b"a\xbfb"]), r"a\xbfb");
        assert_eq!(clean(&[b"caf\xe9!"]), r"caf\xe9!");
    }

    #[test]
    fn a_character_that_never_ends_comes_out_at_the_end() {
        assert_eq!(clean(&[b"\xf0\x9f\x91"]), r"\xf0\x9f\x91");
        assert_eq!(clean(&[b"\xf0", b"\x9f", b"\x91", b"A"]), r"\xf0\x9f\x91A");
        assert_eq!(clean(&[b"\xf0\x9f", b"\xc3", b"\xa9"]), "\\xf0\\x9fé");
        assert_eq!(clean(&[b"\xe2\x82", b"\xac"]), "€");
        assert_eq!(clean(&[b"\xe2\x80", b"\xae"]), r"\xe2\x80\xae");
    }

    /// Bytes in which characters, controls and halves of characters are all likely.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            any::<char>().prop_map(|character| character.to_string().into_bytes()),
            any::<u8>().prop_map(|byte| vec![byte]),
            prop::sample::select(vec![
                '\u{1b}', '\\', 'x', '\u{200b}', '\r', '\n', '\u{9b}', '\u{202e}', '\u{2069}', '€', '👋'
            ])
            .prop_map(|character| character.to_string().into_bytes()),
            Just(b"\xf0\x9f".to_vec()),
        ];
        prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    /// Reads the escapes back.
    fn shown_bytes(shown: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = shown.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            let (byte, len) = match (first, tail.first()) {
                (b'\\', Some(b'r')) => (b'\r', 1),
                (b'\\', Some(b'\\')) => (b'\\', 1),
                (b'\\', _) => {
                    let digits = core::str::from_utf8(&tail[1..3]).unwrap();
                    (u8::from_str_radix(digits, 16).unwrap(), 3)
                }
                (byte, _) => (byte, 0),
            };
            bytes.push(byte);
            rest = &tail[len..];
        }
        bytes
    }

    proptest! {
        #[test]
        fn nothing_that_acts_on_a_terminal_comes_out(bytes in hostile()) {
            let text = String::from_utf8(sanitize(&bytes)).unwrap();
            for character in text.chars() {
                let number = u32::from(character);
                let forbidden = (number < 0x20 && number != 0x0a && number != 0x09)
                    || (0x7f..=0x9f).contains(&number)
                    || INVISIBLE.iter().any(|(first, last)| (*first..=*last).contains(&number));
                prop_assert!(!forbidden, "U+{:04X} came out", number);
            }
        }

        #[test]
        fn printable_text_is_unchanged(text in "[\\PC\n\t]{0,64}") {
            let text: String = text.chars().filter(|shown| *shown != '\\' && !deceives(*shown)).collect();
            prop_assert_eq!(sanitize(text.as_bytes()), text.into_bytes());
        }

        #[test]
        fn format_characters_are_escaped(text in "\\p{Cf}{1,8}") {
            prop_assert!(sanitize(text.as_bytes()).is_ascii());
        }

        #[test]
        fn the_bytes_can_be_told_from_what_is_shown(bytes in hostile()) {
            prop_assert_eq!(shown_bytes(&clean(&[&bytes])), bytes);
        }

        #[test]
        fn any_split_gives_the_same_text(bytes in hostile()) {
            let whole = clean(&[&bytes]);
            for at in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(at);
                prop_assert_eq!(&clean(&[head, tail]), &whole);
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(&clean(&single), &whole);
        }

        #[test]
        fn quotes_are_printable_ascii_on_one_line(bytes: Vec<u8>, max in 0usize..40) {
            prop_assert!(quote(&bytes).bytes().all(|byte| matches!(byte, b' '..=b'~')));
            let limited = quote_limited(&bytes, max);
            prop_assert!(limited.starts_with("b\""));
            prop_assert_eq!(limited.contains('…'), bytes.len() > max);
        }
    }
}
