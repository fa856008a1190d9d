"""An API of appointments, documented by drf-spectacular. Only the signatures matter; the handlers are empty."""

from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="no secret: nothing is served",
    ROOT_URLCONF="app",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
        "PAGE_SIZE": 50,
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "rest_framework.authentication.SessionAuthentication",
            "rest_framework.authentication.TokenAuthentication",
        ],
    },
    SPECTACULAR_SETTINGS={
        "TITLE": "Appointments",
        "VERSION": "1.4.0",
        "DESCRIPTION": "Who calls whom, and when.",
        "COMPONENT_SPLIT_REQUEST": True,
        "ENUM_NAME_OVERRIDES": {"StatusEnum": "app.STATUS"},
    },
)

import django

django.setup()

from django.db import models
from django.urls import include, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_field,
    inline_serializer,
)
from rest_framework import mixins, parsers, routers, serializers, status, views, viewsets
from rest_framework.decorators import action

STATUS = [("open", "Open"), ("confirmed", "Confirmed"), ("cancelled", "Cancelled")]


class Place(models.Model):
    class Meta:
        app_label = "app"

    name = models.CharField(max_length=80, unique=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    website = models.URLField(blank=True)
    address = models.GenericIPAddressField(null=True)
    opened = models.DateField(null=True)


class Appointment(models.Model):
    class Meta:
        app_label = "app"

    id = models.UUIDField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="appointments")
    status = models.CharField(max_length=12, choices=STATUS, default="open")
    reason = models.CharField(max_length=10, choices=[("check", "Check"), ("other", "Other")], blank=True, null=True)
    level = models.IntegerField(choices=[(1, "Low"), (2, "High")], default=1)
    begins = models.DateTimeField()
    length = models.DurationField(default="00:30:00")
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    extra = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)


class PlaceSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Place
        fields = ["url", "name", "latitude", "website", "address", "opened"]


class AppointmentSerializer(serializers.ModelSerializer):
    """What was agreed on."""

    place_name = serializers.CharField(source="place.name", read_only=True)
    code = serializers.RegexField(r"^[A-Z]{3}\d+$", write_only=True, required=False)
    reminders = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=120), max_length=5, default=list)
    tags = serializers.DictField(child=serializers.CharField(allow_null=True), required=False)
    position = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = "__all__"

    @extend_schema_field({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})
    def get_position(self, _):
        raise NotImplementedError


class PhoneSerializer(serializers.Serializer):
    kind = serializers.CharField()
    number = serializers.CharField(help_text="In E.164.")


class MailSerializer(serializers.Serializer):
    kind = serializers.CharField()
    address = serializers.EmailField()


class ProblemSerializer(serializers.Serializer):
    detail = serializers.CharField()
    code = serializers.SlugField(required=False)


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField()


class NodeSerializer(serializers.Serializer):
    label = serializers.CharField()

    def get_fields(self):
        fields = super().get_fields()
        fields["children"] = NodeSerializer(many=True)
        return fields


CONTACT = PolymorphicProxySerializer(
    component_name="Contact", serializers={"phone": PhoneSerializer, "mail": MailSerializer}, resource_type_field_name="kind"
)


class Places(viewsets.ModelViewSet):
    queryset = Place.objects.all()
    serializer_class = PlaceSerializer


class Appointments(viewsets.ModelViewSet):
    queryset = Appointment.objects.all()
    serializer_class = AppointmentSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("status", enum=[value for value, _ in STATUS], many=True, explode=False),
            OpenApiParameter("after", OpenApiTypes.DATETIME, description="Those that begin later."),
            OpenApiParameter("X-Zone", OpenApiTypes.STR, OpenApiParameter.HEADER, default="UTC"),
        ]
    )
    def list(self, request):
        raise NotImplementedError

    @extend_schema(request=CONTACT, responses={200: CONTACT, 409: ProblemSerializer, "5XX": ProblemSerializer})
    @action(detail=True, methods=["put"])
    def contact(self, request, pk):
        raise NotImplementedError

    @extend_schema(request=None, responses={202: OpenApiResponse(description="It will be called.")})
    @action(detail=True, methods=["post"])
    def call(self, request, pk):
        raise NotImplementedError

    @extend_schema(responses={(200, "audio/wav"): OpenApiTypes.BINARY})
    @action(detail=True)
    def sound(self, request, pk):
        raise NotImplementedError

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses=None)
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def upload(self, request, pk):
        raise NotImplementedError


class Tree(views.APIView):
    @extend_schema(responses=NodeSerializer(many=True), auth=[])
    def get(self, request):
        raise NotImplementedError


class Totals(views.APIView):
    @extend_schema(
        parameters=[OpenApiParameter("year", int, OpenApiParameter.PATH)],
        responses={
            200: inline_serializer("Totals", {"count": serializers.IntegerField(), "hours": serializers.FloatField()}),
            status.HTTP_404_NOT_FOUND: None,
        },
        examples=[OpenApiExample("A year", value={"count": 3, "hours": 1.5}, response_only=True)],
        deprecated=True,
    )
    def get(self, request, year):
        raise NotImplementedError


class Numbers(mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = Place.objects.none()
    serializer_class = PhoneSerializer
    pagination_class = None


router = routers.SimpleRouter()
router.register("places", Places)
router.register("appointments", Appointments)
router.register("numbers", Numbers, basename="number")
urlpatterns = [
    path("api/", include(router.urls)),
    path("api/tree/", Tree.as_view()),
    path("api/totals/<int:year>/", Totals.as_view()),
]
