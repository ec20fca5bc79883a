"""Where the programs of the servers are: in two installed Python packages."""

import importlib.metadata
import os
import shutil
from pathlib import Path

from logbook_site.embedded.folders import HOME_FOR_NOBODY, is_root, open_folder, reachable
from logbook_site.embedded.processes import CannotStart


def from_package(package: str, program: str, parts: list[str]) -> Path:
    """The `program` (a pattern) in an installed package; or in a copy of `parts` that `nobody` can reach.

    Raises CannotStart when the package or the program is missing.
    """
    try:
        distribution = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        raise _not_installed(package) from None
    site = Path(str(distribution.locate_file(""))).resolve()
    found = next(site.glob(program), None)
    if found is None:
        raise _not_installed(package)
    if is_root() and not reachable(found):
        site = _copy_for_nobody(site, parts, HOME_FOR_NOBODY / f"{package}-{distribution.version}")
        found = next(site.glob(program))
    return found


def _not_installed(package: str) -> CannotStart:
    return CannotStart(
        f"The package {package} is missing. `make run` installs it; or set DATABASE_URL and REDIS_URL."
    )


def _copy_for_nobody(site: Path, parts: list[str], target: Path) -> Path:
    """Copies `parts` to `target`, whole or not at all, readable for everybody; once for each version."""
    if target.exists():
        return target
    open_folder(target.parent)
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    for part in parts:
        if (site / part).exists():
            shutil.copytree(site / part, draft / part)
    for path in [draft, *draft.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
    try:
        draft.rename(target)
    except OSError:  # another process was quicker
        shutil.rmtree(draft)
    return target
