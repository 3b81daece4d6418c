"""``factsheet new``: asks for the fields of a new entry and writes it where it belongs.

The fields are those of the model, in its order, but for the few that others depend on. Each
answer is checked at once. Every question is also an option, so a script needs no terminal.
"""

import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import typer
from pydantic import BaseModel, ValidationError

from factsheet.analysis.checks import outcome_of_other_unit
from factsheet.build.config import CONFIG_FILE
from factsheet.build.project import Project
from factsheet.data.load import WITHOUT_UNIT
from factsheet.data.model import (
    DEFAULT_LANGUAGE,
    PATTERNS,
    REFERENCES,
    Chart,
    Claim,
    FactSheet,
    Id,
    Indicator,
    Measure,
    Name,
    Panel,
    Rank,
    Revision,
    Source,
    Stance,
    Text,
    Topic,
    Unit,
)
from factsheet.data.model import Check as Rule
from factsheet.data.parse import NAME_ID, ValueFaultError, read_value
from factsheet.data.yaml_nodes import Path_, read_nodes
from factsheet.editor.desk import Check, Desk, Place, Problem
from factsheet.editor.format import entry
from factsheet.errors import FEW, FaultsError, few, nearest, summary
from factsheet.lint.printed import reader
from factsheet.site.manual import meanings
from factsheet.values import formula
from factsheet.values.dates import parse_period
from factsheet.values.formula import FormulaError
from factsheet.values.number import Qualifier

app = typer.Typer(no_args_is_help=True, help="Ask for a new entry and write it where it belongs.")

Fields = dict[str, Any]
Make = Callable[[Desk, str], None]
"""Asks for an entry and writes it; its id where that is known, else ""."""


class Page(BaseModel):
    """A page of ``docs/``."""

    title: Text
    """Its title, in the menu too."""
    description: Text
    """What it says, in a sentence, for search engines."""
    topic: Id | None = None
    """The topic whose figures are listed at its end; none if left out."""
    below: str = ""
    """The heading in the menu below which it stands; at the end of the menu if left out."""


_FIRST: dict[type[BaseModel], tuple[str, ...]] = {
    Source: ("url",),
    Claim: ("source", "printed", "value", "qualifier"),
    Indicator: ("topic", "label", "definition", "measure"),
    Rule: ("label", "rule", "inputs"),
}
"""Fields on whose answers others depend."""
_RARE = {
    "formula", "round", "assumes", "periods", "formerly", "printed_as", "view", "boundaries",
    "leading_disputes",
}  # fmt: skip
"""Fields that are typed by hand: those of calculated figures and of maps, and exceptions."""
_ID = "The id of the new entry."
_PERIOD = "The period: 2018, 2018-03, 2018-03-29, 2018-01/2018-08."
_SHAPES = {
    "list": " Several with ; between.",
    "pairs": ' Each as "name: figure", several with ; between.',
    "plural": ' "cars", or "car; cars" where one is called otherwise.',
}
"""How a field that is no single text is answered in a line."""


def new_sheet(desk: Desk, _: str) -> None:
    """The data file itself, where there is none yet."""
    if not desk.is_blank:
        desk.refuse(f"{desk.data.name} is there already")
    form = _Form(desk, FactSheet)
    form.ask_rest()
    desk.write(lambda _: ((), form.entry, None))


def new_chart(desk: Desk, key: str) -> None:
    """A chart with one panel, at the end of ``charts``."""
    by_hand = {"map": "a map is typed by hand — copy the one in templates.yaml"}
    form, panel = _Form(desk, Chart, check={"form": by_hand.get}), _Form(desk, Panel)
    key = _ask_id(desk, "charts", key)
    form.ask_rest()
    panel.ask_rest()
    form.fields["panels"] = [panel.entry]
    _new_entry(desk, "charts", key, form)


def new_source(desk: Desk, key: str) -> None:
    """A source, at the end of ``sources``."""
    sources = desk.data.sheet.sources
    taken = {source.url: f"that is source {key}" for key, source in sources.items()}
    numbers = {str(source.no): f"that is the number of {key}" for key, source in sources.items()}
    form = _Form(desk, Source, check={"url": taken.get, "no": numbers.get})
    url = form.ask("url")
    host = _host(url)
    same = [source for source in sources.values() if _host(source.url) == host]
    suggested = "-".join([host.split(".")[-2:][0], *re.findall(r"\d+", url)[-1:]])
    key = key or _ask_id(desk, "sources", "", suggested)
    form.ask_rest(
        no=str(max((source.no for source in sources.values()), default=0) + 1),
        publisher=same[-1].publisher if same else "",
        language=same[-1].language if same else DEFAULT_LANGUAGE,
        seen="whole",
    )
    _new_entry(desk, "sources", key, form)


def new_claim(desk: Desk, _: str) -> None:
    """A claim, at the end of its observation, which is made where there is none."""
    before = [*desk.ids("indicators")]

    def problem(text: str) -> Problem:
        found = desk.data.sheet.indicators.get(text)
        what = f"{text} is calculated — give a claim for what it is calculated from"
        return _missing(desk, "indicators", text) or (found and found.formula and what) or False

    hint = f"The id of the indicator.{_one_of(desk, 'indicators', '')}"
    key = desk.ask("indicator", check=problem, hint=hint)
    if key not in before:
        return  # made on the way, with its claim
    indicator = desk.data.sheet.indicators[key]
    desk.tell(f"{indicator.label[DEFAULT_LANGUAGE]}: {indicator.definition[DEFAULT_LANGUAGE]}")
    period = latest = ""
    if not indicator.claims:
        latest = max(indicator.observations, key=_date, default="")
        period = desk.ask("period", latest, _period_problem, hint=_PERIOD)
    claims = [_claim(desk, indicator)]
    desk.write(lambda sheet: _claims_place(sheet, key, period, claims))
    if latest and _date(latest) < _date(period):
        desk.tell(f"Read again what calls {latest} the latest: factsheet show {key} {latest}")


def new_indicator(desk: Desk, key: str) -> None:
    """An indicator with its first claim, at the end of its topic's indicators."""
    form = _Form(desk, Indicator)
    key = _ask_id(desk, "indicators", key)
    form.ask_rest(measure="count")
    period = desk.ask("period", "", lambda text: bool(text) and _period_problem(text), hint=_PERIOD)
    claims = [_claim(desk, Indicator.model_validate({"measure": "count"} | form.fields))]
    values = {"observations": {period: claims}} if period else {"claims": claims}
    _write_indicator(desk, key, form, values)


def new_calculation(desk: Desk, key: str) -> None:
    """An indicator that is calculated from others, at the end of its topic's indicators."""
    form = _Form(desk, Indicator, check={"formula": {"": "an answer is needed"}.get})
    key = _ask_id(desk, "indicators", key)
    form.ask("formula")
    form.ask_rest(measure="rate")
    form.ask("round")
    _write_indicator(desk, key, form, {})


def _write_indicator(desk: Desk, key: str, form: "_Form", values: Fields) -> None:
    def place(now: FactSheet) -> Place:
        same = [k for k, other in now.indicators.items() if other.topic == form.said["topic"]]
        return ("indicators",), {key: form.entry | values}, same[-1] if same else None

    desk.write(place)


def new_revision(desk: Desk, _: str) -> None:
    """A revision of a published value, at the head of ``revisions``."""
    site, faults = Project(desk.root).read()
    if site is None:
        raise FaultsError(faults)
    if not site.published.editions:
        edition = desk.data.sheet.edition
        desk.refuse(f"no edition is frozen yet — run: factsheet release {edition}")
    untold = [o.reference for o, *_ in site.published.untold()]
    if not untold:
        desk.refuse("no published value has changed since the newest edition was released")

    changed = few(untold[0], untold)

    def not_changed(text: str) -> Problem:
        return text not in untold and f'"{text}" has not changed — changed: {changed}'

    form = _Form(desk, Revision, check={"observation": not_changed})
    form.before["observation"] = f"Changed: {changed}. "
    form.ask_rest(date=desk.data.sheet.edition, observation=untold[0])
    desk.write(lambda _: (("revisions",), [form.entry], ""))


def new_page(desk: Desk, _: str) -> None:
    """A page of ``docs/``, and its line in the menu."""
    _, root = read_nodes(desk.root / CONFIG_FILE, CONFIG_FILE.name)
    menu = next((value for key, value in root.value if key.value == "nav"), None)
    entries = [[*item.value[0]] if isinstance(item.value, list) else [item, item]
               for item in (menu.value if menu else [])]  # fmt: skip
    headings = {key.value: at for at, (key, node) in enumerate(entries)
                if isinstance(node.value, list)}  # fmt: skip

    def name_problem(text: str) -> Problem:
        if (desk.root / "docs" / f"{text}.md").exists():
            return f"docs/{text}.md is there already"
        is_name = re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", text)
        return not is_name and f'"{text}" is no name for a page — use a to z, digits and hyphens'

    known = f"the menu has {', '.join(headings) or 'no headings'}"

    def no_heading(text: str) -> Problem:
        return bool(text) and text not in headings and f'no heading "{text}" — {known}'

    name = desk.ask("id", check=name_problem, hint="The name of its file, without .md.")
    form = _Form(desk, Page, check={"below": no_heading})
    form.before["below"] = f"{known[0].upper()}{known[1:]}. "
    form.ask_rest()
    topic, below = form.said["topic"], form.said["below"]
    text = "\n".join(["---", *entry({"description": form.said["description"]}, 0), "---", ""])
    text += f"# {form.said['title']}\n"
    text += f'\n{{{{ topic_figures("{topic}") }}}}\n' if topic else ""
    desk.create(Path("docs") / f"{name}.md", text)
    if menu:
        path: Path_ = ("nav", headings[below], below) if below else ("nav",)
        desk.put(CONFIG_FILE, root, (path, [{form.said["title"]: f"{name}.md"}], None))


def _at_the_end(section: str, model: type[BaseModel]) -> Make:
    return lambda desk, key: _new_entry(desk, section, key, _Form(desk, model))


def _new_entry(desk: Desk, section: str, key: str, form: "_Form") -> None:
    """Ask for what was not asked yet, and write the entry at the end of its section."""
    key = key or _ask_id(desk, section, key)
    form.ask_rest()
    desk.write(lambda _: ((section,), {key: form.entry}, None))


def _claim(desk: Desk, indicator: Indicator) -> Fields:
    sources = desk.data.sheet.sources
    form = _Form(desk, Claim, indicator, check={
        "reason": {"": "a claim of this rank needs a reason"}.get,
        "remark": lambda text: not text and form.said.get("printed_as") == "misprint"
        and "say how you know of the misprint",
    })  # fmt: skip
    form.ask_rest(source=max(sources, key=lambda key: sources[key].no, default=""))
    return form.entry


def _claims_place(sheet: FactSheet, key: str, period: str, claims: list[Fields]) -> Place:
    """Where claims belong: the end of their observation, or that in the order of dates."""
    path = ("indicators", key)
    if not period:
        return (*path, "claims"), claims, None
    observations = sheet.indicators[key].observations
    if period in observations:
        return (*path, "observations", period), claims, None
    if not observations:
        return path, {"observations": {period: claims}}, None
    earlier = [*takewhile(lambda other: _date(other) <= _date(period), observations)]
    return (*path, "observations"), {period: claims}, earlier[-1] if earlier else ""


class _Form:
    """Asks for the fields of one entry: ``said`` as they were answered, ``fields`` as written.

    ``check``: by field, what may be wrong with an answer beside what the model refuses;
    ``before``: what to say before its meaning.
    """

    def __init__(
        self,
        desk: Desk,
        model: type[BaseModel],
        indicator: Indicator | None = None,
        check: Mapping[str, Check] | None = None,
    ) -> None:
        self.said: dict[str, str] = {}
        self.fields: Fields = {}
        self.before: dict[str, str] = {}
        self._desk = desk
        self._model = model
        self._indicator = indicator
        self._check = check or {}
        self._shapes = _shapes(model)

    def ask_rest(self, **defaults: str) -> None:
        """Every field that was not asked for yet and that applies."""
        for name in dict.fromkeys((*_FIRST.get(self._model, ()), *self._shapes)):
            if name not in self.said and self._applies(name):
                default = self._model.model_fields[name].default
                default = "no" if default is False else default if isinstance(default, str) else ""
                self.ask(name, defaults.get(name, default))

    def ask(self, name: str, default: str = "") -> str:
        """The answer; what the model would refuse is asked for again."""
        shape, choices = self._shapes[name]
        if name == "inputs":
            self.before[name] = f"Say what {', '.join(self._unnamed())} stands for. "
        hint = self.before.get(name, "") + meanings(self._model)[name] + _SHAPES.get(shape, "")
        hint += f" One of: {', '.join(choices)}." if choices else ""
        section = self._section(name)
        if section and section != "indicators":
            hint += _one_of(self._desk, section, default)
        text = self._desk.ask(name, default, lambda text: self._problem(name, text), hint=hint)
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
            "inputs": bool(self._unnamed()),
        }.get(name, name not in _RARE)

    def _section(self, name: str) -> str:
        """The section whose ids a field takes; "" if none."""
        is_name = self._indicator and self._indicator.measure in {Measure.NAME, Measure.NAMES}
        return "names" if is_name and name == "value" else REFERENCES.get(name, "")

    def _unnamed(self) -> list[str]:
        """The names in a formula, or those in a rule that are no indicators."""
        text = self.said.get("rule", self.said.get("formula"))
        names = formula.parse(text, rule="rule" in self.said).names if text else ()
        known = self._desk.ids("indicators") if "rule" in self.said else ()
        return [name for name in names if name not in known]

    def _value(self, name: str, text: str) -> Any:
        if not text:
            return None
        parts = [part.strip() for part in text.split(";") if part.strip()]
        match self._shapes[name][0]:
            case "local":
                return {DEFAULT_LANGUAGE: text}
            case "plural":
                forms = {"one": parts[0]} if parts[1:] else {}
                return {DEFAULT_LANGUAGE: forms | {"other": parts[-1]}}
            case "list":
                return parts
            case "pairs":
                pairs = [part.partition(":") for part in parts]
                return {key.strip(): figure.strip() for key, _, figure in pairs}
            case "boolean":
                return {"yes": "true", "true": "true", "no": False, "false": False}.get(text, text)
        is_list = self._indicator and self._indicator.measure == Measure.NAMES and name == "value"
        return parts if is_list else text

    def _problem(self, name: str, text: str) -> Problem:
        """What is wrong with an answer."""
        try:
            problem = self._check[name](text) if name in self._check else None
            return problem or self._misfit(name, text)
        except (FormulaError, ValueFaultError) as error:
            return f"{error} — {error.hint}"

    def _misfit(self, name: str, text: str) -> Problem:
        """What does not fit the model, or the answers given before."""
        value, section = self._value(name, text), self._section(name)
        shape = self._shapes[name][0]
        if shape == "plural" and "," in text and ";" not in text:
            return f'"{text}" has a comma — write both forms with a semicolon: car; cars'
        if name in {"rule", "formula"}:
            formula.parse(text, rule=name == "rule")
        if name == "inputs" and (unsaid := [n for n in self._unnamed() if n not in (value or {})]):
            return f"say what {', '.join(unsaid)} stands for"
        if value is None and not self._model.model_fields[name].is_required():
            return False
        if value is None and not section:
            return "an answer is needed"
        items = [*value.values()] if shape == "pairs" else value
        for item in items if isinstance(items, list) else [items or ""]:
            if section and (problem := _missing(self._desk, section, item)):
                return problem
        found = self.fields | {name: value}
        try:
            self._model.model_validate(found)
        except ValidationError as error:
            for detail in error.errors():
                if detail["loc"][0] == name:
                    fault = self._desk.data.translated(detail, (name,))
                    return f"{fault.what} — {fault.hint}"
        if name in {"value", "high", "rounded"} and self._indicator:
            return self._unprinted(self._indicator, Claim.model_validate(found))
        if name == "outcome":
            sheet = self._desk.data.sheet
            outcome = next(sheet.indicators[w] for w in text.split() if w in sheet.indicators)
            target = Indicator.model_validate(self.fields)
            what = outcome_of_other_unit(sheet, target, outcome)
            return bool(what) and f"{what} — name a figure in the unit of the target"
        return False

    def _unprinted(self, indicator: Indicator, claim: Claim) -> Problem:
        """A value that is not in the printed words, without a reason.

        Raises:
            ValueFaultError: it cannot be read.
        """
        sheet = self._desk.data.sheet
        what = reader(sheet)(claim, read_value(sheet, indicator, claim))
        if not what or self.said.get("printed_as"):
            return False
        self.before["printed_as"] = f"{what}. Nothing, to correct it. "
        hint = 'correct it; else give the reason as "printed_as"'
        return not self.ask("printed_as") and f"{what} — {hint}"


def _shapes(model: type[BaseModel]) -> dict[str, tuple[str, list[str]]]:
    """The fields that a line of text can answer: their shape, and the words to choose from."""
    schema = model.model_json_schema()
    found: dict[str, tuple[str, list[str]]] = {}
    for name, field in schema["properties"].items():
        for part in field.get("anyOf", [field]):
            shape = schema["$defs"][part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part
            kind, inner = shape.get("type"), str(shape)
            if kind in {"string", "integer", "boolean"}:
                kind = "boolean" if kind == "boolean" else "text"
            elif shape.get("required") == [DEFAULT_LANGUAGE]:
                kind = "local"
            elif kind == "object" and "Plural" in inner and "properties" not in shape:
                kind = "plural"
            elif kind in {"array", "object"} and "$ref" not in inner and "properties" not in shape:
                kind = "list" if kind == "array" else "pairs"
            else:
                continue
            found.setdefault(name, (kind, shape.get("enum", [])))
    return found


def _ask_id(desk: Desk, section: str, key: str, suggested: str = "") -> str:
    """The id of a new entry of a section; ``key`` where it is known."""

    def problem(text: str) -> Problem:
        line = desk.data.line(section, text)
        if line > desk.data.line(section):
            return f'"{text}" is there already (line {line})'
        return _misshapen(section, text)

    return key or desk.ask("id", suggested, problem, hint=_ID)


def _misshapen(section: str, text: str) -> Problem:
    """What is wrong with the form of an id."""
    (pattern,) = FactSheet.model_json_schema()["properties"][section]["patternProperties"]
    what, hint = PATTERNS[pattern]
    return not re.search(pattern, text) and f"{what.format(text)} — {hint}"


def _missing(desk: Desk, section: str, text: str) -> Problem:
    """What is wrong where none of the words is an id of a section, unless it is made now."""
    known, kind = desk.ids(section), section.removesuffix("s")
    if any(word in known for word in text.split()) or (
        section == "names" and not re.fullmatch(NAME_ID, text)
    ):
        return False
    hint = nearest(text, known, f"known are {few(text, known)}")
    what = f'unknown {kind} "{text}" — {hint if known else f"first run: factsheet new {kind}"}'
    if _misshapen(section, text) or not desk.agrees_to(what, kind):
        return what
    _on_the_way(desk, kind, text)
    return False


def _on_the_way(desk: Desk, kind: str, key: str) -> None:
    desk.on_the_way.append(kind)
    _MAKE[kind][0](desk, key)
    desk.on_the_way.pop()


def _one_of(desk: Desk, section: str, default: str) -> str:
    known = desk.ids(section)
    return f" One of: {few(default, known)}." if default or 0 < len(known) <= FEW else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "source").removeprefix("www.")


def _date(period: str) -> tuple[Any, Any]:
    read = parse_period(period)
    return read.low, read.high


def _period_problem(text: str) -> Problem:
    try:
        parse_period(text)
    except ValueError as error:
        return f"{error} — write 2018, 2018-03, 2018-03-29 or 2018-01/2018-08"
    return False


_MAKE: dict[str, tuple[Make, str, tuple[type[BaseModel], ...]]] = {
    "source": (new_source, "id", (Source,)),
    "claim": (new_claim, "indicator period", (Claim,)),
    "indicator": (new_indicator, "id period", (Indicator, Claim)),
    "calculation": (new_calculation, "id formula round", (Indicator,)),
    "check": (_at_the_end("checks", Rule), "id", (Rule,)),
    "chart": (new_chart, "id", (Chart, Panel)),
    "revision": (new_revision, "", (Revision,)),
    "page": (new_page, "id", (Page,)),
    "unit": (_at_the_end("units", Unit), "id", (Unit,)),
    "name": (_at_the_end("names", Name), "id", (Name,)),
    "topic": (_at_the_end("topics", Topic), "id", (Topic,)),
    "sheet": (new_sheet, "", (FactSheet,)),
}
"""By kind of entry: who asks for it, its own questions, and the models whose fields are others."""


def _command(kind: str, make: Make, own: str, models: tuple[type[BaseModel], ...]) -> None:
    """Register a command; its options are the questions that it asks."""
    fields = [name for model in models for name in _shapes(model) if name not in _RARE]
    names = [*own.split(), *fields]
    options = ", ".join(f"--{name.replace('_', '-')}" for name in dict.fromkeys(names))

    def run(context: typer.Context, root: Path = Path()) -> None:
        answers: dict[str, str] = {}
        words = iter(context.args)
        for word in words:
            name, is_one, text = word.removeprefix("--").partition("=")
            if not word.startswith("--"):
                raise typer.BadParameter(f'"{word}" stands behind no option')
            answers[name.replace("-", "_")] = text if is_one else next(words, "")
        desk = Desk(root, kind, answers)
        try:
            if desk.is_blank and kind != "sheet":
                if not desk.at_terminal:
                    desk.refuse(f"there is no {desk.data.name} yet — run: factsheet new sheet")
                desk.tell("First of all, the sheet itself.")
                _on_the_way(desk, "sheet", "")
            make(desk, "")
        except typer.Abort:
            kept = f"Your answers are kept: factsheet new {kind} offers them again."
            typer.echo(f"\n{kept}", err=True)
            raise
        desk.done()
        _, faults = Project(root).read()
        typer.echo("" if faults else "\nNo faults.")
        typer.echo("\n".join(summary(faults)), err=True, nl=bool(faults))

    app.command(
        kind,
        help=make.__doc__ or f"A {kind}, at the end of its section.",
        epilog=f"Each question is also an option: {options}.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(run)


for _kind, _made in _MAKE.items():
    _command(_kind, *_made)
