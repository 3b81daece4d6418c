"""Builds a project whose claims contradict each other, in its ``build/``; prints every stray.

A program of its own, so that several copies are built at once.
"""

import sys
from pathlib import Path

from factsheet.assemble import finish, make_pages
from factsheet.audit import audit
from factsheet.project import Project

project = Project(Path(sys.argv[1]))
site, _ = project.read()
assert site
make_pages(project, site, strict=False)
finish(project, site)
found = audit(project.build)
sys.stdout.write("".join(f"{fault}\n" for fault in found.faults))
