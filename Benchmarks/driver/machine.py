"""What is known of the machine, and of processes on it."""

import glob
import os
import platform
import subprocess

TICKS = os.sysconf("SC_CLK_TCK")


def _children():
    parents = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
    return parents


def tree(pid):
    """The process and all below it."""
    children = _children()
    found, waiting = [], [pid]
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def processor_seconds(pids):
    """User and system seconds that the processes, and those below them, have used."""
    total = 0.0
    for pid in {process for root in pids for process in tree(root)}:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def memory_mib(pid, field="VmRSS"):
    """Resident memory of one process in MiB; `VmHWM` is its peak."""
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def _output(*command):
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (result.stdout or result.stderr).strip()


def _package(name):
    return _output("dpkg-query", "-W", "-f", "${Version}", name)


def _alerta(environment):
    found = glob.glob(os.path.join(environment, "lib", "*", "site-packages", "alerta_server-*.dist-info"))
    return os.path.basename(found[0]).removeprefix("alerta_server-").removesuffix(".dist-info") if found else ""


def describe(folder):
    """The machine and the versions, as pairs of name and text."""
    model = ""
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 1024 / 1024
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    swift = _output("swift", "--version").splitlines()
    return [
        ("processor", f"{os.cpu_count()} × {model}"),
        ("memory", f"{memory:.0f} GiB"),
        ("file system", _output("stat", "-f", "-c", "%T", folder)),
        ("system", f"{system}, Linux {platform.release()}"),
        ("Swift", next((line for line in swift if "Swift version" in line), "")),
        ("SQLite", _package("libsqlite3-0")),
        ("wrk", _package("wrk")),
        ("Alertmanager", _package("prometheus-alertmanager")),
        ("PostgreSQL", _package("postgresql")),
        ("Alerta", _alerta(os.path.join(folder, ".venv-bench"))),
        ("commit", _output("git", "rev-parse", "--short", "HEAD")),
    ]


def load_average():
    return os.getloadavg()[0]


def steal_ticks():
    """Ticks that the host took from this machine, and all ticks."""
    with open("/proc/stat") as file:
        fields = [int(text) for text in file.readline().split()[1:]]
    return fields[7], sum(fields[:8])
