"""云引擎资源上级代理: a platform that passes its members' sends on to the official API."""

from fakeproviders.providers.reseller.wire import RESELLER

__all__ = ["RESELLER"]
