//! `cargo xtask soak`: the long versions of tests, run before an issue is called resolved.
//!
//! A long test is an ordinary test marked `#[ignore]`, so `cargo test` stays short; [`SOAKS`] gives it a name
//! here. It runs in the release build, with its output shown.

use anyhow::{Result, bail};

/// A long test.
struct Soak {
    name: &'static str,
    package: &'static str,
    /// The file in the package's `tests`, without `.rs`.
    test: &'static str,
    /// What the names of the ignored tests have in common.
    filter: &'static str,
    /// What it does, in a line.
    about: &'static str,
}

const SOAKS: &[Soak] = &[
    Soak {
        name: "interop-large",
        package: "jackfield-cli",
        test: "interop",
        filter: "large_",
        about: "64 MiB of random bytes between every pair of jack, nc, ncat, socat, python3 and bash, by hash",
    },
    Soak {
        name: "many-connections",
        package: "jackfield-cli",
        test: "listen_many",
        filter: "soak_",
        about: "connections by the ten thousand through listen -k: nothing lost, no descriptor leaked",
    },
    Soak {
        name: "captures",
        package: "jackfield-pcap",
        test: "captures",
        filter: "soak_",
        about: "every packet of the captures beside the checkout, its lengths and time as tshark says",
    },
    Soak {
        name: "fields",
        package: "jackfield-capture",
        test: "tshark",
        filter: "odd_",
        about: "every field of odd packets, beside tshark's",
    },
];

/// Lists the long tests.
pub(crate) fn list() {
    for soak in SOAKS {
        println!("{:<18} {}", soak.name, soak.about);
    }
}

/// Runs the long test `name`.
pub(crate) fn run(name: &str) -> Result<()> {
    let Some(soak) = SOAKS.iter().find(|soak| soak.name == name) else {
        bail!("soak: there is no {name}; `cargo xtask soak` lists what there is");
    };
    println!("soak: {name}: {}", soak.about);
    // A filter that matches nothing would pass.
    let listing = command(soak, &["--list"]).stderr(std::process::Stdio::inherit()).output()?;
    if !listing.status.success() {
        bail!("soak: cannot list the tests of {name}, {}", listing.status);
    }
    if !String::from_utf8_lossy(&listing.stdout).lines().any(|line| line.ends_with(": test")) {
        let Soak { package, test, filter, .. } = soak;
        bail!("soak: no ignored test of {package}, tests/{test}.rs, has {filter} in its name");
    }
    let status = command(soak, &["--nocapture"]).status()?;
    if !status.success() {
        bail!("soak: {name} failed, {status}");
    }
    println!("soak: {name} passed");
    Ok(())
}

fn command(soak: &Soak, arguments: &[&str]) -> std::process::Command {
    let mut command = crate::cargo();
    command.args(["test", "--release", "--package", soak.package, "--test", soak.test]);
    command.args(["--", "--ignored", soak.filter]).args(arguments);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once() {
        for (index, soak) in SOAKS.iter().enumerate() {
            assert!(!SOAKS[..index].iter().any(|other| other.name == soak.name), "{} twice", soak.name);
        }
    }

    #[test]
    fn an_unknown_name_is_refused() {
        let error = run("no-such").unwrap_err().to_string();
        assert!(error.contains("no-such") && error.contains("cargo xtask soak"), "{error}");
    }
}
