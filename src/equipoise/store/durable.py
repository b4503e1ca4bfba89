"""Files that a power loss leaves whole: written beside, brought to the disk, then renamed."""

from __future__ import annotations

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring the entries of a folder to the disk: which files it has, under which names."""
    if os.name == "nt":  # Windows opens no folder; NTFS journals its entries
        return
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Bring everything in a folder to the disk, then the folders' entries."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            _sync(path)
    sync_folder(folder)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file so that a reader sees the old one or the new one, never a part.

    When this returns the new one is on the disk, under its name.
    """
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
