"""Load by wrk(1)."""

import json
import os
import subprocess

from . import machine

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUTING_KEY = "benchbenchbenchbenchbenchbench00"

_run_number = 0


def template(name):
    return os.path.join(HERE, "events", name + ".json")


def start_events(target, connections, seconds, keys=0, delay_ms=0.0, event=None, routing_key=ROUTING_KEY):
    """Starts posting events, and gives the process; `finish` waits for it. `keys` as in event.lua."""
    global _run_number
    _run_number += 1
    environment = dict(
        os.environ, EVENT_TEMPLATE=template(event or target.event), EVENT_PATH=target.paths[event or target.event],
        EVENT_ROUTING_KEY=routing_key, EVENT_KEYS=str(keys), EVENT_RUN=str(_run_number),
        EVENT_DELAY_MS=str(delay_ms))
    return _start(target, "event.lua", connections, seconds, environment)


def start_queries(target, path, keys, token, seconds, connections=1):
    environment = dict(os.environ, QUERY_PATH=path, QUERY_KEYS=str(keys), QUERY_TOKEN=token)
    return _start(target, "query.lua", connections, seconds, environment)


def _start(target, script, connections, seconds, environment):
    return subprocess.Popen(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", os.path.join(HERE, script),
         target.url], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process):
    output, _ = process.communicate()
    for line in output.splitlines():
        if line.startswith("RESULT "):
            result = json.loads(line[7:])
            result["rate"] = result["requests"] / result["seconds"]
            return result
    raise RuntimeError(f"wrk gave no result:\n{output}")


def events(target, connections, seconds, **options):
    """Posts events and gives rate, latencies in ms, and the server's processor time per event in microseconds."""
    before = machine.processor_seconds(target.pids)
    result = finish(start_events(target, connections, seconds, **options))
    used = machine.processor_seconds(target.pids) - before
    result["cpu_us"] = used / max(result["requests"], 1) * 1e6
    if result["refused"] or result["broken"]:
        print(f"  ! {target.name}: {result['refused']} refused, {result['broken']} broken", flush=True)
    return result


def interleaved(rounds, cases):
    """Runs the cases in turn, so many times. `cases` maps a name to a function; gives a list of results for each."""
    results = {name: [] for name in cases}
    for number in range(rounds):
        for name, case in cases.items():
            result = case()
            results[name].append(result)
            print(
                f"  {number + 1}/{rounds} {name:<34} {result['rate']:>9.0f}/s  p50 {result['p50']:>7.2f}"
                f"  p99 {result['p99']:>7.2f} ms  {result.get('cpu_us', 0):>7.1f} µs", flush=True)
    return results
