"""`python -m handouts` is the same command."""

from handouts.cli import main

main(prog_name="handouts")
