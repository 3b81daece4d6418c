"""Files whose content is settled before a page is written: scripts, styles, fonts, downloads.

Whoever built the site says what he put there; the audit compares by content, and reads the rest.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Any

from factsheet.audit import theme
from factsheet.audit.outputs import REBUILD, HtmlFile, reading, text_of
from factsheet.errors import Fault

READ = (
    "*.html", "pdf/*.pdf", "figures/*.js", "charts/*.csv", "charts/*.svg",
    "data/facts.json", "data/facts.csv", "data/facts.schema.json",
    *theme.SEARCH_INDEXES,
    "data/*.zip", "data/trace.json", "editions/*", "sitemap.xml", "sitemap.xml.gz", "_headers",
)  # fmt: skip
"""Files that have a reader of their own: a new kind of output gets its pattern here."""


@dataclass(frozen=True)
class Known:
    """What the build put into a site beside pages and PDFs.

    ``files``: SHA-256 of each file by its name. ``words``: those for each state, rank and verdict.
    ``blocks``: what macros gave for each page, in their order. ``pages``: those that were made
    again, before their security policy is put in. ``linked``: addresses on other hosts to which
    texts of editors lead. ``search``: by its place, what the entry of a search index holds; under
    no place, the settings.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    blocks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    linked: Collection[str] = ()
    search: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def with_again(
        self,
        files: Mapping[str, str],
        pages: Mapping[str, str],
        search: Mapping[str, Mapping[str, Any]],
    ) -> "Known":
        """The same with what was made once more."""
        return replace(
            self, files={**self.files, **files}, pages={**self.pages, **pages}, search=search
        )


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def checksums(held: Mapping[str, bytes]) -> str:
    """The file ``SUMS`` of a folder with some files, as ``sha256sum`` reads it."""
    return "".join(f"{digest(held[name])}  {name}\n" for name in sorted(held.keys() - {SUMS}))


SUMS = "SHA256SUMS"
"""The file of a package that has the SHA-256 of all others."""
_SIZES = re.compile(r'(<span class="file-facts"[^>]*>).*?</span>')
_PUT_IN = re.compile(
    r'<meta http-equiv="Content-Security-Policy" content="[^"]*">'
    r'|(?<=<span class="file-facts" )[^>]*>.*?</span>'
)
"""What is put into pages last: it is read by itself."""
_MARK = "<!--block-->"
"""What macros put around a block, for Markdown to leave it alone."""


def page_as_known(page: HtmlFile, known: Known, *, is_one_block: bool) -> Iterator[Fault]:
    """A page that was made again is the same; any other has its blocks, in their order.

    ``is_one_block``: the page's text is what its macros gave, and nothing else.
    """
    if page.file in known.pages:
        shown, right = (_PUT_IN.sub("", html) for html in (page.text, known.pages[page.file]))
        if shown != right:
            pairs = enumerate(zip_longest(shown.splitlines(), right.splitlines(), fillvalue=""), 1)
            differing = ((n, *two) for n, two in pairs if two[0] != two[1])
            line, *both = next(differing, (1, shown[-80:], right[-80:]))
            at = sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(*both, strict=False)))
            says, said = (one[max(0, at - 40) : at + 80].strip() for one in both)
            yield Fault(page.file, line, 0, f'it says "{says}"', f'made again, it says "{said}"')
        return
    blocks = known.blocks.get(page.file, ())
    text = _shown(page.text) if blocks else ""
    rest, at, is_whole = "", 0, is_one_block and bool(blocks)
    for block in blocks:
        shown = _shown(block)
        found = text.find(shown, at)
        if found < 0:
            parts = [part for line in block.split("\n") if (part := _shown(line))]
            odd, is_whole = next((part for part in parts if part not in text[at:]), shown), False
            yield Fault(page.file, 1, 0, f'it does not say "{odd[:200]}", in its place', REBUILD)
        else:
            rest += text[at:found]
            at = found + len(shown)
    more = re.search(rf"<article\b[^>]*>\s*(?:{theme.SKIP})?(.*)</article>", rest + text[at:])
    if is_whole and (more is None or more[1].strip()):
        what = more[1].strip()[:80] if more else "no article"
        yield Fault(page.file, 1, 0, f'it says more than its record: "{what}"', REBUILD)


def search_as_known(folder: Path, known: Known) -> Iterator[Fault]:
    """Each search index has the settings, entries, weights and synonyms that are known.

    Raises:
        DamagedError: a file is no index.
    """
    for path in sorted(folder.glob(theme.SEARCH_INDEXES[0]) if known.search else ()):
        with reading(folder, path):
            index = json.loads(text_of(path).removeprefix(theme.SEARCH_INDEX_HEAD).rstrip(";\n"))
            held = {"": index["config"]} | {entry["location"]: entry for entry in index["docs"]}
        for place, wanted in known.search.items():
            found = held.get(place, {})
            keys = {"boost", "tags", *wanted} if place else {*found, *wanted}
            odd = sorted(key for key in keys if found.get(key) != wanted.get(key))
            if odd:
                what = (
                    f"{', '.join(odd)} of {place or 'the search'} is not what the build puts there"
                )
                yield Fault(path.relative_to(folder).as_posix(), 1, 0, what, REBUILD)


def _shown(html: str) -> str:
    """HTML as browsers take it: any white space as one blank, without marks and sizes."""
    return " ".join(_SIZES.sub(r"\1", html.replace(_MARK, "")).split())


def files_as_known(folder: Path, found: set[str], known: Known) -> Iterator[Fault]:
    """Each file is one that is known or read; the known ones are there and unchanged."""
    for file in sorted((known.files.keys() | known.pages.keys()) - found):
        yield Fault(file, 1, 0, "the file is missing", REBUILD)
    for file in sorted(found & known.files.keys()):
        with reading(folder, folder / file):
            same = digest((folder / file).read_bytes()) == known.files[file]
        if not same:
            yield Fault(file, 1, 0, "the file is not what the build puts there", REBUILD)
    for file in sorted(found - known.files.keys() if known.files else ()):
        if not any(fnmatchcase(file, pattern) for pattern in READ):
            yield Fault(file, 1, 0, "nothing is known of this file", "see why it was left behind")
    packed, plain = folder / "sitemap.xml.gz", folder / "sitemap.xml"
    if packed.is_file() and plain.is_file():
        with reading(folder, packed):
            same = gzip.decompress(packed.read_bytes()) == plain.read_bytes()
        if not same:
            yield Fault(packed.name, 1, 0, "is not sitemap.xml, packed", REBUILD)
