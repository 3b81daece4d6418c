"""Promise one: no figure typed by hand, no call that names nothing.

Prose is what is left of a page when calls, code, addresses and tags are taken out. In it
every digit, number word and fraction is a fault; where the data file holds the value, the
fault names the macro call to put there.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import jinja2

from factsheet.analysis.factbase import FactBase, Observation
from factsheet.data.model import DEFAULT_LANGUAGE
from factsheet.errors import Fault, nearest
from factsheet.site.macros import MACROS, call_faults
from factsheet.site.pages import GENERATED, Call, Foreign, Page, Span, broken_call, read_parts
from factsheet.text.format import words_file
from factsheet.values.formula import PERCENT
from factsheet.values.interval import QualifiedNumber, parse_number

_HEAD = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BLANKED = [
    re.compile(r"(?<=\]\()[^()\s]*"),
    re.compile(r"(?<=\])\{[^{}]*\}|\{[:#.][^{}\n]*\}|\{ [#.:][^{}\n]*\}"),
    re.compile(r"^ {0,3}\d{1,3}[.)](?=\s)", re.MULTILINE),
]
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_READ_ATTRIBUTE = re.compile(
    r"(?<=\s)(?:alt|title|aria-label)=(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE
)
_ENTITY = re.compile(r"&#?\w+;")
_CODE_SPAN = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_FIGURE_ONLY = re.compile(r"[\d\s.,:%$€₼+\-–−/×x]+")
_NUMBER = re.compile(
    r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?: (?:thousand|million|billion))?", re.ASCII
)
_MAYBE_NUMERAL = re.compile(r"[0-9]|[^\x00-\x7f]")
_NUMERALS = {"Nd", "No", "Nl"}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)", re.DOTALL)
_LINK = re.compile(r"\]\((?:([\w./-]+\.md)\b)?(?:#([\w~.-]+))?(?=[) ])")


class Lint:
    """The faults of pages and prose fields against one fact base."""

    def __init__(self, facts: FactBase, language: str = DEFAULT_LANGUAGE) -> None:
        """Prepare the words of the language and the index of known values."""
        self.facts = facts
        self.sheet = facts.data.sheet
        words = words_file(language)["number_words"]
        units = {
            (unit.label.get(language) or unit.label[DEFAULT_LANGUAGE]).other
            for unit in self.sheet.units.values()
        }
        counted = "|".join(words["before_unit"])
        unit_words = "|".join(sorted(map(re.escape, units), key=len, reverse=True)) or r"\b\B"
        self._words = re.compile(
            rf"\b(?:{'|'.join(words['always'])})\b"
            rf"|\b\w+-?(?:{'|'.join(words['suffixes'])})\b"
            rf"|\b(?:{counted})[ \n-](?:{unit_words})\b",
            re.IGNORECASE,
        )
        self._no_numbers = set(words["no_numbers"])

    def pages(self, pages: Iterable[Page], *, all_read: bool = True) -> Iterator[Fault]:
        """Faults of the chapters; ``all_read``: none is missing that could not be parsed."""
        pages = list(pages)
        for page in pages:
            yield from self.calls(page.calls)
            yield from self._front_matter(page)
            masked = _mask(page.text)
            for span in _unmasked(masked, page.spans):
                yield from self.prose(page.file, span)
            yield from _headings(page)
            yield from _typed_tags(page.file, page.text)
            yield from _programs(page.file, page.text)
            yield from page.foreign
        if all_read:
            yield from self._places(pages)
            yield from self._link_faults(pages)

    def data_file(self) -> Iterator[Fault]:
        """Faults of the prose fields of the data file."""
        name = self.facts.data.name
        for prose in self.facts.data.prose():
            shift = prose.line - 1
            try:
                parts = list(read_parts(prose.raw))
            except jinja2.TemplateSyntaxError as error:
                fault = broken_call(prose.raw, name, error)
                yield replace(fault, line=fault.line + shift)
                continue
            calls = [
                replace(p, file=name, line=p.line + shift) for p in parts if isinstance(p, Call)
            ]
            spans = _unmasked(_mask(prose.raw), [p for p in parts if isinstance(p, Span)])
            for part in parts:
                if isinstance(part, Foreign):
                    yield Fault(name, part.line + shift, 0, part.what, part.hint)
            for call in calls:
                if call.macro not in MACROS or not MACROS[call.macro].in_texts:
                    what = f'"{call.macro}" cannot stand in a text of the data file'
                    yield Fault(name, call.line, 0, what, "use fig, when or name")
            yield from self.calls(calls)
            for span in spans:
                column = span.column + (prose.column - 1 if span.line == 1 else 0)
                yield from self.prose(name, Span(prose.line + span.line - 1, column, span.text))

    def labels(self) -> Iterator[Fault]:
        """Faults of units and names, whose texts are no prose: a digit, or a macro call."""
        data = self.facts.data
        for unit_id, unit in self.sheet.units.items():
            for language, plural in unit.label.items():
                for text in (plural.one, plural.few, plural.many, plural.other):
                    if text and re.search(r"\d|\{\{", text):
                        path = ("units", unit_id, "label", language)
                        yield data.fault(path, f'a unit called "{text}"', "use words alone")
        for name_id, name in self.sheet.names.items():
            for language, text in name.label.items():
                if "{{" in text:
                    path = ("names", name_id, "label", language)
                    yield data.fault(path, "a macro call in a name", "write the name itself")

    def titles(self, file: str, lines: Iterable[tuple[int, str]]) -> Iterator[Fault]:
        """Faults of titles in the site's configuration, given with their lines."""
        for line, text in lines:
            yield from self.prose(file, Span(line, 1, text))
            if "<" in text or html.unescape(text) != text:
                yield Fault(file, line, 0, "markup in a title", "write it as plain text")

    def prose(self, file: str, span: Span) -> Iterator[Fault]:
        """Each number in a stretch of prose."""
        text = span.text
        numbers = [*_NUMBER.finditer(text)]
        covered = {index for match in numbers for index in range(*match.span())}
        for match in numbers:
            yield self._typed(file, span, match.start(), match[0])
        for match in self._words.finditer(text):
            word = re.match(r"[\w-]*", text[match.start() :])
            exempt = word and word[0].lower() in self._no_numbers
            if match.start() not in covered and not exempt:
                yield self._typed(file, span, match.start(), match[0])
        for match in _MAYBE_NUMERAL.finditer(text):
            if match.start() not in covered and unicodedata.category(match[0]) in _NUMERALS:
                yield self._typed(file, span, match.start(), match[0])

    def _typed(self, file: str, span: Span, start: int, shown: str) -> Fault:
        line = span.line + span.text.count("\n", 0, start)
        newline = span.text.rfind("\n", 0, start)
        column = start - newline if newline >= 0 else span.column + start
        before, after = span.text[max(0, start - 40) : start], span.text[start : start + 40]
        word = f"|{before}".split()[-1].removeprefix("|") if before[-1:].strip() else ""
        word += (after.split() or [""])[0]
        unit = span.text[start + len(shown) : start + len(shown) + 40]
        hint = self._call_for(" ".join(shown.split()), word, " ".join(unit.split()))
        return Fault(file, line, column, f'"{" ".join(shown.split())}" is typed by hand', hint)

    def _call_for(self, shown: str, word: str, unit: str) -> str:
        """The call that prints this value, where the data file holds it in the unit after it."""
        word = word.strip(".,;:()")
        for name_id, name in self.sheet.names.items():
            for spelling in [*name.label.values(), *name.also]:
                if any(c.isdigit() for c in spelling) and word in spelling.split():
                    return f'write {{{{ name("{name_id}") }}}}'
        calls = [
            f'{{{{ fig("{o.indicator_id}"' + (f', "{o.period.text}"' if o.period else "") + ") }}"
            for o in self._values.get(_normal(shown), [])
            if self._is_in(o, unit)
        ]
        if calls:
            return "write " + " or ".join(calls[:3])
        if re.fullmatch(r"(19|20)\d\d", shown):
            return f'write {{{{ when("{shown}") }}}}'
        if shown[:1].isdigit() or shown[-1:].isdigit():
            return "put the figure into the data file with its source, and call it with fig()"
        return "say it without a number, or call the figure with fig()"

    def _is_in(self, observation: Observation, after: str) -> bool:
        """Whether the text after a number allows for the observation's unit."""
        named = observation.indicator.unit
        if after.startswith(("%", "percent", "per cent")):
            return named == PERCENT
        said = {
            unit_id
            for unit_id, unit in self.sheet.units.items()
            for plural in unit.label.values()
            for label in (plural.one, plural.other)
            if label and after.startswith(label)
        }
        return named in said if said else named != PERCENT

    @cached_property
    def _values(self) -> dict[str, list[Observation]]:
        found: dict[str, list[Observation]] = {}
        for observation in self.facts.observations.values():
            if isinstance(observation.value, QualifiedNumber):
                for key in {
                    str(observation.value.number.value),
                    str(observation.value.number.mantissa),
                }:
                    found.setdefault(key, []).append(observation)
        return found

    def calls(self, calls: Iterable[Call]) -> Iterator[Fault]:
        """Faults of macro calls: unknown macros, ids, periods, names; arguments that do not fit."""
        for call in calls:
            for what, hint in call_faults(self.facts, call):
                yield Fault(call.file, call.line, 0, what, hint)

    def _places(self, pages: list[Page]) -> Iterator[Fault]:
        """Each list that figures link to stands on exactly one page."""
        for one in [macro for macro in MACROS.values() if macro.once]:
            calls = [call for page in pages for call in page.calls if call.macro == one.name]
            for call in calls[1:]:
                what = f"{one.name}() stands also in {calls[0].file}:{calls[0].line}"
                yield Fault(call.file, call.line, 0, what, "keep one of the two")
            if pages and not calls:
                hint = f"add {{{{ {one.name}() }}}} to one page"
                yield self.facts.data.fault((one.once,), f"no page calls {one.name}()", hint)

    def _link_faults(self, pages: list[Page]) -> Iterator[Fault]:
        """Links in Markdown to pages or anchors that do not exist."""
        by_name = {f"{page.name}.md": page for page in pages}
        anchors: dict[str, list[str]] = {}
        for page in pages:
            for span in page.spans:
                for match in _LINK.finditer(span.text):
                    line = span.line + span.text.count("\n", 0, match.start())
                    file, anchor = match[1] or f"{page.name}.md", match[2]
                    figure = self._figure_anchors(file)
                    if figure is not None:
                        anchors[file] = figure
                    elif file not in by_name:
                        hint = nearest(file, by_name, f"the pages are {', '.join(by_name)}")
                        yield Fault(page.file, line, 0, f'no page is called "{file}"', hint)
                        continue
                    if file not in anchors:
                        anchors[file] = list(dict.fromkeys(self._anchors(by_name[file])))
                    if anchor and anchor not in anchors[file]:
                        what = f'"{file}" has no anchor "{anchor}"'
                        hint = nearest(
                            anchor, anchors[file], "take it from the page's address line"
                        )
                        yield Fault(page.file, line, 0, what, hint)

    def _figure_anchors(self, file: str) -> list[str] | None:
        """The anchors of a figure's page, by its address as a Markdown link has it."""
        folder, _, name = file.rpartition("/")
        call = Call("figure_page", (name.removesuffix(".md"),))
        if folder != GENERATED or any(call_faults(self.facts, call)):
            return None
        return list(MACROS["figure_page"].anchors(self.facts, *call.args))

    def _anchors(self, page: Page) -> Iterator[str]:
        """What a link to a page may name after ``#``."""
        yield from _heading_anchors(page.text)
        for call in page.calls:
            if not any(call_faults(self.facts, call)):
                one = MACROS[call.macro]
                yield from one.anchors(self.facts, **one.arguments(call))

    def _front_matter(self, page: Page) -> Iterator[Fault]:
        match = _FRONT_MATTER.match(page.text)
        for number, line in enumerate((match[1] if match else "").splitlines(), start=2):
            key, _, text = line.partition(":")
            if "{{" in text:
                what = "a macro in the front matter is not filled in"
                yield Fault(page.file, number, 0, what, "say it without the figure")
            elif key.strip() not in {"template", "hide", "search"}:
                yield from self.prose(page.file, Span(number, len(key) + 2, text))


def _mask(text: str) -> str:
    """The text with everything that is not prose blanked out, each character in its place."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    def blank_code(match: re.Match[str]) -> str:
        # A bare number in backticks is a figure, not code.
        return match[0] if _FIGURE_ONLY.fullmatch(match[2]) else blank(match)

    def blank_tag(match: re.Match[str]) -> str:
        # What a tag shows or reads out is prose too.
        kept, start = "", 0
        for attribute in _READ_ATTRIBUTE.finditer(match[0]):
            kept += re.sub(r"[^\n]", " ", match[0][start : attribute.start()]) + attribute[0]
            start = attribute.end()
        return kept + re.sub(r"[^\n]", " ", match[0][start:])

    def blank_entity(match: re.Match[str]) -> str:
        # An entity that stands for a digit or a fraction is shown as the fault.
        shown = html.unescape(match[0])
        if len(shown) == 1 and unicodedata.category(shown) in _NUMERALS:
            return shown + " " * (len(match[0]) - 1)
        return blank(match)

    text = _without_fences(_HEAD.sub(blank, text))
    text = _without_comments(text)
    text = _CODE_SPAN.sub(blank_code, text)
    text = _TAG.sub(blank_tag, text)
    for pattern in _BLANKED:
        text = pattern.sub(blank, text)
    return _ENTITY.sub(blank_entity, text)


def _unmasked(masked: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans of prose as the masked text has them."""
    lines = masked.split("\n")
    for span in spans:
        count = span.text.count("\n")
        part = lines[span.line - 1 : span.line + count]
        if count == 0:
            part = [part[0][span.column - 1 : span.column - 1 + len(span.text)]]
        else:
            last = len(span.text) - span.text.rfind("\n") - 1
            part = [part[0][span.column - 1 :], *part[1:-1], part[-1][:last]]
        yield Span(span.line, span.column, "\n".join(part))


def _normal(shown: str) -> str:
    """A typed number as the index of values has it."""
    try:
        return str(parse_number(shown).value)
    except ValueError:
        return shown


def _without_fences(text: str) -> str:
    """The text with fenced code blanked; a fence that is not closed hides nothing."""
    lines = text.split("\n")
    closing: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if re.fullmatch(r"(?:`{3,}|~{3,})[ \t]*", line):
            closing.setdefault(line.strip(), []).append(number)
    number = 0
    while closing and number < len(lines):
        opening = re.match(r"`{3,}|~{3,}", lines[number])
        ends = closing.get(opening[0], []) if opening else []
        place = bisect_right(ends, number)
        last = ends[place] if place < len(ends) else number - 1
        lines[number : last + 1] = [" " * len(line) for line in lines[number : last + 1]]
        number = max(last, number) + 1
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    """The text with HTML comments blanked; one that is not closed hides nothing."""
    parts, end = [], 0
    start = text.find("<!--")
    while start >= 0 and (close := text.find("-->", start)) >= 0:
        parts += [text[end:start], re.sub(r"[^\n]", " ", text[start : close + 3])]
        end = close + 3
        start = text.find("<!--", end)
    return "".join([*parts, text[end:]])


def _typed_tags(file: str, masked: str) -> Iterator[Fault]:
    """A figure's own tags typed by hand would pass for a figure of the data file."""
    for match in re.finditer(r"<(?:data|time)\b", masked):
        line = masked[: match.start()].count("\n") + 1
        hint = 'take it out, and call {{ fig("…") }} or {{ when("…") }}'
        yield Fault(file, line, 0, f"a tag {match[0]}> typed by hand", hint)


_ACTIVE = re.compile(
    r"<(?:script|iframe|frame|object|embed|form|base|meta|link|style|svg|math)\b"
    r"|(?:<[a-z/][^<>]*|\{[^{}]*)[\s\"'/]on[a-z]+\s*=",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\]\(\s*<?([^)>]*)|^ {0,3}\[[^\]\n]*\]: *(\S+)|<([a-z]+:[^<>]*)>"
    r"|(?:href|src|action)\s*=\s*[\"']?([^\"'<>]*)",
    re.IGNORECASE | re.MULTILINE,
)


def _programs(file: str, text: str) -> Iterator[Fault]:
    """What a browser would run, or load from elsewhere: no page needs it."""
    text = _without_comments(_without_fences(text))
    text = _CODE_SPAN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in _ACTIVE.finditer(text):
        line = text.count("\n", 0, match.end()) + 1
        shown = " ".join(match[0][:40].split())
        yield Fault(
            file, line, 0, f"{shown} would make the page run or load something", "delete it"
        )
    for match in _ADDRESS.finditer(text):
        address = re.sub(
            r"[\s\x00-\x1f]", "", html.unescape(next(filter(None, match.groups()), ""))
        )
        if re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
            line = text.count("\n", 0, match.start()) + 1
            what = f'"{address[:60]}" is not a web address'
            yield Fault(file, line, 0, what, "link to https://…, or to a page of docs/")


def _heading_anchors(text: str) -> Iterator[str]:
    """The anchors of a page's headings as Python-Markdown makes them, and those written."""
    text = _without_comments(_without_fences(text))
    yield from re.findall(r"""(?:\{:? *#|\bid=["']?)([\w-]+)""", text)
    used: set[str] = set()
    for heading in re.findall(r"^#+ +(\S.*)$", text, re.MULTILINE):
        words = re.sub(r"<[^<>]*>|\{[^{}]*\} *$|\]\([^()]*\)", "", heading)
        plain = unicodedata.normalize("NFKD", html.unescape(words)).encode("ascii", "ignore")
        slug = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain.decode()).strip().lower())
        anchor, number = slug, 0
        while anchor in used:
            number += 1
            anchor = f"{slug}_{number}"
        used.add(anchor)
        yield anchor


_HEADING_LINE = re.compile(r"\s*(?:(?:[-*+>]|\d+[.)])\s+)*#{1,6}\s")
_HEADING_TAG = re.compile(r"<(h[1-6]|summary)\b", re.IGNORECASE)


def _lines_in_heading_tags(text: str) -> Iterator[int]:
    end, line = 0, 1
    unclosed: set[str] = set()
    for match in _HEADING_TAG.finditer(text):
        tag = match[1].lower()
        if match.start() < end or tag in unclosed:
            continue
        line += text.count("\n", end, match.start())
        end = match.start()
        closing = re.compile(f"</{tag}>", re.IGNORECASE).search(text, end)
        if closing:
            yield from range(line, line + text.count("\n", end, closing.end()) + 1)
            line += text.count("\n", end, closing.end())
            end = closing.end()
        else:
            unclosed.add(tag)


def _headings(page: Page) -> Iterator[Fault]:
    """No figure in a heading: its anchor and the contents would carry a number."""
    lines = page.text.split("\n")
    heading_lines = {
        number
        for number, line in enumerate(lines, start=1)
        if _HEADING_LINE.match(line)
        or (
            number < len(lines)
            and line.strip()
            and re.fullmatch(r"=+|-{2,}", lines[number].strip())
        )
    }
    heading_lines |= set(_lines_in_heading_tags(page.text))
    for call in page.calls:
        if call.macro in {"fig", "count"} and call.line in heading_lines:
            yield Fault(page.file, call.line, 0, "a figure in a heading", "move it into the text")
