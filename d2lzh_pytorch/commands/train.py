"""``train``: train a net of the course on Fashion-MNIST."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from d2lzh_pytorch.commands import torchrun

if TYPE_CHECKING:
    from d2lzh_pytorch.training.distributed import World


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the arguments of ``train``."""
    parser = subparsers.add_parser(
        "train",
        help="train a net of the course on Fashion-MNIST",
        description="Train a net of the course on Fashion-MNIST. What is not given is as in the "
        "book; `train list` names the nets and their settings. With `torchrun "
        "--nproc-per-node=N -m d2lzh_pytorch train MODEL`, N processes share each batch.",
    )
    parser.add_argument("model", metavar="MODEL", help="a net such as lenet, or: list")
    parser.add_argument("--epochs", type=_positive_int, metavar="N", help="default: 5")
    parser.add_argument("--batch-size", type=_positive_int, metavar="N", help="examples a step")
    parser.add_argument("--resize", type=_positive_int, metavar="PIXELS", help="size of the images")
    parser.add_argument("--lr", type=_positive_float, metavar="RATE", help="learning rate")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 or mps; default: cuda if there is one")
    parser.add_argument("--amp", action="store_true", help="forward passes in bfloat16 (autocast)")
    parser.add_argument(
        "--channels-last", action="store_true", help="lay images out as GPUs convolve them fastest"
    )
    parser.add_argument("--compile", action="store_true", help="use torch.compile")
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="default: 0")
    parser.add_argument(
        "--num-train", type=_positive_int, default=60_000, metavar="N", help="use the first N only"
    )
    parser.add_argument(
        "--num-test", type=_positive_int, default=10_000, metavar="N", help="use the first N only"
    )
    parser.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="store the state there after each epoch"
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on from the checkpoint, if it is there"
    )
    parser.add_argument(
        "--log",
        "--log-file",  # Python 3.11's torchrun takes the first name for an option of its own
        type=Path,
        metavar="FILE",
        help="write settings, machine and epochs there, as JSON",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train; 1 if the run was interrupted, 2 if the arguments make no sense."""
    from d2lzh_pytorch.data.errors import DataError
    from d2lzh_pytorch.device import get_device
    from d2lzh_pytorch.models.zoo import EPOCHS, find_model
    from d2lzh_pytorch.training.distributed import World
    from d2lzh_pytorch.training.run import Settings
    from d2lzh_pytorch.training.run import run as train

    if args.model == "list":
        return _list()
    world = World.from_environment()
    try:
        if args.resume and args.checkpoint is None:
            raise ValueError("--resume needs to know from where; add --checkpoint FILE.")
        model = find_model(args.model)
        settings = Settings(
            model=args.model,
            epochs=args.epochs or EPOCHS,
            batch_size=args.batch_size or model.batch_size,
            resize=args.resize or model.resize,
            lr=args.lr or model.lr,
            seed=args.seed,
            num_train=args.num_train,
            num_test=args.num_test,
            device=str(get_device(args.device)),
            amp=args.amp,
            channels_last=args.channels_last,
            compile=args.compile,
            processes=world.size,
        )
        train(settings, args.checkpoint, args.resume, args.log, world)
    except (LookupError, ValueError) as error:
        return _fail(error, 2, world)
    except (DataError, OSError) as error:
        return _fail(error, 1, world)
    except KeyboardInterrupt:
        print(f"\nInterrupted. {_how_to_go_on(args)}", file=sys.stderr)
        return 1
    except Exception as error:
        world.report(error)
        raise
    return 0


def _fail(error: Exception, code: int, world: World) -> int:
    """Say what was wrong and return `code`; under torchrun, say it once and in its report."""
    print(f"train: {error}", file=sys.stderr)
    world.report(error.with_traceback(None))  # the message is all that matters
    torchrun.let_the_first_speak()
    return code


def _list() -> int:
    """Print each net and what the book trains it with."""
    from d2lzh_pytorch.models.zoo import ZOO

    print(f"{'MODEL':<18}{'section':<9}{'pixels':>6}{'batch':>7}{'lr':>7}  optimizer")
    for model in ZOO.values():
        print(
            f"{model.name:<18}{model.section:<9}{model.resize:>6}{model.batch_size:>7}"
            f"{model.lr:>7g}  {model.optimizer.__name__}"
        )
    return 0


def _how_to_go_on(args: argparse.Namespace) -> str:
    if args.checkpoint is None:
        return "Nothing was kept; with --checkpoint FILE a run can go on later."
    if not args.checkpoint.exists():
        return "No epoch was finished, so there is nothing to go on from."
    words = [word for word in sys.argv[1:] if word != "--resume"]
    program = "torchrun [as before]" if torchrun.launched() else "python"
    return f"Go on with: {program} -m d2lzh_pytorch {shlex.join(words)} --resume"


def _positive_int(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to 2**32 - 1")
    return int(text)


def _positive_float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return number
