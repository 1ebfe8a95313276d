//! Scenes in a document: fences that are terminals, played in a network of their own.
//!
//! A scene is a section (`##`); its fences of `console` are its terminals. Each but the last runs while the next ones do,
//! and the next one begins when the port of `at=` is there (`tcp/54321`, `udp/2222`, or `unix/NAME` for a socket file).
//! `user` takes the privilege of ports below 1024 away. `$ ` begins a command, `^C` is Ctrl-C, `[..]` stands for anything
//! in a line. Scenes run side by side; where the machine gives its users no network of their own, that is a visible skip.

use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::support::{Process, find, in_own_network, path_with, skip};

/// The three programs of the course, which lie in every scene's folder.
pub(crate) const PROGRAMS: [(&str, &str); 3] = [
    ("stream_client.py", include_str!("course/stream_client.py")),
    ("stream_server.py", include_str!("course/stream_server.py")),
    ("dgram_client.py", include_str!("course/dgram_client.py")),
];
/// A capture of two datagrams, which lies there too.
pub(crate) const CAPTURE: &[u8] = include_bytes!("trace.pcap");
/// The same programs in Rust, from crate sock.
const EXAMPLES: [&str; 4] = ["stream_client", "stream_server", "dgram_client", "dgram_server"];

/// A section of the document.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    pub(crate) title: String,
    pub(crate) terminals: Vec<Terminal>,
}

/// What is typed in one terminal, and what it shows.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    /// `tcp/54321`: the next terminal begins when this is there.
    at: Option<String>,
    /// An ordinary user, who may not listen at ports below 1024.
    is_user: bool,
    pub(crate) commands: Vec<String>,
    shows: String,
    /// The output before Ctrl-C, if that is how it ends.
    before_interrupt: Option<String>,
}

/// Plays scenes, `nc` being this program; says all that went wrong.
pub(crate) fn play_all(scenes: &[&Scene], nc: &Path) {
    assert!(!scenes.is_empty());
    if in_own_network("true").is_none() {
        return;
    }
    if find("python3").is_none() {
        return skip("python3 is not installed");
    }
    let examples = examples();
    let next = Mutex::new(scenes.iter());
    let wrong = Mutex::new(String::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(scene) = next.lock().unwrap().next() else { return };
                    if scene.title.contains("in Rust") && examples.is_none() {
                        skip("the examples of jackfield-sock are not built: cargo build -p jackfield-sock --examples");
                        continue;
                    }
                    if let Err(words) = play(scene, nc, examples.as_deref()) {
                        writeln!(wrong.lock().unwrap(), "## {}\n{words}", scene.title).unwrap();
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong}");
}

/// Finds the examples of crate sock beside the command.
fn examples() -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_BIN_EXE_jack")).parent()?.join("examples");
    EXAMPLES.iter().all(|name| place.join(name).is_file()).then_some(place)
}

/// Plays one scene: every terminal is a shell whose output goes to a file; all of them are in one network.
fn play(scene: &Scene, nc: &Path, examples: Option<&Path>) -> Result<(), String> {
    let dir = tempfile::tempdir().unwrap();
    let bin = dir.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_jack"), bin.join("jack")).unwrap();
    symlink(nc, bin.join("nc")).unwrap();
    for tool in ["base64", "xxd"] {
        symlink(env!("CARGO_BIN_EXE_jack"), bin.join(tool)).unwrap();
    }
    if let Some(examples) = examples {
        EXAMPLES.iter().for_each(|name| symlink(examples.join(name), bin.join(name)).unwrap());
    }
    for (name, text) in PROGRAMS {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    std::fs::write(dir.path().join("trace.pcap"), CAPTURE).unwrap();
    // Job control gives each terminal a process group of its own, and Ctrl-C its meaning.
    // And whatever happens, nothing of a scene outlives it.
    let mut script = String::from(
        "set -m\nexec 9<>/dev/ptmx\n\
         trap 'for t in $terminals $watch; do kill -KILL -- -$t; done 2>/dev/null' EXIT\ntrap 'exit 1' TERM\n\
         (sleep 50; kill -TERM $$) & watch=$!\n",
    );
    for (number, terminal) in scene.terminals.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{number}.sh")), terminal.commands.join("\n")).unwrap();
        let shell = if terminal.is_user { "setpriv --bounding-set -net_bind_service bash" } else { "bash" };
        // Nobody types: the keyboard is open and silent.
        writeln!(script, "{shell} {number}.sh >{number}.out 2>&1 <&9 &\nterminals=\"$terminals $!\"")
            .unwrap();
        writeln!(script, "terminal{number}=$!").unwrap();
        if number + 1 == scene.terminals.len() {
            writeln!(script, "wait $!").unwrap();
        }
        if let Some((protocol, port)) = terminal.at.as_deref().and_then(|at| at.split_once('/')) {
            if protocol == "unix" {
                writeln!(script, "for _ in $(seq 400); do [ -S {port} ] && break; sleep 0.05; done").unwrap();
                continue;
            }
            let port: u16 = port.parse().unwrap();
            // 0A is a TCP listener, 07 an unconnected UDP socket: the kernel's own list, which asks nobody.
            let state = if protocol == "tcp" { "0A" } else { "07" };
            writeln!(
                script,
                "for _ in $(seq 400); do grep -qE ':{port:04X} [0-9A-F:]+ {state}' /proc/net/{protocol} \
                 /proc/net/{protocol}6 && break; sleep 0.05; done"
            )
            .unwrap();
        }
    }
    for (number, terminal) in scene.terminals.iter().enumerate() {
        if let Some(before) = &terminal.before_interrupt {
            // Everything that the document shows is there, the last line perhaps without its end.
            let size = before.lines().count();
            let size = if before.ends_with('\n') || before.is_empty() { size } else { size - 1 };
            let there = if before.is_empty() { "true".to_owned() } else { format!("[ -s {number}.out ]") };
            writeln!(
                script,
                "for _ in $(seq 200); do [ $(wc -l <{number}.out) -ge {size} ] && {there} && break; sleep 0.05; done\n\
                 sleep 0.1\nkill -INT -- -$terminal{number}"
            )
            .unwrap();
        }
    }
    script.push_str("wait $terminals\nexit 0\n");
    let Some(mut command) = in_own_network(&script) else { return Ok(()) };
    command
        .current_dir(dir.path())
        .env("PATH", path_with(&bin))
        .env("LC_ALL", "C.UTF-8")
        .env("PYTHONUNBUFFERED", "1");
    let process = Process::start(&mut command);
    let outcome = process.finish(Duration::from_secs(60));
    let mut wrong = String::new();
    if outcome.code != Some(0) {
        wrong.push_str("  the scene does not end\n");
    }
    for (number, terminal) in scene.terminals.iter().enumerate() {
        let shown = std::fs::read_to_string(dir.path().join(format!("{number}.out"))).unwrap_or_default();
        if !matches(&terminal.shows, &shown) {
            let lines = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
            write!(
                wrong,
                "  $ {}\n  the document shows\n{}  it was\n{}",
                terminal.commands.join("\n  $ "),
                lines(&terminal.shows),
                lines(&shown)
            )
            .unwrap();
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong}  around it\n    {}", outcome.err_text())) }
}

/// Compares line by line; `[..]` stands for anything within a line.
fn matches(expected: &str, shown: &str) -> bool {
    let (expected, shown): (Vec<_>, Vec<_>) = (expected.lines().collect(), shown.lines().collect());
    expected.len() == shown.len()
        && expected.iter().zip(&shown).all(|(pattern, line)| line_matches(pattern, line))
}

pub(crate) fn line_matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once("[..]") else { return pattern == line };
    let Some(line) = line.strip_prefix(start) else { return false };
    (0..=line.len()).filter(|at| line.is_char_boundary(*at)).any(|at| line_matches(rest, line.split_at(at).1))
}

/// Reads a document.
pub(crate) fn scenes(document: &str) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    let mut terminal: Option<Terminal> = None;
    for line in document.lines() {
        match &mut terminal {
            Some(_) if line == "```" => {
                scenes.last_mut().unwrap().terminals.extend(terminal.take());
            }
            Some(terminal) => terminal.read(line),
            None if line.starts_with("## ") => {
                scenes.push(Scene { title: line.trim_start_matches("## ").to_owned(), ..Scene::default() });
            }
            None => terminal = line.strip_prefix("```console").map(Terminal::new),
        }
    }
    scenes
}

impl Terminal {
    fn new(words: &str) -> Self {
        let at = words.split(' ').find_map(|word| word.strip_prefix("at=")).map(str::to_owned);
        Self { at, is_user: words.split(' ').any(|word| word == "user"), ..Self::default() }
    }

    fn read(&mut self, line: &str) {
        if let Some(command) = line.strip_prefix("$ ") {
            return self.commands.push(command.to_owned());
        }
        let (before, after) =
            line.split_once("^C").map_or((line, None), |(before, after)| (before, Some(after)));
        self.shows.push_str(before);
        let ends = match after {
            Some(after) => {
                self.before_interrupt = Some(self.shows.clone());
                self.shows.push_str(after);
                !after.is_empty()
            }
            None => true,
        };
        if ends {
            self.shows.push('\n');
        }
    }
}
