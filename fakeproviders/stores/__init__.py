"""Where quotas, balances, tokens and messages are kept."""
