//! All calls of a window into a file, each of them once, however often the run is ended and started again.
//!
//! Pages are appended to FILE.partial and then noted in FILE.progress: how long that is now, and where the next page
//! begins. What stands after the noted length came from a run that was ended before it was noted, and is cut off. Whole, it
//! gets its name.

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
    calls::{RawCall, RawPage, filtered},
    exit::{Failure, say},
    files, output, progress,
};

/// A note waits for the disk. Pages that come faster than this are noted together: what a kill costs is fetched again, no
/// more than came in twice that time.
const NOTED_EVERY: Duration = Duration::from_millis(100);

/// So many pages wait to be written at most, beside the one that is being fetched.
const AHEAD: usize = 2;

/// Of a page it takes few writes.
const BUFFER: usize = 256 * 1_024;

/// What is noted of the pages that are written.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Progress {
    /// From where, which calls, and how they are written: a run with others is another export.
    query: String,
    /// How many bytes are right.
    length: u64,
    /// Where the next page begins; the first page, where there is none.
    cursor: Option<String>,
    /// Whether there is no next page.
    done: bool,
    calls: u64,
    /// The calls of the page before, which a service may repeat at the border of two pages.
    last_ids: HashSet<String>,
}

/// The files of an export.
struct Export {
    partial: PathBuf,
    noted: PathBuf,
    file: File,
    format: ExportFormat,
    progress: Progress,
    /// The note that is being written.
    noting: Option<task::JoinHandle<Result<(), Failure>>>,
    /// What was written did not come to the disk. The system says so once: asked again, it would say that all is there.
    lost: bool,
}

pub(crate) async fn run(client: &Client, service: &str, options: &ExportOptions) -> Result<(), Failure> {
    options.filters.say_assumptions();
    let mut export = Export::begin(service, options)?;
    if export.progress.calls > 0 {
        say(format_args!(
            "{} calls are there already; going on after them",
            export.progress.calls
        ));
    }
    let bar = progress::bar("calls", None, export.progress.calls);
    let walked = walk(client, options, &mut export, &bar).await;
    bar.finish_and_clear();
    // Of what failed first is told, and the pages before it are noted all the same.
    let outcome = walked.and(export.last_note().await);
    if let Err(failure) = &outcome {
        match export.lost {
            true => say("the last pages did not come to the disk; start it again to go on after those that did"),
            false => say(format_args!(
                "{} calls are written; {}",
                export.progress.calls,
                export.remedy(failure)
            )),
        }
    }
    outcome?;
    let calls = export.progress.calls;
    export.finish(&options.file)?;
    say(format_args!("{calls} calls are written to {}", options.file.display()));
    Ok(())
}

async fn walk(client: &Client, options: &ExportOptions, export: &mut Export, bar: &ProgressBar) -> Result<(), Failure> {
    if export.progress.done {
        return Ok(());
    }
    let list = filtered(client, &options.filters).limit(options.page_size);
    let list = match &export.progress.cursor {
        Some(cursor) => list.cursor(cursor.as_str()),
        None => list,
    };
    // Pages are fetched and read on the other thread, while this one writes and waits for the disk.
    let (to_write, mut fetched) = mpsc::channel(AHEAD);
    let mut pages = list.pages();
    let fetching = task::spawn(async move {
        while let Some(page) = pages.next().await {
            if to_write.send(page).await.is_err() {
                break;
            }
        }
    });
    // The first page is noted at once: a run that is ended soon has got on too.
    let mut noted = None::<Instant>;
    while let Some(page) = fetched.recv().await {
        let page = RawPage::of(page?);
        export.append(&page.calls()?)?;
        export.progress.done = page.next_cursor.is_none();
        export.progress.cursor = page.next_cursor;
        if noted.is_none_or(|noted| noted.elapsed() >= NOTED_EVERY) {
            export.begin_note().await?;
            noted = Some(Instant::now());
        }
        bar.set_position(export.progress.calls);
    }
    fetching
        .await
        .map_err(|ended| Failure::Usage(format!("the task that fetches ended: {ended}")))
}

fn format(options: &ExportOptions) -> Result<ExportFormat, Failure> {
    let format = match (options.format, files::ending(&options.file).as_deref()) {
        (Some(format), _) => format,
        (None, Some("ndjson" | "jsonl")) => ExportFormat::Ndjson,
        (None, Some("csv")) => ExportFormat::Csv,
        (None, _) => {
            let said = "the name of the file ends in neither .ndjson nor .csv; say --format";
            return Err(Failure::Usage(said.to_owned()));
        }
    };
    match format {
        ExportFormat::Csv if options.filters.transcripts || options.filters.variables => Err(Failure::Usage(
            "CSV has no place for transcripts and variables; export to .ndjson".to_owned(),
        )),
        format => Ok(format),
    }
}

impl Export {
    /// Where to go on, or to begin.
    fn begin(service: &str, options: &ExportOptions) -> Result<Self, Failure> {
        let format = format(options)?;
        let query = format!("{service} {format:?} {:?}", options.filters);
        let (partial, noted) = (
            files::beside(&options.file, ".partial"),
            files::beside(&options.file, ".progress"),
        );
        if options.file.exists() && !options.overwrite {
            return Err(Failure::Usage(format!(
                "{} is there already; --overwrite takes its place",
                options.file.display()
            )));
        }
        let mut export = Self {
            file: files::own(&partial)?,
            format,
            progress: Progress {
                query,
                ..Progress::default()
            },
            partial,
            noted,
            noting: None,
            lost: false,
        };
        if !export.partial.exists() {
            // What was opened has its name by now, and is whole.
            return Err(Failure::Usage(format!(
                "another run has just ended the export to {}",
                options.file.display()
            )));
        }
        if export.noted.exists() {
            export.go_on()?;
        } else {
            // Before anything else, so that a run that is ended is known to be one of this kind.
            export.cut(0)?;
            export.note()?;
        }
        if export.progress.length == 0 && format == ExportFormat::Csv {
            output::write_csv(&mut export.file, &[], true).map_err(Failure::file(export.partial.display()))?;
            export.progress.length = export.length()?;
        }
        Ok(export)
    }

    fn go_on(&mut self) -> Result<(), Failure> {
        let anew = format!(
            "remove {} and {} to begin anew",
            self.partial.display(),
            self.noted.display()
        );
        let text = fs::read(&self.noted).map_err(Failure::file(self.noted.display()))?;
        let progress: Progress = serde_json::from_slice(&text).map_err(|error| {
            Failure::Usage(format!(
                "{} is not as it was left ({error}); {anew}",
                self.noted.display()
            ))
        })?;
        if progress.query != self.progress.query {
            return Err(Failure::Usage(format!(
                "{} was begun with other filters, in another format or from elsewhere; say the same, or {anew}",
                self.partial.display()
            )));
        }
        if self.length()? < progress.length {
            return Err(Failure::Usage(format!(
                "{} is shorter than it was left; {anew}",
                self.partial.display()
            )));
        }
        self.cut(progress.length)?;
        self.progress = progress;
        Ok(())
    }

    fn length(&self) -> Result<u64, Failure> {
        let there = self.file.metadata().map_err(Failure::file(self.partial.display()))?;
        Ok(there.len())
    }

    fn cut(&self, length: u64) -> Result<(), Failure> {
        self.file.set_len(length).map_err(Failure::file(self.partial.display()))
    }

    /// Notes what is written. Only what is on the disk is noted.
    fn note(&self) -> Result<(), Failure> {
        self.to_note()?()
    }

    /// The same, while more is written.
    async fn begin_note(&mut self) -> Result<(), Failure> {
        self.wait_for_note().await?;
        self.noting = Some(task::spawn_blocking(self.to_note()?));
        Ok(())
    }

    /// Waits for the note that was begun: one takes the place of another in their order.
    async fn wait_for_note(&mut self) -> Result<(), Failure> {
        let noted = match self.noting.take() {
            Some(noting) => noting
                .await
                .map_err(|ended| Failure::Usage(format!("the task that notes ended: {ended}")))
                .and_then(|noted| noted),
            None => Ok(()),
        };
        self.lost |= noted.is_err();
        noted
    }

    /// Notes all that is written. Where some of it was lost, what was noted before that stands.
    async fn last_note(&mut self) -> Result<(), Failure> {
        self.wait_for_note().await?;
        if self.lost { Ok(()) } else { self.note() }
    }

    fn to_note(&self) -> Result<impl FnOnce() -> Result<(), Failure> + Send + use<>, Failure> {
        let (partial, noted) = (self.partial.clone(), self.noted.clone());
        let file = self.file.try_clone().map_err(Failure::file(partial.display()))?;
        let text = serde_json::to_vec(&self.progress).map_err(|error| Failure::Usage(error.to_string()))?;
        Ok(move || {
            file.sync_data().map_err(Failure::file(partial.display()))?;
            files::replace(&noted, &text).map_err(Failure::file(noted.display()))
        })
    }

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
        let mut out = BufWriter::with_capacity(BUFFER, &mut self.file);
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

    /// What to do after a failure.
    fn remedy(&self, failure: &Failure) -> String {
        let is_of_the_cursor = matches!(failure, Failure::Call(error)
            if matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::RepeatedCursor));
        match is_of_the_cursor && self.progress.cursor.is_some() {
            true => format!(
                "the service does not go on from where they end; remove {} and {} to begin anew",
                self.partial.display(),
                self.noted.display()
            ),
            false => "start it again to go on".to_owned(),
        }
    }

    fn finish(self, file: &Path) -> Result<(), Failure> {
        // In this order: what is ended in between begins anew, and no note speaks of another file.
        files::remove(&self.noted).map_err(Failure::file(self.noted.display()))?;
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

    /// The system tells once that something did not come to the disk: to sync again would have it noted as written.
    #[test]
    fn what_is_lost_is_not_noted() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("calls.ndjson");
        let mut export = Export::begin("somewhere", &options(file.to_str().unwrap())).unwrap();
        let noted = fs::read(&export.noted).unwrap();
        export.append(&[]).unwrap();
        export.progress.done = true;
        Builder::new_current_thread().build().unwrap().block_on(async {
            export.noting = Some(task::spawn(async {
                Err(Failure::Usage("the disk is gone".to_owned()))
            }));
            assert!(export.begin_note().await.is_err());
            assert!(export.last_note().await.is_ok());
        });
        assert!(export.lost);
        assert_eq!(fs::read(&export.noted).unwrap(), noted);
    }
}
