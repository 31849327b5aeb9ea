"""Verification: did the requests come that a test expected, and no others?"""
