"""The desk at which ``factsheet new`` works: it asks, keeps the answers, writes, and takes back.

Whatever is not new in a file stays as it is, byte by byte.
"""

import json
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Never

import typer
import yaml

from factsheet.build import files
from factsheet.build.project import DATA_FILE
from factsheet.data.load import BUILT_IN_UNITS, DataFile, load_sound
from factsheet.data.model import FactSheet
from factsheet.data.yaml_nodes import INVISIBLE, Path_, compose
from factsheet.editor.format import SPACED, entry
from factsheet.errors import FaultsError, refuse

Problem = str | bool | None
"""What is wrong with an answer; false if nothing is."""
Check = Callable[[str], Problem]
Place = tuple[Path_, Any, str | None]
"""Where an entry belongs: the fields or list that take it; it; and behind which of them, at the
start where that is "", at the end where it is none."""

BLANK = "edition: 2000-01-01\ntitle:\n  en: _\npublisher:\n  en: _\n"
NO_ENTRIES = "\ntopics: {}\n\nsources: {}\n\nindicators: {}\n"
SCHEMA_LINE = "# yaml-language-server: $schema=facts.schema.json"
_CACHE = Path(".cache")
_WRITTEN = _CACHE / "new.json"


class Desk:
    """The data file, the answers given as options, and the terminal for the others.

    What is asked at a terminal is kept at once, and offered again if the command had to stop.
    """

    def __init__(self, root: Path, command: str, given: dict[str, str]) -> None:
        """Read the data file, without entries at fault; raises ``FaultsError``."""
        self.root = root
        self.path = root / DATA_FILE
        self.is_blank = not (self.path.exists() and self.path.read_bytes().strip())
        self.data = self._read()
        self.at_terminal = sys.stdin.isatty()
        self.on_the_way: list[str] = []
        """The kinds of entries that are made because another one names them."""
        self._given = given
        is_mute = not (self.at_terminal or given)
        self._explained_by = f"factsheet new {command} --help" if is_mute else ""
        self._draft = root / _CACHE / f"new-{command}.json"
        self._said: dict[str, str] = {}
        self._kept = self._answers_of_last_time()
        self._written: list[tuple[str, str, str]] = []

    def _read(self) -> DataFile:
        if self.is_blank:
            root = compose(BLANK + NO_ENTRIES, "")
            assert root
            return DataFile(DATA_FILE.as_posix(), "", root, {}, "")
        return load_sound(self.path, DATA_FILE.as_posix(), with_references=False)

    def _answers_of_last_time(self) -> dict[str, str]:
        kept: dict[str, str] = {}
        if self.at_terminal and self._draft.is_file():
            with suppress(ValueError):
                kept = json.loads(self._draft.read_text("utf-8"))
            shown = ", ".join(text for text in kept.values() if text)
            if not typer.confirm(f"Go on with the answers of last time ({shown})?", default=True):
                return {}
        return kept

    def ids(self, section: str) -> Collection[str]:
        """The ids that a section has by now."""
        known = getattr(self.data.sheet, section)
        return [*known, *BUILT_IN_UNITS] if section == "units" else known

    def ask(
        self, name: str, default: str = "", check: Check = lambda _: False, *, hint: str
    ) -> str:
        """An answer that passes ``check``: the option, else asked for, else the default."""
        if self._explained_by:
            self.refuse(f"this is no terminal — give options: {self._explained_by}")
        place = "/".join([*self.on_the_way, name])
        default = self._kept.get(place, default)
        is_asked = self.at_terminal and place not in self._given
        while True:
            if is_asked:
                shown = f"{name} ({hint.replace('``', '')})"
                text = str(typer.prompt(shown, default, show_default=bool(default)))
            else:
                text = self._given.pop(name, default)
            text = text.strip()
            if is_asked:  # kept before it is looked at, which may make another entry on the way
                self._said[place] = text
                self._draft.parent.mkdir(exist_ok=True)
                files.write(self._draft, json.dumps(self._said))
            problem: Problem = "an invisible character — type it again"
            if not INVISIBLE.search(text) and not (problem := check(text)):
                return text
            typer.echo(f"--{name.replace('_', '-')}: {problem}", err=True)
            if not is_asked:
                raise typer.Exit(1)

    def agrees_to(self, problem: str, kind: str) -> bool:
        """Whether an entry that is not there yet shall be made on the way."""
        if not self.at_terminal:
            return False
        begun = "/".join([*self.on_the_way, kind, ""])
        is_begun = any(place.startswith(begun) for place in self._kept)
        return typer.confirm(f"{problem}\nMake it now?", default=is_begun)

    def tell(self, text: str) -> None:
        """Say something to whoever sits at the terminal."""
        if self.at_terminal:
            typer.echo(text)

    def write(self, place: Callable[[FactSheet], Place]) -> None:
        """Put an entry where ``place`` says that it belongs in the data file as it is by now."""
        self._refuse_more()
        if self.is_blank:
            self.is_blank = False
            _, fields, _ = place(self.data.sheet)
            self.create(DATA_FILE, "\n".join([SCHEMA_LINE, *entry(fields, 0), NO_ENTRIES]))
        else:
            try:
                data = self._read()
                found = place(data.sheet)
                self.put(DATA_FILE, data.root, found)
            except (FaultsError, LookupError):
                what = "was changed meanwhile and has no place left for this entry"
                self.refuse(f"{self.data.name} {what} — correct it, and run the command again")
        self.data = self._read()

    def create(self, name: Path, text: str) -> None:
        """Write a new file."""
        self._refuse_more()
        (self.root / name).parent.mkdir(exist_ok=True)
        files.write(self.root / name, text)
        self._remember(name, text)
        typer.echo(f"Written: {name.as_posix()}")

    def _refuse_more(self) -> None:
        """End where an option answers no question; a kind on the way asks at the terminal."""
        if self._given and not self.on_the_way:
            self.refuse(f"--{next(iter(self._given))}: does not apply here")

    def put(self, name: Path, root: yaml.Node, place: Place) -> None:
        """Put an entry into a YAML file, of which ``root`` is the content.

        Raises:
            LookupError: it has not the fields that should take the entry.
        """
        path, fields, after = place
        key, node = root, root
        for index, part in enumerate(path):
            pairs = node.value if isinstance(node, yaml.MappingNode) else []
            found = {key.value: (key, value) for key, value in pairs} or dict(
                enumerate((item, item) for item in node.value)
            )
            if index == 0 and part not in found and part in FactSheet.model_fields:
                order = list(FactSheet.model_fields)
                after = [one for one in found if order.index(one) < order.index(str(part))][-1]
                path, fields = (), {part: fields}
                break
            key, node = found[part]
        lines = _text(self.root / name).split("\n")
        emptied = ""
        first = key.start_mark.line
        if not isinstance(node, yaml.CollectionNode) or (node.flow_style and node.value):
            self.refuse(f"{path[-1]}: is not in block style — run: factsheet format")
        if node.value:
            behind = [child for child in node.value if after and child[0].value == after]
            number = first + 1 if after == "" else _end((behind or node.value)[-1], lines)
            indent = node.start_mark.column
        else:  # {} or []
            emptied, number, indent = lines[first], first + 1, key.start_mark.column + 2
            head = emptied[: node.start_mark.column].rstrip()
            lines[first] = head + emptied[node.end_mark.column :]
        new = written = entry(fields, indent)
        if node.value and (not path or path[-1] in SPACED):
            written = [*new, ""] if after == "" else ["", *new]
        ending = "\r" if lines[0].endswith("\r") else ""
        if number == len(lines):
            lines[-1] += ending
            lines.append("")
        lines[number:number] = [line + ending for line in written]
        files.write(self.root / name, "\n".join(lines))
        block = lines[number - bool(emptied) : number + len(written)]
        self._remember(name, "\n".join(block), emptied)
        line_number = number + 1 + (written[0] == "")
        typer.echo("\n".join([f"Written at {name.as_posix()}:{line_number}:", *new]))

    def _remember(self, name: Path, block: str, before: str = "") -> None:
        """Keep the lines just written, and the one that they replaced, for ``undo``."""
        self._written.append((name.as_posix(), block, before))
        (self.root / _CACHE).mkdir(exist_ok=True)
        files.write(self.root / _WRITTEN, json.dumps(self._written))

    def done(self) -> None:
        """Nothing is left to be kept for another time."""
        self._draft.unlink(missing_ok=True)

    def refuse(self, problem: str) -> Never:
        """End with what is wrong."""
        typer.echo(problem, err=True)
        raise typer.Exit(1)


def undo(root: Path) -> list[str]:
    """Take out what the last ``new`` wrote, if all stands there as it was; the lines taken out.

    Raises:
        FaultsError: there is nothing to take out, or it was changed since.
    """
    written: list[tuple[str, str, str]] = []
    with suppress(OSError, ValueError):
        written = json.loads((root / _WRITTEN).read_text("utf-8"))
    if not written:
        hint = 'the last "new" is undone already, or wrote nothing'
        refuse(DATA_FILE.as_posix(), "nothing is left to take out", hint)
    texts = {name: _text(root / name) for name, *_ in written}
    for name, block, before in reversed(written):
        text, new = f"\n{texts[name]}", f"\n{block}\n"
        if texts[name] == block:
            texts[name] = ""
        elif text.count(new) == 1:
            texts[name] = text.replace(new, f"\n{before}\n" if before else "\n")[1:]
        else:
            hint = "if lines of it are left, take them out by hand, or go back with git"
            refuse(name, "what was written last is gone, or was changed since", hint)
    for name, text in texts.items():
        if text:
            files.write(root / name, text)
        else:
            (root / name).unlink()
    (root / _WRITTEN).unlink()
    return [line for _, block, _ in written for line in block.splitlines()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _end(node: Any, lines: list[str]) -> int:
    """How many lines there are up to the end of an entry."""
    while not isinstance(node, yaml.ScalarNode) and (isinstance(node, tuple) or node.value):
        node = node[1] if isinstance(node, tuple) else node.value[-1]
    end: int = node.end_mark.line + (node.end_mark.column > 0)
    while not lines[end - 1].strip():
        end -= 1
    return end
