"""Section 4.2: initialisation and shared parameters as the notebook writes them."""

import torch
from torch import nn


def test_cut_uniform_is_in_place_and_as_described(definitions):
    (cut_uniform_,) = definitions("4.2", "cut_uniform_")
    weight = nn.Parameter(torch.zeros(200, 200))
    assert cut_uniform_(weight) is weight
    assert weight.requires_grad
    assert weight.grad_fn is None
    kept = weight[weight != 0].abs()
    assert kept.min() >= 5
    assert kept.max() <= 10
    torch.testing.assert_close((weight == 0).float().mean().item(), 0.5, rtol=0, atol=0.02)


def test_init_normal_touches_linear_layers_alone(definitions):
    (init_normal,) = definitions("4.2", "init_normal")
    net = nn.Sequential(nn.Linear(50, 60), nn.LayerNorm(60)).apply(init_normal)
    torch.testing.assert_close(net[0].weight.std().item(), 0.01, rtol=0.1, atol=0)
    assert not net[0].bias.any()
    torch.testing.assert_close(net[1].weight, torch.ones(60))


def test_only_the_parameter_is_registered(definitions):
    (MyModel,) = definitions("4.2", "MyModel")
    assert [name for name, _ in MyModel().named_parameters()] == ["weight1"]


def test_tied_autoencoder_forward_gradient_and_step(definitions):
    """One shared weight moves as the sum of the gradients of two separate ones."""
    (TiedAutoencoder,) = definitions("4.2", "TiedAutoencoder")
    tied, X = TiedAutoencoder(6, 3), torch.randn(8, 6)
    twin = nn.Sequential(nn.Linear(6, 3), nn.Tanh(), nn.Linear(3, 6))
    with torch.no_grad():
        twin[0].load_state_dict(tied.encoder.state_dict())
        twin[2].weight.copy_(tied.encoder.weight.T)
        twin[2].bias.copy_(tied.bias)
    for net in (tied, twin):
        nn.functional.mse_loss(net(X), X).backward()
    torch.testing.assert_close(tied(X), twin(X))
    total = twin[0].weight.grad + twin[2].weight.grad.T
    torch.testing.assert_close(tied.encoder.weight.grad, total)

    before = tied.encoder.weight.detach().clone()
    torch.optim.SGD(tied.parameters(), lr=0.1).step()
    torch.testing.assert_close(tied.encoder.weight.detach(), before - 0.1 * total)
