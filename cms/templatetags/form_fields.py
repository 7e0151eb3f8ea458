"""Form fields in the markup of the design system."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cms.services.typed import FIELD, mark_of_form

register = template.Library()

INPUT_CLASSES = "kern-form-input__input"
CHECKBOX_CLASSES = "kern-form-check__checkbox"
SELECT_CLASSES = "kern-form-input__select"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_select(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.Select) and not isinstance(
        field.field.widget, forms.RadioSelect
    )


def _is_emptied(field: BoundField) -> bool:
    widget = field.field.widget
    return isinstance(widget, forms.PasswordInput) and not widget.render_value


@register.filter
def has_password(form: Any) -> bool:
    """Tell whether a field comes back empty, whatever was typed."""
    return any(_is_emptied(field) for field in form.visible_fields())


@register.filter
def shows_what_was_typed(form: Any) -> bool:
    return not all(_is_emptied(field) for field in form.visible_fields())


@register.filter
def control(field: BoundField) -> SafeString:
    """Render the control itself; Django adds `aria-invalid` and `aria-describedby`."""
    base = INPUT_CLASSES
    if is_checkbox(field):
        base = CHECKBOX_CLASSES
    elif is_select(field):
        base = SELECT_CLASSES
    classes = f"{base} {base}--error" if field.errors else base
    # A placeholder is no label: it vanishes while one types.
    field.field.widget.attrs.pop("placeholder", None)
    return field.as_widget(attrs={"class": classes})


@register.simple_tag(takes_context=True)
def own_form(context: Any) -> SafeString | str:
    """Say whose form this is, so that what is typed into it outlives the session."""
    mark = mark_of_form(context.request)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, mark) if mark else ""


@register.simple_tag
def errors_in(form: Any) -> int:
    """Return how many fields have an error."""
    return len(form.errors) if isinstance(form, forms.BaseForm) else 0


@register.filter
def told_apart(error: str, field: BoundField) -> str:
    """Put the field's label before an error that another field has, too.

    Two links of one wording that lead to two places cannot be told apart (WCAG 2.2, 2.4.4).
    """
    is_shared = sum(error in errors for errors in field.form.errors.values()) > 1
    return f"{field.label}: {error}" if is_shared and field.label else error
