"""Show again what was typed before somebody had to sign in anew."""

from django import forms
from django.http import HttpRequest

from cms.services.typed import typed_before


def fill_in(request: HttpRequest, *filled: forms.BaseForm | None) -> None:
    """Put what was typed on this page into its forms; each says so itself, nothing is sent."""
    typed = typed_before(request)
    if typed is None:
        return
    for form in filled:
        if form is None or form.is_bound:
            continue
        names = {name: form.add_prefix(name) for name in form.fields}
        if typed.keys().isdisjoint(names.values()):
            continue  # another form of this page
        for name, sent_as in names.items():
            widget = form.fields[name].widget
            if not isinstance(widget, forms.PasswordInput):
                form.initial[name] = widget.value_from_datadict(typed, {}, sent_as)
        form.shows_typed = True  # type: ignore[attr-defined]  # for components/form_errors.html
