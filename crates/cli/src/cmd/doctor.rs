//! `jack doctor`: what this machine allows each job, found by trying, and the fix for what it does not.

use std::fs;

use anstyle::AnsiColor;
use jackfield::sock::privilege::Keep;
use jackfield::sock::{
    self, Address, Errno, Family, Protocol, Socket, Type, UnixAddress, privilege, process,
};
use serde_json::json;

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Outcome};
use crate::face::{Job, Kind, Record};
use crate::render::{out, page};

/// One thing that a job may need.
struct Check {
    what: &'static str,
    /// Who needs it.
    jobs: &'static str,
    attempt: fn() -> Result<String, Refusal>,
}

/// Why something is not to be had.
struct Refusal {
    reason: String,
    fix: String,
}

const CHECKS: &[Check] = &[
    Check { what: "loopback", jobs: "tour, and all that talks to 127.0.0.1 or ::1", attempt: loopback },
    Check { what: "TCP and UDP over IPv4", jobs: "connect, listen, relay, resolve", attempt: ipv4 },
    Check { what: "TCP and UDP over IPv6", jobs: "connect, listen, relay, resolve", attempt: ipv6 },
    Check { what: "Unix sockets", jobs: "connect, listen, relay", attempt: unix },
    Check { what: "ports below 1024", jobs: "listen", attempt: low_ports },
    Check { what: "vsock", jobs: "connect, listen, relay with vsock:", attempt: vsock },
    Check { what: "raw IP sockets", jobs: "the library's SOCK_RAW", attempt: raw },
    Check { what: "packet sockets", jobs: "the library's AF_PACKET", attempt: packet },
    Check { what: "ICMP datagram sockets", jobs: "the library's unprivileged ping", attempt: icmp },
    Check {
        what: "user namespaces",
        jobs: "trying privileged things as an ordinary user",
        attempt: namespaces,
    },
    Check { what: "descriptors", jobs: "listen -k: one for each connection", attempt: descriptors },
    Check { what: "name servers", jobs: "resolve, and every host name", attempt: name_servers },
];

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "doctor",
    about: "Say what this machine allows each job, and how to allow the rest",
    usage: &["jack doctor [--json]"],
    kind: Kind::Job(Job {
        run,
        plans: false,
        examples: &[("jack doctor", "what works here, what does not, and the fix")],
        references: &["exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    // What is permitted is raised around each attempt, as the jobs do.
    privilege::lower(Keep::Network)?;
    out::finished(report(given))
}

fn report(given: &Given) -> Outcome {
    let json = given.switch("json");
    if json {
        out::line(&json!({ "schema": 1, "job": "doctor" }))?;
    }
    for check in CHECKS {
        let found = (check.attempt)();
        let Check { what, jobs, .. } = check;
        if json {
            let (allowed, words, fix) = match &found {
                Ok(detail) => (true, detail, None),
                Err(refusal) => (false, &refusal.reason, Some(&refusal.fix)),
            };
            out::line(&json!({
                "event": "check", "what": what, "jobs": jobs, "allowed": allowed, "words": words, "fix": fix,
            }))?;
        } else {
            out::words(&in_words(check, &found))?;
        }
    }
    Ok(Exit::Done)
}

fn in_words(check: &Check, found: &Result<String, Refusal>) -> String {
    let (green, red) = (AnsiColor::Green.on_default(), AnsiColor::Red.on_default());
    let Check { what, jobs, .. } = check;
    let folded = |words: &str| {
        let folded = page::wrapped(words, MARGIN);
        folded.strip_prefix(MARGIN).unwrap_or(&folded).to_owned()
    };
    match found {
        Ok(detail) => format!("{green}yes{green:#}  {}", folded(&format!("{what}: {detail} (for {jobs})"))),
        Err(Refusal { reason, fix }) => {
            let mut words = format!("{red}no{red:#}   {}", folded(&format!("{what} (for {jobs})")));
            words.push_str(&page::wrapped(reason, MARGIN));
            if !fix.is_empty() {
                // Not folded: it is there to be copied.
                words.push_str(&format!("{MARGIN}→ {fix}\n"));
            }
            words
        }
    }
}

/// Below the answer, `yes` or `no`.
const MARGIN: &str = "     ";

/// Explains a socket error, or repeats it where there is nothing to add.
fn refusal(error: &sock::Error) -> Refusal {
    let program = std::env::current_exe().unwrap_or_else(|_| "jack".into());
    match privilege::explain(error, &program) {
        Some(remedy) => Refusal { reason: remedy.reason, fix: remedy.fix },
        None => Refusal { reason: error.to_string(), fix: String::new() },
    }
}

fn try_open(family: Family, kind: Type, protocol: Protocol) -> Result<Socket, Refusal> {
    Socket::open(family, kind, protocol).map_err(|error| refusal(&error))
}

fn try_bind(address: &str) -> Result<(), sock::Error> {
    let address: Address = address.parse().unwrap_or(Address::Unspecified);
    for kind in [Type::STREAM, Type::DGRAM] {
        Socket::open(Family(address.family()), kind, Protocol::DEFAULT)?.bind(&address)?;
    }
    Ok(())
}

fn loopback() -> Result<String, Refusal> {
    common::reach_loopback().map(|()| "lo is up".to_owned()).map_err(|error| refusal(&error))
}

fn ipv4() -> Result<String, Refusal> {
    try_bind("127.0.0.1:0").map(|()| "needs nothing".to_owned()).map_err(|error| refusal(&error))
}

fn ipv6() -> Result<String, Refusal> {
    try_bind("[::1]:0").map(|()| "needs nothing".to_owned()).map_err(|error| {
        // Without lo there is no ::1, whatever the settings of IPv6.
        if let Err(refusal) = loopback() {
            return refusal;
        }
        let fix = "sudo sysctl net.ipv6.conf.all.disable_ipv6=0, or go without: IPv4 does all the jobs";
        Refusal { fix: fix.to_owned(), ..refusal(&error) }
    })
}

fn unix() -> Result<String, Refusal> {
    let socket = try_open(Family::UNIX, Type::STREAM, Protocol::DEFAULT)?;
    // No name of our own choice: the kernel makes one up, so nothing is left behind.
    socket.bind(&Address::Unix(UnixAddress::Unnamed)).map_err(|error| refusal(&error))?;
    Ok("needs nothing but permission on the path".to_owned())
}

fn low_ports() -> Result<String, Refusal> {
    match try_bind("127.0.0.1:1") {
        Ok(()) => Ok("allowed to this process".to_owned()),
        // Somebody has it: the question of privilege was passed.
        Err(error) if error.errno() == Some(Errno::EADDRINUSE) => Ok("allowed to this process".to_owned()),
        Err(error) => Err(refusal(&error)),
    }
}

fn vsock() -> Result<String, Refusal> {
    try_open(Family::VSOCK, Type::STREAM, Protocol::DEFAULT)
        .map(|_| "the kernel has it; whether a peer is there shows when connecting".to_owned())
}

fn raw() -> Result<String, Refusal> {
    try_open(Family::INET, Type::RAW, Protocol::ICMP).map(|_| "allowed to this process".to_owned())
}

fn packet() -> Result<String, Refusal> {
    try_open(Family::PACKET, Type::RAW, Protocol::DEFAULT).map(|_| "allowed to this process".to_owned())
}

fn icmp() -> Result<String, Refusal> {
    try_open(Family::INET, Type::DGRAM, Protocol::ICMP).map(|_| "allowed to this process's groups".to_owned())
}

fn namespaces() -> Result<String, Refusal> {
    let number = |path: &str| fs::read_to_string(path).ok().and_then(|text| text.trim().parse::<u64>().ok());
    if number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == Some(1) {
        return Err(Refusal {
            reason: "AppArmor takes the capabilities from new user namespaces".to_owned(),
            fix: "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0".to_owned(),
        });
    }
    match number("/proc/sys/user/max_user_namespaces") {
        Some(most) if most > 0 => Ok(format!("up to {most}: unshare -Urn gives a network of one's own")),
        Some(_) => Err(Refusal {
            reason: "user.max_user_namespaces is 0".to_owned(),
            fix: "sudo sysctl user.max_user_namespaces=15000".to_owned(),
        }),
        None => Err(Refusal { reason: "this kernel has none".to_owned(), fix: String::new() }),
    }
}

fn descriptors() -> Result<String, Refusal> {
    let failed = |errno: Errno| Refusal { reason: errno.to_string(), fix: String::new() };
    let limit = process::limit(sock::c::RLIMIT_NOFILE, None).map_err(failed)?;
    Ok(format!("{} at once, up to {} by ulimit -n", limit.soft, limit.hard))
}

fn name_servers() -> Result<String, Refusal> {
    let text = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let servers: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("nameserver"))
        .map(|server| server.trim().escape_debug().to_string())
        .collect();
    if servers.is_empty() {
        return Err(Refusal {
            reason: "/etc/resolv.conf names no server, so 127.0.0.1 is asked".to_owned(),
            fix: "name one there (nameserver ADDRESS), or use --dns-server".to_owned(),
        });
    }
    Ok(servers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_an_answer() {
        for check in CHECKS {
            let words = in_words(check, &(check.attempt)());
            assert!(words.contains(check.what) && words.ends_with('\n'), "{words}");
        }
    }
}
