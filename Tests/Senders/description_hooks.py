"""What schemathesis makes up is almost never an id that there is, nor a key. These hooks put one in its place, mostly,
and write down at the end what was ever answered with success: of what never was, nothing is proved.
"""

import atexit
import json
import os
import random

import schemathesis

known = json.loads(os.environ["KNOWN_TO_DAEMON"])
chance = random.Random(known["seed"])
successes = set()
TIMES = ["2024-05-11T02:00:00.123456Z", "2024-05-11T10:00:00+0800", "2024-05-11", "2024-05-11T02:00"]
GOOD = {"time_zone": ["Europe/Berlin", "America/St_Johns"], "since": ["2020-01-01"], "until": TIMES + ["9999-12-31"],
        "incident_key": ["alert 0"], "alert_key": ["alert 0"], "user_ids[]": [[]],
        "service_ids[]": [known["services"][:1]]}


def mostly(values, otherwise):
    return chance.choice(values) if values and chance.random() < 0.8 else otherwise


@schemathesis.hook
def before_call(context, case, kwargs):
    fill_path(case)
    fill_query(case)
    case.body = filled(case.body)


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code < 300:
        successes.add(f"{case.method} {case.operation.path}")


@atexit.register
def tell():
    with open(os.environ["SUCCESSES"], "w", encoding="utf-8") as file:
        json.dump(sorted(successes), file)


def fill_path(case):
    path, given = case.operation.path, case.path_parameters
    if not given:
        return
    if "key" in given:
        given["key"] = mostly([known["key"]], given["key"])
    elif path.startswith("/incidents"):
        given["id"] = mostly(known["incidents"], given["id"])
        if "alert_id" in given:
            given["alert_id"] = mostly(known["alerts"].get(given["id"]), given["alert_id"])
    elif path.startswith("/services"):
        # What is written to is not what the events are for, else their key would soon be unknown.
        integrations = known["integrations" if case.method == "GET" else "spare_integrations"]
        services = {"GET": known["services"], "DELETE": known["disposable_services"]}
        pool = list(integrations) if "integration_id" in given else services.get(case.method, list(integrations))
        given["id"] = mostly(pool, given["id"])
        if "integration_id" in given:
            given["integration_id"] = mostly(integrations.get(given["id"]), given["integration_id"])
    elif path.startswith("/silences"):
        given["id"] = mostly(known["silences" if case.method == "GET" else "disposable_silences"], given["id"])
    elif "id" in given:
        given["id"] = mostly(known[path.split("/")[1]], given["id"])
    elif "name" in given:
        given["name"] = mostly(["urgencies", "sso"], given["name"])


def fill_query(case):
    if any(path in case.operation.path for path in ("enqueue", "create_event", "pagerduty")):
        case.query = dict(case.query or {})
        case.query["integration_key"] = mostly([known["key"]], case.query.get("integration_key", ""))
    for name, values in GOOD.items():
        if case.query and name in case.query:
            case.query[name] = mostly(values, case.query[name])


def filled(value):
    """A body with ids and times that are good, in the places where such stand."""
    if isinstance(value, list):
        return [filled(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {name: replaced(name, element) for name, element in value.items()}


def replaced(name, value):
    if name == "id" and isinstance(value, str):
        pools = {"Q": known["incidents"], "A": sum(known["alerts"].values(), []), "P": known["services"][:1]}
        return mostly(pools.get(value[:1]), value)
    if name == "timestamp" and isinstance(value, str):
        return mostly(TIMES, value)
    return filled(value)
