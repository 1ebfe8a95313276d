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

/// Reads a number of bytes: `K`, `M`, `G` and `KiB` … are powers of 1,024, `KB` … of 1,000.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let expected = "expected a size such as 512, 4K, 1MiB or 2GB";
    if text.starts_with('-') {
        return Err("a size must be positive, such as 512, 4K, 1MiB or 2GB".into());
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
    fn sizes_have_units() {
        for (text, bytes) in [("512", 512), ("4K", 4096), ("1MiB", 1 << 20), ("2kB", 2000)] {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in ["", "-1", "4X", "99999999999G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }
}
