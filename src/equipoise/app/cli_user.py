"""The commands ``user …``: who may log in. Heavy parts are imported where they are used."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from equipoise.errors import InputError

user_app = typer.Typer(help="Who may log in to a server that others reach.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="Letters, digits and . _ - @ +; an address of mail is a name, too.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def _password(stdin: bool) -> str:
    """Return the password, asked for twice on a terminal."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("There is no terminal to ask for the password", next="Send it with --password-stdin.")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return password


@user_app.command("add")
def add(name: NameArgument, password_stdin: StdinOption = False) -> None:
    """Give someone an account; the password is asked for."""
    from equipoise.desk.accounts import add_person
    from equipoise.desk.database import desk_folder, open_desk

    person = add_person(open_desk(desk_folder()), name, _password(password_stdin), datetime.now(UTC))
    typer.echo(f"{person.name} can log in.")


@user_app.command("list")
def list_() -> None:
    """List who has an account, and since when."""
    from equipoise.desk.accounts import list_people
    from equipoise.desk.database import desk_folder, open_desk

    people = list_people(open_desk(desk_folder()))
    for person, created in people:
        typer.echo(f"{person.name}  since {created[:10]}")
    if not people:
        typer.echo("Nobody has an account yet: equipoise user add NAME")


@user_app.command("password")
def password(name: NameArgument, password_stdin: StdinOption = False) -> None:
    """Set someone's password anew; their sessions end."""
    from equipoise.desk.accounts import set_password
    from equipoise.desk.database import desk_folder, open_desk

    set_password(open_desk(desk_folder()), name, _password(password_stdin))
    typer.echo("The password is set; sessions begun with the old one have ended.")


@user_app.command("remove")
def remove(
    name: NameArgument, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False
) -> None:
    """Remove someone, with all that is theirs on the desk."""
    from equipoise.desk.accounts import remove_person
    from equipoise.desk.database import desk_folder, open_desk

    if not yes:
        typer.confirm("Remove the account with all its notes, shares and saved searches?", abort=True)
    remove_person(open_desk(desk_folder()), name)
    typer.echo("Removed.")
