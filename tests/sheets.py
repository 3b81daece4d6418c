"""Tiny whole fact sheets for tests of rules: from a table's row to the finished outputs.

A rule is tested from what an editor writes to what a reader gets. This module alone knows
how the engine is called for that; the tests see ``facts.json``, records and previews.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from factsheet.build.project import Project
from factsheet.export.write import facts_of
from factsheet.site.calls import Call
from factsheet.site.figures import popovers
from factsheet.site.site import Site
from factsheet.text.serialize import as_json
from tests.recompute import differences

Json = dict[str, Any]
QUALIFIERS = ("about", "more than", "at least", "nearly", "up to", "at most", "less than")
UNEXPLAINED = "nothing says why"
"""Of the fault of a settled dispute without a text, which the sheets of tests leave out."""
NOT_SO = {"en": "The paper says that it is not so."}
PAGE = """# Everything

{{ figure_index() }}

{{ disputes() }}

{{ notes() }}

{{ targets() }}

{{ sources() }}
"""


@dataclass(frozen=True)
class Sheet:
    """What the engine makes of one fact sheet."""

    facts: Json
    """``facts.json``."""
    json_text: str
    """The same, letter for letter as it is written."""
    faults: list[str]
    """What ``check`` says, a line each."""
    site: Site | None

    def observation(self, key: str) -> Json:
        """The observation with this id."""
        found = [one for one in self.facts["observations"] if one["id"] == key]
        assert len(found) == 1, f"{key} is there {len(found)} times"
        one: Json = found[0]
        return one

    def figure(self, key: str) -> str:
        """The value shown, as ``said`` writes it."""
        return said(self.observation(key))

    def cited(self, key: str) -> int:
        """The number of the source that the preview of a figure cites."""
        assert self.site
        found = [handed_over(script) for script in popovers(self.site).values()]
        html = {key: html for scripts in found for key, html in scripts.items()}[key]
        links = LexborHTMLParser(html).css('a[href*="#source-"]')
        assert len(links) == 1, html
        return int(links[0].text().partition("[")[2].partition("]")[0])

    def page_text(self, indicator_id: str) -> str:
        """The words of an indicator's page."""
        assert self.site
        return LexborHTMLParser(str(self.site.call(Call("figure_page", (indicator_id,))))).text()

    def record(self, key: str) -> LexborNode:
        """The record of an observation, as its page shows it."""
        assert self.site
        html = str(self.site.call(Call("figure_page", (self.observation(key)["indicator"],))))
        found = LexborHTMLParser(html).css(f'[data-record="{key}"]')
        assert len(found) == 1, f"{key} has {len(found)} records"
        return found[0]


def handed_over(script: str) -> dict[str, str]:
    """The popovers that a script of ``figures/`` hands to the page, by observation."""
    match = re.fullmatch(r"factsheet\.popovers\((.*)\);\n", script, re.DOTALL)
    assert match
    indicator_id, by_period = json.loads(f"[{match[1]}]")
    return {
        "-".join(filter(None, (indicator_id, period.replace("/", "--")))): html
        for period, html in by_period.items()
    }


def popovers_in(folder: Path) -> dict[str, str]:
    """The popovers of a finished site, by observation."""
    scripts = [path.read_text("utf-8") for path in sorted(folder.glob("figures/*.js"))]
    return {key: html for script in scripts for key, html in handed_over(script).items()}


def said(claim: Json) -> str:
    """A value of ``facts.json`` with its qualifier: ``about 100``, ``10 to 20``, ``100``."""
    if claim["qualifier"] == "range":
        return f"{claim['value']} to {claim['high']}"
    assert claim["high"] is None
    return " ".join(part for part in (claim["qualifier"], claim["value"]) if part != "exactly")


def claim(text: str, source: int = 1, **fields: Any) -> Json:
    """A claim for the data file: ``about 100``, ``10 to 20``, ``rounded 0.5 million``."""
    found: Json = {"value": text}
    for qualifier in QUALIFIERS:
        if text.startswith(f"{qualifier} "):
            found = {"qualifier": qualifier, "value": text.removeprefix(f"{qualifier} ")}
    if text.startswith("rounded "):
        found = {"rounded": "true", "value": text.removeprefix("rounded ")}
    if " to " in text and "qualifier" not in found:
        low, _, high = text.partition(" to ")
        found = {"qualifier": "range", "value": low, "high": high}
    reason = {"reason": {"en": "For a reason."}} if fields.get("rank", "normal") != "normal" else {}
    printed = f"it says {text} from {source}"
    return found | {"source": f"s-{source}", "printed": printed} | reason | fields


def indicator(
    measure: str = "stock", claims: Any = None, *, stance: str = "outcome", **fields: Any
) -> Json:
    """An indicator: ``claims`` by period, or a list for one without periods."""
    units = {"count": "visitor", "stock": "m"}
    found: Json = {"topic": "things", "label": {"en": "A thing"}, "definition": {"en": "A thing."}}
    found |= {"measure": measure, "stance": stance}
    if measure in units:
        found["unit"] = units[measure]
    if claims is not None:
        found["claims" if isinstance(claims, list) else "observations"] = claims
    found |= fields
    return found


def read_sheet(
    root: Path,
    indicators: dict[str, Json],
    *,
    edition: str = "2021-05-01",
    published: dict[int, str] | None = None,
    retracted: dict[int, str] | None = None,
    allow_faults: bool = False,
    **more: Any,
) -> Sheet:
    """Write a fact sheet of these indicators below ``root``, and read it.

    Args:
        root: An empty folder.
        indicators: The indicators by id.
        edition: The day as of which the sheet speaks.
        published: When each source came out, by its number; the others bear no date.
        retracted: When a source was taken back, by its number.
        allow_faults: Whether ``check`` may complain.
        more: Further parts of the data file, such as ``checks``.
    """
    days, gone = published or {}, retracted or {}
    numbers = {
        int(one["source"].removeprefix("s-"))
        for each in indicators.values()
        for group in (each.get("claims", []), *each.get("observations", {}).values())
        for one in group
    }
    sources = {
        f"s-{no}": {
            "no": no,
            "publisher": "A paper",
            "url": f"https://example.org/{no}",
            "language": "en",
            "seen": "whole",
            **({"published": days[no]} if no in days else {}),
            **({"retracted": {"date": gone[no], "reason": NOT_SO}} if no in gone else {}),
        }
        for no in sorted(numbers, reverse=True)
    }
    units = more.pop("units", None) or {
        "visitor": {"whole": "true", "label": {"en": {"one": "visitor", "other": "visitors"}}},
        "m": {"label": {"en": {"one": "metre", "other": "metres"}}},
    }
    used = {one.get("unit") for one in indicators.values()}
    used |= {unit.get("rate_of") for key, unit in units.items() if key in used}
    sheet = {
        "edition": edition,
        "title": {"en": "Things"},
        "publisher": {"en": "A club"},
        "units": {key: unit for key, unit in units.items() if key in used},
        "topics": {"things": {"label": {"en": "Things"}}},
        "sources": sources,
        "indicators": _labelled(indicators),
        **more,
    }
    (root / "data").mkdir(parents=True)
    (root / "docs").mkdir()
    text = yaml.dump(sheet, Dumper=_NoAliases, sort_keys=False, allow_unicode=True)
    (root / "data/facts.yaml").write_text(text, "utf-8")
    (root / "docs/index.md").write_text(
        PAGE + "".join(f'\n{{{{ chart("{key}") }}}}\n' for key in more.get("charts", ())), "utf-8"
    )
    return read_folder(root, allow_faults=allow_faults)


def read_folder(root: Path, *, allow_faults: bool = False) -> Sheet:
    """Read the fact sheet in a folder.

    Args:
        root: A folder with ``data/facts.yaml`` and ``docs/``.
        allow_faults: Whether ``check`` may complain.
    """
    site, faults = Project(root).read()
    lines = [str(fault) for fault in faults if UNEXPLAINED not in fault.what]
    assert allow_faults or not lines, "\n".join(lines)
    if site is None:
        return Sheet({}, "", lines, None)
    text = as_json(facts_of(site).model_dump(mode="json"))
    if not lines:  # what the rules give is calculated a second time, sheet by sheet
        assert not differences(json.loads(text))
    return Sheet(json.loads(text), text, lines, site)


def told(root: Path, indicators: dict[str, Json], **more: Any) -> list[tuple[str, str]]:
    """What ``check`` says of a fact sheet, each with the line of the data file that it names."""
    sheet = read_sheet(root, indicators, allow_faults=True, **more)
    lines = (root / "data/facts.yaml").read_text("utf-8").splitlines()
    parts = [fault.split(": ", 1) for fault in sheet.faults]
    return [(what, lines[int(place.split(":")[1]) - 1].strip()) for place, what in parts]


class _NoAliases(yaml.CSafeDumper):
    """Writes every part in full, as the data file wants it."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 -- the name is PyYAML's
        return True


def _labelled(indicators: dict[str, Json]) -> dict[str, Json]:
    """The indicators, each with a label of its own."""
    return {
        name: one | {"label": {"en": f"The {name.replace('_', ' ')}"}}
        for name, one in indicators.items()
    }
