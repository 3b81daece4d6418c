"""An extension of Python-Markdown: what a macro prints as a block goes past Markdown.

Such a block is finished HTML. Markdown would read every tag of it only to print it again,
which takes longer than anything else on a page; without this, pages come out the same.
"""

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from factsheet.render import BLOCK

_BLOCK = re.compile(rf"^{BLOCK}\n(.*?)\n(?=\n)", re.MULTILINE | re.DOTALL)
_ID = re.compile(r'<[a-z][^<>]*?\sid="([^"<>]*)"')

_AFTER_WHITE_SPACE, _BEFORE_HTML = 29, 20.5
"""Between these two MkDocs looks for ids, by reading all of a page's HTML."""


class _SetAside(Preprocessor):
    """Leaves of each block a line with its ids, for MkDocs to find."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.blocks: list[str] = []

    def run(self, lines: list[str]) -> list[str]:
        self.blocks.clear()
        return _BLOCK.sub(self._ids, "\n".join(lines)).split("\n")

    def _ids(self, match: re.Match[str]) -> str:
        self.blocks.append(match[1])
        return BLOCK + "".join(f'<a id="{name}">' for name in _ID.findall(match[1])) + "\n"


class _Stash(Preprocessor):
    """Puts a mark in the place of each such line, which Markdown turns into the block."""

    def __init__(self, md: Markdown, aside: _SetAside) -> None:
        super().__init__(md)
        self.aside = aside

    def run(self, lines: list[str]) -> list[str]:
        blocks = iter(self.aside.blocks)
        return [
            self.md.htmlStash.store(next(blocks)) if line.startswith(BLOCK) else line
            for line in lines
        ]


class Blocks(Extension):
    """Listed as ``factsheet.blocks`` under ``markdown_extensions``."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 the name that Markdown calls
        """Both steps, around what MkDocs does between them."""
        aside = _SetAside(md)
        md.preprocessors.register(aside, "blocks_aside", _AFTER_WHITE_SPACE)
        md.preprocessors.register(_Stash(md, aside), "blocks_stashed", _BEFORE_HTML)


def makeExtension() -> Blocks:  # noqa: N802 the name that Markdown calls
    """What Markdown asks a module of an extension for."""
    return Blocks()
