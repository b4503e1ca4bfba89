"""Log in, log out, change the password: the pages of people with accounts."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.access import Access
from equipoise.app.desk_web import check_own_page, desk_of, now_of, person_of
from equipoise.app.forms import read_small_form, word
from equipoise.app.pages import own_page, status_of
from equipoise.desk.accounts import set_password
from equipoise.desk.logins import LONGEST, begin_session, end_session, find_person
from equipoise.desk.people import Person
from equipoise.errors import DeskError, InputError, NotAllowed


def account_routes() -> list[Route]:
    """Return the addresses of the accounts; without accounts they are not served."""
    return [
        Route("/login", show_login, methods=["GET"]),
        Route("/login", log_in, methods=["POST"]),
        Route("/logout", log_out, methods=["POST"]),
        Route("/account", show_account, methods=["GET"]),
        Route("/account", change_password, methods=["POST"]),
    ]


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


def local_path(text: str) -> str:
    r"""Return where a login leads on to: a path of this server, else the first page.

    >>> local_path("/studies/NCT99000001?x=1"), local_path("https://elsewhere/"), local_path("//elsewhere")
    ('/studies/NCT99000001?x=1', '/', '/')
    >>> local_path("/\\elsewhere"), local_path("/\t/elsewhere")
    ('/', '/')
    """
    parts = urlsplit(text)
    plain = text.isprintable() and "\\" not in text and not text.startswith("//")
    return text if plain and text.startswith("/") and not parts.scheme and not parts.netloc else "/"


def show_login(request: Request) -> Response:
    """Show the login."""
    return _login(request, next=local_path(request.query_params.get("next", "/")))


def _login(request: Request, *, next: str, name: str = "", error: NotAllowed | None = None) -> Response:
    return own_page(
        request,
        "login.html",
        status=status_of(error) if error else 200,
        next=next,
        name=name,
        error=error,
        secure=_access(request).encrypted,
    )


async def log_in(request: Request) -> Response:
    """Begin a session, and lead on to the page that was asked for."""
    check_own_page(request)
    form = await read_small_form(request)
    name, password, next = word(form, "name"), word(form, "password"), local_path(word(form, "next"))
    return await run_in_threadpool(_begin, request, name, password, next)


def _begin(request: Request, name: str, password: str, next: str) -> Response:
    access, now = _access(request), now_of(request)
    try:
        person = find_person(desk_of(request), name, password, address=access.address(request), now=now)
    except NotAllowed as error:
        return _login(request, next=next, name=name, error=error)
    answer = RedirectResponse(next, 303)
    _give_cookie(answer, request, person)
    return answer


def _give_cookie(answer: Response, request: Request, person: Person) -> None:
    access = _access(request)
    token = begin_session(desk_of(request), person, now_of(request))
    answer.set_cookie(
        access.cookie,
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=access.encrypted,
        httponly=True,
        samesite="lax",
    )


def log_out(request: Request) -> Response:
    """End the session."""
    check_own_page(request)
    access = _access(request)
    if token := request.cookies.get(access.cookie):
        end_session(desk_of(request), token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(access.cookie, path="/", secure=access.encrypted, httponly=True, samesite="lax")
    # What the browser has kept of this person's pages goes, too.
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def show_account(request: Request) -> Response:
    """Show whose account it is, and how to change the password."""
    return _account(request, said="changed" if "changed" in request.query_params else "")


def _account(request: Request, *, said: str = "", error: DeskError | InputError | None = None) -> Response:
    status = status_of(error) if error else 200
    return own_page(request, "account.html", status=status, person=person_of(request), said=said, error=error)


async def change_password(request: Request) -> Response:
    """Set the person's password anew; sessions elsewhere end."""
    check_own_page(request)
    form = await read_small_form(request)
    old, new = word(form, "old"), word(form, "new")
    return await run_in_threadpool(_change, request, old, new)


def _change(request: Request, old: str, new: str) -> Response:
    desk, person = desk_of(request), person_of(request)
    try:
        find_person(desk, person.name, old, address=_access(request).address(request), now=now_of(request))
        set_password(desk, person.name, new)
    except (NotAllowed, InputError) as error:
        return _account(request, error=error)
    answer = RedirectResponse("/account?changed", 303)
    _give_cookie(answer, request, person)
    return answer
