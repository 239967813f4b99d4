"""Speed measurements of the package; run with ``python -m benchmarks``."""
