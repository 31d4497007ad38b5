#!/usr/bin/python3
"""Speed and memory of the workbook reader against openpyxl in read-only mode, on the same file in the same run.

A sheet of 200,000 texts of which no two are equal: openpyxl's seconds, imports not counted, against those of a
whole process of ours. At least 8 times as fast, and at most 64 MiB resident. Exit status 1 when either does not hold, or the
two read different texts.

    tests/bench/xlsx.py
"""
import os
import subprocess
import sys
import tempfile
import time

READER = os.path.join(os.environ.get("INNSIKT_BUILD", "build/release"), "tests/bench/bench_xlsx")
ROUNDS = 3
LEAST_RATIO = 8
MOST_MIB = 64

OPENPYXL = """
import sys, time, openpyxl
start = time.perf_counter()
cells = size = 0
for row in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0].iter_rows(values_only=True):
    for text in row:
        cells += 1
        size += len(text.encode())
print(cells, size, time.perf_counter() - start)
"""


def ours(path):
    """(cells, bytes), seconds and highest resident MiB."""
    start = time.perf_counter()
    child = subprocess.Popen([READER, path], stdout=subprocess.PIPE, text=True)
    said = child.stdout.read().split()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        sys.exit(f"{READER} failed with status {status}")
    return said, time.perf_counter() - start, usage.ru_maxrss / 1024


def theirs(path):
    said = subprocess.run([sys.executable, "-c", OPENPYXL, path], check=True, capture_output=True, text=True).stdout.split()
    return said[:2], float(said[2])


def main():
    with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
        path = os.path.join(folder, "bok.xlsx")
        subprocess.run([READER, path, "write"], check=True)
        rounds = []
        for _ in range(ROUNDS):
            said, seconds, mib = ours(path)
            said_there, there = theirs(path)
            if said != said_there:
                sys.exit(f"cells and bytes: innsikt {said}, openpyxl {said_there}")
            rounds.append((there / seconds, seconds, there, mib))
    ratio, seconds, there, mib = sorted(rounds)[ROUNDS // 2]
    print(f"{said[0]} distinct texts: innsikt {seconds:.3f} s, openpyxl {there:.3f} s: {ratio:.1f} times as fast "
          f"(at least {LEAST_RATIO}); {mib:.1f} MiB (at most {MOST_MIB})")
    sys.exit(0 if ratio >= LEAST_RATIO and mib <= MOST_MIB else 1)


if __name__ == "__main__":
    main()
