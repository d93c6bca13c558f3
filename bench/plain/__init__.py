"""Baselines: the plainest program that does the same on the same broker and database."""
