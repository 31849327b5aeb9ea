"""How several processes serve one world: what one of them changes, the others know before it is told."""
