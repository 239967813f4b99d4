import pytest
import torch
from torch import nn

from d2lzh_pytorch.device import get_device, module_device, synchronize


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)


@pytest.fixture
def apple(monkeypatch, no_gpu):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)


def test_cuda_comes_first(two_gpus):
    assert get_device() == torch.device("cuda")


def test_else_the_cpu(no_gpu):
    assert get_device() == torch.device("cpu")


def test_apple_only_on_request(apple, monkeypatch):
    assert get_device() == torch.device("cpu")
    assert get_device("mps") == torch.device("mps")
    monkeypatch.setenv("D2LZH_DEVICE", "mps")
    assert get_device() == torch.device("mps")


def test_the_environment_decides_unless_a_name_is_given(two_gpus, monkeypatch):
    monkeypatch.setenv("D2LZH_DEVICE", "cuda:1")
    assert get_device() == torch.device("cuda:1")
    assert get_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "CPU", "cuda:-1"])
def test_a_wrong_name_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}'.* is no device; use cpu, cuda, cuda:N or mps"):
        get_device(name)


def test_a_wrong_name_in_the_environment_says_where_it_stands(monkeypatch):
    monkeypatch.setenv("D2LZH_DEVICE", "gpu")
    with pytest.raises(ValueError, match=r"'gpu'.*D2LZH_DEVICE"):
        get_device()


def test_a_gpu_that_is_not_there_is_refused(two_gpus):
    assert get_device("cuda:1") == torch.device("cuda:1")
    with pytest.raises(ValueError, match=r"'cuda:2' .* sees 2 CUDA devices"):
        get_device("cuda:2")


def test_cuda_without_a_gpu_is_refused(no_gpu):
    with pytest.raises(ValueError, match=r"sees 0 CUDA devices .*Use 'cpu', or run .*doctor"):
        get_device("cuda")


def test_mps_without_apple_is_refused(monkeypatch):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(ValueError, match=r"no Apple GPU\. Use 'cpu'"):
        get_device("mps")


def test_module_device():
    meta = torch.device("meta")
    assert module_device(nn.Linear(2, 1)) == torch.device("cpu")
    assert module_device(nn.Linear(2, 1, device="meta")) == meta
    assert module_device(nn.BatchNorm1d(2, affine=False, device="meta")) == meta
    assert module_device(nn.ReLU()) is None
    assert module_device(lambda X: X) is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_synchronize_waits_for_every_gpu(monkeypatch, count):
    waited = []
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: count)
    monkeypatch.setattr(torch.accelerator, "synchronize", waited.append)
    synchronize()
    assert waited == list(range(count))
