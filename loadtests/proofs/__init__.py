"""Proofs that limits are exact and nothing acknowledged is lost: by attempts, kills and outages at full size.

    python -m loadtests.proofs [--size full|ci] [--only NAME]... [--json FILE]

Every proof loads servers that were started as users start them, by processes of its own over real
sockets, records what each single attempt was told, and compares that with what the servers have kept.
"""
