"""One module a format: `read(data, options, charset)` returns the document, or raises DocumentError."""
