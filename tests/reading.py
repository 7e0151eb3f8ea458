"""Reading a public page as a person does: its words, in their order."""

import re
from html import unescape

from django.utils.html import strip_tags


def words(text: str) -> str:
    text = re.sub(r"<(head|script)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = unescape(strip_tags(text)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def read(client, path: str, **headers) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return response.content.decode()


def main(html: str) -> str:
    return words(html[html.index("<main") : html.index("</main>")])
