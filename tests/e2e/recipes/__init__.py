"""The suites that the README shows, as files that run."""
