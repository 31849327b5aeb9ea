"""One small client a provider. They know HTTP and nothing of the servers' inside."""
