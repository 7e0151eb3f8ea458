"""Uploaded pictures, outside production; there the web server in front serves them.

Documents do not come this way: Wagtail's serve view asks for their permissions.
"""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe

# Only these are shown by the browser; anything else is a download.
SHOWN_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"})
PICTURE_FOLDERS = ("images", "original_images")

mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


@require_safe
def serve_media(_request: HttpRequest, path: str) -> FileResponse:
    """Send a picture below MEDIA_ROOT; 404 for everything else."""
    file = picture_file(path)
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = FileResponse(
        file.open("rb"), content_type=content_type, as_attachment=content_type not in SHOWN_TYPES
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Last-Modified"] = http_date(file.stat().st_mtime)
    # Wagtail never changes a rendition: a changed picture has another name.
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def picture_file(path: str) -> Path:
    """Return the file; what the path really leads to has to be a picture's folder."""
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        file = Path(safe_join(root, path)).resolve()
        is_picture = any(file.is_relative_to(root / name) for name in PICTURE_FOLDERS)
        if is_picture and file.is_file():
            return file
    except (SuspiciousFileOperation, ValueError, OSError):
        pass  # outside the folder, or no name a file can have
    raise Http404
