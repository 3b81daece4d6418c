"""An extension of Python-Markdown: what a macro prints as a block goes past Markdown.

Such a block is finished HTML. Markdown would read every tag of it only to print it again,
which takes longer than anything else on a page; without this, pages come out the same.
"""

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from factsheet.site.markup import BLOCK

_BLOCK = re.compile(rf"^{BLOCK}\n(.*?)\n(?=\n)", re.MULTILINE | re.DOTALL)
_AFTER_WHITE_SPACE = 29
"""In https://python-markdown.github.io/extensions/api/ what comes first has the higher number."""


class _SetAside(Preprocessor):
    """Puts a mark in the place of each block, which Markdown turns into the block at the end."""

    def run(self, lines: list[str]) -> list[str]:
        text = _BLOCK.sub(lambda match: self.md.htmlStash.store(match[1]) + "\n", "\n".join(lines))
        return text.split("\n")


class Blocks(Extension):
    """Listed as ``factsheet.site.blocks`` under ``markdown_extensions``."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 the name that Markdown calls
        """Before Markdown, or MkDocs with it, looks for tags."""
        md.preprocessors.register(_SetAside(md), "factsheet_blocks", _AFTER_WHITE_SPACE)


def makeExtension() -> Blocks:  # noqa: N802 the name that Markdown calls
    """What Markdown asks a module of an extension for."""
    return Blocks()
