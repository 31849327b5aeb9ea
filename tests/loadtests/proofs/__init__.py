"""Tests of what the proofs judge by; the proofs themselves are run by ``make prove``."""
