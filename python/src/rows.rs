//! Rows of text to columns of answers.

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, StringArray};
use arrow_schema::{DataType, Field, FieldRef};
use std::sync::Arc;
use why401_core::finding::{Certainty, Diagnosis};
use why401_core::input::{self, Fields, InputForm, Item, InputOptions};
use why401_core::triage::{Declared, Judge, Linked, Providers};

/// The columns of an answer.
pub(crate) fn columns() -> Vec<FieldRef> {
    let names = Field::new("item", DataType::Utf8, true);
    let list = |name: &str| match name {
        "missing" => DataType::List(Arc::new(names.clone())),
        _ => DataType::Utf8,
    };
    let names = [
        "verdict",
        "cause",
        "certainty",
        "provider",
        "operation",
        "missing",
        "next",
        "error",
    ];
    let fields = names.map(|name| Arc::new(Field::new(name, list(name), true)));
    fields.into()
}

/// What rows are judged with.
pub(crate) struct Explainer {
    pub(crate) providers: Providers,
    pub(crate) declared: Declared,
    pub(crate) form: Option<InputForm>,
    pub(crate) fields: Option<Fields>,
}

impl Explainer {
    /// The columns for the rows of a batch.
    pub(crate) fn rows(&self, texts: &StringArray) -> Vec<ArrayRef> {
        let mut table = Table::default();
        let judge = Judge::new(&self.providers, &self.declared);
        for row in texts {
            match row.map(|text| self.row(&judge, text)) {
                Some(Ok(diagnosis)) => table.push(&diagnosis),
                Some(Err(why)) => table.fail(&why),
                None => table.fail("there is no text in this row"),
            }
        }
        table.finish()
    }

    /// The diagnosis of a row; of several requests in it, that of the worst.
    fn row(&self, judge: &Judge<'_>, text: &str) -> Result<Diagnosis, String> {
        let mut worst: Option<Diagnosis> = None;
        let mut failure = None;
        let how = InputOptions {
            name: "the row",
            form: self.form,
            fields: self.fields.as_ref(),
        };
        let read = input::read(text.as_bytes(), how, &mut |item| match item {
            Item::Exchange(exchange) => match judge.exchange(&Linked::alone(*exchange)) {
                Ok(own) => {
                    let worse = |known: &Diagnosis| own.verdict.rank() < known.verdict.rank();
                    if worst.as_ref().is_none_or(worse) {
                        worst = Some(own);
                    }
                }
                Err(error) => failure = Some(error.to_string()),
            },
            Item::Skipped { why, .. } => failure = Some(why),
        });
        read.map_err(|error| error.kind().to_string())?;
        worst.ok_or_else(|| failure.unwrap_or_else(|| "no request was found in it".to_owned()))
    }
}

#[derive(Default)]
struct Table {
    verdict: StringBuilder,
    cause: StringBuilder,
    certainty: StringBuilder,
    provider: StringBuilder,
    operation: StringBuilder,
    missing: ListBuilder<StringBuilder>,
    next: StringBuilder,
    error: StringBuilder,
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Stated => "stated",
        Certainty::Derived => "derived",
        Certainty::Possible => "possible",
    }
}

impl Table {
    fn push(&mut self, diagnosis: &Diagnosis) {
        let cause = diagnosis.cause();
        self.verdict.append_value(diagnosis.verdict.name());
        self.cause.append_option(cause.map(|own| own.cause.code));
        self.certainty
            .append_option(cause.map(|own| certainty(own.certainty)));
        self.provider
            .append_option(diagnosis.subject.provider.as_deref());
        self.operation
            .append_option(diagnosis.subject.operation.as_deref());
        for name in diagnosis.missing() {
            self.missing.values().append_value(name);
        }
        self.missing.append(true);
        let fix = cause
            .and_then(|own| own.fix.as_ref())
            .map(|fix| fix.text.as_str());
        self.next.append_option(fix);
        self.error.append_null();
    }

    fn fail(&mut self, why: &str) {
        for column in [
            &mut self.verdict,
            &mut self.cause,
            &mut self.certainty,
            &mut self.provider,
            &mut self.operation,
            &mut self.next,
        ] {
            column.append_null();
        }
        self.missing.append(false);
        self.error.append_value(why);
    }

    fn finish(mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.verdict.finish()),
            Arc::new(self.cause.finish()),
            Arc::new(self.certainty.finish()),
            Arc::new(self.provider.finish()),
            Arc::new(self.operation.finish()),
            Arc::new(self.missing.finish()),
            Arc::new(self.next.finish()),
            Arc::new(self.error.finish()),
        ]
    }
}
