//! Markdown as people read it on a terminal: headings bold, fences gone, long lines and tables folded.
//!
//! The chapters of the manual are written to fit a screen and pass as they are; the page on JSON is wider.

use anstyle::Style;

/// The longest line that is left alone, and what longer ones are folded to.
pub(crate) const WIDTH: usize = 78;

/// Makes a page for people.
pub(crate) fn for_people(text: &str) -> String {
    let bold = Style::new().bold();
    let mut page = String::new();
    let mut fenced = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            page.push_str(&format!("    {line}\n"));
        } else if let Some(heading) = line.strip_prefix("## ").or_else(|| line.strip_prefix("# ")) {
            page.push_str(&format!("{bold}{heading}{bold:#}\n"));
        } else if line.is_empty() {
            page.push('\n');
        } else if line.starts_with('|') {
            page.push_str(&row(line));
        } else {
            // One paragraph, or one item of a list.
            let mut block = vec![line];
            while let Some(next) = lines.next_if(|next| continues(next)) {
                block.push(next);
            }
            if block.iter().all(|line| line.chars().count() <= WIDTH) {
                block.iter().for_each(|line| page.push_str(&format!("{line}\n")));
            } else {
                let indent = if line.starts_with("- ") { "  " } else { "" };
                let one: Vec<_> = block.iter().map(|line| line.trim()).collect();
                let folded = wrapped(&one.join(" ").replace("**", ""), indent);
                page.push_str(folded.strip_prefix(indent).unwrap_or(&folded));
            }
        }
    }
    page
}

/// Tells whether a line goes on with the paragraph before it.
fn continues(line: &str) -> bool {
    !(line.is_empty() || line.starts_with(['#', '|']) || line.starts_with("- ") || line.starts_with("```"))
}

/// Folds a row of a table: its first cell, and below it the others.
fn row(line: &str) -> String {
    let mut cells = line.trim_matches('|').split('|').map(str::trim);
    let first = cells.next().unwrap_or_default();
    if first.starts_with("---") {
        return String::new();
    }
    let rest: Vec<_> = cells.filter(|cell| !cell.is_empty()).collect();
    format!("  {first}\n{}", wrapped(&rest.join(" | "), "      "))
}

/// Folds words into lines that begin with `indent`.
pub(crate) fn wrapped(words: &str, indent: &str) -> String {
    let mut page = String::new();
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            page.push_str(&format!("{indent}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        page.push_str(&format!("{indent}{line}\n"));
    }
    page
}

/// Cuts a line that is longer than `most` characters, and shows that it was.
pub(crate) fn cut(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use jackfield::manual;

    use super::*;

    #[test]
    fn what_fits_is_left_alone_and_what_does_not_is_folded() {
        assert_eq!(
            for_people("# a: b\n\nshort\nlines\n"),
            format!("{0}a: b{0:#}\n\nshort\nlines\n", Style::new().bold())
        );
        let long = format!("- **One** {}\n  end\n", "word ".repeat(30).trim());
        let page = for_people(&long);
        assert!(page.starts_with("- One word") && page.ends_with(" end\n"), "{page}");
        assert!(page.lines().skip(1).all(|line| line.starts_with("  ")), "{page}");
        let page = for_people(&format!("\n{}\n\nend\n", "word ".repeat(30)));
        assert!(page.starts_with("\nword") && page.ends_with("word\n\nend\n"), "{page}");
        assert_eq!(for_people("| a | b | c |\n|---|---|---|\n"), "  a\n      b | c\n");
    }

    #[test]
    fn every_page_fits_a_terminal_but_for_what_is_quoted() {
        for topic in manual::all() {
            for line in for_people(topic.text).lines().filter(|line| !line.starts_with("    {\"")) {
                assert!(line.chars().count() <= 90, "{}: {line}", topic.name);
            }
        }
    }

    #[test]
    fn no_word_is_lost() {
        for topic in manual::all() {
            let page = for_people(topic.text);
            for word in topic.text.split_whitespace().filter(|word| word.chars().all(char::is_alphanumeric)) {
                assert!(page.contains(word), "{}: {word}", topic.name);
            }
        }
    }
}
