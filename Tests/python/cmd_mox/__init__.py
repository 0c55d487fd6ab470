"""Stands in for the Python package cmd-mox, of which no release replays fixtures yet.

It has what cmd-mox's documentation says of ``cmd_mox.ipc`` and ``cmd_mox.record``, as far as the
tests that ``cmdmox generate-test`` writes use it.
"""
