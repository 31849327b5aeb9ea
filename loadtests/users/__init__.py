"""Who sends: Locust users. They run in Locust's own processes, never in a server's or a test's."""
