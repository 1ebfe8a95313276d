//! The lexer under [`Source`](super::Source): text to tokens, comments dropped.
//!
//! It never fails: an unterminated literal or comment ends with the text.
//!
//! Reference: The Rust Reference, "Lexical structure".

use super::{Kind, Token};

/// Cuts a text into tokens.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, tokens: Vec::new() }
    }

    /// Returns the tokens of the whole text.
    pub(super) fn run(mut self) -> Vec<Token> {
        // A script's first line; `#![…]` is an attribute.
        if self.text.starts_with("#!") && !self.text.starts_with("#![") {
            self.skip_line();
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.step(1),
                b'/' if self.peek(1) == Some(b'/') => self.skip_line(),
                b'/' if self.peek(1) == Some(b'*') => self.block_comment(),
                b'"' => self.token(Kind::Text, Self::string),
                b'\'' => self.quote(),
                b'0'..=b'9' => self.number(),
                _ if is_word_byte(byte) => self.word(),
                _ => self.mark(),
            }
        }
        self.tokens
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Passes over `count` bytes, counting lines.
    fn step(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some(b'\n') {
                self.line += 1;
            }
            self.at = (self.at + 1).min(self.text.len());
        }
    }

    fn step_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.step(1);
        }
    }

    fn token(&mut self, kind: Kind, read: impl FnOnce(&mut Self)) {
        let (start, line) = (self.at, self.line);
        read(self);
        self.tokens.push(Token { kind, line, span: start..self.at });
    }

    fn skip_line(&mut self) {
        self.step_while(|byte| byte != b'\n');
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.peek(0).is_some() {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.step(2);
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.step(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.step_char();
            }
        }
    }

    /// Passes over one character, of however many bytes, so that `rest` stays on a boundary.
    fn step_char(&mut self) {
        self.step(self.rest().chars().next().map_or(1, char::len_utf8));
    }

    /// Passes over a string with escapes, from its opening quote.
    fn string(&mut self) {
        self.escaped(b'"');
    }

    fn escaped(&mut self, quote: u8) {
        self.step(1);
        while let Some(byte) = self.peek(0) {
            if byte == b'\\' {
                self.step(2);
            } else {
                self.step(1);
                if byte == quote {
                    return;
                }
            }
        }
    }

    /// Passes over a raw string, from its first `#` or quote.
    fn raw_string(&mut self) {
        let start = self.at;
        self.step_while(|byte| byte == b'#');
        let hashes = self.at - start;
        self.step(1);
        let end = format!("\"{}", "#".repeat(hashes));
        let length = self.rest().find(&end).map_or_else(|| self.rest().len(), |found| found + end.len());
        self.step(length);
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        let mut after = self.rest().chars().skip(1);
        let (first, second) = (after.next(), after.next());
        if first == Some('\\') || second == Some('\'') {
            self.token(Kind::Char, |lexer| {
                if first == Some('\\') {
                    lexer.escaped(b'\'');
                } else {
                    lexer.step(1);
                    lexer.step_char();
                    lexer.step(1);
                }
            });
        } else {
            self.token(Kind::Lifetime, |lexer| {
                lexer.step(1);
                lexer.step_while(is_word_byte);
            });
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = rest.bytes().take_while(|&byte| is_word_byte(byte)).count();
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let quoted = after.trim_start_matches('#').starts_with('"');
        match word {
            "r" | "br" | "cr" if quoted => self.token(Kind::Text, |lexer| {
                lexer.step(length);
                lexer.raw_string();
            }),
            "b" | "c" if after.starts_with('"') => self.token(Kind::Text, |lexer| {
                lexer.step(length);
                lexer.string();
            }),
            "b" if after.starts_with('\'') => self.token(Kind::Char, |lexer| {
                lexer.step(length);
                lexer.escaped(b'\'');
            }),
            "r" if after.starts_with('#') => {
                self.step(2);
                self.token(Kind::Word, |lexer| lexer.step_while(is_word_byte));
            }
            _ => self.token(Kind::Word, |lexer| lexer.step(length)),
        }
    }

    fn number(&mut self) {
        // In `pair.0.1` the dots are no decimal points.
        let member = self.tokens.last().is_some_and(|token| self.text.get(token.span.clone()) == Some("."));
        self.token(Kind::Number, |lexer| {
            let start = lexer.at;
            lexer.step_while(is_word_byte);
            let fraction = lexer.peek(0) == Some(b'.') && lexer.peek(1).is_some_and(|b| b.is_ascii_digit());
            if fraction && !member {
                lexer.step(1);
                lexer.step_while(is_word_byte);
            }
            let so_far = lexer.text.get(start..lexer.at).unwrap_or("");
            if !so_far.starts_with("0x")
                && so_far.ends_with(['e', 'E'])
                && matches!(lexer.peek(0), Some(b'+' | b'-'))
            {
                lexer.step(1);
                lexer.step_while(is_word_byte);
            }
        });
    }

    fn mark(&mut self) {
        const PAIRS: &[&str] = &["::", "=>", "->", "==", "!=", "<=", ">=", ".."];
        let length = if PAIRS.iter().any(|pair| self.rest().starts_with(pair)) { 2 } else { 1 };
        self.token(Kind::Mark, |lexer| lexer.step(length));
    }
}

/// Bytes of identifiers; those above ASCII are taken for letters, so a token never splits a character.
fn is_word_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
