"""What pages say of figures in words: states, ranks, reasons, verdicts, definitions; and links."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from factsheet.audit.expected import Expected, plain, reference, words
from factsheet.audit.known import Known
from factsheet.audit.outputs import REBUILD, HtmlFile
from factsheet.errors import Fault

_Json = dict[str, Any]


def told(expected: Expected, known: Known, page: HtmlFile) -> Iterator[Fault]:
    """States beside figures, claims with rank and reason, verdicts, definitions, targets."""
    for node, what in (
        *_states(expected, known.words.get("states", {}), page),
        *_quotations(expected, known.words.get("ranks", {}), page),
        *_verdicts(expected, known.words, page),
        *_definitions(expected, page),
        *_leads(expected, page),
        *_cases(expected, page),
        *_sources(expected, page),
    ):
        yield page.fault(node, what, REBUILD)


_Found = Iterator[tuple[LexborNode, str]]


def _named(node: LexborNode) -> str:
    given = node.attributes
    return " ".join(filter(None, (given.get("data-figure"), given.get("data-period"))))


def _states(expected: Expected, terms: Mapping[str, str], page: HtmlFile) -> _Found:
    """Each state is one of the figure before it; a figure in a sentence has all of its states."""
    last: LexborNode | None = None
    shown: list[str] = []
    for node in page.tree.css(".fig, .claim-value, .state"):
        kind = (node.attributes["class"] or "").split()
        if "state" not in kind:
            yield from _all_states(expected, last, shown)
            last, shown = node, []
            continue
        key = next((c.removeprefix("state-") for c in kind if c.startswith("state-")), "")
        key = key.replace("-", " ")
        shown.append(key)
        if terms and plain(node.text()) != f"[{terms.get(key)}]":
            yield node, f'"{plain(node.text())}" is no state, or another than its mark says'
        o = expected.by_name.get(_named(last)) if last else None
        if o is not None and key not in o["status"]:
            yield node, f'"{plain(node.text())}" is no state of {reference(o)}'
    yield from _all_states(expected, last, shown)


def _all_states(expected: Expected, node: LexborNode | None, shown: list[str]) -> _Found:
    link = node.parent if node else None
    if node is None or link is None or link.tag != "a" or not is_cited(link):
        return
    o = expected.by_name.get(_named(node))
    full = {words(form) for form in ([o["text"]] if o else [])}
    if o is not None and plain(node.text()) in map(plain, full) and shown != o["status"]:
        yield node, f"{reference(o)} is shown without its states: {', '.join(o['status'])}"


def is_cited(link: LexborNode) -> bool:
    """Whether a link is the first of its figure in a sentence of a chapter."""
    return (link.attributes.get("id") or "").startswith("use-")


def _quotations(expected: Expected, ranks: Mapping[str, str], page: HtmlFile) -> _Found:
    """Each quotation has the rank, reason and addresses of a claim with these printed words."""
    for record in page.tree.css("[data-record]"):
        o = expected.observations.get(record.attributes["data-record"] or "")
        for entry in record.css("li.claim") if o else ():
            quote, link = entry.css_first("q"), entry.css_first("a.find")
            source = expected.sources.get(entry.attributes.get("data-source") or "")
            printed = plain(quote.text()) if quote else ""
            if source is None or o is None:
                yield entry, f'"{printed}" is of no source'
                continue
            wanted = {
                _claim_says(claim, ranks, is_gone=bool(source["retracted"]))
                for claim in o["claims"]
                if claim["source"] == source["id"] and plain(claim["printed"]) == printed
            }
            says = (
                " ".join((entry.attributes["class"] or "").split()[1:]),
                _text(entry, ".reason"), _text(entry, ".translation"),
            )  # fmt: skip
            if says not in wanted and (ranks or says[:1] not in {w[:1] for w in wanted}):
                yield entry, f'rank, reason or translation of "{printed}" is {says}'
            address = (link.attributes["href"] or "") if link else ""
            base, *fragment = re.split("#?:~:text=", address)
            if link and (
                base != source["url"] or [plain(unquote(f)) for f in fragment] != [printed]
            ):
                yield entry, f'"{address}" does not lead to "{printed}"'
            for other in entry.css('a[href*="#source-"]'):
                if not (other.attributes["href"] or "").endswith(f"#source-{source['id']}"):
                    yield other, f"the link does not lead to {source['id']}"


def _claim_says(claim: _Json, ranks: Mapping[str, str], *, is_gone: bool) -> tuple[str, str, str]:
    rank = ranks.get(claim["rank"], "")
    reason = plain(f"{rank[:1].upper()}{rank[1:]}: {words(claim['reason'])}")
    return (
        "claim-withdrawn" if is_gone else f"claim-{claim['rank']}",
        _bare(reason) if claim["reason"] else "",
        _bare(words(claim["translation"])),
    )


def _text(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return _bare(found.text()) if found else ""


def _bare(text: str) -> str:
    """A text of the data file and the same on a page: macros are printed as what they say."""
    return plain(re.sub(r"\{\{.*?\}\}", "", text))


def _verdicts(expected: Expected, terms: Mapping[str, Mapping[str, str]], page: HtmlFile) -> _Found:
    """Each verdict in a row is one on the promise of that row."""
    shown = page.tree.css("tr .verdict") if terms else []
    found: dict[tuple[str, str], set[str]] = {}
    for verdict in expected.data["verdicts"] if shown else ():
        name = reference(expected.observations[verdict["observation"]])
        for kind in ("verdicts", "verdicts_without_days"):
            word = terms.get(kind, {}).get(verdict["verdict"])
            found.setdefault((name, verdict["source"]), set()).add(word or "")
    for node in shown:
        row = node.parent
        while row is not None and row.tag != "tr":
            row = row.parent
        promise = row.css_first(".claim-value") if row else None
        key = (
            (_named(promise), promise.attributes.get("data-source") or "") if promise else ("", "")
        )
        said = plain(node.text())
        if promise and not any(word and said.startswith(word) for word in found.get(key, ())):
            yield node, f'"{said}" is not the verdict on {key[0]}'


def _definitions(expected: Expected, page: HtmlFile) -> _Found:
    """The definition on a figure's page is that of the figure."""
    own, body = expected.records.get(page.file, ()), page.tree.body
    for o in own[:1] if page.path.is_file() else ():
        if body is None:
            return
        shown = [plain(node.text()) for node in page.tree.css("article .definition")]
        if plain(words(o["definition"])) not in shown:
            yield body, f"the definition of {o['indicator']} is missing"
        title = page.tree.css_first("article h1")
        if title is None or plain(words(o["label"])) not in plain(title.text()):
            yield body, f"the label of {o['indicator']} is missing"


def _leads(expected: Expected, page: HtmlFile) -> _Found:
    """The link around a figure leads to the record of that figure."""
    for link in page.tree.css("a.figure-link"):
        figure = link.css_first(".fig")
        o = expected.by_name.get(_named(figure)) if figure else None
        if o is None:
            continue
        wanted = str(o["url"]).removeprefix(expected.site)
        address = (link.attributes.get("href") or "").removeprefix("../")
        if address not in {wanted, wanted.rpartition("/")[2]} and not (
            address.startswith("#") and wanted.endswith(address)
        ):
            yield link, f'"{address}" is not the record of {reference(o)}'


def _cases(expected: Expected, page: HtmlFile) -> _Found:
    """A page with disputes or notes tells the question, the advice and the explanation of each."""
    cases, body = expected.cases.get(page.file, ()), page.tree.body
    says = plain(body.text()) if cases and body and page.path.is_file() else ""
    for case in cases if says else ():
        for text in (case["question"] or case["label"], case["write"], case["explanation"]):
            if body and plain(words(text)) not in says:
                yield body, f'"{plain(words(text))}" of {case["id"]} is missing'


def _sources(expected: Expected, page: HtmlFile) -> _Found:
    """The entry of a source tells what it is, and leads to it and to its archived copy."""
    for entry in page.tree.css('li[id^="source-"]'):
        source = expected.sources.get((entry.attributes["id"] or "").removeprefix("source-"))
        if source is None:
            yield entry, f'"{entry.attributes["id"]}" is no source'
            continue
        basis = source["published_basis"]
        told = [source["publisher"], source["author"], source["title"], source["url"]]
        told += [words(expected.data["dates"].get(source["published"] or ""))]
        told += [basis if basis != "shown" else ""]
        says, id_ = plain(entry.text()), source["id"]
        for text in (plain(one) for one in told if one):
            if text not in says:
                yield entry, f'the entry of {id_} does not say "{text}"'
        leads = {a.attributes.get("href") for a in entry.css('a[href*="//"]')}
        if leads != {source["url"], source["archived"]} - {None}:
            yield entry, f"the entry of {id_} leads elsewhere: {leads}"
