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


def batch_norm(
    is_training: bool,
    X: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    moving_mean: torch.Tensor,
    moving_var: torch.Tensor,
    eps: float,
    momentum: float,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalise each feature, or each channel of images, then scale and shift it.

    Parameters
    ----------
    is_training
        Take the statistics from the batch, and move the running ones towards them; otherwise take
        the running ones.
    X
        Shape ``(n, d)`` or ``(n, d, h, w)``.
    gamma, beta
        Scale and shift, with shape ``(1, d)`` or ``(1, d, 1, 1)``.
    moving_mean, moving_var
        Running mean and variance, in the same shape.
    eps
        Added to the variance, so that nothing is divided by 0.
    momentum
        Share of the running statistics that stays; 0.9 is what ``nn.BatchNorm2d`` calls 0.1.

    Returns
    -------
    tuple of Tensor
        The result, in the shape of `X`, and the new running mean and variance.

    Raises
    ------
    ValueError
        If a batch to train on has one value per channel, of which there is no variance.

    Notes
    -----
    As in PyTorch, the batch is divided by its own standard deviation, while the running variance
    is the unbiased estimate.

    Introduced in section 5.10 (Ioffe, Szegedy, "Batch normalization: accelerating deep network
    training by reducing internal covariate shift", 2015).
    """
    if is_training:
        dims = (0,) if X.ndim == 2 else (0, 2, 3)
        mean = X.mean(dim=dims, keepdim=True)
        var = X.var(dim=dims, correction=0, keepdim=True)
        n = X.numel() // X.shape[1]  # values per channel
        if n < 2:
            raise ValueError("one value per channel has no variance; train on a larger batch.")
        with torch.no_grad():
            moving_mean = momentum * moving_mean + (1 - momentum) * mean
            moving_var = momentum * moving_var + (1 - momentum) * (n / (n - 1)) * var
    else:
        mean, var = moving_mean, moving_var
    Y = gamma * (X - mean) / (var + eps).sqrt() + beta
    return Y, moving_mean, moving_var


class BatchNorm(nn.Module):
    """Batch normalisation, the same as ``nn.BatchNorm1d`` and ``nn.BatchNorm2d``.

    Parameters
    ----------
    num_features
        Features, or channels of images.
    num_dims
        Dimensions of the input: 2 for ``(n, num_features)``, 4 for ``(n, num_features, h, w)``.

    Notes
    -----
    Introduced in section 5.10.
    """

    moving_mean: torch.Tensor
    moving_var: torch.Tensor

    def __init__(self, num_features: int, num_dims: int) -> None:
        super().__init__()
        shape = (1, num_features) if num_dims == 2 else (1, num_features, 1, 1)
        self.gamma = nn.Parameter(torch.ones(shape))
        self.beta = nn.Parameter(torch.zeros(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))
        self.register_buffer("moving_var", torch.ones(shape))

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        """Map ``(n, num_features)`` or ``(n, num_features, h, w)`` to the same shape."""
        Y, self.moving_mean, self.moving_var = batch_norm(
            self.training,
            X,
            self.gamma,
            self.beta,
            self.moving_mean,
            self.moving_var,
            eps=1e-5,
            momentum=0.9,
        )
        return Y


def one_hot(x: torch.Tensor, n_class: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return a vector for each number: 1 in its place, 0 elsewhere.

    Parameters
    ----------
    x
        Numbers from 0 to ``n_class - 1``, any shape and any dtype.
    n_class
        Length of the vectors.
    dtype
        Of the result.

    Returns
    -------
    torch.Tensor
        Shape ``(*x.shape, n_class)``; :func:`torch.nn.functional.one_hot` gives the same as int64.

    Raises
    ------
    RuntimeError
        If a number is out of range.

    Notes
    -----
    Introduced in section 6.4.
    """
    x = x.long()
    result = torch.zeros(*x.shape, n_class, dtype=dtype, device=x.device)
    return result.scatter_(-1, x.unsqueeze(-1), 1)


def to_onehot(X: torch.Tensor, n_class: int) -> list[torch.Tensor]:
    """Return the inputs of a recurrent net, one matrix a time step.

    Parameters
    ----------
    X
        A batch of windows, numbers from 0 to ``n_class - 1``, shape ``(batch, steps)``.
    n_class
        Length of the one-hot vectors.

    Returns
    -------
    list of torch.Tensor
        As many as there are steps, each float32, shape ``(batch, n_class)``.

    Notes
    -----
    Introduced in section 6.4.
    """
    return list(one_hot(X.T, n_class))
