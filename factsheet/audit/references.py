"""The files of single figures and the references, held against ``facts.json``."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from factsheet.audit.expected import Expected, plain, words
from factsheet.audit.outputs import REBUILD, HtmlFile, reading, text_of
from factsheet.audit.seen import APART
from factsheet.errors import Fault

_Entries = dict[str, dict[str, str]]
"""References by id: title, publisher, address, year, day and note, as far as they are told."""
_LATEX = re.compile(r"\\text(backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|\\(.)")
_SIGNS = {"backslash": "\\", "braceleft": "{", "braceright": "}", "asciitilde": "~"}
_TAGS = {"TI": "title", "PB": "publisher", "UR": "url", "PY": "year", "N1": "note", "ID": "id"}
_OWN = ("edition", "fingerprint", "licence", "citation", "site")


class References:
    """References of all figures and sources, each file read once."""

    def __init__(self, expected: Expected, folder: Path) -> None:
        """Nothing is read yet."""
        self.expected = expected
        self.folder = folder

    def page(self, page: HtmlFile) -> Iterator[Fault]:
        """What the page of a figure has to be copied is what its files and the data say."""
        if page.file.startswith("embed/"):
            named = f'[data-figure="{page.path.stem}"]'
            if not page.tree.css_first(f".answer .fig{named}, .answer .calculation"):
                yield Fault(page.file, 1, 0, "it does not show its figure", REBUILD)
            day = self.expected.data["edition"]
            if not page.tree.css_first(f'footer time.date[datetime="{day}"]'):
                yield Fault(page.file, 1, 0, "it does not say its edition", REBUILD)
        elif page.path.name != "404.html" and not page.file.startswith(APART):
            yield from self._head(page)
        if page.file not in self.expected.records or not page.tree.css_first("#citation"):
            return
        known = {_words(o["citation"]) for o in self.expected.records[page.file]}
        for shown in page.tree.css("p.cite"):
            if plain(shown.text()) not in known:
                yield page.fault(shown, f'"{plain(shown.text())}" is not to be cited so', REBUILD)
        for id_, ending in (("bibtex", "bib"), ("ris", "ris")):
            node = page.tree.css_first(f"pre#{id_}")
            path = page.path.with_suffix(f".{ending}")
            text = text_of(path) if path.is_file() else ""
            if node is None or plain(node.text()) not in plain(text):
                yield Fault(page.file, 1, 0, f"its {id_} is not that of its file", REBUILD)

    def _head(self, page: HtmlFile) -> Iterator[Fault]:
        """What the head tells reference managers is the page's title, publisher, day, address."""
        site, day = self.expected.site, self.expected.data["edition"]
        wanted = {"citation_publication_date": day.replace("-", "/")}
        if site:
            wanted |= dict.fromkeys(("citation_public_url", "cite-as"), site + page.file)
        told = {
            node.attributes.get("name") or node.attributes.get("rel") or "": node.attributes.get(
                "content", node.attributes.get("href")
            )
            or ""
            for node in page.tree.css('meta[name^="citation_"], link[rel="cite-as"]')
        }
        title = page.tree.css_first("title")
        for name, whole in (
            ("citation_title", title.text() if title else ""),
            ("citation_author", _words(self.expected.data["citation"])),
        ):
            wanted[name] = plain(whole)
            if told.get(name) and plain(whole).startswith(plain(told[name])):
                wanted[name] = told[name]
        for name in sorted(wanted.keys() | told.keys()):
            if told.get(name) != wanted.get(name):
                what = f'{name} is "{told.get(name)}"'
                yield Fault(page.file, 1, 0, what, f'it is "{wanted.get(name)}"')

    def files(self) -> Iterator[Fault]:
        """Every reference and every part of a figure's file says what ``facts.json`` has."""
        site = self.expected.site
        wanted_line = f"Sitemap: {site}sitemap.xml" if site else "Allow: /"
        with reading(self.folder, path := self.folder / "robots.txt"):
            last = text_of(path).strip().split("\n")[-1]
        if last != wanted_line:
            yield Fault("robots.txt", 1, 0, f'does not end with "{wanted_line}"', REBUILD)
        of_sources = {id_: self._source(id_) for id_ in self.expected.sources}
        for ending in ("bib", "ris", "csl.json"):
            yield from self._compare(f"data/sources.{ending}", of_sources)
        series: dict[str, list[dict[str, Any]]] = {}
        for o in self.expected.data["observations"]:
            series.setdefault(o["indicator"], []).append(o)
        for name, observations in series.items():
            wanted = {o["id"]: self._figure(o) for o in observations}
            for ending in ("bib", "ris"):
                yield from self._compare(f"figures/{name}.{ending}", wanted)
            yield from self._json(f"figures/{name}.json", observations)
            if not (self.folder / f"embed/{name}.html").is_file():
                yield Fault(f"embed/{name}.html", 1, 0, "the file is missing", REBUILD)

    def _source(self, id_: str) -> dict[str, str]:
        source = self.expected.sources[id_]
        told = {"publisher": source["publisher"], "url": source["url"], "title": source["title"]}
        told["year"] = (re.findall(r"\d{4}", source["published"] or "") or [""])[0]
        return {name: plain(text) for name, text in told.items() if text}

    def _figure(self, o: dict[str, Any]) -> dict[str, str]:
        return {"title": plain(self.expected.title(o)), "note": _words(o["citation"])}

    def _compare(self, file: str, wanted: dict[str, dict[str, str]]) -> Iterator[Fault]:
        path = self.folder / file
        with reading(self.folder, path):
            found = _read(path)
        for id_ in sorted(found.keys() ^ {_key(id_, file) for id_ in wanted}):
            yield Fault(file, 1, 0, f"{id_} is missing, or is no reference of it", REBUILD)
        for id_, right in wanted.items():
            for name, text in right.items():
                shown = found.get(_key(id_, file), right).get(name, "")
                if unquote(shown) != unquote(text):
                    yield Fault(file, 1, 0, f'{name} of {id_} is "{shown}"', f'it is "{text}"')

    def _json(self, file: str, observations: list[dict[str, Any]]) -> Iterator[Fault]:
        path, whole = self.folder / file, self.expected.data
        with reading(self.folder, path):
            own = json.loads(text_of(path))
            cited = {claim["source"] for o in observations for claim in o["claims"]}
            sources = [source for source in whole["sources"] if source["id"] in cited]
            wanted = whole | {"observations": observations, "sources": sources}
            if list(own) != list(whole):
                yield Fault(file, 1, 0, "has other keys than data/facts.json", REBUILD)
            for part in (*_OWN, "observations", "sources"):
                if own[part] != wanted[part]:
                    yield Fault(file, 1, 0, f"{part}: data/facts.json has others", REBUILD)
            for part in ("dates", "units"):
                if not own[part].items() <= whole[part].items():
                    yield Fault(file, 1, 0, f"{part}: data/facts.json has others", REBUILD)
            for part in ("checks", "disputes", "verdicts", "revisions"):
                if any(entry not in whole[part] for entry in own[part]):
                    yield Fault(file, 1, 0, f"{part}: data/facts.json has others", REBUILD)


def _words(texts: dict[str, str]) -> str:
    return plain(words(texts))


def _key(id_: str, file: str) -> str:
    """An id as the file can hold it: a key of BibTeX has no tilde."""
    return id_.replace("~", "-about") if file.endswith(".bib") else id_


def _read(path: Path) -> _Entries:
    text = text_of(path)
    if path.suffix == ".json":
        items = json.loads(text)
        return {item["id"]: _of_item(item) for item in items}
    if path.suffix == ".bib":
        entries = re.findall(r"^@misc\{(.+),\n((?:  .+\n)+)\}$", text, re.MULTILINE)
        return {key: _of_bibtex(body) for key, body in entries}
    found = {}
    for record in text.split("ER  - ")[:-1]:
        lines = [line.partition("  - ") for line in record.splitlines()]
        fields = {_TAGS[tag]: value for tag, _, value in lines if tag in _TAGS}
        found[fields.pop("id")] = fields
    return found


def _of_item(item: dict[str, Any]) -> dict[str, str]:
    year = str(item["issued"]["date-parts"][0][0]) if "issued" in item else ""
    return {name: plain(str(item[name])) for name in ("title", "publisher")} | {
        "url": item["URL"], "year": year,
    }  # fmt: skip


def _of_bibtex(body: str) -> dict[str, str]:
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", body, re.MULTILINE))
    fields = {n: text if n == "url" else _LATEX.sub(_sign, text) for n, text in fields.items()}
    fields["publisher"] = fields.pop("howpublished")
    fields["title"] = fields["title"].removeprefix("{").removesuffix("}")
    return fields


def _sign(match: re.Match[str]) -> str:
    return match[2] or _SIGNS.get(match[1], "^")
