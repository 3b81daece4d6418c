"""What stands around the record on the page of each figure: the same on all of these pages."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape

from factsheet.audit import theme
from factsheet.audit.expected import Expected
from factsheet.audit.outputs import REBUILD, HtmlFile
from factsheet.errors import Fault

_READ_BY_ITSELF = re.compile(
    r'<meta http-equiv="Content-Security-Policy"[^>]*>|<article\b.*</article>', re.DOTALL
)


def frame(expected: Expected, page: HtmlFile) -> str:
    """A figure's page without its record, address, title and description; else nothing."""
    if page.file not in expected.records:
        return ""
    text = _READ_BY_ITSELF.sub("", page.text)
    text = re.sub(f'(?<=["/]){re.escape(page.path.stem)}(?=[.])', "{id}", text)
    told = {}
    for name in ("description", "citation_title"):
        node = page.tree.css_first(f"meta[name={name}]")
        told[name] = (node.attributes.get("content") if node else None) or "\0"
    own = re.compile(f'(content="|>\\s*)({"|".join(map(re.escape, told.values()))})(?=["<\\s])')
    return theme.TELLS_THE_TITLE.sub(lambda part: own.sub(r"\1{its own}", unescape(part[0])), text)


def odd_frames(frames: Mapping[str, str], known: str) -> Iterator[Fault]:
    """The figures' pages around which something else stands than on most, or than is ``known``."""
    found = {file: text for file, text in frames.items() if text}
    usual = known or next((text for text, _ in Counter(found.values()).most_common(1)), "")
    for file, text in found.items():
        if text != usual:
            pairs = zip(text.splitlines(), usual.splitlines(), strict=False)
            odd = next((one for one, other in pairs if one != other), "").strip()
            what = f'what is around its text is not as on other pages: "{odd[:120]}"'
            yield Fault(file, 1, 0, what, REBUILD)
