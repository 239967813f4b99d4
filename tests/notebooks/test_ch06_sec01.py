"""Section 6.1: n-grams, smoothing and perplexity as the notebook writes them."""

import math

import pytest
import torch
import torch.nn.functional as F

TEXT = "一二三，一二四。一三二，四一二。" * 3
VOCAB = sorted(set(TEXT) | {"五"})


def test_counts(definitions):
    (count_ngrams,) = definitions("6.1", "count_ngrams")
    assert count_ngrams("一二一二", 2) == {"一二": 2, "二一": 1}
    assert count_ngrams("一二一二", 0) == {"": 5}
    assert count_ngrams("一", 2) == {}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_frequencies(definitions, n):
    (frequency,) = definitions("6.1", "frequency")
    prob = frequency(TEXT, n)
    for t in range(3, 20):
        before = TEXT[t - 3 : t]
        assert sum(prob(before, char) for char in VOCAB) == pytest.approx(1)
    assert prob("二", "三") == pytest.approx({1: 6 / 48, 2: 3 / 12, 3: 0}[n])
    assert frequency(TEXT, 2)("五", "一") == 0


@pytest.mark.parametrize("n", [1, 2, 3])
def test_add_k(definitions, n):
    (add_k,) = definitions("6.1", "add_k", vocab=VOCAB)
    prob = add_k(TEXT, n, 0.5)
    for before in ("一二三", "五五五"):
        assert sum(prob(before, char) for char in VOCAB) == pytest.approx(1)
        assert all(prob(before, char) > 0 for char in VOCAB)


@pytest.mark.parametrize("lambdas", [[], [0.3], [0.3, 0.2]])
def test_interpolation_sums_to_one(definitions, lambdas):
    interpolated, frequency = definitions("6.1", "interpolated", "frequency")
    prob = interpolated(TEXT, lambdas)
    for before in ("一二三", "五五五", "五五一", "，一二"):
        assert sum(prob(before, char) for char in VOCAB) == pytest.approx(1)
    if not lambdas:
        assert prob("一", "二") == frequency(TEXT, 1)("一", "二")
    if lambdas == [0.3]:
        expected = 0.3 * frequency(TEXT, 2)("一", "二") + 0.7 * frequency(TEXT, 1)("", "二")
        assert prob("一", "二") == pytest.approx(expected)


def test_perplexity_is_the_exponential_of_torchs_cross_entropy(definitions):
    perplexity, add_k = definitions("6.1", "perplexity", "add_k", vocab=VOCAB)
    prob = add_k(TEXT, 2, 0.1)
    rows = [[math.log(prob(TEXT[t - 3 : t], c)) for c in VOCAB] for t in range(3, len(TEXT))]
    labels = [VOCAB.index(char) for char in TEXT[3:]]
    loss = F.cross_entropy(torch.tensor(rows), torch.tensor(labels))
    assert perplexity(prob, TEXT) == pytest.approx(loss.exp().item(), rel=1e-5)


def test_perplexity_with_a_zero(definitions):
    perplexity, frequency = definitions("6.1", "perplexity", "frequency")
    assert perplexity(frequency(TEXT, 2), TEXT + "三五一") == math.inf


def test_writing(definitions):
    write, frequency = definitions("6.1", "write", "frequency", vocab=VOCAB)
    text = write(frequency(TEXT, 4), "一二三", 40)
    assert len(text) == 43
    assert all(text[i : i + 4] in TEXT for i in range(39))


def test_log_prob_starts_at_the_beginning_of_a_verse(definitions):
    (log_prob,) = definitions("6.1", "log_prob")
    assert log_prob(lambda before, char: 0.5, "一二三") == pytest.approx(3 * math.log(0.5))
