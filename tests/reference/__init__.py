"""The parts of ``docs/`` that follow from the code: ``python -m tests.reference`` writes them anew."""
