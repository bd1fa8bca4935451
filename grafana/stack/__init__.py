"""Prometheus, Alertmanager and a mail catcher on this machine, without Docker, from the shipped configuration."""
