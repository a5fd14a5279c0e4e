"""`gaps`, `who`, `limits` and `limit` on the command line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from anlan.cli.gaps import gaps, who
from anlan.cli.limits import limit, limits
from anlan.registry.checks.words import GapKind
from anlan.registry.models import Person
from tests.cast import COUNTY, LOWER, SLOPE

app = typer.Typer(pretty_exceptions_enable=False)
for command in (gaps, who, limits, limit):
    app.command(command.__name__)(command)


def run(*words, code=0):
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_gaps_are_listed_by_town(cast):
    text = run("gaps")
    assert text.index("上河镇") < text.index("下河镇")
    assert "空心村" in text
    assert "上河镇" not in run("gaps", "--town", LOWER)


def test_gaps_as_json_hold_the_kinds_asked_for(cast):
    rows = json.loads(run("gaps", "--json", "--kind", GapKind.VILLAGE_NO_LEADER.value))
    assert [row["subject"] for row in rows] == ["空心村"]
    assert json.loads(run("gaps", "--json", "--town", LOWER, "--kind", "deputy_cycle")) == []


@pytest.mark.parametrize(
    "words",
    [
        ("gaps", "--town", "12"),
        ("gaps", "--kind", "x"),
        ("who", "990709000000"),
        ("who", SLOPE, "--at", "x"),
        ("limit", "team_members", "3", "--source", "x", "--county", "990709000000"),
        ("limit", "team_members", "3", "--source", "x", "--since", "y"),
    ],
)
def test_what_is_wrong_ends_in_a_sentence(cast, words):
    assert "Traceback" not in run(*words, code=2)


def test_who_answers_is_shown_with_masked_phones(cast):
    text = run("who", SLOPE, "--hazard", "geohazard", "--at", "2024-07-15T02:00")
    monitor = Person.objects.get(pk=cast.people["slope monitor"])
    assert "slope monitor" in text
    assert monitor.phone not in text
    (first, *_rest) = json.loads(
        run("who", cast.places["slope"], "--hazard", "geohazard", "--json")
    )
    assert [step["person"] for step in first][:2] == ["slope monitor", "second monitor"]


def test_a_limit_is_set_and_listed(cast):
    run("limit", "objects_per_person", "2", "--source", "county 2024", "--county", COUNTY)
    assert "county 2024" in run("limits")
    rows = json.loads(run("gaps", "--json", "--kind", "too_many_objects"))
    assert [row["subject"] for row in rows] == ["slope carer"]
