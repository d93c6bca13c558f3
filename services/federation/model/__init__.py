"""The rules of the border: who is a peer, what may leave, what may come in."""
