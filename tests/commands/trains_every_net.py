"""Started by test_torchrun.py: two steps with each net of the zoo.

Each process writes its histories as JSON into the folder that is named, under its rank.
"""

import json
import sys
from pathlib import Path

from d2lzh_pytorch.models.zoo import ZOO
from d2lzh_pytorch.training.distributed import World
from d2lzh_pytorch.training.run import Settings, run


def small(name: str, processes: int = 1) -> Settings:
    """Return two steps of eight images, which are as small as the net can take them."""
    return Settings(
        model=name,
        epochs=1,
        batch_size=8,
        resize=max(ZOO[name].min_size, 28),
        lr=1e-4,
        seed=0,
        num_train=16,
        num_test=5,
        device="cpu",
        amp=False,
        channels_last=False,
        compile=False,
        processes=processes,
    )


if __name__ == "__main__":
    world = World.from_environment()
    histories = {name: vars(run(small(name, world.size), world=world)) for name in ZOO}
    Path(sys.argv[1], f"{world.rank}.json").write_text(json.dumps(histories))
