"""The fault engine: matchers, rules, scripts, draws, and each fault by itself."""
