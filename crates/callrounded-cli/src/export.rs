//! `calls export`: writes the selected calls to a file, each of them once, however often the run is interrupted and
//! continued.
//!
//! Pages are appended to FILE.partial. Then the number of valid bytes and the next cursor are saved in FILE.progress. A
//! run that continues truncates the partial file to the valid bytes, since the bytes after them are from a page that
//! was not saved. When the export is complete, the partial file is renamed to FILE.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use callrounded::{Client, ErrorKind};
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, task};

use crate::{
    arguments::{ExportFormat, ExportOptions},
    calls::filtered,
    exit::{Failure, print_message},
    files, output, progress,
    raw::{RawCall, RawPage},
};

/// The minimum time between two saves of the progress. A save waits for the disk, so pages that arrive faster are saved
/// together. After a kill, the pages of at most twice this time are fetched again.
const SAVE_INTERVAL: Duration = Duration::from_millis(100);

/// The maximum number of pages that wait to be written, besides the one that is being fetched.
const MAX_WAITING_PAGES: usize = 2;

/// The size of the write buffer in bytes, so that a page takes few writes.
const BUFFER_SIZE: usize = 256 * 1_024;

/// The content of FILE.progress: what is known about the pages that were written.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Progress {
    /// The service, the filters and the format. A run with different ones is another export.
    query: String,
    /// The number of valid bytes in the partial file.
    length: u64,
    /// The cursor of the next page; `None` for the first page.
    cursor: Option<String>,
    /// Whether all pages are written.
    done: bool,
    /// The number of calls in the partial file.
    calls: u64,
    /// The identifiers on the previous page, since a service may repeat calls at the boundary of two pages.
    last_ids: HashSet<String>,
}

/// An export with its files.
struct Export {
    partial: PathBuf,
    progress_path: PathBuf,
    file: File,
    format: ExportFormat,
    progress: Progress,
    /// The save that is in progress.
    saving: Option<task::JoinHandle<Result<(), Failure>>>,
    /// Whether written data did not reach the disk. The system reports this only once: a second sync would succeed.
    has_lost_writes: bool,
}

pub(crate) async fn run(client: &Client, service: &str, options: &ExportOptions) -> Result<(), Failure> {
    options.filters.report_assumptions();
    let mut export = Export::open(service, options)?;
    if export.progress.calls > 0 {
        print_message(format_args!(
            "{} calls are already exported; continuing after them",
            export.progress.calls
        ));
    }
    let bar = progress::bar("calls", None, export.progress.calls);
    let fetched = fetch_pages(client, options, &mut export, &bar).await;
    bar.finish_and_clear();
    // The first failure is reported, and the progress before it is saved in any case.
    let outcome = fetched.and(export.save_final_progress().await);
    if let Err(failure) = &outcome {
        if export.has_lost_writes {
            print_message(
                "the last pages were not written to disk; run the same command again to continue after those that were",
            );
        } else {
            print_message(format_args!(
                "{} calls are written; {}",
                export.progress.calls,
                export.remedy(failure)
            ));
        }
    }
    outcome?;
    let calls = export.progress.calls;
    export.finish(&options.file)?;
    print_message(format_args!("{calls} calls are written to {}", options.file.display()));
    Ok(())
}

/// Fetches the remaining pages and appends them to the partial file.
async fn fetch_pages(
    client: &Client,
    options: &ExportOptions,
    export: &mut Export,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    if export.progress.done {
        return Ok(());
    }
    let list = filtered(client, &options.filters).limit(options.page_size);
    let list = match &export.progress.cursor {
        Some(cursor) => list.cursor(cursor.as_str()),
        None => list,
    };
    // Pages are fetched and decoded on the other thread, while this one writes and waits for the disk.
    let (sender, mut fetched) = mpsc::channel(MAX_WAITING_PAGES);
    let mut pages = list.pages();
    let fetching = task::spawn(async move {
        while let Some(page) = pages.next().await {
            if sender.send(page).await.is_err() {
                break;
            }
        }
    });
    // The first page is saved at once, so that even a short run makes progress.
    let mut last_save = None::<Instant>;
    while let Some(page) = fetched.recv().await {
        let page = RawPage::new(page?);
        export.append(&page.calls()?)?;
        export.progress.done = page.next_cursor.is_none();
        export.progress.cursor = page.next_cursor;
        if last_save.is_none_or(|last_save| last_save.elapsed() >= SAVE_INTERVAL) {
            export.start_save().await?;
            last_save = Some(Instant::now());
        }
        bar.set_position(export.progress.calls);
    }
    fetching
        .await
        .map_err(|error| Failure::Usage(format!("the task that fetches pages failed: {error}")))
}

/// Returns the format that the user chose, or that of the file extension.
fn format(options: &ExportOptions) -> Result<ExportFormat, Failure> {
    let format = match (options.format, files::extension(&options.file).as_deref()) {
        (Some(format), _) => format,
        (None, Some("ndjson" | "jsonl")) => ExportFormat::Ndjson,
        (None, Some("csv")) => ExportFormat::Csv,
        (None, _) => {
            let message = "unknown file extension: expected .ndjson, .jsonl or .csv; or set --format";
            return Err(Failure::Usage(message.to_owned()));
        }
    };
    match format {
        ExportFormat::Csv if options.filters.transcripts || options.filters.variables => Err(Failure::Usage(
            "CSV has no columns for transcripts and variables; export to .ndjson".to_owned(),
        )),
        format => Ok(format),
    }
}

impl Export {
    /// Opens the files: continues an earlier run if there is one, otherwise starts a new export.
    fn open(service: &str, options: &ExportOptions) -> Result<Self, Failure> {
        let format = format(options)?;
        let query = format!("{service} {format:?} {:?}", options.filters);
        let (partial, progress_path) = (
            files::with_suffix(&options.file, ".partial"),
            files::with_suffix(&options.file, ".progress"),
        );
        if options.file.exists() && !options.overwrite {
            return Err(Failure::Usage(format!(
                "{} already exists; use --overwrite to replace it",
                options.file.display()
            )));
        }
        let mut export = Self {
            file: files::open_locked(&partial)?,
            format,
            progress: Progress {
                query,
                ..Progress::default()
            },
            partial,
            progress_path,
            saving: None,
            has_lost_writes: false,
        };
        if !export.partial.exists() {
            // Another run completed the export and renamed the file after it was opened here.
            return Err(Failure::Usage(format!(
                "another run has just completed the export to {}",
                options.file.display()
            )));
        }
        if export.progress_path.exists() {
            export.resume()?;
        } else {
            // The query is saved before any page, so that the next run knows it.
            export.truncate(0)?;
            export.save()?;
        }
        if export.progress.length == 0 && format == ExportFormat::Csv {
            output::write_csv(&mut export.file, &[], true).map_err(Failure::file(export.partial.display()))?;
            export.progress.length = export.length()?;
        }
        Ok(export)
    }

    /// Continues an earlier run, if it had the same query.
    fn resume(&mut self) -> Result<(), Failure> {
        let remedy = format!(
            "delete {} and {} to start over",
            self.partial.display(),
            self.progress_path.display()
        );
        let text = fs::read(&self.progress_path).map_err(Failure::file(self.progress_path.display()))?;
        let progress: Progress = serde_json::from_slice(&text).map_err(|error| {
            Failure::Usage(format!(
                "{} is damaged ({error}); {remedy}",
                self.progress_path.display()
            ))
        })?;
        if progress.query != self.progress.query {
            return Err(Failure::Usage(format!(
                "{} was started with other filters, another format or another base URL; use the same, or {remedy}",
                self.partial.display()
            )));
        }
        if self.length()? < progress.length {
            return Err(Failure::Usage(format!(
                "{} was truncated since the last run; {remedy}",
                self.partial.display()
            )));
        }
        self.truncate(progress.length)?;
        self.progress = progress;
        Ok(())
    }

    /// Returns the length of the partial file in bytes.
    fn length(&self) -> Result<u64, Failure> {
        let metadata = self.file.metadata().map_err(Failure::file(self.partial.display()))?;
        Ok(metadata.len())
    }

    fn truncate(&self, length: u64) -> Result<(), Failure> {
        self.file.set_len(length).map_err(Failure::file(self.partial.display()))
    }

    /// Saves the progress. The partial file is synced first, so that all valid bytes are on the disk.
    fn save(&self) -> Result<(), Failure> {
        self.prepare_save()?()
    }

    /// Starts a save in the background, while more pages are written.
    async fn start_save(&mut self) -> Result<(), Failure> {
        self.wait_for_save().await?;
        self.saving = Some(task::spawn_blocking(self.prepare_save()?));
        Ok(())
    }

    /// Waits for the save in progress, so that saves happen in order.
    async fn wait_for_save(&mut self) -> Result<(), Failure> {
        let saved = match self.saving.take() {
            Some(saving) => saving
                .await
                .map_err(|error| Failure::Usage(format!("the task that saves the progress failed: {error}")))
                .and_then(|saved| saved),
            None => Ok(()),
        };
        self.has_lost_writes |= saved.is_err();
        saved
    }

    /// Saves the progress at the end of a run. If written data was lost, the previous save remains.
    async fn save_final_progress(&mut self) -> Result<(), Failure> {
        self.wait_for_save().await?;
        if self.has_lost_writes { Ok(()) } else { self.save() }
    }

    /// Returns a function that saves the current progress, on any thread.
    fn prepare_save(&self) -> Result<impl FnOnce() -> Result<(), Failure> + Send + use<>, Failure> {
        let (partial, progress_path) = (self.partial.clone(), self.progress_path.clone());
        let file = self.file.try_clone().map_err(Failure::file(partial.display()))?;
        let text = serde_json::to_vec(&self.progress).map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(move || {
            file.sync_data().map_err(Failure::file(partial.display()))?;
            files::replace(&progress_path, &text).map_err(Failure::file(progress_path.display()))
        })
    }

    /// Appends the calls of a page, without those that the previous page had.
    fn append(&mut self, calls: &[RawCall<'_>]) -> Result<(), Failure> {
        let mut ids = HashSet::with_capacity(calls.len());
        let new: Vec<&RawCall<'_>> = calls
            .iter()
            .filter(|call| match &call.id {
                Some(id) => ids.insert(id.to_string()) && !self.progress.last_ids.contains(id.as_ref()),
                None => true,
            })
            .collect();
        self.write(&new).map_err(Failure::file(self.partial.display()))?;
        self.progress.length = self.length()?;
        self.progress.calls += u64::try_from(new.len()).unwrap_or_default();
        self.progress.last_ids = ids;
        Ok(())
    }

    fn write(&mut self, calls: &[&RawCall<'_>]) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER_SIZE, &mut self.file);
        match self.format {
            ExportFormat::Ndjson => {
                for call in calls {
                    writeln!(out, "{}", call.line)?;
                }
            }
            ExportFormat::Csv => {
                let values: Vec<_> = calls.iter().map(|call| call.value()).collect();
                output::write_csv(&mut out, &values, false)?;
            }
        }
        out.flush()
    }

    /// Returns what the user can do after a failure.
    fn remedy(&self, failure: &Failure) -> String {
        let may_be_cursor = matches!(failure, Failure::Operation(error)
            if matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::RepeatedCursor));
        if may_be_cursor && self.progress.cursor.is_some() {
            format!(
                "the service does not continue from their cursor; delete {} and {} to start over",
                self.partial.display(),
                self.progress_path.display()
            )
        } else {
            "run the same command again to continue".to_owned()
        }
    }

    /// Removes the progress and renames the partial file.
    fn finish(self, file: &Path) -> Result<(), Failure> {
        // In this order: a run that is interrupted in between starts over, and no progress file refers to another
        // export.
        files::remove_if_exists(&self.progress_path).map_err(Failure::file(self.progress_path.display()))?;
        fs::rename(&self.partial, file).map_err(Failure::file(file.display()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::unreachable)]
mod tests {
    use std::fs;

    use clap::Parser;
    use tokio::{runtime::Builder, task};

    use super::{Export, Failure};
    use crate::arguments::{Arguments, CallsCommand, Command, ExportOptions};

    fn options(file: &str) -> ExportOptions {
        let arguments = Arguments::try_parse_from(["callrounded", "calls", "export", file]).unwrap();
        match arguments.command {
            Command::Calls(CallsCommand::Export(options)) => options,
            _ => unreachable!(),
        }
    }

    /// The system reports a failed write to disk only once: after a second sync, the data would be saved as written.
    #[test]
    fn save_final_progress_after_failed_sync_keeps_previous_progress() {
        let directory = tempfile::TempDir::new().unwrap();
        let file = directory.path().join("calls.ndjson");
        let mut export = Export::open("somewhere", &options(file.to_str().unwrap())).unwrap();
        let saved = fs::read(&export.progress_path).unwrap();
        export.append(&[]).unwrap();
        export.progress.done = true;
        Builder::new_current_thread().build().unwrap().block_on(async {
            export.saving = Some(task::spawn(async {
                Err(Failure::Usage("the disk is gone".to_owned()))
            }));
            assert!(export.start_save().await.is_err());
            assert!(export.save_final_progress().await.is_ok());
        });
        assert!(export.has_lost_writes);
        assert_eq!(fs::read(&export.progress_path).unwrap(), saved);
    }
}
