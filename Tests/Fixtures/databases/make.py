#!/usr/bin/env python3
"""Makes the fixture of a database as a version of alertgate writes it: make.py PROGRAM SQL-FILE

Runs that program for a minute and a half in a new folder, sends it events of every kind, gives it every command, waits until every
kind of timer has fallen due, and writes the database as SQL. The keys and tokens in it were good there alone.
"""

import datetime
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PROGRAM, OUTPUT = sys.argv[1:]
PORT = 18975
BASE = f"http://127.0.0.1:{PORT}"
folder = tempfile.mkdtemp(prefix="alertgate-fixture-")
DATABASE = os.path.join(folder, "alertgate.db")
token = None


def command(*arguments):
    result = subprocess.run(
        [PROGRAM, *arguments, "--db", DATABASE], capture_output=True, text=True, check=False)
    print(result.returncode, *arguments, result.stderr.strip())
    return result.stdout


def call(method, path, body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Token token={token}")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        text = error.read()
        status = error.code
    print(status, method, path, text[:160] if status >= 300 else "")
    return json.loads(text) if text.startswith((b"{", b"[")) else {}


def admin(method, path, body=None):
    return call(method, path, body, {"From": "ada@example.com"})


def v2(key, action, dedup_key, summary="disk full", severity="critical", **payload):
    body = {"routing_key": key, "event_action": action, "dedup_key": dedup_key}
    client = {name: payload.pop(name) for name in ("client", "client_url", "links", "images") if name in payload}
    if action == "trigger":
        body["payload"] = {"summary": summary, "source": "db1", "severity": severity, **payload}
        body |= client
    return call("POST", "/v2/enqueue", body)


def v1(key, kind, incident_key, description="ping lost"):
    body = {"service_key": key, "event_type": kind, "incident_key": incident_key, "description": description,
            "details": {"host": "web-1", "load": 1.50, "ok": False}}
    return call("POST", "/generic/2010-04-15/create_event.json", body)


def open_incidents():
    found = admin("GET", "/incidents?statuses[]=triggered&statuses[]=acknowledged&limit=100")["incidents"]
    return {incident["incident_key"]: incident["id"] for incident in found}


def service(name, **members):
    return admin("POST", "/services", {"service": {"type": "service", "name": name, **members}})["service"]["id"]


def integration(service_id, name, **members):
    path = f"/services/{service_id}/integrations"
    return admin("POST", path, {"integration": {"name": name, **members}})["integration"]["id"]


def update(incident, **members):
    return admin("PUT", "/incidents", {"incidents": [{"id": incident, "type": "incident", **members}]})


def settle():
    """Until the worker has applied what came."""
    while True:
        with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as reader:
            last = reader.execute("SELECT max(id) FROM events").fetchone()[0]
            if reader.execute("SELECT event_id FROM worker_cursor").fetchone()[0] >= last:
                return
        time.sleep(0.05)


command("service", "create", "Payments", "--description", "cards, caf\u00e9", "--acknowledgement-timeout", "2")
command("integration", "create", "--service", "Payments", "--name", "pay", "--key", "fixture-pay-1")
secret = command("token", "create", "Ada", "--email", "ada@example.com").split()
command("token", "create", "reader", "--read-only")
daemon = subprocess.Popen([PROGRAM, "serve", "--db", DATABASE, "--listen", f"127.0.0.1:{PORT}", "--log-level", "warning"])
try:
    for candidate in secret:
        if len(candidate) >= 20 and "@" not in candidate:
            token = candidate
    for _ in range(200):
        try:
            urllib.request.urlopen(BASE + "/healthz").read()
            break
        except OSError:
            time.sleep(0.1)

    # Settings.
    payments = admin("GET", "/services")["services"][0]["id"]
    flapping = service("Flapping", flap_detection={"changes": 2, "window": 3600, "quiet": 60})
    storms = service("Storms", storm_detection={"thresholds": [2, 4], "quiet": 60})
    passing = service("Passing", auto_resolve_timeout=1)
    ruled = service("Ruled", alert_grouping_parameters={"type": "rules", "config": {"alert_limit": 3, "rules": [
        {"matchers": ['severity="critical"'], "fields": ["source", "custom_details.region"], "strict": True,
         "time_window": 600, "window_start": "last_alert"},
        {"matchers": ['summary=~"db-.*"'], "fields": ["class"], "time_window": 300},
        {"matchers": [], "fields": ["component"]}]}})
    equal = service("Equal", alert_grouping_parameters={"type": "content_based", "config": {
        "aggregate": "any", "fields": ["component", "custom_details.host"], "time_window": 600}})
    together = service("Together", alert_grouping_parameters={"type": "time", "config": {"timeout": 2}})
    beating = service("Beating")
    spare = service("Spare")
    noisy = service("Noisy")
    keys = {"pay": "fixture-pay-1"}
    integrations = {}
    for name, of in [("flap", flapping), ("storm", storms), ("pass", passing), ("rule", ruled), ("equal", equal),
                     ("time", together), ("noise", noisy)]:
        keys[name] = f"fixture-{name}-1"
        integrations[name] = integration(of, name, integration_key=keys[name], default_severity="error")
    integrations["beat"] = integration(
        beating, "beat", integration_key="fixture-beat-1", default_severity="warning", heartbeat_interval=10)
    command("integration", "create", "--service", "Spare", "--name", "spare", "--key", "fixture-spare-1",
            "--heartbeat", "600", "--default-severity", "info")
    command("integration", "update", "spare", "--heartbeat", "0", "--name", "spared", "--default-severity", "warning")
    command("integration", "disable", "spared")
    command("integration", "enable", "spared")
    command("integration", "rotate", "spared", "--key", "fixture-spare-2", "--grace", "3600")
    command("integration", "rotate", "spared", "--key", "fixture-spare-3")
    command("integration", "rotate", "spared", "--key", "fixture-pay-1")
    command("service", "delete", "Spare")
    command("integration", "delete", "spared")
    command("service", "update", "Spare", "--flap-detection", "on", "--storm-detection", "on", "--description", "d")
    admin("PUT", f"/services/{spare}", {"service": {"type": "service", "flap_detection": None, "storm_detection": None,
          "alert_grouping_parameters": {"type": "time", "config": {"timeout": 0}}, "acknowledgement_timeout": None}})
    admin("PUT", f"/services/{spare}", {"service": {"type": "service", "alert_grouping_parameters": {
          "type": "content_based", "config": {"aggregate": "all", "fields": ["summary", "class", "group"]}}}})
    admin("PUT", f"/services/{spare}", {"service": {"type": "service", "alert_grouping_parameters": None}})
    command("service", "disable", "Spare")
    command("service", "enable", "Spare")
    command("service", "delete", "Spare")
    command("service", "create", "Payments")
    command("token", "create", "gone")
    tokens = json.loads(command("token", "list", "--json") or "[]")
    command("token", "revoke", "gone")
    command("token", "revoke", str(next((t["id"] for t in tokens if t.get("name") == "gone"), "gone")))

    # Alerts of persons and senders.
    v2(keys["pay"], "trigger", "disk", links=[{"href": "https://example.com/r", "text": "runbook"}],
       images=[{"src": "https://example.com/i.png"}], client="nagios", client_url="https://example.com",
       custom_details={"region": "eu", "used": 9.90e1, "tags": ["a"], "quote": "\"\u00e9\\\u2028"},
       timestamp="2026-01-01T00:00:00Z", component="disk", group="eu", **{"class": "full"})
    v2(keys["pay"], "trigger", "disk")
    v2(keys["pay"], "trigger", "disk")
    v2(keys["pay"], "acknowledge", "disk")
    v2(keys["pay"], "acknowledge", "disk")
    v2(keys["pay"], "acknowledge", "never")
    v2(keys["pay"], "trigger", "disk2", severity="warning")
    v2(keys["pay"], "trigger", "disk3", severity="info")
    v2(keys["pay"], "trigger", "disk4", severity="error")
    v1(keys["pay"], "trigger", "ping")
    v1(keys["pay"], "acknowledge", "ping")
    v1(keys["pay"], "trigger", "pong")
    v1(keys["pay"], "resolve", "pong")
    v1(keys["pay"], "resolve", "pong")
    call("POST", "/v2/change/enqueue", {"routing_key": keys["pay"], "payload": {
        "summary": "deployed 1.2", "source": "ci", "timestamp": "2026-01-01T00:00:00Z",
        "custom_details": {"build": 12}}, "links": [{"href": "https://example.com"}]})
    settle()
    found = open_incidents()
    update(found["disk2"], status="acknowledged", title="Disk 2, caf\u00e9", urgency="high")
    update(found["disk2"], status="acknowledged")
    update(found["disk3"], status="resolved", resolution="a \"fix\" / \\ \u00e9")
    update(found["disk3"], status="triggered")
    update(found["disk3"], status="resolved")
    update(found["disk3"], status="acknowledged")
    manual = admin("POST", "/incidents", {"incident": {
        "type": "incident", "title": "By hand", "service": {"id": payments, "type": "service_reference"},
        "urgency": "low", "incident_key": "hand", "body": {"type": "incident_body", "details": "told by phone"}}})
    admin("POST", "/incidents", {"incident": {
        "type": "incident", "title": "By hand", "service": {"id": payments, "type": "service_reference"},
        "incident_key": "hand"}})
    second = admin("POST", "/incidents", {"incident": {
        "type": "incident", "title": "Another", "service": {"id": payments, "type": "service_reference"}}})
    admin("POST", f"/incidents/{found['disk2']}/notes", {"note": {"content": "looking at it, caf\u00e9 \u2028"}})
    admin("POST", f"/incidents/{found['disk2']}/snooze", {"duration": 1})
    alerts = admin("GET", f"/incidents/{found['disk4']}/alerts")["alerts"]
    admin("PUT", f"/incidents/{found['disk4']}/alerts", {"alerts": [{
        "id": alerts[0]["id"], "type": "alert", "incident": {"id": found["disk"], "type": "incident_reference"}}]})
    admin("PUT", f"/incidents/{found['disk']}/alerts/{alerts[0]['id']}", {"alert": {
        "type": "alert", "status": "resolved"}})
    admin("PUT", f"/incidents/{found['disk']}/alerts/{alerts[0]['id']}", {"alert": {
        "type": "alert", "status": "triggered"}})
    admin("PUT", f"/incidents/{found['disk']}/merge", {"source_incidents": [
        {"id": found["ping"], "type": "incident_reference"}]})
    admin("PUT", f"/incidents/{found['disk']}/merge", {"source_incidents": [
        {"id": manual["incident"]["id"], "type": "incident_reference"}]})
    command("incidents", "resolve", second["incident"]["id"])

    # What keeps noise away.
    admin("POST", "/inhibition_rules", {"inhibition_rule": {
        "type": "inhibition_rule", "source_matchers": ['class="host"'], "target_matchers": ['class=~"svc|app"'],
        "equal": ["component"], "comment": "the host is down"}})
    rules = admin("GET", "/inhibition_rules")["inhibition_rules"]
    v2(keys["noise"], "trigger", "host", "host down", **{"class": "host"}, component="h1")
    v2(keys["noise"], "trigger", "svc", "service down", **{"class": "svc"}, component="h1")
    v2(keys["noise"], "acknowledge", "svc")
    v2(keys["noise"], "trigger", "app", "app down", **{"class": "app"}, component="h1")
    v2(keys["noise"], "resolve", "app")
    admin("POST", "/inhibition_rules", {"inhibition_rule": {
        "type": "inhibition_rule", "source_matchers": ['class="x"'], "target_matchers": ['class="y"'], "equal": []}})
    command("silence", "create", "--matcher", 'summary=~"quiet.*",severity!="critical"', "--for", "4s", "--comment", "short")
    v2(keys["noise"], "trigger", "q1", "quiet please", severity="warning")
    v2(keys["noise"], "trigger", "q2", "quiet please", severity="info")
    v2(keys["noise"], "resolve", "q2")
    command("silence", "create", "--service", "Noisy", "--matcher", 'source!~"db.*"', "--for", "1d")
    silences = admin("GET", "/silences")["silences"]
    admin("PUT", f"/silences/{silences[0]['id']}", {"silence": {"type": "silence", "comment": "changed", "duration": 7200}})
    later = command("silence", "create", "--service", "Noisy", "--matcher", 'group="none"', "--for", "1d", "--json")
    admin("DELETE", f"/silences/{json.loads(later)['id']}")
    start = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    command("silence", "create", "--service", "Noisy", "--matcher", 'dedup_key="weekly"', "--repeat", "FREQ=DAILY",
            "--at", start, "--for", "60s")
    v2(keys["noise"], "trigger", "weekly", "quiet every day")
    v2(keys["pass"], "trigger", "short", "over soon")
    for number in range(3):
        v2(keys["flap"], "trigger", "flap", f"flaps {number}")
        v2(keys["flap"], "resolve", "flap")
    for number in range(7):
        v2(keys["storm"], "trigger", f"storm {number}", f"storm {number}")
    for number in range(7):
        v2(keys["storm"], "resolve", f"storm {number}")
    for number in range(5):
        v2(keys["rule"], "trigger", f"rule {number}", "db-1", severity=["critical", "warning"][number % 2],
           component=f"c{number % 2}", custom_details={"region": ["eu", 1.0, True, None, "eu"][number], "x": {"y": 1}})
        v2(keys["equal"], "trigger", f"equal {number}", component=f"c{number // 2}", custom_details={"host": number % 3})
        v2(keys["time"], "trigger", f"time {number}", f"time {number}")
    v2(keys["equal"], "resolve", "equal 1")
    v2(keys["rule"], "resolve", "rule 0")

    # Until everything has fallen due: heartbeats after 10 s, the rest within 70 s.
    time.sleep(13)
    call("POST", "/v2/enqueue", {"routing_key": "fixture-beat-1", "event_action": "resolve", "dedup_key": "alive"})
    admin("DELETE", f"/inhibition_rules/{rules[0]['id']}")
    time.sleep(75)
    settle()
finally:
    daemon.terminate()
    daemon.wait()
command("verify")
database = sqlite3.connect(DATABASE)
version, application = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id"))
with open(OUTPUT, "w", encoding="utf-8") as file:
    file.write(f"PRAGMA application_id={application};\nPRAGMA user_version={version};\n")
    file.writelines(line + "\n" for line in database.iterdump())
for query in ("SELECT kind, action, count(*) FROM events GROUP BY 1, 2",
              "SELECT outcome, reason, count(*) FROM event_outcomes GROUP BY 1, 2"):
    for row in database.execute(query):
        print(*row)
print(OUTPUT, os.path.getsize(OUTPUT), "bytes; made in", folder)
