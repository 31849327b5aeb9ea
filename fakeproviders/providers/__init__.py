"""The providers: what each says on the wire, and nothing of what is decided."""
