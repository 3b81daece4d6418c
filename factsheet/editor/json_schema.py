"""The JSON Schema of the data file, for completion and help in editors' programs."""

from typing import Any

from factsheet.data.model import FactSheet
from factsheet.site.manual import EntryHelp, FieldHelp, entry_help

_Schema = dict[str, Any]


def data_file_schema() -> _Schema:
    """Made from the model: every field with its meaning and its examples, good and bad.

    ``bad_examples`` is a keyword of our own; editors' programs show ``markdownDescription``.
    """
    schema = _scalars_as_typed(FactSheet.model_json_schema())
    for entry in entry_help():
        _explain(schema if entry.name == "FactSheet" else schema["$defs"][entry.name], entry)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _explain(schema: _Schema, entry: EntryHelp) -> None:
    for field in entry.fields:
        found = schema["properties"][field.name]
        found["description"] = field.meaning.replace("``", "`")
        found["markdownDescription"] = _hover(field)
        found["examples"] = [_typed(field.good)]
        found["bad_examples"] = [{"value": field.bad, "said": field.said}]


def _typed(example: Any) -> Any:
    """An example as editors' programs read it: whole numbers and truths are no texts."""
    if isinstance(example, dict):
        return {key: _typed(value) for key, value in example.items()}
    if isinstance(example, list):
        return [_typed(item) for item in example]
    if example in {"true", "false"}:
        return example == "true"
    return int(example) if example.isdecimal() else example


def _hover(field: FieldHelp) -> str:
    """What is shown when the pointer rests on a field."""
    parts = [field.meaning.replace("``", "`"), "Required." if field.required else "Optional."]
    parts += [f"Good:\n```yaml\n{field.good_text}\n```"]
    parts += [f"Bad:\n```yaml\n{field.bad_text}\n```\n{field.said}"]
    return "\n\n".join(parts)


def _scalars_as_typed(node: Any) -> Any:
    """Let text fields also take bare numbers and dates, as editors type them without quotes."""
    if isinstance(node, dict):
        changed = {key: _scalars_as_typed(value) for key, value in node.items()}
        if changed.get("type") == "string" and not {"enum", "const"} & set(changed):
            changed["type"] = ["string", "number"]
        return changed
    if isinstance(node, list):
        return [_scalars_as_typed(item) for item in node]
    return node
