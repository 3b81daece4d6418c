"""The chapters, each read once before anything is built: head, headings, calls, and prose.

"Used on", links, unknown ids and hand-typed numbers all come from this one reading.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import yaml

from factsheet.data.yaml_nodes import INVISIBLE, compose, read_text, tree_faults
from factsheet.errors import Fault, FaultsError, nearest
from factsheet.site import markdown
from factsheet.site.calls import Call, Reading, blank, read_calls

MAX_BYTES = 300_000
"""Of a page; some patterns take time by the square of it."""
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
"""Endings of photographs that a page may show."""
GENERATED = "figures"
"""The folder within that of the pages in which the engine writes a page for every indicator."""
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One Markdown file: ``name`` is its address without ending, ``file`` its path."""

    name: str
    file: str
    head: str
    """The fields between the lines of hyphens at the top, from the second line on."""
    reading: Reading

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of macros, in their order."""
        return self.reading.calls

    @cached_property
    def visible(self) -> str:
        """The page without head, calls, fenced code and comments, each character in its place."""
        return markdown.visible(self.reading.rest)

    @property
    def is_for_paper(self) -> bool:
        """Whether the booklet has it: not so with ``only: screen`` in its head."""
        return not re.search(r"^only: *screen *$", self.head, re.MULTILINE)

    @property
    def is_for_editors(self) -> bool:
        """Whether the search leaves it out, so that its examples are found by no reader."""
        return bool(re.search(r"^search:(?: *\{|\s+)exclude: *true", self.head, re.MULTILINE))

    @cached_property
    def headings(self) -> list[markdown.Heading]:
        """The headings that begin a section."""
        return markdown.headings(self.visible)

    @property
    def title(self) -> str:
        """The first heading of the first level, or the name."""
        return next((one.words for one in self.headings if one.level == 1), self.name)

    def fault(self, place: int, what: str, hint: str) -> Fault:
        """A fault in the line of a place in the text, or in one with parts of it blanked."""
        return Fault(self.file, self.visible.count("\n", 0, place) + 1, 0, what, hint)

    def section(self, line: int) -> int:
        """The number of the section that a line of the file stands in."""
        return bisect_right(self.headings, line, key=lambda heading: heading.line)

    def is_row(self, line: int) -> bool:
        """Whether a line of the file is a row of a table."""
        return self.visible.splitlines()[line - 1].startswith("|")


_HEAD = ("title", "description", "only", "search", "hide", "template", "tags")
"""What the head of a page may say."""


def page_files(folder: Path, root: Path) -> tuple[list[Path], list[Fault]]:
    """The Markdown pages directly in ``folder``; a fault for each file that would go out unread.

    Beside the pages, only what the theme needs may lie there; the generator follows links.
    """
    if not folder.is_dir() or not folder.resolve().is_relative_to(root.resolve()):
        name = folder.name or str(folder)
        fault = Fault(name, 1, 0, "there is no such folder here", "keep the pages in docs/")
        raise FaultsError([fault])
    files: list[Path] = []
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*"), key=str):
        parts, ending = path.relative_to(folder).parts, path.suffix.lower()
        is_lost = path.is_symlink() and not path.exists()
        leads = path.resolve() if path.is_symlink() and not is_lost else None
        is_made = path.parent == folder / GENERATED
        is_asset = parts[0] == "assets" and ending in {".css", ".js", ".svg", *PICTURES}
        what = hint = ""
        if is_lost:
            what, hint = "a link that leads to nothing", "put the file itself here, or delete it"
        elif leads and (leads.is_dir() or not leads.is_relative_to(root.resolve())):
            what = "a link to a folder, or out of the project"
            hint = "put the file itself here, or delete the link"
        elif path.is_dir() or parts[0].startswith(".") or is_made or is_asset:
            continue
        elif ending not in {".md", ".markdown", ".html", ".htm"}:
            what = "this file would be published unread"
            hint = "delete it: figures go out through the data file, pages through docs/*.md"
        elif path.parent != folder or path.suffix != ".md":
            what = "this page would be published unread"
            hint = "keep each page directly in docs/, with the ending .md"
        else:
            twin = next((p.name for p in files if p.stem.lower() == path.stem.lower()), None)
            files.append(path)
            if twin:
                what, hint = f'but for capitals, the same name as "{twin}"', "rename one of the two"
            elif not re.fullmatch(r"\w[\w-]*", path.stem, re.ASCII):
                what = "the name of this file is no address"
                hint = "use letters, digits and hyphens: sales-and-exports.md"
        if what:
            faults.append(Fault(_named(path, root), 1, 0, what, hint))
    return files, faults


def _named(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def read_page(path: Path, root: Path) -> Page:
    """Parse one page; ``root`` is the folder that faults name it from.

    Raises:
        FaultsError: not UTF-8, a merge conflict, or not readable by Jinja.
    """
    file = _named(path, root)
    text = read_text(path, file, MAX_BYTES)
    head = _FRONT_MATTER.match(text)
    faults = [
        Fault(file, number, 0, "a merge conflict is left here", "keep one version")
        for number, line in enumerate(text.split("\n"), start=1)
        if re.match(r"(<{7}|>{7}) ", line)
    ]
    if not head and re.match(r"---[ \t]*\n", text):
        what = "the head of the page is not closed"
        faults.append(Fault(file, 1, 0, what, 'write "---" on a line of its own below its fields'))
    faults += _head_faults(head[1] if head else "", file)
    for match in islice(INVISIBLE.finditer(text), 10):
        line, start = text.count("\n", 0, match.start()) + 1, text.rfind("\n", 0, match.start())
        what = f"an invisible character (U+{ord(match[0]):04X})"
        faults.append(Fault(file, line, match.start() - start, what, "delete it"))
    body = blank(head[0]) + text[head.end() :] if head else text
    try:
        page = Page(path.stem, file, head[1] if head else "", read_calls(body, file))
    except FaultsError as error:
        raise FaultsError([*faults, *error.faults]) from None
    if faults:
        raise FaultsError(faults)
    return page


def _head_faults(text: str, file: str) -> Iterator[Fault]:
    """The page's head must be plain YAML fields, or MkDocs prints it as text."""
    if not text:
        return
    try:
        root = compose(text, file)
    except FaultsError as error:
        yield from (replace(fault, line=fault.line + 1) for fault in error.faults)
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        what = "the head of the page cannot be read"
        yield Fault(file, line, 0, what, "put the text after the colon in quotes")
        return
    if not isinstance(root, yaml.MappingNode):
        yield Fault(file, 2, 0, "the head of the page holds no fields", 'write "description: …"')
    else:
        lines, faults = tree_faults(root, file)
        if escape := re.search(r'"[^"\n]*\\(?!["\\])', text):
            line = text.count("\n", 0, escape.end()) + 2
            yield Fault(file, line, 0, "an escape in quotes", "type the letter itself")
        yield from (replace(fault, line=fault.line + 1) for fault in faults)
        for key in root.value:
            name = str(key[0].value)
            if not faults and name not in _HEAD:
                line, what = lines.get((name,), 1) + 1, f'unknown field "{name}"'
                hint = nearest(name, _HEAD, f"known are {', '.join(_HEAD)}")
                yield Fault(file, line, 0, what, hint)
