"""What is done for each command: fetch, ask the model, record; one module per noun."""
