"""The bills of the clinic. `Address`, `Status` and `Note` share their names with models in `clinic`."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, computed_field


class Status(str, Enum):
    open = "open"
    sent = "sent"
    settled = "settled"
    disputed = "disputed"


class Address(BaseModel):
    """Where a bill goes."""

    recipient: str
    lines: list[str]
    country: str = "FR"


class Note(BaseModel):
    text: str
    internal: bool = True


class BillLine(BaseModel):
    code: Annotated[str, Field(pattern=r"^[A-Z]{4}\d{3}$", examples=["YYYY001"])]
    label: str | None = None
    quantity: Annotated[int, Field(ge=1)] = 1
    price: Decimal = Field(ge=0, decimal_places=2)


class Bill(BaseModel):
    id: UUID
    status: Status = Status.open
    to: Address
    issued: date
    lines: list[BillLine] = []
    notes: list[Note] = []
    share: tuple[Decimal, Decimal] | None = Field(None, description="Of the insurer, and of the patient.")

    @computed_field
    @property
    def total(self) -> Decimal:
        return Decimal(0)


class BillRequest(BaseModel):
    appointment_id: UUID
    to: Address | None = None
    lines: list[BillLine] = Field(min_length=1)


class Settlement(BaseModel):
    method: Literal["cash", "card", "insurer"]
    amount: Decimal
    at: datetime | None = None


class BillMissing(BaseModel):
    bill_id: UUID
    message: str = "No such bill"


router = APIRouter(prefix="/bills", tags=["billing"])
missing = {404: {"model": BillMissing}}


@router.get("")
def list_bills(
    status: Annotated[list[Status] | None, Query()] = None,
    issued_from: date | None = None,
    issued_to: date | None = None,
) -> list[Bill]: ...


@router.post("", status_code=201)
def draw_up_bill(request: BillRequest) -> Bill: ...


@router.get("/{bill_id}", responses=missing)
def read_bill(bill_id: UUID) -> Bill: ...


@router.put("/{bill_id}", responses=missing)
def replace_bill(bill_id: UUID, bill: Bill) -> Bill: ...


@router.post("/{bill_id}/send", status_code=204, responses=missing)
def send_bill(bill_id: UUID) -> None: ...


@router.post("/{bill_id}/settle", responses=missing)
def settle_bill(bill_id: UUID, settlement: Settlement) -> Bill: ...


@router.post("/{bill_id}/notes", status_code=201, responses=missing)
def annotate_bill(bill_id: UUID, note: Note) -> Note: ...
