//! The values of nc's options: numbers judged in its words, and socket options by name.
//!
//! Source of the names and numbers of `-T`: nc(1), RFC 791 and RFC 1349 (type of service), RFC 2474, RFC 2597 and
//! RFC 3246 (differentiated services).

use std::ffi::OsStr;
use std::time::Duration;

use jackfield::sock::Family;
use jackfield::sock::option::Setting;

use crate::args::Given;

/// The most seconds that `-w` takes: milliseconds fill an `int`.
const MOST_WAIT: i64 = i32::MAX as i64 / 1000;
/// The most that the other numbers take.
const MOST: i64 = i32::MAX as i64;

/// The words of `-T` that are no code points with a rule of their own.
const TOS_WORDS: &[(&str, u8)] = &[
    ("critical", 0xa0),
    ("ef", 0xb8),
    ("inetcontrol", 0xc0),
    ("lowcost", 0x02),
    ("lowdelay", 0x10),
    ("netcontrol", 0xe0),
    ("reliability", 0x04),
    ("throughput", 0x08),
];

/// Reads a number between `least` and `most` in the words of nc: `what` invalid, too small, too large.
pub(super) fn number(text: &str, what: &str, least: i64, most: i64) -> Result<i64, String> {
    // As strtonum(3) reads: blanks before, a sign, digits.
    match text.trim_ascii_start().parse::<i128>() {
        Ok(number) if number < i128::from(least) => Err(format!("{what} too small: {text}")),
        Ok(number) if number > i128::from(most) => Err(format!("{what} too large: {text}")),
        Ok(number) => i64::try_from(number).map_err(|_| format!("{what} invalid: {text}")),
        Err(_) => Err(format!("{what} invalid: {text}")),
    }
}

/// `-w`: the seconds for connecting, and for an idle end.
pub(super) fn wait(given: &Given) -> Result<Option<Duration>, String> {
    seconds(given, "wait", "timeout", MOST_WAIT)
}

/// `-i`: the seconds between lines and between ports.
pub(super) fn interval(given: &Given) -> Result<Option<Duration>, String> {
    seconds(given, "delay", "interval", MOST)
}

/// `-q`: the seconds to stay after the end; a negative number waits for ever, which is the default.
pub(super) fn quit(given: &Given) -> Result<Option<Duration>, String> {
    let Some(text) = text(given, "quit") else { return Ok(None) };
    let seconds = number(&text, "quit timer", i64::MIN, MOST)?;
    Ok(u64::try_from(seconds).ok().map(Duration::from_secs))
}

/// `-W`: how often to receive.
pub(super) fn max_count(given: &Given) -> Result<Option<u64>, String> {
    let Some(text) = text(given, "max-count") else { return Ok(None) };
    Ok(Some(number(&text, "receive limit", 1, MOST)?.unsigned_abs()))
}

fn seconds(given: &Given, id: &str, what: &str, most: i64) -> Result<Option<Duration>, String> {
    let Some(text) = text(given, id) else { return Ok(None) };
    Ok(Some(Duration::from_secs(number(&text, what, 0, most)?.unsigned_abs())))
}

fn text(given: &Given, id: &str) -> Option<String> {
    given.text(id).map(OsStr::to_string_lossy).map(std::borrow::Cow::into_owned)
}

/// The socket options of a command line: those for every family, and those that IPv4 and IPv6 name differently.
#[derive(Debug, Default)]
pub(super) struct SocketOptions {
    for_all: Vec<(&'static str, i64)>,
    /// The name for IPv4, the name for IPv6, the value.
    for_one: Vec<(&'static str, &'static str, i64)>,
}

impl SocketOptions {
    /// Reads `-b -D -I -O -M -m -T`.
    pub(super) fn read(given: &Given) -> Result<Self, String> {
        let mut options = Self::default();
        if given.switch("broadcast") {
            options.for_all.push(("SO_BROADCAST", 1));
        }
        if given.switch("debug") {
            options.for_all.push(("SO_DEBUG", 1));
        }
        for (id, option, what) in [
            ("receive-buffer", "SO_RCVBUF", "TCP receive window"),
            ("send-buffer", "SO_SNDBUF", "TCP send window"),
        ] {
            if let Some(text) = text(given, id) {
                options.for_all.push((option, number(&text, what, 1, 1 << 30)?));
            }
        }
        for (id, v4, v6, what) in [
            ("ttl", "IP_TTL", "IPV6_UNICAST_HOPS", "ttl"),
            ("min-ttl", "IP_MINTTL", "IPV6_MINHOPCOUNT", "minttl"),
        ] {
            if let Some(text) = text(given, id) {
                // Here nc leaves the value out.
                let hops = number(&text, &format!("{what} is"), 0, 255).map_err(|error| {
                    error.rsplit_once(':').map(|(words, _)| words.to_owned()).unwrap_or(error)
                })?;
                options.for_one.push((v4, v6, hops));
            }
        }
        if let Some(text) = text(given, "type-of-service") {
            let value = type_of_service(&text).ok_or_else(|| format!("illegal tos value {text}"))?;
            options.for_one.push(("IP_TOS", "IPV6_TCLASS", i64::from(value)));
        }
        Ok(options)
    }

    /// Tells whether some depend on the family of the address.
    pub(super) fn depend_on_family(&self) -> bool {
        !self.for_one.is_empty()
    }

    /// Makes the settings for sockets of a family.
    pub(super) fn settings(&self, family: Family) -> Result<Vec<Setting>, String> {
        let for_all = self.for_all.iter().copied();
        let for_one = self.for_one.iter().map(|(v4, v6, value)| match family {
            Family::INET6 => (*v6, *value),
            _ => (*v4, *value),
        });
        for_all
            .chain(for_one)
            .map(|(name, value)| {
                format!("{name}={value}").parse().map_err(|_| refusal(name, "Invalid argument"))
            })
            .collect()
    }
}

/// Says that an option was not taken.
pub(super) fn refusal(option: &str, message: &str) -> String {
    match option {
        "IP_TTL" => format!("set IP TTL: {message}"),
        "IPV6_UNICAST_HOPS" => format!("set IPv6 unicast hops: {message}"),
        "IP_MINTTL" => format!("set IP min TTL: {message}"),
        "IPV6_MINHOPCOUNT" => format!("set IPv6 min hop count: {message}"),
        "IP_TOS" => format!("set IP ToS: {message}"),
        "IPV6_TCLASS" => format!("set IPv6 traffic class: {message}"),
        _ => message.to_owned(),
    }
}

/// Reads `-T`: a word, `af11` … `af43`, `cs0` … `cs7`, or a number in decimal or hexadecimal.
fn type_of_service(text: &str) -> Option<u8> {
    if let Some((_, value)) = TOS_WORDS.iter().find(|(word, _)| *word == text) {
        return Some(*value);
    }
    if let Some(class) = text.strip_prefix("cs") {
        let class: u8 = class.parse().ok().filter(|class| *class <= 7)?;
        return Some(class << 5);
    }
    if let Some([class @ b'1'..=b'4', drop @ b'1'..=b'3']) = text.strip_prefix("af").map(str::as_bytes) {
        // RFC 2597 section 6: the class in the high three bits, the drop precedence in the next two.
        return Some((class - b'0') << 5 | (drop - b'0') << 3);
    }
    match text.strip_prefix("0x") {
        Some(hex) => u8::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_type_of_service_are_their_numbers() {
        for (text, value) in [
            ("ef", Some(184)),
            ("lowdelay", Some(16)),
            ("cs7", Some(224)),
            ("cs0", Some(0)),
            ("af11", Some(0x28)),
            ("af43", Some(0x98)),
            ("0xff", Some(255)),
            ("16", Some(16)),
            ("256", None),
            ("-1", None),
            ("af44", None),
            ("cs8", None),
            ("AF11", None),
            ("", None),
        ] {
            assert_eq!(type_of_service(text), value, "{text}");
        }
    }

    #[test]
    fn numbers_are_judged_as_strtonum_does() {
        assert_eq!(number(" +5", "x", 0, 9), Ok(5));
        assert_eq!(number("0x5", "timeout", 0, 9), Err("timeout invalid: 0x5".to_owned()));
        assert_eq!(number("-1", "timeout", 0, 9), Err("timeout too small: -1".to_owned()));
        assert_eq!(
            number("99999999999999999999", "t", 0, 9),
            Err("t too large: 99999999999999999999".to_owned())
        );
    }
}
