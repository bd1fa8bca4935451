"""The JSON API, and its description for people."""
