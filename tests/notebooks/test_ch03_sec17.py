"""What section 3.17 builds, against torch and scikit-learn."""

import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn


def test_loss_and_gradient(definitions):
    (bce_with_logits,) = definitions("3.17", "bce_with_logits")
    o = torch.tensor([0.0, 0.0, 3.0, -3.0, 500.0, 500.0, -500.0], requires_grad=True)
    y = torch.tensor([0.0, 1.0, 0.3, 0.0, 0.0, 1.0, 1.0])
    expected = F.binary_cross_entropy_with_logits(o, y, reduction="none")
    torch.testing.assert_close(bce_with_logits(o, y), expected)
    gradients = [torch.autograd.grad(loss.sum(), o) for loss in (bce_with_logits(o, y), expected)]
    torch.testing.assert_close(*gradients)


@pytest.mark.parametrize("pos_weight", [1.0, 7.0])
def test_steps_are_those_of_sgd(definitions, pos_weight):
    (fit,) = definitions("3.17", "fit")
    X, y = torch.randn(20, 3), (torch.arange(20) % 4 == 0).float()
    net, loss = nn.Linear(3, 1), nn.BCEWithLogitsLoss(pos_weight=torch.tensor(pos_weight))
    for param in net.parameters():
        nn.init.zeros_(param)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
    for _ in range(4):
        optimizer.zero_grad()
        loss(net(X).flatten(), y).backward()
        optimizer.step()
    w, b = fit(X, y, num_steps=4, lr=0.3, pos_weight=pos_weight)
    torch.testing.assert_close(w, net.weight.detach()[0])
    torch.testing.assert_close(b, net.bias.detach()[0])


def test_area_under_roc(definitions):
    (roc,) = definitions("3.17", "roc")
    scores, y = torch.randn(50), (torch.arange(50) % 3 == 0).float()
    false_rate, true_rate = roc(scores, y)
    assert (false_rate[0], true_rate[0], false_rate[-1], true_rate[-1]) == (0, 0, 1, 1)
    area = torch.trapezoid(true_rate, false_rate).item()
    assert area == pytest.approx(roc_auc_score(y, scores), abs=1e-5)


def test_imbalanced_share(definitions):
    (imbalanced,) = definitions("3.17", "imbalanced")
    X, y = imbalanced(1000, 0.02)
    assert X.shape == (1000, 2)
    assert y.sum() == 20
    assert X[y == 1].mean() > 0 > X[y == 0].mean()
