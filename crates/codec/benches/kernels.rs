//! Bytes a second in memory: every kernel on every level of the machine, and the crates that people take instead.
//!
//! All figures are of *input* bytes, as the goals are. `cargo bench -p jackfield-codec --features kernels`; times on a
//! shared machine swing by half, so what counts are the ratios within one run.

use ::base64::Engine;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use jackfield_codec::kernels::{self, Level, Lines};

/// One that stays in the first-level cache's neighbourhood, and one that leaves it.
const SIZES: [usize; 2] = [64 << 10, 1 << 20];

fn main() {
    divan::main();
}

/// Every level at every size.
fn cases() -> Vec<(Level, usize)> {
    SIZES.into_iter().flat_map(|size| Level::all().into_iter().map(move |level| (level, size))).collect()
}

/// Bytes of all values that no compressor would like.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

fn scalar() -> Level {
    Level::all().into_iter().next().expect("the reference is on every machine")
}

/// Runs `work` on a source and its destination, both made once.
fn run(bencher: Bencher<'_, '_>, src: &[u8], room: usize, work: impl Fn(&[u8], &mut [u8]) -> usize) {
    let mut dst = vec![0; room];
    assert!(work(src, &mut dst) > 0, "the work must be done to be timed");
    bencher.counter(BytesCount::of_slice(src)).bench_local(|| work(black_box(src), black_box(&mut dst)));
}

/// What `encode` makes of the bytes, cut to what it wrote.
fn text(bytes: &[u8], room: usize, encode: impl Fn(&[u8], &mut [u8]) -> usize) -> Vec<u8> {
    let mut text = vec![0; room];
    encode(bytes, &mut text);
    text
}

#[divan::bench(args = SIZES)]
fn memcpy(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, &noise(size), size, |src, dst| {
        dst.copy_from_slice(src);
        src.len()
    });
}

/// Whole codecs, in pieces as a program reads them, into a buffer that stays.
mod stream {
    use super::{Bencher, BytesCount, black_box, noise};
    use jackfield_codec::stream::{CHUNK, Transform, whole};
    use jackfield_codec::undump::Undump;
    use jackfield_codec::undump::reverse::{Notation, Reverse, Reversed};
    use jackfield_codec::{Base, Buffer, Characters, Dump, Style};

    const SIZE: usize = 4 << 20;

    fn run<T: Transform>(bencher: Bencher<'_, '_>, input: &[u8], make: impl Fn() -> T) {
        let mut out = Buffer::new();
        bencher.counter(BytesCount::of_slice(input)).bench_local(|| {
            let mut transform = make();
            let mut written = 0;
            for piece in black_box(input).chunks(CHUNK) {
                out.clear();
                assert!(transform.push(piece, &mut out).is_ok());
                written += out.len();
            }
            out.clear();
            assert!(transform.finish(&mut out).is_ok());
            written + out.len()
        });
    }

    #[divan::bench(args = ["xxd", "hexdump", "od", "plain", "bits", "ebcdic", "colours", "columns", "box", "box colours"])]
    fn dump(bencher: Bencher<'_, '_>, name: &str) {
        let style = match name {
            "hexdump" => Style::hexdump(),
            "od" => Style::od(),
            "plain" => Style::plain(),
            "bits" => Style::xxd().base(Base::Binary),
            "ebcdic" => Style::xxd().characters(Characters::Ebcdic),
            "colours" => Style::xxd().colour(true),
            "columns" => Style::xxd().columns(32).unwrap_or_default(),
            "box" => Style::boxed(),
            "box colours" => Style::boxed().colour(true),
            _ => Style::xxd(),
        };
        run(bencher, &noise(SIZE), || Dump::new(style));
    }

    #[divan::bench(args = ["xxd", "hexdump", "od", "plain", "bits", "box"])]
    fn undump(bencher: Bencher<'_, '_>, name: &str) {
        let style = match name {
            "hexdump" => Style::hexdump(),
            "od" => Style::od(),
            "plain" => Style::plain(),
            "bits" => Style::xxd().base(Base::Binary),
            "box" => Style::boxed(),
            _ => Style::xxd(),
        };
        let Ok(text) = whole(Dump::new(style), &noise(SIZE));
        run(bencher, &text, Undump::new);
    }

    #[divan::bench(args = ["xxd", "plain", "bits"])]
    fn reverse(bencher: Bencher<'_, '_>, name: &str) {
        let (style, notation) = match name {
            "plain" => (Style::plain(), Notation::Plain),
            "bits" => (Style::xxd().base(Base::Binary), Notation::Bits),
            _ => (Style::xxd(), Notation::Hex),
        };
        let Ok(text) = whole(Dump::new(style), &noise(SIZE));
        run(bencher, &text, || Reversed::new(Reverse::new(notation)));
    }
}

mod dump {
    use super::{Bencher, Level, Lines, cases, noise, run};

    #[divan::bench(args = cases())]
    fn xxd(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        let lines = Lines::new(level, false);
        run(bencher, &noise(size), size / 16 * lines.line_len(), |src, dst| lines.format(src, dst));
    }

    #[divan::bench(args = cases())]
    fn hexdump(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        let lines = Lines::new(level, true);
        run(bencher, &noise(size), size / 16 * lines.line_len(), |src, dst| lines.format(src, dst));
    }
}

mod undump {
    use super::{Bencher, Level, Lines, cases, noise, run, text};

    fn scan(bencher: Bencher<'_, '_>, level: Level, size: usize, canonical: bool) {
        let lines = Lines::new(level, canonical);
        let count = size / lines.line_len();
        let text = text(&noise(count * 16), count * lines.line_len(), |src, dst| lines.format(src, dst));
        assert_eq!(lines.scan(&text, &mut vec![0; count * 16]), count);
        run(bencher, &text, count * 16, |src, dst| lines.scan(src, dst));
    }

    #[divan::bench(args = cases())]
    fn xxd(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        scan(bencher, level, size, false);
    }

    #[divan::bench(args = cases())]
    fn hexdump(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        scan(bencher, level, size, true);
    }
}

mod hex_encode {
    use super::{Bencher, Level, SIZES, cases, kernels, noise, run};

    #[divan::bench(args = cases())]
    fn ours(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &noise(size), size * 2, |src, dst| kernels::hex_encode(level, src, dst));
    }

    #[divan::bench(args = cases())]
    fn ours_lines(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &noise(size), size / 30 * 61, |src, dst| kernels::hex_encode_lines(level, src, dst));
    }

    #[divan::bench(args = SIZES)]
    fn faster_hex(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size * 2, |src, dst| {
            ::faster_hex::hex_encode(src, dst).map_or(0, |text| text.len())
        });
    }

    #[divan::bench(args = SIZES)]
    fn const_hex(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size * 2, |src, dst| {
            ::const_hex::encode_to_slice(src, dst).map_or(0, |()| src.len())
        });
    }

    #[divan::bench(args = SIZES)]
    fn data_encoding(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size * 2, |src, dst| {
            ::data_encoding::HEXLOWER.encode_mut(src, dst);
            src.len()
        });
    }
}

mod hex_decode {
    use super::{Bencher, Level, SIZES, cases, kernels, noise, run, scalar, text};

    fn digits(size: usize) -> Vec<u8> {
        text(&noise(size / 2), size, |src, dst| kernels::hex_encode(scalar(), src, dst))
    }

    #[divan::bench(args = cases())]
    fn ours(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &digits(size), size / 2, |src, dst| kernels::hex_decode(level, src, dst));
    }

    #[divan::bench(args = cases())]
    fn ours_lines(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        let count = size / 61;
        let text =
            text(&noise(count * 30), count * 61, |src, dst| kernels::hex_encode_lines(scalar(), src, dst));
        run(bencher, &text, count * 30, |src, dst| kernels::hex_decode_lines(level, src, dst));
    }

    #[divan::bench(args = SIZES)]
    fn faster_hex(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &digits(size), size / 2, |src, dst| {
            ::faster_hex::hex_decode(src, dst).map_or(0, |bytes| bytes.len())
        });
    }

    #[divan::bench(args = SIZES)]
    fn const_hex(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &digits(size), size / 2, |src, dst| {
            ::const_hex::decode_to_slice(src, dst).map_or(0, |()| dst.len())
        });
    }

    #[divan::bench(args = SIZES)]
    fn data_encoding(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &digits(size), size / 2, |src, dst| {
            ::data_encoding::HEXLOWER.decode_mut(src, dst).unwrap_or(0)
        });
    }
}

mod base64_encode {
    use super::{Bencher, Engine, Level, SIZES, cases, kernels, noise, run};

    #[divan::bench(args = cases())]
    fn ours(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &noise(size), size / 3 * 4, |src, dst| kernels::base64_encode(level, src, dst));
    }

    #[divan::bench(args = cases())]
    fn ours_lines(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &noise(size), size / 57 * 77, |src, dst| kernels::base64_encode_lines(level, src, dst));
    }

    #[divan::bench(args = SIZES)]
    fn base64(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size.div_ceil(3) * 4, |src, dst| {
            ::base64::engine::general_purpose::STANDARD.encode_slice(src, dst).unwrap_or(0)
        });
    }

    #[divan::bench(args = SIZES)]
    fn base64_simd(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size.div_ceil(3) * 4, |src, dst| {
            ::base64_simd::STANDARD.encode(src, ::base64_simd::Out::from_slice(dst)).len()
        });
    }

    #[divan::bench(args = SIZES)]
    fn data_encoding(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &noise(size), size.div_ceil(3) * 4, |src, dst| {
            ::data_encoding::BASE64.encode_mut(src, dst);
            src.len()
        });
    }

    #[divan::bench(args = SIZES)]
    fn data_encoding_lines(bencher: Bencher<'_, '_>, size: usize) {
        let whole = size / 57 * 57;
        let wrapped = &::data_encoding::BASE64_MIME_PERMISSIVE;
        run(bencher, &noise(whole), wrapped.encode_len(whole), |src, dst| {
            wrapped.encode_mut(src, dst);
            src.len()
        });
    }
}

mod base64_decode {
    use super::{Bencher, Engine, Level, SIZES, cases, kernels, noise, run, scalar, text};

    fn chars(size: usize) -> Vec<u8> {
        text(&noise(size / 4 * 3), size, |src, dst| kernels::base64_encode(scalar(), src, dst))
    }

    #[divan::bench(args = cases())]
    fn ours(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        run(bencher, &chars(size), size / 4 * 3, |src, dst| kernels::base64_decode(level, src, dst));
    }

    #[divan::bench(args = cases())]
    fn ours_lines(bencher: Bencher<'_, '_>, &(level, size): &(Level, usize)) {
        let count = size / 77;
        let text =
            text(&noise(count * 57), count * 77, |src, dst| kernels::base64_encode_lines(scalar(), src, dst));
        run(bencher, &text, count * 57, |src, dst| kernels::base64_decode_lines(level, src, dst));
    }

    #[divan::bench(args = SIZES)]
    fn base64(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &chars(size), size / 4 * 3, |src, dst| {
            ::base64::engine::general_purpose::STANDARD.decode_slice(src, dst).unwrap_or(0)
        });
    }

    #[divan::bench(args = SIZES)]
    fn base64_simd(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &chars(size), size / 4 * 3, |src, dst| {
            ::base64_simd::STANDARD
                .decode(src, ::base64_simd::Out::from_slice(dst))
                .map_or(0, |bytes| bytes.len())
        });
    }

    #[divan::bench(args = SIZES)]
    fn data_encoding(bencher: Bencher<'_, '_>, size: usize) {
        run(bencher, &chars(size), size / 4 * 3, |src, dst| {
            ::data_encoding::BASE64.decode_mut(src, dst).unwrap_or(0)
        });
    }
}
