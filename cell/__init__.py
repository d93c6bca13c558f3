"""One region on one machine: start it, stop it, see it, load it."""
