"""Runs schemathesis over what the daemon says of itself at /openapi.json.

    check_description.py URL KEY TOKEN SEED     the daemon is new: KEY is that of its one integration

Fills the daemon with something of every kind first, and tells `description_hooks.py` the ids. The report of
schemathesis goes to standard output. Ends with its status, or with 1 where something never was answered with success.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

url, key, token, seed = sys.argv[1:]


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, {"Authorization": f"Token token={token}"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def trigger(dedup_key, severity="critical", to=key):
    payload = {"summary": f"{dedup_key} ☃", "source": "db", "severity": severity, "component": "c", "group": "g",
               "class": "k", "timestamp": "2024-05-11T02:00:00.125Z", "custom_details": {"n": 1.50, "list": [None]}}
    send("/v2/enqueue", {"event_action": "trigger", "dedup_key": dedup_key, "client": "tests",
                         "client_url": "https://example.net", "payload": payload,
                         "links": [{"href": "https://example.net", "text": ""}],
                         "images": [{"src": "https://example.net/i.png", "alt": "i"}]}, to)


def send(path, body, to=key):
    ask("POST", f"{path}?integration_key={urllib.parse.quote(to)}", body)


def ids(path, name):
    return [element["id"] for element in ask("GET", f"{path}?limit=100&date_range=all")[name]]


def incident(dedup_key):
    return ask("GET", f"/incidents?incident_key={urllib.parse.quote(dedup_key)}")["incidents"][-1]


# Enough that what deletes, merges and resolves does not soon have nothing left.
names = [f"alert {number}" for number in range(12)]
for name in names:
    trigger(name, ["critical", "error", "warning", "info"][int(name.split()[1]) % 4])
trigger(names[0])
trigger(names[0], "info")
send("/v2/enqueue", {"event_action": "acknowledge", "dedup_key": names[1]})
send("/v2/enqueue", {"event_action": "resolve", "dedup_key": names[2]})
send("/generic/2010-04-15/create_event.json",
     {"event_type": "trigger", "incident_key": "old", "description": "of V1", "details": "text",
      "contexts": [{"type": "link", "href": "https://example.net"}]})
for number in range(3):
    payload = {"summary": f"deployed {number}", "source": "ci", "custom_details": [number]}
    send("/v2/change/enqueue", {"payload": payload, "links": [{"href": "https://example.net"}],
                                "images": [{"src": "https://example.net/i.png"}]})
main_service = ids("/services", "services")[0]
main_integration = ask("GET", f"/services/{main_service}")["service"]["integrations"][0]["id"]
grouping = {"type": "content_based", "config": {"aggregate": "any", "fields": ["source"], "time_window": 3600}}
spare = [ask("POST", "/services", {"service": {"name": f"spare {number}", "acknowledgement_timeout": 3600,
                                               "alert_grouping_parameters": grouping}})["service"]["id"]
         for number in range(5)]
grouping = {"type": "time", "config": {"timeout": 5}}
ask("PUT", f"/services/{spare[1]}", {"service": {"alert_grouping_parameters": grouping, "status": "disabled"}})
spare_integrations = [
    ask("POST", f"/services/{spare[0]}/integrations", {"integration": {"name": f"spare {number}"}})["integration"]["id"]
    for number in range(3)]
grouped = ask("POST", f"/services/{spare[0]}/integrations", {"integration": {"name": "grouped"}})["integration"]
for name in ("grouped 1", "grouped 2"):
    trigger(name, to=grouped["integration_key"])
by_hand = ask("POST", "/incidents", {"incident": {"type": "incident", "title": "by hand",
                                                  "service": {"id": main_service, "type": "service_reference"}}})
for name in names[3:6]:
    ask("POST", f"/incidents/{incident(name)['id']}/notes", {"note": {"content": f"about {name}"}})
ask("POST", f"/incidents/{incident(names[4])['id']}/snooze", {"duration": 3600})
ask("PUT", f"/incidents/{incident(names[5])['id']}",
    {"incident": {"status": "resolved", "resolution": "done", "title": "renamed", "urgency": "low"}})
ask("PUT", f"/incidents/{incident(names[5])['id']}", {"incident": {"status": "triggered"}})
ask("PUT", f"/incidents/{incident(names[6])['id']}/merge",
    {"source_incidents": [{"id": incident(names[7])["id"], "type": "incident_reference"}]})

# What holds alerts back: of spare services alone, so that the events of the main one open incidents.
silences = [ask("POST", "/silences", {"silence": silence})["silence"]["id"] for silence in (
    [{"service": {"id": spare[0]}, "maintenance": True, "duration": 3600, "comment": "maintenance"},
     {"service": {"id": spare[1]}, "matchers": ["severity=info"], "recurrence":
      {"rule": "FREQ=WEEKLY;BYDAY=SA", "time_zone": "Europe/Berlin", "local_start": "2026-01-01T02:00", "duration": 3600}}]
    + [{"service": {"id": spare[1]}, "matchers": [f"source=spare-{number}"], "duration": 3600} for number in range(40)])]
windows = [ask("POST", "/maintenance_windows", {"maintenance_window": {
    "start_time": "2026-01-01T00:00:00Z", "end_time": "9999-12-31T00:00:00Z", "description": f"window {number}",
    "services": [{"id": spare[1], "type": "service_reference"}]}})["maintenance_window"]["id"] for number in range(40)]
rules = [ask("POST", "/inhibition_rules", {"inhibition_rule": {
    "service": {"id": spare[0]}, "source_matchers": ["severity=critical"], "target_matchers": ["severity=warning"],
    "equal": ["source", "component"][:number % 3]}})["inhibition_rule"]["id"] for number in range(40)]
trigger("held back", to=grouped["integration_key"])

incidents = ids("/incidents", "incidents")
known = {
    "key": key,
    "incidents": incidents + [str(by_hand["incident"]["incident_number"])],
    "alerts": {id: ids(f"/incidents/{id}/alerts", "alerts") for id in incidents},
    "log_entries": ids("/log_entries", "log_entries"),
    "services": [main_service] + spare,
    "disposable_services": spare[2:],
    "integrations": {main_service: [main_integration], spare[0]: spare_integrations},
    "spare_integrations": {spare[0]: spare_integrations},
    "silences": silences,
    "disposable_silences": silences[2:],
    "inhibition_rules": rules,
    "maintenance_windows": windows,
    "escalation_policies": ["PDEFLT1"],
    "change_events": ids("/change_events", "change_events"),
    "users": ids("/users", "users"),
    "seed": int(seed),
}
checks = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
          "response_headers_conformance", "unsupported_method", "allow_header_conformance"]
here = pathlib.Path(__file__).resolve()
description = ask("GET", "/openapi.json")
with tempfile.TemporaryDirectory() as folder:
    # From a file: schemathesis does not ask for the path that it has the description from.
    file = pathlib.Path(folder, "openapi.json")
    file.write_text(json.dumps(description), encoding="utf-8")
    successes = pathlib.Path(folder, "successes.json")
    environment = dict(os.environ, KNOWN_TO_DAEMON=json.dumps(known), SUCCESSES=str(successes), NO_COLOR="1",
                       PYTHONPATH=str(here.parent), SCHEMATHESIS_HOOKS="description_hooks", PYTHONDONTWRITEBYTECODE="1")
    program = pathlib.Path(sys.executable).parent / "schemathesis"
    status = subprocess.run(
        [program, "run", file, "--url", url,
         "--checks", ",".join(checks), "--phases", "examples,coverage,fuzzing", "--max-examples", "10",
         "--seed", seed, "--workers", "1", "--generation-database", "none", "--suppress-health-check", "all",
         "--warnings", "off", "--header", f"Authorization: Token token={token}"],
        env=environment, cwd=folder).returncode
    seen = set(json.loads(successes.read_text()))

described = {f"{method.upper()} {path}" for path, item in description["paths"].items() for method in item
             if method != "parameters"}
wanted = described - {"GET /users/me"}
if wanted - seen:
    print("never answered with success:", ", ".join(sorted(wanted - seen)))
sys.exit(status or bool(wanted - seen))
