"""The pages' handlers, one module a page or kind of page."""
