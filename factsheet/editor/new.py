"""``factsheet new``: asks for the fields of a new entry and writes it where it belongs.

The fields are those of the model, in its order, but for the few that others depend on. Each
answer is checked at once. Every question is also an option, so a script needs no terminal.
All other bytes of the data file stay as they are.
"""

import re
import sys
from collections.abc import Callable, Collection, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any, Never
from urllib.parse import urlsplit

import typer
import yaml
from pydantic import ValidationError

from factsheet.build import files
from factsheet.build.project import DATA_FILE, Project
from factsheet.data.load import BUILT_IN_UNITS, WITHOUT_UNIT, DataFile, load_sound
from factsheet.data.model import (
    DEFAULT_LANGUAGE,
    Claim,
    Entry,
    FactSheet,
    Indicator,
    Measure,
    Rank,
    Source,
    Stance,
)
from factsheet.data.parse import ValueFaultError, read_value
from factsheet.data.yaml_nodes import INVISIBLE, Path_
from factsheet.editor.format import SPACED, entry
from factsheet.errors import Fault, FaultsError, few, nearest, summary
from factsheet.site.manual import meanings
from factsheet.values.dates import parse_period
from factsheet.values.number import Qualifier

app = typer.Typer(no_args_is_help=True, help="Ask for a new entry and write it where it belongs.")

Fields = dict[str, Any]
Check = Callable[[str], str | bool]
"""What is wrong with an answer; false if nothing is."""

_NONE: Mapping[str, Any] = {}
_FIRST: dict[type[Entry], tuple[str, ...]] = {
    Source: ("url",),
    Claim: ("source", "value", "qualifier"),
    Indicator: ("topic", "label", "definition", "measure"),
}
"""Fields on whose answers others depend."""
_RARE = {"formula", "round", "assumes", "printed_as"}
"""Fields that are typed by hand: those of calculated figures, and an exception to a check."""
_HINTS = {
    "id": "The id of the new entry.",
    "indicator": "The id of the indicator.",
    "period": "The period: 2018, 2018-03, 2018-03-29, 2018-01/2018-08.",
}


def new_source(desk: "Desk") -> None:
    """A source, at the end of ``sources``."""
    sources = desk.data.sheet.sources
    taken = {source.url: f"that is source {key}" for key, source in sources.items()}
    numbers = {str(source.no): f"that is the number of {key}" for key, source in sources.items()}
    form = _Form(desk, Source)
    url = form.ask("url", check=lambda text: taken.get(text, False))
    host = _host(url)
    same = [source for source in sources.values() if _host(source.url) == host]
    suggested = "-".join([host.split(".")[-2:][0], *re.findall(r"\d+", url)[-1:]])
    source_id = desk.ask_id("sources", suggested)
    form.ask("no", str(max((s.no for s in sources.values()), default=0) + 1),
             lambda text: numbers.get(text, False))  # fmt: skip
    form.ask_rest({
        "publisher": same[-1].publisher if same else "",
        "language": same[-1].language if same else DEFAULT_LANGUAGE,
        "seen": "whole",
    })  # fmt: skip
    desk.write(lambda _: (("sources",), {source_id: form.entry}, None))


def new_claim(desk: "Desk") -> None:
    """A claim, at the end of its observation, which is made where there is none."""
    indicators = desk.data.sheet.indicators
    if not indicators:
        desk.refuse("there is no indicator yet — run: factsheet new indicator")

    def is_calculated(text: str) -> str | bool:
        what = f"{text} is calculated — give a claim for what it is calculated from"
        return bool(indicators[text].formula) and what

    key = desk.ask("indicator", check=is_calculated, known=indicators)
    indicator = indicators[key]
    period = ""
    if not indicator.claims:
        latest = max(indicator.observations, key=_date, default="")
        period = desk.ask("period", latest, _period_problem)
    claims = [_claim(desk, indicator)]
    desk.write(lambda sheet: _claims_place(sheet, key, period, claims))


def new_indicator(desk: "Desk") -> None:
    """An indicator with its first claim, at the end of its topic's indicators."""
    sheet = desk.data.sheet
    form = _Form(desk, Indicator)
    key = desk.ask_id("indicators")

    def outcome(text: str) -> str | bool:
        is_known = any(word in sheet.indicators for word in text.split())
        return bool(text) and not is_known and _unknown("indicator", text, sheet.indicators)

    known = {"topic": sheet.topics, "unit": [*sheet.units, *BUILT_IN_UNITS]}
    form.ask_rest({"measure": "count"}, known=known, check={"outcome": outcome})
    period = desk.ask("period", "", lambda text: bool(text) and _period_problem(text))
    claims = [_claim(desk, Indicator.model_validate({"measure": "count"} | form.fields))]
    values = {"observations": {period: claims}} if period else {"claims": claims}

    def place(now: FactSheet) -> "_Place":
        same = [k for k, other in now.indicators.items() if other.topic == form.said["topic"]]
        return ("indicators",), {key: form.entry | values}, same[-1] if same else None

    desk.write(place)


def _claim(desk: "Desk", indicator: Indicator) -> Fields:
    sources = desk.data.sheet.sources
    if not sources:
        desk.refuse("there is no source yet — run: factsheet new source")
    form = _Form(desk, Claim, indicator)
    last = max(sources, key=lambda key: sources[key].no)
    reason: Mapping[str, Check] = {
        "reason": lambda text: not text and "a claim of this rank needs a reason"
    }
    form.ask_rest({"source": last}, known={"source": sources}, check=reason)
    return form.entry


_Place = tuple[Path_, Any, str | None]
"""Where an entry belongs: the fields or list that take it, it, and behind which of them."""


def _claims_place(sheet: FactSheet, key: str, period: str, claims: list[Fields]) -> _Place:
    """Where claims belong: the end of their observation, or that in the order of dates."""
    path: Path_ = ("indicators", key)
    if not period:
        return (*path, "claims"), claims, None
    observations = sheet.indicators[key].observations
    if period in observations:
        return (*path, "observations", period), claims, None
    if not observations:
        return path, {"observations": {period: claims}}, None
    earlier = [*takewhile(lambda other: _date(other) <= _date(period), observations)]
    return (*path, "observations"), {period: claims}, earlier[-1] if earlier else ""


class Desk:
    """The data file, the answers given as options, and the terminal for the others."""

    def __init__(self, root: Path, answers: dict[str, str]) -> None:
        """Read the data file, without entries at fault; raises ``FaultsError``."""
        self.path = root / DATA_FILE
        self.data = self._read()
        self._given = answers

    def _read(self) -> DataFile:
        return load_sound(self.path, DATA_FILE.as_posix(), with_references=False)

    def ask(
        self, name: str, default: str = "", check: Check = lambda _: False,
        *, hint: str = "", known: Collection[str] = (),
    ) -> str:  # fmt: skip
        """An answer that passes ``check``: the option, else asked for, else the default.

        ``known``: the ids of which it must be one.
        """
        hint = hint or _HINTS[name]
        hint += f" One of: {few(default, known)}." if known else ""
        is_asked = name not in self._given and sys.stdin.isatty()
        while True:
            if is_asked:
                shown = f"{name} ({hint.replace('``', '')})"
                text = str(typer.prompt(shown, default, show_default=bool(default)))
            else:
                text = self._given.pop(name, default)
            text = text.strip()
            if INVISIBLE.search(text):
                problem: str | bool = "an invisible character — type it again"
            elif known and text not in known:
                problem = _unknown(name, text, known)
            elif not (problem := check(text)):
                return text
            typer.echo(f"--{name.replace('_', '-')}: {problem}", err=True)
            if not is_asked:
                raise typer.Exit(1)

    def ask_id(self, section: str, suggested: str = "") -> str:
        """The id of a new entry of a section."""
        is_source = section == "sources"
        pattern = r"[a-z0-9][a-z0-9-]*" if is_source else r"[a-z][a-z0-9_]*"
        hint = f"use a to z, digits and {'hyphens' if is_source else '_'}"

        def problem(text: str) -> str | bool:
            line = self.data.line(section, text)
            if line > self.data.line(section):
                return f'"{text}" is there already (line {line})'
            return not re.fullmatch(pattern, text) and f'"{text}" is no id — {hint}'

        return self.ask("id", suggested, problem)

    def write(self, place: Callable[[FactSheet], _Place]) -> None:
        """Put a new entry where ``place`` says that it belongs in the file as it is by now.

        Behind the id that it names; at the end where that is none, at the start where it is "".
        """
        if self._given:
            self.refuse(f"--{next(iter(self._given))}: does not apply here")
        _, draft, _ = place(self.data.sheet)
        try:
            data = self._read()
            path, fields, after = place(data.sheet)
            key, node = _at(data.root, path)
        except (FaultsError, LookupError):
            typer.echo("\n".join(entry(draft, 0)))
            what = f"{self.data.name} was changed meanwhile and has no place left for this entry"
            self.refuse(f"{what} — correct it, then put in by hand what is printed above")
        lines = self.path.read_bytes().decode("utf-8").split("\n")
        first = key.start_mark.line
        if not isinstance(node, yaml.CollectionNode) or (node.flow_style and node.value):
            self.refuse(f"{path[-1]}: is not in block style — run: factsheet format")
        if node.value:
            found = [child for child in node.value if after and child[0].value == after]
            number = first + 1 if after == "" else _end((found or node.value)[-1], lines)
            indent = node.start_mark.column
        else:  # {} or []
            line, number, indent = lines[first], first + 1, key.start_mark.column + 2
            lines[first] = line[: node.start_mark.column].rstrip() + line[node.end_mark.column :]
        new = entry(fields, indent)
        written = ([""] if path[-1] in SPACED and node.value else []) + new
        ending = "\r" if lines[0].endswith("\r") else ""
        if number == len(lines):
            lines[-1] += ending
            lines.append("")
        lines[number:number] = [line + ending for line in written]
        try:
            files.write(self.path, "\n".join(lines))
        except OSError as error:
            raise FaultsError([files.fault(error, self.path.parents[1])]) from None
        remember(self.path, "\n".join(line + ending for line in written))
        line_number = number + 1 + len(written) - len(new)
        typer.echo("\n".join([f"Written at {data.name}:{line_number}:", *new]))

    def refuse(self, problem: str) -> Never:
        """End with what is wrong."""
        typer.echo(problem, err=True)
        raise typer.Exit(1)


_REMEMBERED = ".cache/new"
"""What the last ``new`` wrote, beside the project."""


def remember(path: Path, block: str) -> None:
    """Keep the lines just written, for ``undo``."""
    place = path.parents[1] / _REMEMBERED
    place.parent.mkdir(exist_ok=True)
    place.write_text(block, "utf-8")


def undo(root: Path) -> list[str]:
    """Take out what the last ``new`` wrote, if it stands there as it was; the lines taken out.

    Raises:
        FaultsError: there is nothing to take out, or it was changed since.
    """
    path, place = root / DATA_FILE, root / _REMEMBERED
    block = place.read_text("utf-8") if place.is_file() else ""
    text = path.read_bytes().decode("utf-8") if block else ""
    lines = f"{block}\n"
    if not block or f"\n{text}".count(f"\n{lines}") != 1:
        what = "what was written last has been changed since" if block else "nothing was written"
        hint = "take it out by hand, or go back with git"
        raise FaultsError([Fault(DATA_FILE.as_posix(), 1, 0, what, hint)])
    before, _, after = f"\n{text}".partition(f"\n{lines}")
    files.write(path, f"{before}\n{after}"[1:])
    place.unlink()
    return block.splitlines()


class _Form:
    """Asks for the fields of one entry: ``said`` as they were answered, ``fields`` as written."""

    def __init__(self, desk: Desk, model: type[Entry], indicator: Indicator | None = None) -> None:
        self.said: dict[str, str] = {}
        self.fields: Fields = {}
        self._desk = desk
        self._model = model
        self._indicator = indicator
        self._shapes = _shapes(model)

    def ask_rest(
        self, defaults: Mapping[str, str], *,
        known: Mapping[str, Collection[str]] = _NONE, check: Mapping[str, Check] = _NONE,
    ) -> None:  # fmt: skip
        """Every field that was not asked for yet and that applies."""
        for name in dict.fromkeys((*_FIRST[self._model], *self._shapes)):
            if name not in self.said and self._applies(name):
                default = self._model.model_fields[name].default
                default = (
                    "no" if default is False else str(default) if isinstance(default, str) else ""
                )
                test = check.get(name, lambda _: False)
                self.ask(name, defaults.get(name, default), test, known.get(name, ()))

    def ask(
        self, name: str, default: str = "", check: Check = lambda _: False,
        known: Collection[str] = (),
    ) -> str:  # fmt: skip
        """The answer; what the model would refuse is asked for again."""
        choices = self._shapes[name]
        hint = meanings(self._model)[name]
        hint += f" One of: {', '.join(choices)}." if choices else ""
        text = self._desk.ask(name, default, lambda text: check(text) or self._problem(name, text),
                              hint=hint, known=known)  # fmt: skip
        self.said[name] = text
        value = self._value(name, text)
        if value is not None and value != self._model.model_fields[name].default:
            self.fields[name] = value
        return text

    @property
    def entry(self) -> Fields:
        """The fields in the order of the data file."""
        return {name: self.fields[name] for name in self._model.model_fields if name in self.fields}

    def _applies(self, name: str) -> bool:
        """Whether a field can be filled in, by the answers given before."""
        said = self.said
        known = self._indicator.model_dump() if self._indicator else said
        has_unit = known.get("measure") not in WITHOUT_UNIT
        is_target = known.get("stance") == Stance.TARGET
        source = self._desk.data.sheet.sources.get(said.get("source", ""))
        return {
            "published_basis": "published" in self.fields,
            "unit": has_unit,
            "outcome": is_target,
            "due": is_target,
            "qualifier": has_unit,
            "high": said.get("qualifier") == Qualifier.RANGE,
            "rounded": said.get("qualifier") in {Qualifier.EXACTLY, Qualifier.ABOUT},
            "translation": source is not None and source.language != DEFAULT_LANGUAGE,
            "reason": said.get("rank") != Rank.NORMAL,
        }.get(name, name not in _RARE)

    def _value(self, name: str, text: str) -> Any:
        if not text:
            return None
        if self._shapes[name] is None:
            return {DEFAULT_LANGUAGE: text}
        if name == "rounded":
            return {"yes": "true", "true": "true", "no": False, "false": False}.get(text, text)
        is_list = self._indicator and self._indicator.measure == Measure.NAMES and name == "value"
        return [part.strip() for part in text.split(";")] if is_list else text

    def _problem(self, name: str, text: str) -> str | bool:
        value = self._value(name, text)
        if value is None:
            return self._model.model_fields[name].is_required() and "an answer is needed"
        found = self.fields | {name: value}
        try:
            self._model.model_validate(found)
        except ValidationError as error:
            for detail in error.errors():
                if detail["loc"][0] == name:
                    fault = self._desk.data.translated(detail, (name,))
                    return f"{fault.what} — {fault.hint}"
        if name in {"value", "high", "rounded"} and self._indicator:
            claim = Claim.model_validate({"source": "x", "printed": "x"} | found)
            try:
                read_value(self._desk.data.sheet, self._indicator, claim)
            except ValueFaultError as error:
                return f"{error} — {error.hint}"
        return False


def _shapes(model: type[Entry]) -> dict[str, list[str] | None]:
    """The fields that a line of text can answer, with the words from which to choose.

    None for a text keyed by language, asked for in the default one.
    """
    schema = model.model_json_schema()
    found: dict[str, list[str] | None] = {}
    for name, field in schema["properties"].items():
        for part in field.get("anyOf", [field]):
            shape = schema["$defs"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part
            if shape.get("required") == [DEFAULT_LANGUAGE]:
                found[name] = None
            elif shape.get("type") in {"string", "integer", "boolean"}:
                found.setdefault(name, shape.get("enum", []))
    return found


def _at(root: yaml.Node, path: Path_) -> tuple[yaml.Node, yaml.Node]:
    """The key and the node at a path; raises ``LookupError``."""
    found = root, root
    for part in path:
        found = {key.value: (key, value) for key, value in found[1].value}[part]
    return found


def _end(node: Any, lines: list[str]) -> int:
    """How many lines there are up to the end of an entry."""
    while not isinstance(node, yaml.ScalarNode) and (isinstance(node, tuple) or node.value):
        node = node[1] if isinstance(node, tuple) else node.value[-1]
    end: int = node.end_mark.line + (node.end_mark.column > 0)
    while not lines[end - 1].strip():
        end -= 1
    return end


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "source").removeprefix("www.")


def _date(period: str) -> tuple[Any, Any]:
    read = parse_period(period)
    return read.low, read.high


def _period_problem(text: str) -> str | bool:
    try:
        parse_period(text)
    except ValueError as error:
        return f"{error} — write 2018, 2018-03, 2018-03-29 or 2018-01/2018-08"
    return False


def _unknown(what: str, text: str, known: Collection[str]) -> str:
    return f'unknown {what} "{text}" — {nearest(text, known, f"known are {few(text, known)}")}'


def _command(make: Callable[[Desk], None], *models: type[Entry]) -> None:
    """Register a command; its options are the questions that it asks."""
    names = dict.fromkeys(["id"] if make is not new_claim else ["indicator"])
    names |= dict.fromkeys(name for model in models for name in _shapes(model))
    names = {name: None for name in names if name not in _RARE}
    names |= dict.fromkeys(["period"] if Claim in models else [])
    options = ", ".join(f"--{name.replace('_', '-')}" for name in names)

    def run(context: typer.Context, root: Path = Path()) -> None:
        answers: dict[str, str] = {}
        words = iter(context.args)
        for word in words:
            name, is_one, text = word.removeprefix("--").partition("=")
            if not word.startswith("--"):
                raise typer.BadParameter(f'"{word}" stands behind no option')
            answers[name.replace("-", "_")] = text if is_one else next(words, "")
        try:
            make(Desk(root, answers))
        except FaultsError as error:
            typer.echo("\n".join(summary(error.faults)), err=True)
            raise typer.Exit(1) from None
        _, faults = Project(root).read()
        typer.echo("" if faults else "\nNo faults.")
        typer.echo("\n".join(summary(faults)), err=True, nl=bool(faults))

    app.command(
        make.__name__.removeprefix("new_"),
        help=make.__doc__,
        epilog=f"Each question is also an option: {options}.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(run)


_command(new_source, Source)
_command(new_claim, Claim)
_command(new_indicator, Indicator, Claim)
