//! `jack read --field` and `--fields`: chosen fields, and the list of those that there are.

use jackfield::capture::file::{DecodeAs, Format, Table, rows};
use jackfield::wire::{Id, stack};
use serde_json::json;

use super::JOB;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::render::error::Advised;
use crate::render::{events, out};

/// Makes the table of the fields that were asked for.
pub(super) fn table(given: &Given, rules: &[DecodeAs]) -> Result<Table, Failure> {
    let format = match given.choice("format") {
        Some("tsv") => Format::Tsv,
        Some("json") => Format::Json,
        _ => Format::Csv,
    };
    let mut names = Vec::new();
    for value in given.all("field") {
        names.extend(value.to_string_lossy().split(',').map(|name| name.trim().to_owned()));
    }
    Table::new(&names, format, rules).map_err(|unknown| {
        let fix = Some(unknown.advice.clone());
        Failure { exit: Exit::Usage, ..Failure::failed(Advised { words: unknown.to_string(), fix }) }
    })
}

/// Lists the fields that there are.
pub(super) fn list(given: &Given) -> Outcome {
    let protocol = given.text("fields").filter(|name| !name.is_empty());
    let protocol = protocol.map(|name| id(&name.to_string_lossy())).transpose()?;
    let rows = rows(protocol);
    if given.switch("json") {
        events::begin(JOB.name);
        for row in rows {
            out::line(&json!({
                "event": "field", "field": row.name, "protocol": row.protocol, "kind": row.kind, "about": row.doc,
            }))?;
        }
        return Ok(Exit::Done);
    }
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        text.push_str(&format!("{:width$}  {:7}  {}\n", row.name, row.kind, row.doc));
    }
    out::words(&text)?;
    Ok(Exit::Done)
}

/// Finds a protocol by its name.
fn id(name: &str) -> Result<Id, Failure> {
    stack::named(name).ok_or_else(|| {
        let known: Vec<&str> = Id::ALL.iter().map(|id| id.protocol().name).collect();
        Failure::usage(format!("no protocol is called '{}': {} are", name.escape_debug(), known.join(", ")))
    })
}
