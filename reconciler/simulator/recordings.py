"""What is known of a conversation's recordings; the media themselves are not there (§13).

A recording has no division but its conversation's. Any of the four permissions opens all of them: there are
no snippets and no screens here that only one of them would open.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.contract import operations
from reconciler.simulator.conversations import found_conversation
from reconciler.simulator.world import Row

_METADATA, _WHOLE = "get_conversation_recordingmetadata", "get_conversation_recordings"


def _known(call: Call, operation: str) -> list[Row]:
    row = found_conversation(call, tuple(operations()[operation].permissions))
    return [
        {
            "id": key,
            "conversationId": row["id"],
            "startTime": row["start"],
            "endTime": row["end"],
            "media": "audio" if row["mediaType"] == "voice" else row["mediaType"],
            "mediaSubtype": "Trunk",
            "fileState": "AVAILABLE",
            "selfUri": f"/api/v2/conversations/{row['id']}/recordings/{key}",
        }
        for key in row["recordings"]
    ]


def _metadata(call: Call) -> list[Row]:
    return _known(call, _METADATA)


def _recordings(call: Call) -> list[Row]:
    return [row | {"recordingFileRole": "CUSTOMER_EXPERIENCE"} for row in _known(call, _WHOLE)]


OPERATIONS: dict[str, Handler] = {_METADATA: _metadata, _WHOLE: _recordings}
