"""The content security policy: on every page, or a fault."""

from pathlib import Path

import pytest

from factsheet.build.csp import seal
from factsheet.errors import FaultsError
from factsheet.site.theme import HEAD

DATA = '<script type="application/ld+json">{}</script><script type="application/json">1</script>'
PAGE = f"<html><head>{HEAD}</head><body><script>run()</script>{DATA}</body></html>"


def test_every_page_gets_the_policy_with_the_hash_of_its_scripts(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    for name in ("index.html", "figures/a.html"):
        (tmp_path / name).write_text(PAGE, "utf-8")
    seal(tmp_path)
    # printf 'run()' | openssl dgst -sha256 -binary | base64
    digest = "AvyuiL0SD1mVY3NNxR+V2uo+lhk6RMFrytWmRt6CrJQ="
    for name in ("index.html", "figures/a.html", "_headers"):
        text = (tmp_path / name).read_text("utf-8")
        assert f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style" in text


@pytest.mark.parametrize("head", ["<meta charset=utf-8>", '<meta charset="UTF-8" />', ""])
def test_a_page_with_another_head_is_a_fault(tmp_path: Path, head: str) -> None:
    (tmp_path / "good.html").write_text(PAGE, "utf-8")
    (tmp_path / "odd.html").write_text(PAGE.replace(HEAD, head), "utf-8")
    with pytest.raises(FaultsError) as caught:
        seal(tmp_path)
    assert [fault.file for fault in caught.value.faults] == ["odd.html"]
