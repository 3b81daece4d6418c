"""An indicator gets another id: in the data file and on the pages, wherever it is named."""

import re
from collections.abc import Iterator
from pathlib import Path

from factsheet.build import files
from factsheet.build.project import DATA_FILE, Project
from factsheet.data.load import DataFile, load
from factsheet.data.model import REFERENCES
from factsheet.errors import FaultsError, nearest
from factsheet.site.markdown import taken_out, without_code

_LOCAL = {"rule", "doubts"}
"""Fields of a check that name its inputs, or an indicator where no input is so called."""
_REFERENCES = {name for name, section in REFERENCES.items() if section == "indicators"} - _LOCAL
_OTHER_IDS = {"name", "chart", "topic_figures"}
"""Macros whose texts name no indicator."""
_OPEN = r"(?<![\w-])"
"""What no id begins behind."""
_CALL = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}|\{\{\s*(\w+)\(.*?\}\}", re.DOTALL)


def rename(root: Path, old: str, new: str) -> tuple[list[str], list[str]]:
    """Rename an indicator everywhere; return the files that changed, and what still says ``old``.

    The latter are lines of comments and examples, which are not changed.

    Raises:
        FaultsError: there is no such indicator, ``new`` is taken or no id, or the project would
            have a fault that it had not; then every file is as before.
        OSError: it could not write.
    """
    project, path = Project(root), root / DATA_FILE
    data = load(path, DATA_FILE.as_posix())
    _refuse_ids(data, old, new)
    before = {fault.what for fault in project.read()[1]}
    texts = {path: path.read_text("utf-8")}
    changed = {path: _in_data(data, texts[path], old, new)}
    for page in sorted(project.docs.glob("*.md")):
        texts[page] = page.read_text("utf-8")
        changed[page] = _in_page(texts[page], old, new)
    changed = {file: text for file, text in changed.items() if text != texts[file]}
    try:
        for file, text in changed.items():
            files.write(file, text)
        site, found = Project(root).read()
        faults = [fault for fault in found if fault.what not in before]
        if faults:
            raise FaultsError(faults)
    except (FaultsError, OSError):
        for file in changed:
            files.write(file, texts[file])
        raise
    pages = [page for page in (site.pages if site else ()) if not page.is_for_editors]
    still = [*_said(changed[path], DATA_FILE.as_posix(), rf"#.*{_OPEN}{re.escape(old)}")]
    for shown in pages:
        text = (root / shown.file).read_text("utf-8")
        code = taken_out(text, without_code(text))
        still += _said(code, shown.file, _OPEN + re.escape(old))
    return [file.relative_to(root).as_posix() for file in changed], still


def _said(text: str, file: str, pattern: str) -> Iterator[str]:
    """The lines in which an id stands, also as the beginning of that of an observation."""
    for number, line in enumerate(text.split("\n"), start=1):
        if re.search(rf"{pattern}(?!\w)", line):
            yield f"{file}:{number}"


def _refuse_ids(data: DataFile, old: str, new: str) -> None:
    indicators = data.sheet.indicators
    if old not in indicators:
        what, hint = f'unknown indicator "{old}"', nearest(old, indicators, "see indicators:")
    elif new in indicators or new in data.sheet.checks:
        what, hint = f'"{new}" is there already', "choose another id"
    elif not re.fullmatch(r"[a-z][a-z0-9_]*", new):
        what, hint = f'"{new}" is no id', "write small letters, digits and underscores"
    else:
        return
    raise FaultsError([data.fault(("indicators", old), what, hint)])


def _in_data(data: DataFile, text: str, old: str, new: str) -> str:
    """Replace from the end on, so that places in the text stay right."""
    (indicators,) = (value for key, value in data.root.value if key.value == "indicators")
    named = [key for key, _ in indicators.value if key.value == old]
    for path, node in data.scalars:
        is_rule = path[0] == "checks" and not _LOCAL.isdisjoint(path)  # an input may be so called
        is_global = is_rule and old not in data.sheet.checks[str(path[1])].inputs
        if is_global or not _REFERENCES.isdisjoint([*path[:1], *path[2:]]):
            named.append(node)
    for node in sorted(named, key=lambda node: -node.start_mark.index):
        start, end = node.start_mark.index, node.end_mark.index
        text = text[:start] + _word(old).sub(new, text[start:end]) + text[end:]
    text = _in_page(text, old, new)
    key = re.compile(rf"^([ ]+){new}:[^\n]*\n(?:\1[ ]+formerly:\n)?([ ]+)", re.MULTILINE)
    match = key.search(text, text.index("\nindicators:"))
    if not match:
        return text
    head = "" if "formerly:" in match[0] else f"{match[2]}formerly:\n"
    indent = match[2] + ("  " if head else "")
    place = match.start(2)
    return f"{text[:place]}{head}{indent}- {old}\n{text[place:]}"


def _in_page(text: str, old: str, new: str) -> str:
    """Calls and links outside of examples."""

    def replaced(match: re.Match[str]) -> str:
        if match[1] is None or match[1] in _OTHER_IDS:
            return match[0]
        quoted = re.compile(r"""(["'])(?:(?!\1).)*\1""")
        return quoted.sub(lambda literal: _word(old).sub(new, literal[0]), match[0])

    text = _CALL.sub(replaced, text)
    text = re.sub(rf"#dispute-{old}(?=\W|$)", f"#dispute-{new}", text, flags=re.MULTILINE)
    return re.sub(rf"\bfigures/{old}\.(html|md)\b", rf"figures/{new}.\1", text)


def _word(old: str) -> re.Pattern[str]:
    return re.compile(rf"{_OPEN}{re.escape(old)}(?![\w-])")
