#!/usr/bin/python3
"""Speed of the analysis beside Python on the same data in the same run, as ratios.

  ratings     49 items × 7 groups at 5,000 answers, everything on sheet Robusthet, against a straightforward NumPy and
              SciPy script: at least 20 times as fast
  bootstrap   2,000 replicates of a mean of 5,000, against NumPy's matrix form: at least 2 times
  alpha       Krippendorff's, ordinal, 500 coders × 5,000 units, 60 % missing, 1,000 replicates: under 0.3 s, and with
              11 steps at most 1.3 times as long as with 5
  store       N responses × 40 items from the store, against pandas from the same SQLite file: at least 5 times; highest
              resident size growing by at most 1.5 times what the columns grow; and cost linear in N

    tests/bench/analysis.py [N]      (100000; the issue's is 1000000)

Exit status 1 when one does not hold."""
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("INNSIKT_BUILD", "build/release")
PROGRAM, BENCH = os.path.join(BUILD, "innsikt"), os.path.join(BUILD, "tests/bench/bench_analysis")
ITEMS, GROUPS, ORGANISATIONS = 49, 7, 300
failures = []


def ours(*arguments):
    """Seconds that the bench tells, and the process's highest resident MiB."""
    child = subprocess.Popen([BENCH, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        sys.exit(f"{BENCH} {' '.join(map(str, arguments))} failed")
    return float(said), usage.ru_maxrss / 1024


def tell(name, value, limit, unit="×", least=True):
    holds = value >= limit if least else value <= limit
    print(f"{name:34} {value:10.3g} {unit:3} ({'at least' if least else 'at most'} {limit:g}){'' if holds else '  MISSED'}", flush=True)
    if not holds:
        failures.append(name)


# --- a project of its own ---

def framework(items):
    def label(text):
        return {language: text for language in ("nb", "nn", "en")}
    steps = [{"id": f"s{k}", "label": label(f"Trinn {k}"), "codes": [str(k)], **({"agree": True} if k > 3 else {})} for k in range(1, 6)]
    return {"innsikt": 1, "id": "bench", "title": label("Måling"), "verdict_scale": "fem", "default_scale": "fem",
            "missing": {"99": "dont_know"}, "scales": [{"id": "fem", "steps": steps}],
            "levels": [{"id": "nivaa", "label": label("Nivå")}],
            "questions": [{"id": f"q{q}", "level": "nivaa", "label": label(f"Spørsmål {q}")} for q in range(items)],
            "items": [{"id": f"i{i}", "question": f"q{i}", "label": label(f"Ledd {i}")} for i in range(items)],
            "groups": [{"id": f"g{g}", "label": label(f"Gruppe {g}")} for g in range(GROUPS)]}


def make(folder, n, items):
    folder = pathlib.Path(folder)
    draw = random.Random(n)
    (folder / "framework.yaml").write_text(json.dumps(framework(items), ensure_ascii=False))
    (folder / "innsikt.key").write_text("nøkkel-bench\n")
    (folder / "innsikt.key").chmod(0o600)
    questions = {"Org": {"attribute": "organisation"}, "Gruppe": {"attribute": "group"}}
    questions |= {f"I{i}": {"rating": f"i{i}", "scale": "fem"} for i in range(items)}
    (folder / "project.yaml").write_text(json.dumps({
        "innsikt": 1, "title": "Måling", "framework": "framework.yaml", "privacy": {"key": "file:innsikt.key"},
        "sources": {"svar": {"kind": "csv", "path": "svar.csv", "id": "Id", "method": "survey", "questions": questions}}},
        ensure_ascii=False))
    with open(folder / "svar.csv", "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Id", "Org", "Gruppe", *(f"I{i}" for i in range(items))])
        for i in range(n):
            org = draw.randrange(ORGANISATIONS)
            lean = org % 3
            writer.writerow([i, f"Org {org}", f"g{org % GROUPS}",
                             *(draw.choice(("1", "2", "3", "4", "5", "99")) if draw.random() < 0.7 else str(2 + lean) for _ in range(items))])
    subprocess.run([PROGRAM, "collect", "-q", "-C", folder], check=True)
    return folder


# --- the rivals ---

RATINGS = """
import csv, sys, time
import numpy as np
from scipy import stats
rows = list(csv.reader(open(sys.argv[1])))[1:]
org = np.unique([r[1] for r in rows], return_inverse=True)[1]
group = np.array([int(r[2][1:]) for r in rows])
data = np.array([[float(v) for v in r[3:]] for r in rows])
data[data == 99] = np.nan
K = 5

def vdeijk(p):
    left, a = p.copy(), 0.0
    while left.sum() > 1e-12:
        on = left > 1e-12
        low = left[on].min()
        s, tu, tdu = on.sum(), 0, 0
        for i in range(K - 2):
            for j in range(i + 1, K - 1):
                for k in range(j + 1, K):
                    pattern = (on[i], on[j], on[k])
                    tu += pattern in ((True, True, False), (False, True, True))
                    tdu += pattern == (True, False, True)
        u = 1.0 if s == 1 else ((K - 2) * tu - (K - 1) * tdu) / ((K - 2) * (tu + tdu)) if tu + tdu else 0.0
        a += low * s * u * (1 - (s - 1) / (K - 1))
        left[on] -= low
    return a

def alpha(x):
    x = x[~np.isnan(x).any(axis=1)]
    k = x.shape[1]
    if len(x) < 2:
        return np.nan
    return k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))

def level(x, o):
    # A person is one voice: their mean for spread between organisations, their answers' shares for the rest.
    one(np.nanmean(x, axis=1), o, x)
    alpha(x)

def one(x, o, answers=None):
    ok = ~np.isnan(x)
    x, o = x[ok], o[ok]
    if not len(x):
        return
    orgs, at, m = np.unique(o, return_inverse=True, return_counts=True)
    M, n = len(orgs), len(x)
    w = n / (M * m[at])
    if answers is None:
        p = np.array([w[x == k].sum() for k in range(1, K + 1)]) / w.sum()
    else:
        each = w / (~np.isnan(answers[ok])).sum(axis=1)
        p = np.array([(each[:, None] * (answers[ok] == k)).sum() for k in range(1, K + 1)]) / w.sum()
    means = np.bincount(at, x) / m
    msb = (m * (means - x.mean()) ** 2).sum() / max(M - 1, 1)
    msw = ((x - means[at]) ** 2).sum() / max(n - M, 1)
    k0 = (n - (m ** 2).sum() / n) / max(M - 1, 1)
    icc = np.clip((msb - msw) / (msb + (k0 - 1) * msw), 0, 1)
    m2 = (m >= 2).sum()
    rho = (m2 * icc + 10 * 0.2) / (m2 + 10)
    W = np.bincount(at, w)
    neff = w.sum() ** 2 / ((1 - rho) * (w ** 2).sum() + rho * (W ** 2).sum())
    alpha = 0.5 + neff * p
    A, T = alpha.cumsum(), alpha.sum()
    F = np.append(stats.beta.sf(0.5, A[:-1], T - A[:-1]), 1.0)
    pi = np.diff(np.append(0, F))
    cum = p.cumsum()
    median = (cum >= 0.5 - 1e-12).argmax() + 1
    agreement = vdeijk(p)
    z = stats.norm.ppf(0.95)
    agree = p[3:].sum()
    centre = (agree + z * z / 2 / neff) / (1 + z * z / neff)
    half = z * np.sqrt(agree * (1 - agree) / neff + z * z / 4 / neff ** 2) / (1 + z * z / neff)
    v = ((means - means.mean()) ** 2).sum() / max(M - 1, 1)
    t = stats.t.ppf(0.95, max(M - 1, 1))
    return pi, median, agreement, (centre - half, centre + half), (means.mean() - t * np.sqrt(v / M), means.mean() + t * np.sqrt(v / M))

best = 1e9
for _ in range(2):
    start = time.perf_counter()
    for family in range(3):  # question, item and its own distribution, as ours has them
        for i in range(data.shape[1]):
            one(data[:, i], org)
            for g in range(7):
                one(data[group == g, i], org[group == g])
    level(data, org)
    for g in range(7):
        level(data[group == g], org[group == g])
    best = min(best, time.perf_counter() - start)
print(best)
"""

BOOTSTRAP = """
import sys, time
import numpy as np
n, b = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(2021)
x = rng.integers(1, 6, n).astype(float)
best = 1e9
for _ in range(3):
    start = time.perf_counter()
    means = x[rng.integers(0, n, (b, n))].mean(axis=1)
    np.percentile(means, [2.5, 97.5])
    best = min(best, time.perf_counter() - start)
print(best)
"""

PANDAS = """
import sqlite3, sys, time
import pandas as pd
start = time.perf_counter()
with sqlite3.connect(sys.argv[1]) as store:
    frame = pd.read_sql_query("SELECT response, question, value FROM answer", store)
wide = frame.pivot(index="response", columns="question", values="value")
for name in wide.columns:
    if name.startswith("I"):
        pd.to_numeric(wide[name], errors="coerce").astype("float32")
print(time.perf_counter() - start)
"""


def theirs(script, *arguments):
    done = subprocess.run([sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2000:])
        return None
    return float(done.stdout)


def bench_store(n):
    answers = 40
    sizes = (n // 100, n // 10, n)
    seconds, resident = [], []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
            make(folder, size, answers)
            took, mib = ours("load", folder)
            seconds.append(took)
            resident.append(mib)
            rival = theirs(PANDAS, os.path.join(folder, "innsikt.db")) if size == n else None
    # A byte for each answer; for each response its record, its voice, its row number and its id (dataset.h).
    columns = (sizes[2] - sizes[1]) * (answers * 1 + 88 + 16 + 4 + 8) / 2**20
    print(f"{'store: seconds of ' + ', '.join(map(str, sizes)):34} {', '.join(f'{s:.3f}' for s in seconds)}")
    tell("store: growth from a tenth to all", seconds[2] / seconds[1] / 10, 1.3, least=False)
    if rival:
        tell("store: pandas / ours", rival / seconds[2], 5)
    print(f"{'store: MiB resident':34} {', '.join(f'{m:.1f}' for m in resident)}; {mib / n * 2**20:.0f} bytes a response")
    tell("store: growth of resident / columns", (resident[2] - resident[1]) / columns, 1.5, least=False)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
        make(folder, 5000, ITEMS)
        mine, _ = ours("ratings", folder)
        other = theirs(RATINGS, os.path.join(folder, "svar.csv"))
        print(f"{'ratings: seconds':34} {mine:.4f} against {other:.4f}")
        tell("ratings: NumPy and SciPy / ours", other / mine, 20)
    mine, _ = ours("bootstrap", 5000, 2000)
    tell("bootstrap: NumPy / ours", theirs(BOOTSTRAP, 5000, 2000) / mine, 2)
    five, _ = ours("alpha", 5)
    eleven, _ = ours("alpha", 11)
    tell("alpha: seconds", five, 0.3, "s", least=False)
    tell("alpha: 11 steps / 5 steps", eleven / five, 1.3, least=False)
    bench_store(n)
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
