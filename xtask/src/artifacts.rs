//! What cargo built, from its JSON messages.
//!
//! Reference: The Cargo Book, "External tools", "Artifact messages".

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A program that cargo built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// `lib`, `bin`, `test`, `example` …: of what it was built.
    pub(crate) kind: String,
    /// The target's name.
    pub(crate) name: String,
    /// It is a test binary.
    pub(crate) test: bool,
    pub(crate) executable: PathBuf,
    /// The folder of its package.
    pub(crate) package: PathBuf,
}

/// Runs a cargo `command` that prints JSON messages; returns the programs they name. Its words pass through.
pub(crate) fn messages(command: &mut Command) -> Result<Vec<Program>> {
    let output = command.stderr(Stdio::inherit()).output().context("starting cargo")?;
    if !output.status.success() {
        bail!("cargo failed, {}", output.status);
    }
    String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| program(line).transpose()).collect()
}

/// Reads a message; None if it is about something else than a program.
fn program(line: &str) -> Result<Option<Program>> {
    let message: Value =
        serde_json::from_str(line).with_context(|| format!("reading cargo's message {line:?}"))?;
    let text = |path: &str| message.pointer(path).and_then(Value::as_str);
    let (Some("compiler-artifact"), Some(executable)) = (text("/reason"), text("/executable")) else {
        return Ok(None);
    };
    let manifest = text("/manifest_path").context("a message without its manifest")?;
    Ok(Some(Program {
        kind: text("/target/kind/0").unwrap_or_default().to_owned(),
        name: text("/target/name").unwrap_or_default().to_owned(),
        test: message.pointer("/profile/test").and_then(Value::as_bool).unwrap_or_default(),
        executable: executable.into(),
        package: Path::new(manifest).parent().context("a manifest without a folder")?.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_read_and_the_rest_passed_over() {
        let line = r#"{"reason":"compiler-artifact","package_id":"path+file:///r/crates/cli#jackfield-cli@0.1.0",
            "manifest_path":"/r/crates/cli/Cargo.toml","target":{"kind":["test"],"crate_types":["bin"],
            "name":"interop","src_path":"/r/crates/cli/tests/interop.rs"},"profile":{"test":true},
            "features":[],"filenames":["/r/t/interop-1"],"executable":"/r/t/interop-1","fresh":true}"#;
        let expected = Program {
            kind: "test".into(),
            name: "interop".into(),
            test: true,
            executable: "/r/t/interop-1".into(),
            package: "/r/crates/cli".into(),
        };
        assert_eq!(program(line).unwrap(), Some(expected));
        assert_eq!(program(&line.replace("\"/r/t/interop-1\",\"fresh", "null,\"fresh")).unwrap(), None);
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#).unwrap(), None);
        assert!(program("Compiling x").is_err());
    }
}
