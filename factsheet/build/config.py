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
_REFUSED = {
    ("repo_url",): (_ELSEWHERE, "link the repository on a page"),
    ("extra", "analytics"): (_ELSEWHERE, "delete it"),
    ("extra_templates",): ("pages that nobody reads would be published", "write them in docs/*.md"),
    ("INHERIT",): ("settings in another file, which nobody checks", "write them here"),
}
"""Settings with which the build would end in faults: what is wrong, and the hint."""
_WRITING = {"blog", "optimize", "privacy", "projects", "rss", "social", "tags"}
"""Plugins that load something, or write files of which the audit knows nothing."""
_INCLUDING = {"pymdownx.snippets", "markdown_include.include", "mdx_include"}
"""Extensions that put other files into a page."""
_READING = re.compile("j2_.*|include_dir|include_yaml|render_by_default|force_render_paths")
"""Settings of the macros' plugin that change what is a call."""
_HIDING = {"content.tabs.link", "navigation.top"}
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
        if self.setting("site_dir", "site") != BUILD:
            what = "the pages would not be built into build/, which alone is checked"
            yield self._fault("site_dir", what, f'write "site_dir: {BUILD}"')
        if self.setting("use_directory_urls", "true") != "false":
            what = "pages would get folders of their own, and could not be read from a folder"
            yield self._fault("use_directory_urls", what, 'write "use_directory_urls: false"')
        address = self.setting("site_url")
        if address and not re.fullmatch(URL, address):
            what = f'"{address[:60]}" is not a web address'
            yield self._fault("site_url", what, "write https://… in full, without spaces")
        if "macros" not in {name for name, _ in self._names("plugins")}:
            hint = 'add "- macros:" below "plugins:", and below it "module_name: macros"'
            yield self._fault("plugins", "the plugin that fills in calls is not named", hint)
        yield from self._unknown_names()
        yield from self._refused()
        yield from self._theme_faults()
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
        for path, node in (
            one for key, value in self.fields.items() for one in scalars(value, (key,))
        ):
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
        """What cannot pass the audit once it is built."""
        texts = {p: n for key, value in self.fields.items() for p, n in scalars(value, (key,))}
        for start, (what, hint) in _REFUSED.items():
            line = next(
                (n.start_mark.line + 1 for p, n in texts.items() if p[: len(start)] == start), 0
            )
            if line:
                yield Fault(CONFIG_FILE.name, line, 0, what, hint)
        plugins = dict(self._names("plugins"))
        for name in _WRITING & {name.removeprefix("material/") for name in plugins}:
            line = plugins.get(name) or plugins[f"material/{name}"]
            what, hint = (
                f'the plugin "{name}" writes or loads what nobody checks',
                "delete the line",
            )
            yield Fault(CONFIG_FILE.name, line, 0, what, hint)
        for name, line in self._names("markdown_extensions"):
            if name in _INCLUDING:
                what = f'the extension "{name}" puts in files that nobody checks'
                yield Fault(CONFIG_FILE.name, line, 0, what, "delete the line")
        if not get_close_matches("search", [*plugins, *(n[9:] for n in plugins)]):
            yield self._fault(
                "plugins", "the site has no search", 'add "- search" below "plugins:"'
            )
        if {"offline", "material/offline"} & {*plugins} and ("extra", "polyfills", 0) not in texts:
            hint = 'give "extra:" a list "polyfills:" with a copy of iframe-worker/shim'
            yield self._fault("plugins", f"{_ELSEWHERE} for the offline search", hint)
        for path, node in texts.items():
            if path[0] == "plugins" and _READING.fullmatch(str(_last(path))):
                what = f'"{_last(path)}" has pages read in another way than they are checked'
                yield Fault(CONFIG_FILE.name, node.start_mark.line + 1, 0, what, "delete the line")
            if path[:2] == ("theme", "features") and node.value in _HIDING:
                what = f'"{node.value}" brings parts that the audit takes for hidden'
                yield Fault(CONFIG_FILE.name, node.start_mark.line + 1, 0, what, "delete the line")
            is_file = path[0] in {"extra_css", "extra_javascript"} or path[:2] == (
                "extra",
                "polyfills",
            )
            is_file |= path in {("theme", "logo"), ("theme", "favicon")}
            is_file &= path[-1] not in {"type", "async", "defer"}
            if is_file and not (self.root / "docs" / node.value).is_file():
                what = f'"{node.value}" is no file below docs/'
                hint = "put a copy there" if "//" in node.value else "correct the path"
                yield Fault(CONFIG_FILE.name, node.start_mark.line + 1, 0, what, hint)

    def _theme_faults(self) -> Iterator[Fault]:
        theme = self.fields.get("theme")
        named = dict(scalars(theme)) if theme else {}
        for field, wanted, at_first in (
            ("font", "false", ""),
            ("language", DEFAULT_LANGUAGE, None),
        ):
            given = next((n for p, n in named.items() if p[:1] == (field,)), None)
            if (given.value if given else at_first) not in {wanted, None}:
                line = given.start_mark.line + 1 if given else self.line("theme")
                what = _ELSEWHERE if field == "font" else f'our words are in "{wanted}"'
                yield Fault(CONFIG_FILE.name, line, 0, what, f'write "{field}: {wanted}"')
        node = named.get(("name",))
        offered = _installed().select(group="mkdocs.themes").names
        if node and node.value not in offered:
            line, hint = node.start_mark.line + 1, nearest(node.value, offered, "install it")
            yield Fault(CONFIG_FILE.name, line, 0, f'there is no theme "{node.value}"', hint)

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
