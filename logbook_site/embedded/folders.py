"""Where the servers live and as whom they run. As an ordinary user this is simple; under root it is not."""

import hashlib
import os
import pwd
import stat
from pathlib import Path
from typing import Any

from logbook_site.embedded.processes import CannotStart

SERVER_USER = "nobody"
HOME_FOR_NOBODY = Path("/var/lib/mediation-logbook-embedded")


def home_below(var_dir: Path) -> Path:
    """The folder of the servers: below `var_dir`, unless we are root and `nobody` could not get there."""
    home = Path(var_dir).resolve() / "embedded"
    open_folder(home)
    if not is_root() or reachable(home):
        return home
    return HOME_FOR_NOBODY / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def open_folder(path: Path) -> None:
    """Makes a folder that others may pass through, whatever the umask says."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)
    except PermissionError:
        raise belongs_to_another(path) from None


def private_folder(path: Path) -> None:
    """Makes a folder that only the servers (and root) can enter. Refuses one of somebody else."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        raise belongs_to_another(path) from None
    user = _server_user()
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user.pw_uid, os.geteuid()):
        raise belongs_to_another(path)
    if is_root():
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def belongs_to_another(path: Path) -> CannotStart:
    return CannotStart(f"{path} belongs to another user. Run as that user, or choose another VAR_DIR.")


def reachable(path: Path) -> bool:
    """Whether `nobody` can get to `path`, read it, and enter or run it."""
    on_the_way = all(folder.stat().st_mode & 0o001 for folder in path.parents)
    return on_the_way and path.stat().st_mode & 0o005 == 0o005


def is_root() -> bool:
    return os.geteuid() == 0


def as_server_user() -> dict[str, Any]:
    """Arguments for `subprocess`: under root the program runs as `nobody`."""
    if not is_root():
        return {}
    user = _server_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _server_user() -> pwd.struct_passwd:
    return pwd.getpwnam(SERVER_USER) if is_root() else pwd.getpwuid(os.geteuid())
