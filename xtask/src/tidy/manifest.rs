//! What the checks want of a `Cargo.toml`: the package's name, its build script, and every dependency with
//! its line.
//!
//! Reference: The Cargo Book, "The Manifest Format" and "Specifying Dependencies".

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A section of dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Normal,
    Dev,
    Build,
    /// `[workspace.dependencies]`: what `workspace = true` refers to.
    Workspace,
}

/// A dependency as it is written.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub(super) section: Section,
    /// The name the code uses.
    pub(super) key: String,
    /// `package = "…"`, when the key is a new name for it.
    package: Option<String>,
    /// It refers to the workspace's dependency of the same key.
    inherits: bool,
    pub(super) line: usize,
}

/// A manifest.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub(super) package: Option<String>,
    /// The line of `build = "…"` when it names a script.
    pub(super) build: Option<usize>,
    pub(super) dependencies: Vec<Dependency>,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let root = DeTable::parse(text)?;
        let root = root.get_ref();
        let line = |offset: usize| text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1;
        let mut manifest = Self::default();
        if let Some(package) = table(root, "package") {
            manifest.package = package.get("name").and_then(string);
            manifest.build = package
                .get_key_value("build")
                .filter(|(_, value)| !matches!(value.get_ref(), DeValue::Boolean(false)))
                .map(|(key, _)| line(key.span().start));
        }
        let mut read = |from: &DeTable<'_>, name: &str, section| {
            for (key, value) in table(from, name).into_iter().flatten() {
                let of = value.get_ref().as_table();
                manifest.dependencies.push(Dependency {
                    section,
                    key: key.get_ref().to_string(),
                    package: of.and_then(|of| of.get("package")).and_then(string),
                    inherits: of.is_some_and(|of| of.get("workspace").is_some()),
                    line: line(key.span().start),
                });
            }
        };
        let sections = [
            ("dependencies", Section::Normal),
            ("dev-dependencies", Section::Dev),
            ("dev_dependencies", Section::Dev),
            ("build-dependencies", Section::Build),
            ("build_dependencies", Section::Build),
        ];
        for (name, section) in sections {
            read(root, name, section);
            for (_, target) in table(root, "target").into_iter().flatten() {
                if let Some(target) = target.get_ref().as_table() {
                    read(target, name, section);
                }
            }
        }
        if let Some(workspace) = table(root, "workspace") {
            read(workspace, "dependencies", Section::Workspace);
        }
        Ok(manifest)
    }

    /// Returns the name of the package that `dependency` stands for, `self` being the workspace's manifest.
    pub(super) fn package_of(&self, dependency: &Dependency) -> String {
        let inherited = self
            .dependencies
            .iter()
            .find(|of| of.section == Section::Workspace && of.key == dependency.key)
            .filter(|_| dependency.inherits)
            .and_then(|of| of.package.clone());
        dependency.package.clone().or(inherited).unwrap_or_else(|| dependency.key.clone())
    }
}

fn table<'a, 'i>(of: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    of.get(key).and_then(|value| value.get_ref().as_table())
}

fn string(value: &Spanned<DeValue<'_>>) -> Option<String> {
    value.get_ref().as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_dependency_is_read() {
        let text = "[package]\nname = \"x\"\nbuild = \"make.rs\"\n[dependencies]\na = \"1\"\nb.workspace = true\n\
            c = { package = \"d\", version = \"1\" }\n[dependencies.e]\nversion = \"1\"\n\
            [target.'cfg(unix)'.dev-dependencies]\nf = \"1\"\n[build-dependencies]\ng = \"1\"\n";
        let manifest = Manifest::parse(text).unwrap();
        let workspace =
            Manifest::parse("[workspace.dependencies]\nb = { package = \"bee\", path = \"b\" }").unwrap();
        let found: Vec<_> = manifest
            .dependencies
            .iter()
            .map(|of| (of.section, of.key.as_str(), workspace.package_of(of), of.line))
            .collect();
        let expected = [
            (Section::Normal, "a", "a".to_owned(), 5),
            (Section::Normal, "b", "bee".to_owned(), 6),
            (Section::Normal, "c", "d".to_owned(), 7),
            (Section::Normal, "e", "e".to_owned(), 8),
            (Section::Dev, "f", "f".to_owned(), 11),
            (Section::Build, "g", "g".to_owned(), 13),
        ];
        assert_eq!(found, expected);
        assert_eq!((manifest.package.as_deref(), manifest.build), (Some("x"), Some(3)));
        assert_eq!(Manifest::parse("[package]\nbuild = false").unwrap().build, None);
    }
}
