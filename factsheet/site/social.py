"""The picture that other sites show beside a link: the first key figures, from the data file."""

from factsheet.charts.draw import png
from factsheet.site.site import Site


def social_image(site: Site) -> bytes:
    """A PNG of 1200 to 630 dots with the title and the first two key figures of the site."""
    return png(site.template("social.svg").render())
