"""Wrong answers to the exercises of section 6.1."""

import math
from collections import Counter

import pytest
import torch


def arithmetic_mean(probs):
    return probs.reciprocal().mean().item()


def product_first(probs):
    return probs.prod().pow(-1 / len(probs)).item()


def base_two(probs):
    return probs.log2().mean().neg().exp().item()


def sum_of_losses(probs):
    return probs.log().sum().neg().exp().item()


def zeros_left_out(probs):
    return probs[probs > 0].log().mean().neg().exp().item()


def _count(text, gram):
    n = len(gram)
    return sum(text[i : i + n] == gram for i in range(len(text) - n + 1))


def last_context_counted(text, before, char, k, vocab_size):
    seen = _count(text, before) if before else len(text) + 1
    return (_count(text, before + char) + k) / (seen + k * vocab_size)


def k_added_once_below(text, before, char, k, vocab_size):
    seen = _count(text[:-1], before) if before else len(text)
    return (_count(text, before + char) + k) / (seen + k)


def kinds_in_the_text(text, before, char, k, vocab_size):
    seen = _count(text[:-1], before) if before else len(text)
    return (_count(text, before + char) + k) / (seen + k * len(set(text)))


def not_smoothed(text, before, char, k, vocab_size):
    seen = _count(text[:-1], before) if before else len(text)
    return _count(text, before + char) / seen if seen else 0.0


def each_kind_once(train, valid, n):
    seen = {train[i : i + n] for i in range(len(train) - n + 1)}
    kinds = {valid[i : i + n] for i in range(len(valid) - n + 1)}
    return len(kinds - seen) / len(kinds) if kinds else 0.0


def share_of_the_seen(train, valid, n):
    seen = {train[i : i + n] for i in range(len(train) - n + 1)}
    grams = [valid[i : i + n] for i in range(len(valid) - n + 1)]
    return sum(gram in seen for gram in grams) / len(grams) if grams else 0.0


def over_the_length(train, valid, n):
    seen = {train[i : i + n] for i in range(len(train) - n + 1)}
    grams = [valid[i : i + n] for i in range(len(valid) - n + 1)]
    return sum(gram not in seen for gram in grams) / len(valid)


def last_one_forgotten(train, valid, n):
    seen = {train[i : i + n] for i in range(len(train) - n)}
    grams = [valid[i : i + n] for i in range(len(valid) - n)]
    return sum(gram not in seen for gram in grams) / len(grams) if grams else 0.0


WRONG = {
    "6.1-1": [arithmetic_mean, product_first, base_two, sum_of_losses, zeros_left_out],
    "6.1-2": [last_context_counted, k_added_once_below, kinds_in_the_text, not_smoothed],
    "6.1-3": [each_kind_once, share_of_the_seen, over_the_length, last_one_forgotten],
}


def test_perplexity_of_known_distributions():
    from d2lzh_pytorch.exercises.ch06.sec01 import perplexity_of

    assert perplexity_of(torch.full((9,), 0.25)) == pytest.approx(4)
    assert perplexity_of(torch.tensor([1.0, 0.0])) == math.inf


def test_smoothed_probabilities_sum_to_one():
    from d2lzh_pytorch.exercises.ch06.sec01 import add_k_prob

    text = "一二一一三二一"
    vocab = sorted(Counter(text))
    for before in ("", "一", "二", "一二", "五"):
        total = sum(add_k_prob(text, before, char, 0.3, len(vocab)) for char in vocab)
        assert total == pytest.approx(1)
