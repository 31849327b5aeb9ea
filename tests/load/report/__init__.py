"""Tests of the reports of a verdict."""
