"""Wrong answers to the exercises of section 4.7."""

from torch import nn


def _collect(net, X, names, keep):
    outputs = {}
    handles = [
        net.get_submodule(name).register_forward_hook(
            lambda module, inputs, output, name=name: outputs.update({name: keep(inputs, output)})
        )
        for name in names
    ]
    net(X)
    for handle in handles:
        handle.remove()
    return outputs


def keeps_no_copy(net, X, names):
    return _collect(net, X, names, lambda inputs, output: output.detach())


def keeps_the_inputs(net, X, names):
    return _collect(net, X, names, lambda inputs, output: inputs[0].detach().clone())


def last_name_only(net, X, names):
    outputs = {}
    for name in names:
        net.get_submodule(name).register_forward_hook(
            lambda module, inputs, output: outputs.update({names[-1]: output.detach().clone()})
        )
    net(X)
    return outputs


def top_level_only(net, X, names):
    outputs = {}
    for name, child in net.named_children():
        X = child(X.clone())
        if name in names:
            outputs[name] = X.detach().clone()
    return outputs


def replaces_children_only(net, X):
    for name, child in net.named_children():
        if isinstance(child, nn.ReLU):
            setattr(net, name, nn.Tanh())
    return net(X)


def replaces_nothing(net, X):
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module = nn.Tanh()
    return net(X)


def replaces_every_activation(net, X):
    for parent in net.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.ReLU | nn.Sigmoid):
                setattr(parent, name, nn.Tanh())
    return net(X)


def appends_tanh(net, X):
    return net(X).tanh()


WRONG = {
    "4.7-1": [keeps_no_copy, keeps_the_inputs, last_name_only, top_level_only],
    "4.7-2": [replaces_children_only, replaces_nothing, replaces_every_activation, appends_tanh],
}
