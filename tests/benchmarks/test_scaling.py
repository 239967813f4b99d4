"""docs/scaling.md: what its numbers mean, and that they are those of the measurement."""

import json

import pytest

from benchmarks import scaling
from benchmarks.communication import MESSAGES
from benchmarks.results import FOLDER
from benchmarks.scaling import LINKS, Link, Machine, all_reduce, crossing, fitted, overlapped
from benchmarks.work import MIB, gathered, work_of
from d2lzh_pytorch.models.zoo import ZOO

SECONDS = {"whole": 1.0, "half": 0.55, "update": 0.01, "reduce": 0.2, "together": 0.6}


@pytest.fixture
def measured():
    return {
        "machine": {"cores": 2, "threads": 1, "torch": "2.15.0", "system": "Linux x86_64"},
        "messages": [{"bytes": size, "seconds": 2e-4 + size / 1e9} for size in MESSAGES],
        "steps": dict.fromkeys(ZOO, SECONDS),
    }


def rows_of(page, table):
    """Return the cells of a table of the page."""
    block = page.partition(f"<!-- table:{table}:begin -->\n")[2].partition("<!-- table:end -->")[0]
    lines = [line for line in block.splitlines() if line.startswith("| ")][1:]
    return {
        cells[0]: cells[1:] for cells in ([c.strip() for c in x.split("|")[1:-1]] for x in lines)
    }


def test_the_page_in_the_repository_is_that_of_the_measurement():
    written = scaling.PAGE.read_text(encoding="utf-8")
    built = scaling.build(written, scaling.read(scaling.MEASURED), FOLDER)
    assert written == built, "run `make results`"


def test_a_step_of_softmax_regression_by_hand():
    work = work_of("softmax")
    assert work.parameters == 784 * 10 + 10
    assert work.size == 4 * work.parameters
    products = 256 * 784 * 10  # forward, and once more for the gradient of the weights
    assert work.flops == 2 * 2 * products


def test_every_gradient_is_in_a_bucket():
    for name in ZOO:
        work = work_of(name)
        assert work.size == 4 * work.parameters
        assert len(work.buckets) >= 1


@pytest.mark.parametrize(
    ("sizes", "buckets"),
    [
        ([8], [8]),
        ([MIB // 2, MIB // 2, 8], [MIB, 8]),
        ([MIB, 24 * MIB, MIB, MIB], [MIB, 25 * MIB, MIB]),
        ([2 * MIB, 100 * MIB], [2 * MIB, 100 * MIB]),
        ([], []),
    ],
)
def test_buckets_are_closed_when_they_are_full(sizes, buckets):
    assert list(gathered(sizes)) == buckets


def test_a_ring_sends_at_most_twice_the_gradients():
    work, link = work_of("lenet"), Link("no latency", 1e6, 0.0)
    assert all_reduce(work, 2, link) == pytest.approx(work.size / 1e6)
    assert all_reduce(work, 4, link) == pytest.approx(1.5 * work.size / 1e6)
    assert all_reduce(work, 10**6, link) == pytest.approx(2 * work.size / 1e6, rel=1e-5)


def test_latency_counts_once_for_each_message():
    work, link = work_of("alexnet"), Link("no bytes", float("inf"), 1e-3)
    assert len(work.buckets) > 1
    assert all_reduce(work, 3, link) == pytest.approx(4e-3 * len(work.buckets))


def test_messages_hide_behind_the_backward_pass():
    assert overlapped(3.0, 1.5) == pytest.approx(3.0)
    assert overlapped(3.0, 2.5) == pytest.approx(3.5)


def test_messages_take_over_at_the_first_number_where_they_do():
    work, link = work_of("lenet"), Link("slow", 1e6, 0.0)  # 0.18 s with two processes
    machine = Machine("slow", {"lenet": 1.0}, {})
    found = crossing(work, machine, link)
    assert found is not None
    assert all_reduce(work, found, link) > machine.seconds("lenet", found)
    assert all_reduce(work, found - 1, link) <= machine.seconds("lenet", found - 1)
    assert crossing(work, Machine("slow", {"lenet": 1e9}, {}), link) is None
    assert crossing(work, Machine("fast", {"lenet": 1e-9}, {}), link) == 2


def test_updating_is_not_divided():
    machine = Machine("one", {"lenet": 1.0}, {"lenet": 0.2})
    assert machine.seconds("lenet", 1) == pytest.approx(1.0)
    assert machine.seconds("lenet", 4) == pytest.approx(0.4)


def test_the_link_is_found_from_the_messages(measured):
    link = fitted(measured["messages"])
    assert link.latency == pytest.approx(1e-4)
    assert link.bandwidth == pytest.approx(1e9)


def test_what_was_not_measured_says_so():
    page = scaling.build(scaling.PAGE.read_text(encoding="utf-8"), None, FOLDER)
    assert page.count(scaling.NOT_MEASURED) == 3
    assert rows_of(page, "measured") == {}
    assert rows_of(page, "work").keys() == ZOO.keys()
    assert len(rows_of(page, "links")) == len(LINKS)


def test_the_tables_hold_what_was_measured(measured):
    page = scaling.build(scaling.PAGE.read_text(encoding="utf-8"), measured, FOLDER)
    assert scaling.NOT_MEASURED not in page
    row = rows_of(page, "measured")["lenet"]
    assert row[:3] == ["1 秒", "550 毫秒", "200 毫秒"]
    assert row[4:] == ["750 毫秒", "600 毫秒", "1.67"]
    assert "没有一个网络因此变慢" in page
    assert rows_of(page, "links")["本机回环"][:3] == ["1 GB/s", "100 微秒", "测得"]
    assert rows_of(page, "core").keys() == rows_of(page, "accumulation").keys() == ZOO.keys()


def test_a_net_that_two_processes_slow_down_is_named(measured):
    measured["steps"] |= {"softmax": SECONDS | {"together": 1.5}}
    page = scaling.build(scaling.PAGE.read_text(encoding="utf-8"), measured, FOLDER)
    assert "变慢的有 softmax。" in page


def test_gpus_come_from_the_logs():
    machine = scaling.gpu(FOLDER)
    log = json.loads((FOLDER / "resnet18-gpu-seed0.json").read_text(encoding="utf-8"))
    fastest = min(epoch["seconds"] for epoch in log["epochs"])
    assert machine.steps["resnet18"] == pytest.approx(fastest / 235)
    assert machine.name in log["machine"]["device"]


def test_the_command_writes_the_page(tmp_path, monkeypatch, measured):
    page, record = tmp_path / "scaling.md", tmp_path / "scaling.json"
    page.write_text("<!-- table:core:begin -->\n旧\n<!-- table:end -->\n", encoding="utf-8")
    record.write_text(json.dumps(measured))
    monkeypatch.setattr(scaling, "PAGE", page)
    monkeypatch.setattr(scaling, "MEASURED", record)
    assert scaling.main() == 0
    assert rows_of(page.read_text(encoding="utf-8"), "core").keys() == ZOO.keys()
