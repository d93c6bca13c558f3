"""Two whole regions, each its own cell, paired over wires that tests cut and listen to."""
