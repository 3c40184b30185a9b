"""The mathematics, against independent oracles."""
