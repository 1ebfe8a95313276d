//! Words in messages as GNU's tools quote them: `‘x’` in a UTF-8 locale, `'x'` elsewhere, file names as for a shell.
//!
//! Source: "Quoting arguments" of the manual of ls(1) (`locale`, `shell-escape`), and runs of the tools.

use std::ffi::OsStr;

/// How a message is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoting {
    utf8: bool,
}

impl Quoting {
    /// Follows `LC_ALL`, `LC_CTYPE` and `LANG`, the first that is set. Source: locale(7).
    pub(super) fn of_locale() -> Self {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
        Self::of(&locale)
    }

    fn of(locale: &OsStr) -> Self {
        let name = locale.to_string_lossy().to_ascii_lowercase();
        // language_TERRITORY.CODESET@modifier
        let codeset =
            name.split('@').next().unwrap_or_default().split_once('.').map_or("", |(_, codeset)| codeset);
        Self { utf8: matches!(codeset, "utf-8" | "utf8") }
    }

    /// Quotes a word in a sentence.
    pub(super) fn word(self, word: &OsStr) -> Vec<u8> {
        let (open, close) = if self.utf8 { ("‘", "’") } else { ("'", "'") };
        let mut out = open.as_bytes().to_vec();
        for (bytes, shown) in self.characters(word.as_encoded_bytes()) {
            if bytes == close.as_bytes() || bytes == b"\\" {
                out.push(b'\\');
            }
            if shown { out.extend_from_slice(bytes) } else { escape(bytes, &mut out) }
        }
        out.extend_from_slice(close.as_bytes());
        out
    }

    /// Quotes the name of a file, where a shell or a reader could take it for something else.
    pub(super) fn file(self, name: &OsStr) -> Vec<u8> {
        let name = name.as_encoded_bytes();
        let (needs_quotes, has_quote, all_shown) = self.look_at(name);
        if !needs_quotes && !has_quote && all_shown {
            return name.to_vec();
        }
        if has_quote && all_shown && stays_in_double_quotes(name) {
            return [b"\"", name, b"\""].concat();
        }
        let mut out = b"'".to_vec();
        let mut escapes = false;
        for (bytes, shown) in self.characters(name) {
            if bytes == b"'" {
                out.extend_from_slice(b"'\\''");
                escapes = false;
                continue;
            }
            if shown == escapes {
                out.extend_from_slice(if shown { b"''" } else { b"'$'" });
                escapes = !shown;
            }
            if shown { out.extend_from_slice(bytes) } else { escape(bytes, &mut out) }
        }
        out.push(b'\'');
        out
    }

    /// Tells whether a name has anything that a shell acts on, whether it has a quote, and whether all of it can be shown.
    fn look_at(self, name: &[u8]) -> (bool, bool, bool) {
        let acts = |byte: &u8| b" !\"$&()*:;<=>?[\\^`|".contains(byte);
        let acts_first = matches!(name, [b'~' | b'#', ..] | [b'{' | b'}'] | []);
        let all_shown = self.characters(name).iter().all(|(_, shown)| *shown);
        (acts_first || name.iter().any(acts), name.contains(&b'\''), all_shown)
    }

    /// Cuts bytes into characters of the locale, and tells which can be shown.
    fn characters(self, bytes: &[u8]) -> Vec<(&[u8], bool)> {
        let mut characters = Vec::new();
        for chunk in bytes.utf8_chunks() {
            for (at, character) in chunk.valid().char_indices() {
                let end = at + character.len_utf8();
                let bytes = chunk.valid().as_bytes().get(at..end).unwrap_or_default();
                if self.utf8 || character.is_ascii() {
                    characters.push((bytes, is_shown(character)));
                } else {
                    characters.extend(bytes.chunks(1).map(|byte| (byte, false)));
                }
            }
            characters.extend(chunk.invalid().chunks(1).map(|byte| (byte, false)));
        }
        characters
    }
}

/// Tells whether a name may stand in double quotes: no shell would act on it there, nor outside but for blanks and colons.
fn stays_in_double_quotes(name: &[u8]) -> bool {
    let acts = |byte: &u8| b"!\"$&()*;<=>?[\\^`{|}".contains(byte);
    let acts_within = |byte: &u8| b"#~".contains(byte);
    !name.iter().any(acts) && !name.iter().skip(1).any(acts_within)
}

fn is_shown(character: char) -> bool {
    if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
        return false;
    }
    // Behind a letter, where a mark that combines with it is shown too.
    let shown = format!("a{character}");
    let is_plain = shown.escape_debug().to_string() == shown;
    is_plain || character.is_whitespace() || matches!(character, '\'' | '"' | '\\')
}

fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        let letter = match byte {
            0x07 => b'a',
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0b => b'v',
            0x0c => b'f',
            b'\r' => b'r',
            _ => {
                out.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    const C: Quoting = Quoting { utf8: false };
    const UTF8: Quoting = Quoting { utf8: true };

    #[test]
    fn the_codeset_of_the_locale_decides() {
        for (locale, utf8) in [
            ("", false),
            ("C", false),
            ("POSIX", false),
            ("C.UTF-8", true),
            ("en_GB.utf8", true),
            ("de_DE.UTF-8@euro", true),
            ("de_DE@euro", false),
            ("de_DE.ISO-8859-15", false),
        ] {
            assert_eq!(Quoting::of(OsStr::new(locale)).utf8, utf8, "{locale}");
        }
    }

    /// What the tools say, run in both locales.
    #[test]
    fn words_are_quoted_as_the_tools_do() {
        for (word, c, utf8) in [
            (&b"x"[..], "'x'", "‘x’"),
            (b"", "''", "‘’"),
            (b"c'd", "'c\\'d'", "‘c'd’"),
            (
                b"b\x01\xc3\xa9\xff\\'\xe2\x80\x99",
                "'b\\001\\303\\251\\377\\\\\\'\\342\\200\\231'",
                "‘b\\001é\\377\\\\'\\’’",
            ),
            (b"a\nb\t\x07", "'a\\nb\\t\\a'", "‘a\\nb\\t\\a’"),
        ] {
            let word = OsStr::from_bytes(word);
            assert_eq!(String::from_utf8(C.word(word)).unwrap(), c);
            assert_eq!(String::from_utf8(UTF8.word(word)).unwrap(), utf8);
        }
    }

    #[test]
    fn files_are_quoted_as_the_tools_do() {
        for (name, c, utf8) in [
            (&b"plain-1.txt"[..], "plain-1.txt", "plain-1.txt"),
            (b"", "''", "''"),
            (b"a b", "'a b'", "'a b'"),
            (b"a:b", "'a:b'", "'a:b'"),
            (b"a{b~#", "a{b~#", "a{b~#"),
            (b"{", "'{'", "'{'"),
            (b"~a", "'~a'", "'~a'"),
            (b"a'b c", "\"a'b c\"", "\"a'b c\""),
            (b"a'$b", "'a'\\''$b'", "'a'\\''$b'"),
            (b"|'", "'|'\\'''", "'|'\\'''"),
            (b"'{}", "''\\''{}'", "''\\''{}'"),
            (b"~'", "\"~'\"", "\"~'\""),
            (b"a'\nb", "'a'\\'''$'\\n''b'", "'a'\\'''$'\\n''b'"),
            (b"\x01", "''$'\\001'", "''$'\\001'"),
            (b"a\xff\xfe'b", "'a'$'\\377\\376'\\''b'", "'a'$'\\377\\376'\\''b'"),
            (b"\xc3\xa9 b", "''$'\\303\\251'' b'", "'é b'"),
            (b"a\xc3\xa9b", "'a'$'\\303\\251''b'", "aéb"),
            (b"e\xcc\x81 \n", "'e'$'\\314\\201'' '$'\\n'", "'e\u{301} '$'\\n'"),
            (b"\xcd\xb8", "''$'\\315\\270'", "''$'\\315\\270'"),
            (b"\xc2\xa0", "''$'\\302\\240'", "\u{a0}"),
        ] {
            let name = OsStr::from_bytes(name);
            assert_eq!(String::from_utf8(C.file(name)).unwrap(), c);
            assert_eq!(String::from_utf8(UTF8.file(name)).unwrap(), utf8);
        }
    }
}
