"""Convert: what Terraform manages becomes manifests that plan nothing but `adopt`.

    estate → scene → (propose and try, as an export does) → fates

Pure. What a state cannot tell stays with Terraform and is said by its address there.
"""

from __future__ import annotations
