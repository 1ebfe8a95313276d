//! Times as tcpdump writes them: of the day, since 1970, since the packet before, with the date.
//!
//! A time is written in the precision that is asked for, in the zone that the face hands in; what of it was converted last is
//! remembered, for packets come in bursts. Source: tcpdump(8) 4.99.3, and runs of it.

use std::io::Write as _;

use jiff::tz::TimeZone;
use pcap::{Resolution, Timestamp};

/// What stands before a line: tcpdump's `-t` and how often it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stamp {
    /// The time of the day.
    #[default]
    Clock,
    /// Nothing: `-t`.
    None,
    /// Seconds since 1970: `-tt`.
    Epoch,
    /// Time since the frame before: `-ttt`.
    Delta,
    /// Date and time of the day: `-tttt`.
    Date,
    /// Time since the first frame: `-ttttt`.
    Relative,
}

impl Stamp {
    /// Returns what `-t` means when it is said so often; `None` where it is said too often.
    #[must_use]
    pub const fn said(times: u8) -> Option<Self> {
        Some(match times {
            0 => Self::Clock,
            1 => Self::None,
            2 => Self::Epoch,
            3 => Self::Delta,
            4 => Self::Date,
            5 => Self::Relative,
            _ => return None,
        })
    }

    /// Tells whether it is written in a zone.
    #[must_use]
    pub const fn is_local(self) -> bool {
        matches!(self, Self::Clock | Self::Date)
    }
}

/// How exactly times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Six digits behind the point.
    #[default]
    Micro,
    /// Nine digits.
    Nano,
}

impl Precision {
    /// Returns the resolution of times in this precision.
    #[must_use]
    pub const fn resolution(self) -> Resolution {
        match self {
            Self::Micro => Resolution::MICROSECONDS,
            Self::Nano => Resolution::NANOSECONDS,
        }
    }

    const fn digits(self) -> usize {
        match self {
            Self::Micro => 6,
            Self::Nano => 9,
        }
    }

    const fn unit(self) -> i64 {
        match self {
            Self::Micro => 1_000_000,
            Self::Nano => 1_000_000_000,
        }
    }
}

/// The zone in which times are written.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of Greenwich.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// Reads a compiled zone, RFC 9636; `None` where it is none.
    #[must_use]
    pub fn from_tzif(name: &str, bytes: &[u8]) -> Option<Self> {
        TimeZone::tzif(name, bytes).ok().map(Self)
    }

    /// Reads a rule as `TZ` may have it, such as `CET-1CEST,M3.5.0,M10.5.0/3`; `None` where it is none. Source: tzset(3).
    #[must_use]
    pub fn from_rule(rule: &str) -> Option<Self> {
        TimeZone::posix(rule).ok().map(Self)
    }
}

/// Seconds and what is left of them, in units of a precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Split {
    seconds: i64,
    fraction: i64,
}

/// Writes the times of frames.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    stamp: Stamp,
    precision: Precision,
    zone: Zone,
    /// Seconds are 32 bits with a sign, as libpcap reads those of a pcap file.
    is_short: bool,
    /// A second, and how it is written.
    last: Option<i64>,
    written: Vec<u8>,
}

impl Clock {
    pub(crate) const fn new(stamp: Stamp, precision: Precision, zone: Zone) -> Self {
        Self { stamp, precision, zone, is_short: false, last: None, written: Vec::new() }
    }

    /// Takes seconds as libpcap does, which end in 2038.
    pub(crate) const fn set_short(&mut self) {
        self.is_short = true;
    }

    /// Appends the time of a frame, and a blank.
    pub(crate) fn write(
        &mut self,
        time: Option<Timestamp>,
        before: Option<Timestamp>,
        first: Option<Timestamp>,
        out: &mut Vec<u8>,
    ) {
        let now = self.split(time);
        match self.stamp {
            Stamp::None => return,
            Stamp::Delta => self.since(self.split(before), now, out),
            Stamp::Relative => self.since(self.split(first), now, out),
            Stamp::Epoch | Stamp::Clock | Stamp::Date => self.point(now, out),
        }
        out.push(b' ');
    }

    /// Brings a time into the precision, as libpcap does: a fraction of more than a second stays one.
    fn split(&self, time: Option<Timestamp>) -> Split {
        let time = time.unwrap_or_default();
        let signed = |fraction: u64| i64::try_from(fraction).unwrap_or(i64::MAX);
        let (seconds, fraction) = match (time.resolution, self.precision) {
            (Resolution::MICROSECONDS, Precision::Micro) | (Resolution::NANOSECONDS, Precision::Nano) => {
                (time.seconds, signed(time.fraction))
            }
            (Resolution::MICROSECONDS, Precision::Nano) => {
                (time.seconds, signed(time.fraction.saturating_mul(1000)))
            }
            (Resolution::NANOSECONDS, Precision::Micro) => (time.seconds, signed(time.fraction / 1000)),
            (_, precision) => {
                let (seconds, nanoseconds) = time.seconds_and_nanoseconds();
                let divisor = if precision == Precision::Micro { 1000 } else { 1 };
                (seconds, i64::from(nanoseconds / divisor))
            }
        };
        let is_of_pcap = u32::try_from(seconds).is_ok();
        let seconds = match u32::try_from(seconds) {
            Ok(short) if self.is_short && is_of_pcap => i64::from(short.cast_signed()),
            _ => seconds,
        };
        Split { seconds, fraction }
    }

    fn point(&mut self, Split { seconds, fraction }: Split, out: &mut Vec<u8>) {
        if self.last != Some(seconds) || self.written.is_empty() {
            self.written.clear();
            self.second(seconds);
            self.last = Some(seconds);
        }
        out.extend_from_slice(&self.written);
        if self.written.starts_with(b"[") {
            return;
        }
        self.fraction(fraction, out);
    }

    /// Writes a second as it is asked for.
    fn second(&mut self, seconds: i64) {
        // Writing into memory does not fail.
        let _ = match (self.stamp, local(seconds, &self.zone)) {
            (_, None) => write!(self.written, "[Error converting time]"),
            (Stamp::Epoch, Some(_)) => write!(self.written, "{seconds}"),
            (Stamp::Date, Some(at)) => write!(
                self.written,
                "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
                at.year(),
                at.month(),
                at.day(),
                at.hour(),
                at.minute(),
                at.second()
            ),
            (_, Some(at)) => {
                write!(self.written, "{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
            }
        };
    }

    /// Writes how much later than another a time is, of which the days are left out.
    fn since(&self, from: Split, to: Split, out: &mut Vec<u8>) {
        let is_negative = (to.seconds, to.fraction) < (from.seconds, from.fraction);
        let (early, late) = if is_negative { (to, from) } else { (from, to) };
        let mut seconds = late.seconds.saturating_sub(early.seconds);
        let mut fraction = late.fraction.saturating_sub(early.fraction);
        if fraction < 0 {
            seconds = seconds.saturating_sub(1);
            fraction = fraction.saturating_add(self.precision.unit());
        }
        let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
        out.push(if is_negative { b'-' } else { b' ' });
        let _ = write!(out, "{hours:02}:{minutes:02}:{:02}", seconds % 60);
        self.fraction(fraction, out);
    }

    fn fraction(&self, fraction: i64, out: &mut Vec<u8>) {
        let digits = self.precision.digits();
        // A number of 32 bits in tcpdump, which a file may send round: where it claims more than a second of them.
        let [a, b, c, d, ..] = fraction.to_le_bytes();
        let mut rest = u32::from_le_bytes([a, b, c, d]);
        let mut text = [b'0'; 20];
        let mut used = 0;
        for place in text.iter_mut().rev() {
            *place = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            used += 1;
            if rest == 0 && used >= digits {
                break;
            }
        }
        out.push(b'.');
        out.extend_from_slice(text.get(text.len() - used..).unwrap_or_default());
    }
}

/// Returns what a clock on the wall shows; `None` before 1970, and where no calendar reaches.
fn local(seconds: i64, Zone(zone): &Zone) -> Option<jiff::civil::DateTime> {
    let at = jiff::Timestamp::from_second(u64::try_from(seconds).ok()?.try_into().ok()?).ok()?;
    Some(zone.to_datetime(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(stamp: Stamp, precision: Precision, times: &[(i64, u64)]) -> Vec<String> {
        let mut clock = Clock::new(stamp, precision, Zone::UTC);
        clock.set_short();
        let time =
            |(seconds, fraction)| Some(Timestamp { seconds, fraction, resolution: Resolution::MICROSECONDS });
        let first = times.first().copied().and_then(time);
        let mut before = first;
        let mut all = Vec::new();
        for now in times.iter().copied().map(time) {
            let mut out = Vec::new();
            clock.write(now, before, first, &mut out);
            before = now;
            all.push(String::from_utf8(out).unwrap());
        }
        all
    }

    #[test]
    fn times_are_tcpdump_s() {
        let times = [(1_700_000_000, 1), (1_700_000_001, 250_000), (1_699_999_999, 7)];
        let cases = [
            (Stamp::None, ["", "", ""]),
            (Stamp::Clock, ["22:13:20.000001 ", "22:13:21.250000 ", "22:13:19.000007 "]),
            (Stamp::Epoch, ["1700000000.000001 ", "1700000001.250000 ", "1699999999.000007 "]),
            (Stamp::Delta, [" 00:00:00.000000 ", " 00:00:01.249999 ", "-00:00:02.249993 "]),
            (Stamp::Relative, [" 00:00:00.000000 ", " 00:00:01.249999 ", "-00:00:00.999994 "]),
            (
                Stamp::Date,
                ["2023-11-14 22:13:20.000001 ", "2023-11-14 22:13:21.250000 ", "2023-11-14 22:13:19.000007 "],
            ),
        ];
        for (stamp, expected) in cases {
            assert_eq!(written(stamp, Precision::Micro, &times), expected, "{stamp:?}");
        }
        assert_eq!(written(Stamp::Epoch, Precision::Nano, &[(1, 2)]), ["1.000002000 "]);
        assert_eq!(
            written(Stamp::Delta, Precision::Nano, &[(1, 2), (3, 3)]).last().unwrap(),
            " 00:00:02.000001000 "
        );
    }

    #[test]
    fn odd_times_are_tcpdump_s_too() {
        let odd = [(1, 2_000_000), (0xffff_ffff, 5)];
        assert_eq!(
            written(Stamp::Clock, Precision::Micro, &odd),
            ["00:00:01.2000000 ", "[Error converting time] "]
        );
        assert_eq!(
            written(Stamp::Delta, Precision::Micro, &odd),
            [" 00:00:00.000000 ", "-00:00:02.1999995 "]
        );
        let days = [(1, 2), (200_001, 1), (3, 1)];
        assert_eq!(
            written(Stamp::Delta, Precision::Micro, &days),
            [" 00:00:00.000000 ", " 07:33:19.999999 ", "-07:33:18.000000 "]
        );
    }

    #[test]
    fn a_rule_is_a_zone() {
        let zone = Zone::from_rule("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        for (seconds, hour) in [(1_700_000_000, 23), (1_690_000_000, 6)] {
            assert_eq!(local(seconds, &zone).unwrap().hour(), hour);
        }
        assert!(Zone::from_rule("Nonsense!").is_none() && Zone::from_tzif("x", b"no zone").is_none());
    }
}
