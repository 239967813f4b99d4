import pytest
import torch
from torch import nn

from d2lzh_pytorch.training import evaluation
from d2lzh_pytorch.training.evaluation import accuracy, evaluate_accuracy

# Three batches, the last one shorter; the scores are the examples themselves.
BATCHES = [
    (torch.tensor([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), torch.tensor([1, 0, 0])),  # 2 of 3
    (torch.tensor([[2.0, 1.0], [5.0, -1.0], [0.0, 1.0]]), torch.tensor([1, 1, 0])),  # 0 of 3
    (torch.tensor([[-1.0, 3.0]]), torch.tensor([1])),  # 1 of 1
]


def batches_of(*sizes, features=4, classes=3):
    return [(torch.randn(n, features), torch.randint(classes, (n,))) for n in sizes]


def test_accuracy_counts_the_highest_score():
    scores = torch.tensor([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]])
    assert accuracy(scores, torch.tensor([0, 2])) == 0.5
    assert accuracy(scores, torch.tensor([2, 2])) == 1.0


def test_the_share_of_examples_and_not_the_mean_of_batches():
    assert evaluate_accuracy(BATCHES, nn.Identity()) == 3 / 7
    assert evaluate_accuracy(BATCHES, lambda X: X) == 3 / 7


def test_a_module_predicts_in_evaluation_mode():
    net = nn.Sequential(nn.Identity(), nn.Dropout(1.0))  # in training it would drop everything
    assert evaluate_accuracy(BATCHES, net) == 3 / 7


def mixed_modes():
    net = nn.Sequential(nn.Linear(4, 3), nn.Sequential(nn.Dropout(), nn.BatchNorm1d(3)))
    net.train()
    net[1][1].eval()
    return net


def modes(net):
    return [module.training for module in net.modules()]


def test_every_submodule_gets_its_mode_back():
    net = mixed_modes()
    before = modes(net)
    assert len(set(before)) == 2
    evaluate_accuracy(batches_of(5, 2), net)
    assert modes(net) == before
    net.eval()
    evaluate_accuracy(batches_of(5, 2), net)
    assert not any(modes(net))


def test_the_modes_come_back_after_an_error():
    net = mixed_modes()
    before = modes(net)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        evaluate_accuracy(batches_of(5, 2, features=9), net)
    assert modes(net) == before
    assert torch.is_grad_enabled()


def test_evaluation_leaves_running_statistics_alone():
    net = nn.BatchNorm1d(4)
    evaluate_accuracy(batches_of(5, 5, classes=4), net)
    assert net.num_batches_tracked == 0


@pytest.mark.parametrize("wrap", [lambda module: module, lambda module: lambda X: module(X)])
def test_no_gradient_is_recorded(wrap):
    layer, outputs = nn.Linear(4, 3), []
    layer.register_forward_hook(lambda module, inputs, output: outputs.append(output))
    evaluate_accuracy(batches_of(5, 2), wrap(layer))
    assert len(outputs) == 2
    assert not any(output.requires_grad for output in outputs)
    assert torch.is_grad_enabled()


def test_a_function_is_told_that_it_does_not_train():
    seen = []

    def net(X, is_training=True):
        seen.append(is_training)
        return X

    evaluate_accuracy(BATCHES, net)
    assert seen == [False] * 3


def test_a_local_variable_of_that_name_is_no_parameter():
    def net(X):
        is_training = True
        return X if is_training else -X

    assert evaluate_accuracy(BATCHES, net) == 3 / 7


def test_nothing_to_evaluate():
    with pytest.raises(ValueError, match="data_iter has no batch"):
        evaluate_accuracy([], nn.Identity())


def test_a_net_elsewhere_is_refused():
    net = nn.Linear(4, 3, device="meta")
    with pytest.raises(ValueError, match=r"net is on 'meta'.*go to 'cpu'.*net\.to\('cpu'\)"):
        evaluate_accuracy(batches_of(2), net, "cpu")


def test_batches_follow_a_module():
    seen = []
    net = nn.Linear(4, 3, device="meta")
    net.register_forward_hook(lambda module, inputs, output: seen.append(inputs[0].device.type))
    with pytest.raises(RuntimeError, match="meta"):  # which computes shapes but no numbers
        evaluate_accuracy(batches_of(2), net)
    assert seen == ["meta"]


def test_batches_of_a_function_stay_where_they_are_and_are_counted_there():
    batch = (torch.ones(2, 3, device="meta"), torch.zeros(2, dtype=torch.long, device="meta"))
    with pytest.raises(RuntimeError, match="meta"):  # a total on the CPU would have read 0
        evaluate_accuracy([batch], lambda X: X)


def test_a_device_moves_the_batches_of_a_function():
    seen = []

    def net(X):
        seen.append(X.device.type)
        return X

    with pytest.raises(RuntimeError, match="meta"):
        evaluate_accuracy(BATCHES, net, "meta")
    assert set(seen) == {"meta"}


@pytest.mark.parametrize(
    ("scores", "y"),
    [
        (torch.rand(4, 3), torch.zeros(4, 1, dtype=torch.long)),
        (torch.rand(4), torch.zeros(4, dtype=torch.long)),
        (torch.rand(4, 3), torch.zeros(3, dtype=torch.long)),
        (torch.rand(4, 3, 2), torch.zeros(4, dtype=torch.long)),
    ],
)
def test_scores_and_labels_that_would_broadcast_are_refused(scores, y):
    with pytest.raises(ValueError, match=r"scores of shape \(n, classes\) .* shape \(n,\)"):
        evaluate_accuracy([(scores, y)], lambda X: X)


def test_a_smoke_run_looks_at_two_batches(monkeypatch):
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    assert evaluate_accuracy(BATCHES, lambda X: X) == 2 / 6


def test_a_net_of_another_gpu_is_noticed(monkeypatch):
    monkeypatch.setattr(evaluation, "module_device", lambda net: torch.device("cuda:1"))
    assert evaluation.data_device(nn.ReLU(), "cuda") == torch.device("cuda")
    with pytest.raises(ValueError, match="net is on 'cuda:1'"):
        evaluation.data_device(nn.ReLU(), "cuda:0")


def test_a_function_without_signature_is_a_net():
    W = torch.eye(3)
    batches = [(torch.eye(3), torch.tensor([0, 1, 1]))]
    assert evaluate_accuracy(batches, W.matmul) == pytest.approx(2 / 3)
