//! Durations, sizes and numbers as people write them: `200ms`, `5s`, `2m`; `4K`, `1MiB`.

use std::time::Duration;

/// Reads a duration; a bare number is seconds, a fraction is allowed.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let expected = "expected a duration such as 200ms, 5s, 2m or 1.5 (seconds)";
    if text.starts_with('-') {
        return Err("a duration must be positive, such as 200ms, 5s, 2m or 1.5 (seconds)".into());
    }
    let (number, unit) = split(text);
    let number: f64 = number.parse().map_err(|_| expected)?;
    let seconds = match unit {
        "" | "s" => number,
        "us" | "µs" => number / 1e6,
        "ms" => number / 1e3,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        "d" => number * 86400.0,
        _ => return Err(expected.into()),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| "a duration is not negative and not endless".into())
}

/// Reads a number of bytes: `K`, `M`, `G` and `KiB` … are powers of 1,024, `KB` … of 1,000; `0x` is hex.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let expected = "expected a size such as 512, 0x200, 4K, 1MiB or 2GB";
    if text.starts_with('-') {
        return Err("a size must be positive, such as 512, 0x200, 4K, 1MiB or 2GB".into());
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        // What from_str_radix takes for a sign is none here.
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return u64::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or_else(|| expected.into());
    }
    if text.starts_with('0') && text.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        return Err(
            "a number that begins with 0 is octal to some tools and decimal to others: leave the 0 out"
                .into(),
        );
    }
    let (number, unit) = split(text);
    let number: u64 = number.parse().map_err(|_| expected)?;
    let scale: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(expected.into()),
    };
    number.checked_mul(scale).ok_or_else(|| "that is more bytes than there are".into())
}

/// A number of bytes with a sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) plus: bool,
    pub(crate) minus: bool,
    pub(crate) amount: u64,
}

/// Reads a number of bytes that may have a sign, or both as in xxd.
pub(crate) fn signed(text: &str) -> Result<Signed, String> {
    let (plus, text) = text.strip_prefix('+').map_or((false, text), |rest| (true, rest));
    let (minus, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    Ok(Signed { plus, minus, amount: size(text)? })
}

/// Reads a whole number.
pub(crate) fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u32::MAX))
}

fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, milliseconds) in
            [("5", 5000), ("200ms", 200), ("1.5", 1500), ("2m", 120_000), ("1h", 3_600_000), ("0", 0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)));
        }
        for text in ["", "x", "-1", "5 s", "1e9", "9e400d", "inf"] {
            assert!(duration(text).is_err(), "{text}");
        }
        for text in ["-5", "-200ms", "-x"] {
            assert!(duration(text).unwrap_err().contains("must be positive"), "{text}");
            assert!(size(text).unwrap_err().contains("must be positive"), "{text}");
        }
    }

    #[test]
    fn numbers_are_whole() {
        assert_eq!((number("0"), number("4294967295")), (Ok(0), Ok(u32::MAX)));
        for text in ["", "-1", "1.5", "many", "4294967296"] {
            assert!(number(text).is_err_and(|words| words.contains("0 to 4294967295")), "{text}");
        }
    }

    #[test]
    fn sizes_may_have_signs() {
        let read = |text| signed(text).map(|Signed { plus, minus, amount }| (plus, minus, amount));
        assert_eq!(read("16"), Ok((false, false, 16)));
        assert_eq!(read("-1K"), Ok((false, true, 1024)));
        assert_eq!(read("+0x10"), Ok((true, false, 16)));
        assert_eq!(read("+-5"), Ok((true, true, 5)));
        for text in ["", "-", "+", "--5", "-+5"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("512", 512), ("4K", 4096), ("1MiB", 1 << 20), ("2kB", 2000), ("0", 0), ("0x1fF", 511)]
        {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in ["", "-1", "4X", "99999999999G", "010", "0x", "0x+1", "0x10000000000000000", "0x4K"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
