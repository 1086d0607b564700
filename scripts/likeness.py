#!/usr/bin/env python3
"""Trains tables/likeness.tsv: what runs of one to three words weigh for each cause.

usage: scripts/likeness.py MESSAGES.ndjson ... > tables/likeness.tsv

Messages are lines with `body` and `cause` (null: no refusal), or `says` and `means`. Their words are those that the reader of
refusal language has (`core/examples/words.rs`), so that both read alike. A logistic regression over the runs of each message,
each once, parted by the root of their number; runs that stand in fewer than three messages, and weights that round to less than
three quarters, are left out. Needs scikit-learn.
"""
import collections, json, subprocess, sys

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

RUN, SCALE, PER_E, LEAST, SEEN = 3, 8, 16, 6, 3
MARKS = {":", ",", "(", ")"}


def runs(clauses):
    out = set()
    for clause in clauses:
        words = [word for word in clause if word not in MARKS]
        for length in range(1, RUN + 1):
            out.update(" ".join(words[at:at + length]) for at in range(len(words) - length + 1))
    return out


def read(path):
    program = ["cargo", "run", "-q", "-p", "why401-core", "--example", "words", "--", path]
    words = subprocess.run(program, check=True, capture_output=True, text=True).stdout.splitlines()
    for line, clauses in zip(open(path, encoding="utf-8"), words, strict=True):
        line = json.loads(line)
        cause = line["means"][:1] if "means" in line else [line["cause"]] if line["cause"] else []
        own = runs(json.loads(clauses))
        if own:
            yield own, cause[0] if cause else "none"


def main():
    messages = [message for path in sys.argv[1:] for message in read(path)]
    counts = collections.Counter(run for own, _ in messages for run in own)
    known = {run: at for at, run in enumerate(sorted(run for run, n in counts.items() if n >= SEEN))}
    places, values, ends = [], [], [0]
    for own, _ in messages:
        places += [known[run] for run in sorted(own) if run in known]
        values += [1 / np.sqrt(len(own))] * (len(places) - len(values))
        ends.append(len(places))
    seen = csr_matrix((values, places, ends), shape=(len(messages), len(known)))
    model = LogisticRegression(C=40, max_iter=500).fit(seen, [cause for _, cause in messages])
    weights = np.clip(np.round(model.coef_.T * SCALE), -127, 127).astype(int)
    print("# What runs of words weigh for each cause, in eighths; biases in sixteenths. Written by scripts/likeness.py.")
    print("causes", *model.classes_, sep="\t")
    print("bias", *np.round(model.intercept_ * PER_E).astype(int), sep="\t")
    for run, at in known.items():
        own = [f"{place}:{weight}" for place, weight in enumerate(weights[at]) if abs(weight) >= LEAST]
        if own:
            print(run, " ".join(own), sep="\t")


main()
