#!/usr/bin/python3
"""Speed and memory of the CSV reader against pandas, on the same file in the same run.

100,000 rows of 49 columns, half of them ratings and half words, parsed and every column's values counted: pandas' seconds
of read_csv and value_counts, imports not counted, against those of a whole process of ours, which finds out charset and
separator besides. At least 3 times as fast, and under 32 MiB resident. Exit status 1 when either does not hold, or the two
count differently.

    tests/bench/csvfile.py
"""
import csv
import os
import random
import subprocess
import sys
import tempfile
import time

READER = os.path.join(os.environ.get("INNSIKT_BUILD", "build/release"), "tests/bench/bench_csv")
ROWS, COLUMNS, ROUNDS = 100000, 49, 5
LEAST_RATIO, MOST_MIB = 3, 32
WORDS = ("svært liten grad", "i noen grad", "i stor grad", "vet ikke", "kommune", "fylkeskommune", "departement")

PANDAS = """
import sys, time
import pandas as pd
start = time.perf_counter()
frame = pd.read_csv(sys.argv[1], sep=";")
counts = [frame[name].value_counts() for name in frame.columns]
seconds = time.perf_counter() - start
for name, count in zip(frame.columns, counts):
    print(name, count.max())
print(seconds)
"""


def write(path):
    draw = random.Random(2021)
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow([f"Spørsmål {c}" for c in range(COLUMNS)])
        for _ in range(ROWS):
            writer.writerow([draw.choice(WORDS) if c % 2 else draw.randrange(1, 6) for c in range(COLUMNS)])


def ours(path):
    start = time.perf_counter()
    child = subprocess.Popen([READER, path], stdout=subprocess.PIPE, text=True)
    said = child.stdout.read().splitlines()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        sys.exit(f"{READER} failed with status {status}")
    return said, time.perf_counter() - start, usage.ru_maxrss / 1024


def theirs(path):
    said = subprocess.run([sys.executable, "-c", PANDAS, path], check=True, capture_output=True, text=True).stdout.splitlines()
    return said[:-1], float(said[-1])


def main():
    with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
        path = os.path.join(folder, "svar.csv")
        write(path)
        here = there = float("inf")
        for _ in range(ROUNDS):
            said, seconds, mib = ours(path)
            said_there, seconds_there = theirs(path)
            if said != said_there:
                sys.exit("innsikt and pandas count differently")
            here, there = min(here, seconds), min(there, seconds_there)
    ratio = there / here
    print(f"{ROWS} rows of {COLUMNS} columns: innsikt {here:.3f} s, pandas {there:.3f} s: {ratio:.1f} times as fast "
          f"(at least {LEAST_RATIO}); {mib:.1f} MiB (under {MOST_MIB})")
    sys.exit(0 if ratio >= LEAST_RATIO and mib < MOST_MIB else 1)


if __name__ == "__main__":
    main()
