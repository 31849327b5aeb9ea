"""The reseller's wire."""
