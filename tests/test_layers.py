"""Which way the imports go: every module stands alone, and no layer reaches into another."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import fakeproviders

ROOT = Path(fakeproviders.__file__).parent
BASE = {"failures", "misfit", "clock", "model", "settings"}
MAY_IMPORT: dict[str, set[str]] = {
    # A module or folder: what of ours it may import; a folder always itself.
    "failures": set(),
    "misfit": {"failures"},
    "clock": {"failures", "misfit"},
    "settings": {"failures", "misfit"},
    "model": {"failures"},
    "ring": set(),
    "merge": set(),
    "soon": set(),
    "wire": {"model"},
    "connection": {"http1", "incoming", "model", "pages", "soon", "wire"},
    "incoming": set(),
    "net": {"failures"},
    "system_errors": {"failures"},
    "punctuation": {"failures"},
    "inbox": set(),
    "owned": set(),
    "arrivals": set(),
    "pages": {"model"},
    "replies": {"model", "pages"},
    "domain": BASE
    | {
        "account",
        "owned",
        "soon",
        "stores.base",
        "stores.pending",
        "stores.records",
        "providers.base",
    },
    "stores": BASE
    | {"arrivals", "faults.counts", "owned", "ring", "sharing.base", "sharing.document", "soon"},
    "sharing": BASE
    | {
        "faults",
        "journal",
        "providers.base",
        "stores.base",
        "stores.records",
        "stores.tallies",
        "tally",
    },
    "faults": {
        "failures",
        "punctuation",
        "misfit",
        "model",
        "clock",
        "pages",
        "replies",
        "http1",
        "soon",
    },
    "providers": BASE | {"inbox", "pages", "spyne_compat"},
    "clients": set(),
    "ledger": BASE
    | {
        "account",
        "domain.forward",
        "faults.rule",
        "inbox",
        "journal",
        "outcome",
        "stores.base",
        "stores.windows",
    },
    "load": {
        "clients",
        "clock",
        "faults.rule",
        "failures",
        "system_errors",
        "misfit",
        "ledger.document",
        "ledger.histogram",
        "scenario",
        "__version__",
    },
    "loops": set(),
    "workers": {"accepting", "config", "failures", "harness", "listening", "loops"},
    "api": {"clients.control", "failures", "harness", "loops", "verify.expectation"},
    "pytest_plugin": {"api", "cli.lang", "clients.control", "failures", "misfit", "scenario"},
    "scenario": {
        "clients",
        "failures",
        "punctuation",
        "system_errors",
        "misfit",
        "clock",
        "merge",
        "model",
        "faults",
        "settings",
        "providers.official",
        "providers.reseller",
        "providers.erban",
        "stores.windows",
        "verify.expectation",
        "panel.settings",
        "panel.events",
        "__version__",
    },
    "broken_body": {"failures"},
    "server_log": {"broken_body"},
    "panel": {"arrivals", "broken_body", "clients", "failures", "merge", "misfit", "net"},
}
ONLY_IN: dict[str, set[str]] = {
    # A library: the modules and folders that may import it.
    "aiohttp": {
        "transport", "connection", "incoming", "http1", "outgoing", "dedicated", "core", "hops", "desk", "accepting",
        "listening",
        "control", "clients", "upstream", "panel", "scenario.targets", "broken_body", "server_log",
    },
    "cssselect": {"scenario.targets.places"},
    "prometheus_client": {"metrics"},
    "spyne": {"providers.erban", "spyne_compat"},
    "lxml": {"providers.erban", "scenario.targets.find", "spyne_compat"},
    "aiosqlite": {"panel.database"},
    "click": {"cli"},
    "rich": {"cli"},
    "faker": {"invention", "scenario.fake"},
    "hiredis": {"stores.redis"},
}  # fmt: skip
HAS_A_CLOCK_OF_ITS_OWN = {"cli", "http1", "api.unseen", "api.sync.unseen"}
"""The command line waits for a person, and a Date header is the host's."""
PATIENCE = 120
"""Seconds: some four hundred modules on a busy machine."""
ALONE = """
import importlib, sys
wrong = []
for name in sys.argv[1:]:
    name, _, alone = name.partition(":")
    for loaded in [m for m in sys.modules if alone and m.partition(".")[0] == "fakeproviders"]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except BaseException as error:
        wrong.append(f"{name}: {error!r}")
print("\\n".join(wrong))
"""
LIGHT = """
import sys, fakeproviders
heavy = {"aiohttp", "spyne", "lxml", "faker", "yaml", "jinja2", "rich", "click", "msgspec"}
print(sorted(heavy & sys.modules.keys()))
"""


@cache
def modules() -> list[str]:
    """Dotted names below the package."""
    parts = (path.relative_to(ROOT).with_suffix("").parts for path in sorted(ROOT.rglob("*.py")))
    names = (".".join(part for part in name if part != "__init__") for name in parts)
    return [name for name in names if name and name != "__main__"]


@cache
def tree(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(source.read_text("utf-8"))


@cache
def imported(module: str) -> tuple[str, ...]:
    """Every module that this one imports, wherever it does; ``from a import b`` as ``a.b``."""
    found: list[str] = []
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def ours(module: str) -> set[str]:
    """What of ours it imports."""
    names = (name.partition(".") for name in imported(module))
    return {rest for head, _, rest in names if head == "fakeproviders"}


def needed(module: str) -> set[str]:
    """Modules that are imported with it: those it names, and the packages that they and it are in."""
    known = set(modules())
    names = {".".join(name.split(".")[:n]) for name in {module, *ours(module)} for n in range(1, 9)}
    return (names & known) - {module}


def in_a_circle(module: str, needs: dict[str, set[str]]) -> bool:
    """Whether what it imports imports it in turn, at whatever distance."""
    seen: set[str] = set()
    ahead = set(needs[module])
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= needs[name] - seen
    return module in seen


def within(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def in_a_process_of_its_own(script: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.timeout(PATIENCE + 20)
def test_every_module_can_be_imported_alone_and_without_a_warning() -> None:
    """One that is in no circle is alone whatever has been imported before; the others begin from nothing."""
    needs = {name: needed(name) for name in modules()}
    circles = [name for name in needs if in_a_circle(name, needs)]
    assert len(circles) < len(needs)
    names = [f"fakeproviders.{name}{':alone' if name in circles else ''}" for name in needs]
    assert in_a_process_of_its_own(ALONE, *names) == ""


def test_the_package_itself_loads_nothing_heavy() -> None:
    assert in_a_process_of_its_own(LIGHT) == "[]"


@pytest.mark.parametrize("layer", list(MAY_IMPORT))
def test_a_layer_imports_only_what_is_below_it(layer: str) -> None:
    members = [name for name in modules() if within(name, {layer})]
    assert members
    allowed = MAY_IMPORT[layer] | {layer}
    wrong = {m: {n for n in ours(m) if not within(n, allowed)} for m in members}
    assert {m: names for m, names in wrong.items() if names} == {}


@pytest.mark.parametrize("provider", ["official", "erban"])
def test_a_provider_knows_no_other(provider: str) -> None:
    others = {f"providers.{name}" for name in ("official", "reseller", "erban")}
    others.remove(f"providers.{provider}")
    for module in modules():
        if within(module, {f"providers.{provider}"}):
            assert not {name for name in ours(module) if within(name, others)}


def test_the_reseller_knows_of_the_platform_above_only_the_shape_of_an_account() -> None:
    for module in modules():
        if within(module, {"providers.reseller"}):
            known = {
                n for n in ours(module) if within(n, {"providers.official", "providers.erban"})
            }
            assert known <= {"providers.official.settings.OfficialSettings"}


@pytest.mark.parametrize("library", list(ONLY_IN))
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    wrong = [
        module
        for module in modules()
        if not within(module, ONLY_IN[library])
        and any(name.partition(".")[0] == library for name in imported(module))
    ]
    assert wrong == []


def test_nobody_asks_the_host_for_the_time_or_for_luck_by_himself() -> None:
    """``time`` is a constructor's default and never called; ``random`` only makes seeded streams."""
    wrong = [
        f"{module}:{node.lineno}"
        for module in modules()
        if not within(module, HAS_A_CLOCK_OF_ITS_OWN)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).partition(".")[0] in {"time", "random"}
        and ast.unparse(node.func) != "random.Random"
    ]
    assert wrong == []


def test_nobody_takes_the_date_from_the_host() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        and ast.unparse(node.value) in {"datetime", "datetime.datetime", "date"}
    ]  # fmt: skip
    assert wrong == []
