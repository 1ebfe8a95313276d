//! What must be true of any bytes, held against some: the hooks of the fuzz targets and of the property tests.
//!
//! They are here so that both run the same code, and because some laws are about parts that are not public: a kernel
//! and its scalar twin, a fast path and its automaton.

use core::num::NonZeroUsize;

use crate::array::{Array, ArrayStyle, Language};
use crate::base::{Alphabet, Decoder, Encoder};
use crate::base85::{
    A85Decode, A85Decoder, A85Encode, A85Encoder, B85Decoder, a85decode, a85encode, b85decode, b85encode,
};
use crate::pack::Format;
use crate::policy::Policy;
use crate::stream::{Transform, whole};
use crate::undump::{self, Form, Order, Undump};
use crate::{Base, Border, Buffer, Characters, Dump, Radix, Squeeze, Style, base64, hex};

/// Reads a text as every form, whole and cut, strictly and leniently, and runs the automaton of `xxd -r` over it.
///
/// # Panics
/// When the output or the fault depends on how the text was cut or on a fast path, or there is more of it than the
/// text and the gaps in it can stand for.
pub fn undump(text: &[u8]) {
    undump::check(text);
}

/// Runs every kernel of every level that the machine has over the bytes.
///
/// # Panics
/// When one does not do what its scalar twin does.
pub fn kernels(bytes: &[u8]) {
    crate::simd::check(bytes);
}

/// Reads a dump of the bytes back, in a style that the first of them choose.
///
/// What is left out cannot be read back by anyone: bits of od, or without a text column that tells them from hex, lines left out
/// where there are no offsets, groups of hexdump with nothing around them, a short line alone without borders, lines of `xxd -e` in which the digits run into the characters.
///
/// # Panics
/// When something else than the bytes is read.
pub fn dump(bytes: &[u8]) {
    let (choices, data) = bytes.split_at(bytes.len().min(8));
    let mut choices = choices.iter().copied().chain(core::iter::repeat(0)).map(usize::from);
    let mut choose = |count: usize| choices.next().unwrap_or(0) % count;

    let forms = [Form::Xxd, Form::Hexdump, Form::Od, Form::Plain, Form::Hexyl];
    let Some(&form) = forms.get(choose(forms.len())) else { return };
    let style = match form {
        Form::Hexdump => Style::hexdump(),
        Form::Od => Style::od(),
        Form::Plain => Style::plain(),
        Form::Hexyl => Style::boxed(),
        _ => Style::xxd(),
    };
    let size = choose(256);
    let flags = choose(256);
    let flag = |at: u32| flags >> at & 1 == 1;
    let columns = match form {
        Form::Hexyl => (size % 9) * 8,
        _ => size % 70,
    };
    let mut style = if columns == 0 { style } else { style.columns(columns).unwrap_or(style) };
    let little = flag(0) && form != Form::Plain;
    let powers = [1, 2, 4, 8];
    let group = match choose(12) {
        at @ 0..4 => powers.get(at).copied(),
        _ if little || form == Form::Hexyl => None,
        other => Some(other - 4),
    };
    if let Some(group) = group {
        style = style.group(group);
    }
    let whole_groups = style.record().is_multiple_of(group.unwrap_or(4).max(1));
    if little && (form != Form::Xxd || whole_groups) {
        style = style.little_endian().unwrap_or(style);
    }
    let characters = [
        Characters::Ascii,
        Characters::Ascii,
        Characters::None,
        Characters::Ebcdic,
        Characters::Symbols,
        Characters::CodePage437,
    ];
    let characters = characters.get(choose(characters.len())).copied().unwrap_or(Characters::Ascii);
    if flag(1) && characters == Characters::Ascii && !matches!(form, Form::Plain | Form::Od) {
        style = style.base(Base::Binary);
        if form == Form::Xxd && style.is_little_endian() && !style.record().is_multiple_of(group.unwrap_or(4))
        {
            style = style.base(Base::Hex);
        }
    }
    let (radix, told) = match choose(4) {
        0 => (Radix::Decimal, undump::Base::Decimal),
        1 => (Radix::Octal, undump::Base::Octal),
        _ => (Radix::Hex, undump::Base::Hex),
    };
    style = style.characters(characters).offsets(radix).upper_case(flag(2)).colour(flag(3));
    style = style.border(match choose(3) {
        0 => Border::Unicode,
        2 if data.len() >= style.record() => Border::None,
        _ => Border::Ascii,
    });
    let bare = flag(4) && (form != Form::Hexdump || characters != Characters::None);
    if bare {
        style = style.no_offsets().squeeze(Squeeze::Never);
    } else if flag(5) {
        style = style.squeeze(if flag(6) { Squeeze::Repeats } else { Squeeze::Zeros });
    }

    let Ok(text) = whole(Dump::new(style), data);
    let order = if style.is_little_endian() { Order::Little } else { Order::Big };
    let undump = Undump::new().form(form).order(order).base(told).text(characters == Characters::Ascii);
    let read = whole(undump, &text);
    assert!(
        read.as_deref() == Ok(data),
        "{style:?}: {read:?}, not {}, of\n{}",
        crate::quote(data),
        String::from_utf8_lossy(&text)
    );
    // Without a word about it, where the tool's own style says what it is.
    if matches!(form, Form::Xxd | Form::Hexdump | Form::Hexyl)
        && !data.is_empty()
        && characters == Characters::Ascii
        && (radix, bare) == (Radix::Hex, false)
        && !style.is_little_endian()
    {
        let read = whole(Undump::new(), &text);
        assert!(read.as_deref() == Ok(data), "{read:?} of\n{}", String::from_utf8_lossy(&text));
    }
}

/// Reads arrays of the bytes back, and the bytes as an array.
///
/// # Panics
/// When something else than the bytes is read.
pub fn arrays(bytes: &[u8]) {
    for &language in Language::ALL {
        let Ok(array) = Array::new(&ArrayStyle::new(language)) else { continue };
        let Ok(text) = whole(array, bytes);
        if text.is_empty() {
            continue; // No bytes in C are no text.
        }
        let read = whole(Undump::new().form(Form::Array), &text);
        assert!(read.as_deref() == Ok(bytes), "{read:?} of\n{}", String::from_utf8_lossy(&text));
    }
}

/// Every policy that has a name.
const POLICIES: [Policy; 5] =
    [Policy::GNU, Policy::GNU_IGNORE_GARBAGE, Policy::PYTHON, Policy::PYTHON_VALIDATE, Policy::STRICT];

/// Decodes the bytes in every alphabet under every policy, whole and cut, and reads back what is encoded of them.
///
/// # Panics
/// When the cut makes a difference, a place is outside the text, or what was encoded is not read back.
pub fn decoders(bytes: &[u8]) {
    let alphabets = Alphabet::ALL.into_iter().chain([Alphabet::Base64With(*b".~")]);
    for alphabet in alphabets {
        for policy in POLICIES {
            let whole = run(Decoder::new(alphabet, policy), &[bytes]);
            for cut in [1, 7] {
                let pieces: Vec<_> = bytes.chunks(cut).collect();
                assert!(run(Decoder::new(alphabet, policy), &pieces) == whole, "{alphabet} cut into {cut}");
            }
            if let Err(error) = whole.1 {
                assert!(error.offset <= bytes.len(), "{alphabet}: {error}");
            }
        }
        for wrap in [None, NonZeroUsize::new(bytes.len() % 80)] {
            let encoder = || Encoder::new(alphabet, wrap);
            let (text, done) = run(encoder(), &[bytes]);
            let pieces: Vec<_> = bytes.chunks(5).collect();
            assert!(run(encoder(), &pieces) == (text.clone(), done), "{alphabet} cut");
            if done.is_err() {
                assert!(alphabet == Alphabet::Z85 && !bytes.len().is_multiple_of(4), "{alphabet}");
                continue;
            }
            for policy in POLICIES {
                let breaks = wrap.is_some() && policy != Policy::GNU && policy != Policy::GNU_IGNORE_GARBAGE;
                if breaks || policy == Policy::PYTHON && alphabet != Alphabet::Base64 {
                    continue;
                }
                let (read, done) = run(Decoder::new(alphabet, policy), &[&text]);
                assert!(
                    done.is_ok() && read[..] == *bytes,
                    "{alphabet}: {done:?} of {}",
                    crate::quote(&text)
                );
            }
        }
    }
    base85(bytes);
    for cut in [1, 7] {
        let pieces: Vec<_> = bytes.chunks(cut).collect();
        let read = run(hex::Decoder::new(), &pieces);
        assert!(read.1.map(|()| Vec::from(read.0)) == hex::decode(bytes), "hex cut into {cut}");
    }
    assert!(hex::fromhex(&hex::hexlify(bytes, Some(b' '), 3)).as_deref() == Ok(bytes));
    assert!(hex::decode(hex::encode(bytes).as_bytes()).as_deref() == Ok(bytes));
    assert!(base64::decode(base64::encode(bytes).as_bytes()).as_deref() == Ok(bytes));
    let _ = (hex::decode_spaced(bytes), hex::fromhex(bytes), base64::decode_spaced(bytes));
}

/// Decodes base85 and Ascii85, whole and cut, and reads back what is encoded.
fn base85(bytes: &[u8]) {
    let same = |text: &[u8], adobe: bool, foldspaces: bool| {
        let how = A85Decode { foldspaces, adobe, ..A85Decode::default() };
        let (whole, cut) = (a85decode(text, how), text.chunks(3).collect::<Vec<_>>());
        let pieces = run(A85Decoder::new(how), &cut);
        assert!(pieces.1.map(|()| Vec::from(pieces.0)) == whole);
        let pieces = run(B85Decoder::new(), &cut);
        assert!(pieces.1.map(|()| Vec::from(pieces.0)) == b85decode(text));
        whole
    };
    let size = bytes.len();
    for choice in 0..8 {
        let (adobe, foldspaces) = (choice & 1 == 1, choice & 2 == 2);
        let wrapcol = if choice < 4 { 0 } else { size % 9 };
        let _ = same(bytes, adobe, foldspaces);
        let how = A85Encode { foldspaces, wrapcol, pad: false, adobe };
        let text = a85encode(bytes, how);
        let pieces: Vec<_> = bytes.chunks(3).collect();
        assert!(run(A85Encoder::new(how), &pieces).0[..] == *text.as_bytes());
        assert!(same(text.as_bytes(), adobe, foldspaces).as_deref() == Ok(bytes), "{text}");
    }
    assert!(b85decode(b85encode(bytes, false).as_bytes()).as_deref() == Ok(bytes));
}

/// The output of a transform, and its end.
fn run<T: Transform>(mut transform: T, pieces: &[&[u8]]) -> (Buffer, Result<(), T::Error>) {
    let mut out = Buffer::new();
    let done = pieces
        .iter()
        .try_for_each(|piece| transform.push(piece, &mut out))
        .and_then(|()| transform.finish(&mut out));
    (out, done)
}

/// Reads the first line as a format, and unpacks what follows; what was unpacked packs to the same values.
///
/// # Panics
/// When it does not, or an error is long or has a line feed.
pub fn pack(bytes: &[u8]) {
    /// What is longer is refused by memory alone.
    const MOST: usize = 1 << 20;
    let (format, data) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(at) => (bytes.get(..at).unwrap_or(bytes), bytes.get(at + 1..).unwrap_or(&[])),
        None => (bytes, &[][..]),
    };
    let format = match Format::parse(&String::from_utf8_lossy(format)) {
        Ok(format) => format,
        Err(error) => {
            let words = error.to_string();
            assert!(words.len() < 1024 && !words.contains(['\n', '\x1b']), "{words:?}");
            return;
        }
    };
    if format.size() > MOST || format.values() > MOST {
        return;
    }
    let mut data = data.to_vec();
    data.resize(format.size(), 0);
    let Ok(values) = format.unpack(&data) else { panic!("{format:?} refuses its own length") };
    assert!(values.len() == format.values());
    let packed = format.pack(&values).unwrap_or_else(|error| panic!("{format:?}: {error}"));
    let again = format.unpack(&packed).unwrap_or_default();
    // NaN is not itself, but prints as it.
    assert!(format!("{again:?}") == format!("{values:?}"), "{format:?}: {values:?}, then {again:?}");
    assert!(format.pack(&again).as_deref() == Ok(&packed[..]), "{format:?}");
}
