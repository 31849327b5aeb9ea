"""云引擎官方短信: a token is fetched first, then sends are made with it."""

from fakeproviders.providers.official.wire import OFFICIAL

__all__ = ["OFFICIAL"]
