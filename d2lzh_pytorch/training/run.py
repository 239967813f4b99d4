"""A whole training run of a net of the zoo on Fashion-MNIST: what the command ``train`` does."""

import json
import os
import platform
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from d2lzh_pytorch.data.fashion_mnist import load_data_fashion_mnist
from d2lzh_pytorch.device import get_device
from d2lzh_pytorch.models.zoo import find_model
from d2lzh_pytorch.seed import set_seed
from d2lzh_pytorch.training.checkpoint import (
    CheckpointError,
    read_checkpoint,
    restore,
    save_checkpoint,
)
from d2lzh_pytorch.training.distributed import (
    ALONE,
    COMPILING,
    NO_ID,
    TIMEOUT,
    World,
    running_statistics,
)
from d2lzh_pytorch.training.fitting import fit, optimizer_update
from d2lzh_pytorch.training.history import History

EXAMPLES = {"num_train": 60_000, "num_test": 10_000}
MAY_CHANGE = ("epochs", "device", "processes")  # a run may go on for longer, and elsewhere


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What decides the numbers of a run.

    Attributes
    ----------
    model
        Its name in the zoo.
    epochs, batch_size, lr, seed
        As everywhere in the course.
    resize
        Height and width of the images, in pixels.
    num_train, num_test
        How many examples, the first ones of each set.
    device
        Its name, such as ``"cuda:0"``.
    amp
        Forward passes under autocast to bfloat16.
    channels_last
        Whether the channels of a pixel lie side by side in memory.
    compile
        Whether the net runs through ``torch.compile``.
    processes
        How many processes share each batch. It changes the numbers of nets with batch
        normalisation, which uses a process's own part of the batch, or with dropout, and the
        rounding of all others.
    """

    model: str
    epochs: int
    batch_size: int
    resize: int
    lr: float
    seed: int
    num_train: int
    num_test: int
    device: str
    amp: bool
    channels_last: bool
    compile: bool
    processes: int = 1

    def check(self) -> None:
        """Refuse what cannot be run.

        Raises
        ------
        LookupError
            If there is no such model.
        ValueError
            If it cannot take images of this size, there are not so many examples, or too few for
            all processes in the last batch; if there is no such device, or no compiler.
        """
        model = find_model(self.model)
        largest = model.max_size or self.resize
        if not model.min_size <= self.resize <= largest:
            sizes = f"at least {model.min_size}" if model.max_size is None else f"{largest}"
            raise ValueError(
                f"{self.model} takes images of {sizes} pixels, not {self.resize}; change --resize."
            )
        for name, count in EXAMPLES.items():
            if getattr(self, name) > count:
                flag = "--" + name.replace("_", "-")
                raise ValueError(f"Fashion-MNIST has {count:,} such examples; lower {flag}.")
        last = self.num_train % self.batch_size or self.batch_size
        if self.processes > 1 and last < 2 * self.processes:
            raise ValueError(
                f"{self.processes} processes share each batch and need two examples each, but the "
                f"last batch of an epoch has {last} in all; start fewer processes, or change "
                "--batch-size or --num-train."
            )
        get_device(self.device)
        if self.compile and not _has_compiler():
            raise ValueError(
                "--compile needs a C++ compiler (Debian: apt install g++), and none was found. "
                "Install one, name it in the environment variable CXX, or leave --compile out."
            )


def run(
    settings: Settings,
    checkpoint: Path | None = None,
    resume: bool = False,
    log: Path | None = None,
    world: World = ALONE,
) -> History:
    """Train a net as the settings say, and print a line an epoch.

    The processes of a `world` train one net together, as one process would: they share the examples
    of each batch, and average the gradients. The first of them reads and writes all files.

    Parameters
    ----------
    settings
        What to do.
    checkpoint
        Where to store the state after each epoch.
    resume
        Go on from `checkpoint`, if it is there: the result is that of a run without a break.
    log
        Where to write the settings, the machine and the epochs as JSON, after each epoch anew. The
        folders of both files are made if need be.
    world
        The processes that train together, as many as the settings say.

    Raises
    ------
    ValueError, LookupError
        If the settings make no sense; see :meth:`Settings.check`.
    CheckpointError
        If `checkpoint` is another run's, or would be overwritten.
    OSError
        If the folder of a file cannot be made.
    """
    settings.check()
    device = world.device(settings.device)
    with world.joined(device, COMPILING if settings.compile else TIMEOUT):
        return _train(settings, device, checkpoint, resume, log, world)


def _train(
    settings: Settings,
    device: torch.device,
    checkpoint: Path | None,
    resume: bool,
    log: Path | None,
    world: World,
) -> History:
    model = find_model(settings.model)
    stored = None
    if world.rank == 0:
        stored = _stored(settings, checkpoint, resume, world)
        for path in (checkpoint, log):
            if path is not None:  # now, not after an epoch, if it cannot be made
                path.parent.mkdir(parents=True, exist_ok=True)
    else:
        checkpoint = log = None  # the first process writes all files
    stored = world.from_first(stored)

    set_seed(settings.seed)
    net = model.build(settings.resize).to(device)
    if settings.channels_last:
        net = net.to(memory_format=torch.channels_last)
    optimizer = model.optimizer(net.parameters(), lr=settings.lr)
    history = History() if stored is None else restore(stored, net, optimizer)
    order = world.order()
    world.reseed(settings.seed, len(history.loss))
    print(_headline(settings, net))
    if history.loss:
        print(f"{len(history.loss)} of {settings.epochs} epochs were run before.")
        if log is not None:
            _write_log(log, settings, net, history)
    if settings.compile:
        net.compile()
    train_iter, test_iter = load_data_fashion_mnist(
        settings.batch_size,
        None if settings.resize == 28 else settings.resize,
        device=device,
        num_train=settings.num_train,
        num_test=settings.num_test,
    )

    def keep(history: History) -> None:
        if checkpoint is not None:
            save_checkpoint(checkpoint, net, optimizer, history, asdict(settings), order, world.job)
        if log is not None:
            _write_log(log, settings, net, history)
        world.reseed(settings.seed, len(history.loss))

    return fit(
        net,
        world.part(train_iter, order),
        world.part(test_iter),
        nn.CrossEntropyLoss(),
        settings.epochs,
        optimizer_update(optimizer, world.weights(train_iter)),
        device,
        history=history,
        amp=settings.amp,
        after_epoch=keep,
        world=world,
    )


def _stored(
    settings: Settings, checkpoint: Path | None, resume: bool, world: World
) -> dict[str, Any] | None:
    """Return the checkpoint to go on from, None to start anew.

    Where torchrun has started the processes anew, the job goes on from its own checkpoint.
    """
    if checkpoint is None:
        if world.restarts:
            print("Started anew by torchrun; without --checkpoint FILE, from the beginning.")
        return None
    if not checkpoint.exists():
        if resume or world.restarts:
            print(f"There is no {checkpoint} yet: starting from the beginning.")
        return None
    stored = read_checkpoint(checkpoint)
    if not resume:
        if not world.owns(stored.get("job")):
            advice = "Add --resume to go on from it, or name another file."
            if world.restarts and world.job == NO_ID:
                advice += " A job with an --rdzv-id of torchrun's knows its own checkpoint."
            raise CheckpointError(f"{checkpoint} exists. {advice}")
        print(f"Started anew by torchrun: going on from {checkpoint}.")
    theirs, ours = stored["settings"], asdict(settings)
    different = [
        f"--{key.replace('_', '-')} {theirs.get(key)} (now {value})"
        for key, value in ours.items()
        if key not in MAY_CHANGE and theirs.get(key) != value
    ]
    if different:
        raise CheckpointError(
            f"{checkpoint} is of a run with {', '.join(different)}. Give the same settings, or "
            "name another file."
        )
    return stored


def _headline(settings: Settings, net: nn.Module) -> str:
    parameters = sum(param.numel() for param in net.parameters())
    section = find_model(settings.model).section
    options = [name for name in ("amp", "channels_last", "compile") if getattr(settings, name)]
    note = ""
    if settings.processes > 1:
        options.append(f"{settings.processes} processes")
        if running_statistics(net):
            note = "\neach process normalises over its own part of a batch"
    return (
        f"{settings.model} (section {section}): {parameters:,} parameters; "
        f"{settings.num_train:,} images of {settings.resize} px, batch size "
        f"{settings.batch_size}, lr {settings.lr:g}, seed {settings.seed}\n"
        f"training on {', '.join([settings.device, *options])}{note}"
    )


def _write_log(path: Path, settings: Settings, net: nn.Module, history: History) -> None:
    """Write the log in one step, as checkpoints are."""
    columns = vars(history)
    epochs = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    record = {
        "settings": asdict(settings),
        "section": find_model(settings.model).section,
        "parameters": sum(param.numel() for param in net.parameters()),
        "machine": machine(torch.device(settings.device)),
        "epochs": epochs,
    }
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    new.replace(path)


def machine(device: torch.device) -> dict[str, Any]:
    """Return what a log says of the machine that computes on `device`."""
    cuda = device.type == "cuda"
    return {
        "device": torch.cuda.get_device_name(device) if cuda else device.type,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _has_compiler() -> bool:
    compilers = [os.environ["CXX"]] if "CXX" in os.environ else ["c++", "g++", "clang++", "cl"]
    return any(map(shutil.which, compilers))
