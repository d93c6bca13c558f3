"""What is done for each command and heard fact: fetch, ask the model, record; by noun."""
