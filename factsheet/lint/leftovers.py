"""What no single entry shows: entries that nothing uses, told twice, or of an impossible time."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from operator import attrgetter
from urllib.parse import parse_qsl, urlsplit

from factsheet.analysis.factbase import FactBase
from factsheet.data.load import Found, claims_of
from factsheet.data.model import DEFAULT_LANGUAGE, FactSheet, Measure, Rank, Stance
from factsheet.data.parse import NAME_ID
from factsheet.data.yaml_nodes import Path_
from factsheet.errors import Fault
from factsheet.site.calls import Call
from factsheet.site.pages import Page
from factsheet.values.dates import Period, parse_period

_FIRST_YEAR, _YEARS_AHEAD = 1500, 100
"""Earlier years are of another calendar (1397 is Persian), later ones slips."""
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id")
_QUOTED = ("title", "publisher", "printed", "author", "said_by", "published_basis")
"""Fields of text beside those keyed by language."""
_SIGNS = re.compile(r"\]\([^)\s]*\)|\*\*\w|<\w+ [\w-]+=")


def leftover_faults(
    facts: FactBase, pages: Iterable[Page], *, all_read: bool = True
) -> Iterator[Fault]:
    """Faults of the data file as a whole; ``all_read``: no page is missing beside it."""
    calls = [call for page in pages for call in page.calls]
    for found in (
        *(_unused(facts, calls) if all_read else ()),
        *_dates(facts),
        *_early_dues(facts),
        *_same_twice(facts),
        *_nearly_names(facts.data.sheet),
        *_unexplained(facts),
        *_untranslated(facts),
        *_texts(facts),
    ):
        yield facts.data.fault(*found)


def _unused(facts: FactBase, calls: list[Call]) -> Found:
    """Units, topics and names that no entry has, and charts that no page shows."""
    sheet = facts.data.sheet
    indicators = sheet.indicators.values()
    words = {*re.findall(r"\w+", " ".join(node.value for _, node in facts.data.scalars))}
    said: dict[str, set[str]] = {"name": words, "chart": set()}
    for call in calls:
        if call.macro in said:
            said[call.macro] |= {*map(str, (*call.args, *dict(call.kwargs).values()))}
    units = {one.unit for one in indicators} | {unit.rate_of for unit in sheet.units.values()}
    uses = (
        ("units", units, "no indicator has the unit", "delete it"),
        ("topics", {one.topic for one in indicators}, "no indicator has the topic", "delete it"),
        ("names", words, "nothing uses the name", "delete it, or call it with name()"),
        # A misspelled call is told where it stands.
        ("charts", {*sheet.charts} if said["chart"] - {*sheet.charts} else said["chart"],
         "no page shows the chart", 'add {{{{ chart("{0}") }}}} to a page, or delete it'),
    )  # fmt: skip
    for section, used, what, hint in uses:
        for key in getattr(sheet, section):
            if key not in used:
                yield (section, key), f'{what} "{key}"', hint.format(key)


def _dates(facts: FactBase) -> Found:
    """Dates that have not come yet, or that nobody can mean."""
    sheet = facts.data.sheet
    today = parse_period(sheet.edition).high
    dated: list[tuple[Path_, Period, bool]] = [
        (("sources", key, "published"), parse_period(source.published), True)
        for key, source in sheet.sources.items()
        if source.published
    ]
    for o in facts.observations.values():
        has_come = o.indicator.stance == Stance.OUTCOME and not o.formula
        if o.period and not o.formula:
            dated.append((o.path, o.period, has_come))
        dated += [
            ((*claim.path, "value"), claim.value, has_come)
            for claim in o.claims
            if isinstance(claim.value, Period)
        ]
    for path, period, has_come in dated:
        low = period.low if period.start else period.high
        if not _FIRST_YEAR <= low.year <= today.year + _YEARS_AHEAD:
            hint = "write the year of the common calendar, with four digits"
            yield path, f'"{period.text}" is in the year {low.year}', hint
        elif has_come and low > today:
            what = f'"{period.text}" is after the edition, {sheet.edition}'
            yield path, what, 'correct it, or set "edition:" to today'


def _early_dues(facts: FactBase) -> Found:
    """A promise is not due before the source that makes it."""
    for _, read in facts.claims:
        due, made = read.claim.due, facts.data.sheet.sources[read.claim.source].published
        if due and made and not read.claim.remark:
            first, last = parse_period(made).first_day, parse_period(due).last_day
            if first and last and last < first:
                what = f"due {due}, before the source was published, {made}"
                hint = 'correct one of the two, or say in "remark:" when it was promised'
                yield (*read.path, "due"), what, hint


def _nearly_names(sheet: FactSheet) -> Found:
    """A value that is a name but for a slip, and so would be shown as it is typed."""
    ids = {re.sub(r"[\W_]", "", key).casefold(): key for key in sheet.names}
    spelled = {*sheet.names, *(t for n in sheet.names.values() for t in n.label.values())}
    for key, indicator in sheet.indicators.items():
        for path, claim in claims_of(indicator) if indicator.measure == Measure.NAME else ():
            typed = str(claim.value)
            if typed not in spelled and not re.fullmatch(NAME_ID, typed):  # told where it is read
                bare = re.sub(r"[\W_]", "", typed).casefold()
                for close in get_close_matches(bare, ids, n=1, cutoff=0.9):
                    place = ("indicators", key, *path, "value")
                    yield place, f'"{typed}" is nearly a name', f'write "{ids[close]}"'


def _same_twice(facts: FactBase) -> Found:
    """One page as two sources, and one claim as two."""
    seen: dict[str, str] = {}
    for key, source in facts.data.sheet.sources.items():
        first = seen.setdefault(bare_address(source.url), key)
        if first != key:
            what = f'the same page as source "{first}"'
            yield ("sources", key, "url"), what, "keep one, and move its claims"
    labels: dict[tuple[str, str], str] = {}
    for key, indicator in facts.data.sheet.indicators.items():
        told = (indicator.topic, indicator.label.get(DEFAULT_LANGUAGE, ""))
        first = labels.setdefault(told, key)
        if first != key:
            what = f'"{first}" has the same label, "{told[1]}"'
            hint = "say what makes this one another, or move its claims there"
            yield ("indicators", key, "label"), what, hint
        claims: dict[str, int] = {}
        for path, claim in claims_of(indicator):
            place = ("indicators", key, *path)
            line = facts.data.line(*place)
            line_of_first = claims.setdefault(f"{path[:-1]} {_same(claim)}", line)
            if line_of_first != line:
                yield place, f"the same claim stands in line {line_of_first}", "keep one of the two"


_same = attrgetter("value", "high", "qualifier", "source", "printed", "said_by", "due")


def bare_address(url: str) -> str:
    """A web address without what does not change the page: scheme, www, tracking, fragment."""
    parts = urlsplit(url)
    host = (parts.netloc.lower().removeprefix("www.")).removesuffix(":443").removesuffix(":80")
    query = [pair for pair in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(pair[0])]
    return f"{host}{parts.path.rstrip('/')}?{sorted(query)}"


def _unexplained(facts: FactBase) -> Found:
    """A settled contradiction still needs to be explained to readers."""
    for dispute in facts.disputes:
        o = dispute.observations[0]
        is_settled = any(one.claim.rank == Rank.PREFERRED for one in o.standing)
        if dispute.case is None and dispute.is_of_claims and is_settled:
            what = f'the claims for "{o.reference}" cannot all be true, and nothing says why'
            fields = '"question:", "write:" and "explanation:"'
            yield o.path, what, f'add "disputes:" with "{o.period_key}:" and its {fields}'


def _untranslated(facts: FactBase) -> Found:
    """Readers are told what a source prints in another language."""
    for _, read in facts.claims:
        language = facts.data.sheet.sources[read.claim.source].language
        if language != DEFAULT_LANGUAGE and not read.claim.translation:
            hint = f'add "translation:" with "{DEFAULT_LANGUAGE}: …"'
            yield (*read.path, "printed"), f'printed in "{language}", and not translated', hint


def _texts(facts: FactBase) -> Found:
    """Text that YAML takes for a comment, and Markdown where only plain text is shown."""
    data = facts.data
    lines, texts = data.text_lines, {prose.path for prose in data.prose}
    for path, node in data.scalars:
        is_quoted = path[-1] in _QUOTED
        line = lines[node.end_mark.line] if not node.style else ""
        if "#" in line:
            rest = line[node.end_mark.column :]
            if re.match(r"\s+#" if is_quoted or path in texts else r"\s+#\S", rest):
                what = f'"{rest.strip()[:40]}" is lost: "#" begins a comment'
                yield path, what, "put the whole value in quotes, or the comment above it"
        signs = re.search(r"\{[%#{]|[%#}]\}|\*\*(?=\w)", node.value) if is_quoted else None
        if signs:
            what = f'"{signs[0]}" is shown as it is typed: this text is plain'
            yield path, what, "take the signs out"
    for prose in data.prose:
        if signs := _SIGNS.search(re.sub(r"\{\{.*?\}\}", "_", prose.text)):
            what = f'"{signs[0]}" is shown as it is typed: texts of the data file are plain'
            yield prose.path, what, "say it in words; links stand on pages"
