"""The search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.search import search_site

MAX_QUERY = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the search form, and below it what was found."""
    query = " ".join(request.GET.get("q", "").split())
    context = {"query": query, "max_query": MAX_QUERY, "too_long": len(query) > MAX_QUERY}
    if query and not context["too_long"]:
        context["results"] = search_site(query, request=request, now=timezone.now())
    return render(request, "home/search.html", context)
