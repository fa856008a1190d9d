"""A shop: camel case on the wire, Decimal money, generic pages, tagged payments, short operation ids."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Path, Query, Security
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import AnyUrl, BaseModel, ConfigDict, Discriminator, EmailStr, Field, HttpUrl, Tag, computed_field
from pydantic.alias_generators import to_camel

T = TypeVar("T")
key = APIKeyHeader(name="X-Shop-Key", description="A key with the rights of its owner.")
admin_key = APIKeyHeader(name="X-Admin-Key", scheme_name="AdminKey")


class Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Strict(Wire):
    model_config = ConfigDict(extra="forbid")


class Page(Wire, Generic[T]):
    items: list[T]
    page: Annotated[int, Field(ge=1)] = 1
    per_page: Annotated[int, Field(ge=1, le=250)] = 50
    total_items: int

    @computed_field
    @property
    def total_pages(self) -> int:
        return -(-self.total_items // self.per_page)


class Currency(str, Enum):
    eur = "EUR"
    usd = "USD"
    gbp = "GBP"
    jpy = "JPY"


class OrderStatus(str, Enum):
    draft = "draft"
    placed = "placed"
    paid = "paid"
    shipped = "shipped"
    delivered = "delivered"
    cancelled = "cancelled"


class PaymentKind(str, Enum):
    card = "card"
    transfer = "transfer"
    wallet = "wallet"


class Money(Strict):
    amount: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    currency: Currency = Currency.eur


class Address(Wire):
    lines: Annotated[list[str], Field(min_length=1, max_length=4)]
    postal_code: str = Field(pattern=r"^[A-Z0-9 -]{3,10}$")
    city: str
    country: Annotated[str, Field(min_length=2, max_length=2)] = "FR"


class Dimensions(Wire):
    size: tuple[float, float, float]
    weight_kg: Annotated[float, Field(gt=0, lt=1000)]


class Category(Wire):
    """A branch of the catalogue, with all below it."""

    slug: str
    label: str
    parent: "Category | None" = None
    children: list["Category"] = []


class ProductBase(Wire):
    name: str = Field(min_length=1, max_length=120, examples=["Walnut desk"])
    description: str | None = None
    price: Money
    compare_at: Money | None = None
    dimensions: Dimensions | None = None
    attributes: dict[str, str | int | float | bool] = {}
    images: list[HttpUrl] = []
    category: str | None = None


class ProductCreate(ProductBase):
    model_config = ConfigDict(extra="forbid")
    sku: Annotated[str, Field(pattern="^[A-Z]{3}-[0-9]{4}$")]


class ProductUpdate(Strict):
    name: str | None = Field(None, min_length=1, max_length=120)
    description: str | None = None
    price: Money | None = None
    attributes: dict[str, str | int | float | bool] | None = None


class Product(ProductBase):
    id: UUID
    sku: str
    stock: Annotated[int, Field(ge=0)] = 0
    created_at: datetime


class StockLevel(Wire):
    sku: str
    on_hand: int
    reserved: int = 0
    by_warehouse: dict[str, int]


class StockChange(Strict):
    delta: Annotated[int, Field(ge=-10_000, le=10_000)]
    reason: Literal["count", "damage", "return"] | None = None


class Customer(Wire):
    id: UUID
    email: EmailStr
    locale: Literal["fr", "en", "de"] = "fr"
    born: date | None = None
    addresses: dict[Literal["billing", "shipping"], Address] = {}
    notes: Any = None


class CustomerCreate(Strict):
    email: EmailStr
    locale: Literal["fr", "en", "de"] = "fr"
    addresses: dict[Literal["billing", "shipping"], Address] | None = None


class OrderLine(Wire):
    sku: str
    quantity: Annotated[int, Field(gt=0, multiple_of=1)]
    unit_price: Money | None = None
    options: list[str] | None = None


class OrderCreate(Strict):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "customerId": "123e4567-e89b-12d3-a456-426614174000",
                "lines": [{"sku": "DSK-0001", "quantity": 1}],
            }
        }
    )
    customer_id: UUID
    lines: Annotated[list[OrderLine], Field(min_length=1)]
    ship_to: Address | None = None
    coupon: str | None = None
    gift: bool = False


class Order(Wire):
    id: UUID
    number: Annotated[int, Field(gt=0)]
    status: OrderStatus = OrderStatus.draft
    customer: Customer = Field(description="As known when the order was placed.")
    lines: list[OrderLine]
    ship_to: Address | None
    placed_at: datetime | None = None
    history: list[tuple[datetime, OrderStatus]] = []

    @computed_field
    @property
    def total(self) -> Money:
        return Money(amount=Decimal(0))


class OrderFilter(BaseModel):
    status: list[OrderStatus] = []
    customer_id: UUID | None = Field(None, alias="customerId")
    placed_from: date | None = Field(None, alias="placedFrom")
    minimum: Decimal | None = Field(None, gt=0)
    page: int = Field(1, ge=1)
    per_page: int = Field(50, ge=1, le=250, alias="perPage")
    sort: Literal["placedAt", "-placedAt", "total", "-total"] = "-placedAt"


class CardPayment(Wire):
    kind: Literal[PaymentKind.card]
    token: str
    last_four: Annotated[str, Field(pattern=r"^\d{4}$")] | None = None
    three_d_secure: bool | None = None


class TransferPayment(Wire):
    kind: Literal[PaymentKind.transfer]
    iban: Annotated[str, Field(min_length=15, max_length=34)]
    due: date


class WalletPayment(Wire):
    kind: Literal[PaymentKind.wallet]
    wallet: Literal["blue", "green"]
    redirect: AnyUrl


PaymentMethod = Annotated[Union[CardPayment, TransferPayment, WalletPayment], Field(discriminator="kind")]


class PaymentCreate(Strict):
    order_id: UUID
    amount: Money
    method: PaymentMethod
    capture: bool = True


class Payment(Wire):
    id: UUID
    order_id: UUID
    amount: Money
    method: PaymentMethod
    state: Literal["pending", "captured", "failed", "refunded"]
    failure: str | None = None


class Refund(Wire):
    id: UUID
    payment: UUID
    amount: Money
    reason: str | None = None


class PercentOff(Wire):
    percent: Annotated[Decimal, Field(gt=0, le=100)]


class AmountOff(Wire):
    amount: Money = Field(deprecated=True)
    minimum: Money | None = None


def reduction_kind(value: Any) -> str:
    given = value if isinstance(value, dict) else value.__dict__
    return "percent" if "percent" in given else "amount"


# The tag is computed, so the document does not contain it: it has `oneOf` without a discriminator.
Reduction = Annotated[
    Annotated[PercentOff, Tag("percent")] | Annotated[AmountOff, Tag("amount")], Discriminator(reduction_kind)
]


class Coupon(Wire):
    code: Annotated[str, Field(pattern="^[A-Z0-9]{4,16}$")]
    reduction: Reduction
    valid: tuple[date, date | None]
    uses_left: int | Literal["unlimited"] = "unlimited"


class NotFound(Wire):
    what: Literal["product", "order", "customer", "payment", "coupon"]
    id: str


class OutOfStock(Wire):
    missing: dict[str, int]


class PaymentRefused(Wire):
    reason: Literal["declined", "expired", "fraud"]
    retry: bool = False


class Imported(Wire):
    created: list[UUID]
    rejected: list[NotFound | OutOfStock]


def short_id(route: APIRoute) -> str:
    """Returns the tag and the name of the function, such as `orders-place`."""
    return f"{route.tags[0]}-{route.name}"


Missing = {404: {"model": NotFound}}
Key = Annotated[str, Security(key)]

app = FastAPI(
    title="Shop",
    version="3.0.0",
    license_info={"name": "Apache 2.0", "identifier": "Apache-2.0"},
    generate_unique_id_function=short_id,
    openapi_tags=[
        {"name": "products", "description": "What is sold."},
        {"name": "orders", "externalDocs": {"url": "https://docs.shop.example.com/orders"}},
    ],
)
products = APIRouter(prefix="/products", tags=["products"])
stock = APIRouter(prefix="/stock", tags=["stock"], dependencies=[Depends(admin_key)])
customers = APIRouter(prefix="/customers", tags=["customers"], dependencies=[Depends(key)])
orders = APIRouter(prefix="/orders", tags=["orders"], dependencies=[Depends(key)])
payments = APIRouter(prefix="/payments", tags=["payments"], dependencies=[Depends(key)])
coupons = APIRouter(prefix="/coupons", tags=["coupons"], dependencies=[Depends(key), Depends(admin_key)])


@products.get("")
def search(
    q: Annotated[str | None, Query(min_length=2, max_length=80, description="Words to look for.")] = None,
    category: Annotated[list[str] | None, Query()] = None,
    min_price: Annotated[Decimal | None, Query(alias="minPrice", ge=0)] = None,
    in_stock: Annotated[bool | None, Query(alias="inStock")] = None,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Page[Product]: ...


@products.post("", status_code=201, dependencies=[Depends(admin_key)], responses={409: {"model": NotFound}})
def create(product: ProductCreate) -> Product: ...


@products.post("/import", dependencies=[Depends(admin_key)])
def import_many(products: list[ProductCreate]) -> Imported: ...


@products.get("/categories")
def categories(depth: Annotated[int, Query(ge=1, le=5)] = 2) -> list[Category]: ...


@products.put("/categories", dependencies=[Depends(admin_key)])
def replace_categories(categories: list[Category]) -> list[Category]: ...


@products.get("/{product_id}", responses=Missing)
def get(product_id: UUID, currency: Currency | None = None) -> Product: ...


@products.patch("/{product_id}", dependencies=[Depends(admin_key)], responses=Missing)
def update(product_id: UUID, changes: ProductUpdate) -> Product: ...


@products.delete("/{product_id}", status_code=204, dependencies=[Depends(admin_key)], responses=Missing)
def delete(product_id: UUID) -> None: ...


@products.get("/{product_id}/similar", responses=Missing)
def similar(product_id: UUID, limit: int = 5) -> list[Product]: ...


@stock.get("")
def levels(below: int | None = None) -> Page[StockLevel]: ...


@stock.get("/{sku}", responses=Missing)
def level(sku: str) -> StockLevel: ...


@stock.post("/{sku}", responses={**Missing, 409: {"model": OutOfStock}})
def change(sku: str, change: StockChange) -> StockLevel: ...


@stock.put("/{sku}/warehouses/{warehouse}", status_code=204, responses=Missing)
def set_level(sku: str, warehouse: str, on_hand: Annotated[int, Body(embed=True, alias="onHand", ge=0)]) -> None: ...


@customers.get("")
def list_all(email: EmailStr | None = None, page: int = 1) -> Page[Customer]: ...


@customers.post("", status_code=201)
def register(customer: CustomerCreate) -> Customer: ...


@customers.get("/{customer_id}", responses=Missing)
def read(customer_id: UUID) -> Customer: ...


@customers.put("/{customer_id}", responses=Missing)
def replace(customer_id: UUID, customer: Customer) -> Customer: ...


@customers.delete("/{customer_id}", status_code=204, responses=Missing)
def forget(customer_id: UUID) -> None: ...


@customers.put("/{customer_id}/addresses/{kind}", responses=Missing)
def set_address(customer_id: UUID, kind: Literal["billing", "shipping"], address: Address) -> Customer: ...


@customers.get("/{customer_id}/orders", responses=Missing)
def history(customer_id: UUID) -> Page[Order]: ...


@orders.get("")
def find(query: Annotated[OrderFilter, Query()]) -> Page[Order]: ...


@orders.post(
    "",
    status_code=201,
    responses={200: {"model": Order, "description": "Placed before, under the same key"}, 409: {"model": OutOfStock}},
)
def place(
    order: OrderCreate, idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=64)]
) -> Order: ...


@orders.post("/quote")
def quote(order: OrderCreate) -> Money: ...


@orders.get("/{order_id}", responses=Missing)
def show(order_id: UUID) -> Order: ...


@orders.put("/{order_id}", responses={**Missing, 409: {"model": OutOfStock}})
def restate(order_id: UUID, order: Order) -> Order: ...


@orders.post("/{order_id}/lines", status_code=201, responses={**Missing, 409: {"model": OutOfStock}})
def add_line(order_id: UUID, line: OrderLine) -> Order: ...


@orders.delete("/{order_id}/lines/{position}", responses=Missing)
def remove_line(order_id: UUID, position: Annotated[int, Path(ge=0)]) -> Order: ...


@orders.put("/{order_id}/status", responses={**Missing, 409: {"model": OutOfStock, "description": "Cannot ship"}})
def set_status(order_id: UUID, status: Annotated[OrderStatus, Body()]) -> Order: ...


@orders.post("/{order_id}/cancel", responses=Missing)
def cancel(order_id: UUID, reason: Annotated[str | None, Body(embed=True)] = None) -> Order: ...


@orders.get(
    "/{order_id}/invoice",
    response_class=JSONResponse,
    responses={
        **Missing,
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
    },
)
def invoice(order_id: UUID, accept: Annotated[str, Header()] = "application/json") -> dict[str, Any]: ...


@payments.get("")
def ledger(state: Literal["pending", "captured", "failed", "refunded"] | None = None) -> Page[Payment]: ...


@payments.post("", status_code=201, responses={402: {"model": PaymentRefused}, **Missing})
def pay(payment: PaymentCreate) -> Payment: ...


@payments.get("/methods")
def methods(country: Annotated[str, Query(min_length=2, max_length=2)] = "FR") -> list[PaymentKind]: ...


@payments.get("/{payment_id}", responses=Missing)
def details(payment_id: UUID) -> Payment: ...


@payments.post("/{payment_id}/capture", responses={**Missing, 402: {"model": PaymentRefused}})
def capture(payment_id: UUID, amount: Money | None = None) -> Payment: ...


@payments.post("/{payment_id}/refunds", status_code=201, responses={**Missing, 402: {"model": PaymentRefused}})
def refund(payment_id: UUID, amount: Annotated[Money | None, Body(embed=True)] = None) -> Refund: ...


@coupons.get("", deprecated=True)
def active(on: date | None = None) -> list[Coupon]: ...


@coupons.put("/{code}")
def save(code: str, coupon: Coupon) -> Coupon: ...


@coupons.delete("/{code}", status_code=204, responses=Missing)
def withdraw(code: str) -> None: ...


@coupons.post("/{code}/try", responses=Missing)
def attempt(code: str, lines: list[OrderLine]) -> Money | None: ...


for router in (products, stock, customers, orders, payments, coupons):
    app.include_router(router)
