"""A device that makes passkeys, in software: the real ceremony without a browser."""

import json
import re
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.bookings.request_flow import code_for

ORIGIN = "http://localhost"
FLAG = AuthenticatorData.FLAG
Options = dict[str, Any]


class Passkey:
    """One key of one person. `make` and `sign` return what the form's `credential` carries."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.key_id = secrets.token_bytes(16)
        self.user_handle = ""

    def make(self, options: Options) -> str:
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.secret.public_key())
        key = AttestedCredentialData.create(bytes(16), self.key_id, public)
        data = authenticator_data(asked["rp"]["id"], FLAG.AT, key)
        said = CollectedClientData.create("webauthn.create", asked["challenge"], ORIGIN)
        made = AttestationObject.create("none", data, {})
        return self._credential(
            {"clientDataJSON": said.b64, "attestationObject": websafe_encode(made)},
            {"credProps": {"rk": True}},
        )

    def sign(self, options: Options) -> str:
        asked = options["publicKey"]
        data = authenticator_data(asked["rpId"])
        said = CollectedClientData.create("webauthn.get", asked["challenge"], ORIGIN)
        signature = self.secret.sign(data + said.hash, ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": said.b64,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user_handle,
            },
            {},
        )

    def _credential(self, response: Options, extensions: Options) -> str:
        name = websafe_encode(self.key_id)
        return json.dumps(
            {
                "type": "public-key",
                "id": name,
                "rawId": name,
                "response": response,
                "clientExtensionResults": extensions,
            }
        )


def authenticator_data(host: str, more: int = 0, key: bytes = b"") -> AuthenticatorData:
    return AuthenticatorData.create(sha256(host.encode()), FLAG.UP | FLAG.UV | more, 0, key)


def options_of(page: str) -> Options:
    """Return what a page wants the device to do."""
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)
    assert found, page
    data: Options = json.loads(found[1])
    return next(iter(data.values()))


REGISTER = "/konto/signup/passkey/"
MAKE = "/konto/2fa/webauthn/signup/"
CONFIRM = "/konto/2fa/webauthn/reauthenticate/"


def begin(client: Client, email: str, **values: str) -> Any:
    """Fill in the form."""
    names = {"first_name": "Erika", "last_name": "Muster"}
    return client.post(REGISTER, {**names, "email": email, **values})


def to_the_passkey(client: Client, email: str, **values: str) -> Any:
    """Fill in the form and the code; return the response that leads to the last step."""
    begin(client, email, **values)
    return client.post("/konto/confirm-email/", {"code": code_for(email)})


def register(client: Client, email: str, **values: str) -> Passkey:
    """Register without a password; the recovery codes come next."""
    to_the_passkey(client, email, **values)
    passkey = Passkey()
    credential = passkey.make(options_of(client.get(MAKE).text))
    response = client.post(MAKE, {"name": "Mein Handy", "credential": credential})
    assert response["Location"] == "/konto/2fa/recovery-codes/"
    return passkey


def sign_in(client: Client, passkey: Passkey) -> Any:
    asked = client.get("/konto/2fa/webauthn/login/", headers={"accept": "application/json"})
    credential = passkey.sign(asked.json()["request_options"])
    return client.post("/konto/2fa/webauthn/login/", {"credential": credential})


def confirm(client: Client, passkey: Passkey, path_on: str) -> Any:
    """Say once more who one is; return where that led."""
    credential = passkey.sign(options_of(client.get(CONFIRM).text))
    return client.post(CONFIRM, {"credential": credential, "next": path_on}, follow=True)
