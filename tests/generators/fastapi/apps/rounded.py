"""The API of `openapi/calls.yaml`, as its vendor might publish it. All schemas have other names, each type of call has a
schema, decimals are strings, and there are a few changes (a filter, a property, an operation, a renamed value)."""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union

from fastapi import APIRouter, FastAPI, Query, Security
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, Field

api_key = APIKeyHeader(name="X-Api-Key", description="The key of the organization.")

RecordingUrl = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Payload = TypeVar("Payload")
PhoneNumber = Annotated[str, Field(min_length=8, examples=["+33123456789"])]


class Channel(str, Enum):
    phone_call = "phone_call"
    web_call = "web_call"


class State(str, Enum):
    completed = "completed"


class Heading(str, Enum):
    inbound = "inbound"


class Speaker(str, Enum):
    # `user` in openapi/calls.yaml.
    caller = "caller"


class ValueKind(str, Enum):
    string = "string"


class Turn(BaseModel):
    role: Speaker | None = None
    start_time: datetime | None = None
    content: Any = None


class CollectedVariable(BaseModel):
    name: str | None = None
    type: ValueKind | None = None
    value: Any = None
    timestamp: datetime | None = None


class FieldProblem(BaseModel):
    field: str | None = None
    message: str | None = None


class Problem(BaseModel):
    type: str | None = None
    message: str | None = None
    status: int | None = None
    details: list[FieldProblem] | None = None


class BaseRecord(BaseModel):
    id: str
    organization_id: str | None = None
    agent_id: str | None = None
    status: State | None = None
    metadata: dict[str, Any] | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    duration_seconds: float | None = None
    redirect_duration_seconds: float | None = None
    cost: Decimal | None = None
    transcript_string: str | None = None
    transcript: list[Turn] | None = None
    variable_values: list[CollectedVariable] | None = None
    recording_url: RecordingUrl | None = None
    # Not in openapi/calls.yaml.
    language: str | None = Field(None, description="The language of the conversation.", examples=["fr-FR"])


class PhoneRecord(BaseRecord):
    type: Literal["phone_call"]
    from_number: str | None = None
    to_number: str | None = None
    direction: Heading | None = None


class WebRecord(BaseRecord):
    type: Literal["web_call"]


Record = Annotated[Union[PhoneRecord, WebRecord], Field(discriminator="type")]


class Envelope(BaseModel, Generic[Payload]):
    message: str | None = "Call retrieved successfully"
    data: Payload
    error: Problem | None = None
    status: int | None = 200


class RecordPage(BaseModel):
    message: str | None = None
    data: list[Record]
    error: Problem | None = None
    status: int | None = None
    next_cursor: datetime | None = None
    current_page: int | None = None
    total_pages: int | None = None
    total_items: int | None = None


class Dial(BaseModel):
    from_number: PhoneNumber
    to_number: PhoneNumber
    agent_id: str
    dynamic_variables_values: dict[str, Any] | None = None


class Dialled(BaseModel):
    call_id: str


class DialResult(BaseModel):
    message: str
    data: Dialled
    error: Problem | None = None
    status: int | None = 201


class HangUpResult(BaseModel):
    message: str | None = "Call terminated successfully"
    data: Any = None
    error: Problem | None = None
    status: int | None = 200


class MetadataPatch(BaseModel):
    metadata: dict[str, Any] | None = None
    override: bool | None = False


app = FastAPI(
    title="Rounded API",
    version="1.4.0",
    servers=[{"url": "https://api.callrounded.com"}],
    dependencies=[Security(api_key)],
)
router = APIRouter(prefix="/v1/calls", tags=["Calls"])


@router.get("")
def list_calls(
    agent_id: str | None = None,
    call_type: Channel | None = None,
    from_number: str | None = None,
    to_number: str | None = None,
    start_time_gt: datetime | None = None,
    start_time_lt: datetime | None = None,
    # Not in openapi/calls.yaml.
    min_duration: Annotated[float | None, Query(ge=0, description="Only calls that lasted at least this long.")] = None,
    cursor: str | None = None,
    page: Annotated[int, Query(ge=1)] = 1,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    use_cursor: bool = True,
    include_transcript: bool | None = None,
    include_variable_values: bool | None = None,
) -> RecordPage:
    """List the calls of the organization."""


@router.post("/phone", status_code=201)
def start_phone_call(dial: Dial) -> DialResult:
    """Start a phone call."""


@router.post("/{call_id}/terminate")
def terminate_call(call_id: str) -> HangUpResult:
    """End a phone call."""


@router.get("/{call_id}")
def get_call_details(call_id: str) -> Envelope[Record]:
    """Get one call."""


@router.patch("/{call_id}")
def update_call(call_id: str, patch: MetadataPatch) -> Envelope[Record]:
    """Attach metadata to a call."""


# Not in openapi/calls.yaml.
@router.delete("/{call_id}", status_code=204)
def delete_call(call_id: str) -> None:
    """Delete a call and its recording."""


app.include_router(router)
