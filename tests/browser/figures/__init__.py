"""The figures alone, on a small page of their own."""
