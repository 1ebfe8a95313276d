//! The flags of bytes as text in an alphabet, and the dialects of the tools it stands for.

use super::{Flag, Group, Kind, Takes};
use crate::face::Face;

const BASE64: &[Face] = &[Face::Base64];
const GNU: &[Face] = &[Face::GnuBase64, Face::GnuBase32, Face::Basenc];
/// The job and the tools it stands for.
const CODERS: &[Face] = &[Face::Base64, Face::GnuBase64, Face::GnuBase32, Face::Basenc];
const BYTES: &[Face] = &[Face::Base64, Face::Hex];
const BASENC: &[Face] = &[Face::Basenc];

/// The alphabets of base64, by the names that basenc gives its flags.
const ALPHABETS: &[&str] =
    &["base64", "base64url", "base58", "base32", "base32hex", "base16", "base2msbf", "base2lsbf", "z85"];

/// The rows.
pub(super) const FLAGS: &[Flag] = &[
    Flag {
        id: "file",
        faces: CODERS,
        takes: Takes::Operands(0, 1),
        help: "The file to read; - or none is standard input",
        ..Flag::BARE
    },
    Flag {
        id: "dialect",
        long: Some("dialect"),
        faces: BASE64,
        takes: Takes::One(Kind::Choice("TOOL", &["base64", "base32", "basenc"])),
        group: Some(Group::Peer),
        rare: true,
        help: "Do this job with another tool's flags, messages and exit codes: base64, base32, basenc",
        more: "A link to jack by the tool's name does the same.",
        ..Flag::BARE
    },
    // Bytes as text. The order is that in which GNU's tools list what a shortened name may mean.
    Flag {
        id: "decode",
        long: Some("decode"),
        short: Some('d'),
        faces: CODERS,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        help: "From text to bytes",
        more: "As GNU's tools since 9.5 do: line feeds may stand anywhere, padding may be missing, not by half, and padded texts \
               may follow each other. What stood before a fault is written. --strict and --python are other rules.",
        ..Flag::BARE
    },
    Flag {
        id: "wrap",
        long: Some("wrap"),
        short: Some('w'),
        faces: BASE64,
        takes: Takes::One(Kind::Number),
        group: Some(Group::Bytes),
        help: "Characters in a line; 0 is one line without an end [default: 76]",
        ..Flag::BARE
    },
    Flag {
        id: "wrap",
        long: Some("wrap"),
        short: Some('w'),
        faces: GNU,
        takes: Takes::One(Kind::Text("COLS")),
        help: "Characters in a line; 0 is one line without an end [default: 76]",
        ..Flag::BARE
    },
    Flag {
        id: "ignore-garbage",
        long: Some("ignore-garbage"),
        short: Some('i'),
        faces: CODERS,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        help: "With -d, drop what is not of the alphabet",
        ..Flag::BARE
    },
    Flag {
        id: "base64",
        long: Some("base64"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 4: + and / are the last digits",
        ..Flag::BARE
    },
    Flag {
        id: "base64url",
        long: Some("base64url"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 5: - and _ are the last digits",
        ..Flag::BARE
    },
    Flag {
        id: "base58",
        long: Some("base58"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "The alphabet of Bitcoin addresses: the whole input as one number",
        ..Flag::BARE
    },
    Flag {
        id: "base32",
        long: Some("base32"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 6",
        ..Flag::BARE
    },
    Flag {
        id: "base32hex",
        long: Some("base32hex"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "RFC 4648 section 7: digits in the order of their values",
        ..Flag::BARE
    },
    Flag {
        id: "base16",
        long: Some("base16"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "Hexadecimal, RFC 4648 section 8",
        ..Flag::BARE
    },
    Flag {
        id: "base2msbf",
        long: Some("base2msbf"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "Bits, the most significant of a byte first",
        ..Flag::BARE
    },
    Flag {
        id: "base2lsbf",
        long: Some("base2lsbf"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "Bits, the least significant of a byte first",
        ..Flag::BARE
    },
    Flag {
        id: "z85",
        long: Some("z85"),
        faces: BASENC,
        takes: Takes::Switch,
        help: "ZeroMQ RFC 32: a multiple of 4 bytes as a multiple of 5 characters",
        ..Flag::BARE
    },
    Flag {
        id: "help",
        long: Some("help"),
        faces: GNU,
        takes: Takes::Switch,
        help: "Print this help and leave",
        ..Flag::BARE
    },
    Flag {
        id: "version",
        long: Some("version"),
        faces: GNU,
        takes: Takes::Switch,
        help: "Print the version and leave",
        ..Flag::BARE
    },
    Flag {
        id: "alphabet",
        long: Some("alphabet"),
        faces: BASE64,
        takes: Takes::One(Kind::Choice("NAME", ALPHABETS)),
        group: Some(Group::Bytes),
        help: "base64url, base32, base32hex, base16, base2msbf, base2lsbf, base58 or z85 [default: base64]",
        more: "base64 to base16 are those of RFC 4648; base2msbf and base2lsbf are bits, the highest or the lowest of a byte first; \
               base58 is that of Bitcoin addresses, one number for the whole input; z85 is ZeroMQ's, for a multiple of 4 bytes.",
        ..Flag::BARE
    },
    Flag {
        id: "strict",
        long: Some("strict"),
        faces: BASE64,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        help: "With -d, RFC 4648 to the letter: padding, zero bits at the end, no junk",
        more: "Line feeds alone may stand between: they are the lines. What follows the padding, and lower case in base32 or base16, is \
               a fault.",
        ..Flag::BARE
    },
    Flag {
        id: "python",
        long: Some("python"),
        faces: BASE64,
        takes: Takes::Switch,
        group: Some(Group::Bytes),
        help: "With -d, what Python's b64decode, urlsafe_b64decode, b32decode or b16decode would do",
        more: "In base64 what is not of the alphabet is skipped and the first padding ends the text.",
        ..Flag::BARE
    },
    // Bytes from elsewhere, and to elsewhere.
    Flag {
        id: "data",
        long: Some("data"),
        faces: BASE64,
        takes: Takes::Many(Kind::Text("DATA")),
        group: Some(Group::Bytes),
        help: "Take this, not a file: text:… hex:… u16be:… @FILE",
        more: "With -d it is the text to decode. text: is as typed, str: has the escapes of a string literal; jack explain data lists \
               all forms. Several are joined.",
        ..Flag::BARE
    },
    Flag {
        id: "output",
        long: Some("output"),
        faces: BYTES,
        takes: Takes::One(Kind::Path),
        group: Some(Group::Bytes),
        help: "Write to a file, mode 0600, not to standard output",
        ..Flag::BARE
    },
];
