#!/usr/bin/env python3
"""Counts instructions and allocations per event with callgrind, and compares with Benchmarks/counts.json.

They do not depend on the machine's mood: `make bench-counts` fails where one is more than 10 % above the committed
figure. `make bench-counts ACCEPT=1` writes the figures of now.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from driver.load import template

ALLOWED = 1.10
# How often each thing is done in two runs: what does not depend on it falls out in the difference.
TIMES = {
    "parse": (200, 1200), "request": (200, 1200), "append": (320, 1600), "foldNew": (512, 2560),
    "foldHot": (512, 2560), "page": (20, 100),
}
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def main():
    committed_path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.json")
    folder = tempfile.mkdtemp(prefix="alertgate-counts-", dir=os.environ.get("BENCH_TMP", "/var/tmp"))
    try:
        # valgrind gives up on the debugging information of a release build; the names of the functions stay.
        bench = os.path.join(folder, "alertgate-bench")
        subprocess.run(["strip", "-g", "-o", bench, os.path.join(sys.argv[1], "alertgate-bench")], check=True)
        counted = {work: measure(bench, work, folder) for work in TIMES}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("ACCEPT") == "1" or not os.path.exists(committed_path):
        with open(committed_path, "w") as file:
            json.dump(counted, file, indent=2)
            file.write("\n")
        print(f"written: {committed_path}")
    with open(committed_path) as file:
        committed = json.load(file)
    failures = 0
    print(f"{'per event (page: per request)':<32} {'committed':>12} {'now':>12}")
    for work, figures in counted.items():
        for name, value in figures.items():
            before = committed.get(work, {}).get(name)
            verdict = "not committed" if before is None else f"{value / before * 100 - 100:+.1f} %"
            if before is not None and value > before * ALLOWED:
                verdict += "  TOO MUCH"
                failures += 1
            print(f"{work + ', ' + name:<32} {before or 0:>12,.1f} {value:>12,.1f}  {verdict}")
    sys.exit(1 if failures else 0)


def measure(bench, work, folder):
    few, many = TIMES[work]
    prepare(bench, work, folder, few, many)
    low, high = run(bench, work, few, folder), run(bench, work, many, folder)
    return {name: round((high[name] - low[name]) / (many - few), 1) for name in low}


def prepare(bench, work, folder, few, many):
    kind = {"foldNew": "new", "foldHot": "hot"}.get(work)
    for count in (few, many) if kind else ():
        fill(bench, f"{folder}/{kind}-{count}.db", kind, count)
    if work == "page":
        fill(bench, f"{folder}/pages.db", "history", 500)
        subprocess.run([bench, "fold", "--db", f"{folder}/pages.db"], check=True, stdout=subprocess.DEVNULL)


def fill(bench, path, kind, count):
    subprocess.run(
        [bench, "fill", "--db", path, "--template", template("v2"), "--kind", kind, "--count", str(count)], check=True,
        stdout=subprocess.DEVNULL)


def run(bench, work, times, folder):
    output = f"{folder}/{work}-{times}.callgrind"
    # Swift seeds its hashes by chance unless told otherwise, and the path of a hash is part of the count.
    environment = dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1")
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", bench, "count", "--work", work, "--times", str(times),
         "--template", template("v2"), "--folder", folder],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"valgrind: {work} failed\n{done.stderr[-2000:]}")
    return read(output)


def read(path):
    """The instructions of a run, and how often an allocator was called."""
    names, allocations, instructions, allocating = {}, 0, 0, False
    with open(path) as file:
        for line in file:
            if line.startswith(("fn=", "cfn=")):
                found = re.match(r"c?fn=\((\d+)\)(?: (.*))?", line)
                if found.group(2):
                    names[found.group(1)] = found.group(2).split("@")[0].split("'")[0]
                if line.startswith("cfn="):
                    allocating = names.get(found.group(1)) in ALLOCATORS
            elif line.startswith("calls=") and allocating:
                allocations += int(line[6:].split()[0])
            elif line.startswith(("totals:", "summary:")):
                instructions = max(instructions, int(line.split()[1]))
    return {"instructions": instructions, "allocations": allocations}


if __name__ == "__main__":
    main()
