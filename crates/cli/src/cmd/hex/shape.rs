//! From flags to the style of a dump or an array.
//!
//! What two flags say twice, or the one against the other, is refused here; what a flag says in a way that has no use
//! for it, by the table of ways.

use std::ffi::{OsStr, OsString};

use jackfield::codec::array::{Array, ArrayStyle, Language};
use jackfield::codec::{Base, Characters, Radix, Squeeze, Style, StyleError};
use jackfield::sock;

use super::Ends;
use super::ways::Way;
use crate::args::Given;
use crate::exit::Failure;
use crate::units::Signed;

/// Bytes of a little-endian group when nothing else is said, as xxd has it.
const WORD: u64 = 4;
/// Bytes of a panel.
const PANEL: usize = 8;
/// Characters of a line where there is no terminal that says it.
const USUAL_WIDTH: u16 = 80;

/// The style of a dump.
pub(super) fn style(way: Way, given: &Given) -> Result<Style, Failure> {
    let style = match way {
        Way::Hexdump => Style::hexdump(),
        Way::Od => Style::od(),
        Way::Plain => Style::plain(),
        Way::Boxed => Style::boxed().squeeze(Squeeze::Never),
        _ => Style::xxd(),
    };
    let wrong = |error: StyleError| Failure::usage(error.to_string());
    let mut style = style.upper_case(given.switch("upper")).base(base(given)?);
    match given.size("columns") {
        // Its own number, in xxd.
        Some(0) if way == Way::Xxd => {}
        Some(columns) => {
            style = style.columns(usize::try_from(columns).unwrap_or(usize::MAX)).map_err(wrong)?;
        }
        None => {}
    }
    let little = is_little(given)?.unwrap_or(false);
    let usual = if little && way != Way::Xxd { Some(WORD) } else { None };
    if let Some(group) = given.size("group").or(usual) {
        let group = usize::try_from(group).unwrap_or(usize::MAX);
        if way == Way::Boxed && group > PANEL {
            return Err(Failure::usage(format!(
                "--group {group} does not go with --style box: a panel has 8 bytes"
            )));
        }
        let is_whole_line = way == Way::Xxd && group > style.record();
        style = style.group(if is_whole_line { 0 } else { group });
    }
    if little {
        style = style.little_endian().map_err(wrong)?;
    }
    if let Some(radix) = radix(given)? {
        style = style.offsets(radix);
    }
    if given.switch("ebcdic") {
        style = style.characters(Characters::Ebcdic);
    }
    if let Some(squeeze) = squeeze(given)? {
        style = style.squeeze(squeeze);
    }
    if let Some(panels) = given.text("panels") {
        style = self::panels(style, given, panels)?;
    }
    Ok(style.colour(is_coloured(given)))
}

/// The style where none can be asked for.
pub(super) fn usual(given: &Given) -> Style {
    Style::xxd().colour(is_coloured(given))
}

/// What is added to the offsets.
pub(super) fn offset(given: &Given) -> u64 {
    let typed = given.value::<Signed>("offset").unwrap_or_default();
    if typed.minus { typed.amount.wrapping_neg() } else { typed.amount }
}

/// The array, named after the file if it can have a name.
pub(super) fn array(given: &Given, file: Option<&OsString>) -> Result<Array, Failure> {
    let language = match given.choice("array") {
        Some(other) if given.switch("include") && other != Language::C.name() => {
            return Err(Failure::usage(format!(
                "-i is --array c: it and --array {other} exclude each other"
            )));
        }
        Some(name) => Language::ALL.iter().copied().find(|language| language.name() == name),
        None => None,
    }
    .unwrap_or(Language::C);
    let columns = usize::try_from(given.size("columns").unwrap_or(0)).unwrap_or(usize::MAX);
    let mut style = ArrayStyle::new(language)
        .columns(columns)
        .binary(base(given)? == Base::Binary)
        .upper_case(given.switch("upper"))
        .terminate(given.switch("terminate"));
    let name = given.text("name").or_else(|| file.filter(|_| language.has_names()).map(OsString::as_os_str));
    if let Some(name) = name {
        style = style.name(name);
    }
    if given.switch("capitals") {
        match (language, name) {
            (Language::Rust, _) => {
                return Err(Failure::usage("-C says nothing: in Rust the name is in capitals"));
            }
            (Language::Json, _) | (_, Some(_)) => style = style.capital_name(true),
            (_, None) => {
                return Err(Failure::usage("-C puts a name in capitals, and there is none: -n NAME"));
            }
        }
    }
    Array::new(&style).map_err(|error| Failure::usage(error.to_string()))
}

fn base(given: &Given) -> Result<Base, Failure> {
    match (given.switch("bits"), given.switch("upper")) {
        (true, true) => Err(Failure::usage("-b and -u exclude each other: bits have no letters")),
        (true, false) => Ok(Base::Binary),
        (false, _) => Ok(Base::Hex),
    }
}

/// The order in groups, if it was said.
pub(super) fn is_little(given: &Given) -> Result<Option<bool>, Failure> {
    match (given.switch("little-endian"), given.choice("endian")) {
        (true, Some("big")) => Err(Failure::usage("-e and --endian big exclude each other")),
        (true, _) => Ok(Some(true)),
        (false, endian) => Ok(endian.map(|endian| endian == "little")),
    }
}

/// The base of offsets, if it was said.
pub(super) fn radix(given: &Given) -> Result<Option<Radix>, Failure> {
    match (given.switch("decimal"), given.choice("radix")) {
        (true, Some(other @ ("hex" | "octal"))) => {
            Err(Failure::usage(format!("-d and --radix {other} exclude each other")))
        }
        (true, _) | (_, Some("decimal")) => Ok(Some(Radix::Decimal)),
        (_, Some("octal")) => Ok(Some(Radix::Octal)),
        (_, Some(_)) => Ok(Some(Radix::Hex)),
        (_, None) => Ok(None),
    }
}

fn squeeze(given: &Given) -> Result<Option<Squeeze>, Failure> {
    let squeeze = given.choice("squeeze");
    if squeeze.is_some() && given.count("autoskip") > 0 {
        return Err(Failure::usage("-a and --squeeze exclude each other: -a is --squeeze=zeros"));
    }
    Ok(match squeeze {
        Some("never") => Some(Squeeze::Never),
        Some("zeros") => Some(Squeeze::Zeros),
        Some(_) => Some(Squeeze::Repeats),
        // A second one takes the first back.
        None => (given.count("autoskip") % 2 == 1).then_some(Squeeze::Zeros),
    })
}

fn panels(style: Style, given: &Given, panels: &OsStr) -> Result<Style, Failure> {
    if given.is_typed("columns") {
        return Err(Failure::usage("--columns and --panels exclude each other: a panel has 8 bytes"));
    }
    if panels == "auto" {
        let width = match sock::terminal::columns(sock::stdout()) {
            Ok(columns) if columns > 0 && Ends::show(given) => columns,
            _ => USUAL_WIDTH,
        };
        return Ok(style.panels_within(width.into()));
    }
    let count = panels.to_str().and_then(|text| text.parse().ok());
    let count = count.ok_or_else(|| Failure::usage("--panels takes a number of panels, or auto"))?;
    style.panels(count).map_err(|error| Failure::usage(error.to_string()))
}

/// Colours go where a terminal is, unless something else is said.
fn is_coloured(given: &Given) -> bool {
    match given.choice("color") {
        Some("always") => true,
        Some("never") => false,
        _ => {
            let stdout = std::io::stdout();
            Ends::are_standard(given) && anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never
        }
    }
}
