"""What makes a centre somebody's: its group, its collection and their permissions."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model, Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.models import Centre, CentrePage, Location, TransportOffer

ASSISTANT_GROUP = "Praxisassistenz"
MANAGER_GROUP = "Zentrumsleitung {centre}"

MODEL_ACTIONS = ("add", "change", "delete")
PAGE_ACTIONS = ("add", "change", "publish")
FILE_ACTIONS = ("add", "change", "choose")  # who may change a file may delete it
FILE_MODELS = (("wagtailimages", "image"), ("wagtaildocs", "document"))
# The models that managers change in generic views; everything else has views of its own.
_managed_models: list[type[Model]] = [Location, TransportOffer]


def register_managed_models(*models: type[Model]) -> None:
    """Let managers change models of an upper app in generic views."""
    _managed_models.extend(model for model in models if model not in _managed_models)


@transaction.atomic
def set_up_centre(*, centre: Centre, pages: Iterable[Page]) -> None:
    """Give a centre its managers' group and its collection, or repair them.

    Grants are only added: what the administration granted on top stays. May run as often as one
    likes, and has to when a page in another language is added.
    """
    group = _group_of(centre)
    collection = _collection_of(centre)
    centre.group, centre.collection = group, collection
    centre.save(update_fields=["group", "collection"])
    group.permissions.add(_open_admin(), *_model_permissions())
    for page in pages:
        for permission in _page_permissions():
            GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)
    for permission in _file_permissions():
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def repair_model_permissions() -> None:
    """Give the managers of all centres what models of later versions need."""
    permissions = _model_permissions()
    for group in Group.objects.filter(centre__isnull=False):
        group.permissions.add(*permissions)


@transaction.atomic
def apply_centre(*, centre: Centre) -> None:
    """Let group, collection and addresses follow a centre that was created or renamed.

    Raises ValidationError when a page beside the centre's has its short name already.
    """
    set_up_centre(centre=centre, pages=CentrePage.objects.filter(centre=centre))
    rename_slug(centre=centre)


def ensure_assistant_group() -> Group:
    """Return the one group of all practice assistants: it opens the admin and nothing else."""
    group, _created = Group.objects.get_or_create(name=ASSISTANT_GROUP)
    group.permissions.set([_open_admin()])
    return group


@transaction.atomic
def rename_slug(*, centre: Centre) -> None:
    """Let the address of the centre's pages follow its short name, in every language.

    The pages below move along, and Wagtail leaves redirects behind. Raises ValidationError when
    a sibling page has the short name already.
    """
    for page in CentrePage.objects.filter(centre=centre).exclude(slug=centre.slug):
        page.centre = centre
        page.full_clean()  # takes the centre's short name
        page.save(log_action="wagtail.edit")


def _group_of(centre: Centre) -> Group:
    name = MANAGER_GROUP.format(centre=centre.name)
    if centre.group is None:
        return Group.objects.get_or_create(name=name)[0]
    if centre.group.name != name:
        centre.group.name = name
        centre.group.save(update_fields=["name"])
    return centre.group


def _collection_of(centre: Centre) -> Collection:
    if centre.collection is None:
        root = Collection.get_first_root_node()
        collection: Collection = root.get_children().filter(
            name=centre.name
        ).first() or root.add_child(name=centre.name)
        return collection
    if centre.collection.name != centre.name:
        centre.collection.name = centre.name
        centre.collection.save(update_fields=["name"])
    return centre.collection


def _open_admin() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def _page_permissions() -> list[Permission]:
    return list(
        Permission.objects.filter(
            content_type__app_label="wagtailcore",
            codename__in=[f"{action}_page" for action in PAGE_ACTIONS],
        )
    )


def _file_permissions() -> list[Permission]:
    return [
        Permission.objects.get(content_type__app_label=app, codename=f"{action}_{model}")
        for app, model in FILE_MODELS
        for action in FILE_ACTIONS
    ]


def _model_permissions() -> list[Permission]:
    wanted = Q(pk__in=[])
    for model in _managed_models:
        codenames = [f"{action}_{model._meta.model_name}" for action in MODEL_ACTIONS]
        app_label = model._meta.app_label
        wanted |= Q(content_type__app_label=app_label, codename__in=codenames)
    return list(Permission.objects.filter(wanted))
