"""Measurements, each beside something that everybody has, so that the ratios count.

Run with ``make bench``, or one of them, with sizes of your own: ``bench/run.py growth 1000 5000``.
"""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import builds
import charts
import growth
import pdf
import serve

PARTS = {
    "growth": growth.measure,
    "build": builds.measure,
    "figures": builds.measure_figures,
    "charts": charts.measure,
    "pdf": pdf.measure,
    "serve": serve.measure,
}

if __name__ == "__main__":
    gc.disable()  # as ``python -m factsheet`` does
    name, sizes = sys.argv[1:2], tuple(map(int, sys.argv[2:]))
    for part in name or PARTS:
        PARTS[part](sizes) if sizes else PARTS[part]()
