"""Tests of the scenario language, its targets and reports."""
