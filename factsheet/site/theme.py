"""What the engine knows of the theme's markup; no other module does.

The audit, which shares nothing with the engine, has its own list in ``audit/theme.py``.
"""

ARTICLE = "article.md-content__inner"
"""The page's own text."""
COPY_MARK = "a.headerlink"
"""The mark for copying a heading's address."""
HEAD = '<meta charset="utf-8">'
"""How the head of each page begins."""
STYLED_BY_SCRIPT = {'content="zensical-': "NwSx/R2V/U4jnW0Tq5pQ53Y/rzPVJ4dqE7D6UTA/J1k="}
"""By what a page says of its generator: the SHA-256 of a style sheet that a script puts in."""
SCREEN_ONLY = '[data-only="screen"]'
"""What our own templates mark as of no use on paper."""
CLASH = ".clash"
"""Where a page sets figures beside each other that cannot all be true."""

INLINE = frozenset(
    {"a", "br", "cite", "code", "data", "del", "em", "img", "q", "span", "strong", "sup", "time"}
)
"""The elements of running text that can be set on paper."""
BLOCKS = {
    "blockquote": "quote", "details": "details", "div": "division", "dl": "terms",
    "figcaption": "caption", "figure": "chart", "h1": "heading", "h2": "heading",
    "h3": "heading", "h4": "heading", "ol": "list", "p": "paragraph", "pre": "code",
    "section": "division", "table": "table", "ul": "list",
}  # fmt: skip
"""The blocks that can be set on paper, each with the function of ``pdf/document.py`` for it."""
ELEMENTS = INLINE | BLOCKS.keys() | {
    "caption", "dd", "dt", "li", "summary", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
"""What a page may hold to be set on paper."""
