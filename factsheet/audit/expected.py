"""``facts.json``, arranged for looking up what an output may say of what.

Every word comes from the file itself: whoever holds outputs against it needs no formatter.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

_Json = dict[str, Any]
Said = tuple[str | None, str]
"""What an element says to machines (``None``: it has no attribute for that) and to readers."""
_Saying = tuple[str, str, str | None, str]
"""A class of elements, what they speak of, and what they say of it."""

_SIGNS = str.maketrans("*/-", "×÷\N{MINUS SIGN}")
"""The signs of a formula, as pages print them."""
_NAMES_IN = re.compile(r"\b([a-z_][a-z0-9_]*)\b")
_FACTOR_ONE = re.compile(r"\b1 \* | \* 1\b")
TAGS: dict[str, tuple[str, ...]] = {
    "fig": ("data-figure", "data-period"),
    "claim-value": ("data-figure", "data-period", "data-source"),
    "tally": ("data-figure", "data-of"),
    "late": ("data-figure", "data-period"),
    "date": (),
    "name": ("data-name",),
    "count": ("data-count",),
    "convention": (),
    "revision-value": (),
    "source-text": (),
    "source-no": (),
    "translation": (),
    "address": (),
    "formula": (),
    "formula-sign": (),
    "fingerprint": (),
}
"""The classes of elements that may hold numbers, and the attributes that say of what."""


def kind_of(node: LexborNode) -> str:
    """The class that says what a tagged element is; nothing for another one."""
    return next((n for n in (node.attributes.get("class") or "").split() if n in TAGS), "")


def name_of(node: LexborNode, kind: str) -> str:
    """What a tagged element speaks of: its attributes joined by spaces."""
    given = node.attributes
    return " ".join(given[name] or "" for name in TAGS[kind] if name in given)


class Expected:
    """The content of ``facts.json``."""

    @classmethod
    def read(
        cls, folder: Path, words: Mapping[str, Any] | None = None, linked: Collection[str] = ()
    ) -> "Expected":
        """That of the site in ``folder``, with the ``words`` for states and the like.

        ``linked``: addresses on other hosts that are no source's, but linked by an editor.

        Raises:
            ValueError: another claim is marked as the one shown.
        """
        data = json.loads((folder / "data/facts.json").read_text("utf-8"))
        for o in data["observations"]:
            shown = [claim for claim in o["claims"] if claim["is_shown"]]
            told = [(claim["value"], claim["text"]) for claim in shown]
            is_aside = any(map(_set_aside, shown)) and "withdrawn" not in o["status"]
            if o["claims"] and (is_aside or told != [(o["value"], o["text"])]):
                raise ValueError(f"{o['id']}: the claim marked as shown cannot be it")
        return cls(data, words or {}, linked)

    def __init__(self, data: _Json, words: Mapping[str, Any], linked: Collection[str]) -> None:
        """``data``: the file, parsed; for the rest, see ``read``."""
        self.data = data
        self.words = words
        self.linked = linked
        self.on_paper: Callable[[str], str] = str
        """How PDFs have a source's own words."""
        self.site: str = data["site"]
        self.observations: dict[str, _Json] = {o["id"]: o for o in data["observations"]}
        self.sources: dict[str, _Json] = {source["id"]: source for source in data["sources"]}

    def word(self, kind: str, key: str) -> str:
        """A word of pages and PDFs, as ``facts.json`` does not have it; nothing if not told."""
        return str(self.words.get(kind, {}).get(key, ""))

    def may_say(self, kind: str, what: str) -> set[Said]:
        """What elements of a class may say of ``what``, their attributes joined by spaces."""
        return self._said.get((kind, what), set())

    @cached_property
    def series(self) -> dict[str, list[_Json]]:
        """The observations of each indicator."""
        found: dict[str, list[_Json]] = {}
        for o in self.data["observations"]:
            found.setdefault(o["indicator"], []).append(o)
        return found

    @cached_property
    def records(self) -> dict[str, list[_Json]]:
        """The observations whose records stand on each page."""
        return self._by_page(self.data["observations"])

    @cached_property
    def cases(self) -> dict[str, list[_Json]]:
        """The disputes and notes that each page explains."""
        return self._by_page(self.data["disputes"])

    def _by_page(self, entries: list[_Json]) -> dict[str, list[_Json]]:
        """Entries by the page that their address names."""
        found: dict[str, list[_Json]] = {}
        for entry in entries:
            file = str(entry["url"]).removeprefix(self.site).partition("#")[0]
            found.setdefault(file, []).append(entry)
        return found

    @cached_property
    def uses(self) -> dict[str, list[_Json]]:
        """The observations that each page cites."""
        found: dict[str, list[_Json]] = {}
        for o in self.data["observations"]:
            for file in o["used_on"]:
                found.setdefault(file, []).append(o)
        return found

    @property
    def edition(self) -> str:
        """The day of the edition in words."""
        return words(self.data["dates"][self.data["edition"]])

    @property
    def language(self) -> str:
        """That of the texts."""
        return next(iter(self.data["dates"][self.data["edition"]]), "")

    @property
    def disputes(self) -> str:
        """How many there are."""
        return words(self.data["counts"]["disputes"]["text"])

    def is_own(self, address: str) -> bool:
        """Whether an address is one of this site."""
        return bool(self.site) and address.startswith(self.site)

    def is_source(self, address: str) -> bool:
        """Whether an address is that of a source, of its archived copy, or of a place in one.

        Or of the licence, or linked by an editor.
        """
        return (
            address in self.linked or unquote(re.split("#?:~:text=", address)[0]) in self._addresses
        )

    def values_of(self, name: str) -> set[tuple[str | None, str | None]]:
        """Each value of a figure and of the claims for it, with the upper end of a range."""
        o = self.by_name.get(name)
        return {(given["value"], given["high"]) for given in [o, *o["claims"]]} if o else set()

    def title(self, o: _Json) -> str:
        """Label and period of an observation, as headings and references have it."""
        period = f", {words(self.data['dates'][o['period']])}" if o["period"] else ""
        return words(o["label"]) + period

    def words_of(self, name: str) -> set[str]:
        """All the words for a figure: its values, label and period, and who claims it."""
        o = self.by_name.get(name)
        if o is None:
            return set()
        texts = [o["label"]]
        texts += [self.data["dates"][o["period"]]] if o["period"] else []
        texts += [
            text
            for given in (o, *o["claims"])
            for text in (given["text"], *given["forms"].values())
        ]
        publishers = {self.sources[claim["source"]]["publisher"] for claim in o["claims"]}
        said = {plain(words(text)) for text in texts}
        # A picture may give several claims one label, from the lowest end to the highest.
        ends = {end for text in said if text[:1].isdigit() for end in text.split("\N{EN DASH}")}
        return said | ends | publishers

    @cached_property
    def all_words(self) -> set[str]:
        """The words for every figure."""
        return {text for name in self.by_name for text in self.words_of(name)}

    @cached_property
    def by_name(self) -> dict[str, _Json]:
        """The observations as tags name them."""
        return {reference(o): o for o in self.data["observations"]}

    @property
    def licence(self) -> str:
        """The address of its terms; nothing without one."""
        licence = self.data["licence"]
        return str(licence["url"]) if licence else ""

    @cached_property
    def _addresses(self) -> set[str]:
        sources = self.sources.values()
        addresses = [address for s in sources for address in (s["url"], s["archived"])]
        return {unquote(address) for address in (*addresses, self.licence) if address}

    @cached_property
    def _said(self) -> dict[tuple[str, str], set[Said]]:
        said: dict[tuple[str, str], set[Said]] = {}
        for o in self.data["observations"]:
            for kind, what, machine, text in self._of_observation(o):
                said.setdefault((kind, what), set()).add((machine and plain(machine), plain(text)))
        for kind, what, machine, text in (
            *self._of_sources(), *self._of_the_rest(), *self._tallies(),
        ):  # fmt: skip
            said.setdefault((kind, what), set()).add((machine, plain(text)))
        return said

    def _of_observation(self, o: _Json) -> Iterator[_Saying]:
        name = reference(o)
        for form in (o["text"], *o["forms"].values()):
            yield "fig", name, o["value"], words(form)
        for claim in o["claims"]:
            yield "claim-value", f"{name} {claim['source']}", claim["value"], words(claim["text"])
            yield "source-text", "", None, claim["printed"]
            yield "source-text", "", None, claim["said_by"] or ""
            yield "translation", "", None, words(claim["translation"])
        for formula in (o["formula"] or "", *o["inputs"]):
            yield "formula", "", None, formula
        for piece in _pieces(o["formula"])[::2]:
            yield "formula-sign", "", None, piece.translate(_SIGNS)
        yield "address", "", None, o["url"]

    def _tallies(self) -> Iterator[_Saying]:
        """How many periods and sources a figure has, and how many sources print each value."""
        for o in self.data["observations"]:
            standing = [c for c in o["claims"] if not _set_aside(c)]
            groups: dict[tuple[str, str], set[str]] = {}
            for claim in o["claims"]:
                key = words(claim["text"]), _set_aside(claim)
                groups.setdefault(key, set()).add(claim["source"])
            for sources in groups.values():
                yield "tally", f"{reference(o)} group", str(len(sources)), str(len(sources))
            shown = ("value", "high", "qualifier")
            rounded = {claim["rounded"] for claim in o["claims"] if claim["is_shown"]}
            same = [c for c in standing if c["rounded"] in rounded]
            alike = {c["source"] for c in same if all(c[key] == o[key] for key in shown)}
            others = {claim["source"] for claim in standing} - alike
            for of, sources in (("alike", alike), ("otherwise", others)):
                yield "tally", f"{reference(o)} {of}", str(len(sources)), str(len(sources))
        topics = Counter(found[0]["topic"] for found in self.series.values())
        for topic, count in topics.items():
            yield "tally", f"{topic} figures", str(count), str(count)
        for name, found in self.series.items():
            sources = {claim["source"] for o in found for claim in o["claims"]}
            yield "tally", f"{name} periods", str(len(found)), str(len(found))
            yield "tally", f"{name} sources", str(len(sources)), str(len(sources))

    def _of_sources(self) -> Iterator[_Saying]:
        for source in self.sources.values():
            author = f", {source['author']}" if source["author"] else ""
            title = f": {source['title']}" if source["title"] else ""
            yield "source-text", "", None, f"{source['publisher']}{author}{title}"
            yield "source-text", "", None, source["publisher"]
            yield "source-text", "", None, source["published_basis"]
            yield "source-no", "", None, f"[{source['no']}]"
            yield "address", "", None, source["url"]

    def _of_the_rest(self) -> Iterator[_Saying]:
        data = self.data
        for date, texts in data["dates"].items():
            yield "date", "", date, words(texts)
        for name, texts in data["names"].items():
            yield "name", name, None, words(texts)
        for what, count in data["counts"].items():
            yield "count", what, count["value"], words(count["text"])
        for verdict in data["verdicts"]:
            late = verdict["days_late"]
            if late:
                name = reference(self.observations[verdict["observation"]])
                yield "late", name, late["least"], words(late["text"])
        for convention in data["conventions"]:
            yield "convention", "", convention["value"], words(convention["text"])
            yield "convention", "", convention["value"], words(convention["stands_for"])
        for revision in data["revisions"]:
            for said in (revision["old"], revision["new"]):
                yield "revision-value", "", said["value"], words(said["text"])
        yield "fingerprint", "", None, data["fingerprint"]

    def lines(self) -> Iterator[tuple[str, str]]:
        """Figures, claims and sources as a short sheet lists them, a line each with its name."""
        for o in self.data["observations"]:
            giving = (claim["source"] for claim in o["claims"] if claim["text"] == o["text"])
            numbers = " ".join(f"[{self.sources[id_]['no']}]" for id_ in dict.fromkeys(giving))
            yield reference(o), f"{words(o['text'])} {self.title(o)} {numbers}"
            for claim in o["claims"]:
                source = self.sources[claim["source"]]
                said = self.on_paper(claim["said_by"] or source["publisher"])
                yield reference(o), f"{words(claim['text'])} {said} [{source['no']}]"
        for source in self.sources.values():
            no_date = self.word("ui", "published_unknown")
            day = self._day(source["published"]) or no_date
            publisher = self.on_paper(source["publisher"])
            yield (
                source["id"],
                f"[{source['no']}] {publisher} {day} {source['url']}",
            )

    def entries(self) -> Iterator[tuple[str, list[str]]]:
        """What the records say of every figure, with its name.

        It is told in parts between which other words may stand.
        """
        told = set()
        for o in self.data["observations"]:
            if o["indicator"] not in told:
                told.add(o["indicator"])
                yield o["indicator"], [words(o["label"])]
                yield o["indicator"], [words(o["definition"])]
            name, period = reference(o), self._day(o["period"])
            for claim in o["claims"]:
                source = self.sources[claim["source"]]
                yield (
                    name,
                    [
                        f"{period} {words(claim['text'])}",
                        " ".join(
                            (
                                self.on_paper(claim["said_by"] or ""),
                                f"{source['no']} {self.on_paper(source['publisher'])}",
                                self._day(source["published"]),
                            )
                        ),
                        self._day(claim["due"]),
                        f"{self.on_paper(claim['printed'])} {words(claim['translation'])}",
                    ],
                )
                period = ""
            if not o["claims"]:
                named = {name: given.rpartition(" ")[2] for name, given in o["inputs"].items()}
                given = {name: self.observations[id_] for name, id_ in named.items()}
                put_in = (
                    words(given[p]["forms"]["value"]) if p in given else p
                    for p in _pieces(o["formula"])
                )
                inputs = (
                    f"{words(one['text'])} {words(one['label'])} {self._day(one['period'])}"
                    for one in given.values()
                )
                yield name, [f"{period} {words(o['text'])}", " ".join(put_in), *inputs]

    def _day(self, date: str | None) -> str:
        """A date or period in words."""
        return words(self.data["dates"].get(date or ""))

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows of ``facts.csv``: one a claim, or one for a calculated figure."""
        for o in self.data["observations"]:
            row = _cells(o, "id indicator period topic measure stance unit")
            row["label"] = words(o["label"])
            row["status"] = "; ".join(o["status"])
            row |= _cells(self.data, "edition fingerprint")
            row |= {"record": o["url"], "licence": self.licence}
            if not o["claims"]:
                told = {"kind": "calculation", "claim": "0", "is_shown": "true"}
                yield row | told | _cells(o, "value high qualifier") | {"shown": words(o["text"])}
            for number, claim in enumerate(o["claims"]):
                row |= {"kind": "statement", "claim": str(number + 1)}
                row["shown"] = words(claim["text"])
                source = self.sources[claim["source"]]
                row |= _cells(claim, "value high qualifier rank due said_by printed source")
                row |= _cells(source, "publisher published url")
                row |= {
                    key: str(claim[key]).lower() for key in ("rounded", "withdrawn", "is_shown")
                }
                row["reason"] = words(claim["reason"])
                row["source_no"] = str(source["no"])
                yield row.copy()

    def source_rows(self) -> Iterator[dict[str, str]]:
        """The rows of ``sources.csv``."""
        names = "id publisher title author url published published_basis language seen archived"
        for source in self.data["sources"]:
            retracted = (source["retracted"] or {"date": ""})["date"]
            yield _cells(source, names) | {"no": str(source["no"]), "retracted": retracted}


def _set_aside(claim: _Json) -> str:
    """Why a claim does not count; nothing if it does."""
    if claim["withdrawn"]:
        return "withdrawn"
    return "deprecated" if claim["rank"] == "deprecated" else ""


def _pieces(formula: str | None) -> list[str]:
    """A formula as pages show it: signs and names in turn, a factor of one left out."""
    return _NAMES_IN.split(_FACTOR_ONE.sub("", formula or ""))


def reference(o: _Json) -> str:
    """An observation as tags name it: ``country_output 2018``."""
    return f"{o['indicator']} {o['period']}" if o["period"] else str(o["indicator"])


def words(texts: dict[str, str] | None) -> str:
    """A text of ``facts.json``; one build is in one language."""
    return next(iter(texts.values())) if texts else ""


def plain(text: str) -> str:
    """A text with every white space as one blank."""
    return " ".join(text.split())


def cell(text: str) -> str:
    """A text as a cell: where a spreadsheet would run it, an apostrophe stands before it."""
    is_run = text[:1] in {*"=+-@\t\r"} and not re.fullmatch(r"-?\d+(\.\d+)?", text)
    return "'" + text if is_run else text


def _cells(entry: _Json, names: str) -> dict[str, str]:
    return {name: entry[name] or "" for name in names.split()}
