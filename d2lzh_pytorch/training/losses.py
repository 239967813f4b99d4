"""Loss functions of the course."""

import torch


def squared_loss(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return half the squared error of each example.

    Parameters
    ----------
    y_hat
        Predictions, any shape of ``n`` elements, usually ``(n, 1)``.
    y
        Targets with as many elements; they are given the shape of `y_hat`, so that ``(n,)``
        beside ``(n, 1)`` does not broadcast to ``(n, n)``.

    Returns
    -------
    torch.Tensor
        One value per example, in the shape of `y_hat`. ``torch.nn.MSELoss`` is twice its mean.

    Notes
    -----
    Introduced in section 3.2.
    """
    return (y_hat - y.view(y_hat.shape)) ** 2 / 2
