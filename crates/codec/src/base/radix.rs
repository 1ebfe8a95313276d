//! A number from one base to another, for bases below 2^60 and any length.
//!
//! Halves are converted first and put together by one multiplication in the new base, h · bᵏ + l, from small pieces
//! to large; the products are Karatsuba's. That makes O(n^1.585) for n limbs, without a division of long numbers.
//! Numbers are limbs from the lowest to the highest; zeros at the high end mean nothing.

/// Limbs from which Karatsuba's product pays.
const KARATSUBA: usize = 40;

/// Limbs of a piece that is converted one limb after the other.
const PIECE: usize = 16;

/// Converts a number; all limbs are below `from`.
pub(super) fn convert(limbs: Vec<u64>, from: u64, to: u64) -> Vec<u64> {
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
fn convert_piece(limbs: &[u64], from: u64, to: u64) -> Vec<u64> {
    let mut number = Vec::new();
    for &limb in limbs.iter().rev() {
        add_to_product(&mut number, from, limb, to);
    }
    number
}

/// Makes `number` into `number · factor + more`.
fn add_to_product(number: &mut Vec<u64>, factor: u64, more: u64, base: u64) {
    let mut carry = u128::from(more);
    for limb in number.iter_mut() {
        carry += u128::from(*limb) * u128::from(factor);
        (carry, *limb) = split(carry, base);
    }
    while carry > 0 {
        let limb;
        (carry, limb) = split(carry, base);
        number.push(limb);
    }
}

fn multiply(a: &[u64], b: &[u64], base: u64) -> Vec<u64> {
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
fn multiply_columns(long: &[u64], short: &[u64], base: u64) -> Vec<u64> {
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
        (carry, limb) = split(carry, base);
        product.push(limb);
    }
    product
}

fn sum(a: &[u64], b: &[u64], base: u64) -> Vec<u64> {
    let mut sum = a.to_vec();
    add(&mut sum, b, 0, base);
    sum
}

/// Adds `more`, moved up by so many limbs.
fn add(to: &mut Vec<u64>, more: &[u64], up: usize, base: u64) {
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
        carry = u64::from(total >= base);
        *limb = total - carry * base;
    }
    if carry > 0 {
        to.push(carry);
    }
}

/// Subtracts a number that is not greater.
fn subtract(from: &mut [u64], less: &[u64], base: u64) {
    let mut borrow = 0;
    let others = less.iter().copied().map(Some).chain(core::iter::repeat(None));
    for (limb, other) in from.iter_mut().zip(others) {
        if other.is_none() && borrow == 0 {
            return;
        }
        let total = *limb + base - other.unwrap_or(0) - borrow;
        borrow = u64::from(total < base);
        *limb = if borrow == 1 { total } else { total - base };
    }
}

fn split(value: u128, base: u64) -> (u128, u64) {
    let base = u128::from(base);
    // The remainder is below a base of 64 bits.
    (value / base, u64::try_from(value % base).unwrap_or(0))
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
            let (mut fast, mut slow) = (convert(limbs.clone(), TWO, TEN), convert_piece(&limbs, TWO, TEN));
            trim(&mut fast);
            trim(&mut slow);
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn the_product_of_karatsuba_is_that_of_columns(a in number(300), b in number(300)) {
            let (mut fast, mut slow) = (multiply(&a, &b, TWO), multiply_columns(&a, &b, TWO));
            trim(&mut fast);
            trim(&mut slow);
            prop_assert_eq!(fast, slow);
        }
    }
}
