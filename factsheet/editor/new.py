"""``factsheet new``: asks for the fields of a new entry and writes it where it belongs.

Each answer is checked at once. Every question is also an option, so a script needs no
terminal. All other bytes of the data file stay as they are.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Never
from urllib.parse import urlsplit

import typer
import yaml
from pydantic import BaseModel, ValidationError

from factsheet.build import files
from factsheet.build.project import DATA_FILE, Project
from factsheet.data.load import BUILT_IN_UNITS, WITHOUT_UNIT, read_entries
from factsheet.data.model import DEFAULT_LANGUAGE, Claim, Indicator, Measure, Rank, Source, Stance
from factsheet.data.parse import ValueFaultError, read_value
from factsheet.data.yaml_nodes import INVISIBLE, Path_
from factsheet.editor.format import SPACED, entry
from factsheet.errors import Fault, FaultsError, nearest
from factsheet.values.dates import parse_period
from factsheet.values.number import Qualifier

app = typer.Typer(no_args_is_help=True, help="Ask for a new entry and write it where it belongs.")

_LOCAL = {"note", "label", "definition", "translation", "reason", "remark"}
"""Fields keyed by language; asked for in the default one."""
Fields = dict[str, Any]


def new_source(desk: "Desk") -> None:
    """A source, at the end of ``sources``."""
    sources = desk.sheet.sources
    taken = {source.url: source_id for source_id, source in sources.items()}
    ask = _Entry(desk, Source)
    url = ask("url", check=lambda text: text in taken and f"that is source {taken[text]}")
    host = _host(url)
    same = [source for source in sources.values() if _host(source.url) == host]
    suggested = "-".join([host.split(".")[-2:][0], *re.findall(r"\d+", url)[-1:]])
    source_id = desk.ask("id", suggested, lambda text: _id_problem(desk, "sources", text))
    free = max((source.no for source in sources.values()), default=0) + 1
    numbers = {str(source.no): source_id for source_id, source in sources.items()}
    ask("no", str(free), lambda text: text in numbers and f"that is the number of {numbers[text]}")
    ask("publisher", same[-1].publisher if same else "")
    ask("title")
    ask("author")
    if ask("published"):
        ask("published_basis", "shown")
    ask("language", same[-1].language if same else DEFAULT_LANGUAGE)
    ask("seen", "whole")
    ask("archived")
    ask("note")
    desk.write(("sources",), {source_id: ask.entry})


def new_claim(desk: "Desk") -> None:
    """A claim, at the end of its observation, which is made where there is none."""
    indicators = desk.sheet.indicators

    def problem(text: str) -> str | bool:
        if text in indicators and indicators[text].formula:
            return f"{text} is calculated — give a claim for what it is calculated from"
        return text not in indicators and _unknown("indicator", text, indicators)

    indicator_id = desk.ask("indicator", "", problem)
    indicator = indicators[indicator_id]
    path: Path_ = ("indicators", indicator_id)
    if indicator.claims:
        desk.write((*path, "claims"), [_claim(desk, indicator)])
        return
    latest = max(indicator.observations, key=_date, default="")
    period = desk.ask("period", latest, _period_problem)
    claims = [_claim(desk, indicator)]
    if period in indicator.observations:
        desk.write((*path, "observations", period), claims)
    elif indicator.observations:
        later = [key for key in indicator.observations if _date(key) > _date(period)]
        earlier = list(indicator.observations)
        earlier = earlier[: earlier.index(later[0])] if later else earlier
        after = earlier[-1] if earlier else None
        desk.write((*path, "observations"), {period: claims}, after)
    else:
        desk.write(path, {"observations": {period: claims}})


def new_indicator(desk: "Desk") -> None:
    """An indicator with its first claim, at the end of its topic's indicators."""
    sheet = desk.sheet
    ask = _Entry(desk, Indicator)
    indicator_id = desk.ask("id", "", lambda text: _id_problem(desk, "indicators", text))
    topic = ask("topic", "", lambda text: text not in sheet.topics
                and _unknown("topic", text, sheet.topics))  # fmt: skip
    ask("label")
    ask("definition")
    measure = ask("measure", "count")
    if measure not in WITHOUT_UNIT:
        units = [*sheet.units, *BUILT_IN_UNITS]
        ask("unit", "", lambda text: text not in units and _unknown("unit", text, units))
    if ask("stance", "outcome") == Stance.TARGET:
        ask("outcome")
    ask("note")
    period = desk.ask("period", "", lambda text: bool(text) and _period_problem(text))
    indicator = Indicator.model_validate({**ask.fields, "measure": measure})
    claims = [_claim(desk, indicator)]
    values = {"observations": {period: claims}} if period else {"claims": claims}
    same = [key for key, other in sheet.indicators.items() if other.topic == topic]
    after = same[-1] if same else None
    desk.write(("indicators",), {indicator_id: ask.entry | values}, after)


def _claim(desk: "Desk", indicator: Indicator) -> Fields:
    sources = desk.sheet.sources
    ask = _Entry(desk, Claim, indicator)
    last = max(sources, key=lambda key: sources[key].no)
    source = ask("source", last, lambda text: text not in sources
                 and _unknown("source", text, sources))  # fmt: skip
    ask("value")
    if indicator.measure not in WITHOUT_UNIT:
        qualifier = ask("qualifier", "exactly")
        if qualifier == Qualifier.RANGE:
            ask("high")
        if qualifier in {Qualifier.EXACTLY, Qualifier.ABOUT}:
            ask("rounded", "no")
    ask("printed")
    if sources[source].language != DEFAULT_LANGUAGE:
        ask("translation")
    ask("said_by")
    if indicator.stance == Stance.TARGET:
        ask("due")
    if ask("rank", "normal") != Rank.NORMAL:
        ask("reason", check=lambda text: not text and "a claim of this rank needs a reason")
    ask("remark")
    return ask.entry


Check = Callable[[str], str | bool]
"""What is wrong with an answer; false if nothing is."""


class Desk:
    """The data file, the answers given as options, and the terminal for the others."""

    def __init__(self, root: Path, answers: dict[str, str | None]) -> None:
        """Read the data file; raises ``FaultsError``."""
        self.path = root / DATA_FILE
        self.data = read_entries(self.path, DATA_FILE.as_posix())
        self.sheet = self.data.sheet
        self._given = {name: text for name, text in answers.items() if text is not None}

    def ask(self, name: str, default: str = "", check: Check = lambda _text: False) -> str:
        """An answer that passes ``check``: the option, else asked for, else the default."""
        is_asked = name not in self._given and sys.stdin.isatty()
        while True:
            text = self._prompted(name, default) if is_asked else self._given.pop(name, default)
            hidden = INVISIBLE.search(text) is not None
            problem = "an invisible character — type it anew" if hidden else check(text.strip())
            if not problem:
                return text.strip()
            typer.echo(f"--{name.replace('_', '-')}: {problem}", err=True)
            if not is_asked:
                raise typer.Exit(1)

    def write(self, path: Path_, fields: Any, after: str | None = None) -> None:
        """Put a new entry at the end of the fields or list at ``path``, or behind one of them.

        Where ``after`` is none but the entries go by date, it comes first.
        """
        if self._given:
            self._refuse(f"--{next(iter(self._given))}: does not apply here")
        node = self._at(path)
        if not isinstance(node, yaml.CollectionNode) or not node.value or node.flow_style:
            self._refuse(f"{path[-1]}: is not in block style — run: factsheet format")
        lines = self.path.read_bytes().decode("utf-8").split("\n")
        if path[-1] == "observations" and after is None:
            place = self.data.line(*path)
        else:
            found = [child for child in node.value if after and child[0].value == after]
            place = _end((found or node.value)[-1], lines)
        new = entry(fields, node.start_mark.column)
        written = ([""] if path[-1] in SPACED else []) + new
        ending = "\r" if lines[0].endswith("\r") else ""
        if place == len(lines):
            lines[-1] += ending
            lines.append("")
        lines[place:place] = [line + ending for line in written]
        try:
            files.write(self.path, "\n".join(lines))
        except OSError as error:
            raise FaultsError([files.fault(error, self.path.parents[1])]) from None
        first = place + 1 + len(written) - len(new)
        typer.echo("\n".join([f"Written at {self.data.name}:{first}:", *new]))

    def _prompted(self, name: str, default: str) -> str:
        shown = f"{name} ({_HELP[name]})"
        return str(typer.prompt(shown, default, show_default=bool(default)))

    def _at(self, path: Path_) -> yaml.Node:
        node: yaml.Node = self.data.root
        for part in path:
            node = next(value for key, value in node.value if key.value == part)
        return node

    def _refuse(self, problem: str) -> Never:
        typer.echo(problem, err=True)
        raise typer.Exit(1)


class _Entry:
    """Asks for the fields of one entry; ``fields`` are those answered so far."""

    def __init__(
        self, desk: Desk, model: type[BaseModel], indicator: Indicator | None = None
    ) -> None:
        self.fields: Fields = {}
        self._desk = desk
        self._model = model
        self._indicator = indicator

    def __call__(self, name: str, default: str = "", check: Check = lambda _text: False) -> str:
        """The answer; what the model would refuse is asked for again."""
        text = self._desk.ask(name, default, lambda text: check(text) or self._problem(name, text))
        value = self._value(name, text)
        if value is not None and value != self._model.model_fields[name].default:
            self.fields[name] = value
        return text

    @property
    def entry(self) -> Fields:
        """The fields in the order of the data file."""
        return {name: self.fields[name] for name in self._model.model_fields if name in self.fields}

    def _value(self, name: str, text: str) -> Any:
        if not text:
            return None
        if name in _LOCAL:
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
        return name in {"value", "high", "rounded"} and self._value_problem(found)

    def _value_problem(self, found: Fields) -> str | bool:
        assert self._indicator
        claim = Claim.model_validate({"source": "x", "printed": "x"} | found)
        try:
            read_value(self._desk.sheet, self._indicator, claim)
        except ValueFaultError as error:
            return f"{error} — {error.hint}"
        return False


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


def _id_problem(desk: Desk, section: str, text: str) -> str | bool:
    if text in getattr(desk.sheet, section):
        return f'"{text}" is there already (line {desk.data.line(section, text)})'
    pattern = r"[a-z0-9][a-z0-9-]*" if section == "sources" else r"[a-z][a-z0-9_]*"
    example = "a to z, digits and hyphens" if section == "sources" else "a to z, digits and _"
    return not re.fullmatch(pattern, text) and f'"{text}" is no id — use {example}'


def _unknown(what: str, text: str, known: Iterable[str]) -> str:
    hint = nearest(text, known, f"known are {', '.join(known)}")
    return f'unknown {what} "{text}" — {hint}'


_HELP = {
    "id": "The id of the new entry.",
    "indicator": "The id of the indicator.",
    "period": "The period: 2018, 2018-03, 2018-03-29, 2018-01/2018-08.",
}
for _model in (Claim, Indicator, Source):
    _HELP |= {name: f.description or "" for name, f in _model.model_fields.items()}


def _command(make: Callable[[Desk], None], fields: Iterable[str]) -> None:
    """Register a command whose options are the ``fields``."""

    def run(root: Path, **answers: str | None) -> None:
        try:
            make(Desk(root, answers))
        except FaultsError as error:
            _print(error.faults)
            raise typer.Exit(1) from None
        _, faults = Project(root).read()
        typer.echo("" if faults else "\nNo faults.")
        _print(faults)

    keyword = inspect.Parameter.KEYWORD_ONLY
    folder = Annotated[Path, typer.Option(help="The project's folder.")]
    parameters = [inspect.Parameter("root", keyword, default=Path(), annotation=folder)]
    for name in fields:
        option = Annotated[str | None, typer.Option(help=_HELP[name])]
        parameters.append(inspect.Parameter(name, keyword, default=None, annotation=option))
    signature = "__signature__"  # read by typer instead of the function's own
    setattr(run, signature, inspect.Signature(parameters))
    app.command(make.__name__.removeprefix("new_"), help=make.__doc__)(run)


def _print(faults: Iterable[Fault]) -> None:
    for fault in faults:
        typer.echo(str(fault), err=True)


_SHAPE = {"observations", "claims", "derived", "formula", "inputs", "periods", "round", "disputes"}
_command(new_source, ["id", *Source.model_fields])
_command(new_claim, ["indicator", "period", *Claim.model_fields])
_command(
    new_indicator,
    ["id", *(n for n in Indicator.model_fields if n not in _SHAPE), "period", *Claim.model_fields],
)
