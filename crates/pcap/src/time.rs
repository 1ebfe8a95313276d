//! Times of packets, kept exactly as the file has them.
//!
//! pcap counts seconds and microseconds or nanoseconds; pcapng counts ticks of a length that each interface states, a
//! power of ten or of two (`if_tsresol`), from a second that it states too (`if_tsoffset`). [`Timestamp`] holds the
//! seconds and the rest in the file's own unit, so nothing is rounded until somebody asks for nanoseconds.

use core::fmt;

/// Says how long a tick is: the byte of pcapng's option `if_tsresol`.
///
/// With the top bit clear it is a negative power of ten, with the top bit set a negative power of two (draft-ietf-opsawg-pcapng,
/// section 4.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resolution(pub u8);

impl Resolution {
    /// Whole seconds.
    pub const SECONDS: Self = Self(0);
    /// Microseconds: what holds unless a file says otherwise.
    pub const MICROSECONDS: Self = Self(6);
    /// Nanoseconds.
    pub const NANOSECONDS: Self = Self(9);

    /// Returns the ticks of a second; `None` when they are more than 128 bits hold, which makes a 64-bit count of
    /// them less than a second.
    #[must_use]
    pub const fn ticks_per_second(self) -> Option<u128> {
        let Self(byte) = self;
        match byte {
            0..0x80 => 10_u128.checked_pow(byte as u32),
            _ => 1_u128.checked_shl((byte & 0x7f) as u32),
        }
    }

    /// Splits a count of ticks into seconds and the ticks that are left.
    #[inline]
    fn split(self, ticks: u64) -> (u64, u64) {
        // The two that nearly all files have divide by a constant, which is a multiplication.
        match self {
            Self::MICROSECONDS => (ticks / 1_000_000, ticks % 1_000_000),
            Self::NANOSECONDS => (ticks / 1_000_000_000, ticks % 1_000_000_000),
            Self(byte @ 0x80..0xc0) => {
                let bits = byte & 0x7f;
                (ticks >> bits, ticks & !(u64::MAX << bits))
            }
            _ => match self.ticks_per_second().map(u64::try_from) {
                Some(Ok(unit)) => (ticks / unit, ticks % unit),
                _ => (0, ticks),
            },
        }
    }
}

impl Default for Resolution {
    fn default() -> Self {
        Self::MICROSECONDS
    }
}

impl fmt::Debug for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(byte) = self;
        write!(f, "{}^-{}", if *byte < 0x80 { 10 } else { 2 }, byte & 0x7f)
    }
}

/// Holds a time: seconds since 1970-01-01 00:00 UTC without leap seconds, and ticks after them.
///
/// `fraction` is less than the ticks of a second except where a file says otherwise: a pcap record may claim 1,000,000
/// microseconds or more, which is kept. Two times are equal when they are written alike; to put times in order, compare
/// their [`nanoseconds`](Self::nanoseconds).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timestamp {
    /// Whole seconds; negative before 1970.
    pub seconds: i64,
    /// Ticks after them.
    pub fraction: u64,
    /// How long a tick is.
    pub resolution: Resolution,
}

impl Timestamp {
    /// Makes a time from seconds and nanoseconds.
    #[must_use]
    pub const fn new(seconds: i64, nanoseconds: u32) -> Self {
        Self { seconds, fraction: nanoseconds as u64, resolution: Resolution::NANOSECONDS }
    }

    /// Makes a time from pcapng's count of ticks; `offset` is `if_tsoffset`, seconds added to it.
    ///
    /// Exact but where seconds pass what 64 bits hold: there it stops at the last of them.
    #[inline]
    #[must_use]
    pub fn from_ticks(ticks: u64, resolution: Resolution, offset: i64) -> Self {
        let (seconds, fraction) = resolution.split(ticks);
        let sum = i128::from(seconds) + i128::from(offset);
        let seconds = i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX });
        Self { seconds, fraction, resolution }
    }

    /// Returns the ticks of `resolution` since `offset` seconds, for pcapng; what is finer than a tick is cut off.
    ///
    /// `None` when the time is before `offset`, or too long after it for 64 bits.
    #[must_use]
    pub fn ticks(self, resolution: Resolution, offset: i64) -> Option<u64> {
        // What nearly all writers want goes without a division of 128 bits.
        let unit = match resolution {
            Resolution::MICROSECONDS => 1_000_000_u64,
            Resolution::NANOSECONDS => 1_000_000_000,
            _ => 0,
        };
        if unit > 0
            && resolution == self.resolution
            && let Some(Ok(seconds)) = self.seconds.checked_sub(offset).map(u64::try_from)
            && let Some(whole) = seconds.checked_mul(unit)
        {
            return whole.checked_add(self.fraction);
        }
        let seconds = u128::try_from(i128::from(self.seconds) - i128::from(offset)).ok()?;
        let whole = match (seconds, resolution.ticks_per_second()) {
            (0, _) => 0,
            (_, per_second) => seconds.checked_mul(per_second?)?,
        };
        u64::try_from(whole.checked_add(self.fraction_in(resolution)?)?).ok()
    }

    /// Returns the ticks after the second in another resolution, the rest cut off; `None` when there are too many.
    pub(crate) fn fraction_in(self, resolution: Resolution) -> Option<u128> {
        let fraction = u128::from(self.fraction);
        if fraction == 0 || resolution == self.resolution {
            return Some(fraction);
        }
        match (self.resolution.ticks_per_second(), resolution.ticks_per_second()) {
            // A tick so short that 64 bits of them are less than any that fits.
            (None, Some(_)) => Some(0),
            (Some(from), Some(to)) => match fraction.checked_mul(to) {
                Some(product) => Some(product / from),
                None => (fraction / from).checked_mul(to),
            },
            (_, None) => None,
        }
    }

    /// Returns the nanoseconds since 1970-01-01 00:00 UTC; what is finer than a nanosecond is cut off.
    #[must_use]
    pub fn nanoseconds(self) -> i128 {
        // 64 bits of seconds, the longest tick, are fewer than 2^94 nanoseconds: nothing here overflows.
        let fraction = self.fraction_in(Resolution::NANOSECONDS).and_then(|ticks| i128::try_from(ticks).ok());
        i128::from(self.seconds) * 1_000_000_000 + fraction.unwrap_or(0)
    }

    /// Returns whole seconds and the nanoseconds after them, fewer than a second of them.
    ///
    /// What is finer is cut off; a second that 64 bits do not hold becomes the last that they do.
    #[must_use]
    pub fn seconds_and_nanoseconds(self) -> (i64, u32) {
        let nanoseconds = self.nanoseconds();
        let seconds = nanoseconds.div_euclid(1_000_000_000);
        let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or(0);
        (i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX }), rest)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_of_powers_of_ten_and_two() {
        let at = |ticks, byte, offset| Timestamp::from_ticks(ticks, Resolution(byte), offset);
        assert_eq!(at(1_000_002, 6, 0), Timestamp { seconds: 1, fraction: 2, resolution: Resolution(6) });
        assert_eq!(at(1_000_000_002, 9, 0).nanoseconds(), 1_000_000_002);
        // 1025 ticks of 1/1024 s.
        assert_eq!(at(1025, 0x8a, 0).nanoseconds(), 1_000_976_562);
        assert_eq!(at(5, 6, -1).nanoseconds(), -999_995_000);
        assert_eq!(at(5, 6, -1).seconds_and_nanoseconds(), (-1, 5_000));
        // 64 bits of 10^-20 and of 2^-64 are less than a second.
        assert_eq!(at(u64::MAX, 20, 0).nanoseconds(), 184_467_440);
        assert_eq!(at(u64::MAX, 0xc0, 0).nanoseconds(), 999_999_999);
        assert_eq!(at(u64::MAX, 0x7f, 0).nanoseconds(), 0);
        assert_eq!(at(u64::MAX, 0xff, 0).nanoseconds(), 0);
        // Whole seconds that 64 bits do not hold.
        assert_eq!(at(u64::MAX, 0, 0).seconds, i64::MAX);
        assert_eq!(at(u64::MAX, 0, i64::MIN).seconds, i64::MAX);
        assert_eq!(at(0, 0, i64::MIN).seconds_and_nanoseconds(), (i64::MIN, 0));
    }

    #[test]
    fn a_fraction_of_more_than_a_second_is_kept() {
        let odd = Timestamp { seconds: 1, fraction: 2_000_001, resolution: Resolution::MICROSECONDS };
        assert_eq!(odd.nanoseconds(), 3_000_001_000);
        assert_eq!(odd.seconds_and_nanoseconds(), (3, 1_000));
        let last = Timestamp { seconds: i64::MAX, fraction: u64::MAX, resolution: Resolution::SECONDS };
        assert_eq!(last.seconds_and_nanoseconds().0, i64::MAX);
    }

    proptest! {
        #[test]
        fn ticks_come_back(ticks: u64, byte: u8, offset in -(1_i64 << 40)..1_i64 << 40) {
            let resolution = Resolution(byte);
            prop_assume!(byte & 0x7f != 0 || ticks < 1 << 62);
            prop_assert_eq!(Timestamp::from_ticks(ticks, resolution, offset).ticks(resolution, offset), Some(ticks));
        }

        #[test]
        fn ticks_of_usual_files_come_back(ticks: u64, nanoseconds: bool, offset: i32) {
            let resolution = if nanoseconds { Resolution::NANOSECONDS } else { Resolution::MICROSECONDS };
            let offset = i64::from(offset);
            prop_assert_eq!(Timestamp::from_ticks(ticks, resolution, offset).ticks(resolution, offset), Some(ticks));
        }

        #[test]
        fn no_time_overflows(seconds: i64, fraction: u64, from: u8, to: u8, offset: i64) {
            let time = Timestamp { seconds, fraction, resolution: Resolution(from) };
            let _ = (time.ticks(Resolution(to), offset), time.seconds_and_nanoseconds());
        }
    }
}
