"""Measurements behind every claim of speed: ``make bench NAME=…``, see docs/reference/benchmarks.md."""
