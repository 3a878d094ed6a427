"""The command line: one module per command, progress on a terminal, one table of exit codes.

Decides nothing about organisations; it reads options, opens a session and prints what comes back.
"""
