//! The way of evidence: pieces are read side by side, their exchanges linked in order, judged in batches, written in order.

use super::batch::{How, Printed, two_of_a_kind};
use super::gathered::Gathered;
use super::row::{Row, Stretch};
use super::wanted::{Only, only};
use super::workers::Workers;
use crate::cli::Answer;
use crate::cli::args::ExplainArgs;
use crate::cli::error::Failure;
use crate::cli::job::Settings;
use why401_core::finding::TallyRow;
use why401_core::input::{self, InputOptions, Item, Order, Piece};
use why401_core::output::Format;
use why401_core::triage::{Judge, Memo, Skim, Skimmed, Wanted};

/// So many bytes of evidence are worked on at a time; memory is bounded by it, not by the evidence. The first stretches
/// are shorter: what is known from them need not be judged again.
const WINDOW: usize = 1024 * 1024;
/// An answer is many times as long as its evidence, and waits until its stretch is complete.
const WINDOW_OF_TEXTS: usize = 256 * 1024;
const FIRST: usize = 64 * 1024;

/// So many exchanges are judged in one go. What is counted goes by it, so that it is the same for any number of workers.
const BATCH: usize = 64;

/// Evidence that is being explained.
pub(super) struct Run<'r> {
    settings: &'r Settings,
    args: &'r ExplainArgs,
    judge: Judge<'r>,
    workers: Workers,
    only: Option<Only>,
    /// Pieces that wait to be read together.
    window: Vec<Piece>,
    /// So many bytes are worked on next.
    room: usize,
    order: Order,
    row: Row,
    memo: Memo,
    gathered: Gathered<'r>,
    /// The entry of the present file that was read last.
    entry: usize,
    /// Exchanges that were read, looked at or not.
    seen: usize,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        settings: &'r Settings,
        args: &'r ExplainArgs,
        judge: Judge<'r>,
    ) -> Result<Self, Failure> {
        Ok(Self {
            settings,
            args,
            judge,
            workers: Workers::new(args.jobs),
            only: args.only.as_deref().map(only).transpose()?,
            window: Vec::new(),
            room: FIRST,
            order: Order::default(),
            row: Row::of(judge.linker()),
            memo: Memo::default(),
            gathered: Gathered::new(settings, args.summary),
            entry: 0,
            seen: 0,
        })
    }

    /// Explains one file, or what stands for one.
    pub(super) fn source(
        &mut self,
        reader: Result<Box<dyn std::io::BufRead + '_>, Failure>,
        how: InputOptions<'_>,
    ) {
        self.entry = 0;
        let read = reader.and_then(|reader| {
            let read = input::pieces(reader, how, &mut |piece| self.add(piece, how));
            read.map_err(|e| {
                let text = format!("{} cannot be read: {}", how.name, e.kind());
                Failure::new("input", text, None)
            })
        });
        self.work(how);
        let rest = self.row.end();
        self.answer(rest);
        self.order = Order::default();
        match read {
            Ok(form) => self
                .settings
                .step(|| format!("{} read as {}", how.name, form.name())),
            Err(failure) => self.gathered.fail(failure),
        }
    }

    /// What becomes of every diagnosis.
    fn printed(&self) -> Printed {
        match self.settings.format {
            _ if self.args.summary => Printed::Nothing,
            Format::Jsonl => Printed::Line,
            Format::Json => Printed::Listed,
            _ => Printed::Later,
        }
    }

    /// So many bytes are worked on at a time, once there are many.
    fn widest(&self) -> usize {
        match self.printed() {
            Printed::Line | Printed::Listed => WINDOW_OF_TEXTS,
            Printed::Nothing | Printed::Later => WINDOW,
        }
    }

    fn add(&mut self, piece: Piece, how: InputOptions<'_>) {
        self.window.push(piece);
        if self.window.iter().map(Piece::len).sum::<usize>() >= self.room {
            self.room = self.widest().min(2 * self.room);
            self.work(how);
        }
    }

    /// Reads the window, links what was read, and answers what is complete.
    fn work(&mut self, how: InputOptions<'_>) {
        let window = std::mem::take(&mut self.window);
        let gathered = &self.gathered;
        let counted = |row: &TallyRow| gathered.only_counts(row);
        let (wanted, memo, judge) = (self.wanted(how, &counted), &self.memo, self.judge);
        let read = self.workers.map(&window, |piece| {
            let Some(wanted) = wanted else {
                return (piece.read(how), None);
            };
            let mut skim = Skim::new(memo, judge, wanted);
            let items = piece.read_some(how, &mut |line| skim.look(line));
            (skim.rest(items), Some(skim.done()))
        });
        drop(window);
        for (items, skimmed) in read {
            self.join(items, skimmed);
        }
        let stretch = self.row.ready();
        self.answer(stretch);
    }

    /// Takes what was read of a piece, and what a look at it came to.
    fn join(&mut self, items: Vec<Item>, skimmed: Option<Skimmed>) {
        let mut skimmed = skimmed.unwrap_or_default();
        let mut written = skimmed.ready().into_iter().peekable();
        for (number, item) in items.into_iter().enumerate() {
            while let Some(own) = written.next_if(|own| own.after <= number) {
                self.seen += own.counts.iter().sum::<usize>();
                self.row.hold(own);
            }
            self.take(item);
        }
        for own in written {
            self.seen += own.counts.iter().sum::<usize>();
            self.row.hold(own);
        }
        self.seen += self.gathered.count_skimmed(&skimmed);
    }

    /// What is wanted of lines that are like others: their number, or the text of their answers. `None` where each has to
    /// be read.
    fn wanted<'w>(
        &self,
        how: InputOptions<'w>,
        counted: &'w (dyn Fn(&TallyRow) -> bool + Sync),
    ) -> Option<Wanted<'w>> {
        let all = self.only.is_none() && self.args.entry.is_none() && self.args.status.is_none();
        // Nobody has looked at what patterns of a table that a person brings see in an id.
        let all = all && self.settings.tables.is_empty();
        let between = match self.settings.format {
            _ if !all => return None,
            Format::Human | Format::Markdown => None,
            _ if self.args.summary => None,
            Format::Jsonl => Some(""),
            Format::Json => Some(","),
            _ => return None,
        };
        Some(match between {
            Some(between) => Wanted::Texts {
                name: how.name,
                between,
            },
            None => Wanted::Counts {
                fields: how.fields,
                counted,
            },
        })
    }

    fn take(&mut self, item: Item) {
        self.entry += 1;
        let wanted = self.args.entry.is_none_or(|number| number == self.entry);
        match self.order.next(item) {
            Item::Skipped { place, why } if wanted => self.gathered.skip(place, why),
            Item::Exchange(exchange) => {
                self.seen += 1;
                let only = self.only.as_ref();
                match wanted && only.is_none_or(|only| only.fits(&exchange)) {
                    true => self.row.take(*exchange),
                    false => self.row.overlook(*exchange),
                }
            }
            Item::Skipped { .. } => {}
        }
    }

    /// Judges exchanges on all cores, and writes what they came to in their order. Where texts or counts are all that is
    /// wanted, two of a kind are judged before the others, which are then like something known.
    fn answer(&mut self, stretch: Stretch) {
        let linked = &stretch.linked;
        let printed = self.printed();
        let (first, others) = match printed {
            Printed::Later => ((0..linked.len()).collect(), Vec::new()),
            _ => two_of_a_kind(linked),
        };
        let mut texts: Vec<Option<String>> = vec![None; linked.len()];
        for (which, again) in [(first, false), (others, true)] {
            let batches: Vec<&[usize]> = which.chunks(BATCH).collect();
            let how = How {
                judge: self.judge,
                memo: &self.memo,
                printed,
                given: &self.settings.view.given,
                counts_clear: printed == Printed::Nothing
                    || printed == Printed::Later && !self.settings.format.is_for_ci(),
                again,
            };
            let judged = self
                .workers
                .map(&batches, |batch| how.judge_all(linked, batch));
            for mut batch in judged {
                for (which, text) in std::mem::take(&mut batch.texts) {
                    texts[which] = Some(text);
                }
                self.gathered.count(batch);
            }
        }
        self.gathered.write_all(texts, stretch.written);
    }

    /// The answer to all of it.
    pub(super) fn finish(self) -> Result<Answer, Failure> {
        let (known, asked) = self.memo.rate();
        if asked > 0 {
            let text = || format!("{known} of {asked} requests were like one that was judged");
            self.settings.step(text);
        }
        self.gathered.finish(self.seen)
    }
}
