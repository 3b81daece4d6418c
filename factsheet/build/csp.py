"""The last step on the finished pages: what a browser may load for them, and nothing else.

Each page gets a content security policy that names its inline scripts by their hashes; the
same for a server goes into ``_headers``, the form that static hosts such as Netlify and
Cloudflare Pages read (https://developers.cloudflare.com/pages/configuration/headers/).
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from factsheet.errors import Fault, FaultsError
from factsheet.site.theme import HEAD, STYLED_BY_SCRIPT

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style(?P<attributes>[^>]*)>(?P<text>.*?)</style>", re.DOTALL)
_DATA = re.compile(r'type="application/(ld\+)?json"')

_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'"
)
_HEADERS = """\
/*
  Content-Security-Policy: {policy}
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Cross-Origin-Opener-Policy: same-origin
/data/*
  Access-Control-Allow-Origin: *
/figures/*
  Access-Control-Allow-Origin: *
"""
_FRAMED = "embed"
"""The folder of the pages that other sites may show in a frame."""
_NOT_FRAMED = """\
{path}
  Content-Security-Policy: frame-ancestors 'none'
  X-Frame-Options: DENY
"""
"""By path, since hosts differ in whether a later rule can take a header back."""


def seal(folder: Path) -> None:
    """Put the policy into every page of ``folder``, and write ``_headers`` beside them.

    Raises:
        FaultsError: the pages whose head begins in another way than the theme's.
    """
    scripts: set[str] = set()
    styles: set[str] = set()
    guarded = {"/"}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*.html")):
        page = path.read_text("utf-8")
        own, own_styles = _hashes(page, _SCRIPT), _hashes(page, _STYLE)
        own_styles |= {
            digest for generator, digest in STYLED_BY_SCRIPT.items() if generator in page
        }
        scripts |= own
        styles |= own_styles
        first, *deeper = path.relative_to(folder).parts
        if first != _FRAMED:
            guarded |= {f"/{first}/*"} if deeper else {f"/{first}", f"/{path.stem}"}
        policy = _policy(own, own_styles)
        if HEAD not in page:
            what = f"the head of the finished page does not begin with {HEAD}"
            hint = "correct the theme, or factsheet/site/theme.py"
            faults.append(Fault(path.relative_to(folder).as_posix(), 1, 0, what, hint))
        meta = f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{policy}">'
        path.write_text(page.replace(HEAD, meta, 1), "utf-8")
    if faults:
        raise FaultsError(faults)
    text = _HEADERS.format(policy=_policy(scripts, styles))
    text += "".join(_NOT_FRAMED.format(path=one) for one in sorted(guarded))
    (folder / "_headers").write_text(text, "utf-8")


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    listed = ["".join(f" 'sha256-{digest}'" for digest in sorted(one)) for one in (scripts, styles)]
    return _POLICY.format(scripts=listed[0], styles=listed[1])


def _hashes(page: str, kind: re.Pattern[str]) -> set[str]:
    """The hashes of a page's inline scripts or styles, as CSP Level 2 has them."""
    return {
        base64.b64encode(hashlib.sha256(match["text"].encode()).digest()).decode()
        for match in kind.finditer(page)
        if "src=" not in match["attributes"] and not _DATA.search(match["attributes"])
    }
