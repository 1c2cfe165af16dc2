"""What is measured, against what. Nothing here is part of the package; ``python -m bench.load`` runs it."""
