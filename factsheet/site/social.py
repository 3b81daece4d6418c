"""The picture that other sites show beside a link: the first key figures, from the data file."""

import textwrap

from factsheet.charts.draw import png
from factsheet.site.site import Site

_COLUMN = 26
"""Letters of a label in one line of a column."""


def social_image(site: Site) -> bytes:
    """A PNG of 1200 to 630 dots with the title and the first two key figures of the site.

    They are set against each other where a check says that they cannot both be true.
    """
    shown = site.key_figures()[:2]
    disputes = [
        {dispute.key for dispute in site.disputes_with(o) if not dispute.is_note} for o in shown
    ]
    count, ui = site.wording.count, site.wording.ui
    counts = (
        f"{ui['figures']}: {count(site.counts['observations'])} · "
        f"{ui['sources']}: {count(site.counts['sources'])}"
    )
    figures = [
        {
            "words": site.figure_words(o),
            "label": textwrap.wrap(str(site.title(o).striptags()), _COLUMN)[:3],
            "states": site.state_words(o),
        }
        for o in shown
    ]
    longest = max((len(site.figure_words(o)) for o in shown), default=1)
    svg = site.template("social.svg").render(
        title=site.plain(site.sheet.title),
        figures=figures,
        size=min(30, 400 // longest),
        clash=len(shown) > 1 and bool(disputes[0] & disputes[1]),
        foot=f"{counts} · {ui['edition']} {site.edition_text()}",
    )
    return png(svg)
