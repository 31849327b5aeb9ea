"""What each provider says on the wire."""
