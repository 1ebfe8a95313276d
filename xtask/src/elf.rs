//! Whether an ELF program is static: it names no interpreter.
//!
//! A program that is linked dynamically has a `PT_INTERP` header with the path of the loader that must be there
//! at run time; a static one, position-independent or not, has none.
//!
//! Reference: elf(5), "ELF header (Ehdr)" and "Program header (Phdr)".

use anyhow::{Context, Result, bail};

const PT_INTERP: u32 = 3;

/// Returns the loader that the program `bytes` asks for; None means that it is static.
///
/// # Errors
/// `bytes` are no 64-bit little-endian ELF file, or end before what their header promises.
pub(crate) fn interpreter(bytes: &[u8]) -> Result<Option<String>> {
    if bytes.get(..6) != Some(b"\x7fELF\x02\x01") {
        bail!("not a 64-bit little-endian ELF file");
    }
    let table = number(bytes, 32, 8)?; // e_phoff
    let size = number(bytes, 54, 2)?; // e_phentsize
    let count = number(bytes, 56, 2)?; // e_phnum
    for index in 0..count {
        let header = table.checked_add(index * size).context("the program headers lie past the end")?;
        if number(bytes, header, 4)? == u64::from(PT_INTERP) {
            let start = usize::try_from(number(bytes, header + 8, 8)?)?; // p_offset
            let length = usize::try_from(number(bytes, header + 32, 8)?)?; // p_filesz
            let path = bytes.get(start..).and_then(|rest| rest.get(..length));
            let path = path.context("the interpreter's name lies past the end")?;
            return Ok(Some(String::from_utf8_lossy(path).trim_end_matches('\0').to_owned()));
        }
    }
    Ok(None)
}

/// Reads a little-endian number of `size` bytes, at most 8, at offset `at`.
fn number(bytes: &[u8], at: u64, size: usize) -> Result<u64> {
    let start = usize::try_from(at)?;
    let field = bytes.get(start..).and_then(|rest| rest.get(..size));
    let field = field.with_context(|| format!("the file ends before offset {at}"))?;
    Ok(field.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF file with one program header of type `kind`, and a name behind it.
    fn program(kind: u32) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64; // e_phoff
        bytes[54] = 56; // e_phentsize
        bytes[56] = 1; // e_phnum
        bytes[64..68].copy_from_slice(&kind.to_le_bytes());
        bytes[64 + 8] = 120; // p_offset
        bytes[64 + 32] = 7; // p_filesz
        bytes.extend(b"/ld.so\0");
        bytes
    }

    #[test]
    fn an_interpreter_is_found_by_its_header() {
        assert_eq!(interpreter(&program(PT_INTERP)).unwrap().as_deref(), Some("/ld.so"));
        assert_eq!(interpreter(&program(2)).unwrap(), None);
    }

    #[test]
    fn what_is_cut_short_or_no_elf_is_an_error() {
        let whole = program(PT_INTERP);
        for length in 0..whole.len() {
            assert!(interpreter(&whole[..length]).is_err(), "{length} bytes");
        }
        assert!(interpreter(b"#!/bin/sh\nexec true\n").is_err());
        let mut far = program(PT_INTERP);
        far[32..40].fill(0xff);
        assert!(interpreter(&far).is_err());
    }

    #[test]
    #[cfg(all(target_env = "gnu", not(target_feature = "crt-static")))]
    fn this_test_is_linked_dynamically() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(interpreter(&own).unwrap().is_some_and(|path| path.contains("/ld-")));
    }
}
