//! A command line as GNU's getopt_long reads it, out of the table of flags.
//!
//! Options and operands may stand in any order, unless `POSIXLY_CORRECT` is set; `--` ends the options; letters may stand
//! together, and the value of one beside it or behind it; a long option may be shortened as far as it stays the only one.
//! Source: getopt(3), and runs of the tools.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::face::Face;
use crate::flags::{self, Flag, Takes};

/// An option that was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The name of the flag in the table.
    pub(super) id: &'static str,
    /// What was given with it; empty for a flag that takes nothing.
    pub(super) value: OsString,
}

/// Reads the words of a command line, one option after the other.
#[derive(Debug)]
pub(super) struct Getopt {
    flags: Vec<&'static Flag>,
    words: VecDeque<OsString>,
    /// The letters that are left of a word with several.
    letters: VecDeque<u8>,
    operands: Vec<OsString>,
    /// The first operand ends the options.
    in_order: bool,
}

impl Getopt {
    pub(super) fn new(face: Face, words: Vec<OsString>) -> Self {
        Self {
            flags: flags::of(face).collect(),
            words: words.into(),
            letters: VecDeque::new(),
            operands: Vec::new(),
            in_order: std::env::var_os("POSIXLY_CORRECT").is_some(),
        }
    }

    /// Returns the next option; `None` when there are no more. An error is what getopt says, without the tool's name.
    pub(super) fn next(&mut self) -> Result<Option<Typed>, Vec<u8>> {
        loop {
            if let Some(letter) = self.letters.pop_front() {
                return self.letter(letter).map(Some);
            }
            let Some(word) = self.words.pop_front() else { return Ok(None) };
            match word.as_bytes() {
                b"--" => {
                    self.operands.extend(self.words.drain(..));
                }
                [b'-', b'-', long @ ..] => return self.long(long).map(Some),
                [b'-', letters @ ..] if !letters.is_empty() => {
                    self.letters = letters.iter().copied().collect();
                }
                _ => {
                    self.operands.push(word);
                    if self.in_order {
                        self.operands.extend(self.words.drain(..));
                    }
                }
            }
        }
    }

    /// Returns what is no option, once there are no more of them.
    pub(super) fn operands(self) -> Vec<OsString> {
        self.operands
    }

    fn letter(&mut self, letter: u8) -> Result<Typed, Vec<u8>> {
        let found = self.flags.iter().find(|flag| flag.short == Some(char::from(letter)));
        let Some(flag) = found else { return Err([b"invalid option -- '", &[letter][..], b"'"].concat()) };
        if matches!(flag.takes, Takes::Switch | Takes::Count) {
            return Ok(Typed { id: flag.id, value: OsString::new() });
        }
        let id = flag.id;
        let beside: Vec<u8> = self.letters.drain(..).collect();
        let value = if beside.is_empty() { self.words.pop_front() } else { Some(OsString::from_vec(beside)) };
        match value {
            Some(value) => Ok(Typed { id, value }),
            None => Err([b"option requires an argument -- '", &[letter][..], b"'"].concat()),
        }
    }

    fn long(&mut self, word: &[u8]) -> Result<Typed, Vec<u8>> {
        let (name, value) = match word.iter().position(|&byte| byte == b'=') {
            Some(at) => (word.get(..at).unwrap_or(word), word.get(at + 1..)),
            None => (word, None),
        };
        let all = self.flags.iter().filter_map(|flag| flag.long.map(|long| (long, *flag)));
        let near: Vec<_> = all.filter(|(long, _)| long.as_bytes().starts_with(name)).collect();
        let whole = near.iter().find(|(long, _)| long.as_bytes() == name);
        let (long, flag) = match (whole, &near[..]) {
            (Some(found), _) | (None, [found]) => *found,
            (None, []) => return Err([b"unrecognized option '--", word, b"'"].concat()),
            (None, several) => {
                let names: Vec<_> = several.iter().map(|(long, _)| format!(" '--{long}'")).collect();
                let names = names.concat();
                return Err(
                    [b"option '--", word, b"' is ambiguous; possibilities:", names.as_bytes()].concat()
                );
            }
        };
        let id = flag.id;
        match (matches!(flag.takes, Takes::Switch | Takes::Count), value) {
            (true, None) => Ok(Typed { id, value: OsString::new() }),
            (true, Some(_)) => Err(format!("option '--{long}' doesn't allow an argument").into_bytes()),
            (false, Some(value)) => Ok(Typed { id, value: OsStr::from_bytes(value).to_owned() }),
            (false, None) => match self.words.pop_front() {
                Some(value) => Ok(Typed { id, value }),
                None => Err(format!("option '--{long}' requires an argument").into_bytes()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The options as `id=value`, then the operands; or what getopt says.
    fn read(words: &[&str]) -> Result<Vec<String>, String> {
        let mut getopt = Getopt::new(Face::Basenc, words.iter().map(OsString::from).collect());
        getopt.in_order = false;
        let mut read = Vec::new();
        while let Some(Typed { id, value }) =
            getopt.next().map_err(|words| String::from_utf8(words).unwrap())?
        {
            read.push(format!("{id}={}", value.display()));
        }
        read.extend(getopt.operands().into_iter().map(|word| word.into_string().unwrap()));
        Ok(read)
    }

    #[test]
    fn options_stand_anywhere_until_a_double_dash() {
        assert_eq!(read(&["a", "-d", "b"]), Ok(vec!["decode=".into(), "a".into(), "b".into()]));
        assert_eq!(read(&["-", "--", "-d", "--"]), Ok(vec!["-".into(), "-d".into(), "--".into()]));
    }

    #[test]
    fn a_value_stands_beside_or_behind() {
        for words in [&["-w76"][..], &["-w", "76"], &["--wrap=76"], &["--wrap", "76"], &["--w", "76"]] {
            assert_eq!(read(words), Ok(vec!["wrap=76".into()]), "{words:?}");
        }
        assert_eq!(read(&["-diw5"]), Ok(vec!["decode=".into(), "ignore-garbage=".into(), "wrap=5".into()]));
        assert_eq!(read(&["-w", "-d"]), Ok(vec!["wrap=-d".into()]));
        assert_eq!(read(&["--wrap="]), Ok(vec!["wrap=".into()]));
    }

    #[test]
    fn a_whole_name_is_not_ambiguous_and_a_shortened_one_may_be() {
        assert_eq!(read(&["--base64"]), Ok(vec!["base64=".into()]));
        assert_eq!(read(&["--base64u"]), Ok(vec!["base64url=".into()]));
        assert_eq!(
            read(&["--base2"]).unwrap_err(),
            "option '--base2' is ambiguous; possibilities: '--base2msbf' '--base2lsbf'"
        );
    }

    #[test]
    fn what_is_wrong_is_said_in_getopts_words() {
        for (words, said) in [
            (&["-dx"][..], "invalid option -- 'x'"),
            (&["-w"], "option requires an argument -- 'w'"),
            (&["--wrap"], "option '--wrap' requires an argument"),
            (&["--decode=1"], "option '--decode' doesn't allow an argument"),
            (&["--nothing=1"], "unrecognized option '--nothing=1'"),
        ] {
            assert_eq!(read(words).unwrap_err(), said);
        }
    }
}
