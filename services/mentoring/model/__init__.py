"""The rules about mentoring; nothing here knows a broker, a database or a clock."""
