//! The name of an array, made of the name of a file as `xxd -i` makes it, and valid in the language.

use super::Language;

/// Words that are no names in Python: The Python Language Reference, section 2.3.1.
const PYTHON_KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Words that are no names in Go: The Go Programming Language Specification, section Keywords; and `_`, which
/// cannot be read.
const GO_KEYWORDS: &[&str] = &[
    "_",
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// Makes a name of any bytes; of none, none.
pub(super) fn identifier(name: &[u8], language: Language, capital: bool) -> String {
    // A file may have any name; C's `isalnum`, in the C locale.
    let letters = name.iter().map(|byte| if byte.is_ascii_alphanumeric() { char::from(*byte) } else { '_' });
    let mut text = String::from(if name.first().is_some_and(u8::is_ascii_digit) { "__" } else { "" });
    // Rust warns of a static that is not in capitals.
    if capital || language == Language::Rust {
        text.extend(letters.map(|letter| letter.to_ascii_uppercase()));
    } else {
        text.extend(letters);
    }
    let keywords: &[&str] = match language {
        // As xxd has it, keywords included.
        Language::C | Language::Json => &[],
        // All of Rust's keywords have lower-case letters.
        Language::Rust => &["_"],
        Language::Python => PYTHON_KEYWORDS,
        Language::Go => GO_KEYWORDS,
    };
    if keywords.contains(&text.as_str()) {
        text.push('_');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_xxd() {
        let c = |name: &str| identifier(name.as_bytes(), Language::C, false);
        assert_eq!(c("a-b.bin"), "a_b_bin");
        assert_eq!(c("/tmp/9b.txt"), "_tmp_9b_txt");
        assert_eq!(c("9b.txt"), "__9b_txt");
        assert_eq!(c("é"), "__");
        assert_eq!(c(""), "");
        assert_eq!(c("for"), "for");
        assert_eq!(identifier(b"a.b", Language::C, true), "A_B");
    }

    #[test]
    fn a_name_is_valid_where_it_is_written() {
        assert_eq!(identifier(b"match.rs", Language::Rust, false), "MATCH_RS");
        assert_eq!(identifier(b"-", Language::Rust, false), "__");
        assert_eq!(identifier(b"class", Language::Python, false), "class_");
        assert_eq!(identifier(b"class", Language::Python, true), "CLASS");
        assert_eq!(identifier(b"func", Language::Go, false), "func_");
        assert_eq!(identifier(b"-", Language::Go, false), "__");
        assert_eq!(identifier(b"1", Language::Go, false), "__1");
    }
}
