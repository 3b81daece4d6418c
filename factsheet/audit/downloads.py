"""What is taken away, held against ``facts.json``: tables, packages, references and the feed."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from factsheet.audit.expected import Expected, cell, plain, words
from factsheet.audit.html import NUMBER, covered_by
from factsheet.audit.outputs import (
    REBUILD,
    HtmlFile,
    Rows,
    read_all,
    read_table,
    read_workbook,
    reading,
    text_of,
)
from factsheet.audit.pictures import chart_row
from factsheet.audit.trace import TRACE
from factsheet.errors import Fault

_Json = dict[str, Any]
_LATEX = re.compile(r"\\text(backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|\\(.)")
_SIGNS = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~"}
_BIBTEX = re.compile(r"^@misc\{(.+),\n((?:  .+\n)+)\}$", re.MULTILINE)
_RIS = re.compile(r"^ID  - (.+)\n((?:.+\n)+?)ER  - ", re.MULTILINE)
_SUMS = "SHA256SUMS"
"""The file of a package that has the SHA-256 of all others."""


def downloads(
    expected: Expected, folder: Path, tables: dict[str, Rows], drawn: dict[str, Rows]
) -> list[Fault]:
    """What is wrong in ``tables`` of all data, in those of charts, and in all that is read here."""
    faults: list[Fault] = []
    facts, sources = list(expected.rows()), list(expected.source_rows())
    for name, wanted in (("facts", facts), ("sources", sources)):
        faults += _table(f"data/{name}.csv", tables.get(f"data/{name}.csv", []), wanted, cell)
    for name, rows in drawn.items():
        for line, row in rows:
            faults += chart_row(expected, name, line, row)
    with reading(name := "data/facts.xlsx", faults):
        book = read_workbook(folder / name)
        faults += _table(name, book["facts"], facts, str)
        faults += _table(name, book["sources"], sources, str)
    with reading(name := "data/facts.schema.json", faults):
        if json.loads(text_of(folder / name))["required"] != list(expected.data):
            faults.append(Fault(name, 1, 0, "has other keys", REBUILD))
    for name, check in (
        ("data/datapackage.json", _described), ("robots.txt", _robots), ("feed.xml", _feed),
        *((f"data/{path.name}", _packed) for path in folder.glob("data/*.zip")),
    ):  # fmt: skip
        with reading(name, faults):
            faults += (Fault(name, 1, 0, what, REBUILD) for what in check(expected, folder / name))
    wanted_of = {id_: _source(source) for id_, source in expected.sources.items()}
    for kind in ("bib", "ris", "csl.json"):
        with reading(name := f"data/sources.{kind}", faults):
            faults += _references(folder / name, name, wanted_of)
    faults += _of_figures(expected, folder, facts)
    return faults


def _of_figures(expected: Expected, folder: Path, rows: list[dict[str, str]]) -> list[Fault]:
    """What is wrong in the table, the JSON and the references of each figure."""
    faults: list[Fault] = []
    tables = read_all(folder, "figures/*.csv", read_table, faults)
    rows_of: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        rows_of[row["indicator"]].append(row)
    for id_, observations in expected.series.items():
        start = f"figures/{id_}"
        faults += _table(f"{start}.csv", tables.get(f"{start}.csv", []), rows_of[id_], cell)
        with reading(name := f"{start}.json", faults):
            told = json.loads(text_of(folder / name))
            for part in _other_parts(told, observations, expected.data):
                what = f"{part}: data/facts.json has others"
                faults.append(Fault(name, 1, 0, what, REBUILD))
        wanted = {
            o["id"]: [plain(expected.title(o)), plain(words(o["citation"]))] for o in observations
        }
        for kind in ("bib", "ris"):
            with reading(name := f"{start}.{kind}", faults):
                faults += _references(folder / name, name, wanted)
    return faults


def _table(
    name: str, rows: Rows, wanted: list[dict[str, str]], put: Callable[[str], str]
) -> Iterator[Fault]:
    """Each row of a table says what ``facts.json`` has for it; ``put``: a text as a cell."""
    if len(rows) != len(wanted):
        what = f"there are {len(rows)} rows for {len(wanted)}"
        yield Fault(name, rows[-1][0] if rows else 1, 0, what, REBUILD)
    for (line, row), right in zip(rows, wanted, strict=False):
        for column in {**row, **right}:
            shown, correct = row.get(column, ""), put(right.get(column, ""))
            if shown != correct and not _same_number(shown, correct):
                what = f'{column} of {row.get("id")} is "{shown}"'
                yield Fault(name, line, 0, what, f'facts.json has "{correct}"')


def _same_number(one: str, other: str) -> bool:
    """Whether a spreadsheet wrote the same number in another way: 2.5 for 2.50."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _described(_: Expected, path: Path) -> Iterator[str]:
    """The data package describes its files as they are."""
    for told in json.loads(text_of(path))["resources"]:
        content = (path.parent / told["path"]).read_bytes()
        columns = [field["name"] for field in told["schema"]["fields"]]
        head = content.decode("utf-8-sig").partition("\n")[0].split(",")
        right = f"sha256:{sha256(content).hexdigest()}", len(content), head
        if (told["hash"], told["bytes"], columns) != right:
            yield f"{told['path']} is not as it is described here"


def _packed(_: Expected, path: Path) -> Iterator[str]:
    """The zip holds all data, tables of charts and PDFs of the site, and their checksums."""
    with ZipFile(path) as archive:
        held = {file: archive.read(file) for file in archive.namelist()}
    told = held.pop(_SUMS).decode()
    if told != "".join(f"{sha256(held[name]).hexdigest()}  {name}\n" for name in sorted(held)):
        yield f"{_SUMS} does not fit its files"
    held.pop("README.md")
    folder = path.parent.parent
    kinds = ("data/*", "charts/*.csv", "pdf/*.pdf")
    files = {file for kind in kinds for file in folder.glob(kind)} - {path, folder / TRACE}
    wanted = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
    for file in sorted({*held, *wanted}):
        if held.get(file) != wanted.get(file):
            yield f"{file} is not that of the site"


def _robots(expected: Expected, path: Path) -> Iterator[str]:
    wanted = f"Sitemap: {expected.site}sitemap.xml" if expected.site else "Allow: /"
    if text_of(path).strip().split("\n")[-1] != wanted:
        yield f'does not end with "{wanted}"'


def _feed(expected: Expected, path: Path) -> Iterator[str]:
    """The feed tells of each edition and of each change of a figure, and of nothing else."""
    file, data, days = HtmlFile(path.parent, path), expected.data, expected.data["dates"]
    for node in file.tree.css("link"):
        address = (node.attributes["href"] or "").removeprefix(expected.site)
        if not (path.parent / address.partition("#")[0]).is_file():
            yield f'"{address}" leads to no file'
    entries = file.tree.css("entry")
    told = [plain(" ".join(n.text() for n in one.css("title, content"))) for one in entries]
    updated = [plain(node.text())[:10] for node in file.tree.css("updated")]
    ids = {plain(node.text()) for node in file.tree.css("id")}
    if updated[:1] != [data["edition"]] or len(ids) != len(entries) + 1:
        yield "its day, or the id of an entry, is not its own"
    wanted = [[words(days[day])] for day in {data["edition"], data["predecessor"]} - {None}]
    for one in data["revisions"]:
        name = expected.title(expected.observations[one["observation"]])
        said = (words(one["reason"]), *(words(one[key]["text"]) for key in ("old", "new")))
        wanted.append([name, *said])
    for texts in wanted:
        if not any(all(plain(text) in one for text in texts) for one in told):
            yield f"it does not tell of {' / '.join(texts)}"
    known = {plain(text) for texts in wanted for text in texts}
    for says, day in zip(told, updated[1:], strict=True):
        covered = covered_by(says, known | {plain(words(days.get(day)))})
        if not all(covered.issuperset(range(*found.span())) for found in NUMBER.finditer(says)):
            yield f'"{says}" is traced to nothing'


def _references(path: Path, name: str, wanted: dict[str, list[str]]) -> Iterator[Fault]:
    """A file of references has those that are wanted, and in each its texts."""
    text = text_of(path)
    if path.suffix == ".json":
        found = {
            item["id"]: " ".join(text for _, text in leaves(item)) for item in json.loads(text)
        }
    elif path.suffix == ".bib":  # whose keys have no tilde
        found = dict(_BIBTEX.findall(_LATEX.sub(_sign, text)))
        wanted = {id_.replace("~", "-about"): texts for id_, texts in wanted.items()}
    else:
        found = dict(_RIS.findall(text))
    for id_ in sorted(found.keys() ^ wanted.keys()):
        yield Fault(name, 1, 0, f"{id_} is missing, or is no reference of it", REBUILD)
    for id_, texts in wanted.items():
        says = unquote(plain(found.get(id_, "")))
        for one in map(unquote, texts if id_ in found else ()):
            if not re.search(rf"(?<!\w){re.escape(one)}(?!\w)", says):
                yield Fault(name, 1, 0, f'{id_} does not say "{one}"', REBUILD)


def _sign(match: re.Match[str]) -> str:
    return match[2] or _SIGNS.get(match[1], "^")


def _source(source: _Json) -> list[str]:
    year = re.findall(r"\d{4}", source["published"] or "")[:1]
    said = (source["publisher"], source["url"], source["title"], *year)
    return [plain(text) for text in said if text]


def _other_parts(told: _Json, observations: list[_Json], data: _Json) -> Iterator[str]:
    """The parts of a figure's JSON that are none of the whole, or not all that it needs."""
    cited = {claim["source"] for o in observations for claim in o["claims"]}
    sources = [source for source in data["sources"] if source["id"] in cited]
    whole = data | {"observations": observations, "sources": sources}
    if list(told) != list(data):
        yield "its keys"
    for part, value in told.items():
        right = whole.get(part)
        is_right = value == right
        if isinstance(value, dict) and isinstance(right, dict) and part != "licence":
            is_right = value.items() <= right.items()
        elif isinstance(value, list) and isinstance(right, list) and right is data[part]:
            is_right = all(entry in right for entry in value)
        if not is_right:
            yield part


def leaves(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number with the key that it stands under, if need be at some distance."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, key)
    elif data is not None:
        yield key, str(data)
