"""The exercise system, on toy exercises."""

import re
import subprocess
import sys
import textwrap
from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from d2lzh_pytorch.exercises import check, hint, solution
from d2lzh_pytorch.exercises.checking import Result, Verdict, examine
from d2lzh_pytorch.exercises.compare import difference
from d2lzh_pytorch.exercises.engine import Exercise, discover, exercise, find
from d2lzh_pytorch.exercises.show import MAX_LENGTH, show


def toy(reference, *cases, rtol=1e-4, atol=1e-5) -> Exercise:
    return Exercise("99.1-1", reference, lambda rng: iter(cases), "提示。", rtol, atol)


def double(x):
    return 2 * x


ONE = torch.tensor([1.0, 2.0])
TWO = torch.tensor([[1.0, -1.0], [0.5, 3.0]])
DOUBLE = toy(double, (ONE,), (TWO,))


def verdict_on(answer, of: Exercise = DOUBLE) -> Result:
    return examine(of, answer)


# --- registration and look-up -------------------------------------------------------------------


def test_registers_and_finds(registry):
    @exercise("99.1-1", inputs=lambda rng: iter([(1,)]), hint="想一想。", rtol=0.1, atol=0.2)
    def reference(x):
        return x

    found = find("99.1-1")
    assert found.reference is reference
    assert (found.hint, found.rtol, found.atol) == ("想一想。", 0.1, 0.2)


@pytest.mark.parametrize("bad", ["3.6", "3-6-1", "ch03-1", "3.6-1 ", ""])
def test_refuses_malformed_ids(registry, bad):
    with pytest.raises(ValueError, match=re.escape("write it like '3.6-1'")):
        exercise(bad, inputs=lambda rng: iter([]), hint="无。")


def test_refuses_an_id_used_twice(registry):
    exercise("99.1-1", inputs=lambda rng: iter([]), hint="无。")(double)
    with pytest.raises(ValueError, match="give one of them another number"):
        exercise("99.1-1", inputs=lambda rng: iter([]), hint="无。")(toy)
    assert find("99.1-1").reference is double


def test_registers_again_when_a_module_is_reloaded(registry):
    for _ in range(2):
        exercise("99.1-1", inputs=lambda rng: iter([]), hint="无。")(double)
    assert list(registry) == ["99.1-1"]


def test_imports_the_section_on_demand():
    program = """
        import sys
        from d2lzh_pytorch.exercises.engine import find
        assert "d2lzh_pytorch.exercises.ch02.sec02" not in sys.modules
        print(find("2.2-1").reference.__name__)
        assert "d2lzh_pytorch.exercises.ch02.sec02" in sys.modules
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert done.stdout == "pick_probabilities\n", done.stderr


@pytest.mark.parametrize(("asked", "nearest"), [("2.2-9", "2.2-1"), ("2.2–1", "2.2-1")])
def test_unknown_id_names_near_ones(asked, nearest):
    with pytest.raises(LookupError, match=nearest):
        check(asked, double)


@pytest.mark.parametrize("asked", ["", "softmax", "98.76-5", 3.6, None])
def test_unknown_id_without_near_ones(asked):
    with pytest.raises(LookupError, match=r'编号的写法如 "3\.6-1"|相近的编号有'):
        find(asked)


def test_discover_returns_sections_in_order():
    ids = [tuple(int(n) for n in re.findall(r"\d+", each.id)) for each in discover()]
    assert (2, 2, 1) in ids
    assert ids == sorted(ids)


# --- verdicts -----------------------------------------------------------------------------------


def test_right_answer():
    assert verdict_on(lambda x: x + x) == Result(
        Verdict.PASSED, "99.1-1 通过：2 组输入的结果都与参考答案一致。"
    )


def test_says_which_input_differs_and_where():
    result = verdict_on(lambda x: torch.where(x < 0, x, 2 * x))
    assert result.verdict is Verdict.WRONG
    assert result.failed_input == 2
    assert result.message == (
        "99.1-1 未通过，第 2 组输入：下标 [0, 1] 处期望 -2，得到 -1（4 个元素中有 1 个不同）。\n"
        "  输入：x = float32 张量 (2, 2) [[1, -1], [0.5, 3]]\n"
        "  期望：float32 张量 (2, 2) [[2, -2], [1, 6]]\n"
        "  得到：float32 张量 (2, 2) [[2, -1], [1, 6]]"
    )


def test_an_error_is_told_with_its_line():
    def answer(x):
        y = x + 1
        return y[5, 5, 5]

    result = verdict_on(answer)
    assert result.verdict is Verdict.CRASHED
    assert result.failed_input == 1
    line = answer.__code__.co_firstlineno + 2
    assert f"第 1 组输入：第 {line} 行出错，IndexError: too many indices" in result.message
    assert "出错的一行：return y[5, 5, 5]" in result.message
    assert "Traceback" not in result.message


def test_an_error_below_is_told_at_the_readers_line():
    def answer(x):
        return torch.nn.functional.linear(x, torch.ones(7, 7))

    assert "出错的一行：return torch.nn.functional.linear" in verdict_on(answer).message


def test_wrong_number_of_parameters():
    assert "运行时出错，TypeError" in verdict_on(lambda: 1).message


def test_a_long_error_message_is_cut():
    def answer(x):
        raise ValueError("long " * 1000 + "\nsecond line")

    first = verdict_on(answer).message.splitlines()[0]
    assert first.endswith("…。")
    assert len(first) < 300


def test_interrupts_are_not_swallowed():
    def answer(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verdict_on(answer)


def stub_with_dots(x): ...


def stub_with_docstring(x):
    """Return twice x."""
    # your code
    ...


def stub_with_pass(x: torch.Tensor) -> torch.Tensor:
    pass


def stub_that_returns_dots(x):
    y = ...
    return y


@pytest.mark.parametrize(
    "stub", [stub_with_dots, stub_with_docstring, stub_with_pass, stub_that_returns_dots]
)
def test_stub_is_not_yet_answered(stub):
    result = verdict_on(stub)
    assert result.verdict is Verdict.UNANSWERED
    assert result.message.startswith("99.1-1 尚未作答")


def test_stub_of_an_exercise_that_returns_nothing():
    in_place = toy(lambda x: x.mul_(2) and None, (torch.ones(1),))
    assert examine(in_place, stub_with_dots).verdict is Verdict.UNANSWERED


def forgot_return(x):
    2 * x


def uses_ellipsis_as_index(x):
    return 2 * x[..., :]


def test_an_answer_is_no_stub():
    assert verdict_on(uses_ellipsis_as_index).verdict is Verdict.PASSED
    forgotten = verdict_on(forgot_return)
    assert forgotten.verdict is Verdict.WRONG
    assert "忘了 return" in forgotten.message


def test_builtins_and_callable_objects_are_accepted():
    identity = toy(lambda x: x, (ONE,))
    assert examine(identity, nn.Identity()).verdict is Verdict.PASSED
    assert examine(toy(abs, (-1,)), abs).verdict is Verdict.PASSED


# --- fairness -----------------------------------------------------------------------------------


def test_answer_in_place_is_refused_if_the_reference_is_not():
    before = ONE.clone()
    result = verdict_on(lambda x: x.mul_(2))
    assert result.verdict is Verdict.WRONG
    assert "改动了参数 x" in result.message
    assert "输入：x = float32 张量 (2,) [1, 2]" in result.message  # as it was before the call
    assert "调用之后：x = float32 张量 (2,) [2, 4]" in result.message
    assert torch.equal(ONE, before)


def subtract_gradient(param, grad):
    param -= 0.1 * grad


IN_PLACE = toy(subtract_gradient, (torch.ones(2), torch.ones(2)))


def test_exercise_in_place():
    def other(param, grad):
        param.sub_(grad, alpha=0.1)

    def out_of_place(param, grad):
        param = param - 0.1 * grad

    def spoils_the_gradient(param, grad):
        grad.mul_(0.1)
        param -= grad

    assert examine(IN_PLACE, other).verdict is Verdict.PASSED
    assert "调用之后参数 param 的值不对" in examine(IN_PLACE, out_of_place).message
    assert "改动了参数 grad" in examine(IN_PLACE, spoils_the_gradient).message


def test_module_and_optimizer_among_the_inputs():
    def step(net, optimizer, X):
        optimizer.zero_grad()
        net(X).sum().backward()
        optimizer.step()

    def forgets_the_step(net, optimizer, X):
        optimizer.zero_grad()
        net(X).sum().backward()

    def leaves_eval_mode(net, optimizer, X):
        step(net, optimizer, X)
        net.eval()

    net = nn.Linear(2, 1)
    training = toy(step, (net, torch.optim.SGD(net.parameters(), lr=0.1), TWO))
    assert examine(training, step).verdict is Verdict.PASSED
    assert examine(training, forgets_the_step).verdict is Verdict.WRONG
    assert "training" in examine(training, leaves_eval_mode).message


def test_inputs_that_require_grad():
    leaf = torch.ones(2, requires_grad=True)
    squares = toy(lambda x: (x**2).sum(), (leaf,))
    assert examine(squares, lambda x: (x * x).sum().detach()).verdict is Verdict.PASSED
    assert leaf.grad is None


def test_both_sides_get_the_same_random_numbers_and_the_reader_keeps_his():
    noise = toy(lambda x: x + torch.rand(2), (ONE,))
    torch.manual_seed(5)
    following = torch.rand(3)
    torch.manual_seed(5)
    assert examine(noise, lambda x: torch.rand(2) + x).verdict is Verdict.PASSED
    assert torch.equal(torch.rand(3), following)


def test_inputs_are_the_same_at_every_check():
    random_inputs = Exercise(
        "99.1-1", double, lambda rng: iter([(torch.randn(3, generator=rng),)]), "无。", 0, 0
    )
    texts = {examine(random_inputs, lambda x: x).message for _ in range(2)}
    assert len(texts) == 1


# --- comparison ---------------------------------------------------------------------------------


def differs(expected, received, rtol=1e-4, atol=1e-5):
    return difference(expected, received, rtol, atol)


NAN = float("nan")
EQUAL_PAIRS = [
    (torch.tensor([1.0, NAN, -torch.inf]), torch.tensor([1.000001, NAN, -torch.inf])),
    (torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.float64, requires_grad=True)),
    (torch.tensor([1, 2]), torch.tensor([1, 2], dtype=torch.int32)),
    (torch.tensor([True]), torch.tensor([True])),
    (torch.tensor([1 + 2j]), torch.tensor([1 + 2.000001j])),
    (torch.empty(0, 3), torch.empty(0, 3)),
    (np.array([1.0, 2.0]), np.array([1.0, 2.0])[::-1][::-1]),
    (np.array(3.0), np.array(3.0)),
    (np.array(["a"]), np.array(["a"])),
    (3, 3.0),
    (0.1 + 0.2, 0.3),
    (np.float64(0.5), 0.5),
    (10**40, 10**40),
    (NAN, NAN),
    ("文字", "文字"),
    (None, None),
    (True, np.bool_(True)),
    ((1, [2, 3]), [1, (2, 3)]),
    (torch.Size([2, 3]), (2, 3)),
    (OrderedDict(a=1, b=torch.ones(2)), {"b": torch.ones(2), "a": 1}),
    (pd.DataFrame({"a": [1.0, NAN]}), pd.DataFrame({"a": [1.0, NAN]})),
    (pd.Series([1, 2]), pd.Series([1, 2], index=["x", "y"])),
    (torch.float32, torch.float32),
    ({1, 2}, {2, 1}),
]


@pytest.mark.parametrize(("expected", "received"), EQUAL_PAIRS, ids=lambda value: show(value)[:40])
def test_equal(expected, received):
    assert differs(expected, received) is None


DIFFERENT_PAIRS = [
    (torch.ones(4, 3), torch.ones(4), "期望形状 (4, 3)，得到 (4,)"),
    (torch.tensor(1.0), torch.ones(1), "期望形状 ()，得到 (1,)"),
    (torch.ones(2), torch.ones(2).long(), "期望浮点张量（float32），得到整数张量（int64）"),
    (torch.ones(2).bool(), torch.ones(2).long(), "期望布尔张量（bool），得到整数张量（int64）"),
    (torch.tensor([0.0, 1.0]), torch.tensor([0.0, NAN]), "下标 [1] 处期望 1，得到 nan"),
    (torch.tensor([torch.inf]), torch.tensor([1e30]), "期望 inf，得到 1e+30"),
    (torch.tensor([2**62]), torch.tensor([2**62 + 1]), "下标 [0] 处"),
    (torch.tensor(0.5), torch.tensor(0.25), "期望 0.5，得到 0.25"),
    (torch.tensor(0.5), 0.5, "期望张量，得到数"),
    (0.5, torch.tensor(0.5), "期望数，得到张量（用 .item() 取出其中的数）"),
    ([1, 2], torch.tensor([1, 2]), "用 .tolist() 转换"),
    (torch.ones(2), np.ones(2), "期望张量，得到数组"),
    (np.ones(2), np.ones(3), "期望形状 (2,)，得到 (3,)"),
    (np.array(["a"]), np.array(["b"]), "第 1 项：期望 'a'，得到 'b'"),
    (1, True, "期望数，得到布尔值"),
    (1.0, 1.001, "期望 1，得到 1.001"),
    (1.0, 1.00012, "期望 1，得到 1.0001"),
    (10**40, 10**40 + 1, "期望 1000"),
    (0.0, torch.inf, "期望 0，得到 inf"),
    ("a", "b", "期望 'a'，得到 'b'"),
    (None, 1, "期望 None，得到数"),
    (1, None, "忘了 return"),
    ((1, 2), (1,), "期望 2 项，得到 1 项"),
    ((1, (2, 3)), (1, (2, 4)), "第 2 项：第 2 项：期望 3，得到 4"),
    ({"a": 1}, {}, "缺少键 'a'"),
    ({}, {"a": 1}, "多出键 'a'"),
    ({"a": 1}, {"a": 2}, "键 'a'：期望 1，得到 2"),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}), "键 'a'：第 1 项：期望 1，得到 2"),
    (torch.float32, torch.float64, "期望 torch.float32，得到 torch.float64"),
    ({1}, {2}, "期望 {1}，得到 {2}"),
]


@pytest.mark.parametrize(("expected", "received", "reason"), DIFFERENT_PAIRS)
def test_different(expected, received, reason):
    assert reason in differs(expected, received)


def test_tolerance_is_the_exercises_own():
    assert differs(1.0, 1.05) is not None
    assert differs(1.0, 1.05, rtol=0.1) is None
    assert differs(torch.tensor([0.0]), torch.tensor([0.05]), atol=0.1) is None
    assert differs(torch.tensor([0.0]), torch.tensor([0.05]), rtol=0.1) is not None


def test_modules_agree_if_their_state_does():
    one, same, other = nn.Linear(1, 1), nn.Linear(1, 1), nn.Linear(2, 1)
    same.load_state_dict(one.state_dict())
    assert differs(one, same) is None
    assert "weight" in differs(one, other)


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (torch.tensor([[1.0, 0.123456], [1e6, 1e-7]]), "[[1, 0.1235], [1e+06, 1e-07]]"),
        (torch.arange(100), "int64 张量 (100,) [0, 1, 2, 3, 4, 5, …]"),
        (torch.tensor(2.5), "float32 张量 () 2.5"),
        (torch.ones(1, requires_grad=True), "float32 张量 (1,) [1]"),
        (np.array([True, False]), "bool 数组 (2,) [True, False]"),
        (np.float32(0.1), "0.1"),
        (np.int64(3), "3"),
        (1 / 3, "0.3333"),
        (12345678, "12345678"),
        ((1,), "(1,)"),
        ({"a": 0.5}, "{'a': 0.5}"),
        (range(3), "range(0, 3)"),
        (double, "double"),
        (object(), "<object object>"),
        ("第一行\n第二行", r"'第一行\n第二行'"),
    ],
)
def test_show(value, text):
    assert show(value).endswith(text)


@pytest.mark.parametrize("value", ["x" * 1000, torch.rand(9, 9, 9, 9), [torch.rand(50)] * 50])
def test_show_is_short(value):
    assert len(show(value)) <= MAX_LENGTH
    assert "\n" not in show(value)


# --- what the reader calls ----------------------------------------------------------------------


def test_check_prints_and_returns_nothing(capsys):
    assert check("2.2-1", lambda y_hat, y: y_hat[range(len(y)), y]) is None
    assert capsys.readouterr().out == "2.2-1 通过：4 组输入的结果都与参考答案一致。\n"


def test_check_refuses_what_cannot_be_called():
    with pytest.raises(TypeError, match=r"不要先调用它.*pick_probabilities"):
        check("2.2-1", torch.ones(2))


def test_hint(capsys):
    assert hint("2.2-1") is None
    assert capsys.readouterr().out.startswith("2.2-1 提示：gather")


def test_solution_is_the_source_without_the_decorator(capsys):
    assert solution("2.2-3") is None
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "def masked_mean(X: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:"
    assert lines[-1] == "    return kept.sum(dim=1) / mask.sum(dim=1).clamp(min=1)"
