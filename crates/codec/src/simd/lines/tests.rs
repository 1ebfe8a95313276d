//! The line kernels against their twins, and against the writer that walks a layout's cells.

use proptest::prelude::*;

use super::*;
use crate::Buffer;

/// A layout of any cells whatever: each byte's digits and characters anywhere, or nowhere.
fn any_layout() -> impl Strategy<Value = Layout> {
    let cell = prop_oneof![
        3 => any::<u8>().prop_map(Cell::Text),
        4 => (0u8..16, any::<bool>()).prop_map(|(byte, low)| Cell::Digit { byte, low }),
        2 => (0u8..16).prop_map(|byte| Cell::Char { byte }),
    ];
    (
        1usize..=16,
        prop::collection::vec(cell, 0..140),
        prop::option::of(any::<prop::sample::Index>()),
        any::<bool>(),
    )
        .prop_map(|(columns, cells, offset, upper_case)| {
            let in_line = |byte: u8| byte % u8::try_from(columns).unwrap();
            let mut cells: Vec<Cell> = cells
                .into_iter()
                .map(|cell| match cell {
                    Cell::Digit { byte, low } => Cell::Digit { byte: in_line(byte), low },
                    Cell::Char { byte } => Cell::Char { byte: in_line(byte) },
                    other => other,
                })
                .collect();
            if let Some(at) = offset {
                cells.insert(at.index(cells.len() + 1), Cell::Offset);
            }
            Layout::new(columns, cells).unwrap().upper_case(upper_case)
        })
}

/// A layout that can be read back: every digit once, in any order, among any text and characters.
fn readable_layout() -> impl Strategy<Value = Layout> {
    (1u8..=16, 0usize..60, any::<bool>(), any::<bool>(), any::<bool>())
        .prop_flat_map(|(columns, texts, chars, offset, upper_case)| {
            let mut cells: Vec<Cell> = (0..columns)
                .flat_map(|byte| [Cell::Digit { byte, low: false }, Cell::Digit { byte, low: true }])
                .collect();
            cells.extend((0..texts).map(|at| Cell::Text(b" :|-\n"[at % 5])));
            if chars {
                cells.extend((0..columns).map(|byte| Cell::Char { byte }));
            }
            cells.extend(offset.then_some(Cell::Offset));
            (Just(columns), Just(cells).prop_shuffle(), Just(upper_case))
        })
        .prop_map(|(columns, mut cells, upper_case)| {
            cells.push(Cell::Text(b'\n'));
            Layout::new(usize::from(columns), cells).unwrap().upper_case(upper_case)
        })
}

fn any_offset() -> impl Strategy<Value = u64> {
    prop_oneof![
        0u64..1 << 20,
        any::<u64>(),
        (0u32..64, 0u64..300).prop_map(|(bits, below)| (1_u64 << bits).wrapping_sub(below)),
        (0u32..20, 0u64..300).prop_map(|(digits, below)| 10_u64.pow(digits).wrapping_sub(below)),
    ]
}

fn any_radix() -> impl Strategy<Value = Radix> {
    prop::sample::select(vec![Radix::Octal, Radix::Decimal, Radix::Hex])
}

/// The lines of a layout, each by itself.
fn expected(layout: &Layout, bytes: &[u8], offset: u64) -> Vec<u8> {
    let mut out = Buffer::new();
    layout.write_lines(bytes, offset, &mut out);
    out.into()
}

/// Formats all full lines, with a new program wherever one is needed.
fn format_all(layout: &Layout, level: Level, bytes: &[u8], offset: u64, align: usize) -> Vec<u8> {
    let (mut rest, mut at) = (bytes, offset);
    let mut out = Vec::new();
    while rest.len() >= layout.columns() {
        let program = Program::new(layout, level, at);
        assert!(program.covers(at));
        assert_eq!(program.line_len(), layout.line_len(at));
        let room = rest.len() / layout.columns() * program.line_len();
        let mut memory = vec![b'#'; align + room + 3];
        let lines = program.format(rest, &mut memory[align..align + room], at);
        if program.line_len() == 0 {
            assert_eq!(lines, 0);
            break;
        }
        assert!(lines > 0);
        assert!(memory[..align].iter().chain(&memory[align + room..]).all(|&byte| byte == b'#'));
        out.extend_from_slice(&memory[align..align + lines * program.line_len()]);
        rest = &rest[lines * layout.columns()..];
        at = at.wrapping_add((lines * layout.columns()) as u64);
    }
    out
}

proptest! {
    #[test]
    fn every_level_writes_what_the_cells_say(
        layout in any_layout(),
        radix in any_radix(),
        width in 0u8..=16,
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        offset in any_offset(),
        align in 0usize..64,
    ) {
        let layout = layout.offsets(radix, width);
        let expected = expected(&layout, &bytes, offset);
        let mut moved = vec![0; align];
        moved.extend_from_slice(&bytes);
        for level in Level::all() {
            let written = format_all(&layout, level, &moved[align..], offset, 63 - align);
            prop_assert_eq!(&written, &expected, "{:?}", level);
        }
    }

    #[test]
    fn every_level_reads_what_was_written(
        layout in readable_layout(),
        radix in any_radix(),
        width in 0u8..=16,
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        offset in any_offset(),
        align in 0usize..64,
        damage in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let layout = layout.offsets(radix, width);
        let reference = Program::new(&layout, Level::SCALAR, offset);
        let room = bytes.len() / layout.columns() * reference.line_len();
        let mut text = vec![0; align + room];
        let lines = reference.format(&bytes, &mut text[align..], offset);
        text.truncate(align + lines * reference.line_len());
        let mut undamaged = true;
        if let Some((at, byte)) = damage && lines > 0 {
            let at = at.index(lines * reference.line_len());
            undamaged = text[align + at] == byte;
            text[align + at] = byte;
        }
        let text = &text[align..];
        let mut good = vec![0; bytes.len()];
        let accepted = reference.scan(text, &mut good, offset);
        if undamaged {
            prop_assert_eq!(accepted, lines);
            prop_assert_eq!(&good[..lines * layout.columns()], &bytes[..lines * layout.columns()]);
        }
        for level in Level::all() {
            let program = Program::new(&layout, level, offset);
            let mut back = vec![b'#'; bytes.len() + 7];
            let room = bytes.len() / layout.columns() * layout.columns();
            let read = program.scan(text, &mut back[..room], offset);
            prop_assert_eq!(read, accepted, "{:?}", level);
            prop_assert_eq!(&back[..read * layout.columns()], &good[..read * layout.columns()], "{:?}", level);
            prop_assert!(back[room..].iter().all(|&byte| byte == b'#'));
            prop_assert_eq!(program.scan(text, &mut [], offset), 0);
        }
    }
}

fn xxd() -> Layout {
    let digit = |byte, low| Cell::Digit { byte, low };
    let mut cells = vec![Cell::Offset, Cell::Text(b':')];
    for byte in 0..16 {
        cells.extend((byte % 2 == 0).then_some(Cell::Text(b' ')));
        cells.extend([digit(byte, false), digit(byte, true)]);
    }
    cells.extend([Cell::Text(b' '), Cell::Text(b' ')]);
    cells.extend((0..16).map(|byte| Cell::Char { byte }));
    cells.push(Cell::Text(b'\n'));
    Layout::new(16, cells).unwrap()
}

/// 128 lines of bytes of all values, as xxd writes them.
fn dump() -> (Vec<u8>, Vec<u8>) {
    let bytes = crate::simd::noise(2048);
    let text = expected(&xxd(), &bytes, 0xffff_f9c0);
    (bytes, text)
}

#[test]
fn any_byte_at_any_place_of_a_line_is_judged_alike() {
    let (bytes, text) = dump();
    let text = &text[..5 * 68];
    for level in Level::all() {
        let program = Program::new(&xxd(), level, 0xffff_f9c0);
        // The second of two lines, and the first.
        for at in 68..3 * 68 {
            for byte in 0..=255 {
                let mut damaged = text.to_vec();
                damaged[at] = byte;
                let in_line = at % 68;
                let same = byte == text[at];
                let good = match in_line {
                    0..10 | 14 | 19 | 24 | 29 | 34 | 39 | 44 | 49 | 50 | 67 => same,
                    51..67 => byte != b'\n',
                    _ => byte.is_ascii_hexdigit(),
                };
                let mut back = [0; 80];
                let lines = program.scan(&damaged, &mut back, 0xffff_f9c0);
                assert_eq!(lines, if good { 5 } else { at / 68 }, "{level:?} {at} {byte:#x}");
                assert_eq!(back[..16], bytes[..16]);
            }
        }
    }
}

#[test]
fn a_program_ends_where_the_offset_grows_a_digit() {
    let (bytes, text) = dump();
    for level in Level::all() {
        let program = Program::new(&xxd(), level, 0xffff_f9c0);
        let mut out = vec![0; text.len()];
        // 0xffff_f9c0 + 100 lines is 2^32.
        assert_eq!(program.format(&bytes, &mut out, 0xffff_f9c0), 100, "{level:?}");
        assert_eq!(&out[..100 * 68], &text[..100 * 68]);
        assert!(!program.covers(1 << 32));
        assert_eq!(program.format(&bytes, &mut out, 1 << 32), 0);
        let next = Program::new(&xxd(), level, 1 << 32);
        assert_eq!(next.line_len(), 69);
        assert_eq!(next.format(&bytes[1600..], &mut out, 1 << 32), 28);
        assert_eq!(&out[..28 * 69], &text[100 * 68..]);
        let mut back = [0; 2048];
        assert_eq!(program.scan(&text, &mut back, 0xffff_f9c0), 100);
        assert_eq!(next.scan(&text[100 * 68..], &mut back, 1 << 32), 28);
        assert_eq!(&back[..28 * 16], &bytes[1600..]);
    }
}

#[test]
fn digits_may_be_of_either_case_and_offsets_may_not() {
    for level in Level::all() {
        let program = Program::new(&xxd(), level, 0xa0);
        let line =
            |offset: &str| format!("{offset}: ABcd 0000 0000 0000 0000 0000 0000 00eF  ................\n");
        let mut back = [0; 16];
        assert_eq!(program.scan(line("000000a0").as_bytes(), &mut back, 0xa0), 1, "{level:?}");
        assert_eq!(back, *b"\xab\xcd\0\0\0\0\0\0\0\0\0\0\0\0\0\xef");
        assert_eq!(program.scan(line("000000A0").as_bytes(), &mut back, 0xa0), 0);
    }
}

#[test]
fn what_shows_a_digit_twice_or_not_at_all_is_not_read() {
    let digit = |low| Cell::Digit { byte: 0, low };
    for cells in [vec![digit(true)], vec![digit(false), digit(true), digit(true)], vec![]] {
        let layout = Layout::new(1, cells).unwrap();
        for level in Level::all() {
            let program = Program::new(&layout, level, 0);
            assert_eq!(program.scan(&[b'0'; 300], &mut [0; 100], 0), 0);
        }
    }
}
