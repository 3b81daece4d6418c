"""The editors' reference is whole and true: fields, macros, templates, schema and the guide."""

import json
import re
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from factsheet.analysis.analyse import analyse
from factsheet.analysis.factbase import FactBase
from factsheet.charts.data import Marks
from factsheet.data.load import PROSE, load
from factsheet.data.model import Entry, FactSheet, FileName, LocalText, Quotation, Text
from factsheet.editor.json_schema import data_file_schema
from factsheet.errors import FaultsError
from factsheet.lint.advice import advice_faults
from factsheet.lint.leftovers import leftover_faults
from factsheet.lint.lint import Lint
from factsheet.lint.printed import printed_faults
from factsheet.site.calls import Call, read_parts
from factsheet.site.macros import MACROS, call_faults
from factsheet.site.manual import KINDS, FieldHelp, as_typed, entry_help
from factsheet.site.pages import read_page
from factsheet.site.site import Site
from tests.conftest import LIGHTHOUSE, ROOT

TEMPLATES = ROOT / "data/templates.yaml"
SCHEMA = ROOT / "data/facts.schema.json"
GUIDE = ROOT / "docs/editing-guide.md"
MODELINE = "# yaml-language-server: $schema=facts.schema.json"
Tree = dict[str, Any]
Place = tuple[str | int, ...]

# Where in the templates an entry of each kind stands, and other places for fields that need one.
HOSTS: dict[str, Place] = {
    "FactSheet": (),
    "Unit": ("units", "car_per_year"),
    "Plural": ("units", "car", "label", "ru"),
    "Name": ("names", "euro_5"),
    "Licence": ("licence",),
    "Topic": ("topics", "production"),
    "Source": ("sources", "gazette-77"),
    "Source.retracted": ("sources", "gazette-80"),  # nothing rests on it
    "Retraction": ("sources", "gazette-80", "retracted"),
    "Indicator": ("indicators", "country_output"),
    "Claim": ("indicators", "country_output", "observations", "2018", 0),
    "Derivation": ("indicators", "country_output", "derived", "2018-09/2018-12"),
    "Check": ("checks", "plant_within_country"),
    "Case": ("checks", "plant_within_country", "known", "2018"),
    "Case.kind": ("indicators", "country_output", "disputes", "2018"),  # one that does not lead
    "Chart": ("charts", "national-output"),
    "Chart.places": ("charts", "where-it-stands"),
    "Chart.view": ("charts", "where-it-stands"),
    "Chart.boundaries": ("charts", "where-it-stands"),
    "Panel": ("charts", "national-output", "panels", 0),
    "Place": ("charts", "where-it-stands", "places", 0),
    "Place.country": ("charts", "where-it-stands", "places", 1),
    "Revision": ("revisions", 0),
    "Claim.high": ("indicators", "car_price", "claims", 0),
    "Claim.qualifier": ("indicators", "country_output", "observations", "2018", 1),
    "Claim.printed_as": ("indicators", "plant_output", "observations", "2018", 0),
    "Claim.rounded": ("indicators", "plant_cost", "claims", 0),
    "Claim.due": ("indicators", "output_planned", "claims", 0),
    "Indicator.observations": ("indicators", "plant_output"),
    "Indicator.claims": ("indicators", "plant_cost"),
    "Indicator.formula": ("indicators", "output_growth"),
    "Indicator.inputs": ("indicators", "output_growth"),
    "Indicator.periods": ("indicators", "output_growth"),
    "Indicator.round": ("indicators", "output_growth"),
    "Indicator.stance": ("indicators", "output_planned"),
    "Indicator.outcome": ("indicators", "output_planned"),
}
FIELDS = [(entry.name, field) for entry in entry_help() for field in entry.fields]
each_field = pytest.mark.parametrize(
    ("kind", "field"), FIELDS, ids=[f"{kind}.{field.name}" for kind, field in FIELDS]
)


def fields_of(text: str) -> Tree:
    """A data file's text as plain fields, all scalars as text."""
    tree: Tree = yaml.load(text, Loader=yaml.CBaseLoader)
    return tree


@cache
def _templates() -> Tree:
    return fields_of(TEMPLATES.read_text("utf-8"))


def written(tree: Tree) -> str:
    text: str = yaml.dump(
        tree, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text


def read(text: str, folder: Path) -> FactBase:
    path = folder / "facts.yaml"
    path.write_text(text, "utf-8")
    return analyse(load(path, "facts.yaml"))


def faults_in(text: str, folder: Path, page: str = "") -> list[str]:
    """What the engine says to a data file of this text, and to a page of that one."""
    try:
        facts = read(text, folder)
        path = folder / "page.md"
        path.write_text(f"# Page\n\n{page}\n", "utf-8")
        pages = [read_page(path, folder)]
    except FaultsError as error:
        return [str(fault) for fault in error.faults]
    lint = Lint(facts)
    on_page = [fault for fault in lint.pages(pages) if fault.file == "page.md"]
    drawn = Marks(facts).faults
    texts = [*lint.data_file(), *advice_faults(facts)]
    found = [*facts.faults, *facts.contradictions, *texts, *on_page, *drawn]
    return [str(fault) for fault in found]


def with_example(kind: str, field: str, example: Any) -> str:
    """The templates with an example in the place of a field; sections keep their other entries."""
    tree = deepcopy(_templates())
    entry: Any = tree
    for step in HOSTS.get(f"{kind}.{field}", HOSTS[kind]):
        entry = entry[step]
    if kind == "FactSheet" and isinstance(example, dict):
        entry[field] |= example
    elif isinstance(example, str):
        entry[field] = "EXAMPLE"
        return re.sub(r"\bEXAMPLE\b", lambda _: example, written(tree))
    else:
        entry[field] = example
    return written(tree)


# Fields


def test_every_kind_of_entry_is_explained() -> None:
    assert set(KINDS) == set(Entry.__subclasses__())


@each_field
def test_a_field_has_a_meaning_and_examples(kind: str, field: FieldHelp) -> None:
    assert field.meaning.endswith("."), kind
    assert field.good is not None
    assert field.bad is not None
    assert field.said


@each_field
def test_the_good_example_is_accepted(kind: str, field: FieldHelp, tmp_path: Path) -> None:
    assert not faults_in(with_example(kind, field.name, field.good), tmp_path)


@each_field
def test_the_bad_example_is_refused_in_the_words_quoted(
    kind: str, field: FieldHelp, tmp_path: Path
) -> None:
    faults = faults_in(with_example(kind, field.name, field.bad), tmp_path)
    assert any(f": {field.said} — " in fault for fault in faults), "\n".join(faults)


@each_field
def test_an_example_is_shown_as_an_editor_types_it(kind: str, field: FieldHelp) -> None:
    assert fields_of(as_typed(field.name, field.good)) == {field.name: field.good}, kind


# Macros


@pytest.fixture(scope="module")
def templates_site() -> Site:
    return Site(analyse(load(TEMPLATES)), [], data_folder=TEMPLATES.parent)


def test_every_macro_is_explained() -> None:
    for macro in MACROS.values():
        assert macro.gives.endswith("."), macro.name
        assert all(macro.meanings.values()), macro.call
        assert set(macro.meanings) == set(re.findall(r"\w+(?=\]?[,)])", macro.call)), macro.call
        assert set(macro.lists) <= set(macro.meanings), macro.call


def test_the_examples_of_macros_are_calls_without_a_fault(templates_site: Site) -> None:
    for macro in MACROS.values():
        (call,) = read_parts(f"{{{{ {macro.example or macro.call} }}}}")
        assert isinstance(call, Call)
        assert call.macro == macro.name
        assert not call_faults(templates_site.facts, call), macro.example
        assert 'class="fault"' not in templates_site.call(call)


@each_field
def test_a_meaning_has_digits_only_in_code(kind: str, field: FieldHelp) -> None:
    assert not re.search(r"\d", "".join(field.meaning.split("``")[::2])), kind


def test_what_macros_give_has_digits_only_in_code() -> None:
    for macro in MACROS.values():
        for text in [macro.gives, *macro.meanings.values()]:
            assert not re.search(r"\d", "".join(text.split("``")[::2])), text


# The page


@pytest.fixture(scope="module")
def reference(built_site: Path) -> LexborHTMLParser:
    return LexborHTMLParser((built_site / "reference.html").read_text("utf-8"))


def test_the_reference_shows_every_field(reference: LexborHTMLParser) -> None:
    for kind, field in FIELDS:
        term = reference.css_first(f'dt[id="field-{kind.lower()}-{field.name}"]')
        assert term, f"{kind}.{field.name}"
        explained = term.next
        while explained and explained.tag != "dd":
            explained = explained.next
        assert explained
        shown = [node.text() for node in explained.css("code")]
        assert as_typed(field.name, field.good) in shown
        assert as_typed(field.name, field.bad) in shown
        assert field.said in shown


def test_the_reference_shows_every_macro(reference: LexborHTMLParser) -> None:
    shown = [node.text() for node in reference.css("dl.macros code")]
    for macro in MACROS.values():
        assert macro.call in shown
        assert f"{{{{ {macro.example or macro.call} }}}}" in shown


# The JSON Schema


@cache
def _sheet() -> FactSheet:
    return load(TEMPLATES).sheet


def test_the_schema_offers_the_ids_of_the_sheet_and_refuses_no_other() -> None:
    schema = data_file_schema(_sheet())
    claim = schema["$defs"]["Claim"]["properties"]["source"]
    offered = schema["$defs"][claim["anyOf"][0]["$ref"].rpartition("/")[2]]["enum"]
    assert offered == sorted(_sheet().sources)
    validator = jsonschema.Draft202012Validator(schema)
    for name, text in (("source", "paper-9"), ("unit", "times"), ("outcome", "up to jobs 2018"),
                       ("inputs", {"a": "jobs"}), ("figures", ["jobs", "jobs 2018"])):  # fmt: skip
        kinds = [kind for kind in schema["$defs"].values() if name in kind.get("properties", {})]
        for kind in kinds:
            validator.evolve(schema=kind["properties"][name]).validate(text)
    assert not validator.evolve(schema=claim).is_valid("Paper 9")


@each_field
def test_the_schema_explains_and_exemplifies_the_field(kind: str, field: FieldHelp) -> None:
    schema = data_file_schema(_sheet())
    place = schema if kind == "FactSheet" else schema["$defs"][kind]
    found = place["properties"][field.name]
    assert found["description"]
    assert field.said in found["markdownDescription"]
    assert found["bad_examples"]
    validator = jsonschema.Draft202012Validator(schema).evolve(schema=found)
    for example in found["examples"]:
        validator.validate(example)


def test_the_data_file_and_the_templates_fit_the_schema() -> None:
    files = [ROOT / "data/facts.yaml", TEMPLATES]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_editors_programs_find_the_schema() -> None:
    for name in ("facts.yaml", "templates.yaml"):
        first_line = (ROOT / "data" / name).read_text("utf-8").partition("\n")[0]
        assert first_line == MODELINE
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
    for schema, files in settings["yaml.schemas"].items():
        assert all((ROOT / name).is_file() for name in [schema, *files])


# The templates


def test_the_templates_have_no_fault(tmp_path: Path) -> None:
    text = TEMPLATES.read_text("utf-8")
    assert not faults_in(text, tmp_path)
    found = [str(fault) for fault in leftover_faults(read(text, tmp_path), [], all_read=False)]
    assert not [fault for fault in found if "begins a comment" in fault]


def test_the_templates_load_beside_other_entries(tmp_path: Path) -> None:
    """Renumbered, as their own comments ask for."""
    templates = deepcopy(_templates())
    for source in templates["sources"].values():
        source["no"] = f"10{source['no']}"
    other = fields_of((LIGHTHOUSE / "data/facts.yaml").read_text("utf-8"))
    assert not faults_in(written(merged(other, templates)), tmp_path)


def test_the_templates_show_every_field() -> None:
    shown: dict[str, set[str]] = {kind.__name__: set() for kind in KINDS}
    for kind, place in [(name.partition(".")[0], place) for name, place in HOSTS.items()]:
        entry: Any = _templates()
        for step in place:
            entry = entry[step]
        shown[kind] |= set(entry)
    shown["Source"] |= set(_templates()["sources"]["ministry-20190130"])
    shown["Unit"] |= set(_templates()["units"]["car_per_year"])
    for kind, field in FIELDS:
        if (kind, field.name) != ("Derivation", "round"):  # it stands under a formula
            assert field.name in shown[kind], f"{kind}.{field.name}"


# The guide


def merged(host: Tree, piece: Tree) -> Tree:
    """``host`` with the entries of ``piece`` added; texts and lists are replaced."""
    result = dict(host)
    for key, value in piece.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def snippets(kind: str) -> list[str]:
    """The code fences of a kind in the guide."""
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_each_snippet_of_the_guide_is_accepted(tmp_path: Path) -> None:
    tree = _templates()
    for snippet in snippets("yaml"):
        tree = merged(tree, fields_of(snippet))
        faults = faults_in(written(tree), tmp_path)
        waiting = [fault for fault in faults if "no claim uses source" in fault]
        assert faults == waiting, f"{snippet}\n{faults}"
    for snippet in snippets("markdown"):
        assert not faults_in(written(tree), tmp_path, page=snippet)


def test_the_guide_quotes_its_story_as_it_is_printed() -> None:
    """What a snippet says is printed stands in the press release or the newspaper."""
    told = " ".join(" ".join(snippets("text")).split())
    for snippet in snippets("yaml"):
        for printed in re.findall(r"printed: (.+)", snippet):
            assert printed in told


_REASON = "          reason:\n            en: The ministry counts; the paper estimates.\n"
_RANK = "          rank: preferred # optional: preferred or deprecated; both need a reason\n"
_SOURCE = """\
  new-1:
    no: 9
    publisher: New
    url: https://example.org
    language: en
    seen: whole
"""
_MORE = """\
1,000
          qualifier: more than
          source: gazette-77
          printed: 2 zavod"""
# A slip that an editor makes in the templates, or on a page, for each message in the guide.
SLIPS: dict[str, tuple[str, str]] = {
    "a second colon on the line": ("title: Car output grows", "title: Cars: output grows"),
    "a line without a colon": ("    title: Car", "title\n    title: Car"),
    "a tab in the indent": ("    title: Car", "\ttitle: Car"),
    "stands here twice": ("    no: 2\n", "    no: 2\n    no: 3\n"),
    "a merge conflict is left here": ("names:\n", "<<<<<<< mine\nnames:\n"),
    "an invisible character": ("title: Car", "title: C\u200bar"),
    "begins with a sign of YAML": (
        "    publisher: Industry Gazette",
        "    publisher: &x X\n    title: *x",
    ),
    "unknown field": ("          printed: 969 cars", "          prints: 969 cars"),
    "is missing": ("    publisher: Industry Gazette\n", ""),
    "is empty": ("publisher: Industry Gazette", "publisher:"),
    "should hold fields": ("    label:\n      en: Production", "    label: Production"),
    "should hold a list": ("      - Euro-5\n      - EURO V", "      Euro-5"),
    "is not a date": ("published: 2019-01-30", "published: 30.01.2019"),
    "is not in the printed words": ("value: 969\n", "value: 996\n"),
    "after the number is no scale": ("value: 969\n", "value: 969 cars\n"),
    "unknown source": ("source: ministry-20190130", "source: ministry-20190131"),
    "unknown topic": ("topic: production", "topic: products"),
    "unknown unit": ("unit: car #", "unit: cars #"),
    "no claim uses source": ("sources:\n", f"sources:\n{_SOURCE}"),
    "cannot all be true": (_RANK + _REASON, ""),
    "is not disputed": (
        "    disputes: #",
        "    disputes:\n      2017:\n        explanation:\n          en: Why.\n    #",
    ),
    "claim without a reason": (_REASON, ""),
    "does not hold for": (
        "      2018:\n        kind: dispute #",
        "      2017:\n        kind: dispute #",
    ),
    "is not broken for": (_MORE, _MORE.replace("more than", "nearly").replace("1,000", "900")),
    "has no period": ("made: country_output 2018", "made: country_output 2016"),
    "is typed by hand": ("PAGE", "It made 969 cars."),
    "unknown figure": ("PAGE", '{{ fig("country_outputs", "2018") }}'),
    "needs a period": ("PAGE", '{{ fig("country_output") }}'),
    "unknown macro": ("PAGE", '{{ figure("country_output", "2018") }}'),
    "has no anchor": ("PAGE", "[See](page.md#no-such-section)."),
    "would make the page run or load something": ("PAGE", "<iframe src='x'></iframe>"),
    "broken macro call": ("PAGE", '{{ fig("country_output", "2018" }}'),
}


def test_the_guide_names_these_messages() -> None:
    terms = re.findall(r"^`[^`\n]+`(?:, `[^`\n]+`)*$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert {message for term in terms for message in re.findall("`(.+?)`", term)} == set(SLIPS)


@pytest.mark.parametrize("message", SLIPS)
def test_a_message_of_the_guide_is_what_the_engine_says(message: str, tmp_path: Path) -> None:
    old, new = SLIPS[message]
    text = TEMPLATES.read_text("utf-8")
    if old == "PAGE":
        faults = faults_in(text, tmp_path, page=new)
    else:
        assert old in text
        faults = faults_in(text.replace(old, new, 1), tmp_path)
    if "printed" in message:
        faults += map(str, printed_faults(read(text.replace(old, new, 1), tmp_path)))
    assert any(message in fault for fault in faults), "\n".join(faults)


def held(annotation: Any) -> set[str]:
    """Whether a field holds free text: prose by language, or any other."""
    if annotation in (Text, FileName, Quotation):
        return {"text"}
    if annotation == LocalText:
        return {"prose"}
    return set().union(*map(held, get_args(annotation))) if get_args(annotation) else set()


def test_each_text_is_linted_or_exempt_with_a_reason_and_a_bound() -> None:
    found: dict[str, set[str]] = {}
    for kind in KINDS:
        for name, annotation in get_type_hints(kind, include_extras=True).items():
            found[f"{kind.__name__}.{name}"] = held(annotation)
    exempt = {name for name, kinds in found.items() if "text" in kinds}
    linted = {name for name, kinds in found.items() if kinds == {"prose"}}
    quoted = {"Name.label", "Claim.translation"}
    exempt -= {"FactSheet.charts"}  # keyed by such a text, which is an address
    told = {f"{e.name}.{f.name}": f.exempt for e in entry_help() for f in e.fields if f.exempt}
    assert exempt | quoted == {*told}
    assert {name.partition(".")[2] for name in linted - quoted} <= PROSE
    for reason, bound in told.values():
        assert reason
        assert bound
