//! Domain names in the wire form of RFC 1035, section 4.1.4: labels, and pointers back into the message.

/// How many bytes of labels a name may have, with their lengths.
const LONGEST: usize = 255;

/// Goes through the labels of a name that begins at an offset of its message.
///
/// A pointer must lead back, to before the place it was reached from: so a name always ends, and costs no more than its length.
#[derive(Clone, Debug)]
pub struct Labels<'a> {
    message: &'a [u8],
    at: usize,
    /// Where the run of labels that is being read begins: pointers must lead to before it.
    run: usize,
    left: usize,
    is_broken: bool,
}

impl<'a> Labels<'a> {
    /// Begins with the first.
    #[must_use]
    pub const fn new(message: &'a [u8], at: usize) -> Self {
        Self { message, at, run: at, left: LONGEST, is_broken: false }
    }

    /// Tells whether the labels ended for another reason than the end of the name.
    #[must_use]
    pub const fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Returns the message, and where in it what is left of the name begins.
    #[must_use]
    pub const fn place(&self) -> (&'a [u8], usize) {
        (self.message, self.at)
    }

    fn broken(&mut self) -> Option<&'a [u8]> {
        self.is_broken = true;
        None
    }
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let Some(first) = self.message.get(self.at).copied() else { return self.broken() };
            match first {
                0 => return None,
                len @ 1..=63 => {
                    let len = usize::from(len);
                    let label = self.message.get(self.at + 1..self.at + 1 + len);
                    let Some((label, left)) = label.zip(self.left.checked_sub(len + 1)) else {
                        return self.broken();
                    };
                    self.at += 1 + len;
                    self.left = left;
                    return Some(label);
                }
                0xc0.. => {
                    let Some(low) = self.message.get(self.at + 1) else { return self.broken() };
                    let to = usize::from(first & 0x3f) << 8 | usize::from(*low);
                    if to >= self.run {
                        return self.broken();
                    }
                    (self.at, self.run) = (to, to);
                }
                _ => return self.broken(),
            }
        }
    }
}

/// Returns how many bytes of a name stand here: up to its end or its pointer; `None` when it has no end.
#[must_use]
pub fn len(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            len @ 1..=63 => at += 1 + usize::from(len),
            0xc0.. => return bytes.get(at + 1).map(|_| at + 2),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels_follow_pointers_back() {
        let message = b"\x03com\x00\x07example\xc0\x00\x03www\xc0\x05";
        let labels: Vec<_> = Labels::new(message, 15).collect();
        assert_eq!(labels, [&b"www"[..], b"example", b"com"]);
        assert_eq!(len(&message[15..]), Some(6));
    }

    #[test]
    fn pointers_that_lead_nowhere_end_the_name() {
        for message in [&b"\xc0\x00"[..], b"\x01a\xc0\x02", b"\x01a\xc0", b"\x01a", b"\x05ab", b"\x40"] {
            let mut labels = Labels::new(message, 0);
            let _ = labels.by_ref().count();
            assert!(labels.is_broken(), "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn every_name_ends(message in proptest::collection::vec(prop_oneof![Just(0xc0_u8), Just(0), any::<u8>(), 0u8..8], 0..300), at in 0usize..300) {
            prop_assert!(Labels::new(&message, at).map(|label| label.len() + 1).sum::<usize>() <= LONGEST);
        }
    }
}
