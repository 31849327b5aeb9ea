"""spyne 2.14, importable in silence on Python 3.11 to 3.13. Take its names from here.

- Its bundled six installs a finder that Python 3.12 no longer understands and 3.11 warns about, at
  every later import too: the modules that it would find are put in place beforehand, the finder is
  taken away afterwards.
- It imports ``cgi``, which warns from 3.11 on and is gone in 3.13 (legacy-cgi stands in there).
- Some of its docstrings and patterns have escapes that newer compilers warn about.
- It forces a garbage collection up to once a second when a call ends: tens of milliseconds each.
"""

import sys
import warnings
from importlib import import_module

import six

MOVED = (
    "moves",
    "moves.collections_abc",
    "moves.http_cookies",
    "moves.urllib",
    "moves.urllib.parse",
    "moves.urllib.request",
)
BUNDLED_SIX = "spyne.util.six"


def _place_moved_modules() -> None:
    """What spyne finds as its bundled six's ``moves`` is the top-level six's."""
    for name in MOVED:
        sys.modules.setdefault(f"{BUNDLED_SIX}.{name}", import_module(f"{six.__name__}.{name}"))


def _take_finder_away() -> None:
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if type(finder).__module__ != BUNDLED_SIX
    ]


_place_moved_modules()
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", ".*invalid escape sequence", DeprecationWarning)
    warnings.filterwarnings("ignore", ".*invalid escape sequence", SyntaxWarning)
    warnings.filterwarnings("ignore", ".*_SixMetaPathImporter", ImportWarning)
    warnings.filterwarnings("ignore", ".*cgi.* is deprecated", DeprecationWarning)
    import spyne.const
    from spyne import Application, Integer32, MethodContext, Service, Unicode, rpc
    from spyne.protocol.soap import Soap11
    from spyne.server import ServerBase
_take_finder_away()
spyne.const.MIN_GC_INTERVAL = float("inf")

__all__ = [
    "Application",
    "Integer32",
    "MethodContext",
    "ServerBase",
    "Service",
    "Soap11",
    "Unicode",
    "rpc",
]
