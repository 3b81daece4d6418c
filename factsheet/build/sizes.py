"""How large the files to take away are: written beside the links to them, once they are made."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from factsheet.pdf.typeset import Pdf
from factsheet.site.site import Site

_BLANK = re.compile(r'(<span class="file-facts" data-file="([^"]*)">)(?=</span>)')


def sizes(site: Site, made: Iterable[Pdf], folder: Path) -> dict[str, str]:
    """By address, the size of each file of data and each PDF; its pages, or rows and columns."""
    files = [folder / "feed.xml", *folder.glob("data/*")]
    found = {path.relative_to(folder).as_posix(): _size(site, path.read_bytes()) for path in files}
    for path in folder.glob("data/*.csv"):
        columns, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        counted = [
            _count(site, "row", "table_rows", len(rows)),
            _count(site, "column", "table_columns", len(columns)),
        ]
        found[f"data/{path.name}"] += f", {', '.join(counted)}"
    for pdf in made:
        found[pdf.address] = (
            f"{_size(site, pdf.content)}, {_count(site, 'page', 'pages', pdf.pages)}"
        )
    return found


def fill_in(facts: Mapping[str, str], folder: Path) -> None:
    """Write what is told of files beside the links to them, which ``downloads()`` left blank."""
    for page in folder.glob("*.html"):
        html = page.read_text("utf-8")
        filled = _BLANK.sub(lambda match: match[1] + facts.get(match[2], ""), html)
        if filled != html:
            page.write_text(filled, "utf-8")


def _size(site: Site, content: bytes) -> str:
    return str(site.inline("file_size", size=len(content)))


def _count(site: Site, kind: str, key: str, number: int) -> str:
    words = site.wording.counted(key, number)
    return f'<data class="{kind}-count" value="{number}">{words}</data>'
