"""Builds a project whose claims contradict each other, in its ``build/``; prints every stray.

Also a program of its own, for a build that leaves nothing in the memory of the tests.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

from factsheet.audit.audit import audit
from factsheet.build.generate import finish, make_pages, write_trace
from factsheet.build.project import Project


def build_anyway(root: Path) -> list[str]:
    """All steps of ``factsheet build`` but the refusals; what the audit finds."""
    project = Project(root)
    site, _ = project.read_once()
    assert site
    with patch.dict(os.environ):
        make_pages(project, site, strict=False)
    finish(project, site, {})
    found = audit(project.build)
    write_trace(site, found.trace, project.build)
    return [str(fault) for fault in found.faults]


if __name__ == "__main__":
    sys.stdout.write("\n".join(build_anyway(Path(sys.argv[1]))))
