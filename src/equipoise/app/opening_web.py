"""
The receiver's pages: a passcode opens what was shared, and they lead nowhere else.

They need no account. Before the passcode every link shows the same page, be there such a share or not.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from equipoise.app.desk_web import PRIVATE, check_own_page, desk_of, drawer_of, now_of
from equipoise.app.forms import number, read_small_form, word
from equipoise.app.peers import is_encrypted, source_of
from equipoise.app.rendering import render_page
from equipoise.app.shared_page import shared_page
from equipoise.desk.bundles import Reply
from equipoise.desk.clock import stamp
from equipoise.desk.notes import clean_text
from equipoise.desk.opening import READING, add_reply, admit, close, keep_out, let_in, read_opened, try_passcode
from equipoise.desk.passcodes import is_whole, read_passcode
from equipoise.desk.share_limits import Refused

COOKIE = "opened"
# Nobody else's business: no copy is kept, no search engine lists it, and no other site learns that it was left.
SECRET = PRIVATE | {"x-robots-tag": "noindex, nofollow"}

# A key takes a tenth of a second of a processor. One is derived at a time, apart from the threads that make pages,
# and a queue longer than a few seconds is not joined.
_DERIVING = ThreadPoolExecutor(1, "passcode")
_QUEUE = threading.BoundedSemaphore(20)


def _wait_words(seconds: int) -> str:
    """Return how long to wait, in words.

    >>> _wait_words(2), _wait_words(61), _wait_words(3600)
    ('2 seconds', '2 minutes', '60 minutes')
    """
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{-(-seconds // 60)} minutes"


def _passcode_page(*, status: int = 200, fault: str = "", wait: int = 0) -> Response:
    headers = SECRET | ({"retry-after": str(wait)} if wait else {})
    return HTMLResponse(render_page("passcode.html", fault=fault), status, headers=headers)


def show_share(request: Request) -> Response:
    """Show what was shared to who was let in, and to everybody else the form for the passcode."""
    opened, secret = None, request.cookies.get(COOKIE)
    token, place = request.path_params["token"], request.path_params.get("place", 1)
    if secret and drawer_of(request).begun():
        opened = read_opened(desk_of(request), token, secret, now_of(request))
    if opened is None:
        return _passcode_page()
    state = request.app.state
    answering = number(request.query_params.get("to", ""))
    page = shared_page(
        state.shelf.library(), opened, token=token, place=place, today=state.today(), answering=answering
    )
    return HTMLResponse(page, headers=SECRET)


async def open_share(request: Request) -> Response:
    """Try a passcode."""
    # Nothing here rests on who is logged in. A browser that says that another site sent this is heeded; one that
    # says nothing (it was reached over plain HTTP) is not turned away.
    if "sec-fetch-site" in request.headers:
        check_own_page(request)
    signs = read_passcode(word(await read_small_form(request), "passcode"))
    if not is_whole(signs):
        return _passcode_page(status=400, fault="incomplete")
    if not _QUEUE.acquire(blocking=False):
        return _passcode_page(status=503, fault="Many people are opening shares now. Try again in a minute.", wait=60)
    try:
        return await _tried(request, signs)
    finally:
        _QUEUE.release()


async def _tried(request: Request, signs: str) -> Response:
    token, now = request.path_params["token"], now_of(request)
    desk = await run_in_threadpool(desk_of, request)
    ticket = await run_in_threadpool(admit, desk, token, source_of(request), now)
    if isinstance(ticket, Refused):
        if ticket.locked:
            return _passcode_page(status=429, fault="locked")
        words = f"There were too many wrong tries. Try again in {_wait_words(ticket.seconds)}."
        return _passcode_page(status=429, fault=words, wait=ticket.seconds)
    key = await asyncio.get_running_loop().run_in_executor(_DERIVING, try_passcode, ticket, token, signs)
    secret = await run_in_threadpool(let_in, desk, ticket, key, now) if key is not None else None
    if secret is None:
        await run_in_threadpool(keep_out, desk, ticket, now)
        return _passcode_page(status=403, fault="wrong")
    answer = RedirectResponse(f"/s/{token}", 303, headers=SECRET)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(READING.total_seconds()),
        path=f"/s/{token}",
        secure=is_encrypted(request),
        httponly=True,
        samesite="strict",
    )
    return answer


async def reply(request: Request) -> Response:
    """Keep a receiver's reply. Only the page itself can send it: the cookie goes with no request of another site."""
    if "sec-fetch-site" in request.headers:
        check_own_page(request)
    form, now = await read_small_form(request), now_of(request)
    token, secret = request.path_params["token"], request.cookies.get(COOKIE, "")
    name, text = " ".join(clean_text(word(form, "name")).split()), clean_text(word(form, "text"))
    one = Reply(name, text, stamp(now), number(word(form, "note")))
    if not await run_in_threadpool(add_reply, desk_of(request), token, secret, one, now):
        return _passcode_page(status=403, fault="over")
    return RedirectResponse(f"/s/{token}#replies", 303, headers=SECRET)


async def close_share(request: Request) -> Response:
    """End a receiver's reading, as on a computer that others use."""
    token, secret = request.path_params["token"], request.cookies.get(COOKIE)
    if secret:
        await run_in_threadpool(close, desk_of(request), secret)
    answer = RedirectResponse(f"/s/{token}", 303, headers=SECRET)
    answer.delete_cookie(COOKIE, path=f"/s/{token}")
    return answer


def opening_routes() -> list[Route]:
    """Return the addresses of the receiver's pages."""
    return [
        Route("/s/{token}", show_share, methods=["GET"]),
        Route("/s/{token}", open_share, methods=["POST"]),
        Route("/s/{token}/{place:int}", show_share, methods=["GET"]),
        Route("/s/{token}/reply", reply, methods=["POST"]),
        Route("/s/{token}/close", close_share, methods=["POST"]),
    ]
