"""Past editions: the zips of all data that former builds made, kept beside the present site."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from factsheet.errors import Fault, FaultsError
from factsheet.export.package import SUMS, sums_of
from factsheet.site.site import Site

Editions = Mapping[str, Mapping[str, bytes]]
"""By date, the files of each edition with their content."""
_KEEP = "keep the zip that was published, or take it out"


def read_past(folder: Path, site: Site) -> Editions:
    """The editions in the zips of ``folder``, the newest first; one of today is left out.

    Raises:
        FaultsError: a zip is damaged, or holds no edition that ``data/editions`` knows.
    """
    found: dict[str, Mapping[str, bytes]] = {}
    faults = []
    for path in sorted(folder.glob("*.zip")):
        try:
            with zipfile.ZipFile(path) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
            if any(".." in name or name.startswith("/") for name in files):
                raise ValueError("a name leads out of the folder")
            day = str(json.loads(files["data/facts.json"])["edition"])
            sums = files[SUMS].decode()
        except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile):
            faults.append(Fault(str(path), 1, 0, "this is no zip of an edition", _KEEP))
            continue
        if sums != sums_of(files):
            faults.append(Fault(str(path), 1, 0, f"its files are not those of its {SUMS}", _KEEP))
        elif day in found:
            faults.append(Fault(str(path), 1, 0, f"another zip holds the edition of {day}", _KEEP))
        elif day != site.sheet.edition:
            found[day] = files
            if day not in site.published.editions:
                hint = f"factsheet release keeps each as data/editions/{day}.json"
                faults.append(Fault(str(path), 1, 0, f"no edition of {day} was released", hint))
    if not found and not faults and not any(folder.glob("*.zip")):
        faults.append(Fault(str(folder), 1, 0, "there is no zip in it", "name another folder"))
    if faults:
        raise FaultsError(faults)
    return dict(sorted(found.items(), reverse=True))


def past_of(finished: Path, frozen: Path) -> tuple[Editions, list[Fault]]:
    """The editions that a finished site holds, the newest first, without their pages.

    And what is wrong in them; ``frozen``: the folder with the ``facts.json`` of each.
    """
    found: dict[str, Mapping[str, bytes]] = {}
    faults = []
    for folder in sorted(finished.glob("editions/*"), reverse=True):
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "index.html"
        }
        facts, name = frozen / f"{folder.name}.json", f"editions/{folder.name}"
        if not facts.is_file():
            what = "no such edition was released"
            faults.append(Fault(name, 1, 0, what, "see why it was left behind"))
            continue
        found[folder.name] = files
        if files.get("data/facts.json") != facts.read_bytes():
            what = "the file is not what was released"
            faults.append(Fault(f"{name}/data/facts.json", 1, 0, what, _KEEP))
        if files.get(SUMS, b"").decode(errors="replace") != sums_of(files):
            what = "does not fit the files beside it"
            faults.append(Fault(f"{name}/{SUMS}", 1, 0, what, _KEEP))
    return found, faults


def past_files(site: Site, past: Editions) -> Iterator[tuple[str, bytes]]:
    """Each file of each edition, and a page that lists them and leads to the newest."""
    for day, files in past.items():
        sizes = {name: len(content) for name, content in sorted(files.items())}
        page = site.template("edition.html").render(day=day, sizes=sizes)
        for name, content in {**files, "index.html": page.encode()}.items():
            yield f"{site.edition_address(day).rpartition('/')[0]}/{name}", content
