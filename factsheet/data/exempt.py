"""Texts of the data file in which figures may be typed: why, and what bounds them instead.

Every other text is prose, in which each figure has to come through a macro.
"""

from typing import NamedTuple


class Exempt(NamedTuple):
    """Why a text is no prose of ours, and the rule that holds its figures to a source."""

    reason: str
    bound: str


_DOCUMENT = Exempt(
    "It says how a document or a person is called.",
    "A number in it is part of a name, a title or a date, or of the source's address; it counts"
    " nothing.",
)
_NAME = Exempt(
    "It is a name as its owner writes it.",
    "A number in it is printed by a source with another word of the name, or stands right behind"
    " another name.",
)
_REFERENCE = Exempt("It names figures.", "Each has to be in this file.")
_UNIT = Exempt("It stands behind numbers.", "It holds no digit and no number word.")
_STEP = Exempt("It is no text for readers.", "It is read as one number above zero.")
_NUMBERS = Exempt("It is no text for readers.", "It is read as degrees, within their limits.")
_FORMULA = Exempt(
    "It is calculated.",
    "Its names are inputs; a number in it is a conversion, or a one added or taken away.",
)
EXEMPT = {
    "Claim.value": Exempt(
        "It is the figure, or a name.", "Its numbers have to be among the printed words."
    ),
    "Claim.high": Exempt("It is the figure.", "It has to be among the printed words."),
    "Claim.printed": Exempt(
        "It is copied from the source, letter for letter.",
        "It has to hold the value, or ``printed_as`` says why it does not.",
    ),
    "Claim.translation": Exempt(
        "It says what the source prints.",
        "It has no digits but those of the printed words; number words only where these are in"
        " another language.",
    ),
    "Claim.said_by": _DOCUMENT,
    "Source.publisher": _DOCUMENT,
    "Source.author": _DOCUMENT,
    "Source.title": Exempt(
        "It is copied from the source, letter for letter.", "It may not be a number alone."
    ),
    "Source.published_basis": Exempt(
        "It says what the date of a source was inferred from.",
        "It holds no digit, and number words only of months and the like.",
    ),
    "Name.label": _NAME,
    "Name.also": _NAME,
    "Plural.one": _UNIT,
    "Plural.few": _UNIT,
    "Plural.many": _UNIT,
    "Plural.other": _UNIT,
    "Derivation.formula": _FORMULA,
    "Derivation.inputs": _REFERENCE,
    "Derivation.round": _STEP,
    "Indicator.formula": _FORMULA,
    "Indicator.inputs": _REFERENCE,
    "Indicator.round": _STEP,
    "Indicator.outcome": _REFERENCE,
    "Check.rule": Exempt(
        "It compares figures.", "It gives none; the figures that it compares have sources."
    ),
    "Check.inputs": _REFERENCE,
    "Panel.figures": _REFERENCE,
    "Panel.multiples_of": _REFERENCE,
    "Place.figure": _REFERENCE,
    "Place.at": _NUMBERS,
    "Chart.view": _NUMBERS,
    "Revision.observation": _REFERENCE,
    "FactSheet.file_name": Exempt("It is part of addresses.", "Its numbers are those of names."),
    "FactSheet.leading_disputes": _REFERENCE,
}
"""By the field, as ``model.py`` has it; addresses, ids and dates have patterns of their own."""
