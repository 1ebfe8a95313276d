//! The fuzz targets of `fuzz/` on every test run: the same functions, with random bytes and with mended ones.
//!
//! libFuzzer finds more; this shows that each target holds, on any toolchain, and keeps them compiling.

#[expect(unreachable_pub, reason = "to libFuzzer it is a library")]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use proptest::prelude::*;

/// Inputs that are nearly right: random bytes alone seldom pass the first check of a parser.
const SEEDS: &[&[u8]] = &[
    b"",
    b"\x12\x34\x81\x80\0\x01\0\x01\0\0\0\0\x03www\x07example\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x7f\0\0\x01",
    b"nameserver 127.0.0.1\nsearch a.example\noptions ndots:2 timeout:1\n",
    b"127.0.0.1 localhost\n::1%lo ip6 # note\n",
    b"listen:tcp://[::1]:80,bind=127.0.0.1:0",
    b"\x14\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x40\0\0\0",
    b"\x02\0\0\x50\x7f\0\0\x01\0\0\0\0\0\0\0\0",
    b"\x24\0\0\0\x02\0\0\0\x01\0\0\0\0\0\0\0\xf3\xff\xff\xff\x10\0\0\0\x1a\0\x05\0\x01\0\0\0\0\0\0\0",
    b"  sl  local\n   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 1000 0 45678 1\n",
    b"hex:00ff u16be:80 text:\\x41 base64:AAAA repeat",
    b"a\x1b]0;t\x07\xc2\x9b31m\xe2\x80\xae\xff",
    b"00000000: 4a61 636b 0a                             Jack.\n*\n00000010: 21  !\n",
    b"00000000  4a 61 63 6b 0a                                    |Jack.|\n*\n00000020\n",
    b"\t0x0000:  4500 001c  E...\n0000 4A 61  Ja\n",
    b"\xe2\x94\x8200000000\xe2\x94\x82 4a 61 63 6b 0a          \xe2\x94\x82Jack_   \xe2\x94\x82\n",
    b"x[] = {\n  0x4a, 0x61, 99,\n};\nx_len = 3;\nb'J\\x61'\n",
    b"amFj\naw==\nQQ==Zg+/-_=\n",
    b"<~87cURD]i,\"Ebo80zy~>",
    b"!HHI4s2xq?d\n\0\x50\x01\xbb\0\0\0\x01jack",
    b"SO_RCVBUF=65536",
    b"999.1.1.1",
    b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x09\0\0\0abc",
    b"\x0a\x0d\x0d\x0a\0\0\0\x1c\x1a\x2b\x3c\x4d\0\x01\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x1c\
      \0\0\0\x01\0\0\0\x20\0\x01\0\0\0\0\0\0\0\x09\0\x01\x09\0\0\0\0\0\0\0\0\0\0\x20\
      \0\0\0\x06\0\0\0\x2c\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0\x02\0\0\0\x02hi\0\0\0\x01\0\x01!\0\0\0\0\0\0\x2c",
    b"\x04\x03\0\x45\0\0\x3a\0\x01\0\0\x40\x11\0\0\x7f\0\0\x01\x7f\0\0\x02\x04\xd2\0\x35\0\x26\0\0\
      \x59\x34\x81\x80\0\x01\0\0\0\0\0\0\x07example\x04test\0\0\x01\0\x01",
    b"\0\x02\0\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0\x45\0\0\x2c\0\x01\0\0\x40\x06\0\0\x7f\0\0\x01\x7f\0\0\x01\
      \0\x14\0\x50\0\0\0\x01\0\0\0\0\x60\x02\x20\0\0\0\0\0\x02\x04\x05\xb4",
];

#[test]
fn the_list_has_every_target() {
    let there = std::fs::read_dir("../../fuzz/fuzz_targets").unwrap();
    let mut files: Vec<_> = there.map(|file| file.unwrap().path().file_stem().unwrap().to_owned()).collect();
    let mut listed: Vec<_> =
        targets::TARGETS.iter().map(|(name, _)| std::ffi::OsString::from(name)).collect();
    files.sort();
    listed.sort();
    assert_eq!(files, listed);
}

#[test]
fn seeds_and_their_beginnings_hold() {
    for (_, target) in targets::TARGETS {
        for seed in SEEDS {
            for end in 0..=seed.len() {
                target(&seed[..end]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn random_bytes_hold(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for (_, target) in targets::TARGETS {
            target(&bytes);
        }
    }

    #[test]
    fn mended_seeds_hold(
        seed in 0..SEEDS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = SEEDS[seed].to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len() + 1);
            match bytes.get_mut(at) {
                Some(there) => *there = byte,
                None => bytes.push(byte),
            }
        }
        for (_, target) in targets::TARGETS {
            target(&bytes);
        }
    }
}
