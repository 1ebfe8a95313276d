//! Internet addresses as text: the two old functions of inet(3), the two new ones, and scopes. Pure user space, no call.
//!
//! The old `inet_aton` takes what people typed in 1983 (`127.1`, `0x7f000001`, `0177.0.0.1`); the new `inet_pton`
//! takes the four decimal numbers and nothing else. IPv6 text is written as RFC 5952 says. Sources: inet(3),
//! inet_pton(3), inet_ntop(3), RFC 4291 section 2.2, RFC 4007 section 11.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use sys::door::{self, Value};
use sys::{Errno, Op};

use crate::error::{Error, Result};
use crate::family::Family;
use crate::name::BrokenV4;

/// Reads an IPv4 address in any of its old forms: one to four numbers, decimal, octal (`0…`) or hexadecimal (`0x…`), of
/// which the last fills what is left of the 32 bits. What follows white space is ignored, as C libraries do.
/// Source: inet(3).
///
/// ```
/// use jackfield_sock::text::inet_aton;
///
/// assert_eq!(inet_aton(b"127.1")?, inet_aton(b"0x7f.0.0.01")?);
/// assert!(inet_aton(b"127.0.0.256").is_err());
/// # Ok::<(), jackfield_sock::Error>(())
/// ```
///
/// # Errors
/// `EINVAL` when it is none of these.
pub fn inet_aton(text: &[u8]) -> Result<Ipv4Addr> {
    let end = text.iter().position(|byte| is_space(*byte)).unwrap_or(text.len());
    let read = text.get(..end).and_then(parse_old_v4).ok_or(Errno::EINVAL);
    door::note(Op::InetAton, || (vec![("cp", shown(text))], read.map(|ip| Value::Word(ip.to_string()))));
    read.map_err(|errno| Error::new(Op::InetAton, errno))
}

/// Writes an IPv4 address as four decimal numbers. Source: inet(3).
#[must_use]
pub fn inet_ntoa(address: Ipv4Addr) -> String {
    let text = address.to_string();
    door::note(Op::InetNtoa, || {
        (vec![("in", Value::bytes(&address.octets()))], Ok(Value::Word(text.clone())))
    });
    text
}

/// Reads an address of one family in its standard form. Source: inet_pton(3).
///
/// # Errors
/// `EINVAL` when the text is no address of that family, `EAFNOSUPPORT` for a family other than `AF_INET` and
/// `AF_INET6`.
pub fn inet_pton(family: Family, text: &[u8]) -> Result<IpAddr> {
    let read = match family {
        Family::INET => parse_v4(text).map(IpAddr::V4).ok_or(Errno::EINVAL),
        Family::INET6 => parse_v6(text).map(IpAddr::V6).ok_or(Errno::EINVAL),
        _ => Err(Errno::EAFNOSUPPORT),
    };
    door::note(Op::InetPton, || {
        let args = vec![("af", Value::Word(format!("{family:?}"))), ("src", shown(text))];
        (args, read.map(|ip| Value::Word(ip.to_string())))
    });
    read.map_err(|errno| Error::new(Op::InetPton, errno))
}

/// Writes the 4 or 16 bytes of an address as text, IPv6 as RFC 5952 says. Source: inet_ntop(3).
///
/// # Errors
/// `EINVAL` when the bytes are not as many as the family's addresses have, `EAFNOSUPPORT` for another family.
pub fn inet_ntop(family: Family, packed: &[u8]) -> Result<String> {
    let wrote = match family {
        Family::INET => sized(packed).map(|ip: [u8; 4]| Ipv4Addr::from(ip).to_string()),
        Family::INET6 => sized(packed).map(|ip: [u8; 16]| Ipv6Addr::from(ip).to_string()),
        _ => Err(Errno::EAFNOSUPPORT),
    };
    door::note(Op::InetNtop, || {
        let args = vec![("af", Value::Word(format!("{family:?}"))), ("src", Value::bytes(packed))];
        (args, wrote.clone().map(Value::Word))
    });
    wrote.map_err(|errno| Error::new(Op::InetNtop, errno))
}

/// Reads the four decimal numbers of the standard form.
pub(crate) fn parse_v4(text: &[u8]) -> Option<Ipv4Addr> {
    str_of(text)?.parse().ok()
}

/// Reads the standard form of IPv6, without a scope.
pub(crate) fn parse_v6(text: &[u8]) -> Option<Ipv6Addr> {
    str_of(text)?.parse().ok()
}

/// Reads an IPv4 address in any form of inet(3), with nothing after it.
pub(crate) fn parse_old_v4(text: &[u8]) -> Option<Ipv4Addr> {
    // The longest form there is: four octal numbers with leading zeros are still bounded by this.
    if text.len() > 64 {
        return None;
    }
    let mut parts = Vec::with_capacity(4);
    for part in text.split(|byte| *byte == b'.') {
        if parts.len() == 4 {
            return None;
        }
        parts.push(number(part)?);
    }
    let (last, bytes) = parts.split_last()?;
    let mut value = *last;
    // n leading bytes leave 32 - 8n bits to the last number.
    if u64::from(value) >= 1 << (32 - 8 * bytes.len()) {
        return None;
    }
    for (at, byte) in bytes.iter().enumerate() {
        value |= u32::from(u8::try_from(*byte).ok()?) << (24 - 8 * at);
    }
    Some(Ipv4Addr::from(value))
}

/// Says what is wrong with a name that ends in a number: no host's name does, as its last part is that of a top-level
/// domain, which are letters; so it is meant as an IPv4 address. `None` for a name that ends in no number, or is one.
/// Source: RFC 1123 section 2.1, RFC 3696 section 2; URL (WHATWG), "ends in a number".
pub(crate) fn broken_v4(name: &[u8]) -> Option<BrokenV4> {
    let (rest, last_dot) = match name.strip_suffix(b".") {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    let last = rest.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let is_decimal = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    if !is_decimal(last) && number(last).is_none() || parse_old_v4(name).is_some() {
        return None;
    }
    let parts: Vec<_> = rest.split(|byte| *byte == b'.').collect();
    for (at, part) in parts.iter().enumerate() {
        // The last number fills what the others leave of the 32 bits.
        let most = match at + 1 {
            last if last == parts.len() => u32::MAX.checked_shr(8 * u32::try_from(at).ok()?).unwrap_or(255),
            _ => 255,
        };
        match number(part) {
            _ if part.is_empty() => return Some(BrokenV4::Empty),
            None if is_decimal(part) && part.first() != Some(&b'0') => {
                return Some(BrokenV4::TooLarge(escaped(part), most));
            }
            None => return Some(BrokenV4::NoNumber(escaped(part))),
            Some(value) if value > most && parts.len() <= 4 => {
                return Some(BrokenV4::TooLarge(escaped(part), most));
            }
            Some(_) => {}
        }
    }
    Some(if last_dot && parts.len() <= 4 { BrokenV4::LastDot } else { BrokenV4::Numbers(parts.len()) })
}

/// Reads an IP address as hosts files and resolv.conf hold it, with what follows a `%` as the scope.
pub(crate) fn parse_ip(text: &[u8]) -> Option<(IpAddr, Option<&[u8]>)> {
    if let Some(v4) = parse_v4(text) {
        return Some((IpAddr::V4(v4), None));
    }
    let (address, scope) = split_scope(text);
    Some((IpAddr::V6(parse_v6(address)?), scope))
}

/// Cuts `fe80::1%eth0` at the `%`. Source: RFC 4007 section 11.
pub(crate) fn split_scope(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == b'%') {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

/// Reads a decimal number: digits and nothing else.
pub(crate) fn decimal<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str_of(text)?.parse().ok()
}

/// Escapes what a terminal must not see and bounds the length: names come from anywhere.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    const SHOWN: usize = 64;
    match bytes.get(..SHOWN) {
        Some(start) if bytes.len() > SHOWN => format!("{}… ({} bytes)", start.escape_ascii(), bytes.len()),
        _ => bytes.escape_ascii().to_string(),
    }
}

/// A name or address as an event holds it.
pub(crate) fn shown(text: &[u8]) -> Value {
    Value::Text(escaped(text))
}

fn sized<const N: usize>(packed: &[u8]) -> std::result::Result<[u8; N], Errno> {
    packed.try_into().map_err(|_| Errno::EINVAL)
}

fn str_of(text: &[u8]) -> Option<&str> {
    // No address is longer; a megabyte need not be looked at.
    if text.len() > 64 {
        return None;
    }
    std::str::from_utf8(text).ok()
}

/// Reads one number as strtoul(3) with base 0 does, but for signs and white space.
fn number(text: &[u8]) -> Option<u32> {
    let (digits, radix) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (rest, 16),
        [b'0', rest @ ..] if !rest.is_empty() => (rest, 8),
        all => (all, 10),
    };
    // `from_str_radix` would take a sign.
    if !digits.first()?.is_ascii_alphanumeric() {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// `isspace` of the C locale; Rust's own set lacks the vertical tab.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_address_and_is_none_is_told_why() {
        let large = |part: &str, most| Some(BrokenV4::TooLarge(part.to_owned(), most));
        let word = |part: &str| Some(BrokenV4::NoNumber(part.to_owned()));
        for (text, expected) in [
            ("999.1.1.1", large("999", 255)),
            ("256.1.1.1", large("256", 255)),
            ("1.2.3.256", large("256", 255)),
            ("1.2.65536", large("65536", 65535)),
            ("1.16777216", large("16777216", 0xff_ffff)),
            ("4294967296", large("4294967296", u32::MAX)),
            ("1.2.3.4.5", Some(BrokenV4::Numbers(5))),
            ("1.2.3.4.5.", Some(BrokenV4::Numbers(5))),
            ("1.2.3.4.", Some(BrokenV4::LastDot)),
            ("1..3.4", Some(BrokenV4::Empty)),
            (".1", Some(BrokenV4::Empty)),
            ("host.1", word("host")),
            ("1.2.3.08", word("08")),
            ("www.example.0x1f", word("www")),
            // Addresses, and names.
            ("1.2.3", None),
            ("127.1", None),
            ("0x7f000001", None),
            ("", None),
            (".", None),
            ("1.example", None),
            ("3com", None),
            ("1.2.3.4.in-addr.arpa", None),
            ("0xg", None),
            ("example.1.", word("example")),
        ] {
            assert_eq!(broken_v4(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn old_forms_fill_from_the_right() {
        for (text, expected) in [
            ("127.0.0.1", [127, 0, 0, 1]),
            ("127.1", [127, 0, 0, 1]),
            ("127.0.257", [127, 0, 1, 1]),
            ("2130706433", [127, 0, 0, 1]),
            ("0x7f000001", [127, 0, 0, 1]),
            ("0177.0.0.01", [127, 0, 0, 1]),
            ("0", [0, 0, 0, 0]),
            ("4294967295", [255; 4]),
            ("1.2.3.4 and more", [1, 2, 3, 4]),
        ] {
            assert_eq!(inet_aton(text.as_bytes()).unwrap().octets(), expected, "{text}");
        }
        for text in
            ["", " ", ".", "1.", ".1", "1..2", "256.1.1.1", "1.2.3.256", "1.2.3.4.5", "08", "0x", "0xg", "+1"]
        {
            assert_eq!(inet_aton(text.as_bytes()).unwrap_err().errno(), Some(Errno::EINVAL), "{text}");
        }
        assert!(inet_aton(b"4294967296").is_err());
        assert!(inet_aton(b"1.16777216").is_err());
        assert!(inet_aton(b"1.2.3.4\0").is_err());
        assert!(inet_aton(&vec![b'1'; 1 << 20]).is_err());
    }

    #[test]
    fn the_standard_form_is_strict() {
        assert!(inet_pton(Family::INET, b"127.0.0.1").is_ok());
        for text in ["127.1", "0177.0.0.1", "1.2.3.4 ", "1.2.3", "01.2.3.4", ""] {
            assert!(inet_pton(Family::INET, text.as_bytes()).is_err(), "{text}");
        }
        assert!(inet_pton(Family::INET6, b"::ffff:1.2.3.4").is_ok());
        assert!(inet_pton(Family::INET6, b"fe80::1%lo").is_err());
        assert_eq!(inet_pton(Family::UNIX, b"x").unwrap_err().errno(), Some(Errno::EAFNOSUPPORT));
    }

    #[test]
    fn bytes_become_text_as_rfc_5952_says() {
        assert_eq!(inet_ntoa(Ipv4Addr::new(1, 2, 3, 4)), "1.2.3.4");
        let mut packed = [0; 16];
        packed[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        packed[15] = 1;
        assert_eq!(inet_ntop(Family::INET6, &packed).unwrap(), "2001:db8::1");
        assert_eq!(inet_ntop(Family::INET, &packed).unwrap_err().errno(), Some(Errno::EINVAL));
        assert_eq!(inet_ntop(Family(99), &[]).unwrap_err().errno(), Some(Errno::EAFNOSUPPORT));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_panic_and_what_is_written_is_read_again(bytes: Vec<u8>, ip: u32) {
            let _ = (inet_aton(&bytes), parse_ip(&bytes), escaped(&bytes));
            let ip = Ipv4Addr::from(ip);
            proptest::prop_assert_eq!(inet_aton(inet_ntoa(ip).as_bytes()), Ok(ip));
        }
    }
}
