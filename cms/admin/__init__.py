"""The manager's desk: views and viewsets inside Wagtail's admin."""
