import asyncio
import json
import os
import sys

from auth0_server_python.auth_server.server_client import ServerClient
from auth0_server_python.error import MfaRequiredError


class Store(dict):
    async def get(self, key, options=None):
        return dict.get(self, key)

    async def set(self, key, state, remove_if_exists=False, options=None):
        self[key] = state

    async def delete(self, key, options=None):
        self.pop(key, None)


store = Store()
client = ServerClient(
    domain=os.environ["DOMAIN"],
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    secret="fake-secret-of-the-session-cookie",
    state_store=store,
    transaction_store=Store(),
)


# A framework's SDK gives the client its tokens sealed.
def sealed(question):
    token = client.mfa._encrypt_mfa_token(question["mfa_token"], audience="", scope="openid profile")
    return {"mfa_token": token}


async def mfa_required(question):
    session = question["session"]
    await store.set("_a0_session", {
        "user": {"sub": "fake"},
        "id_token": session["id_token"],
        "refresh_token": session["refresh_token"],
        "token_sets": [],
        "domain": os.environ["DOMAIN"],
        "internal": {"sid": "fake", "created_at": 0},
    })
    try:
        await client.get_access_token()
        return {}
    except MfaRequiredError as error:
        return {"mfa_token": client.mfa.decrypt_mfa_token(error.mfa_token).mfa_token}
    finally:
        await store.delete("_a0_session")


async def listed(question):
    authenticators = await client.mfa.list_authenticators(sealed(question))
    return {"authenticators": [it.model_dump(exclude_none=True) for it in authenticators]}


async def associate(question):
    told = await client.mfa.enroll_authenticator({**sealed(question), "factor_type": "otp"})
    return {"secret": told.secret, "recovery_codes": told.recovery_codes}


async def verify(question, code):
    told = await client.mfa.verify({**sealed(question), code: question[code]})
    return {"access_token": told.access_token, "recovery_code": told.recovery_code}


steps = {
    "mfa_required": mfa_required,
    "list": listed,
    "associate": associate,
    "confirm": lambda question: verify(question, "otp"),
    "recover": lambda question: verify(question, "recovery_code"),
}


async def told(question):
    step = steps.get(question["step"])
    if step is None:
        return {"no_such_call": True}
    try:
        return await step(question)
    except Exception as error:
        cause = getattr(error, "cause", None)
        code = getattr(cause, "error", None) or (cause or {}).get("error") if cause else None
        return {"error": code} if code else {"error": type(error).__name__, "message": str(error)}


async def main():
    for line in sys.stdin:
        print(json.dumps(await told(json.loads(line))), flush=True)


asyncio.run(main())
