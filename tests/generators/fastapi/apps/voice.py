"""Voice agents and their calls: discriminated tools and events, webhooks, a bearer token."""

from datetime import datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Response
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, RootModel, SecretStr, computed_field

bearer = HTTPBearer(description="The key of the workspace.")

E164 = Annotated[str, Field(pattern=r"^\+[1-9]\d{1,14}$", examples=["+33123456789"])]


class Language(str, Enum):
    fr = "fr-FR"
    en_us = "en-US"
    en_gb = "en-GB"
    de = "de-DE"


class CallStatus(str, Enum):
    queued = "queued"
    ringing = "ringing"
    in_progress = "in-progress"
    completed = "completed"
    failed = "failed"
    no_answer = "no-answer"


class Error(BaseModel):
    detail: str
    code: Literal["not_found", "conflict", "quota_exceeded", "invalid_state"]
    request_id: UUID | None = None


class RateLimited(BaseModel):
    retry_after: Annotated[float, Field(gt=0)]


class VoiceSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: Literal["studio", "neural"] = "neural"
    voice_id: str
    speed: float = Field(1.0, ge=0.5, le=2.0)
    stability: float | None = Field(None, gt=0, lt=1)
    pronunciation: dict[str, str] = Field(default_factory=dict)


class HttpTool(BaseModel):
    kind: Literal["http"] = "http"
    name: str = Field(pattern="^[a-z_]{1,64}$")
    url: HttpUrl
    method: Literal["GET", "POST", "PUT"] = "POST"
    secret: SecretStr | None = None
    timeout: timedelta = timedelta(seconds=10)
    parameters: dict[str, Any] = Field(default_factory=dict, description="A JSON Schema, given to the model as it is.")


class TransferTool(BaseModel):
    kind: Literal["transfer"]
    name: str
    to: E164
    announce: str | None = None


class HangUpTool(BaseModel):
    kind: Literal["hang_up", "voicemail"]
    farewell: str = "Goodbye."


Tool = Annotated[Union[HttpTool, TransferTool, HangUpTool], Field(discriminator="kind")]


class OpeningHours(BaseModel):
    weekday: Literal[0, 1, 2, 3, 4, 5, 6]
    opens: time
    closes: time


class AgentBase(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    language: Language = Language.fr
    prompt: str
    voice: VoiceSettings
    tools: list[Tool] = []
    fallback: Tool | None = None
    hours: list[OpeningHours] | None = None
    temperature: Annotated[float, Field(ge=0, le=1, multiple_of=0.05)] = 0.25


class AgentCreate(AgentBase):
    folder: str | None = None


class AgentUpdate(BaseModel):
    name: str | None = None
    language: Language | None = None
    prompt: str | None = None
    voice: VoiceSettings | None = None
    tools: list[Tool] | None = None


class Agent(AgentBase):
    id: UUID
    version: int
    published_at: datetime | None = None
    created_at: datetime

    @computed_field
    @property
    def is_live(self) -> bool:
        """Whether any version is published."""
        return self.published_at is not None


class AgentVersion(BaseModel):
    number: Annotated[int, Field(gt=0)]
    agent: Agent
    note: str | None


class SpokenEvent(BaseModel):
    type: Literal["spoken"] = "spoken"
    at: timedelta
    speaker: Literal["agent", "callee"]
    text: str
    span: tuple[float, float] = Field(description="From and to, in seconds.")


class ToolEvent(BaseModel):
    type: Literal["tool"] = "tool"
    at: timedelta
    tool: str
    arguments: dict[str, Any]
    result: Any = None


class StatusEvent(BaseModel):
    type: Literal["status"] = "status"
    at: timedelta
    status: CallStatus


class CallEvent(RootModel[Annotated[Union[SpokenEvent, ToolEvent, StatusEvent], Field(discriminator="type")]]):
    """One thing that happened during a call."""


class Metadata(RootModel[dict[str, str | int | float | bool | None]]):
    pass


class CallCreate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"agent_id": "123e4567-e89b-12d3-a456-426614174000", "to": "+33123456789"}]}
    )

    agent_id: UUID
    to: E164
    from_: E164 | None = Field(None, alias="from", description="A number of the workspace; any, if not given.")
    variables: dict[str, str] | None = None
    metadata: Metadata = Metadata({})
    schedule_at: datetime | Literal["now"] = "now"


class Cost(BaseModel):
    amount: float = Field(ge=0)
    currency: Literal["EUR"] = "EUR"


class Call(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: UUID
    agent_id: UUID
    status: CallStatus
    direction: Literal["inbound", "outbound"]
    to: E164
    from_: E164 = Field(alias="from")
    started_at: datetime | None = None
    ended_at: datetime | None = None
    metadata: Metadata
    cost: Cost | None = None
    outcome: str | dict[str, Any] | None = None
    transcript: str | None = Field(None, deprecated=True, description="Read the events instead.")

    @computed_field
    @property
    def duration(self) -> float | None:
        return None


class CallFilter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agent_id: UUID | None = None
    status: list[CallStatus] | None = None
    direction: Literal["inbound", "outbound"] | None = None
    started_after: datetime | None = None
    cursor: str | None = None
    limit: int = Field(50, gt=0, le=200)


class CallPage(BaseModel):
    items: list[Call]
    next_cursor: str | None
    total: int | None = None


class PhoneNumber(BaseModel):
    number: E164
    agent: UUID | None = None
    monthly: Cost
    capabilities: set[Literal["voice", "sms"]] = {"voice"}


class NumberOrder(BaseModel):
    country: str = Field("FR", min_length=2, max_length=2)
    area: str | None = None


class Contact(BaseModel):
    to: E164
    variables: dict[str, str] = {}


class Contacts(RootModel[list[Contact]]):
    root: list[Contact] = Field(min_length=1, max_length=10_000)


class Campaign(BaseModel):
    id: UUID
    name: str
    agent_id: UUID
    window: tuple[time, time] | None = None
    progress: dict[CallStatus, int] = {}


class CampaignCreate(BaseModel):
    name: str
    agent_id: UUID
    window: tuple[time, time] | None = None
    retries: int = Field(0, ge=0, le=5)


class CallNotice(BaseModel):
    """What is posted to the webhook of the workspace."""

    notice_id: UUID
    sent_at: datetime
    call: Call
    events: list[CallEvent] = []


missing: dict[int | str, dict[str, Any]] = {404: {"model": Error, "description": "Nothing has this identifier"}}
limited: dict[int | str, dict[str, Any]] = {429: {"model": RateLimited}}

agents = APIRouter(prefix="/agents", tags=["agents"], responses=limited)
calls = APIRouter(prefix="/calls", tags=["calls"], responses=limited)
numbers = APIRouter(prefix="/phone-numbers", tags=["phone numbers"])
campaigns = APIRouter(prefix="/campaigns", tags=["campaigns"])


@agents.get("")
async def list_agents(language: Language | None = None, live: bool | None = None) -> list[Agent]: ...


@agents.post("", status_code=201)
async def create_agent(agent: AgentCreate) -> Agent: ...


@agents.get("/{agent_id}", responses=missing)
async def get_agent(agent_id: UUID) -> Agent: ...


@agents.put("/{agent_id}", responses=missing)
async def replace_agent(agent_id: UUID, agent: Agent) -> Agent:
    """Takes back what `get_agent` gave."""


@agents.patch("/{agent_id}", responses=missing)
async def update_agent(agent_id: UUID, changes: AgentUpdate) -> Agent: ...


@agents.delete("/{agent_id}", status_code=204, responses={**missing, 409: {"model": Error}})
async def delete_agent(agent_id: UUID, force: bool = False) -> None: ...


@agents.post("/{agent_id}/publish", responses=missing)
async def publish_agent(agent_id: UUID, note: Annotated[str | None, Body(embed=True)] = None) -> AgentVersion: ...


@agents.get("/{agent_id}/versions", responses=missing)
async def list_versions(agent_id: UUID) -> list[AgentVersion]: ...


@agents.post("/{agent_id}/tools/try", responses=missing)
async def try_tool(agent_id: UUID, tool: Tool, arguments: dict[str, Any]) -> Any:
    """Run a tool without a call."""


@calls.get("")
async def list_calls(query: Annotated[CallFilter, Query()]) -> CallPage: ...


@calls.post(
    "",
    status_code=201,
    responses={
        200: {"model": Call, "description": "The call that this key started before"},
        402: {"model": Error, "description": "Out of credit"},
    },
)
async def start_call(
    call: CallCreate, response: Response, idempotency_key: Annotated[UUID | None, Header()] = None
) -> Call: ...


@calls.get("/stats")
async def call_stats(
    by: Literal["day", "agent", "status"] = "day", since: datetime | None = None
) -> dict[str, dict[CallStatus, int]]: ...


@calls.get("/{call_id}", responses=missing)
async def get_call(call_id: UUID) -> Call: ...


@calls.patch("/{call_id}", responses=missing)
async def update_call(call_id: UUID, metadata: Annotated[Metadata, Body(embed=True)]) -> Call: ...


@calls.post("/{call_id}/end", status_code=202, responses={**missing, 409: {"model": Error}})
async def end_call(call_id: UUID, reason: Annotated[str | None, Query(max_length=120)] = None) -> None: ...


@calls.get("/{call_id}/events", responses=missing)
async def list_events(call_id: UUID, type: Annotated[list[str] | None, Query()] = None) -> list[CallEvent]: ...


@calls.get(
    "/{call_id}/recording",
    response_class=StreamingResponse,
    responses={200: {"content": {"audio/mpeg": {}}, "description": "The sound"}, **missing},
)
async def get_recording(call_id: UUID, range: Annotated[str | None, Header()] = None) -> StreamingResponse: ...


# Not an EventSourceResponse, for which FastAPI writes `itemSchema`. OpenAPI 3.1 does not have this keyword.
@calls.get(
    "/{call_id}/live",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}, **missing},
)
async def follow_call(call_id: UUID) -> StreamingResponse:
    """The status of the call, as it changes."""


@numbers.get("")
async def list_numbers(capability: Literal["voice", "sms"] | None = None) -> list[PhoneNumber]: ...


@numbers.post("", status_code=201, responses={402: {"model": Error}})
async def order_number(order: NumberOrder) -> PhoneNumber: ...


@numbers.put("/{number}/agent", responses=missing)
async def assign_number(number: Annotated[E164, Path()], agent_id: Annotated[UUID | None, Body()]) -> PhoneNumber: ...


@numbers.delete("/{number}", status_code=204, responses=missing)
async def release_number(number: str) -> None: ...


@campaigns.post("", status_code=201)
async def create_campaign(campaign: CampaignCreate) -> Campaign: ...


@campaigns.get("/{campaign_id}", responses=missing)
async def get_campaign(campaign_id: UUID) -> Campaign: ...


@campaigns.post("/{campaign_id}/contacts", responses=missing, status_code=202)
async def add_contacts(campaign_id: UUID, contacts: Contacts) -> dict[str, int]: ...


@campaigns.post("/{campaign_id}/stop", response_model=None, responses={**missing, 409: {"model": Error}})
async def stop_campaign(campaign_id: UUID): ...


app = FastAPI(
    title="Voice agents",
    summary="Agents that call and are called.",
    version="2026-01",
    servers=[
        {"url": "https://api.voice.example.com/v1", "description": "Live"},
        {
            "url": "https://{region}.voice.example.com/v1",
            "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}},
        },
    ],
    contact={"name": "Support", "email": "support@example.com"},
    dependencies=[Depends(bearer)],
)
for router in (agents, calls, numbers, campaigns):
    app.include_router(router)


@app.webhooks.post("call.started")
def call_started(notice: CallNotice, x_signature: Annotated[str, Header()]) -> None:
    """A call was answered."""


@app.webhooks.post("call.ended", status_code=204)
def call_ended(notice: CallNotice) -> None:
    """A call is over, and its events are complete."""
