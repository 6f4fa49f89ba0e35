#!/usr/bin/env python3
"""Writes rules.txt: random rules of RFC 5545 with the starts that python-dateutil gives.

A line is the rule, its start, its exceptions (or -) and the first 20 starts that are left, or all, with tabs between them. dateutil differs from
RFC 5545 in two points, which no rule here touches: it wants both where BYDAY has weekdays with and without a number, and
it counts BYSETPOS of the first week from the start on.
"""
import random
import signal
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from dateutil.rrule import rruleset, rrulestr

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FORM = "%Y%m%dT%H%M%S"
MOST = 20
picker = random.Random(5545)


def some(values, most):
    return sorted(picker.sample(list(values), picker.randint(1, most)))


def joined(values):
    return ",".join(str(value) for value in values)


def rule(start):
    frequency = picker.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "YEARLY"])
    parts = [f"FREQ={frequency}"]
    if picker.random() < 0.4:
        parts.append(f"INTERVAL={picker.randint(1, 4)}")
    if picker.random() < 0.4:
        parts.append("BYMONTH=" + joined(some(range(1, 13), 3)))
    by_month = parts[-1].startswith("BYMONTH")
    if frequency != "WEEKLY" and picker.random() < 0.35:
        parts.append("BYMONTHDAY=" + joined(some([*range(1, 32), *range(-31, 0)], 4)))
    if picker.random() < 0.5:
        days = some(range(7), 3)
        if frequency in ("MONTHLY", "YEARLY") and picker.random() < 0.6:
            most = 5 if frequency == "MONTHLY" or by_month else 53
            days = [f"{picker.choice([-1, 1]) * picker.randint(1, most)}{DAYS[day]}" for day in days]
        else:
            days = [DAYS[day] for day in days]
        parts.append("BYDAY=" + joined(days))
    if picker.random() < 0.35:
        parts.append("BYHOUR=" + joined(some(range(24), 3)))
    if picker.random() < 0.25:
        parts.append("BYMINUTE=" + joined(some(range(60), 3)))
    if frequency != "WEEKLY" and any(part.startswith("BY") for part in parts) and picker.random() < 0.4:
        positions = [*range(1, 5), *range(-4, 0)]
        parts.append("BYSETPOS=" + joined(some(positions, 2)))
    if picker.random() < 0.3:
        parts.append("WKST=" + picker.choice(DAYS))
    ending = picker.random()
    if ending < 0.25:
        parts.append(f"COUNT={picker.randint(1, 30)}")
    elif ending < 0.5:
        until = start + timedelta(days=picker.randint(1, 3000), minutes=picker.randint(0, 1439))
        parts.append("UNTIL=" + until.strftime(FORM))
    return ";".join(parts)


def within(seconds, work):
    """What a function gives, or nothing after some time: dateutil looks for a start up to the year 9999."""

    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    except TimeoutError:
        return []
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    lines = []
    while len(lines) < 300:
        start = datetime(1970, 1, 1) + timedelta(days=picker.randint(0, 40000), minutes=picker.randint(0, 1439))
        text = rule(start)
        starts = rruleset()
        starts.rrule(rrulestr(text, dtstart=start))
        first = within(1, lambda: list(islice(starts.xafter(start, inc=True), MOST)))
        if not first:
            continue
        exceptions = picker.sample(first, min(len(first) - 1, picker.randint(0, 3))) if picker.random() < 0.3 else []
        first = [moment for moment in first if moment not in exceptions]
        excepted = ",".join(moment.strftime(FORM) for moment in sorted(exceptions)) or "-"
        lines.append("\t".join([text, start.strftime(FORM), excepted, *[moment.strftime(FORM) for moment in first]]))
    Path(__file__).with_name("rules.txt").write_text("\n".join(lines) + "\n")


main()
