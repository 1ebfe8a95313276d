//! Dumps read back: every form as its tool writes it, what is wrong with a dump, and the law of the round trip.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use std::path::Path;

use jackfield_codec::array::{Array, ArrayStyle, Language};
use jackfield_codec::stream::{Transform, whole};
use jackfield_codec::undump::{Base, Fault, Form, Order, Record, Undump, UndumpError};
use jackfield_codec::{Buffer, check};
use oracle::Random;
use proptest::prelude::*;

fn read(dump: &str) -> Result<Vec<u8>, UndumpError> {
    whole(Undump::new(), dump.as_bytes())
}

fn fault(dump: &str) -> String {
    read(dump).unwrap_err().to_string()
}

/// The bytes, the form and the lines on which records begin.
fn all(dump: &str) -> (Vec<u8>, Option<Form>, Vec<Record>) {
    let mut undump = Undump::new().keep_records();
    let mut out = Buffer::new();
    undump.push(dump.as_bytes(), &mut out).unwrap();
    undump.finish(&mut out).unwrap();
    let records = undump.take_records();
    (out.into(), undump.recognised(), records)
}

#[test]
fn every_example_is_read_as_its_form() {
    for form in Form::all() {
        assert_eq!(Form::from_name(form.name()), Some(form));
        let named = whole(Undump::new().form(form), form.example().as_bytes()).unwrap();
        assert!(named.ends_with(b"Jack") || named.ends_with(b"Jack\n"), "{form}");
        let (bytes, recognised, _) = all(form.example());
        assert_eq!(bytes, named, "{form}");
        // What Scapy writes is what Wireshark writes.
        let expected = if form == Form::Scapy { Form::Wireshark } else { form };
        assert_eq!(recognised, Some(expected));
        let crlf = form.example().replace('\n', "\r\n");
        assert_eq!(read(&crlf), Ok(named), "{form}");
    }
    assert_eq!(Form::from_name("uuencode"), None);
}

#[test]
fn packets_are_records() {
    let tcpdump = "\
12:00:00.000000 IP 127.0.0.1.40000 > 127.0.0.1.7: UDP, length 4
\t0x0000:  4500 0020 0001 4000 4011 3cca 7f00 0001  E.....@.@.<.....
\t0x0010:  7f00 0001 9c40 0007 000c fe1f 4a61 636b  .....@......Jack
12:00:00.000001 IP 127.0.0.1.7 > 127.0.0.1.40000: UDP, length 1
\t0x0000:  4500 001d 0001 4000 4011 3ccd 7f00 0001  E.....@.@.<.....
\t0x0010:  7f00 0001 0007 9c40 0009 fe1c 21         .......@....!
";
    let (bytes, form, records) = all(tcpdump);
    assert_eq!((bytes.len(), form), (61, Some(Form::Tcpdump)));
    assert_eq!(records, [Record { offset: 0, line: 2 }, Record { offset: 32, line: 5 }]);
    assert_eq!(&bytes[28..32], b"Jack");

    let tshark = "\
Frame (18 bytes):
0000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f   ................
0010  20 21                                              !
Reassembled (2 bytes):
0000  41 42                                             AB

0000  7e                                                ~
";
    let (bytes, form, records) = all(tshark);
    assert_eq!((bytes.len(), form), (21, Some(Form::Wireshark)));
    assert_eq!(records.iter().map(|record| record.offset).collect::<Vec<_>>(), [0, 18, 20]);

    let lost = tcpdump.replace("\t0x0010:  7f00 0001 9c40", "\t0x0012:  7f00 0001 9c40");
    assert_eq!(
        fault(&lost),
        "line 3, column 4: expected offset 0x10, found 0x12; bytes are missing before it"
    );
    let beheaded = tcpdump.replace("\t0x0000:  4500 001d", "\t0x0020:  4500 001d");
    assert_eq!(
        fault(&beheaded),
        "line 5, column 4: expected offset 0x0, found 0x20; bytes are missing before it"
    );
}

#[test]
fn wireshark_in_its_other_manners() {
    let three = "0000   4a 61 63 6b 20 61 6e 64  20 4a 69 6c 6c 0a         Jack and Jill.\n";
    assert_eq!(read(three).unwrap(), b"Jack and Jill\n");
    let alone = "0000   4a 61 63 6b\n0004   0a\n";
    assert_eq!(read(alone).unwrap(), b"Jack\n");
}

#[test]
fn numbers_of_od_end_where_the_end_says() {
    for dump in [
        "000000 6261 0063\n000003\n",
        "0000000 6261 0063                                >abc<\n0000003\n",
        "0000000 6261 0063                              \n0000003\n",
        "000000 00636261\n000003\n",
        " 6261 0063                                >abc<\n",
    ] {
        assert_eq!(read(dump).unwrap(), b"abc", "{dump}");
    }
    let big = Undump::new().order(Order::Big).form(Form::Od);
    assert_eq!(whole(big, b"000000 6162 6300\n000003\n").unwrap(), b"abc");
    // More than filling cannot be cut away.
    assert_eq!(
        fault("000000 6261 6463\n000003\n"),
        "line 2, column 1: expected offset 0x4, found 0x3; there are more bytes before it than it says"
    );
}

#[test]
fn the_base_of_offsets_is_seen_or_told() {
    let line = |offset: &str| format!("{offset} 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41\n");
    for second in ["0000020", "0000016"] {
        let dump = line("0000000") + &line(second);
        assert_eq!(read(&dump).unwrap(), [0x41; 32]);
    }
    let squeezed = line("0000000") + "*\n0000400\n";
    assert_eq!(read(&squeezed).unwrap_err().fault, Fault::Ambiguous);
    for (base, length) in [(Base::Octal, 256), (Base::Decimal, 400)] {
        let told = Undump::new().base(base);
        assert_eq!(whole(told, squeezed.as_bytes()).unwrap().len(), length);
    }
}

#[test]
fn what_the_text_says_decides_the_order() {
    let little = "00000000: 6b63614a 00000a21                    Jack!...\n";
    assert_eq!(read(little).unwrap(), b"Jack!\n\0\0");
    assert_eq!(whole(Undump::new().order(Order::Little), b"00000000: 6b63614a\n").unwrap(), b"Jack");
    assert_eq!(read("00000000: 6b63614a\n").unwrap(), b"kcaJ");
    let ebcdic = b"00000000: c1c2                                     AB\n";
    assert!(matches!(
        whole(Undump::new(), ebcdic).unwrap_err().fault,
        Fault::Character { byte: 0xc1, found: b'A' }
    ));
    assert_eq!(whole(Undump::new().text(false), ebcdic).unwrap(), b"\xc1\xc2");
}

#[test]
fn a_text_of_blanks_is_a_text() {
    // Eight bits, or four bytes and no text.
    assert_eq!(read("00000000: 00100000   \n").unwrap(), b" ");
    assert_eq!(read("00000000: 00100000\n").unwrap(), [0, 0x10, 0, 0]);
}

#[test]
fn a_column_that_some_lines_lack_is_no_text() {
    // Words without offsets, their low byte first; the last one, of a byte, would be a text behind groups of eight bits.
    let rows = ["00000000 00000000 00000000 00000000\n", "00000000 00000000 00000000       00\n"].concat();
    let told = Undump::new().form(Form::Xxd).order(Order::Little).base(Base::Decimal).text(false);
    assert_eq!(whole(told, rows.as_bytes()).unwrap(), [0; 29]);
    let told = Undump::new().form(Form::Xxd).order(Order::Little).base(Base::Decimal).text(false);
    assert_eq!(whole(told, b"00000000: 00000000 00000000       00\n").unwrap(), [0; 9]);
}

#[test]
fn arrays_in_their_languages() {
    for text in [
        "unsigned char jack[] = {\n  0x4a, 0x61, /* a { */ 0x63, 0x6b // }\n};\nunsigned int jack_len = 4;\n",
        "unsigned char jack[5] = {\n  0x4a, 0x61, 0x63, 0x6b, 0x00\n};\nunsigned int jack_len = 4;\n",
        "0x4A, 0x61, 0x63, 0x6b,\n",
        "0b01001010, 0b01100001, 0b01100011, 0b01101011",
        "static const uint8_t jack[] = \"Jack\";",
        "[74, 97, 99, 107]",
        "b'J\\x61\\143k'",
        "jack = (\n    b\"Ja\"  # half\n    b\"ck\"\n)\n",
        "bytes([0x4a, 0x61, 0x63, 0x6b])",
        "pub const JACK: [u8; 4] = [0x4au8, 0x61, b'c', 0x6b];",
        "var jack = []byte{0x4a, 0x61, 0x63, 0x6b,}\n",
    ] {
        assert_eq!(read(text).map(|bytes| bytes.escape_ascii().to_string()), Ok("Jack".to_owned()), "{text}");
    }
    let two = "char a[] = {1, 2};\nint a_len = 2;\nchar b[] = {3};\nint b_len = 1;\n";
    let (bytes, _, records) = all(two);
    assert_eq!((&bytes[..], records.len(), records[1]), (&[1, 2, 3][..], 2, Record { offset: 2, line: 3 }));
    for (text, message) in [
        ("x = [1, 2, 256]", "line 1, column 15: expected a byte from 0 to 255, found the end"),
        ("x = [1, 2 3]", "line 1, column 12: expected a comma between two bytes, found the end"),
        ("x = [1, 2", "line 1, column 10: expected the closing bracket, found the end"),
        ("x = [1,, 2]", "line 1, column 8: expected a byte of an array, found ','"),
        ("x[] = {1, 2};\nx_len = 3;", "line 2, column 10: expected 3 bytes, as the array says, found 2"),
        ("x = b'a\n", "line 1, column 8: expected the closing quote, found 0x0a"),
        ("x = [0x4g]", "line 1, column 10: expected a byte from 0 to 255, found '0'"),
        ("x = [010]", "line 1, column 9: expected a byte from 0 to 255, found '0'"),
    ] {
        let error = whole(Undump::new().form(Form::Array), text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), message, "{text}");
    }
}

#[test]
fn plain_hex_as_people_write_it() {
    for text in [
        "4a61636b",
        "4A 61\t63\n6b\n",
        "4a:61:63:6b",
        "4a-61-63-6b",
        "0x4a 0x61 0x63 0x6b",
        "0x4a61636b",
        "\\x4a\\x61\\x63\\x6b",
        "4a61:\n636b",
        "\x1b[1m4a\x1b[0m61 636b",
        " 4a61 636b \r\n",
    ] {
        assert_eq!(read(text).unwrap(), b"Jack", "{text:?}");
    }
    assert_eq!(read("").unwrap(), b"");
    assert_eq!(read(" \n\n").unwrap(), b"");
    for (text, message) in [
        ("4a 6", "line 1, column 5: expected a second hex digit, found the end"),
        ("4a\n6 1", "line 2, column 2: expected a second hex digit, found ' '"),
        ("4a 6z", "line 1, column 5: expected a second hex digit, found 'z'"),
        ("4a::61", "line 1, column 4: expected a hex digit, found ':'"),
        ("4a:", "line 1, column 4: expected a byte behind the mark, found the end"),
        ("4a 0x", "line 1, column 6: expected two hex digits, found the end"),
        ("4a\\n", "line 1, column 4: expected an x behind the backslash, found 'n'"),
        ("410x42", "line 1, column 4: expected a second hex digit, found 'x'"),
    ] {
        assert_eq!(fault(text), message, "{text:?}");
    }
    assert_eq!(read("\x7fELF").unwrap_err().fault, Fault::Unrecognised);
}

#[test]
fn every_fault_has_its_line_and_column() {
    let good = "\
00000000: 0001 0203 0405 0607 0809 0a0b 0c0d 0e0f  ................
00000010: 1011 1213 1415 1617 1819 1a1b 1c1d 1e1f  ................
";
    assert_eq!(read(good).unwrap().len(), 32);
    for (damage, by, message) in [
        ("1213", "121", "line 2, column 19: expected a second hex digit, found ' '"),
        ("1213", "12x3", "line 2, column 18: expected a byte, or its text at the end of the line, found 'x'"),
        (
            "00000010",
            "00000020",
            "line 2, column 1: expected offset 0x10, found 0x20; bytes are missing before it",
        ),
        (
            "00000010",
            "00000008",
            "line 2, column 1: expected offset 0x10, found 0x8; there are more bytes before it than it says",
        ),
        (
            "0e0f  ......",
            "0e0f  .A....",
            "line 1, column 53: expected '.' in the text column for byte 0x01, found 'A'",
        ),
        ("00000010:", "0000010:", "line 2, column 8: expected an offset, found ':'"),
        ("00000010:", "00000010;", "line 2, column 9: expected what divides offset and bytes, found ';'"),
        ("00000010:", "junk", "line 2, column 1: expected an offset, found 'j'"),
        (
            "\n00000010:",
            "\n*\n00000010:",
            "line 3, column 1: expected '*' only between two lines with offsets, in place of whole lines",
        ),
        (
            "\n00000010:",
            "\n*\n00000028:",
            "line 3, column 1: expected '*' only between two lines with offsets, in place of whole lines",
        ),
        (
            "\n00000010:",
            "\n*\n*\n00000020:",
            "line 3, column 1: expected '*' only between two lines with offsets, in place of whole lines",
        ),
        (
            "00000000:",
            "*\n00000000:",
            "line 1, column 1: expected '*' only between two lines with offsets, in place of whole lines",
        ),
        (
            "1e1f  ................\n",
            "1e1f  ................\n*\n",
            "line 4, column 1: expected a line with an offset behind '*', found the end",
        ),
    ] {
        let dump = good.replacen(damage, by, 1);
        assert_ne!(dump, good);
        assert_eq!(
            whole(Undump::new().form(Form::Xxd), dump.as_bytes()).unwrap_err().to_string(),
            message,
            "{dump}"
        );
    }
    // What is right before the fault is there.
    let mut out = Buffer::new();
    let mut undump = Undump::new();
    let dump = good.to_owned() + "00000020: 4\n";
    assert!(undump.push(dump.as_bytes(), &mut out).and_then(|()| undump.finish(&mut out)).is_err());
    assert_eq!(out.len(), 32);
    // Colours count as columns of the file, as an editor shows them.
    let coloured = "00000000: \x1b[1;32m4a6\x1b[0m  J.\n";
    assert_eq!(
        whole(Undump::new().form(Form::Xxd), coloured.as_bytes()).unwrap_err().to_string(),
        "line 1, column 25: expected a second hex digit, found ' '"
    );
}

#[test]
fn the_end_of_hexdump_is_held_against_the_bytes() {
    let dump = "00000000  4a 61 63 6b                                       |Jack|\n";
    assert_eq!(read(&format!("{dump}00000004\n")).unwrap(), b"Jack");
    assert_eq!(
        fault(&format!("{dump}00000006\n")),
        "line 2, column 1: expected offset 0x4, found 0x6; bytes are missing before it"
    );
    assert_eq!(
        fault(&dump.replace("|Jack|", "|Jac|")),
        "line 1, column 66: expected a character for each byte and the bar behind, found the end"
    );
    assert_eq!(
        fault(&dump.replace("Jack", "Jakk")),
        "line 1, column 64: expected 'c' in the text column for byte 0x63, found 'k'"
    );
}

#[test]
fn boxes_are_checked_by_character() {
    let dump = "\
┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐
│00000000│ 4a 61 63 6b 00 0a ff 20 ┊ 4a 61 63 6b 00 0a ff 20 │Jack⋄_× ┊Jack⋄_× │
│*       │                         ┊                         │        ┊        │
│00000030│ 7c                      ┊                         │|       ┊        │
└────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘
";
    assert_eq!(read(dump).unwrap(), [b"Jack\0\n\xff ".repeat(6), b"|".to_vec()].concat());
    assert_eq!(
        fault(&dump.replacen("Jack⋄", "Jakk⋄", 1)),
        "line 2, column 65: expected 'c' in the text column for byte 0x63, found 'k'"
    );
    assert_eq!(fault(&dump.replacen("6b 00", "6b  0", 1)).split(':').next(), Some("line 2, column 25"));
    let old = dump.replace('⋄', "0");
    assert_eq!(read(&old), read(dump));
    assert!(
        fault(&old.replacen("6b 00", "6b 01", 1))
            .ends_with("expected '.' in the text column for byte 0x01, found '0'")
    );
}

#[test]
fn leniently_all_is_counted() {
    let dump = b"\
00000000: 0001 0203  ....\n\
some junk\n\
00000004: 4142 43zz  ABCD\n\
00000008: 4546 4748  EFGX\n\
00000010: 494a       IJ\n";
    let mut undump = Undump::new().lenient(true).form(Form::Xxd);
    let mut out = Buffer::new();
    undump.push(dump, &mut out).unwrap();
    undump.finish(&mut out).unwrap();
    assert_eq!(&out[..], b"\0\x01\x02\x03\0\0\0\0EFGH\0\0\0\0IJ");
    let report = *undump.report();
    assert_eq!((report.lines, report.contradictions, report.missing, report.characters), (2, 1, 8, 0));
    assert_eq!(report.first.map(|first| (first.line, first.column)), Some((2, 1)));

    let mut undump = Undump::new().lenient(true).form(Form::Plain);
    let mut out = Buffer::new();
    undump.push(b"4a 6? 63 zz 6b", &mut out).unwrap();
    undump.finish(&mut out).unwrap();
    assert_eq!((&out[..], undump.report().characters), (&b"Jck"[..], 3));
}

#[test]
fn gaps_are_limited_and_come_in_pieces() {
    let line =
        |offset: &str| format!("{offset}: 0000 0000 0000 0000 0000 0000 0000 0000  ................\n");
    let dump = line("00000000") + "*\n" + &line("80000000");
    assert_eq!(read(&dump).unwrap_err().fault, Fault::Gap { bytes: 0x7fff_fff0, limit: 1 << 30 });
    let mut undump = Undump::new().limit(u64::MAX);
    let (mut out, mut total, mut rest) = (Buffer::new(), 0, dump.as_bytes());
    while !rest.is_empty() {
        rest = &rest[undump.take(rest, &mut out).unwrap()..];
        assert!(out.len() < 1 << 20);
        total += out.len();
        out.clear();
    }
    while !undump.end(&mut out).unwrap() {
        assert!(out.len() < 1 << 20);
        total += out.len();
        out.clear();
    }
    assert_eq!(total + out.len(), 0x8000_0010);
}

#[test]
fn no_line_of_a_dump_is_endless() {
    let mut undump = Undump::new().form(Form::Xxd);
    let mut out = Buffer::new();
    let piece = vec![b'0'; 1 << 18];
    let error = (0..9).find_map(|_| undump.push(&piece, &mut out).err()).unwrap();
    assert_eq!(error.fault, Fault::LongLine { limit: 1 << 20 });
    // Plain hex has no lines.
    let mut undump = Undump::new().form(Form::Plain);
    for _ in 0..16 {
        undump.push(&piece, &mut out).unwrap();
        out.clear();
    }
}

#[test]
fn what_the_installed_tools_write_is_read_back() {
    const COMMANDS: &[&[&str]] = &[
        &["xxd"],
        &["xxd", "-g1"],
        &["xxd", "-g4", "-u"],
        &["xxd", "-g0", "-c5"],
        &["xxd", "-c40", "-g3"],
        &["xxd", "-c256"],
        &["xxd", "-b"],
        &["xxd", "-b", "-c3", "-d"],
        &["xxd", "-b", "-c1"],
        &["xxd", "-d"],
        &["xxd", "-e"],
        &["xxd", "-e", "-g2", "-c10"],
        &["xxd", "-e", "-g8"],
        &["xxd", "-o", "300"],
        &["xxd", "-a"],
        &["xxd", "-p"],
        &["xxd", "-p", "-c0"],
        &["xxd", "-i"],
        &["hexdump", "-C"],
        &["hexdump", "-Cv"],
        &["hexdump", "-v"],
        &["od", "-Ax", "-tx1z"],
        &["od", "-Ax", "-tx1"],
        &["od", "-Ax", "-tx2"],
        &["od", "-Ax", "-tx4z"],
        &["od", "-Ax", "-tx8z"],
        &["od", "-Ao", "-tx1", "-v"],
        &["od", "-Ad", "-tx2z", "-v"],
        &["od", "-An", "-tx1", "-v"],
        &["od", "-An", "-tx4z", "-v"],
    ];
    let mut random = Random(0xdbd);
    for round in 0..12 {
        let few: &[u8] = match round % 4 {
            0 => b"",
            1 => b"\0",
            2 => b"a \nfade09|<>\"\\*",
            _ => b"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a",
        };
        let mut bytes = random.bytes(if round < 8 { 60 } else { 9000 }, few);
        bytes.push(b'!');
        for command in COMMANDS {
            let Some(dump) = oracle::run(command[0], &command[1..], Path::new("."), &bytes) else { continue };
            let back = whole(Undump::new(), &dump);
            assert!(back.as_ref() == Ok(&bytes), "{command:?} {:?} {}", back, String::from_utf8_lossy(&dump));
            // The last line may have lost its line feed.
            assert_eq!(whole(Undump::new(), dump.strip_suffix(b"\n").unwrap_or(&dump)).as_ref(), Ok(&bytes));
        }
    }
}

/// A dump with a writer of its own, in one of the forms.
fn write(form: usize, bytes: &[u8]) -> Vec<u8> {
    let shown = |byte: u8, blank: char| match byte {
        b' ' => blank,
        b'!'..=b'~' => char::from(byte),
        _ => '.',
    };
    let mut dump = String::new();
    for (line, bytes) in bytes.chunks(16).enumerate() {
        let offset = line * 16;
        let hex = |group: usize| {
            bytes
                .chunks(group)
                .map(|group| group.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let text = |blank| bytes.iter().map(|byte| shown(*byte, blank)).collect::<String>();
        dump += &match form {
            0 => format!("{offset:08x}: {:<39}  {}\n", hex(2), text(' ')),
            1 => format!("\t0x{offset:04x}:  {:<39}  {}\n", hex(2), text('.')),
            2 => format!("{offset:04x}  {:<47}   {}\n", hex(1), text(' ')),
            3 => format!("{offset:04x}  {:<47}  {}\n", hex(1).to_uppercase(), text(' ')),
            4 => format!("{offset:06x} {:<47}  >{}<\n", hex(1), text(' ')),
            _ => format!("{}\n", hex(1).replace(' ', ":")),
        };
    }
    dump.into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_is_written_is_read_back_however_it_is_cut(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0x20..0x7f_u8], 1..3000),
        form in 0_usize..6,
        cut in 1_usize..5000,
    ) {
        let dump = write(form, &bytes);
        let back = whole(Undump::new(), &dump);
        prop_assert_eq!(back.as_ref(), Ok(&bytes));
        let mut undump = Undump::new();
        let mut out = Buffer::new();
        for piece in dump.chunks(cut) {
            undump.push(piece, &mut out).unwrap();
        }
        undump.finish(&mut out).unwrap();
        prop_assert_eq!(&out[..], &bytes[..]);
    }

    #[test]
    fn arrays_are_read_back(bytes in prop::collection::vec(any::<u8>(), 1..300), language in 0_usize..5) {
        let language = Language::ALL[language];
        let text = whole(Array::new(&ArrayStyle::new(language)).unwrap(), &bytes).unwrap();
        prop_assert_eq!(whole(Undump::new(), &text), Ok(bytes), "{}", String::from_utf8_lossy(&text));
    }

    /// A dump that was damaged at one place is read as it was, or the damage is found.
    #[test]
    fn no_damage_passes(
        bytes in prop::collection::vec(any::<u8>(), 17..200),
        form in 0_usize..5,
        at in any::<prop::sample::Index>(),
        by in prop::sample::select(b"0123456789abcdef .:x\n~".to_vec()),
    ) {
        let good = write(form, &bytes);
        let mut dump = good.clone();
        let at = at.index(dump.len());
        dump[at] = by;
        // A blank line feed at the end, a digit and its character may say the same.
        if let Ok(read) = whole(Undump::new(), &dump) && read != bytes {
            let differ = read.iter().zip(&bytes).filter(|(one, other)| one != other).count();
            // A dot stands for many bytes, and the last line can end earlier.
            let hidden = differ == 1 && read.len() == bytes.len();
            let shorter = read.len() < bytes.len() && bytes.starts_with(&read) && at + 80 > good.len();
            prop_assert!(hidden || shorter, "{}\n{:?}\n{:?}", String::from_utf8_lossy(&dump), read, bytes);
        }
    }

    #[test]
    fn anything_is_survived(text in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"0123456789abcdef :*|<>x\n\t\x1b[m{},".to_vec())], 0..300)) {
        check::undump(&text);
    }

    #[test]
    fn damaged_dumps_are_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        form in 0_usize..6,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
    ) {
        let mut dump = write(form, &bytes);
        for (at, by) in damage {
            if !dump.is_empty() {
                let at = at.index(dump.len());
                dump[at] = by;
            }
        }
        check::undump(&dump);
    }
}
