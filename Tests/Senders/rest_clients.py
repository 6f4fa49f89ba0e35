"""The REST calls of PagerDuty's Python clients, each of them verified by reading back what it did.

    rest_clients.py CLIENT URL KEY TOKEN AUTHORITY     CLIENT is pagerduty or pdpyras; URL is https, led by AUTHORITY

Ends with an exception where something is not as it should be; prints the name of each call that was made.
"""

import datetime
import os
import ssl
import sys
import time

import pagerduty
import pdpyras

client, url, key, token, authority = sys.argv[1:]
os.environ["REQUESTS_CA_BUNDLE"] = authority  # For requests, under pdpyras.
SENDER = "jane@example.net"


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


def ids(objects):
    return [item["id"] for item in objects]


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


class Official:
    """python-pagerduty, which takes nothing but https."""

    Refused = pagerduty.HttpError

    def __init__(self):
        trust = ssl.create_default_context(cafile=authority)
        self.rest = pagerduty.RestApiV2Client(token, base_url=url, verify=trust, default_from=SENDER)
        self.events = pagerduty.EventsApiV2Client(key, base_url=url, verify=trust)

    def total(self, path, params=None):
        return self.rest.get_total(path, params=params)

    def history(self, path, since, until):
        return list(self.rest.iter_history(path, since, until))

    def notes(self, incident):
        return list(self.rest.iter_incident_notes(incident))


class Predecessor:
    """pdpyras, which has three of the calls under no name of their own: they are made of what the official ones are."""

    Refused = pdpyras.PDClientError

    def __init__(self):
        self.rest = pdpyras.APISession(token, default_from=SENDER)
        self.events = pdpyras.EventsAPISession(key)
        self.rest.url = self.events.url = url

    def total(self, path, params=None):
        return self.rest.jget(path, params={**(params or {}), "total": True, "limit": 1, "offset": 0})["total"]

    def history(self, path, since, until):
        form = "%Y-%m-%dT%H:%M:%S%z"
        return list(self.rest.iter_all(
            path, params={"since": since.strftime(form), "until": until.strftime(form)}, total=True))

    def notes(self, incident):
        entries = self.rest.iter_all(f"/incidents/{incident}/log_entries")
        return [entry for entry in entries if entry["type"] == "annotate_log_entry"]


def made(name):
    print(name, flush=True)


class Checks:
    def __init__(self, kind):
        self.kind = kind
        self.rest = kind.rest

    def refused(self, call, status, code):
        try:
            call()
        except self.kind.Refused as error:
            same(error.response.status_code, status)
            same(error.response.json()["error"]["code"], code)
            return
        raise AssertionError(f"not refused with {status} {code}")

    def get(self, incident):
        return self.rest.rget(f"/incidents/{incident}")

    def kinds(self, incident):
        return [entry["type"] for entry in self.rest.list_all(f"incidents/{incident}/log_entries")]

    def open(self, name):
        """Triggers, and asks until the incident is there, at most a few hundred times."""
        dedup_key = f"{client}/{name}"
        same(self.kind.events.trigger(f"{name} ☃", "python", dedup_key=dedup_key, severity="error"), dedup_key)
        for _ in range(500):
            found = self.rest.list_all("incidents", params={"incident_key": dedup_key, "statuses": ["triggered"]})
            if found:
                same(len(found), 1)
                return found[0]
        raise AssertionError(f"no incident {dedup_key}")

    def list(self):
        opened = [self.open("list 1")["id"], self.open("list 2")["id"]]
        self.rest.rput("/incidents", json=[{"id": opened[1], "type": "incident_reference", "status": "acknowledged"}])
        triggered = self.rest.list_all("incidents", params={"statuses": ["triggered"]})
        same([incident["status"] for incident in triggered], ["triggered"] * len(triggered))
        same([identifier in ids(triggered) for identifier in opened], [True, False])
        both = self.rest.list_all("incidents", params={"statuses": ["triggered", "acknowledged"]})
        same([identifier in ids(both) for identifier in opened], [True, True])
        # From page to page, one by one.
        pages = ids(self.rest.iter_all("incidents", page_size=1, params={"statuses": ["triggered", "acknowledged"]}))
        same(pages, ids(both))
        made("list_all")

    def single(self):
        opened = self.open("single")
        incident = self.get(opened["id"])
        same(incident, opened)
        same(incident["incident_key"], f"{client}/single")
        same(incident["title"], "single ☃")
        same(self.get(incident["incident_number"]), incident)
        self.refused(lambda: self.get("Q00000000ZZZZZ"), 404, 2100)
        made("rget")

        same(self.rest.rput(incident, json={"type": "incident", "status": "acknowledged"})["status"], "acknowledged")
        same(self.get(incident["id"])["status"], "acknowledged")
        same(self.get(incident["id"])["acknowledgements"][0]["acknowledger"]["summary"], SENDER)
        incident["status"] = "resolved"  # As it was, but for the status.
        same(self.rest.rput(incident, json=incident)["status"], "resolved")
        resolved = self.get(incident["id"])
        same(resolved["status"], "resolved")
        same(resolved["alert_counts"], {"all": 1, "triggered": 0, "resolved": 1})
        same([alert["status"] for alert in self.rest.list_all(f"incidents/{incident['id']}/alerts")], ["resolved"])
        self.refused(lambda: self.rest.rput(resolved, json={"type": "incident", "status": "acknowledged"}), 400, 1001)
        made("rput incident")

    def bulk(self):
        opened = [self.open(f"bulk {number}")["id"] for number in range(3)]
        wanted = ["resolved", "acknowledged", "resolved"]
        answer = self.rest.rput("/incidents", json=[
            {"id": incident, "type": "incident_reference", "status": status}
            for incident, status in zip(opened, wanted)])
        same(ids(answer), opened)
        same([incident["status"] for incident in answer], wanted)
        same([self.get(incident)["status"] for incident in opened], wanted)
        self.refused(lambda: self.rest.rput("/incidents", json=[
            {"id": opened[1], "type": "incident_reference", "status": "resolved"},
            {"id": "Q00000000ZZZZZ", "type": "incident_reference", "status": "resolved"}]), 400, 2001)
        same(self.get(opened[1])["status"], "acknowledged")
        made("rput incidents")

    def notes(self):
        incident = self.open("notes")["id"]
        note = self.rest.rpost(f"/incidents/{incident}/notes", json={"content": "x"})
        same(note["content"], "x")
        same(note["user"]["summary"], SENDER)
        second = self.rest.rpost(f"/incidents/{incident}/notes", json={"content": " ☃\n"})
        same(self.rest.rget(f"/incidents/{incident}/notes"), [second, note])
        self.refused(lambda: self.rest.rpost(f"/incidents/{incident}/notes", json={"content": " "}), 400, 2001)
        made("rpost notes")

        entries = self.kind.notes(incident)
        same([entry["type"] for entry in entries], ["annotate_log_entry"] * 2)
        same([entry["summary"] for entry in entries], [" ☃\n", "x"])
        same([entry["incident"]["id"] for entry in entries], [incident] * 2)
        made("iter_incident_notes")

    def merge(self):
        target, first, second = (self.open(f"merge {number}")["id"] for number in range(3))
        sources = [{"id": incident, "type": "incident_reference"} for incident in (first, second)]
        merged = self.rest.rput(f"/incidents/{target}/merge", json=sources)
        same(merged["id"], target)
        same(merged["alert_counts"], {"all": 3, "triggered": 3, "resolved": 0})
        same(self.get(target), merged)
        same([alert["alert_key"] for alert in self.rest.list_all(f"incidents/{target}/alerts")],
             [f"{client}/merge {number}" for number in range(3)])
        for source in (first, second):
            ended = self.get(source)
            same(ended["status"], "resolved")
            same(ended["resolve_reason"]["type"], "merge_resolve_reason")
            same(ended["resolve_reason"]["incident"]["id"], target)
            same(self.rest.list_all(f"incidents/{source}/alerts"), [])
        self.refused(lambda: self.rest.rput(f"/incidents/{target}/merge", json=sources), 400, 1019)
        made("rput merge")

    def snooze(self):
        incident = self.open("snooze")["id"]
        before = time.time()
        snoozed = self.rest.rpost(f"/incidents/{incident}/snooze", json={"duration": 60})
        same(snoozed["status"], "acknowledged")
        same([action["type"] for action in snoozed["pending_actions"]], ["unacknowledge"])
        at = datetime.datetime.strptime(snoozed["pending_actions"][0]["at"], "%Y-%m-%dT%H:%M:%SZ")
        end = at.replace(tzinfo=datetime.timezone.utc).timestamp()
        same(before + 59 <= end <= time.time() + 60, True)
        same(self.get(incident), snoozed)
        same(self.kinds(incident), ["snooze_log_entry", "acknowledge_log_entry", "trigger_log_entry"])
        self.refused(lambda: self.rest.rpost(f"/incidents/{incident}/snooze", json={"duration": 0}), 400, 1013)
        made("rpost snooze")

    def totals(self):
        everything = self.rest.list_all("incidents", params={"date_range": "all"})
        same(self.kind.total("incidents"), len(everything))
        for status in ("triggered", "acknowledged", "resolved"):
            same(self.kind.total("incidents", {"statuses[]": [status]}),
                 len([incident for incident in everything if incident["status"] == status]))
        made("get_total")

    def history(self):
        until = utc_now() + datetime.timedelta(hours=1)
        entries = self.kind.history("log_entries", until - datetime.timedelta(hours=2), until)
        same(len(set(ids(entries))), len(entries))
        same(sorted(ids(entries)), sorted(ids(self.rest.list_all("log_entries"))))
        incidents = {incident["id"] for incident in self.rest.list_all("incidents", params={"date_range": "all"})}
        same({entry["incident"]["id"] for entry in entries}, incidents)
        long_ago = until - datetime.timedelta(days=20)
        same(self.kind.history("log_entries", long_ago, long_ago + datetime.timedelta(hours=1)), [])
        made("iter_history")

    def services(self):
        services = self.rest.list_all("services")
        same([service["name"] for service in services], ["monitoring"])
        made("list_all services")
        found = self.rest.find("services", "monitoring")
        same(found, services[0])
        same(self.rest.find("services", "monitor"), None)
        same(self.rest.rget(found["self"]), found)
        # And what a client makes it finds.
        other = self.rest.rpost("services", json={"type": "service", "name": f"{client} %", "description": "d"})
        same(self.rest.find("services", f"{client} %"), other)
        other["description"] = "changed"
        same(self.rest.rput(other, json=other)["description"], "changed")
        same(self.rest.rget(f"services/{other['id']}")["description"], "changed")
        integration = {"type": "events_api_v2_inbound_integration", "name": "in"}
        made_one = self.rest.rpost(f"services/{other['id']}/integrations", json=integration)
        same(made_one["name"], "in")
        same(self.rest.delete(f"services/{other['id']}").status_code, 204)
        same(self.rest.find("services", f"{client} %"), None)
        made("find")

    def windows(self):
        service = self.rest.find("services", "monitoring")
        start = utc_now() + datetime.timedelta(days=1)
        window = self.rest.rpost("maintenance_windows", json={
            "type": "maintenance_window", "start_time": start.isoformat(), "description": f"{client}'s",
            "end_time": (start + datetime.timedelta(hours=1)).isoformat(),
            "services": [{"id": service["id"], "type": "service_reference"}]})
        same(ids(window["services"]), [service["id"]])
        same(ids(self.rest.list_all("maintenance_windows", params={"filter": "future"})), [window["id"]])
        window["description"] = "changed"
        same(self.rest.rput(window, json=window)["description"], "changed")
        same(self.rest.rget(window["self"])["description"], "changed")
        same(self.rest.delete(f"maintenance_windows/{window['id']}").status_code, 204)
        same(self.rest.list_all("maintenance_windows"), [])
        made("maintenance windows")

    def walks(self):
        service = self.rest.find("services", "monitoring")
        policy = self.rest.rget(service["escalation_policy"]["self"])
        same(self.rest.list_all("escalation_policies"), [policy])
        same(ids(policy["services"]), [service["id"]])
        for path in ("teams", "schedules", "priorities", "vendors", "oncalls"):
            same(self.rest.list_all(path), [])
        same(self.rest.list_all(f"services/{service['id']}/change_events"), [])
        made("walks")

    def all(self):
        for check in (self.list, self.single, self.bulk, self.notes, self.merge, self.snooze, self.totals, self.history,
                      self.services, self.windows, self.walks):
            check()


Checks({"pagerduty": Official, "pdpyras": Predecessor}[client]()).all()
