"""How it is said: transactions, outbox, hearing and asking, with no business noun inside."""
