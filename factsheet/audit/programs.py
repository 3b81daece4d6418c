"""JSON-LD, which search engines read within pages, held against ``facts.json``."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from factsheet.audit.downloads import leaves
from factsheet.audit.expected import Expected, words
from factsheet.audit.outputs import REBUILD, HtmlFile
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
    """The JSON-LD of the page of a figure, and of a page with all downloads."""
    own = expected.records.get(page.file, []) if page.path.is_file() else []
    needed = bool(own or page.tree.css_first('a[href="data/facts.json"][download]'))
    scripts = page.tree.css('script[type="application/ld+json"]')
    if len(scripts) != needed:
        yield Fault(page.file, 1, 0, f"there are {len(scripts)} JSON-LD in it", REBUILD)
        return
    for script in scripts:
        for what in _says_otherwise(expected, folder, page, own, json.loads(script.text())):
            yield page.fault(script, what, REBUILD)


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
    for key, text in leaves(data):
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
            and key not in {"unitText", "keywords", "position"}
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
