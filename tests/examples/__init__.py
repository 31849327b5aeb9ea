"""A small integration and its tests, as a team that uses this project would write them."""
