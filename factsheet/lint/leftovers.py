"""What no single entry shows: entries that nothing uses, told twice, or of an impossible time."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from operator import attrgetter
from urllib.parse import parse_qsl, urlsplit

from factsheet.analysis.factbase import FactBase
from factsheet.data.load import claims_of
from factsheet.data.model import DEFAULT_LANGUAGE, Claim, Measure, Rank, Stance
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


def leftover_faults(
    facts: FactBase, pages: Iterable[Page], *, all_read: bool = True
) -> Iterator[Fault]:
    """Faults of the data file as a whole; ``all_read``: no page is missing beside it."""
    if all_read:
        yield from _unused(facts, [call for page in pages for call in page.calls])
    yield from _dates(facts)
    yield from _same_twice(facts)
    yield from _nearly_names(facts)
    yield from _unexplained(facts)
    yield from _untranslated(facts)
    yield from _texts(facts)


def _unused(facts: FactBase, calls: list[Call]) -> Iterator[Fault]:
    """Units, topics and names that no entry has, and charts that no page shows."""
    sheet = facts.data.sheet
    indicators = sheet.indicators.values()
    words = {*re.findall(r"\w+", " ".join(node.value for _, node in facts.data.scalars))}
    given = [(call.macro, {*map(str, (*call.args, *dict(call.kwargs).values()))}) for call in calls]
    words = words.union(*(said for macro, said in given if macro == "name"))
    used: dict[str, set[str]] = {
        "units": {str(one.unit) for one in indicators}
        | {str(u.rate_of) for u in sheet.units.values()},
        "topics": {one.topic for one in indicators},
        "names": words,
        "charts": set[str]().union(*(said for macro, said in given if macro == "chart")),
    }
    says = {
        "units": ("no indicator has the unit", "delete it"),
        "topics": ("no indicator has the topic", "delete it"),
        "names": ("nothing uses the name", "delete it, or call it with name()"),
        "charts": ("no page shows the chart", 'add {{ chart("…") }} to a page, or delete it'),
    }
    if used["charts"] - {*sheet.charts}:
        del says["charts"]  # a misspelled call is told where it stands
    for section, (what, hint) in says.items():
        for key in getattr(sheet, section):
            if key not in used[section]:
                hint = hint.replace("…", key)
                yield facts.data.fault((section, key), f'{what} "{key}"', hint)


def _dates(facts: FactBase) -> Iterator[Fault]:
    """Dates that have not come yet, or that nobody can mean."""
    sheet, data = facts.data.sheet, facts.data
    today = parse_period(sheet.edition).high
    sources = {key: s.published for key, s in sheet.sources.items() if s.published}
    dated: list[tuple[Path_, Period, bool]] = [
        (("sources", key, "published"), parse_period(text), True) for key, text in sources.items()
    ]
    for o in facts.observations.values():
        has_come = o.indicator.stance == Stance.OUTCOME and not o.formula
        if o.period and not o.formula:
            dated.append((o.path, o.period, has_come))
        for claim in o.claims:
            if isinstance(claim.value, Period):
                dated.append(((*claim.path, "value"), claim.value, has_come))
            yield from _due_faults(facts, claim.path, claim.claim, sources)
    for path, period, has_come in dated:
        low = _low(period)
        if not _FIRST_YEAR <= low.year <= today.year + _YEARS_AHEAD:
            hint = "write the year of the common calendar, with four digits"
            yield data.fault(path, f'"{period.text}" is in the year {low.year}', hint)
        elif has_come and low > today:
            what = f'"{period.text}" is after the edition, {sheet.edition}'
            yield data.fault(path, what, 'correct it, or set "edition:" to today')


def _nearly_names(facts: FactBase) -> Iterator[Fault]:
    """A value that is a name but for a slip, and so would be shown as it is typed."""
    sheet = facts.data.sheet
    ids = {re.sub(r"[\W_]", "", key).casefold(): key for key in sheet.names}
    for key, indicator in sheet.indicators.items():
        for path, claim in claims_of(indicator) if indicator.measure == Measure.NAME else ():
            if re.fullmatch(NAME_ID, str(claim.value)):
                continue  # told where values are read
            typed = re.sub(r"[\W_]", "", str(claim.value)).casefold()
            close = get_close_matches(typed, ids, n=1, cutoff=0.9)
            spelled = [*sheet.names, *(t for n in sheet.names.values() for t in n.label.values())]
            if close and claim.value not in spelled:
                what, hint = f'"{claim.value}" is nearly a name', f'write "{ids[close[0]]}"'
                yield facts.data.fault(("indicators", key, *path, "value"), what, hint)


def _low(period: Period) -> date:
    """The first day that a period names; its last where the start is open."""
    return period.low if period.start else period.high


def _due_faults(
    facts: FactBase, path: Path_, claim: Claim, sources: dict[str, str]
) -> Iterator[Fault]:
    """A promise is not due before the source that makes it."""
    due, made = claim.due, sources.get(claim.source)
    if due and made and not claim.remark:
        first, last = parse_period(made).first_day, parse_period(due).last_day
        if first and last and last < first:
            what = f"due {due}, before the source was published, {made}"
            hint = 'correct one of the two, or say in "remark:" when it was promised'
            yield facts.data.fault((*path, "due"), what, hint)


def _same_twice(facts: FactBase) -> Iterator[Fault]:
    """One page as two sources, and one claim as two."""
    seen: dict[str, str] = {}
    for key, source in facts.data.sheet.sources.items():
        first = seen.setdefault(bare_address(source.url), key)
        if first != key:
            what = f'the same page as source "{first}"'
            yield facts.data.fault(("sources", key, "url"), what, "keep one, and move its claims")
    labels: dict[tuple[str, str], str] = {}
    for key, indicator in facts.data.sheet.indicators.items():
        told = (indicator.topic, indicator.label.get(DEFAULT_LANGUAGE, ""))
        first = labels.setdefault(told, key)
        if first != key:
            what = f'"{first}" has the same label, "{told[1]}"'
            hint = "say what makes this one another, or move its claims there"
            yield facts.data.fault(("indicators", key, "label"), what, hint)
        claims: dict[str, int] = {}
        for path, claim in claims_of(indicator):
            place = ("indicators", key, *path)
            line = facts.data.line(*place)
            said = f"{path[:-1]} {_same(claim)}"
            if claims.setdefault(said, line) != line:
                what = f"the same claim stands in line {claims[said]}"
                yield facts.data.fault(place, what, "keep one of the two")


_same = attrgetter("value", "high", "qualifier", "source", "printed", "said_by", "due")


def bare_address(url: str) -> str:
    """A web address without what does not change the page: scheme, www, tracking, fragment."""
    parts = urlsplit(url)
    host = (parts.netloc.lower().removeprefix("www.")).removesuffix(":443").removesuffix(":80")
    query = [pair for pair in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(pair[0])]
    return f"{host}{parts.path.rstrip('/')}?{sorted(query)}"


def _unexplained(facts: FactBase) -> Iterator[Fault]:
    """A settled contradiction still needs to be explained to readers."""
    for dispute in facts.disputes:
        if dispute.case is None and dispute.is_of_claims:
            o = dispute.observations[0]
            if any(one.claim.rank == Rank.PREFERRED for one in o.standing):
                what = f'the claims for "{o.reference}" cannot all be true, and nothing says why'
                fields = '"question:", "write:" and "explanation:"'
                hint = f'add "disputes:" with "{o.period_key}:" and its {fields}'
                yield facts.data.fault(o.path, what, hint)


def _untranslated(facts: FactBase) -> Iterator[Fault]:
    """Readers are told what a source prints in another language."""
    sources = facts.data.sheet.sources
    for observation in facts.observations.values():
        for read in observation.claims:
            language = sources[read.claim.source].language
            if language != DEFAULT_LANGUAGE and not read.claim.translation:
                what = f'printed in "{language}", and not translated'
                place = (*read.path, "printed")
                yield facts.data.fault(
                    place, what, f'add "translation:" with "{DEFAULT_LANGUAGE}: …"'
                )


def _texts(facts: FactBase) -> Iterator[Fault]:
    """Text that YAML takes for a comment, and Markdown where only plain text is shown."""
    data = facts.data
    lines, texts = data.text_lines, {prose.path for prose in data.prose}
    for path, node in data.scalars:
        is_quoted = path[-1] in _QUOTED
        line = lines[node.end_mark.line] if not node.style else ""
        if "#" in line:
            rest = line[node.end_mark.column :]
            is_text = is_quoted or path in texts
            if re.match(r"\s+#" if is_text else r"\s+#\S", rest):
                what = f'"{rest.strip()[:40]}" is lost: "#" begins a comment'
                hint = "put the whole value in quotes, or the comment above it"
                yield data.fault(path, what, hint)
        signs = re.search(r"\{[%#{]|[%#}]\}|\*\*(?=\w)", node.value) if is_quoted else None
        if signs:
            what = f'"{signs[0]}" is shown as it is typed: this text is plain'
            yield data.fault(path, what, "take the signs out")
    for prose in data.prose:
        for signs in re.finditer(
            r"\]\([^)\s]*\)|\*\*\w|<\w+ [\w-]+=", re.sub(r"\{\{.*?\}\}", "_", prose.text)
        ):
            what = f'"{signs[0]}" is shown as it is typed: texts of the data file are plain'
            yield data.fault(prose.path, what, "say it in words; links stand on pages")
            break
