"""Analytics: events in, queries out, and saved resources whose routes come from a factory."""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from fastapi.security import APIKeyQuery, HTTPBearer
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    FiniteFloat,
    HttpUrl,
    JsonValue,
    NonNegativeInt,
    RootModel,
    computed_field,
    conlist,
)

T = TypeVar("T")
token = HTTPBearer(scheme_name="ProjectToken", bearerFormat="JWT")
write_key = APIKeyQuery(name="write_key", scheme_name="WriteKey")


class Page(BaseModel, Generic[T]):
    data: list[T]
    cursor: str | None = None
    has_more: bool = False


class Saved(BaseModel):
    """The fields that every saved resource has."""

    id: UUID
    created_at: AwareDatetime
    updated_at: AwareDatetime | None = None
    owner: EmailStr | None = None
    tags: list[str] = []


class Removed(BaseModel, Generic[T]):
    last: T
    restorable_until: datetime | None = None


class Listing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    search: str | None = Field(None, min_length=2)
    tag: list[str] = []
    sort: Literal["name", "-name", "updated", "-updated"] = "name"
    cursor: str | None = None
    limit: int = Field(50, gt=0, le=500)


class Problem(BaseModel):
    """After RFC 9457."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: Annotated[int, Field(ge=400, lt=600)]
    detail: str | None = None
    instance: str | None = None


class QueryTooWide(BaseModel):
    scanned: int
    limit: int
    suggestion: "Query_ | None" = None


class Unavailable(BaseModel):
    retry_after: timedelta


class Granularity(str, Enum):
    minute = "1m"
    hour = "1h"
    day = "1d"
    week = "1w"
    month = "1M"


class Aggregate(str, Enum):
    count = "count"
    sum = "sum"
    avg = "avg"
    min = "min"
    max = "max"
    p50 = "p50"
    p95 = "p95"
    unique = "unique"


class Op(str, Enum):
    eq = "="
    ne = "!="
    lt = "<"
    le = "<="
    gt = ">"
    ge = ">="
    like = "~"
    not_like = "!~"


class Condition(BaseModel):
    field: str = Field(examples=["country", "device.os"])
    op: Op = Op.eq
    value: str | float | bool | list[str] | None


class AllOf(BaseModel):
    all_: list["Filter"] = Field(alias="all", min_length=1)


class AnyOf(BaseModel):
    any_: list["Filter"] = Field(alias="any", min_length=1)


class Not(BaseModel):
    not_: "Filter" = Field(alias="not")


Filter = Union[Condition, AllOf, AnyOf, Not]


class Absolute(BaseModel):
    kind: Literal["absolute"]
    between: tuple[AwareDatetime, AwareDatetime]


class Relative(BaseModel):
    kind: Literal["relative"]
    last: Annotated[int, Field(gt=0)]
    unit: Granularity = Granularity.day
    include_current: bool = True


class Since(BaseModel):
    kind: Literal["since"]
    day: date


Period = Annotated[Absolute | Relative | Since, Field(discriminator="kind")]


class Measure(BaseModel):
    metric: str
    aggregate: Aggregate = Aggregate.count
    label: str | None = None


class Query_(BaseModel):
    model_config = ConfigDict(title="Query")

    measures: conlist(Measure, min_length=1, max_length=10)  # type: ignore[valid-type]
    by: list[str] = Field(default=[], max_length=3)
    where: Filter | None = None
    period: Period = Relative(kind="relative", last=7)
    granularity: Granularity | None = None
    sample: Annotated[float, Field(gt=0, le=1)] = 1


Point = tuple[AwareDatetime, FiniteFloat | None]


class Series(BaseModel):
    label: str
    by: dict[str, str | None] = {}
    points: list[Point]

    @computed_field
    @property
    def total(self) -> float:
        return 0.0


class QueryResult(BaseModel):
    series: list[Series]
    took: timedelta
    cached: bool = False
    warnings: list[str] | None = None


class Event(BaseModel):
    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"examples": [{"name": "page_view", "at": "2026-02-01T08:00:00Z", "visitor": "v-1"}]},
    )

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
    at: datetime
    visitor: str
    properties: dict[str, JsonValue] = {}
    revenue: Annotated[float, Field(ge=0)] | None = None


class Accepted(BaseModel):
    accepted: NonNegativeInt
    rejected: list[tuple[int, str]] = []


class Matrix(RootModel[list[list[float | None]]]):
    """Cohorts in rows, periods in columns."""


# Saved resources. Each has a model to create it, one to change it, and one to read it.


class DashboardCreate(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    layout: list[tuple[int, int, int, int]] = Field([], description="x, y, width, height of each tile.")
    theme: Literal["light", "dark"] | None = None


class DashboardPatch(BaseModel):
    name: str | None = None
    layout: list[tuple[int, int, int, int]] | None = None


class Dashboard(DashboardCreate, Saved):
    tiles: list["Tile"] = []


class ChartTile(BaseModel):
    type: Literal["chart"]
    query: Query_
    style: Literal["line", "bar", "area"] = "line"


class NumberTile(BaseModel):
    type: Literal["number"]
    query: Query_
    goal: float | None = None


class TextTile(BaseModel):
    type: Literal["text"]
    markdown: str


Tile = Annotated[ChartTile | NumberTile | TextTile, Field(discriminator="type")]


class ReportCreate(BaseModel):
    name: str
    query: Query_
    schedule: Literal["daily", "weekly", "monthly"] | None = None
    recipients: Annotated[list[EmailStr], Field(max_length=50)] = []


class ReportPatch(BaseModel):
    name: str | None = None
    query: Query_ | None = None
    schedule: Literal["daily", "weekly", "monthly"] | None = None


class Report(ReportCreate, Saved):
    last_run: datetime | None = None


class AlertCreate(BaseModel):
    name: str
    query: Query_
    above: float | None = None
    below: float | None = None
    severity: Literal["info", "warning", "critical"] = "warning"
    quiet: tuple[int, int] | None = None


class AlertPatch(BaseModel):
    above: float | None = None
    below: float | None = None
    severity: Literal["info", "warning", "critical"] | None = None


class Alert(AlertCreate, Saved):
    state: Literal["ok", "firing", "no data"] = "no data"


class SegmentCreate(BaseModel):
    name: str
    filter: Filter
    color: Annotated[str, Field(pattern="^#[0-9a-f]{6}$")] = "#336699"


class SegmentPatch(BaseModel):
    name: str | None = None
    filter: Filter | None = None


class Segment(SegmentCreate, Saved):
    size: int | None = None


class FunnelStep(BaseModel):
    event: str
    where: Filter | None = None
    within: timedelta | None = None


class FunnelCreate(BaseModel):
    name: str
    steps: list[FunnelStep] = Field(min_length=2)
    ordered: bool = True


class FunnelPatch(BaseModel):
    name: str | None = None
    steps: list[FunnelStep] | None = None


class Funnel(FunnelCreate, Saved):
    pass


class GoalCreate(BaseModel):
    name: str
    event: str
    target: Annotated[float, Field(gt=0)]
    deadline: date | None = None


class GoalPatch(BaseModel):
    target: Annotated[float, Field(gt=0)] | None = None
    deadline: date | None = None


class Goal(GoalCreate, Saved):
    reached: bool = False

    @computed_field
    @property
    def progress(self) -> float:
        return 0.0


class ExperimentCreate(BaseModel):
    name: str
    variants: dict[str, Annotated[float, Field(ge=0, le=1)]]
    hypothesis: str = ""
    metrics: set[str] = Field(default_factory=set)


class ExperimentPatch(BaseModel):
    variants: dict[str, float] | None = None


class Experiment(ExperimentCreate, Saved):
    status: Literal["draft", "running", "stopped"] = "draft"
    winner: str | None = None


class AnnotationCreate(BaseModel):
    at: datetime
    text: str = Field(max_length=280)
    link: HttpUrl | None = None


class AnnotationPatch(BaseModel):
    text: str | None = None


class Annotation(AnnotationCreate, Saved):
    pass


class SourceCreate(BaseModel):
    name: str
    kind: Literal["web", "ios", "android", "server"]
    allowed_origins: list[HttpUrl] | None = None


class SourcePatch(BaseModel):
    name: str | None = None
    allowed_origins: list[HttpUrl] | None = None


class Source(SourceCreate, Saved):
    write_key: str = Field(deprecated=True, description="Ask for a key instead.")


class ExportCreate(BaseModel):
    format: Literal["csv", "json", "parquet"] = "csv"
    query: Query_
    to: HttpUrl | EmailStr


class ExportPatch(BaseModel):
    to: HttpUrl | EmailStr | None = None


class Export(ExportCreate, Saved):
    state: Literal["queued", "running", "ready", "failed"] = "queued"
    rows: int | None = None
    error: Problem | None = None


failing: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem},
    "default": {"model": Problem, "description": "Anything else that went wrong"},
}
heavy: dict[int | str, dict[str, Any]] = {413: {"model": QueryTooWide}, 503: {"model": Unavailable}}


def saved_routes(name: str, read: type[Saved], create: type[BaseModel], change: type[BaseModel]) -> APIRouter:
    """Returns the seven routes that every saved resource has."""
    routes = APIRouter(prefix=f"/projects/{{project}}/{name}", tags=[name], dependencies=[Depends(token)])

    @routes.get("", response_model=Page[read])
    def list_saved(project: str, query: Annotated[Listing, Query()]): ...

    @routes.post("", response_model=read, status_code=201, responses={409: {"model": Problem}})
    def create_saved(project: str, new: create): ...

    @routes.get("/{id}", response_model=read, responses={404: {"model": Problem}})
    def read_saved(project: str, id: UUID): ...

    @routes.patch("/{id}", response_model=read, responses={404: {"model": Problem}})
    def change_saved(project: str, id: UUID, changes: change, if_match: Annotated[str | None, Header()] = None): ...

    @routes.put("/{id}", response_model=read, responses={201: {"model": read, "description": "Created"}})
    def put_saved(project: str, id: UUID, new: create): ...

    @routes.delete("/{id}", response_model=Removed[read], responses={404: {"model": Problem}})
    def remove_saved(project: str, id: UUID): ...

    @routes.put("/{id}/tags", status_code=204, responses={404: {"model": Problem}})
    def tag_saved(project: str, id: UUID, tags: Annotated[list[str], Body(max_length=20)]) -> None: ...

    return routes


ingest = APIRouter(prefix="/events", tags=["ingest"], dependencies=[Depends(write_key)])
queries = APIRouter(prefix="/projects/{project}/query", tags=["query"], dependencies=[Depends(token)], responses=heavy)
schema = APIRouter(prefix="/projects/{project}/schema", tags=["schema"], dependencies=[Depends(token)])
projects = APIRouter(prefix="/projects", tags=["projects"], dependencies=[Depends(token)], responses=failing)


class Project(BaseModel):
    slug: Annotated[str, Field(pattern="^[a-z0-9-]{3,40}$")]
    name: str
    timezone: str = "UTC"
    retention: timedelta | None = timedelta(days=365)
    plan: Literal["free", "team", "enterprise"] | None = "free"
    limits: dict[Literal["events", "seats"], int | None] = {}


class Member(BaseModel):
    email: EmailStr
    role: Literal["viewer", "editor", "admin"]
    joined: datetime | None = None


class Invitation(BaseModel):
    email: EmailStr
    role: Literal["viewer", "editor", "admin"] = "viewer"


class Usage(BaseModel):
    period: tuple[date, date]
    events: int
    by_source: dict[str, int]
    days: list[tuple[date, int]] = []


class Key(BaseModel):
    id: int
    label: str
    scopes: list[Literal["read", "write"]]
    expires: date | None = None


class NewKey(Key):
    secret: str


class Field_(BaseModel):
    model_config = ConfigDict(title="Field")

    name: str
    type: Literal["string", "number", "boolean", "time"]
    examples: list[JsonValue] = []
    children: list["Field_"] | None = None


class Retention(BaseModel):
    query: Query_
    period: Granularity = Granularity.week
    return_event: str | None = None


class Breakdown(BaseModel):
    value: str | None
    share: Annotated[float, Field(ge=0, le=1, examples=[0.25])]
    children: list["Breakdown"] = []


class FunnelResult(BaseModel):
    steps: list[tuple[str, int, float | None]]


class Live(BaseModel):
    visitors: int
    top: dict[str, int] = {}
    at: datetime


Project_ = Annotated[str, Path(alias="project", pattern="^[a-z0-9-]{3,40}$")]


@ingest.post("", status_code=202, responses={413: {"model": Problem}})
def track(event: Event) -> Accepted: ...


@ingest.post("/batch", status_code=202, responses={207: {"model": Accepted, "description": "Some were rejected"}})
def track_many(events: Annotated[list[Event], Body(max_length=1000)]) -> Accepted: ...


@ingest.post("/identify", status_code=204)
def identify(visitor: Annotated[str, Body()], traits: Annotated[dict[str, JsonValue], Body()]) -> None: ...


@ingest.get("/pixel", response_class=RedirectResponse, status_code=302)
def pixel(name: str, visitor: str | None = None): ...


@queries.post("")
def run_query(
    project: str, query: Query_, x_cache: Annotated[Literal["use", "skip"], Header()] = "use"
) -> QueryResult: ...


@queries.post("/many")
def run_queries(project: str, queries: dict[str, Query_]) -> dict[str, QueryResult | Problem]: ...


@queries.post("/csv", response_class=PlainTextResponse)
def run_to_csv(project: str, query: Query_) -> str: ...


@queries.post("/stream", response_class=StreamingResponse)
def run_to_stream(project: str, query: Query_) -> StreamingResponse: ...


@queries.post("/retention")
def retention(project: str, retention: Retention) -> Matrix: ...


@queries.post("/breakdown")
def breakdown(project: str, query: Query_, depth: Annotated[int, Query(ge=1, le=4)] = 2) -> list[Breakdown]: ...


@queries.post("/funnel")
def run_funnel(project: str, funnel: FunnelCreate) -> FunnelResult: ...


@queries.post("/explain")
def explain(project: str, query: Query_) -> Any: ...


@queries.get("/live")
def live(project: str, top: Annotated[list[Literal["page", "country"]], Query()] = ["page"]) -> Live: ...


@queries.get("/quick")
def quick(
    project: str,
    metric: str,
    aggregate: Aggregate = Aggregate.count,
    granularity: Granularity | None = None,
    last: Annotated[int, Query(gt=0, lt=1000)] = 7,
    where: Annotated[str | None, Query(description="As in the address bar.", deprecated=True)] = None,
) -> Series: ...


@schema.get("/events")
def list_event_names(project: str, prefix: str = "") -> list[str]: ...


@schema.get("/events/{name}")
def read_event_schema(project: str, name: str) -> dict[str, Field_]: ...


@schema.put("/events/{name}", responses={409: {"model": Problem}})
def write_event_schema(project: str, name: str, fields: dict[str, Field_]) -> dict[str, Field_]: ...


@schema.delete("/events/{name}", status_code=204)
def forget_event(project: str, name: str) -> None: ...


@schema.get("/fields")
def list_fields(project: str, type: Literal["string", "number", "boolean", "time"] | None = None) -> Page[Field_]: ...


@schema.get("/fields/{field}/values")
def list_values(project: str, field: str, q: str | None = None) -> list[str | float | bool | None]: ...


@projects.get("")
def list_projects() -> list[Project]: ...


@projects.post("", status_code=201)
def create_project(project: Project) -> Project: ...


@projects.get("/{project}")
def read_project(project: Project_) -> Project: ...


@projects.put("/{project}")
def replace_project(project: Project_, new: Project) -> Project: ...


@projects.delete("/{project}", status_code=202)
def delete_project(project: Project_, confirm: Literal["yes"]) -> dict[str, datetime]: ...


@projects.get("/{project}/members")
def list_members(project: Project_) -> list[Member]: ...


@projects.post("/{project}/members", status_code=201)
def invite(project: Project_, invitation: Invitation) -> Member: ...


@projects.delete("/{project}/members/{email}", status_code=204)
def remove_member(project: Project_, email: EmailStr) -> None: ...


@projects.get("/{project}/usage")
def usage(project: Project_, month: Annotated[date | None, Query(examples=["2026-02-01"])] = None) -> Usage: ...


@projects.get("/{project}/keys")
def list_keys(project: Project_) -> list[Key]: ...


@projects.post("/{project}/keys", status_code=201)
def create_key(project: Project_, key: Key) -> NewKey: ...


app = FastAPI(
    title="Metrics",
    version="0.38.0",
    servers=[{"url": "https://metrics.example.com"}],
    license_info={"name": "MIT", "url": "https://metrics.example.com/license"},
)
for router in (
    ingest,
    projects,
    schema,
    queries,
    saved_routes("dashboards", Dashboard, DashboardCreate, DashboardPatch),
    saved_routes("reports", Report, ReportCreate, ReportPatch),
    saved_routes("alerts", Alert, AlertCreate, AlertPatch),
    saved_routes("segments", Segment, SegmentCreate, SegmentPatch),
    saved_routes("funnels", Funnel, FunnelCreate, FunnelPatch),
    saved_routes("goals", Goal, GoalCreate, GoalPatch),
    saved_routes("experiments", Experiment, ExperimentCreate, ExperimentPatch),
    saved_routes("annotations", Annotation, AnnotationCreate, AnnotationPatch),
    saved_routes("sources", Source, SourceCreate, SourcePatch),
):
    app.include_router(router)

exports = saved_routes("exports", Export, ExportCreate, ExportPatch)
app.include_router(exports)


@app.get("/embed/{dashboard_id}", response_class=HTMLResponse, tags=["dashboards"])
def embed(dashboard_id: UUID, theme: Literal["light", "dark"] = "light") -> str: ...


@app.get("/health", tags=["service"])
def health() -> dict[str, Literal["up", "down"]]: ...


@app.get("/robots.txt", response_class=PlainTextResponse, include_in_schema=False)
def robots() -> str: ...
