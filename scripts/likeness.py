#!/usr/bin/env python3
"""Trains tables/likeness.tsv: what the marks of a text weigh for each cause.

usage: scripts/likeness.py MESSAGES.ndjson ... > tables/likeness.tsv

Messages are lines with `body`, `status`, `cause` (null: no refusal) and `also` (causes that are equally right), or `says` and
`means`. Their marks are those that the program itself weighs (`core/examples/marks.rs`): runs of one to three words, beginnings
of words (`autho*`), concepts of tables/language.toml and pairs of them (`+token+expired`), what was read (`=0token.expired2`),
and the status (`@403`). A logistic regression over the marks of each message, each once, parted by the root of their number. A
message with a status is learned with and without it: pasted text has none. Of the marks that stand in enough messages those
are kept that weigh most in a first model. Weights that round to less than LEAST are left out. Needs scikit-learn.
"""
import collections, json, subprocess, sys

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

# Parts of a weight and of a bias, the least part that is kept, in how many messages a mark and a pair of concepts stand, how
# many marks there are, what a cause counts that is equally right.
SCALE, PER_E, LEAST, SEEN, SEEN_PAIR, MOST, EQUAL = 12, 16, 8, 3, 8, 6900, 0.45


def read(path):
    program = ["cargo", "run", "-q", "-p", "why401-core", "--example", "marks", "--", path]
    marks = subprocess.run(program, check=True, capture_output=True, text=True).stdout.splitlines()
    for line, own in zip(open(path, encoding="utf-8"), marks, strict=True):
        line, own = json.loads(line), set(json.loads(own))
        means = line["means"] if "means" in line else [line["cause"]] * bool(line["cause"]) + line.get("also", [])
        if own:
            yield own, line.get("status"), means or ["none"]


def main():
    messages = [message for path in sys.argv[1:] for message in read(path)]
    counts = collections.Counter(mark for own, status, _ in messages for mark in own | {f"@{status}"})
    least = lambda mark: SEEN_PAIR if mark.count("+") == 2 and mark[0] == "+" else SEEN
    known = {mark: at for at, mark in enumerate(sorted(mark for mark, n in counts.items() if n >= least(mark)))}
    places, values, ends, causes, counted = [], [], [0], [], []
    for own, status, means in messages:
        for marks in [own, own | {f"@{status}"}] if status else [own]:
            for number, cause in enumerate(means):
                places += [known[mark] for mark in sorted(marks) if mark in known]
                values += [1 / np.sqrt(len(marks))] * (len(places) - len(values))
                ends.append(len(places))
                causes.append(cause)
                counted.append(EQUAL if number else 1)
    seen = csr_matrix((values, places, ends), shape=(len(causes), len(known)))
    fit = lambda seen: LogisticRegression(C=15, max_iter=500).fit(seen, causes, sample_weight=counted)
    worth = np.abs(fit(seen).coef_).max(axis=0) * np.sqrt([counts[mark] for mark in known])
    kept = np.sort(np.argsort(-worth)[:MOST])
    model = fit(seen[:, kept])
    weights = np.clip(np.round(model.coef_.T * SCALE), -127, 127).astype(int)
    print("# What marks of a text weigh for each cause, in twelfths; biases in sixteenths. Written by scripts/likeness.py.")
    print("causes", *model.classes_, sep="\t")
    print("bias", *np.round(model.intercept_ * PER_E).astype(int), sep="\t")
    for at, mark in enumerate(np.array(list(known))[kept]):
        own = [f"{place}:{weight}" for place, weight in enumerate(weights[at]) if abs(weight) >= LEAST]
        if own:
            print(mark, " ".join(own), sep="\t")


main()
