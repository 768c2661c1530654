"""DocTrove's API: documents, search and the map over HTTP."""

from doctrove.api.app import ApiSettings, create_app

__all__ = ["ApiSettings", "create_app"]
