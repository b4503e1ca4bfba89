"""The command line. Heavy parts are imported where they are used, so that help comes at once."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from equipoise.app.cli_bench import bench_app
from equipoise.app.cli_cite import CiteForm
from equipoise.app.cli_desk import desk_app
from equipoise.app.cli_match import match_app
from equipoise.app.cli_notes import notes_app
from equipoise.app.cli_options import HOST, Form, FormOption, LibraryOption
from equipoise.app.cli_user import user_app
from equipoise.app.cli_vocabulary import vocabulary_app
from equipoise.errors import UserError

HELP = """
Find, read and match clinical trials, offline.

Load registry files or trial pages into a library, search it, read its studies here or in a
browser. Begin with `equipoise demo`.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False)
library_app = typer.Typer(
    help="What is in the library; check it, and give it back as files.", invoke_without_command=True
)
app.add_typer(library_app, name="library")
app.add_typer(vocabulary_app, name="vocabulary")
app.add_typer(desk_app, name="desk")
app.add_typer(user_app, name="user")
app.add_typer(notes_app, name="notes")


class Section(StrEnum):
    """The side of a text without headings."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"


Choice = list[str] | None


@app.command()
def load(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, folders or zips; - reads standard input.", readable=False)
    ],
    library: LibraryOption = None,
    as_: Annotated[str | None, typer.Option("--as", help="The format, where it should not be recognised.")] = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Exit with 0 though records were not read.")
    ] = False,
) -> None:
    """Load registry files and trial pages into the library.

    Formats: ClinicalTrials.gov v2 JSON (a study, an API page, JSON lines, the bulk zip; also
    .gz and .zst), its legacy XML, MedDataX and TrialX pages as text.
    """
    from equipoise.app.cli_load import run_load

    run_load(paths, library, as_, skip_broken=skip_broken)


@app.command()
def sync(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Studies updated on this day or later. Default: since the last sync.",
            show_default=False,
        ),
    ] = None,
    query: Annotated[str, typer.Option(help="Only studies that the registry finds for this expression.")] = "",
    url: Annotated[
        str | None,
        typer.Option(help="The API's address. Default: https://clinicaltrials.gov/api/v2.", show_default=False),
    ] = None,
    library: LibraryOption = None,
    skip_broken: Annotated[
        bool, typer.Option("--skip-broken", help="Exit with 0 though records were not read.")
    ] = False,
) -> None:
    """Bring the library up to date with ClinicalTrials.gov.

    The first time it takes everything, later what was updated since. Stopped or failed, it
    goes on where it was.
    """
    from equipoise.app.cli_sync import run_sync

    run_sync(library, base=url, query=query, since=since.date() if since else None, skip_broken=skip_broken)


@app.command()
def search(
    text: Annotated[
        list[str] | None, typer.Argument(help="Words, phrases in quotation marks, AND, OR, NOT, AREA[…]: see the docs.")
    ] = None,
    cond: Annotated[str, typer.Option("--cond", "--condition", help="In conditions.")] = "",
    intr: Annotated[str, typer.Option("--intr", "--treatment", help="In interventions.")] = "",
    titles: Annotated[str, typer.Option("--titles", "--title", help="In titles and acronyms.")] = "",
    outc: Annotated[str, typer.Option("--outc", "--outcome", help="In what is measured.")] = "",
    spons: Annotated[str, typer.Option("--spons", help="In the names of sponsors and collaborators.")] = "",
    lead: Annotated[str, typer.Option("--lead", help="In the name of the lead sponsor.")] = "",
    id: Annotated[str, typer.Option("--id", help="In study numbers and other identifiers.")] = "",
    locn: Annotated[str, typer.Option("--locn", "--location", help="In cities, states, countries, facilities.")] = "",
    patient: Annotated[str, typer.Option("--patient", help="In what concerns a patient.")] = "",
    advanced: Annotated[Choice, typer.Option(help="An expression that must hold and does not rank.")] = None,
    drop: Annotated[Choice, typer.Option(help="Another name that is not to be searched for.")] = None,
    status: Annotated[Choice, typer.Option(help="recruiting, 'not yet recruiting', completed, …")] = None,
    phase: Annotated[Choice, typer.Option(help="1, 2, 3, 4, 'early 1', NA.")] = None,
    type: Annotated[Choice, typer.Option(help="interventional, observational, 'expanded access'.")] = None,
    age_group: Annotated[Choice, typer.Option(help="child, adult, 'older adult'.")] = None,
    age: Annotated[str | None, typer.Option(help="Someone of this age may join: 45, '6 months'.")] = None,
    sex: Annotated[Choice, typer.Option(help="female, male, all.")] = None,
    healthy: Annotated[Choice, typer.Option(help="Healthy volunteers: yes, no.")] = None,
    intervention: Annotated[Choice, typer.Option(help="drug, device, behavioral, …")] = None,
    country: Annotated[Choice, typer.Option(help="A country with a site.")] = None,
    sponsor: Annotated[Choice, typer.Option(help="industry, NIH, 'other', …")] = None,
    results: Annotated[Choice, typer.Option(help="with, without.")] = None,
    requires: Annotated[Choice, typer.Option(help="Criteria demand this: 'platelet count < 50 10*9/L'.")] = None,
    excludes: Annotated[Choice, typer.Option(help="Criteria let nobody join with this: 'heart failure'.")] = None,
    accepts: Annotated[Choice, typer.Option(help="Criteria do not rule this out: 'age 80'.")] = None,
    near: Annotated[
        str | None, typer.Option(help="A place near a site: 'Leeds, UK', 02115 (US ZIP), '53.8,-1.55'.")
    ] = None,
    within: Annotated[str | None, typer.Option(help="How far from it at most: 50km, '30 miles'.")] = None,
    stated_only: Annotated[
        bool, typer.Option("--stated-only", help="Leave out studies that do not state what is asked for.")
    ] = False,
    sort: Annotated[str, typer.Option(help="relevance, updated, start, enrollment, distance.")] = "relevance",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many studies to print.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over first.")] = 0,
    save: Annotated[
        Path | None,
        typer.Option(
            help="Save all that is found: .csv, .zip (tidy tables), .jsonl, .parquet or .ris.", show_default=False
        ),
    ] = None,
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Search the library. An option given twice means either value; of what criteria say, both."""
    from equipoise.app.cli_search import run_search

    areas = {"cond": cond, "intr": intr, "titles": titles, "outc": outc, "spons": spons, "lead": lead, "id": id,
             "locn": locn, "patient": patient}  # fmt: skip
    once = {"q": " ".join(text or []), **areas, "age": age, "near": near, "within": within, "sort": sort}
    often = {
        "status": status, "phase": phase, "type": type, "age_group": age_group, "sex": sex, "healthy": healthy,
        "intervention": intervention, "country": country, "sponsor": sponsor, "results": results,
        "requires": requires, "excludes": excludes, "accepts": accepts, "advanced": advanced, "drop": drop,
    }  # fmt: skip
    pairs = [(name, value) for name, value in once.items() if value]
    pairs += [(name, value) for name, values in often.items() for value in values or []]
    pairs += [("stated", "only")] if stated_only else []
    run_search(pairs, span=(offset, limit), library=library, save=save, as_json=format is Form.JSON)


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="The study's number, such as NCT01234567.")],
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Show a study; with --format json, its record as ClinicalTrials.gov v2 JSON, as it was published."""
    from equipoise.app.cli_show import run_show

    run_show(number, library, as_json=format is Form.JSON)


@app.command()
def cite(
    number: Annotated[str, typer.Argument(help="The study's number, such as NCT01234567.")],
    references: Annotated[bool, typer.Option("--references", help="The works that the study names instead.")] = False,
    library: LibraryOption = None,
    format: Annotated[CiteForm, typer.Option(help="A line of text, RIS or BibTeX.")] = CiteForm.TEXT,
) -> None:
    """Print a study's citation, or those of the works that it names."""
    from equipoise.app.cli_cite import run_cite

    run_cite(number, format, references=references, library=library)


@app.command()
def related(
    number: Annotated[str, typer.Argument(help="The study's number, such as NCT01234567.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many studies to print.")] = 8,
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Show the studies that have most in common with one, each with the reasons why.

    Among equals the open ones come first.
    """
    from equipoise.app.cli_related import run_related

    run_related(number, limit=limit, library=library, as_json=format is Form.JSON)


@app.command()
def criteria(
    number: Annotated[str | None, typer.Argument(help="The study's number, such as NCT01234567.")] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="A file with an eligibility text; - reads standard input.")
    ] = None,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", help="A file with a text a line, as JSON; - reads standard input.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="What share of the library's criteria is read, and what is left.")
    ] = False,
    section: Annotated[
        Section | None, typer.Option(help="All of the text is of this side. Default: its headings tell.")
    ] = None,
    library: LibraryOption = None,
    format: FormOption = Form.TABLE,
) -> None:
    """Show what is read in eligibility criteria: a study's, a text's, or many texts' as JSON lines.

    Each criterion with its reading in plain English, what was not understood, and faults.
    """
    from equipoise.app.cli_criteria import run_criteria

    run_criteria(
        number, text=text, jsonl=jsonl, coverage=coverage, section=section.value if section else None,
        library=library, as_json=format is Form.JSON,
    )  # fmt: skip


@app.command()
def serve(
    library: LibraryOption = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port; the next free one is taken if it is in use.")
    ] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer; each opens the library.")] = 1,
    host: Annotated[
        str, typer.Option(help="The address to listen at; any but this computer's own needs accounts: see `user`.")
    ] = HOST,
    certificate: Annotated[
        Path | None, typer.Option(help="The TLS certificate, with --key.", show_default=False)
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The certificate's private key.", show_default=False)] = None,
    proxy: Annotated[
        bool, typer.Option("--proxy", help="A proxy before it has TLS, and says for whom it asks.")
    ] = False,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Let passwords and notes travel unencrypted.")
    ] = False,
) -> None:
    """Serve the library's pages and the registry's API on this computer, or to people with accounts."""
    from equipoise.app.server import Place, check_place, run_server
    from equipoise.intake.opening import open_library
    from equipoise.store.editions import library_folder

    place = Place(host, port, certificate=certificate, key=key, proxy=proxy, plain_http=plain_http)
    check_place(place)
    open_library(library)  # an empty or broken library says so here, not in the browser
    run_server(library_folder(library), place, workers=workers)


@app.command()
def demo(
    library: Annotated[
        Path | None,
        typer.Option(help="The demonstration's folder. Default: one of its own in the user's data folder."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port; the next free one is taken if it is in use.")
    ] = 8000,
    load_only: Annotated[bool, typer.Option("--load-only", help="Fill the library and stop.")] = False,
) -> None:
    """Load the demonstration registry into a library of its own, and serve it."""
    from equipoise.app.cli_load import print_summary
    from equipoise.app.server import Place, run_server
    from equipoise.intake.demonstration import demonstration_folder, load_demonstration

    folder = library or demonstration_folder()
    print_summary(load_demonstration(folder), folder)
    typer.echo("These are demonstration records, written for Equipoise. No one can join them.")
    typer.echo(f"On the command line: equipoise search stroke --library {folder}")
    if not load_only:
        run_server(folder, Place(HOST, port))


@library_app.callback()
def library_info(context: typer.Context, library: LibraryOption = None, format: FormOption = Form.TABLE) -> None:
    """Say what is in the library."""
    context.obj = library
    if context.invoked_subcommand is None:
        from equipoise.app.cli_library import run_info

        run_info(library, as_json=format is Form.JSON)


@library_app.command()
def check(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the documents and all checksums.")] = False,
    library: LibraryOption = None,
) -> None:
    """Check the library: every file, every document, index and columns against the documents."""
    from equipoise.app.cli_library import run_check

    run_check(library or context.obj, quick=quick)


@library_app.command()
def rebuild(context: typer.Context, library: LibraryOption = None) -> None:
    """Make index and columns anew from the documents, as the next edition."""
    from equipoise.app.cli_library import run_rebuild

    run_rebuild(library or context.obj)


@library_app.command()
def compact(
    context: typer.Context,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Keep so many versions of each study, the current one counted. Default: all."),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Make the library smaller: documents compressed anew, one index, no earlier edition.

    It needs room for a second copy of the library meanwhile.
    """
    from equipoise.app.cli_library import run_compact

    run_compact(library or context.obj, keep=keep)


@library_app.command("compile")
def compile_(
    context: typer.Context,
    all: Annotated[bool, typer.Option("--all", help="Every study, not only those that are open or coming.")] = False,
    library: LibraryOption = None,
) -> None:
    """Compile the eligibility criteria of studies that are open, coming or silent on it, as the next edition."""
    from equipoise.app.cli_library import run_compile

    run_compile(library or context.obj, every=all)


@library_app.command()
def dump(
    context: typer.Context,
    to: Annotated[
        Path, typer.Argument(help="A zip or a folder (a file a study, byte for byte), a .jsonl file, or - .")
    ] = Path("-"),
    force: Annotated[bool, typer.Option("--force", help="Overwrite what is there.")] = False,
    library: LibraryOption = None,
) -> None:
    """Give back every study as it was published, unknown fields included."""
    from equipoise.app.cli_library import run_dump

    run_dump(to, library or context.obj, force=force)


# Listed as somebody who is new here meets them: first a library, then what is done with it.
_FIRST = ("demo", "load", "sync", "search", "show", "related", "criteria", "match", "cite", "serve", "bench")
app.registered_commands += [*match_app.registered_commands, *bench_app.registered_commands]
app.registered_commands.sort(key=lambda command: _FIRST.index(getattr(command.callback, "__name__", "")))


def main() -> None:
    """Run the command line; an error of the user's prints without a traceback and sets the exit code."""
    try:
        app()
    except UserError as error:
        typer.secho(error.title, err=True, bold=True, fg=typer.colors.RED)
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
