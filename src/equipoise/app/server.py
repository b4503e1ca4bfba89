"""Serve the web pages on this computer."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from importlib import import_module
from pathlib import Path

import msgspec
import typer

from equipoise.app.access import Access, write_access
from equipoise.app.cli_options import HOST
from equipoise.app.faq import shown_faq
from equipoise.app.heap import share_heap
from equipoise.errors import UserError

_TRIES = 50
# How long answers under way may take after Ctrl-C before their process is ended, in seconds.
_LAST_ANSWERS = 5


class Place(msgspec.Struct, frozen=True):
    """Where a server listens, and how what it says is protected on its way."""

    host: str = HOST
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None
    proxy: bool = False
    plain_http: bool = False

    @property
    def loopback(self) -> bool:
        """Whether this computer alone reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def encrypted(self) -> bool:
        """Whether a browser reaches it by TLS."""
        return self.proxy or self.certificate is not None

    @property
    def access(self) -> Access:
        """Who may ask: behind a proxy others do, wherever it listens."""
        alone = self.loopback and not self.proxy
        return Access(accounts=not alone, loopback=alone, encrypted=self.encrypted, proxied=self.proxy)


def check_place(place: Place) -> None:
    """Check that a server may listen there.

    Raises:
        UserError: others would reach it, and nobody has an account, or passwords would travel in the open.
    """
    if (place.certificate is None) != (place.key is None):
        raise UserError("A certificate and its key belong together", next="Name both: --certificate, --key.")
    for file in (place.certificate, place.key):
        if file is not None and not file.is_file():
            raise UserError("There is no such file", where=str(file), next="Name two PEM files.")
    if not place.access.accounts:
        return
    from equipoise.desk.accounts import list_people
    from equipoise.desk.database import desk_folder, open_desk

    if not list_people(open_desk(desk_folder())):
        raise UserError(
            f"Others reach {place.host}, so people log in, and nobody has an account yet",
            next="Make one first: equipoise user add NAME",
        )
    if not (place.encrypted or place.plain_http):
        raise UserError(
            f"At {place.host} passwords and notes would travel unencrypted",
            next="Name --certificate and --key, put a proxy with TLS before it (--proxy), or accept it: --plain-http.",
        )


def free_port(first: int, host: str = HOST) -> int:
    """Return *first*, or the next port above it that is free on an address.

    Raises:
        UserError: none of the next ports is free.
    """
    for port in range(first, min(first + _TRIES, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise UserError(f"No port from {first} to {first + _TRIES - 1} is free", next="Name another with --port.")


def preload() -> None:
    """Load the code and the tables that every page needs, for all workers at once.

    Workers are forked from this process where the system can, and share what is loaded before. Nothing of the
    library is opened here: neither SQLite's connections nor the index's threads outlive a fork.
    """
    from equipoise.app.explaining import explain
    from equipoise.app.rendering import environment
    from equipoise.criteria.compile import compile_criteria
    from equipoise.find.reach import parse_phone
    from equipoise.find.targets import find_target
    from equipoise.terms.broader import broader
    from equipoise.terms.gazetteer import country_forms, region_forms
    from equipoise.terms.lexicon import lexicon
    from equipoise.terms.outlines import DETAIL, outlines

    import_module("equipoise.app.web")  # with all that it imports
    lexicon()
    compile_criteria("Inclusion Criteria:\n* Age 18 years or older with heart failure and no prior stroke")
    find_target("BasicSearch")
    country_forms(), region_forms(), broader("stroke"), lexicon().members("stroke")
    parse_phone("+1 804-828-4583")
    explain('<h2>Phase</h2><p class="said">A double-blind trial</p>')
    for level in DETAIL:
        outlines(level)
    for name in environment().list_templates():
        environment().get_template(name)
    # The collector would touch, and so copy, every page of memory that is shared.
    gc.collect()
    gc.freeze()
    # What a page makes it lets go of without the collector, which looked through it 12 times a page in vain: 3.4 % of
    # the processor time at Python's own thresholds, 1.7 % at these. Workers that are forked take them over.
    gc.set_threshold(10_000, 20, 50)


def run_server(folder: Path, place: Place, *, workers: int = 1) -> None:
    """Serve the library in *folder* with so many processes until interrupted; the address is printed first."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    port = free_port(place.port, place.host)
    # A worker is a process of its own; it learns which library by the environment.
    os.environ["EQUIPOISE_LIBRARY"] = str(folder.absolute())
    write_access(place.access)
    share_heap()
    preload()
    if problem := shown_faq(folder.absolute()).problem:
        typer.echo(f"The built-in questions are shown, not yours. {problem}", err=True)
    scheme, host = "https" if place.certificate else "http", f"[{place.host}]" if ":" in place.host else place.host
    if place.host in ("0.0.0.0", "::"):  # noqa: S104 (it is asked for, and wants accounts)
        host = f"{socket.gethostname()}:{port}, and at every other address of this computer"
    else:
        host = f"{host}:{port}"
    typer.echo(f"\n  Equipoise is at  {scheme}://{host}\n\n  Press Ctrl-C to stop.")
    server = Granian(
        "equipoise.app.web:make_app",
        address=place.host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        log_level=LogLevels.warning,
        log_access=False,
        # Without a limit, a worker that is stopped as it starts, or is stuck, would keep the server alive for ever.
        workers_kill_timeout=_LAST_ANSWERS,
        ssl_cert=place.certificate,
        ssl_key=place.key,
    )
    server.serve()
