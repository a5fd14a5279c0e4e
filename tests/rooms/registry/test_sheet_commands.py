"""`import`, `undo`, `export`, `template` and `tables` on the command line."""

import json
import re

import pytest
from typer.testing import CliRunner

from anlan.cli.registry import app
from anlan.kernel.models import JournalEntry
from anlan.kernel.sheets.reading import open_book
from anlan.registry.data import ImportState
from anlan.registry.models import Person, SheetImport
from tests.cast import COUNTY, LOWER, SLOPE

GOOD = "姓名,所在村,职务\n赵一,坡下村,网格员\n钱二,河边村,\n"
MIXED = GOOD + "孙三,没有村,\n"


@pytest.fixture
def run(cast):
    def invoke(*words, code=0):
        result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
        assert result.exit_code == code, result.output
        return result.output

    return invoke


@pytest.fixture
def sheet(tmp_path):
    def write(text):
        path = tmp_path / "人员.csv"
        path.write_text(text)
        return path

    return write


def test_a_sheet_is_tried_then_written_then_taken_back(run, sheet):
    path = sheet(GOOD)
    assert "2 new" in run("import", path, "--dry-run")
    assert not Person.objects.filter(name="赵一").exists()
    assert not SheetImport.objects.exists()
    said = run("import", path)
    assert Person.objects.get(name="赵一").division_id == SLOPE
    row = SheetImport.objects.get()
    assert (row.state, row.new_rows, row.bad_rows) == (ImportState.DONE, 2, 0)
    assert JournalEntry.objects.get(act="sheet.imported").subject == f"import:{row.uuid}"
    assert "2 unchanged" in run("import", path, "--dry-run")
    (uuid,) = re.findall(r"registry undo\s+(\S+)", said)
    run("undo", uuid)
    assert not Person.objects.filter(name="赵一").exists()
    assert "Traceback" not in run("undo", uuid, code=1)


def test_bad_rows_stop_the_rest_unless_the_good_ones_are_asked_for(run, sheet, tmp_path):
    path, mend = sheet(MIXED), tmp_path / "mend.xlsx"
    said = run("import", path, "--bad-rows", mend, code=1)
    assert "没有村" in said
    assert not Person.objects.filter(name="赵一").exists()
    assert not SheetImport.objects.exists()
    assert "没有村" in str(open_book(mend.name, mend.read_bytes()).sheets[0].rows[1])
    run("import", path, "--dry-run", code=2)
    run("import", path, "--good-rows")
    assert Person.objects.filter(name__in=["赵一", "钱二", "孙三"]).count() == 2
    row = SheetImport.objects.get()
    assert (row.state, row.new_rows, row.bad_rows) == (ImportState.DONE, 2, 1)


def test_bad_cells_as_json(run, sheet):
    # The bar goes to the error stream; the runner gives both together.
    text = run("import", sheet(MIXED), "--dry-run", "--json", code=2)
    found = json.loads(text[text.index("{") :])
    assert (found["table"], found["rows"], found["new"], found["bad"]) == ("people", 3, 2, 1)
    assert [(bad["cell"], bad["row"], bad["column"]) for bad in found["bad_cells"]] == [
        ("B4", 4, "division")
    ]


def test_one_county_only_is_written(run, sheet):
    run("import", sheet(GOOD), "--county", LOWER, code=1)
    assert not Person.objects.filter(name="赵一").exists()
    run("import", sheet(GOOD), "--county", COUNTY)
    assert Person.objects.filter(name="赵一").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("import", "none.xlsx"),
        ("import", "none.xlsx", "--table", "nothing"),
        ("export", "nothing"),
        ("template", "nothing"),
        ("undo", "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_what_is_wrong_ends_in_a_sentence(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    said = run(*words, code=1)
    assert said.strip()
    assert "Traceback" not in said


def test_an_import_that_is_no_uuid_is_refused_by_its_name(run):
    assert "x" in run("undo", "x", code=2)


def test_a_file_without_headings_is_refused(run, sheet):
    assert "人员.csv" in run("import", sheet("a,b\n1,2\n"), code=1)


def test_a_table_goes_out_and_comes_back_unchanged(run, tmp_path):
    path = tmp_path / "people.xlsx"
    run("export", "people", "--to", path)
    assert "0 new" in run("import", path, "--dry-run")
    run("template", "people", "--to", path)
    assert open_book(path.name, path.read_bytes()).sheets
    assert "people" in run("tables")
