//! The laws that the fuzz targets hold, over inputs that are likely to mean something.

#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

use jackfield_codec::check;
use proptest::prelude::*;

/// Bytes with the runs, the text and the repeated lines that squeezing and text columns are about.
fn data() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::collection::vec(0x20..0x7f_u8, 0..40),
        (any::<u8>(), 0..200_usize).prop_map(|(byte, count)| vec![byte; count]),
        (0..100_usize).prop_map(|count| vec![0; count]),
        "[0-9a-f |<>*.:]{0,20}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_dumped_is_read_back(choices: [u8; 8], data in data()) {
        check::dump(&[&choices[..], &data].concat());
    }

    #[test]
    fn what_is_packed_is_unpacked(
        format in "[@=<>!]?( ?[0-9]{0,2}[xcbB?hHiIlLqQnNefdFDspP]){0,8}",
        data: Vec<u8>,
    ) {
        check::pack(&[format.as_bytes(), b"\n", &data].concat());
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(data in data()) {
        check::arrays(&data);
        check::decoders(&data);
    }

    #[test]
    fn text_of_every_alphabet_is_survived(text in "[A-Za-z0-9+/=\\-_.~\n ]{0,60}") {
        check::decoders(text.as_bytes());
    }

    #[test]
    fn kernels_do_what_their_twins_do(
        data in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..600),
            "[0-9a-fA-F]{0,300}[g\n]?[0-9a-f]{0,300}".prop_map(String::into_bytes),
            "[A-Za-z0-9+/]{0,300}[-\n]?[A-Za-z0-9_-]{0,300}".prop_map(String::into_bytes),
        ],
        width: u8,
    ) {
        check::kernels(&[&[width], &data[..]].concat());
    }
}
