"""The control API: sessions, faults, clock, inbox, journal, over HTTP and JSON."""
