"""Tests of load runs and their verdicts."""
