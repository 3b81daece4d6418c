"""The picture that other sites show beside a link: drawn from the data file, linked in full."""

import re
import struct

from factsheet.charts.draw import png
from factsheet.site.site import Site
from tests.conftest import Copy


def social_image(site: Site) -> bytes:
    return png(site.template("social.svg").render())


def test_the_picture_follows_the_data(lighthouse: Copy) -> None:
    before = social_image(lighthouse.renderer())
    assert before[1:4] == b"PNG"
    assert struct.unpack(">II", before[16:24]) == (1200, 630)
    assert social_image(lighthouse.renderer()) == before
    lighthouse.edit("data/facts.yaml", "value: 31.5", "value: 32.5")
    lighthouse.edit("data/facts.yaml", "printed: 31.5", "printed: 32.5")
    assert social_image(lighthouse.renderer()) != before


def test_pages_name_the_picture_by_its_full_address(built_lighthouse: Copy) -> None:
    found = re.search(r"^site_url: *(\S+)$", built_lighthouse.read("mkdocs.yml"), re.MULTILINE)
    assert found
    site = built_lighthouse.site
    assert (site / "assets/social.png").stat().st_size < 300_000
    for path in set(site.glob("*.html")) - {site / "404.html"}:
        text = path.read_text("utf-8")
        assert f'property="og:image" content="{found[1]}assets/social.png"' in text
        assert 'name="twitter:card" content="summary_large_image"' in text
