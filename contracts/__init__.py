"""What is said: facts, commands and refusals, as frozen data with no dependency but Python."""
