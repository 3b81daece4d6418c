"""A fact-sheet engine: one data file in, pages, downloads and their proofs out.

Reading order for a newcomer: ``model`` (what a fact sheet is), ``interval`` (values as
sets of numbers), ``load`` (text to model), ``analyse`` (what follows from the data),
``wording`` (values in words), ``pages`` and ``lint`` (what the chapters say),
``render`` (macros), ``export`` (downloads), ``cli``.
"""
