//! Decoding in pieces under a policy: groups of nothing but digits at once, all else character by character.
//!
//! The fast ways are three: whole groups; whole lines of one width; and text from which what is skipped was taken out.
//! The automaton collects the characters of one group, junk too, and looks at them when the group is full or the
//! input ends. That is what decides how much of a broken group is still written, and GNU's tools do the same.

use super::code::{Code, Kind, NO_DIGIT};
use super::groups::{self, Digits};
use super::{Alphabet, base58, strip};
use crate::Buffer;
use crate::policy::{
    AfterPadding, Case, DecodeError, Fault, Junk, Padding, Policy, StandardDigits, TrailingBits, Whitespace,
};
use crate::stream::Transform;

/// What the table has for a byte that is no digit: skipped, padding, or a fault.
pub(super) const SKIPPED: u8 = NO_DIGIT;
const PAD: u8 = NO_DIGIT | 1;
const JUNK: u8 = NO_DIGIT | 2;

/// Characters that GNU's `basenc` decodes at once.
const BLOCK: usize = 5600;

/// Reads digits of an alphabet that arrive in pieces, under a policy.
///
/// What stood before a fault has been appended when the fault is returned: `QUJD!!Rg==` gives `ABC`, and then it.
/// It comes as soon as the group in which it stands is complete.
///
/// ```
/// use jackfield_codec::Buffer;
/// use jackfield_codec::base::{Alphabet, Decoder};
/// use jackfield_codec::policy::Policy;
/// use jackfield_codec::stream::Transform;
///
/// let mut out = Buffer::new();
/// let mut decoder = Decoder::new(Alphabet::Base64, Policy::GNU);
/// decoder.push(b"am", &mut out)?;
/// decoder.push(b"Fj\naw", &mut out)?;
/// decoder.finish(&mut out)?;
/// assert_eq!(&out[..], b"jack");
/// # Ok::<(), jackfield_codec::policy::DecodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Decoder {
    automaton: Automaton,
    /// The characters of a block that is not full, where blocks matter.
    block: Option<Vec<u8>>,
}

impl Decoder {
    /// Makes a decoder.
    #[must_use]
    pub fn new(alphabet: Alphabet, policy: Policy) -> Self {
        let voids = policy.standard_digits == StandardDigits::VoidBlock
            && policy.junk == Junk::Error
            && alphabet == Alphabet::Base64Url;
        Self { automaton: Automaton::new(alphabet, policy), block: voids.then(Vec::new) }
    }
}

impl Transform for Decoder {
    type Error = DecodeError;

    fn push(&mut self, mut bytes: &[u8], out: &mut Buffer) -> Result<(), DecodeError> {
        let Some(held) = &mut self.block else { return self.automaton.push(bytes, out) };
        while !bytes.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(BLOCK - held.len()));
            bytes = tail;
            if head.len() == BLOCK {
                self.automaton.push_block(head, out)?;
                continue;
            }
            held.extend_from_slice(head);
            if held.len() == BLOCK {
                self.automaton.push_block(held, out)?;
                held.clear();
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), DecodeError> {
        if let Some(held) = &mut self.block {
            self.automaton.push_block(&core::mem::take(held), out)?;
        }
        self.automaton.finish(out)
    }
}

#[derive(Clone, Debug)]
struct Automaton {
    alphabet: Alphabet,
    kind: Kind,
    policy: Policy,
    /// What each byte is: a value below `NO_DIGIT`, or one of the three marks.
    digits: Digits,
    /// Text without what is skipped.
    stripped: Buffer,
    /// No text is stripped before this offset: it has what only the automaton can take.
    automaton_until: usize,
    /// Up to this offset more than line feeds is stripped.
    junk_until: usize,
    /// Bytes that went before the next one.
    offset: usize,
    /// The characters of the group so far with their places: digits, junk, padding.
    held: [(usize, u8); 8],
    count: usize,
    /// Padding was read, after which nothing else is.
    ended: bool,
    /// The digits of base58, all of them.
    number: Vec<u8>,
}

impl Automaton {
    fn new(alphabet: Alphabet, policy: Policy) -> Self {
        let code = alphabet.code();
        Self {
            alphabet,
            kind: code.kind,
            policy,
            digits: Digits::new(&code, values(&code, policy)),
            stripped: Buffer::new(),
            automaton_until: 0,
            junk_until: 0,
            offset: 0,
            held: [(0, 0); 8],
            count: 0,
            ended: false,
            number: Vec::new(),
        }
    }

    /// Decodes a block, or nothing of it when it holds a digit of the standard alphabet that this one lacks.
    fn push_block(&mut self, block: &[u8], out: &mut Buffer) -> Result<(), DecodeError> {
        let foreign = |byte: u8| (byte == b'+') | (byte == b'/');
        if block.iter().fold(false, |any, &byte| any | foreign(byte))
            && let Some(at) = block.iter().position(|&byte| foreign(byte))
        {
            let found = block.get(at).copied().unwrap_or(b'+');
            return Err(self.not_in_alphabet(self.offset.saturating_add(at), found));
        }
        self.push(block, out)
    }

    fn push(&mut self, mut bytes: &[u8], out: &mut Buffer) -> Result<(), DecodeError> {
        if self.kind == Kind::Base58 {
            return self.push_number(bytes);
        }
        loop {
            if self.count == 0 && !self.ended {
                let taken = self.groups(bytes, out);
                bytes = self.behind(taken, bytes);
                let taken = self.lines(bytes, out);
                bytes = self.behind(taken, bytes);
                if taken > 0 {
                    continue;
                }
                let taken = self.strip(bytes, out);
                bytes = self.behind(taken, bytes);
            }
            let Some((&byte, rest)) = bytes.split_first() else { return Ok(()) };
            if self.ended && self.policy.after_padding == AfterPadding::Stop {
                return Ok(());
            }
            bytes = rest;
            let at = self.offset;
            self.offset = at.saturating_add(1);
            self.take(at, byte, out)?;
        }
    }

    /// Counts what was taken, and returns what stands behind it.
    fn behind<'a>(&mut self, taken: usize, bytes: &'a [u8]) -> &'a [u8] {
        self.offset = self.offset.saturating_add(taken);
        bytes.get(taken..).unwrap_or(&[])
    }

    /// Decodes groups of digits; returns how many characters that took.
    fn groups(&self, bytes: &[u8], out: &mut Buffer) -> usize {
        let room = bytes.len() / self.kind.group() * self.kind.bytes();
        let groups = self.digits.decode(bytes, out.room(room));
        out.commit(groups * self.kind.bytes());
        groups * self.kind.group()
    }

    /// Decodes a line feed and the lines behind it, as long as they are as wide as the first; returns how many
    /// characters that took.
    fn lines(&self, bytes: &[u8], out: &mut Buffer) -> usize {
        let Some((b'\n', lines)) = bytes.split_first() else { return 0 };
        if !self.is(SKIPPED, b'\n') {
            return 0;
        }
        let Some(width) = strip::line_feed(lines).filter(|&width| width > 0) else { return 0 };
        if !width.is_multiple_of(self.kind.group()) {
            return 0;
        }
        let line = width / self.kind.group() * self.kind.bytes();
        let room = lines.len() / width.saturating_add(1) * line;
        let count = self.digits.decode_lines(width, lines, out.room(room));
        out.commit(count * line);
        if count == 0 { 0 } else { 1 + count * width.saturating_add(1) }
    }

    /// Decodes text with what is skipped in it; returns how many characters that took.
    fn strip(&mut self, mut bytes: &[u8], out: &mut Buffer) -> usize {
        let before = bytes.len();
        while bytes.len() >= strip::LEAST {
            let offset = self.offset.saturating_add(before - bytes.len());
            if offset < self.automaton_until {
                break;
            }
            let block = bytes.get(..strip::BLOCK).unwrap_or(bytes);
            // Line feeds alone are found faster.
            let lines = self.is(SKIPPED, b'\n') && offset >= self.junk_until;
            if lines {
                strip::strip_lines(block, &mut self.stripped);
            } else {
                strip::strip(&self.digits.values, block, &mut self.stripped);
            }
            let decoded = self.groups(&self.stripped, out);
            let rest = self.stripped.get(decoded..).unwrap_or(&[]);
            let is_kept = |byte| if lines { byte != b'\n' } else { !self.is(SKIPPED, byte) };
            let taken = strip::place(is_kept, block, rest.len());
            bytes = bytes.get(taken..).unwrap_or(&[]);
            let group = rest.get(..self.kind.group());
            let next = offset.saturating_add(taken).saturating_add(strip::BLOCK);
            match group {
                None if taken == 0 => break,
                None => {}
                Some(group) if lines && group.iter().any(|&byte| self.is(SKIPPED, byte)) => {
                    self.junk_until = next;
                }
                Some(_) => {
                    // Junk or padding: what comes next may be more of it.
                    self.automaton_until = next;
                    break;
                }
            }
        }
        before - bytes.len()
    }

    /// Takes one character.
    fn take(&mut self, at: usize, byte: u8, out: &mut Buffer) -> Result<(), DecodeError> {
        let value = groups::value(&self.digits.values, byte);
        if value == SKIPPED {
            return Ok(());
        }
        if self.ended {
            return Err(DecodeError { offset: at, fault: Fault::AfterPadding { found: byte } });
        }
        if self.policy.junk == Junk::SkipPadding {
            // Padding counts only where it can stand, and until the next digit.
            let digits = self.held().iter().take_while(|&&(_, held)| !self.is(PAD, held)).count();
            if value == PAD && !self.kind.may_end_after(digits) {
                return Ok(());
            }
            if value != PAD {
                self.count = digits;
            }
        }
        if let Some(place) = self.held.get_mut(self.count) {
            *place = (at, byte);
            self.count += 1;
        }
        if self.count == self.kind.group() {
            self.group(out)?;
            self.count = 0;
        }
        Ok(())
    }

    /// Decodes what is held, as far as it goes.
    fn group(&mut self, out: &mut Buffer) -> Result<(), DecodeError> {
        if self.kind == Kind::Z85 {
            return self.group_z85(out);
        }
        let size = self.kind.bits();
        let (mut word, mut bits) = (0_u64, 0);
        for (digits, &(offset, found)) in self.held().iter().enumerate() {
            match groups::value(&self.digits.values, found) {
                PAD => {
                    self.padding(digits, word)?;
                    self.ended = self.policy.after_padding != AfterPadding::Restart;
                    return Ok(());
                }
                JUNK => return Err(self.not_in_alphabet(offset, found)),
                value => {
                    word = word << size | u64::from(value);
                    bits += size;
                }
            }
            if bits >= 8 {
                bits -= 8;
                let [byte, ..] = (word >> bits).to_le_bytes();
                word &= (1 << bits) - 1;
                out.push(if self.kind == (Kind::One { reversed: true }) {
                    byte.reverse_bits()
                } else {
                    byte
                });
            }
        }
        Ok(())
    }

    /// Tests the padding that follows after so many digits, and the bits that they leave.
    fn padding(&self, digits: usize, loose: u64) -> Result<(), DecodeError> {
        let (text, padding) = self.held().split_at(digits);
        let first = padding.first().map_or(self.offset, |&(at, _)| at);
        if !self.kind.may_end_after(digits) {
            return Err(DecodeError {
                offset: first,
                fault: Fault::EarlyPadding { alphabet: self.alphabet },
            });
        }
        self.loose_bits(text.last(), loose)?;
        match padding.iter().find(|&&(_, byte)| !self.is(PAD, byte)) {
            Some(&(offset, found)) => Err(DecodeError { offset, fault: Fault::BrokenPadding { found } }),
            None => Ok(()),
        }
    }

    fn loose_bits(&self, last: Option<&(usize, u8)>, loose: u64) -> Result<(), DecodeError> {
        match last {
            Some(&(offset, found)) if loose != 0 && self.policy.trailing_bits == TrailingBits::Reject => {
                Err(DecodeError { offset, fault: Fault::LooseBits { found } })
            }
            _ => Ok(()),
        }
    }

    /// Finds what is wrong with a full group of z85, which no table could decode, or decodes it.
    fn group_z85(&self, out: &mut Buffer) -> Result<(), DecodeError> {
        if let Some(&(offset, found)) = self.held().iter().find(|&&(_, byte)| self.is(JUNK, byte)) {
            return Err(self.not_in_alphabet(offset, found));
        }
        let [(offset, a), (_, b), (_, c), (_, d), (_, e), ..] = self.held;
        if self.count == 5 {
            let mut bytes = [0; 4];
            if self.digits.decode(&[a, b, c, d, e], &mut bytes) == 0 {
                return Err(DecodeError { offset, fault: Fault::Overflow });
            }
            out.extend_from_slice(&bytes);
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Buffer) -> Result<(), DecodeError> {
        if self.kind == Kind::Base58 {
            out.extend_from_slice(&base58::decode(&core::mem::take(&mut self.number)));
            return Ok(());
        }
        let Some(&(_, last)) = self.held().last() else { return Ok(()) };
        let before = out.len();
        let group = self.group(out);
        if self.is(PAD, last) && self.kind == Kind::Five {
            // As GNU's: of a group of eight whose padding is not complete nothing is written, of one of four it is.
            out.truncate(before);
        }
        group?;
        let size = self.kind.group();
        let missing = Fault::MissingPadding { missing: size - self.count, group: size };
        if self.is(PAD, last) {
            return Err(DecodeError { offset: self.offset, fault: missing });
        }
        if !self.kind.may_end_after(self.count) {
            let needed = (self.count..size).find(|&digits| self.kind.may_end_after(digits)).unwrap_or(size);
            let fault = Fault::Incomplete { digits: self.count, needed, group: size };
            return Err(DecodeError { offset: self.offset, fault });
        }
        if self.policy.padding == Padding::Required {
            return Err(DecodeError { offset: self.offset, fault: missing });
        }
        // The bits of the last digit that are left when whole bytes are taken.
        let left = self.count * self.kind.bits() % 8;
        let value = groups::value(&self.digits.values, last);
        self.loose_bits(self.held().last(), u64::from(value) & ((1 << left) - 1))
    }

    fn push_number(&mut self, bytes: &[u8]) -> Result<(), DecodeError> {
        for (at, &byte) in bytes.iter().enumerate() {
            match groups::value(&self.digits.values, byte) {
                SKIPPED => {}
                value if value & NO_DIGIT == 0 => self.number.push(value),
                _ => return Err(self.not_in_alphabet(self.offset.saturating_add(at), byte)),
            }
        }
        self.offset = self.offset.saturating_add(bytes.len());
        Ok(())
    }

    fn held(&self) -> &[(usize, u8)] {
        self.held.get(..self.count).unwrap_or(&[])
    }

    fn is(&self, mark: u8, byte: u8) -> bool {
        groups::value(&self.digits.values, byte) == mark
    }

    const fn not_in_alphabet(&self, offset: usize, found: u8) -> DecodeError {
        let padded = matches!(self.kind, Kind::Six | Kind::Five);
        let fault = match found {
            b'=' if padded => Fault::UnwantedPadding,
            _ => Fault::NotInAlphabet { found, alphabet: self.alphabet },
        };
        DecodeError { offset, fault }
    }
}

/// What each byte is to this alphabet under this policy.
fn values(code: &Code, policy: Policy) -> [u8; 256] {
    let one_case = matches!(code.kind, Kind::Five | Kind::Four);
    let folds = match policy.case {
        Case::Exact => false,
        Case::FoldBase16 => code.kind == Kind::Four,
        Case::Fold => one_case,
    };
    let mut values = code.values;
    for (byte, place) in (0..=u8::MAX).zip(&mut values) {
        if *place & NO_DIGIT == 0 {
            continue;
        }
        let upper = groups::value(&code.values, byte.to_ascii_uppercase());
        let standard = code.kind == Kind::Six && policy.standard_digits == StandardDigits::Accept;
        *place = match (byte, policy.whitespace) {
            _ if folds && upper & NO_DIGIT == 0 => upper,
            (b'+', _) if standard => 62,
            (b'/', _) if standard => 63,
            (b'=', _) if code.padded && policy.padding != Padding::Forbidden => PAD,
            (b'\n', Whitespace::LineFeed) => SKIPPED,
            (_, Whitespace::Ascii) if byte.is_ascii_whitespace() => SKIPPED,
            _ if policy.junk == Junk::Error => JUNK,
            _ => SKIPPED,
        };
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Encoder;
    use crate::stream::whole;

    const POLICIES: [Policy; 6] = [
        Policy::GNU,
        Policy::GNU_IGNORE_GARBAGE,
        Policy::PYTHON,
        Policy::PYTHON_VALIDATE,
        Policy::STRICT,
        Policy { whitespace: Whitespace::Ascii, ..Policy::STRICT },
    ];

    /// What comes of text in such pieces.
    fn decode(alphabet: Alphabet, policy: Policy, pieces: &[&[u8]]) -> (Vec<u8>, Result<(), DecodeError>) {
        let (mut decoder, mut out) = (Decoder::new(alphabet, policy), Buffer::new());
        let done = pieces.iter().try_for_each(|piece| decoder.push(piece, &mut out));
        let done = done.and_then(|()| decoder.finish(&mut out));
        (out.into(), done)
    }

    /// Byte by byte nothing but the automaton works.
    fn compare(alphabet: Alphabet, text: &[u8]) {
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        let pieces: Vec<&[u8]> = text.chunks(1000).collect();
        for policy in POLICIES {
            let slow = decode(alphabet, policy, &bytes);
            assert_eq!(
                decode(alphabet, policy, &[text]),
                slow,
                "{alphabet} {policy:?} {:?}",
                crate::quote(text)
            );
            assert_eq!(
                decode(alphabet, policy, &pieces),
                slow,
                "{alphabet} {policy:?} {:?}",
                crate::quote(text)
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn the_fast_ways_are_the_automaton(
            which in 0..Alphabet::ALL.len(),
            bytes in prop::collection::vec(any::<u8>(), 0..2500),
            wrap in prop::option::weighted(0.8, 1_usize..130),
            strokes in prop::collection::vec((any::<prop::sample::Index>(), "\\PC|[\\n =Aa+/_!-]{0,3}", any::<bool>()), 0..6),
        ) {
            let alphabet = Alphabet::ALL[which];
            let bytes = &bytes[..bytes.len() / 4 * 4];
            let encoder = Encoder::new(alphabet, wrap.and_then(core::num::NonZeroUsize::new));
            let mut text = whole(encoder, bytes).unwrap();
            for (at, stroke, replaces) in strokes {
                let at = at.index(text.len() + 1);
                let end = if replaces { text.len().min(at + stroke.len()) } else { at };
                text.splice(at..end, stroke.bytes());
            }
            compare(alphabet, &text);
        }

        #[test]
        fn lines_of_any_lengths_are_text_like_any_other(
            which in 0..Alphabet::ALL.len(),
            lines in prop::collection::vec(0_usize..40, 0..400),
            junk in "[ \\r!\\n]?",
        ) {
            let alphabet = Alphabet::ALL[which];
            let bytes: Vec<u8> = (0..=255).cycle().take(lines.iter().sum::<usize>() / 8 * 4).collect();
            let digits = whole(Encoder::new(alphabet, None), &bytes).unwrap();
            let (mut text, mut rest) = (Vec::new(), &digits[..]);
            for line in lines {
                let (head, tail) = rest.split_at(line.min(rest.len()));
                rest = tail;
                text.extend([head, junk.as_bytes(), b"\n"].concat());
            }
            text.extend(rest);
            compare(alphabet, &text);
        }
    }

    #[test]
    fn a_fault_far_into_text_has_its_place() {
        for wrap in [None, Some(76), Some(75)] {
            let bytes = vec![0x5a; 40_000];
            let encoder = Encoder::new(Alphabet::Base64, wrap.and_then(core::num::NonZeroUsize::new));
            let text = whole(encoder, &bytes).unwrap();
            for at in [0, 1, 75, 76, 77, 8191, 8192, 8193, 20_000, 53_000] {
                let mut text = text.clone();
                text[at] = b'!';
                let (out, done) = decode(Alphabet::Base64, Policy::GNU, &[&text]);
                assert_eq!(done.unwrap_err().offset, at);
                assert_eq!(out, bytes[..out.len()]);
                let before = text[..at].iter().filter(|&&byte| byte != b'\n').count();
                assert!(
                    (before * 3 / 4..=before * 3 / 4 + 1).contains(&out.len()),
                    "{} of {before}",
                    out.len()
                );
            }
        }
    }
}
