#!/usr/bin/env python3
"""Measures alertgate beside its limits and its peers, and writes docs/benchmarks/.

`make bench` runs it; BENCH_QUICK=1 is the short form, BENCH_FULL=1 adds 10 million stored events, and BENCH_ONLY names
the parts to run, with commas. Needs the standard library only.
"""

import json
import os
import shutil
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
    described = machine.describe(root)
    results, about = {}, {}
    try:
        for name, part in parts.ALL:
            if only and name not in only:
                continue
            print(f"{name}: {part.__doc__.splitlines()[0]}", flush=True)
            before, ticks, load = time.time(), machine.steal_ticks(), machine.load_average()
            results[name] = part(run)
            now = machine.steal_ticks()
            about[name] = {
                "machine": described, "form": "quick" if quick else "full" if full else "long",
                "seconds": time.time() - before, "date": time.strftime("%Y-%m-%d", time.gmtime()), "load_before": load,
                "stolen": (now[0] - ticks[0]) / max(1, now[1] - ticks[1]),
            }
            print(f"  ({about[name]['seconds']:.0f} s)", flush=True)
    finally:
        if os.environ.get("BENCH_KEEP") == "1":
            print(f"kept: {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    results["about"] = about
    report.write(results, os.path.join(root, "docs", "benchmarks"), merge=bool(only))


if __name__ == "__main__":
    main()
