//! From a word to what the manual has on it: a chapter, a row of a table, the lines that speak of it.
//!
//! People ask with the word they met: a call, an errno, an option, a phrase in two words. What is found is the same
//! table that the trace prints from, so nothing is said twice.

use sock::{Errno, Op, option, trace};

use super::{Topic, all};

/// The most topics that [`suggest`] and [`look_up`] return beside a chapter: more would be the list of all.
pub const MOST_SUGGESTIONS: usize = 8;

/// A word longer than this is like none of ours, and not worth the time of comparing.
const LONGEST_WORD: usize = 64;

/// The errno numbers that Linux has end before this one. Source: errno.h.
const ERRNO_END: i32 = 134;

/// What there is on a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What the tables say of it: calls, socket options, errnos.
    pub entries: Vec<Entry>,
    /// The chapter or reference that it names.
    pub topic: Option<&'static Topic>,
    /// Where it is spoken of, the most about it first; empty where it names a chapter.
    pub mentions: Vec<Mention>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `call`, `option` or `errno`.
    pub kind: &'static str,
    /// The name as the manual has it.
    pub name: String,
    /// What it is, in a few sentences.
    pub text: String,
    /// Where it is documented; may be empty.
    pub man: String,
}

/// A chapter that speaks of a word, and the line in which it first does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The chapter.
    pub topic: &'static Topic,
    /// The line.
    pub line: &'static str,
}

impl Answer {
    /// Tells whether nothing was found.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.topic.is_none() && self.mentions.is_empty()
    }
}

/// Finds all there is on a word or a phrase.
///
/// ```
/// use jackfield::manual;
///
/// let answer = manual::look_up("SO_LINGER");
/// assert_eq!(answer.topic.unwrap().name, "close");
/// assert_eq!(answer.entries[0].kind, "option");
/// assert_eq!(manual::look_up("gateways").entries[..], []);
/// assert!(manual::look_up("xyzzy").is_empty());
/// ```
#[must_use]
pub fn look_up(words: &str) -> Answer {
    let topic = find(words);
    let word = plain(words);
    let mut entries = Vec::new();
    if !word.is_empty() && word.len() <= LONGEST_WORD {
        calls(&word, topic, &mut entries);
        options(&word, topic, &mut entries);
        errnos(&word, topic, &mut entries);
    }
    let mut mentions = Vec::new();
    if topic.is_none() {
        mentions = mentioning(words);
        mentions.truncate(MOST_SUGGESTIONS);
    }
    Answer { entries, topic, mentions }
}

/// Finds the topic that a word asks for: its name or one of its aliases, in any case.
///
/// `-`, `_` and a space are the same and may be left out, an `s` at the end too, and a call may be written `send`,
/// `send()` or `send(2)`.
#[must_use]
pub fn find(word: &str) -> Option<&'static Topic> {
    let word = squashed(&plain(word));
    let named = |word: &str| {
        all().find(|topic| !word.is_empty() && topic.words().any(|known| squashed(&plain(known)) == word))
    };
    named(&word).or_else(|| named(word.strip_suffix('s').filter(|word| word.len() > 2)?))
}

/// Suggests topics for a word that [`find`] does not know, the likeliest first, at most [`MOST_SUGGESTIONS`]:
/// those with a name or alias nearest to it, then those whose text has the word, by how often.
#[must_use]
pub fn suggest(word: &str) -> Vec<&'static Topic> {
    let word = plain(word);
    let mut found = nearest(&word);
    for mention in mentioning(&word) {
        if !found.contains(&mention.topic) {
            found.push(mention.topic);
        }
    }
    found.truncate(MOST_SUGGESTIONS);
    found
}

/// Adds the call of that name, unless the chapter that is shown anyway has that very name.
fn calls(word: &str, topic: Option<&'static Topic>, entries: &mut Vec<Entry>) {
    let wanted = squashed(word);
    let called =
        |op: &Op| squashed(&plain(op.name())) == wanted && topic.is_none_or(|topic| topic.name != op.name());
    entries.extend(Op::ALL.iter().copied().filter(called).map(|op| {
        let row = trace::row(op);
        let side = match row.side {
            trace::Side::User => "user space",
            trace::Side::Kernel => "the kernel",
        };
        let privilege = match row.privilege {
            "none" => "needs no privilege".to_owned(),
            privilege => format!("needs {privilege}"),
        };
        Entry {
            kind: "call",
            name: op.name().to_owned(),
            text: format!("{} It happens in {side} and {privilege}.", row.why),
            man: row.man.to_owned(),
        }
    }));
}

/// Adds the options of that name, with or without `SO_`, `TCP_` and so on; without only where no chapter has that very
/// name: `keepalive` is the chapter.
fn options(word: &str, topic: Option<&'static Topic>, entries: &mut Vec<Entry>) {
    let is_chapter = topic.is_some_and(|topic| squashed(&plain(topic.name)) == squashed(word));
    let rows = match option::by_name(word) {
        Ok(row) if is_chapter && plain(row.name) != word => Vec::new(),
        Ok(row) => vec![row],
        Err(_) if is_chapter => Vec::new(),
        Err(unknown) if unknown.ambiguous => {
            unknown.candidates.iter().filter_map(|name| option::by_name(name).ok()).collect()
        }
        Err(_) => Vec::new(),
    };
    entries.extend(rows.into_iter().map(|row| {
        let mut text = row.about.to_owned();
        if !row.values.is_empty() {
            let names: Vec<_> = row.values.iter().map(|(name, _)| *name).collect();
            text.push_str(&format!(" Values: {}.", names.join(", ")));
        }
        let level = option::level_name(row.level).unwrap_or("its level");
        let use_ = match (row.access.can_get(), row.access.can_set()) {
            (true, true) => "to be read and set",
            (true, false) => "only to be read",
            _ => "only to be set",
        };
        text.push_str(&format!(" An option of {level}, {use_}, since Linux {}.", row.since));
        if let Some(privilege) = &row.privilege {
            text.push_str(&format!(" Takes {} {}.", privilege.names(), privilege.when));
        }
        if row.access.can_set() {
            text.push_str(&format!(" With jack: --sockopt {}=VALUE.", row.name));
        }
        Entry { kind: "option", name: row.name.to_owned(), text, man: row.manual.to_owned() }
    }));
}

/// Adds the errno of that name, number or message, unless the chapter has that very name.
fn errnos(word: &str, topic: Option<&'static Topic>, entries: &mut Vec<Entry>) {
    let wanted = squashed(word);
    if topic.is_some_and(|topic| squashed(&plain(topic.name)) == wanted) {
        return;
    }
    let number: Option<i32> = wanted.strip_prefix("errno").unwrap_or(&wanted).parse().ok();
    let asked = |errno: &Errno| {
        errno.name().is_some_and(|name| name.eq_ignore_ascii_case(&wanted))
            || number == Some(errno.0)
            || errno.name().is_some() && squashed(&plain(errno.message())) == wanted
            || *errno == Errno::EWOULDBLOCK && wanted == "ewouldblock"
    };
    entries.extend((1..ERRNO_END).map(Errno).filter(asked).map(|errno| Entry {
        kind: "errno",
        name: errno.name().unwrap_or_default().to_owned(),
        text: format!("Errno {}: {}.", errno.0, errno.message()),
        man: "errno(3)".to_owned(),
    }));
}

/// Brings a word into the form in which words are compared.
fn plain(word: &str) -> String {
    let word = word.trim();
    // `send(2)` and `send()`.
    let word = match word.strip_suffix(')').and_then(|open| open.split_once('(')) {
        Some((name, section)) if section.bytes().all(|byte| byte.is_ascii_alphanumeric()) => name,
        _ => word,
    };
    word.chars().map(|c| if matches!(c, '_' | ' ') { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Takes out what people put between the parts of a word, or leave out.
fn squashed(plain: &str) -> String {
    plain.replace('-', "")
}

/// Finds the topics whose words are nearest to the word, if any is near enough: a third of it may differ, or it may
/// be a beginning.
fn nearest(word: &str) -> Vec<&'static Topic> {
    let chars: Vec<char> = word.chars().take(LONGEST_WORD + 1).collect();
    if chars.is_empty() || chars.len() > LONGEST_WORD {
        return Vec::new();
    }
    let far = |topic: &Topic| {
        let to = |known: &str| {
            let known = plain(known);
            let begins = chars.len() >= 3 && known.starts_with(word);
            if begins { 1 } else { distance(&chars, &known.chars().collect::<Vec<_>>()) }
        };
        topic.words().map(to).min().unwrap_or(usize::MAX)
    };
    let all: Vec<_> = all().map(|topic| (far(topic), topic)).collect();
    let least = all.iter().map(|(far, _)| *far).min().unwrap_or(usize::MAX);
    if least > chars.len().div_ceil(3) {
        return Vec::new();
    }
    all.into_iter().filter(|(far, _)| *far == least).map(|(_, topic)| topic).collect()
}

/// Counts the characters to insert, delete or replace to make one word of the other (Levenshtein).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (j, cell) in row.iter_mut().enumerate() {
            let Some(b) = j.checked_sub(1).and_then(|j| to.get(j)) else {
                *cell = left;
                continue;
            };
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Finds the topics whose text has the phrase as a whole, those that have it most often first; where none has it, those
/// that have each of its words.
fn mentioning(phrase: &str) -> Vec<Mention> {
    let whole = plain(phrase);
    if !(3..=LONGEST_WORD).contains(&whole.len()) {
        return Vec::new();
    }
    let found = spoken_of(&[&whole]);
    let words: Vec<_> = phrase.split_whitespace().map(plain).filter(|word| word.len() >= 3).collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    if found.is_empty() && words.len() > 1 { spoken_of(&words) } else { found }
}

/// Finds the topics whose text has each of the words, by how often it has the rarest of them.
fn spoken_of(words: &[&str]) -> Vec<Mention> {
    let mut counted: Vec<_> = all()
        .filter_map(|topic| {
            let text = plain(topic.text);
            let rarest = words.iter().map(|word| count(&text, word)).min().filter(|count| *count > 0)?;
            let first = words.first()?;
            let line = topic.text.lines().find(|line| count(&plain(line), first) > 0);
            // A phrase may be broken between two lines: then the title stands for it.
            Some((rarest, Mention { topic, line: line.unwrap_or(topic.title).trim() }))
        })
        .collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(_, mention)| mention).collect()
}

/// Counts how often a text has a word, not as a part of a longer one.
fn count(text: &str, word: &str) -> usize {
    let whole = |at: usize, found: &str| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|after| after.chars().next());
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    text.match_indices(word).filter(|(at, found)| whole(*at, found)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manual::TOPICS;

    fn suggested(word: &str) -> Vec<&'static str> {
        suggest(word).iter().map(|topic| topic.name).collect()
    }

    #[test]
    fn a_topic_is_found_by_any_of_its_words_in_any_form() {
        for topic in TOPICS {
            for word in topic.words() {
                assert_eq!(find(word), Some(topic), "{word}");
                assert_eq!(find(&word.to_ascii_uppercase()), Some(topic), "{word}");
                assert_eq!(find(&format!(" {word}() ")), Some(topic), "{word}");
            }
        }
        assert_eq!(find("time-wait").map(|topic| topic.name), Some("time_wait"));
        assert_eq!(find("recvfrom(2)").map(|topic| topic.name), Some("udp"));
        assert_eq!(find("time wait"), find("timewait"));
        assert_eq!(find("signals").map(|topic| topic.name), Some("eintr"));
        assert_eq!(find("vsocks").map(|topic| topic.name), Some("vsock"));
        assert_eq!(find("ephemeral ports").map(|topic| topic.name), Some("ephemeral"));
        assert_eq!(find(""), None);
        assert_eq!(find("(2)"), None);
    }

    #[test]
    fn a_mistyped_word_gets_the_nearest_topic_first() {
        for (typed, meant) in [
            ("sokcet", "socket"),
            ("lisen", "listen"),
            ("ECONREFUSED", "refused"),
            ("capab", "capabilities"),
            ("setsokopt", "socket"),
        ] {
            assert_eq!(suggested(typed).first(), Some(&meant), "{typed}");
        }
    }

    #[test]
    fn a_word_of_the_text_leads_to_its_topics() {
        assert_eq!(suggested("switch"), ["promisc"]);
        assert!(suggested("EINVAL").contains(&"bind"));
        assert!(suggested("qq").is_empty());
        assert!(suggested("zzzzzzzz").is_empty());
    }

    #[test]
    fn a_word_in_part_is_no_mention() {
        assert!(mentioning("packe").is_empty());
    }

    /// The words of whoever has only met the thing, not our names of it.
    #[test]
    fn words_that_people_use_lead_to_what_says_it() {
        for (words, name) in [
            ("nagle", "nagle"),
            ("TCP_NODELAY", "nagle"),
            ("ephemeral port", "ephemeral"),
            ("vsock", "vsock"),
            ("mtu", "mtu"),
            ("backlog", "listen"),
            ("half-open", "keepalive"),
            ("half open", "keepalive"),
            ("half-close", "shutdown"),
            ("keepalive", "keepalive"),
            ("keep alive", "keepalive"),
            ("SO_LINGER", "close"),
            ("linger", "close"),
            ("time wait", "time_wait"),
            ("TIME-WAIT", "time_wait"),
            ("connection refused", "refused"),
            ("address already in use", "reuseaddr"),
            ("broken pipe", "epipe"),
            ("permission denied", "low-ports"),
            ("byte order", "endian"),
            ("json", "json"),
            ("exit codes", "exit"),
            ("endpoints", "endpoint"),
        ] {
            assert_eq!(look_up(words).topic.map(|topic| topic.name), Some(name), "{words}");
        }
    }

    #[test]
    fn every_row_of_the_tables_is_found() {
        for op in Op::ALL {
            let answer = look_up(op.name());
            let entry = answer.entries.iter().any(|entry| entry.kind == "call" && entry.name == op.name());
            assert!(entry || answer.topic.is_some_and(|topic| topic.name == op.name()), "{op:?}");
        }
        for row in option::all() {
            let answer = look_up(row.name);
            assert!(answer.entries.iter().any(|entry| entry.name == row.name), "{}", row.name);
        }
        for errno in (1..ERRNO_END).map(Errno).filter(|errno| errno.name().is_some()) {
            let name = errno.name().unwrap();
            let entry = |words: &str| look_up(words).entries.into_iter().find(|entry| entry.kind == "errno");
            if !all().any(|topic| topic.name.eq_ignore_ascii_case(name)) {
                assert_eq!(entry(name).map(|entry| entry.name).as_deref(), Some(name));
            }
            assert!(entry(errno.message()).is_some(), "{name}");
        }
        assert_eq!(look_up("errno 111").entries[0].name, "ECONNREFUSED");
        assert_eq!((Errno(ERRNO_END).name(), look_up("EWOULDBLOCK").entries.len()), (None, 1));
    }

    #[test]
    fn an_option_without_its_prefix_may_be_several() {
        let names =
            |words: &str| -> Vec<_> { look_up(words).entries.into_iter().map(|entry| entry.name).collect() };
        assert_eq!(names("recverr"), ["IP_RECVERR", "IPV6_RECVERR"]);
        assert_eq!(names("nodelay"), ["TCP_NODELAY"]);
    }

    #[test]
    fn a_phrase_that_is_no_topic_is_looked_for_in_the_texts() {
        let found = look_up("scatter gather");
        assert!(found.is_empty(), "{found:?}");
        let found = look_up("initial window");
        assert_eq!(found.topic, None);
        let found = look_up("accept queue full");
        assert_eq!(found.mentions.first().map(|mention| mention.topic.name), Some("listen"));
        for mention in found.mentions {
            assert!(!mention.line.is_empty());
        }
    }

    #[test]
    fn no_word_is_too_strange() {
        let long = "x".repeat(100_000);
        for word in ["", " ", "(", ")", "()", "((2)", "\0", "é", "\u{202e}", "日本", &long] {
            assert_eq!(find(word), None, "{word:.20}");
            assert!(suggest(word).len() <= MOST_SUGGESTIONS);
        }
        assert!(suggest(&long).is_empty());
    }

    #[test]
    fn distance_is_levenshteins() {
        let between =
            |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(between("kitten", "sitting"), 3);
        assert_eq!(between("", "abc"), 3);
        assert_eq!(between("abc", ""), 3);
        assert_eq!(between("listen", "listen"), 0);
    }
}
