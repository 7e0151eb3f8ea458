"""The part of the public, read-only API about centres, services and their hours."""

from cms.api.routes import router

__all__ = ["router"]
