"""What goes wrong with data."""


class DataError(RuntimeError):
    """A data file is missing, damaged or cannot be fetched; the message says what to do.

    Introduced in section 3.5.
    """
