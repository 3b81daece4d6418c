"""Opens the tables of site/ in LibreOffice, and holds each cell against data/facts.json.

Run by ``make office``: it needs LibreOffice Calc, so it stands beside ``make test``.
"""

import csv
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parent.parent))

from factsheet.audit.expected import Expected, cell

AS_TABLES = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Every sheet as UTF-8 with commas, each cell as it is and not as it is shown."""
PROPOSED = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
"""What its dialog proposes for a CSV file that begins with a byte-order mark: commas, UTF-8.

Nor does it look for dates in texts such as "May 2018", unless it is told to.
"""
Rows = list[dict[str, str]]


def main() -> None:
    """Exit 1 with a line for each cell that is another one."""
    data = Path("site/data")
    if not data.is_dir():
        sys.exit("There is no site/ yet: run make site first.")
    expected = Expected.read(data.parent)
    facts, sources = list(expected.rows()), list(expected.source_rows())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opened(data / "facts.xlsx", folder)
        wrong = [*differences("facts.xlsx", read(folder / "facts-facts.csv"), facts, guard=False)]
        wrong += differences("facts.xlsx", read(folder / "facts-sources.csv"), sources, guard=False)
        for table, rows in (("facts", facts), ("sources", sources)):
            opened(data / f"{table}.csv", folder)
            wrong += differences(
                f"{table}.csv", read(folder / f"{table}-{table}.csv"), rows, guard=True
            )
        wrong += formulas(data, folder, expected)
    cells = sum(len(row) for row in (*facts, *sources))
    if wrong:
        sys.exit("\n".join([*wrong[:40], f"{len(wrong)} cells are other ones in LibreOffice"]))
    sys.stdout.write(f"LibreOffice has the {cells:,} cells of facts.json, in XLSX and in CSV.\n")


def opened(path: Path, folder: Path) -> None:
    """Have LibreOffice open a file as by a double click, and write its sheets into ``folder``."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", AS_TABLES, "--outdir", folder]
    proposed = [f"--infilter={PROPOSED}"] if path.suffix == ".csv" else []
    subprocess.run([*command, *proposed, path], check=True, capture_output=True)


def read(path: Path) -> Rows:
    """The rows of a sheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def differences(name: str, rows: Rows, wanted: Rows, *, guard: bool) -> Iterator[str]:
    """A line for each cell that is not that of the JSON; a number may be written otherwise."""
    if len(rows) != len(wanted):
        yield f"{name}: {len(rows)} rows for {len(wanted)}"
    for line, (row, right) in enumerate(zip(rows, wanted, strict=False), start=2):
        for column in {*row, *right}:
            shown, correct = row.get(column, ""), right.get(column, "")
            correct = cell(correct) if guard else correct
            if shown in {"TRUE", "FALSE"}:
                shown = shown.lower()
            if shown != correct and number(shown) != number(correct):
                yield f'{name}:{line}: {column} is "{shown}", not "{correct}"'


def number(text: str) -> Decimal | str:
    """A number by its value; any other text as it is."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def formulas(data: Path, folder: Path, expected: Expected) -> Iterator[str]:
    """The formulas of the page of downloads give what ``facts.json`` has."""
    page = Path("docs/download.md").read_text("utf-8")
    (lines,) = re.findall(r"```text\n(=.*?)```", page, re.DOTALL)
    (name,) = set(re.findall(r'"(\w+-[\w~-]+)"', lines))
    book = openpyxl.load_workbook(data / "facts.xlsx")
    sheet = book.create_sheet("asked")
    for formula in lines.strip().split("\n"):
        sheet.append([formula.replace("$facts.", "facts!")])
    book.save(folder / "asked.xlsx")
    opened(folder / "asked.xlsx", folder)
    with (folder / "asked-asked.csv").open(encoding="utf-8-sig", newline="") as file:
        given = [row[0] for row in csv.reader(file)]
    o = expected.observations[name]
    wanted = [o["value"], o["unit"], str(len(o["claims"]))]
    if given != wanted:
        yield f"docs/download.md: the formulas give {given}, not {wanted}"


if __name__ == "__main__":
    main()
