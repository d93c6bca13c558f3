"""One module per noun of the HTTP interface: what can be read, asked and by whom."""
