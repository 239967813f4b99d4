import IPython
import IPython.display
import numpy as np
import pytest
import torch
from PIL import Image
from torch.testing import assert_close

from d2lzh_pytorch import plotting
from d2lzh_pytorch.plotting import (
    LivePlot,
    plt,
    semilogy,
    set_figsize,
    show_fashion_mnist,
    show_images,
    show_trace_2d,
    use_svg_display,
)


def drawn_image(axes):
    return torch.as_tensor(np.asarray(axes.images[0].get_array()))


def test_set_figsize():
    with plt.rc_context():
        set_figsize()
        assert plt.rcParams["figure.figsize"] == [3.5, 2.5]
        set_figsize((4, 3))
        assert list(plt.figure().get_size_inches()) == [4, 3]


def test_use_svg_display_asks_for_svg(monkeypatch):
    from matplotlib_inline import backend_inline

    asked = []
    monkeypatch.setattr(backend_inline, "set_matplotlib_formats", lambda *f: asked.extend(f))
    use_svg_display()
    assert asked == ["svg"]


@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor], ids=lambda k: k.__name__)
def test_semilogy_draws_two_curves_of_any_kind_of_numbers(kind):
    x, first, second = [1, 2, 3], [1.0, 0.1, 0.01], [2.0, 1.0, 0.5]
    semilogy(
        kind(x), kind(first), "epochs", "loss", kind(x), kind(second), ["train", "test"], (5, 4)
    )
    figure = plt.gcf()
    (axes,) = figure.axes
    assert list(figure.get_size_inches()) == [5, 4]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epochs", "loss")
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    solid, dotted = axes.lines
    assert_close(torch.tensor(np.array(solid.get_ydata())).double(), torch.tensor(first).double())
    assert_close(torch.tensor(np.array(dotted.get_ydata())).double(), torch.tensor(second).double())
    assert dotted.get_linestyle() == ":"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["train", "test"]


def test_semilogy_with_one_curve():
    semilogy(range(1, 4), [3, 2, 1], "epochs", "loss")
    (axes,) = plt.gcf().axes
    assert len(axes.lines) == 1
    assert axes.get_yscale() == "log"
    assert axes.get_legend() is None


@pytest.mark.parametrize("half", [{"x2_vals": [1, 2]}, {"y2_vals": [1, 2]}])
def test_semilogy_wants_both_halves_of_the_second_curve(half):
    with pytest.raises(ValueError, match="both x2_vals and y2_vals"):
        semilogy([1, 2], [1, 2], "epochs", "loss", **half)


@pytest.mark.parametrize("shape", [(5, 4), (1, 5, 4), (5, 4, 1)])
@pytest.mark.parametrize("as_array", [False, True])
def test_show_images_in_grey(shape, as_array):
    image = torch.rand(shape)
    ((axes,),) = show_images([image.numpy() if as_array else image], 1, 1)
    assert_close(drawn_image(axes), image.view(5, 4))
    assert axes.images[0].get_cmap().name == "gray_r"
    assert not axes.axison


@pytest.mark.parametrize("as_array", [False, True])
def test_show_images_in_colour(as_array):
    image = torch.rand(3, 5, 4)
    other = image.permute(1, 2, 0)
    images = [image.numpy(), other.numpy()] if as_array else [image, other]
    ((left, right),) = show_images(images, 1, 2)
    assert_close(drawn_image(left), other)
    assert_close(drawn_image(right), other)


def test_show_images_of_one_pixel_width():
    image = torch.rand(5, 1)
    ((axes,),) = show_images([image], 1, 1)
    assert_close(drawn_image(axes), image)


def test_show_images_takes_pil_images():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)
    ((axes,),) = show_images([Image.fromarray(pixels)], 1, 1)
    assert_close(drawn_image(axes), torch.tensor(pixels))


def test_show_images_takes_the_output_of_a_net():
    ((axes,),) = show_images(torch.rand(1, 1, 5, 4, requires_grad=True), 1, 1)
    assert drawn_image(axes).shape == (5, 4)


def test_show_images_fills_the_grid_row_by_row():
    images = torch.arange(6.0).view(6, 1, 1, 1).expand(6, 1, 2, 2)
    grid = show_images(images, 2, 3, scale=1.5, titles=list("abcdef"))
    assert [[axes.get_title() for axes in row] for row in grid] == [["a", "b", "c"], list("def")]
    assert [[drawn_image(axes)[0, 0].item() for axes in row] for row in grid] == [
        [0, 1, 2],
        [3, 4, 5],
    ]
    assert plt.gcf().get_size_inches()[0] == 4.5


def test_show_images_leaves_room_or_leaves_out():
    images = torch.rand(3, 1, 2, 2)
    few = show_images(images, 2, 2)
    assert [len(axes.images) for row in few for axes in row] == [1, 1, 1, 0]
    assert not few[1][1].axison
    many = show_images(images, 1, 2, titles=["a", "b"])
    assert [len(axes.images) for row in many for axes in row] == [1, 1]


def test_show_images_wants_a_title_for_each():
    with pytest.raises(ValueError, match="3 images need as many titles, got 2"):
        show_images(torch.rand(3, 1, 2, 2), 1, 3, titles=["a", "b"])
    assert not plt.get_fignums()


def test_show_fashion_mnist():
    images = torch.rand(3, 1, 28, 28)
    show_fashion_mnist(images, ["coat", "bag", "shirt"])
    grid = plt.gcf().axes
    assert [axes.get_title() for axes in grid] == ["coat", "bag", "shirt"]
    assert_close(drawn_image(grid[2]), images[2, 0])
    with pytest.raises(ValueError, match="3 images need as many labels, got 2"):
        show_fashion_mnist(images, ["coat", "bag"])


def bowl(x1, x2):
    return x1**2 + 2 * x2**2


def numpy_bowl(x1, x2):
    return 1 - np.cos(x1) + np.square(x2)


@pytest.mark.filterwarnings("ignore:__array_wrap__")  # between PyTorch and NumPy
@pytest.mark.parametrize("f", [bowl, numpy_bowl])
def test_show_trace_2d_draws_the_path_over_the_contours(f):
    show_trace_2d(f, [(-5, -2), (-4, -1.2), (-3.2, -0.72)])
    (axes,) = plt.gcf().axes
    (path,) = axes.lines
    assert list(path.get_xdata()) == [-5, -4, -3.2]
    assert list(path.get_ydata()) == [-2, -1.2, -0.72]
    (contours,) = axes.collections
    assert any(len(line.vertices) for line in contours.get_paths())
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x1", "x2")
    assert axes.get_xlim() == pytest.approx((-5.5, 1))
    assert axes.get_ylim() == pytest.approx((-3, 1))


def test_show_trace_2d_follows_the_path_and_the_axes_given():
    _, (left, right) = plt.subplots(1, 2)
    show_trace_2d(bowl, [(-7, 2), (3, -40)], right)
    assert not left.lines
    assert len(plt.get_fignums()) == 1
    low, high = right.get_xlim()
    assert low <= -7 < 3 <= high
    low, high = right.get_ylim()
    assert low <= -40 < 2 <= high


def test_show_trace_2d_puts_x1_to_the_right():
    show_trace_2d(lambda x1, x2: x1, [(0, 0)])
    (contours,) = plt.gca().collections
    for line in contours.get_paths():
        if len(line.vertices):  # each contour is upright
            assert np.ptp(line.vertices[:, 0]) == pytest.approx(0, abs=1e-4)
            assert np.ptp(line.vertices[:, 1]) == pytest.approx(4, rel=0.01)


class Handle:
    """What IPython's display() returns; notes the curves at each update."""

    def __init__(self):
        self.updates = []

    def update(self, figure):
        (axes,) = figure.axes
        curves = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
        assert len(curves) == len(axes.lines)  # the curves of before are gone
        self.updates.append(curves)
        self.axes = axes


@pytest.fixture
def notebook(monkeypatch):
    handle = Handle()
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr(IPython.display, "display", lambda figure, display_id: handle)
    return handle


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(plotting.time, "perf_counter", lambda: Clock.now)
    return Clock


def test_live_plot_records_outside_a_notebook():
    with LivePlot("step", "loss") as plot:
        plot.add(1, train=3.0, test=4.0)
        plot.add(2, train=1.0, test=2.0)
    assert plot.x == [1, 2]
    assert plot.values == {"train": [3.0, 1.0], "test": [4.0, 2.0]}
    assert not plt.get_fignums()  # no window is left behind


def test_live_plot_draws_in_a_notebook(notebook, clock):
    with LivePlot("step", "loss", log=True) as plot:
        plot.add(1, train=3.0, test=4.0)
        plot.add(2, train=1.0, test=2.0)
        assert notebook.updates == []
    assert notebook.updates == [{"train": [3.0, 1.0], "test": [4.0, 2.0]}]
    axes = notebook.axes
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_yscale()) == ("step", "loss", "log")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["train", "test"]
    assert list(axes.lines[0].get_xdata()) == [1, 2]


def test_live_plot_draws_the_floor(notebook, clock):
    with LivePlot("step", "loss", floor=0.25) as plot:
        plot.add(1, train=3.0)
    assert notebook.updates == [{"train": [3.0], "floor": [0.25, 0.25]}]
    assert [text.get_text() for text in notebook.axes.get_legend().get_texts()] == [
        "train",
        "floor",
    ]


def test_live_plot_draws_at_most_three_times_a_second(notebook, clock):
    with LivePlot("step", "loss") as plot:
        for step in range(100):  # ten seconds
            clock.now += 0.1
            plot.add(step, train=step)
        assert 20 <= len(notebook.updates) <= 30
    assert len(notebook.updates[-1]["train"]) == 100


def test_live_plot_shows_what_it_has_when_the_code_fails(notebook):
    def measure(plot):
        plot.add(1, train=3.0)
        raise KeyError("inside")

    with pytest.raises(KeyError), LivePlot("step", "loss") as plot:
        measure(plot)
    assert notebook.updates[-1] == {"train": [3.0]}


def test_live_plot_without_points(notebook):
    with LivePlot("step", "loss"):
        pass
    assert notebook.updates == [{}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 2.0}),
        ({"a": 1.0}, {}),
        ({}, {"a": 1.0}),
    ],
)
def test_live_plot_wants_the_same_curves_each_time(first, second):
    with LivePlot("step", "loss") as plot:
        plot.add(1, **first)
        with pytest.raises(ValueError, match=r"expected values for \[.*\], got \["):
            plot.add(2, **second)
    assert plot.x == [1]


def test_live_plot_must_be_opened():
    with pytest.raises(RuntimeError, match=r"with d2l\.LivePlot\(\.\.\.\) as plot"):
        LivePlot("step", "loss").add(1, train=1.0)
