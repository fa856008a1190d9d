//! All calls of a window into a file, each of them once, however often the run is ended and started again.
//!
//! A page is appended to the file and then noted in FILE.progress: how long the file is now, and where the next page
//! begins. What stands after the noted length came from a run that was ended before it was noted, and is cut off.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use callrounded::{Answer, Client, Page};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    arguments::{ExportFormat, ExportOptions},
    calls::{filtered, raw_calls},
    exit::Failure,
    files, output,
};

/// What is noted after each page.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Progress {
    /// Which calls, and how they are written: a run with others is another export.
    query: String,
    /// How many bytes of the file are right.
    length: u64,
    /// Where the next page begins; the first page, where there is none.
    cursor: Option<String>,
    /// Whether there is no next page.
    done: bool,
    calls: u64,
    /// The calls of the page before, which a service may repeat at the border of two pages.
    last_ids: HashSet<String>,
}

pub(crate) async fn run(client: &Client, options: &ExportOptions) -> Result<(), Failure> {
    let format = format(options)?;
    let noted = files::beside(&options.file, ".progress");
    let mut progress = begin(options, format, &noted)?;
    let mut file = open(&options.file, progress.length)?;
    if progress.calls > 0 {
        eprintln!("{} calls are there already; going on after them", progress.calls);
    }
    let style = ProgressStyle::with_template("{spinner} {pos} calls, {per_sec}");
    let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.set_position(progress.calls);
    let list = filtered(client, &options.filters)
        .page_size(options.page_size)
        .prefetch(true);
    let list = match &progress.cursor {
        Some(cursor) => list.cursor(cursor.as_str()),
        None => list,
    };
    let mut pages = list.pages();
    while !progress.done {
        let Some(page) = pages.next().await else { break };
        let page = page.map_err(|error| {
            bar.finish_and_clear();
            eprintln!("{} calls are written; start it again to go on", progress.calls);
            Failure::Call(error)
        })?;
        let written = append(&mut file, &page, format, &progress).map_err(Failure::file(options.file.display()))?;
        progress.calls += written.calls;
        progress.length = written.length;
        progress.last_ids = written.ids;
        progress.cursor.clone_from(&page.next_cursor);
        progress.done = page.next_cursor.is_none();
        note(&noted, &progress)?;
        bar.set_position(progress.calls);
    }
    bar.finish_and_clear();
    files::remove(&noted).map_err(Failure::file(noted.display()))?;
    eprintln!("{} calls are written to {}", progress.calls, options.file.display());
    Ok(())
}

fn format(options: &ExportOptions) -> Result<ExportFormat, Failure> {
    let ending = options.file.extension().and_then(|ending| ending.to_str());
    match (options.format, ending) {
        (Some(format), _) => Ok(format),
        (None, Some("ndjson" | "jsonl")) => Ok(ExportFormat::Ndjson),
        (None, Some("csv")) => Ok(ExportFormat::Csv),
        (None, _) => Err(Failure::Usage(
            "the name of the file ends in neither .ndjson nor .csv; say --format".to_owned(),
        )),
    }
}

/// Where to go on, or to begin.
fn begin(options: &ExportOptions, format: ExportFormat, noted: &Path) -> Result<Progress, Failure> {
    let query = format!("{format:?} {:?} {}", options.filters, options.page_size);
    let file = options.file.display();
    if options.overwrite {
        files::remove(noted).map_err(Failure::file(noted.display()))?;
    } else if noted.exists() {
        let text = fs::read(noted).map_err(Failure::file(noted.display()))?;
        let progress: Progress = serde_json::from_slice(&text).map_err(|error| {
            Failure::Usage(format!(
                "{} is not as it was left ({error}); --overwrite begins anew",
                noted.display()
            ))
        })?;
        return match progress.query == query {
            true => Ok(progress),
            false => Err(Failure::Usage(format!(
                "{file} was begun with other filters, format or page size; say the same, or --overwrite"
            ))),
        };
    } else if fs::metadata(&options.file).is_ok_and(|there| there.len() > 0) {
        return Err(Failure::Usage(format!(
            "{file} is there already; --overwrite writes it anew"
        )));
    }
    let progress = Progress {
        query,
        ..Progress::default()
    };
    // Before the file itself, so that a run that is ended in between is known to be one of this kind.
    note(noted, &progress)?;
    Ok(progress)
}

fn note(noted: &Path, progress: &Progress) -> Result<(), Failure> {
    let text = serde_json::to_vec(progress).map_err(|error| Failure::Usage(error.to_string()))?;
    files::replace(noted, &text).map_err(Failure::file(noted.display()))
}

/// The file, cut off after what is right of it.
fn open(path: &Path, length: u64) -> Result<File, Failure> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let opened = file.and_then(|mut file| {
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))?;
        Ok(file)
    });
    opened.map_err(Failure::file(path.display()))
}

struct Written {
    calls: u64,
    length: u64,
    ids: HashSet<String>,
}

fn append(file: &mut File, page: &Answer<Page>, format: ExportFormat, progress: &Progress) -> std::io::Result<Written> {
    let mut out = BufWriter::new(&mut *file);
    let mut written = Written {
        calls: 0,
        length: 0,
        ids: HashSet::new(),
    };
    for raw in raw_calls(page) {
        #[derive(Deserialize)]
        struct Identified {
            id: String,
        }
        if let Ok(Identified { id }) = serde_json::from_str(raw.get()) {
            let is_repeated = progress.last_ids.contains(&id);
            if !written.ids.insert(id) || is_repeated {
                continue;
            }
        }
        match format {
            ExportFormat::Ndjson => writeln!(out, "{}", on_one_line(raw.get()))?,
            ExportFormat::Csv => {
                let call: Value = serde_json::from_str(raw.get()).unwrap_or_default();
                output::write_csv(&mut out, &[call], progress.length == 0 && written.calls == 0)?;
            }
        }
        written.calls += 1;
    }
    out.flush()?;
    drop(out);
    file.sync_data()?;
    written.length = file.stream_position()?;
    Ok(written)
}

/// JSON without the blanks between its tokens, and every token as it is.
fn on_one_line(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    json.chars()
        .filter(|c| {
            let keep = in_text || !c.is_ascii_whitespace();
            (in_text, escaped) = match (c, in_text, escaped) {
                ('"', true, true) => (true, false),
                ('"', inside, _) => (!inside, false),
                ('\\', true, false) => (true, true),
                (_, inside, _) => (inside, false),
            };
            keep
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::on_one_line;

    #[test]
    fn only_blanks_between_tokens_go() {
        for (json, line) in [
            ("{ \"a b\" :\n\t1.50 }", "{\"a b\":1.50}"),
            (r#"["\" x", "\\", " y" ]"#, r#"["\" x","\\"," y"]"#),
        ] {
            assert_eq!(on_one_line(json), line);
        }
    }
}
