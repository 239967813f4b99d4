"""Wrong answers to the exercises of section 5.14."""

import torch
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


def averaged_over_positions(features, weight):
    weight = weight.reshape(-1, *features.shape[1:])
    return torch.einsum("ncij,qcij->nqij", features, weight) / features[0, 0].numel()


def one_weight_a_channel(features, weight):
    weight = weight.reshape(-1, *features.shape[1:]).sum(dim=(2, 3))
    return torch.einsum("ncij,qc->nqij", features, weight)


def channels_last(features, weight):
    c, h, w = features.shape[1:]
    return torch.einsum("ncij,qijc->nqij", features, weight.reshape(-1, h, w, c))


def summed_over_positions_too(features, weight):
    return features.flatten(start_dim=1) @ weight.T


def negative_contributions_cut(features, weight):
    weight = weight.reshape(-1, *features.shape[1:])
    return torch.einsum("ncij,qcij->nqij", features, weight).relu()


def classes_in_front(features, weight):
    return torch.einsum("ncij,qcij->qnij", features, weight.reshape(-1, *features.shape[1:]))


def one_direction(matrix, k):
    pairs = [(i, j, int(matrix[i, j])) for i, j in matrix.triu(1).nonzero().tolist()]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:k]


def diagonal_too(matrix, k):
    both = (matrix + matrix.T).triu()
    pairs = [(i, j, int(both[i, j])) for i, j in both.nonzero().tolist()]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:k]


def every_pair_twice(matrix, k):
    both = matrix + matrix.T - 2 * torch.diag(matrix.diagonal())
    pairs = [(i, j, int(both[i, j])) for i, j in both.nonzero().tolist()]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:k]


def pairs_never_confused_too(matrix, k):
    q = len(matrix)
    both = matrix + matrix.T
    pairs = [(i, j, int(both[i, j])) for i in range(q) for j in range(i + 1, q)]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))[:k]


def last_of_equals_first(matrix, k):
    both = (matrix + matrix.T).triu(1)
    pairs = [(i, j, int(both[i, j])) for i, j in both.nonzero().tolist()]
    return sorted(pairs, key=lambda pair: (pair[2], pair[0], pair[1]), reverse=True)[:k]


def fewest_first(matrix, k):
    both = (matrix + matrix.T).triu(1)
    pairs = [(i, j, int(both[i, j])) for i, j in both.nonzero().tolist()]
    return sorted(pairs, key=lambda pair: pair[2])[:k]


def _squares(X, size):
    for i in range(X.shape[2] // size):
        for j in range(X.shape[3] // size):
            yield i, j, slice(i * size, (i + 1) * size), slice(j * size, (j + 1) * size)


def _occlude(net, X, size, value):
    """Fill in the map with value(occluded image)."""
    result = torch.zeros(X.shape[2] // size, X.shape[3] // size)
    with torch.no_grad():
        for i, j, rows, columns in _squares(X, size):
            hidden = X.clone()
            hidden[:, :, rows, columns] = 0
            result[i, j] = value(hidden)
    return result


def score_that_is_left(net, X, label, size):
    return _occlude(net, X, size, lambda hidden: net(hidden)[0, label])


def rise_of_the_score(net, X, label, size):
    score = net(X)[0, label]
    return _occlude(net, X, size, lambda hidden: net(hidden)[0, label] - score)


def drop_of_the_probability(net, X, label, size):
    before = net(X).softmax(dim=1)[0, label]
    return _occlude(net, X, size, lambda hidden: before - net(hidden).softmax(dim=1)[0, label])


def squares_stay_hidden(net, X, label, size):
    with torch.no_grad():
        score, hidden = net(X)[0, label], X.clone()
        result = torch.zeros(X.shape[2] // size, X.shape[3] // size)
        for i, j, rows, columns in _squares(X, size):
            hidden[:, :, rows, columns] = 0
            result[i, j] = score - net(hidden)[0, label]
    return result


def only_the_square_is_left(net, X, label, size):
    score = net(X)[0, label]
    result = torch.zeros(X.shape[2] // size, X.shape[3] // size)
    with torch.no_grad():
        for i, j, rows, columns in _squares(X, size):
            alone = torch.zeros_like(X)
            alone[:, :, rows, columns] = X[:, :, rows, columns]
            result[i, j] = score - net(alone)[0, label]
    return result


def filled_with_the_mean(net, X, label, size):
    with torch.no_grad():
        score = net(X)[0, label]
        result = torch.zeros(X.shape[2] // size, X.shape[3] // size)
        for i, j, rows, columns in _squares(X, size):
            hidden = X.clone()
            hidden[:, :, rows, columns] = X.mean()
            result[i, j] = score - net(hidden)[0, label]
    return result


WRONG = {
    "5.14-1": [
        averaged_over_positions,
        one_weight_a_channel,
        channels_last,
        summed_over_positions_too,
        negative_contributions_cut,
        classes_in_front,
    ],
    "5.14-2": [
        one_direction,
        diagonal_too,
        every_pair_twice,
        pairs_never_confused_too,
        last_of_equals_first,
        fewest_first,
    ],
    "5.14-3": [
        score_that_is_left,
        rise_of_the_score,
        drop_of_the_probability,
        squares_stay_hidden,
        only_the_square_is_left,
        filled_with_the_mean,
    ],
}


def test_contributions_add_up_to_the_scores_of_lenet():
    from d2lzh_pytorch.exercises.ch05.sec14 import contribution_map

    net = nn.Sequential(d2l.LeNet().conv, nn.Flatten(), nn.Linear(256, 10))
    X = torch.rand(3, 1, 28, 28)
    maps = contribution_map(net[0](X), net[2].weight)
    assert maps.shape == (3, 10, 4, 4)
    assert_close(maps.sum(dim=(2, 3)) + net[2].bias, net(X))


def test_contributions_are_a_class_activation_map_when_the_positions_share_their_weights():
    from d2lzh_pytorch.exercises.ch05.sec14 import contribution_map

    features, weight = torch.randn(2, 4, 3, 5), torch.randn(6, 4)
    shared = weight[:, :, None].expand(6, 4, 15).flatten(start_dim=1) / 15
    maps = torch.einsum("ncij,qc->nqij", features, weight)
    assert_close(contribution_map(features, shared), maps / 15)


def test_confused_pairs_of_all_classes_are_all_the_errors():
    from d2lzh_pytorch.exercises.ch05.sec14 import most_confused

    matrix = torch.randint(1, 50, (10, 10))
    pairs = most_confused(matrix, 100)
    assert len(pairs) == 45
    assert sum(count for _, _, count in pairs) == matrix.sum() - matrix.trace()


def test_occluding_a_linear_net_takes_away_what_the_square_contributed():
    from d2lzh_pytorch.exercises.ch05.sec14 import occlusion_map

    net, X = nn.Sequential(nn.Flatten(), nn.Linear(24, 3)), torch.rand(1, 1, 4, 6)
    contributions = (net[1].weight[2].reshape(4, 6) * X[0, 0]).detach()
    expected = contributions.reshape(2, 2, 3, 2).sum(dim=(1, 3))
    assert_close(occlusion_map(net, X, 2, 2), expected)
