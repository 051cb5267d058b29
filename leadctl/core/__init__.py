"""The use cases: one method, one transaction, one verb of the command line."""
