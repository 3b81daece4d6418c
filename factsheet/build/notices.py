"""The notices of others' work that a finished site brings along, in one text file.

The licences of the theme and the generator are those of the installed packages, that of the
fonts is the file beside them; what is packed into the theme's script stands in
``third-party.txt``, with the versions and holders that the script's source map and heads name.
"""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

NOTICES = "assets/third-party-notices.txt"
"""Where they stand on the site."""
_HERE = Path(__file__).parent
_PACKAGES = {"mkdocs-material": "Material for MkDocs", "mkdocs": "MkDocs"}


def notices() -> str:
    """The whole text.

    Raises:
        FileNotFoundError: an installed package has no file with its licence.
    """
    fonts = (_HERE.parent / "fonts/LICENSE").read_text("utf-8")
    parts = [(title, _licence(package)) for package, title in _PACKAGES.items()]
    parts.append(("Noto Sans and Noto Sans Arabic, in pictures and PDFs", fonts))
    rest = (f"{'-' * 80}\n{title}\n\n{text.strip()}\n" for title, text in parts)
    return "\n".join([(_HERE / "third-party.txt").read_text("utf-8"), *rest])


@cache  # a package has thousands of files
def _licence(package: str) -> str:
    for file in distribution(package).files or ():
        if file.name.startswith("LICENSE"):
            return file.read_text("utf-8")
    raise FileNotFoundError(f"the package {package} has no LICENSE")
