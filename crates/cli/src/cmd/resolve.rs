//! `jack resolve`: gethostbyname, gethostbyaddr and the whole answer of getaddrinfo.

use core::net::IpAddr;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use jackfield::sock::name::{AI_CANONNAME, AddrInfo, Hints, HostEntry, NameError, Resolver};
use jackfield::sock::privilege::{self, Keep};
use jackfield::sock::{Deadline, Family};
use serde_json::{Value, json};

use super::common;
use crate::args::Given;
use crate::exit::{Exit, Failure, Outcome};
use crate::face::{Job, Kind, Record};
use crate::render::error::of_name;
use crate::render::{out, trace};

/// What is known of the job.
pub(crate) const JOB: Record = Record {
    name: "resolve",
    about: "Look up names and addresses, every step visible",
    usage: &["jack resolve [OPTIONS] NAME|ADDRESS…"],
    kind: Kind::Job(Job {
        run,
        plans: true,
        examples: &[
            ("jack resolve localhost", "gethostbyname and getaddrinfo, whole"),
            ("jack resolve 127.0.0.1", "gethostbyaddr"),
            ("jack resolve --trace --dns-server 127.0.0.1:5353 example.test", "every query, seen"),
        ],
        references: &["exit"],
    }),
};

/// Runs the job.
fn run(given: &Given) -> Outcome {
    let names = given.all("names");
    // To the API an empty name is any address; here it is a variable that is not set.
    if names.iter().any(|name| name.is_empty()) {
        return Err(Failure::usage("expected names or addresses, and one of them is empty"));
    }
    let family = common::family(given)?;
    let hints = Hints { family, flags: AI_CANONNAME, ..Hints::default() };
    // One budget for all names; and what several functions want to know of a name is asked once.
    let deadline = Deadline::after_if(given.duration("timeout"));
    let resolver = common::resolver(given)?.until(deadline).remembering();
    let _trace = trace::start(given)?;
    common::catch_interrupts()?;
    privilege::lower(Keep::Nothing)?;
    let json = given.switch("json");
    if json {
        out::line(&json!({ "schema": 1, "job": "resolve" }))?;
    }
    let mut exit = Exit::Done;
    for name in names {
        let asked = ask(&resolver, &name, &hints);
        let all_known = asked.iter().all(|answer| answer.result.is_ok());
        if let Some(interrupted) = asked.iter().find_map(Answer::interrupted) {
            return Err(interrupted);
        }
        for answer in &asked {
            if json { out::line(&answer.as_json())? } else { out::words(&answer.as_words())? }
        }
        if !all_known {
            exit = Exit::No;
        }
    }
    Ok(exit)
}

/// What one function of the API said.
struct Answer {
    function: &'static str,
    asked: String,
    result: Result<Found, NameError>,
}

enum Found {
    Host(HostEntry),
    Addresses(Vec<AddrInfo>),
}

/// Asks all that there is to ask: of an address its names, of a name its addresses.
///
/// getaddrinfo goes first: it asks for both families at once, and gethostbyname finds its answers there. So a server that
/// is silent costs its time once.
fn ask(resolver: &Resolver, name: &OsStr, hints: &Hints) -> Vec<Answer> {
    let bytes = name.as_bytes();
    let asked = String::from_utf8_lossy(bytes.get(..253).unwrap_or(bytes)).escape_debug().to_string();
    let answer = |function, result| Answer { function, asked: asked.clone(), result };
    if let Some(ip) = name.to_str().and_then(|text| text.parse::<IpAddr>().ok()) {
        return vec![answer("gethostbyaddr", resolver.gethostbyaddr(ip).map(Found::Host))];
    }
    let addresses = resolver.getaddrinfo(Some(bytes), None, hints).map(Found::Addresses);
    let mut answers = Vec::new();
    if hints.family != Family::INET6 {
        answers.push(answer("gethostbyname", resolver.gethostbyname_ex(bytes).map(Found::Host)));
    }
    answers.push(answer("getaddrinfo", addresses));
    answers
}

impl Answer {
    fn interrupted(&self) -> Option<Failure> {
        let error = self.result.as_ref().err().filter(|error| error.interrupted().is_some())?;
        Some(Failure { exit: Exit::Interrupted, error: anyhow::anyhow!("{error}") })
    }

    fn as_words(&self) -> String {
        let Self { function, asked, result } = self;
        let mut words = format!("{function}({asked})\n");
        match result {
            Err(error) => {
                words.push_str(&format!("  {error}\n"));
                let (reason, fix) = of_name(error);
                words.extend(reason.map(|reason| format!("  {reason}\n")));
                words.extend(fix.map(|fix| format!("  → {fix}\n")));
            }
            Ok(Found::Host(host)) => {
                words.push_str(&format!("  name       {}\n", host.name.escape_debug()));
                for alias in &host.aliases {
                    words.push_str(&format!("  alias      {}\n", alias.escape_debug()));
                }
                for address in &host.addresses {
                    words.push_str(&format!("  address    {address}\n"));
                }
            }
            Ok(Found::Addresses(found)) => {
                if let Some(name) = found.iter().find_map(|info| info.canonname.as_ref()) {
                    words.push_str(&format!("  canonname  {}\n", name.escape_debug()));
                }
                for info in found {
                    let AddrInfo { family, kind, protocol, address, .. } = info;
                    let kind = format!("{kind:?}");
                    let (family, protocol) = (format!("{family:?}"), format!("{protocol:?}"));
                    words.push_str(&format!("  {family:<9}  {kind:<12} {protocol:<12}  {address}\n"));
                }
            }
        }
        words
    }

    fn as_json(&self) -> Value {
        let Self { function, asked, result } = self;
        match result {
            Err(error) => json!({
                "event": function, "name": asked, "error": error.eai_name(), "words": error.to_string(),
                "fix": of_name(error).1,
            }),
            Ok(Found::Host(host)) => json!({
                "event": function, "name": asked, "canonical": host.name, "aliases": host.aliases,
                "addresses": host.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
            }),
            Ok(Found::Addresses(found)) => json!({
                "event": function, "name": asked,
                "canonical": found.iter().find_map(|info| info.canonname.as_ref()),
                "answers": found.iter().map(|info| json!({
                    "family": format!("{:?}", info.family), "type": format!("{:?}", info.kind),
                    "protocol": format!("{:?}", info.protocol), "address": info.address.to_string(),
                })).collect::<Vec<_>>(),
            }),
        }
    }
}
