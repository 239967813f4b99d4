"""The command line, ``python -m d2lzh_pytorch``: one module a command.

Each has ``add_parser(subparsers)``, which declares its arguments, and ``run(args)``, which returns
the exit code: 0 if all is well, 1 if a problem was found; argparse itself exits with 2 when the
arguments make no sense. Modules here are read by Pythons too old for the course, so that
``doctor`` can say so: they import the rest of the package only in ``run``.
"""
