"""What stands around the text of each page: the same head, menu, header and foot on all of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

from selectolax.lexbor import LexborNode

from factsheet.audit import theme
from factsheet.audit.outputs import REBUILD, HtmlFile
from factsheet.audit.seen import APART
from factsheet.errors import Fault

Parts = Mapping[str, tuple[object, ...]]
"""The parts around one page's text, by their name."""
_SAID = ("title", "alt", "aria-label", "placeholder", "value", "media", "content", "dir", "charset")
_LEADS = ("href", "src")


def frame(page: HtmlFile) -> Parts:
    """What stands around a page's text; nothing for pages that have no such frame."""
    if page.file.startswith(APART) or page.file == "404.html":
        return {}
    own = {node.mem_id for node in page.tree.css(theme.OF_ONE_PAGE)}
    return {
        name: tuple(_told(page, node) for node in page.tree.css(part) if node.mem_id not in own)
        for name, part in theme.FRAME.items()
    }


def odd_frames(frames: Mapping[str, Parts]) -> Iterator[Fault]:
    """Each page around whose text something else stands than around that of most."""
    for part in theme.FRAME:
        usual = Counter(found[part] for found in frames.values() if found).most_common(1)
        for file, found in frames.items():
            if found and found[part] != usual[0][0]:
                yield Fault(file, 1, 0, f"the {part} is not that of the other pages", REBUILD)


def _told(page: HtmlFile, node: LexborNode) -> tuple[object, ...]:
    """What an element says, and where it leads."""
    given = node.attributes
    leads = [given.get(name) or "" for name in _LEADS if name in given]
    places = [to if ":" in to else normpath(join(dirname(page.file), to)) for to in leads]
    text = node.text(deep=False).strip()
    return (node.tag, text, *places, *(f"{name}={given[name]}" for name in _SAID if name in given))
