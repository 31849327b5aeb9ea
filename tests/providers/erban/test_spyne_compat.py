"""spyne comes up in silence and leaves nothing behind in the interpreter."""

import subprocess
import sys

import pytest

SILENT_IMPORT = """
import fakeproviders.spyne_compat
import sys
assert not [each for each in sys.meta_path if type(each).__module__.startswith("spyne")]
try:
    import there_is_no_such_module
except ImportError:
    pass
import spyne.const
assert spyne.const.MIN_GC_INTERVAL == float("inf")
"""


@pytest.mark.parametrize("cached", [True, False])
def test_import_in_silence(cached: bool) -> None:
    """Compiled afresh, its sources warn of their escapes too."""
    options = [] if cached else ["-X", "pycache_prefix=/nonexistent", "-B"]
    subprocess.run(
        [sys.executable, "-W", "error", *options, "-c", SILENT_IMPORT], check=True, timeout=60
    )
