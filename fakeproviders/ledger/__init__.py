"""What a load run did, counted while the requests come: the evidence for its verdict.

Plain counters and bounded samples, so that the counts of several processes can be added up.
"""
