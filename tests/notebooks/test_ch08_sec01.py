"""Section 8.1: the small tracer against torch.fx, and the recording backend."""

import pytest
import torch
from torch import nn


@pytest.fixture(autouse=True)
def forget_compiled_functions():
    yield
    torch.compiler.reset()


FUNCTIONS = {
    "one step": lambda x: x + 1,
    "twice the same": lambda x: x * x,
    "chain": lambda x: ((x * 0.5 + 1).relu() * x + x) * 3,
    "reduction": lambda x: (x.relu() * 2).sum() * x,
}
every_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)


@every_function
def test_the_program_of_a_graph_is_the_function(definitions, function):
    Graph, build = definitions("8.1", "Graph", "build")
    program = build(Graph(function))
    ours, theirs = (torch.randn(4, 5).requires_grad_() for _ in range(2))
    with torch.no_grad():
        theirs.copy_(ours)
    torch.testing.assert_close(program(ours), function(theirs))
    program(ours).square().sum().backward()
    function(theirs).square().sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


@every_function
def test_the_graph_has_the_steps_of_fx(definitions, function):
    (Graph,) = definitions("8.1", "Graph")
    traced = torch.fx.symbolic_trace(function)
    assert len(Graph(function).steps) == len(traced.graph.nodes) - 2


def test_steps_that_nobody_uses_are_removed(definitions):
    Graph, build, chain, remove_unused = definitions(
        "8.1", "Graph", "build", "chain", "remove_unused"
    )
    graph = Graph(chain)
    before = len(graph.steps)
    remove_unused(graph)
    assert len(graph.steps) == before - 1
    x = torch.randn(100)
    torch.testing.assert_close(build(graph)(x), chain(x))
    traced = torch.fx.symbolic_trace(chain)
    traced.graph.eliminate_dead_code()
    assert len(graph.steps) == len(traced.graph.nodes) - 2


def test_traffic_counts_each_operand_once_and_the_result(definitions):
    Graph, traffic = definitions("8.1", "Graph", "traffic")
    assert traffic(Graph(lambda x: x + 1)) == 2
    assert traffic(Graph(lambda x: x * x)) == 2
    assert traffic(Graph(lambda x: x.relu() + x)) == 2 + 3


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_chunks_change_nothing(definitions, size):
    run_in_chunks, chain = definitions("8.1", "run_in_chunks", "chain")
    x = torch.randn(100)
    torch.testing.assert_close(run_in_chunks(chain, x, size), chain(x))


def test_recorder_keeps_every_graph_and_the_results(definitions):
    Recorder, chain, scaled = definitions("8.1", "Recorder", "chain", "scaled")
    recorder = Recorder()
    compiled = torch.compile(chain, backend=recorder)
    x = torch.randn(10)
    torch.testing.assert_close(compiled(x), chain(x))
    assert len(recorder.graphs) == len(recorder.operations()) == 1

    recorder = Recorder()
    compiled = torch.compile(scaled, backend=recorder)
    for x in (torch.ones(2), -torch.ones(2)):
        torch.testing.assert_close(compiled(x), scaled(x))
    assert len(recorder.graphs) == 3


def test_the_tracer_sees_only_one_branch(definitions):
    Graph, build, scaled = definitions("8.1", "Graph", "build", "scaled")
    x = torch.tensor([-1.0, -2.0])
    assert torch.equal(build(Graph(scaled))(x), 2 * x)
    assert torch.equal(scaled(x), 3 * x)


def test_a_compiled_net_has_the_gradients_and_the_step_of_the_net():
    nets = [nn.Sequential(nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 3)) for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    nets[1].compile(backend="aot_eager")
    X, y = torch.randn(8, 6), torch.randint(0, 3, (8,))
    for net in nets:
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        nn.functional.cross_entropy(net(X), y).backward()
        optimizer.step()
    for ours, theirs in zip(nets[1].parameters(), nets[0].parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad)
        torch.testing.assert_close(ours, theirs)
