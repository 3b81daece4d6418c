"""``factsheet verify``: printed words are looked for in the text of their source."""

import pytest

from factsheet.editor.quotes import find, forgiven
from tests.conftest import Copy

LOG = (
    "The log.\n\n400\nclimbed it, then 250 in\u00a0spite  of all.\n"
    "Of its 31.5 metres, lit on 30\u2009June 1901 by the Mark 2;\nagain 31.5 metres.\n"
)


def test_words_that_stand_there_are_found_with_line_and_count(lighthouse: Copy) -> None:
    lighthouse.write("log.txt", LOG)
    done = lighthouse.run("verify", "log-book", "log.txt")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        'line 3: visitors 2019 "400 climbed"',
        'line 4: visitors 2020 "250 in spite of all"',
        'line 5, 6 (2 times): height "31.5 metres"',
        'line 5: lit_on "lit on 30 June 1901"',
        'line 5: lamp "the Mark 2"',
        "5 of 5 claims of log-book stand there.",
    ]


def test_a_miss_is_a_fault_of_the_data_file(lighthouse: Copy) -> None:
    lighthouse.write("log.txt", LOG.replace("400", "1,400").replace("Mark 2", "mark 2"))
    lines = lighthouse.read("data/facts.yaml").splitlines()
    done = lighthouse.call("verify", "log-book", "log.txt")
    assert done.returncode == 1
    assert "3 of 5 claims" in done.stdout
    assert done.stderr.splitlines() == [
        f'data/facts.yaml:{lines.index(f"          printed: {words}") + 1}: "{words}" does not '
        "stand in log.txt — copy the words from the source, letter for letter"
        if words == "400 climbed"
        else f'data/facts.yaml:{lines.index(f"        printed: {words}") + 1}: "{words}" does not '
        "stand in log.txt — copy the words from the source, letter for letter"
        for words in ("400 climbed", "the Mark 2")
    ]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("$ 14.08 million", "cost $14.08 million."),
        ("AzerMash OJSC - Iran Khodro", "AzerMash OJSC — Iran Khodro"),
        ("4,000–5,000 units", "4,000-5,000 units"),
        ('"Khazar" və', "“Khazar” və"),
        ("l'éternel retour", "l’éternel\nretour"),
        ("automobile plant", "auto\u00admobile\u00a0plant"),
        ("خودروهای تولیدی", "خودرو\u200cهای تولیدی"),
        ("2018-ci ildə", "(2018-ci ildə)"),
        ("August 6", "on August 6, 2016"),
        ("cars", "cars. 5"),
    ],
)
def test_typography_and_spaces_are_forgiven(printed: str, text: str) -> None:
    assert find(printed, forgiven(text)) == [1]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("969 cars", "969 Cars"),
        ("969 cars", "1,969 cars"),
        ("969 cars", "2969 cars"),
        ("969", "969,5"),
        ("969", "0.969"),
        ("969 car", "969 cars"),
        ("event", "prevent"),
        ("969 cars", "969 new cars"),
        ("1,000", "1.000"),
        ("Khazar", "Xazar"),
        ("İran", "Iran"),
    ],
)
def test_nothing_else_is_forgiven(printed: str, text: str) -> None:
    assert find(printed, forgiven(text)) == []


def test_wrong_arguments_are_refused_in_words(lighthouse: Copy) -> None:
    lighthouse.write("log.txt", LOG)
    for arguments, message in [
        (["log-bok", "log.txt"], 'unknown source "log-bok" — did you mean log-book?'),
        (["log-book", "no.txt"], "no.txt: cannot be read as UTF-8 text"),
    ]:
        done = lighthouse.call("verify", *arguments)
        assert done.returncode == 1
        assert message in done.stderr
