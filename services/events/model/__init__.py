"""The rules about events; nothing here knows a broker, a database or a clock."""
