"""As much of Elasticsearch 7 as ElastAlert2 asks for: a search that finds one document, and an index to write to.

Prints the port it listens on. The document is as old as the stand-in, so that a rule sees it in its first run.
"""

import datetime
import http.server
import json
import uuid

DOCUMENT = {
    "account_id": 10023456,
    "operation": "monitor.rule.update",
    "operation_name": "修改告警规则",
    "request_id": "req-0001-é☃",
    "latency_ms": 12.5,
    "ok": False,
    "tags": ["a", "b"],
    "host": {"name": "db1.example.net"},
    "created_at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
}


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def ranges(value):
    """Every range condition on created_at in a query."""
    if isinstance(value, dict):
        condition = value.get("range", {})
        if isinstance(condition, dict) and "created_at" in condition:
            yield condition["created_at"]
        for part in value.values():
            yield from ranges(part)
    elif isinstance(value, list):
        for part in value:
            yield from ranges(part)


def matches(query):
    at = moment(DOCUMENT["created_at"])
    for condition in ranges(query):
        if "gt" in condition and not at > moment(condition["gt"]):
            return False
        if "gte" in condition and not at >= moment(condition["gte"]):
            return False
        if "lte" in condition and not at <= moment(condition["lte"]):
            return False
    return True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-elastic-product", "Elasticsearch")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        if path == "/":
            self.answer({"name": "stand-in", "cluster_name": "stand-in", "tagline": "You Know, for Search",
                         "version": {"number": "7.17.0", "build_flavor": "default"}})
        elif path.endswith("/_search"):
            found = path.startswith("/pgy_audit") and matches(json.loads(body or b"{}"))
            hits = [{"_index": "pgy_audit-2024.05", "_type": "_doc", "_id": "doc1", "_score": None,
                     "_source": DOCUMENT, "sort": [0]}] if found else []
            self.answer({"took": 1, "timed_out": False, "_shards": {"total": 1, "successful": 1, "failed": 0},
                         "hits": {"total": {"value": len(hits), "relation": "eq"}, "max_score": None, "hits": hits}})
        elif "/_doc" in path and self.command in ("POST", "PUT"):
            self.answer({"_index": path.split("/")[1], "_type": "_doc", "_id": uuid.uuid4().hex, "_version": 1,
                         "result": "created"}, 201)
        else:
            self.answer({})

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_request

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
