"""Facts and pages of the centres."""

from cms.models.base import BasePage
from cms.models.centres import Answer, Centre, Entrance, Location
from cms.models.content import AccessibilityStatementPage, LegalNoticePage, StandardPage
from cms.models.holidays import HolidayOverride
from cms.models.hours import (
    HoursException,
    HoursExceptionTime,
    HoursKind,
    Weekday,
    WeeklyRule,
    WeekPattern,
)
from cms.models.mail import OutgoingMail
from cms.models.media import CustomImage, CustomRendition
from cms.models.organisations import Accent, Operator, Provider
from cms.models.pages import (
    SERVICE_PAGE_TYPES,
    AbstractServicePage,
    AdvicePage,
    CafePage,
    CentrePage,
    DayCarePage,
    PracticePage,
    ServicePage,
    TherapyPage,
)
from cms.models.services import Contact, Person, Service, ServiceKind
from cms.models.transport import Stop, TransportOffer
from cms.models.users import StaffRole, User

__all__ = [
    "SERVICE_PAGE_TYPES",
    "AbstractServicePage",
    "Accent",
    "AccessibilityStatementPage",
    "AdvicePage",
    "Answer",
    "BasePage",
    "CafePage",
    "Centre",
    "CentrePage",
    "Contact",
    "CustomImage",
    "CustomRendition",
    "DayCarePage",
    "Entrance",
    "HolidayOverride",
    "HoursException",
    "HoursExceptionTime",
    "HoursKind",
    "LegalNoticePage",
    "Location",
    "Operator",
    "OutgoingMail",
    "Person",
    "PracticePage",
    "Provider",
    "Service",
    "ServiceKind",
    "ServicePage",
    "StaffRole",
    "StandardPage",
    "Stop",
    "TherapyPage",
    "TransportOffer",
    "User",
    "WeekPattern",
    "Weekday",
    "WeeklyRule",
]
