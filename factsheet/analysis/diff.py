"""What changed between two states of a fact sheet, told from their ``facts.json``.

Any two files serve: editions, builds, or what a commit of the repository gives.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
_VALUE = ("value", "high", "qualifier", "unit")
"""What of a figure is published as its value; words may be put otherwise without changing it."""


_HEADINGS = {
    "renamed": "New ids",
    "new": "New figures",
    "changed": "Changed figures",
    "calculated": "Calculated figures that moved",
    "gone": "Figures that are gone",
    "claims_added": "New claims for known figures",
    "claims_removed": "Claims that are gone",
    "withdrawn": "Newly withdrawn",
    "newly_disputed": "Newly disputed",
    "settled": "No longer disputed",
    "verdicts": "Verdicts that changed",
    "sources": "Sources",
    "pages": "Pages to look at",
    "pictures": "Pictures to look at",
}
"""The kinds of changes, with the heading of each."""
Changes = dict[str, list[str]]
"""By kind, what changed, each as a line of words, and the pages on which to look at it."""


def lines_of(changes: Changes, *, markdown: bool = False) -> Iterator[str]:
    """A heading for each kind of change, and its lines; nothing of what did not change."""
    if not any(changes.values()):
        yield "No figure, claim, dispute, verdict or source has changed."
    bullet = "- " if markdown else "  "
    for kind, found in changes.items():
        if found:
            heading = _HEADINGS[kind]
            yield from ["", f"### {heading} ({len(found)})", ""] if markdown else [f"{heading}:"]
            yield from (bullet + (_escaped(line) if markdown else line) for line in found)


def diff(
    old: Json,
    new: Json,
    formerly: Mapping[str, str] | None = None,
    edited: Sequence[str] = (),
    pictures: Mapping[str, set[str]] | None = None,
) -> Changes:
    """Compare two states, the earlier one first.

    Args:
        old: The ``facts.json`` of one state.
        new: That of the other.
        formerly: Ids of today by earlier ones.
        edited: Pages whose text changed as well.
        pictures: The references of the figures that each picture shows, by its id.
    """
    formerly, pictures = formerly or {}, pictures or {}
    ids = {o["indicator"] for o in new["observations"]}
    given = {o["indicator"]: formerly.get(o["indicator"]) for o in old["observations"]}
    old = renamed(old, formerly)
    before, after = _by_id(old), _by_id(new)
    found: Changes = {kind: [] for kind in _HEADINGS}
    found["renamed"] = [f"{key}, now {id_}" for key, id_ in given.items() if id_ in ids - {key}]
    verdicts = _verdict_lines(old, new)
    touched = {key for key, _ in verdicts if key in after}
    for key, o in after.items():
        changes = dict(_changes_of(before.get(key), o))
        for kind, lines in changes.items():
            found[kind] += lines
        if any(changes.values()) or o["status"] != before[key]["status"]:
            touched.add(key)
    gone = [before[key] for key in before if key not in after]
    found["gone"] = [_line(o) for o in gone]
    was, now = _disputes(old), _disputes(new)
    found["newly_disputed"] = [text for key, text in now.items() if key not in was]
    found["settled"] = [text for key, text in was.items() if key not in now]
    found["verdicts"] = list(verdicts.values())
    found["sources"] = list(_source_lines(old, new))
    found["pages"] = _pages([after[key] for key in sorted(touched)], gone, edited)
    names = {_name(after[key]) for key in touched}
    found["pictures"] = [f"charts/{id_}.svg" for id_ in sorted(pictures) if pictures[id_] & names]
    return found


def _changes_of(was: Json | None, o: Json) -> Iterator[tuple[str, list[str]]]:
    """What is new of a figure, by kind of change."""
    if was is None:
        yield "new", [_line(o)]
    else:
        moved = f"{_line(o)}, before: {_words(was['text'])}"
        yield "changed" if o["claims"] else "calculated", [] if is_same(was, o) else [moved]
        for kind, claims in (
            ("claims_added", _claims(o) - _claims(was)),
            ("claims_removed", _claims(was) - _claims(o)),
        ):
            yield kind, [f"{_name(o)}: {text} ({source})" for text, source in sorted(claims)]
    if "withdrawn" in o["status"] and not (was and "withdrawn" in was["status"]):
        yield "withdrawn", [_line(o)]


def renamed(tree: Any, ids: Mapping[str, str]) -> Any:
    """A state in which indicators and their observations have the ids of today."""
    if isinstance(tree, list):
        return [renamed(part, ids) for part in tree]
    if not isinstance(tree, dict) or not ids:
        return tree
    found = {key: renamed(value, ids) for key, value in tree.items()}
    for key in ("id", "indicator", "observation"):
        if isinstance(found.get(key), str):
            found[key] = _id_now(found[key], ids)
    if isinstance(found.get("inputs"), dict):
        found["inputs"] = {key: _id_now(text, ids) for key, text in found["inputs"].items()}
    return found


def _id_now(text: str, ids: Mapping[str, str]) -> str:
    """The id of an observation, after a qualifier where it has one, by today's name."""
    qualifier, space, key = text.rpartition(" ")
    name, dash, period = key.partition("-")
    return qualifier + space + ids.get(name, name) + dash + period


def is_same(one: Json, other: Json) -> bool:
    """Whether two entries of a figure publish the same value."""
    return all(one[name] == other[name] for name in _VALUE)


def _by_id(facts: Json) -> dict[str, Json]:
    return {o["id"]: o for o in facts["observations"]}


def _claims(o: Json) -> set[tuple[str, str]]:
    """Each claim as the value in words and its source."""
    return {(_words(claim["text"]), claim["source"]) for claim in o["claims"]}


def _disputes(facts: Json) -> dict[str, str]:
    return {
        case["id"]: _words(case["question"] or case["label"])
        + (f" ({case['period']})" if case["period"] else "")
        for case in facts["disputes"]
        if case["kind"] == "dispute"
    }


def _verdict_lines(old: Json, new: Json) -> dict[tuple[str, str], str]:
    """By observation and source, promises with other verdicts; a claim may have several."""

    def verdicts(facts: Json) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for one in facts["verdicts"]:
            found.setdefault((one["observation"], one["source"]), []).append(one["verdict"])
        return found

    lines, known = {}, _by_id(old) | _by_id(new)
    before, after = verdicts(old), verdicts(new)
    for key in dict.fromkeys([*after, *before]):
        then, now = (", ".join(sorted(each.get(key, ["none"]))) for each in (before, after))
        if then != now:
            lines[key] = f"{_name(known[key[0]])} ({key[1]}): {now}, before: {then}"
    return lines


def _source_lines(old: Json, new: Json) -> Iterator[str]:
    before, after = ({one["id"]: one for one in facts["sources"]} for facts in (old, new))
    for key, source in after.items():
        if key not in before:
            yield f"new: [{source['no']}] {source['publisher']} ({key})"
        elif source.get("retracted") and not before[key].get("retracted"):
            yield f"retracted: [{source['no']}] {source['publisher']} ({key})"
    yield from (f"gone: [{before[key]['no']}] {key}" for key in before if key not in after)


def _pages(changed: list[Json], gone: list[Json], edited: Sequence[str]) -> list[str]:
    """Chapters first, then the pages of the figures."""
    chapters = {page for o in [*changed, *gone] for page in o["used_on"]}
    return [
        *sorted(chapters | {*edited}),
        *sorted({f"figures/{o['indicator']}.html" for o in changed}),
    ]


def _line(o: Json) -> str:
    return f"{_name(o)} = {_words(o['text'])}"


def _name(o: Json) -> str:
    """The reference to a figure, by which the data file is searched."""
    return f"{o['indicator']} {o['period']}" if o["period"] else str(o["indicator"])


def _words(texts: dict[str, str]) -> str:
    return next(iter(texts.values()))


def _escaped(text: str) -> str:
    """A line that Markdown prints as it stands."""
    return "".join(f"\\{char}" if char in r"\`*_[]<>#|&~" else char for char in text)
