"""Wrong answers to the exercises of section 4.1."""

from torch import nn


def _holds_modules(value):
    return any(isinstance(member, nn.Module) for member in value)


def only_lists(net):
    attributes = vars(net).items()
    return sorted(n for n, v in attributes if isinstance(v, list) and _holds_modules(v))


def looks_at_keys(net):
    attributes = vars(net).items()
    return sorted(
        n for n, v in attributes if isinstance(v, list | tuple | dict) and _holds_modules(v)
    )


def counts_the_register(net):
    found = []
    for name, value in vars(net).items():
        members = value.values() if isinstance(value, dict) else value
        if isinstance(value, list | tuple | dict) and _holds_modules(members):
            found.append(name)
    return sorted(found)


def any_container(net):
    attributes = vars(net).items()
    return sorted(n for n, v in attributes if n[0] != "_" and isinstance(v, list | tuple | dict))


def _report(named, X):
    report = []
    for name, layer in named:
        X = layer(X)
        report.append((name, tuple(X.shape), sum(p.numel() for p in layer.parameters())))
    return report


def skips_repeated_layers(net, X):
    return _report(net.named_children(), X)


def numbers_the_layers(net, X):
    return _report(((str(i), layer) for i, layer in enumerate(net)), X)


def all_modules(net, X):
    return _report([item for item in net.named_modules() if not list(item[1].children())], X)


def shape_before_the_layer(net, X):
    report = []
    for name, layer in net._modules.items():
        report.append((name, tuple(X.shape), sum(p.numel() for p in layer.parameters())))
        X = layer(X)
    return report


def counts_tensors(net, X):
    report = []
    for name, layer in net._modules.items():
        X = layer(X)
        report.append((name, tuple(X.shape), len(list(layer.parameters()))))
    return report


WRONG = {
    "4.1-1": [only_lists, looks_at_keys, counts_the_register, any_container],
    "4.1-2": [
        skips_repeated_layers,
        numbers_the_layers,
        all_modules,
        shape_before_the_layer,
        counts_tensors,
    ],
}
