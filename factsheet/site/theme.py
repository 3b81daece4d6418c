"""What the engine knows of the theme's markup; no other module does.

The audit, which shares nothing with the engine, has its own list in ``audit/theme.py``.
"""

ARTICLE = "article.md-content__inner"
"""The page's own text."""
COPY_MARK = "a.headerlink"
"""The mark for copying a heading's address."""
HEAD = '<meta charset="utf-8">'
"""How the head of each page begins."""
SCREEN_ONLY = '[data-only="screen"]'
"""What our own templates mark as of no use on paper."""
CLASH = ".clash"
"""Where a page sets figures beside each other that cannot all be true."""
