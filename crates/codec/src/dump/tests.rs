use super::*;
use proptest::prelude::*;

fn dump(style: Style, offset: u64, pieces: &[&[u8]]) -> String {
    let mut out = Buffer::new();
    let mut dump = Dump::starting_at(style, offset);
    for piece in pieces {
        dump.push(piece, &mut out);
    }
    dump.finish(&mut out);
    String::from_utf8(out.into()).unwrap()
}

/// The same without kernels.
fn scalar(style: Style, offset: u64, bytes: &[u8]) -> String {
    let mut out = Buffer::new();
    let mut dump = Dump { lines: None, ..Dump::starting_at(style, offset) };
    dump.push(bytes, &mut out);
    dump.finish(&mut out);
    String::from_utf8(out.into()).unwrap()
}

#[test]
fn a_short_line_keeps_the_ascii_column() {
    assert_eq!(
        dump(Style::default(), 0, &[b"Message\n"]),
        "00000000: 4d65 7373 6167 650a                      Message.\n"
    );
}

#[test]
fn no_bytes_make_no_line() {
    assert_eq!(dump(Style::default(), 0, &[]), "");
    assert_eq!(dump(Style::default(), 0, &[b"", b""]), "");
    assert_eq!(dump(Style::hexdump(), 0, &[b""]), "");
    assert_eq!(dump(Style::od(), 9, &[b""]), "000009\n");
    assert_eq!(dump(Style::plain(), 0, &[b""]), "");
}

#[test]
fn a_full_line_needs_no_finish() {
    let mut out = Buffer::new();
    Dump::new(Style::default()).push(b"0123456789abcdef!", &mut out);
    assert_eq!(
        String::from_utf8(out.into()).unwrap(),
        "00000000: 3031 3233 3435 3637 3839 6162 6364 6566  0123456789abcdef\n"
    );
}

#[test]
fn offsets_beyond_32_bits_get_more_digits() {
    let style = Style::default().columns(1).unwrap();
    assert_eq!(dump(style, 0xffff_ffff, &[b"ab"]), "ffffffff: 61  a\n100000000: 62  b\n");
    assert_eq!(dump(style, u64::MAX, &[b"ab"]), "ffffffffffffffff: 61  a\n00000000: 62  b\n");
    let style = style.offsets(Radix::Decimal);
    assert_eq!(dump(style, 99_999_999, &[b"ab"]), "99999999: 61  a\n100000000: 62  b\n");
}

#[test]
fn a_flushed_dump_goes_on_at_its_offset() {
    let style = Style::default().columns(4).unwrap().prefix("> ");
    let mut out = Buffer::new();
    let mut sent = Dump::new(style);
    sent.push(b"hello", &mut out);
    sent.flush(&mut out);
    sent.flush(&mut out);
    assert_eq!(sent.offset(), 5);
    sent.push(b"you", &mut out);
    assert_eq!(sent.offset(), 8);
    sent.finish(&mut out);
    assert_eq!(
        String::from_utf8(out.into()).unwrap(),
        "> 00000000: 6865 6c6c  hell\n> 00000004: 6f         o\n> 00000005: 796f 75    you\n"
    );
}

#[test]
fn groups_and_case() {
    let style = Style::default().columns(7).unwrap().upper_case(true);
    assert_eq!(dump(style.group(3), 10, &[b"\xabz\xff"]), "0000000a: AB7AFF            .z.\n");
    assert_eq!(dump(style.group(0), 10, &[b"\xabz\xff"]), "0000000a: AB7AFF          .z.\n");
    assert_eq!(dump(style.group(7), 0, &[b"abc"]), dump(style.group(0), 0, &[b"abc"]));
}

#[test]
fn settings_that_a_style_cannot_have_are_refused() {
    assert_eq!(Style::xxd().columns(0), Err(StyleError::Columns { asked: 0, most: 256 }));
    let error = Style::xxd().columns(257).unwrap_err();
    assert_eq!(error.to_string(), "a dump in this style has 1 to 256 columns, asked for 257");
    assert!(Style::xxd().columns(256).is_ok());
    assert!(Style::plain().columns(0).is_ok());
    assert!(Style::boxed().panels(usize::MAX).is_err());
    let error = Style::xxd().group(3).little_endian().unwrap_err();
    assert_eq!(error.to_string(), "little-endian groups are of 1, 2, 4, 8 … bytes, asked for 3");
}

/// Runs of 1 to 5 lines of zeros at the start, in the middle, at the end, and before a short line.
#[test]
fn zeros_are_squeezed_as_xxd_does() {
    let style = Style::xxd().columns(2).unwrap().squeeze(Squeeze::Zeros).characters(Characters::None);
    let squeezed = |before: &[u8], lines: usize, behind: &[u8]| {
        let text = dump(style, 0, &[before, &vec![0; 2 * lines], behind]);
        text.lines().map(|line| line.trim_start_matches("0000000").to_owned()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(squeezed(b"", 1, b""), "0: 0000");
    assert_eq!(squeezed(b"", 2, b""), "0: 0000|2: 0000");
    assert_eq!(squeezed(b"", 3, b""), "0: 0000|2: 0000|4: 0000");
    assert_eq!(squeezed(b"", 4, b""), "0: 0000|*|6: 0000");
    assert_eq!(squeezed(b"", 5, b""), "0: 0000|*|8: 0000");
    assert_eq!(squeezed(b"ab", 2, b"ab"), "0: 6162|2: 0000|4: 0000|6: 6162");
    assert_eq!(squeezed(b"ab", 3, b"ab"), "0: 6162|2: 0000|*|8: 6162");
    assert_eq!(squeezed(b"", 2, b"\0"), "0: 0000|2: 0000|4: 00");
    assert_eq!(squeezed(b"", 3, b"\0"), "0: 0000|*|6: 00");
    assert_eq!(squeezed(b"abababab", 0, b""), "0: 6162|2: 6162|4: 6162|6: 6162");
    // Any line, when asked for.
    let style = style.squeeze(Squeeze::Repeats);
    assert_eq!(dump(style, 0, &[b"abababab"]), "00000000: 6162\n*\n00000006: 6162\n");
}

#[test]
fn colours_are_those_of_xxd() {
    let text = |bytes: &[u8]| dump(Style::xxd().colour(true).columns(5).unwrap(), 0, &[bytes]);
    assert_eq!(
        text(b"\0a\nb\xff"),
        "00000000: \x1b[1;37m00\x1b[0m\x1b[1;32m61\x1b[0m \x1b[1;33m0a\x1b[0m\x1b[1;32m62\x1b[0m \
         \x1b[1;34mff\x1b[0m  \x1b[1;37m.\x1b[0m\x1b[1;32ma\x1b[0m\x1b[1;33m.\x1b[0m\x1b[1;32mb\x1b[0m\
         \x1b[1;34m.\x1b[0m\n"
    );
    // Blanks of absent bytes, one for each, are red.
    assert_eq!(
        text(b"ab\x01"),
        "00000000: \x1b[1;32m6162\x1b[0m \x1b[1;31m01\x1b[0m   \x1b[1;31m  \x1b[0m  \
         \x1b[1;32mab\x1b[0m\x1b[1;31m.\x1b[0m\n"
    );
    // A last line of zeros that was squeezed has none.
    let style = Style::xxd().colour(true).columns(1).unwrap().squeeze(Squeeze::Zeros);
    assert_eq!(
        dump(style, 0, &[&[0; 4]]),
        "00000000: \x1b[1;37m00\x1b[0m  \x1b[1;37m.\x1b[0m\n*\n00000003: 00  .\n"
    );
}

#[test]
fn digits_may_run_into_the_characters_with_odd_columns() {
    let style = Style::xxd().little_endian().unwrap();
    assert_eq!(
        dump(style.columns(3).unwrap(), 0, &[b"\x00\x01\x02\x03\x04"]),
        "00000000: 02  00 01..\n00000003:     03 04.\n"
    );
    assert_eq!(dump(style.columns(5).unwrap(), 0, &[b"abcde"]), "00000000: 64636261       65  abcde\n");
}

#[test]
fn ends_say_what_was_squeezed() {
    let bytes = [b'a'; 50];
    assert_eq!(
        dump(Style::hexdump(), 0, &[&bytes]),
        "00000000  61 61 61 61 61 61 61 61  61 61 61 61 61 61 61 61  |aaaaaaaaaaaaaaaa|\n*\n\
         00000030  61 61                                             |aa|\n00000032\n"
    );
    assert_eq!(
        dump(Style::od(), 0, &[&bytes[..48]]),
        "000000 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61 61  >aaaaaaaaaaaaaaaa<\n*\n000030\n"
    );
    assert_eq!(
        dump(Style::od().no_offsets().characters(Characters::None).columns(2).unwrap(), 0, &[b"ababa"]),
        " 61 62\n*\n 61\n"
    );
}

#[test]
fn a_box_is_drawn() {
    let style = Style::boxed();
    assert_eq!(
        dump(style, 0, &[&[b"\0 a\n\xff".as_slice(), &[b'x'; 40]].concat()]),
        "┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐\n\
         │00000000│ 00 20 61 0a ff 78 78 78 ┊ 78 78 78 78 78 78 78 78 │⋄ a_×xxx┊xxxxxxxx│\n\
         │00000010│ 78 78 78 78 78 78 78 78 ┊ 78 78 78 78 78 78 78 78 │xxxxxxxx┊xxxxxxxx│\n\
         │00000020│ 78 78 78 78 78 78 78 78 ┊ 78 78 78 78 78          │xxxxxxxx┊xxxxx   │\n\
         └────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘\n"
    );
    assert_eq!(
        dump(style.panels(1).unwrap().border(Border::Ascii).group(4), 0, &[b"xxxxxxxxxxxxxxxx"]),
        "+--------+-------------------+--------+\n\
         |00000000| 78787878 78787878 |xxxxxxxx|\n\
         |*       |                   |        |\n\
         |00000010|                   |        |\n\
         +--------+-------------------+--------+\n"
    );
    assert_eq!(
        dump(style.columns(10).unwrap().no_offsets().border(Border::None), 0, &[b"0123456789"]),
        "  30 31 32 33 34 35 36 37   38 39  01234567 89 \n"
    );
    assert_eq!(
        dump(style.panels(1).unwrap(), 0, &[]),
        "┌────────┬─────────────────────────┬────────┐\n\
         │        │ No content              │        │\n\
         └────────┴─────────────────────────┴────────┘\n"
    );
    assert_eq!(
        dump(style.panels(1).unwrap().colour(true), 0, &[b"\0ab"]).lines().nth(1).unwrap(),
        "│\x1b[90m00000000\x1b[39m│ \x1b[90m00 \x1b[36m61 62               \x1b[39m │\
         \x1b[90m⋄\x1b[36mab     \x1b[39m│"
    );
}

#[test]
fn as_many_panels_as_fit() {
    for (width, panels) in [(0, 1), (45, 1), (79, 1), (80, 2), (114, 2), (115, 3)] {
        let style = Style::boxed().panels_within(width);
        assert_eq!(style.record(), 8 * panels, "{width}");
        let line = Dump::new(style).lines(b"a").next().unwrap();
        assert!(panels == 1 || line.chars().count() <= width, "{width}");
    }
}

#[test]
fn other_characters_and_bases() {
    let shown =
        |characters, bytes| dump(Style::xxd().characters(characters).columns(4).unwrap(), 0, &[bytes]);
    assert_eq!(shown(Characters::Ebcdic, b"\xc1\x81\x4b\x05"), "00000000: c181 4b05  Aa..\n");
    assert_eq!(shown(Characters::CodePage437, b"\x01a\x7f\xe1"), "00000000: 0161 7fe1  ☺a⌂ß\n");
    assert_eq!(shown(Characters::Symbols, b"\0\x01\n\x80"), "00000000: 0001 0a80  ⋄•_×\n");
    assert_eq!(shown(Characters::None, b"abc"), "00000000: 6162 63\n");
    let style = Style::xxd().columns(3).unwrap().group(1);
    assert_eq!(dump(style.base(Base::Octal), 0, &[b"\x08\xff"]), "00000000: 010 377      ..\n");
    assert_eq!(dump(style.base(Base::Decimal), 0, &[b"\x08\xff"]), "00000000: 008 255      ..\n");
    assert_eq!(dump(Style::xxd().base(Base::Binary), 0, &[b"a"]).len(), 10 + 6 * 9 + 1 + 1 + 1);
}

#[test]
fn a_prefix_stands_before_every_line() {
    for style in [Style::hexdump(), Style::od(), Style::boxed(), Style::plain(), Style::xxd().colour(true)] {
        let style = style.columns(4).unwrap();
        let plain = dump(style, 0, &[b"abcdabcdabcde"]);
        let prefixed: String = plain.lines().map(|line| format!("> {line}\n")).collect();
        assert_eq!(dump(style.prefix("> "), 0, &[b"abcdabcdabcde"]), prefixed);
        assert!(dump(style.prefix("> "), 0, &[]).lines().all(|line| line.starts_with("> ")));
    }
}

/// The squeezed lines of a long run, cut in any way, end where those of a short one do.
#[test]
fn long_runs_are_left_out() {
    let bytes = vec![7; 74 * 1000 + 20];
    let style = Style::hexdump().columns(74).unwrap();
    let lines: Vec<String> = Dump::new(style).lines(&bytes).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[1] == "*" && lines[2].starts_with("00012110  07") && lines[3] == "00012124");
    let whole = dump(style, 0, &[&bytes]);
    assert_eq!(whole, lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn lines_are_those_of_the_dump() {
    for style in
        [Style::xxd(), Style::hexdump(), Style::boxed(), Style::plain(), Style::plain().columns(0).unwrap()]
    {
        let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
        let lines: String = Dump::new(style).lines(&bytes).map(|line| line + "\n").collect();
        assert_eq!(lines, dump(style, 0, &[&bytes]));
    }
}

prop_compose! {
    fn styles()(
        which in 0..5_usize,
        columns in prop_oneof![1..=17_usize, 1..=80_usize],
        group in 0..=18_usize,
        (base, radix, squeeze, characters, border) in (0..6_usize, 0..3_usize, 0..4_usize, 0..6_usize, 0..3_usize),
        (little, upper_case, colour, offsets) in (any::<bool>(), any::<bool>(), prop::bool::weighted(0.3), any::<bool>()),
    ) -> Style {
        let style = [Style::xxd(), Style::hexdump(), Style::od(), Style::boxed(), Style::plain()][which];
        let mut style = style.columns(columns).unwrap().group(group).upper_case(upper_case).colour(colour);
        style = style.base([Base::Hex, Base::Hex, Base::Hex, Base::Binary, Base::Octal, Base::Decimal][base]);
        style = style.offsets([Radix::Hex, Radix::Decimal, Radix::Octal][radix]);
        style = style.border([Border::Unicode, Border::Ascii, Border::None][border]);
        if let Some(&squeeze) = [Squeeze::Never, Squeeze::Zeros, Squeeze::Repeats].get(squeeze) {
            style = style.squeeze(squeeze);
        }
        let kinds = [
            Characters::None, Characters::Ascii, Characters::Ebcdic, Characters::Symbols, Characters::CodePage437,
        ];
        if let Some(&characters) = kinds.get(characters) {
            style = style.characters(characters);
        }
        if little {
            style = style.little_endian().unwrap_or(style);
        }
        if offsets { style } else { style.no_offsets() }
    }
}

/// Bytes with repeated lines of many lengths.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let run = (prop_oneof![Just(0), Just(b'a'), any::<u8>()], 1..100_usize);
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(run, 0..8)
            .prop_map(|runs| runs.into_iter().flat_map(|(byte, count)| vec![byte; count]).collect()),
    ]
}

proptest! {
    #[test]
    fn any_cut_gives_the_same_dump(style in styles(), bytes in bytes(), offset: u64, cut in 1..40_usize) {
        let whole = dump(style, offset, &[&bytes]);
        let pieces: Vec<&[u8]> = bytes.chunks(cut).collect();
        prop_assert_eq!(dump(style, offset, &pieces), &whole[..]);
        let (head, tail) = bytes.split_at(bytes.len() / 2);
        prop_assert_eq!(dump(style, offset, &[head, &[], tail]), whole);
    }

    #[test]
    fn the_kernels_write_what_the_tables_write(
        style in styles(),
        bytes in bytes(),
        offset in prop_oneof![any::<u64>(), 0xffff_ff00..0x1_0000_0000_u64, 99_999_900..100_000_000_u64, Just(0)],
    ) {
        prop_assert_eq!(dump(style, offset, &[&bytes]), scalar(style, offset, &bytes));
        // The layout says the same of a full line.
        if let (Some(layout), Some(line)) = (style.layout(), bytes.get(..style.record())) {
            let mut out = Buffer::new();
            layout.write_line(line, offset, None, &mut out);
            let whole = scalar(style.squeeze(Squeeze::Never), offset, line);
            prop_assert!(whole.contains(&String::from_utf8_lossy(&out)[..]));
        }
    }

    /// Squeezing against a plain account of its rule, line by line.
    #[test]
    fn squeezing_leaves_out_what_its_rule_says(
        runs in prop::collection::vec((0..2_u8, 1..6_usize), 0..8),
        short in any::<bool>(),
        zeros in any::<bool>(),
    ) {
        let mut lines: Vec<Vec<u8>> =
            runs.iter().flat_map(|&(byte, count)| vec![vec![byte; 9]; count]).collect();
        if short {
            lines.push(vec![0; 4]);
        }
        let bytes = lines.concat();
        let style = Style::xxd().columns(9).unwrap();
        let all = dump(style, 0, &[&bytes]);
        let all: Vec<&str> = all.lines().collect();
        let mut expected = Vec::new();
        let mut left_out = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let again = at > 0 && lines[at - 1] == *line && (!zeros || line[0] == 0);
            if again && at + 1 < lines.len() {
                left_out.push(all[at]);
                continue;
            }
            match &left_out[..] {
                [] => {}
                [one] => expected.push(*one),
                _ => expected.push("*"),
            }
            left_out.clear();
            expected.push(all[at]);
        }
        let style = style.squeeze(if zeros { Squeeze::Zeros } else { Squeeze::Repeats });
        let squeezed = dump(style, 0, &[&bytes]);
        prop_assert_eq!(squeezed.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn offsets_are_those_of_the_layouts(offset: u64, width in 0..=16_u8, short in any::<bool>()) {
        let offset = if short { offset >> 40 } else { offset };
        for radix in [Radix::Hex, Radix::Octal, Radix::Decimal] {
            let layout = Layout::new(1, vec![layout::Cell::Offset]).unwrap().offsets(radix, width);
            let (mut expected, mut ours) = (Buffer::new(), Buffer::new());
            layout.write_offset(offset, &mut expected);
            offset::write(radix, width, offset, &mut ours);
            prop_assert_eq!(ours, expected);
        }
    }
}
