"""The rich text editor, cleaned of what the database cannot take."""

import re
from collections.abc import Mapping
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea

# Half of an emoji: the editor leaves it behind when somebody deletes into the middle of one.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class RichTextArea(DraftailRichTextArea):
    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> str | None:
        value: str | None = super().value_from_datadict(data, files, name)
        return value and LONE_SURROGATE.sub("", value)
