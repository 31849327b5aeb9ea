"""A team's own system, unlike the panel: its pages, its words, its settings, its own way to send."""
