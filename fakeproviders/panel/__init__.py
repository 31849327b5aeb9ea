"""The reference integration: an operator's panel that sends through the three providers.

A small system of its own. It talks to the providers over HTTP, as any client would, and knows nothing
of the simulator's inside. Each session has a panel of its own, a tenant.
"""
