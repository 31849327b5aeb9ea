"""A project of somebody who has just heard of this one: the README's first tests, and four hundred at once."""
