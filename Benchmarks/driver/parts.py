"""The parts of the benchmark, one function each; `ALL` is their order."""

import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import threading
import time
import urllib.request

from . import load, machine
from .servers import Alerta, Alertmanager, Programs


@dataclasses.dataclass
class Run:
    programs: Programs
    scratch: str
    root: str
    environment: str
    quick: bool
    full: bool

    @property
    def rounds(self):
        return 3 if self.quick else 5

    @property
    def seconds(self):
        return 3 if self.quick else 6


def headline(run):
    """64 connections: alertgate beside its limits and Alertmanager, in turn."""
    programs = run.programs
    with (
        programs.alertgate() as gateway, programs.answer() as answer, programs.bare() as bare,
        programs.one_per_commit() as single, Alertmanager(run.scratch) as alertmanager,
    ):
        def case(target, **options):
            return lambda: load.events(target, 64, run.seconds, **options)

        results = load.interleaved(run.rounds, {
            "alertgate": case(gateway),
            "no database": case(answer),
            "bare SwiftNIO": case(bare),
            "one transaction per request": case(single),
            "alertgate, 5,000 keys": case(gateway, keys=5000),
            "Alertmanager, 5,000 keys": case(alertmanager, keys=5000),
        })
        results["memory"] = {
            "alertgate": machine.memory_mib(gateway.process.pid, "VmHWM"),
            "Alertmanager": machine.memory_mib(alertmanager.process.pid, "VmHWM"),
        }
    return results


def alerta(run):
    """Alerta on PostgreSQL, 64 connections, the same alerts."""
    with Alerta(run.scratch, run.environment) as target:
        return load.interleaved(
            2 if run.quick else 3, {"Alerta, 5,000 keys": lambda: load.events(target, 64, run.seconds, keys=5000)})


def connections(run):
    """1, 16, 64 and 256 connections, with the database and without."""
    programs = run.programs
    with programs.alertgate() as gateway, programs.answer() as answer:
        cases = {}
        for count in (1, 16, 64, 256):
            cases[f"alertgate, {count}"] = lambda count=count: load.events(gateway, count, run.seconds)
            cases[f"no database, {count}"] = lambda count=count: load.events(answer, count, run.seconds)
        return load.interleaved(2 if run.quick else 3, cases)


def variants(run):
    """64 connections: V1, one hot key, identical repeats, TLS."""
    programs = run.programs
    tls = os.path.join(run.scratch, "tls")
    subprocess.run([os.path.join(run.root, "scripts", "make-certificate"), tls], check=True, stdout=subprocess.DEVNULL)
    with programs.alertgate() as gateway, programs.alertgate(name="alertgate over TLS", tls=tls) as encrypted:
        return load.interleaved(2 if run.quick else 3, {
            "V2, distinct keys": lambda: load.events(gateway, 64, run.seconds),
            "V1, distinct keys": lambda: load.events(gateway, 64, run.seconds, event="v1"),
            "V2, one hot key": lambda: load.events(gateway, 64, run.seconds, keys=1),
            "V2, distinct keys, TLS": lambda: load.events(encrypted, 64, run.seconds),
        })


def steady(run):
    """5,000 events/s over 64 connections, and the worker's lag there and at full rate."""
    with run.programs.alertgate() as gateway:
        results = load.interleaved(
            2 if run.quick else 3,
            {"steady": lambda: load.events(gateway, 64, run.seconds, delay_ms=64 / 5000 * 1000 - 1.3)})
        lags = []
        process = load.start_events(gateway, 64, 3 * run.seconds)
        while process.poll() is None:
            lags.append(_metric(gateway, "alertgate_worker_lag_seconds"))
            time.sleep(0.5)
        load.finish(process)
        results["lag"] = {"median": statistics.median(lags), "max": max(lags), "samples": len(lags)}
        print(f"  lag at full rate: median {results['lag']['median']:.3f} s, at most {max(lags):.3f} s", flush=True)
    return results


def _metric(target, name):
    return _metrics(target, name)[0]


def _metrics(target, *names):
    """Figures of one moment."""
    with urllib.request.urlopen(target.url + "/metrics", timeout=30) as page:
        lines = dict(line.rsplit(" ", 1) for line in page.read().decode().splitlines() if not line.startswith("#"))
    return [float(lines[name]) for name in names]


def sqlite(run):
    """SQLite alone, the same rows and the same syncs."""
    def case(rows):
        def measure():
            path = run.programs.file("insert")
            result = run.programs.run(
                "insert", "--db", path, "--template", load.template("v2"), "--per-transaction", rows, "--seconds",
                1.5 if run.quick else 3)
            run.programs.remove(path)
            rate = result["events"] / result["seconds"]
            return {
                "rate": rate, "cpu_us": result["cpu"] / result["events"] * 1e6,
                "p50": rows / rate * 1000, "p99": 0.0,
            }
        return measure
    return load.interleaved(
        2 if run.quick else 3, {f"{rows} rows a transaction": case(rows) for rows in (1, 16, 64, 256)})


def fold(run):
    """Folding a backlog, log entries and outcomes included."""
    count = 100_000 if run.quick else 300_000
    results = {}
    for name, kind, rules in (("new", "new", 0), ("hot", "hot", 0), ("same", "same", 0), ("mixed", "mixed", 0),
                              ("new, 1,000 rules", "new", 1000), ("mixed, 1,000 rules", "mixed", 1000)):
        results[name] = []
        for _ in range(2 if run.quick else 3):
            path = run.programs.fill(kind, count, rules=rules)
            result = run.programs.run("fold", "--db", path)
            run.programs.remove(path)
            result["rate"] = result["events"] / result["seconds"]
            results[name].append(result)
            print(
                f"  {name:<18} {result['rate']:>9.0f} events/s  {result['cpu'] / result['events'] * 1e6:6.1f} µs CPU",
                flush=True)
    return results


def stored(run):
    """Start and memory with events stored; verify and rebuild."""
    sizes = [("mixed", 100_000)] if run.quick else [("mixed", 1_000_000)]
    if run.full:
        sizes.append(("mixed", 10_000_000))
    results = {"start": [], "check": []}
    results["start"].append(_start(run, run.programs.empty(), 0))
    for kind, count in sizes:
        path = run.programs.fill(kind, count)
        run.programs.run("fold", "--db", path)
        results["start"].append(_start(run, path, count))
        times = {"events": count, "mib": os.path.getsize(path) / 1024 / 1024}
        for command in ("verify", "rebuild"):
            before = time.monotonic()
            done = subprocess.run(
                [run.programs.gateway, command, "--json", "--db", path], stdout=subprocess.PIPE, text=True, check=False)
            times[command] = time.monotonic() - before
            if done.returncode:
                print(f"  ! {command} failed: {done.stdout}", flush=True)
        print(f"  {count} events: verify {times['verify']:.1f} s, rebuild {times['rebuild']:.1f} s", flush=True)
        results["check"].append(times)
        run.programs.remove(path)
    return results


def _start(run, path, count):
    result = {"events": count, "seconds": [], "mib": []}
    for _ in range(3):
        with run.programs.alertgate(path, health="/readyz") as gateway:
            time.sleep(1)
            result["seconds"].append(gateway.seconds_to_start)
            result["mib"].append(machine.memory_mib(gateway.process.pid))
    print(
        f"  {count} events: ready in {max(result['seconds']) * 1000:.0f} ms, {max(result['mib']):.1f} MiB", flush=True)
    return result


QUERIES = {
    "first page": "/incidents?date_range=all",
    "first page of open ones": "/incidents?date_range=all&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged",
    "last allowed page": "/incidents?date_range=all&limit=100&offset=9900",
    "by key": "/incidents?date_range=all&incident_key=@KEY@",
    "by time": "/incidents?since={day}T00:00:00Z&until={day}T12:00:00Z",
    "newest first": "/incidents?date_range=all&sort_by=created_at%3Adesc",
    "log entries": "/log_entries",
    "total": "/incidents?date_range=all&total=true",
}


def fairness(run):
    """A quiet sender, alone and beside one that floods the gateway: with the limits that are set by default, and without."""
    quiet = "quietquietquietquietquietquiet00"
    databases = [run.programs.empty(), run.programs.empty()]
    for database in databases:
        run.programs.integration(database, quiet)
    with (
        run.programs.alertgate(databases[0], limited=True) as gateway,
        run.programs.alertgate(databases[1], name="alertgate without limits") as open_gateway,
    ):
        def sender(target):
            # 15 events a second: below the 1,000 a minute that a key has by default.
            return load.events(target, 2, run.seconds, delay_ms=130, routing_key=quiet)

        def beside_flood(target):
            flood = load.start_events(target, 64, run.seconds + 1)
            time.sleep(0.5)
            result = sender(target)
            beside = load.finish(flood)
            result["flood"], result["flood_refused"] = beside["rate"], beside["refused"]
            return result

        return load.interleaved(2 if run.quick else 3, {
            "alone": lambda: sender(gateway), "beside a flood": lambda: beside_flood(gateway),
            "beside a flood, no limits": lambda: beside_flood(open_gateway)})


def retention(run):
    """Ingest while retention removes old incidents, and while it does not."""
    count = 100_000 if run.quick else 400_000
    path = run.programs.fill("history", count)
    run.programs.run("fold", "--db", path)
    copy = run.programs.file("history")
    shutil.copyfile(path, copy)
    with (
        run.programs.with_retention(path, 0, "nothing to remove") as quiet,
        run.programs.with_retention(copy, 1, "retention at work") as busy,
    ):
        def removing():
            before = _metric(busy, 'alertgate_retention_removed_incidents_total')
            result = load.events(busy, 64, run.seconds)
            result["removed"] = _metric(busy, 'alertgate_retention_removed_incidents_total') - before
            if not result["removed"]:
                print("  ! nothing was removed during that run", flush=True)
            return result

        results = load.interleaved(2 if run.quick else 3, {
            "nothing to remove": lambda: load.events(quiet, 64, run.seconds), "retention at work": removing})
        steps, short = _metrics(
            busy, "alertgate_retention_step_seconds_count", 'alertgate_retention_step_seconds_bucket{le="0.02"}')
        results["steps"] = {"all": steps, "long": steps - short}
    for each in (path, copy):
        run.programs.remove(each)
    return results


def queries(run):
    """Queries of the admin API, alone and while events arrive at half speed."""
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 10 * 86400))
    seconds = 1 if run.quick else 2
    rounds = 2 if run.quick else 3
    results = []
    for count in (1000, 100_000) if run.quick else (1000, 100_000, 1_000_000):
        # The events beside the queries are about a hundredth of the keys, so that there are no more incidents in the end.
        keys = count // 100
        with run.programs.alertgate() as gateway:
            speed = load.events(gateway, 64, 3, keys=keys)["rate"]
        path = run.programs.fill("history", count)
        run.programs.run("fold", "--db", path)
        token = run.programs.token(path)
        with run.programs.alertgate(path) as gateway:
            for busy in (False, True):
                for name, query in QUERIES.items():
                    query = query.replace("{day}", day)
                    result = {"incidents": count, "query": name, "busy": busy, "p50": [], "p99": [], "ingest": []}
                    for _ in range(rounds):
                        ingest = None
                        if busy:
                            ingest = load.start_events(
                                gateway, 64, seconds + 1, keys=keys, delay_ms=64 / (speed / 2) * 1000 - 1.5)
                            time.sleep(0.5)
                        measured = load.finish(load.start_queries(gateway, query, count, token, seconds))
                        result["p50"].append(measured["p50"])
                        result["p99"].append(measured["p99"])
                        if measured["refused"]:
                            print(f"  ! {name}: {measured['refused']} refused", flush=True)
                        if ingest:
                            result["ingest"].append(load.finish(ingest)["rate"])
                    results.append(result)
                    print(
                        f"  {count:>8} incidents  {'busy ' if busy else 'alone'}  {name:<24}"
                        f" p50 {statistics.median(result['p50']):>8.2f}  p99 {max(result['p99']):>8.2f} ms", flush=True)
        run.programs.remove(path)
    return results


def binary(run):
    """The size of the stripped program."""
    path = os.path.join(run.scratch, "stripped")
    subprocess.run(["strip", "-o", path, run.programs.gateway], check=True)
    size = os.path.getsize(path) / 1e6
    print(f"  {size:.1f} MB", flush=True)
    return {"mb": size}


ALL = [
    ("headline", headline), ("alerta", alerta), ("connections", connections), ("variants", variants),
    ("steady", steady), ("fairness", fairness),
    ("sqlite", sqlite), ("fold", fold), ("stored", stored), ("retention", retention),
    ("queries", queries), ("binary", binary),
]
