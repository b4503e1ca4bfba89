"""Serve the web pages on this computer."""

from __future__ import annotations

import gc
import os
import socket
from importlib import import_module
from pathlib import Path

import typer

from equipoise.errors import UserError

HOST = "127.0.0.1"
_TRIES = 50


def free_port(first: int) -> int:
    """Return *first*, or the next port above it that is free on the loopback address.

    Raises:
        UserError: none of the next ports is free.
    """
    for port in range(first, min(first + _TRIES, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise UserError(f"No port from {first} to {first + _TRIES - 1} is free", next="Name another with --port.")


def preload() -> None:
    """Load the code and the tables that every page needs, for all workers at once.

    Workers are forked from this process where the system can, and share what is loaded before. Nothing of the
    library is opened here: neither SQLite's connections nor the index's threads outlive a fork.
    """
    from equipoise.app.rendering import environment
    from equipoise.criteria.compile import compile_criteria
    from equipoise.find.targets import find_target
    from equipoise.terms.gazetteer import country_forms, region_forms
    from equipoise.terms.lexicon import lexicon

    import_module("equipoise.app.web")  # with all that it imports
    lexicon()
    compile_criteria("Inclusion Criteria:\n* Age 18 years or older with heart failure and no prior stroke")
    find_target("BasicSearch")
    country_forms(), region_forms()
    for name in environment().list_templates():
        environment().get_template(name)
    # The collector would touch, and so copy, every page of memory that is shared.
    gc.collect()
    gc.freeze()


def run_server(folder: Path, port: int, *, workers: int = 1) -> None:
    """Serve the library in *folder* with so many processes until interrupted; the address is printed first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    port = free_port(port)
    # A worker is a process of its own; it learns which library by the environment.
    os.environ["EQUIPOISE_LIBRARY"] = str(folder.absolute())
    preload()
    typer.echo(f"\n  Equipoise is at  http://{HOST}:{port}\n\n  Press Ctrl-C to stop.")
    server = Granian(
        "equipoise.app.web:make_app",
        address=HOST,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve()
