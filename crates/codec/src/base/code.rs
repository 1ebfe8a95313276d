//! The tables of an alphabet: which digit for which value, which value for which digit, and the size of a group.

use super::Alphabet;
use crate::simd::base64::Alphabet as Last;

/// A byte that is no digit; each mark for other bytes has this bit.
pub(super) const NO_DIGIT: u8 = 0x80;

/// An alphabet as tables.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(super) kind: Kind,
    /// The kernels that know this alphabet.
    pub(super) kernel: Kernel,
    /// Whether `=` fills the last group.
    pub(super) padded: bool,
    /// By value; the rest is zero.
    pub(super) digits: [u8; 128],
    /// By digit; `NO_DIGIT` for all else.
    pub(super) values: [u8; 256],
}

/// Which vector kernels there are for an alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kernel {
    /// Those of base64 with these last two digits.
    Base64(Last),
    /// Those of hex in upper case.
    Base16,
    /// None.
    None,
}

/// How digits stand for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Six bits each.
    Six,
    /// Five bits each.
    Five,
    /// Four bits each.
    Four,
    /// One bit each.
    One {
        /// Whether the lowest bit comes first.
        reversed: bool,
    },
    /// Five digits to the base 85.
    Z85,
    /// One number to the base 58.
    Base58,
}

impl Kind {
    /// Digits of a group; 1 where there are no groups.
    pub(super) const fn group(self) -> usize {
        match self {
            Self::Six => 4,
            Self::Five | Self::One { .. } => 8,
            Self::Four => 2,
            Self::Z85 => 5,
            Self::Base58 => 1,
        }
    }

    /// Bytes of a group; 1 where there are no groups.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::Six => 3,
            Self::Five => 5,
            Self::Four | Self::One { .. } | Self::Base58 => 1,
            Self::Z85 => 4,
        }
    }

    /// Bits of a digit; 0 where a digit is no number of bits.
    pub(super) const fn bits(self) -> usize {
        match self {
            Self::Six => 6,
            Self::Five => 5,
            Self::Four => 4,
            Self::One { .. } => 1,
            Self::Z85 | Self::Base58 => 0,
        }
    }

    /// Whether the last group may have only so many digits: they hold whole bytes and no digit more than needed.
    pub(super) const fn may_end_after(self, digits: usize) -> bool {
        let bits = digits * self.bits();
        bits >= 8 && bits % 8 < self.bits()
    }
}

impl Code {
    const fn new(kind: Kind, kernel: Kernel, padded: bool, characters: &[u8]) -> Self {
        let mut digits = [0; 128];
        let mut values = [NO_DIGIT; 256];
        let (mut left, mut value) = (characters, 0_u8);
        let mut free: &mut [u8] = &mut digits;
        while let (Some((&digit, others)), Some((place, behind))) =
            (left.split_first(), free.split_first_mut())
        {
            *place = digit;
            set(&mut values, digit, value);
            (left, free) = (others, behind);
            value += 1;
        }
        Self { kind, kernel, padded, digits, values }
    }

    /// Whether a byte is a digit.
    pub(crate) fn holds(&self, byte: u8) -> bool {
        self.values.get(usize::from(byte)).is_some_and(|value| value & NO_DIGIT == 0)
    }
}

const fn set(values: &mut [u8; 256], digit: u8, value: u8) {
    if let Some((_, from)) = values.split_at_mut_checked(digit as usize)
        && let Some(place) = from.first_mut()
    {
        *place = value;
    }
}

const SIX: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static BASE64: Code = Code::new(Kind::Six, Kernel::Base64(Last::Standard), true, SIX);
static BASE64URL: Code = Code::new(Kind::Six, Kernel::Base64(Last::UrlSafe), true, URL);
static BASE32: Code = Code::new(Kind::Five, Kernel::None, true, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
static BASE32HEX: Code = Code::new(Kind::Five, Kernel::None, true, b"0123456789ABCDEFGHIJKLMNOPQRSTUV");
static BASE16: Code = Code::new(Kind::Four, Kernel::Base16, false, b"0123456789ABCDEF");
static BASE2MSBF: Code = Code::new(Kind::One { reversed: false }, Kernel::None, false, b"01");
static BASE2LSBF: Code = Code::new(Kind::One { reversed: true }, Kernel::None, false, b"01");
static BASE58: Code = Code::new(
    Kind::Base58,
    Kernel::None,
    false,
    b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
);
static Z85: Code = Code::new(
    Kind::Z85,
    Kernel::None,
    false,
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#",
);

impl Alphabet {
    /// Returns the tables.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::Base64 => BASE64.clone(),
            Self::Base64Url => BASE64URL.clone(),
            Self::Base64With(last) => with(last),
            Self::Base32 => BASE32.clone(),
            Self::Base32Hex => BASE32HEX.clone(),
            Self::Base16 => BASE16.clone(),
            Self::Base2Msbf => BASE2MSBF.clone(),
            Self::Base2Lsbf => BASE2LSBF.clone(),
            Self::Base58 => BASE58.clone(),
            Self::Z85 => Z85.clone(),
        }
    }
}

/// Base64 with others for `+` and `/`, which win where they are digits already.
fn with(last: [u8; 2]) -> Code {
    let mut characters = *SIX;
    if let Some(places) = characters.last_chunk_mut::<2>() {
        *places = last;
    }
    Code::new(Kind::Six, Kernel::None, true, &characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_has_its_value_and_nothing_else_has_one() {
        for (alphabet, count) in Alphabet::ALL.into_iter().zip([64, 64, 58, 32, 32, 16, 2, 2, 85]) {
            let code = alphabet.code();
            assert_eq!((0..=255).filter(|&byte| code.holds(byte)).count(), count, "{alphabet}");
            for value in 0..count {
                assert_eq!(usize::from(code.values[usize::from(code.digits[value])]), value, "{alphabet}");
            }
        }
    }

    #[test]
    fn legal_ends_are_those_of_rfc_4648() {
        let ends = |kind: Kind| (0..kind.group()).filter(|&n| kind.may_end_after(n)).collect::<Vec<_>>();
        assert_eq!(ends(Kind::Six), [2, 3]);
        assert_eq!(ends(Kind::Five), [2, 4, 5, 7]);
        assert_eq!(ends(Kind::Four), []);
        assert_eq!(ends(Kind::One { reversed: false }), []);
        assert_eq!(ends(Kind::Z85), []);
    }
}
