"""The mails the demo would have sent: nobody else could read a password link there."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.models import OutgoingMail
from cms.tasks import CALENDAR_NAME, is_too_early

SHOWN = 100


@require_safe
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    mails = OutgoingMail.objects.order_by("-created_at", "-pk")[:SHOWN]
    return render(request, "cms/demo_post.html", {"mails": mails})


@require_safe
@never_cache
def mail_detail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show one mail with what goes along; its links work."""
    mail = get_object_or_404(OutgoingMail, pk=mail_id)
    context = {
        "mail": mail,
        "calendar_name": CALENDAR_NAME,
        "waits": mail.state == mail.State.QUEUED and is_too_early(mail, now=timezone.now()),
    }
    return render(request, "cms/demo_post_mail.html", context)


@require_safe
@never_cache
@csp_replace({"style-src": [SELF, UNSAFE_INLINE]})  # type: ignore[arg-type]  # a mail brings its own styles
def mail_html(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Give the HTML part alone, as a mail program shows it."""
    mail = get_object_or_404(OutgoingMail, pk=mail_id)
    if not mail.html:
        raise Http404
    return HttpResponse(mail.html)


@require_safe
@never_cache
def mail_calendar(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Give the attached calendar entry."""
    mail = get_object_or_404(OutgoingMail, pk=mail_id)
    if not mail.calendar:
        raise Http404
    return HttpResponse(
        mail.calendar,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{CALENDAR_NAME}"'},
    )
