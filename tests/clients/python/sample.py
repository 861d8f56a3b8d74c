import http.client
import os

value = os.environ.__getitem__
# The page prints an empty host, and the domain in the path.
conn = http.client.HTTPSConnection(value("HOST"))
payload = (
    "grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code"
    f"&client_id={value('CLIENT_ID')}&client_secret={value('CLIENT_SECRET')}"
    f"&mfa_token={value('MFA_TOKEN')}&recovery_code={value('RECOVERY_CODE')}"
)
conn.request("POST", value("TARGET"), payload, {"content-type": "application/x-www-form-urlencoded"})
print(conn.getresponse().read().decode("utf-8"))
