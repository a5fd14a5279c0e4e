"""The program as a newcomer runs it: `anlan demo`, then its figures and its journal."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HOURS = 10  # of the 72: the rain, the first orange and red warnings, the first households moving
ESSAY = {
    ("S1", "towns"): 20,
    ("S1", "subdistricts"): 2,
    ("S1", "villages"): 286,
    ("S1", "communities"): 27,
    ("S1", "population"): 576_000,
    ("S1", "area_km2"): 2_818,
    ("S2", "items"): 157_000,
    ("S2", "value_wan_yuan"): 640.29,
    ("S3", "geohazard_points"): 103,
    ("S4", "rivers_over_100_km2"): 7,
    ("S5", "reservoirs"): 59,
    ("S5", "reservoirs_over_1_million_m3"): 11,
    ("S6", "cover_percent"): 68.63,
    ("S7", "ranger_stations"): 24,
    ("S8", "teams"): 25,
    ("S9", "fire_stores"): 28,
    ("S10", "macro_stations"): 6,
}


class House:
    """A folder for one run of the program, and the commands given in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")
        } | {"ANLAN_HOME": str(folder)}

    def anlan(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "anlan", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def report(house: House) -> dict[str, Any]:
    done = house.anlan("demo", "--no-serve", "--json", "--hours", str(HOURS))
    assert done.returncode == 0, done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_figures_of_the_report_hold_together(report: dict[str, Any]) -> None:
    held = report["invariants"]
    assert held["audience_equals_answerable"], held["audience_wrong"]
    assert held["nobody_moved_before_notice"]
    assert held["sheltered_equals_moved"]
    district = report["district"]
    assert district["warnings"] > 100
    assert district["escalations"]["retry"] > 0
    assert 0 < district["acknowledged"] <= district["summons"]
    assert district["people_at_risk"] > 0
    assert report["replay"]["faults"] > 0


def test_the_district_is_the_sum_of_its_towns(report: dict[str, Any]) -> None:
    for name in ("warnings", "summons", "people_at_risk", "people_moved"):
        assert report["district"][name] == sum(town[name] for town in report["towns"]), name


def test_the_figures_equal_the_essay(house: House, report: dict[str, Any]) -> None:
    assert report
    figures = json.loads(house.anlan("figures", "--json").stdout)
    assert {key: figures[key[0]][key[1]] for key in ESSAY} == ESSAY


def test_the_journal_holds_until_somebody_changes_it(house: House, report: dict[str, Any]) -> None:
    assert report
    assert house.anlan("journal", "verify").returncode == 0
    with sqlite3.connect(house.folder / "demo.sqlite3") as database:
        database.execute("UPDATE kernel_journalentry SET actor = 'somebody else' WHERE seq = 40")
    told = house.anlan("journal", "verify")
    assert told.returncode == 1
    assert "entry 40 was changed" in told.stdout


def test_an_empty_house_is_told_in_a_sentence(tmp_path: Path) -> None:
    told = House(tmp_path).anlan("figures")
    assert told.returncode == 1
    assert "anlan migrate" in told.stderr
    assert "Traceback" not in told.stderr
