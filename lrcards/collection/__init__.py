"""Where it is kept: the only room with SQL and with sqlite_utils."""
