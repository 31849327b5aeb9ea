"""The verdict for people and programs: HTML, JUnit, JSON."""
