//! Arrays in C against `xxd -i`, and every language read back by its own tool.
#![cfg(test)] // Already so, but this tells clippy, too: helpers may unwrap.

mod oracle;

use std::ffi::OsStr;
use std::path::Path;

use jackfield_codec::array::{Array, ArrayStyle, Language};
use jackfield_codec::stream::whole;
use oracle::{Random, run};

fn array(style: &ArrayStyle, bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = whole(Array::new(style).unwrap(), bytes);
    text
}

#[test]
fn c_is_that_of_xxd() {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random(0x0078_7864);
    for _ in 0..2_000 {
        let length = random.pick(&[0, 1, 11, 12, 13, 24, 100, 5000]);
        let bytes = random.bytes(length + 1, &[]);
        let mut style = ArrayStyle::new(Language::C);
        let mut arguments = vec!["-i".to_owned()];
        let mut option = |on: bool, argument: &dyn Fn() -> String| {
            if on {
                arguments.push(argument());
            }
            on
        };
        style = style.upper_case(option(random.once_in(2), &|| "-u".into()));
        style = style.capital_name(option(random.once_in(2), &|| "-C".into()));
        let columns = random.pick(&[0, 1, 2, 5, 11, 12, 13, 16, 256, 300, 10_000]);
        if option(random.once_in(2), &|| format!("-c{columns}")) {
            style = style.columns(columns);
        }
        let file = random.bytes(12, b"ab0_-.Z9+ ~@\xc3\xa9");
        // Not an option, and a file's name.
        let file = [b"./".repeat(random.below(2)), b"x".repeat(random.below(2)), file].concat();
        let file = String::from_utf8_lossy(&file).into_owned();
        let is_file = random.once_in(2)
            && !file.starts_with(['-', '+'])
            && !matches!(file.trim_start_matches("./"), "" | "." | "..");
        if is_file {
            std::fs::write(directory.path().join(&file), &bytes).unwrap();
            style = style.name(OsStr::new(&file));
        }
        let name = format!("{file}x");
        if option(random.once_in(3), &|| format!("-n{name}")) {
            style = style.name(OsStr::new(&name));
        }
        if is_file {
            arguments.push(file);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let input: &[u8] = if is_file { b"" } else { &bytes };
        let Some(expected) = run("xxd", &arguments, directory.path(), input) else { return };
        let ours = array(&style, &bytes);
        assert!(
            ours == expected,
            "xxd {arguments:?} on {} bytes:\n{}\nours:\n{}",
            bytes.len(),
            String::from_utf8_lossy(&expected[..expected.len().min(400)]),
            String::from_utf8_lossy(&ours[..ours.len().min(400)])
        );
    }
}

/// Every byte value, no bytes, and lengths on both sides of a full line.
fn inputs() -> Vec<Vec<u8>> {
    let all: Vec<u8> = (0..=255).collect();
    [0, 1, 12, 13, 256].map(|length| all[..length].to_vec()).to_vec()
}

/// The styles that a reader must take.
fn styles(language: Language) -> [ArrayStyle; 4] {
    let style = ArrayStyle::new(language);
    [style.clone(), style.clone().upper_case(true), style.clone().binary(true), style.columns(5)]
}

#[test]
fn python_reads_what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    for bytes in inputs() {
        for style in styles(Language::Python) {
            let mut program = b"import sys\ngot = ".to_vec();
            program.extend(array(&style, &bytes));
            program.extend(array(&style.name(OsStr::new("class")), &bytes));
            program.extend(b"sys.stdout.buffer.write(got + class_)\n");
            let Some(read) = run("python3", &["-"], directory.path(), &program) else { return };
            assert_eq!(read, bytes.repeat(2), "{}", String::from_utf8_lossy(&program));
        }
    }
}

#[test]
fn gcc_reads_what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let mut source = b"#include <stdio.h>\n".to_vec();
    let mut main = b"int main(void) {\n".to_vec();
    let mut expected = Vec::new();
    for (index, bytes) in inputs().into_iter().enumerate() {
        for (style_index, style) in styles(Language::C).into_iter().enumerate() {
            let name = format!("{index}.{style_index}");
            let name = OsStr::new(&name);
            source.extend(array(&style.clone().name(name), &bytes));
            let c_name = format!("__{index}_{style_index}");
            main.extend(format!("fwrite({c_name}, 1, {c_name}_len, stdout);\n").bytes());
            expected.extend(&bytes);
            // The zero is behind what is counted.
            let style = style.capital_name(true).terminate(true);
            source.extend(array(&style.name(OsStr::new(&format!("T{index}.{style_index}"))), &bytes));
            let c_name = format!("T{index}_{style_index}");
            main.extend(format!("fwrite({c_name}, 1, {c_name}_LEN + 1, stdout);\n").bytes());
            expected.extend(&bytes);
            expected.push(0);
        }
    }
    source.extend(main);
    source.extend(b"return 0; }\n");
    compile_and_compare("gcc", &["-x", "c", "-", "-o", "program"], directory.path(), &source, &expected);
}

#[test]
fn rustc_reads_what_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let mut source = b"use std::io::Write;\n".to_vec();
    let mut main = b"fn main() { let mut out = std::io::stdout();\n".to_vec();
    let mut expected = Vec::new();
    for (index, bytes) in inputs().into_iter().enumerate() {
        for (style_index, style) in styles(Language::Rust).into_iter().enumerate() {
            let name = format!("fn-{index}.{style_index}");
            source.extend(array(&style.clone().name(OsStr::new(&name)), &bytes));
            main.extend(format!("out.write_all(FN_{index}_{style_index}).unwrap();\nout.write_all(").bytes());
            main.extend(array(&style, &bytes));
            main.extend(b").unwrap();\n");
            expected.extend(bytes.repeat(2));
        }
    }
    source.extend(main);
    source.extend(b"}\n");
    let arguments = ["--edition=2021", "-Dwarnings", "--crate-name=program", "-oprogram", "-"];
    compile_and_compare("rustc", &arguments, directory.path(), &source, &expected);
}

fn compile_and_compare(compiler: &str, arguments: &[&str], directory: &Path, source: &[u8], expected: &[u8]) {
    if run(compiler, arguments, directory, source).is_some() {
        let program = directory.join("program");
        assert_eq!(run(program.to_str().unwrap(), &[], directory, b"").unwrap(), expected);
    }
}

#[test]
fn serde_json_reads_what_is_written() {
    for bytes in inputs() {
        for columns in [0, 1, 5] {
            let text = array(&ArrayStyle::new(Language::Json).columns(columns), &bytes);
            assert_eq!(serde_json::from_slice::<Vec<u8>>(&text).unwrap(), bytes);
        }
    }
}

/// Read by hand: a Go compiler is rarely there. Go wants the comma behind the last byte of a line.
#[test]
fn go_has_a_comma_after_every_byte() {
    for bytes in inputs() {
        for style in styles(Language::Go) {
            let text = String::from_utf8(array(&style.name(OsStr::new("x")), &bytes)).unwrap();
            let numbers = text.strip_prefix("var x = []byte{\n").unwrap().strip_suffix("}\n").unwrap();
            let read: Vec<u8> = numbers
                .split_terminator(',')
                .map(str::trim)
                .filter(|number| !number.is_empty())
                .map(|number| match number.split_at(2) {
                    ("0x", digits) => u8::from_str_radix(digits, 16).unwrap(),
                    ("0b", digits) => u8::from_str_radix(digits, 2).unwrap(),
                    _ => panic!("{number}"),
                })
                .collect();
            assert_eq!(read, bytes);
            assert!(numbers.lines().all(|line| line.starts_with('\t') && line.ends_with(',')), "{text}");
        }
    }
}
