//! Points in time as dates of the Gregorian calendar, in UTC.

use std::io::Write as _;

/// How many seconds lie between 1900, from which NTP counts, and 1970: RFC 5905, appendix A.1.1.
pub(crate) const FROM_1900_TO_1970: i64 = 2_208_988_800;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

/// Finds the date of so many seconds since 1970.
pub(crate) const fn date(seconds: i64) -> Date {
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted from 1 March of year 0 a leap day is the last of its year, and months follow one rule; 400 years have 146,097 days.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (year, month_of_year) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    Date {
        year: year + era * 400,
        month: month_of_year,
        day: day - (153 * month + 2) / 5 + 1,
        hour: time / 3_600,
        minute: time / 60 % 60,
        second: time % 60,
    }
}

/// Returns the seconds since 1970 and the nanoseconds of a timestamp of NTP, which is one between 1968 and 2104: RFC 4330, section 3.
pub(crate) fn of_ntp(stamp: u64) -> (i64, u32) {
    let era = if stamp >> 63 == 0 { 1 << 32 } else { 0 };
    let seconds = i64::try_from(stamp >> 32).unwrap_or(0) + era - FROM_1900_TO_1970;
    (seconds, ntp_fraction(stamp))
}

/// Returns the nanoseconds of a timestamp of NTP.
pub(crate) fn ntp_fraction(stamp: u64) -> u32 {
    u32::try_from(((stamp & 0xffff_ffff) * 1_000_000_000) >> 32).unwrap_or(0)
}

/// Names a month in three letters; the first is 1.
pub(crate) fn month(number: i64) -> &'static str {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(number - 1).ok().and_then(|number| MONTHS.get(number)).copied().unwrap_or_default()
}

/// Appends a point in time as Wireshark writes it: `Nov 14, 2023 22:13:20.000000000 UTC`.
pub(crate) fn write(seconds: i64, nanoseconds: u32, out: &mut Vec<u8>) {
    let Date { year, month, day, hour, minute, second } = date(seconds);
    let month = self::month(month);
    // Writing into memory does not fail.
    let _ = write!(out, "{month} {day:2}, {year} {hour:02}:{minute:02}:{second:02}.{nanoseconds:09} UTC");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(seconds: i64) -> String {
        let mut out = Vec::new();
        write(seconds, 5, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(shown(0), "Jan  1, 1970 00:00:00.000000005 UTC");
        assert_eq!(shown(1_700_000_000), "Nov 14, 2023 22:13:20.000000005 UTC");
        assert_eq!(shown(951_782_399), "Feb 28, 2000 23:59:59.000000005 UTC");
        assert_eq!(shown(951_782_400), "Feb 29, 2000 00:00:00.000000005 UTC");
        assert_eq!(shown(-1), "Dec 31, 1969 23:59:59.000000005 UTC");
        assert_eq!(shown(-FROM_1900_TO_1970), "Jan  1, 1900 00:00:00.000000005 UTC");
    }
}
