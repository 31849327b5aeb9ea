"""Tests of what the load is made of."""
