"""Who shows: HTTP for phones and people, reads from views of its own, commands over the broker."""
