"""What programs read, held against ``facts.json``: JSON-LD within pages, feed, past editions."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from factsheet.audit.expected import Expected, plain, words
from factsheet.audit.html import NUMBER, covered_by
from factsheet.audit.known import SUMS, checksums
from factsheet.audit.outputs import REBUILD, HtmlFile, reading
from factsheet.errors import Fault

_Json = dict[str, Any]
_ADDRESSES = ("@id", "url", "contentUrl", "item")
_ISO = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
"""A date of EDTF that ISO 8601 has too."""
_ENDS = {
    "more than": "minValue", "at least": "minValue", "range": "minValue",
    "up to": "maxValue", "at most": "maxValue", "less than": "maxValue",
}  # fmt: skip
"""The end that the number of a figure is, where it is no value of its own."""


def linked_data(expected: Expected, folder: Path, page: HtmlFile) -> Iterator[Fault]:
    """The JSON-LD of the page of a figure, and of a page with all downloads.

    Raises:
        DamagedError: it has another shape.
    """
    own = expected.records.get(page.file, []) if page.path.is_file() else []
    needed = bool(own or page.tree.css_first('a[href="data/facts.json"][download]'))
    scripts = page.tree.css('script[type="application/ld+json"]')
    if len(scripts) != needed:
        yield Fault(page.file, 1, 0, f"there are {len(scripts)} JSON-LD in it", REBUILD)
        return
    for script in scripts:
        with reading(folder, page.path):
            faults = list(_says_otherwise(expected, folder, page, own, json.loads(script.text())))
        yield from (page.fault(script, what, REBUILD) for what in faults)


def beside_pages(expected: Expected, folder: Path) -> Iterator[Fault]:
    """The feed and the past editions.

    Raises:
        DamagedError: one of them cannot be read.
    """
    with reading(folder, folder / "feed.xml"):
        yield from _feed(expected, folder)
    for path in sorted(folder.glob("editions/*")):
        with reading(folder, path):
            yield from _edition(expected, path)


def _feed(expected: Expected, folder: Path) -> Iterator[Fault]:
    """The feed tells of each edition and of each change of a figure, and of nothing else."""
    file, data, days = HtmlFile(folder, folder / "feed.xml"), expected.data, expected.data["dates"]
    for node in file.tree.css("link"):
        address = (node.attributes["href"] or "").removeprefix(expected.site)
        if not (folder / address.partition("#")[0]).is_file():
            yield file.fault(node, f'"{address}" leads to no file', REBUILD)
    entries = file.tree.css("entry")
    told = [plain(" ".join(n.text() for n in one.css("title, content"))) for one in entries]
    updated = [plain(node.text())[:10] for node in file.tree.css("updated")]
    ids = {plain(node.text()) for node in file.tree.css("id")}
    if updated[:1] != [data["edition"]] or len(ids) != len(entries) + 1:
        yield Fault(file.file, 1, 0, "its day, or the id of an entry, is not its own", REBUILD)
    wanted = [[words(days[day])] for day in {data["edition"], data["predecessor"]} - {None}]
    for one in data["revisions"]:
        name = expected.title(expected.observations[one["observation"]])
        wanted.append(
            [name, words(one["reason"]), *(words(one[k]["text"]) for k in ("old", "new"))]
        )
    for texts in wanted:
        if not any(all(plain(text) in one for text in texts) for one in told):
            yield Fault(file.file, 1, 0, f"it does not tell of {' / '.join(texts)}", REBUILD)
    known = {plain(text) for texts in wanted for text in texts}
    for entry, says, day in zip(entries, told, updated[1:], strict=True):
        covered = covered_by(says, known | {plain(words(days.get(day)))})
        if not all(covered.issuperset(range(*found.span())) for found in NUMBER.finditer(says)):
            yield file.fault(entry, f'"{says}" is traced to nothing', REBUILD)


def _edition(expected: Expected, folder: Path) -> Iterator[Fault]:
    """The files of a past edition in ``folder`` are those of its checksums; a page says so."""
    held = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }
    name, page = folder.relative_to(folder.parent.parent).as_posix(), folder / "index.html"
    held.pop(page.name)
    if held[SUMS].decode(errors="replace") != checksums(held):
        yield Fault(f"{name}/{SUMS}", 1, 0, "does not fit the files beside it", REBUILD)
    day = json.loads(held["data/facts.json"])["edition"]
    tree = HtmlFile(folder, page).tree
    told = [node.attributes.get("datetime") for node in tree.css("main time")]
    if day != folder.name or told != [day, expected.data["edition"]]:
        yield Fault(f"{name}/index.html", 1, 0, "it does not tell its edition and ours", REBUILD)
    leads = tree.css_first('link[rel="latest-version"][href="../../index.html"]')
    if leads is None or tree.css_first('main a[href="../../index.html"]') is None:
        yield Fault(f"{name}/index.html", 1, 0, "it does not lead to the newest edition", REBUILD)


def _says_otherwise(
    expected: Expected, folder: Path, page: HtmlFile, own: list[_Json], data: _Json
) -> Iterator[str]:
    nodes = data["@graph"] if own else [data]
    dataset = next(node for node in nodes if node["@type"] == "Dataset")
    figures = {node["name"]: node for node in nodes if node["@type"] == "Observation"}
    right = {expected.title(o): _figure(expected, o) for o in own}
    if figures.keys() != right.keys():
        yield f"it has other figures: {figures.keys() ^ right.keys()}"
    pairs = [(figures.get(name, {}), wanted) for name, wanted in right.items()]
    pairs.append((dataset, _dataset(expected, page, own)))
    for node, wanted in pairs:
        for key, right in wanted.items():
            if node.get(key) != right:
                yield f'{key} of {node.get("name")} is "{node.get(key)}", not "{right}"'
    known = {str(value) for _, wanted in pairs for value in wanted.values()}
    known |= set() if own else expected.all_words | set(map(words, expected.data["names"].values()))
    for key, text in _leaves(data):
        if key in _ADDRESSES:
            is_own = expected.is_own(text)
            path = posixpath.join("" if is_own else posixpath.dirname(page.file), text)
            file = posixpath.normpath(path.removeprefix(expected.site)).partition("#")[0]
            if not (folder / file).is_file():
                yield f'"{text}" leads to no file'
        elif key == "temporalCoverage":
            covered = _years(o["period"] for o in own or expected.data["observations"])
            if not _years([text]) <= {min(covered), max(covered)}:
                yield f'"{text}" is not what the figures cover'
        elif (
            re.search(r"\d", text)
            and key not in {"unitText", "keywords"}
            and not any(text in one for one in known)
        ):
            yield f'"{text}" is not told by facts.json'


def _dataset(expected: Expected, page: HtmlFile, own: list[_Json]) -> _Json:
    """What the set of data says of itself: all of it, or the figures of one page."""
    edition = expected.data["edition"]
    wanted = {"version": edition, "dateModified": edition, "license": expected.licence or None}
    if not own:
        labels = {o["indicator"]: words(o["label"]) for o in expected.data["observations"]}
        wanted |= {"variableMeasured": list(labels.values())}
        return wanted | {"citation": words(expected.data["citation"])}
    label, definition = (words(own[0][key]) for key in ("label", "definition"))
    summary = page.tree.css_first("meta[name=description]")
    told = (summary.attributes["content"] or "") if summary else ""
    sources = {claim["source"] for o in own for claim in o["claims"]}
    return wanted | {
        "name": label,
        "description": f"{told}. {definition}",
        "isBasedOn": sorted(expected.sources[source]["url"] for source in sources),
    }


def _figure(expected: Expected, o: _Json) -> _Json:
    wanted = dict.fromkeys(("observationDate", "value", "minValue", "maxValue"))
    if o["period"] and _ISO.fullmatch(o["period"]):
        wanted["observationDate"] = o["period"]
    wanted[_ENDS.get(o["qualifier"], "value")] = o["value"]
    wanted["maxValue"] = o["high"] or wanted["maxValue"]
    return wanted | {"name": expected.title(o), "description": words(o["citation"])}


def _years(texts: Iterable[str | None]) -> set[str]:
    return {year for text in texts for year in re.findall(r"\b\d{4}\b", text or "")}


def _leaves(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the key that it stands under, if need be at some distance."""
    if isinstance(data, str):
        yield key, data
    for name, value in data.items() if isinstance(data, dict) else ():
        yield from _leaves(value, name)
    for value in data if isinstance(data, list) else ():
        yield from _leaves(value, key)
