"""Where a scenario's actions are done: the panel, a team's own system, a bare client."""
