"""Wrong answers to the exercises of section 4.5."""

import torch


def only_by_name(net, state):
    result = net.load_state_dict(state, strict=False)
    return net, result.missing_keys


def forgets_buffers(net, state):
    own = dict(net.named_parameters())
    fitting = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    net.load_state_dict(fitting, strict=False)
    return net, [name for name in own if name not in fitting]


def reports_without_loading(net, state):
    own = net.state_dict()
    return net, [k for k in own if k not in state or own[k].shape != state[k].shape]


def reports_names_of_the_state(net, state):
    own = net.state_dict()
    fitting = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    net.load_state_dict(fitting, strict=False)
    return net, [name for name in state if name not in fitting]


def compares_sizes(net, state):
    own = net.state_dict()
    fitting = {k: v for k, v in state.items() if k in own and own[k].numel() == v.numel()}
    with torch.no_grad():
        for name, tensor in fitting.items():
            own[name].copy_(tensor.reshape(own[name].shape))
    return net, [name for name in own if name not in fitting]


def replaces_everywhere(state, prefix):
    return {name.replace(prefix, ""): tensor for name, tensor in state.items()}


def strips_characters(state, prefix):
    return {name.lstrip(prefix): tensor for name, tensor in state.items()}


def cuts_always(state, prefix):
    return {name[len(prefix) :]: tensor for name, tensor in state.items()}


def drops_the_others(state, prefix):
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


WRONG = {
    "4.5-1": [
        only_by_name,
        forgets_buffers,
        reports_without_loading,
        reports_names_of_the_state,
        compares_sizes,
    ],
    "4.5-2": [replaces_everywhere, strips_characters, cuts_always, drops_the_others],
}
