"""The data file: YAML nodes to a ``FactSheet``, every fault with its line.

All scalars are read as text; the model decides what each means.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from factsheet.data.model import (
    PATTERNS,
    URL,
    Claim,
    FactSheet,
    Indicator,
    Measure,
    Rank,
    Stance,
)
from factsheet.data.yaml_nodes import Path_, as_fields, read_nodes, scalars, tree_faults, words
from factsheet.errors import MANY, Fault, FaultsError, many, nearest
from factsheet.values.dates import date_hint, parse_period

Found = Iterator[tuple[Path_, str, str]]
"""Where something is wrong in the data file, what it is, and the hint."""
_Tree = tuple[str, str, yaml.MappingNode, dict[Path_, int], str]
FLOOD = 10
FIRST_EDITION, LAST_EDITION = "1980-01-01", "2105-12-31"
"""From the first day of a zip (DOS time) to the last whole year of gzip (RFC 1952)."""


@dataclass(frozen=True)
class Prose:
    """A prose field of the data file: its text, and how that is written there."""

    path: Path_
    line: int
    column: int
    raw: str
    text: str


class DataFile:
    """A loaded data file: the sheet, its fingerprint, and where each entry stands."""

    def __init__(
        self, name: str, text: str, root: yaml.Node, lines: dict[Path_, int], digest: str
    ) -> None:
        """Validate the tree under ``root``; ``digest``: the file's SHA-256, byte by byte.

        Raises:
            FaultsError: every field at fault.
        """
        self.name = name
        self.fingerprint = digest[:12]
        self._lines = lines
        self._text = text
        self.text_lines = text.split("\n")
        self.root = root
        self.sheet = self._validated(self.fields)

    def line(self, *path: str | int) -> int:
        """The line of the entry at ``path``, or of the nearest entry around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @cached_property
    def fields(self) -> Any:
        """The whole file as plain fields."""
        return as_fields(self.root)

    def value(self, path: Path_) -> Any:
        """What stands at ``path``, as plain fields."""
        value = self.fields
        for part in path:
            value = value[part]
        return value

    def fault(self, path: Path_, what: str, hint: str) -> Fault:
        """A fault at the entry ``path``."""
        return Fault(self.name, self.line(*path), 0, what, hint)

    @cached_property
    def scalars(self) -> list[tuple[Path_, yaml.ScalarNode]]:
        """Every single value with its path, in the order of the file."""
        return list(scalars(self.root))

    @cached_property
    def prose(self) -> list[Prose]:
        """Every text keyed by language: labels, definitions, reasons, explanations."""
        found = []
        for path, node in self.scalars:
            if _is_prose(path):
                start = node.start_mark
                raw = self._text[start.index : node.end_mark.index]
                if node.style == '"' and "\\" in raw:  # its escapes are no part of the text
                    raw = node.value
                found.append(Prose(path, start.line + 1, start.column + 1, raw, node.value))
        return found

    def _validated(self, data: Any) -> FactSheet:
        try:
            return FactSheet.model_validate(data)
        except ValidationError as error:
            faults: dict[Path_, Fault] = {}
            for detail in error.errors(include_url=False)[: 2 * MANY]:
                # A field that takes text or a list fails as both; one fault is enough.
                faults.setdefault(self._place(detail), self.translated(detail))
            raise FaultsError(self._without_flood(faults)) from None

    def _without_flood(self, faults: dict[Path_, Fault]) -> list[Fault]:
        """One fault where a section's own line is lost and all its entries fall to another."""
        lost = [fault for fault in faults.values() if fault.what.endswith("is missing")]
        lost = [fault for fault in lost if fault.line == self.line()]
        strays = [f for f in faults.values() if f.what.startswith("unknown field")]
        if not lost or len(strays) < FLOOD:
            return list(faults.values())
        first = min(strays)
        what = f"entries that belong elsewhere begin here: {first.what}"
        return [*lost, Fault(first.file, first.line, 0, what, "put back the missing line above it")]

    def _place(self, detail: Any) -> Path_:
        """The path of an error in the file; the validator adds names of its own to it."""
        place: Path_ = ()
        for part in detail["loc"]:
            if (*place, part) in self._lines:
                place = (*place, part)
        return (*place, detail["loc"][-1]) if detail["type"] == "missing" else place

    def translated(self, detail: Any, path: Path_ = ()) -> Fault:
        """A pydantic error in an editor's words; ``path``: of an entry not in the file yet."""
        path = path or self._place(detail)
        kind, given, context = detail["type"], str(detail["input"]), detail.get("ctx", {})
        field = str(path[-1]) if path else "the file"
        if path and isinstance(path[-1], int):
            field = f"entry {path[-1] + 1} of {path[-2]}"
        if kind == "extra_forbidden":
            return self._unknown_field(path)
        if kind == "missing":
            return self.fault(path[:-1], f'field "{field}" is missing', f'add "{field}:"')
        if kind == "value_error":
            what = str(context["error"])
            hints = words()["values"].items()
            hint = next((hint for said, hint in hints if said in what), date_hint(given))
            if path == ("edition",) and not re.search(r'"\d{4}-\d\d-\d\d"\??$', hint):
                hint = _DAY_HINT
            what = what if f'"{field}"' in what else f'"{field}": {what}'
        elif kind in {"enum", "literal_error"}:
            what = f'unknown {field} "{given}"'
            known = re.findall(r"'([^']+)'", context["expected"])
            hint = nearest(given, known, f"write {', '.join(known[:-1])} or {known[-1]}")
            for meant, worded in words()["qualifiers"].items() if field == "qualifier" else ():
                if given.casefold().rstrip(".") in worded:
                    upper = ', or "range" where an upper end is printed' if given == "from" else ""
                    hint = f'write "{meant}"{upper}'
        elif kind == "string_pattern_mismatch":
            what, hint = _misshapen(field, given, context["pattern"])
            hint = self._source_meant(given) or hint if field == "source" else hint
        elif kind in {"string_too_short", "too_short"}:
            what, hint = f'"{field}" is empty', "write a value or delete the line"
        else:
            wanted, hint = words()["shapes"].get(kind, ("a value of its kind", "see the schema"))
            if kind == "dict_type" and field in PROSE:
                hint = 'write "{field}:" and below it, indented, "en: …"'
            what, hint = f'"{field}" is empty', hint.format(field=field)
            if detail["input"] is not None:
                what = f'"{field}" should hold {wanted.format_map(context)}'
        return self.fault(path, what, hint)

    def _source_meant(self, given: str) -> str | None:
        """Advice for a text that is no id of a source, but a publisher, or ids of several."""
        sources = self.fields.get("sources")
        known = sources if isinstance(sources, dict) else {}
        if re.split(r"[,;] *", given)[0] in known:
            return "give each source a claim of its own"
        whole = {key: one for key, one in known.items() if isinstance(one, dict)}
        named = [key for key, one in whole.items() if one.get("publisher") == given]
        return f'write "source: {named[-1]}"' if named else None

    def _unknown_field(self, path: Path_) -> Fault:
        field = str(path[-1])
        line = self.text_lines[self.line(*path) - 1]
        if "{" in line and re.search(rf",\s*{re.escape(field)}\s*[,}}]", line):
            what = f'a comma inside {{ }} ends the value before "{field}"'
            return self.fault(path, what, "write each field on a line of its own")
        if section := _section_of(self.value(path)):
            what = f'"{field}" is indented by {len(line) - len(line.lstrip())} spaces'
            hint = f'indent an entry of "{section}:" by two, its fields by four'
            return self.fault(path, what, hint)
        fields = list(_model_at(path[:-1]).model_fields)
        hint = nearest(field, fields, f"the fields here are {', '.join(fields)}")
        return self.fault(path, f'unknown field "{field}"', hint)


def _misshapen(field: str, given: str, pattern: str) -> tuple[str, str]:
    """What is wrong with an id or address that its pattern refuses, and the hint."""
    if field == "unit" and given in {"%", "per cent"}:
        return f'"{given}" is no id of a unit', 'write "unit: percent"'
    alike = next((sign for sign in given[:60] if sign.isalpha() and sign > "~"), None)
    if alike and pattern != URL:
        what = f'the "{alike}" in "{given[:60]}" is a {unicodedata.name(alike, "sign").lower()}'
        return what, "type it again, in Latin letters without marks"
    what, hint = PATTERNS[pattern]
    small = re.sub("[- _]+", "_" if "_" in pattern else "-", given.lower())
    if pattern != URL and given[:1].isalpha() and re.fullmatch(pattern, small):
        hint = f'write "{small}"'
    return what.format(given[:60]), hint


PROSE = {
    "label", "definition", "assumes", "reason", "remark", "note", "settle", "translation", "title",
    "publisher", "question", "write", "explanation", "exception", "also",
}  # fmt: skip
"""The fields that hold a text by its language: prose of ours, but for translations."""
_DAY_HINT = 'write a day, such as "2018-12-31"'


def load(path: Path, name: str | None = None) -> DataFile:
    """Read and validate the data file at ``path``; ``name`` is what faults call it.

    Raises:
        FaultsError: every fault found.
    """
    return _sound(read_tree(path, name or path.as_posix()))


def load_sound(path: Path, name: str, *, with_references: bool = True) -> DataFile:
    """The data file without its entries at fault, for tools that are about another one.

    ``with_references``: what stands between entries is looked at too, as ``load`` does.

    Raises:
        FaultsError: what is at fault stands in no entry.
    """
    tree = read_tree(path, name)
    while True:
        try:
            return _sound(tree, with_references=with_references)
        except FaultsError as error:
            if not _left_out(tree[2], {fault.line for fault in error.faults}):
                raise


def _sound(tree: _Tree, *, with_references: bool = True) -> DataFile:
    data = DataFile(*tree)
    between = _reference_faults(data.sheet) if with_references else ()
    if faults := many(data.fault(*found) for found in between):
        raise FaultsError(faults)
    return data


def _left_out(root: yaml.MappingNode, faulty: set[int]) -> bool:
    """Take the entries to which these lines belong out of their sections; whether there are any."""
    starts: list[tuple[int, yaml.Node, Any]] = []
    for key, section in root.value:
        starts.append((key.start_mark.line + 1, root, None))
        if isinstance(section, yaml.MappingNode):
            starts += [(pair[0].start_mark.line + 1, section, pair) for pair in section.value]
    owners = [[start for start in starts if start[0] <= line][-1:] for line in faulty]
    found = [(section, pair) for owner in owners for _, section, pair in owner if pair]
    for section, pair in found:
        section.value = [other for other in section.value if other is not pair]
    return bool(found)


def read_tree(path: Path, name: str) -> _Tree:
    """The file as YAML only: its name, text, nodes, each entry's line, and its SHA-256.

    Raises:
        FaultsError: not a text of plain fields.
    """
    text, root = read_nodes(path, name)
    lines, faults = tree_faults(root, name)
    if faults:
        raise FaultsError(faults)
    return name, text, root, lines, hashlib.sha256(path.read_bytes()).hexdigest()


def _is_prose(path: Path_) -> bool:
    """Whether a text of ours in one language stands there.

    Names and the translations of what a source prints are not ours; an input may be called ``en``.
    """
    if len(path) < 2 or path[0] in {"units", "names"} or path[-2] == "translation":
        return False
    return path[-2] in PROSE and re.fullmatch("[a-z]{2,3}", str(path[-1])) is not None


def _model_at(path: Path_) -> type[BaseModel]:
    """The entry model that the fields at ``path`` belong to."""
    model: type[BaseModel] = FactSheet
    parts = iter(path)
    for part in parts:
        if field := model.model_fields.get(str(part)):
            model = next(_entry_models(field.annotation), model)
            if get_origin(field.annotation) is dict:
                next(parts, None)  # the id of the entry may be called like a field
    return model


def _section_of(value: Any) -> str | None:
    """The section to which a value belongs by the fields that it has, if they tell."""
    for name, field in FactSheet.model_fields.items():
        for model in _entry_models(field.annotation):
            needed = {key for key, one in model.model_fields.items() if one.is_required()}
            if isinstance(value, dict) and len(needed & value.keys()) > 1:
                return name
    return None


def _entry_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _entry_models(part)


def _reference_faults(sheet: FactSheet) -> Found:
    """Faults between entries: ids that name nothing, numbers given twice, ranks without reason."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", sheet.edition):
        yield ("edition",), f'edition "{sheet.edition}" is not one day', _DAY_HINT
    elif not FIRST_EDITION <= sheet.edition <= LAST_EDITION:
        what = f"packed files bear no day before {FIRST_EDITION}, and none after {LAST_EDITION}"
        yield ("edition",), what, "correct the year"
    if sheet.licence:
        given = ("licence", "name"), "name", sheet.licence.name
        yield from _unknown(*given, sheet.names, 'add it under "names:"')
    for unit_id, unit in sheet.units.items():
        path: Path_ = ("units", unit_id, "rate_of")
        yield from _unknown(path, "unit", unit.rate_of, sheet.units, 'add it under "units:"')
        if unit.rate_of == unit_id:
            hint = "name the unit of what is counted, or delete the line"
            yield path, "a unit that is a rate of itself", hint
    for indicator_id, indicator in sheet.indicators.items():
        path = ("indicators", indicator_id)
        known = f"the topics are {', '.join(sheet.topics)}"
        yield from _unknown((*path, "topic"), "topic", indicator.topic, sheet.topics, known)
        yield from _unit_faults(sheet, path, indicator)
        yield from _shape_faults(path, indicator)
        for place, claims in _claim_lists(indicator):
            for index, claim in enumerate(claims):
                yield from _claim_faults(sheet, (*path, *place, index), indicator, claim)
            yield from _rank_faults(sheet, (*path, *place), claims)
    yield from _source_faults(sheet)


def _unknown(
    path: Path_, kind: str, given: str | None, known: Collection[str], otherwise: str
) -> Found:
    if given is not None and given not in known:
        yield path, f'unknown {kind} "{given}"', nearest(given, known, otherwise)


def _source_faults(sheet: FactSheet) -> Found:
    used = {claim.source for one in sheet.indicators.values() for _, claim in claims_of(one)}
    numbers: dict[int, str] = {}
    for source_id, source in sheet.sources.items():
        path = ("sources", source_id)
        first = numbers.setdefault(source.no, source_id)
        if first != source_id:
            what = f"source number {source.no} is that of {first}"
            free = max(other.no for other in sheet.sources.values()) + 1
            yield (*path, "no"), what, f"take the next free number, {free}"
        if source_id not in used:
            hint = "delete it, or add the claim that was read there"
            yield path, f'no claim uses source "{source_id}"', hint
        if source.retracted:
            gone, place = parse_period(source.retracted.date), (*path, "retracted", "date")
            if gone.low > parse_period(sheet.edition).high:
                hint = "correct the date, or set the edition to today"
                yield place, "retracted after the edition", hint
            if source.published and gone.high < parse_period(source.published).low:
                yield place, "retracted before it was published", "correct one of the dates"


def _claim_faults(sheet: FactSheet, path: Path_, indicator: Indicator, claim: Claim) -> Found:
    if claim.source not in sheet.sources:
        hint = nearest(claim.source, sheet.sources, 'add it under "sources:"')
        by_number = {str(one.no): key for key, one in sheet.sources.items()}
        if claim.source in by_number:
            hint = f'write "source: {by_number[claim.source]}"'
        yield (*path, "source"), f'unknown source "{claim.source}"', hint
    if claim.rank != Rank.NORMAL and not claim.reason:
        what = f"a {claim.rank} claim without a reason"
        yield (*path, "rank"), what, 'add "reason:" with "en: …"'
    if claim.reason and claim.rank == Rank.NORMAL:
        hint = 'add "rank: preferred" or "rank: deprecated", or call it "remark:"'
        yield (*path, "reason"), "a reason without a rank", hint
    if claim.due and indicator.stance != Stance.TARGET:
        hint = 'delete "due:", or make the indicator "stance: target"'
        yield (*path, "due"), "only a target can be due", hint


def _rank_faults(sheet: FactSheet, path: Path_, claims: list[Claim]) -> Found:
    preferred = [sheet.sources.get(one.source) for one in claims if one.rank == Rank.PREFERRED]
    if sum(not (source and source.retracted) for source in preferred) > 1:
        yield path, "two preferred claims", "keep one as preferred"
    if claims and all(claim.rank == Rank.DEPRECATED for claim in claims):
        hint = "keep one claim standing, or delete the observation"
        yield path, "every claim here is deprecated", hint


def _claim_lists(indicator: Indicator) -> Iterator[tuple[Path_, list[Claim]]]:
    if indicator.claims:
        yield ("claims",), indicator.claims
    for key, claims in indicator.observations.items():
        yield ("observations", key), claims


def claims_of(indicator: Indicator) -> Iterator[tuple[Path_, Claim]]:
    """Every claim of an indicator with its path below the indicator."""
    for path, claims in _claim_lists(indicator):
        for index, claim in enumerate(claims):
            yield (*path, index), claim


WITHOUT_UNIT = {Measure.DATE, Measure.NAME, Measure.NAMES}
BUILT_IN_UNITS = ("percent", "times")


def _unit_faults(sheet: FactSheet, path: Path_, indicator: Indicator) -> Found:
    unit, known = indicator.unit, [*sheet.units, *BUILT_IN_UNITS]
    if indicator.measure in WITHOUT_UNIT:
        if unit not in {None, "date", "name"}:
            what = f'a {indicator.measure} has no unit "{unit}"'
            yield (*path, "unit"), what, "delete the line"
    elif unit is None:
        yield path, 'field "unit" is missing', 'add "unit:", such as "unit: percent"'
    elif unit not in known:
        by_name = {
            text: key
            for key, one in sheet.units.items()
            for plural in one.label.values()
            for text in (key.casefold(), plural.one, plural.other)
        }
        hint = nearest(unit, known, 'add it under "units:"')
        if meant := by_name.get(unit) or by_name.get(unit.casefold()):
            hint = f'write "unit: {meant}"'
        yield (*path, "unit"), f'unknown unit "{unit}"', hint
    elif indicator.measure == Measure.SHARE and unit not in BUILT_IN_UNITS:
        hint = 'write "unit: percent", or another measure'
        yield (*path, "unit"), f'a share is no number of "{unit}"', hint


def _shape_faults(path: Path_, indicator: Indicator) -> Found:
    """An indicator holds dated claims, undated claims, or a formula: one of the three."""
    held = [field for field in ("observations", "claims", "formula") if getattr(indicator, field)]
    if not held and not indicator.derived:
        hint = 'add "observations:", "claims:" or "formula:"'
        yield path, "an indicator without a value", hint
    elif len(held) > 1:
        hint = "keep one, and make a second indicator of the other"
        yield (*path, held[1]), f"an indicator with both {held[0]} and {held[1]}", hint
    for key in indicator.derived:
        if key in indicator.observations:
            what = f'"{key}" is both printed and derived'
            yield (*path, "derived", key), what, "keep the printed one"
    if indicator.derived and (indicator.claims or indicator.formula):
        hint = "make it an indicator of its own"
        yield (*path, "derived"), "derived periods beside an undated value", hint
    for field in () if indicator.formula else ("inputs", "periods", "round"):
        if getattr(indicator, field):
            yield (*path, field), f'"{field}" without a formula', 'delete it, or add "formula:"'
    if (indicator.formula or indicator.derived) and indicator.measure in WITHOUT_UNIT:
        what = f"a {indicator.measure} cannot be calculated"
        yield (*path, "formula"), what, "give the claims instead"
    if path[-1] in (indicator.outcome or "").split():
        what, hint = "a target whose outcome is itself", "name the figure that shows what came"
        yield (*path, "outcome"), what, hint
    if indicator.outcome and indicator.stance != Stance.TARGET:
        hint = 'delete "outcome:", or make it "stance: target"'
        yield (*path, "outcome"), "only a target has an outcome", hint
    for period, claims in indicator.observations.items():
        if not claims:
            what = f'no claim under "{period}"'
            yield (*path, "observations", period), what, 'add "- value: …" below it'
