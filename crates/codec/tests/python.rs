//! `hex` and `base85` against Python's `binascii`, `bytes` and `base64`: random input, errors included.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use jackfield_codec::base85::{A85Decode, A85Encode, a85decode, a85encode, b85decode, b85encode};
use jackfield_codec::hex::{self, fromhex, hexlify, unhexlify};
use oracle::{Random, ask_python};

/// Each line is an expression over the functions of the modules and `h`, which reads hex; the answer is hex, with a
/// point, or `E` for an error.
const PROGRAM: &str = r#"
import sys
from base64 import *
from binascii import *
h = bytes.fromhex
for line in sys.stdin:
    try: print(eval(line).hex() + '.')
    except (ValueError, UnicodeError): print('E')
"#;

#[derive(Default)]
struct Comparison {
    questions: Vec<String>,
    ours: Vec<String>,
}

impl Comparison {
    fn add<E>(&mut self, question: String, ours: Result<impl AsRef<[u8]>, E>) {
        self.questions.push(question);
        self.ours.push(ours.map_or_else(|_| "E".into(), |bytes| hex::encode(bytes.as_ref()) + "."));
    }

    fn compare(self) {
        let Some(theirs) = ask_python(PROGRAM, &self.questions) else { return };
        for ((question, ours), theirs) in self.questions.iter().zip(&self.ours).zip(&theirs) {
            assert_eq!(ours, theirs, "{question}");
        }
        // Else nothing but errors would have been compared.
        assert!(theirs.iter().filter(|&theirs| theirs != "E").count() * 4 > theirs.len());
    }
}

fn quoted(bytes: &[u8]) -> String {
    format!("h('{}')", hex::encode(bytes))
}

const fn truth(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

/// A text with something in it, or something left out of it, in one of three cases.
fn damage(random: &mut Random, mut text: Vec<u8>) -> Vec<u8> {
    if random.once_in(3) {
        let at = random.below(text.len() + 1);
        match random.below(3) {
            0 => text.truncate(at),
            1 => text.insert(at, random.byte()),
            _ => text.insert(at, random.pick(b" \n\x0b\x0czyu~!<>g:")),
        }
    }
    text
}

/// Bytes in which whole groups of zeros and of spaces are likely.
fn words(random: &mut Random) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..random.below(12))
        .flat_map(|_| match random.below(5) {
            0 => [0; 4],
            1 => [b' '; 4],
            2 => [0xff; 4],
            _ => [random.byte(), random.byte(), random.byte(), random.byte()],
        })
        .collect();
    let fill = random.pick(&[0, b' ', 0xff, b'x']);
    bytes.extend((0..random.below(4)).map(|_| fill));
    bytes
}

#[test]
fn hex_is_that_of_python() {
    let mut random = Random(0x0068_6578);
    let mut comparison = Comparison::default();
    for _ in 0..4_000 {
        let bytes = random.bytes(40, &[]);
        let sep = random.byte();
        let group = isize::try_from(random.below(90)).unwrap() - 45;
        let group = if random.once_in(3) { group } else { group % 5 };
        comparison.add(
            format!("hexlify({}, {}, {group})", quoted(&bytes), quoted(&[sep])),
            Ok::<_, ()>(hexlify(&bytes, Some(sep), group)),
        );

        let text = damage(&mut random, hexlify(&bytes, None, 0));
        comparison.add(format!("unhexlify({})", quoted(&text)), unhexlify(&text));

        let text = hexlify(&bytes, Some(random.pick(b" \t\n\r\x0b\x0c  :\x1c")), group);
        let text = damage(&mut random, text);
        comparison.add(format!("h({}.decode())", quoted(&text)), fromhex(&text));
    }
    comparison.compare();
}

#[test]
fn base85_is_that_of_python() {
    let mut random = Random(0x0062_3835);
    let mut comparison = Comparison::default();
    for _ in 0..4_000 {
        let bytes = words(&mut random);
        let pad = random.once_in(2);
        comparison.add(
            format!("b85encode({}, pad={})", quoted(&bytes), truth(pad)),
            Ok::<_, ()>(b85encode(&bytes, pad)),
        );
        let text = damage(&mut random, b85encode(&bytes, pad).into_bytes());
        comparison.add(format!("b85decode({})", quoted(&text)), b85decode(&text));
        // The last digits of the alphabet, so that groups overflow.
        let text = random.bytes(12, b"0|NsC1}~{");
        comparison.add(format!("b85decode({})", quoted(&text)), b85decode(&text));
    }
    comparison.compare();
}

#[test]
fn ascii85_is_that_of_python() {
    let mut random = Random(0x0061_3835);
    let mut comparison = Comparison::default();
    for _ in 0..6_000 {
        let bytes = words(&mut random);
        let wrapcol = random.below(30) * random.below(2);
        let [foldspaces, pad, adobe] = [(); 3].map(|()| random.once_in(2));
        let how = A85Encode { foldspaces, wrapcol, pad, adobe };
        let options = format!("foldspaces={}, adobe={}", truth(foldspaces), truth(adobe));
        comparison.add(
            format!("a85encode({}, {options}, wrapcol={wrapcol}, pad={})", quoted(&bytes), truth(pad)),
            Ok::<_, ()>(a85encode(&bytes, how)),
        );

        let text = if random.once_in(3) {
            random.bytes(14, b"!s8W-\"uzy ~<>")
        } else {
            let text = a85encode(&bytes, how).into_bytes();
            damage(&mut random, text)
        };
        let read = A85Decode { foldspaces, adobe, ..A85Decode::default() };
        comparison.add(format!("a85decode({}, {options})", quoted(&text)), a85decode(&text, read));
        let ignorechars = random.bytes(4, b"\n zyu!~<>x");
        comparison.add(
            format!("a85decode({}, {options}, ignorechars={})", quoted(&text), quoted(&ignorechars)),
            a85decode(&text, A85Decode { ignorechars: &ignorechars, ..read }),
        );
    }
    comparison.compare();
}
