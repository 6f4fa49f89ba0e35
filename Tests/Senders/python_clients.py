"""PagerDuty's own Python client, its predecessor pdpyras and pygerduty, each through trigger, acknowledge and resolve.

    python_clients.py URL KEY TOKEN AUTHORITY     URL is https and led by a certificate of AUTHORITY

Ends with an exception where a client is not content; prints one line for each that is.
"""

import datetime
import os
import ssl
import sys

import pagerduty
import pdpyras
import pygerduty

url, key, token, authority = sys.argv[1:]
# What requests, under pdpyras, and urllib, under pygerduty, trust.
os.environ["REQUESTS_CA_BUNDLE"] = os.environ["SSL_CERT_FILE"] = authority


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


def incident_of(get, dedup_key, status):
    """Waits for nothing: what an event does is asked for until it is there, at most a few hundred times."""
    for _ in range(500):
        found = get(dedup_key)
        if found and found[-1]["status"] == status:
            return found[-1]
    raise AssertionError(f"no incident {dedup_key} is {status}: {found}")


def official():
    trust = ssl.create_default_context(cafile=authority)
    events = pagerduty.EventsApiV2Client(key, base_url=url, verify=trust)
    rest = pagerduty.RestApiV2Client(token, base_url=url, verify=trust, default_from="tests@example.net")

    def get(dedup_key):
        return rest.list_all("incidents", params={"incident_key": dedup_key, "date_range": "all"})

    same(events.trigger("official ☃", "python", dedup_key="official", severity="warning",
                        custom_details={"n": 1, "list": [1, 2]}, links=[{"href": "https://example.net"}]), "official")
    incident_of(get, "official", "triggered")
    same(events.acknowledge("official"), "official")
    incident_of(get, "official", "acknowledged")
    same(events.resolve("official"), "official")
    incident_of(get, "official", "resolved")
    generated = events.trigger("without a key", "python")
    same(len(generated), 32)
    opened = incident_of(get, generated, "triggered")

    changes = pagerduty.EventsApiV2Client(key, base_url=url, verify=trust)
    changes.send_change_event(payload={"summary": "deployed", "source": "python",
                                       "timestamp": datetime.datetime.now(datetime.timezone.utc).isoformat()})

    # What was received can be passed back, for which its `self` has to begin with the client's base URL.
    opened["status"] = "acknowledged"
    same(rest.rput(opened, json=opened)["status"], "acknowledged")
    same(rest.rget(f"/incidents/{opened['id']}")["acknowledgements"][0]["acknowledger"]["type"] != "", True)
    reference = {"id": opened["id"], "type": "incident_reference", "status": "resolved"}
    same(rest.rput("incidents", json=[reference])[0]["status"], "resolved")
    alerts = rest.list_all(f"incidents/{opened['id']}/alerts")
    same([alert["status"] for alert in alerts], ["resolved"])
    entries = list(rest.iter_all(f"incidents/{opened['id']}/log_entries"))
    same([entry["type"] for entry in entries],
         ["resolve_log_entry", "acknowledge_log_entry", "trigger_log_entry"])
    same([service["name"] for service in rest.iter_all("services")], ["monitoring"])
    try:
        pagerduty.RestApiV2Client("wrong", base_url=url, verify=trust).rget("incidents")
    except pagerduty.Error:
        print("pagerduty")
        return
    raise AssertionError("a wrong token was let in")


def predecessor():
    events = pdpyras.EventsAPISession(key)
    rest = pdpyras.APISession(token, default_from="tests@example.net")
    changes = pdpyras.ChangeEventsAPISession(key)
    for session in (events, rest, changes):
        session.url = url

    def get(dedup_key):
        return list(rest.iter_all("incidents", params={"incident_key": dedup_key, "date_range": "all"}))

    same(events.trigger("pdpyras ☃", "python", dedup_key="pdpyras"), "pdpyras")
    opened = incident_of(get, "pdpyras", "triggered")
    same(events.acknowledge("pdpyras"), "pdpyras")
    incident_of(get, "pdpyras", "acknowledged")
    changes.submit("deployed", source="python")
    opened["status"] = "resolved"
    same(rest.rput(opened, json=opened)["status"], "resolved")
    same(events.resolve("pdpyras"), "pdpyras")
    print("pdpyras")


def pygerduty_v1():
    pygerduty.PagerDuty.INTEGRATION_API_URL = f"{url}/event/push/alert/pagerduty?integration_key={key}"
    client = pygerduty.PagerDuty("alertgate", token)
    same(client.trigger_incident(key, "pygerduty ☃", incident_key="pygerduty", details={"a": "b"}), "pygerduty")
    same(client.acknowledge_incident(key, "pygerduty", description="seen"), "pygerduty")
    same(client.resolve_incident(key, "pygerduty"), "pygerduty")
    same(len(client.trigger_incident(key, "no key")), 32)
    print("pygerduty")


official()
predecessor()
pygerduty_v1()
