"""Signing in, accounts and tokens."""
