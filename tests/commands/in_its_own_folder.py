"""Started by test_torchrun.py: work in a folder of this process's own, then do as the package.

The first argument is the folder that holds those of all processes, each named after its rank, with
its number in the file ``pid``; the arguments of ``python -m d2lzh_pytorch`` follow.
"""

import os
import sys
from pathlib import Path

from d2lzh_pytorch.__main__ import main

all_folders, *arguments = sys.argv[1:]
folder = Path(all_folders) / os.environ["RANK"]
folder.mkdir(exist_ok=True)
os.chdir(folder)
Path("pid").write_text(str(os.getpid()))
sys.exit(main(arguments))
