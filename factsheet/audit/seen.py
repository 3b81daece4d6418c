"""What a browser makes of a page: nothing is hidden, loaded or said where readers do not look."""

from collections.abc import Iterator

from factsheet.audit import theme
from factsheet.audit.expected import Expected, plain, words
from factsheet.audit.outputs import REBUILD, HtmlFile
from factsheet.errors import Fault

_HIDING = "[hidden], [inert], [style], [onclick], [onload], [onerror], [popover]"
_FOREIGN = (
    "noscript, template, iframe, object, embed, meter, progress, base, frame, applet, audio, "
    "video, "
    "[srcdoc], [aria-description], [aria-valuetext], [aria-valuenow], [aria-roledescription], "
    "ol[start], li[value], [background], [imagesrcset], [ping], [value][type=text], "
    f"{theme.ARTICLE} :is(input:not([type=checkbox]), textarea, select, [contenteditable]), "
    'meta[http-equiv]:not([http-equiv="Content-Security-Policy"]), meta[name=robots]'
)
"""Elements and attributes that no page has: with them, readers would see or hear more, or less."""
_POLICY = "default-src 'none'; script-src 'self'"
"""How the security policy of each page begins."""
APART = ("embed/", "editions/")
"""The folders of pages that are not for search, and no part of this edition."""


def unseen(page: HtmlFile) -> Iterator[Fault]:
    """Elements that hide what they hold, or say something beside the text."""
    furniture = {node.mem_id for node in page.tree.css(theme.HIDDEN)}
    for node in page.tree.css(f'{_HIDING}, {_FOREIGN}, [aria-hidden="true"]'):
        is_sign = "aria-hidden" in node.attributes and node.tag == "svg" and not node.text().strip()
        is_framed = page.file.startswith(APART) and node.tag in {"base", "meta"}
        if node.mem_id not in furniture and not is_sign and not is_framed:
            tag = (node.html or "").partition(">")[0]
            yield page.fault(node, f'"{tag[:80]}>" hides something, or says more', "take it out")
    drawn = {node.mem_id for node in page.tree.css("figure svg *")}
    for node in page.tree.css(f"{theme.ARTICLE} svg *"):
        if node.mem_id not in drawn and node.text(deep=False).strip():
            yield page.fault(node, "a drawing that is no chart says more", "take it out")
    for node in page.tree.css('[src^="data:" i], [href^="data:" i], [data^="data:" i]'):
        yield page.fault(node, "an address holds data", "put it into a file of the site")


def head(expected: Expected, page: HtmlFile) -> Iterator[Fault]:
    """Language, address, scripts and security policy of a page, and how to cite it."""
    root = page.tree.css_first("html") if page.path.is_file() else None
    if root is None:
        return
    if root.attributes.get("lang") != expected.language:
        yield Fault(page.file, 1, 0, f'the language is not "{expected.language}"', REBUILD)
    own = expected.site + page.file
    is_apart = page.file == "404.html" or page.file.startswith(APART)
    for selector, name in (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")):
        found = [node.attributes.get(name) for node in page.tree.css(selector)]
        if {*found} ^ {own} if found or (expected.site and not is_apart) else ():
            yield Fault(page.file, 1, 0, f"{selector} does not name {own}", REBUILD)
    for node in page.tree.css('script:not([src], [type="application/json"], [type$="/ld+json"])'):
        if not theme.may_run(node.text()):
            what = f'the script "{node.text()[:40]}" is not the theme\'s'
            yield Fault(page.file, 1, 0, what, REBUILD)
    metas = page.tree.css('meta[http-equiv="Content-Security-Policy"]')
    told = [(node.attributes.get("content") or "")[: len(_POLICY)] for node in metas]
    if told != [_POLICY]:
        yield Fault(page.file, 1, 0, "it has no security policy, or another one", REBUILD)
    if not is_apart:
        yield from _to_be_cited(expected, page)


def _to_be_cited(expected: Expected, page: HtmlFile) -> Iterator[Fault]:
    """What the head tells reference managers is the page's title, publisher, day and address."""
    site, day = expected.site, expected.data["edition"]
    wanted = {"citation_publication_date": day.replace("-", "/")}
    if site:
        wanted |= dict.fromkeys(("citation_public_url", "cite-as"), site + page.file)
    told = {
        node.attributes.get("name") or node.attributes.get("rel") or "": node.attributes.get(
            "content", node.attributes.get("href")
        )
        or ""
        for node in page.tree.css('meta[name^="citation_"], link[rel="cite-as"]')
    }
    title = page.tree.css_first("title")
    for name, whole in (
        ("citation_title", title.text() if title else ""),
        ("citation_author", words(expected.data["citation"])),
    ):
        is_begun = told.get(name) and plain(whole).startswith(plain(told[name]))
        wanted[name] = told[name] if is_begun else plain(whole)
    for name in sorted(wanted.keys() | told.keys()):
        if told.get(name) != wanted.get(name):
            hint = f'it is "{wanted.get(name)}"'
            yield Fault(page.file, 1, 0, f'{name} is "{told.get(name)}"', hint)
