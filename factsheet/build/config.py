"""``mkdocs.yml`` as the engine reads it: settings, menu, and what of it cannot be built."""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import jinja2
import yaml

from factsheet.data.model import DEFAULT_LANGUAGE, URL
from factsheet.data.yaml_nodes import Path_, read_nodes, scalars
from factsheet.errors import Fault, FaultsError, nearest

CONFIG_FILE = Path("mkdocs.yml")
BUILD = "build"
_TEXTS = {
    "site_name", "site_description", "site_author", "copyright", "name", "title", "description",
    "text", "permalink_title", "label", "message", "permalink", "repo_name", "anchorlink",
}  # fmt: skip
"""Fields of the configuration that a reader may see."""
_UNSEEN = {
    "site_url", "site_dir", "docs_dir", "dev_addr", "repo_url", "edit_uri", "edit_uri_template",
    "extra_css", "extra_javascript", "extra_templates", "hooks", "watch", "validation",
    "not_in_nav", "exclude_docs", "draft_docs", "remote_branch", "remote_name", "nav", "strict",
    "use_directory_urls", "custom_dir", "logo", "favicon", "icon", "media", "features", "language",
    "separator", "pipeline", "link", "homepage", "property", "polyfills", "search_worker",
}  # fmt: skip
"""Fields that say nothing to a reader: addresses, files, sizes of screens; ``nav`` has its own."""
_NAMED = {
    "plugins": ("mkdocs.plugins", "plugin"),
    "markdown_extensions": ("markdown.extensions", "extension of Markdown"),
}
"""Lists of names, and the group under which packages offer such."""
_ELSEWHERE = "the pages would ask another host"
_WRONG = (
    ("site_dir", rf"(?!{BUILD}\Z).*",
     "the pages would not be built into build/, which alone is checked",
     f'write "site_dir: {BUILD}"'),
    ("use_directory_urls", r"(?!false\Z).*",
     "pages would get folders of their own, and could not be read from a folder",
     'write "use_directory_urls: false"'),
    ("site_url", rf"(?!(?:{URL})\Z).+",
     '"{value}" is not a web address', "write https://… in full, without spaces"),
    ("repo_url", ".*", _ELSEWHERE, "link the repository on a page"),
    (r"extra\.analytics(\..*)?", ".*", _ELSEWHERE, "delete it"),
    (r"extra_templates(\..*)?", ".*",
     "pages that nobody reads would be published", "write them in docs/*.md"),
    ("INHERIT", ".*", "settings in another file, which nobody checks", "write them here"),
    (r"theme\.font(\..*)?", r"(?!false\Z).*", _ELSEWHERE, 'write "font: false"'),
    (r"theme\.language", rf"(?!{DEFAULT_LANGUAGE}\Z).*",
     f'our words are in "{DEFAULT_LANGUAGE}"', f'write "language: {DEFAULT_LANGUAGE}"'),
    (r"theme\.features\..*", r"content\.tabs\.link|navigation\.top",
     '"{value}" brings parts that the audit takes for hidden', "delete the line"),
    # Plugins that load something, or write files of which the audit knows nothing
    ("plugins=", "blog|optimize|privacy|projects|rss|social|tags",
     'the plugin "{value}" writes or loads what nobody checks', "delete the line"),
    # Settings of the macros' plugin that change what is a call
    (r"plugins\..*\b(j2_\w*|include_dir|include_yaml|render_by_default|force_render_paths)(\.\d+)*",
     ".*", '"{name}" has pages read in another way than they are checked', "delete the line"),
    ("markdown_extensions=", r"pymdownx\.snippets|markdown_include\.include|mdx_include",
     'the extension "{value}" puts in files that nobody checks', "delete the line"),
)  # fmt: skip
"""Settings with which the build would end in faults, or elsewhere: their place, what must not
stand there, what is wrong then, and the hint. ``plugins=`` are the names of plugins."""
_AT_FIRST = {"site_dir": "site", "use_directory_urls": "true", "theme.font": "Roboto"}
"""What holds where nothing is set."""
_TAG = re.compile(
    r"<(script|style|svg)\b.*?</\1>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>", re.DOTALL
)
"""What of a template no reader sees."""


class Config:
    """The configuration of one project."""

    def __init__(self, root: Path) -> None:
        """``root``: the project's folder; nothing is read yet."""
        self.root = root

    @cached_property
    def fields(self) -> dict[str, yaml.Node]:
        """The top fields of ``mkdocs.yml``; none where there is no such file.

        Raises:
            FaultsError: it is no YAML, or names a field twice.
        """
        path = self.root / CONFIG_FILE
        if not path.exists():
            return {}
        _, root = read_nodes(path, CONFIG_FILE.name)
        found: dict[str, yaml.Node] = {}
        for key, value in root.value:
            if str(key.value) in found:
                what, line = f'"{key.value}" stands here twice', key.start_mark.line + 1
                raise FaultsError([Fault(CONFIG_FILE.name, line, 0, what, "keep one of the two")])
            found[str(key.value)] = value
        return found

    def setting(self, name: str, default: str = "") -> str:
        """A field that holds a text."""
        node = self.fields.get(name)
        return node.value if isinstance(node, yaml.ScalarNode) and node.value else default

    def line(self, name: str) -> int:
        """The line of a top field; the first one where there is none."""
        node = self.fields.get(name)
        return node.start_mark.line + 1 if node else 1

    @property
    def extensions(self) -> set[str]:
        """The extensions of Markdown that are named."""
        return {name for name, _ in self._names("markdown_extensions")}

    def menu(self, titles: dict[str, str]) -> list[tuple[str, str]]:
        """Title and name of each page in the order of the menu; by name if there is none.

        ``titles``: those of the pages themselves, by file.
        """
        menu = self.fields.get("nav")
        if menu is None:
            files = sorted(titles, key=lambda file: (file != "index.md", file))
            return [(titles[file], file.removesuffix(".md")) for file in files]
        entries = [(key, node.value) for key, node in scalars(menu) if node.value in titles]
        return [
            (key[-1] if isinstance(key[-1], str) else titles[file], file.removesuffix(".md"))
            for key, file in entries
        ]

    def faults(self, pages: list[str]) -> Iterator[Fault]:
        """What would stop the build, or have it write elsewhere; ``pages``: those of ``docs/``."""
        if not self.fields:
            return
        if "macros" not in {name for name, _ in self._names("plugins")}:
            hint = 'add "- macros:" below "plugins:", and below it "module_name: macros"'
            yield self._fault("plugins", "the plugin that fills in calls is not named", hint)
        yield from self._unknown_names()
        yield from self._refused()
        yield from self._parts()
        yield from self._menu_faults(pages)

    def absent(self) -> Iterator[Fault]:
        """What must lie in the project's folder beside data and pages, and does not."""
        if not (self.root / CONFIG_FILE).is_file():
            hint = "run it in the folder of a fact sheet, or name one with --root"
            yield self._fault("", "there is no such file here", hint)
        elif self.overrides and not self.overrides.is_dir():
            what = f'there is no folder "{self.overrides.name}"'
            yield self._fault("theme", what, 'put it back, or correct "custom_dir:"')
        hooks = scalars(self.fields["hooks"]) if "hooks" in self.fields else ()
        for _, node in hooks:
            try:
                ast.parse((self.root / node.value).read_bytes())
            except (SyntaxError, ValueError) as error:
                line = getattr(error, "lineno", None) or 1
                yield Fault(node.value, line, 0, f"no Python: {error.args[0]}", "correct it")
            except OSError as error:
                line, what = node.start_mark.line + 1, f'"{node.value}": {error.strerror}'
                yield Fault(CONFIG_FILE.name, line, 0, what, "put the file back, or correct this")

    def titles(self) -> Iterator[tuple[int, str]]:
        """What a reader sees of the configuration, with its lines.

        Raises:
            FaultsError: such a field holds no text.
        """
        for key, value in self.fields.items():
            if key in _TEXTS and not isinstance(value, yaml.ScalarNode):
                fault = self._fault(key, f"{key} should hold text", "write one")
                raise FaultsError([fault])
            for path, node in scalars(value, (key,)):
                if _last(path) in _TEXTS and path != ("theme", "name"):
                    yield node.start_mark.line + 1, node.value
        if "nav" in self.fields:
            yield from _nav_titles(self.fields["nav"])

    def settings(self) -> Iterator[tuple[int, str]]:
        """All other texts, with their lines: plugins and templates may print what they please.

        A plain number is a setting, unless a template of the project's own may print it.
        """
        for path, node in self._scalars():
            names = {part for part in path if isinstance(part, str)}
            is_listed = path[0] in _NAMED and len(path) == 2
            is_setting = path[0] != "extra" and not node.style and node.value.isdigit()
            is_told = names & _UNSEEN or (_last(path) in _TEXTS and path != ("theme", "name"))
            if not (is_told or is_listed or is_setting):
                yield node.start_mark.line + 1, node.value

    def links(self) -> set[str]:
        """Addresses on other hosts that the foot of each page links."""
        extra = scalars(self.fields["extra"]) if "extra" in self.fields else ()
        return {node.value for path, node in extra if path[-1] in {"link", "homepage"}}

    def templates(self) -> Iterator[tuple[str, str]]:
        """Each page template of ours: its name, and its words, all else of it as blanks.

        Raises:
            FaultsError: the templates that Jinja cannot read.
        """
        faults = []
        for path in sorted(self.overrides.rglob("*.html") if self.overrides else ()):
            name = path.relative_to(self.root).as_posix()
            try:
                words = _words(path.read_text("utf-8"))
            except jinja2.TemplateSyntaxError as error:
                faults.append(Fault(name, error.lineno, 0, str(error.message), "correct it"))
            except (OSError, UnicodeDecodeError) as error:
                faults.append(Fault(name, 1, 0, f"cannot be read: {error}", "save it as UTF-8"))
            else:
                yield name, words
        if faults:
            raise FaultsError(faults)

    @property
    def overrides(self) -> Path | None:
        """The folder of our templates, if one is named."""
        theme = self.fields.get("theme")
        node = dict(scalars(theme)).get(("custom_dir",)) if theme else None
        return self.root / node.value if node else None

    def _names(self, field: str) -> Iterator[tuple[str, int]]:
        """The names in a list of names, each of which may have settings."""
        node = self.fields.get(field)
        for item in node.value if isinstance(node, yaml.CollectionNode) else ():
            key = item[0] if isinstance(item, tuple) else item
            key = key.value[0][0] if isinstance(key, yaml.MappingNode) and key.value else key
            if isinstance(key, yaml.ScalarNode):
                yield key.value, key.start_mark.line + 1

    def _unknown_names(self) -> Iterator[Fault]:
        for field, (group, called) in _NAMED.items():
            offered = {
                name.removeprefix("material/") for name in _installed().select(group=group).names
            }
            for name, line in self._names(field):
                if name.removeprefix("material/") not in offered and not _is_module(name):
                    hint = nearest(name, offered, "install it, or delete the line")
                    yield Fault(CONFIG_FILE.name, line, 0, f'there is no {called} "{name}"', hint)

    def _refused(self) -> Iterator[Fault]:
        """What cannot pass the audit once it is built: see ``_WRONG``; each is told once."""
        set_to = [
            (".".join(map(str, path)), node.value, node.start_mark.line + 1)
            for path, node in self._scalars()
        ]
        for field in _NAMED:
            names = self._names(field)
            set_to += ((f"{field}=", name.removeprefix("material/"), line) for name, line in names)
        for path, value in _AT_FIRST.items():
            if not any(f"{one}.".startswith(f"{path}.") for one, *_ in set_to):
                set_to.append((path, value, self.line(path.partition(".")[0])))
        told: dict[tuple[str, str], int] = {}
        for path, value, line in set_to:
            for place, wrong, what, hint in _WRONG:
                if re.fullmatch(place, path) and re.fullmatch(wrong, value, re.DOTALL):
                    name = re.sub(r"(\.\d+)+$", "", path).rpartition(".")[2]
                    told.setdefault((what.format(value=value, name=name), hint), line)
        for (what, hint), line in told.items():
            yield Fault(CONFIG_FILE.name, line, 0, what, hint)

    def _parts(self) -> Iterator[Fault]:
        """The search, the theme, and the files of ``docs/`` that are named are there."""
        texts, themes = dict(self._scalars()), _installed().select(group="mkdocs.themes").names
        plugins = {name.removeprefix("material/") for name, _ in self._names("plugins")}
        if not get_close_matches("search", plugins):
            yield self._fault(
                "plugins", "the site has no search", 'add "- search" below "plugins:"'
            )
        if "offline" in plugins and ("extra", "polyfills", 0) not in texts:
            hint = 'give "extra:" a list "polyfills:" with a copy of iframe-worker/shim'
            yield self._fault("plugins", f"{_ELSEWHERE} for the offline search", hint)
        for path, node in texts.items():
            line = node.start_mark.line + 1
            is_file = path[0] in {"extra_css", "extra_javascript"}
            is_file |= path[:2] in {("extra", "polyfills"), ("theme", "logo"), ("theme", "favicon")}
            is_file &= path[-1] not in {"type", "async", "defer"}
            if is_file and not (self.root / "docs" / node.value).is_file():
                what = f'"{node.value}" is no file below docs/'
                hint = "put a copy there" if "//" in node.value else "correct the path"
                yield Fault(CONFIG_FILE.name, line, 0, what, hint)
            if path == ("theme", "name") and node.value not in themes:
                hint = nearest(node.value, themes, "install it")
                yield Fault(CONFIG_FILE.name, line, 0, f'there is no theme "{node.value}"', hint)

    def _scalars(self) -> Iterator[tuple[Path_, yaml.ScalarNode]]:
        """Every text of the file by its place."""
        for key, value in self.fields.items():
            yield from scalars(value, (key,))

    def _menu_faults(self, files: list[str]) -> Iterator[Fault]:
        """Each page stands in the menu, if there is one, and each entry names a page."""
        menu = self.fields.get("nav")
        if menu is None:
            return
        entries: dict[str, int] = {}
        name = CONFIG_FILE.name
        titles: dict[str, int] = {}
        for line, title in _nav_titles(menu):
            first = titles.setdefault(title, line)
            if first != line:
                what = f'the menu has "{title}" twice (first in line {first})'
                yield Fault(name, line, 0, what, "give each page a title of its own")
        for item in menu.value if isinstance(menu, yaml.SequenceNode) else ():
            if isinstance(item, yaml.MappingNode) and len(item.value) > 1:
                line = item.value[1][0].start_mark.line + 1
                yield Fault(
                    name, line, 0, "two pages in one entry of the menu", 'begin it with "- "'
                )
        for _, node in scalars(menu):
            line = node.start_mark.line + 1
            first = entries.setdefault(node.value, line)
            if first != line:
                what = f'"{node.value}" stands twice in the menu (first in line {first})'
                yield Fault(name, line, 0, what, "keep one of the two")
        for entry, line in entries.items():
            if entry not in files and not re.fullmatch(URL, entry):
                hint = nearest(entry, files, "name a page of docs/")
                if re.fullmatch(r"[^:]+:\S+\.md", entry):
                    hint = "put a space after the colon"
                yield Fault(name, line, 0, f'the menu names "{entry}", which is no page', hint)
        for file in files:
            if file not in entries:
                what = f'"{file}" is not in the menu'
                hint = f'add "- Title: {file}" below "nav:"'
                yield Fault(name, menu.start_mark.line, 0, what, hint)

    def _fault(self, field: str, what: str, hint: str) -> Fault:
        return Fault(CONFIG_FILE.name, self.line(field), 0, what, hint)


def _last(path: Path_) -> str | int:
    """The name of the field that a value belongs to, also in a list."""
    return next((part for part in reversed(path) if isinstance(part, str)), 0)


_installed = cache(entry_points)
"""What packages offer each other, looked for once."""


def _is_module(name: str) -> bool:
    """Whether Python-Markdown could load an extension by its module."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _nav_titles(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nav_titles(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.start_mark.line + 1, key.value
            yield from _nav_titles(value)


@lru_cache(maxsize=32)  # a preview reads the project at each change, and templates change rarely
def _words(template: str) -> str:
    """The words of a page template, all else of it as blanks.

    Raises:
        jinja2.TemplateSyntaxError: Jinja cannot read it.
    """
    jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(template)
    return _TAG.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), template)
