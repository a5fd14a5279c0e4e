"""Measure every list page at the data of 100 counties against the same page at one county's.

    PYTHONPATH=src:bench python bench/registry_lists.py [counties=100] [words in the page's name]
    python -m scripts.with_postgres -- python bench/registry_lists.py

Each of two processes fills a database of its own (see many_counties.py), with one county and with
many, and answers the same addresses as somebody who sees one county, as somebody with one authority
over the province, and as somebody with an authority over each of the counties.
The two processes take turns page by page, so that what else runs on the machine meets both. In
brackets stands the ratio of the best times.

Limits: the median time at many counties at most twice that at one; at most 20 queries a page.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from throwaway import own_database, vendor

RATIO_LIMIT, QUERY_LIMIT = 2.0, 20
REPEATS, WARM = 7, 2
ONE, ALL, EACH = "one county", "all counties", "each county"
TOWN, VILLAGE = "110101105000", "110101105205"


def addresses() -> dict[str, str]:
    """Return the addresses to ask for, by what is measured."""
    from django.urls import NoReverseMatch, reverse

    from anlan.kernel.tables.table import tables

    found: dict[str, str] = {}
    for table in tables():
        base = reverse("register_table", args=[table.name])
        found[f"{table.name}"] = base
        found[f"{table.name} page 20"] = f"{base}?page=20"
        found[f"{table.name} town"] = f"{base}?division={TOWN}"
        found[f"{table.name} village"] = f"{base}?division={VILLAGE}"
        found[f"{table.name} words"] = f"{base}?q=" + ("张" if table.group == "people" else "柳")
        found[f"{table.name} rare words"] = f"{base}?q=" + "无此名"
        for column in table.filters:
            value = _value_of(column)
            if value:
                found[f"{table.name} {column.name}"] = f"{base}?{column.name}={value}"
    for name in (
        *("register", "sheet_imports", "gaps", "organs", "who_answers", "accounts", "tokens"),
        *("audit", "delegations", "warnings", "incidents", "reports", "calls", "divisions_redraw"),
    ):
        try:
            found[f"page {name}"] = reverse(name)
        except NoReverseMatch:
            continue
    found["page gaps town"] = f"{reverse('gaps')}?town={TOWN}"
    found["page audit kind"] = f"{reverse('audit')}?kind=sheets"
    return found


def _value_of(column: Any) -> str:
    choices = getattr(column.kind, "of", None)
    if choices is not None:
        return str(next(iter(choices)).value)
    return "1" if column.kind.choices() else "2025"


def answer(counties: int) -> None:
    """Fill a database and answer what the other end asks for, a line each, until it stops."""
    with own_database():
        from django.conf import settings
        from django.db import connection, reset_queries
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from many_counties import account_over_all, account_over_each, fill

        from anlan.kernel.scope import everywhere
        from anlan.registry.models import Account

        settings.ANLAN_SECOND_FACTOR = "optional"
        settings.ANLAN_PASSWORD_DAYS = 0
        settings.ALLOWED_HOSTS = ["*"]
        fill(counties)
        with everywhere("measurement"):
            account_over_all()
            account_over_each(counties)
        users = {ONE: Account.objects.get(username="110101000000-0")}
        users[ALL] = Account.objects.get(username="all")
        users[EACH] = Account.objects.get(username="each")
        clients = {}
        for name, user in users.items():
            clients[name] = Client()
            clients[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        print(json.dumps(addresses()), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            client = clients[asked["who"]]
            reset_queries()
            with CaptureQueriesContext(connection) as queries:
                begin = time.perf_counter()
                response = client.get(asked["address"])
                seconds = time.perf_counter() - begin
            told = {
                "seconds": seconds,
                "status": response.status_code,
                "queries": len(queries),
                "slow": max(queries.captured_queries, key=lambda q: float(q["time"]))
                if asked.get("say") and len(queries)
                else None,
            }
            print(json.dumps(told), flush=True)


class Side:
    """One process with its database."""

    def __init__(self, counties: int) -> None:
        command = [sys.executable, __file__, "answer", str(counties)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ready(self) -> dict[str, str]:
        """Return the addresses once the database is filled."""
        return dict(json.loads(self._line()))

    def ask(self, who: str, address: str, *, say: bool = False) -> dict[str, Any]:
        """Return what one request took."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"who": who, "address": address, "say": say}) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self._line()))

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("The other process ended.")
        return line

    def end(self) -> None:
        """Let the process delete its database."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def main(counties: int, wanted: str) -> None:
    """Ask both sides in turn and print the pages, those that fall short marked."""
    small, large = Side(1), Side(counties)
    try:
        pages = small.ready()
        large.ready()
        print(f"{vendor()}, {counties} counties against one, medians of {REPEATS}")
        found = list(compare(small, large, {k: v for k, v in pages.items() if wanted in k}))
    finally:
        small.end()
        large.end()
    over = [row for row in found if row["ratio"] > RATIO_LIMIT]
    many = [row for row in found if row["queries"] > QUERY_LIMIT]
    print(f"{len(found)} pages; over {RATIO_LIMIT}: {len(over)}")
    print(f"over {QUERY_LIMIT} queries: {len(many)}")
    for row in sorted(over, key=lambda each: -each["ratio"]):
        print(f"  {row['ratio']:7.1f} x  {row['page']} ({row['who']})")


def compare(small: Side, large: Side, pages: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give the figures of each page for each of the two users."""
    for page, address in pages.items():
        for who in (ONE, ALL, EACH):
            times: dict[Side, list[float]] = {small: [], large: []}
            last: dict[Side, dict[str, Any]] = {}
            for turn in range(WARM + REPEATS):
                for side in (small, large):
                    last[side] = side.ask(who, address, say=turn == WARM + REPEATS - 1)
                    if turn >= WARM:
                        times[side].append(last[side]["seconds"])
            one, many = (sorted(times[side])[REPEATS // 2] for side in (small, large))
            best = min(times[large]) / min(times[small])
            queries = max(last[side]["queries"] for side in (small, large))
            ratio = many / one
            mark = " OVER" if ratio > RATIO_LIMIT else ""
            mark += " QUERIES" if queries > QUERY_LIMIT else ""
            status = last[large]["status"]
            mark += f" STATUS {status}" if status != 200 else ""
            print(
                f"{ratio:7.2f} x ({best:5.2f})  {one * 1e3:6.1f} -> {many * 1e3:8.1f} ms"
                f"  {queries:3} queries  {page} ({who}){mark}",
                flush=True,
            )
            if ratio > RATIO_LIMIT and last[large]["slow"]:
                slow = last[large]["slow"]
                print(f"      {slow['time']} s: {slow['sql'][:700]}")
            yield {"page": page, "who": who, "ratio": ratio, "queries": queries}


if __name__ == "__main__":
    if sys.argv[1:2] == ["answer"]:
        answer(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, " ".join(sys.argv[2:]))
