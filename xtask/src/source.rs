//! Rust source as tokens with line numbers.
//!
//! The house rules must see code, not comments or texts: a doc comment that mentions `libc` breaks no rule.
//! So this is a lexer for the whole of Rust's lexical grammar (nested comments, raw strings, lifetimes
//! against character literals), which knows besides which tokens only a test build compiles, and how
//! `use` trees and paths read. It is no parser: what it does not understand it passes over.
//!
//! Reference: The Rust Reference, "Lexical structure", "Use declarations", "Conditional compilation".

mod lexer;

use std::collections::BTreeMap;
use std::ops::Range;

use lexer::Lexer;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or keyword; a raw identifier without its `r#`.
    Word,
    /// A number literal with its prefix and suffix.
    Number,
    /// A string literal of any sort, with its quotes.
    Text,
    /// A character or byte literal.
    Char,
    /// A lifetime or loop label.
    Lifetime,
    /// Punctuation: one character, or one of `:: => -> == != <= >= ..`.
    Mark,
}

/// One token and where it begins.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// The line it begins on, from 1.
    pub line: usize,
    span: Range<usize>,
}

/// A path of two or more segments, or a leaf of a `use` tree.
#[derive(Clone, Debug)]
pub struct Path {
    /// The segments; the last is `*` for a glob.
    pub segments: Vec<String>,
    /// The token the path ends with (for a leaf of a `use` tree: the leaf).
    pub at: usize,
    /// For a leaf of a `use` tree, the name it binds.
    pub binds: Option<String>,
}

/// A file's tokens.
#[derive(Debug)]
pub struct Source {
    text: String,
    tokens: Vec<Token>,
    tests: Vec<Range<usize>>,
}

impl Source {
    /// Reads `text` as Rust. Never fails: an unterminated literal ends with the file.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut source = Self { text: text.to_owned(), tokens: Lexer::new(text).run(), tests: Vec::new() };
        source.tests = source.find_tests();
        source
    }

    /// The number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Says whether the file holds no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Returns token `at` as written, or "" past the end.
    #[must_use]
    pub fn text(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span.clone())).unwrap_or("")
    }

    /// Returns what token `at` is.
    #[must_use]
    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Returns the line of token `at`, or of the last token past the end.
    #[must_use]
    pub fn line(&self, at: usize) -> usize {
        self.tokens.get(at).or_else(|| self.tokens.last()).map_or(1, |token| token.line)
    }

    /// Says whether token `at` is the word or mark `text` (and not a string that spells it).
    #[must_use]
    pub fn is(&self, at: usize, text: &str) -> bool {
        matches!(self.kind(at), Some(Kind::Word | Kind::Mark)) && self.text(at) == text
    }

    /// Says whether the tokens from `at` on are `texts`.
    #[must_use]
    pub fn follows(&self, at: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(offset, text)| self.is(at + offset, text))
    }

    /// Says whether the token before `at` is `text`.
    #[must_use]
    pub fn after(&self, at: usize, text: &str) -> bool {
        at.checked_sub(1).is_some_and(|before| self.is(before, text))
    }

    /// Says whether token `at` is an identifier or keyword.
    #[must_use]
    pub fn is_word(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word)
    }

    /// Says whether token `at` is compiled for tests alone: under `#[test]`, or a `#[cfg(…)]` that implies
    /// `test`.
    #[must_use]
    pub fn in_test(&self, at: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&at))
    }

    /// Returns the value of the integer literal at `at`.
    #[must_use]
    pub fn number(&self, at: usize) -> Option<u64> {
        if self.kind(at) != Some(Kind::Number) {
            return None;
        }
        let plain = self.text(at).replace('_', "");
        let (digits, radix) = match plain.get(..2) {
            Some("0x") => (plain.get(2..)?, 16),
            Some("0o") => (plain.get(2..)?, 8),
            Some("0b") => (plain.get(2..)?, 2),
            _ => (plain.as_str(), 10),
        };
        // Only the integer suffixes begin with a letter that is no digit, in any radix.
        let digits = digits.split(['u', 'i']).next()?;
        u64::from_str_radix(digits, radix).ok()
    }

    /// Returns the index of the bracket that closes the one at `at`, or of the last token.
    #[must_use]
    pub fn close(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        for index in at..self.len() {
            if self.kind(index) != Some(Kind::Mark) {
                continue;
            }
            match self.text(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return index;
                    }
                }
                _ => {}
            }
        }
        self.len().saturating_sub(1)
    }

    /// Returns the paths in the code: every leaf of every `use` tree, and every `a::b…` elsewhere.
    #[must_use]
    pub fn paths(&self) -> Vec<Path> {
        let mut paths = Vec::new();
        let mut at = 0;
        while at < self.len() {
            if self.is(at, "use") && !self.is(at + 1, "<") {
                at = self.use_tree(at + 1, &[], &mut paths);
            } else if self.is_word(at) && self.is(at + 1, "::") {
                let mut segments = vec![self.text(at).to_owned()];
                while self.is(at + 1, "::") && self.is_word(at + 2) {
                    at += 2;
                    segments.push(self.text(at).to_owned());
                }
                if segments.len() > 1 {
                    paths.push(Path { segments, at, binds: None });
                }
                at += 1;
            } else {
                at += 1;
            }
        }
        paths
    }

    /// Returns the modules declared for tests alone whose code is in another file: name, and the file when
    /// `#[path]` gives it.
    #[must_use]
    pub fn test_modules(&self) -> Vec<(String, Option<String>)> {
        let mut modules = Vec::new();
        for range in &self.tests {
            let found = range.clone().find(|&at| self.is(at, "mod") && self.is(at + 2, ";"));
            if let Some(at) = found {
                let given = range.clone().find(|&at| self.follows(at, &["[", "path", "="]));
                let file = given.map(|at| self.text(at + 3).trim_matches('"').to_owned());
                modules.push((self.text(at + 1).to_owned(), file));
            }
        }
        modules
    }

    /// Reads one `use` tree from `at` on; returns the index after it.
    fn use_tree(&self, mut at: usize, prefix: &[String], into: &mut Vec<Path>) -> usize {
        let mut segments = prefix.to_vec();
        loop {
            if self.is(at, "::") || self.is(at, "$") {
                at += 1;
            } else if self.is(at, "{") {
                let end = self.close(at);
                at += 1;
                while at < end {
                    let next = self.use_tree(at, &segments, into);
                    // A mark that no tree begins with (a comma, a macro's `$(`) is passed over.
                    at = next.max(at + 1);
                }
                return end + 1;
            } else if self.is(at, "*") {
                segments.push("*".to_owned());
                into.push(Path { segments, at, binds: Some("*".to_owned()) });
                return at + 1;
            } else if self.is_word(at) {
                segments.push(self.text(at).to_owned());
                if self.is(at + 1, "::") {
                    at += 2;
                    continue;
                }
                if segments.len() > 1 && self.is(at, "self") {
                    segments.pop();
                }
                let renamed = self.is(at + 1, "as") && self.is_word(at + 2);
                let name =
                    if renamed { Some(self.text(at + 2).to_owned()) } else { segments.last().cloned() };
                into.push(Path { segments, at, binds: name });
                return if renamed { at + 3 } else { at + 1 };
            } else {
                return at;
            }
        }
    }

    fn find_tests(&self) -> Vec<Range<usize>> {
        let mut tests = Vec::new();
        let mut at = 0;
        while at < self.len() {
            if self.follows(at, &["#", "!", "["]) {
                if self.implies_test(at + 3) {
                    tests.push(0..self.len());
                }
                at = self.close(at + 2) + 1;
            } else if self.follows(at, &["#", "["]) {
                let start = at;
                let mut test = false;
                while self.follows(at, &["#", "["]) {
                    test |= self.implies_test(at + 2);
                    at = self.close(at + 1) + 1;
                }
                if test {
                    at = self.item_end(at);
                    tests.push(start..at);
                }
            } else {
                at += 1;
            }
        }
        tests
    }

    /// Says whether the attribute whose name is at `at` makes its item a test's.
    fn implies_test(&self, at: usize) -> bool {
        (self.is(at, "test") && self.is(at + 1, "]"))
            || (self.follows(at, &["cfg", "("]) && self.cfg_implies_test(at + 2).0)
    }

    /// Reads one configuration predicate; returns whether it can hold only in a test build, and the index
    /// after it.
    fn cfg_implies_test(&self, at: usize) -> (bool, usize) {
        if self.is(at + 1, "=") {
            return (false, at + 3);
        }
        if !self.is(at + 1, "(") {
            return (self.is(at, "test"), at + 1);
        }
        let end = self.close(at + 1);
        let mut parts = Vec::new();
        let mut part = at + 2;
        while part < end {
            let (implied, next) = self.cfg_implies_test(part);
            parts.push(implied);
            part = next.max(part) + 1;
        }
        let implied = match self.text(at) {
            "all" => parts.contains(&true),
            "any" => !parts.is_empty() && !parts.contains(&false),
            _ => false,
        };
        (implied, end + 1)
    }

    /// Returns the index after the item, field, arm or statement that begins at `at`.
    fn item_end(&self, mut at: usize) -> usize {
        const ITEMS: &[&str] = &[
            "pub",
            "mod",
            "fn",
            "impl",
            "struct",
            "enum",
            "trait",
            "union",
            "unsafe",
            "async",
            "extern",
            "use",
            "const",
            "static",
            "type",
            "let",
            "macro_rules",
        ];
        let item = ITEMS.iter().any(|word| self.is(at, word));
        // Past `pub(crate)`, to the word that says what the item is.
        let mut first = at;
        if self.is(first, "pub") {
            first = if self.is(first + 1, "(") { self.close(first + 1) + 1 } else { first + 1 };
        }
        let constant = self.is(first, "const")
            && !["fn", "unsafe", "extern", "async"].iter().any(|word| self.is(first + 1, word));
        let by_semicolon =
            constant || ["use", "static", "type", "let"].iter().any(|word| self.is(first, word));
        while at < self.len() {
            if self.kind(at) == Some(Kind::Mark) {
                match self.text(at) {
                    ";" => return at + 1,
                    "," if !item => return at + 1,
                    "{" if !by_semicolon => return self.close(at) + 1,
                    "(" | "[" | "{" => at = self.close(at),
                    ")" | "]" | "}" => return at,
                    _ => {}
                }
            }
            at += 1;
        }
        at
    }
}

/// Finds every mention of a path for which `banned` has an answer, at the tokens that `wanted` picks.
///
/// A path that begins with an imported name is read through the import; an import that is itself banned is
/// reported once, where it stands, and not at each use. Returns token and answer.
pub fn mentions<T>(
    source: &Source,
    wanted: impl Fn(usize) -> bool,
    banned: impl Fn(&[String]) -> Option<T>,
) -> Vec<(usize, T)> {
    let paths: Vec<Path> = source.paths().into_iter().filter(|path| wanted(path.at)).collect();
    let imports: BTreeMap<&str, &[String]> = paths
        .iter()
        .filter_map(|path| path.binds.as_deref().map(|name| (name, path.segments.as_slice())))
        .collect();
    let mut found = Vec::new();
    for path in &paths {
        let imported =
            path.segments.split_first().filter(|_| path.binds.is_none()).and_then(|(first, rest)| {
                let import = *imports.get(first.as_str())?;
                // `use a; a::b` is `a::b` itself.
                (import != [first.clone()]).then(|| (import, [import, rest].concat()))
            });
        let answer = match imported {
            Some((import, _)) if banned(import).is_some() => None,
            Some((_, whole)) => banned(&whole),
            None => banned(&path.segments),
        };
        if let Some(answer) = answer {
            found.push((path.at, answer));
        }
    }
    found
}

/// Says whether `path` reaches `target` (given as `a::b::c`): it is it, lies below it, or is a glob over it.
#[must_use]
pub fn reaches(path: &[String], target: &str) -> bool {
    let target: Vec<&str> = target.split("::").collect();
    match path.split_last() {
        Some((last, above)) if last == "*" && above.len() < target.len() => {
            target.iter().zip(above).all(|(a, b)| a == b) && !above.is_empty()
        }
        _ => path.len() >= target.len() && target.iter().zip(path).all(|(a, b)| a == b),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        let source = Source::new(text);
        (0..source.len()).filter(|&at| source.is_word(at)).map(|at| source.text(at).to_owned()).collect()
    }

    fn paths(text: &str) -> Vec<String> {
        Source::new(text).paths().iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let text = r####"
            // unsafe in a line
            /* unsafe /* nested unsafe */ still unsafe */ a
            "unsafe \" unsafe" b'u' 'u' '\'' '"' b
            r"unsafe \" c r#"unsafe " unsafe"# d br##"unsafe "# "## e c"unsafe" f b"unsafe"
            //! unsafe
            /// unsafe
            g"####;
        assert_eq!(words(text), ["a", "b", "c", "d", "e", "f", "g"]);
    }

    #[test]
    fn lines_are_counted_through_literals_and_comments() {
        let source = Source::new("a \"x\n\ny\" b /* \n */ c r#\"\n\"# d \"\\\n\" e");
        let lines: Vec<_> = (0..source.len())
            .filter(|&at| source.is_word(at))
            .map(|at| (source.text(at).to_owned(), source.line(at)))
            .collect();
        let expected = [("a", 1), ("b", 3), ("c", 4), ("d", 5), ("e", 6)];
        assert_eq!(lines, expected.map(|(word, line)| (word.to_owned(), line)));
    }

    #[test]
    fn lifetimes_are_not_characters() {
        let source =
            Source::new("fn f<'a>(x: &'a str, y: char) { 'out: loop { y == 'a'; 'ß'; break 'out } }");
        let of = |kind| (0..source.len()).filter(|&at| source.kind(at) == Some(kind)).count();
        assert_eq!((of(Kind::Lifetime), of(Kind::Char)), (4, 2));
    }

    #[test]
    fn raw_identifiers_lose_their_prefix() {
        assert_eq!(words("r#unsafe r#type r"), ["unsafe", "type", "r"]);
    }

    #[test]
    fn integers_have_values_and_other_numbers_none() {
        let value = |text: &str| Source::new(text).number(0);
        assert_eq!(value("80"), Some(80));
        assert_eq!(value("65_535u16"), Some(65535));
        assert_eq!(value("0x08_00"), Some(0x800));
        assert_eq!(value("0xfe"), Some(0xfe));
        assert_eq!(value("0b101i32"), Some(5));
        assert_eq!(value("0o17"), Some(15));
        assert_eq!(value("1.5"), None);
        assert_eq!(value("1e3"), None);
        assert_eq!(value("port"), None);
    }

    #[test]
    fn ranges_and_members_are_not_fractions() {
        let source = Source::new("0..16 x.0.1 1.max(2) 1.5e-3 2");
        let numbers: Vec<_> = (0..source.len())
            .filter(|&at| source.kind(at) == Some(Kind::Number))
            .map(|at| source.text(at).to_owned())
            .collect();
        assert_eq!(numbers, ["0", "16", "0", "1", "1", "2", "1.5e-3", "2"]);
    }

    #[test]
    fn use_trees_are_spread_out() {
        assert_eq!(
            paths("use std::{io::{self, Write as _}, net, fs::*}; pub use ::a::b as c; use d;"),
            ["std::io", "std::io::Write", "std::net", "std::fs::*", "a::b", "d"]
        );
        let source = Source::new("use a::b as c; use x::{self as y};");
        let names: Vec<_> = source.paths().into_iter().filter_map(|path| path.binds).collect();
        assert_eq!(names, ["c", "y"]);
    }

    #[test]
    fn paths_in_expressions_are_found() {
        assert_eq!(
            paths("let x = std::env::var::<T>(a::b); m! { c::d } impl T + use<'a> { e }"),
            ["std::env::var", "a::b", "c::d"]
        );
    }

    #[test]
    fn test_code_is_known() {
        let source = Source::new(
            "product1; #[cfg(test)] mod tests { fn inside1() {} } product2;
             #[cfg(all(unix, test))] use inside2::{a, b}; product3;
             #[cfg(not(test))] fn product4() {} #[cfg(any(test, fuzzing))] fn product5() {}
             #[test] #[should_panic] fn inside3() {} #[cfg(feature = \"test\")] fn product6() {}
             struct S { #[cfg(test)] inside4: u8, product7: u8 }
             #[cfg(test)] pub(crate) const inside5: [u8; 2] = [{ 1 }, 2]; product8;
             #[cfg(any(test, all(test, unix)))] fn inside6<A, B>() -> [u8; 2] { [1, 2] } product9;",
        );
        let mut seen = 0;
        for at in 0..source.len() {
            if source.is_word(at) && source.text(at).starts_with("product") {
                assert!(!source.in_test(at), "{} taken for a test's", source.text(at));
                seen += 1;
            }
            if source.is_word(at) && source.text(at).starts_with("inside") {
                assert!(source.in_test(at), "{} taken for the product's", source.text(at));
                seen += 1;
            }
        }
        assert_eq!(seen, 15);
    }

    #[test]
    fn a_file_may_be_a_test_as_a_whole() {
        let source = Source::new("#![cfg(test)]\nfn f() {}");
        assert!((0..source.len()).all(|at| source.in_test(at)));
    }

    #[test]
    fn test_modules_elsewhere_are_named() {
        let source = Source::new(
            "#[cfg(test)] mod a; #[cfg(test)] #[path = \"x/y.rs\"] mod b; mod c; #[cfg(test)] mod d {}",
        );
        assert_eq!(source.test_modules(), [("a".into(), None), ("b".into(), Some("x/y.rs".into()))]);
    }

    #[test]
    fn imports_are_seen_through() {
        let find = |text: &str| {
            let source = Source::new(text);
            mentions(&source, |_| true, |path| reaches(path, "std::net").then_some(()))
                .iter()
                .map(|(at, ())| source.line(*at))
                .collect::<Vec<_>>()
        };
        assert_eq!(find("use std as s;\ns::net::TcpStream::connect(a);"), [2]);
        assert_eq!(find("use std::net;\nnet::TcpStream::connect(a);"), [1]);
        assert_eq!(find("use core::net;\nnet::IpAddr::V4(a);"), Vec::<usize>::new());
        assert_eq!(find("use std::*;"), [1]);
        assert_eq!(find("std::network::x(); use super::*;"), Vec::<usize>::new());
    }

    proptest! {
        /// Literals left open, brackets that do not match, letters of several bytes: all is read to its end.
        #[test]
        fn no_text_is_too_broken(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "\"", "'", "r#\"", "\"#", "/*", "*/", "//", "b'", "\\", "#[cfg(test)]", "#![cfg(any(", "use a::",
                    "{", "}", "(", ")", "[", "]", ",", ";", "*", "0x", "1.", "1e", "-", "r#", "ß", "mod t", "::", "\n",
                    " ", "all(", "not(", "test", "as", "self", "=",
                ]),
                0..40,
            )
        ) {
            let text = pieces.concat();
            let source = Source::new(&text);
            let _ = (source.paths(), source.test_modules());
            let lines: Vec<_> = (0..source.len()).map(|at| source.line(at)).collect();
            prop_assert!(lines.is_sorted());
            prop_assert!(lines.last().is_none_or(|&last| last <= text.matches('\n').count() + 1));
        }
    }
}
