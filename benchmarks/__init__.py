"""Benchmarks: times and sizes as ratios within one run."""
