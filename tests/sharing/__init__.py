"""What processes share that serve one world."""
