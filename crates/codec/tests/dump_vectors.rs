//! The rows of `testdata/peer-versions/xxd.md`: ours against what the version that we follow writes, and the installed
//! tool against what its version is said to write.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use std::path::Path;

use jackfield_codec::{Base, Buffer, Characters, Dump, Radix, Squeeze, Style};

const TABLE: &str = include_str!("../../../testdata/peer-versions/xxd.md");

fn rows() -> Vec<[String; 4]> {
    let row = |line: &str| {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim_matches(' ').to_owned()).collect();
        match &cells[..] {
            [_, arguments, input, old, new, _] if arguments.starts_with('-') && !input.starts_with("---") => {
                Some([arguments.clone(), input.clone(), old.clone(), new.clone()])
            }
            _ => None,
        }
    };
    TABLE.lines().filter_map(row).collect()
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let (byte, len) = match rest.as_bytes() {
            [b'\\', b'n', ..] => (b'\n', 2),
            [b'\\', b'e', ..] => (0x1b, 2),
            [b'\\', b'x', ..] => (u8::from_str_radix(&rest[2..4], 16).unwrap(), 4),
            _ => (u8::try_from(char).unwrap(), 1),
        };
        bytes.push(byte);
        rest = &rest[len..];
    }
    bytes
}

/// The few options of the table.
fn ours(arguments: &str, input: &[u8]) -> Vec<u8> {
    let mut style = if arguments.contains("-p") { Style::plain() } else { Style::xxd() };
    let mut offset = 0;
    for option in arguments.split(' ') {
        style = match option.split_at(2) {
            ("-c", columns) => style.columns(columns.parse().unwrap()).unwrap(),
            ("-g", group) => style.group(group.parse().unwrap()),
            ("-e", _) => style.little_endian().unwrap(),
            ("-b", _) => style.base(Base::Binary),
            ("-d", _) => style.offsets(Radix::Decimal),
            ("-E", _) => style.characters(Characters::Ebcdic),
            ("-a", _) => style.squeeze(Squeeze::Zeros),
            ("-R", _) => style.colour(true),
            ("-o", given) => {
                offset = given.parse::<i64>().unwrap().cast_unsigned();
                style
            }
            ("-p" | "al", _) => style,
            other => panic!("{other:?} is not an option of this test"),
        };
    }
    let mut out = Buffer::new();
    let mut dump = Dump::starting_at(style, offset);
    dump.push(input, &mut out);
    dump.finish(&mut out);
    out.into()
}

#[test]
fn ours_are_those_of_the_version_that_we_follow() {
    let rows = rows();
    assert!(rows.len() >= 14, "only {} rows were read", rows.len());
    for [arguments, input, _, new] in rows {
        let ours = ours(&arguments, &unescaped(&input));
        assert_eq!(
            ours.escape_ascii().to_string(),
            unescaped(&new).escape_ascii().to_string(),
            "{arguments}"
        );
    }
}

#[test]
fn the_installed_tool_is_what_the_table_says() {
    let tool = std::env::var("PEER_XXD").unwrap_or_else(|_| "xxd".to_owned());
    let Ok(said) = std::process::Command::new(&tool).arg("-v").output() else {
        // Runs nothing, and says so, or fails where it must be there.
        oracle::run(&tool, &["-v"], Path::new("."), b"");
        return;
    };
    let said = String::from_utf8(said.stderr).unwrap();
    let column = match said.get(4..14) {
        Some("2022-01-14") => 2,
        Some("2026-06-16") => 3,
        // One in between: the table says nothing of it.
        _ => return,
    };
    for row in rows() {
        if row[column] == "-" {
            continue;
        }
        let arguments: Vec<&str> = row[0].split(' ').collect();
        let Some(output) = oracle::run(&tool, &arguments, Path::new("."), &unescaped(&row[1])) else {
            return;
        };
        let expected = unescaped(&row[column]).escape_ascii().to_string();
        assert_eq!(output.escape_ascii().to_string(), expected, "{}", row[0]);
    }
}
