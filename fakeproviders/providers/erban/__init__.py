"""The Erban service (二办, 第二办公室: the Second Office): one gateway behind several doors."""

from fakeproviders.providers.erban.wire import ERBAN, Erban

__all__ = ["ERBAN", "Erban"]
