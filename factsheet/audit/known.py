"""Files whose content is settled before a page is written: scripts, styles, fonts, downloads.

Whoever built the site says what he put there; the audit compares by content, and reads the rest.
"""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from factsheet.audit.outputs import REBUILD, reading
from factsheet.errors import Fault

READ = (
    "*.html", "pdf/*.pdf", "figures/*.js", "charts/*.csv", "charts/*.svg",
    "data/facts.json", "data/facts.csv", "data/facts.schema.json",
    "search/search_index.json", "search/search_index.js",
    "data/*.zip", "data/trace.json", "editions/*", "sitemap.xml", "sitemap.xml.gz", "_headers",
)  # fmt: skip
"""Files that have a reader of their own: a new kind of output gets its pattern here."""


@dataclass(frozen=True)
class Known:
    """What the build put into a site beside pages and PDFs.

    ``files``: SHA-256 of each file by its name. ``drawings``: the pictures of each chart, as
    they stand within pages. ``words``: those for each state, rank and verdict.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    drawings: Mapping[str, list[str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def files_as_known(folder: Path, found: set[str], known: Known) -> Iterator[Fault]:
    """Each file is one that is known or read; the known ones are there and unchanged."""
    for file in sorted(known.files.keys() - found):
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
