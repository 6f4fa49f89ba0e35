#!/usr/bin/env python3
"""Measures alertgate beside its limits and its peers, and writes docs/benchmarks/.

`make bench` runs it; BENCH_QUICK=1 is the short form, BENCH_FULL=1 adds 10 million stored events, and BENCH_ONLY names
the parts to run, with commas. Needs the standard library only.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from driver import machine, parts, report
from driver.servers import Programs


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    quick = os.environ.get("BENCH_QUICK", "") == "1"
    full = os.environ.get("BENCH_FULL", "") == "1"
    only = [name for name in os.environ.get("BENCH_ONLY", "").split(",") if name]
    # Not /tmp where that is memory: the figures are about a disk.
    scratch = tempfile.mkdtemp(prefix="alertgate-bench-", dir=os.environ.get("BENCH_TMP", "/var/tmp"))
    os.chmod(scratch, 0o755)
    os.environ["BENCH_FOLDER"] = scratch
    programs = Programs(sys.argv[1], scratch)
    run = parts.Run(
        programs=programs, scratch=scratch, root=root, environment=os.path.join(root, ".venv-bench"),
        quick=quick, full=full)
    started, stolen = time.time(), machine.steal_ticks()
    load = machine.load_average()
    results = {}
    try:
        for name, part in parts.ALL:
            if only and name not in only:
                continue
            print(f"{name}: {part.__doc__.splitlines()[0]}", flush=True)
            before = time.time()
            results[name] = part(run)
            print(f"  ({time.time() - before:.0f} s)", flush=True)
    finally:
        if os.environ.get("BENCH_KEEP") == "1":
            print(f"kept: {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    now = machine.steal_ticks()
    results["about"] = {
        "machine": machine.describe(root), "quick": quick, "full": full, "seconds": time.time() - started,
        "date": time.strftime("%Y-%m-%d", time.gmtime()), "load_before": load,
        "stolen": (now[0] - stolen[0]) / max(1, now[1] - stolen[1]),
    }
    report.write(results, os.path.join(root, "docs", "benchmarks"), merge=bool(only))


if __name__ == "__main__":
    main()
