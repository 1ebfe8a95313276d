use std::ffi::OsStr;

use proptest::prelude::*;

use super::*;

fn format(text: &str) -> Format {
    Format::parse(text).unwrap()
}

fn pack(text: &str, values: &[Value]) -> Vec<u8> {
    format(text).pack(values).unwrap()
}

fn pack_error(text: &str, values: &[Value]) -> String {
    format(text).pack(values).unwrap_err().to_string()
}

fn format_error(text: &str) -> String {
    Format::parse(text).unwrap_err().to_string()
}

fn float(text: &str, bytes: &[u8]) -> f64 {
    match format(text).unpack(bytes).unwrap()[..] {
        [Value::Float(number)] => number,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn the_table_has_every_code_once() {
    let letters: String = CODES.iter().map(|code| code.letter).collect();
    assert_eq!(letters, "xcbB?hHiIlLqQnNefdFDspP");
    for code in CODES {
        assert!(code.native_size % code.native_align == 0 && code.native_align <= 8, "{code:?}");
    }
}

#[test]
fn byte_order_is_that_of_the_prefix() {
    assert_eq!(pack("<I", &[0x0102_0304.into()]), [4, 3, 2, 1]);
    assert_eq!(pack(">I", &[0x0102_0304.into()]), [1, 2, 3, 4]);
    assert_eq!(pack("!I", &[0x0102_0304.into()]), [1, 2, 3, 4]);
    for native in ["I", "@I", "=I"] {
        assert_eq!(pack(native, &[0x0102_0304.into()]), 0x0102_0304_u32.to_ne_bytes());
    }
    assert_eq!(format("<i").unpack(&[0xfe, 0xff, 0xff, 0xff]), Ok(vec![(-2).into()]));
    assert_eq!(format(">i").unpack(&[0xff, 0xff, 0xff, 0xfe]), Ok(vec![(-2).into()]));
}

#[test]
fn native_values_are_aligned_and_standard_ones_are_not() {
    assert_eq!(format("BH").size(), 4);
    assert_eq!(format("=BH").size(), 3);
    assert_eq!(format("BHBIB").size(), 13);
    assert_eq!(format("xd").size(), 8 + align_of::<f64>());
    assert_eq!(format("dB0d").size(), 8 + align_of::<f64>());
    assert_eq!(format("=dB0d").size(), 9);
    assert_eq!(format("BF").size(), 12);
    assert_eq!(pack("BH", &[1.into(), 0x0202.into()]), [1, 0, 2, 2]);
    // What stands in the gap is no matter.
    assert_eq!(format("BH").unpack(&[1, 9, 2, 2]), Ok(vec![1.into(), 0x0202.into()]));
}

#[test]
fn counts_repeat_numbers_and_measure_bytes() {
    assert_eq!(format("3H2x0I 4s 0s 1p").values(), 6);
    assert_eq!(pack("!2H", &[1.into(), 2.into()]), [0, 1, 0, 2]);
    assert_eq!(pack("4s2x", &[b"ab".into()]), b"ab\0\0\0\0");
    assert_eq!(pack("2s0s", &[b"abc".into(), b"x".into()]), b"ab");
    assert_eq!(format("2s0s").unpack(b"ab"), Ok(vec![b"ab".into(), b"".into()]));
    assert_eq!(pack("5p2p", &[b"ab".into(), b"abc".into()]), b"\x02ab\0\0\x01a");
    assert_eq!(format("5p2p").unpack(b"\x02abcd\xffa"), Ok(vec![b"ab".into(), b"a".into()]));
    assert_eq!(pack("1p0p", &[b"ab".into(), b"".into()]), b"\0");
    assert_eq!(format("1p0p").unpack(b"\x05"), Ok(vec![b"".into(), b"".into()]));
    let long = pack("300p", &[vec![b'x'; 280].into()]);
    assert_eq!((long[0], long[280], long[281]), (255, b'x', 0));
    assert_eq!(pack("2c", &[Value::Char(b'a'), b"b".into()]), b"ab");
}

#[test]
fn white_space_stands_between_codes() {
    assert_eq!(format("<\tH \n\r\x0b\x0cH ").size(), 4);
    assert_eq!(format("").size(), 0);
    assert_eq!(format("!").unpack(b""), Ok(vec![]));
}

#[test]
fn format_errors_say_where_and_what_was_expected() {
    assert_eq!(
        format_error("!HH4"),
        "column 5: expected a format code after the count, found the end; counts stand before codes, as in 4H"
    );
    assert_eq!(
        format_error("4 H"),
        "column 2: expected a format code after the count, found white space; put it before the count"
    );
    assert_eq!(
        format_error("H!H"),
        "column 2: expected '!' only at the beginning of the format, found it elsewhere"
    );
    assert_eq!(
        format_error("<n"),
        "column 2: 'n' has no standard size; use it with '@' or no prefix, or write q for 8 bytes"
    );
    assert!(format_error("=P").contains("write Q for"));
    assert_eq!(format_error("é"), "column 1: unknown format code 'é'; the codes are xcbB?hHiIlLqQnNefdFDspP");
    assert!(format_error("H\x1b").starts_with(r"column 2: unknown format code '\x1b'"));
    for long in
        ["9223372036854775808x", "9223372036854775807s x", "4611686018427387904h", "99999999999999999999x"]
    {
        assert!(
            format_error(long).contains("expected a format of at most 9223372036854775807 bytes"),
            "{long}"
        );
    }
}

#[test]
fn a_format_longer_than_memory_is_no_more_than_an_error() {
    let long = format("9223372036854775807x");
    assert_eq!(long.size(), isize::MAX.unsigned_abs());
    assert!(long.pack(&[]).unwrap_err().to_string().contains("at most 1073741824 bytes"));
    assert_eq!(
        long.unpack(b"").unwrap_err().to_string(),
        "the format needs 9223372036854775807 bytes, have 0"
    );
    assert!(long.unpack_from(b"", usize::MAX).is_err());
    assert!(format("4611686018427387903H").pack(&[]).is_err());
}

#[test]
fn pack_errors_say_which_value_and_what_its_code_takes() {
    assert_eq!(pack_error("HH", &[80.into()]), "the format takes 2 values, found 1");
    assert_eq!(pack_error("H", &[80.into(), 1.into()]), "the format takes 1 value, found 2");
    assert_eq!(
        pack_error("!B2H", &[1.into(), 2.into(), (-1).into()]),
        "value 3, for 'H' at column 4: expected an integer from 0 to 65535, found -1"
    );
    assert_eq!(
        pack_error("b", &[1.5.into()]),
        "value 1, for 'b' at column 1: expected an integer from -128 to 127, found 1.5"
    );
    assert_eq!(
        pack_error("f", &[b"1".into()]),
        "value 1, for 'f' at column 1: expected a number, found b'1'"
    );
    assert_eq!(
        pack_error("<e", &[65_520.into()]),
        "value 1, for 'e' at column 2: expected a number from -65504 to 65504, found 65520"
    );
    assert!(
        pack_error("<f", &[1e39.into()]).contains("from -3.4028234663852886e+38 to 3.4028234663852886e+38")
    );
    assert_eq!(
        pack_error("c", &[b"ab".into()]),
        "value 1, for 'c' at column 1: expected one byte, as in text:a or hex:00, found b'ab'"
    );
    assert_eq!(
        pack_error("0s4s", &[vec![0; 100].into(), 7.into()]),
        "value 2, for 's' at column 4: expected bytes, as in text:ab or hex:00ff, found 7"
    );
    assert!(
        pack_error("d", &[vec![b'a'; 100].into()]).ends_with("found b'aaaaaaaaaaaaaaaaaaaa'… (100 bytes)")
    );
    assert!(pack_error("F", &[b"".into()]).contains("such as 1.5 or 1+2j"));
}

#[test]
fn conversions_are_those_of_python() {
    assert_eq!(pack("4?", &[0.into(), 0.5.into(), b"".into(), Value::Char(0)]), [0, 1, 0, 1]);
    assert_eq!(format("2?").unpack(&[0, 2]), Ok(vec![false.into(), true.into()]));
    assert_eq!(pack("!Hf", &[true.into(), true.into()])[..2], [0, 1]);
    // A pointer may be negative.
    assert_eq!(pack("P", &[(-1).into()]), pack("P", &[u64::MAX.into()]));
    assert!(format("P").pack(&[Value::Int(1 << 64)]).is_err());
    assert!(format("P").pack(&[Value::Int(-(1 << 63) - 1)]).is_err());
    // In C's own float a number that is too large is infinite.
    assert_eq!(pack("f", &[1e39.into()]), f32::INFINITY.to_ne_bytes());
    // Rounded once: 2^53 + 1 lies between two floats.
    assert_eq!(pack(">d", &[Value::Int((1 << 53) + 1)]), 9_007_199_254_740_992f64.to_be_bytes());
}

#[test]
fn complex_numbers_are_two_floats() {
    let one_two = [Value::Complex { re: 1.0, im: -2.0 }];
    assert_eq!(pack(">F", &one_two), [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]);
    assert_eq!(pack("<D", &one_two), [1f64.to_le_bytes(), (-2f64).to_le_bytes()].concat());
    assert_eq!(pack(">F", &[3.into()]), [0x40, 0x40, 0, 0, 0, 0, 0, 0]);
    assert_eq!(format("<D").unpack(&pack("<D", &one_two)), Ok(one_two.to_vec()));
    assert!(format("<F").pack(&[Value::Complex { re: 0.0, im: 1e39 }]).is_err());
}

#[test]
fn half_floats_round_to_even() {
    let half = |number: f64| format(">e").pack(&[number.into()]).ok().map(|bytes| (bytes[0], bytes[1]));
    let power = |exponent| 2f64.powi(exponent);
    assert_eq!(half(1.0), Some((0x3c, 0)));
    assert_eq!(half(-0.0), Some((0x80, 0)));
    assert_eq!(half(65504.0), Some((0x7b, 0xff)));
    assert_eq!(half(65519.99), Some((0x7b, 0xff)));
    assert_eq!(half(65520.0), None);
    assert_eq!(half(f64::MAX), None);
    assert_eq!(half(f64::NEG_INFINITY), Some((0xfc, 0)));
    assert_eq!(half(power(-14)), Some((4, 0)));
    assert_eq!(half(power(-24)), Some((0, 1)));
    // A tie goes to the even neighbour, which is zero here, and two there.
    assert_eq!(half(power(-25)), Some((0, 0)));
    assert_eq!(half(power(-25) * (1.0 + f64::EPSILON)), Some((0, 1)));
    assert_eq!(half(power(-24) * 1.5), Some((0, 2)));
    assert_eq!(half(f64::MIN_POSITIVE / 4.0), Some((0, 0)));
    // The carry makes the least normal number, and the next power of two.
    assert_eq!(half(power(-14) - power(-26)), Some((4, 0)));
    assert_eq!(half(2.0 - power(-12)), Some((0x40, 0)));
    // 1 + 2^-11 is a tie; one more bit, too far down for 32 bits, is not.
    assert_eq!(half(1.0 + power(-11)), Some((0x3c, 0)));
    assert_eq!(half(1.0 + power(-11) + power(-40)), Some((0x3c, 1)));
}

#[test]
fn every_half_float_comes_back() {
    for bits in 0..=u16::MAX {
        let bytes = bits.to_be_bytes();
        assert_eq!(pack(">e", &[float(">e", &bytes).into()]), bytes, "{bits:#06x}");
    }
    assert_eq!(float(">e", &[0, 1]), 2f64.powi(-24));
    assert_eq!(float(">e", &[0x35, 0x55]), 0.333_251_953_125);
}

#[test]
fn a_nan_keeps_its_payload_where_there_is_room() {
    // Signalling, with a payload in the lowest bits.
    assert_eq!(pack("<f", &[float("<f", &[1, 0, 0x80, 0x7f]).into()]), [1, 0, 0x80, 0x7f]);
    let low = f64::from_bits(0xfff0_0000_0000_0001);
    assert_eq!(pack(">f", &[low.into()]), [0xff, 0xc0, 0, 0]);
    assert_eq!(pack(">e", &[low.into()]), [0xfe, 0]);
    assert_eq!(pack(">e", &[f64::NAN.into()]), [0x7e, 0]);
}

#[test]
fn a_place_in_a_buffer() {
    let pair = format("!HB");
    let mut buffer = *b"......";
    pair.pack_into(&mut buffer, 2, &[0x4142.into(), 0x43.into()]).unwrap();
    assert_eq!(&buffer, b"..ABC.");
    assert_eq!(pair.unpack_from(&buffer, 2), Ok(vec![0x4142.into(), 0x43.into()]));
    assert_eq!(
        pair.pack_into(&mut buffer, 4, &[1.into(), 2.into()]).unwrap_err().to_string(),
        "need room for 3 bytes at offset 4, have a buffer of 6"
    );
    assert!(pair.pack_into(&mut buffer, 0, &[1.into(), 256.into()]).is_err());
    assert_eq!(&buffer, b"..ABC.");
    assert_eq!(
        pair.unpack_from(&buffer, 4).unwrap_err().to_string(),
        "the format needs 3 bytes at offset 4, have a buffer of 6"
    );
    assert_eq!(pair.unpack(b"ABCD").unwrap_err().to_string(), "the format needs 3 bytes, have 4");
}

#[test]
fn records_have_an_end() {
    assert_eq!(
        format("<H").iter_unpack(b"abc").unwrap_err().to_string(),
        "the format needs a multiple of 2 bytes, have 3, which is 1 too many"
    );
    assert_eq!(
        format("0s").iter_unpack(b"").unwrap_err().to_string(),
        "the format has no bytes, so there is no end to its records"
    );
    assert_eq!(format("<H").iter_unpack(&[0; 6]).unwrap().len(), 3);
}

#[test]
fn values_print_as_in_python() {
    for (value, printed) in [
        (Value::Int(-80), "-80"),
        (true.into(), "True"),
        (1.0.into(), "1.0"),
        ((-0.0).into(), "-0.0"),
        (1e15.into(), "1000000000000000.0"),
        (1e16.into(), "1e+16"),
        (1.5e16.into(), "1.5e+16"),
        (0.0001.into(), "0.0001"),
        (0.00001.into(), "1e-05"),
        (5e-324.into(), "5e-324"),
        (f64::INFINITY.into(), "inf"),
        ((-f64::NAN).into(), "nan"),
        (b"a\\b\t\n\r\0\xff".into(), r"b'a\\b\t\n\r\x00\xff'"),
        (b"it's".into(), r#"b"it's""#),
        (b"'\"".into(), r#"b'\'"'"#),
        (Value::Char(b'"'), r#"b'"'"#),
        (Value::Complex { re: 1.0, im: 2.5 }, "(1+2.5j)"),
        (Value::Complex { re: 0.0, im: -1.0 }, "-1j"),
        (Value::Complex { re: -0.0, im: 0.0 }, "(-0+0j)"),
        (Value::Complex { re: f64::NAN, im: f64::NAN }, "(nan+nanj)"),
        (Value::Complex { re: 1e20, im: f64::NEG_INFINITY }, "(1e+20-infj)"),
    ] {
        assert_eq!(value.to_string(), printed);
    }
}

fn parse(text: &str) -> Value {
    Value::parse(OsStr::new(text)).unwrap()
}

fn parse_error(text: &str) -> String {
    Value::parse(OsStr::new(text)).unwrap_err().to_string()
}

#[test]
fn values_are_typed() {
    assert_eq!(parse("80"), Value::Int(80));
    assert_eq!(parse("+010"), Value::Int(10));
    assert_eq!(parse("-0x50"), Value::Int(-80));
    assert_eq!(parse("0o17"), Value::Int(15));
    assert_eq!(parse("0b1_0"), Value::Int(2));
    assert_eq!(parse("1_000_000"), Value::Int(1_000_000));
    assert_eq!(parse("1.5"), Value::Float(1.5));
    assert_eq!(parse("-2e3"), Value::Float(-2000.0));
    assert_eq!(parse("-inf"), Value::Float(f64::NEG_INFINITY));
    assert_eq!(parse("true"), Value::Bool(true));
    assert_eq!(parse("False"), Value::Bool(false));
    assert_eq!(parse("(1e-5-2j)"), Value::Complex { re: 1e-5, im: -2.0 });
    assert_eq!(parse("-1e+5j"), Value::Complex { re: 0.0, im: -1e5 });
    assert_eq!(parse("3+j"), Value::Complex { re: 3.0, im: 1.0 });
    assert_eq!(parse("text:80"), b"80".into());
    assert_eq!(parse("hex:00ff"), b"\0\xff".into());
    assert_eq!(parse(r#"b'\x00"\''"#), b"\0\"'".into());
    assert_eq!(parse_error("80x"), "column 1: unknown data form \"80x\"; did you mean text:80x?");
    assert_eq!(
        parse_error("1e999"),
        "expected a number from -1.7976931348623157e+308 to 1.7976931348623157e+308"
    );
    assert!(parse_error(&"9".repeat(40)).starts_with("expected an integer of at most 64 bits"));
    assert_eq!(parse_error("@\x1bf"), r#"expected a value, found the file "\\x1bf""#);
    assert_eq!(
        parse_error(r"b'ab\q'"),
        r#"column 5: expected \n \r \t \0 \xNN \u{…} \\ \" or \', found 'q' after the backslash; write \\ for a backslash"#
    );
    for wrong in
        ["", "0x", "1__0", "_1", "1e_5", "b'a'b'", r"b'a\'", "b'", "(1)", "j1", "--1", "1+2", "true "]
    {
        assert!(parse_error(wrong).starts_with("column 1: "), "{wrong}");
    }
}

/// A value of any kind; a float that is not a NaN, which is equal to nothing.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i128>().prop_map(Value::Int),
        any::<f64>().prop_filter("equal", |number| !number.is_nan()).prop_map(Value::Float),
        any::<bool>().prop_map(Value::Bool),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        (-1e30..1e30, -1e-3..1e30).prop_map(|(re, im)| Value::Complex { re, im }),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_typed(value in value()) {
        prop_assert_eq!(parse(&value.to_string()), value);
    }

    #[test]
    fn any_text_is_a_format_or_has_a_place(text in "[@=<>!]?([0-9]{0,3}[xcbB?hHiIlLqQnNefdFDspP ]|\\PC){0,8}", values: u8) {
        match Format::parse(&text) {
            // Digits that came as any characters can count to more values than memory has room for.
            Ok(format) if format.values() > 9000 => {}
            Ok(format) => {
                let values = vec![Value::Int(values.into()); format.values()];
                if let Ok(bytes) = format.pack(&values) {
                    prop_assert_eq!(bytes.len(), format.size());
                }
            }
            Err(error) => {
                prop_assert!((1..=text.len() + 1).contains(&error.column));
                prop_assert!(!error.to_string().contains(char::is_control));
            }
        }
    }

    #[test]
    fn bytes_come_back(text in "[@=<>!]?([0-9]?[cbBhHiIlLqQefdFDs ]){0,8}", seed: [u8; 32]) {
        // Every bit of these codes is of the value, and every NaN's.
        let Ok(format) = Format::parse(&text) else { return Ok(()) };
        let bytes: Vec<u8> = seed.iter().copied().cycle().take(format.size()).collect();
        let packed = format.pack(&format.unpack(&bytes).unwrap()).unwrap();
        if text.starts_with(['=', '<', '>', '!']) {
            prop_assert_eq!(&packed, &bytes);
        }
        // With gaps zeroed they come back at once.
        prop_assert_eq!(&format.pack(&format.unpack(&packed).unwrap()).unwrap(), &packed);
    }

    #[test]
    fn any_values_are_packed_or_refused(text in "[@=<>!]?[xcbB?hHiIlLqQefdFDsp]{1,4}", values in prop::collection::vec(value(), 0..5)) {
        let format = Format::parse(&text).unwrap();
        match format.pack(&values) {
            Ok(bytes) => prop_assert_eq!(format.unpack(&bytes).unwrap().len(), values.len()),
            Err(error) => prop_assert!(error.to_string().len() < 400),
        }
    }
}
