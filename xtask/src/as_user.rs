//! `cargo xtask as-user`: the workspace's test binaries, run by somebody who may do nothing special.
//!
//! A test that passes as root alone is found here. Cargo builds as whoever calls; each test binary is then run
//! as cargo would (in its package's folder, with cargo's variables), but with user and group [`NOBODY`], no
//! other groups, and a HOME and TMPDIR of its own. Called by an ordinary user it changes no user, only HOME
//! and TMPDIR.
//!
//! Tests know the paths of their package and programs from compile time. So when that user cannot read the
//! checkout or the build, which happens below a home folder, the checkout is copied to where it can be read
//! and the tests are built there again. What that user finds is read-only in either case.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::artifacts::{self, Program};

/// The user and group that every Linux has for one who owns nothing.
const NOBODY: u32 = 65534;

/// Variables that would lead into the caller's home.
const CALLERS: &[&str] = &[
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "CARGO_HOME",
    "MAIL",
];

pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    // The owner of this folder is the effective user.
    let root = fs::metadata("/proc/self").context("asking who this is")?.uid() == 0;
    let place = Place::new(root)?;
    let mut programs = build(&crate::root(), None)?;
    if root && let Some(path) = unreadable(&crate::root(), &programs)? {
        println!("as-user: user {NOBODY} cannot read {}; building in a copy", path.display());
        programs = place.rebuild(&crate::root())?;
    }
    let tests: Vec<&Program> = programs.iter().filter(|program| program.test).collect();
    if tests.is_empty() {
        bail!("as-user: cargo built no test binary");
    }
    let mut failed = Vec::new();
    for test in &tests {
        let name = format!("{} ({} {})", test.package.display(), test.kind, test.name);
        println!("as-user: {name}");
        let mut command = place.command(test, &programs);
        let status = command.args(arguments).status();
        if !status.with_context(|| format!("starting {}", test.executable.display()))?.success() {
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("as-user: {} of {} test binaries failed:\n{}", failed.len(), tests.len(), failed.join("\n"));
    }
    println!("as-user: {} test binaries pass{}", tests.len(), if root { " as user 65534" } else { "" });
    Ok(())
}

/// Builds the tests of the workspace at `root`; returns all programs made for them.
fn build(root: &Path, target: Option<&Path>) -> Result<Vec<Program>> {
    let mut command = crate::cargo();
    command.current_dir(root);
    command.args(["test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"]);
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target);
    }
    artifacts::messages(&mut command)
}

/// A folder that the user can reach, with their HOME and TMPDIR in it; removed in the end.
struct Place {
    folder: TempDir,
    root: bool,
}

impl Place {
    fn new(root: bool) -> Result<Self> {
        let mut parent = std::env::temp_dir();
        if root && closed_above(&parent)?.is_some() {
            parent = "/tmp".into();
        }
        let folder = tempfile::Builder::new().prefix("jack-user-").tempdir_in(parent)?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        let place = Self { folder, root };
        for own in [place.home(), place.temporary()] {
            fs::create_dir(&own)?;
            fs::set_permissions(&own, Permissions::from_mode(0o700))?;
            if root {
                chown(&own, Some(NOBODY), Some(NOBODY)).context("giving the user their home")?;
            }
        }
        Ok(place)
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn temporary(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// Copies the checkout at `root` here and builds its tests.
    fn rebuild(&self, root: &Path) -> Result<Vec<Program>> {
        let (checkout, target) = (self.folder.path().join("checkout"), self.folder.path().join("target"));
        copy(root, &checkout).context("copying the checkout")?;
        let programs = build(&checkout, Some(&target))?;
        for program in &programs {
            let made = program.executable.ancestors().take_while(|path| *path != self.folder.path());
            for path in made {
                open(path)?;
            }
        }
        Ok(programs)
    }

    /// Returns the command that runs `test` as cargo would.
    fn command(&self, test: &Program, programs: &[Program]) -> Command {
        let mut command = Command::new(&test.executable);
        command.current_dir(&test.package);
        for variable in CALLERS {
            command.env_remove(variable);
        }
        command.env_remove("CARGO").env("HOME", self.home()).env("TMPDIR", self.temporary());
        command.env("CARGO_MANIFEST_DIR", &test.package);
        command.env("CARGO_MANIFEST_PATH", test.package.join("Cargo.toml"));
        for program in programs {
            if program.kind == "bin" && !program.test && program.package == test.package {
                command.env(format!("CARGO_BIN_EXE_{}", program.name), &program.executable);
            }
        }
        if self.root {
            // With the user std drops the other groups too; leaving user 0 drops every capability.
            command.env("USER", "nobody").env("LOGNAME", "nobody").gid(NOBODY).uid(NOBODY);
        }
        command
    }
}

/// Returns something of the checkout or the programs that a stranger cannot read.
fn unreadable(root: &Path, programs: &[Program]) -> io::Result<Option<PathBuf>> {
    if let Some(closed) = closed_above(root)? {
        return Ok(Some(closed));
    }
    let mut found = None;
    visit(root, &mut |path| {
        if !path.is_symlink() && closed(path)? {
            found.get_or_insert_with(|| path.to_owned());
        }
        Ok(())
    })?;
    for program in programs {
        if found.is_none() {
            found = closed_above(&program.executable)?;
        }
    }
    Ok(found)
}

/// Returns the first of `path` and its ancestors that a stranger cannot pass.
fn closed_above(path: &Path) -> io::Result<Option<PathBuf>> {
    for path in path.ancestors() {
        if fs::metadata(path)?.mode() & 0o001 == 0 {
            return Ok(Some(path.to_owned()));
        }
    }
    Ok(None)
}

/// Says whether a stranger cannot read the file, or list and pass the folder, at `path`.
fn closed(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    let needed = if metadata.is_dir() { 0o005 } else { 0o004 };
    Ok(metadata.mode() & needed != needed)
}

/// Lets a stranger do what the owner may, but for writing.
fn open(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.mode();
    fs::set_permissions(path, Permissions::from_mode((mode | (mode >> 6 & 0o5)) & 0o7777))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    open(to)?;
    visit(from, &mut |path| {
        let copied = to.join(path.strip_prefix(from).unwrap_or(path));
        if path.is_symlink() {
            return symlink(fs::read_link(path)?, copied);
        } else if path.is_dir() {
            fs::create_dir(&copied)?;
        } else {
            fs::copy(path, &copied)?;
        }
        open(&copied)
    })
}

/// Calls `with` on all below `folder`, folders first, without the repository's store and build folders.
fn visit(folder: &Path, with: &mut impl FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Cargo marks its build folders with such a tag.
        if path.ends_with(".git") || path.join("CACHEDIR.TAG").exists() {
            continue;
        }
        with(&path)?;
        if path.is_dir() && !path.is_symlink() {
            visit(&path, with)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        folder
    }

    fn file(path: &Path, mode: u32) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_closed_folder_or_file_is_found() {
        let folder = folder();
        let inner = folder.path().join("a/b");
        file(&inner, 0o644);
        fs::set_permissions(folder.path().join("a"), Permissions::from_mode(0o755)).unwrap();
        let own = |found: Option<PathBuf>| found.filter(|path| path.starts_with(folder.path()));
        let find = || {
            let mut found = None;
            visit(folder.path(), &mut |path| {
                if closed(path)? {
                    found = Some(path.to_owned());
                }
                Ok(())
            })
            .unwrap();
            found
        };
        assert_eq!(find(), None);
        fs::set_permissions(&inner, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(find(), Some(inner.clone()));
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        let above = closed_above(folder.path()).unwrap();
        assert_eq!(own(above).as_deref(), Some(folder.path()));
    }

    #[test]
    fn a_copy_can_be_read_and_leaves_builds_behind() {
        let folder = folder();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        file(&from.join("src/lib.rs"), 0o600);
        file(&from.join("run"), 0o700);
        file(&from.join(".git/config"), 0o644);
        file(&from.join("target/CACHEDIR.TAG"), 0o644);
        symlink("run", from.join("link")).unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(fs::metadata(to.join("src/lib.rs")).unwrap().mode() & 0o777, 0o604);
        assert_eq!(fs::metadata(to.join("run")).unwrap().mode() & 0o777, 0o705);
        assert_eq!(fs::read_link(to.join("link")).unwrap(), Path::new("run"));
        assert!(!to.join(".git").exists() && !to.join("target").exists());
    }

    #[test]
    fn a_test_gets_its_own_home_and_its_packages_programs() {
        let program = |kind: &str, name: &str, test, package: &str| Program {
            kind: kind.into(),
            name: name.into(),
            test,
            executable: format!("/t/{name}").into(),
            package: package.into(),
        };
        let programs = [
            program("bin", "jack", false, "/r/cli"),
            program("bin", "other", false, "/r/other"),
            program("test", "interop", true, "/r/cli"),
        ];
        let place = Place::new(false).unwrap();
        let command = place.command(&programs[2], &programs);
        let variable = |name: &str| {
            command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value).map(PathBuf::from)
        };
        assert_eq!(variable("HOME"), Some(place.home()));
        assert_eq!(variable("TMPDIR"), Some(place.temporary()));
        assert_eq!(variable("CARGO_MANIFEST_DIR"), Some("/r/cli".into()));
        assert_eq!(variable("CARGO_BIN_EXE_jack"), Some("/t/jack".into()));
        assert_eq!(variable("CARGO_BIN_EXE_other"), None);
        assert_eq!(command.get_current_dir(), Some(Path::new("/r/cli")));
    }
}
