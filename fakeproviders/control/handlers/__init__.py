"""The control API's handlers, one file a noun."""
