"""Journeys through the HTTP API of a real cell."""
