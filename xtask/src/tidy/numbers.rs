//! Every port and protocol number is defined once.
//!
//! Read is the product code of `crates/*`. A *definition* is
//! 1. `const` or `static` `NAME: TYPE = VALUE;` where NAME begins or ends with a word of [`KINDS`] (`HTTP_PORT`,
//!    `IPPROTO_TCP`, `ETH_P_IP`) and TYPE is an integer such numbers have, or TYPE is the kind's own newtype
//!    (`Port`, `Self` in its `impl`); VALUE is an integer literal, alone or in one constructor (`Port(80)`,
//!    `EtherType::new(0x800)`). In `sys`, a `libc::…` path is a VALUE too: that is its one re-export.
//!    Names with a word such as MAX, LEN or BITS are bounds, not numbers of anything;
//! 2. a row of a table: name beside number (`HTTP = 80`, `"http" => 80`, `("http", 80)`, `(80, "http")`) in a
//!    macro or constant named for the kind (`ports! {…}`, `SERVICES: … = &[…]`), or inside `enum Port {…}`.
//!
//! A value that is a path to another constant is a use, not a definition. Reported is the second file, going up
//! the floors, that defines the same name of a kind (without the kind's word, so `HTTP_PORT` and `"http"` are one
//! name), or the same number of a kind. What `sys` takes from libc has no number here, so it is the same only as
//! what has its full name: `wire`, which cannot see `sys`, may say what TCP is. Two names of one number in one
//! file are a table's own affair; port 0 is no port.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Finding;
use super::arrows::floor;
use super::tree::{File, Tree};
use crate::source::Kind as Token;

/// A kind of number.
struct Kind {
    name: &'static str,
    /// Words with which a constant's name begins or ends.
    words: &'static [&'static str],
    /// Words with which a table's name begins or ends.
    tables: &'static [&'static str],
    /// Its newtypes.
    types: &'static [&'static str],
    /// The integers that hold it.
    integers: &'static [&'static str],
}

const KINDS: &[Kind] = &[
    Kind {
        name: "port",
        words: &["PORT"],
        tables: &["PORTS", "SERVICES"],
        types: &["Port"],
        integers: &["u16"],
    },
    Kind {
        name: "IP protocol",
        words: &["IPPROTO", "IP_PROTO", "PROTO", "PROTOCOL"],
        tables: &["IPPROTOS", "PROTOS", "PROTOCOLS"],
        types: &["IpProtocol", "IpProto", "Protocol"],
        integers: &["u8", "u16", "i32", "c_int"],
    },
    Kind {
        name: "EtherType",
        words: &["ETHERTYPE", "ETHER_TYPE", "ETH_P"],
        tables: &["ETHERTYPES", "ETHER_TYPES"],
        types: &["EtherType"],
        integers: &["u16", "i32", "c_int"],
    },
    Kind {
        name: "link type",
        words: &["LINKTYPE", "LINK_TYPE", "DLT"],
        tables: &["LINKTYPES", "LINK_TYPES", "DLTS"],
        types: &["LinkType"],
        integers: &["u16", "u32", "i32", "c_int"],
    },
];

/// Words of names that bound or measure numbers.
const BOUNDS: &[&str] = &[
    "MIN", "MAX", "FIRST", "LAST", "LOW", "HIGH", "LEN", "SIZE", "BITS", "MASK", "SHIFT", "COUNT", "OFFSET",
    "RANGE",
];

struct Definition<'a> {
    kind: &'static Kind,
    /// The name without the kind's word, in capitals; none if nothing is left of it (`port: 80`).
    name: Option<String>,
    shown: String,
    number: Option<u64>,
    floor: usize,
    file: &'a File,
    line: usize,
}

/// What makes two definitions of a kind one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Same<'a> {
    Shown(&'a str),
    Name(&'a str),
    Number(u64),
}

impl Definition<'_> {
    fn sames(&self) -> impl Iterator<Item = Same<'_>> {
        let number = self.number.filter(|&number| self.kind.name != "port" || number != 0);
        let literal = self.number.and(self.name.as_deref());
        let named = self.name.as_ref().map(|_| Same::Shown(&self.shown));
        named.into_iter().chain(literal.map(Same::Name)).chain(number.map(Same::Number))
    }
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut definitions = Vec::new();
    for krate in tree.product_crates() {
        let floor = floor(&krate.name).unwrap_or(usize::MAX);
        for file in &krate.files {
            let mut reader = Reader { file, sys: krate.name == "sys", floor, found: Vec::new() };
            reader.constants();
            reader.tables();
            definitions.append(&mut reader.found);
        }
    }
    definitions.sort_by_key(|new| new.floor);
    let mut findings = Vec::new();
    let mut seen: BTreeMap<(&str, Same<'_>), &Definition<'_>> = BTreeMap::new();
    for new in &definitions {
        let olds: Vec<_> =
            new.sames().map(|same| *seen.entry((new.kind.name, same)).or_insert(new)).collect();
        let first = olds.into_iter().find(|old| old.file.path != new.file.path);
        if let Some(first) = first {
            let number = new.number.map_or_else(String::new, |number| format!(" {number}"));
            let (old, at, line) = (&first.shown, &first.file.path, first.line);
            findings.push(Finding {
                file: new.file.path.clone(),
                line: new.line,
                rule: "numbers",
                what: format!("{}{number} ({}) is {old} of {at}:{line} again", new.kind.name, new.shown),
                why: "two definitions of a number can come to differ",
                fix: format!("use {old}, or move it to a crate that both see"),
            });
        }
    }
    findings
}

struct Reader<'a> {
    file: &'a File,
    sys: bool,
    floor: usize,
    found: Vec<Definition<'a>>,
}

impl Reader<'_> {
    /// Reads `const NAME: TYPE = VALUE;`, and tables that are the value of one.
    fn constants(&mut self) {
        let source = &self.file.source;
        for at in (0..source.len()).filter(|&at| self.file.product(at)) {
            let constant = source.is(at, "const") || source.is(at, "static");
            if !(constant && source.is_word(at + 1) && source.is(at + 2, ":")) {
                continue;
            }
            let name = source.text(at + 1).to_owned();
            let Some(equals) = (at..source.len()).find(|&end| source.is(end, "=") || source.is(end, ";"))
            else {
                continue;
            };
            let table = |kind: &&Kind| kind.tables.iter().any(|word| strip(&name, word).is_some());
            if let Some(kind) = KINDS.iter().find(table) {
                if let Some(open) = (equals..equals + 3).find(|&open| source.is(open, "[")) {
                    self.rows(kind, open..source.close(open));
                }
                continue;
            }
            let Some(kind) = self.kind_of(&name, at, equals) else { continue };
            let Some(number) = self.value(equals + 1) else { continue };
            self.define(kind, &name, number, at + 1);
        }
    }

    /// Returns the kind of the constant `name` whose type ends before `equals`.
    fn kind_of(&self, name: &str, at: usize, equals: usize) -> Option<&'static Kind> {
        let source = &self.file.source;
        if name.split('_').any(|word| BOUNDS.contains(&word)) {
            return None;
        }
        let own = source.text(equals - 1);
        let of = if own == "Self" { self.enclosing_impl(at)? } else { own.to_owned() };
        KINDS.iter().find(|kind| {
            let named = kind.words.iter().any(|word| strip(name, word).is_some());
            kind.types.contains(&of.as_str()) || (named && kind.integers.contains(&of.as_str()))
        })
    }

    /// Returns the type of the innermost `impl` around token `at`.
    fn enclosing_impl(&self, at: usize) -> Option<String> {
        let source = &self.file.source;
        let start = (0..at).rev().find(|&start| source.is(start, "impl"))?;
        let open = (start..at).find(|&open| source.is(open, "{"))?;
        let of = (start..open).find(|&of| source.is(of, "for")).unwrap_or(start);
        let last = (of..open).rev().find(|&word| source.is_word(word))?;
        (source.close(open) > at).then(|| source.text(last).to_owned())
    }

    /// Reads the value at `at` to its semicolon: None if it is none that we know, else its number if it has one.
    fn value(&self, mut at: usize) -> Option<Option<u64>> {
        let source = &self.file.source;
        if self.sys && source.is(at, "libc") {
            return Some(None);
        }
        let constructor =
            source.is_word(at) && source.text(at).starts_with(|first: char| first.is_ascii_uppercase());
        while constructor && source.is(at + 1, "::") && source.is_word(at + 2) {
            at += 2;
        }
        let number = match source.number(at) {
            Some(number) => number,
            None if constructor && source.is(at + 1, "(") && source.is(at + 3, ")") => {
                let number = source.number(at + 2)?;
                at += 3;
                number
            }
            None => return None,
        };
        (source.is(at + 1, ";") || source.is(at + 1, "as")).then_some(Some(number))
    }

    /// Reads tables: macros named for a kind, and the bodies of enums that are a kind's newtype.
    fn tables(&mut self) {
        let source = &self.file.source;
        for at in (0..source.len()).filter(|&at| self.file.product(at) && source.is_word(at)) {
            if source.is(at + 1, "!") {
                let name = source.text(at).to_uppercase();
                let kind = KINDS.iter().find(|kind| {
                    kind.tables.iter().chain(kind.words).any(|word| strip(&name, word).is_some())
                });
                let open =
                    (at + 2..at + 4).find(|&open| ["(", "[", "{"].iter().any(|text| source.is(open, text)));
                if let (Some(kind), Some(open)) = (kind, open) {
                    self.rows(kind, open..source.close(open));
                }
            } else if source.is(at, "enum") {
                let kind = KINDS.iter().find(|kind| kind.types.contains(&source.text(at + 1)));
                let open = (at..source.len()).find(|&open| source.is(open, "{") || source.is(open, ";"));
                if let (Some(kind), Some(open)) = (kind, open.filter(|&open| source.is(open, "{"))) {
                    self.rows(kind, open..source.close(open));
                }
            }
        }
    }

    /// Reads the rows between two brackets: a number with a name before it, or else a text after it.
    fn rows(&mut self, kind: &'static Kind, range: Range<usize>) {
        const JOINTS: &[&str] = &["=", "=>", ":", ",", "("];
        const SUMS: &[&str] = &["<", "|", "+", "-", "*", "/", "..", "&"];
        let source = &self.file.source;
        let joint = |at: usize| JOINTS.iter().any(|mark| source.is(at, mark));
        let mut free = range.start + 1;
        for at in range.start + 2..range.end {
            let Some(number) = source.number(at) else { continue };
            if SUMS.iter().any(|mark| source.is(at + 1, mark) || source.after(at, mark)) {
                continue;
            }
            // `HTTP: u16 = 80` is named by the word before its type.
            let typed = at >= 4 && source.is(at - 3, ":") && source.is_word(at - 4);
            let before = if typed { at - 4 } else { at - 2 };
            let named = source.is_word(before) || source.kind(before) == Some(Token::Text);
            if before >= free && joint(at - 1) && named {
                self.define(kind, source.text(before), Some(number), before);
                free = at + 1;
            } else if joint(at + 1) && source.kind(at + 2) == Some(Token::Text) {
                self.define(kind, source.text(at + 2), Some(number), at);
                free = at + 3;
            }
        }
    }

    fn define(&mut self, kind: &'static Kind, shown: &str, number: Option<u64>, at: usize) {
        let plain = shown.trim_matches('"').to_uppercase().replace('-', "_");
        let name = kind.words.iter().find_map(|word| strip(&plain, word)).unwrap_or(&plain);
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let line = self.file.source.line(at);
        self.found.push(Definition {
            kind,
            name,
            shown: shown.to_owned(),
            number,
            floor: self.floor,
            file: self.file,
            line,
        });
    }
}

/// Returns `name` without `word` at its beginning or end, if it is there as a word of its own.
fn strip<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    if name == word {
        return Some("");
    }
    let begins = name.strip_prefix(word).and_then(|rest| rest.strip_prefix('_'));
    begins.or_else(|| name.strip_suffix(word).and_then(|rest| rest.strip_suffix('_')))
}
