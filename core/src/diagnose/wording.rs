//! One cause as a finding: in the terms of the wording that a table knows, else in the server's own words.

use super::facts::Facts;
use super::said::Said;
use super::voices::is_telling;
use super::words;
use crate::finding::{
    Attribute, Cause, Certainty, Finding, RATE_LIMITED, SCOPE_MISSING, SourceView,
};
use crate::language::Sense;
use crate::table::{Refusal, Refusals};
use crate::token::redact;

/// A finding from the server's own words, whoever it is.
pub(super) fn in_words(
    said: &Said<'_>,
    cause: &'static Cause,
    sense: &Sense,
    certainty: Certainty,
    leads: bool,
) -> Finding {
    let status = said.status.map(|s| format!(" {s}")).unwrap_or_default();
    let quoted: Vec<String> = sense
        .words
        .iter()
        .filter(|word| !sense.likeness || is_telling(word))
        .map(|word| redact::excerpt(word))
        .collect();
    let words: Vec<String> = quoted.iter().map(|word| format!("*{word}*")).collect();
    let may = match (certainty, leads) {
        (Certainty::Stated, _) => "says that",
        (_, true) => "can mean that",
        _ => "can also mean that",
    };
    let by = match sense.likeness {
        true => "Words that such answers use",
        false => "Words",
    };
    let by = match (words.is_empty(), sense.likeness) {
        (true, true) => " Its words are like those of such answers.".to_owned(),
        (true, false) => String::new(),
        (false, _) => format!(" {by}: {}.", words.join(" · ")),
    };
    let text = format!("The answer{status} {may} {}{by}", words::clause(cause));
    let mut finding = Finding::error(cause, certainty, text);
    let read = match sense.likeness {
        true => quoted.join(" … "),
        false => redact::excerpt(&sense.clause),
    };
    if !read.is_empty() {
        finding = finding.read(sense.place.clone(), read, longest(&quoted));
    }
    finding.by_answer = true;
    match page_advice(cause) {
        Some(advice) => finding.fix(advice),
        None => finding,
    }
}

fn longest(words: &[String]) -> Option<String> {
    words.iter().max_by_key(|word| word.len()).cloned()
}

pub(super) fn alternatives(names: &[String], any: bool) -> Vec<Vec<String>> {
    if any {
        names.iter().map(|name| vec![name.clone()]).collect()
    } else {
        vec![names.to_vec()]
    }
}

/// One answer under one signature.
pub(super) struct Worded<'f> {
    pub(super) said: &'f Said<'f>,
    pub(super) refusals: &'f Refusals,
    pub(super) refusal: &'f Refusal,
    pub(super) needed: Option<&'f (Vec<String>, bool)>,
    pub(super) sole: bool,
    /// Whether this is the likeliest of its causes.
    pub(super) leads: bool,
    /// Whether this is the likeliest cause of the answer.
    pub(super) first: bool,
    /// Whether only the wording tells whose answer it is.
    pub(super) by_mark: bool,
}

impl Worded<'_> {
    pub(super) fn finding(
        &self,
        facts: &Facts<'_>,
        cause: &'static Cause,
        certainty: Certainty,
    ) -> Finding {
        let speaks_of_rights = cause.is(Attribute::Right);
        let needed = self.needed.filter(|_| speaks_of_rights);
        let held = needed
            .filter(|_| cause == &SCOPE_MISSING)
            .is_some_and(|(names, any)| facts.holds(names, *any));
        // A list that a person declares does not prove what a token holds that cannot be read.
        let declared = held && facts.scopes_are_declared();
        let doubted = held && !declared;
        let certainty = if doubted {
            Certainty::Possible
        } else {
            certainty
        };
        let mut message = self.message(cause, needed, doubted);
        if declared {
            message.push_str(
                " The list that was given has it, and the token cannot be read: it was probably not granted.",
            );
        }
        let mut finding = Finding::error(cause, certainty, message);
        finding.by_answer = true;
        let name = needed.and_then(|(names, _)| names.first().cloned());
        // Of what a person tells, nothing is the server's.
        let told = facts.exchange().is_some_and(|exchange| exchange.hearsay);
        let quotes = (self.leads || self.first) && !told;
        let focus = quotes.then(|| name.or_else(|| self.telling(cause)));
        let focus = focus.flatten();
        let excerpt = quotes.then(|| self.said.excerpt(focus.as_deref()));
        if let Some(excerpt) = excerpt.flatten() {
            let place = match super::probed::is_controls(facts) {
                true => "the control's answer",
                false => "the answer",
            };
            finding = finding.read(place, excerpt, focus);
        }
        if let Some((names, _)) = needed {
            finding = finding.seen("named as needed", names.join(", "));
        }
        let have = self
            .refusal
            .signature
            .have
            .as_ref()
            .and_then(|have| self.said.names(have, self.refusal));
        if let Some((names, _)) = have.filter(|_| speaks_of_rights) {
            finding = finding.seen("reported as granted", names.join(", "));
        }
        if let Some(wait) = self
            .said
            .header("retry-after")
            .filter(|_| cause == &RATE_LIMITED)
        {
            finding = finding.seen("header `Retry-After`", wait);
        }
        finding = finding.from_source(self.source());
        match (&self.refusal.signature.fix, needed) {
            (Some(fix), _) => finding.fix(fix.clone()),
            (None, Some((names, any))) if cause == &SCOPE_MISSING => finding.fix(format!(
                "Have the app request {}, and get a new token: an issued one never changes.",
                words::alternatives(&alternatives(names, *any))
            )),
            (None, Some((names, any))) => finding.fix(format!(
                "Give {} to the user, role or service account behind the token.",
                words::alternatives(&alternatives(names, *any))
            )),
            (None, None) => match page_advice(cause) {
                Some(advice) => finding.fix(advice),
                None => finding,
            },
        }
    }

    /// The words that say it, else the words or the code by which the wording was known.
    fn telling(&self, cause: &Cause) -> Option<String> {
        let mut senses = self.said.reading.senses.iter();
        let sense = senses.find(|sense| sense.prose && sense.cause == cause.code);
        if let Some(words) = sense.and_then(|sense| longest(&sense.words)) {
            return Some(words);
        }
        let by_words = self.refusal.re.as_ref();
        let by_words = by_words.and_then(|form| form.all(&self.said.text).into_iter().next());
        let mut pointers = self.refusal.signature.json.keys();
        by_words.or_else(|| pointers.find_map(|at| self.said.body.at(at).into_iter().next()))
    }

    fn message(&self, cause: &Cause, needed: Option<&(Vec<String>, bool)>, held: bool) -> String {
        let status = self
            .said
            .status
            .map(|s| format!(" {s}"))
            .unwrap_or_default();
        let said = self.refusal.signature.say.as_deref();
        let name = &self.refusals.name;
        let who = if self.by_mark {
            format!("The answer{status} is worded like those of {name}")
        } else {
            format!("{} answered{status}", words::capital(name))
        };
        let list = needed.map(|(names, any)| words::alternatives(&alternatives(names, *any)));
        let and_names = list.as_ref().map(|list| format!(" and names {list}"));
        let and_names = and_names.unwrap_or_default();
        // Every format shows the certainty beside the sentence.
        let says = said.filter(|_| self.sole || self.leads);
        let mut text = match says {
            Some(say) => format!("{who}{and_names}: {say}"),
            None if self.sole => format!("{who}{and_names}: {}", words::clause(cause)),
            None => {
                let also = if self.first { "" } else { " also" };
                let what = match (self.by_mark, self.said.status) {
                    (true, _) => format!("The answer{status}, worded like those of {name},"),
                    (false, Some(status)) => format!("{}'s {status}", words::capital(name)),
                    (false, None) => format!("{}'s answer", words::capital(name)),
                };
                format!("{what} can{also} mean that {}", words::clause(cause))
            }
        };
        if let Some(list) = list.filter(|_| says.is_none() && !self.sole) {
            text.extend([" It names ", &list, "."]);
        }
        if held {
            text.push_str(
                " The token has it already: the server may have named the wrong one, or looked at another token.",
            );
        }
        text
    }

    fn source(&self) -> Option<SourceView> {
        let source = self
            .refusals
            .source(self.refusal.signature.src.as_deref())?;
        let trust = self.refusal.signature.trust.or(source.trust);
        Some(SourceView {
            name: source.address(),
            date: source.date.clone(),
            trust: trust.map(|trust| trust.letter().to_owned()),
        })
    }
}

/// The first sentence of the page's advice.
fn page_advice(cause: &Cause) -> Option<String> {
    let (_, part) = cause.page.split_once("## What to do")?;
    let text = part.trim_start().lines().next()?;
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    Some(text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn filler_of_any_sentence_tells_nothing() {
        for mark in [
            "but",
            "to the",
            "on",
            "id",
            "<name>",
            "401",
            "following",
            "<url> of",
        ] {
            assert!(!is_telling(mark), "{mark}");
        }
        for mark in [
            "expired",
            "the scope",
            "missing the following",
            "not permitted",
        ] {
            assert!(is_telling(mark), "{mark}");
        }
    }
}
