"""A clinic: patients, staff, slots and appointments. Requests and responses share one schema per model."""

from datetime import date, datetime, time, timedelta
from enum import Enum, IntEnum
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar, Union
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, File, Form, Header, Path, Query, Response, UploadFile
from fastapi.security import HTTPBasic, OpenIdConnect
from pydantic import (
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    NonNegativeInt,
    PastDate,
    PositiveFloat,
    RootModel,
    SecretStr,
    computed_field,
)

from apps import clinic_billing

T = TypeVar("T")
K = TypeVar("K")
sign_in = OpenIdConnect(openIdConnectUrl="https://login.clinic.example.com/.well-known/openid-configuration")
basic = HTTPBasic(auto_error=False)


class Listing(BaseModel, Generic[T]):
    entries: list[T]
    total: NonNegativeInt
    next: Optional[str] = None


class Versioned(BaseModel, Generic[T, K]):
    version: int = Field(gt=0)
    key: K
    value: T
    previous: Optional["Versioned[T, K]"] = None


class Triage(IntEnum):
    immediate = 1
    very_urgent = 2
    urgent = 3
    standard = 4
    minor = 5


class Sex(str, Enum):
    female = "F"
    male = "M"
    other = "X"


class BloodGroup(str, Enum):
    """Written as on the card."""

    o_minus = "O-"
    o_plus = "O+"
    a_minus = "A-"
    a_plus = "A+"
    b_minus = "B-"
    b_plus = "B+"
    ab_minus = "AB-"
    ab_plus = "AB+"


class Status(str, Enum):
    booked = "booked"
    arrived = "arrived"
    in_room = "in room"
    done = "done"
    missed = "missed"
    cancelled = "cancelled"


class Address(BaseModel):
    street: str
    postcode: Annotated[str, Field(min_length=4, max_length=10)]
    city: str


class Contact(BaseModel):
    relation: Literal["parent", "partner", "child", "other"] = "other"
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ]{6,20}$")]
    email: Optional[EmailStr] = None


class Allergy(BaseModel):
    substance: str
    severity: Optional[Literal[1, 2, 3]] = None
    since: Optional[date] = None


class Person(BaseModel):
    family_name: str
    given_names: list[str] = Field(min_length=1)
    born: PastDate
    sex: Optional[Sex] = None

    @computed_field
    @property
    def age(self) -> int:
        return 0


class PatientCreate(Person):
    model_config = ConfigDict(extra="forbid", title="New patient")

    insurance_number: Optional[SecretStr] = None
    address: Optional[Address] = None
    contacts: list[Contact] = []
    allergies: list[Allergy] = Field(default_factory=list)
    blood: Optional[BloodGroup] = None


class Patient(Person):
    id: UUID
    record: str = Field(pattern=r"^P\d{8}$", examples=["P00000001"])
    address: Optional[Address] = None
    contacts: list[Contact] = []
    allergies: list[Allergy] = []
    blood: Optional[BloodGroup] = Field(None, description="Unless it is known, nothing.")
    registered_at: AwareDatetime
    deceased: Optional[date] = None


class PatientChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: Optional[Address] = None
    contacts: Optional[list[Contact]] = None
    blood: Optional[BloodGroup] = None


class Practitioner(Person):
    id: int
    specialties: Annotated[list[str], Field(min_length=1)]
    languages: set[str] = {"fr"}
    room: Optional["Room"] = None


class Nurse(Person):
    id: int
    ward: str
    night: bool = False


class Room(BaseModel):
    code: str
    floor: int = Field(0, ge=-3, le=20)
    equipment: dict[str, bool] = {}


# Distinguished only by their fields.
Staff = Union[Practitioner, Nurse]


class Shift(BaseModel):
    day: date
    start: time
    end: time
    breaks: list[tuple[time, timedelta]] = []


class Rota(RootModel[dict[str, list[Shift]]]):
    """The shifts, by the code of the ward."""


class Slot(BaseModel):
    id: UUID
    practitioner_id: int
    start: datetime
    length: timedelta = timedelta(minutes=20)
    free: bool = True


class SlotSearch(BaseModel):
    specialty: Optional[str] = None
    practitioner_id: Optional[list[int]] = None
    day_from: Optional[date] = None
    day_to: Optional[date] = None
    earliest: time = time(8, 0)
    length: Optional[timedelta] = None
    weekday: list[Literal[1, 2, 3, 4, 5, 6, 7]] = []


class OnSite(BaseModel):
    place: Literal["on_site"] = "on_site"
    room: Optional[Room] = None


class Remote(BaseModel):
    place: Literal["remote"] = "remote"
    link: Optional[str] = None
    dial_in: Optional[str] = None


class AtHome(BaseModel):
    place: Literal["home"] = "home"
    address: Address
    distance_km: PositiveFloat


Place = Annotated[Union[OnSite, Remote, AtHome], Field(discriminator="place")]


class Note(BaseModel):
    """What was written about a patient."""

    id: UUID
    at: datetime
    text: str
    amends: Optional["Note"] = None


class AppointmentCreate(BaseModel):
    patient_id: UUID
    slot_id: UUID
    place: Place = OnSite()
    reason: str = Field(max_length=500)
    triage: Triage = Triage.standard
    reminders: list[Literal["sms", "email"]] = ["sms"]


class Appointment(BaseModel):
    id: UUID
    patient: Patient
    slot: Slot
    place: Place
    status: Status = Status.booked
    triage: Triage
    notes: list[Note] = []
    bill: Optional[clinic_billing.Bill] = None
    wait: Optional[timedelta] = None


class AppointmentChange(BaseModel):
    slot_id: Optional[UUID] = None
    place: Optional[Place] = None
    triage: Optional[Triage] = None


class Quantity(BaseModel):
    value: float
    unit: str
    reference: Optional[tuple[Optional[float], Optional[float]]] = None


class Observation(BaseModel):
    model_config = ConfigDict(extra="allow")

    code: str
    at: datetime
    value: Union[Quantity, str, bool, None]


class Panel(BaseModel):
    """Results of the laboratory, and panels in panels."""

    name: str
    observations: list[Observation] = []
    panels: list["Panel"] = []


class Prescription(BaseModel):
    id: UUID
    drug: str
    dose: Quantity
    every: timedelta
    until: Optional[date] = None
    substitutable: bool = True


class PrescriptionCreate(BaseModel):
    drug: str
    dose: Quantity
    every: timedelta
    until: Optional[date] = None


class Scan(BaseModel):
    id: UUID
    modality: Literal["CT", "MR", "US", "XR"]
    taken: datetime
    thumbnail: Optional[Base64Bytes] = None


class Consent(BaseModel):
    scope: Literal["care", "research"]
    given: bool
    signature: Optional[bytes] = None


class Missing(BaseModel):
    resource: str
    id: Union[UUID, int, str]


class SlotTaken(BaseModel):
    slot: Slot
    alternatives: list[Slot] = []


class Locked(BaseModel):
    by: str
    until: datetime


missing: dict[int | str, dict[str, Any]] = {404: {"model": Missing}}
locked: dict[int | str, dict[str, Any]] = {**missing, 423: {"model": Locked, "description": "Being written"}}
taken: dict[int | str, dict[str, Any]] = {**missing, 409: {"model": SlotTaken}}

patients = APIRouter(prefix="/patients", tags=["patients"])
staff = APIRouter(prefix="/staff", tags=["staff"])
rooms = APIRouter(prefix="/rooms", tags=["rooms"])
slots = APIRouter(prefix="/slots", tags=["slots"])
appointments = APIRouter(prefix="/appointments", tags=["appointments"])
lab = APIRouter(prefix="/lab", tags=["laboratory"])
settings = APIRouter(prefix="/settings", tags=["settings"])

PatientId = Annotated[UUID, Path(title="Patient", description="The identifier, not the record number.")]


@patients.get("")
def list_patients(
    name: Annotated[Optional[str], Query(min_length=2)] = None,
    born: Optional[date] = None,
    blood: Optional[BloodGroup] = None,
    after: Optional[str] = None,
) -> Listing[Patient]: ...


@patients.post("", status_code=201, responses={200: {"model": Patient, "description": "Known already"}})
def register_patient(patient: PatientCreate, response: Response) -> Patient: ...


@patients.get("/by-record/{record}", responses=missing)
def find_patient(record: Annotated[str, Path(pattern=r"^P\d{8}$")]) -> Optional[Patient]: ...


@patients.get("/{patient_id}", responses=missing)
def read_patient(patient_id: PatientId) -> Patient: ...


@patients.put("/{patient_id}", responses=locked)
def replace_patient(patient_id: PatientId, patient: Patient) -> Patient: ...


@patients.patch("/{patient_id}", responses=locked)
def change_patient(patient_id: PatientId, change: PatientChange) -> Patient: ...


@patients.delete("/{patient_id}", status_code=204, responses=locked)
def erase_patient(patient_id: PatientId, reason: Annotated[str, Query(min_length=10)]) -> None: ...


@patients.get("/{patient_id}/notes", responses=missing)
def list_notes(patient_id: PatientId, since: Optional[datetime] = None) -> list[Note]: ...


@patients.post("/{patient_id}/notes", status_code=201, responses=locked)
def write_note(patient_id: PatientId, text: Annotated[str, Body(embed=True, min_length=1)]) -> Note: ...


@patients.get("/{patient_id}/allergies", responses=missing)
def list_allergies(patient_id: PatientId) -> list[Allergy]: ...


@patients.put("/{patient_id}/allergies", responses=locked)
def replace_allergies(patient_id: PatientId, allergies: list[Allergy]) -> list[Allergy]: ...


@patients.get("/{patient_id}/consents", responses=missing)
def list_consents(patient_id: PatientId) -> dict[Literal["care", "research"], Consent]: ...


@patients.put("/{patient_id}/consents/{scope}", responses=missing)
def give_consent(patient_id: PatientId, scope: Literal["care", "research"], consent: Consent) -> Consent: ...


@patients.get("/{patient_id}/prescriptions", responses=missing)
def list_prescriptions(patient_id: PatientId, current: bool = True) -> Listing[Prescription]: ...


@patients.post("/{patient_id}/prescriptions", status_code=201, responses=locked)
def prescribe(patient_id: PatientId, prescription: PrescriptionCreate) -> Prescription: ...


@patients.delete("/{patient_id}/prescriptions/{prescription_id}", status_code=204, responses=locked)
def stop_prescription(patient_id: PatientId, prescription_id: UUID) -> None: ...


@patients.get("/{patient_id}/scans", responses=missing)
def list_scans(patient_id: PatientId, modality: Optional[Literal["CT", "MR", "US", "XR"]] = None) -> list[Scan]: ...


@patients.post("/{patient_id}/scans", status_code=201, responses=locked)
def add_scan(
    patient_id: PatientId,
    modality: Annotated[Literal["CT", "MR", "US", "XR"], Form()],
    image: Annotated[UploadFile, File(description="As the device wrote it.")],
    taken: Annotated[Optional[datetime], Form()] = None,
) -> Scan: ...


@patients.get("/{patient_id}/timeline", responses=missing)
def read_timeline(patient_id: PatientId) -> list[Appointment | Note | Prescription]: ...


@patients.post("/merge", responses=locked)
def merge_patients(keep: Annotated[UUID, Body()], drop: Annotated[list[UUID], Body(min_length=1)]) -> Patient: ...


@staff.get("")
def list_staff(role: Optional[Literal["practitioner", "nurse"]] = None) -> Listing[Staff]: ...


@staff.post("", status_code=201)
def hire(member: Staff) -> Staff: ...


@staff.get("/rota")
def read_rota(week: Annotated[str, Query(pattern=r"^\d{4}-W\d{2}$", examples=["2026-W07"])]) -> Rota: ...


@staff.put("/rota")
def replace_rota(rota: Rota, week: str) -> Rota: ...


@staff.get("/{member_id}", responses=missing)
def read_member(member_id: int) -> Staff: ...


@staff.put("/{member_id}", responses=missing)
def replace_member(member_id: int, member: Staff) -> Staff: ...


@staff.delete("/{member_id}", status_code=204, responses=missing)
def dismiss(member_id: int) -> None: ...


@staff.get("/{member_id}/shifts", responses=missing)
def list_shifts(member_id: int, day: Optional[date] = None) -> list[Shift]: ...


@staff.post("/{member_id}/shifts", status_code=201, responses=missing)
def add_shift(member_id: int, shift: Shift) -> Shift: ...


@rooms.get("")
def list_rooms(floor: Annotated[list[int], Query()] = [0, 1]) -> list[Room]: ...


@rooms.get("/{code}", responses=missing)
def read_room(code: str) -> Room: ...


@rooms.put("/{code}", status_code=200)
def save_room(code: str, room: Room) -> Room: ...


@rooms.delete("/{code}", status_code=204, responses=missing)
def close_room(code: str) -> None: ...


@slots.get("")
def search_slots(search: Annotated[SlotSearch, Query()]) -> Listing[Slot]: ...


@slots.post("", status_code=201)
def open_slots(
    practitioner_id: Annotated[int, Body()],
    between: Annotated[tuple[datetime, datetime], Body()],
    length: Annotated[timedelta, Body()] = timedelta(minutes=20),
) -> list[Slot]: ...


@slots.get("/{slot_id}", responses=missing)
def read_slot(slot_id: UUID) -> Slot: ...


@slots.delete("/{slot_id}", status_code=204, responses=taken)
def withdraw_slot(slot_id: UUID) -> None: ...


@slots.get("/next/{specialty}", responses={**missing, 204: {"description": "None within a year"}})
def next_slot(specialty: str, after: Optional[datetime] = None) -> Slot: ...


@appointments.get("")
def list_appointments(
    day: Optional[date] = None,
    status: Annotated[list[Status], Query()] = [Status.booked, Status.arrived],
    triage: Optional[Triage] = None,
    practitioner_id: Optional[int] = None,
) -> Listing[Appointment]: ...


@appointments.post("", status_code=201, responses=taken)
def book(appointment: AppointmentCreate, x_request_id: Annotated[Optional[UUID], Header()] = None) -> Appointment: ...


@appointments.get("/waiting")
def waiting_room() -> list[tuple[Triage, Appointment]]: ...


@appointments.get("/{appointment_id}", responses=missing)
def read_appointment(appointment_id: UUID) -> Appointment: ...


@appointments.patch("/{appointment_id}", responses=taken)
def move_appointment(appointment_id: UUID, change: AppointmentChange) -> Appointment: ...


@appointments.post("/{appointment_id}/arrive", responses=missing)
def arrive(appointment_id: UUID) -> Appointment: ...


@appointments.post("/{appointment_id}/finish", responses=missing)
def finish(appointment_id: UUID, note: Annotated[Optional[str], Body()] = None) -> Appointment: ...


@appointments.post("/{appointment_id}/cancel", status_code=202, response_model=None, responses=missing)
def cancel(appointment_id: UUID, late: bool = False): ...


@lab.get("/panels/{patient_id}", responses=missing)
def list_panels(
    patient_id: UUID, code: Annotated[Optional[list[str]], Query(alias="code[]")] = None
) -> list[Panel]: ...


@lab.post("/panels/{patient_id}", status_code=201, responses=missing)
def add_panel(patient_id: UUID, panel: Panel) -> Panel: ...


@lab.get("/observations/{patient_id}/{code}", responses=missing)
def read_series(patient_id: UUID, code: str) -> list[tuple[datetime, float | None]]: ...


@lab.post(
    "/messages",
    status_code=202,
    openapi_extra={
        "requestBody": {
            "content": {"application/hl7-v2": {"schema": {"type": "string"}}},
            "required": True,
        },
        "x-rate-limit": 60,
    },
    dependencies=[Depends(basic)],
)
def receive_message(
    x_sender: Annotated[str, Header()], x_via: Annotated[Optional[list[str]], Header()] = None
) -> dict[str, str]:
    """Takes messages of analysers as they are."""


@settings.get("")
def read_settings() -> dict[str, Any]: ...


@settings.get("/{key}", responses=missing)
def read_setting(key: str) -> Versioned[dict[str, Any], str]: ...


@settings.put("/{key}", responses={**missing, 412: {"model": Versioned[dict[str, Any], str]}})
def write_setting(
    key: str, value: dict[str, Any], if_match: Annotated[int, Header()]
) -> Versioned[dict[str, Any], str]: ...


app = FastAPI(
    title="Clinic",
    version="7.1",
    description="Appointments and records.\n\nTimes are those of the clinic, unless they carry an offset.",
    separate_input_output_schemas=False,
    servers=[{"url": "/api"}],
    dependencies=[Depends(sign_in)],
    terms_of_service="https://clinic.example.com/terms",
)
for router in (patients, staff, rooms, slots, appointments, lab, clinic_billing.router, settings):
    app.include_router(router)
