//! Bytes as an array in a source file: C as `xxd -i` writes it, Rust, Python, Go and JSON.
//!
//! An [`Array`] is a [`Transform`], so that a file of any size passes through in bounded memory: C has its length
//! behind it, the others have slices that know theirs. The C form is byte for byte that of xxd; the newer `-b`
//! (binary numbers) and `-t` (a zero at the end that does not count) follow xxd of 2026.
//!
//! Reference: xxd(1), option `-i`.

mod name;

use core::convert::Infallible;
use core::fmt;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::hex::digits;
use crate::{Buffer, stream::Transform};

/// What an array is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// `unsigned char x[] = { … };` and `unsigned int x_len = …;`; without a name the numbers alone.
    C,
    /// `pub static X: &[u8] = &[ … ];`; without a name the expression, for `include!`.
    Rust,
    /// `x = ( b"…" … )`; without a name the expression.
    Python,
    /// `var x = []byte{ … }`; without a name the expression.
    Go,
    /// An array of numbers, which has no name.
    Json,
}

impl Language {
    /// Every language, as help texts show them.
    pub const ALL: &[Self] = &[Self::C, Self::Rust, Self::Python, Self::Go, Self::Json];

    /// Returns the language's name as it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Rust => "rust",
            Self::Python => "python",
            Self::Go => "go",
            Self::Json => "json",
        }
    }

    /// Returns whether an array of the language can have a name.
    #[must_use]
    pub const fn has_names(self) -> bool {
        !matches!(self, Self::Json)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::C => "C",
            Self::Rust => "Rust",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Json => "JSON",
        })
    }
}

/// How an array is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayStyle {
    language: Language,
    name: Option<OsString>,
    columns: usize,
    binary: bool,
    upper_case: bool,
    capital_name: bool,
    terminate: bool,
}

impl ArrayStyle {
    /// Bytes of a line where nothing else is said.
    pub const COLUMNS: usize = 12;

    /// Makes the style of a language: no name, 12 bytes on a line, lower-case hex (for JSON decimal) numbers.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            name: None,
            columns: Self::COLUMNS,
            binary: false,
            upper_case: false,
            capital_name: false,
            terminate: false,
        }
    }

    /// Sets the name of the array, or of the file, to make one of: what is no ASCII letter or digit becomes `_`,
    /// `__` goes before a leading digit, `_` behind a keyword. Rust's statics are in capitals.
    #[must_use]
    pub fn name(self, name: &OsStr) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// Sets how many bytes stand on a line; 0 for the default.
    #[must_use]
    pub fn columns(self, columns: usize) -> Self {
        Self { columns: if columns == 0 { Self::COLUMNS } else { columns }, ..self }
    }

    /// Writes binary numbers, `0b01100001`, instead of hex.
    #[must_use]
    pub fn binary(self, binary: bool) -> Self {
        Self { binary, ..self }
    }

    /// Writes the digits A–F in capitals; in C the `0X` before them, too, as xxd does.
    #[must_use]
    pub fn upper_case(self, upper_case: bool) -> Self {
        Self { upper_case, ..self }
    }

    /// Writes the name in capitals.
    #[must_use]
    pub fn capital_name(self, capital_name: bool) -> Self {
        Self { capital_name, ..self }
    }

    /// Puts a zero at the end that is not counted in the length, so that a C array of text is a C string.
    #[must_use]
    pub fn terminate(self, terminate: bool) -> Self {
        Self { terminate, ..self }
    }
}

/// Writes bytes as an array.
///
/// ```
/// use std::ffi::OsStr;
/// use jackfield_codec::array::{Array, ArrayStyle, Language};
/// use jackfield_codec::stream::whole;
///
/// let style = ArrayStyle::new(Language::C).name(OsStr::new("hello.txt"));
/// let Ok(text) = whole(Array::new(&style)?, b"Hello");
/// assert_eq!(
///     String::from_utf8_lossy(&text),
///     "unsigned char hello_txt[] = {\n  0x48, 0x65, 0x6c, 0x6c, 0x6f\n};\nunsigned int hello_txt_len = 5;\n"
/// );
/// # Ok::<(), jackfield_codec::array::ArrayError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Array {
    form: Form,
    columns: usize,
    tokens: Vec<Token>,
    terminate: bool,
    opened: bool,
    /// Bytes on the line that is being written.
    column: usize,
    /// Bytes that there were.
    count: u64,
}

impl Array {
    /// Makes an array of no bytes yet.
    ///
    /// # Errors
    /// [`ArrayError`] when the style asks for what its language does not have.
    pub fn new(style: &ArrayStyle) -> Result<Self, ArrayError> {
        let form = Form::of(style)?;
        let token = |byte| Token::new(byte, &form, style);
        let tokens = (0..=u8::MAX).map(token).collect();
        let (columns, terminate) = (style.columns, style.terminate);
        Ok(Self { form, columns, tokens, terminate, opened: false, column: 0, count: 0 })
    }

    /// Leaves out the zero at the end: xxd does where it stops before the end of its input.
    pub const fn leave_open(&mut self) {
        self.terminate = false;
    }

    /// Writes what stands before the first byte, once.
    fn open(&mut self, out: &mut Buffer) {
        if !self.opened {
            out.extend_from_slice(self.form.opening.as_bytes());
            self.opened = true;
        }
    }

    fn write(&mut self, bytes: &[u8], out: &mut Buffer) {
        let mut rest = bytes;
        while let Some((&first, behind)) = rest.split_first() {
            if self.column == 0 {
                let start = if self.count > 0 { self.form.line_break } else { "" };
                out.extend_from_slice(start.as_bytes());
                out.extend_from_slice(self.form.line_start.as_bytes());
                let digits = self.tokens.get(usize::from(first)).map_or(&[][..], Token::text);
                out.extend_from_slice(digits.get(self.form.between.len()..).unwrap_or(&[]));
                self.count += 1;
                self.column = 1 % self.columns;
                rest = behind;
            } else {
                let line = rest.len().min(self.columns - self.column);
                let (line, behind) = rest.split_at_checked(line).unwrap_or((rest, &[]));
                self.write_tokens(line, out);
                self.count += u64::try_from(line.len()).unwrap_or(0);
                self.column = (self.column + line.len()) % self.columns;
                rest = behind;
            }
        }
    }

    /// Writes bytes that are not the first of a line.
    fn write_tokens(&self, bytes: &[u8], out: &mut Buffer) {
        let mut room = out.room(bytes.len().saturating_mul(Token::MAX));
        let mut written = 0;
        for &byte in bytes {
            let text = self.tokens.get(usize::from(byte)).map_or(&[][..], Token::text);
            let Some((place, rest)) = room.split_at_mut_checked(text.len()) else { break };
            place.copy_from_slice(text);
            written += text.len();
            room = rest;
        }
        out.commit(written);
    }
}

impl Transform for Array {
    type Error = Infallible;

    fn push(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Infallible> {
        self.open(out);
        // Piece by piece, so that the room for a line without an end is not that of all the input.
        bytes.chunks(4096).for_each(|piece| self.write(piece, out));
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), Infallible> {
        self.open(out);
        let length = self.count;
        if self.terminate {
            self.write(&[0], out);
        }
        // A zero that ends no bytes has no end of a line in xxd.
        let end = if length > 0 { self.form.line_end } else { self.form.no_lines };
        out.extend_from_slice(end.as_bytes());
        out.extend_from_slice(self.form.closing.as_bytes());
        if let Some(name) = &self.form.length_name {
            out.extend_from_slice(format!("unsigned int {name} = {length};\n").as_bytes());
        }
        Ok(())
    }
}

/// What a style asks for that its language does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrayError {
    /// A name, where arrays have none.
    Name(Language),
    /// A name of no characters, where it would not be valid.
    EmptyName(Language),
    /// A name in capitals, where there is no name.
    Capitals(Language),
    /// Binary or upper-case hex numbers, where numbers are decimal.
    Decimal(Language),
    /// A zero at the end that is not counted.
    Terminate(Language),
}

impl fmt::Display for ArrayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(language) => write!(f, "an array in {language} has no name; leave the name out"),
            Self::EmptyName(language) => {
                write!(f, "expected the name of an array in {language}, found an empty one")
            }
            Self::Capitals(language) => {
                write!(f, "an array in {language} has no name to put in capitals; leave the option out")
            }
            Self::Decimal(language) => {
                write!(f, "numbers in {language} are decimal, not binary or hex; leave the option out")
            }
            Self::Terminate(language) => {
                write!(
                    f,
                    "an array in {language} knows its length; only C has zeros at the end that do not count"
                )
            }
        }
    }
}

impl std::error::Error for ArrayError {}

/// What stands around the bytes.
#[derive(Clone, Debug)]
struct Form {
    opening: String,
    line_start: &'static str,
    between: &'static str,
    line_break: &'static str,
    line_end: &'static str,
    /// Instead of lines, when there are no bytes.
    no_lines: &'static str,
    closing: &'static str,
    /// The variable for the length.
    length_name: Option<String>,
    prefix: &'static str,
}

impl Form {
    fn of(style: &ArrayStyle) -> Result<Self, ArrayError> {
        let language = style.language;
        match style {
            _ if language == Language::C => {}
            ArrayStyle { terminate: true, .. } => return Err(ArrayError::Terminate(language)),
            ArrayStyle { name: Some(name), .. } if name.is_empty() => {
                return Err(ArrayError::EmptyName(language));
            }
            _ if language.has_names() => {}
            ArrayStyle { name: Some(_), .. } => return Err(ArrayError::Name(language)),
            ArrayStyle { capital_name: true, .. } => return Err(ArrayError::Capitals(language)),
            ArrayStyle { binary: true, .. } | ArrayStyle { upper_case: true, .. } => {
                return Err(ArrayError::Decimal(language));
            }
            _ => {}
        }
        let name = style.name.as_ref();
        let name = name.map(|name| name::identifier(name.as_bytes(), language, style.capital_name));
        let prefix = if style.binary { "0b" } else { "0x" };
        let numbers = |opening: String, closing| Self {
            opening,
            line_start: "    ",
            between: ", ",
            line_break: ",\n",
            line_end: ",\n",
            no_lines: "",
            closing,
            length_name: None,
            prefix,
        };
        Ok(match (language, name) {
            (Language::C, name) => Self {
                line_start: "  ",
                line_end: "\n",
                length_name: name.as_ref().map(|name| {
                    let suffix = if style.capital_name { "_LEN" } else { "_len" };
                    format!("{name}{suffix}")
                }),
                prefix: if style.upper_case && !style.binary { "0X" } else { prefix },
                ..match name {
                    Some(name) => numbers(format!("unsigned char {name}[] = {{\n"), "};\n"),
                    None => numbers(String::new(), ""),
                }
            },
            (Language::Rust, Some(name)) => numbers(format!("pub static {name}: &[u8] = &[\n"), "];\n"),
            (Language::Rust, None) => numbers("&[\n".into(), "]\n"),
            (Language::Go, name) => {
                let variable = name.map_or_else(String::new, |name| format!("var {name} = "));
                Self { line_start: "\t", ..numbers(format!("{variable}[]byte{{\n"), "}\n") }
            }
            (Language::Json, _) => {
                Self { line_start: "  ", line_end: "\n", prefix: "", ..numbers("[\n".into(), "]\n") }
            }
            (Language::Python, name) => {
                let variable = name.map_or_else(String::new, |name| format!("{name} = "));
                if style.binary {
                    numbers(format!("{variable}bytes((\n"), "))\n")
                } else {
                    Self {
                        line_start: "    b\"",
                        between: "",
                        line_break: "\"\n",
                        line_end: "\"\n",
                        no_lines: "    b\"\"\n",
                        prefix: "\\x",
                        ..numbers(format!("{variable}(\n"), ")\n")
                    }
                }
            }
        })
    }
}

/// A byte as it stands behind another.
#[derive(Clone, Copy, Debug)]
struct Token {
    text: [u8; Self::MAX],
    len: usize,
}

impl Token {
    /// As long as `, 0b01100001`.
    const MAX: usize = 12;

    fn new(byte: u8, form: &Form, style: &ArrayStyle) -> Self {
        let number = match style {
            ArrayStyle { language: Language::Json, .. } => byte.to_string(),
            ArrayStyle { binary: true, .. } => format!("{byte:08b}"),
            _ => digits(byte, style.upper_case).map(char::from).iter().collect(),
        };
        let whole = [form.between, form.prefix, &number].concat();
        let mut text = [0; Self::MAX];
        text.iter_mut().zip(whole.bytes()).for_each(|(to, from)| *to = from);
        Self { text, len: whole.len() }
    }

    fn text(&self) -> &[u8] {
        self.text.get(..self.len).unwrap_or(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::whole;
    use proptest::prelude::*;

    fn text(style: &ArrayStyle, bytes: &[u8]) -> String {
        let Ok(text) = whole(Array::new(style).unwrap(), bytes);
        String::from_utf8(text).unwrap()
    }

    fn named(language: Language, name: &str) -> ArrayStyle {
        ArrayStyle::new(language).name(OsStr::new(name))
    }

    #[test]
    fn c_as_xxd_has_it() {
        let style = named(Language::C, "a-b.bin").columns(2);
        assert_eq!(
            text(&style, b"\x00\xff\x2c"),
            "unsigned char a_b_bin[] = {\n  0x00, 0xff,\n  0x2c\n};\nunsigned int a_b_bin_len = 3;\n"
        );
        assert_eq!(
            text(&style.clone().capital_name(true).upper_case(true), b"\x2c"),
            "unsigned char A_B_BIN[] = {\n  0X2C\n};\nunsigned int A_B_BIN_LEN = 1;\n"
        );
        assert_eq!(text(&style, b""), "unsigned char a_b_bin[] = {\n};\nunsigned int a_b_bin_len = 0;\n");
        assert_eq!(text(&ArrayStyle::new(Language::C).columns(0), b"ab"), "  0x61, 0x62\n");
        assert_eq!(text(&ArrayStyle::new(Language::C), b""), "");
        assert_eq!(text(&named(Language::C, ""), b""), "unsigned char [] = {\n};\nunsigned int _len = 0;\n");
    }

    #[test]
    fn binary_numbers_and_a_zero_that_does_not_count() {
        let style = named(Language::C, "x").columns(2).terminate(true);
        assert_eq!(
            text(&style, b"ab"),
            "unsigned char x[] = {\n  0x61, 0x62,\n  0x00\n};\nunsigned int x_len = 2;\n"
        );
        assert_eq!(text(&style, b""), "unsigned char x[] = {\n  0x00};\nunsigned int x_len = 0;\n");
        assert_eq!(
            text(&ArrayStyle::new(Language::C).binary(true).upper_case(true), b"a\0"),
            "  0b01100001, 0b00000000\n"
        );
    }

    #[test]
    fn the_other_languages() {
        assert_eq!(
            text(&named(Language::Rust, "a.b").columns(2).upper_case(true), b"jkl"),
            "pub static A_B: &[u8] = &[\n    0x6A, 0x6B,\n    0x6C,\n];\n"
        );
        assert_eq!(text(&ArrayStyle::new(Language::Rust).binary(true), b"j"), "&[\n    0b01101010,\n]\n");
        assert_eq!(
            text(&named(Language::Python, "a").columns(2), b"jkl"),
            "a = (\n    b\"\\x6a\\x6b\"\n    b\"\\x6c\"\n)\n"
        );
        assert_eq!(text(&ArrayStyle::new(Language::Python), b""), "(\n    b\"\"\n)\n");
        assert_eq!(
            text(&named(Language::Python, "a").binary(true), b"j"),
            "a = bytes((\n    0b01101010,\n))\n"
        );
        assert_eq!(text(&named(Language::Go, "a"), b"jk"), "var a = []byte{\n\t0x6a, 0x6b,\n}\n");
        assert_eq!(text(&ArrayStyle::new(Language::Go), b""), "[]byte{\n}\n");
        assert_eq!(text(&ArrayStyle::new(Language::Json).columns(2), b"\0a\xff"), "[\n  0, 97,\n  255\n]\n");
    }

    #[test]
    fn what_a_language_does_not_have_is_refused() {
        let refused = |style: ArrayStyle| Array::new(&style).unwrap_err();
        let json = ArrayStyle::new(Language::Json);
        assert_eq!(refused(named(Language::Json, "x")), ArrayError::Name(Language::Json));
        assert_eq!(refused(json.clone().capital_name(true)), ArrayError::Capitals(Language::Json));
        assert_eq!(refused(json.clone().binary(true)), ArrayError::Decimal(Language::Json));
        assert_eq!(refused(json.upper_case(true)), ArrayError::Decimal(Language::Json));
        for language in [Language::Rust, Language::Python, Language::Go, Language::Json] {
            let terminated = ArrayStyle::new(language).terminate(true);
            assert_eq!(refused(terminated), ArrayError::Terminate(language));
            assert_eq!(refused(named(language, "")), ArrayError::EmptyName(language));
        }
        assert_eq!(
            ArrayError::Terminate(Language::Go).to_string(),
            "an array in Go knows its length; only C has zeros at the end that do not count"
        );
    }

    fn style() -> impl Strategy<Value = ArrayStyle> {
        let language = prop::sample::select(Language::ALL);
        (language, 0usize..20, any::<[bool; 4]>()).prop_map(
            |(language, columns, [name, binary, upper, zero])| {
                let style = ArrayStyle::new(language).columns(columns);
                let style = if name && language.has_names() { style.name(OsStr::new("x")) } else { style };
                let is_json = language == Language::Json;
                style
                    .binary(binary && !is_json)
                    .upper_case(upper && !is_json)
                    .terminate(zero && language == Language::C)
            },
        )
    }

    proptest! {
        #[test]
        fn the_cut_does_not_matter(style in style(), bytes in prop::collection::vec(any::<u8>(), 0..100), cuts: [u8; 3]) {
            let mut array = Array::new(&style).unwrap();
            let mut out = Buffer::new();
            let mut rest = &bytes[..];
            for cut in cuts {
                let (head, tail) = rest.split_at(usize::from(cut) % (rest.len() + 1));
                let Ok(()) = array.push(head, &mut out);
                rest = tail;
            }
            let Ok(()) = array.push(rest, &mut out);
            let Ok(()) = array.finish(&mut out);
            prop_assert_eq!(String::from_utf8_lossy(&out), text(&style, &bytes));
        }
    }

    #[test]
    fn a_line_may_be_as_long_as_the_input() {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let long = text(&ArrayStyle::new(Language::C).columns(usize::MAX), &bytes);
        assert_eq!((long.len(), long.lines().count()), (10_000 * 6 + 1, 1));
    }
}
