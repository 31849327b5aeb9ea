"""The panel's JSON API."""
