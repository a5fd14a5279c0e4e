"""Measure the whole demo replay against its limits, and show the share of each link of the chain.

    PYTHONPATH=src python bench/demo_replay.py [hours=72]

Limits: 60 s of CPU, 600 MB of memory, 300 kB of data for the first screen of the map. A plain loop
of ten million additions is timed before and after, because the same machine can be two or three
times slower when others use it: the replay is also given in such loops.
"""

import os
import sys
import tempfile
import time

CPU_LIMIT_S = 60.0
MEMORY_LIMIT_MB = 600.0
MAP_LIMIT_KB = 300.0
LINKS = {
    "monitoring": "readings held against thresholds",
    "warning": "warnings issued, delivered, escalated, lifted",
    "command": "plan, tasks, closing",
    "relief": "moves ordered and ended",
    "drills": "people answering, visiting, moving (their actions included)",
    "assessment": "report",
    "kernel": "sweeps and sealing",
}


def loop_s() -> float:
    """Return the CPU seconds of ten million additions."""
    begin = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - begin


def main(hours: int) -> None:
    """Replay, and print each figure as a ratio against its limit."""
    os.environ["ANLAN_HOME"] = tempfile.mkdtemp()
    sys.argv = ["anlan", "demo"]
    from anlan.cli import environment

    environment.prepare()
    from pathlib import Path

    from django.conf import settings

    from anlan.cli.demo import start_afresh
    from anlan.demo.run import run_demo

    before = loop_s()
    start_afresh(Path(settings.DATABASES["default"]["NAME"]))
    result = run_demo(hours=hours)
    loop = (before + loop_s()) / 2
    cost, count = result.cost, result.replay
    cpu = cost["replay_cpu_s"]
    print(f"frames {count.frames:,}  readings {count.readings:,}  tasks {count.tasks:,}")
    print(f"replay CPU {cpu:.1f} s = {cpu / CPU_LIMIT_S:.2f} x limit of {CPU_LIMIT_S:.0f} s")
    print(f"  = {cpu / loop:.0f} loops of ten million additions at {loop:.2f} s each")
    print(f"build CPU {cost['build_cpu_s']:.1f} s")
    memory = cost["memory_mb"]
    print(f"memory {memory:.0f} MB = {memory / MEMORY_LIMIT_MB:.2f} x limit")
    shares: dict[str, float] = {}
    for name, seconds in count.seconds_by_task.items():
        room = name.split(".")[1]
        shares[room] = shares.get(room, 0.0) + seconds
    rest = cpu - sum(shares.values())
    for room, seconds in sorted(shares.items(), key=lambda item: -item[1]):
        print(f"  {seconds / cpu:6.1%}  {LINKS.get(room, room)}")
    print(f"  {rest / cpu:6.1%}  frames made, decoded, judged and stored")
    map_bytes(settings)


def map_bytes(settings: object) -> None:
    """Print the size of the data that the map's first screen loads."""
    from django.test import Client
    from django.urls import reverse

    from anlan.demo.accounts import PASSWORD

    del settings
    client = Client(HTTP_HOST="127.0.0.1")
    client.post(reverse("login"), {"username": "duty", "password": PASSWORD})
    data = client.get(reverse("map_data"))
    size = len(data.content) / 1000
    print(f"map layers {size:.0f} kB = {size / MAP_LIMIT_KB:.2f} x limit")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 72)
