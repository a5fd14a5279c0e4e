"""The commands for divisions: a dry run first, one sentence for what is refused."""

import pytest
import typer
from typer.testing import CliRunner

from anlan.cli import divisions
from anlan.registry.models import Division, DivisionChange, Household
from tests.boundary_files import collection, square
from tests.cast import BANK, COUNTY, SLOPE

NEW, EAST = "990701101204", "990701101205"
PAPER = ["--basis", "试政函〔2024〕7号", "--on", "2024-07-15"]


@pytest.fixture
def run(cast):
    app = typer.Typer()
    for command in (
        divisions.boundaries,
        divisions.rename,
        divisions.recode,
        divisions.merge,
        divisions.split,
        divisions.history,
    ):
        app.command()(command)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_boundaries_are_tried_and_then_set(run, tmp_path):
    path = tmp_path / "村界.geojson"
    rows = [({"code": SLOPE}, square(107.03, 33.0)), ({"name": "没有村"}, square(107.05, 33.0))]
    path.write_bytes(collection(rows))
    tried = run("boundaries", path, "--dry-run")
    assert "new 1" in tried.output
    assert "没有村" in tried.output
    assert not Division.objects.filter(boundary__isnull=False).exists()
    assert run("boundaries", path).exit_code == 2
    assert Division.objects.get(pk=SLOPE).boundary


def test_a_file_that_cannot_be_used_ends_in_a_sentence(run, tmp_path):
    path = tmp_path / "村界.geojson"
    path.write_bytes(b"{")
    for answer in (run("boundaries", path), run("boundaries", tmp_path / "none.zip")):
        assert answer.exit_code == 1
        assert answer.output.strip()
        assert "Traceback" not in answer.output


def test_divisions_are_renamed_recoded_merged_and_looked_up(run):
    assert run("rename", SLOPE, "新坡村", *PAPER, "--dry-run").exit_code == 0
    assert not DivisionChange.objects.exists()
    assert run("rename", SLOPE, "新坡村", *PAPER).exit_code == 0
    assert f"{SLOPE} → {NEW}" in run("recode", SLOPE, NEW, *PAPER).output
    merged = run("merge", NEW, BANK, "--into", BANK, *PAPER)
    assert f"{NEW} → {BANK}" in merged.output
    assert "slope leader" in merged.output
    found = run("history", SLOPE, "--on", "2024-07-14")
    assert f"On 2024-07-14: {SLOPE}" in found.output
    assert f"Today: {BANK}" in found.output


def test_a_village_is_split_by_lists_and_boundaries(run, tmp_path):
    zhao = Household.objects.get(head_name="zhao")
    members, areas = tmp_path / "members.csv", tmp_path / "parts.geojson"
    members.write_text(f"uuid,part\n{zhao.uuid},{EAST}\n")
    areas.write_bytes(collection([({"code": EAST}, square(107.5, 33.0))]))
    parts = ["--part", f"{SLOPE}=坡下村", "--part", f"{EAST}=坡东村", "--heir", SLOPE]
    answer = run("split", SLOPE, *parts, "--members", members, "--boundaries", areas, *PAPER)
    assert answer.exit_code == 0, answer.output
    assert Household.objects.get(pk=zhao.pk).division_id == EAST
    assert Division.objects.get(pk=EAST).boundary
    areas.write_bytes(collection([({"code": BANK}, square(107.5, 33.0))]))
    answer = run("split", SLOPE, *parts, "--boundaries", areas, *PAPER)
    assert answer.exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["rename", "99070110", "新坡村"],
        ["rename", SLOPE, "河边村"],
        ["recode", SLOPE, BANK],
        ["merge", SLOPE, COUNTY, "--into", SLOPE],
        ["split", SLOPE, "--part", "x", "--part", "y", "--heir", "x"],
    ],
)
def test_what_is_refused_ends_in_a_sentence(run, words):
    answer = run(*words, *PAPER)
    assert answer.exit_code == 1
    assert len(answer.output.strip()) > 10
    assert "Traceback" not in answer.output
    assert not DivisionChange.objects.exists()
