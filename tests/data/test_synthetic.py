import pytest
import torch
from torch.testing import assert_close

from d2lzh_pytorch.data.synthetic import data_iter, synthetic_linear, synthetic_polynomial


def fit(X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the least-squares weights, the bias last."""
    X = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    return torch.linalg.lstsq(X, y.reshape(-1, 1)).solution.flatten()


def test_linear_data_has_the_true_parameters() -> None:
    features, labels = synthetic_linear([2, -3.4], 4.2, 1000)
    assert features.shape == (1000, 2)
    assert labels.shape == (1000,)
    assert features.dtype == labels.dtype == torch.float32
    assert_close(fit(features, labels), torch.tensor([2, -3.4, 4.2]), rtol=0, atol=0.002)
    noise = labels - features @ torch.tensor([2, -3.4]) - 4.2
    assert float(noise.std()) == pytest.approx(0.01, rel=0.1)
    assert_close(features.std(0), torch.ones(2), rtol=0, atol=0.1)


def test_column_of_weights_gives_a_column_of_labels() -> None:
    features, labels = synthetic_linear(torch.full((200, 1), 0.01), 0.05, 120)
    assert features.shape == (120, 200)
    assert labels.shape == (120, 1)


def test_no_noise() -> None:
    features, labels = synthetic_linear([1.0, 2.0], 3, 5, noise=0)
    assert_close(labels, features @ torch.tensor([1.0, 2.0]) + 3)


def test_polynomial_data_has_the_true_parameters() -> None:
    features, poly_features, labels = synthetic_polynomial([1.2, -3.4, 5.6], 5, 200)
    assert features.shape == (200, 1)
    assert labels.shape == (200,)
    x = features[:, 0]
    assert_close(poly_features, torch.stack([x, x**2, x**3], dim=1))
    assert poly_features.dtype == labels.dtype == torch.float32
    assert_close(fit(poly_features, labels), torch.tensor([1.2, -3.4, 5.6, 5]), rtol=0, atol=0.01)


def test_data_iter_yields_each_example_once() -> None:
    features = torch.arange(20).reshape(10, 2)
    batches = list(data_iter(4, features, torch.arange(10)))
    assert [X.shape for X, _ in batches] == [(4, 2), (4, 2), (2, 2)]
    X, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    assert torch.equal(X[:, 0], 2 * y)
    assert sorted(y.tolist()) == list(range(10))
    assert y.tolist() != list(range(10))


def test_data_iter_has_a_new_order_each_time() -> None:
    numbers = torch.arange(100)
    first, second = (next(data_iter(100, numbers, numbers))[0] for _ in range(2))
    assert not torch.equal(first, second)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_data_iter_refuses_batches_of_nothing(batch_size: int) -> None:
    with pytest.raises(RuntimeError, match="split"):
        next(data_iter(batch_size, torch.zeros(3), torch.zeros(3)))
