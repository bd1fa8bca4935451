"""The pages and the JSON API, all drawn from the snapshot."""

from targetwatch.web.app import create_app

__all__ = ["create_app"]
