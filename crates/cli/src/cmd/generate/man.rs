//! The manual pages, in roff: jack(1) with all jobs, and one page for each job.
//!
//! Options and usage are clap_mangen's, from the same table as the help; examples, exit status and endpoints are the
//! texts that `jack explain` prints. Reference: man(7).

use std::fmt::Write as _;
use std::io;

use clap::Command;
use clap_mangen::Man;
use jackfield::manual;

use crate::args;
use crate::face::Face;

/// Makes jack(1).
pub(crate) fn whole() -> io::Result<String> {
    let mut jack = args::jack();
    jack.build();
    let page = Man::new(jack.clone());
    let mut out = title("jack");
    out.push_str(&rendered(|out| page.render_name_section(out))?);
    synopsis(&mut out, Face::jobs());
    out.push_str(".SH DESCRIPTION\n");
    text(&mut out, DESCRIPTION);
    out.push_str(&rendered(|out| page.render_options_section(out))?);
    for face in Face::jobs() {
        let Some(command) = jack.find_subcommand(face.name()) else { continue };
        let _ = writeln!(out, ".SH \"JACK {}\"", face.name().to_uppercase());
        text(&mut out, &format!("{}.", face.record().about));
        out.push_str(&options(command)?.replace("\n.SH ", "\n.SS ").replacen(".SH ", ".SS ", 1));
        examples(&mut out, face, ".SS Examples\n");
    }
    tail(&mut out, &["endpoint", "data", "exit"]);
    Ok(out)
}

/// Makes jack-JOB(1).
pub(crate) fn of_job(face: Face) -> io::Result<String> {
    let mut jack = args::jack();
    jack.build();
    let Some(command) = jack.find_subcommand(face.name()) else { return Ok(String::new()) };
    let name = format!("jack-{}", face.name());
    let page = Man::new(command.clone().name(name.clone()).display_name(name.clone()));
    let mut out = title(&name);
    out.push_str(&rendered(|out| page.render_name_section(out))?);
    synopsis(&mut out, [face]);
    out.push_str(".SH DESCRIPTION\n");
    text(&mut out, &format!("{}.", face.record().about));
    out.push_str(&options(command)?);
    examples(&mut out, face, ".SH EXAMPLES\n");
    tail(&mut out, face.as_job().map_or(&[], |job| job.references));
    Ok(out)
}

const DESCRIPTION: &str = "jack talks, listens and relays over TCP, UDP, Unix sockets and vsock, looks names up, \
    writes bytes as text, and explains itself: every job shows its socket calls with --trace, and says of each failure \
    why, and what to do. Short options of connect and listen are those of OpenBSD nc, of base64 those of GNU; called by \
    the name nc, base64, base32, basenc or xxd, jack is that tool.";

/// The first line: a page without a date, because it is made anew from each version.
fn title(name: &str) -> String {
    let (name, version) = (escaped(&name.to_uppercase()), env!("CARGO_PKG_VERSION"));
    format!(".TH \"{name}\" 1 \"\" \"jack {version}\" \"Jackfield\"\n")
}

fn synopsis(out: &mut String, faces: impl IntoIterator<Item = Face>) {
    let line = |(line, name): (&&str, &str)| {
        let (name, rest) = line.split_at(line.len().min("jack ".len() + name.len()));
        format!("\\fB{}\\fR{}\n", escaped(name), escaped(rest))
    };
    let faces = faces.into_iter();
    let lines: Vec<_> = faces
        .flat_map(|face| face.record().usage.iter().map(move |words| line((words, face.name()))))
        .collect();
    let _ = write!(out, ".SH SYNOPSIS\n{}", lines.join(".br\n"));
}

/// The options of a command and of the commands within it.
fn options(command: &Command) -> io::Result<String> {
    let mut out = rendered(|out| Man::new(command.clone()).render_options_section(out))?;
    for part in command.get_subcommands() {
        let _ = writeln!(out, ".SH \"{}\"", part.get_name().to_uppercase());
        text(&mut out, &part.get_about().map(ToString::to_string).unwrap_or_default());
        let part = rendered(|out| Man::new(part.clone()).render_options_section(out))?;
        out.push_str(&part.replace(".SH OPTIONS\n", ""));
    }
    Ok(out)
}

fn examples(out: &mut String, face: Face, heading: &str) {
    out.push_str(heading);
    for (line, what) in face.as_job().map_or(&[][..], |job| job.examples) {
        let _ = writeln!(out, ".TP\n\\fB{}\\fR\n{}", escaped(line), escaped(what));
    }
}

/// What stands at the end of every page; `references` are those that belong to it.
fn tail(out: &mut String, references: &[&str]) {
    for topic in references.iter().filter_map(|name| manual::find(name)) {
        let heading = match topic.name {
            "exit" => "EXIT STATUS".to_owned(),
            name => name.to_uppercase(),
        };
        let _ = writeln!(out, ".SH \"{heading}\"");
        markdown(out, topic.text);
    }
    out.push_str(".SH ENVIRONMENT\n");
    for (name, what) in [
        ("NO_COLOR", "no colour, whatever the terminal"),
        ("CLICOLOR_FORCE", "colour, even where no terminal is"),
        ("COLUMNS", "how wide help is, where no terminal tells"),
    ] {
        let _ = writeln!(out, ".TP\n\\fB{name}\\fR\n{}", escaped(what));
    }
    out.push_str(".SH \"SEE ALSO\"\n");
    text(
        out,
        "jack explain: the manual's chapters, one screen each; jack explain json: the form of --json and \
         --trace=json; socket(7), tcp(7), udp(7), unix(7), nc(1), base64(1), xxd(1)",
    );
}

/// The few marks of Markdown that the references use.
fn markdown(out: &mut String, page: &str) {
    let mut fenced = false;
    // A paragraph begins with its first line of text: what is empty is no paragraph.
    let mut begins = false;
    for line in page.lines().skip_while(|line| line.is_empty() || line.starts_with("# ")) {
        if line.starts_with("```") {
            out.push_str(if fenced { ".fi\n.RE\n" } else { ".PP\n.RS 4\n.nf\n" });
            (fenced, begins) = (!fenced, false);
        } else if fenced {
            text(out, line);
        } else if line.is_empty() {
            begins = true;
        } else {
            if std::mem::take(&mut begins) {
                out.push_str(".PP\n");
            }
            text(out, &line.replace('`', ""));
        }
    }
}

fn text(out: &mut String, words: &str) {
    let _ = writeln!(out, "{}", escaped(words));
}

/// Writes words so that roff prints them: backslashes and dashes as themselves, no line taken for a request.
fn escaped(words: &str) -> String {
    let words = ascii(words).replace('\\', "\\e").replace('-', "\\-");
    if words.starts_with(['.', '\'']) { format!("\\&{words}") } else { words }
}

fn rendered(part: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    let mut out = Vec::new();
    part(&mut out)?;
    Ok(ascii(&String::from_utf8_lossy(&out)))
}

/// Not every terminal has more than ASCII, and troff warns where it has not.
fn ascii(text: &str) -> String {
    text.replace('…', "...")
}
