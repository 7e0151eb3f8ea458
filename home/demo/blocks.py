"""Short ways to write blocks of a page's body, in the form a StreamField stores."""

from html import escape

from home.demo.values import Block


def text(*parts: str) -> Block:
    """Join parts to rich text: a part that starts with "<" stands as it is, others are paragraphs."""
    html = "".join(part if part.startswith("<") else f"<p>{escape(part)}</p>" for part in parts)
    return {"type": "text", "value": html}


def heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def subheading(words: str) -> str:
    return f"<h3>{escape(words)}</h3>"


def bullets(*points: str) -> str:
    items = "".join(f"<li>{escape(point)}</li>" for point in points)
    return f"<ul>{items}</ul>"


def notice(title: str, *paragraphs: str, level: str = "info") -> Block:
    html = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return {"type": "notice", "value": {"level": level, "title": title, "text": html}}


def questions(title: str, *pairs: tuple[str, str]) -> Block:
    """Questions with one paragraph of answer each."""
    items = [
        {"question": question, "answer": f"<p>{escape(answer)}</p>"} for question, answer in pairs
    ]
    return {"type": "questions", "value": {"heading": title, "questions": items}}


def contact(name: str, *, role: str = "", email: str = "", address: str = "") -> Block:
    """Somebody without a phone number: the site then says "keine Angabe"."""
    value = {"name": name, "role": role, "phone": "", "email": email, "address": address}
    return {"type": "contact", "value": value}


# Pages and pictures have no number yet: `build_pages` puts it in the place of these names.


def links(title: str, *slugs: str) -> Block:
    """Links to pages directly below the start page, by their slugs."""
    items = [{"label": "", "page": slug, "address": ""} for slug in slugs]
    return {"type": "links", "value": {"heading": title, "links": items}}


def picture(title: str, *, caption: str = "") -> Block:
    """Show a picture, named by its title, with the alt text it has."""
    return {"type": "picture", "value": {"image": title, "caption": caption}}
