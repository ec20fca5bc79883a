"""Every test here has folders of its own for downloads, evidence and imports."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.DOWNLOAD_DIR = tmp_path / "downloads"
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.IMPORT_DIR = tmp_path / "imports"
    return settings.DOWNLOAD_DIR
