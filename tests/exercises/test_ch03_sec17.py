"""Wrong answers to the exercises of section 3.17."""

import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score

from d2lzh_pytorch.exercises.ch03.sec17 import auc, weighted_bce


def overflows(o, y, pos_weight):
    return pos_weight * y * (1 + (-o).exp()).log() + (1 - y) * (1 + o.exp()).log()


def probabilities_first(o, y, pos_weight):
    p = torch.sigmoid(o)
    return -pos_weight * y * p.log() - (1 - y) * (1 - p).log()


def clamped_probabilities(o, y, pos_weight):
    p = torch.sigmoid(o).clamp(1e-7, 1 - 1e-7)
    return -pos_weight * y * p.log() - (1 - y) * (1 - p).log()


def weight_on_every_label(o, y, pos_weight):
    return pos_weight * (F.softplus(o) - y * o)


def weight_on_the_negatives(o, y, pos_weight):
    return y * F.softplus(-o) + pos_weight * (1 - y) * F.softplus(o)


def no_weight(o, y, pos_weight):
    return F.softplus(o) - y * o


def only_hard_labels(o, y, pos_weight):
    return torch.where(y == 1, pos_weight * F.softplus(-o), F.softplus(o))


def mean_loss(o, y, pos_weight):
    return weighted_bce(o, y, pos_weight).mean()


def ties_count_nothing(scores, y):
    return (scores[y == 1].unsqueeze(1) > scores[y == 0]).float().mean().item()


def ties_count_one(scores, y):
    return (scores[y == 1].unsqueeze(1) >= scores[y == 0]).float().mean().item()


def negatives_first(scores, y):
    return 1 - auc(scores, y)


def never_below_one_half(scores, y):
    return max(auc(scores, y), 1 - auc(scores, y))


def probabilities(scores, y):
    return auc(torch.sigmoid(scores), y)  # sigmoid makes very small scores equal


def all_pairs(scores, y):
    return ties_count_nothing(scores, y) * (y == 1).sum().item() * (y == 0).sum().item()


WRONG = {
    "3.17-1": [
        overflows,
        probabilities_first,
        clamped_probabilities,
        weight_on_every_label,
        weight_on_the_negatives,
        no_weight,
        only_hard_labels,
        mean_loss,
    ],
    "3.17-2": [
        ties_count_nothing,
        ties_count_one,
        negatives_first,
        never_below_one_half,
        probabilities,
        all_pairs,
    ],
}


@pytest.mark.parametrize("pos_weight", [1.0, 0.3, 49.0])
def test_weighted_bce_against_torch(pos_weight):
    o, y = torch.randn(50) * 10, torch.rand(50)
    expected = F.binary_cross_entropy_with_logits(
        o, y, pos_weight=torch.tensor(pos_weight), reduction="none"
    )
    torch.testing.assert_close(weighted_bce(o, y, pos_weight), expected, rtol=1e-5, atol=1e-4)


def test_auc_against_scikit_learn():
    for scores in (torch.randn(60), torch.randint(0, 3, (60,)).float()):
        y = (torch.arange(60) % 4 == 0).float()
        assert auc(scores, y) == pytest.approx(roc_auc_score(y, scores), abs=1e-6)
