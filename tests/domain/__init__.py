"""The gateway's rules, each alone and in their order."""
