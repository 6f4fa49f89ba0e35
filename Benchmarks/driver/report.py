"""Writes docs/benchmarks/: the table, the plots, and the figures as JSON."""

import json
import os
import statistics

from . import plot

TARGETS_TITLE = ("target", "wanted", "measured", "")


def write(results, folder, merge):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "results.json")
    if merge and os.path.exists(path):
        with open(path) as file:
            before = json.load(file)
        # Figures that stay keep the word on when and where they were measured.
        results = {**before, **results, "about": {**before["about"], **results["about"]}}
    with open(path, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    targets = _targets(results)
    with open(os.path.join(folder, "README.md"), "w") as file:
        file.write(_page(results, targets))
    plot.write(results, folder)
    print()
    for row in [TARGETS_TITLE] + targets:
        print(f"{row[0]:<66} {row[1]:>12} {row[2]:>22}  {row[3]}")


def median(results, member):
    return statistics.median(result[member] for result in results)


def _spread(results, member, digits=0):
    return _figure([result[member] for result in results], digits)


def _figure(values, digits):
    return f"{statistics.median(values):,.{digits}f} [{min(values):,.{digits}f}–{max(values):,.{digits}f}]"


def _ratios(left, right, member="rate"):
    """The ratio of each round, since rounds of one moment share the machine's mood."""
    return [a[member] / b[member] for a, b in zip(left, right)]


def _targets(results):
    rows = []

    def add(text, values, wanted, at_least, digits=2, unit=""):
        value = statistics.median(values)
        passed = value >= wanted if at_least else value <= wanted
        spread = f" [{min(values):,.{digits}f}–{max(values):,.{digits}f}]" if len(values) > 1 else ""
        rows.append((
            text, f"{'≥' if at_least else '≤'} {wanted:,g}{unit}", f"{value:,.{digits}f}{spread}{unit}",
            "pass" if passed else "MISS"))

    head = results.get("headline")
    if head:
        ours = head["alertgate"]
        add("rate, of the same server without a database", _ratios(ours, head["no database"]), 0.65, True)
        add("rate, of a bare SwiftNIO server", _ratios(ours, head["bare SwiftNIO"]), 0.5, True)
        rotating, peer = head["alertgate, 5,000 keys"], head["Alertmanager, 5,000 keys"]
        add("rate, of Alertmanager's, 5,000 keys both", _ratios(rotating, peer), 1.6, True)
        add("rate, of Alertmanager's, distinct keys here", _ratios(ours, peer), 1.6, True)
        add("processor time per event, of Alertmanager's", _ratios(rotating, peer, "cpu_us"), 0.55, False)
        if "alerta" in results:
            alerta = median(results["alerta"]["Alerta, 5,000 keys"], "rate")
            add("rate, of Alerta's", [result["rate"] / alerta for result in rotating], 150, True, 0)
        add("rate, of one transaction per request", _ratios(ours, head["one transaction per request"]), 5, True, 1)
        add("p99 at 64 connections, ms", [result["p99"] for result in ours], 12, False, 1)
        add("memory under full ingest, MiB", [head["memory"]["alertgate"]], 64, False, 1)
    if "steady" in results:
        steady = results["steady"]["steady"]
        add(f"p99 at a steady {median(steady, 'rate'):,.0f} events/s, ms", [r["p99"] for r in steady], 5, False, 1)
        add("worker's lag at full ingest, greatest, s", [results["steady"]["lag"]["max"]], 1, False)
    if "fold" in results:
        for kind, wanted, text in (
            ("new", 40_000, "fold, distinct keys, events/s"), ("hot", 200_000, "fold, one hot key, events/s"),
            ("same", 200_000, "fold, one hot key, identical repeats, events/s"),
        ):
            add(text, [result["rate"] for result in results["fold"][kind]], wanted, True, 0)
        for kind in ("new", "mixed"):
            loaded = results["fold"].get(f"{kind}, 1,000 rules")
            if loaded:
                add(f"fold, {'distinct' if kind == 'new' else '5,000'} keys, every stage on and 1,000 rules, of without",
                    [with_rules["rate"] / without["rate"]
                     for with_rules, without in zip(loaded, results["fold"][kind])], 0.5, True)
    if "fairness" in results:
        found = results["fairness"]
        add("p99 of a quiet sender beside a flood, of that alone",
            _ratios(found["beside a flood"], found["alone"], "p99"), 2, False)
    if "retention" in results:
        found = results["retention"]
        add("p99 beside retention, of that without",
            _ratios(found["retention at work"], found["nothing to remove"], "p99"), 1.5, False)
        add("steps of retention over 20 ms, %", [found["steps"]["long"] / found["steps"]["all"] * 100], 0, False, 2)
    if "queries" in results:
        most = max(result["incidents"] for result in results["queries"])
        for name, wanted in (("first page", 10), ("by key", 10), ("last allowed page", 50)):
            for busy in (False, True):
                found = [
                    p99 for result in results["queries"] for p99 in result["p99"]
                    if (result["incidents"], result["query"], result["busy"]) == (most, name, busy)]
                add(f"{name} of {most:,}, {'while ingesting' if busy else 'alone'}, p99, ms", found, wanted, False, 1)
    if "stored" in results:
        last = results["stored"]["start"][-1]
        add(f"memory idle, {last['events']:,} events stored, MiB", last["mib"], 40, False, 1)
        add("ready after start, slowest, s",
            [max(seconds for r in results["stored"]["start"] for seconds in r["seconds"])], 1, False)
    if "binary" in results:
        add("stripped static program, MB", [results["binary"]["mb"]], 30, False, 1)
    return rows


def _table(title, rows):
    lines = ["| " + " | ".join(title) + " |", "| " + " | ".join("---" for _ in title) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


LOAD_TITLE = ("", "requests/s", "p50 ms", "p99 ms", "processor µs per event")


def _load_row(name, results):
    return (
        name, _spread(results, "rate"), _spread(results, "p50", 2), _spread(results, "p99", 1),
        _spread(results, "cpu_us", 1))


def _page(results, targets):
    about = results["about"]
    machines = list(dict.fromkeys(json.dumps(_standing(part)) for part in about.values()))
    forms = {"quick": "short", "long": "long", "full": "long, with 10 million events"}
    text = [
        "# What was measured\n",
        "Written by `make bench`. The figures as they came are in [results.json](results.json), and"
        " [how it is measured](../../Benchmarks/README.md) says what each of them is.\n",
        *(_table(("machine", ""), [(name, value or "not installed") for name, value in json.loads(each)])
          for each in machines),
        _table(
            ("part", "form", "measured on", "at commit", "took s", "load before", "taken by the host"),
            [(name, forms[part["form"]], part["date"], dict(part["machine"])["commit"], f"{part['seconds']:.0f}",
              f"{part['load_before']:.1f}", f"{part['stolen'] * 100:.1f} %") for name, part in about.items()]),
        "**Noise.** The load generator and the servers share the processors, and everything is on one machine. Rows of one"
        " table were measured in turn (A B C A B C …); each cell is the median, with the least and the greatest of the runs"
        " in brackets. Ratios are those of runs in the same round.\n",
        "## Against the targets\n", _table(TARGETS_TITLE, targets),
    ]
    if "headline" in results:
        head = results["headline"]
        rows = [_load_row(name, head[name]) for name in head if name != "memory"]
        if "alerta" in results:
            rows += [_load_row(name, found) for name, found in results["alerta"].items()]
        text += [
            "## Durable ingest, 64 connections\n", "![Rates](rates.svg)\n", _table(LOAD_TITLE, rows),
            f"Peak of memory: alertgate {head['memory']['alertgate']:.0f} MiB, Alertmanager"
            f" {head['memory']['Alertmanager']:.0f} MiB.\n"]
    if "connections" in results:
        text += ["## By connections\n", "![By connections](connections.svg)\n", _table(
            LOAD_TITLE, [_load_row(name, found) for name, found in results["connections"].items()])]
    if "variants" in results:
        text += ["## Variants, 64 connections\n", _table(
            LOAD_TITLE, [_load_row(name, found) for name, found in results["variants"].items()])]
    if "steady" in results:
        lag = results["steady"]["lag"]
        text += [
            "## Steady rate, and the worker's lag\n",
            _table(LOAD_TITLE, [_load_row("steady, 64 connections", results["steady"]["steady"])]),
            f"At full rate the worker's lag was {lag['median']:.3f} s (median of {lag['samples']} looks at `/metrics`), at"
            f" most {lag['max']:.3f} s.\n"]
    if "fairness" in results:
        found = results["fairness"]
        flood = statistics.median(r["flood"] for r in found["beside a flood"])
        text += [
            "## A quiet sender beside a flood\n",
            _table(LOAD_TITLE[:-1], [_load_row(name, found[name])[:-1] for name in found]),
            f"The flood is one sender with 64 connections. With the limits that are set by default it gets {flood:,.0f} answers"
            " a second, most of them refusals; without limits all that it sends is taken.\n"]
    if "sqlite" in results:
        text += ["## SQLite alone, the same rows, synced\n", _table(
            ("", "events/s", "processor µs per event"),
            [(name, _spread(found, "rate"), _spread(found, "cpu_us", 1)) for name, found in results["sqlite"].items()])]
    if "fold" in results:
        names = {
            "new": "each event opens an incident", "hot": "one key, each event with other content",
            "same": "one key, identical repeats", "mixed": "5,000 keys: new content, repeats, recoveries",
            "new, 1,000 rules": "each event opens an incident, every stage on and 1,000 silences and rules",
            "mixed, 1,000 rules": "5,000 keys, every stage on and 1,000 silences and rules"}
        text += ["## Folding a backlog\n", _table(
            ("", "events/s", "processor µs per event"),
            [(names[kind], _spread(found, "rate"),
              f"{statistics.median(r['cpu'] / r['events'] * 1e6 for r in found):.1f}")
             for kind, found in results["fold"].items()])]
    if "stored" in results:
        text += ["## Start and memory\n", _table(
            ("events stored", "ready after ms", "resident MiB, idle"),
            [(f"{r['events']:,}", _figure([seconds * 1000 for seconds in r["seconds"]], 0), _figure(r["mib"], 1))
             for r in results["stored"]["start"]])]
        text += [_table(
            ("events", "database MiB", "`verify` s", "`rebuild` s"),
            [(f"{r['events']:,}", f"{r['mib']:,.0f}", f"{r['verify']:.1f}", f"{r['rebuild']:.1f}")
             for r in results["stored"]["check"]])]
    if "retention" in results:
        found = results["retention"]
        names = ("nothing to remove", "retention at work")
        removed = statistics.median(r["removed"] / r["seconds"] for r in found["retention at work"])
        text += [
            "## Ingest beside retention, 64 connections\n",
            _table(LOAD_TITLE, [_load_row(name, found[name]) for name in names]),
            f"Meanwhile {removed:,.0f} incidents a second were removed with all that belongs to them; of"
            f" {found['steps']['all']:,.0f} steps {found['steps']['long']:,.0f} held the gate for more than 20 ms.\n"]
    if "queries" in results:
        beside = [rate for result in results["queries"] for rate in result.get("ingest", [])]
        text += [
            "## Queries of the admin API\n",
            "One client; p50 / p99 in ms, the median of the runs, and the spread of the p99."
            f" Beside those that say so {_figure(beside, 0)} events a second came in.\n",
            _queries(results["queries"])]
    return "\n".join(text)


def _standing(part):
    return [pair for pair in part["machine"] if pair[0] != "commit"]


def _queries(results):
    sizes = sorted({result["incidents"] for result in results})
    cells = {
        (r["incidents"], r["query"], r["busy"]): f"{statistics.median(r['p50']):.2f} / {_figure(r['p99'], 1)}"
        for r in results}
    names = list(dict.fromkeys(result["query"] for result in results))
    title = ["query"] + [f"{size:,}{busy}" for size in sizes for busy in (" incidents, alone", ", while ingesting")]
    return _table(title, [
        [name] + [cells.get((size, name, busy), "") for size in sizes for busy in (False, True)] for name in names])
