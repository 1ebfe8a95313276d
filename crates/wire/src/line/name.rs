//! Domain names as text: also those that tcpdump finds broken, and what it makes of them.

use super::{Line, Reader, Told};

/// The most bytes of a name that are written.
const LONGEST_NAME: usize = 255;

/// Reads over a name.
pub(crate) fn skip_name(reader: &mut Reader<'_>) -> Told {
    loop {
        match reader.u8()? {
            0 => return Ok(()),
            len @ 1..=0x3f => drop(reader.take(len.into())?),
            BIT_STRING => {
                let bits = reader.u8()?;
                reader.take(bit_string_len(bits))?;
            }
            0xc0.. => {
                reader.take_up_to(1);
                return Ok(());
            }
            _ => return Err(reader.cut()),
        }
    }
}

/// The type of a label of bits: RFC 2673, section 3.1.
const BIT_STRING: u8 = 0x41;

/// Returns how many bits a label of bits has: zero means the most.
fn bit_string_bits(number: u8) -> usize {
    if number == 0 { 256 } else { number.into() }
}

/// Returns how many bytes a label of bits has.
fn bit_string_len(number: u8) -> usize {
    bit_string_bits(number).div_ceil(8)
}

/// Writes a name, and reads over it. A pointer must lead back, to before where the labels that it ends begin.
pub(crate) fn name(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    labels(line, reader, Some(0))
}

/// Writes a name, and reads over it, whose pointers count from a place, which may be behind it.
pub(crate) fn name_from(line: &mut Line<'_>, reader: &mut Reader<'_>, base: usize) -> Told {
    labels(line, reader, Some(base))
}

/// Writes a name, and reads over it, that a pointer ends without a word: those of EDNS have none.
pub(crate) fn name_without_pointers(line: &mut Line<'_>, reader: &mut Reader<'_>) -> Told {
    labels(line, reader, None)
}

/// Writes labels; `base` is from where pointers count, if they are followed.
fn labels(line: &mut Line<'_>, reader: &mut Reader<'_>, base: Option<usize>) -> Told {
    let mut at = *reader;
    let behind = if skip_name(reader).is_ok() { *reader } else { reader.from(reader.all().len()) };
    let mut run = at.at().checked_sub(base.unwrap_or(0)).unwrap_or(usize::MAX);
    let mut written = 0;
    let mut label = at.u8()?;
    if label == 0 {
        line.text(".");
    }
    while label != 0 {
        // A label of which nothing is there ends the name without a word, and so does a pointer behind labels.
        if at.is_empty() && (label < 0x40 || (label >= 0xc0 && written > 0)) {
            break;
        }
        match (label, base) {
            (0xc0.., None) => break,
            (0xc0.., Some(base)) => {
                let to = usize::from(label & 0x3f) << 8 | usize::from(at.u8()?);
                if to >= run {
                    line.text("<BAD PTR>");
                    return Err(at.cut());
                }
                run = to;
                at = at.from(base.saturating_add(to));
                label = at.u8()?;
                continue;
            }
            (BIT_STRING, _) => {
                let bits = at.u8()?;
                bit_string(line, &mut at, bits)?;
            }
            (0x40..=0x7f, _) => {
                line.fmt(format_args!("<ELT {}>", label & 0x3f));
                return Err(at.cut());
            }
            (0x80.., _) => {
                line.text("<BAD LABEL TYPE>");
                return Err(at.cut());
            }
            (len, _) => {
                // What is too long is read to its end, and not written.
                let room = LONGEST_NAME.saturating_sub(written).min(len.into());
                safe(line, &mut at, room)?;
                at.take(usize::from(len) - room)?;
                written += usize::from(len);
            }
        }
        if written <= LONGEST_NAME {
            line.text(".");
        }
        written += 1;
        label = at.u8()?;
    }
    if written > LONGEST_NAME {
        line.text("<DOMAIN NAME TOO LONG>");
    }
    *reader = behind;
    Ok(())
}

/// Writes a label of bits: `\[xf8/5]`.
fn bit_string(line: &mut Line<'_>, reader: &mut Reader<'_>, number: u8) -> Told {
    let bits = bit_string_bits(number);
    line.text("\\[x");
    let mut left = bits;
    while left > 0 {
        let byte = reader.u8()?;
        let kept = if left < 8 { byte & !(0xff >> left) } else { byte };
        if left > 4 {
            line.hex_wide(kept, 2);
        } else {
            line.hex(kept >> 4);
        }
        left = left.saturating_sub(8);
    }
    line.fmt(format_args!("/{bits}]"));
    Ok(())
}

/// Writes so many bytes as text.
pub(crate) fn safe(line: &mut Line<'_>, reader: &mut Reader<'_>, len: usize) -> Told {
    let bytes = reader.take_up_to(len);
    line.safe(bytes);
    if bytes.len() < len { Err(reader.cut()) } else { Ok(()) }
}
