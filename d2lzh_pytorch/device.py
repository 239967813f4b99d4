"""Which device to compute on."""

import torch
from torch import nn

from d2lzh_pytorch import settings


def get_device(name: str | None = None) -> torch.device:
    """Return the device to compute on: the first CUDA GPU, else the CPU.

    Parameters
    ----------
    name
        Ask for a device by name: ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``. Without it the
        environment variable ``D2LZH_DEVICE`` decides, and without that the rule above. Apple's
        ``mps`` is used only on request: it lacks float64 and some operators of this course.

    Raises
    ------
    ValueError
        If the name is no device's, or this machine or this build of PyTorch has no such device.

    Notes
    -----
    Introduced in section 2.2; section 4.6 is about devices.
    """
    name = name or settings.device_name()
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ValueError(
            f"{name!r}, given by the call or by D2LZH_DEVICE, is no device; "
            "use cpu, cuda, cuda:N or mps."
        ) from None
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(
            f"{name!r} was asked for, but PyTorch sees {torch.cuda.device_count()} CUDA devices "
            "here. Use 'cpu', or run `python -m d2lzh_pytorch doctor` to find out why."
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("'mps' was asked for, but this machine has no Apple GPU. Use 'cpu'.")
    return device


def module_device(net: object) -> torch.device | None:
    """Return the device of a module's first parameter or buffer, or None where it has none.

    Functions that compute with tensors of their own, such as the nets of section 3.6, have none.
    """
    if isinstance(net, nn.Module):
        for tensor in (*net.parameters(), *net.buffers()):
            return tensor.device
    return None


def synchronize() -> None:
    """Wait until every GPU has finished what was queued on it, so that a clock can be read."""
    if torch.accelerator.is_available():
        for index in range(torch.accelerator.device_count()):
            torch.accelerator.synchronize(index)
