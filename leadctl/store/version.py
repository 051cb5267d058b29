"""Which schema this leadctl knows: all that most commands ask."""

SCHEMA = 5
