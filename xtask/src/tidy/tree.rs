//! The tree that the checks read: its crates, their manifests and their sources.
//!
//! Only `crates/*` and `xtask` are read as crates, which are the members that the workspace names. What
//! `target` folders, hidden folders and the checks' own fixtures hold is not of the house.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use crate::source::Source;

/// A part of a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Area {
    /// What is shipped: `src`.
    Product,
    /// `examples`: shown to readers as the way to do it.
    Examples,
    /// `tests` and `benches`: the other side of the conversation.
    Tests,
}

/// A source file.
#[derive(Debug)]
pub(super) struct File {
    /// Its path from the tree's root, with `/`.
    pub(super) path: String,
    pub(super) area: Area,
    pub(super) source: Source,
    /// Its module is declared `#[cfg(test)]` in another file.
    test_module: bool,
}

impl File {
    /// Says whether token `at` is in the shipped code.
    pub(super) fn product(&self, at: usize) -> bool {
        self.area == Area::Product && self.shown(at)
    }

    /// Says whether token `at` is in the shipped code or in an example.
    pub(super) fn shown(&self, at: usize) -> bool {
        self.area != Area::Tests && !self.test_module && !self.source.in_test(at)
    }

    /// Returns the path below the crate's `src`, if the file is there.
    pub(super) fn below_src(&self) -> Option<&str> {
        self.path.split_once("/src/").filter(|_| self.area == Area::Product).map(|(_, below)| below)
    }
}

/// A crate of the house.
#[derive(Debug)]
pub(super) struct Crate {
    /// The folder's name, which is the crate's short name; `xtask` for the tasks.
    pub(super) name: String,
    /// The manifest's path from the tree's root.
    pub(super) manifest_path: String,
    pub(super) manifest: Manifest,
    pub(super) files: Vec<File>,
}

/// A tree of sources, as the checks see it.
#[derive(Debug)]
pub struct Tree {
    pub(super) crates: Vec<Crate>,
    pub(super) workspace: Manifest,
    /// Files called `build.rs` that stand beside a manifest.
    pub(super) build_scripts: Vec<String>,
}

impl Tree {
    /// Reads the tree at `root`.
    ///
    /// # Errors
    /// A file or folder cannot be read, or a manifest is no TOML; the error names it.
    pub fn load(root: &Path) -> io::Result<Self> {
        let workspace = read_manifest(&root.join("Cargo.toml"))?;
        let mut folders = Vec::new();
        if root.join("crates").is_dir() {
            folders = entries(&root.join("crates"))?;
            folders.retain(|folder| folder.is_dir());
        }
        folders.extend(Some(root.join("xtask")).filter(|folder| folder.is_dir()));
        let crates = folders.iter().map(|folder| load_crate(root, folder)).collect::<io::Result<_>>()?;
        let mut build_scripts = Vec::new();
        walk(root, &mut |file| {
            let script = file.file_name().is_some_and(|name| name == "build.rs");
            if script && file.with_file_name("Cargo.toml").is_file() {
                build_scripts.push(relative(root, file));
            }
        })?;
        Ok(Self { crates, workspace, build_scripts })
    }

    /// Returns the crates under `crates/`, without the tasks.
    pub(super) fn product_crates(&self) -> impl Iterator<Item = &Crate> {
        self.crates.iter().filter(|krate| krate.name != "xtask")
    }

    /// Returns the number of source files read.
    #[must_use]
    pub fn file_count(&self) -> usize {
        self.crates.iter().map(|krate| krate.files.len()).sum()
    }

    /// Returns the number of crates read.
    #[must_use]
    pub fn crate_count(&self) -> usize {
        self.crates.len()
    }
}

fn load_crate(root: &Path, folder: &Path) -> io::Result<Crate> {
    let manifest_path = folder.join("Cargo.toml");
    let mut files = Vec::new();
    let areas = [
        ("src", Area::Product),
        ("examples", Area::Examples),
        ("tests", Area::Tests),
        ("benches", Area::Tests),
    ];
    for (name, area) in areas {
        let mut paths = Vec::new();
        if folder.join(name).is_dir() {
            walk(&folder.join(name), &mut |file| paths.push(file.to_owned()))?;
        }
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
            let source = Source::new(&read(path)?);
            files.push(File { path: relative(root, path), area, source, test_module: false });
        }
    }
    mark_test_modules(&mut files);
    Ok(Crate {
        name: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        manifest_path: relative(root, &manifest_path),
        manifest: read_manifest(&manifest_path)?,
        files,
    })
}

/// Marks the files of modules that another file declares `#[cfg(test)] mod name;`.
fn mark_test_modules(files: &mut [File]) {
    let mut modules = Vec::new();
    for file in files.iter() {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let stem = name.trim_end_matches(".rs");
        let own = match stem {
            "lib" | "main" | "mod" => folder.to_owned(),
            _ => format!("{folder}/{stem}"),
        };
        for (module, given) in file.source.test_modules() {
            modules.push(match given {
                Some(path) => format!("{folder}/{path}"),
                None => format!("{own}/{module}.rs"),
            });
        }
    }

    let children: Vec<String> =
        modules.iter().map(|file| format!("{}/", file.trim_end_matches(".rs"))).collect();
    for file in files {
        file.test_module =
            modules.contains(&file.path) || children.iter().any(|folder| file.path.starts_with(folder));
    }
}

fn read_manifest(path: &Path) -> io::Result<Manifest> {
    let text = if path.is_file() { read(path)? } else { String::new() };
    Manifest::parse(&text).map_err(|error| io::Error::other(format!("reading {}: {error}", path.display())))
}

fn read(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path).map_err(|error| about(path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Calls `found` with each file below `folder`, sorted, outside hidden folders, `target` and fixtures.
fn walk(folder: &Path, found: &mut impl FnMut(&Path)) -> io::Result<()> {
    for path in entries(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A link could lead out of the tree or round in a circle.
        if path.is_symlink() {
            continue;
        }
        if !path.is_dir() {
            found(&path);
        } else if !name.starts_with('.') && name != "target" && !path.ends_with("tests/fixtures") {
            walk(&path, found)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).map_err(|error| about(folder, &error))?;
    let mut paths = listing.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("reading {}: {error}", path.display()))
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
