"""The rules: what may happen to an area, a member, a role, a level, a session; no tool in sight."""
