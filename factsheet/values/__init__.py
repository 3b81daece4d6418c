"""Arithmetic that knows no data file: intervals, dates, formulas."""
