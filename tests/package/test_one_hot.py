import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from d2lzh_pytorch.layers import one_hot, to_onehot


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 3, 4), (0,)])
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32, torch.float32])
def test_one_hot_is_torchs(shape, dtype):
    x = torch.randint(5, shape).to(dtype)
    result = one_hot(x, 5)
    assert result.dtype == torch.float32
    assert_close(result, F.one_hot(x.long(), 5).float())


def test_dtype_of_one_hot():
    assert one_hot(torch.tensor([1]), 3, torch.float64).dtype == torch.float64


@pytest.mark.parametrize("number", [-1, 5])
def test_out_of_range(number):
    with pytest.raises(RuntimeError, match="out of bounds"):
        one_hot(torch.tensor([number]), 5)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32])  # the book's batches are floats
def test_to_onehot_gives_a_matrix_a_step(dtype):
    X = torch.arange(10).view(2, 5).to(dtype)
    inputs = to_onehot(X, 1027)
    assert len(inputs) == 5
    for step, each in enumerate(inputs):
        assert each.shape == (2, 1027)
        assert_close(each, F.one_hot(X[:, step].long(), 1027).float())
