"""Historical adherence: a job over management units, whose state only its starter may ask for (§13).

A unit's division decides, as it does for schedules. A job is done by the time somebody asks for its state.
Its rows travel as files, which are not imitated: the `downloadUrls` of a job are none.
"""

from datetime import datetime

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import invalid_value, not_found
from reconciler.simulator.units import WFM, found_unit
from reconciler.simulator.world import Row

_START = "post_workforcemanagement_adherence_historical_bulk"


def _start(call: Call) -> Row:
    """Of units that the caller may see, each in a span of its own: all of them or none."""
    if not call.body["items"] or not call.body["timeZone"].strip():
        raise invalid_value("items", "name at least one management unit, and a timeZone")
    for item in call.body["items"]:
        found_unit(call, "management_units", item["managementUnitId"], _START)
        if not datetime.fromisoformat(item["startDate"]) < datetime.fromisoformat(item["endDate"]):
            raise invalid_value("endDate", "must be after startDate")
    key = call.org.sequence.new_id("adherence-job")
    call.org.ask(key, {"startedBy": call.caller.id})
    return _job(key, "Processing")


def _job(key: str, status: str) -> Row:
    uri = f"{WFM}/adherence/historical/bulk/jobs/{key}"
    return {"job": {"id": key, "status": status, "selfUri": uri}}


def _state(call: Call) -> Row:
    """404 for a job of somebody else."""
    key = call.path["jobId"]
    if call.org.jobs.get(key, {}).get("startedBy") != call.caller.id:
        raise not_found("job", key)
    return _job(key, "Complete") | {"downloadUrls": []}


OPERATIONS: dict[str, Handler] = {
    _START: _start,
    "get_workforcemanagement_adherence_historical_bulk_job": _state,
}
