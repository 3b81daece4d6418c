"""The package of all data, judged by programs that others made for such files."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from pydantic import BaseModel

from factsheet.audit.audit import audit
from factsheet.charts.page import DrawnRow
from factsheet.export.models import FactRow, SourceRow
from factsheet.export.write import facts_of
from factsheet.text.serialize import as_json, columns
from tests.conftest import ROOT, Copy

ZIP = "data/gull-point.zip"


@pytest.fixture
def data(built_lighthouse: Copy) -> Path:
    return built_lighthouse.site / "data"


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def judged(package: Path) -> Any:
    import frictionless  # slow to load, as pandas is, and of use to one worker alone

    return frictionless.validate(str(package / "datapackage.json"))


def test_the_package_is_valid_with_all_its_rows(built_site: Path) -> None:
    report = judged(built_site / "data")
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("facts.csv", ",outcome,", ",result,"),
        ("facts.csv", ",log-book,", ",lost-book,"),
        ("sources.csv", "\nlog-book,", "\ngazette-7,"),
    ],
)
def test_the_package_tells_a_wrong_table(
    data: Path, tmp_path: Path, table: str, old: str, new: str
) -> None:
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        resource.pop("hash"), resource.pop("bytes")
        text = (data / resource["path"]).read_text("utf-8")
        if resource["path"] == table:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / resource["path"]).write_text(text, "utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert not judged(tmp_path).valid


def test_pandas_reads_what_the_page_says(
    built_site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines for R are not run: there is no R among the packages of the tests."""
    import pandas

    page = (ROOT / "docs/download.md").read_text("utf-8")
    lines = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(lines) == 1
    monkeypatch.chdir(built_site / "data")
    exec(lines[0], {})
    printed = capsys.readouterr().out
    table = pandas.read_csv("facts.csv")
    assert table.columns[0] == "id"
    facts = json.loads(Path("facts.json").read_text("utf-8"))
    shown = len(facts["observations"])
    assert table["is_shown"].sum() == shown
    assert f"[{shown} rows x 4 columns]" in printed


def test_the_spreadsheet_has_the_cells_of_the_table(built_site: Path) -> None:
    book = openpyxl.load_workbook(built_site / "data/facts.xlsx")
    assert book.sheetnames == ["facts", "sources", "columns"]
    numbers = 0
    for name in ("facts", "sources"):
        head, *rows = book[name].iter_rows()
        wanted = rows_of(built_site / f"data/{name}.csv")
        assert len(rows) == len(wanted)
        for cells, right in zip(rows, wanted, strict=True):
            for title, cell in zip(head, cells, strict=True):
                text = right[str(title.value)]
                assert cell.data_type != "f"
                match cell.value:
                    case bool():
                        assert str(cell.value).lower() == text
                    case int() | float():
                        assert Decimal(str(cell.value)) == Decimal(text)
                        numbers += title.value == "value"
                    case _:
                        assert (cell.value or "") == text.removeprefix("'"), cell
    dated = sum(row["measure"] in {"date", "name", "names"} for row in wanted_facts(built_site))
    assert numbers == sum(bool(row["value"]) for row in wanted_facts(built_site)) - dated


def wanted_facts(site: Path) -> list[dict[str, str]]:
    return rows_of(site / "data/facts.csv")


def test_text_that_looks_like_a_formula_is_text(lighthouse: Copy) -> None:
    lighthouse.edit("data/facts.yaml", "printed: 400 climbed", "printed: '=1+1: 400'")
    site = lighthouse.build()
    cells = [c for row in openpyxl.load_workbook(site / "data/facts.xlsx")["facts"] for c in row]
    assert [c.data_type for c in cells if c.value == "=1+1: 400"] == ["s"]


def test_each_column_is_explained() -> None:
    words = yaml.safe_load((ROOT / "factsheet/text/words/en.yaml").read_text("utf-8"))["columns"]
    kinds: dict[str, type[BaseModel]] = {"facts": FactRow, "sources": SourceRow, "charts": DrawnRow}
    assert {table: [*told] for table, told in words.items()} == {
        table: [*columns(kind)] for table, kind in kinds.items()
    }


def test_the_zip_is_whole_and_works_from_a_folder(built_lighthouse: Copy, tmp_path: Path) -> None:
    with zipfile.ZipFile(built_lighthouse.site / ZIP) as archive:
        archive.extractall(tmp_path)
    told = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert told.stdout.count(": OK") == len(files) - 1
    assert judged(tmp_path / "data").valid
    readme = (tmp_path / "README.md").read_text("utf-8")
    assert "Gull Point lighthouse" in readme
    assert "is_shown" in readme


def test_the_file_names_its_schema(data: Path) -> None:
    facts, schema = (
        json.loads((data / name).read_text("utf-8")) for name in ("facts.json", "facts.schema.json")
    )
    assert facts["shape"] == schema["$id"]
    assert facts["version"] == schema["properties"]["version"]["const"] == "1"


def test_the_edition_before_is_named(lighthouse: Copy) -> None:
    folder = lighthouse.root / "data/editions"
    folder.mkdir()
    edition = facts_of(lighthouse.renderer()).model_dump(mode="json")
    for day in ("2019-05-01", "2020-05-01", "2021-05-01"):
        (folder / f"{day}.json").write_text(as_json(edition | {"edition": day}))
    assert lighthouse.renderer().predecessor == "2020-05-01"


def in_zip(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {file: archive.read(file) for file in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in held.items():
            archive.writestr(file, change(content) if file == name else content)


def swapped(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


PLANTED: dict[str, tuple[str, Any, str]] = {
    "a table without its mark": ("data/facts.csv", swapped("\ufeff", ""), "byte-order mark"),
    "a table that shows another row": ("data/facts.csv", swapped(",true,", ",false,"), "is_shown"),
    "a source's title": ("data/sources.csv", swapped("log-book,", "log-boot,"), "id of log-boot"),
    "a digit in the spreadsheet": (
        "data/facts.xlsx",
        ("xl/worksheets/sheet1.xml", swapped("<v>250</v>", "<v>260</v>")),
        'value of visitors-2020 is "260"',
    ),
    "a word in the spreadsheet": (
        "data/facts.xlsx",
        ("xl/sharedStrings.xml", swapped("more than 300 came", "more than 310 came")),
        'printed of visitors-2020 is "more than 310 came"',
    ),
    "a formula in the spreadsheet": (
        "data/facts.xlsx",
        ("xl/worksheets/sheet1.xml", swapped("<v>250</v>", "<f>1+1</f><v>250</v>")),
        "it has a formula",
    ),
    "a column of the package": (
        "data/datapackage.json",
        swapped('"name": "measure"', '"name": "measured"'),
        "facts.csv is not as it is described here",
    ),
    "a table in the zip": (ZIP, ("data/facts.csv", swapped("250", "260")), "data/facts.csv is not"),
    "a checksum": (ZIP, ("SHA256SUMS", lambda _: b""), "SHA256SUMS does not fit"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_audit_names_a_planted_fault(built_lighthouse: Copy, tmp_path: Path, what: str) -> None:
    site = shutil.copytree(built_lighthouse.site, tmp_path / "site")
    file, plant, words = PLANTED[what]
    path = site / file
    if isinstance(plant, tuple):
        in_zip(path, *plant)
    else:
        path.write_bytes(plant(path.read_bytes()))
    told = [str(fault) for fault in audit(site).faults]
    assert any(line.startswith(f"{file}:") and words in line for line in told), "\n".join(told)
