"""What the audit knows of the markup and files of the theme; the only module that does."""

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
