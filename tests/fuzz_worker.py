"""Takes broken projects and formulas, one a line, in a process with bounded memory."""

import base64
import json
import resource
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

from factsheet.build.project import Project
from factsheet.errors import Fault, summary
from factsheet.export.write import facts_csv, facts_of
from factsheet.site.site import Site
from factsheet.values import formula
from factsheet.values.interval import Interval
from tests.conftest import copy_lighthouse


def rendered(site: Site) -> None:
    """Everything that pages and downloads would show."""
    for page in site.pages:
        for call in page.calls:
            html = site.call(call)
            data = '<script type="application/ld+json">'
            assert html.count("<script") == html.count(data) == html.count("</script")
            assert "javascript:" not in html.replace("javascript:</", "")
    facts_csv(facts_of(site))


def check(faults: list[Fault], root: Path) -> None:
    """Each fault has its place, what is wrong and a hint, on one line."""
    for fault in faults:
        assert fault.what, fault
        assert fault.hint, fault
        assert "\n" not in str(fault), fault
        assert len(str(fault)) < 2000, fault
        path = root / fault.file
        if path.is_file():
            lines = path.read_bytes().count(b"\n") + 1
            assert 1 <= fault.line <= lines, fault
    summary(faults)


def run(kind: str, content: bytes, root: Path) -> str:
    if kind == "formula":
        text = content.decode("utf-8", "surrogatepass")
        try:
            parsed = formula.parse(text)
            point = formula.Term(Interval.point(3))
            parsed.value(dict.fromkeys(parsed.names, point))
        except formula.FormulaError as error:
            check([Fault("formula", 1, 0, str(error), error.hint)], root)
            return "refused"
        return "read"
    path = root / kind
    good = path.read_bytes()
    path.write_bytes(content)
    try:
        site, faults = Project(root).read()
        check(faults, root)
        if faults:
            return "refused"
        assert site
        rendered(site)
        return "read"
    finally:
        path.write_bytes(good)


def main() -> None:
    with TemporaryDirectory() as folder:
        root = copy_lighthouse(Path(folder) / "lighthouse").root
        # What the program itself and the drawing of charts reserve does not count.
        assert run("docs/index.md", (root / "docs/index.md").read_bytes(), root) == "read"
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        memory = pages * resource.getpagesize() + int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        for line in sys.stdin:
            kind, content = json.loads(line)
            try:
                answer = run(kind, base64.b64decode(content), root)
            except BaseException:  # whatever it is, the test must hear of it
                answer = "CRASH " + traceback.format_exc()[-3000:]
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
