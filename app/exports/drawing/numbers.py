"""Numbers as the page writes them: Python's digits, with a true minus and thin spaces."""

import numpy as np

from engine.arrays import Array

MINUS = "\u2212"
THIN_SPACE = "\u202f"


def count(number: int) -> str:
    """A whole number in groups of three."""
    return f"{number:,}".replace(",", THIN_SPACE)


def significant(number: float, digits: int = 6) -> str:
    """This many significant digits."""
    return f"{number:#.{digits}g}".removesuffix(".").replace("-", MINUS)


def short(number: float, digits: int = 3) -> str:
    """The same without idle zeros, for labels."""
    return f"{number:.{digits}g}".replace("-", MINUS)


def power_of_ten(exponent: int) -> str:
    """A power of ten as one would write it: 0.01, 1, 1000, 1e−6."""
    return f"{10.0**exponent:g}".replace("-", MINUS) if -5 < exponent < 6 else f"1e{exponent}".replace("-", MINUS)


def round_ticks(low: float, high: float, most: int) -> Array:
    """Round numbers within a range, about `most` of them: multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    decade = 10.0 ** np.floor(np.log10(rough))
    step = decade * min((factor for factor in (1, 2, 5, 10) if factor * decade >= rough * (1 - 1e-12)), default=10)
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    # Rounding takes away what multiplication adds (0.30000000000000004), adding zero the sign of −0.
    ticks = [float(f"{k * step:.12g}") + 0.0 for k in np.arange(first, last + 1)]
    return np.array(ticks)
