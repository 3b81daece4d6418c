"""The editors' reference of the data file: every field, from the code itself.

Meanings are the docstrings of ``model.py``; examples of fields stand in ``examples.yaml``. The JSON
Schema and the reference on the site both come from here.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic.fields import FieldInfo

from factsheet.data import model
from factsheet.data.model import Entry

KINDS: tuple[type[Entry], ...] = (
    model.FactSheet, model.Source, model.Retraction, model.Indicator, model.Claim, model.Derivation,
    model.Check, model.Case, model.Chart, model.Panel, model.Place, model.Revision, model.Topic,
    model.Unit, model.Plural, model.Name, model.Licence,
)  # fmt: skip
"""Every kind of entry, in the order of the reference."""


@dataclass(frozen=True)
class FieldHelp:
    """What an editor must know about one field; examples are plain YAML trees of texts."""

    name: str
    meaning: str
    required: bool
    choices: tuple[str, ...]
    good: Any = None
    bad: Any = None
    said: str = ""
    exempt: tuple[str, str] | None = None
    """Why figures may be typed there, and the rule that holds them to a source."""


@dataclass(frozen=True)
class EntryHelp:
    """One kind of entry with its fields."""

    name: str
    meaning: str
    fields: tuple[FieldHelp, ...]


@cache
def meanings(kind: type[Entry]) -> dict[str, str]:
    """What stands below each field of a kind of entry, in one line.

    Read when asked for: pydantic's own way reads the source each time the model is imported.
    """
    (tree,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(tree, ast.ClassDef)
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def entry_help() -> Iterator[EntryHelp]:
    """Every kind of entry of the data file."""
    for kind in KINDS:
        examples = _examples()[kind.__name__]
        fields = (
            FieldHelp(
                name,
                meanings(kind)[name],
                field.is_required(),
                tuple(_choices(field)),
                **examples.get(name, {}),
            )
            for name, field in kind.model_fields.items()
        )
        yield EntryHelp(kind.__name__, inspect.getdoc(kind) or "", tuple(fields))


@cache
def _examples() -> dict[str, dict[str, dict[str, Any]]]:
    text = (Path(__file__).parent / "examples.yaml").read_text("utf-8")
    found: dict[str, dict[str, dict[str, Any]]] = yaml.load(text, Loader=yaml.CBaseLoader)
    return found


def _choices(field: FieldInfo) -> Iterable[str]:
    """The words that a field takes, where it takes only those."""
    annotation = field.annotation
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [member.value for member in annotation]
    if annotation is bool:
        return ["true", "false"]
    return [choice for choice in get_args(annotation) if isinstance(choice, str)]


class _Plain(yaml.SafeDumper):
    """Writes texts without quotes wherever the loader would read them the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 — passed by the emitter
        """Indent lists below their field, as the data file does."""
        super().increase_indent(flow, False)


def as_typed(name: str, example: Any) -> str:
    """A field with an example as an editor types it."""
    if isinstance(example, str):
        return f"{name}: {example}".rstrip()
    text: str = yaml.dump(
        {name: example}, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100
    )
    return re.sub(r"'([\w.,~/-]+)'", r"\1", text).rstrip()
