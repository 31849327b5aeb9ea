"""Load tests with a verdict: a plan, Locust in processes of its own, and a judgement of the ledger."""
