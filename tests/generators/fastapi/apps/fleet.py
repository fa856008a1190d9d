"""A fleet of vehicles and their devices: twenty resources with the same eight routes, and a few routes of their own."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Generic, Literal, NamedTuple, Optional, TypeVar, Union
from uuid import UUID

from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, Path, Query, Security, UploadFile
from fastapi.responses import FileResponse, PlainTextResponse, Response
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2AuthorizationCodeBearer
from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    EmailStr,
    Field,
    HttpUrl,
    NaiveDatetime,
    RootModel,
    StrictInt,
    StringConstraints,
    computed_field,
)
from typing_extensions import TypedDict

T = TypeVar("T")
person = OAuth2AuthorizationCodeBearer(
    authorizationUrl="https://login.fleet.example.com/authorize",
    tokenUrl="https://login.fleet.example.com/token",
    scopes={"fleet": "See the fleet", "fleet:write": "Change the fleet"},
    scheme_name="Person",
)
device_key = APIKeyHeader(name="X-Device-Key", scheme_name="Device")
partner = HTTPBearer(scheme_name="Partner", auto_error=False)

Vin = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$", strip_whitespace=True)]
Percent = Annotated[float, Field(ge=0, le=100)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(gt=-180, le=180)]


class Paged(BaseModel, Generic[T]):
    """A page of a list with a cursor."""

    items: list[T]
    next: str | None = None
    count: int | None = Field(None, ge=0)


class BatchItem(BaseModel, Generic[T]):
    id: UUID
    result: T | None = None
    error: str | None = None


class Error(BaseModel):
    error: str
    message: str
    fields: dict[str, list[str]] | None = None


class Missing(BaseModel):
    resource: str
    id: UUID | str


class Busy(BaseModel):
    holder: str
    since: datetime


class Position(NamedTuple):
    latitude: float
    longitude: float
    altitude: float | None = None


class Labels(TypedDict, total=False):
    team: str
    cost_center: str
    color: Literal["red", "green", "blue"]


class Power(str, Enum):
    diesel = "diesel"
    petrol = "petrol"
    electric = "electric"
    hybrid = "hybrid"
    hydrogen = "hydrogen"


class Health(IntEnum):
    unknown = 0
    good = 1
    degraded = 2
    failed = 3


class Capability(IntFlag):
    gnss = 1
    can = 2
    camera = 4


class Severity(str, Enum):
    info = "info"
    warning = "warning"
    error = "error"
    critical = "critical"


class Stored(BaseModel):
    id: UUID
    created: datetime
    modified: datetime | None = None
    etag: str


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


# Vehicles


class Dimensions(Strict):
    length: Annotated[float, Field(gt=0)]
    width: Annotated[float, Field(gt=0)]
    height: Annotated[float, Field(gt=0)] | None = None


class VehicleCreate(Strict):
    vin: Vin
    plate: str | None = None
    model: UUID
    power: Power = Power.diesel
    depot: UUID | None = None
    labels: Labels = {}
    dimensions: Dimensions | None = None
    bought: date | None = None
    price: Decimal | None = Field(None, gt=0, max_digits=10, decimal_places=2)


class VehiclePatch(Strict):
    plate: str | None = None
    depot: UUID | None = None
    labels: Labels | None = None


class Vehicle(VehicleCreate, Stored):
    odometer: Annotated[float, Field(ge=0, multiple_of=0.5)] = 0
    last_position: Position | None = None
    health: Health = Health.unknown

    @computed_field
    @property
    def moving(self) -> bool | None:
        return None


# Models of vehicles


class VehicleModelCreate(BaseModel):
    model_config = ConfigDict(protected_namespaces=())

    maker: str
    name: str
    model_year: Annotated[int, Field(ge=1990, lt=2100)]
    axles: Literal[2, 3, 4, 5] = 2
    seats: int = Field(2, gt=0)


class VehicleModelPatch(BaseModel):
    name: str | None = None
    seats: int | None = None


class VehicleModel(VehicleModelCreate, Stored):
    pass


# Devices


class Cellular(BaseModel):
    link: Literal["cellular"]
    imei: Annotated[str, Field(pattern=r"^\d{15}$")]
    apn: str | None = None


class Wifi(BaseModel):
    link: Literal["wifi"]
    ssid: str = Field(max_length=32)
    address: IPv4Address | IPv6Address | None = None


class Satellite(BaseModel):
    link: Literal["satellite", "satellite-burst"]
    terminal: int


Link = Annotated[Union[Cellular, Wifi, Satellite], Field(discriminator="link")]


class DeviceCreate(Strict):
    serial: str = Field(min_length=6, max_length=32, examples=["GW-000001"])
    vehicle: UUID | None = None
    links: list[Link] = Field(min_length=1)
    capabilities: Capability = Capability.gnss
    interval: timedelta = timedelta(seconds=30)


class DevicePatch(Strict):
    vehicle: UUID | None = None
    links: list[Link] | None = None
    interval: timedelta | None = None


class Device(DeviceCreate, Stored):
    firmware: str | None = None
    seen: datetime | None = None
    storage: ByteSize | None = None
    shadow: dict[str, Any] = {}


# Sensors


class Calibration(BaseModel):
    points: list[tuple[float, float]] = Field(min_length=2)
    by: str | None = None
    on: date


class SensorCreate(BaseModel):
    device: UUID
    quantity: Literal["temperature", "pressure", "fuel", "door", "humidity"]
    unit: str = "°C"
    range: tuple[float, float] | None = None
    calibration: Calibration | None = None


class SensorPatch(BaseModel):
    unit: str | None = None
    calibration: Calibration | None = None


class Sensor(SensorCreate, Stored):
    last: float | bool | None = None


# Drivers


class Licence(BaseModel):
    number: str
    classes: set[Literal["B", "C", "CE", "D"]]
    expires: date


class DriverCreate(BaseModel):
    badge: Annotated[str, Field(pattern="^D[0-9]{5}$", examples=["D00001"])]
    email: EmailStr | None = None
    licence: Licence
    languages: list[str] = ["fr"]


class DriverPatch(BaseModel):
    email: EmailStr | None = None
    licence: Licence | None = None


class Driver(DriverCreate, Stored):
    score: Percent | None = None


# Depots


class Address(BaseModel):
    lines: list[str]
    city: str
    country: str = Field("FR", pattern="^[A-Z]{2}$")


class DepotCreate(BaseModel):
    name: str
    address: Address
    position: Position
    opens: time = time(6)
    closes: time = time(22)
    chargers: int = Field(0, ge=0)


class DepotPatch(BaseModel):
    name: str | None = None
    address: Address | None = None
    chargers: int | None = None


class Depot(DepotCreate, Stored):
    parent: Optional["Depot"] = None
    below: list["Depot"] = []


# Geofences


class Circle(BaseModel):
    shape: Literal["circle"] = "circle"
    center: tuple[Longitude, Latitude]
    radius: float = Field(gt=0, lt=100_000)


class Polygon(BaseModel):
    shape: Literal["polygon"] = "polygon"
    ring: list[tuple[Longitude, Latitude]] = Field(min_length=4)
    holes: list["Polygon"] = []


class Corridor(BaseModel):
    shape: Literal["corridor"] = "corridor"
    line: list[tuple[Longitude, Latitude]]
    width: float = 50


Shape = Annotated[Circle | Polygon | Corridor, Field(discriminator="shape")]


class GeofenceCreate(BaseModel):
    name: str
    shape: Shape
    active: tuple[time, time] | None = None
    speed_limit: Annotated[int, Field(gt=0, le=130, multiple_of=5)] | None = None


class GeofencePatch(BaseModel):
    name: str | None = None
    shape: Shape | None = None


class Geofence(GeofenceCreate, Stored):
    area: float | None = None


# Routes and trips


class Stop(BaseModel):
    at: Position
    arrive: NaiveDatetime | None = None
    service: timedelta = timedelta(minutes=10)
    note: str | None = None


class RouteCreate(BaseModel):
    name: str
    stops: list[Stop] = Field(min_length=2, max_length=200)
    return_to_start: bool = False


class RoutePatch(BaseModel):
    name: str | None = None
    stops: list[Stop] | None = None


class Route(RouteCreate, Stored):
    length: float
    geometry: list[tuple[float, float]] | str


class TripCreate(BaseModel):
    vehicle: UUID
    driver: UUID | None = None
    route: UUID | None = None
    start: datetime


class TripPatch(BaseModel):
    driver: UUID | None = None
    end: datetime | None = None


class Trip(TripCreate, Stored):
    end: datetime | None = None
    distance: float = 0
    consumption: dict[Power, float] = {}

    @computed_field
    @property
    def duration(self) -> timedelta | None:
        return None


# Rules and alerts


class Threshold(BaseModel):
    when: Literal["threshold"]
    sensor: UUID
    above: float | None = None
    below: float | None = None


class Crossing(BaseModel):
    when: Literal["crossing"]
    geofence: UUID
    direction: Literal["in", "out", "both"] = "both"


class Silence(BaseModel):
    when: Literal["silence"]
    longer_than: timedelta


class Every(BaseModel):
    when: Literal["every"]
    of: list["Trigger"] = Field(min_length=1)


Trigger = Annotated[Union[Threshold, Crossing, Silence, Every], Field(discriminator="when")]


class RuleCreate(BaseModel):
    name: str
    trigger: Trigger
    severity: Severity = Severity.warning
    notify: list[EmailStr | HttpUrl] = []
    enabled: bool = True


class RulePatch(BaseModel):
    trigger: Trigger | None = None
    severity: Severity | None = None
    enabled: bool | None = None


class Rule(RuleCreate, Stored):
    fired: int = 0


class AlertCreate(BaseModel):
    rule: UUID | None = None
    vehicle: UUID
    severity: Severity
    text: str


class AlertPatch(BaseModel):
    acknowledged: bool | None = None
    comment: str | None = None


class Alert(AlertCreate, Stored):
    acknowledged_at: datetime | None = None
    context: dict[str, Any] | list[Any] | str | None = None


# Firmware and its campaigns


class FirmwareCreate(BaseModel):
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+(-[a-z0-9.]+)?$", examples=["2.11.0"])]
    hardware: list[str]
    notes: str = ""
    sha256: Annotated[str, Field(min_length=64, max_length=64)]
    size: ByteSize


class FirmwarePatch(BaseModel):
    notes: str | None = None
    withdrawn: bool | None = None


class Firmware(FirmwareCreate, Stored):
    withdrawn: bool = False
    url: HttpUrl | None = Field(None, deprecated=True)


class RolloutCreate(BaseModel):
    firmware: UUID
    devices: list[UUID] | Literal["all"]
    waves: list[Percent] = [1, 10, 100]
    window: tuple[time, time] | None = None


class RolloutPatch(BaseModel):
    waves: list[Percent] | None = None
    paused: bool | None = None


class Rollout(RolloutCreate, Stored):
    progress: dict[Literal["pending", "done", "failed"], int] = {}


# Commands


class Reboot(BaseModel):
    do: Literal["reboot"]
    delay: int = 0


class SetInterval(BaseModel):
    do: Literal["set_interval"]
    interval: timedelta


class Immobilise(BaseModel):
    do: Literal["immobilise", "release"]
    confirm: Literal[True]
    reason: str = Field(min_length=5)


class CommandCreate(BaseModel):
    device: UUID
    action: Reboot | SetInterval | Immobilise = Field(discriminator="do")
    expires: datetime | None = None


class CommandPatch(BaseModel):
    expires: datetime | None = None


class Command(CommandCreate, Stored):
    state: Literal["queued", "sent", "acknowledged", "expired"] = "queued"
    answer: Any = None


# Maintenance, fuel, charging


class Part(BaseModel):
    reference: str
    quantity: int = Field(1, gt=0)
    price: Decimal | None = None


class JobCreate(BaseModel):
    vehicle: UUID
    kind: Literal["service", "repair", "inspection"]
    due: date | Annotated[int, Field(gt=0, description="On the odometer.")]
    parts: list[Part] = []


class JobPatch(BaseModel):
    due: date | int | None = None
    parts: list[Part] | None = None
    done: date | None = None


class Job(JobCreate, Stored):
    done: date | None = None


class FuelingCreate(BaseModel):
    vehicle: UUID
    at: datetime
    litres: Annotated[Decimal, Field(gt=0, lt=2000, decimal_places=2)]
    cost: Decimal | None = None
    full: bool = True


class FuelingPatch(BaseModel):
    litres: Decimal | None = None
    cost: Decimal | None = None


class Fueling(FuelingCreate, Stored):
    receipt: HttpUrl | None = None


class ChargerCreate(BaseModel):
    depot: UUID
    connectors: list[Literal["type2", "ccs", "chademo"]] = Field(min_length=1)
    kilowatts: Annotated[float, Field(gt=0, le=400)]


class ChargerPatch(BaseModel):
    kilowatts: float | None = None


class Charger(ChargerCreate, Stored):
    in_use: list[bool] = []


class ChargingCreate(BaseModel):
    charger: UUID
    vehicle: UUID
    target: Percent = 80
    by: datetime | None = None


class ChargingPatch(BaseModel):
    target: Percent | None = None
    by: datetime | None = None


class Charging(ChargingCreate, Stored):
    curve: list[tuple[timedelta, float]] = []


# People, keys and hooks


class UserCreate(BaseModel):
    email: EmailStr
    roles: set[Literal["viewer", "dispatcher", "admin"]] = {"viewer"}
    settings: dict[str, str | bool | int] = {}


class UserPatch(BaseModel):
    roles: set[Literal["viewer", "dispatcher", "admin"]] | None = None


class User(UserCreate, Stored):
    last_login: datetime | None = None


class GroupCreate(BaseModel):
    name: str
    members: list[UUID] = []


class GroupPatch(BaseModel):
    name: str | None = None
    members: list[UUID] | None = None


class Group(GroupCreate, Stored):
    subgroups: list["Group"] = []


class HookCreate(BaseModel):
    url: HttpUrl
    events: list[Literal["alert.raised", "trip.ended", "device.silent"]]
    secret: Annotated[bytes, Field(min_length=16)] | None = None


class HookPatch(BaseModel):
    url: HttpUrl | None = None
    enabled: bool | None = None


class Hook(HookCreate, Stored):
    enabled: bool = True
    failures: StrictInt = 0


# Models of single routes


class Reading(BaseModel):
    sensor: UUID
    at: datetime
    value: float | bool


class Telemetry(RootModel[list[Reading]]):
    """Readings, oldest first."""


class Track(BaseModel):
    vehicle: UUID
    points: list[tuple[datetime, Position]]
    simplified: bool = False


class Window(BaseModel):
    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    resolution: Literal["raw", "1m", "1h"] = "1m"


class Summary(BaseModel):
    vehicles: dict[Power, int]
    health: dict[str, int]
    busiest: Optional[tuple[UUID, float]] = None


class Diagnosis(BaseModel):
    code: Annotated[str, Field(pattern="^[PCBU][0-9A-F]{4}$")]
    severity: Severity
    freeze_frame: dict[str, float | str] | None = None
    causes: list["Diagnosis"] = []


class Near(BaseModel):
    vehicle: Vehicle
    metres: float


class Plan(BaseModel):
    trips: list[Trip]
    unserved: list[Stop] = []
    cost: Decimal


class PlanRequest(BaseModel):
    vehicles: list[UUID]
    stops: list[Stop]
    objective: Literal["distance", "time"] | dict[Literal["distance", "time"], float] = "distance"


class Query_(BaseModel):
    """The filters that every list has."""

    model_config = ConfigDict(extra="forbid")

    q: str | None = Field(None, description="Words to look for.")
    ids: list[UUID] = []
    created_after: datetime | None = None
    order: Literal["created", "-created"] = "-created"
    cursor: str | None = None
    limit: int = Field(100, ge=1, le=1000)


missing: dict[int | str, dict[str, Any]] = {404: {"model": Missing, "description": "Nothing has this identifier"}}
stale: dict[int | str, dict[str, Any]] = {**missing, 412: {"model": Error, "description": "Changed since"}}

app = FastAPI(
    title="Fleet",
    summary="Vehicles, the devices in them, and what they tell.",
    version="5.12.3",
    license_info={"name": "Proprietary", "identifier": "LicenseRef-Fleet"},
    openapi_tags=[{"name": "vehicles"}, {"name": "devices", "description": "What is built into vehicles."}],
    responses={401: {"model": Error}, 403: {"model": Error, "description": "Not with these rights"}},
)


def resource(
    name: str,
    read: type[Stored],
    create: type[BaseModel],
    change: type[BaseModel],
    conflict: type[BaseModel] = Error,
) -> APIRouter:
    """Returns the eight routes that every resource has."""
    # `:uuid` matches only identifiers, so that `/vehicles/near` is another route. The document omits `:uuid`.
    routes = APIRouter(prefix=f"/{name}", tags=[name], dependencies=[Security(person, scopes=["fleet"])])

    @routes.get("", summary=f"List {name}")
    def list_items(query: Annotated[Query_, Query()]) -> Paged[read]: ...

    @routes.post("", status_code=201, summary=f"Create one of {name}", responses={409: {"model": conflict}})
    def create_item(new: create, idempotency_key: Annotated[str | None, Header(max_length=64)] = None) -> read: ...

    @routes.post("/batch", status_code=207, summary=f"Change several {name}")
    def change_items(changes: dict[UUID, change]) -> list[BatchItem[read]]: ...

    @routes.get("/count", summary=f"Count {name}")
    def count_items(q: str | None = None) -> int: ...

    @routes.get("/{item_id:uuid}", summary=f"Read one of {name}", responses=missing)
    def read_item(item_id: UUID, expand: Annotated[list[str] | None, Query()] = None) -> read: ...

    @routes.put("/{item_id:uuid}", summary=f"Replace one of {name}", responses={**stale, 409: {"model": conflict}})
    def replace_item(item_id: UUID, new: create, if_match: Annotated[str, Header()]) -> read: ...

    @routes.patch("/{item_id:uuid}", summary=f"Change one of {name}", responses=stale)
    def change_item(item_id: UUID, change: change, if_match: Annotated[str | None, Header()] = None) -> read: ...

    @routes.delete("/{item_id:uuid}", status_code=204, summary=f"Delete one of {name}", responses=missing)
    def delete_item(item_id: UUID) -> None: ...

    return routes


vehicles = resource("vehicles", Vehicle, VehicleCreate, VehiclePatch, Busy)
devices = resource("devices", Device, DeviceCreate, DevicePatch, Busy)
trips = resource("trips", Trip, TripCreate, TripPatch, Busy)
alerts = resource("alerts", Alert, AlertCreate, AlertPatch)
firmware = resource("firmware", Firmware, FirmwareCreate, FirmwarePatch)
rollouts = resource("rollouts", Rollout, RolloutCreate, RolloutPatch)
depots = resource("depots", Depot, DepotCreate, DepotPatch)
users = resource("users", User, UserCreate, UserPatch)


@vehicles.get("/near")
def vehicles_near(
    latitude: Latitude, longitude: Longitude, within: Annotated[float, Query(gt=0, le=50_000)] = 1000
) -> list[Near]: ...


@vehicles.get("/by-vin/{vin}", responses=missing)
def vehicle_by_vin(vin: Annotated[Vin, Path()]) -> Vehicle: ...


@vehicles.get("/{item_id}/track", responses=missing)
def read_track(item_id: UUID, window: Annotated[Window, Query()]) -> Track: ...


@vehicles.get("/{item_id}/diagnoses", responses=missing)
def list_diagnoses(item_id: UUID, severity: Annotated[list[Severity] | None, Query()] = None) -> list[Diagnosis]: ...


@vehicles.delete("/{item_id}/diagnoses", status_code=204, responses=missing)
def clear_diagnoses(item_id: UUID) -> None: ...


@vehicles.put("/{item_id}/driver", responses={**missing, 409: {"model": Busy}})
def hand_over(item_id: UUID, driver: Annotated[UUID | None, Body(embed=True)]) -> Vehicle: ...


@vehicles.get("/{item_id}/labels", responses=missing)
def read_labels(item_id: UUID) -> Labels: ...


@vehicles.put("/{item_id}/labels", responses=missing)
def write_labels(item_id: UUID, labels: Labels) -> Labels: ...


@vehicles.post("/{item_id}/photos", status_code=201, responses={**missing, 415: {"model": Error}})
def add_photo(item_id: UUID, photo: UploadFile) -> dict[str, HttpUrl]: ...


@vehicles.get("/{item_id}/registration.pdf", response_class=FileResponse, responses=missing)
def read_registration(item_id: UUID): ...


@devices.get("/unclaimed")
def list_unclaimed(seen_after: datetime | None = None) -> list[Device]: ...


@devices.get("/{item_id}/shadow", responses=missing)
def read_shadow(item_id: UUID) -> dict[str, Any]: ...


@devices.put("/{item_id}/shadow", responses=stale)
def write_shadow(item_id: UUID, shadow: dict[str, Any], if_match: Annotated[str, Header()]) -> dict[str, Any]: ...


@devices.get("/{item_id}/logs", response_class=PlainTextResponse, responses=missing)
def read_logs(item_id: UUID, lines: Annotated[int, Query(gt=0, le=5000)] = 200) -> str: ...


@devices.post("/{item_id}/ping", responses={202: {"description": "Not yet answered"}, **missing, 504: {"model": Error}})
def ping(item_id: UUID, timeout: timedelta = timedelta(seconds=5)) -> dict[str, float]: ...


@devices.post("/{item_id}/key", responses=missing)
def rotate_key(item_id: UUID) -> Annotated[str, Field(min_length=32)]: ...


@devices.get("/{item_id}/capabilities", responses=missing)
def read_capabilities(item_id: UUID) -> list[Literal["gnss", "can", "camera"]]: ...


@trips.post("/plan", responses={422: {"model": Error, "description": "No plan exists"}})
def plan_trips(request: PlanRequest) -> Plan: ...


@trips.post("/{item_id}/end", responses=missing)
def end_trip(item_id: UUID, odometer: Annotated[float | None, Body()] = None) -> Trip: ...


@trips.get("/{item_id}/events", responses=missing)
def list_trip_events(item_id: UUID) -> list[Alert | Reading]: ...


@alerts.post("/{item_id}/acknowledge", responses=missing)
def acknowledge(item_id: UUID, patch: AlertPatch | None = None) -> Alert: ...


@alerts.get("/feed/{severity}")
def alert_feed(severity: Severity, since: datetime, last_id: Annotated[int | None, Header()] = None) -> list[Alert]: ...


@firmware.put("/{item_id}/image", status_code=204, responses=missing)
def upload_image(item_id: UUID, image: Annotated[bytes, Body(media_type="application/octet-stream")]) -> None: ...


@firmware.get("/{item_id}/image", response_class=Response, responses=missing)
def download_image(item_id: UUID, range: Annotated[str | None, Header()] = None): ...


@rollouts.post("/{item_id}/pause", responses=missing)
def pause_rollout(item_id: UUID) -> Rollout: ...


@rollouts.post("/{item_id}/resume", responses=missing)
def resume_rollout(item_id: UUID, from_wave: Annotated[int, Query(alias="from-wave", ge=0)] = 0) -> Rollout: ...


@depots.get("/{item_id}/tree", responses=missing)
def read_depot_tree(item_id: UUID, depth: int = 3) -> Depot: ...


@depots.get("/{item_id}/vehicles", responses=missing)
def list_depot_vehicles(item_id: UUID, power: Power | None = None) -> Paged[Vehicle]: ...


@users.get("/me")
def read_me(fleet_tenant: Annotated[str | None, Cookie()] = None) -> User: ...


@users.put("/me/settings")
def write_settings(settings: dict[str, str | bool | int]) -> User: ...


telemetry = APIRouter(tags=["telemetry"], dependencies=[Depends(device_key)])


@telemetry.post("/telemetry", status_code=202)
def send_telemetry(
    readings: Telemetry, content_encoding: Annotated[Literal["gzip"] | None, Header()] = None
) -> int: ...


@telemetry.get("/telemetry/{sensor_id}", responses=missing)
def read_telemetry(sensor_id: UUID, window: Annotated[Window, Query()]) -> list[Reading]: ...


@telemetry.get("/telemetry/{sensor_id}/latest", responses=missing)
def latest_reading(sensor_id: UUID) -> Reading | None: ...


@telemetry.post("/positions", status_code=204)
def send_positions(vehicle: Annotated[UUID, Body()], positions: Annotated[list[Position], Body()]) -> None: ...


for router in (
    vehicles,
    resource("vehicle-models", VehicleModel, VehicleModelCreate, VehicleModelPatch),
    devices,
    resource("sensors", Sensor, SensorCreate, SensorPatch),
    resource("drivers", Driver, DriverCreate, DriverPatch),
    depots,
    resource("geofences", Geofence, GeofenceCreate, GeofencePatch),
    resource("routes", Route, RouteCreate, RoutePatch),
    trips,
    resource("rules", Rule, RuleCreate, RulePatch),
    alerts,
    firmware,
    rollouts,
    resource("commands", Command, CommandCreate, CommandPatch),
    resource("jobs", Job, JobCreate, JobPatch),
    resource("fuelings", Fueling, FuelingCreate, FuelingPatch),
    resource("chargers", Charger, ChargerCreate, ChargerPatch, Busy),
    resource("charging-sessions", Charging, ChargingCreate, ChargingPatch, Busy),
    users,
    resource("groups", Group, GroupCreate, GroupPatch),
    telemetry,
):
    app.include_router(router, prefix="/v2")

callbacks = APIRouter()


@callbacks.post("{$request.body#/url}")
def deliver(alert: Alert, x_signature: Annotated[str, Header()]) -> None:
    """Each event, signed with the secret."""


@app.get("/v2/hooks", tags=["hooks"], dependencies=[Depends(person)])
def list_hooks() -> list[Hook]: ...


@app.post("/v2/hooks", tags=["hooks"], status_code=201, dependencies=[Depends(person)], callbacks=callbacks.routes)
def create_hook(hook: HookCreate) -> Hook: ...


@app.patch("/v2/hooks/{hook_id}", tags=["hooks"], dependencies=[Depends(person)], responses=missing)
def change_hook(hook_id: UUID, change: HookPatch) -> Hook: ...


@app.delete("/v2/hooks/{hook_id}", tags=["hooks"], status_code=204, dependencies=[Depends(person)], responses=missing)
def delete_hook(hook_id: UUID) -> None: ...


@app.get("/v1/vehicles", tags=["vehicles"], deprecated=True, dependencies=[Depends(partner)])
def list_vehicles_v1(page: int = 1, plate: str | None = None) -> list[Vehicle]: ...


@app.get("/v2/summary", tags=["vehicles"], dependencies=[Depends(person)])
def summary(fleet_tenant: Annotated[str, Cookie(min_length=1)], on: date | None = None) -> Summary: ...
