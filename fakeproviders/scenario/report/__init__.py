"""What came of a replay, for people and programs: HTML, JUnit, JSON, plain text."""
