"""Use cases, one function per command, heard fact or round."""
