"""Export: from an organisation as it is to manifests that plan nothing but `adopt`.

    names → grouping → placing → entries → propose → check

Pure, and linear in the number of objects. What a manifest cannot say stays as it is and is told.
"""

from __future__ import annotations
