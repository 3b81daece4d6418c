"""What the audit knows of the markup and files of the theme; the only module that does."""

import hashlib
import re

ARTICLE = "article.md-content__inner"
"""The page's own text."""
FOOT = ".md-copyright"
"""The foot of each page: edition, fingerprint, licence."""
COPY_MARK = ".headerlink"
"""The mark for copying a heading's address."""
SEARCH_INDEXES = ("search/search_index.js*", "search.js*")
"""The indexes that search reads from a server and from a folder: of MkDocs, of Zensical."""
SEARCH_ENTRIES = ("docs", "items")
"""What each of the two calls the list of its entries."""
SEARCH_INDEX_HEAD = "var __index = "
"""What stands before the index where it is a script."""
NOT_IN_SEARCH = "[data-search-exclude]"
"""What is left out of the index."""
HIDDEN = ".md-sidebar[hidden], nav [hidden], a.md-top[hidden], label.md-overlay:empty"
"""What the theme hides until its scripts show it, and a shade that holds nothing."""
_SCRIPTS = {
    "213d571a86bd568ccb65bf92ca3cf95284d8c140997189b0272a503b72fa3988",  # of Zensical
    "7eb3684fdacd2881f67b9428983273a29d8774d8bc82622af9b65a8ec1032a90",
    "0eb10c249dbdb0beef225a10ce5cbe55418cc4a7014cc208f8e7d6ed8f00906e",
    "ffcc0f7735fdab434d257c80e65cec2e88d716991e69757185b7e450e41a5b2f",
}
"""The scripts within its pages, by their SHA-256, without the address of the site's root."""


def may_run(script: str) -> bool:
    """Whether a script within a page is one of the theme's own, to the letter."""
    text = re.sub(r'new URL\("[./\w-]*",location\)', 'new URL("",location)', script)
    return hashlib.sha256(text.encode()).hexdigest() in _SCRIPTS


def is_own(style_sheet: str) -> bool:
    """Whether a style sheet comes with the theme; it numbers the lines of code by counters."""
    return (
        re.fullmatch(r"assets/stylesheets/((classic|modern)/)?\w+\.\w+\.min\.css", style_sheet)
        is not None
    )
