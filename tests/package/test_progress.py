import pytest
from torch.utils.data import DataLoader, IterableDataset

from d2lzh_pytorch import progress as progress_function
from d2lzh_pytorch.progress import limit, progress


class Stream(IterableDataset):
    def __iter__(self):
        return iter(range(3))


@pytest.fixture
def bars(monkeypatch):
    """The arguments of every bar that is made."""
    made = []

    def bar(iterable, **options):
        made.append(options)
        return iterable

    # The package's attribute `progress` is the function, so the module is taken from it.
    monkeypatch.setitem(progress.__globals__, "tqdm", bar)
    return made


def test_the_package_gives_the_function_and_not_the_module():
    assert progress_function is progress


@pytest.mark.parametrize("make", [list, tuple, iter, lambda items: (x for x in items)])
def test_everything_passes_through_in_order(make):
    assert list(progress(make(range(5)))) == [0, 1, 2, 3, 4]


def test_nothing_is_printed_when_bars_are_off(capfd):
    list(progress(range(5), desc="epoch"))
    assert capfd.readouterr() == ("", "")


def test_a_bar_knows_its_length_and_vanishes(bars):
    list(progress([1, 2, 3], desc="word"))
    assert bars == [{"desc": "word", "total": 3, "leave": False, "disable": True}]


def test_bars_are_on_unless_switched_off(bars, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE")
    list(progress([1]))
    assert bars[0]["disable"] is False


def test_a_bar_of_unknown_length(bars):
    list(progress(x for x in range(3)))
    assert bars[0]["total"] is None


def test_a_loader_without_length():
    loader = DataLoader(Stream(), batch_size=None)
    with pytest.raises(TypeError):
        len(loader)
    assert list(progress(loader)) == [0, 1, 2]


def test_a_smoke_run_stops_after_two(monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    taken = []

    def items():
        for i in range(100):
            taken.append(i)
            yield i

    assert list(progress(items())) == [0, 1]
    assert taken == [0, 1]  # and computes no third one
    assert list(limit(range(1))) == [0]


def test_limit_leaves_a_full_run_alone():
    items = [1, 2, 3]
    assert limit(items) is items
