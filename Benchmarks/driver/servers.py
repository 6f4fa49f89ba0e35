"""What is measured: alertgate, the limits, and the peers; each started as a user would."""

import glob
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from .load import ROUTING_KEY, template


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Target:
    """A running server."""

    event = "v2"
    paths = {"v2": "/v2/enqueue", "v1": "/generic/2010-04-15/create_event.json"}

    def __init__(self, name, command, port, environment=None, scheme="http", health=None, patience=30):
        self.name = name
        self.port = port
        self.url = f"{scheme}://127.0.0.1:{port}"
        self.pids = []
        started = time.monotonic()
        self.log = open(os.path.join(os.environ["BENCH_FOLDER"], f"{name.replace(' ', '-')}-{port}.log"), "w")
        self.process = subprocess.Popen(
            command, env=dict(os.environ, **(environment or {})), stdout=self.log, stderr=subprocess.STDOUT)
        self.pids = [self.process.pid]
        while not self._answers(health):
            if self.process.poll() is not None or time.monotonic() - started > patience:
                self.stop()
                sys.exit(f"{name} does not start; see {self.log.name}")
            time.sleep(0.002)
        self.seconds_to_start = time.monotonic() - started

    def _answers(self, health):
        try:
            if health:
                return urllib.request.urlopen(self.url + health, timeout=1).status == 200
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Programs:
    """The built programs."""

    def __init__(self, folder, scratch):
        self.gateway = os.path.join(folder, "alertgate")
        self.bench = os.path.join(folder, "alertgate-bench")
        self.scratch = scratch
        self.number = 0

    def file(self, name):
        self.number += 1
        return os.path.join(self.scratch, f"{name}-{self.number}.db")

    def run(self, *arguments):
        """Runs a command of alertgate-bench and gives its result."""
        output = subprocess.run([self.bench, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
        for line in output.stdout.splitlines():
            if line.startswith("RESULT "):
                return json.loads(line[7:])
        return {}

    def fill(self, kind, count, name=None, rules=0):
        """Makes a database with events that wait to be folded, beside so many silences and inhibition rules."""
        path = self.file(name or kind)
        self.run("fill", "--db", path, "--template", template("v2"), "--count", count, "--kind", kind, "--rules", rules)
        return path

    def remove(self, path):
        for suffix in ("", "-wal", "-shm", "-lock", ".lock"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)

    def empty(self):
        return self.fill("new", 0, "empty")

    def token(self, database):
        output = subprocess.run(
            [self.gateway, "token", "create", "bench", "--json", "--db", database], check=True, capture_output=True,
            text=True)
        return json.loads(output.stdout)["token"]

    def integration(self, database, key):
        subprocess.run(
            [self.gateway, "integration", "create", "--service", "bench", "--key", key, "--db", database], check=True,
            stdout=subprocess.DEVNULL)

    def alertgate(self, database=None, name="alertgate", tls=None, health=None, limited=False):
        port = free_port()
        environment = {} if limited else {
            "ALERTGATE_EVENTS_RATE_LIMIT": "0", "ALERTGATE_EVENTS_RATE_LIMIT_PER_SECOND": "0",
            "ALERTGATE_API_RATE_LIMIT_PER_MINUTE": "0",
        }
        if tls:
            environment["ALERTGATE_TLS_CERTIFICATE"] = os.path.join(tls, "gateway.pem")
            environment["ALERTGATE_TLS_KEY"] = os.path.join(tls, "gateway-key.pem")
        return Target(
            name, [self.gateway, "serve", "--db", database or self.empty(), "--listen", f"127.0.0.1:{port}"], port,
            environment, scheme="https" if tls else "http", health=health)

    def one_per_commit(self):
        port = free_port()
        return Target(
            "one transaction per request",
            [self.bench, "serve", "--db", self.empty(), "--port", str(port), "--events-per-commit", "1"], port)

    def with_retention(self, database, days, name):
        """The gateway on a database with a history; with days it removes what is older, beginning at once."""
        port = free_port()
        return Target(
            name, [self.bench, "serve", "--db", database, "--port", str(port), "--retention-days", str(days)], port)

    def answer(self):
        port = free_port()
        return Target("no database", [self.bench, "answer", "--port", str(port)], port)

    def bare(self):
        port = free_port()
        return Target("bare SwiftNIO", [self.bench, "bare-server", "--port", str(port)], port)


class Alertmanager(Target):
    event = "alertmanager"
    paths = {"alertmanager": "/api/v2/alerts"}

    def __init__(self, scratch):
        port = free_port()
        folder = os.path.join(scratch, f"alertmanager-{port}")
        os.makedirs(folder)
        configuration = os.path.join(folder, "alertmanager.yml")
        with open(configuration, "w") as file:
            file.write("route:\n  receiver: nobody\n  group_by: [cluster, alertname]\nreceivers:\n  - name: nobody\n")
        super().__init__(
            "Alertmanager",
            ["prometheus-alertmanager", f"--config.file={configuration}", f"--storage.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"],
            port, health="/-/ready")


class Alerta(Target):
    """alerta-server behind gunicorn with two workers, on a PostgreSQL of its own with the defaults."""

    event = "alerta"
    paths = {"alerta": "/alert"}

    def __init__(self, scratch, environment_folder):
        self.folder = os.path.join(scratch, "postgresql")
        self.binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        database_port, port = free_port(), free_port()
        os.makedirs(self.folder)
        # PostgreSQL refuses to run as root.
        self.become = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.become:
            shutil.chown(self.folder, "postgres")
        self._postgres("initdb", "-D", self.folder + "/data", "-U", "alerta", "--auth=trust", "-E", "UTF8")
        self._postgres(
            "pg_ctl", "-D", self.folder + "/data", "-l", self.folder + "/log", "-w", "-o",
            f"-p {database_port} -k {self.folder} -c listen_addresses=127.0.0.1", "start")
        self._postgres("createdb", "-h", "127.0.0.1", "-p", str(database_port), "-U", "alerta", "alerta")
        configuration = os.path.join(scratch, "alertad.conf")
        with open(configuration, "w") as file:
            file.write(
                f"DATABASE_URL = 'postgresql://alerta@127.0.0.1:{database_port}/alerta'\nAUTH_REQUIRED = False\n"
                "SECRET_KEY = 'only for this benchmark'\nLOG_LEVEL = 'ERROR'\n")
        variables = {"ALERTA_SVR_CONF_FILE": configuration, "PYTHONDONTWRITEBYTECODE": "1"}
        # Two workers that start at once race to create the schema: one process makes it before.
        subprocess.run(
            [environment_folder + "/bin/python", "-c", "import alerta; alerta.create_app()"],
            env=dict(os.environ, **variables), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        super().__init__(
            "Alerta",
            [environment_folder + "/bin/gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "alerta:create_app()"], port,
            variables, health="/management/gtg")
        with open(self.folder + "/data/postmaster.pid") as file:
            self.pids.append(int(file.readline()))

    def _postgres(self, program, *arguments):
        subprocess.run(
            self.become + [os.path.join(self.binaries, program), *arguments], check=True, cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)

    def stop(self):
        super().stop()
        self._postgres("pg_ctl", "-D", self.folder + "/data", "-m", "fast", "-w", "stop")
