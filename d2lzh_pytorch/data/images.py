"""From stored images to what a network takes, a batch at a time."""

import torch
from torch import Tensor


class ImageTransform:
    """Turn a batch of grey images of bytes into float32 with a channel, resized if asked.

    The same as torchvision's ``Resize`` and ``ToTensor``, but for a whole batch and on any
    device. Bilinear resizing is a linear map along each axis, so it is two matrix products with
    weights that are computed once, and the division by 255 is put into the weights. Without
    resizing the result equals torchvision's exactly; with it, it is torchvision's ``resize`` of
    float images (antialiased) to about 1e-6, and within one grey level, 1/255, of its ``resize``
    of PIL images, which rounds to bytes after each axis.

    Parameters
    ----------
    size
        Height and width of the stored images, in pixels.
    resize
        Height and width of the result; None leaves them as they are.
    device
        Where the batches lie.

    Notes
    -----
    Introduced in section 3.5; resizing in section 5.6.
    """

    def __init__(
        self,
        size: tuple[int, int],
        resize: tuple[int, int] | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        self.resize = resize
        if resize is not None:
            self.rows = (interpolation_weights(size[0], resize[0]) / 255).to(device)
            self.columns = interpolation_weights(size[1], resize[1]).T.contiguous().to(device)

    def __call__(self, images: Tensor) -> Tensor:
        """Return float32 in [0, 1], to rounding, of shape (batch, 1, height, width).

        Parameters
        ----------
        images
            uint8, (batch, height, width).
        """
        if self.resize is None:
            return images.unsqueeze(1) / 255
        widened = images.to(torch.float32) @ self.columns
        return (self.rows @ widened).unsqueeze(1)


def interpolation_weights(size: int, resize: int) -> Tensor:
    """Return the matrix that resizes an axis bilinearly, with antialiasing when it shrinks.

    Pixel ``i`` covers the interval from ``i`` to ``i + 1``. A pixel of the result takes the
    pixels around its centre, weighted by a triangle that reaches one pixel to either side, or
    one pixel of the result where that is larger.

    Parameters
    ----------
    size, resize
        Number of pixels before and after.

    Returns
    -------
    Tensor
        float32, (resize, size); each row sums to 1.
    """
    scale = size / resize
    centres = (torch.arange(resize, dtype=torch.float64) + 0.5) * scale
    pixels = torch.arange(size, dtype=torch.float64) + 0.5
    distances = (pixels - centres.unsqueeze(1)).abs() / max(scale, 1.0)
    weights = (1 - distances).clamp(min=0)
    return (weights / weights.sum(1, keepdim=True)).float()
