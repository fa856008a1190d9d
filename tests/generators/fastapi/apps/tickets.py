"""A help desk: tickets, comments, file uploads, a form login, and preferences in cookies."""

from datetime import datetime
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Cookie, Depends, FastAPI, File, Form, Header, Path, Query, Security, UploadFile, status
from fastapi.responses import FileResponse, PlainTextResponse, StreamingResponse
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl

oauth2 = OAuth2PasswordBearer(
    tokenUrl="auth/token", scopes={"tickets:read": "Read tickets", "tickets:write": "Change tickets"}
)
session_cookie = APIKeyCookie(name="desk_session", auto_error=False)


class Priority(IntEnum):
    low = 1
    normal = 2
    high = 3
    urgent = 4


class TicketState(str, Enum):
    """Where a ticket stands."""

    open = "open"
    pending = "pending"
    on_hold = "on-hold"
    solved = "solved"
    closed = "closed"


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(3600, gt=0)
    refresh_token: str | None = None


class Account(BaseModel):
    id: UUID
    email: EmailStr
    display_name: str | None = None
    avatar: HttpUrl | None = None
    scopes: list[Literal["tickets:read", "tickets:write"]] = []
    disabled: bool = False


class Problem(BaseModel):
    """What every refusal carries."""

    code: str = Field(examples=["ticket_not_found"])
    detail: str
    hints: list[str] | None = None


class Conflict(BaseModel):
    code: Literal["already_merged", "stale_version"]
    current_version: int


class Attachment(BaseModel):
    id: UUID
    file_name: str = Field(max_length=255)
    media_type: str = "application/octet-stream"
    size: int = Field(ge=0, description="In bytes.")
    uploaded_at: datetime
    checksum: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Comment(BaseModel):
    id: UUID
    body: str
    public: bool = True
    author: EmailStr | UUID
    created_at: datetime
    attachments: list[Attachment] = []
    replies: list["Comment"] = []


class NewComment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str = Field(min_length=1, max_length=20_000)
    public: bool = True
    in_reply_to: UUID | None = None


class TicketBase(BaseModel):
    subject: str = Field(min_length=3, max_length=200, examples=["Printer is on fire"])
    priority: Priority = Priority.normal
    tags: Annotated[list[str], Field(max_length=20)] = []
    custom_fields: dict[str, Any] = {}


class NewTicket(TicketBase):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject": "Printer is on fire", "requester": "someone@example.com", "body": "It smokes."}]
        }
    )

    requester: EmailStr
    body: str
    queue: str | None = None


class Ticket(TicketBase):
    id: int
    state: TicketState = Field(description="Changes by itself when the requester answers.", examples=["open"])
    requester: EmailStr
    assignee: Account | None = None
    merged_into: int | None = None
    satisfaction: Literal["good", "bad"] | None = None
    due: datetime | None = None
    version: int = 1


class TicketChange(BaseModel):
    subject: str | None = None
    priority: Priority | None = None
    state: TicketState | None = None
    tags: list[str] | None = None
    custom_fields: dict[str, str | int | bool | None] | None = None


class Assignment(BaseModel):
    assignee: UUID | None = Field(description="Nobody, if null.")


class Queue(BaseModel):
    key: str
    name: str
    open_tickets: int = 0


class QueueStats(BaseModel):
    queue: Queue = Field(title="The queue", description="As it stands now.")
    by_state: dict[TicketState, int]
    by_priority: dict[str, int]
    median_first_reply: float | None
    range: tuple[datetime, datetime]


class ImportReport(BaseModel):
    created: int
    skipped: int
    errors: list[tuple[int, str]]


class ViewPreferences(BaseModel):
    desk_columns: str | None = None
    desk_density: Literal["compact", "comfortable"] = "comfortable"


not_found: dict[int | str, dict[str, Any]] = {404: {"model": Problem, "description": "No such ticket"}}

auth = APIRouter(prefix="/auth", tags=["auth"])
tickets = APIRouter(prefix="/tickets", tags=["tickets"], dependencies=[Security(oauth2, scopes=["tickets:read"])])
attachments = APIRouter(prefix="/attachments", tags=["attachments"], dependencies=[Depends(oauth2)])
queues = APIRouter(prefix="/queues", tags=["queues"])

TicketId = Annotated[int, Path(ge=1, description="The number of the ticket.")]


@auth.post("/token", responses={400: {"model": Problem}})
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token: ...


@auth.get("/me")
def read_me(token: Annotated[str, Depends(oauth2)]) -> Account: ...


@auth.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
def logout(session: Annotated[str | None, Depends(session_cookie)], everywhere: bool = False): ...


@tickets.get("")
def list_tickets(
    preferences: Annotated[ViewPreferences, Cookie()],
    state: Annotated[list[TicketState] | None, Query()] = None,
    priority: Priority | None = None,
    tag: Annotated[list[str], Query(max_length=10)] = [],
    updated_since: datetime | None = None,
    sort: Literal["created", "-created", "priority", "-priority"] = "-created",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(gt=0, le=100)] = 25,
) -> list[Ticket]:
    """The tickets that match, newest first unless sorted otherwise."""


@tickets.post("", status_code=201)
def create_ticket(
    ticket: NewTicket, idempotency_key: Annotated[str | None, Header(max_length=64)] = None
) -> Ticket: ...


@tickets.get("/export.csv", response_class=StreamingResponse)
def export_tickets(state: TicketState | None = None) -> StreamingResponse: ...


@tickets.get("/{ticket_id}", responses=not_found)
def read_ticket(ticket_id: TicketId, if_none_match: Annotated[str | None, Header()] = None) -> Ticket: ...


@tickets.patch("/{ticket_id}", responses={**not_found, 409: {"model": Conflict}})
def change_ticket(ticket_id: TicketId, change: TicketChange, if_match: Annotated[str, Header()]) -> Ticket: ...


@tickets.delete("/{ticket_id}", status_code=204, responses=not_found)
def delete_ticket(ticket_id: TicketId) -> None: ...


@tickets.put("/{ticket_id}/assignee", responses=not_found)
def assign_ticket(ticket_id: TicketId, assignment: Assignment) -> Ticket: ...


@tickets.post("/{ticket_id}/merge/{into_id}", responses={**not_found, 409: {"model": Conflict}})
def merge_tickets(ticket_id: TicketId, into_id: int) -> Ticket: ...


@tickets.get("/{ticket_id}/comments", responses=not_found)
def list_comments(ticket_id: TicketId, include_private: bool = False) -> list[Comment]: ...


@tickets.post("/{ticket_id}/comments", status_code=201, responses=not_found)
def add_comment(ticket_id: TicketId, comment: NewComment) -> Comment: ...


@tickets.get("/{ticket_id}/attachments", responses=not_found)
def list_attachments(ticket_id: TicketId) -> list[Attachment]: ...


@tickets.post(
    "/{ticket_id}/attachments",
    status_code=201,
    responses={**not_found, 413: {"model": Problem, "description": "Too large"}},
)
async def add_attachments(
    ticket_id: TicketId,
    files: list[UploadFile],
    note: Annotated[str | None, Form(max_length=500)] = None,
    public: Annotated[bool, Form()] = True,
) -> list[Attachment]: ...


@tickets.post("/import")
async def import_tickets(
    table: UploadFile,
    mapping: Annotated[bytes | None, File(description="Which column is which field, in JSON.")] = None,
    separator: Annotated[Literal[",", ";", "\t"], Form()] = ",",
    dry_run: Annotated[bool, Form()] = False,
) -> ImportReport: ...


@attachments.get("/{attachment_id}/content", response_class=FileResponse, responses=not_found)
def download_attachment(attachment_id: UUID, inline: bool = False): ...


@queues.get("", deprecated=True)
def list_queues() -> dict[str, Queue]: ...


@queues.get("/{key}/stats")
def read_queue_stats(key: Annotated[str, Path(pattern="^[a-z-]+$")], since: datetime | None = None) -> QueueStats: ...


app = FastAPI(title="Help desk", version="1.4.2", description="Tickets by mail, by form and by *import*.")
for router in (auth, tickets, attachments, queues):
    app.include_router(router)


@app.get("/healthz", response_class=PlainTextResponse, include_in_schema=True)
def healthz() -> str:
    return "ok"
