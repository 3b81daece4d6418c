"""``factsheet format``: one layout, the same content, every comment kept."""

import re
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import (  # type: ignore[import-untyped]  # it has no types
    get_builtin_schema,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.data.yaml_nodes import INVISIBLE, as_fields
from factsheet.editor.format import WIDTH, entry, tidy
from tests.conftest import ROOT, Copy

DATA = "data/facts.yaml"


def node(text: str) -> yaml.MappingNode:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode)
    return root


def tidied(text: str) -> str:
    return tidy(text, node(text), "x")


def test_the_committed_file_is_formatted() -> None:
    text = (ROOT / DATA).read_text("utf-8")
    assert tidied(text) == text, "run: make format"


def test_the_layout() -> None:
    untidy = """\
# Head.


edition:   '2021-05-01'
title: {en: "It's", az: no}   # behind

# On first.

first:

- x
topics:
    a:
        label: {en: A}
    b:
        label:
            en: B
sources:
  one: {no: 1, url: "https://example.org/#x", title: 'a: b'}
  # on two

  two:
    no: 002
    list:
    - 1,000
    -   0.10

    - [x, ~]
    -
      # first
      k: yes
      l:
    # closes two
checks: {}
revisions:
- date: 2020
- date: 2019
# Tail.
"""
    assert (
        tidied(untidy)
        == """\
# Head.

edition: 2021-05-01
title: # behind
  en: It's
  az: no

# On first.

first:
  - x

topics:
  a:
    label:
      en: A
  b:
    label:
      en: B

sources:
  one:
    no: 1
    url: https://example.org/#x
    title: 'a: b'

  # on two

  two:
    no: 002
    list:
      - 1,000
      - 0.10
      - - x
        - ~
      # first
      - k: yes
        l:
    # closes two
checks: {}

revisions:
  - date: 2020

  - date: 2019
# Tail.
"""
    )


def test_long_texts_are_folded_and_calls_kept_whole() -> None:
    words = 'The count of {{ when("2018") }} is that of the office, of {{ fig("a", "2018") }}. '
    text = tidied(f"a:\n  b:\n    en: '{words * 3}end'\n    f: |-\n      x y\n      z\n")
    assert "en: >-\n      The count" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(line.count("{{") == line.count("}}") for line in text.splitlines())
    assert as_fields(node(text))["a"]["b"] == {"en": words * 3 + "end", "f": "x y\nz"}
    assert tidied("en: >-\n  Short\n  text.\n") == "en: Short text.\n"
    assert tidied("en: '{{ name(\"a\") }} came'\n") == 'en: >-\n  {{ name("a") }} came\n'


AWKWARD = "a-:#'\"{}[],&*!|>%@` \n\t\\?~=<.0é\u00a0\u2028\x85"
WORDS = ["cars", "no", "1,000", '{{ fig("a b", "2018") }}', "x:", "#", "-", "2018-03-29", ""]
texts = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.text(AWKWARD, max_size=30)
    | st.lists(st.sampled_from(WORDS), max_size=50).map(" ".join)
)
keys = st.text("abz_-09/ :#'é", min_size=1, max_size=12)
trees = st.dictionaries(
    keys,
    st.recursive(
        texts,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=4)
            | st.dictionaries(keys, inner, min_size=1, max_size=4)
        ),
        max_leaves=10,
    ),
    min_size=1,
    max_size=4,
)


@given(
    tree=trees,
    width=st.sampled_from([20, 80, 1000]),
    flow=st.sampled_from([None, True, False]),
    style=st.sampled_from([None, '"', "'", ">", "|"]),
    indent=st.sampled_from([2, 4]),
)
def test_formatting_never_changes_what_is_said(
    tree: Any, width: int, flow: bool | None, style: str | None, indent: int
) -> None:
    text = yaml.safe_dump(
        tree, width=width, default_flow_style=flow, default_style=style, indent=indent,
        allow_unicode=True, sort_keys=False,
    )  # fmt: skip
    assume(not INVISIBLE.search(text.replace("\n", "")))  # refused before it comes here
    result = tidied(text)
    assert as_fields(node(result)) == as_fields(node(text))
    assert tidied(result) == result


@given(trees)
def test_a_new_entry_says_what_it_was_given(tree: Any) -> None:
    text = "\n".join(entry(tree, 0)) + "\n"
    assert as_fields(node(text)) == tree
    assert "\n".join(entry([tree], 2)).startswith("  - ")


@given(trees, st.data())
def test_comments_all_survive(tree: Any, data: st.DataObject) -> None:
    lines = []
    for number, line in enumerate("\n".join(entry(tree, 0)).split("\n")):
        is_field = re.match(r" *(- )*[a-z0-9]+:", line)
        if is_field and data.draw(st.booleans()):
            column = " " * data.draw(st.integers(0, 8))
            lines += [f"{column}# above {number}", *[""] * data.draw(st.integers(0, 2))]
        if is_field and data.draw(st.booleans()):
            line += f"  # behind {number}"
        lines.append(line)
    text = "\n".join([*lines, "# end"]) + "\n"
    try:
        before = as_fields(node(text))
    except yaml.YAMLError:
        return  # a line of a folded text that looks like a field
    result = tidied(text)
    assert as_fields(node(result)) == before
    assert tidied(result) == result


def test_comments_stay_with_their_entries(lighthouse: Copy) -> None:
    text = lighthouse.read(DATA)
    lines = [
        f"{line[: len(line) - len(line.lstrip())]}# above {number}\n{line} # behind {number}"
        for number, line in enumerate(text.splitlines())
        if not line.strip().startswith(("#", "Visitors of"))
    ]
    commented = "\n".join(lines) + "\n"
    result = tidied(commented)
    assert as_fields(node(result)) == as_fields(node(commented))
    for number in range(1, len(text.splitlines())):
        if f"# above {number}\n" in commented:
            assert re.search(rf"# above {number}\n.* # behind {number}\n", result), number
    assert tidied(result) == result


def test_the_command_formats_the_file_and_checks_it(lighthouse: Copy) -> None:
    before = as_fields(node(lighthouse.read(DATA)))
    done = lighthouse.run("format", "--check")
    assert done.returncode == 1
    assert re.match(rf"{DATA}:\d+: not as it should be — run: factsheet format\n", done.stderr)
    told = lighthouse.call("format").stdout
    assert re.fullmatch(
        rf"{DATA} is formatted, .+\nCITATION.cff is in step with the data file, .+\n", told
    )
    formatted = lighthouse.read(DATA)
    assert as_fields(node(formatted)) == before
    assert lighthouse.call("format", "--check").returncode == 0
    assert lighthouse.call("format").stdout == ""
    assert lighthouse.read(DATA) == formatted
    lighthouse.renderer()


def test_the_sheet_tells_repositories_how_to_cite_it(lighthouse: Copy) -> None:
    """By the schema of the format; the date and the address are those of the sheet."""
    schema = get_builtin_schema("vendor.citation-file-format")
    lighthouse.call("format")
    written = lighthouse.read("CITATION.cff")
    for text in (written, (ROOT / "CITATION.cff").read_text("utf-8")):
        jsonschema.validate(as_fields(node(text)), schema)
    told = as_fields(node(written))
    assert (told["title"], told["date-released"]) == ("Gull Point lighthouse", "2021-05-01")
    assert told["url"] == "https://lighthouse.internal/gull/"
    lighthouse.edit("mkdocs.yml", told["url"], "https://example.org/gull/")
    lighthouse.edit(DATA, "edition: 2021-05-01", "edition: 2021-05-02")
    done = lighthouse.call("format", "--check")
    assert (done.returncode, done.stderr) == (
        1, "CITATION.cff:8: not as it should be — run: factsheet format\n",
    )  # fmt: skip
    lighthouse.call("format")
    assert "date-released: 2021-05-02" in lighthouse.read("CITATION.cff")
    assert "example.org" not in lighthouse.read("CITATION.cff")


def test_the_schema_follows_the_ids_where_the_file_names_one(lighthouse: Copy) -> None:
    schema = "data/facts.schema.json"
    lighthouse.call("format")
    assert not (lighthouse.root / schema).exists()
    lighthouse.write(
        DATA, f"# yaml-language-server: $schema=facts.schema.json\n{lighthouse.read(DATA)}"
    )
    assert schema in lighthouse.call("format").stdout
    assert '"gazette-7"' in lighthouse.read(schema)
    lighthouse.write(DATA, lighthouse.read(DATA).replace("gazette-7", "gazette-8"))
    assert f"{schema}:" in lighthouse.call("format", "--check").stderr
    lighthouse.call("format")
    assert '"gazette-7"' not in lighthouse.read(schema)
    assert lighthouse.call("format", "--check").returncode == 0


@pytest.mark.parametrize(
    ("old", "new"), [("edition:", "edition"), ("en: Visits", "en: *alias"), ("  log-book:", "\tx:")]
)
def test_what_cannot_be_read_is_left_alone(lighthouse: Copy, old: str, new: str) -> None:
    lighthouse.edit(DATA, f"{old}", f"{new}")
    before = lighthouse.read(DATA)
    done = lighthouse.call("format")
    assert done.returncode == 1
    assert re.match(rf"{DATA}:\d+: .+ — .+", done.stderr)
    assert lighthouse.read(DATA) == before
