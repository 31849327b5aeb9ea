"""The gateway's rules: one file a concern; send.py runs them in order."""
