"""Benchmarks: bounded, on loopback, as ratios of two servers measured in one run."""
