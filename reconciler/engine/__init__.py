"""The deeds: observe an organisation, plan, apply. Over ports only; the CLI and the controller call the same.

Not for decisions (planning, isolation) and not for any one API, sink or store (edges).
"""
