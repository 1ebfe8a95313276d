//! A number from one base to another, for bases below 2^59 and any length.
//!
//! Halves are converted first and put together by one multiplication in the new base, h · bᵏ + l, from small pieces
//! to large; the products are Karatsuba's. That makes O(n^1.585) for n limbs, without a division of long numbers.
//! Numbers are limbs from the lowest to the highest; zeros at the high end mean nothing.

/// Limbs from which Karatsuba's product pays.
const KARATSUBA: usize = 40;

/// Limbs of a piece that is converted one limb after the other.
const PIECE: usize = 16;

/// A base, and what it takes to divide by it without a division of 128 bits.
#[derive(Clone, Copy)]
struct Base {
    value: u64,
    /// Bits of the value.
    bits: u32,
    /// 2^(bits + 63) / value; of no meaning for a power of two.
    reciprocal: u64,
}

impl Base {
    fn new(value: u64) -> Self {
        let bits = u64::BITS - value.leading_zeros();
        let reciprocal = (1_u128 << (bits + 63)) / u128::from(value.max(1));
        Self { value, bits, reciprocal: u64::try_from(reciprocal).unwrap_or(u64::MAX) }
    }

    /// Quotient and remainder of a column: of less than `KARATSUBA` products and what the last column left.
    fn split(self, column: u128) -> (u128, u64) {
        let base = u128::from(self.value);
        let low = |value: u128| u64::try_from(value & u128::from(u64::MAX)).unwrap_or(0);
        if self.value.is_power_of_two() {
            return (column >> self.value.trailing_zeros(), low(column & (base - 1)));
        }
        // Too low by at most 20: 16 for the bits that are dropped here, 4 for those that the reciprocal lacks.
        let quotient = ((column >> (self.bits + 3)) * u128::from(self.reciprocal)) >> 60;
        let rest = low(column - quotient * base);
        (quotient + u128::from(rest / self.value), rest % self.value)
    }
}

/// Converts a number; all limbs are below `from`.
pub(super) fn convert(limbs: Vec<u64>, from: u64, to: u64) -> Vec<u64> {
    let to = Base::new(to);
    let mut pieces: Vec<Vec<u64>> = limbs.chunks(PIECE).map(|piece| convert_piece(piece, from, to)).collect();
    drop(limbs);
    // What a piece is to be multiplied by when another stands below it.
    let mut unit = vec![1];
    for _ in 0..PIECE {
        add_to_product(&mut unit, from, 0, to);
    }
    while pieces.len() > 1 {
        let mut longer = Vec::with_capacity(pieces.len().div_ceil(2));
        let mut left = pieces.into_iter();
        while let Some(low) = left.next() {
            longer.push(match left.next() {
                None => low,
                Some(high) => {
                    let mut sum = multiply(&high, &unit, to);
                    add(&mut sum, &low, 0, to);
                    trim(&mut sum);
                    sum
                }
            });
        }
        pieces = longer;
        if pieces.len() > 1 {
            unit = multiply(&unit, &unit, to);
            trim(&mut unit);
        }
    }
    pieces.pop().unwrap_or_default()
}

/// Converts limb after limb.
fn convert_piece(limbs: &[u64], from: u64, to: Base) -> Vec<u64> {
    let mut number = Vec::new();
    for &limb in limbs.iter().rev() {
        add_to_product(&mut number, from, limb, to);
    }
    number
}

/// Makes `number` into `number · factor + more`.
fn add_to_product(number: &mut Vec<u64>, factor: u64, more: u64, base: Base) {
    let mut carry = u128::from(more);
    for limb in number.iter_mut() {
        carry += u128::from(*limb) * u128::from(factor);
        (carry, *limb) = base.split(carry);
    }
    while carry > 0 {
        let limb;
        (carry, limb) = base.split(carry);
        number.push(limb);
    }
}

fn multiply(a: &[u64], b: &[u64], base: Base) -> Vec<u64> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.len() < KARATSUBA {
        return multiply_columns(long, short, base);
    }
    let half = long.len().div_ceil(2);
    let (long_low, long_high) = long.split_at(half);
    let mut product;
    if short.len() <= half {
        product = multiply(long_low, short, base);
        add(&mut product, &multiply(long_high, short, base), half, base);
    } else {
        // (h·x + l)(h'·x + l') = hh'·x² + ((h + l)(h' + l') − hh' − ll')·x + ll'
        let (short_low, short_high) = short.split_at(half);
        product = multiply(long_low, short_low, base);
        let high = multiply(long_high, short_high, base);
        let mut middle = multiply(&sum(long_low, long_high, base), &sum(short_low, short_high, base), base);
        subtract(&mut middle, &product, base);
        subtract(&mut middle, &high, base);
        add(&mut product, &middle, half, base);
        add(&mut product, &high, 2 * half, base);
    }
    product
}

/// The product by columns: below `KARATSUBA` terms of less than 2^120 each, and one division a column.
fn multiply_columns(long: &[u64], short: &[u64], base: Base) -> Vec<u64> {
    let columns = long.len() + short.len();
    let mut product = Vec::with_capacity(columns);
    let mut carry = 0;
    for column in 0..columns {
        // Terms long[i] · short[column − i], as far as both exist.
        let first = (column + 1).saturating_sub(short.len());
        let upper = long.get(first..long.len().min(column + 1)).unwrap_or(&[]);
        let lower = short.get(..short.len().min(column + 1 - first)).unwrap_or(&[]);
        for (&a, &b) in upper.iter().zip(lower.iter().rev()) {
            carry += u128::from(a) * u128::from(b);
        }
        let limb;
        (carry, limb) = base.split(carry);
        product.push(limb);
    }
    product
}

fn sum(a: &[u64], b: &[u64], base: Base) -> Vec<u64> {
    let mut sum = a.to_vec();
    add(&mut sum, b, 0, base);
    sum
}

/// Adds `more`, moved up by so many limbs.
fn add(to: &mut Vec<u64>, more: &[u64], up: usize, base: Base) {
    let length = more.iter().rposition(|&limb| limb != 0).map_or(0, |last| last + 1 + up);
    if to.len() < length {
        to.resize(length, 0);
    }
    let mut carry = 0;
    let others = more.iter().copied().map(Some).chain(core::iter::repeat(None));
    for (limb, other) in to.iter_mut().skip(up).zip(others) {
        if other.is_none() && carry == 0 {
            return;
        }
        let total = *limb + other.unwrap_or(0) + carry;
        carry = u64::from(total >= base.value);
        *limb = total - carry * base.value;
    }
    if carry > 0 {
        to.push(carry);
    }
}

/// Subtracts a number that is not greater.
fn subtract(from: &mut [u64], less: &[u64], base: Base) {
    let mut borrow = 0;
    let others = less.iter().copied().map(Some).chain(core::iter::repeat(None));
    for (limb, other) in from.iter_mut().zip(others) {
        if other.is_none() && borrow == 0 {
            return;
        }
        let total = *limb + base.value - other.unwrap_or(0) - borrow;
        borrow = u64::from(total < base.value);
        *limb = if borrow == 1 { total } else { total - base.value };
    }
}

fn trim(number: &mut Vec<u64>) {
    number.truncate(number.iter().rposition(|&limb| limb != 0).map_or(0, |last| last + 1));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN: u64 = 10_u64.pow(17);
    const TWO: u64 = 1 << 56;

    fn number(limbs: usize) -> impl Strategy<Value = Vec<u64>> {
        // Limbs at both ends of their range, where carries come from.
        prop::collection::vec(prop_oneof![0..TWO, Just(0), Just(TWO - 1)], 0..limbs)
    }

    #[test]
    fn a_column_is_divided_as_the_machine_divides() {
        for value in [58_u64.pow(10), TEN, TWO, (1 << 59) - 1, (1 << 58) + 1] {
            let top = 40 * u128::from(value) * u128::from(value);
            let step = top / 9973;
            for column in (0..9973).map(|times| top - times * step).chain(0..100) {
                let (quotient, rest) = Base::new(value).split(column);
                assert_eq!(quotient, column / u128::from(value));
                assert_eq!(u128::from(rest), column % u128::from(value));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn there_and_back(mut limbs in number(700)) {
            let there = convert(limbs.clone(), TWO, TEN);
            prop_assert!(there.iter().all(|&limb| limb < TEN));
            let mut back = convert(there, TEN, TWO);
            trim(&mut limbs);
            trim(&mut back);
            prop_assert_eq!(back, limbs);
        }

        #[test]
        fn halves_are_put_together_as_limb_after_limb_is(limbs in number(200)) {
            let (mut fast, mut slow) = (convert(limbs.clone(), TWO, TEN), convert_piece(&limbs, TWO, Base::new(TEN)));
            trim(&mut fast);
            trim(&mut slow);
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn the_product_of_karatsuba_is_that_of_columns(a in number(300), b in number(300)) {
            let base = Base::new(TWO);
            let (mut fast, mut slow) = (multiply(&a, &b, base), multiply_columns(&a, &b, base));
            trim(&mut fast);
            trim(&mut slow);
            prop_assert_eq!(fast, slow);
        }
    }
}
