"""What the page about one's own account says."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession

from cms.models import User
from cms.selectors.visitors import opens_admin


@dataclass(frozen=True)
class AccountFacts:
    """codes_left: unused recovery codes, None if there are none at all. devices: signed in now."""

    has_password: bool
    passkeys: int
    has_app: bool
    codes_left: int | None
    devices: int
    is_staff: bool

    @property
    def has_second_factor(self) -> bool:
        return self.has_app or self.passkeys > 0


def is_unconfirmed(user: User) -> bool:
    """Tell whether somebody registered with this address and nobody has shown that it is theirs."""
    return (
        user.registered_at is not None
        and user.last_login is None
        and not EmailAddress.objects.filter(user=user, verified=True).exists()
    )


def is_only_way_in(user: User, key_id: int) -> bool:
    """Tell whether somebody has no password and signs in with this passkey and no other."""
    if user.has_usable_password():
        return False
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    # Some browsers do not say whether a key is a passkey: None.
    passkeys = {key.pk for key in keys if key.wrap().is_passwordless is not False}
    return passkeys == {key_id}


def account_facts(user: User) -> AccountFacts:
    ways = list(Authenticator.objects.filter(user=user))
    kinds = [way.type for way in ways]
    codes = next((way for way in ways if way.type == Authenticator.Type.RECOVERY_CODES), None)
    return AccountFacts(
        has_password=user.has_usable_password(),
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        has_app=Authenticator.Type.TOTP in kinds,
        codes_left=len(RecoveryCodes(codes).get_unused_codes()) if codes else None,
        devices=UserSession.objects.filter(user=user).count(),
        is_staff=opens_admin(user),
    )
