"""The official API's wire."""
