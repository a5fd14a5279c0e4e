"""Measure the duty desk with 2,000 calls that nobody has answered.

    PYTHONPATH=src:bench python bench/desk.py [calls=2000] [answers=40]
    python -m scripts.with_postgres --durable -- python bench/desk.py

First the addresses one by one through the whole program: medians of time and CPU. Then the server
as `anlan serve` runs it, with open desks that ask as browsers do: CPU a desk and hour. Then two
desks in Chromium: on one an answer is recorded by keys, and the time counts from the key until the
other has drawn it.

Limits: 300 ms for all rows, 1 s from the key on one desk until the other shows it.
"""

import http.client
import importlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from desk_county import fill
from throwaway import own_database, vendor

REPEATS = 15
DESKS, DESKS_S = 8, 30
SLOWER = 6
ROWS_LIMIT_MS, SEEN_LIMIT_MS = 300, 1_000
SERVE = (
    "from anlan.cli import environment; environment.prepare();"
    "from anlan.cli.serve import serve_pages; serve_pages(host='127.0.0.1', port={port})"
)
# Answered in the page: how the other desk has drawn the row, and when.
WATCH = """id => { window.seen = new Promise((done) => {
  const look = () => {
    const line = document.getElementById(`call-${id}`);
    if (!line || line.classList.contains("group-3")) { eye.disconnect(); done(Date.now()); }
  };
  const eye = new MutationObserver(look);
  const all = {subtree: true, childList: true, attributes: true};
  eye.observe(document.getElementById("desk-body"), all);
}); }"""

# How long each key takes until it is drawn: the median of each run of keys.
KEYS = """async (runs) => {
  const drawn = () => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
  const found = [];
  for (const run of runs) {
    const times = [];
    for (const key of run) {
      const begin = performance.now();
      const event = new KeyboardEvent("keydown", { key, bubbles: true });
      document.getElementById("desk-grid").dispatchEvent(event);
      await drawn();
      times.push(performance.now() - begin);
    }
    found.push(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]);
  }
  return found;
}"""


def measured(client: Any, name: str, address: str, *, limit_ms: float = 0, **headers: str) -> float:
    """Print what an address takes and return its median in milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seconds, cpu, size = [], [], 0
    for _turn in range(REPEATS):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        answer = client.get(address, headers={"accept-encoding": "gzip", **headers})
        seconds.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - begin_cpu)
        assert answer.status_code == 200, (address, answer.status_code)
        size = len(answer.content)
    with CaptureQueriesContext(connection) as asked:
        client.get(address, headers=headers)
    took = statistics.median(seconds) * 1_000
    ratio = f"{took / limit_ms:5.2f}" if limit_ms else "     "
    print(
        f"{took:7.1f} ms  CPU {statistics.median(cpu) * 1_000:6.1f} ms  {ratio}  "
        f"{len(asked):3d} queries {size:8d} B  {name}",
        flush=True,
    )
    return took


def addresses(client: Any) -> None:
    """Measure each address by itself."""
    from django.urls import reverse

    from anlan.kernel import clock
    from anlan.kernel.actors import the_program
    from anlan.kernel.scope import everywhere
    from anlan.warning.actions.record_attempt import record_attempt
    from anlan.warning.data import AttemptReason
    from anlan.warning.models import Summons

    events = reverse("desk_events")
    cursor = client.get(reverse("desk_rows")).json()["cursor"]
    measured(client, "page with all rows", reverse("desk"), limit_ms=ROWS_LIMIT_MS)
    measured(client, "all rows", reverse("desk_rows"), limit_ms=ROWS_LIMIT_MS)
    measured(client, "towns of the map", reverse("desk_towns"))
    measured(client, "nothing new", f"{events}?since={cursor}")
    with everywhere("measurement"):
        call = Summons.objects.filter(state="waiting").first()
        record_attempt(
            str(call.uuid), person_id=call.person_id, reason=AttemptReason.BUSY,
            by=the_program("bench"), now=clock.now(),
        )  # fmt: skip
    measured(client, "one call changed", f"{events}?since={cursor}")


@contextmanager
def served(port: int) -> Iterator[int]:
    """Run the server as `anlan serve` does; give the id of its process group."""
    environment = {**os.environ, "ANLAN_PASSWORD_DAYS": "0", "ANLAN_HOSTS": "127.0.0.1"}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port=port)], env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _turn in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def cpu_of(group: int) -> float:
    """Return the CPU seconds that a process group has used."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def desks(port: int, group: int, *, session: str, cursor: str, every_ms: int) -> None:
    """Let desks ask as browsers do for a while and print what one costs the server an hour."""
    until, times = time.perf_counter() + DESKS_S, []

    def desk(number: int) -> None:
        last = cursor
        time.sleep(number * every_ms / 1_000 / DESKS)
        while time.perf_counter() < until:
            begin = time.perf_counter()
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            link.request(
                "GET", f"/desk/events?since={last}",
                headers={"Cookie": f"sessionid={session}", "Last-Event-ID": last},
            )  # fmt: skip
            text = link.getresponse().read().decode()
            link.close()
            times.append(time.perf_counter() - begin)
            last = next((x[4:] for x in text.splitlines() if x.startswith("id: ")), last)
            time.sleep(every_ms / 1_000)

    begin = cpu_of(group)
    threads = [threading.Thread(target=desk, args=(n,)) for n in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = (cpu_of(group) - begin) / DESKS
    print(
        f"{DESKS} desks for {DESKS_S} s, {len(times)} requests: "
        f"{statistics.median(times) * 1_000:.1f} ms each, {used * DESKS / len(times) * 1_000:.1f} "
        f"ms of CPU each; {used / DESKS_S * 3_600:.1f} s of CPU a desk and hour "
        f"({used / DESKS_S:.2%} of a core)",
        flush=True,
    )


def slowed(context: Any) -> None:
    """Print what an old PC takes: the desk in a browser whose processor is slowed."""
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begin = time.perf_counter()
    page.goto("/desk/")
    page.locator("#desk[data-ready] .desk-row").first.wait_for()
    opened = time.perf_counter() - begin
    took = page.evaluate(KEYS, [["j"] * 30, ["End"]])
    page.close()
    print(
        f"slowed {SLOWER} times: opened in {opened:.1f} s, down by a row {took[0]:.0f} ms, "
        f"to the last row {took[1]:.0f} ms",
        flush=True,
    )


def seen_by_another(port: int, *, sessions: list[str], answers: int) -> None:
    """Record answers by keys on one desk and print how long the other takes to show them."""
    from playwright.sync_api import sync_playwright

    from scripts.services import chromium

    home = f"http://127.0.0.1:{port}"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        pages = []
        for session in sessions:
            context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=home)
            context.add_cookies([{"name": "sessionid", "value": session, "url": home}])
            page = context.new_page()
            begin = time.perf_counter()
            page.goto("/desk/")
            page.locator("#desk[data-ready] .desk-row").first.wait_for()
            print(f"page opened and drawn in {time.perf_counter() - begin:.2f} s")
            pages.append(page)
        slowed(pages[0].context)
        actor, watcher = pages
        actor.uncheck("#desk-opens-phone")
        actor.locator("#desk-grid").focus()
        times = []
        for turn in range(answers):
            key = actor.locator("#desk-grid").get_attribute("aria-activedescendant")
            watcher.wait_for_function("id => document.getElementById(id)", arg=key)
            watcher.evaluate(WATCH, str(key)[5:])
            time.sleep(0.137 * (turn % 7))
            actor.keyboard.press("Enter")
            actor.locator("#desk-number").wait_for()
            begin = actor.evaluate("Date.now()")
            actor.keyboard.press("2")
            times.append(watcher.evaluate("window.seen") - begin)
            actor.wait_for_function("id => document.activeElement.id === 'desk-grid'")
        browser.close()
    ordered = sorted(times)
    print(
        f"{answers} answers, from the key on one desk until the other has drawn it: "
        f"p50 {ordered[len(ordered) // 2]} ms, p95 {ordered[int(len(ordered) * 0.95)]} ms, "
        f"most {ordered[-1]} ms ({ordered[-1] / SEEN_LIMIT_MS:.2f} of the limit)"
    )


def main(calls: int, answers: int) -> None:
    """Fill a database and measure."""
    from django.conf import settings
    from django.db import connection, connections, transaction
    from django.test import Client

    from anlan.kernel import clock
    from anlan.kernel.scope import everywhere
    from anlan.registry.models import Account
    from anlan.warning.screens.desk import ASK_AGAIN_MS

    settings.ANLAN_PASSWORD_DAYS, settings.ALLOWED_HOSTS = 0, ["*"]
    with everywhere("measurement"), transaction.atomic():
        fill(calls, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vendor() == "postgresql" else "ANALYZE")
    print(f"{vendor()}, {calls} calls without an answer", flush=True)
    importlib.import_module("anlan.config.wsgi")  # as the server does before its first request
    sessions, client = [], Client()
    for account in Account.objects.order_by("username"):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    addresses(client)
    at = client.get("/desk/rows.json").json()["cursor"]
    connections.close_all()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served(port) as group:
        desks(port, group, session=sessions[0], cursor=at, every_ms=ASK_AGAIN_MS)
        seen_by_another(port, sessions=sessions, answers=answers)


if __name__ == "__main__":
    with own_database():
        main(*(int(text) for text in (*sys.argv[1:3], *("2000", "40")[len(sys.argv[1:3]) :])))
