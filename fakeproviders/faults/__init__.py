"""Scripted failures: which call they meet (rule, matchers), when (engine), what they do (one file each)."""
