//! The fields of the files in `testdata/peer-versions`, read in one way by every test that holds them.

/// The bytes of a field (`\n`, `\r`, `\t` and `\xHH` stand for bytes), and whether the tool is content: a `!` at the end
/// says that it is not.
pub(crate) fn field(text: &str) -> (Vec<u8>, bool) {
    let (text, content) = text.strip_suffix('!').map_or((text, true), |text| (text, false));
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (byte, length) = match after.as_bytes()[0] {
            b'n' => (b'\n', 1),
            b'r' => (b'\r', 1),
            b't' => (b'\t', 1),
            b'x' => (u8::from_str_radix(&after[1..3], 16).unwrap(), 3),
            other => panic!("\\{} in {text}", char::from(other)),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    (bytes, content)
}
