"""The panel's pages for people: rendered on the server, in Chinese and English, usable without JavaScript."""
