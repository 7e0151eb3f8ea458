"""The only place that joins the apps, and the table of contents of all addresses."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms import feeds
from cms.views import (
    accounts,
    demo_post,
    health,
    media,
    opening_hours,
    registration,
    robots,
    sitemap,
)

handler400 = "cms.views.errors.bad_request"
handler403 = "cms.views.errors.forbidden"
handler404 = "cms.views.errors.not_found"
handler500 = "cms.views.errors.server_error"

# Outside the language prefixes: health, crawlers, media, the admin, accounts.
urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    # One login for site and admin.
    path(
        "verwaltung/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)
    ),
    path("verwaltung/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("konto/", accounts.overview, name="account"),
    path("konto/weiter/", accounts.after_login, name="after_login"),
    path("konto/name/", accounts.change_name, name="account_name"),
    path("konto/daten/", accounts.my_data, name="my_data"),
    path("konto/daten/ansehen/", accounts.my_data_page, name="my_data_page"),
    path("konto/daten/meine-daten.html", accounts.my_data_html, name="my_data_html"),
    path("konto/daten/meine-daten.json", accounts.my_data_json, name="my_data_json"),
    path("konto/loeschen/", accounts.delete, name="account_delete"),
    # In front of allauth's own, which they call.
    path("konto/password/set/", accounts.set_password),
    path("konto/2fa/webauthn/keys/<int:pk>/remove/", accounts.remove_passkey),
    path("konto/2fa/webauthn/reauthenticate/", accounts.ConfirmByKeyView.as_view()),
    path("konto/2fa/webauthn/signup/", registration.make_passkey),
    path("konto/signup/passwort/", registration.choose_password, name="signup_password"),
    path("konto/", include("allauth.urls")),
    path("api/v1/", include("home.api", namespace="api")),
]

if settings.ENVIRONMENT in {"demo", "development", "test"}:
    urlpatterns += [
        path("demo/post/", demo_post.mail_list, name="demo_post"),
        path("demo/post/<int:mail_id>/", demo_post.mail_detail, name="demo_post_mail"),
        path("demo/post/<int:mail_id>/html/", demo_post.mail_html, name="demo_post_html"),
        path(
            "demo/post/<int:mail_id>/termin.ics",
            demo_post.mail_calendar,
            name="demo_post_calendar",
        ),
    ]

if settings.ENVIRONMENT != "production":
    # In production the web server in front serves the media; here nobody else does.
    urlpatterns += [path("media/<path:path>", media.serve_media, name="media")]

SERVICE = "oeffnungszeiten/<slug:centre>/<slug:service>/"

urlpatterns += i18n_patterns(
    path("oeffnungszeiten/", opening_hours.opening_hours, name="opening_hours"),
    path(SERVICE, opening_hours.service_times, name="service_times"),
    path(f"{SERVICE}aushang/", opening_hours.service_notice, name="service_notice"),
    path(f"{SERVICE}schliessungen.ics", feeds.service_closures, name="service_closures"),
    path("", include("home.urls")),
    path("", include("bookings.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
