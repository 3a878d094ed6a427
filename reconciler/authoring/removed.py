"""`removed.tf`: the blocks by which Terraform lets go of what is converted, and destroys nothing."""

from __future__ import annotations

import shlex
import textwrap

from reconciler.planning.convert.fates import Letting

FILE = "removed.tf"

_HEAD = """\
# Terraform lets go of what the manifests have now, and destroys nothing. Needs Terraform 1.7 or newer.
#
# 1. Apply the manifests first: then each object says that it is ours.
# 2. Move this file into the root module, and delete the `resource` blocks that it names.
# 3. `terraform plan` must say "0 to destroy", and that these will no longer be managed; then apply.
"""

_BLOCK = """
removed {{
  from = {block}

  lifecycle {{
    destroy = false
  }}
}}
"""

_SINGLE = (
    "Some instances of {block} were converted and others were not, and a `removed` block takes no keys. Take "
    "the converted ones out of `for_each` or `count`, and before the next plan out of the state:"
)


def removed(let: Letting) -> str:
    """The file's text."""
    blocks = [_BLOCK.format(block=block) for block in let.blocks]
    return _HEAD + "".join([*blocks, *(_one_by_one(block, some) for block, some in let.single.items())])


def _one_by_one(block: str, addresses: tuple[str, ...]) -> str:
    said = textwrap.wrap(_SINGLE.format(block=block), 108, break_on_hyphens=False, break_long_words=False)
    commands = [f"  terraform state rm {shlex.quote(address)}" for address in addresses]
    return "\n" + "".join(f"# {line}\n" for line in [*said, *commands])
