"""The JSON Schema of the data file, for completion and help in editors' programs."""

from typing import Any

from factsheet.model import FactSheet


def data_file_schema() -> dict[str, Any]:
    """Made from the model: every field with its description."""
    schema = FactSheet.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_scalars_as_typed(schema)}


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
