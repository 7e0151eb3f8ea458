"""One bottleneck for all generic views: nobody sees or takes objects of another centre.

Wagtail's generic views check the permission on the model, not on the object. So every view of a
scoped viewset is built on top of ScopedView. The mixins stand in front of views that mypy does not see
(Wagtail has no types), hence the ignored `super()` calls.
"""

from typing import Any

from django.contrib.admin.utils import unquote
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.deletion import ProtectedError
from django.forms import BaseForm, ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.models import CollectionMember
from wagtail.permissions import policy_registry

from cms.admin.desk import DeskView
from cms.admin.guards import obstacle_sentence, obstacles_to_deleting
from cms.forms.fields import refuse_turning
from cms.models import User
from cms.permissions import is_administration, restrict_to_centres

# Models without a centre from which everybody in the admin may choose.
_shared: set[type[Model]] = set()


def share_choices(model: type[Model]) -> None:
    """Let everybody choose from a model that belongs to no centre, a common list of words."""
    _shared.add(model)


def choices_for(user: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return what the user may choose of these rows; nothing of models we do not know."""
    if is_administration(user) or rows.model in _shared:
        return rows
    if issubclass(rows.model, CollectionMember):
        policy = policy_registry.get_by_type(rows.model)
        own = policy.instances_user_has_permission_for(user, "choose")
        return rows.filter(pk__in=own.values("pk"))
    return restrict_to_centres(user, rows)


def limit_choices(user: User, form: Any) -> Any:
    """Cut the choices of a form and its rows to the user's own: for display and for POST."""
    if not isinstance(form, BaseForm):
        return form
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField) and field.queryset is not None:
            field.queryset = choices_for(user, field.queryset)
            if isinstance(field.widget, BaseChooser):
                _show_own_only(field.widget, field.queryset)
    for formset in getattr(form, "formsets", {}).values():
        _limit_rows(user, formset)
    return form


def _show_own_only(widget: Any, own: QuerySet[Any]) -> None:
    """Let a chooser name nothing else: Wagtail's shows the title of every key it is sent."""
    get_instance = widget.get_instance

    def get_own_instance(value: Any) -> Model | None:
        try:
            instance: Model | None = get_instance(value)
        except (ValueError, OverflowError):  # no key at all
            return None
        return instance if instance and own.filter(pk=instance.pk).exists() else None

    widget.get_instance = get_own_instance


def _limit_rows(user: User, formset: Any) -> None:
    add_fields = formset.add_fields

    def add_limited_fields(row: BaseForm, index: int | None) -> None:
        add_fields(row, index)
        limit_choices(user, row)

    formset.add_fields = add_limited_fields  # for the empty row, made when it is shown
    for row in formset.forms:
        limit_choices(user, row)


class ScopedView(View):
    """Mixed in front of each generic view."""

    model: type[Model]
    kwargs: dict[str, Any]

    breadcrumbs_items = DeskView.breadcrumbs_items

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        pk = kwargs.get("pk", args[0] if args else None)
        if pk is not None:
            own = restrict_to_centres(request.user, self.model.objects.all())  # type: ignore[attr-defined]
            get_object_or_404(own, pk=unquote(str(pk)))
        super().setup(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_base_queryset()  # type: ignore[misc]
        # A history lists log entries, of an object that `setup` has let through.
        if rows.model is not self.model:
            return rows
        return restrict_to_centres(self.request.user, rows)

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if isinstance(form, BaseForm):
            refuse_turning(form)
            for rows in getattr(form, "formsets", {}).values():
                for row in rows.forms:
                    refuse_turning(row)
        return limit_choices(self.request.user, form)  # type: ignore[arg-type]

    @cached_property
    def filters(self) -> Any:
        filters = super().filters  # type: ignore[misc]
        if filters is not None:
            limit_choices(self.request.user, filters.form)  # type: ignore[arg-type]
        return filters


class ProtectedDeleteView(View):
    """Mixed in front of delete views: what stands in the way is said, not thrown."""

    object: Model

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        obstacles = obstacles_to_deleting([self.object])
        return self._refuse(obstacles) if obstacles else super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)  # type: ignore[misc]
        except ProtectedError as error:
            return self._refuse(list(error.protected_objects))
        except IntegrityError:
            self.object = self.get_object()  # type: ignore[attr-defined]
            return self._refuse(obstacles_to_deleting([self.object]))

    def delete_action(self) -> None:
        """Delete, and meet at once what began to use it meanwhile; the commit would be too late."""
        super().delete_action()  # type: ignore[misc]
        connection.check_constraints()

    def _refuse(self, obstacles: list[Model]) -> HttpResponse:
        messages.error(self.request, obstacle_sentence(str(self.object), obstacles))
        return redirect(self.edit_url_name, self.object.pk)  # type: ignore[attr-defined]


class ScopedDeleteView(ProtectedDeleteView, DeleteView):
    pass


class ScopedViewSet(ModelViewSet):
    """A viewset in which another centre's object is a 404 in every view."""

    copy_view_enabled = False
    search_backend_name = None  # a search index cannot be cut to centres
    # A form of our own instead of one made of `panels` or `form_fields`.
    own_form_class: type[BaseForm] | None = None

    delete_view_class = ScopedDeleteView

    def get_form_class(self, for_update: bool = False) -> Any:  # noqa: FBT001, FBT002 - Wagtail's
        return self.own_form_class or super().get_form_class(for_update)

    def construct_view(self, view_class: type[View], **kwargs: Any) -> Any:
        scoped = type(f"Scoped{view_class.__name__}", (ScopedView, view_class), {})
        return super().construct_view(scoped, **kwargs)
