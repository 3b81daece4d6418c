"""The JSON Schema of the data file, for completion and help in editors' programs."""

from typing import Any

from factsheet.data.load import BUILT_IN_UNITS
from factsheet.data.model import REFERENCES, FactSheet
from factsheet.site.manual import EntryHelp, FieldHelp, as_typed, entry_help

_Schema = dict[str, Any]


def data_file_schema(sheet: FactSheet) -> _Schema:
    """Made from the model: every field with its meaning and its examples, good and bad.

    Ids of ``sheet`` are offered where one is wanted; others of the right form are no fault, as
    the file may be older than the sheet. ``bad_examples`` is a keyword of our own; editors'
    programs show ``markdownDescription``.
    """
    schema = _scalars_as_typed(FactSheet.model_json_schema())
    for entry in entry_help():
        _explain(schema if entry.name == "FactSheet" else schema["$defs"][entry.name], entry)
    for section in sorted({*REFERENCES.values()}):
        known = [*getattr(sheet, section), *(BUILT_IN_UNITS if section == "units" else ())]
        schema["$defs"][f"{section}_now"] = {"enum": sorted(known)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _explain(schema: _Schema, entry: EntryHelp) -> None:
    for field in entry.fields:
        found = schema["properties"][field.name]
        found["examples"] = [_typed(field.good)]
        if field.name in REFERENCES:
            found["examples"] = []  # editors' programs would offer them beside the true ids
            _offer(found, REFERENCES[field.name])
        found["description"] = field.meaning.replace("``", "`")
        found["markdownDescription"] = _hover(field)
        found["bad_examples"] = [{"value": field.bad, "said": field.said}]


def _offer(found: _Schema, section: str) -> None:
    """Put the ids of a section beside the text that a field, or each of its items, takes."""
    ids = {"$ref": f"#/$defs/{section}_now"}
    of_each = [found.get("items"), *found.get("patternProperties", {}).values()]
    for text in filter(None, of_each):
        text.update({"anyOf": [ids, {key: text.pop(key) for key in [*text]}]})
    if "anyOf" in found:
        found["anyOf"].insert(0, ids)
    elif "properties" not in found and not any(of_each):
        shape = {key: found.pop(key) for key in ("type", "pattern", "minLength") if key in found}
        found["anyOf"] = [ids, shape]


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
    parts += [f"Good:\n```yaml\n{as_typed(field.name, field.good)}\n```"]
    parts += [f"Bad:\n```yaml\n{as_typed(field.name, field.bad)}\n```\n{field.said}"]
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
