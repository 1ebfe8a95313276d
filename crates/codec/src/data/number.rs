//! Numbers as bytes: the forms `u8:` to `f64le:`, and counts.
//!
//! Integers are written as in Rust and Python: decimal, `0x`, `0o` or `0b`, `_` between digits, a sign before all
//! of it. A leading zero means nothing, so `010` is ten. Each form takes exactly what its bytes can hold; the
//! error for anything else names the form that can.

use super::error::shown;
use super::{DataFault, FORMS, Fault, Kind, Value};

/// One of the forms for numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) class: Class,
    /// 1, 2, 4 or 8; for a float 4 or 8.
    pub(super) bytes: usize,
    pub(super) order: Order,
}

/// Which numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Unsigned,
    Signed,
    Float,
}

/// Which byte comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Big,
    Little,
}

impl Number {
    pub(super) fn read(&self, text: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut bytes = match self.class {
            Class::Float => self.float(text)?,
            Class::Unsigned | Class::Signed => {
                let value = integer(text)?;
                let (least, greatest) = self.limits();
                if value < least || value > greatest {
                    let instead = self.first_form(|other| other.class != Class::Float && other.holds(value));
                    return Err(out_of_range(text, least.to_string(), greatest.to_string(), instead));
                }
                // Two's complement: the lowest bytes are those of every narrower type.
                value.to_le_bytes().into_iter().take(self.bytes).collect()
            }
        };
        if self.order == Order::Big {
            bytes.reverse();
        }
        Ok(bytes)
    }

    /// Reads a float into bytes, the lowest first.
    fn float(&self, text: &[u8]) -> Result<Vec<u8>, Fault> {
        let not_a_float = || Fault { offset: 0, fault: DataFault::NotAFloat { found: shown(text) } };
        let digits = without_underscores(text).ok_or_else(not_a_float)?;
        let wide: f64 = digits.parse().map_err(|_| not_a_float())?;
        // Rounded once, from the decimal: a cast of the wide value would round twice.
        let narrow: f32 = digits.parse().map_err(|_| not_a_float())?;

        let asked_for_infinity = !digits.bytes().any(|byte| byte.is_ascii_digit());
        let (infinite, greatest) = match self.bytes {
            4 => (narrow.is_infinite(), format!("{:e}", f32::MAX)),
            _ => (wide.is_infinite(), format!("{:e}", f64::MAX)),
        };
        if infinite && !asked_for_infinity {
            let instead = self.first_form(|other| {
                other.class == Class::Float && other.bytes > self.bytes && wide.is_finite()
            });
            return Err(out_of_range(text, format!("-{greatest}"), greatest, instead));
        }
        Ok(match self.bytes {
            4 => narrow.to_le_bytes().to_vec(),
            _ => wide.to_le_bytes().to_vec(),
        })
    }

    /// The least and the greatest integer that the bytes can hold.
    fn limits(&self) -> (i128, i128) {
        let values = 1i128 << (8 * self.bytes);
        match self.class {
            Class::Signed => (-(values / 2), values / 2 - 1),
            Class::Unsigned | Class::Float => (0, values - 1),
        }
    }

    fn holds(&self, value: i128) -> bool {
        let (least, greatest) = self.limits();
        (least..=greatest).contains(&value)
    }

    /// The first form of the same byte order that would do instead.
    fn first_form(&self, would_do: impl Fn(&Self) -> bool) -> Option<&'static str> {
        FORMS.iter().find_map(|form| match form.kind {
            Kind::Bytes(Value::Number(other)) if other.order == self.order && would_do(&other) => {
                Some(form.prefix)
            }
            _ => None,
        })
    }
}

/// Reads how many: an integer that is not negative; where it is, at most `most` is what is said to be expected.
pub(super) fn count(text: &[u8], most: u64) -> Result<u64, Fault> {
    let value = integer(text)?;
    u64::try_from(value).map_err(|_| out_of_range(text, "0".into(), most.to_string(), None))
}

/// Reads an integer; one that is too large for any form comes out as the largest of its sign.
fn integer(text: &[u8]) -> Result<i128, Fault> {
    let (sign, magnitude) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    let (radix, digits) = match magnitude {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        _ => (10, magnitude),
    };
    let start = text.len() - digits.len();
    let mut value = 0i128;
    let mut after_digit = false;
    for (index, &found) in digits.iter().enumerate() {
        match char::from(found).to_digit(radix) {
            Some(digit) => {
                value = value.saturating_mul(radix.into()).saturating_add(digit.into());
                after_digit = true;
            }
            None if found == b'_' && after_digit => after_digit = false,
            None => {
                let fault = DataFault::NotADigit { radix, found: Some(found) };
                return Err(Fault { offset: start + index, fault });
            }
        }
    }
    if !after_digit {
        return Err(Fault { offset: text.len(), fault: DataFault::NotADigit { radix, found: None } });
    }
    Ok(value.saturating_mul(sign))
}

/// The text of a float without the `_` that stand between digits; nothing when one stands elsewhere.
fn without_underscores(text: &[u8]) -> Option<String> {
    let text = core::str::from_utf8(text).ok()?;
    let parts: Vec<&str> = text.split('_').collect();
    let joined_by_digits = parts.windows(2).all(|pair| {
        matches!(pair, [before, after]
            if before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit()))
    });
    joined_by_digits.then(|| parts.concat())
}

fn out_of_range(text: &[u8], least: String, greatest: String, instead: Option<&'static str>) -> Fault {
    Fault { offset: 0, fault: DataFault::OutOfRange { found: shown(text), least, greatest, instead } }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use proptest::prelude::*;

    use crate::data::{Piece, parse};

    fn bytes(expression: &str) -> Vec<u8> {
        match parse(OsStr::new(expression)).map(|mut pieces| pieces.pop()) {
            Ok(Some(Piece::Bytes(bytes))) => bytes,
            other => panic!("{expression} gave {other:?}"),
        }
    }

    fn error(expression: &str) -> String {
        parse(OsStr::new(expression)).unwrap_err().to_string()
    }

    #[test]
    fn integers_in_every_radix() {
        assert_eq!(bytes("u16be:80"), [0, 80]);
        assert_eq!(bytes("u16le:+80"), [80, 0]);
        assert_eq!(bytes("u8:010"), [10]);
        assert_eq!(bytes("u32be:0xDEAD_beef"), [0xde, 0xad, 0xbe, 0xef]);
        assert_eq!(bytes("u8:0b1111_0000"), [0xf0]);
        assert_eq!(bytes("u8:0o377"), [0xff]);
        assert_eq!(bytes("i16be:-0x8000"), [0x80, 0]);
        assert_eq!(bytes("i64le:-2"), [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(bytes("u64be:18446744073709551615"), [0xff; 8]);
    }

    #[test]
    fn what_is_not_an_integer_has_its_place() {
        assert_eq!(error("u8:"), "column 4: expected a decimal digit, found the end");
        assert_eq!(error("u8:-"), "column 5: expected a decimal digit, found the end");
        assert_eq!(error("u8:0x"), "column 6: expected a hex digit, found the end");
        assert_eq!(error("u8:0xfg"), "column 7: expected a hex digit, found 'g'");
        assert_eq!(error("u8:0b12"), "column 7: expected a binary digit, found '2'");
        assert_eq!(error("u8:0o8"), "column 6: expected an octal digit, found '8'");
        assert_eq!(error("u8:ff"), "column 4: expected a decimal digit, found 'f'; hex begins with 0x");
        assert_eq!(error("u8: 1"), "column 4: expected a decimal digit, found ' '");
        assert_eq!(error("u8:_1"), "column 4: expected a decimal digit, found '_'");
        assert_eq!(error("u8:1__0"), "column 6: expected a decimal digit, found '_'");
        assert_eq!(error("u8:1_"), "column 6: expected a decimal digit, found the end");
    }

    #[test]
    fn what_does_not_fit_is_sent_to_the_form_that_holds_it() {
        assert_eq!(
            error("u8:256"),
            "column 4: expected a number from 0 to 255, found 256; u16be: can hold it"
        );
        assert_eq!(error("u8:-1"), "column 4: expected a number from 0 to 255, found -1; i8: can hold it");
        assert_eq!(
            error("u16le:70000"),
            "column 7: expected a number from 0 to 65535, found 70000; u32le: can hold it"
        );
        assert_eq!(
            error("i8:128"),
            "column 4: expected a number from -128 to 127, found 128; u8: can hold it"
        );
        assert_eq!(
            error("u64be:0x10000000000000000"),
            "column 7: expected a number from 0 to 18446744073709551615, found 0x10000000000000000"
        );
        let digits = "9".repeat(1000);
        assert!(error(&format!("i64be:-{digits}")).starts_with("column 7: expected a number from -92233720"));
    }

    #[test]
    fn floats() {
        assert_eq!(bytes("f32be:1.5"), 1.5f32.to_be_bytes());
        assert_eq!(bytes("f32le:-1e-3"), (-1e-3f32).to_le_bytes());
        assert_eq!(bytes("f64be:1_000.25"), 1000.25f64.to_be_bytes());
        assert_eq!(bytes("f64le:-inf"), f64::NEG_INFINITY.to_le_bytes());
        assert_eq!(bytes("f32be:nan"), [0x7f, 0xc0, 0, 0]);
        for wrong in ["", "x", "1.2.3", "1_", "_1", "1_.0", "0x10", "1 "] {
            assert_eq!(
                error(&format!("f64be:{wrong}")),
                format!("column 7: expected a number such as 1.5, -2e3, inf or nan, found \"{wrong}\"")
            );
        }
        assert_eq!(
            error("f32le:1e39"),
            "column 7: expected a number from -3.4028235e38 to 3.4028235e38, found 1e39; f64le: can hold it"
        );
        assert_eq!(
            error("f64be:-1e309"),
            "column 7: expected a number from -1.7976931348623157e308 to 1.7976931348623157e308, found -1e309"
        );
    }

    proptest! {
        #[test]
        fn every_number_is_its_bytes(number: u64) {
            let signed = i64::from_ne_bytes(number.to_ne_bytes());
            prop_assert_eq!(bytes(&format!("u64be:{number}")), number.to_be_bytes());
            prop_assert_eq!(bytes(&format!("u64le:{number:#x}")), number.to_le_bytes());
            prop_assert_eq!(bytes(&format!("i64be:{signed}")), signed.to_be_bytes());
            prop_assert_eq!(bytes(&format!("i64le:{signed}")), signed.to_le_bytes());
        }

        #[test]
        fn what_an_integer_form_takes_is_what_its_type_takes(number in -70_000i64..140_000) {
            let taken = |prefix: &str| parse(OsStr::new(&format!("{prefix}{number}"))).ok().map(|_| ());
            prop_assert_eq!(taken("u8:"), u8::try_from(number).ok().map(|_| ()));
            prop_assert_eq!(taken("i8:"), i8::try_from(number).ok().map(|_| ()));
            prop_assert_eq!(taken("u16le:"), u16::try_from(number).ok().map(|_| ()));
            prop_assert_eq!(taken("i16be:"), i16::try_from(number).ok().map(|_| ()));
        }

        #[test]
        fn floats_are_their_bytes(wide: f64, narrow: f32) {
            prop_assert_eq!(bytes(&format!("f64be:{wide:e}")), wide.to_be_bytes());
            prop_assert_eq!(bytes(&format!("f32le:{narrow:e}")), narrow.to_le_bytes());
        }
    }
}
