"""The commands, one file each.

A module is named like its command and has ``build(lang) -> click.Command``. A new one is added to
``COMMANDS`` of ``fakeproviders.cli.main``, which gives the order of the help page.
"""
