//! The Markdown files: every relative link and anchor resolves, and pages and sentences are short.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use callrounded_tests::workspace;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The Markdown files of the repository, relative to its root.
fn pages() -> Vec<PathBuf> {
    fn visit(directory: &Path, pages: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            let is_excluded = ["target", "node_modules"].contains(&&*name) || name.starts_with('.');
            if path.is_dir() && !path.is_symlink() && !is_excluded {
                visit(&path, pages);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    let mut pages = Vec::new();
    visit(&workspace(), &mut pages);
    pages
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Returns the anchors of a page, by GitHub's rules: lower case, without punctuation, with hyphens for spaces.
fn anchors(text: &str) -> HashSet<String> {
    let (mut anchors, mut heading) = (HashSet::new(), None);
    for event in parser(text) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::Text(text) | Event::Code(text), Some(heading)) => heading.push_str(&text),
            (Event::End(TagEnd::Heading(_)), Some(title)) => {
                let is_kept = |it: &char| it.is_alphanumeric() || ['-', '_', ' '].contains(it);
                let anchor: String = title.to_lowercase().chars().filter(is_kept).collect();
                anchors.insert(anchor.replace(' ', "-"));
                heading = None;
            }
            _ => {}
        }
    }
    anchors
}

#[test]
fn relative_links_resolve() {
    let (mut broken, mut count) = (Vec::new(), 0);
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for event in parser(&text) {
            let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) = event else {
                continue;
            };
            if dest_url.contains("://") || dest_url.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (path, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let target = if path.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(path)
            };
            let has_anchor = || anchors(&fs::read_to_string(&target).unwrap()).contains(anchor);
            if !target.exists() || !anchor.is_empty() && !has_anchor() {
                broken.push(format!("{}: {dest_url}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(count > 50, "only {count} links were found");
}

#[test]
fn documentation_index_lists_every_page() {
    let index = fs::read_to_string(workspace().join("docs/README.md")).unwrap();
    for entry in fs::read_dir(workspace().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") && name != "README.md" {
            assert!(
                index.contains(&format!("]({name})")),
                "docs/README.md does not list {name}"
            );
        }
    }
}

/// A reader finds a subject by its page, and reads the page in one go.
#[test]
fn pages_have_at_most_250_lines() {
    for page in pages().iter().filter(|page| page.starts_with(workspace().join("docs"))) {
        let lines = fs::read_to_string(page).unwrap().lines().count();
        assert!(lines <= 250, "{}: {lines} lines", page.display());
    }
}

#[test]
fn readme_has_at_most_900_words() {
    let words = fs::read_to_string(workspace().join("README.md"))
        .unwrap()
        .split_whitespace()
        .count();
    assert!(words <= 900, "{words} words");
}

/// Returns the number of words in each sentence of paragraphs and lists. A code span is one word.
fn sentences(text: &str) -> Vec<(usize, String)> {
    let (mut sentences, mut sentence, mut blocks) = (Vec::new(), String::new(), 0);
    let mut finish = |sentence: &mut String| {
        let words = sentence.split_whitespace().count();
        if words > 0 {
            sentences.push((words, std::mem::take(sentence)));
        }
    };
    for event in parser(text) {
        match event {
            Event::Start(Tag::Table(_) | Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::HtmlBlock) => blocks += 1,
            Event::End(TagEnd::Table | TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::HtmlBlock) => blocks -= 1,
            _ if blocks > 0 => {}
            Event::Start(Tag::Paragraph | Tag::Item) | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                finish(&mut sentence)
            }
            Event::Code(_) => sentence.push_str("code"),
            Event::SoftBreak | Event::HardBreak => sentence.push(' '),
            Event::Text(text) => {
                for part in text.split_inclusive(['.', '!', '?', ':', ';', ' ']) {
                    sentence.push_str(part);
                    if part == " " && sentence.trim_end().ends_with(['.', '!', '?', ':']) {
                        finish(&mut sentence);
                    }
                }
            }
            _ => {}
        }
    }
    finish(&mut sentence);
    sentences
}

#[test]
fn sentences_are_short() {
    let mut errors = Vec::new();
    for (page, mean, maximum) in pages().into_iter().filter_map(|page| {
        let is_readme = page == workspace().join("README.md");
        let is_documentation = page.parent() == Some(&workspace().join("docs"));
        match (is_readme, is_documentation) {
            (true, _) => Some((page, 18.0, 35)),
            (_, true) => Some((page, 20.0, 40)),
            _ => None,
        }
    }) {
        let found = sentences(&fs::read_to_string(&page).unwrap());
        let words: usize = found.iter().map(|(words, _)| words).sum();
        let average = words as f64 / found.len() as f64;
        println!(
            "{}: {} sentences, {average:.1} words on average",
            page.display(),
            found.len()
        );
        if average > mean {
            errors.push(format!("{}: {average:.1} words per sentence", page.display()));
        }
        for (words, sentence) in found.iter().filter(|(words, _)| *words > maximum) {
            errors.push(format!("{}: {words} words: {sentence}", page.display()));
        }
    }
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}
