"""The data as other programs take it: tables, a spreadsheet file, a data package, one zip.

The package follows https://datapackage.org/standard/data-package/ (version 2).
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from pydantic import BaseModel

from factsheet.export.models import FactRow, Facts, SourceRow, schema_of
from factsheet.export.write import fact_rows, words_of
from factsheet.site.site import Site
from factsheet.text.serialize import as_csv, as_json, cell, columns
from factsheet.values.dates import parse_period

SUMS = "SHA256SUMS"
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The day that a zip gives to files; the oldest it knows, as XlsxWriter has it too."""
_NUMBERS = ("value", "high")
_DIGITS = 15
"""As many as a spreadsheet keeps of a number (IEEE 754); a longer one is text."""
_WIDE, _NARROW = 40, 16
_TABLES: dict[str, type[BaseModel]] = {"facts": FactRow, "sources": SourceRow}


def data_files(site: Site, facts: Facts) -> dict[str, bytes]:
    """The downloads of all data, by name: JSON with its schema, tables, spreadsheet, package."""
    schema = schema_of(Facts) | {"$id": facts.shape}
    tables = tables_of(facts)
    texts = {
        "facts.json": as_json(facts),
        "facts.schema.json": as_json(schema),
        **{f"{name}.csv": as_csv(_TABLES[name], rows) for name, rows in tables.items()},
    }
    files = {name: text.encode() for name, text in texts.items()}
    files["facts.xlsx"] = spreadsheet(site, facts, tables)
    files["datapackage.json"] = as_json(package(site, facts, tables, files)).encode()
    return files


def tables_of(facts: Facts) -> dict[str, list[BaseModel]]:
    """The rows of each table, by its name."""
    sources = [SourceRow.model_validate(source) for source in facts.sources]
    return {"facts": list(fact_rows(facts)), "sources": list(sources)}


def package(
    site: Site, facts: Facts, tables: Mapping[str, list[BaseModel]], files: Mapping[str, bytes]
) -> dict[str, Any]:
    """The description of the tables: columns with types and keys, terms, and every source."""
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": site.sheet.file_name,
        "title": site.plain(site.sheet.title),
        "description": words_of(facts.citation),
        "version": facts.edition,
        "created": f"{facts.edition}T00:00:00Z",
        "contributors": [{"title": site.plain(site.sheet.publisher), "roles": ["publisher"]}],
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[f"{name}.csv"]),
                "hash": f"sha256:{hashlib.sha256(files[f'{name}.csv']).hexdigest()}",
                "schema": _schema(site, name, kind, rows),
            }
            for (name, kind), rows in zip(_TABLES.items(), tables.values(), strict=True)
        ],
        "sources": [
            {"title": ": ".join(filter(None, (s.publisher, s.title))), "path": s.url}
            for s in facts.sources
        ],
    }
    if site.public_url:
        described["homepage"] = site.public_url
    if facts.licence:
        described["licenses"] = [{"path": facts.licence.url, "title": facts.licence.name}]
    return described


def _schema(
    site: Site, name: str, kind: type[BaseModel], rows: Iterable[BaseModel]
) -> dict[str, Any]:
    fields = []
    shape = kind.model_json_schema(mode="serialization")
    for column in columns(kind):
        told = shape["properties"][column]
        parts = [part for part in told.get("anyOf", [told]) if part.get("type") != "null"]
        name_of_part = parts[0].get("$ref", "").rpartition("/")[2]
        part = shape["$defs"][name_of_part] if name_of_part else parts[0]
        given = {"array": "string"}.get(part["type"], part["type"])
        field = {"name": column, "type": "date" if column == "edition" else given}
        field["description"] = site.wording.words["columns"][name][column]
        is_needed = parts == [told] and part["type"] != "array"
        limits: dict[str, Any] = {"required": True} if is_needed else {}
        if "enum" in part:
            limits["enum"] = part["enum"]
        if column == "unit":
            limits["enum"] = sorted({getattr(row, column) for row in rows})
        fields.append(field | ({"constraints": limits} if limits else {}))
    keys: dict[str, Any] = {"primaryKey": ["id", "claim"] if name == "facts" else ["id"]}
    if name == "facts":
        leads = {"resource": "sources", "fields": ["id"]}
        keys["foreignKeys"] = [{"fields": ["source"], "reference": leads}]
    return {"fields": fields, "missingValues": [""], **keys}


def spreadsheet(site: Site, facts: Facts, tables: Mapping[str, list[BaseModel]]) -> bytes:
    """The tables as an Excel workbook, with a sheet that explains the columns.

    Numbers and truth values are such; every other cell is text. Dates are too: in their
    columns stand years, months and stretches of time beside days, which sort as text alone.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        day = parse_period(facts.edition).high
        book.set_properties({
            "title": site.plain(site.sheet.title),
            "author": site.plain(site.sheet.publisher),
            "comments": words_of(facts.citation),
            "created": datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None),
        })  # fmt: skip
        head = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            names = columns(_TABLES[name])
            sheet.write_row(0, 0, names, head)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, len(rows), len(names) - 1)
            for number, column in enumerate(names):
                is_wide = column in {"label", "printed", "reason", "title", "url", "record", "id"}
                sheet.set_column(number, number, _WIDE if is_wide else _NARROW)
            for line, row in enumerate(rows, start=1):
                is_number = getattr(row, "measure", None) not in {"date", "name", "names"}
                for number, (column, value) in enumerate(row):
                    match value:
                        case None:
                            continue
                        case bool():
                            sheet.write_boolean(line, number, value)
                        case int():
                            sheet.write_number(line, number, value)
                        case str() if column in _NUMBERS and is_number and len(value) <= _DIGITS:
                            sheet.write_number(line, number, Decimal(value))
                        case _:
                            sheet.write_string(line, number, cell(value, guard=False), text)
        sheet = book.add_worksheet("columns")
        sheet.write_row(0, 0, ["table", "column", "description"], head)
        told = [(name, column) for name, kind in _TABLES.items() for column in columns(kind)]
        for line, (name, column) in enumerate(told, start=1):
            sheet.write_row(
                line, 0, [name, column, site.wording.words["columns"][name][column]], text
            )
        sheet.set_column(0, 1, _NARROW)
        sheet.set_column(2, 2, 2 * _WIDE)
    return out.getvalue()


def sums_of(files: Mapping[str, bytes]) -> str:
    """The checksums of some files, as ``sha256sum`` writes and reads them."""
    names = sorted(files.keys() - {SUMS})
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names)


def zipped(site: Site, files: Mapping[str, bytes]) -> bytes:
    """A zip of some files with a README and checksums, the same bytes whenever it is made."""
    licence = site.sheet.licence
    readme = site.wording.words["readme"].format(
        title=site.plain(site.sheet.title),
        citation=site.citation(),
        licence=f"{site.wording.name(licence.name)}, {licence.url}" if licence else "-",
        exception=site.plain(licence.exception) if licence else "",
        columns="\n\n".join(
            "\n".join(
                [f"{site.wording.words['tables'][table]}:", ""]
                + [f"- {name}: {text}" for name, text in told.items()]
            )
            for table, told in site.wording.words["columns"].items()
        ),
    )
    files = {**files, "README.md": readme.encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted({**files, SUMS: sums_of(files).encode()}.items()):
            about = zipfile.ZipInfo(name, _OLDEST)
            about.create_system, about.external_attr = 3, 0o644 << 16  # as on Unix, everywhere
            archive.writestr(about, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
