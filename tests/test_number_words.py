"""Number words are read as the browser shows them, and honest prose is left in peace."""

import re

import pytest

from factsheet.analysis.factbase import FactBase
from factsheet.build.project import Project
from factsheet.lint.prose import ProseLint
from tests.conftest import LIGHTHOUSE

NUMBERS = r"""
Five people came. | Two paying visitors came. | The number is seven. | Zero visitors came.
the two visitors | one in five of them | five-sixths of it | two fifths | Half came. | It halved.
The price doubled. | trebled | quintupled since | a decade ago | for centuries | scores of boats
a couple of boats | the nineteenth century | the twenty-first boat | five lakh | five grand
nine buses | a dozen boats | the nineties | in its thirties | twelfth | a third boat | a thousandth
seven hundred | three-quarters | twentyfold | ten-fold | per cent | percentage point | Boat IV
MCMXCIX | MMXVIII | Tower XIV | the second century | two million | thirds of it | a quarter of it
Nearly half\nof them | A\nthird of them | seven\nin ten | per\ncent | per&nbsp;cent
sev<b>en</b> boats | sev&shy;en boats | sev\u200cen boats | sev*en* boats | **two** boats
[sev](tower.md)en boats | sev<!-- x -->en boats | &#115;even boats | two&#32;boats
It had\n250. And more | `7342 visitors` | It had `n=7342` visitors | `7342` | > seven boats
`seven boats`
<ol start="7342"><li>x</li></ol> | <li value=7342>x</li> | <b aria-description="7342 came">x</b>
tower {: aria-description="7342 came" } | [x](tower.md "7342 came") | <input placeholder='7342'>
<meter value=7342></meter> | ![7342 came](x.svg)
fivе boats | ѕeven boats | sᴇvᴇɴ boats | ᶠⁱᵛᵉ boats | Tower &Iota;V | fi&lrm;fty boats
fi&InvisibleComma;fty boats | twentyfive boats | onehundred boats | nineteenhundred boats
nought | the zeroth boat | fourscore boats | the noughties | a trio | a quintet | a fortnight later
a pair of boats | a myriad of boats | the second of May | January the second.
on the first of January | a gross of boats | a triennial fair | mmxix | twice or biannually | a duo
a threesome | in quadruplicate | a nonagenarian | The number was zero | It is nil | bimonthly
s e v e n boats | s-e-v-e-n | s.e.v.e.n | s\u00e9v\u00e9n boats | sesquicentennial | triple
There were two. | exactly two | more than two | one or two came | a boat or two. | two to one
single-digit growth | a quadrillion | per mille | sixpence | fiftyish | ten-odd boats
\u0192ive boats
"""
QUIET = r"""
one of them | the first boat | A second boat came. | the two | these two of them | from zero on
the other two were lost | Both boats came. | I saw it. | CC BY, CD, XL, MD, a MIX | the CLI
CIVIL works | VIVID | MILD | MIDI | LIVID
a manifold of boats | to unfold it | a scaffold | double-check it | double quotes | a third party
a half-open door | He scored. | test scores | someone often | a tenant | in the headquarters
the weight | a freight | often | canine | bone | fortify | `n = 7` | `a2` is code
<b id="a7" class="x2" style="width: 20px">x</b> | ## Head {#h2 .c3} | [x](a7.md#b7){: .c2 }
Ναι, νέα πλοία | восемь | the first of them | In March the second boat came | a second of it
gross output | the umpteenth time | a couple came | a pair | non-zero | quarterly | civil works
mild | civic | livid | e.g. this | the U.S.S.R. and | m-i-x | a.b.c.d | nilly | duopoly
![x](p.svg){ width="300" } | 1. first\n2. and next | <https://example.org/7> | twofaced
"""


@pytest.fixture(scope="module")
def prose() -> ProseLint:
    site, _ = Project(LIGHTHOUSE).read()
    assert site
    facts: FactBase = site.facts
    return ProseLint(facts)


def rows(table: str) -> list[str]:
    """The cells of a table, with line ends and joiners for their escapes."""
    cells = [cell.strip(" ") for line in table.strip().split("\n") for cell in line.split(" | ")]
    return [
        re.sub(r"\\u(\w{4})", lambda code: chr(int(code[1], 16)), cell.replace("\\n", "\n"))
        for cell in cells
    ]


def found(prose: ProseLint, text: str) -> list[str]:
    return [fault.what for fault in prose.markdown("page.md", text)]


@pytest.mark.parametrize("text", rows(NUMBERS))
def test_a_number_is_found(prose: ProseLint, text: str) -> None:
    assert found(prose, text)


@pytest.mark.parametrize("text", rows(QUIET))
def test_what_is_no_number_is_left_in_peace(prose: ProseLint, text: str) -> None:
    assert found(prose, text) == []


TOUCHING = """
{{ count("sources") }}{{ count("claims") }} | {{ count("sources") }}.{{ count("claims") }}
{{ fig("height") }}k | {{ fig("height") }}% | -{{ fig("height") }} | about −{{ fig("height") }}
{{ when("2020") }}s
"""
APART = """
{{ when("2020") }}–{{ when("2021") }} | {{ name("lamp_2") }}s
{{ fig("height") }}, {{ fig("cost") }}
({{ fig("height") }}) | mid-{{ when("2020") }} | {{ fig("height") }}. | - {{ fig("height") }}
{{ fig("height") }}'s rock | **{{ fig("height") }}** | {{ fig("height") }}/{{ fig("cost") }}
"""


@pytest.mark.parametrize(
    ("text", "faults"), [(t, 1) for t in rows(TOUCHING)] + [(t, 0) for t in rows(APART)]
)
def test_a_call_is_not_made_another_figure_by_what_touches_it(
    prose: ProseLint, text: str, faults: int
) -> None:
    assert len([*prose.touching("page.md", text)]) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('It had {{ when("1950") }} inhabitants.', 1),
        ('{{ when("1950") }} people came.', 1),
        ('{{ when("1950") }} visitors came.', 1),
        ('In {{ when("1950") }} boats came.', 0),
        ('What {{ when("1950") }} has is told.', 0),
        ('{{ when("1950") }}, boats came.', 0),
    ],
)
def test_a_year_is_no_count(prose: ProseLint, text: str, faults: int) -> None:
    assert len([*prose.years("page.md", text)]) == faults
