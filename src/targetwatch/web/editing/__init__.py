"""Changing a target and making a new one."""
