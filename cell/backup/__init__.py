"""Copies of a cell: what was decided in it, as lines of JSON and files, and a cell from them."""
