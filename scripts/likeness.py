#!/usr/bin/env python3
"""Trains tables/likeness.tsv: what the marks of a text weigh for each cause.

usage: scripts/likeness.py [--from tables/likeness.tsv] MESSAGES.ndjson ... > NEW.tsv

Messages are lines with `body`, `status`, `cause` (null: no refusal) and `also` (causes that are equally right), or `says` and
`means`. Their marks are those that the program itself weighs (`core/examples/marks.rs`): runs of one to three words, beginnings
of words (`autho*`), concepts of tables/language.toml and pairs of them (`+token+expired`), what was read (`=0token.expired2`),
and the status (`@403`). A logistic regression over the marks of each message, each once, parted by the root of their number. A
message with a status is learned with and without it: pasted text has none. Of the marks that stand in enough messages those
are kept that weigh most in a first model. Weights that round to less than LEAST are left out.

With `--from`, what a table knows is the starting point, and weights move from there as far as the messages ask for it: new
messages are learned without those that the table was made of. Needs numpy and scipy.
"""
import argparse, collections, json, subprocess

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

# Parts of a weight and of a bias, the least part that is kept, in how many messages a mark and a pair of concepts stand, how
# many marks there are, what a cause counts that is equally right.
SCALE, PER_E, LEAST, SEEN, SEEN_PAIR, MOST, EQUAL = 12, 16, 9, 3, 8, 6900, 0.45

# What it costs to move a weight, and a bias of a table; how many times the messages given a table was made of; in how many of
# them its marks are taken to have stood; what a message counts that is no refusal: more of them are collected than pasted.
COST, COST_BIAS, TIMES, SEEN_FROM, HARMLESS = 1 / 15, 5, 2, 8, 0.6


def read(path):
    program = ["cargo", "run", "-q", "-p", "why401-core", "--example", "marks", "--", path]
    marks = subprocess.run(program, check=True, capture_output=True, text=True).stdout.splitlines()
    for line, own in zip(open(path, encoding="utf-8"), marks, strict=True):
        line, own = json.loads(line), set(json.loads(own))
        means = line["means"] if "means" in line else [line["cause"]] * bool(line["cause"]) + line.get("also", [])
        if own:
            yield own, line.get("status"), means or ["none"]


def table(path):
    """The causes, biases and weights of a table."""
    lines = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8") if not line.startswith("#")]
    causes, biases = lines[0][1:], np.array(lines[1][1:], dtype=float) / PER_E
    weights = {}
    for mark, own in lines[2:]:
        weights[mark] = np.zeros(len(causes))
        for place, weight in (pair.split(":") for pair in own.split()):
            weights[mark][int(place)] = int(weight) / SCALE
    return causes, biases, weights


def design(messages, known, causes):
    """The marks of each message, and what each cause counts for it."""
    at = {cause: number for number, cause in enumerate(causes)}
    places, values, ends, counts = [], [], [0], []
    for own, status, means in messages:
        for marks in [own, own | {f"@{status}"}] if status else [own]:
            places += [known[mark] for mark in sorted(marks) if mark in known]
            values += [1 / np.sqrt(len(marks))] * (len(places) - len(values))
            ends.append(len(places))
            row = np.zeros(len(causes))
            for number, cause in enumerate(means):
                row[at[cause]] += EQUAL if number else HARMLESS if cause == "none" else 1
            counts.append(row)
    return csr_matrix((values, places, ends), shape=(len(counts), len(known))), np.array(counts)


def odds(scores):
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores / scores.sum(axis=1, keepdims=True)


def fit(seen, counts, weights, biases, known):
    """The model of least loss, where weights start from these; those that a table knows move less, as more stands behind them."""
    shape, total, start = weights.shape, counts.sum(axis=1, keepdims=True), seen @ weights + biases
    share = odds(start)
    cost = COST + TIMES * known[:, None] * (seen.multiply(seen).T @ (share * (1 - share)))
    cost_bias = COST_BIAS * known.any()

    def loss(moved):
        by, bias = moved[: -shape[1]].reshape(shape), moved[-shape[1] :]
        shares = odds(start + seen @ by + bias)
        gap = shares * total - counts
        slope = np.concatenate([(seen.T @ gap + cost * by).ravel(), gap.sum(axis=0) + cost_bias * bias])
        moves = (cost * by * by).sum() + cost_bias * (bias * bias).sum()
        return moves / 2 - (counts * np.log(shares + 1e-300)).sum(), slope

    size = shape[0] * shape[1] + shape[1]
    moved = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return weights + moved[: -shape[1]].reshape(shape), biases + moved[-shape[1] :]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--from", dest="base", metavar="TABLE")
    options.add_argument("messages", nargs="+")
    options = options.parse_args()
    messages = [message for path in options.messages for message in read(path)]
    causes, biases, base = table(options.base) if options.base else (sorted({c for m in messages for c in m[2]}), 0, {})
    counts = collections.Counter(mark for own, status, _ in messages for mark in own | {f"@{status}"})
    least = lambda mark: SEEN_PAIR if mark.count("+") == 2 and mark[0] == "+" else SEEN
    marks = sorted(base.keys() | {mark for mark, n in counts.items() if n >= least(mark)})
    weights = np.array([base.get(mark, np.zeros(len(causes))) for mark in marks])
    known = np.array([mark in base for mark in marks])
    model = fit(*design(messages, {mark: at for at, mark in enumerate(marks)}, causes), weights, biases, known)
    worth = np.abs(model[0]).max(axis=1) * np.sqrt([max(counts[mark], SEEN_FROM * (mark in base)) for mark in marks])
    kept = np.sort(np.argsort(-worth)[:MOST])
    marks = [marks[at] for at in kept]
    seen = design(messages, {mark: at for at, mark in enumerate(marks)}, causes)
    weights, biases = fit(*seen, weights[kept], biases, known[kept])
    print("# What marks of a text weigh for each cause, in twelfths; biases in sixteenths. Written by scripts/likeness.py.")
    print("causes", *causes, sep="\t")
    print("bias", *np.round(biases * PER_E).astype(int), sep="\t")
    for mark, row in zip(marks, np.clip(np.round(weights * SCALE), -127, 127).astype(int)):
        own = [f"{place}:{weight}" for place, weight in enumerate(row) if abs(weight) >= LEAST]
        if own:
            print(mark, " ".join(own), sep="\t")


main()
