//! What stands for a byte: its digits, its character, its colour, each a table of 256.
//!
//! An entry has a fixed size, so that it is copied as one register and only its length is counted.

use super::style::{Base, Characters};

/// A character in UTF-8, or a control sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) bytes: [u8; 4],
    pub(super) len: u8,
}

impl Glyph {
    pub(super) const BLANK: Self = Self::ascii(b' ');

    pub(super) const fn ascii(char: u8) -> Self {
        Self { bytes: [char, 0, 0, 0], len: 1 }
    }

    fn of(char: char) -> Self {
        let mut bytes = [0; 4];
        let len = u8::try_from(char.encode_utf8(&mut bytes).len()).unwrap_or(4);
        Self { bytes, len }
    }
}

/// A table with an entry for every byte.
#[derive(Clone)]
pub(super) struct Table<T>(Box<[T; 256]>);

impl<T: Copy> Table<T> {
    pub(super) fn new(entry: impl Fn(u8) -> T) -> Self {
        let mut next = 0_u8;
        Self(Box::new([(); 256].map(|()| {
            let byte = next;
            next = next.wrapping_add(1);
            entry(byte)
        })))
    }

    #[inline]
    pub(super) fn of(&self, byte: u8) -> &T {
        // An array of 256 and an index of a byte: nothing is checked when this has been compiled.
        let [first, ..] = &*self.0;
        self.0.get(usize::from(byte)).unwrap_or(first)
    }
}

impl<T> core::fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Table")
    }
}

/// The digits of every byte, left-aligned.
pub(super) fn digits(base: Base, upper_case: bool) -> Table<[u8; 8]> {
    Table::new(|byte| {
        let text = match (base, upper_case) {
            (Base::Hex, false) => format!("{byte:02x}"),
            (Base::Hex, true) => format!("{byte:02X}"),
            (Base::Binary, _) => format!("{byte:08b}"),
            (Base::Octal, _) => format!("{byte:03o}"),
            (Base::Decimal, _) => format!("{byte:03}"),
        };
        let mut digits = [b' '; 8];
        for (digit, char) in digits.iter_mut().zip(text.bytes()) {
            *digit = char;
        }
        digits
    })
}

/// The character of every byte; blanks where there is no column for them.
pub(super) fn characters(characters: Characters) -> Table<Glyph> {
    Table::new(|byte| match characters {
        Characters::None => Glyph::BLANK,
        Characters::Ascii => Glyph::ascii(super::layout::shown(byte)),
        Characters::Ebcdic => Glyph::ascii(ebcdic(byte).unwrap_or(b'.')),
        Characters::Symbols => Glyph::of(match byte {
            0 => '⋄',
            b'\t' | b'\n' | 0x0c | b'\r' => '_',
            b' '..=b'~' => char::from(byte),
            0x80.. => '×',
            _ => '•',
        }),
        Characters::CodePage437 => {
            let control = CONTROLS.chars().nth(usize::from(byte));
            let high = byte.checked_sub(0x7f).and_then(|at| HIGH.chars().nth(usize::from(at)));
            Glyph::of(control.or(high).unwrap_or_else(|| char::from(byte)))
        }
    })
}

/// The pictures of code page 437 below the blank.
const CONTROLS: &str = "⋄☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼";

/// Those from 0x7f on; the last, which is a blank there, is drawn as hexyl does.
const HIGH: &str = "⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
                    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ﬀ";

/// A byte of EBCDIC as the ASCII character that `xxd -E` shows.
fn ebcdic(byte: u8) -> Option<u8> {
    let (from, chars): (u8, &[u8]) = match byte {
        0x40 => (0x40, b" "),
        0x4b..=0x50 => (0x4b, b".<(+|&"),
        0x5a..=0x61 => (0x5a, b"!$*);~-/"),
        0x6b..=0x6f => (0x6b, b",%_>?"),
        0x79..=0x7f => (0x79, b"`:#@'=\""),
        0x81..=0x89 => (0x81, b"abcdefghi"),
        0x91..=0x9a => (0x91, b"jklmnopqr^"),
        0xa2..=0xa9 => (0xa2, b"stuvwxyz"),
        0xad => (0xad, b"["),
        0xbd => (0xbd, b"]"),
        0xc0..=0xc9 => (0xc0, b"{ABCDEFGHI"),
        0xd0..=0xd9 => (0xd0, b"}JKLMNOPQR"),
        0xe0 => (0xe0, b"\\"),
        0xe2..=0xe9 => (0xe2, b"STUVWXYZ"),
        0xf0..=0xf9 => (0xf0, b"0123456789"),
        _ => return None,
    };
    chars.get(usize::from(byte - from)).copied()
}

/// The last digit of the colour that `xxd -R` gives a byte: white, red, yellow, green, blue.
pub(super) fn xxd_colours(characters: Characters) -> Table<u8> {
    let [white, red, yellow, green, blue] = *b"71324";
    Table::new(|byte| match (characters, byte) {
        (_, 0) => white,
        (_, 0xff) => blue,
        (Characters::Ebcdic, 0x05 | 0x0d | 0x25) => yellow,
        (Characters::Ebcdic, _) => ebcdic(byte).map_or(red, |_| green),
        (_, b'\t' | b'\n' | b'\r') => yellow,
        (_, b' '..=b'~') => green,
        _ => red,
    })
}

/// The two digits of the colour of hexyl's five classes: NUL, printable, white space, other ASCII, the rest.
pub(super) fn classes() -> Table<[u8; 2]> {
    Table::new(|byte| match byte {
        0 => *b"90",
        b'!'..=b'~' => *b"36",
        1..=b' ' | 0x7f => *b"32",
        0x80.. => *b"33",
    })
}
