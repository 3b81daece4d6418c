"""Measurements, each beside something that everybody has, so that the ratios count.

Run with ``make bench``, or one of them: ``python bench/run.py growth``.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import builds
import charts
import growth
import serve

PARTS = {
    "growth": growth.measure,
    "build": builds.measure,
    "charts": charts.measure,
    "serve": serve.measure,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
