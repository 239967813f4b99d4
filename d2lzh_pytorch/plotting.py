"""Plots: figure settings, curves, rows of images, and a plot that grows while a net learns."""

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes

__all__ = [
    "LivePlot",
    "plt",
    "semilogy",
    "set_figsize",
    "show_fashion_mnist",
    "show_images",
    "show_trace_2d",
    "use_svg_display",
]


def use_svg_display() -> None:
    """Show the figures of a notebook as SVG, sharp at every size.

    The notebooks of this course keep Matplotlib's PNG, which stays small with many points and
    which nbval does not compare. Introduced in section 3.2.
    """
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("svg")


def set_figsize(figsize: tuple[float, float] = (3.5, 2.5)) -> None:
    """Set the default size of figures, width and height in inches. Introduced in section 3.2."""
    plt.rcParams["figure.figsize"] = figsize


def semilogy(
    x_vals: Sequence[float] | torch.Tensor,
    y_vals: Sequence[float] | torch.Tensor,
    x_label: str,
    y_label: str,
    x2_vals: Sequence[float] | torch.Tensor | None = None,
    y2_vals: Sequence[float] | torch.Tensor | None = None,
    legend: Sequence[str] | None = None,
    figsize: tuple[float, float] = (3.5, 2.5),
) -> None:
    """Draw one or two curves over a logarithmic y-axis.

    Parameters
    ----------
    x_vals, y_vals
        The first curve, drawn as a line.
    x_label, y_label
        Names of the axes.
    x2_vals, y2_vals
        A second curve, dotted; give both or none.
    legend
        Names of the curves.
    figsize
        Width and height in inches.

    Raises
    ------
    ValueError
        If only one of `x2_vals` and `y2_vals` is given.

    Notes
    -----
    Introduced in section 3.11.
    """
    if (x2_vals is None) != (y2_vals is None):
        raise ValueError("give both x2_vals and y2_vals, or none of them.")
    _, axes = plt.subplots(figsize=figsize)
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.semilogy(x_vals, y_vals)
    if x2_vals is not None and y2_vals is not None:
        axes.semilogy(x2_vals, y2_vals, linestyle=":")
    if legend is not None:
        axes.legend(legend)
    plt.show()


def show_images(
    imgs: Sequence[Any] | torch.Tensor,
    num_rows: int,
    num_cols: int,
    scale: float = 2,
    titles: Sequence[str] | None = None,
) -> list[list[Axes]]:
    """Draw images in a grid, row by row.

    Parameters
    ----------
    imgs
        Images of shape ``(h, w)``, ``(1, h, w)``, ``(3, h, w)`` or ``(h, w, 3)``, tensors,
        arrays or PIL images; grey images are drawn dark on white.
    num_rows, num_cols
        The grid; it has room for ``num_rows * num_cols`` images, further ones are left out.
    scale
        Width and height of one image in inches.
    titles
        A line above each image.

    Returns
    -------
    list of list of matplotlib.axes.Axes
        The axes, row by row.

    Raises
    ------
    ValueError
        If there are fewer titles than images to draw.

    Notes
    -----
    Introduced in section 3.5; used again from section 9.1 on.
    """
    drawn = min(len(imgs), num_rows * num_cols)
    if titles is not None and len(titles) < drawn:
        raise ValueError(f"{drawn} images need as many titles, got {len(titles)}.")
    height = scale * (1.25 if titles is not None else 1)
    _, grid = plt.subplots(
        num_rows,
        num_cols,
        figsize=(num_cols * scale, num_rows * height),
        squeeze=False,
        layout="constrained",
    )
    for i, axes in enumerate(grid.flat):
        axes.axis("off")
        if i < drawn:
            axes.imshow(_as_picture(imgs[i]), cmap="gray_r")
            if titles is not None:
                axes.set_title(titles[i], fontsize=9)
    return [list(row) for row in grid]


def show_fashion_mnist(
    images: Sequence[torch.Tensor] | torch.Tensor, labels: Sequence[str]
) -> None:
    """Draw images of clothing in one row, each under its label.

    Parameters
    ----------
    images
        ``n`` images of shape ``(1, 28, 28)`` or ``(28, 28)``.
    labels
        ``n`` titles, such as :func:`~d2lzh_pytorch.get_fashion_mnist_labels` returns.

    Raises
    ------
    ValueError
        If there are not as many labels as images.

    Notes
    -----
    Introduced in section 3.5.
    """
    if len(images) != len(labels):
        raise ValueError(f"{len(images)} images need as many labels, got {len(labels)}.")
    show_images(images, 1, len(images), scale=1.2, titles=labels)
    plt.show()


def show_trace_2d(
    f: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    results: Sequence[tuple[float, float]],
    axes: Axes | None = None,
) -> None:
    """Draw the contours of a function of two variables, and over them a path.

    Parameters
    ----------
    f
        Called as ``f(x1, x2)`` with two tensors of shape ``(n, n)``; returns the values there.
    results
        The points ``(x1, x2)`` of the path, as :func:`~d2lzh_pytorch.train_2d` returns them.
    axes
        Where to draw; a new figure by default.

    Notes
    -----
    The picture shows x1 from -5.5 to 1 and x2 from -3 to 1, and more where the path leaves that.
    The contours lie closer together near the minimum, in steps of the square root.

    Introduced in section 7.2.
    """
    if axes is None:
        _, axes = plt.subplots()
    x1s, x2s = zip(*results, strict=True)
    x1, x2 = torch.meshgrid(
        torch.linspace(min(-5.5, *x1s), max(1.0, *x1s), 100),
        torch.linspace(min(-3.0, *x2s), max(1.0, *x2s), 100),
        indexing="xy",
    )
    values = torch.as_tensor(f(x1, x2))
    levels = values.min() + (values.max() - values.min()) * torch.linspace(0.1, 0.9, 9) ** 2
    axes.contour(x1, x2, values, levels=levels, colors="tab:blue", linewidths=0.8)
    axes.plot(x1s, x2s, "o-", color="tab:orange", markersize=4)
    axes.set(xlabel="x1", ylabel="x2")


def _as_picture(image: Any) -> np.ndarray:
    """Return the image as ``(h, w)`` or ``(h, w, 3)``."""
    if isinstance(image, torch.Tensor):
        image = image.detach().cpu()
    picture = np.asarray(image)
    if picture.ndim == 3 and picture.shape[0] in (1, 3):
        picture = picture.transpose(1, 2, 0)
    return picture[..., 0] if picture.ndim == 3 and picture.shape[-1] == 1 else picture


class LivePlot:
    """Curves that grow in a notebook while the values are computed.

    Outside a notebook nothing is drawn; the values are recorded all the same.

    Parameters
    ----------
    xlabel, ylabel
        Names of the axes.
    log
        Whether the y-axis is logarithmic.
    figsize
        Width and height in inches.
    floor
        Where to draw a dotted horizontal line: the least value that the curves can reach.

    Attributes
    ----------
    x : list of float
        Where the values were measured.
    values : dict of str to list of float
        Each curve's values.

    Examples
    --------
    >>> import d2lzh_pytorch as d2l
    >>> with d2l.LivePlot("step", "loss") as plot:
    ...     for step in range(3):
    ...         plot.add(step, train=1 / (step + 1))

    Notes
    -----
    Introduced in section 3.2. The figure is redrawn at most three times a second; drawing must
    not slow the training down.
    """

    SECONDS_BETWEEN_DRAWINGS = 1 / 3

    def __init__(
        self,
        xlabel: str,
        ylabel: str,
        log: bool = False,
        figsize: tuple[float, float] = (3.5, 2.5),
        floor: float | None = None,
    ) -> None:
        self.x: list[float] = []
        self.values: dict[str, list[float]] = {}
        self._labels = {"xlabel": xlabel, "ylabel": ylabel, "yscale": "log" if log else "linear"}
        self._figsize = figsize
        self._floor = floor
        self._drawn_at: float | None = None

    def __enter__(self) -> Self:
        from IPython import get_ipython
        from IPython.display import display

        self._figure, self._axes = plt.subplots(figsize=self._figsize, layout="constrained")
        self._axes.set(**self._labels)
        plt.close(self._figure)  # pyplot forgets it, so that the notebook shows it only once
        in_notebook = get_ipython() is not None
        self._handle = display(self._figure, display_id=True) if in_notebook else None
        self._drawn_at = time.perf_counter()
        return self

    def add(self, x: float, **values: float) -> None:
        """Add a point to each curve named.

        Parameters
        ----------
        x
            Position on the x-axis.
        **values
            One value per curve, the same curves each time.

        Raises
        ------
        ValueError
            If the curves are not those of the first call.
        RuntimeError
            If the plot was not opened by ``with``.
        """
        if self._drawn_at is None:
            raise RuntimeError("open the plot first: `with d2l.LivePlot(...) as plot:`.")
        if self.x and values.keys() != self.values.keys():
            raise ValueError(f"expected values for {list(self.values)}, got {list(values)}.")
        self.x.append(x)
        for name, value in values.items():
            self.values.setdefault(name, []).append(value)
        if time.perf_counter() - self._drawn_at > self.SECONDS_BETWEEN_DRAWINGS:
            self._draw()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._handle is None:
            return
        self._axes.clear()
        self._axes.set(**self._labels)
        for name, values in self.values.items():
            self._axes.plot(self.x, values, label=name)
        if self._floor is not None:
            self._axes.axhline(self._floor, color="gray", linestyle=":", label="floor")
        if self.values:
            self._axes.legend()
        self._handle.update(self._figure)
        self._drawn_at = time.perf_counter()
