"""The mails the demo would have sent: nobody else could read a password link there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.models import OutgoingMail

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
    """Show the text of one mail; its links work."""
    mail = get_object_or_404(OutgoingMail, pk=mail_id)
    return render(request, "cms/demo_post_mail.html", {"mail": mail})
