"""Who decides: one package per service, none of which imports another."""
