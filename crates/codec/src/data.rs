//! The one grammar for a payload: what `--data` takes, and what a crafted packet carries.
//!
//! An expression is a form's prefix and a value: `text:hello`, `hex:00 ff`, `u16be:80`, `@file`. There is no
//! operator, so `text:a+b, c` is what it says; expressions are joined by giving several. The table [`FORMS`] is
//! the grammar: the parser walks it, help texts print it. Nothing is read here: a file is a [`Piece`] with its path.

mod error;
mod number;
mod string;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::{base64, hex};

pub use error::{DataError, DataFault};
use number::{Number, Order};
pub use string::EscapeFault;

/// The most bytes that one expression may stand for, files not counted: 64 MiB.
pub const MAX_LEN: usize = 64 << 20;

/// Reads one expression.
///
/// The argument may be any bytes: `text:` passes them on, and a path may be made of them.
///
/// ```
/// use std::ffi::OsStr;
/// use jackfield_codec::data::{self, Piece};
///
/// let parse = |expression| data::parse(OsStr::new(expression));
/// assert_eq!(parse("text:hello"), Ok(vec![Piece::Bytes(b"hello".to_vec())]));
/// assert_eq!(parse("repeat:2:u16be:80"), Ok(vec![Piece::Bytes(vec![0, 80, 0, 80])]));
/// assert_eq!(parse("@notes.txt"), Ok(vec![Piece::File("notes.txt".into())]));
/// assert_eq!(
///     parse("hello").unwrap_err().to_string(),
///     "column 1: unknown data form \"hello\"; did you mean text:hello?"
/// );
/// ```
///
/// # Errors
/// [`DataError`] with the column, what was expected there, and where possible what to type instead.
pub fn parse(expression: &OsStr) -> Result<Vec<Piece>, DataError> {
    let expression = expression.as_bytes();
    let mut rest = expression;
    let mut repeat = None;
    // A loop and no recursion, because `repeat:1:repeat:1:…` may be as long as an argument.
    loop {
        let at = expression.len() - rest.len();
        let Some((form, value)) = split_form(rest) else {
            return Err(Fault::unknown_form(rest).at(at));
        };
        let at = at + form.prefix.len();
        let piece = match form.kind {
            Kind::Bytes(value_kind) => value_kind.read(value, at, repeat).map(Piece::Bytes),
            Kind::File => path(value, repeat).map(Piece::File).map_err(|fault| fault.at(at)),
            Kind::Repeat => {
                let Some((count, next)) = split_at_colon(value) else {
                    return Err(Fault { offset: value.len(), fault: DataFault::NothingToRepeat }.at(at));
                };
                let count = number::count(count, u64::MAX).map_err(|fault| fault.at(at))?;
                let outer = repeat.unwrap_or(Repeat { at, times: 1 });
                repeat = Some(Repeat { times: outer.times.saturating_mul(count), ..outer });
                rest = next;
                continue;
            }
        };
        return Ok(vec![piece?]);
    }
}

/// One part of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What the file at this path holds; `-` is standard input, as for the tools that take a file.
    File(OsString),
}

/// One form of the grammar: a line of [`FORMS`].
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// How an expression of this form begins.
    pub prefix: &'static str,
    /// What it stands for, in one line.
    pub doc: &'static str,
    /// A whole expression of this form.
    pub example: &'static str,
    kind: Kind,
}

/// Every form, in the order in which help texts show them.
pub const FORMS: &[Form] = &[
    form("text:", "the bytes as typed", "text:hello", Kind::Bytes(Value::Text)),
    form(
        "str:",
        r#"text with \n \r \t \0 \xNN \u{…} \\ \" \'"#,
        r"str:GET / HTTP/1.0\r\n\r\n",
        Kind::Bytes(Value::Str),
    ),
    form(
        "hex:",
        "bytes in hex; spaces, : and - may stand between",
        "hex:de:ad be-ef",
        Kind::Bytes(Value::Hex),
    ),
    form("base64:", "bytes in base64; white space is skipped", "base64:aGVsbG8K", Kind::Bytes(Value::Base64)),
    form("@", "what a file holds; - is standard input", "@request.bin", Kind::File),
    form("file:", "what a file holds; - is standard input", "file:request.bin", Kind::File),
    form("zero:", "a number of zero bytes", "zero:16", Kind::Bytes(Value::Zero)),
    form("repeat:", "an expression, a number of times", "repeat:3:text:ab", Kind::Repeat),
    form("u8:", "unsigned number, 1 byte; decimal, 0x, 0o or 0b", "u8:255", unsigned(1, Order::Big)),
    form("u16be:", "unsigned number, 2 bytes, network order", "u16be:80", unsigned(2, Order::Big)),
    form("u16le:", "unsigned number, 2 bytes, little-endian", "u16le:0x50", unsigned(2, Order::Little)),
    form("u32be:", "unsigned number, 4 bytes, network order", "u32be:0xdead_beef", unsigned(4, Order::Big)),
    form("u32le:", "unsigned number, 4 bytes, little-endian", "u32le:1_000_000", unsigned(4, Order::Little)),
    form("u64be:", "unsigned number, 8 bytes, network order", "u64be:0b1010", unsigned(8, Order::Big)),
    form("u64le:", "unsigned number, 8 bytes, little-endian", "u64le:0o777", unsigned(8, Order::Little)),
    form("i8:", "signed number, 1 byte, two's complement", "i8:-1", signed(1, Order::Big)),
    form("i16be:", "signed number, 2 bytes, network order", "i16be:-2", signed(2, Order::Big)),
    form("i16le:", "signed number, 2 bytes, little-endian", "i16le:-2", signed(2, Order::Little)),
    form("i32be:", "signed number, 4 bytes, network order", "i32be:-70_000", signed(4, Order::Big)),
    form("i32le:", "signed number, 4 bytes, little-endian", "i32le:-0x80", signed(4, Order::Little)),
    form("i64be:", "signed number, 8 bytes, network order", "i64be:-1", signed(8, Order::Big)),
    form("i64le:", "signed number, 8 bytes, little-endian", "i64le:-1", signed(8, Order::Little)),
    form("f32be:", "IEEE 754 number, 4 bytes, network order", "f32be:1.5", float(4, Order::Big)),
    form("f32le:", "IEEE 754 number, 4 bytes, little-endian", "f32le:-1e-3", float(4, Order::Little)),
    form("f64be:", "IEEE 754 number, 8 bytes, network order", "f64be:6.022e23", float(8, Order::Big)),
    form("f64le:", "IEEE 754 number, 8 bytes, little-endian", "f64le:inf", float(8, Order::Little)),
];

/// What a form makes of its value.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Bytes(Value),
    File,
    Repeat,
}

/// How the value of a form is read as bytes.
#[derive(Clone, Copy, Debug)]
enum Value {
    Text,
    Str,
    Hex,
    Base64,
    Zero,
    Number(Number),
}

const fn form(prefix: &'static str, doc: &'static str, example: &'static str, kind: Kind) -> Form {
    Form { prefix, doc, example, kind }
}

const fn unsigned(bytes: usize, order: Order) -> Kind {
    Kind::Bytes(Value::Number(Number { class: number::Class::Unsigned, bytes, order }))
}

const fn signed(bytes: usize, order: Order) -> Kind {
    Kind::Bytes(Value::Number(Number { class: number::Class::Signed, bytes, order }))
}

const fn float(bytes: usize, order: Order) -> Kind {
    Kind::Bytes(Value::Number(Number { class: number::Class::Float, bytes, order }))
}

/// How often the value is to stand, and where that was said first.
#[derive(Clone, Copy)]
struct Repeat {
    at: usize,
    times: u64,
}

/// A fault and its offset in the value that was read; [`Fault::at`] makes it one in the whole expression.
struct Fault {
    offset: usize,
    fault: DataFault,
}

impl Fault {
    fn at(self, value_offset: usize) -> DataError {
        DataError { column: value_offset + self.offset + 1, fault: self.fault }
    }
}

impl Value {
    fn read(self, value: &[u8], at: usize, repeat: Option<Repeat>) -> Result<Vec<u8>, DataError> {
        let bytes = match self {
            Self::Text => Ok(value.to_vec()),
            Self::Str => string::read(value),
            Self::Hex => hex::decode_spaced(value)
                .map_err(|error| Fault { offset: error.offset, fault: DataFault::Hex(error.fault) }),
            Self::Base64 => base64::decode_spaced(value)
                .map_err(|error| Fault { offset: error.offset, fault: DataFault::Base64(error.fault) }),
            Self::Zero => zeros(value),
            Self::Number(number) => number.read(value),
        };
        let bytes = bytes.map_err(|fault| fault.at(at))?;

        let Repeat { at, times } = repeat.unwrap_or(Repeat { at, times: 1 });
        let total = u128::from(times).saturating_mul(u128::try_from(bytes.len()).unwrap_or(u128::MAX));
        match usize::try_from(total) {
            Ok(0) => Ok(Vec::new()),
            Ok(1..=MAX_LEN) if times == 1 => Ok(bytes),
            Ok(total @ 1..=MAX_LEN) => Ok(bytes.repeat(total / bytes.len())),
            _ => Err(Fault { offset: 0, fault: DataFault::TooLong { bytes: total } }.at(at)),
        }
    }
}

fn path(value: &[u8], repeat: Option<Repeat>) -> Result<OsString, Fault> {
    match (value, repeat) {
        ([], _) => Err(Fault { offset: 0, fault: DataFault::NoPath }),
        (_, Some(_)) => Err(Fault { offset: 0, fault: DataFault::RepeatedFile }),
        (path, None) => Ok(OsStr::from_bytes(path).to_owned()),
    }
}

fn zeros(value: &[u8]) -> Result<Vec<u8>, Fault> {
    let count = number::count(value, u64::try_from(MAX_LEN).unwrap_or(u64::MAX))?;
    match usize::try_from(count) {
        Ok(count @ 0..=MAX_LEN) => Ok(vec![0; count]),
        _ => Err(Fault { offset: 0, fault: DataFault::TooLong { bytes: u128::from(count) } }),
    }
}

fn split_form(expression: &[u8]) -> Option<(&'static Form, &[u8])> {
    FORMS.iter().find_map(|form| expression.strip_prefix(form.prefix.as_bytes()).map(|value| (form, value)))
}

fn split_at_colon(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = text.iter().position(|&byte| byte == b':')?;
    let (head, tail) = text.split_at_checked(colon)?;
    Some((head, tail.strip_prefix(b":")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(expression: &str) -> Vec<u8> {
        match parse(OsStr::new(expression)).map(|mut pieces| (pieces.pop(), pieces.len())) {
            Ok((Some(Piece::Bytes(bytes)), 0)) => bytes,
            other => panic!("{expression} gave {other:?}"),
        }
    }

    fn error(expression: &str) -> String {
        parse(OsStr::new(expression)).unwrap_err().to_string()
    }

    #[test]
    fn every_example_of_the_table_is_of_its_form() {
        for (index, form) in FORMS.iter().enumerate() {
            let (found, _) = split_form(form.example.as_bytes()).unwrap();
            assert_eq!(found.prefix, form.prefix, "{}", form.example);
            let pieces = parse(OsStr::new(form.example)).unwrap();
            assert!(
                matches!(&pieces[..], [Piece::Bytes(bytes)] if !bytes.is_empty())
                    || matches!(&pieces[..], [Piece::File(path)] if path == "request.bin"),
                "{} gave {pieces:?}",
                form.example
            );
            assert!(!form.doc.is_empty() && !form.doc.contains('\n') && form.doc.chars().count() <= 60);
            // One form only can begin an expression, in whatever order they stand.
            for other in &FORMS[index + 1..] {
                assert!(!other.prefix.starts_with(form.prefix) && !form.prefix.starts_with(other.prefix));
            }
        }
    }

    #[test]
    fn text_is_as_typed() {
        assert_eq!(bytes("text:"), b"");
        assert_eq!(bytes(r"text:a+b, hex:00 \n"), br"a+b, hex:00 \n");
        assert_eq!(bytes("text:text:x"), b"text:x");
        let raw = parse(OsStr::from_bytes(b"text:\xff\0\n"));
        assert_eq!(raw, Ok(vec![Piece::Bytes(b"\xff\0\n".to_vec())]));
    }

    #[test]
    fn strings_have_escapes() {
        assert_eq!(bytes(r#"str:a\r\n\t\0\x1B\\\"\'\u{20ac}\u{1F44B}"#), "a\r\n\t\0\x1b\\\"'€👋".as_bytes());
        assert_eq!(bytes(r"str:\xff\x00"), b"\xff\0");
        assert_eq!(bytes("str:é"), "é".as_bytes());
        assert_eq!(
            error(r"str:ab\q"),
            r#"column 7: expected \n \r \t \0 \xNN \u{…} \\ \" or \', found 'q' after the backslash; write \\ for a backslash"#
        );
        assert_eq!(
            error(r"str:ab\"),
            r"column 7: expected an escape after the backslash, found the end; write \\ for a backslash"
        );
        assert_eq!(
            error(r"str:\012"),
            r"column 5: expected no digit after \0, which would be octal elsewhere; write \x00 for a zero byte"
        );
        for wrong in [r"str:\x", r"str:\x1", r"str:\x1g", r"str:\x+1"] {
            assert_eq!(error(wrong), r"column 5: expected two hex digits after \x, as in \x1b");
        }
        for wrong in [
            r"str:\u",
            r"str:\u20ac",
            r"str:\u{}",
            r"str:\u{20ac",
            r"str:\u{d800}",
            r"str:\u{110000}",
            r"str:\u{0000041}",
            r"str:\u{+41}",
        ] {
            assert_eq!(
                error(wrong),
                r"column 5: expected a Unicode character's number in braces after \u, as in \u{20ac}"
            );
        }
    }

    #[test]
    fn hex_and_base64_say_where_in_the_expression() {
        assert_eq!(bytes("hex:00 ff:10-20"), b"\x00\xff\x10\x20");
        assert_eq!(bytes("base64:aGVs\nbG8=\n"), b"hello");
        assert_eq!(error("hex:00 fg"), "column 9: expected a hex digit, found 'g'");
        assert_eq!(error("hex:0"), "column 5: expected two hex digits for a byte, found one");
        assert_eq!(
            error("repeat:2:base64:aGVsbG8"),
            "column 24: expected \"=\" to fill the last group of 4, found the end"
        );
    }

    #[test]
    fn files_are_named_and_not_read() {
        let file = |path: &[u8]| Ok(vec![Piece::File(OsStr::from_bytes(path).to_owned())]);
        assert_eq!(parse(OsStr::new("@-")), file(b"-"));
        assert_eq!(parse(OsStr::new("file:@a:b")), file(b"@a:b"));
        assert_eq!(parse(OsStr::from_bytes(b"@\xff")), file(b"\xff"));
        assert_eq!(error("@"), "column 2: expected the path of a file, found nothing");
        assert_eq!(
            error("repeat:2:@f"),
            "column 11: expected bytes to repeat, found a file; give the file as often as it is wanted"
        );
    }

    #[test]
    fn counts_multiply() {
        assert_eq!(bytes("zero:3"), b"\0\0\0");
        assert_eq!(bytes("zero:0"), b"");
        assert_eq!(bytes("repeat:3:text:ab"), b"ababab");
        assert_eq!(bytes("repeat:2:repeat:0x3:str:\\n"), b"\n\n\n\n\n\n");
        assert_eq!(bytes("repeat:0:text:ab"), b"");
        assert_eq!(bytes("repeat:0xffff_ffff_ffff_ffff:repeat:9:text:"), b"");
        assert_eq!(
            error("repeat:2"),
            "column 9: expected ':' and an expression after the count, as in repeat:3:text:ab"
        );
        assert_eq!(error("repeat::text:a"), "column 8: expected a decimal digit, found the end");
        assert_eq!(error("repeat:x:text:a"), "column 8: expected a decimal digit, found 'x'");
        assert_eq!(
            error("repeat:-1:text:a"),
            "column 8: expected a number from 0 to 18446744073709551615, found -1"
        );
        assert_eq!(
            error("repeat:2:hello"),
            "column 10: unknown data form \"hello\"; did you mean text:hello?"
        );
    }

    #[test]
    fn an_expression_is_bounded() {
        assert_eq!(bytes("zero:67108864").len(), MAX_LEN);
        assert_eq!(bytes("repeat:33554432:text:ab").len(), MAX_LEN);
        let too_long = |expression, column, bytes| {
            assert_eq!(
                parse(OsStr::new(expression)),
                Err(DataError { column, fault: DataFault::TooLong { bytes } })
            );
        };
        assert_eq!(error("zero:-1"), "column 6: expected a number from 0 to 67108864, found -1");
        too_long("zero:67108865", 6, 67_108_865);
        too_long("repeat:33554433:text:ab", 8, 67_108_866);
        too_long(
            "repeat:0xffffffffffffffff:repeat:0xffffffffffffffff:zero:67108864",
            8,
            (1 << 90) - (1 << 26),
        );
        assert_eq!(
            error("zero:99999999999"),
            "column 6: expected at most 67108864 bytes in one expression, found 99999999999; use a file"
        );
    }

    #[test]
    fn a_long_nest_of_repeats_needs_no_stack() {
        let expression = "repeat:1:".repeat(100_000) + "text:a";
        assert_eq!(bytes(&expression), b"a");
    }

    #[test]
    fn unknown_forms_get_a_suggestion() {
        for (typed, meant) in [
            ("hello world", "text:hello world"),
            ("txt:hi", "text:hi"),
            ("TEXT:hi", "text:hi"),
            ("string:hi", "str:hi"),
            ("b64:aGk=", "text:b64:aGk="),
            ("bsae64:aGk=", "base64:aGk="),
            ("u16:80", "u16be:80 or u16le:80"),
            ("u16eb:80", "u16be:80 or u16le:80"),
            ("zreo:4", "zero:4"),
            ("http://example.org", "text:http://example.org"),
            (":", "text::"),
            ("80", "text:80"),
            ("/etc/hosts", "@/etc/hosts or text:/etc/hosts"),
        ] {
            assert_eq!(
                error(typed),
                format!("column 1: unknown data form \"{typed}\"; did you mean {meant}?")
            );
        }
        assert_eq!(error(""), "column 1: expected a data form such as text:hello, found nothing");
    }

    #[test]
    fn errors_repeat_little_and_nothing_that_acts_on_a_terminal() {
        let long = error(&"é\x1b\n\u{202e}".repeat(1000));
        assert!(long.chars().count() < 400, "{long}");
        assert!(!long.contains(['\x1b', '\n', '\u{202e}']), "{long}");
        let cut = error(&"é".repeat(21));
        assert!(cut.contains(&format!("\"{}…\"", "é".repeat(20))), "{cut}");
        let odd = error(&format!("a{}", "é".repeat(21)));
        assert!(odd.contains(&format!("\"a{}…\"", "é".repeat(19))), "{odd}");
    }

    /// A form's prefix, or none, and a value that may suit it.
    fn expression() -> impl Strategy<Value = Vec<u8>> {
        let prefixes: Vec<&str> = FORMS.iter().map(|form| form.prefix).chain(["", "repeat:3:"]).collect();
        let value = prop_oneof![
            any::<Vec<u8>>(),
            "[0-9a-fA-Fx_+.-]{0,12}".prop_map(String::into_bytes),
            r#"([\\nxu{}0-9a-f]|text:|:){0,12}"#.prop_map(String::into_bytes),
        ];
        (prop::sample::select(prefixes), value)
            .prop_map(|(prefix, value)| [prefix.as_bytes(), &value].concat())
    }

    proptest! {
        #[test]
        fn arbitrary_expressions_give_bounded_bytes_or_a_place(expression in expression()) {
            match parse(OsStr::from_bytes(&expression)) {
                Ok(pieces) => for piece in pieces {
                    if let Piece::Bytes(bytes) = piece {
                        prop_assert!(bytes.len() <= MAX_LEN);
                    }
                },
                Err(error) => {
                    prop_assert!((1..=expression.len() + 1).contains(&error.column));
                    prop_assert!(!error.to_string().contains(char::is_control));
                }
            }
        }

        #[test]
        fn what_was_quoted_is_a_string(value: Vec<u8>) {
            let quoted = crate::quote(&value);
            let inner = quoted.strip_prefix("b\"").unwrap().strip_suffix('"').unwrap();
            prop_assert_eq!(bytes(&format!("str:{inner}")), value);
        }

        #[test]
        fn encoded_bytes_come_back(value: Vec<u8>) {
            prop_assert_eq!(&bytes(&format!("hex:{}", hex::encode(&value))), &value);
            prop_assert_eq!(&bytes(&format!("base64:{}", base64::encode(&value))), &value);
        }
    }
}
