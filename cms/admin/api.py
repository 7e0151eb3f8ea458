"""Wagtail's own API behind the admin, cut to what a person may choose."""

from django.db.models import QuerySet
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents import get_document_model
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.permissions import policy_registry


class OwnImages(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[AbstractImage]:
        policy = policy_registry.get_by_type(get_image_model())
        own = policy.instances_user_has_permission_for(self.request.user, "choose")
        rows: QuerySet[AbstractImage] = super().get_queryset()
        return rows.filter(pk__in=own.values("pk"))


class OwnDocuments(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[AbstractDocument]:
        policy = policy_registry.get_by_type(get_document_model())
        own = policy.instances_user_has_permission_for(self.request.user, "choose")
        rows: QuerySet[AbstractDocument] = super().get_queryset()
        return rows.filter(pk__in=own.values("pk"))


class OwnPages(PagesAdminAPIViewSet):
    """Read only: nothing in the admin needs the actions, and they know none of our guards."""

    actions: dict[str, type] = {}

    def get_base_queryset(self) -> QuerySet[Page]:
        policy = policy_registry.get_by_type(Page)
        may_explore = policy.explorable_root_instance(self.request.user) is not None
        pages: QuerySet[Page] = super().get_base_queryset() if may_explore else Page.objects.none()
        return pages


def use_own_endpoints(router: WagtailAPIRouter) -> None:
    router.register_endpoint("images", OwnImages)
    router.register_endpoint("documents", OwnDocuments)
    router.register_endpoint("pages", OwnPages)
