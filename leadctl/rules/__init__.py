"""The rules of lead handling: values in, a decision out. No clock, no SQL, no printing."""
