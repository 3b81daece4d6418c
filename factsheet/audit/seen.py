"""What a browser makes of a page: nothing is hidden, loaded or said where readers do not look."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from factsheet.audit import theme
from factsheet.audit.expected import Expected
from factsheet.audit.outputs import REBUILD, HtmlFile, text_of
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
_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'{styles}; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
_HEADERS = (
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: strict-origin-when-cross-origin",
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy: same-origin",
)  # fmt: skip


_SHARED = [(path, "Access-Control-Allow-Origin: *") for path in ("/data/*", "/figures/*")]
"""What other sites' scripts may read."""
_FRAMED = "embed/"
"""The folder of pages for other sites' frames: not for search, and their links open outside."""
APART = (_FRAMED, "editions/")
"""The folders of pages that are not for search, and no part of this edition."""
Digests = tuple[set[str], set[str]]
"""The hashes of scripts and of style sheets."""
_NOT_FRAMED = ("Content-Security-Policy: frame-ancestors 'none'", "X-Frame-Options: DENY")


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
    """Language, address, scripts and security policy of a page."""
    if not page.path.is_file() or page.tree.html is None:
        return
    root = page.tree.css_first("html")
    if root is None or root.attributes.get("lang") != expected.language:
        yield Fault(page.file, 1, 0, f'the language is not "{expected.language}"', REBUILD)
    own = expected.site + page.file
    places = ("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")
    for selector, name in places:
        found = [node.attributes.get(name) for node in page.tree.css(selector)]
        is_needed = expected.site and page.file != "404.html" and not page.file.startswith(APART)
        if (is_needed or found) and set(found) - {own} | ({own} - set(found)):
            yield Fault(page.file, 1, 0, f"{selector} does not name {own}", REBUILD)
    for script in _inline(page):
        if not theme.may_run(script):
            yield Fault(page.file, 1, 0, f'the script "{script[:40]}" is not the theme\'s', REBUILD)
    policy = _policy(*digests_of(page))
    metas = page.tree.css('meta[http-equiv="Content-Security-Policy"]')
    if [node.attributes.get("content") for node in metas] != [policy]:
        yield Fault(page.file, 1, 0, "the security policy is not that of the page", REBUILD)


def headers(folder: Path, digests: Mapping[str, Digests]) -> Iterator[Fault]:
    """The file for servers has the policy of all pages together, and keeps pages out of frames.

    ``digests``: those of each page.
    """
    path = folder / "_headers"
    if path.is_file():
        policy = _policy(*({one for found in digests.values() for one in found[n]} for n in (0, 1)))
        wanted = [("/*", f"Content-Security-Policy: {policy}", *_HEADERS), *_SHARED]
        needed = {"/"}
        for first, *deeper in (Path(file).parts for file in digests):
            if first != _FRAMED.rstrip("/"):
                needed |= {f"/{first}/*"} if deeper else {f"/{first}", f"/{Path(first).stem}"}
        wanted += ((one, *_NOT_FRAMED) for one in needed)
        rules = re.split(r"\n(?=\S)", text_of(path).rstrip())
        told = [tuple(line.strip() for line in rule.splitlines()) for rule in rules]
        if sorted(told) != sorted(wanted):
            yield Fault("_headers", 1, 0, "the security policy is not that of the pages", REBUILD)


def _inline(page: HtmlFile) -> set[str]:
    """The scripts that stand within a page."""
    nodes = page.tree.css('script:not([src], [type="application/json"], [type$="/ld+json"])')
    return {node.text() for node in nodes}


def digests_of(page: HtmlFile) -> Digests:
    """Those of the scripts in a page, and of its style sheets with those that scripts put in."""
    styles = {_digest(node.text()) for node in page.tree.css("style")}
    for node in page.tree.css("meta[name=generator]"):
        styles |= theme.styled_by_script(node.attributes.get("content") or "")
    return {_digest(script) for script in _inline(page)}, styles


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(scripts: set[str], styles: set[str]) -> str:
    listed = ["".join(f" 'sha256-{one}'" for one in sorted(found)) for found in (scripts, styles)]
    return _POLICY.format(hashes=listed[0], styles=listed[1])
