"""The command line: it reads arguments, calls the core, and prints. No rule lives here."""
