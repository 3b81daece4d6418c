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
from factsheet.site.theme import HEAD

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_DATA = 'type="application/json"'

_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'{more}"
)
_HEADERS = """\
/*
  Content-Security-Policy: {policy}
  X-Content-Type-Options: nosniff
  X-Frame-Options: DENY
  Referrer-Policy: strict-origin-when-cross-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Cross-Origin-Opener-Policy: same-origin
/data/*
  Access-Control-Allow-Origin: *
"""


def seal(folder: Path) -> None:
    """Put the policy into every page of ``folder``, and write ``_headers`` beside them.

    Raises:
        FaultsError: the pages whose head begins in another way than the theme's.
    """
    hashes: set[str] = set()
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*.html")):
        page = path.read_text("utf-8")
        own = _hashes(page)
        hashes |= own
        policy = _policy(own)
        if HEAD not in page:
            what = f"the head of the finished page does not begin with {HEAD}"
            hint = "correct the theme, or factsheet/site/theme.py"
            faults.append(Fault(path.relative_to(folder).as_posix(), 1, 0, what, hint))
        meta = f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{policy}">'
        path.write_text(page.replace(HEAD, meta, 1), "utf-8")
    if faults:
        raise FaultsError(faults)
    text = _HEADERS.format(policy=_policy(hashes, "; frame-ancestors 'none'"))
    (folder / "_headers").write_text(text, "utf-8")


def _policy(hashes: Iterable[str], more: str = "") -> str:
    listed = "".join(f" 'sha256-{digest}'" for digest in sorted(hashes))
    return _POLICY.format(hashes=listed, more=more)


def _hashes(page: str) -> set[str]:
    """The hashes of a page's inline scripts, in the form of Content Security Policy Level 2."""
    return {
        base64.b64encode(hashlib.sha256(match["text"].encode()).digest()).decode()
        for match in _SCRIPT.finditer(page)
        if "src=" not in match["attributes"] and _DATA not in match["attributes"]
    }
