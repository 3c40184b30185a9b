"""Numbers as sentences show them."""


def other_than(shown: str, value: float, digits: int = 3) -> str:
    """A number with as many digits as it takes not to read as another one that it is not: 1.0003, not 1."""
    while digits < 17 and f"{value:.{digits}g}" == shown and value != float(shown):
        digits += 1
    return f"{value:.{digits}g}"


def apart(rate: float, limit: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell them apart, three at least."""
    digits = 3
    while digits < 17 and f"{rate:.{digits}g}" == f"{limit:.{digits}g}":
        digits += 1
    shown = f"{rate:.{digits}g}"
    # 0.9 beside 0.756 reads better as 0.90.
    padded = f"{rate:.2f}" if float(shown) == round(float(shown), 2) and rate < 1e6 else shown
    return padded, f"{limit:.{digits}g}"
