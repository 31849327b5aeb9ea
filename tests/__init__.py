"""Tests of fakeproviders; the folders mirror the package."""
