"""Middleware of the roof (completed by the security baseline)."""
