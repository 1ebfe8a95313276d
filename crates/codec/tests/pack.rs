//! `pack` against Python's `struct`: random formats and values, both ways, errors included.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use jackfield_codec::hex;
use jackfield_codec::pack::{Format, Value};
use oracle::{Random, ask_python};

/// Each line is a question: the format in hex, and values to pack or, after `=`, bytes to unpack.
/// The answer is `E` for an error, else the size, the bytes packed and the values unpacked; `?` for a bug of
/// Python's own (`SystemError`, on `0p` before 3.13).
const PROGRAM: &str = r#"
import struct, sys

def number(text):
    return struct.unpack('>d', bytes.fromhex(text))[0]

def value(text):
    kind, text = text[0], text[1:]
    if kind == 'i': return int(text)
    if kind == 't': return text == '1'
    if kind == 'f': return number(text)
    if kind == 'j': return complex(number(text[:16]), number(text[16:]))
    return bytes.fromhex(text)

for line in sys.stdin:
    form, *words = line.rstrip('\n').split(' ')
    try:
        form = bytes.fromhex(form).decode()
        if words[0] == '=':
            data = bytes.fromhex(words[1])
        else:
            data = struct.pack(form, *map(value, words[1:]))
        values = struct.unpack(form, data)
        print(struct.calcsize(form), data.hex() + '.', *map(repr, values), sep='\t')
    except SystemError:
        print('?')
    except (struct.error, OverflowError, UnicodeError, ValueError):
        print('E')
"#;

const LETTERS: &[u8] = b"xcbB?hHiIlLqQnNefdspP";

/// A format, and the codes of its values with the size of each.
fn random_format(random: &mut Random) -> (String, Vec<(u8, usize)>) {
    let prefix = random.pick(&["", "@", "=", "<", ">", "!"]);
    let standard = matches!(prefix, "=" | "<" | ">" | "!");
    let mut text = String::from(prefix);
    let mut codes = Vec::new();
    for _ in 0..random.below(7) {
        let letter = random.pick(LETTERS);
        if standard && b"nNP".contains(&letter) && !random.once_in(20) {
            continue;
        }
        let count =
            random.once_in(2).then(|| if random.once_in(30) { random.below(400) } else { random.below(5) });
        text.extend(
            count.map(|count| if random.once_in(10) { format!("{count:03}") } else { count.to_string() }),
        );
        text.push(char::from(letter));
        match letter {
            b'x' => {}
            b's' | b'p' => codes.push((letter, count.unwrap_or(1))),
            _ => codes.extend((0..count.unwrap_or(1)).map(|_| (letter, 1))),
        }
        if random.once_in(4) {
            text.push_str(random.pick(&[" ", "\t", "  ", "\n", "\r", "\x0b", "\x0c"]));
        }
    }
    if random.once_in(15) {
        // Something that may be wrong, somewhere.
        let at = random.below(text.len() + 1);
        text.insert_str(
            at,
            random.pick(&["<", "@", " ", "3", "K", "\0", "é", "0", "n", "4 ", "99999999999999999999"]),
        );
        if text.len() > 30 && random.once_in(2) {
            text.truncate(at);
        }
    }
    (text, codes)
}

fn random_float(random: &mut Random, letter: u8) -> f64 {
    let special = [
        0.0,
        -0.0,
        1.0,
        0.1,
        1e15,
        1e16,
        1e-4,
        1e-5,
        123456789.0,
        65504.0,
        65519.99999999999,
        65520.0,
        -65536.0,
        3.4028234663852886e38,
        3.4028235677973362e38,
        3.4028235677973366e38,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        -f64::NAN,
    ];
    let sign = random.pick(&[1.0, -1.0]);
    match random.below(8) {
        0 => random.pick(&special),
        1 => {
            let any = f64::from_bits(random.next());
            // What becomes of a NaN's payload is not the same in every version.
            if any.is_nan() { f64::NAN } else { any }
        }
        2 => f64::from(u32::try_from(random.below(1 << 20)).unwrap()) / 16.0 * sign,
        // Near, or at, the middle between two small floats.
        3 | 4 => {
            let steps = f64::from(u32::try_from(random.below(1 << 13)).unwrap()) / 2.0;
            let ulp = if letter == b'e' { 2f64.powi(-24) } else { 2f64.powi(-149) };
            steps * ulp * random.pick(&[1.0, 1.0 + f64::EPSILON, 1.0 - f64::EPSILON]) * sign
        }
        // Any magnitude that suits the code.
        _ => {
            let exponents = match letter {
                b'e' => 44,
                b'f' => 290,
                _ => 2000,
            };
            let exponent =
                i32::try_from(random.below(exponents)).unwrap() - i32::try_from(exponents / 2).unwrap();
            // Beneath a power of two the floats are closer together than above it.
            let fraction = if random.once_in(8) { 0 } else { random.below(1 << 26) };
            (1.0 + f64::from(u32::try_from(fraction).unwrap()) / f64::from(1 << 26))
                * 2f64.powi(exponent)
                * sign
        }
    }
}

fn random_value(random: &mut Random, letter: u8, size: usize) -> Value {
    // Now and then a value of another code.
    let letter = if random.once_in(25) { random.pick(LETTERS) } else { letter };
    match letter {
        b'c' if random.once_in(20) => random.bytes(3, &[]).into(),
        b'c' => Value::Char(random.byte()),
        b'?' if random.once_in(3) => random.pick(&[0.0, -0.0, 0.5, f64::NAN]).into(),
        b'?' if random.once_in(3) => random.bytes(3, &[]).into(),
        b'?' => random.once_in(2).into(),
        b's' | b'p' => {
            let from = random.pick(&[&b""[..], b"ab'\"\\\n"]);
            random.bytes(size * 2 + 2, from).into()
        }
        b'e' | b'f' | b'd' => match random.below(10) {
            0 => Value::Int(i128::from(random.next()) - (1 << 63)),
            1 => random.once_in(2).into(),
            _ => random_float(random, letter).into(),
        },
        _ => match random.below(10) {
            0 => random.once_in(2).into(),
            1 if random.once_in(4) => Value::Complex { re: random_float(random, b'd'), im: 1.0 },
            // At the limits of some type.
            1..=4 => {
                let limit = 1i128 << random.pick(&[0, 7, 8, 15, 16, 31, 32, 63, 64]);
                let near = limit + i128::try_from(random.below(3)).unwrap() - 1;
                Value::Int(if random.once_in(2) { near } else { -near })
            }
            5 => Value::Int(i128::from(random.next()) - (1 << 62)),
            6 => Value::Int(i128::try_from(random.below(1 << 16)).unwrap()),
            _ => Value::Int(i128::try_from(random.below(128)).unwrap()),
        },
    }
}

fn bits(number: f64) -> String {
    hex::encode(&number.to_be_bytes())
}

/// A value as the program reads it.
fn word(value: &Value) -> String {
    match value {
        Value::Int(number) => format!(" i{number}"),
        Value::Float(number) => format!(" f{}", bits(*number)),
        Value::Bool(truth) => format!(" t{}", u8::from(*truth)),
        Value::Bytes(bytes) => format!(" b{}", hex::encode(bytes)),
        Value::Char(byte) => format!(" b{}", hex::encode(&[*byte])),
        Value::Complex { re, im } => format!(" j{}{}", bits(*re), bits(*im)),
    }
}

/// What we answer to the same question.
fn answer(format: &Format, packed: Option<Vec<u8>>) -> Option<String> {
    let packed = packed?;
    let values = format.unpack(&packed).ok()?;
    let mut words = vec![format.size().to_string(), hex::encode(&packed) + "."];
    words.extend(values.iter().map(Value::to_string));
    Some(words.join("\t"))
}

fn compare(questions: &[String], ours: &[Option<String>]) {
    let Some(theirs) = ask_python(PROGRAM, questions) else { return };
    let mut done = 0;
    for ((question, ours), theirs) in questions.iter().zip(ours).zip(&theirs) {
        if theirs != "?" {
            let format = question.split(' ').next().unwrap();
            let format = String::from_utf8(hex::decode(format.as_bytes()).unwrap()).unwrap();
            let ours = ours.as_deref().unwrap_or("E");
            let differs = ours.split('\t').zip(theirs.split('\t')).find(|(ours, theirs)| ours != theirs);
            assert!(ours == theirs, "format {format:?}, question {question}, first difference {differs:?}");
            done += usize::from(theirs != "E");
        }
    }
    // Else nothing but errors would have been compared.
    assert!(done * 10 > questions.len() * 3, "{done} of {} were no errors", questions.len());
}

#[test]
fn what_is_packed_is_what_python_packs() {
    let mut random = Random(0x7061_636b);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..20_000 {
        let (text, codes) = random_format(&mut random);
        let mut values: Vec<Value> =
            codes.iter().map(|&(letter, size)| random_value(&mut random, letter, size)).collect();
        if random.once_in(40) {
            values.pop();
        } else if random.once_in(40) {
            values.push(1.into());
        }
        let words: String = values.iter().map(word).collect();
        questions.push(format!("{} :{words}", hex::encode(text.as_bytes())));
        let format = Format::parse(&text);
        ours.push(format.ok().and_then(|format| answer(&format, format.pack(&values).ok())));
    }
    compare(&questions, &ours);
}

#[test]
fn what_is_unpacked_is_what_python_unpacks() {
    let mut random = Random(0x756e_7061_636b);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..20_000 {
        let (text, _) = random_format(&mut random);
        let format = Format::parse(&text).ok();
        let mut length = format.as_ref().map_or(4, Format::size);
        if random.once_in(20) {
            length = (length + 1).saturating_sub(random.below(3));
        }
        let from = random.pick(&[&b""[..], b"\0", b"\xff", b"\0\x01\x7f\x80\xff", b"ab'\"\\"]);
        let bytes: Vec<u8> = (0..length.min(4000))
            .map(|_| if from.is_empty() { random.byte() } else { random.pick(from) })
            .collect();
        questions.push(format!("{} = {}", hex::encode(text.as_bytes()), hex::encode(&bytes)));
        ours.push(format.and_then(|format| answer(&format, Some(bytes))));
    }
    compare(&questions, &ours);
}

#[test]
fn records_and_places_are_those_of_python() {
    const PROGRAM: &str = r#"
import struct, sys
for line in sys.stdin:
    form, offset, data = line.rstrip('\n').split(' ')
    data, offset = bytearray.fromhex(data), int(offset)
    said = []
    try: said.append(repr(list(struct.iter_unpack(form, data))))
    except struct.error: said.append('E')
    try:
        values = struct.unpack_from(form, data, offset)
        struct.pack_into(form, data, 1, *values)
        said += [repr(values), data.hex()]
    except struct.error: said.append('E')
    print('\t'.join(said))
"#;
    let mut random = Random(0x6974_6572);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..2_000 {
        let text = random.pick(&["<H", "BH", "!3xB", ">2s?", "x", "<b", "0s", "", "q", "@Bi0q", "!4s"]);
        let mut data = random.bytes(25, &[]);
        let offset = random.below(12);
        questions.push(format!("{text} {offset} {}", hex::encode(&data)));

        let tuple = |values: &[Value]| match values {
            [value] => format!("({value},)"),
            _ => format!("({})", values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")),
        };
        let format = Format::parse(text).unwrap();
        let records = format.iter_unpack(&data).ok().map(|records| {
            format!("[{}]", records.map(|values| tuple(&values)).collect::<Vec<_>>().join(", "))
        });
        let place = format.unpack_from(&data, offset).ok().and_then(|values| {
            format.pack_into(&mut data, 1, &values).ok()?;
            Some(format!("{}\t{}", tuple(&values), hex::encode(&data)))
        });
        let error = || "E".to_owned();
        ours.push(format!("{}\t{}", records.unwrap_or_else(error), place.unwrap_or_else(error)));
    }
    let Some(theirs) = ask_python(PROGRAM, &questions) else { return };
    for ((question, ours), theirs) in questions.iter().zip(&ours).zip(&theirs) {
        assert_eq!(ours, theirs, "{question}");
    }
    assert!(theirs.iter().any(|theirs| !theirs.contains('E')));
}

#[test]
fn complex_numbers_print_as_in_python_and_are_read_as_it_reads_them() {
    const PROGRAM: &str = r#"
import struct, sys
for line in sys.stdin:
    try: re, im = (struct.unpack('>d', bytes.fromhex(part))[0] for part in line.split())
    except struct.error: continue
    printed = repr(complex(re, im))
    assert repr(complex(printed)) == printed
    print(printed)
"#;
    let mut random = Random(0x636f_6d70);
    let numbers: Vec<(f64, f64)> =
        (0..2_000).map(|_| (random_float(&mut random, b'd'), random_float(&mut random, b'f'))).collect();
    let questions: Vec<String> =
        numbers.iter().map(|&(re, im)| format!("{} {}", bits(re), bits(im))).collect();
    let Some(theirs) = ask_python(PROGRAM, &questions) else { return };
    for (&(re, im), theirs) in numbers.iter().zip(&theirs) {
        assert_eq!(&Value::Complex { re, im }.to_string(), theirs);
        assert_eq!(&Value::parse(theirs.as_ref()).unwrap().to_string(), theirs);
    }
}

#[test]
fn complex_codes_are_those_of_python_where_it_has_them() {
    const PROGRAM: &str = r#"
import struct, sys
for line in sys.stdin:
    form, re, im = line.split()
    if sys.version_info < (3, 14):
        print('old')
        continue
    try:
        data = struct.pack(form, complex(float(re), float(im)))
        print(data.hex(), struct.unpack(form, data)[0])
    except OverflowError:
        print('E')
"#;
    let mut random = Random(0x4644);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..1_000 {
        let text = random.pick(&["<F", ">F", "=F", "@F", "bF", "<D", ">D", "D"]).replace('b', "x");
        let (re, im) = (random_float(&mut random, b'f'), random_float(&mut random, b'f'));
        questions.push(format!("{text} {re:e} {im:e}"));
        let format = Format::parse(&text).unwrap();
        ours.push(
            format
                .pack(&[Value::Complex { re, im }])
                .ok()
                .map(|bytes| format!("{} {}", hex::encode(&bytes), format.unpack(&bytes).unwrap()[0])),
        );
    }
    let Some(theirs) = ask_python(PROGRAM, &questions) else { return };
    for ((question, ours), theirs) in questions.iter().zip(&ours).zip(&theirs) {
        assert!(
            theirs == "old" || ours.as_deref().unwrap_or("E") == theirs,
            "{question}: {ours:?}, {theirs}"
        );
    }
}
