"""Held readings and the audit trail."""
