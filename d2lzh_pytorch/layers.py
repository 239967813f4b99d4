"""Layers and functions that nets are built from."""

import torch
import torch.nn.functional as F
from torch import nn


def linreg(X: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Predict by linear regression.

    Parameters
    ----------
    X
        Features, shape ``(n, d)``.
    w
        Weights, shape ``(d, 1)``.
    b
        Bias, shape ``(1,)``.

    Returns
    -------
    torch.Tensor
        Predictions, shape ``(n, 1)``.

    Notes
    -----
    Introduced in section 3.2.
    """
    return X @ w + b


class FlattenLayer(nn.Module):
    """Flatten all but the batch dimension: ``(n, *)`` becomes ``(n, d)``.

    The same as :class:`torch.nn.Flatten`. Introduced in section 3.7.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map shape ``(n, ...)`` to ``(n, product of the rest)``."""
        return x.flatten(start_dim=1)


def corr2d(X: torch.Tensor, K: torch.Tensor) -> torch.Tensor:
    """Compute the two-dimensional cross-correlation, without padding, stride 1.

    Parameters
    ----------
    X
        Input, shape ``(h, w)``.
    K
        Kernel, shape ``(p, q)`` with ``p <= h`` and ``q <= w``.

    Returns
    -------
    torch.Tensor
        Output, shape ``(h - p + 1, w - q + 1)``.

    Notes
    -----
    Introduced in section 5.1.
    """
    h, w = K.shape
    rows, cols = X.shape[0] - h + 1, X.shape[1] - w + 1
    Y = torch.zeros(rows, cols, dtype=torch.result_type(X, K), device=X.device)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + h, j : j + w] * K).sum()
    return Y


class GlobalAvgPool2d(nn.Module):
    """Average over the whole image: ``(n, c, h, w)`` becomes ``(n, c, 1, 1)``.

    The same as ``nn.AdaptiveAvgPool2d(1)``. Introduced in section 5.8 (Lin et al., "Network in
    network", 2014).
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map shape ``(n, c, h, w)`` to ``(n, c, 1, 1)``."""
        return F.avg_pool2d(x, kernel_size=x.shape[2:])
