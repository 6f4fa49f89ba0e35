#!/usr/bin/env python3
"""Makes the fixtures of TimeZonesTests from the system's tzdata, which is in the public domain:

    zoneinfo/      some zones as zic writes them today: changes that a rule foretells are left to the rule
    zoneinfo-fat/  one of them as zic wrote it until 2020: every change up to 2037, and again with 32 bits
    changes.txt    what Python's zoneinfo reads in them: a line for each zone and span of years, with the offset at the
                   start of the span, and then each change as SECOND:OFFSET, in seconds since 1970 and east of Greenwich
"""
import datetime
import pathlib
import shutil
import subprocess
import tempfile
import zoneinfo

ZONES = """
    Europe/Berlin Europe/Dublin Africa/Casablanca Australia/Lord_Howe Australia/Sydney America/New_York
    America/St_Johns America/Nuuk America/Sao_Paulo Asia/Jerusalem Asia/Kolkata Pacific/Apia Antarctica/Troll
    Etc/GMT+5 Etc/UTC
    """.split()
SPANS = [(1800, 1801), (1850, 2042), (2085, 2092), (2399, 2402), (9997, 9998)]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
STEP = 6 * 3600

here = pathlib.Path(__file__).parent


def compiled(name, form, zones):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["zic", "-b", form, "-d", folder, "/usr/share/zoneinfo/tzdata.zi"], check=True)
        shutil.rmtree(here / name, ignore_errors=True)
        for zone in zones:
            (here / name / zone).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(pathlib.Path(folder) / zone, here / name / zone)


def offset(zone, second):
    return int((EPOCH + datetime.timedelta(seconds=second)).astimezone(zone).utcoffset().total_seconds())


def line(name, zone, first_year, end_year):
    first, end = (
        int((datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc) - EPOCH).total_seconds())
        for year in (first_year, end_year)
    )
    words = [name, str(first), str(end), str(offset(zone, first))]
    for second in range(first, end, STEP):
        low, high = second, min(second + STEP, end)
        if offset(zone, low) == offset(zone, high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
        words.append(f"{high}:{offset(zone, high)}")
    return " ".join(words)


compiled("zoneinfo", "slim", ZONES)
compiled("zoneinfo-fat", "fat", ["Europe/Berlin"])
with (here / "changes.txt").open("w") as changes:
    for name in ZONES:
        with (here / "zoneinfo" / name).open("rb") as file:
            zone = zoneinfo.ZoneInfo.from_file(file)
        for span in SPANS:
            print(line(name, zone, *span), file=changes)
