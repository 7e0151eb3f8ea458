"""The root of the public, read-only API: what all its parts have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from bookings.api import router as rooms
from cms.api import router as centres_and_services
from cms.page_cache import asked_again

DESCRIPTION = """Centres, services, opening hours and rooms of the Regionale Versorgungszentren, for
everybody to read. No key is needed, and nothing here is about persons.

- All times are ISO 8601 with their offset in Europe/Berlin.
- Every answer carries an `ETag`. Ask again with `If-None-Match` as often as you like: a change in the
  editorial system shows at once, and `valid_until` says when a state changes on its own.
- What cannot be answered is refused with a 4xx and the reason in German (`detail`).
- On the host of a single centre only this centre is served.
"""
UNPROCESSABLE, NOT_FOUND = 422, 404

Run = Callable[..., HttpResponse]


def public_answer(run: Run) -> Run:
    """Let pages of other hosts read the answer, and nobody keep it without asking again."""

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = asked_again(request, run(request, *args, **kwargs))
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


class Renderer(JSONRenderer):
    """Writes German as it is."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Renderer(),
    title="Regionale Versorgungszentren",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_decorator=public_answer,
)
api.add_decorator(public_answer, mode="view")
api.add_router("", centres_and_services)
api.add_router("", rooms)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(
        request, {"detail": str(error), "errors": []}, status=error.status_code
    )


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say in German what is wrong with which parameter."""
    errors = [
        {"field": str(problem["loc"][-1]), "message": sentence_of(problem)}
        for problem in error.errors
    ]
    detail = " ".join(f"{problem['field']}: {problem['message']}" for problem in errors)
    return api.create_response(request, {"detail": detail, "errors": errors}, status=UNPROCESSABLE)


def sentence_of(problem: dict[str, Any]) -> str:
    """Return our own sentence as it is; the only other parameters are numbers and short words."""
    limits = problem.get("ctx", {})
    match problem["type"]:
        case str(kind) if kind.startswith("no_"):
            return str(problem["msg"])
        case "greater_than_equal":
            return _("The number must be %(number)s or more.") % {"number": limits["ge"]}
        case "less_than_equal":
            return _("The number must be %(number)s or less.") % {"number": limits["le"]}
        case str(kind) if kind.startswith("int_"):
            return _("Please write a whole number.")
        case "missing":
            return _("This is missing.")
    return _("This value cannot be understood.")


rest = Router()
api.add_router("", rest)


@rest.get("/{path:rest}", include_in_schema=False)
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer in JSON what would else be a page for people."""
    raise HttpError(NOT_FOUND, _("There is nothing at this address of the API."))


def with_head(run: Run) -> Run:
    """Answer HEAD like GET, which is all that ninja's views know; the server leaves out the body."""

    @wraps(run)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "HEAD":
            return run(request, *args, **kwargs)
        request.method = "GET"
        try:
            return run(request, *args, **kwargs)
        finally:
            request.method = "HEAD"

    return answer


urlpatterns, app_name, _namespace = api.urls
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = with_head(pattern.callback)
